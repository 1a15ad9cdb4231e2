"""The exhibits that a page may hold, as configured."""

import re
from dataclasses import dataclass
from enum import StrEnum

from dashboard.definitions.effect_specs import EffectSpec
from dashboard.definitions.origins import Slice


class PanelKind(StrEnum):
    """The exhibits that a page may hold."""

    PAIR = "pair"
    TREND = "trend"
    RANKING = "ranking"
    PARETO = "pareto"
    MATRIX = "matrix"
    DUMBBELL = "dumbbell"
    BUTTERFLY = "butterfly"
    BULLET = "bullet"
    BRIDGE = "bridge"
    STATEMENT = "statement"
    COHORT = "cohort"
    SURVIVAL = "survival"
    EVIDENCE = "evidence"
    EFFECTS = "effects"
    DRIVERS = "drivers"
    CHECKLIST = "checklist"
    LINES = "lines"
    VOICES = "voices"
    NOTE = "note"


@dataclass(frozen=True)
class Gate:
    """What must be answered before something may go on: every line done, by evidence of the last `months`.

    `lines` are those of the register, one for each item of the checklist. `holds_back` is the metric that is
    flagged while the gate is not passed.
    """

    register: str
    lines: tuple[str, ...]
    months: int
    holds_back: str | None = None


@dataclass(frozen=True)
class PanelSpec:
    """One exhibit of a page, as configured: what it shows of what, cut by a slice.

    `subjects` are metrics: one, or the two that a dumbbell, a butterfly or a bullet compares; of a bridge, a
    statement, a cohort grid, survival curves, lines and voices, a derivation; of drivers, the dataset that
    has them; of all beliefs, none.
    """

    kind: PanelKind
    subjects: tuple[str, ...]
    by: Slice = ()
    title: str | None = None
    text: str = ""  # of a note
    items: tuple[str, ...] = ()  # of a checklist: what each of the subjects stands for
    gate: Gate | None = None  # of a checklist
    effects: tuple[EffectSpec, ...] = ()  # whose metrics the subjects are

    @property
    def key(self) -> str:
        """A name of its own on the page, fit for a file."""
        if self.effects:
            return f"{self.kind.value}-{slug(self.effects[0].title) or self.subjects[0]}"
        parts = [self.kind.value, *self.subjects]
        return "-".join([*parts, "by", *self.by] if self.by else parts)


def slug(title: str) -> str:
    """A title as a part of a file's name: `one_call`; empty where it has no letter of the alphabet."""
    return "_".join(re.findall(r"[a-z0-9]+", title.lower()))[:60]
