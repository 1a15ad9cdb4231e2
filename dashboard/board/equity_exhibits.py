"""The customer asset as a statement that foots and as a waterfall, and what it rests on."""

from collections.abc import Mapping, Sequence

from dashboard.board.bridge_exhibits import axis_lines
from dashboard.board.desk import Desk
from dashboard.board.drawings import Role, Step, Waterfall
from dashboard.board.equity import NAMES, OPENING, STATEMENT, equity_metric
from dashboard.board.lines import derivation_title
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.derivation import EQUITY, EQUITY_CUSTOMERS, EQUITY_IF, EQUITY_LINES, Derivation
from dashboard.definitions.model import Metric, PanelKind, Side
from dashboard.errors import MeasuringError
from dashboard.ledger.figures import Figure, Status, figure
from dashboard.periods import Period
from dashboard.units import Unit

PERIODS = 5  # the span asked for, and those before it
MINOR_UNIT = 0.01
TOLERATED = 0.25  # a model's value that lies further from the margin multiple asks for an explanation
HIDDEN = "not shown"
LOST = ("equity_lost_expected", "equity_lost_variance")
NEW = ("equity_acquired_new", "equity_reactivated")
Found = Mapping[str, Figure]


def equity_statement(desk: Desk, key: str, derivation: Derivation) -> ExhibitPanel | LockedPanel:
    """Every line by span, then what the closing would be if it were assumed otherwise."""
    metrics, title = _metrics(derivation), derivation_title(derivation)
    if locked := desk.locked(key, title, list(metrics.values())):
        return locked
    back = len(desk.period.months)
    spans = tuple(desk.period.shifted(-back * place) for place in range(PERIODS - 1, -1, -1))
    found = [_read(desk, metrics, span) for span in spans]
    for each in found:
        _check(desk, title, each)
    sentence = _sentence(desk, title, found[-1])
    sheet, scale = _sheet(desk, spans, found)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.STATEMENT,
        sentence=sentence,
        drawing=None,
        sheet=sheet,
        text=f"{sentence} Table of {len(metrics)} lines by {len(spans)} spans.",
        small_print=(scale, *_small_print(desk, found[-1])),
        about=desk.about([metrics[EQUITY]]),
        notices=_notices(desk, found[-1]),
    )


def equity_bridge(desk: Desk, key: str, derivation: Derivation) -> ExhibitPanel | LockedPanel:
    """The lines of one span joined to five: opening, new, lost, what those who stayed are worth, closing."""
    metrics, title = _metrics(derivation), derivation_title(derivation)
    if locked := desk.locked(key, title, list(metrics.values())):
        return locked
    found = _read(desk, metrics, desk.period)
    _check(desk, title, found)
    steps = _steps(desk, found)
    sheet, _ = _sheet(desk, (desk.period,), [found])
    drawing = Waterfall(steps, Unit.CURRENCY, desk.catalog.board, Side.CUSTOMER) if steps else None
    sentence = _sentence(desk, title, found)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.BRIDGE,
        sentence=sentence,
        drawing=drawing,
        sheet=sheet,
        text=f"{sentence} Waterfall of {len(steps)} lines.",
        small_print=(*axis_lines(desk, drawing), *_small_print(desk, found)),
        about=desk.about([metrics[EQUITY]]),
        notices=_notices(desk, found),
    )


def _metrics(derivation: Derivation) -> dict[str, Metric]:
    names = (*STATEMENT, EQUITY_CUSTOMERS, *EQUITY_IF)
    return {name: equity_metric(derivation, name) for name in names}


def _read(desk: Desk, metrics: Mapping[str, Metric], span: Period) -> Found:
    cut, member = desk.view.slice, desk.view.member
    return {
        name: figure(desk.catalog, desk.book, metric, span, cut, member) for name, metric in metrics.items()
    }


def _told(found: Found) -> bool:
    """Whether every line of the statement is known."""
    return all(found[name].value is not None for name in STATEMENT)


def _sum(found: Found, names: Sequence[str]) -> float:
    return sum(found[name].value or 0.0 for name in names)


def _check(desk: Desk, title: str, found: Found) -> None:
    """A statement that does not foot is not shown."""
    if not _told(found):
        return
    reached = _sum(found, (OPENING, *EQUITY_LINES))
    closing = found[EQUITY].value or 0.0
    if abs(reached - closing) > MINOR_UNIT * 1.5:
        raise MeasuringError(
            f"{title} does not foot: its lines come to {_text(desk, reached)}, its closing is "
            f"{_text(desk, closing)}. Run boardseat refresh --full; if it stays so, tell us."
        )


def _sentence(desk: Desk, title: str, found: Found) -> str:
    """`Customer base: €3.4M became €3.8M; new brought €333K, losses took €158K, those who stayed …`"""
    if not _told(found):
        return f"{title} cannot be valued for this span."
    opening, closing = found[OPENING].value or 0.0, found[EQUITY].value or 0.0
    new, lost = _sum(found, NEW), _sum(found, LOST)
    stayed = closing - opening - new - lost
    verb = "stayed at" if abs(closing - opening) < MINOR_UNIT else "became"
    more = "more" if stayed >= 0 else "less"
    return (
        f"{title}: {_text(desk, opening)} {verb} {_text(desk, closing)}; new customers brought "
        f"{_text(desk, new)}, losses took {_text(desk, -lost)}, and those who stayed are worth "
        f"{_text(desk, abs(stayed))} {more}."
    )


def _steps(desk: Desk, found: Found) -> tuple[Step, ...]:
    if not _told(found):
        return ()
    opening, closing = found[OPENING].value or 0.0, found[EQUITY].value or 0.0
    moves = {
        "New customers": found["equity_acquired_new"].value or 0.0,
        "Came back": found["equity_reactivated"].value or 0.0,
        "Lost": _sum(found, LOST),
    }
    moves["Change in value of those who stayed"] = closing - opening - sum(moves.values())
    steps = [Step("Opening", 0.0, opening, _text(desk, opening), Role.TOTAL)]
    level = opening
    for label, moved in moves.items():
        role = Role.FALL if moved < 0 else Role.RISE
        steps.append(Step(label, level, level + moved, desk.change(moved, Unit.CURRENCY), role))
        level += moved
    return (*steps, Step("Closing", 0.0, closing, _text(desk, closing), Role.TOTAL))


def _small_print(desk: Desk, found: Found) -> tuple[str, ...]:
    """What it rests on, and whether the simple check agrees."""
    value, multiple = found[EQUITY].value, found["equity_multiple"].value
    rate = desk.text(desk.catalog.board.discount_rate, Unit.PERCENT)
    lines = [f"discounted at {rate} a year; before tax, and without customers who have yet to come"]
    low, high = found["equity_discount_higher"].value, found["equity_discount_lower"].value
    if low is not None and high is not None:
        lines.append(
            f"with a discount rate a point higher or lower: {_text(desk, low)} to {_text(desk, high)}"
        )
    low, high = found["equity_retention_lower"].value, found["equity_retention_higher"].value
    if low is not None and high is not None:
        lines.append(
            f"with a retention a point a year lower or higher: {_text(desk, low)} to {_text(desk, high)}"
        )
    if value and multiple:
        agrees = "near enough" if abs(value / multiple - 1) <= TOLERATED else "an explanation is due"
        lines.append(f"the margin multiple gives {_text(desk, multiple)}: {agrees}")
    return tuple(lines)


def _notices(desk: Desk, found: Found) -> tuple[str, ...]:
    if _told(found):
        return ()
    reasons = dict.fromkeys(each.reason for each in found.values() if each.value is None and each.reason)
    return tuple(reason for reason in reasons if reason) or ("No value was recorded.",)


def _sheet(desk: Desk, spans: Sequence[Period], found: Sequence[Found]) -> tuple[Sheet, str]:
    """The lines by span, and the line that names the scale of its amounts."""
    money = (*STATEMENT, *EQUITY_IF)
    written, scale = desk.scaled(each[name].value for each in found for name in money)
    rows = []
    for name in (*STATEMENT, EQUITY_CUSTOMERS, *EQUITY_IF):
        fields = []
        for each in found:
            value = each[name].value
            text = desk.count(value) if name == EQUITY_CUSTOMERS else written(value)
            fields.append(Field(HIDDEN if each[name].status is Status.SUPPRESSED else text, value))
        rows.append((Field(NAMES[name]), *fields))
    return Sheet((Column("Line"), *desk.amounts(spans)), tuple(rows)), scale


def _text(desk: Desk, value: float | None) -> str:
    return desk.text(value, Unit.CURRENCY)
