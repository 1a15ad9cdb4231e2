"""Entries of a page's panels -> PanelSpecs: kinds, metrics that exist, and slices that are recorded."""

from collections.abc import Mapping

from dashboard.definitions.derivation import AGE, Bridge, Cohort, Derivation, Register, Voices
from dashboard.definitions.derivation_entries import UNTOLD
from dashboard.definitions.effects import read_effects
from dashboard.definitions.expressions import MetricRef
from dashboard.definitions.messages import read_entry
from dashboard.definitions.model import Dataset, Gate, PanelKind, PanelSpec, Slice
from dashboard.definitions.panel_entries import GateEntry, PanelEntry
from dashboard.definitions.references import Known, measures_under
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, Location

# How many dimensions the slice of a kind has; the kinds that are not here have none.
DIMENSIONS: Mapping[PanelKind, tuple[int, ...]] = {
    PanelKind.TREND: (0, 1),
    PanelKind.RANKING: (1, 2),
    PanelKind.PARETO: (1, 2),
    PanelKind.MATRIX: (2,),
    PanelKind.DUMBBELL: (1,),
    PanelKind.BUTTERFLY: (1,),
    PanelKind.BULLET: (1,),
    PanelKind.SURVIVAL: (0, 1),
}
# The kind of derivation that a kind of panel is of.
OF_DERIVATIONS: Mapping[
    PanelKind, tuple[type[Bridge] | type[Cohort] | type[Voices] | type[Register], ...]
] = {
    PanelKind.BRIDGE: (Bridge, Cohort),
    PanelKind.STATEMENT: (Bridge, Cohort),
    PanelKind.COHORT: (Cohort,),
    PanelKind.SURVIVAL: (Cohort,),
    PanelKind.LINES: (Register,),
    PanelKind.VOICES: (Voices,),
}
OF_VALUE = frozenset({PanelKind.BRIDGE, PanelKind.STATEMENT})
OF_NEIGHBOURS = frozenset({PanelKind.PAIR, PanelKind.EVIDENCE})
ALL = "all"  # of evidence: every belief
_CALLED = {PanelKind.VOICES: "draw of voices"}
_EXAMPLES = {0: "nothing", 1: "by: segment", 2: "by: [journey, department]"}


def read_panel(
    document: Document, location: Location, known: Known, problems: list[Problem]
) -> PanelSpec | None:
    """The panel at `location`; None, with the reason in `problems`, where it cannot be drawn."""
    entry = read_entry(PanelEntry, document, location, problems)
    if entry is None:
        return None
    written = document.value["panels"][location[-1]].keys()
    given = [kind for kind in PanelKind if kind in written]
    if len(given) != 1:
        if written <= PanelEntry.model_fields.keys():  # an unknown key is told already
            kinds = ", ".join(PanelKind)
            problems.append(document.problem(location, f"A panel shows one thing. Write one of {kinds}."))
        return None
    kind = given[0]
    subject = getattr(entry, kind)
    if subject is None:  # it is wrong in itself, and told
        return None
    if kind is PanelKind.NOTE:
        return PanelSpec(kind, (), title=entry.title, text=subject)
    return _Reader(document, location, known, problems).spec(kind, subject, entry)


class _Reader:
    """Checks one panel and tells every problem at its place."""

    def __init__(self, document: Document, location: Location, known: Known, problems: list[Problem]) -> None:
        self.document, self.location, self.known, self.problems = document, location, known, problems

    def spec(self, kind: PanelKind, subject: str | list[str], entry: PanelEntry) -> PanelSpec | None:
        """The panel of a kind that shows figures."""
        written = tuple(entry.by or ())
        if entry.gate is not None and kind is not PanelKind.CHECKLIST:
            self._tell(("gate",), "A gate is of a checklist. Take it out, or write its items.")
            return None
        if kind is PanelKind.CHECKLIST:
            return self.checklist(entry, written)
        if kind is PanelKind.EFFECTS:
            return self.effects(entry, written)
        if kind is PanelKind.DRIVERS and isinstance(subject, str):
            return self.drivers(subject, written, entry.title)
        if kind in OF_DERIVATIONS and isinstance(subject, str):
            return self.of_derivation(kind, subject, written, entry.title)
        whole = kind is PanelKind.EVIDENCE and subject == ALL
        subjects = () if whole else self.metrics(kind, subject, entry.against)
        by = self.slice(kind, written, subjects)
        return None if subjects is None or by is None else PanelSpec(kind, subjects, by, entry.title)

    def of_derivation(self, kind: PanelKind, name: str, by: Slice, title: str | None) -> PanelSpec | None:
        """A derivation of the kind that the panel needs; most are cut by the page's own group alone."""
        if name in self.known.broken:
            return None
        wanted = OF_DERIVATIONS[kind]
        found = self.known.datasets.get(name)
        if not isinstance(found, Derivation) or not isinstance(found.rule, wanted):
            what = _CALLED.get(kind, wanted[0].__name__.lower())
            fitting = [
                each.name
                for each in self.known.datasets.values()
                if isinstance(each, Derivation) and isinstance(each.rule, wanted)
            ]
            hint = did_you_mean(name, fitting) if fitting else "Write one in config/derivations."
            self._tell((kind.value,), f"There is no {what} {name!r} among the derivations. {hint}")
            return None
        if kind in OF_VALUE and isinstance(found.rule, Cohort) and found.rule.margin_per is None:
            told = (
                f"The cohort {name!r} has no value to lay out. Add margin_per: month to it in {found.file}."
            )
            self._tell((kind.value,), told)
            return None
        cut = self.slice(kind, by, None)
        if cut and cut not in found.slices:
            told = f"The derivation {name!r} has no slice {cut[0]!r}."
            known = [each[0] for each in found.slices if len(each) == 1 and each[0] != AGE]
            hint = did_you_mean(cut[0], known) if known else f"Add slices: [{cut[0]}] to it in {found.file}."
            self._tell(("by",), f"{told} {hint}")
            return None
        return None if cut is None else PanelSpec(kind, (name,), cut, title)

    def drivers(self, name: str, by: Slice, title: str | None) -> PanelSpec | None:
        """A dataset that says which of its columns may go with an outcome."""
        if name in self.known.broken:
            return None
        found = self.known.datasets.get(name)
        if not isinstance(found, Dataset) or found.drivers is None:
            fitting = [
                each.name
                for each in self.known.datasets.values()
                if isinstance(each, Dataset) and each.drivers is not None
            ]
            hint = did_you_mean(name, fitting) if fitting else "Write drivers: in a file of config/datasets."
            self._tell((PanelKind.DRIVERS.value,), f"There is no dataset {name!r} with drivers. {hint}")
            return None
        cut = self.slice(PanelKind.DRIVERS, by, None)
        return None if cut is None else PanelSpec(PanelKind.DRIVERS, (name,), cut, title)

    def checklist(self, entry: PanelEntry, by: Slice) -> PanelSpec | None:
        """Practices with the metrics that exist."""
        entries, told = entry.checklist or [], len(self.problems)
        gated = "gate" in self.document.value["panels"][self.location[-1]]  # it may be wrong in itself
        self.slice(PanelKind.CHECKLIST, by, None)
        for place, each in enumerate(entries):
            at = (PanelKind.CHECKLIST.value, place)
            if wrong := self.known.wrong_with(MetricRef(each.metric)):
                self._tell((*at, "metric"), wrong)
            if entry.gate is not None and each.line is None:
                self._tell(at, "With a gate each item is a line of its register. Add line: its name.")
            if not gated and each.line is not None:
                self._tell(
                    (*at, "line"), "No gate has it as a line. Write gate beside the items, or take line out."
                )
        gate = None if entry.gate is None else self.gate(entry.gate, [each.line or "" for each in entries])
        names, items = tuple(each.metric for each in entries), tuple(each.item for each in entries)
        spec = PanelSpec(PanelKind.CHECKLIST, names, (), entry.title, items=items, gate=gate)
        return spec if len(self.problems) == told else None

    def effects(self, entry: PanelEntry, by: Slice) -> PanelSpec | None:
        """Initiatives with the metrics that they were to move, each judged by its own design."""
        told = len(self.problems)
        self.slice(PanelKind.EFFECTS, by, None)
        found = read_effects(
            self.document,
            self.location,
            len(entry.effects or []),
            self.known,
            self._check_recorded,
            self.problems,
        )
        subjects = tuple(dict.fromkeys(each.metric for each in found))
        spec = PanelSpec(PanelKind.EFFECTS, subjects, (), entry.title, effects=found)
        return spec if len(self.problems) == told else None

    def gate(self, entry: GateEntry, lines: list[str]) -> Gate:
        """The gate of a checklist; every fault in it is told."""
        name = entry.register_
        found = self.known.datasets.get(name)
        is_register = isinstance(found, Derivation) and isinstance(found.rule, Register)
        if not is_register and name not in (UNTOLD, *self.known.broken):
            fitting = [
                each.name
                for each in self.known.datasets.values()
                if isinstance(each, Derivation) and isinstance(each.rule, Register)
            ]
            hint = did_you_mean(name, fitting) if fitting else "Write one in config/derivations."
            self._tell(("gate", "register"), f"There is no register {name!r} among the derivations. {hint}")
        for place, line in enumerate(lines):
            if line in lines[:place] and line:
                at = (PanelKind.CHECKLIST.value, place, "line")
                self._tell(at, f"The line {line!r} stands twice. Keep one of them.")
        if entry.holds_back and (wrong := self.known.wrong_with(MetricRef(entry.holds_back))):
            self._tell(("gate", "holds_back"), wrong)
        return Gate(name, tuple(lines), entry.within, entry.holds_back)

    def metrics(
        self, kind: PanelKind, subject: str | list[str], against: str | None
    ) -> tuple[str, ...] | None:
        """The metrics that the panel is of; None where one does not exist."""
        names = [subject] if isinstance(subject, str) else subject
        places: list[Location] = (
            [(kind.value,)]
            if isinstance(subject, str)
            else [(kind.value, index) for index in range(len(subject))]
        )
        if kind is PanelKind.BULLET and against is None:
            self._tell(
                (kind.value,), f"A bullet is drawn against a plan. Add against: a metric, to {names[0]!r}."
            )
            return None
        if against is not None and kind is not PanelKind.BULLET:
            self._tell(("against",), f"A {kind} is drawn against nothing. Take against out, or write bullet.")
        elif against is not None:
            names, places = [*names, against], [*places, ("against",)]
        wrong = False
        for name, place in zip(names, places, strict=True):
            if told := self.known.wrong_with(MetricRef(name)):
                self._tell(place, told)
                wrong = True
        if kind in OF_NEIGHBOURS and not wrong and self.known.stands_alone(names[0]):
            told = f"The metric {names[0]!r} has no neighbour to be drawn with."
            self._tell((kind.value,), f"{told} Write trend: {names[0]}, or give it one.")
        return None if wrong else tuple(names)

    def slice(self, kind: PanelKind, by: Slice, metrics: tuple[str, ...] | None) -> Slice | None:
        """The slice, as every dataset under the metrics records it; None where it cannot be."""
        allowed = DIMENSIONS.get(kind, (0,))
        if len(by) not in allowed:
            if allowed == (0,):
                self._tell(("by",), f"The panel {kind} is not cut by anything. Take by out.")
                return None
            wanted = " or ".join(_EXAMPLES[number] for number in allowed)
            place: Location = ("by",) if by else (kind.value,)
            self._tell(place, f"A {kind} is cut by {wanted}. Write that.")
            return None
        for metric in metrics or ():
            self._check_recorded(metric, by, ("by",))
        return by

    def _check_recorded(self, metric: str, by: Slice, place: Location) -> None:
        """Every dataset under the metric records the slice, in whatever order of its dimensions."""
        if not by:
            return
        draft = self.known.metrics.get(metric)
        formula = draft.formula if draft is not None else None
        keys = measures_under(formula, self.known) if formula is not None else set()
        for name in sorted({key.partition(".")[0] for key in keys}):
            dataset = self.known.datasets[name]
            if not any(sorted(cut) == sorted(by) for cut in dataset.slices):
                cuts = [cut[0] for cut in dataset.slices if len(cut) == 1]
                text = by[0] if len(by) == 1 else f"[{', '.join(by)}]"
                known = bool(cuts) and len(by) == 1
                hint = did_you_mean(by[0], cuts) if known else f"Add slices: [{text}] to {dataset.file}."
                shown = repr(by[0]) if len(by) == 1 else text
                self._tell(place, f"The dataset {name!r} under {metric!r} has no slice {shown}. {hint}")

    def _tell(self, place: Location, message: str) -> None:
        self.problems.append(self.document.problem((*self.location, *place), message, of_key=False))
