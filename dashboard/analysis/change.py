"""The signal in words: whether a rule of the process-behaviour chart supports a change in the shown span."""

from enum import StrEnum

from dashboard.analysis.process_behaviour import Behaviour, Better, Variation, variation_of

__all__ = ["Signal", "signal"]


class Signal(StrEnum):
    """What may be said of a change.

    `SHIFTED_UP` and `SHIFTED_DOWN` are real changes without a verdict: those of a neutral metric, and those
    of a metric that is best at zero and came out as far from it on the other side. Words for them: "higher"
    and "lower".
    """

    IMPROVED = "improved"
    WORSENED = "worsened"
    SHIFTED_UP = "shifted_up"
    SHIFTED_DOWN = "shifted_down"
    NO_DETECTABLE_CHANGE = "no_detectable_change"
    TOO_FEW_POINTS = "too_few_points"
    NOT_MEASURED = "not_measured"


_SIGNALS = {
    Variation.COMMON_CAUSE: Signal.NO_DETECTABLE_CHANGE,
    Variation.IMPROVEMENT: Signal.IMPROVED,
    Variation.CONCERN: Signal.WORSENED,
    Variation.NEUTRAL_HIGH: Signal.SHIFTED_UP,
    Variation.NEUTRAL_LOW: Signal.SHIFTED_DOWN,
}


def signal(behaviour: Behaviour, better: Better, *, span_points: int) -> Signal:
    """Judge the last `span_points` points, such as the three months of a quarter; all of them closed periods.

    The last measured point of the span decides alone, as the variation icon of Making Data Count does: a
    signal that has passed by the end of the span is seen on the chart and is not claimed as a change. With
    trial limits, or none, the answer is `TOO_FEW_POINTS`.

    Raises:
        ValueError: `span_points` is less than 1.
    """
    if span_points < 1:
        raise ValueError(f"span_points is {span_points}; a span holds at least one point.")
    span = list(zip(behaviour.signals, behaviour.limits, strict=True))[-span_points:]
    measured = [(point, limits) for point, limits in span if point.measured]
    if not measured:
        return Signal.NOT_MEASURED
    point, limits = measured[-1]
    if limits is None or limits.trial:
        return Signal.TOO_FEW_POINTS
    return _SIGNALS[variation_of(point, better)]
