"""Expressions and columns of one dataset, read with their places: what is wrong becomes a Problem at once."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import TypeVar

from dashboard.definitions.expressions import Aggregate, Column, Expression
from dashboard.definitions.model import ColumnUse, Dataset, Lookup
from dashboard.definitions.parsing import ExpressionError, parse_aggregate, parse_condition
from dashboard.definitions.walking import Needed, needs_of, needs_of_aggregate
from dashboard.periods import Grain
from yamlfiles.problems import Problem, did_you_mean
from yamlfiles.reading import Document, Location

Parsed = TypeVar("Parsed")


class Expressions:
    """Reads the expressions of one document, and remembers where each column is used.

    It gathers two lists while a dataset is resolved: the problems of the whole configuration, and the uses.
    """

    def __init__(self, document: Document, problems: list[Problem], lookups: Collection[str]) -> None:
        self._document = document
        self._problems = problems
        self._written = lookups  # with those that are wrong in themselves: naming one is no second fault
        self._used: list[tuple[Location, Needed]] = []

    def refuse(self, location: Location, message: str, *, offset: int = 0, key: bool = False) -> None:
        """Add a problem at a value (`key`: at its key)."""
        self._problems.append(self._document.problem(location, message, of_key=key, offset=offset))

    def aggregate(self, location: Location, text: str, lookups: Mapping[str, Lookup]) -> Aggregate | None:
        """A measure, or None with its problems told."""
        return self._parsed(location, text, lookups, parse_aggregate, needs_of_aggregate)

    def condition(self, location: Location, text: str, lookups: Mapping[str, Lookup]) -> Expression | None:
        """A condition, or None with its problems told."""
        return self._parsed(
            location, text, lookups, parse_condition, lambda read: needs_of(read, "truth", "a condition")
        )

    def dimension(self, name: str, text: str, lookups: Mapping[str, Lookup]) -> Column | None:
        """`segment_code`, `customers.segment` or `Country name`: a column here, or one of a look-up."""
        return self.column(("dimensions", name), text, lookups, "any", f"dimension {name!r}")

    def column(
        self, location: Location, text: str, lookups: Mapping[str, Lookup], need: str, what: str
    ) -> Column | None:
        """A column here or of a look-up, used for `what`, which needs it to hold `need`; see ColumnUse."""
        way, last = _way(text)
        if way is None:
            column = Column(plain_column(text))
        elif way in lookups and last:
            column = Column(plain_column(last), way, 0)
        else:
            if not self._told(way, lookups):
                self.refuse(location, f"There is no look-up {way!r}. {_known_lookups(way, lookups)}")
            return None
        self._used.append((location, (column, need, what)))
        return column

    @property
    def looked_up(self) -> frozenset[str]:
        """The look-ups that anything read so far names."""
        return frozenset(column.lookup for _, (column, _, _) in self._used if column.lookup is not None)

    def _told(self, lookup: str, lookups: Mapping[str, Lookup]) -> bool:
        """Whether a look-up, or the one that it leads through, is wrong in itself: naming it is no fault."""
        head = lookup.partition(".")[0]
        return lookup in self._written or (head in self._written and head not in lookups)

    def uses(self, dataset: Dataset) -> Iterator[ColumnUse]:
        """Every use of a real column by the dataset, with its place."""
        for key, need in (("entity", "any"), ("key", "any"), ("currency", "text")):
            column = getattr(dataset, key)
            if column is not None:
                yield self._use(dataset, (key,), (Column(column), need, key))
        for inside, name in _moments(dataset):
            place = self._document.place(inside, of_key=False)
            need = "quarter" if dataset.covers is Grain.QUARTER else "moment"
            yield self._use(dataset, inside[:1], (Column(name), need, inside[0]), place)
        for name, lookup in dataset.lookups.items():
            if lookup.through is not None:  # its own dataset tells of that column
                continue
            needed = Column(lookup.column), "any", key_of(name)
            yield self._use(dataset, ("lookups", name), needed)
        yield from self.used(dataset)

    def used(self, dataset: Dataset) -> Iterator[ColumnUse]:
        """The uses by what has been read: expressions and dimensions."""
        for location, needed in self._used:
            yield self._use(dataset, location, needed)

    def _use(
        self, dataset: Dataset, location: Location, needed: Needed, place: tuple[int, int] | None = None
    ) -> ColumnUse:
        column, need, what = needed
        owner = dataset.name if column.lookup is None else dataset.lookups[column.lookup].dataset
        line, at = place or self._document.place(location, of_key=False, offset=column.offset)
        return ColumnUse(owner, column.name, need, what, self._document.file, line, at)

    def _parsed(
        self,
        location: Location,
        text: str,
        lookups: Mapping[str, Lookup],
        parse: Callable[[str], Parsed],
        needs: Callable[[Parsed], Iterable[Needed]],
    ) -> Parsed | None:
        try:
            read = parse(text)
        except ExpressionError as error:
            self.refuse(location, error.message, offset=error.offset)
            return None
        needed = list(needs(read))
        unknown = [
            column for column, _, _ in needed if column.lookup is not None and column.lookup not in lookups
        ]
        for column in unknown:
            name = column.lookup or ""
            if not self._told(name, lookups):
                told = f"There is no look-up {name!r}. {_known_lookups(name, lookups)}"
                self.refuse(location, told, offset=column.offset)
        if unknown:
            return None
        self._used.extend((location, one) for one in needed)
        return read


def _moments(dataset: Dataset) -> Iterator[tuple[tuple[str, str], str]]:
    """The columns that say when, each with the key that names it."""
    if dataset.event is not None:
        yield ("annotations" if dataset.annotations else "event", "at"), dataset.event
    if dataset.span is not None:
        yield ("span", "start"), dataset.span.start
        yield ("span", "end"), dataset.span.end
    if dataset.snapshot is not None:
        yield ("snapshot", "at"), dataset.snapshot


def plain_column(text: str) -> str:
    """The name of a column as the database knows it: as written, or what stands in double quotes."""
    if len(text) > 2 and text[0] == text[-1] == '"':
        return text[1:-1].replace('""', '"')
    return text


def _way(text: str) -> tuple[str | None, str]:
    """The look-ups and the column of `customers.regions.country`; no look-up where the column is here.

    What stands in double quotes is one name, dots and all.
    """
    if text.startswith('"'):
        return None, text
    front, quote, quoted = text.partition('."')
    if quote:
        return front, f'"{quoted}'
    way, dot, last = text.rpartition(".")
    return (way if dot else None), last


def key_of(lookup: str) -> str:
    """What the column that a look-up is joined by is used for."""
    return f"the key of the look-up {lookup!r}"


def _known_lookups(name: str, lookups: Mapping[str, Lookup]) -> str:
    return did_you_mean(name, lookups) if lookups else "Add it under lookups: {dataset: column}."
