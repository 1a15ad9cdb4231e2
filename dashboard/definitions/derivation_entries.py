"""The shape of config/derivations/*.yaml, as pydantic models; descriptions as in entries.py."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import Field

from dashboard.definitions.entries import CALENDAR, UNKNOWN, Entry
from dashboard.definitions.values import Days, Months, Name, OneOf, OrText, Text
from dashboard.periods import Grain

EVERY = ("day", "week", "month")
OLDEST_AGE = 120
UNTOLD = "dataset_that_is_not_told"  # stands in for a name that is wrong in itself

_ENTITY = "the column that says whose row it is; the dataset's own, if left out"
_WHERE = "a condition: rows that do not meet it are left out"
_SLICES = "dimensions that figures are cut by; those of the dataset, if left out"
_Slices = list[Annotated[list[Name], OrText()]]


class SplitEntry(Entry):
    """The dimension that says where new value comes from, and members with a line of their own."""

    dimension: Name = Field(description="a dimension of the dataset, such as acquisition_source")
    members: list[Text] = Field([], description="members with a line of their own, such as [earned, bought]")


class RiskEntry(Entry):
    """Whose chances differ, and what the value is the revenue of."""

    by: Name | None = Field(None, description="a slice whose members have chances of their own")
    revenue_per: Annotated[Grain, OneOf(CALENDAR)] | None = Field(
        None, description="of spans and snapshots: the value is the revenue a month, quarter or year"
    )


class BridgeEntry(Entry):
    """What became of each entity's value."""

    stand_ins: ClassVar[dict[str, Any]] = {"dataset": UNTOLD, "value": UNKNOWN, "over": "1 month"}

    dataset: Name = Field(description="the dataset whose rows have the value")
    entity: Text | None = Field(None, description=_ENTITY)
    value: Text = Field(description="a sum, such as sum(amount)")
    over: Months = Field(description="how far apart the two ends are, such as 12 months")
    split_new_by: Annotated[SplitEntry, OrText("dimension")] | None = Field(
        None, description="a dimension, or {dimension: name, members: [earned, bought]}"
    )
    risk: RiskEntry | None = Field(
        None, description="the revenue at risk is told, too, such as {by: segment, revenue_per: month}"
    )
    where: Text | None = Field(None, description=_WHERE)
    slices: _Slices | None = Field(None, description=_SLICES)


class CohortEntry(Entry):
    """Entities by the period of their first row, and how many are there again later."""

    stand_ins: ClassVar[dict[str, Any]] = {"dataset": UNTOLD, "by": "month"}

    dataset: Name = Field(description="the dataset whose rows say that an entity is there")
    entity: Text | None = Field(None, description=_ENTITY)
    by: Annotated[Grain, OneOf(CALENDAR)] = Field(description="month, quarter or year")
    ages: list[Annotated[int, Field(ge=1, le=OLDEST_AGE)]] = Field(
        [], description="ages with measures of their own, such as [1, 3, 12]"
    )
    value: Text | None = Field(None, description="a sum, such as sum(amount)")
    margin_per: Annotated[Grain, OneOf(CALENDAR)] | None = Field(
        None,
        description="the value is the margin a month, quarter or year; then the customers are valued, too",
    )
    where: Text | None = Field(None, description=_WHERE)
    slices: _Slices | None = Field(None, description=_SLICES)


class EndEntry(Entry):
    """One end of a conversion."""

    stand_ins: ClassVar[dict[str, Any]] = {"dataset": UNTOLD}

    dataset: Name = Field(description="a dataset of events")
    entity: Text | None = Field(None, description=_ENTITY)
    where: Text | None = Field(None, description=_WHERE)


class ConversionEntry(Entry):
    """Who went from one thing to another within some days."""

    stand_ins: ClassVar[dict[str, Any]] = {
        "from": {"dataset": UNTOLD},
        "to": {"dataset": UNTOLD},
        "within": "1 day",
    }

    from_: Annotated[EndEntry, OrText("dataset")] = Field(
        alias="from", description="a dataset of events, or {dataset: name, where: condition}"
    )
    to: Annotated[EndEntry, OrText("dataset")] = Field(
        description="a dataset of events, or {dataset: name, where: condition}"
    )
    within: Days = Field(description="how many days it may take, such as 90 days")
    entity: Text | None = Field(None, description="the column in both datasets that says whose row it is")
    slices: _Slices | None = Field(None, description="dimensions of `from` that figures are cut by")


class FrequencyEntry(Entry):
    """How often and how recently each entity was there."""

    stand_ins: ClassVar[dict[str, Any]] = {"dataset": UNTOLD, "every": "day"}

    dataset: Name = Field(description="the dataset whose rows are purchases")
    entity: Text | None = Field(None, description=_ENTITY)
    every: Annotated[str, OneOf(EVERY)] = Field(description="the unit of time: day, week or month")
    value: Text | None = Field(None, description="a sum, such as sum(amount)")
    where: Text | None = Field(None, description=_WHERE)


class DerivationEntry(Entry):
    """One derivation of config/derivations/*.yaml: one of the four."""

    bridge: BridgeEntry | None = Field(None, description="what became of each entity's value")
    cohort: CohortEntry | None = Field(None, description="who is still there after some periods")
    conversion: ConversionEntry | None = Field(None, description="who went from one thing to another")
    frequency: FrequencyEntry | None = Field(None, description="how often and how recently each one bought")


RULES: Mapping[str, type[BridgeEntry | CohortEntry | ConversionEntry | FrequencyEntry]] = MappingProxyType(
    {"bridge": BridgeEntry, "cohort": CohortEntry, "conversion": ConversionEntry, "frequency": FrequencyEntry}
)
