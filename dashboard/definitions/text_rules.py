"""Entries of the kinds voices and register -> their rules: columns with texts, and conditions."""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType

from dashboard.definitions.dataset_columns import Expressions
from dashboard.definitions.derivation import Register, Voices
from dashboard.definitions.derivation_entries import RegisterEntry, VoicesEntry
from dashboard.definitions.entries import UNKNOWN
from dashboard.definitions.expressions import Column, Expression
from dashboard.definitions.model import Dataset, Slice
from yamlfiles.problems import did_you_mean
from yamlfiles.reading import Location


@dataclass(frozen=True)
class TextRules:
    """Resolves what the two kinds have of their own; `refuse` tells a fault at a place in the entry."""

    place: Location
    dataset: Dataset
    reader: Expressions
    refuse: Callable[[Location, str], None]

    def voices(self, entry: VoicesEntry) -> Voices | None:
        """The rule of texts drawn by lot; None, with every reason told, where something is wrong."""
        text = self._column("text", entry.text, "text")
        score = None if entry.score is None else self._column("score", entry.score, "number")
        consent = self._condition(("consent",), entry.consent)
        key = self._key(entry)
        if not entry.strata:
            self.refuse(
                ("strata",),
                "There is no stratum to draw from. Write conditions by name: {unhappy: score <= 6}.",
            )
        strata = {name: self._condition(("strata", name), each) for name, each in entry.strata.items()}
        found = {name: each for name, each in strata.items() if each is not None}
        by = self._by(entry)
        if text is None or consent is None or key is None or by is None:
            return None
        if entry.score is not None and score is None:
            return None
        whole = bool(strata) and len(found) == len(strata)
        return Voices(text, consent, key, MappingProxyType(found), score, by) if whole else None

    def register(self, entry: RegisterEntry) -> Register | None:
        """The rule of newest entries; None, with every reason told, where something is wrong."""
        status = self._column("status", entry.status, "any")
        evidence = self._column("evidence", entry.evidence, "any")
        owner = self._column("owner", entry.owner, "any")
        done = self._condition(("done",), entry.done)
        if status is None or evidence is None or owner is None or done is None:
            return None
        return Register(status, evidence, owner, done)

    def _column(self, key: str, text: str, need: str) -> Column | None:
        if text == UNKNOWN:
            return None
        return self.reader.column((*self.place, key), text, self.dataset.lookups, need, key)

    def _condition(self, key: Location, text: str) -> Expression | None:
        if text == UNKNOWN:
            return None
        return self.reader.condition((*self.place, *key), text, self.dataset.lookups)

    def _key(self, entry: VoicesEntry) -> Column | None:
        if entry.key is not None:
            return self._column("key", entry.key, "any")
        if self.dataset.key is not None:
            return Column(self.dataset.key)
        told = f"There is nothing to draw lots by: the dataset {self.dataset.name!r} has no key."
        self.refuse(("dataset",), f"{told} Add key: a column in which no value stands twice.")
        return None

    def _by(self, entry: VoicesEntry) -> Slice | None:
        """At most two dimensions of the dataset."""
        by = tuple(entry.by)
        unknown = [name for name in by if name not in self.dataset.dimensions]
        for name in unknown:
            hint = "Add it to its dimensions."
            if self.dataset.dimensions:
                hint = did_you_mean(name, self.dataset.dimensions)
            self.refuse(("by",), f"The dataset {self.dataset.name!r} has no dimension {name!r}. {hint}")
        if unknown:
            return None
        if len(by) > 2 or len(set(by)) < len(by):
            self.refuse(("by",), "A slice is one dimension, or two different ones: [plan, segment].")
            return None
        return by
