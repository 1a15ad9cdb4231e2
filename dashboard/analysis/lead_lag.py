"""Whether one series moves before another: prewhitened correlations at every lag, corrected for their number.

r_k = corr(a_{t-k}, b_t), where a and b are the customer and the financial series after a yearly pattern is
taken out, after differencing until two tests agree, and after one autoregressive filter; k > 0 means that the
customer series comes first. r_k is Σ a_{t-k} b_t/(n s_a s_b) over the n - |k| pairs there are, as R's `ccf`
has it. With no connection its standard error is √(n - |k|)/n, which is 1/√n but for the pairs that a lag
loses. Where a yearly pattern of c seasons was taken out of both, both lie in a space of c - 1 dimensions
less, and the error is wider by √(n/(n - c + 1)).

Sources: Box & Jenkins (1970), chapter 11, whose Series M is the test; Bartlett (1955) for the standard error.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.least_squares import Numbers
from dashboard.analysis.multiple_testing import bonferroni, critical_z, smallest_detectable
from dashboard.analysis.paired_series import FEWEST, StationaryPair, paired, stationary_pair, told_by_its_past
from dashboard.analysis.prewhitening import Autoregression, autoregression

__all__ = ["EXPLORATORY", "LEVEL", "LagCorrelation", "LeadLag", "lead_lag", "raw_correlation"]

# Fewer values after differencing are looked at and get no verdict.
EXPLORATORY = 36
LEVEL = 0.05


@dataclass(frozen=True)
class LagCorrelation:
    """The correlation at one lag, in periods; `lag` > 0: the customer series comes first.

    `r` is that of the prewhitened series, `differenced` that of the stationary ones before the filter, and
    `raw` that of the values as recorded, which is shown to warn and never judged. `band` is the size that `r`
    must pass (corrected for the number of lags tested where this lag is one of them, and for the number shown
    where it is not). `p` is two-sided and uncorrected; `p_corrected` is None for a lag that is only shown.
    """

    lag: int
    r: float
    differenced: float
    raw: float
    band: float
    p: float
    p_corrected: float | None

    @property
    def tested(self) -> bool:
        """Whether the lag lies in the declared window."""
        return self.p_corrected is not None

    @property
    def significant(self) -> bool:
        """Whether `r` passes its band."""
        return abs(self.r) > self.band


@dataclass(frozen=True)
class LeadLag:
    """Every lag shown, ascending, and how the series were made ready for it.

    `n` counts the values after differencing, `pairs` those after the filter, and `patterned` how many of the
    latter two common yearly patterns have used up (cycle - 1, or 0). `customer` and `financial` are
    the stationary series of n values each, before the filter. `tests` is the number of lags in the declared
    window, for which the band is corrected.
    """

    correlations: tuple[LagCorrelation, ...]
    n: int
    pairs: int
    patterned: int
    differences: int
    order: int
    seasonal: tuple[bool, bool]  # customer, financial: a yearly pattern was taken out
    tests: int
    customer: tuple[float, ...]
    financial: tuple[float, ...]

    @property
    def exploratory(self) -> bool:
        """Whether there are too few values for a verdict."""
        return self.n < EXPLORATORY

    @property
    def strongest(self) -> LagCorrelation:
        """The tested lag with the smallest p."""
        return min((found for found in self.correlations if found.tested), key=lambda found: found.p)

    @property
    def smallest_detectable_r(self) -> float:
        """The size from which a correlation would be called significant, for this n and this many tests."""
        return smallest_detectable(self.n - self.patterned, self.tests, level=LEVEL)


def lead_lag(
    customer: Sequence[float | None],
    financial: Sequence[float | None],
    *,
    window: tuple[int, int],
    cycle: int | None = None,
    seasonal: bool | None = None,
    shown: tuple[int, int] | None = None,
) -> LeadLag | Insufficient:
    """Correlate two series at every lag.

    Args:
        customer, financial: one value a period (none of them rolling or interpolated), in time order, over
            the same periods; None is missing.
        window: first and last lag, in periods, declared before the data was seen; tested, both included.
        cycle: periods in a year, 12 or 4; None where a yearly pattern is not to be looked for.
        seasonal: whether both have a yearly pattern; None: each is tested for one.
        shown: first and last lag to show, at least the window; as far on either side by default.
    Returns:
        `Insufficient` with unlike lengths, gaps, series that do not vary or are ruled by one value or one
        period, fewer than 24 values after differencing, fewer than 24 pairs at the longest tested lag, or
        where no differencing makes the series stationary.
    Raises:
        ValueError: the window runs backwards, or is not inside what is shown.
    """
    first, last = _checked_span(window, shown)
    both = paired(customer, financial)
    if isinstance(both, Insufficient):
        return both
    ready = stationary_pair(*both, cycle=cycle, seasonal=seasonal)
    if isinstance(ready, Insufficient):
        return ready
    longest = max(abs(window[0]), abs(window[1]))
    model = autoregression(ready.customer)
    if model is None:
        return told_by_its_past("The customer series")
    pairs = len(ready.customer) - model.order
    if pairs - longest < FEWEST:
        return Insufficient(
            f"The longest lag, {longest} periods, leaves {max(0, pairs - longest)} pairs;"
            f" at least {FEWEST} are needed."
        )
    return _measured(both, ready, model, window, (first, last))


def _measured(
    both: tuple[Numbers, Numbers],
    ready: StationaryPair,
    model: Autoregression,
    window: tuple[int, int],
    shown: tuple[int, int],
) -> LeadLag:
    """The correlations at every lag that is shown, of series that can be correlated."""
    filtered = model.filtered(ready.customer), model.filtered(ready.financial)
    return LeadLag(
        correlations=_correlations(both, ready, filtered, window, shown),
        n=len(ready.customer),
        pairs=len(ready.customer) - model.order,
        patterned=ready.patterned,
        differences=ready.differences,
        order=model.order,
        seasonal=ready.seasonal,
        tests=window[1] - window[0] + 1,
        customer=tuple(float(value) for value in ready.customer),
        financial=tuple(float(value) for value in ready.financial),
    )


def raw_correlation(first: Numbers, second: Numbers, lag: int) -> float:
    """Return corr(first_{t-lag}, second_t), both n numbers, with the means and deviations of all n.

    0 where fewer than one pair is left. Both must vary.
    """
    if abs(lag) >= len(first):
        return 0.0
    left, right = first - first.mean(), second - second.mean()
    size = math.sqrt(float(left @ left) * float(right @ right))
    if lag < 0:
        left, right = right, left
    return float(left[: len(left) - abs(lag)] @ right[abs(lag) :]) / size


def _checked_span(window: tuple[int, int], shown: tuple[int, int] | None) -> tuple[int, int]:
    if window[0] > window[1]:
        raise ValueError(f"The window runs from lag {window[0]} to {window[1]}; name the smaller first.")
    farthest = max(abs(window[0]), abs(window[1]))
    first, last = shown or (-farthest, farthest)
    if not first <= window[0] <= window[1] <= last:
        raise ValueError(f"Lags {first} to {last} are shown, which leaves out some of the window {window}.")
    return first, last


def _correlations(
    raw: tuple[Numbers, Numbers],
    ready: StationaryPair,
    whitened: tuple[Numbers, Numbers],
    window: tuple[int, int],
    shown: tuple[int, int],
) -> tuple[LagCorrelation, ...]:
    lags = range(shown[0], shown[1] + 1)
    tested = range(window[0], window[1] + 1)
    pairs = len(whitened[0])
    size = {lag: raw_correlation(*whitened, lag) for lag in lags}
    errors = {lag: math.sqrt(max(pairs - abs(lag), 1) / (pairs * (pairs - ready.patterned))) for lag in lags}
    p = {lag: math.erfc(abs(size[lag]) / errors[lag] / math.sqrt(2)) for lag in lags}
    corrected = dict(zip(tested, bonferroni([p[lag] for lag in tested]), strict=True))
    return tuple(
        LagCorrelation(
            lag=lag,
            r=size[lag],
            differenced=raw_correlation(ready.customer, ready.financial, lag),
            raw=raw_correlation(*raw, lag),
            band=critical_z(len(tested) if lag in corrected else len(lags), level=LEVEL) * errors[lag],
            p=p[lag],
            p_corrected=corrected.get(lag),
        )
        for lag in lags
    )
