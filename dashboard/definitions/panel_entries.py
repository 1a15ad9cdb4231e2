"""The shape of config/pages/<name>.yaml: a question, and the exhibits that answer it."""

from typing import Annotated, Any, ClassVar

from pydantic import BeforeValidator, Field, WithJsonSchema

from dashboard.definitions.derivation_entries import UNTOLD
from dashboard.definitions.effect_entries import EffectEntry
from dashboard.definitions.entries import UNKNOWN, Entry
from dashboard.definitions.values import Months, Name, OrText, Text

Two = Annotated[list[Name], Field(min_length=2, max_length=2)]


_TEXT_OR_NUMBER = {"type": ["string", "integer"]}


def _as_text(value: object) -> object:
    """A step that is called by its number needs no quotes."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


class ItemEntry(Entry):
    """One item of a checklist, and the metric by which it is scored."""

    stand_ins: ClassVar[dict[str, Any]] = {"item": UNKNOWN}

    item: Text = Field(description="what is to be done, such as Minimise complaints")
    metric: Name = Field(description="the metric that says how far it is")
    line: Annotated[Text, BeforeValidator(_as_text), WithJsonSchema(_TEXT_OR_NUMBER)] | None = Field(
        None, description="with a gate: the line of the register that it is"
    )


class GateEntry(Entry):
    """What must be answered before something may go on."""

    stand_ins: ClassVar[dict[str, Any]] = {"register": UNTOLD, "within": "12 months"}

    register_: Name = Field(alias="register", description="the register that says how each line stands")
    within: Months = Field(description="how old evidence may be, such as 12 months")
    holds_back: Name | None = Field(
        None, description="the metric that is flagged while the gate is not passed"
    )


# Written out in place: a panel's schema stands inside that of a page, where a reference would lead nowhere.
OneItem = Annotated[ItemEntry, WithJsonSchema(ItemEntry.model_json_schema())]
OneEffect = Annotated[Any, WithJsonSchema(EffectEntry.model_json_schema())]  # read one by one
OneGate = Annotated[GateEntry, WithJsonSchema(GateEntry.model_json_schema())]


class PanelEntry(Entry):
    """One exhibit of a page: one of the kinds, and what belongs to it."""

    pair: Name | None = Field(None, description="a metric, drawn with its neighbour")
    trend: Name | None = Field(None, description="a metric, drawn over time; with by, a chart for each group")
    ranking: Name | None = Field(None, description="a metric by the groups of a slice, with intervals")
    pareto: Name | None = Field(None, description="a metric by the causes of a slice, largest first")
    matrix: Name | None = Field(None, description="a metric by the fields of a slice of two dimensions")
    dumbbell: Two | None = Field(None, description="two metrics by the items of a slice, and their distance")
    butterfly: Two | None = Field(None, description="two metrics by the items of a slice, back to back")
    bullet: Name | None = Field(None, description="a metric by the items of a slice, against another metric")
    bridge: Name | None = Field(None, description="a bridge, or a cohort with margin_per, as a waterfall")
    statement: Name | None = Field(
        None, description="a bridge, or a cohort with margin_per, as a table of spans"
    )
    cohort: Name | None = Field(
        None, description="a derivation of the kind cohort, as a grid of shares by age"
    )
    survival: Name | None = Field(
        None, description="a derivation of the kind cohort over spans, as curves; with by, one for each group"
    )
    evidence: Name | None = Field(
        None, description="a metric, for the belief about it and its neighbour; all, for every belief"
    )
    effects: Annotated[list[OneEffect], Field(min_length=1)] | None = Field(
        None, description="initiatives, each with the metric that it was to move and how that is judged"
    )
    drivers: Name | None = Field(
        None, description="a dataset with drivers: how much each goes with the outcome"
    )
    checklist: Annotated[list[OneItem], Field(min_length=1)] | None = Field(
        None, description="practices, each scored by a metric: {item: text, metric: name}"
    )
    lines: Name | None = Field(
        None,
        description="a derivation of the kind register: the lines that are open, and those done lately",
    )
    voices: Name | None = Field(
        None, description="a derivation of the kind voices: what some said, drawn by lot"
    )
    note: Text | None = Field(None, description="a text that stands on the page")
    by: Annotated[list[Name], OrText()] | None = Field(
        None, description="the slice to cut it by, such as segment, or [journey, department]"
    )
    gate: OneGate | None = Field(
        None, description="of a checklist: {register: name, within: 12 months}: what must be answered first"
    )
    against: Name | None = Field(None, description="of a bullet: the metric that says what was planned")
    title: Text | None = Field(None, description="a heading in place of the one made by rule")


class PageEntry(Entry):
    """config/pages/<name>.yaml."""

    stand_ins: ClassVar[dict[str, Any]] = {"question": UNKNOWN, "panels": []}

    title: Text | None = Field(None, description="the heading; else made from the file's name")
    question: Text = Field(description="the question of the board that the page answers")
    panels: list[Annotated[Any, WithJsonSchema(PanelEntry.model_json_schema())]] = Field(
        description="the exhibits in order"
    )  # each is read by itself, as a PanelEntry
