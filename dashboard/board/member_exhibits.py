"""Exhibits of a metric by its members: ranking, Pareto and matrix."""

from collections.abc import Sequence
from itertools import accumulate

from dashboard.board.desk import Desk, MemberFigure
from dashboard.board.drawings import Dot, DotPlot, Matrix, MatrixCell, Pareto, Share
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sentences import listed, name_of
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.board.view import member_text
from dashboard.definitions.model import Better, Metric, PanelKind, Slice
from dashboard.ledger.figures import Status
from dashboard.measures.frame import UNKNOWN
from dashboard.units import Unit

MOST_ITEMS = 12
MOST_NAMED = 3  # in a heading; of one more than that, all
MOST_LETTERS = 90  # of all that a heading names; of longer ones, the largest alone
MOST_OF_IT = 0.8  # the share that "most" means in a Pareto chart's answer
HIDDEN = "not shown"


def ranking(desk: Desk, key: str, metric: Metric, by: Slice) -> ExhibitPanel | LockedPanel:
    """Members in order of the figure, best first, each with its interval and n."""
    if locked := desk.locked(key, metric.name, [metric]):
        return locked
    found = desk.members(metric, by)
    known = sorted((each for each in found if each.figure.value is not None), key=_order(metric))
    overall = desk.of(metric, (), ())
    drawn = known[:MOST_ITEMS]
    amount = metric.unit in (Unit.CURRENCY, Unit.COUNT, Unit.ITEMS)  # whose whole is the sum of the members
    drawing = DotPlot(
        dots=tuple(_dot(desk, metric, each) for each in drawn),
        overall=None if overall.figure.value is None or amount else _dot(desk, metric, overall),
        unit=metric.unit,
        board=desk.catalog.board,
        side=metric.side,
    )
    sentence = _ranking_sentence(metric, drawn, overall)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.RANKING,
        sentence=sentence,
        drawing=drawing if drawn else None,
        sheet=_sheet(desk, metric, by, (*known, *(each for each in found if each.figure.value is None))),
        text=f"{sentence} Dot plot of {len(drawn)} groups with their intervals.",
        small_print=_omitted(found, known, drawn, desk.catalog.board.minimum_group),
        about=desk.about([metric]),
        notices=() if drawn else ("No group has a figure for this period.",),
    )


def pareto_sentence(name: str, shares: Sequence[Share]) -> str:
    """The few causes that make most of it; of many or long ones, the largest by name and a number."""
    if not shares:
        return f"No {name} in this period."
    most = next(
        (place + 1 for place, each in enumerate(shares) if each.cumulative >= MOST_OF_IT), len(shares)
    )
    told = [share.label for share in shares[: most if most <= MOST_NAMED + 1 else MOST_NAMED]]
    others = [f"{most - len(told)} more"] if most > len(told) else []
    verb, part = "makes" if most == 1 else "make", f"{shares[most - 1].cumulative_text} of {name}"
    if most > 1 and len(listed([*told, *others])) > MOST_LETTERS:
        return f"{most} of {len(shares)} {verb} {part}, above all {told[0]}."
    return f"{listed([*told, *others])} {verb} {part}."


def pareto(desk: Desk, key: str, metric: Metric, by: Slice) -> ExhibitPanel | LockedPanel:
    """Causes by size with what they add up to; the unknown and the small ones together come last."""
    if locked := desk.locked(key, metric.name, [metric]):
        return locked
    found = desk.members(metric, by)
    known = [each for each in found if each.figure.value is not None and each.figure.value > 0]
    named = sorted((each for each in known if UNKNOWN not in each.member), key=_largest)
    shares = _shares(desk, metric, named, [each for each in known if UNKNOWN in each.member])
    sentence = pareto_sentence(name_of(metric), shares)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.PARETO,
        sentence=sentence,
        drawing=Pareto(tuple(shares), metric.unit, desk.catalog.board, metric.side) if shares else None,
        sheet=_sheet(desk, metric, by, sorted(known, key=_largest)),
        text=f"{sentence} Bars of {len(shares)} causes, largest first.",
        small_print=_omitted(found, known, known, desk.catalog.board.minimum_group),
        about=desk.about([metric]),
        notices=() if shares else ("Nothing was counted in this period.",),
    )


def matrix(desk: Desk, key: str, metric: Metric, by: Slice) -> ExhibitPanel | LockedPanel:
    """Two categories and one magnitude; `by` is a slice of two dimensions."""
    if locked := desk.locked(key, metric.name, [metric]):
        return locked
    found = desk.members(metric, by)
    rows, columns = (sorted({member_text(each.member[place]) for each in found}) for place in (0, 1))
    cells = tuple(
        MatrixCell(
            member_text(each.member[0]),
            member_text(each.member[1]),
            each.figure.value,
            _shown(desk, metric, each),
            desk.count(each.figure.n) if each.figure.n is not None else "",
        )
        for each in found
    )
    known, board = [each for each in found if each.figure.value is not None], desk.catalog.board
    sentence = f"{metric.name} has no figure for this period."
    if known:
        top = min(known, key=_largest)
        sentence = f"{metric.name}: highest for {top.label}, {desk.text(top.figure.value, metric.unit)}."
    row_name, column_name = (part.replace("_", " ").capitalize() for part in by)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.MATRIX,
        sentence=sentence,
        drawing=Matrix(
            tuple(rows), tuple(columns), cells, row_name, column_name, metric.unit, board, metric.side
        )
        if known
        else None,
        sheet=_sheet(desk, metric, by, found),
        text=f"{sentence} Matrix of {len(rows)} by {len(columns)}.",
        small_print=(),
        about=desk.about([metric]),
        notices=() if known else ("No field has a figure for this period.",),
    )


def _dot(desk: Desk, metric: Metric, each: MemberFigure) -> Dot:
    value, found = each.figure.value, each.interval
    return Dot(
        label=each.label or "All customers",
        value=value if value is not None else 0.0,  # only members with a value are drawn
        text=desk.text(value, metric.unit),
        low=found.low if found else None,
        high=found.high if found else None,
        n_text=desk.count(each.figure.n) if each.figure.n is not None else "",
    )


def _order(metric: Metric):  # type: ignore[no-untyped-def]  # a key for sorted
    sign = 1.0 if metric.better is Better.LOWER else -1.0
    return lambda each: (sign * (each.figure.value or 0.0), each.member)


def _largest(each: MemberFigure) -> tuple[float, tuple[str, ...]]:
    return (-(each.figure.value or 0.0), each.member)


def _ranking_sentence(metric: Metric, drawn: Sequence[MemberFigure], overall: MemberFigure) -> str:
    """Who can be told apart from the whole: only an interval that leaves the whole's figure out tells it."""
    if not drawn:
        return f"{metric.name} has no figure by group for this period."
    whole = overall.figure.value
    above = [
        each.label for each in drawn if whole is not None and each.interval and each.interval.low > whole
    ]
    below = [
        each.label for each in drawn if whole is not None and each.interval and each.interval.high < whole
    ]
    told = [f"above the whole for {listed(above)}"] if above else []
    told += (
        [f"below it for {listed(below)}" if above else f"below the whole for {listed(below)}"]
        if below
        else []
    )
    if told:
        return f"{metric.name}: {', '.join(told)}."
    if any(each.interval for each in drawn):
        return f"{metric.name}: no group differs from the whole by more than chance explains."
    return f"{metric.name}: highest for {max(drawn, key=lambda each: each.figure.value or 0.0).label}."


def _shares(
    desk: Desk, metric: Metric, named: Sequence[MemberFigure], unknown: Sequence[MemberFigure]
) -> list[Share]:
    """The largest causes, then the small ones together, then what is unknown."""
    parts = [(each.label, each.figure.value or 0.0, False) for each in named[: MOST_ITEMS - 2]]
    small = sum(each.figure.value or 0.0 for each in named[MOST_ITEMS - 2 :])
    if small:
        parts.append((f"{len(named) - MOST_ITEMS + 2} smaller ones", small, True))
    parts += [(UNKNOWN, each.figure.value or 0.0, True) for each in unknown]
    total = sum(value for _, value, _ in parts)
    return [
        Share(label, value, desk.text(value, metric.unit), share, desk.text(share, Unit.PERCENT), rest)
        for (label, value, rest), share in zip(
            parts, (so_far / total for so_far in accumulate(value for _, value, _ in parts)), strict=True
        )
    ]


def _shown(desk: Desk, metric: Metric, each: MemberFigure) -> str:
    return HIDDEN if each.figure.status is Status.SUPPRESSED else desk.text(each.figure.value, metric.unit)


def _omitted(
    found: Sequence[MemberFigure], known: Sequence[MemberFigure], drawn: Sequence[MemberFigure], least: int
) -> tuple[str, ...]:
    lines = []
    hidden = sum(each.figure.status is Status.SUPPRESSED for each in found)
    if hidden:
        lines.append(f"{hidden} are not shown, to protect groups of fewer than {least}")
    if len(known) > len(drawn):
        lines.append(f"{len(known) - len(drawn)} more are in the table")
    return tuple(lines)


def _sheet(desk: Desk, metric: Metric, by: Slice, found: Sequence[MemberFigure]) -> Sheet:
    heads = [Column(part.replace("_", " ").capitalize()) for part in by]
    numbers = [Column(metric.name, metric.unit), Column("Low", metric.unit), Column("High", metric.unit)]
    rows = []
    for each in found:
        low, high = (each.interval.low, each.interval.high) if each.interval else (None, None)
        rows.append(
            (
                *(Field(part) for part in each.member),
                Field(_shown(desk, metric, each), each.figure.value),
                Field(desk.text(low, metric.unit), low),
                Field(desk.text(high, metric.unit), high),
                Field(desk.count(each.figure.n), each.figure.n),
            )
        )
    return Sheet((*heads, *numbers, Column("n", Unit.COUNT)), tuple(rows))
