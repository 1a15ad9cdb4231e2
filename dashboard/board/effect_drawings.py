"""What the exhibits of effects draw: initiatives on one axis, and the picture that a verdict rests on."""

from dataclasses import dataclass

from dashboard.analysis.difference_in_differences import Experiment
from dashboard.analysis.interrupted_time_series import Interruption
from dashboard.definitions.model import Board, Side
from dashboard.periods import Period
from dashboard.units import Unit


@dataclass(frozen=True)
class EffectRow:
    """What one initiative did: the effect with its interval, all in points; None where it cannot be judged.

    `counts` says that the interval leaves zero out, `compared` that there were groups without the initiative.
    The label ends with how it is known; `text` is the verdict, `figure` what stands beside the interval.
    """

    label: str
    metric: str
    value: float | None
    low: float | None
    high: float | None
    text: str
    figure: str
    counts: bool
    compared: bool


@dataclass(frozen=True)
class Effects:
    """Initiatives under one another, on one axis of points about zero."""

    rows: tuple[EffectRow, ...]
    board: Board


@dataclass(frozen=True)
class EventStudy:
    """How far the groups with an initiative and those without have moved apart, by spans of `span` months."""

    found: Experiment
    span: int
    unit: Unit
    board: Board


@dataclass(frozen=True)
class Interrupted:
    """A figure by month before and after a start, and where the line before it would have led.

    `values` are as many as `months`; None is missing. The first month after is at the index `start`.
    """

    months: tuple[Period, ...]
    values: tuple[float | None, ...]
    found: Interruption
    start: int
    unit: Unit
    board: Board
    side: Side
