"""What the data says of a declared belief: supported, not detected, contradicted or insufficient.

A belief names a customer series, a financial series, a sign and a window of lags before the data is looked
at. The verdict rests on the prewhitened correlations of `lead_lag`, corrected for the number of lags in
the window (Bonferroni) and, where many beliefs are judged together, for all of them (Benjamini &
Hochberg). The size of the effect (`distributed_lag`) and the forecasts (`forecast_check`) are told beside
it. It is an association: nothing here shows a cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

import numpy as np

from dashboard.analysis.distributed_lag import DistributedLag, distributed_lag
from dashboard.analysis.forecast_check import ForecastCheck, forecast_check
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.lead_lag import EXPLORATORY, LEVEL, LagCorrelation, LeadLag, lead_lag
from dashboard.analysis.multiple_testing import benjamini_hochberg

__all__ = ["Belief", "Evidence", "Verdict", "judge", "judge_together"]

Sign = Literal["plus", "minus", "none"]


class Verdict(StrEnum):
    """What the data says of a belief."""

    SUPPORTED = "supported"
    NOT_DETECTED = "not_detected"
    CONTRADICTED = "contradicted"
    INSUFFICIENT = "insufficient"


@dataclass(frozen=True)
class Belief:
    """What was declared: names for the sentences, the sign, and first and last lag in periods.

    `period` names one period: "month" or "quarter". Lags declared in quarters are three times as many months.
    """

    customer: str
    financial: str
    sign: Sign
    window: tuple[int, int]
    period: str = "month"


@dataclass(frozen=True)
class Evidence:
    """The verdict in a sentence, and all that it rests on.

    `lead_lag` is None where the series could not be correlated. `effect` and `forecast` are at the strongest
    lag tested and None where they could not be had. `p_family` is the p-value of that lag, adjusted for
    all lags of all beliefs that were judged together; None where the belief was judged alone.
    """

    belief: Belief
    verdict: Verdict
    sentence: str
    lead_lag: LeadLag | None = None
    effect: DistributedLag | None = None
    forecast: ForecastCheck | None = None
    p_family: float | None = None

    @property
    def forecast_sentence(self) -> str | None:
        """What the check out of sample says; None where there was none."""
        if self.forecast is None:
            return None
        of, count = self.belief, self.forecast.forecasts
        if not self.forecast.better:
            return f"Forecasts of {of.financial} were no better with {of.customer} ({count} forecasts)."
        return (
            f"Forecasts of {of.financial} missed by {self.forecast.gain:.0%} less with {of.customer}"
            f" ({count} forecasts)."
        )


def judge(
    belief: Belief,
    customer: Sequence[float | None],
    financial: Sequence[float | None],
    *,
    cycle: int | None = None,
    seasonal: bool | None = None,
) -> Evidence:
    """Judge one belief; the arguments are those of `lead_lag`.

    Fewer than 24 values after differencing are insufficient, 24 to 35 are shown and get no verdict, 36 and
    more get one: supported where the strongest lag of the window passes its corrected band with the
    declared sign, contradicted where it does with the other, otherwise not detected.
    """
    if belief.sign == "none":
        return Evidence(
            belief,
            Verdict.INSUFFICIENT,
            f"Insufficient: no sign is declared for {belief.customer} and {belief.financial}, and a belief"
            " that allows both signs cannot be tested.",
        )
    found = lead_lag(customer, financial, window=belief.window, cycle=cycle, seasonal=seasonal)
    if isinstance(found, Insufficient):
        return Evidence(belief, Verdict.INSUFFICIENT, f"Insufficient: {_lowered(found.reason)}")
    ready = np.array(found.customer), np.array(found.financial)
    strongest = found.strongest
    verdict = _verdict(belief, found)
    return Evidence(
        belief=belief,
        verdict=verdict,
        sentence=_sentence(belief, verdict, found),
        lead_lag=found,
        effect=distributed_lag(*ready, strongest.lag) if strongest.lag >= 0 else None,
        forecast=forecast_check(*ready, belief.window),
    )


def judge_together(findings: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """Correct the verdicts of beliefs that are shown together for all of them, in the order given.

    All tested lags of all beliefs enter (the exploratory ones, too) and their p-values are adjusted after
    Benjamini and Hochberg. A belief that was supported or contradicted by itself and whose strongest lag
    has an adjusted p above 0.05 becomes not detected.
    """
    tested = [
        [found.p for found in evidence.lead_lag.correlations if found.tested] if evidence.lead_lag else []
        for evidence in findings
    ]
    total = sum(map(len, tested))
    adjusted = iter(benjamini_hochberg([p for ps in tested for p in ps]))
    smallest = [min([next(adjusted) for _ in ps], default=None) for ps in tested]
    return tuple(
        _corrected(evidence, p, total) if p is not None else evidence
        for evidence, p in zip(findings, smallest, strict=True)
    )


def _corrected(evidence: Evidence, p: float, total: int) -> Evidence:
    if p <= LEVEL or evidence.verdict not in (Verdict.SUPPORTED, Verdict.CONTRADICTED):
        return replace(evidence, p_family=p)
    sentence = (
        f"Not detected: the strongest lag would have counted by itself, and does not among the {total} lags"
        f" that were tried for all beliefs (adjusted p {_p(p)})."
    )
    return replace(evidence, p_family=p, verdict=Verdict.NOT_DETECTED, sentence=sentence)


def _verdict(belief: Belief, found: LeadLag) -> Verdict:
    if found.exploratory:
        return Verdict.INSUFFICIENT
    if not found.strongest.significant:
        return Verdict.NOT_DETECTED
    as_declared = (found.strongest.r > 0) == (belief.sign == "plus")
    return Verdict.SUPPORTED if as_declared else Verdict.CONTRADICTED


def _sentence(belief: Belief, verdict: Verdict, found: LeadLag) -> str:
    periods = f"{found.n} {belief.period}s"
    match verdict:
        case Verdict.INSUFFICIENT:
            return (
                f"Insufficient: {periods} of {belief.customer} and {belief.financial} after differencing"
                f" can be looked at and bear no verdict; {EXPLORATORY} are needed."
            )
        case Verdict.NOT_DETECTED:
            return (
                f"Not detected: {belief.customer} and {belief.financial} show no connection at"
                f" {_lags(belief)}. With {periods}, a correlation weaker than"
                f" {found.smallest_detectable_r:.2f} would not show."
            )
        case Verdict.SUPPORTED | Verdict.CONTRADICTED:
            told = "Supported" if verdict is Verdict.SUPPORTED else "Contradicted: the sign is the other one"
            return (
                f"{told}: {_movement(belief, found.strongest)} (r = {found.strongest.r:.2f}, p"
                f" {_p(found.strongest.p_corrected or 0.0)} over {periods}, corrected for {_lags(belief)})."
                " This is an association, not a cause."
            ).replace("r = -", "r = −")


def _movement(belief: Belief, found: LagCorrelation) -> str:
    after = "rise" if found.r > 0 else "fall"
    start = f"a rise in {belief.customer}"
    if found.lag == 0:
        return f"{start} came with a {after} in {belief.financial} in the same {belief.period}"
    when = f"{abs(found.lag)} {belief.period}{'' if abs(found.lag) == 1 else 's'}"
    if found.lag < 0:
        return f"{start} came {when} after a {after} in {belief.financial}"
    return f"{start} was followed by a {after} in {belief.financial} {when} later"


def _lags(belief: Belief) -> str:
    first, last = belief.window
    told = f"the one lag of {first} {belief.period}{'' if abs(first) == 1 else 's'}"
    if first != last:
        told = f"{last - first + 1} lags from {first} to {last} {belief.period}s"
    return told.replace("-", "−")


def _p(p: float) -> str:
    return "< 0.001" if p < 0.001 else f"= {p:.3f}"


def _lowered(reason: str) -> str:
    return reason[0].lower() + reason[1:]
