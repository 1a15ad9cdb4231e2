"""Where measures come from: datasets of the kinds event, span and snapshot, and what they measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from dashboard.definitions.expressions import Aggregate, Column, Expression
from dashboard.periods import Grain

Slice = tuple[str, ...]  # the dimensions it is cut by, in order; () is everything together


class Behaviour(StrEnum):
    """What a measure's value over several months is, given its values by month."""

    FLOW = "flow"  # the sum of the months
    EXACT = "exact"  # asked of the source at every grain, for it cannot be added up
    CLOSE = "close"  # the value at the end: that of the last month
    OPEN = "open"  # the value just before the beginning: that of the first month


SCENARIOS = ("plan", "forecast", "previous_year")  # beside what happened; each also a function of formulas
ANNOTATED = ("kind", "scope", "text")  # the dimensions of a dataset of annotations
MARKS = "marks"  # its one measure, of which the ledger knows kind, scope and text as members

STOCKS = frozenset({Behaviour.CLOSE, Behaviour.OPEN})

# At the end of a version: a stock whose members do not add up to the whole. The ledger knows measures by key
# and version alone, and of flows it sees that they were asked at every grain.
INDIVISIBLE = "!"


class At(StrEnum):
    """The moment of a span at which a measure counts it."""

    OPEN = "open"  # those running when the period begins
    CLOSE = "close"  # those running when the period ends
    START = "start"  # those that start in the period
    END = "end"  # those that end in the period


@dataclass(frozen=True)
class Lookup:
    """A many-to-one join: `column` of the dataset equals `key` of the dataset `dataset` (same source).

    `through` names the look-up that has `column` where the dataset itself has not: `customers.regions` leads
    through `customers`.
    """

    name: str
    dataset: str
    column: str
    key: str
    through: str | None = None


@dataclass(frozen=True)
class Measure:
    """An aggregate over a dataset, or a line of a derivation. `version` hashes all that its number rests on.

    `at` is the moment of a span dataset's measure, None elsewhere. Of a derivation, `dataset` is the
    derivation's name, `aggregate` says what sort of number it is (a sum or a count), and `text` how it comes
    about.
    """

    name: str
    dataset: str
    aggregate: Aggregate
    text: str
    version: str
    behaviour: Behaviour = Behaviour.FLOW
    at: At | None = None

    @property
    def key(self) -> str:
        """The name under which the ledger knows it: `survey_responses.promoters`."""
        return f"{self.dataset}.{self.name}"


@dataclass(frozen=True)
class Span:
    """The columns of a row's first day and of the first day after it; an empty end is still running."""

    start: str
    end: str


@dataclass(frozen=True)
class Drivers:
    """What may go with an outcome: columns of numbers, of which the first is the outcome."""

    outcome: str
    among: tuple[str, ...]

    @property
    def variables(self) -> tuple[str, ...]:
        """The outcome, then its drivers."""
        return (self.outcome, *self.among)


@dataclass(frozen=True)
class ColumnUse:
    """A place in the YAML that names a column of a real table, for the check against the databases.

    `need` says what the column must hold: any, number, text, moment (a date or time), quarter (a moment,
    or a text such as 2017-Q4), truth, worded (no number), words (a text, compared with one that is no date).
    """

    dataset: str  # whose table has the column: of a look-up, the dataset that is looked up
    column: str
    need: str
    what: str  # what it is used for: "sum", "event", "the key of look-up 'customers'"
    file: str
    line: int
    place: int  # column in the line


@dataclass(frozen=True)
class Dataset:
    """config/datasets/<name>.yaml.

    One of `event`, `span` and `snapshot` says how it lies in time; with none of them it is a reference
    dataset, only looked up.

    `scenarios` names, by scenario, the datasets of its plan, forecast and previous year: the same table under
    another condition. Of these, `scenario_of` names the dataset of what happened.
    """

    name: str
    source: str
    table: str | None
    query: str | None  # the text of the .sql file: one SELECT
    query_file: str | None
    event: str | None
    covers: Grain | None  # a row stands for this whole month, quarter or year, not for a moment
    entity: str | None
    key: str | None  # unique over the rows: a repeated one is an error at refresh
    currency: str | None  # what stands in it must be the company's own currency: else an error at refresh
    where: Expression | None
    lookups: Mapping[str, Lookup]
    dimensions: Mapping[str, Column]
    slices: tuple[Slice, ...]  # () first, then as declared
    measures: Mapping[str, Measure]
    time_zone: str | None  # zone in which time stamps without zone were written; None is the company's own
    freshness_days: int | None
    restate_months: int | None  # None: 13
    file: str = ""
    span: Span | None = None
    snapshot: str | None = None
    annotations: bool = False  # its rows are drawn on trends; see ANNOTATED
    scenarios: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    scenario_of: str | None = None
    survey: bool = False  # its rows are answers, of those who chose to answer
    drivers: Drivers | None = None  # what may go with an outcome of its rows
    rows_at: tuple[int, int] = field(default=(1, 1), compare=False)  # where its file names table or query

    @property
    def rows_of(self) -> str:
        """The table, or the file of the query, that its rows are from."""
        return self.table or self.query_file or ""

    def way_to(self, lookup: str) -> tuple[str, ...]:
        """The look-ups to join for one of them: that one, behind the one that it leads through."""
        through = self.lookups[lookup].through
        return (lookup,) if through is None else (through, lookup)

    @property
    def moments(self) -> tuple[str, ...]:
        """The columns that say when its rows are."""
        of_span = () if self.span is None else (self.span.start, self.span.end)
        return (*(column for column in (self.event, self.snapshot) if column is not None), *of_span)

    @property
    def timed(self) -> bool:
        """Whether its rows lie in time, so that they can be measured."""
        return bool(self.moments)
