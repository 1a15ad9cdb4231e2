"""The long form of the loyalty survey: what some customers say of the network, of help, of the bill."""

from statistics import NormalDist

import numpy as np

from dashboard.demo.timeline import Floats, Ints
from dashboard.demo.truths import LOYALTY_DRIVERS

_SHARE = 0.12  # of the sheets
_MIDDLE, _SPREAD = 7.95, 2.08  # of scores from 0 to 10
_SHARED = 0.35  # how much those who like one thing like another
_BOXES = (0.16, 0.30, 0.54)  # of those who do not agree: 1, 2 and 3
_FIVES = 0.42  # of those who agree


def filled_in(rng: np.random.Generator, score: Ints) -> tuple[Ints, dict[str, Ints]]:
    """Which sheets are long ones, and their answers of 1 to 5 by question, an answer each.

    An answer leans to the score on the same sheet by the weight of its driver; what else it holds is taste,
    part of which all answers of a sheet share.
    """
    which = np.flatnonzero(rng.random(len(score)) < _SHARE)
    leaning = (score[which] - _MIDDLE) / _SPREAD
    taste = rng.standard_normal(len(which))
    answers: dict[str, Ints] = {}
    for driver in LOYALTY_DRIVERS:
        own = np.sqrt(max(0.0, 1 - driver.weight**2 - _SHARED**2)) * rng.standard_normal(len(which))
        answers[driver.question] = _in_boxes(driver.weight * leaning + _SHARED * taste + own, driver.level)
    return which, answers


def _in_boxes(liking: Floats, agree: float) -> Ints:
    """Scores of 1 to 5, of which the share `agree` is expected to be 4 or 5."""
    shares = np.cumsum([*(box * (1 - agree) for box in _BOXES), agree * (1 - _FIVES)])
    edges = [NormalDist().inv_cdf(float(share)) for share in shares]
    return 1 + np.searchsorted(edges, liking).astype(np.int64)
