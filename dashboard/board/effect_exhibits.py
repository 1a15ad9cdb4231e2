"""The effects of initiatives: all on one scale, and for each the picture that its verdict rests on."""

from collections.abc import Sequence

from dashboard.analysis.difference_in_differences import EventPoint, Experiment
from dashboard.analysis.interrupted_time_series import Interruption
from dashboard.board.desk import Desk
from dashboard.board.effect_drawings import EffectRow, Effects, EventStudy, Interrupted
from dashboard.board.effect_wording import (
    POINTS,
    after_its_end,
    answer_of,
    badge,
    cautions_of,
    placebo_told,
    relapse_told,
    rests_on,
    size_of,
    told,
    trend_before,
    verdict_of,
)
from dashboard.board.effects import A_POINT, Finding, Judged, judge_effect
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.effect_specs import Design
from dashboard.definitions.model import PanelKind, PanelSpec
from dashboard.definitions.panel_specs import slug
from dashboard.units import MINUS, Unit, format_period

TITLE = "What the initiatives did"
OF_POINTS = {Unit.PERCENT: 100.0, Unit.POINTS: 1.0}  # what a unit is multiplied by to be points
SMALL_PRINT = (
    "of all customers, whatever group the page is of",
    "DiD: groups with it against groups without; ITS: before against after, which proves no cause",
    "round: groups compared; diamond: ITS; filled: the interval leaves zero out",
    "each judged by itself: of twenty without an effect one seems to have one",
)


def effects(desk: Desk, spec: PanelSpec) -> tuple[ExhibitPanel | LockedPanel, ...]:
    """All initiatives, and behind them a picture for each that can be judged."""
    metrics = [desk.catalog.metric(name) for name in spec.subjects]
    locks = [lock for metric in metrics if (lock := desk.locked(spec.key, TITLE, [metric]))]
    if metrics and len(locks) == len(metrics):
        return (LockedPanel(spec.key, TITLE, tuple(sorted({n for lock in locks for n in lock.datasets}))),)
    judged = [judge_effect(desk, each) for each in spec.effects]
    studies = [_study(desk, spec, each, place) for place, each in enumerate(judged) if each.found is not None]
    return (_all(desk, spec, judged), *studies)


def _all(desk: Desk, spec: PanelSpec, judged: Sequence[Judged]) -> ExhibitPanel:
    drawn = [each for each in judged if each.metric.unit in OF_POINTS]
    apart = [each.spec.title for each in judged if each.metric.unit not in OF_POINTS]
    left_out = (f"in another unit, and so in the table alone: {', '.join(apart)}",) if apart else ()
    sentence = answer_of(desk, judged)
    any_found = any(each.value is not None for each in drawn)
    return ExhibitPanel(
        key=spec.key,
        kind=PanelKind.EFFECTS,
        sentence=sentence,
        drawing=Effects(tuple(_row(desk, each) for each in drawn), desk.catalog.board) if any_found else None,
        sheet=_sheet(desk, judged),
        text=" ".join(told(desk, each) for each in judged),
        small_print=(*left_out, *SMALL_PRINT),
        about=desk.about([desk.catalog.metric(name) for name in spec.subjects]),
        notices=(),
    )


def _row(desk: Desk, found: Judged) -> EffectRow:
    return EffectRow(
        label=f"{found.spec.title} ({badge(found, short=True)})",
        metric=found.metric.name,
        value=_points(found, found.value),
        low=_points(found, found.low),
        high=_points(found, found.high),
        text=verdict_of(desk, found),
        figure=desk.change(found.value, found.metric.unit).removesuffix(POINTS)
        if found.value is not None
        else "not judged",
        counts=found.finding in (Finding.HIGHER, Finding.LOWER),
        compared=found.spec.design is Design.DID,
    )


def _points(found: Judged, value: float | None) -> float | None:
    """An effect in points where its unit can be told in them, else as it is."""
    return None if value is None else value * OF_POINTS.get(found.metric.unit, 1.0)


def _sheet(desk: Desk, judged: Sequence[Judged]) -> Sheet:
    """Effects in points, which the head tells once; where one is in another unit, each text tells its own."""
    apart = any(each.metric.unit not in OF_POINTS for each in judged)
    ended = any(each.spec.ended is not None for each in judged)
    columns = (
        Column("Initiative"),
        Column("Verdict"),
        Column("How it is known"),
        Column("Effect" if apart else f"Effect,{POINTS}", Unit.POINTS),
        Column("95% from", Unit.POINTS),
        Column("95% to", Unit.POINTS),
        *([Column("In")] if apart else []),
        Column("Metric"),
        Column("Began"),
        *([Column("After its end")] if ended else []),
        Column("Rests on"),
    )
    return Sheet(columns, tuple(_fields(desk, each, apart=apart, ended=ended) for each in judged))


def _fields(desk: Desk, found: Judged, *, apart: bool, ended: bool) -> tuple[Field, ...]:
    unit = found.metric.unit
    numbers = [
        Field(told if apart else told.removesuffix(POINTS), _points(found, value))
        for value in (found.value, found.low, found.high)
        for told in (desk.change(value, unit),)
    ]
    return (
        Field(found.spec.title),
        Field(verdict_of(desk, found)),
        Field(badge(found)),
        *numbers,
        *([Field("points" if unit in OF_POINTS else unit.value.replace("_", " "))] if apart else []),
        Field(found.metric.name),
        Field(format_period(found.began, locale=desk.catalog.board.locale)),
        *([Field(after_its_end(desk, found))] if ended else []),
        Field(rests_on(found)),
    )


def _study(desk: Desk, spec: PanelSpec, found: Judged, place: int) -> ExhibitPanel:
    """The event study of one initiative, or its line before and after."""
    sentence = told(desk, found)
    words = (trend_before(desk, found), placebo_told(desk, found), relapse_told(desk, found))
    lines = [line for line in words if line]
    made = found.found
    if isinstance(made, Experiment):
        drawing: EventStudy | Interrupted = EventStudy(made, A_POINT, found.metric.unit, desk.catalog.board)
        sheet, seen = _events_sheet(desk, found, made.events), "Event study"
    elif isinstance(made, Interruption):
        board, side = desk.catalog.board, found.metric.side
        drawing = Interrupted(found.months, found.values, made, found.before, found.metric.unit, board, side)
        sheet, seen = _months_sheet(desk, found, made), "Months before and after"
    else:
        raise AssertionError("Only what was judged has a picture.")
    return ExhibitPanel(
        key=f"study-{slug(found.spec.title) or place}",
        kind=PanelKind.EFFECTS,
        sentence=sentence,
        drawing=drawing,
        sheet=sheet,
        text=" ".join([sentence, *lines, f"{seen}: {size_of(found)}."]),
        small_print=(size_of(found), *_read_as(made)),
        about=desk.about([found.metric]),
        notices=(*lines, *cautions_of(found)),
        under=spec.key,
        choice=found.spec.title,
    )


def _read_as(made: Experiment | Interruption) -> tuple[str, ...]:
    if isinstance(made, Interruption):
        return ("dashed: where the line before it would have led", "badge: no counterfactual")
    how = "permutation of the groups" if made.effect.method == "permutation" else "clustered by group"
    return (
        f"each point is {A_POINT} months, against the last {A_POINT} before the start",
        f"interval of the effect by {how}; lines: 95% intervals of the points",
    )


def _events_sheet(desk: Desk, found: Judged, events: Sequence[EventPoint]) -> Sheet:
    unit = found.metric.unit
    columns = (
        Column("Months since the start", Unit.COUNT),
        Column("Difference", unit),
        Column("95% from", unit),
        Column("95% to", unit),
        Column("Span"),
    )
    rows = []
    for each in events:
        first = each.relative * A_POINT
        numbers = [Field(desk.change(value, unit), value) for value in (each.value, each.low, each.high)]
        shown = f"{first:+d}".replace("-", MINUS) if first else "0"
        rows.append((Field(shown, float(first)), *numbers, Field("before" if first < 0 else "with it")))
    return Sheet(columns, tuple(rows))


def _months_sheet(desk: Desk, found: Judged, made: Interruption) -> Sheet:
    unit, locale = found.metric.unit, desk.catalog.board.locale
    columns = (
        Column("Month"),
        Column(found.metric.name, unit),
        Column("Fitted line", unit),
        Column("As the line before led", unit),
        Column("Span"),
    )
    rows = []
    for place, month in enumerate(found.months):
        numbers = (found.values[place], made.fitted[place], made.expected[place])
        fields = [Field(desk.text(value, unit), value) for value in numbers]
        span = "before" if place < found.before else "with it"
        rows.append((Field(format_period(month, locale=locale)), *fields, Field(span)))
    return Sheet(columns, tuple(rows))
