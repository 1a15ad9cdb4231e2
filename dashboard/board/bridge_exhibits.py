"""Exhibits of a bridge: the waterfall of one span, and the statement of several, both of which foot."""

from collections.abc import Mapping, Sequence

from dashboard.board.desk import Desk
from dashboard.board.drawings import Role, Step, Waterfall
from dashboard.board.lines import FALLS, TOTALS, bridge_lines, derivation_title, line_metric, line_name
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.derivation import Derivation
from dashboard.definitions.model import Metric, PanelKind, Side
from dashboard.errors import MeasuringError
from dashboard.ledger.figures import Figure, Status, figure
from dashboard.periods import Period
from dashboard.units import Unit

PERIODS = 5  # of a statement: the span asked for, and those before it, up to the same a year ago
MINOR_UNIT = 0.01
HIDDEN = "not shown"


def bridge(desk: Desk, key: str, derivation: Derivation) -> ExhibitPanel | LockedPanel:
    """The waterfall from opening to closing of the view's span and group."""
    metrics = _lines(desk, derivation)
    title = derivation_title(derivation)
    if locked := desk.locked(key, title, list(metrics.values())):
        return locked
    found = _read(desk, metrics, desk.period)
    kept_back = _kept_back(found)
    steps = () if kept_back else _steps(desk, title, found)
    sentence = _sentence(desk, title, found) if steps else f"{title} cannot be shown for this span."
    sheet, _ = _sheet(desk, metrics, (desk.period,))
    drawing = Waterfall(steps, Unit.CURRENCY, desk.catalog.board, Side.FINANCIAL) if steps else None
    return ExhibitPanel(
        key=key,
        kind=PanelKind.BRIDGE,
        sentence=sentence,
        drawing=drawing,
        sheet=sheet,
        text=f"{sentence} Waterfall of {len(steps)} lines.",
        small_print=(*axis_lines(desk, drawing), *_counts(desk, found)),
        about=(),
        notices=_why_not(desk, found, kept_back) if not steps else (),
    )


def statement(desk: Desk, key: str, derivation: Derivation) -> ExhibitPanel | LockedPanel:
    """The same lines as a table of several spans, as a note to the accounts is laid out."""
    metrics = _lines(desk, derivation)
    title = derivation_title(derivation)
    if locked := desk.locked(key, title, list(metrics.values())):
        return locked
    back = len(desk.period.months)
    spans = tuple(desk.period.shifted(-back * place) for place in range(PERIODS - 1, -1, -1))
    for span in spans:
        found = _read(desk, metrics, span)
        if not _kept_back(found):
            _steps(desk, title, found)  # a statement that does not foot is not shown
    sentence = _sentence(desk, title, _read(desk, metrics, desk.period))
    sheet, scale = _sheet(desk, metrics, spans)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.STATEMENT,
        sentence=sentence,
        drawing=None,
        sheet=sheet,
        text=f"{sentence} Table of {len(metrics)} lines by {len(spans)} spans.",
        small_print=(scale,),
        about=(),
        notices=(),
    )


def _lines(desk: Desk, derivation: Derivation) -> dict[str, Metric]:
    """The lines that are shown: among all customers together nobody moves from one group to another."""
    shown = (line for line in bridge_lines(derivation) if line != "moved" or desk.view.slice)
    return {line: line_metric(derivation, line) for line in shown}


def _read(desk: Desk, metrics: Mapping[str, Metric], period: Period) -> dict[str, Figure]:
    cut, member = desk.view.slice, desk.view.member
    return {
        line: figure(desk.catalog, desk.book, metric, period, cut, member) for line, metric in metrics.items()
    }


def _kept_back(found: Mapping[str, Figure]) -> bool:
    """One hidden line could be worked out from the others, so all of them are kept back."""
    return any(each.status is Status.SUPPRESSED for each in found.values())


def _steps(desk: Desk, title: str, found: Mapping[str, Figure]) -> tuple[Step, ...]:
    """The steps of a bridge whose lines are all known; MeasuringError where they do not add up."""
    if any(each.value is None for each in found.values()):
        return ()
    steps, level = [], 0.0
    for line, each in found.items():
        value = each.value or 0.0
        if line == "opening":
            level = value
            steps.append(Step(line_name(line), 0.0, value, _text(desk, value), Role.TOTAL))
        elif line == "closing":
            if abs(level - value) > MINOR_UNIT:
                raise MeasuringError(
                    f"{title} does not foot: its lines come to {_text(desk, level)}, its closing is "
                    f"{_text(desk, value)}. Run boardseat refresh --full; if it stays so, tell us."
                )
            steps.append(Step(line_name(line), 0.0, value, _text(desk, value), Role.TOTAL))
        else:
            moved = -value if line in FALLS else value
            role = Role.FALL if moved < 0 else Role.RISE
            steps.append(Step(line_name(line), level, level + moved, desk.change(moved, Unit.CURRENCY), role))
            level += moved
    return tuple(steps)


def _sentence(desk: Desk, title: str, found: Mapping[str, Figure]) -> str:
    """`Revenue bridge: €41.2M became €42.9M; lost and contracted took €4.5M, the rest brought €6.2M.`"""
    opening, closing = found["opening"].value, found["closing"].value
    if opening is None or closing is None or _kept_back(found):
        return f"{title} cannot be told for this span."
    taken = sum(each.value or 0.0 for line, each in found.items() if line in FALLS)
    brought = closing - opening + taken
    verb = "stayed at" if abs(closing - opening) < MINOR_UNIT else "became"
    return (
        f"{title}: {_text(desk, opening)} {verb} {_text(desk, closing)}; "
        f"customers who left or bought less took {_text(desk, taken)}, others brought {_text(desk, brought)}."
    )


def axis_lines(desk: Desk, drawing: Waterfall | None) -> tuple[str, ...]:
    """That the axis does not begin at zero, where it does not: a reader compares the lengths of bars."""
    if drawing is None or not drawing.begins:
        return ()
    return (f"the axis is broken: bars are drawn from {_text(desk, drawing.begins)} on",)


def _counts(desk: Desk, found: Mapping[str, Figure]) -> tuple[str, ...]:
    told = [
        f"{line_name(line).lower()} {desk.count(each.n)}"
        for line, each in found.items()
        if each.n is not None and line not in TOTALS
    ]
    return (f"customers: {', '.join(told)}",) if told else ()


def _why_not(desk: Desk, found: Mapping[str, Figure], kept_back: bool) -> tuple[str, ...]:
    if kept_back:
        least = desk.catalog.board.minimum_group
        return (f"A line would tell of fewer than {least} customers, so none of the lines is shown.",)
    reasons = dict.fromkeys(each.reason for each in found.values() if each.reason)
    return tuple(reason for reason in reasons if reason) or ("No value was recorded.",)


def _sheet(desk: Desk, metrics: Mapping[str, Metric], spans: Sequence[Period]) -> tuple[Sheet, str]:
    """The lines by span, and the line that names the scale of its amounts."""
    read = [_read(desk, metrics, span) for span in spans]
    written, scale = desk.scaled(
        each.value for found in read if not _kept_back(found) for each in found.values()
    )
    rows = []
    for line in metrics:
        fields = []
        for found in read:
            value = None if _kept_back(found) else found[line].value
            signed = -value if value is not None and line in FALLS else value
            text = HIDDEN if _kept_back(found) else written(signed)
            fields.append(Field(text, signed))
        rows.append((Field(line_name(line)), *fields))
    return Sheet((Column("Line"), *desk.amounts(spans)), tuple(rows)), scale


def _text(desk: Desk, value: float | None) -> str:
    return desk.text(value, Unit.CURRENCY)
