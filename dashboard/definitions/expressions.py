"""The closed grammar of measures: what an expression may be once parsed. No text from YAML goes further."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

Scalar = str | int | float | bool | None


class AggregateKind(StrEnum):
    """How many rows become one value."""

    COUNT = "count"
    COUNT_DISTINCT = "count_distinct"
    SUM = "sum"
    AVG = "avg"
    MIN = "min"
    MAX = "max"
    MEDIAN = "median"
    PERCENTILE = "percentile"
    ONLY = "only"  # the value of the one row that there is: a figure worked out elsewhere


ADDITIVE = frozenset({AggregateKind.COUNT, AggregateKind.SUM, AggregateKind.AVG})


@dataclass(frozen=True)
class Column:
    """A column of the dataset's table, or of a look-up: `score`, `customers.segment`."""

    name: str
    lookup: str | None = None
    offset: int = 0


@dataclass(frozen=True)
class Literal:
    """A value written in the YAML; it reaches the database as a bound parameter."""

    value: Scalar


@dataclass(frozen=True)
class Operation:
    """An operator or function over operands.

    Operators: `+ - * / %`, `= <> < <= > >=`, `and or not`, `in between like is_null neg`;
    functions: `coalesce nullif abs round lower datediff` (`datediff(unit, from, to)`, the unit a Literal).
    `between` is (value, low, high); `in` is (value, member, ...); `like` is (value, pattern).
    """

    operator: str
    operands: tuple["Expression", ...]


@dataclass(frozen=True)
class Case:
    """`case when condition then result ... else otherwise end`; `otherwise` None gives null."""

    branches: tuple[tuple["Expression", "Expression"], ...]
    otherwise: "Expression | None" = None


Expression = Column | Literal | Operation | Case


@dataclass(frozen=True)
class Aggregate:
    """One aggregate: `count(distinct customer_id) filter (where score >= 9)`.

    `argument` None is `count(*)`; `fraction` is the percentile asked, 0 to 1.
    """

    kind: AggregateKind
    argument: Expression | None = None
    where: Expression | None = None
    fraction: float | None = None

    @property
    def additive(self) -> bool:
        """Whether months add up to quarters and years (an average as sum and count)."""
        return self.kind in ADDITIVE


# Formulas: arithmetic over measures and metrics ---------------------------------------------------------


@dataclass(frozen=True)
class Number:
    """A constant of a formula."""

    value: float


@dataclass(frozen=True)
class MeasureRef:
    """`survey_responses.promoters`."""

    dataset: str
    measure: str
    offset: int = 0

    @cached_property  # it is looked up by month and member
    def key(self) -> str:
        """The name under which the ledger knows the measure."""
        return f"{self.dataset}.{self.measure}"


@dataclass(frozen=True)
class MetricRef:
    """Another metric, by name."""

    metric: str
    offset: int = 0


@dataclass(frozen=True)
class Calculation:
    """`+ - * / neg`, comparison and boolean operators, `coalesce nullif abs round`, over formula parts."""

    operator: str
    operands: tuple["Formula", ...]


@dataclass(frozen=True)
class Choice:
    """`case when ... then ... else ... end` over formula parts."""

    branches: tuple[tuple["Formula", "Formula"], ...]
    otherwise: "Formula | None" = None


@dataclass(frozen=True)
class TimeShift:
    """`prior(x)`, `year_ago(x)`, `trailing(x, months)`, `to_date(x)`, `opening(x)`: x over another span."""

    kind: str
    operand: "Formula"
    months: int = 0


Formula = Number | MeasureRef | MetricRef | Calculation | Choice | TimeShift
