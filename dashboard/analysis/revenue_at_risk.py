"""Revenue at risk: what customers who may go would take with them, and whether the chances were right
before.

Formulas: revenue at risk = Σ revenue · P(lost), over bands of customers with one chance each. Calibration,
for chances told earlier of customers whose fate is known by now: expected losses n·P against observed ones,
with Wilson's interval of the observed share in each band; Brier score, the mean of (P - outcome)² over
customers, against that of telling everybody the overall rate (skill = 1 - the ratio); over all bands z =
(observed - expected)/√Σ nP(1-P), and the Hosmer-Lemeshow sum of squares, χ² with as many degrees of freedom
as bands.

Assumes that customers go independently of each other, and that bands were drawn before the outcome was
known. Not a forecast of loss: some would stay, and some can be kept.

Sources: Brier (Monthly Weather Review, 1950); Hosmer & Lemeshow (1980); Wilson (1927).
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from scipy.special import chdtrc

from dashboard.analysis.intervals import Insufficient, quantile
from dashboard.analysis.proportions import wilson

__all__ = [
    "BandCalibration",
    "Calibration",
    "CalibrationVerdict",
    "RevenueAtRisk",
    "RiskBand",
    "RiskOutcome",
    "calibration",
    "chances_of_loss",
    "revenue_at_risk",
]

# Below this variance of the number lost, that number is no evidence for or against the chances.
MINIMUM_VARIANCE = 5.0
# Of fewer customers the share that was lost is chance rather than a chance.
FEWEST_WATCHED = 10


@dataclass(frozen=True)
class RiskBand:
    """Customers with one chance to be lost within the year, and their yearly revenue between them."""

    name: str
    customers: int
    revenue: float
    chance: float


@dataclass(frozen=True)
class RevenueAtRisk:
    """`at_risk` and `revenue` in the unit of money given, `share` their ratio, `customers_lost` expected."""

    at_risk: float
    revenue: float
    share: float
    customers: int
    customers_lost: float


@dataclass(frozen=True)
class RiskOutcome:
    """What was told of a band, and how many of its customers have been lost since."""

    name: str
    customers: int
    chance: float
    lost: int


class CalibrationVerdict(StrEnum):
    """What the outcome says of the chances."""

    CALIBRATED = "calibrated"
    TOO_LOW = "too_low"
    TOO_HIGH = "too_high"
    UNEVEN = "uneven"


@dataclass(frozen=True)
class BandCalibration:
    """A band's losses against those expected; `low` and `high` limit the share lost that was observed.

    `within` says that the chance lies in that interval.
    """

    name: str
    customers: int
    chance: float
    expected: float
    observed: int
    low: float
    high: float
    within: bool


@dataclass(frozen=True)
class Calibration:
    """How well chances agreed with what became of the customers.

    `skill` is the part of the Brier score of knowing the overall rate alone that the bands take away: 1 is
    clairvoyant, 0 no better, below 0 worse; None where all or none were lost. `words` is a sentence.
    """

    bands: tuple[BandCalibration, ...]
    expected: float
    observed: int
    brier: float
    skill: float | None
    p: float
    verdict: CalibrationVerdict
    words: str


def chances_of_loss(watched: Mapping[str, tuple[int, int]]) -> Mapping[str, float]:
    """The chance to be lost, band by band, from what became of those who were in each band before.

    Args:
        watched: name of a band -> how many were in it at the beginning, and how many of them were lost.
    Returns:
        For every band the share that was lost; for one of fewer than 10 that of all bands together. Nothing
        where all together are fewer than 10.
    """
    everybody = sum(before for before, _ in watched.values())
    if everybody < FEWEST_WATCHED:
        return {}
    together = sum(lost for _, lost in watched.values()) / everybody
    return {
        name: lost / before if before >= FEWEST_WATCHED else together
        for name, (before, lost) in watched.items()
    }


def revenue_at_risk(bands: Sequence[RiskBand]) -> RevenueAtRisk | Insufficient:
    """Weigh revenue by the chance to lose it.

    Returns:
        `Insufficient` without customers or revenue, with a chance outside 0 and 1, or with a count or revenue
        that is missing, infinite or negative.
    """
    for band in bands:
        if band.customers < 0 or not 0 <= band.chance <= 1:
            return Insufficient(f"{band.name}: a number of customers or a chance cannot be.")
        if not (math.isfinite(band.revenue) and band.revenue >= 0):
            return Insufficient(f"{band.name}: revenue is missing, infinite or negative.")
    customers = sum(band.customers for band in bands)
    revenue = math.fsum(band.revenue for band in bands)
    if not customers or not revenue:
        return Insufficient("There are no customers with revenue.")
    at_risk = math.fsum(band.revenue * band.chance for band in bands)
    return RevenueAtRisk(
        at_risk=at_risk,
        revenue=revenue,
        share=min(1.0, at_risk / revenue),
        customers=customers,
        customers_lost=math.fsum(band.customers * band.chance for band in bands),
    )


def calibration(outcomes: Sequence[RiskOutcome], *, level: float = 0.95) -> Calibration | Insufficient:
    """Compare chances told earlier with what became of the customers.

    The verdict is `TOO_LOW` or `TOO_HIGH` where all losses together differ from those expected, `UNEVEN`
    where they agree together and not by band, and `CALIBRATED` where no difference can be detected.

    Returns:
        `Insufficient` where a count or chance cannot be, or where the number of losses expected varies too
        little by chance (a variance below 5) to judge by.
    Raises:
        ValueError: the level is not between 0 and 1.
    """
    factor = quantile(level)
    for outcome in outcomes:
        if not (0 <= outcome.lost <= outcome.customers and 0 <= outcome.chance <= 1):
            return Insufficient(f"{outcome.name}: a number of customers or a chance cannot be.")
    kept = [outcome for outcome in outcomes if outcome.customers]
    variance = math.fsum(_variance(outcome) for outcome in kept)
    if variance < MINIMUM_VARIANCE:
        return Insufficient("Too few losses could be expected to judge the chances by.")
    expected = math.fsum(outcome.customers * outcome.chance for outcome in kept)
    observed = sum(outcome.lost for outcome in kept)
    z = (observed - expected) / math.sqrt(variance)
    p = _spread(kept)
    if abs(z) > factor:
        verdict = CalibrationVerdict.TOO_LOW if z > 0 else CalibrationVerdict.TOO_HIGH
    else:
        verdict = CalibrationVerdict.UNEVEN if p < 1 - level else CalibrationVerdict.CALIBRATED
    bands = tuple(band for outcome in kept if (band := _band(outcome, level)) is not None)
    brier, skill = _brier(kept, observed)
    return Calibration(
        bands, expected, observed, brier, skill, p, verdict, _words(verdict, expected, observed, bands)
    )


def _band(outcome: RiskOutcome, level: float) -> BandCalibration | None:
    interval = wilson(outcome.lost, outcome.customers, level=level)
    if isinstance(interval, Insufficient):
        return None
    return BandCalibration(
        name=outcome.name,
        customers=outcome.customers,
        chance=outcome.chance,
        expected=outcome.customers * outcome.chance,
        observed=outcome.lost,
        low=interval.low,
        high=interval.high,
        within=interval.low <= outcome.chance <= interval.high,
    )


def _variance(outcome: RiskOutcome) -> float:
    return outcome.customers * outcome.chance * (1 - outcome.chance)


def _spread(outcomes: Sequence[RiskOutcome]) -> float:
    """The p of the Hosmer-Lemeshow sum; 0 where a band of certain customers did otherwise."""
    total, degrees = 0.0, 0
    for outcome in outcomes:
        excess, variance = outcome.lost - outcome.customers * outcome.chance, _variance(outcome)
        if variance:
            total, degrees = total + excess * excess / variance, degrees + 1
        elif excess:
            return 0.0
    return float(chdtrc(degrees, total))


def _brier(outcomes: Sequence[RiskOutcome], observed: int) -> tuple[float, float | None]:
    customers = sum(outcome.customers for outcome in outcomes)
    squares = math.fsum(
        outcome.lost * (1 - outcome.chance) ** 2 + (outcome.customers - outcome.lost) * outcome.chance**2
        for outcome in outcomes
    )
    overall = observed / customers
    reference = overall * (1 - overall)
    brier = squares / customers
    return brier, 1 - brier / reference if reference else None


def _words(
    verdict: CalibrationVerdict, expected: float, observed: int, bands: Sequence[BandCalibration]
) -> str:
    told = f"{observed:,} customers were lost where {expected:,.0f} were expected"
    within = sum(band.within for band in bands)
    match verdict:
        case CalibrationVerdict.TOO_LOW:
            return f"The chances were too low: {told}."
        case CalibrationVerdict.TOO_HIGH:
            return f"The chances were too high: {told}."
        case CalibrationVerdict.UNEVEN:
            return (
                f"The chances were right overall and not by band: {told}, with {within} of {len(bands)}"
                " bands in line."
            )
        case CalibrationVerdict.CALIBRATED:
            return f"No detectable difference: {told}."
