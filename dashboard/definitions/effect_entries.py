"""The shape of one initiative among the effects of a page: a plan of evaluation, written down beforehand."""

from datetime import date
from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from dashboard.definitions.derivation_entries import UNTOLD
from dashboard.definitions.effect_specs import Design, Selection
from dashboard.definitions.entries import UNKNOWN, Entry
from dashboard.definitions.targets import first_day
from dashboard.definitions.values import Months, Name, OneOf, OrText, Text, refusal

BEFORE, AFTER = "24 months", "24 months"


def _month(value: object) -> date:
    day = first_day(value)
    if day is None or day.day != 1:
        shown = f"{value.isoformat()!r}" if isinstance(value, date) else repr(value)
        raise refusal(f"{shown} is no month. Write a month as 2025-10.")
    return day


def _group(value: object) -> object:
    """A group of one dimension needs no brackets."""
    return [value] if isinstance(value, str) else value


Month = Annotated[date, BeforeValidator(_month), WithJsonSchema({"type": "string"})]
Group = Annotated[
    list[Text],
    BeforeValidator(_group),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Groups = Annotated[list[Group], Field(min_length=1)]


class EffectEntry(Entry):
    """An initiative, the metric that it was to move, and by which design it is judged."""

    stand_ins: ClassVar[dict[str, Any]] = {
        "title": UNKNOWN,
        "metric": UNTOLD,
        "begun": "2000-01",
        "design": Design.NONE.value,
    }

    title: Text = Field(description="the name of the initiative")
    metric: Name = Field(description="the metric that it was to move")
    begun: Month = Field(description="the first month with it, such as 2025-10")
    ended: Month | None = Field(
        None,
        description="the first month without it, where it has ended: the year from then on is watched",
    )
    design: Annotated[Design, OneOf(tuple(Design))] = Field(
        description="did (groups with it against groups without), its (before against after) or none"
    )
    because: Text | None = Field(None, description="of the design none: why there is nothing to compare with")
    by: Annotated[list[Name], OrText()] | None = Field(
        None, description="of did: the slice whose members are the groups, such as region"
    )
    treated: Groups | None = Field(None, description="of did: the groups that it reached from begun on")
    controls: Groups | None = Field(None, description="of did: the groups that it did not reach")
    selection: Annotated[Selection, OneOf(tuple(Selection))] | None = Field(
        None,
        description="of did: how the treated were picked: random (by lot), chosen, or extreme (for being bad "
        "or good); chosen if left out",
    )
    before: Months | None = Field(None, description=f"how many months before it count; {BEFORE} if left out")
    after: Months | None = Field(None, description=f"how many months with it count; {AFTER} if left out")
