"""The answer of a page in one sentence, by rule: what changed for customers, and what in money."""

from collections.abc import Iterator, Sequence

from dashboard.analysis.change import Signal
from dashboard.board.panels import Exhibited, PairPanel, Panel, TrendPanel
from dashboard.board.reading import Reading, State
from dashboard.board.sentences import listed, name_inside
from dashboard.board.view import View
from dashboard.board.wording import is_open
from dashboard.definitions.model import Side

FEW = 3
MOST_NAMED = 3  # of a side and a kind: the others are counted, and stand on the page
_SIDES = {Side.CUSTOMER: "for customers", Side.PEOPLE: "for our people", Side.FINANCIAL: "in money"}
_CHANGES: tuple[tuple[str, tuple[Signal, ...]], ...] = (
    ("improved", (Signal.IMPROVED,)),
    ("worsened", (Signal.WORSENED,)),
)
_NEUTRAL = (Signal.SHIFTED_UP, Signal.SHIFTED_DOWN)
_UNKNOWN = (Signal.TOO_FEW_POINTS, Signal.NOT_MEASURED)


def answer(panels: Sequence[Panel], view: View) -> str:
    """`For customers, trust improved; in money, costs worsened; of 11 measures, 9 show no detectable change.`

    Told are the figures of the view's own group, each once; groups that a panel cuts out are not. A page with
    hardly any is answered by its first exhibit; empty where that has nothing to say either.
    """
    readings = list({each.metric.id: each for each in _readings(panels, view)}.values())
    if len(readings) < FEW:
        return next((each.sentence for each in panels[:1] if isinstance(each, Exhibited)), "")
    if all(is_open(each) for each in readings):
        return "The span is not over yet: nothing is compared."
    if all(each.state is not State.READY for each in readings):
        return "Nothing has been measured for this span and group yet."
    told = [clause for side in _SIDES if (clause := _of_side(side, readings))]
    told += [others] if (others := _of_the_others(readings)) else []
    sentence = "; ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}."


def _readings(panels: Sequence[Panel], view: View) -> Iterator[Reading]:
    for panel in panels:
        if isinstance(panel, PairPanel | TrendPanel):
            yield from (each for each in panel.readings if each.view.member == view.member)


def _of_side(side: Side, readings: Sequence[Reading]) -> str:
    """`for customers, trust and effort improved, but complaints worsened`; empty where nothing changed."""
    changes = []
    for verb, signals in _CHANGES:
        names = [
            name_inside(each) for each in readings if each.metric.side is side and each.signal in signals
        ]
        if names:
            more = len(names) - MOST_NAMED
            changes.append(f"{listed([*names[:MOST_NAMED], *([f'{more} more'] if more > 0 else [])])} {verb}")
    return f"{_SIDES[side]}, {', but '.join(changes)}" if changes else ""


def _of_the_others(readings: Sequence[Reading]) -> str:
    """How many of all moved where neither way is better, show no change, or cannot be told of yet."""
    count = len(readings)
    still = sum(each.signal is Signal.NO_DETECTABLE_CHANGE for each in readings)
    moved = sum(each.signal in _NEUTRAL for each in readings)
    unknown = sum(each.signal in _UNKNOWN for each in readings)
    if still == count:
        return f"none of {count} measures shows a detectable change"
    told = []
    if moved:
        told.append(f"{moved} moved in a direction that is neither better nor worse")
    if still:
        told.append(f"{still} {'shows' if still == 1 else 'show'} no detectable change")
    if unknown:
        told.append(f"{unknown} cannot be judged yet")
    return f"of {count} measures, {listed(told)}" if told else ""
