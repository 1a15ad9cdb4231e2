"""The shape of the YAML files, as pydantic models: names and types of keys, nothing that needs another file.

Descriptions serve twice: in the JSON Schemas of editors, and as the remedy when a key is missing.
"""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema, field_validator, model_validator
from pydantic_core import PydanticCustomError

from dashboard.definitions.model import At, Better, ChartKind, IntervalKind, Side
from dashboard.definitions.values import (
    Days,
    Lag,
    Months,
    Name,
    OneOf,
    OrText,
    Text,
    ZoneName,
    describe,
    refusal,
)
from dashboard.periods import Grain
from dashboard.units import Unit

CALENDAR = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
UNKNOWN = "?"


class Entry(BaseModel):
    """A mapping of the YAML: no unknown key, no value of another type taken for the right one.

    `planned` names keys that the language has but this version does not, with what to say about them.
    `named` are fields that hold entries by name, of which one may be wrong. `stand_ins` are values for
    required fields that are wrong, so that the rest can be checked; an entry with one is never shown.
    """

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
    planned: ClassVar[dict[str, str]] = {}
    named: ClassVar[frozenset[str]] = frozenset()
    stand_ins: ClassVar[dict[str, Any]] = {}

    @field_validator("*", mode="before")
    @classmethod
    def _given(cls, value: object) -> object:
        """`where: #1 = 2` is a comment to YAML: an empty value would take the filter away without a word."""
        if value is None:
            raise refusal("There is no value behind the colon. Write one (in quotes, if it begins with #).")
        return value


class EventEntry(Entry):
    """When a row happened."""

    at: Text = Field(description="the column with the date or time")
    covers: Annotated[Grain, OneOf(CALENDAR)] | None = Field(
        None, description="month, quarter or year, if a row stands for a whole one"
    )


class SpanEntry(Entry):
    """From when to when a row lasts."""

    start: Text = Field(description="the column with the first day")
    end: Text = Field(description="the column with the first day after it; empty while it is running")
    covers: Annotated[Grain, OneOf((Grain.MONTH,))] | None = Field(
        None, description="month, if the dates stand for whole months"
    )


class SnapshotEntry(Entry):
    """As of when a row describes a state."""

    at: Text = Field(description="the column with the day of the state")
    covers: Annotated[Grain, OneOf(CALENDAR)] | None = Field(
        None, description="month, quarter or year, if a row stands for a whole one"
    )


class MeasureEntry(Entry):
    """An aggregate, and of spans the moment at which they are looked at."""

    value: Text = Field(description="one aggregate, such as count(*)")
    at: Annotated[At, OneOf(tuple(At))] | None = Field(
        None, description="of a span: open, close, start or end"
    )

    @model_validator(mode="before")
    @classmethod
    def _text_or_mapping(cls, value: object) -> object:
        if not isinstance(value, Mapping):
            raise refusal(f"A measure is a text, and this is {describe(value)}. Write one, such as count(*).")
        return value


class LookupEntry(Entry):
    """A many-to-one join to another dataset of the same source."""

    dataset: Name | None = Field(None, description="the dataset that is looked up, if its name is another")
    column: Text = Field(description="the column here that holds its key")


class AnnotationsEntry(Entry):
    """The columns of a table of annotations, which are drawn on trends."""

    at: Text = Field(description="the column with the day")
    text: Text = Field(description="the column with what happened")
    kind: Text | None = Field(None, description="the column with the kind: event, rebase, definition ...")
    scope: Text | None = Field(None, description="the column with the metric it is about; empty or all: all")


class ScenarioEntry(Entry):
    """Which rows are actual, and which are of last year, planned or forecast."""

    column: Text = Field(description="the column that says which")
    actual: Text = Field(description="its value for what happened, such as AC")
    previous_year: Text | None = Field(None, description="its value for the year before, such as PY")
    plan: Text | None = Field(None, description="its value for the plan, such as PL")
    forecast: Text | None = Field(None, description="its value for the forecast, such as FC")


class SignsEntry(Entry):
    """Which amounts are taken off: by the account they are booked on, or by a column of 1 and -1."""

    of: Text = Field(description="the column of the amounts")
    by: Text | None = Field(None, description="the column with the account or its group")
    minus: list[Text] | None = Field(None, description="the accounts whose amounts are taken off")
    column: Text | None = Field(None, description="instead: a column that holds 1 or -1")

    @model_validator(mode="after")
    def _one_way(self) -> "SignsEntry":
        by_account = self.by is not None and bool(self.minus)
        if by_account is (self.column is not None) or (self.by is None) is not (self.minus is None):
            raise PydanticCustomError(
                "problem",
                "Signs come by account or from a column. "
                "Write {of: amount, by: account, minus: [costs]} or {of: amount, column: sign}.",
            )
        return self


class DriversEntry(Entry):
    """Which columns may go with an outcome; all of them hold numbers."""

    outcome: Name = Field(description="the column of the outcome, such as would_recommend")
    among: Annotated[list[Name], Field(min_length=1)] = Field(
        description="the columns of the drivers, one to ten"
    )


class DatasetEntry(Entry):
    """config/datasets/<name>.yaml."""

    named = frozenset({"lookups", "dimensions", "measures"})
    stand_ins = {"source": UNKNOWN}

    source: Text = Field(description="the source, a file of config/sources")
    table: Text | None = Field(None, description="a table or view, such as public.answers")
    query: Text | None = Field(None, description="a .sql file beside this one: one SELECT")
    event: Annotated[EventEntry, OrText("at")] | None = Field(
        None, description="the column with the date or time"
    )
    span: SpanEntry | None = Field(None, description="{start: column, end: column} of what lasts a while")
    snapshot: Annotated[SnapshotEntry, OrText("at")] | None = Field(
        None, description="the column with the day of a recorded state"
    )
    annotations: AnnotationsEntry | None = Field(
        None, description="{at: column, text: column} of what is drawn on trends"
    )
    entity: Text | None = Field(None, description="the column that says whose row it is, such as customer_id")
    key: Text | None = Field(None, description="a column in which no value stands twice")
    currency: Text | None = Field(
        None, description="the column with the currency of a row's amounts, which must be the company's own"
    )
    where: Text | None = Field(None, description="a condition: rows that do not meet it are left out")
    lookups: dict[Name, Annotated[LookupEntry, OrText("column")]] = Field(
        {}, description="dataset: column that holds its key"
    )
    dimensions: dict[Name, Text] = Field({}, description="dimension: column, or lookup.column")
    slices: list[Annotated[list[Name], OrText()]] = Field(
        [], description="dimensions that figures are cut by"
    )
    measures: dict[Name, Annotated[MeasureEntry, OrText("value")]] = Field(
        {}, description="name: one aggregate, such as count(*); of a span {value: count(*), at: close}"
    )
    scenario: ScenarioEntry | None = Field(
        None, description="{column: scenario, actual: AC, plan: PL}: which rows are actual, which planned"
    )
    signs: SignsEntry | None = Field(
        None, description="{of: amount, by: account, minus: [costs]}: which amounts are taken off"
    )
    drivers: DriversEntry | None = Field(
        None, description="{outcome: column, among: [columns]}: what may go with an outcome"
    )
    survey: bool = Field(False, description="true, if the rows are answers of those who chose to answer")
    time_zone: ZoneName | None = Field(None, description="the zone in which times without zone were written")
    freshness: Days | None = Field(None, description="how old the newest row may be, such as 35 days")
    restate: Months | None = Field(None, description="how far back rows still change, such as 13 months")


class NeighbourEntry(Entry):
    """The metric on the other side of a pair, or the reason why there is none."""

    metric: Name | None = Field(None, description="the metric on the other side")
    sign: Annotated[str, OneOf(("plus", "minus", "none"))] | None = Field(
        None, description="plus, minus or none"
    )
    lag: Lag | None = Field(None, description="quarters until it shows, such as 2-4 quarters")
    because: Text | None = Field(None, description="why they should move together")
    none: Text | None = Field(None, description="why there is no neighbour")

    @model_validator(mode="after")
    def _one_or_none(self) -> "NeighbourEntry":
        given = self.metric, self.sign, self.lag, self.because
        if self.none is not None and any(part is not None for part in given):
            raise PydanticCustomError(
                "problem", "`none` stands alone. Take out metric, sign, lag and because."
            )
        absent = [key for key in ("metric", "sign", "because") if getattr(self, key) is None]
        if self.none is None and absent:
            raise PydanticCustomError(
                "problem",
                "The neighbour has no {absent}. {remedy}",
                {
                    "absent": " and no ".join(absent),
                    "remedy": "Write {metric: ..., sign: plus, because: ...} or {none: reason}.",
                },
            )
        return self


class CoverageEntry(Entry):
    """The share of those asked who answered, or the reason why it is not known."""

    metric: Name | None = Field(None, description="the metric that says how many of those asked answered")
    of: dict[Name, Text] = Field({}, description="the survey among several, such as {instrument: nps}")
    none: Text | None = Field(None, description="why it is not known")

    @model_validator(mode="after")
    def _one_or_none(self) -> "CoverageEntry":
        if (self.metric is None) is (self.none is None) or (self.of and self.metric is None):
            raise PydanticCustomError(
                "problem",
                "A coverage is a metric or a reason why there is none. "
                "Write survey_response_rate, {metric: survey_response_rate, of: {instrument: nps}} "
                "or {none: reason}.",
            )
        return self


class MetricEntry(Entry):
    """One metric of config/metrics/*.yaml."""

    stand_ins = {
        **dict.fromkeys(("name", "question", "why", "formula", "owner"), UNKNOWN),
        **{"unit": "count", "better": "neutral", "side": "customer", "neighbour": {"none": UNKNOWN}},
    }

    name: Text = Field(description="the name as a board reads it")
    question: Text = Field(description="the question of the board that it answers")
    why: Text = Field(description="why the company measures it")
    formula: Text = Field(description="arithmetic over dataset.measure and metric names")
    unit: Annotated[Unit, OneOf(tuple(Unit))] = Field(description=", ".join(Unit))
    better: Annotated[Better, OneOf(tuple(Better))] = Field(description=", ".join(Better))
    side: Annotated[Side, OneOf(tuple(Side))] = Field(description=", ".join(Side))
    interval: Annotated[IntervalKind, OneOf(tuple(IntervalKind))] = Field(
        IntervalKind.NONE, description=", ".join(IntervalKind)
    )
    chart: Annotated[ChartKind, OneOf(tuple(ChartKind))] = Field(
        ChartKind.XMR, description=f"by which months are judged: {', '.join(ChartKind)}"
    )
    base: Text | None = Field(None, description="n: the measure that counts what the figure rests on")
    owner: Text = Field(description="who answers for the figure")
    action: Text | None = Field(None, description="what is done when it signals")
    target: Annotated[
        Any,
        WithJsonSchema(
            {
                "anyOf": [
                    {"type": "object", "additionalProperties": {"type": ["number", "string", "object"]}},
                    {"type": "string"},
                ]
            }
        ),
    ] = Field(None, description="{2026-04: 40}, a dataset.measure, or {none: reason}")
    neighbour: NeighbourEntry = Field(description="{metric: ..., sign: plus, because: ...} or {none: reason}")
    coverage: Annotated[CoverageEntry, OrText("metric")] | None = Field(
        None, description="of a survey, the metric that says how many of those asked answered"
    )
    activity: bool = Field(False, description="true, if it counts what we do and not what came of it")
    feeds_pay: bool = Field(False, description="true, if somebody's pay depends on it")
    source: Text | None = Field(None, description="where the definition comes from")
    pitfalls: Text | None = Field(None, description="how the figure may mislead")
    tolerance: Annotated[float, Field(ge=0, allow_inf_nan=False)] = Field(
        0.0, description="by how much a closed figure may differ before it counts as restated"
    )
