"""Entries of a page's effects -> EffectSpecs: metrics that exist, groups that fit, one design each."""

from collections.abc import Callable

from dashboard.definitions.derivation_entries import UNTOLD
from dashboard.definitions.effect_entries import EffectEntry
from dashboard.definitions.effect_specs import Design, EffectSpec, Selection
from dashboard.definitions.entries import UNKNOWN
from dashboard.definitions.expressions import MetricRef
from dashboard.definitions.messages import read_entry
from dashboard.definitions.origins import Slice
from dashboard.definitions.references import Known
from yamlfiles.problems import Problem
from yamlfiles.reading import Document, Location

DIMENSIONS = (1, 2)
FEWEST = 2  # groups of a kind: of one alone, chance cannot be told from an effect
OF_GROUPS = ("by", "treated", "controls", "selection")
DEFAULT_MONTHS = 24

Recorded = Callable[[str, Slice, Location], None]


def read_effects(
    document: Document,
    location: Location,
    count: int,
    known: Known,
    recorded: Recorded,
    problems: list[Problem],
) -> tuple[EffectSpec, ...]:
    """The initiatives under the key effects of the panel at `location`; every fault in them is told.

    `recorded` tells, at a place inside the panel, of datasets under a metric that do not record a slice.
    """
    found = []
    for place in range(count):
        inside: Location = ("effects", place)
        entry = read_entry(EffectEntry, document, (*location, *inside), problems)
        if entry is not None:
            found.append(_Reader(document, location, inside, known, problems).spec(entry, recorded))
    titles = [each.title for each in found]
    for place, title in enumerate(titles):
        if title in titles[:place] and title != UNKNOWN:
            told = f"The initiative {title!r} stands twice. Keep one of them, or name them apart."
            at = (*location, "effects", place, "title")
            problems.append(document.problem(at, told, of_key=False))
    return tuple(found)


class _Reader:
    """Checks one initiative and tells every problem at its place."""

    def __init__(
        self,
        document: Document,
        location: Location,
        inside: Location,
        known: Known,
        problems: list[Problem],
    ) -> None:
        self.document, self.location, self.inside = document, location, inside
        self.known, self.problems = known, problems
        value = document.value
        for part in (*location, *inside):
            value = value[part]
        self.written = set(value)  # a key that is wrong in itself is told already

    def spec(self, entry: EffectEntry, recorded: Recorded) -> EffectSpec:
        """The initiative, whatever is wrong with it."""
        wrong = None if entry.metric == UNTOLD else self.known.wrong_with(MetricRef(entry.metric))
        if wrong:
            self._tell(("metric",), wrong)
        self._fits_design(entry)
        if entry.ended is not None and entry.ended <= entry.begun:
            told = f"It ended before it had begun. Write a month after {entry.begun:%Y-%m}."
            self._tell(("ended",), told)
        by = tuple(entry.by or ())
        treated, controls = (
            tuple(tuple(group) for group in groups or ()) for groups in (entry.treated, entry.controls)
        )
        if entry.design is Design.DID and by:
            self._groups(by, treated, controls)
            if not wrong and entry.metric != UNTOLD and len(by) in DIMENSIONS:
                recorded(entry.metric, by, (*self.inside, "by"))
        return EffectSpec(
            title=entry.title,
            metric=entry.metric,
            begun=entry.begun,
            design=entry.design,
            because=entry.because or "",
            by=by,
            treated=treated,
            controls=controls,
            selection=entry.selection or Selection.CHOSEN,
            before=entry.before or DEFAULT_MONTHS,
            after=entry.after or DEFAULT_MONTHS,
            ended=entry.ended,
        )

    def _fits_design(self, entry: EffectEntry) -> None:
        """Each design has what it needs, and nothing that belongs to another."""
        design = entry.design
        if not self._is_written("design", design):
            return
        if design is Design.DID:
            for key, told in (
                ("by", "the slice whose members are the groups"),
                ("treated", "the groups that it reached"),
                ("controls", "the groups that it did not reach"),
            ):
                if key not in self.written:
                    self._tell(("design",), f"The design did compares groups. Add {key}: {told}.")
        else:
            for key in (each for each in OF_GROUPS if each in self.written):
                self._tell(
                    (key,), f"The design {design} compares no groups. Take {key} out, or write design: did."
                )
        if design is Design.NONE and "because" not in self.written:
            self._tell(
                ("design",),
                "The design none says nothing without a reason. "
                "Add because: why there is nothing to compare with.",
            )
        if design is not Design.NONE and "because" in self.written:
            told = "A reason is of the design none alone. Take because out, or write design: none."
            self._tell(("because",), told)
        for key in ("before", "after") if design is Design.NONE else ():
            if key in self.written:
                self._tell((key,), f"The design none counts no months. Take {key} out.")

    def _is_written(self, key: str, value: str) -> bool:
        """Whether the value is the file's own, and no stand-in for one that is wrong."""
        found = self.document.value
        for part in (*self.location, *self.inside):
            found = found[part]
        return bool(found.get(key) == value)

    def _groups(
        self, by: Slice, treated: tuple[tuple[str, ...], ...], controls: tuple[tuple[str, ...], ...]
    ) -> None:
        """Every group names a member of each dimension, and is named once."""
        if len(by) not in DIMENSIONS:
            self._tell(("by",), "Groups are cut by: segment, or by: [segment, region]. Write that.")
            return
        seen: dict[tuple[str, ...], str] = {}
        for key, groups in (("treated", treated), ("controls", controls)):
            for place, group in enumerate(groups):
                at = (key, place)
                if len(group) != len(by):
                    self._tell(at, _unfit(group, by))
                elif seen.get(group) == key:
                    self._tell(at, f"The group {_named(group)} stands twice. Keep one of them.")
                elif group in seen:
                    told = f"The group {_named(group)} is treated and a control. Take it out of one of them."
                    self._tell(at, told)
                seen.setdefault(group, key)
            if groups and len(groups) < FEWEST:
                self._tell(
                    (key,),
                    "One group alone cannot be told from chance. "
                    f"Name {FEWEST} or more, or write design: its.",
                )

    def _tell(self, place: Location, message: str) -> None:
        at = (*self.location, *self.inside, *place)
        self.problems.append(self.document.problem(at, message, of_key=False))


def _named(group: tuple[str, ...]) -> str:
    return repr(group[0]) if len(group) == 1 else f"[{', '.join(group)}]"


def _unfit(group: tuple[str, ...], by: Slice) -> str:
    wanted = by[0] if len(by) == 1 else f"[{', '.join(by)}]"
    have = f"{len(group)} part{'' if len(group) == 1 else 's'}"
    return f"The group {_named(group)} has {have}, where the slice has {len(by)}. Write each as: {wanted}."
