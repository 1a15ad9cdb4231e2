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
UNKNOWN_STRATUM = "stratum_that_is_not_told"

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


class VoicesEntry(Entry):
    """What some said in their own words, drawn by lot."""

    named = frozenset({"strata"})
    stand_ins: ClassVar[dict[str, Any]] = {
        **{"dataset": UNTOLD, "text": UNKNOWN, "consent": UNKNOWN},
        "strata": {UNKNOWN_STRATUM: UNKNOWN},
    }

    dataset: Name = Field(description="the dataset of events whose rows have the texts")
    entity: Text | None = Field(None, description=_ENTITY)
    text: Text = Field(description="the column with what was said")
    consent: Text = Field(description="a condition: whose words may be shown, such as consent_research")
    strata: dict[Name, Text] = Field(
        description="name: condition, in order, such as unhappy: score <= 6; of each one text is drawn"
    )
    score: Text | None = Field(None, description="the column with the score that was given")
    by: Annotated[list[Name], OrText()] = Field(
        [], description="the slice of whose every member texts are drawn, such as segment"
    )
    key: Text | None = Field(
        None, description="the column by which lots are drawn; the dataset's own key, if left out"
    )
    where: Text | None = Field(None, description=_WHERE)


class RegisterEntry(Entry):
    """The newest entry of each line of a register."""

    stand_ins: ClassVar[dict[str, Any]] = {
        "dataset": UNTOLD,
        **dict.fromkeys(("line", "status", "evidence", "done"), UNKNOWN),
        "owner": UNKNOWN,
    }

    dataset: Name = Field(description="the dataset of events whose rows are the entries")
    line: Text = Field(description="the column that says which line an entry is of, such as step")
    status: Text = Field(description="the column that says how the line stands")
    evidence: Text = Field(description="the column that says by what it can be shown")
    owner: Text = Field(description="the column that says who answers for it")
    done: Text = Field(description="a condition: what counts as done, such as status = 'done'")
    where: Text | None = Field(None, description=_WHERE)


class DerivationEntry(Entry):
    """One derivation of config/derivations/*.yaml: one of these."""

    bridge: BridgeEntry | None = Field(None, description="what became of each entity's value")
    cohort: CohortEntry | None = Field(None, description="who is still there after some periods")
    conversion: ConversionEntry | None = Field(None, description="who went from one thing to another")
    frequency: FrequencyEntry | None = Field(None, description="how often and how recently each one bought")
    voices: VoicesEntry | None = Field(None, description="what some said in their own words, drawn by lot")
    register_: RegisterEntry | None = Field(
        None, alias="register", description="how each line of a register stands, by its newest entry"
    )


OneEntry = BridgeEntry | CohortEntry | ConversionEntry | FrequencyEntry | VoicesEntry | RegisterEntry

RULES: Mapping[str, type[OneEntry]] = MappingProxyType(
    {
        "bridge": BridgeEntry,
        "cohort": CohortEntry,
        "conversion": ConversionEntry,
        "frequency": FrequencyEntry,
        "voices": VoicesEntry,
        "register": RegisterEntry,
    }
)
