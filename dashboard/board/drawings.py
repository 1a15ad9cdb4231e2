"""What an exhibit draws, as plain values, the same for the page, the slide and the paper.

Texts are made by the one formatter before they get here; values are for positions and for sheets.
"""

import math
from dataclasses import dataclass
from enum import StrEnum

from dashboard.analysis.lead_lag import LeadLag
from dashboard.analysis.survival import SurvivalCurve
from dashboard.board.effect_drawings import Effects, EventStudy, Interrupted
from dashboard.definitions.model import Board, Side
from dashboard.units import Unit

WIDE_ENOUGH = 0.4  # movements that cover this share of the longest bar can be compared from zero


class Role(StrEnum):
    """What a step of a waterfall is."""

    TOTAL = "total"
    RISE = "rise"
    FALL = "fall"


@dataclass(frozen=True)
class Step:
    """One line of a bridge: a total from 0 to `end`, or a movement from `start` to `end`."""

    label: str
    start: float
    end: float
    text: str
    role: Role


@dataclass(frozen=True)
class Waterfall:
    """A bridge that foots: each movement begins where the one before ended."""

    steps: tuple[Step, ...]
    unit: Unit
    board: Board
    side: Side

    @property
    def begins(self) -> float:
        """Where the axis begins: 0, or a round amount where movements would else be too small to compare."""
        levels = [level for step in self.steps for level in _levels(step)]
        low, high = min(levels, default=0.0), max(levels, default=0.0)
        if low <= 0 or high - low > WIDE_ENOUGH * high:
            return 0.0
        room = max(high - low, high / 1000)
        round_to = 10.0 ** math.floor(math.log10(room))
        return max(0.0, math.floor((low - room / 2) / round_to) * round_to)

    def drawn(self, level: float) -> float:
        """Where a level stands on the axis: where that is broken, never before its beginning."""
        return max(level, self.begins) if self.begins else level


def _levels(step: Step) -> tuple[float, ...]:
    return (step.end,) if step.role is Role.TOTAL else (step.start, step.end)


@dataclass(frozen=True)
class Dot:
    """A member's figure with its interval; None bounds where there is none."""

    label: str
    value: float
    text: str
    low: float | None
    high: float | None
    n_text: str


@dataclass(frozen=True)
class DotPlot:
    """A ranking: members in order, each with its interval, against the figure of everything."""

    dots: tuple[Dot, ...]
    overall: Dot | None
    unit: Unit
    board: Board
    side: Side


@dataclass(frozen=True)
class Share:
    """A cause of a Pareto chart; `cumulative` is the share of it and all larger ones, a fraction."""

    label: str
    value: float
    text: str
    cumulative: float
    cumulative_text: str
    rest: bool = False  # what is unknown, or the small ones together: never hidden


@dataclass(frozen=True)
class Pareto:
    """Causes by size, the few that make most of it first."""

    shares: tuple[Share, ...]
    unit: Unit
    board: Board
    side: Side


@dataclass(frozen=True)
class MatrixCell:
    """One field of a matrix; value None with a text that says why."""

    row: str
    column: str
    value: float | None
    text: str
    n_text: str


@dataclass(frozen=True)
class Matrix:
    """Two categories and one magnitude, with its figure written in each field."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[MatrixCell, ...]
    row_name: str
    column_name: str
    unit: Unit
    board: Board
    side: Side


@dataclass(frozen=True)
class Gap:
    """Two figures of one item, and the distance between them."""

    label: str
    left: float | None
    left_text: str
    right: float | None
    right_text: str
    gap_text: str


@dataclass(frozen=True)
class TwoSided:
    """Two figures of the same items, on one scale."""

    gaps: tuple[Gap, ...]
    left_name: str
    right_name: str
    unit: Unit
    board: Board


class Dumbbell(TwoSided):
    """How far the two lie apart: a line from the one to the other."""


class Butterfly(TwoSided):
    """The two back to back."""


@dataclass(frozen=True)
class BulletRow:
    """A measure against its comparative, with the interval of the measure where it has one."""

    label: str
    value: float | None
    text: str
    target: float | None
    target_text: str
    low: float | None
    high: float | None
    badge: str


@dataclass(frozen=True)
class Bullets:
    """Many items, one scale, measured against planned."""

    rows: tuple[BulletRow, ...]
    unit: Unit
    board: Board
    value_name: str
    target_name: str


@dataclass(frozen=True)
class AgesCell:
    """One field of a grid of cohorts: a fraction, or None with an empty `text` and the reason in `why`."""

    row: int
    column: int
    value: float | None
    text: str
    why: str


@dataclass(frozen=True)
class Ages:
    """Cohorts by age: the share that was there written in each field, and shaded by where it lies in all."""

    rows: tuple[str, ...]
    columns: tuple[str, ...]
    cells: tuple[AgesCell, ...]
    row_name: str
    column_name: str
    board: Board


@dataclass(frozen=True)
class Curve:
    """How many of one group are still here by age."""

    label: str
    curve: SurvivalCurve


@dataclass(frozen=True)
class Survival:
    """Falling curves of several groups on one axis of ages, which counts what `age` says."""

    curves: tuple[Curve, ...]
    age: str
    board: Board


@dataclass(frozen=True)
class BeliefRow:
    """One belief: the strongest correlation of its window and the band it must pass; None where untested.

    The label begins with the verdict.
    """

    label: str
    expected: str
    r: float | None
    band: float | None
    r_text: str
    text: str  # r with its lag, or the verdict where there is none
    counts: bool  # whether r passes, with all beliefs taken together


@dataclass(frozen=True)
class Register:
    """Beliefs under one another, on one axis from -1 to 1."""

    rows: tuple[BeliefRow, ...]
    board: Board


@dataclass(frozen=True)
class Correlogram:
    """Every lag between two series; `period` is what a lag counts: `month`."""

    lags: LeadLag
    period: str
    board: Board


Drawing = (
    Waterfall
    | DotPlot
    | Pareto
    | Matrix
    | Dumbbell
    | Butterfly
    | Bullets
    | Ages
    | Survival
    | Register
    | Correlogram
    | Effects
    | EventStudy
    | Interrupted
)
