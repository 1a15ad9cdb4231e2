"""What every panel of a page is made from: definitions, the ledger's answer, and the view."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from dashboard.analysis.intervals import Interval
from dashboard.board.definition_changes import DefinitionChange
from dashboard.board.panels import LockedPanel
from dashboard.board.provenance import Provenance, not_connected, provenance
from dashboard.board.reading import interval_of
from dashboard.board.sheet import Column
from dashboard.board.view import View, member_text
from dashboard.definitions.lineage import datasets_of
from dashboard.definitions.model import Catalog, Metric, Slice
from dashboard.ledger.book import Book
from dashboard.ledger.figures import Figure, covered, figure
from dashboard.measures.parts import connected_part
from dashboard.periods import Period
from dashboard.units import (
    Unit,
    describe_scale,
    format_amount,
    format_change,
    format_count,
    format_period,
    format_value,
    money_scale,
)

Found = TypeVar("Found")


def recorded_slice(catalog: Catalog, metric: Metric, by: Slice) -> Slice:
    """The slice in the order of dimensions in which the datasets under the metric record it."""
    for name in datasets_of(catalog, metric):
        for cut in catalog.origin(name).slices:
            if sorted(cut) == sorted(by):
                return cut
    return by


@dataclass(frozen=True)
class MemberFigure:
    """A metric's figure for one member of a slice, with its interval where the metric has one."""

    member: tuple[str, ...]
    figure: Figure
    interval: Interval | None

    @property
    def label(self) -> str:
        """The member as it is called."""
        return " · ".join(map(member_text, self.member))


@dataclass(frozen=True)
class Desk:
    """Read once from the ledger; panels are made from it and ask nothing more."""

    catalog: Catalog
    book: Book
    view: View
    today: date
    changes: Mapping[str, tuple[DefinitionChange, ...]] = field(default_factory=dict)
    _found: dict[Callable[["Desk"], Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, find: Callable[["Desk"], Found]) -> Found:
        """What a function finds on this desk, found once for all panels that are made from it."""
        if find not in self._found:
            self._found[find] = find(self)
        found: Found = self._found[find]
        return found

    @property
    def period(self) -> Period:
        """The span that headline figures are of."""
        return self.view.period(self.catalog.board.calendar)

    def members(self, metric: Metric, by: Slice) -> tuple[MemberFigure, ...]:
        """The metric for every member of a slice, in alphabetical order; hidden ones have no value."""
        cut = recorded_slice(self.catalog, metric, by)
        order = [cut.index(dimension) for dimension in by]
        found = (self.of(metric, cut, member) for member in self.book.members(cut))
        turned = (replace(each, member=tuple(each.member[place] for place in order)) for each in found)
        return tuple(sorted(turned, key=lambda each: each.member))

    def of(self, metric: Metric, cut: Slice, member: tuple[str, ...]) -> MemberFigure:
        """The metric for one member of a slice as it is recorded."""
        found = figure(self.catalog, self.book, metric, self.period, cut, member)
        return MemberFigure(member, found, interval_of(self.catalog, self.book, metric, found, cut, member))

    def about(self, metrics: Sequence[Metric]) -> tuple[Provenance, ...]:
        """Where the figures come from and how far they can be trusted."""
        return tuple(
            replace(
                provenance(self.catalog, self.book.states, each, self.today),
                changes=self.changes.get(each.id, ()),
            )
            for each in metrics
        )

    def locked(self, key: str, title: str, metrics: Sequence[Metric]) -> LockedPanel | None:
        """The panel in its locked state, where data was never measured; None where all of it was."""
        known = self.book.states
        absent: set[str] = set()
        for metric in metrics:
            names = datasets_of(self.catalog, metric)
            never = any(name not in known or known[name].last_ok_at is None for name in names)
            if never or covered(self.catalog, self.book, metric) is None:
                absent |= {each for name in names for each in not_connected(known, name)}
        return LockedPanel(key, title, tuple(sorted(absent))) if absent else None

    def unsliced(self, key: str, title: str, metrics: Sequence[Metric], by: Slice) -> LockedPanel | None:
        """The panel in its locked state, where what it is cut by is not connected."""
        absent: set[str] = set()
        for metric in metrics if by else ():
            cut = recorded_slice(self.catalog, metric, by)
            for name in datasets_of(self.catalog, metric):
                lacking = not_connected(self.book.states, name)
                part = connected_part(self.catalog, self.catalog.origin(name), lacking) if lacking else None
                if lacking and (part is None or cut not in part.slices):
                    absent |= set(lacking)
        return LockedPanel(key, title, tuple(sorted(absent))) if absent else None

    def text(self, value: float | None, unit: Unit) -> str:
        """A figure as a reader sees it."""
        board = self.catalog.board
        return format_value(value, unit, locale=board.locale, currency=board.currency)

    def change(self, value: float | None, unit: Unit) -> str:
        """A difference as a reader sees it, with its sign."""
        board = self.catalog.board
        return format_change(value, unit, locale=board.locale, currency=board.currency)

    def amounts(self, spans: Sequence[Period]) -> tuple[Column, ...]:
        """The columns of a statement: an amount for each span."""
        locale = self.catalog.board.locale
        return tuple(Column(format_period(span, locale=locale), Unit.CURRENCY) for span in spans)

    def scaled(self, values: Iterable[float | None]) -> tuple[Callable[[float | None], str], str]:
        """How the amounts of a statement are written, all on one scale, and the line that names it."""
        board = self.catalog.board
        scale = money_scale(values)
        named = describe_scale(scale, locale=board.locale, currency=board.currency)
        written = partial(format_amount, scale=scale, locale=board.locale)
        return written, f"amounts in {named}; files hold them in full"

    def count(self, n: float | None) -> str:
        """A number of people or cases as a reader sees it."""
        return format_count(n, locale=self.catalog.board.locale)
