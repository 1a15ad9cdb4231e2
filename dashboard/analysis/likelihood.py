"""Maximum likelihood for the models of retention, purchasing and spending, whose parameters are all above 0.

The likelihood is climbed in the logarithms of the parameters, which makes them free of bounds: L-BFGS, then
Newton's method, until the slope is level. Standard errors come from the curvature at the top (the observed
information), carried from the logarithms to the parameters by the delta method. A top that cannot be told
from its surroundings is a failure with a reason: no number is given for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from dashboard.analysis.intervals import Insufficient

__all__ = ["Likelihood", "Maximum", "Numbers", "maximum_likelihood"]

Numbers = NDArray[np.float64]

# The log-likelihood and its slope along each parameter, at given parameters.
Likelihood = Callable[[Numbers], tuple[float, Numbers]]

# The slope per customer, along the logarithm of a parameter, below which the top has been reached.
LEVEL = 1e-7
NEWTON_STEPS = 12
# Logarithms are kept within this distance from their start; a climb that ends far out has no top: parameters
# of real customers lie within a factor of 20,000 of those they are looked for from.
REACH, FAR = 14.0, 10.0
# A logarithm less sure than this leaves a parameter open by a factor of fifty either way.
UNSURE = 2.0


@dataclass(frozen=True)
class Maximum:
    """The parameters at the top, their standard errors in the same order, and the log-likelihood there."""

    parameters: tuple[float, ...]
    standard_errors: tuple[float, ...]
    log_likelihood: float


def maximum_likelihood(
    likelihood: Likelihood, starts: Sequence[Sequence[float]], *, names: Sequence[str], customers: float
) -> Maximum | Insufficient:
    """Find the parameters under which what was observed is most likely.

    Args:
        likelihood: total over all customers, with its gradient, for parameters above 0.
        starts: where to begin: the most likely first, another only where that fails.
        names: of the parameters, for the reason of a failure.
        customers: how many enter; the scale on which a slope counts as level.
    Returns:
        `Insufficient` where the climb does not end on a level, curved top: it runs off to the edge, the slope
        does not vanish, or a parameter stays open by more than a factor of fifty either way.
    """

    def downhill(logs: Numbers) -> tuple[float, Numbers]:
        parameters = np.exp(logs)
        value, slope = likelihood(parameters)
        scaled = -slope * parameters / customers
        if not (np.isfinite(value) and np.isfinite(scaled).all()):
            return np.finfo(float).max ** 0.5, np.zeros_like(logs)
        return -value / customers, scaled

    with np.errstate(all="ignore"):
        logs = sorted((np.log(np.asarray(start, float)) for start in starts), key=lambda at: downhill(at)[0])
        found = _top(downhill, logs[0], names, customers)
        for start in logs[1:]:
            if isinstance(found, Maximum):
                break
            again = _top(downhill, start, names, customers)
            found = again if isinstance(again, Maximum) else found
    return found


def _top(
    downhill: Likelihood, start: Numbers, names: Sequence[str], customers: float
) -> Maximum | Insufficient:
    logs, curvature = _polished(downhill, _climbed(downhill, start))
    value, slope = downhill(logs)
    information = curvature * customers
    fault = _fault(logs - start, slope, information, names)
    if fault is not None:
        return fault
    parameters = np.exp(logs)
    errors = parameters * np.sqrt(np.diag(np.linalg.inv(information)))
    return Maximum(tuple(parameters.tolist()), tuple(errors.tolist()), -value * customers)


def _climbed(downhill: Likelihood, start: Numbers) -> Numbers:
    result = minimize(  # type: ignore[no-untyped-call]
        downhill,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=[(log - REACH, log + REACH) for log in start],
        options={"maxiter": 500, "ftol": 1e-14, "gtol": LEVEL},
    )
    ended: Numbers = result.x
    return ended


def _polished(downhill: Likelihood, logs: Numbers) -> tuple[Numbers, Numbers]:
    """Newton's steps while they lead down, and the curvature where they end."""
    for _ in range(NEWTON_STEPS):
        curvature = _curvature(downhill, logs)
        value, slope = downhill(logs)
        if np.abs(slope).max() < LEVEL / 100 or not _curved(curvature):
            break
        step = np.linalg.solve(curvature, slope)
        moved = logs - step * min(1.0, 1.0 / np.abs(step).max())
        if not downhill(moved)[0] <= value + 1e-12 * abs(value):
            break
        logs = moved
    return logs, _curvature(downhill, logs)


def _curvature(downhill: Likelihood, logs: Numbers, width: float = 1e-4) -> Numbers:
    """The matrix of second differences, from central differences of the slope."""
    rows = [
        (downhill(logs + along)[1] - downhill(logs - along)[1]) / (2 * width)
        for along in width * np.eye(len(logs))
    ]
    matrix = np.array(rows)
    return (matrix + matrix.T) / 2


def _curved(curvature: Numbers) -> bool:
    return bool(np.isfinite(curvature).all() and np.linalg.eigvalsh(curvature).min() > 0)


def _fault(moved: Numbers, slope: Numbers, information: Numbers, names: Sequence[str]) -> Insufficient | None:
    for name, distance in zip(names, moved, strict=True):
        if abs(distance) > FAR:
            return Insufficient(
                f"The fit did not converge: the likelihood rises without end along {name}, so that the data"
                " does not determine it."
            )
    if not np.abs(slope).max() < 10 * LEVEL:
        return Insufficient("The fit did not converge: the likelihood has no level top.")
    if not _curved(information):
        return Insufficient("The fit did not converge: different parameters explain the data equally well.")
    for name, error in zip(names, np.sqrt(np.diag(np.linalg.inv(information))), strict=True):
        if not error < UNSURE:
            return Insufficient(
                f"The fit does not determine {name}: its standard error leaves it open by a factor of fifty"
                " either way."
            )
    return None
