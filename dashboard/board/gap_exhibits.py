"""Exhibits that lay two metrics of the same items side by side: dumbbell, butterfly and bullets."""

from collections.abc import Sequence

from dashboard.board.desk import Desk, MemberFigure
from dashboard.board.drawings import BulletRow, Bullets, Butterfly, Dumbbell, Gap
from dashboard.board.panels import ExhibitPanel, LockedPanel
from dashboard.board.sentences import capitalised, name_of
from dashboard.board.sheet import Column, Field, Sheet
from dashboard.definitions.model import Better, Metric, PanelKind, Slice
from dashboard.errors import DashboardError
from dashboard.units import format_change

Pairs = Sequence[tuple[MemberFigure, MemberFigure]]


def dumbbell(desk: Desk, key: str, sides: Sequence[Metric], by: Slice) -> ExhibitPanel | LockedPanel:
    """Two metrics by item on one scale, the widest gap first."""
    return _two_sided(desk, key, PanelKind.DUMBBELL, sides, by)


def butterfly(desk: Desk, key: str, sides: Sequence[Metric], by: Slice) -> ExhibitPanel | LockedPanel:
    """Two metrics by item back to back, the widest gap first."""
    return _two_sided(desk, key, PanelKind.BUTTERFLY, sides, by)


def bullets(desk: Desk, key: str, sides: Sequence[Metric], by: Slice) -> ExhibitPanel | LockedPanel:
    """The first metric by item against the second, which says what was planned; the largest plan first."""
    measured, planned = _of_one_unit(sides)
    if locked := desk.locked(key, measured.name, sides):
        return locked
    pairs = sorted(_paired(desk, measured, planned, by), key=_most_planned)
    rows = tuple(_bullet(desk, measured, one, other) for one, other in pairs)
    judged = [row for row in rows if row.value is not None and row.target is not None]
    lower = measured.better is Better.LOWER
    reached = sum((row.value <= row.target) if lower else (row.value >= row.target) for row in judged)  # type: ignore[operator]
    sentence = f"{measured.name}: none can be compared with {name_of(planned)} yet."
    if judged:
        sentence = f"{measured.name} reached {name_of(planned)} in {reached} of {len(judged)}."
    drawing = Bullets(rows, measured.unit, desk.catalog.board, measured.name, planned.name)
    return ExhibitPanel(
        key=key,
        kind=PanelKind.BULLET,
        sentence=sentence,
        drawing=drawing if judged else None,
        sheet=_sheet(desk, measured, planned, by, pairs),
        text=f"{sentence} Bars of {len(rows)} items against what was planned.",
        small_print=_bullet_key(measured, planned, rows),
        about=desk.about(sides),
        notices=() if rows else ("No item has a figure for this period.",),
    )


def _two_sided(
    desk: Desk, key: str, kind: PanelKind, sides: Sequence[Metric], by: Slice
) -> ExhibitPanel | LockedPanel:
    left, right = _of_one_unit(sides)
    if locked := desk.locked(key, f"{left.name} and {right.name}", sides):
        return locked
    pairs = sorted(_paired(desk, left, right, by), key=_widest)
    gaps = tuple(_gap(desk, left, one, other) for one, other in pairs)
    both = [gap for gap in gaps if gap.left is not None and gap.right is not None]
    sentence = gap_sentence(name_of(left), name_of(right), both)
    form = Dumbbell if kind is PanelKind.DUMBBELL else Butterfly
    return ExhibitPanel(
        key=key,
        kind=kind,
        sentence=sentence,
        drawing=form(gaps, left.name, right.name, left.unit, desk.catalog.board) if both else None,
        sheet=_sheet(desk, left, right, by, pairs),
        text=f"{sentence} Both figures of {len(gaps)} items.",
        small_print=(),
        about=desk.about(sides),
        notices=() if both else ("No item has both figures for this period.",),
    )


def gap_sentence(left: str, right: str, gaps: Sequence[Gap]) -> str:
    """The widest of the gaps, which are in order; where there is one alone, both of its figures."""
    if not gaps:
        return f"{capitalised(left)} and {right} cannot be compared for this period."
    first = gaps[0]
    if len(gaps) == 1:
        return f"{first.label}: {left} {first.left_text}, {right} {first.right_text}."
    apart = f"{first.left_text} against {first.right_text}"
    return f"{capitalised(left)} and {right} lie furthest apart on {first.label}: {apart}."


def _of_one_unit(sides: Sequence[Metric]) -> tuple[Metric, Metric]:
    """Two figures can stand on one scale if they are of one unit."""
    left, right = sides
    if left.unit is not right.unit:
        raise DashboardError(
            f"{left.name} is in {left.unit} and {right.name} in {right.unit}: they have no scale in common. "
            "Compare metrics of one unit."
        )
    return left, right


def _paired(desk: Desk, left: Metric, right: Metric, by: Slice) -> Pairs:
    ones = desk.members(left, by)
    others = {each.member: each for each in desk.members(right, by)}
    pairs = [(one, others[one.member]) for one in ones if one.member in others]
    return [
        (one, other) for one, other in pairs if one.figure.value is not None or other.figure.value is not None
    ]


def _widest(pair: tuple[MemberFigure, MemberFigure]) -> tuple[float, tuple[str, ...]]:
    one, other = pair[0].figure.value, pair[1].figure.value
    return (-abs(one - other) if one is not None and other is not None else 1.0, pair[0].member)


def _gap(desk: Desk, metric: Metric, one: MemberFigure, other: MemberFigure) -> Gap:
    left, right = one.figure.value, other.figure.value
    apart = None if left is None or right is None else left - right
    board = desk.catalog.board
    return Gap(
        label=one.label,
        left=left,
        left_text=desk.text(left, metric.unit),
        right=right,
        right_text=desk.text(right, metric.unit),
        gap_text=format_change(apart, metric.unit, locale=board.locale, currency=board.currency),
    )


def _bullet(desk: Desk, metric: Metric, one: MemberFigure, other: MemberFigure) -> BulletRow:
    value, planned = one.figure.value, other.figure.value
    return BulletRow(
        label=one.label,
        value=value,
        text=desk.text(value, metric.unit),
        target=planned,
        target_text=desk.text(planned, metric.unit),
        low=one.interval.low if one.interval else None,
        high=one.interval.high if one.interval else None,
        badge="",
    )


def _most_planned(pair: tuple[MemberFigure, MemberFigure]) -> tuple[float, tuple[str, ...]]:
    return -(pair[1].figure.value or 0.0), pair[0].member


def _bullet_key(measured: Metric, planned: Metric, rows: Sequence[BulletRow]) -> tuple[str, ...]:
    """What bar, stroke and thin line stand for, and how many items have no measured figure."""
    told = [f"bar: {name_of(measured)}", f"stroke: {name_of(planned)}"]
    if any(row.low is not None for row in rows):
        told.append("thin line: 95% interval")
    without = sum(row.value is None for row in rows)
    return (*told, f"{without} without a bar: not measured") if without else tuple(told)


def _sheet(desk: Desk, left: Metric, right: Metric, by: Slice, pairs: Pairs) -> Sheet:
    heads = [Column(part.replace("_", " ").capitalize()) for part in by]
    rows = []
    for one, other in pairs:
        gap = _gap(desk, left, one, other)
        apart = None if gap.left is None or gap.right is None else gap.left - gap.right
        rows.append(
            (
                *(Field(part) for part in one.member),
                Field(gap.left_text, gap.left),
                Field(gap.right_text, gap.right),
                Field(gap.gap_text, apart),
            )
        )
    columns = (*heads, Column(left.name, left.unit), Column(right.name, right.unit), Column("Gap", left.unit))
    return Sheet(columns, tuple(rows))
