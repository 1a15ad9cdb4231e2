"""A tested difference in words: improved, worsened, or no detectable change.

A change is claimed only where the interval of the difference leaves 0 out; the words for one that is neither
better nor worse are "higher" and "lower".
"""

from dataclasses import dataclass

from dashboard.analysis.change import Signal
from dashboard.analysis.intervals import Difference, Insufficient
from dashboard.analysis.process_behaviour import Better
from dashboard.units import Unit, format_change

__all__ = ["PeriodChange", "period_change"]

_VERBS = {
    Signal.IMPROVED: "improved",
    Signal.WORSENED: "worsened",
    Signal.SHIFTED_UP: "is higher",
    Signal.SHIFTED_DOWN: "is lower",
}


@dataclass(frozen=True)
class PeriodChange:
    """What may be said of the change between two periods; `sentence` is a whole sentence for the reader."""

    signal: Signal
    sentence: str


def period_change(
    found: Difference | Insufficient, *, name: str, better: Better, unit: Unit, locale: str, currency: str
) -> PeriodChange:
    """Put a difference between two periods into words.

    Args:
        found: the difference in the metric's unit, after minus before, with its 95 % interval; a percent is
            a fraction, as from `newcombe`.
        name: the metric's name, as a sentence begins with it.
        better: with `zero`, a change has no verdict: it depends on the level.
        unit, locale, currency: how figures are written.
    """
    if isinstance(found, Insufficient):
        return PeriodChange(Signal.TOO_FEW_POINTS, f"{name} cannot be compared. {found.reason}")
    signal = _signal(found, better)
    change, low, high = (
        format_change(number, unit, locale=locale, currency=currency)
        for number in (found.difference, found.low, found.high)
    )
    told = f"{change}, 95% interval {low} to {high}"
    if signal is Signal.NO_DETECTABLE_CHANGE:
        return PeriodChange(signal, f"{name} shows no detectable change ({told}).")
    return PeriodChange(signal, f"{name} {_VERBS[signal]} ({told}).")


def _signal(found: Difference, better: Better) -> Signal:
    if found.low <= 0 <= found.high:
        return Signal.NO_DETECTABLE_CHANGE
    up = found.low > 0
    if better in ("higher", "lower"):
        return Signal.IMPROVED if up == (better == "higher") else Signal.WORSENED
    return Signal.SHIFTED_UP if up else Signal.SHIFTED_DOWN
