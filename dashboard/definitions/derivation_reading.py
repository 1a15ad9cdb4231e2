"""One entry of config/derivations -> a Derivation: names resolved, expressions parsed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from dashboard.definitions.dataset_columns import Expressions, plain_column
from dashboard.definitions.derivation import (
    OTHER,
    Bridge,
    Cohort,
    Conversion,
    Derivation,
    Frequency,
    Rule,
    recorded_slices,
)
from dashboard.definitions.derivation_entries import (
    UNTOLD,
    BridgeEntry,
    CohortEntry,
    ConversionEntry,
    FrequencyEntry,
    OneEntry,
    RegisterEntry,
    VoicesEntry,
)
from dashboard.definitions.derived_measures import BRIDGE_LINES, measures
from dashboard.definitions.entries import UNKNOWN
from dashboard.definitions.expressions import Aggregate, AggregateKind, Expression
from dashboard.definitions.model import ColumnUse, Dataset, Slice
from dashboard.definitions.risk_reading import read_risk
from dashboard.definitions.text_rules import TextRules
from dashboard.periods import Grain
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, Location

OF_EVENTS = frozenset({"conversion", "frequency", "voices", "register"})
OfTexts = VoicesEntry | RegisterEntry


@dataclass
class Reading:
    """Resolves one entry; what is wrong is added to `problems`, columns that it names to `uses`."""

    name: str
    place: Location
    document: Document
    datasets: Mapping[str, Dataset]
    broken: frozenset[str]
    problems: list[Problem]

    def __post_init__(self) -> None:
        self.uses: list[ColumnUse] = []

    def derivation(self, entry: OneEntry) -> Derivation | None:
        """The derivation, or None where its dataset is not known."""
        place: Location = ("from",) if isinstance(entry, ConversionEntry) else ()
        end = entry.from_ if isinstance(entry, ConversionEntry) else entry
        dataset = self._dataset(place, end.dataset)
        if dataset is None:
            if isinstance(entry, ConversionEntry):
                self._dataset(("to",), entry.to.dataset)
            return None
        entity = self._owner(entry, place, dataset)
        slices: tuple[Slice, ...] = ()
        if isinstance(entry, BridgeEntry | CohortEntry | ConversionEntry):
            slices = self._slices(entry.slices, dataset)
        reader = self._expressions(dataset)
        where = self._condition((*place, "where"), end.where, dataset, reader)
        rule = self._rule(entry, dataset, reader, slices)
        self._use(dataset, reader)
        if rule is None or entity is None:
            return None
        if isinstance(rule, Bridge) and rule.split_new_by is not None:
            split = (rule.split_new_by,)
            slices = slices if split in slices else (*slices, split)
        drawn = Derivation(
            name=self.name,
            dataset=dataset.name,
            source=dataset.source,
            entity=entity,
            rule=rule,
            slices=tuple(recorded_slices(rule, slices)),
            measures=MappingProxyType({}),
            freshness_days=dataset.freshness_days,
            restate_months=dataset.restate_months,
            file=self.document.file,
            covers=rule.by if isinstance(rule, Cohort) and rule.by is not Grain.MONTH else None,
            where=where,
        )
        return replace(drawn, measures=MappingProxyType({each.name: each for each in measures(drawn)}))

    def _owner(self, entry: OneEntry, place: Location, dataset: Dataset) -> str | None:
        """The column that says whose row it is; of a register, which line an entry is of."""
        if isinstance(entry, RegisterEntry):
            column = None if entry.line == UNKNOWN else plain_column(entry.line)
            return column and self._named(("line",), column, dataset, "line")
        end = entry.from_ if isinstance(entry, ConversionEntry) else entry
        shared = entry.entity if isinstance(entry, ConversionEntry) else None
        return self._entity(place, end.entity or shared, dataset, shared=end.entity is None)

    def _refuse(self, place: Location, message: str, *, key: bool = False) -> None:
        self.problems.append(self.document.problem((*self.place, *place), message, of_key=key))

    def _dataset(self, place: Location, name: str) -> Dataset | None:
        if name in (UNTOLD, *self.broken):
            return None
        at = self._inside(place, "dataset")
        if name not in self.datasets:
            self._refuse(at, f"There is no dataset {name!r}. {did_you_mean(name, self.datasets)}")
            return None
        dataset = self.datasets[name]
        fault = self._fault_of_kind(dataset)
        if fault is not None:
            self._refuse(at, fault)
            return None
        return dataset

    def _inside(self, place: Location, key: str) -> Location:
        """Where a key of an end stands: `from: complaints` has none."""
        value = self.document.value
        for part in (*self.place, *place):
            value = value[part]
        return (*place, key) if isinstance(value, Mapping) and key in value else place

    def _fault_of_kind(self, dataset: Dataset) -> str | None:
        kind = self.place[-1]
        if not dataset.timed:
            return (
                f"The dataset {dataset.name!r} has no time: it can only be looked up. "
                f"Name one with an event, a span or a snapshot, or add event: column to {dataset.file}."
            )
        if kind in OF_EVENTS and dataset.event is None:
            held = "spans" if dataset.span is not None else "snapshots"
            what = {"voices": "Voices are of", "register": "A register is of"}.get(kind, f"A {kind} counts")
            return f"{what} events, and {dataset.name!r} holds {held}. Name a dataset with an event."
        if dataset.covers not in (None, Grain.MONTH):
            return (
                f"A row of {dataset.name!r} stands for a whole {dataset.covers}, and a {kind} needs months. "
                "Name a dataset whose rows have a day or a month."
            )
        return None

    def _entity(self, place: Location, text: str | None, dataset: Dataset, *, shared: bool) -> str | None:
        if text is None and dataset.entity is None:
            self._refuse(
                place,
                f"The dataset {dataset.name!r} has no entity. "
                f"Add entity: the column that says whose row it is, here or in {dataset.file}.",
                key=True,
            )
            return None
        column = dataset.entity if text is None else plain_column(text)
        if text is not None:
            self._named(("entity",) if shared else (*place, "entity"), column or "", dataset, "entity")
        return column

    def _named(self, at: Location, column: str, dataset: Dataset, what: str) -> str:
        """A column of the dataset itself, remembered with the place that names it."""
        line, start = self.document.place((*self.place, *at), of_key=False)
        self.uses.append(ColumnUse(dataset.name, column, "any", what, self.document.file, line, start))
        return column

    def _slices(self, written: list[list[str]] | None, dataset: Dataset) -> tuple[Slice, ...]:
        if written is None:
            return dataset.slices
        slices: list[Slice] = [()]
        for index, parts in enumerate(written):
            cut, told = tuple(parts), len(self.problems)
            for place, name in enumerate(cut):
                if name not in dataset.dimensions:
                    hint = did_you_mean(name, dataset.dimensions)
                    told_so = f"The dataset {dataset.name!r} has no dimension {name!r}. {hint}"
                    self._refuse(("slices", index, place), told_so)
            if len(self.problems) > told:
                continue
            if not 1 <= len(cut) <= 2 or len(set(cut)) < len(cut):
                told_so = "A slice is one dimension, or two different ones: [plan, segment]."
                self._refuse(("slices", index), told_so)
            elif set(cut) in map(set, slices):
                self._refuse(("slices", index), f"The slice {', '.join(cut)} stands twice. Keep one of them.")
            else:
                slices.append(cut)
        return tuple(slices)

    def _expressions(self, dataset: Dataset) -> Expressions:
        return Expressions(self.document, self.problems, frozenset(dataset.lookups))

    def _condition(
        self, place: Location, text: str | None, dataset: Dataset, reader: Expressions
    ) -> Expression | None:
        return None if text is None else reader.condition((*self.place, *place), text, dataset.lookups)

    def _use(self, dataset: Dataset, reader: Expressions) -> None:
        self.uses += reader.used(dataset)

    def _rule(
        self, entry: OneEntry, dataset: Dataset, reader: Expressions, slices: tuple[Slice, ...]
    ) -> Rule | None:
        if isinstance(entry, ConversionEntry):
            return self._conversion(entry, dataset)
        if isinstance(entry, OfTexts):
            rules = TextRules(self.place, dataset, reader, self._refuse)
            return rules.voices(entry) if isinstance(entry, VoicesEntry) else rules.register(entry)
        value = None if entry.value is None else self._sum(entry.value, dataset, reader)
        match entry:
            case BridgeEntry():
                members = self._split(entry, dataset)
                risk = read_risk(entry, dataset, slices, self._refuse)
                if value is None:
                    return None
                split = entry.split_new_by
                return Bridge(value, entry.over, split.dimension if split else None, members, risk)
            case CohortEntry():
                if len(set(entry.ages)) < len(entry.ages):
                    self._refuse(("ages",), "An age stands twice. Keep one of them.")
                self._check_margin(entry, dataset)
                return Cohort(entry.by, tuple(dict.fromkeys(entry.ages)), value, entry.margin_per)
            case FrequencyEntry():
                return Frequency(entry.every, value)

    def _check_margin(self, entry: CohortEntry, dataset: Dataset) -> None:
        """Customers are valued by the margin of those who are there, not of those who buy now and then."""
        per = entry.margin_per
        if per is None:
            return
        if entry.value is None:
            self._refuse(("margin_per",), "There is no margin to value. Add value: sum(margin).")
        if dataset.event is not None:
            self._refuse(
                ("margin_per",),
                f"{dataset.name!r} holds events, and who did not buy for a while may buy again, so nobody is "
                "known to be lost. Name a dataset with a span or a snapshot.",
            )
        elif dataset.span is None and per is not entry.by:
            self._refuse(
                ("margin_per",),
                f"The value of a snapshot is that of the whole {entry.by}. Write margin_per: {entry.by}.",
            )

    def _sum(self, text: str, dataset: Dataset, reader: Expressions) -> Aggregate | None:
        if text == UNKNOWN:
            return None
        aggregate = reader.aggregate((*self.place, "value"), text, dataset.lookups)
        if aggregate is not None and aggregate.kind is not AggregateKind.SUM:
            told = f"A {self.place[-1]} adds up the value of each entity, and {text} does not add up."
            self._refuse(("value",), f"{told} Write a sum: sum(amount).")
            return None
        return aggregate

    def _split(self, entry: BridgeEntry, dataset: Dataset) -> Mapping[str, str] | None:
        """The lines of new value by the member that each is of; None where it is not split into lines."""
        split = entry.split_new_by
        if split is None:
            return None
        at = ("split_new_by",)
        if split.dimension not in dataset.dimensions:
            hint = did_you_mean(split.dimension, dataset.dimensions)
            told = f"The dataset {dataset.name!r} has no dimension {split.dimension!r}. {hint}"
            self._refuse(self._inside(at, "dimension"), told)
        lines: dict[str, str] = {}
        for index, member in enumerate(split.members):
            line = f"new_{re.sub('[^a-z0-9]+', '_', member.lower()).strip('_')}"
            taken = {OTHER, "new_", "new_count", *(f"{name}_count" for name in (*BRIDGE_LINES, *lines))}
            if line in lines or line in taken:
                told = f"The line of {member!r} would be called {line!r}, which is taken or no name."
                self._refuse((*at, "members", index), f"{told} Leave it to new_other.")
            else:
                lines[line] = member
        return MappingProxyType(lines) or None

    def _conversion(self, entry: ConversionEntry, dataset: Dataset) -> Rule | None:
        other = self._dataset(("to",), entry.to.dataset)
        if other is None:
            return None
        if other.source != dataset.source:
            self._refuse(
                self._inside(("to",), "dataset"),
                f"The dataset {other.name!r} is in the source {other.source!r}, and {dataset.name!r} in "
                f"{dataset.source!r}. A conversion needs both in one source.",
            )
        entity = self._entity(("to",), entry.to.entity or entry.entity, other, shared=entry.to.entity is None)
        reader = self._expressions(other)
        where = self._condition(("to", "where"), entry.to.where, other, reader)
        self._use(other, reader)
        return None if entity is None else Conversion(other.name, entity, entry.within, where)
