"""Worked examples of shares, changes, drivers, beliefs and initiatives, as the product draws them."""

from collections.abc import Callable, Mapping
from datetime import date
from itertools import product

import numpy as np

from dashboard.analysis.alignment import Alignment, statement_alignment
from dashboard.analysis.driver_importance import CrossProducts, Importance, driver_importance
from dashboard.analysis.growth import RevenueBridge
from dashboard.analysis.interrupted_time_series import Interruption, interrupted_time_series
from dashboard.analysis.intervals import Difference
from dashboard.analysis.panel import UnitMean
from dashboard.analysis.proportions import newcombe
from dashboard.analysis.ratios import PairedSums, ratio_interval
from dashboard.analysis.staggered_starts import StaggeredEffect, staggered_effect
from dashboard.analysis.suppression import linked_lines
from dashboard.analysis.suppression_in_time import blocks
from dashboard.board.drawings import (
    BeliefRow,
    Butterfly,
    Dot,
    DotPlot,
    Drawing,
    Gap,
    Matrix,
    MatrixCell,
    Register,
    Role,
    Step,
    Waterfall,
)
from dashboard.board.effect_drawings import Interrupted
from dashboard.definitions.model import Board, Side
from dashboard.periods import add_months, month_of
from dashboard.units import Unit, format_count, format_value

CAPTIONS: Mapping[str, str] = {
    "alignment": "What was said to matter, and what pay follows",
    "driver_importance": "Which part of what customers say each driver accounts for",
    "evidence": "Three beliefs, and what the months say of them",
    "growth": "What became of a year's revenue, by which it is retained and earned",
    "interrupted_time_series": "A figure before and after a start, and where it would have led",
    "period_change": "By how much shares have changed, each with its interval",
    "ratios": "Cost per order of three regions: ratios of sums, with Fieller's intervals",
    "staggered_starts": "What an initiative brought, by how long each of the shops has had it",
    "suppression_in_time": "A group that was small in two months, and what else those months must hide",
}


def judged(board: Board) -> Mapping[str, Drawing]:
    """Module name to what it draws, for every caption."""
    return {name: make(board) for name, make in _MAKERS.items()}


def _text(board: Board, value: float, unit: Unit) -> str:
    return format_value(value, unit, locale=board.locale, currency=board.currency)


def _dots(
    board: Board, rows: Mapping[str, tuple[float, float, float, int]], unit: Unit, side: Side
) -> DotPlot:
    """Name to value, low, high and n."""
    dots = tuple(
        Dot(label, value, _text(board, value, unit), low, high, format_count(n, locale=board.locale))
        for label, (value, low, high, n) in rows.items()
    )
    return DotPlot(dots, None, unit, board, side)


def _alignment(board: Board) -> Drawing:
    stated = {"Customers": 0.4, "Quality": 0.3, "People": 0.2, "Growth": 0.1}
    found = statement_alignment(stated, {"Growth": 0.55, "Quality": 0.2, "Customers": 0.15, "People": 0.1})
    if not isinstance(found, Alignment):
        raise SystemExit(found.reason)
    gaps = tuple(
        Gap(
            gap.theme,
            gap.stated,
            _text(board, gap.stated, Unit.PERCENT),
            gap.weighted,
            _text(board, gap.weighted, Unit.PERCENT),
            f"{100 * gap.difference:+.0f} points",
        )
        for gap in found.gaps
    )
    return Butterfly(gaps, "Stated", "Paid for", Unit.PERCENT, board)


def _drivers(board: Board) -> Drawing:
    rng = np.random.default_rng(3)
    count, weights = 900, np.array([0.6, 0.4, 0.15])
    drivers = rng.normal(0, 1, (count, 3)) + 0.5 * rng.normal(0, 1, (count, 1))
    outcome = drivers @ weights + rng.normal(0, 1, count)
    table = np.column_stack([outcome, drivers])
    found = driver_importance(
        CrossProducts(
            ("Kept its word", "Was easy", "Was friendly"),
            count,
            tuple(map(float, table.sum(axis=0))),
            tuple(tuple(map(float, row)) for row in table.T @ table),
        ),
        seed=1,
    )
    if not isinstance(found, Importance):
        raise SystemExit(found.reason)
    rows = {each.name: (each.share, each.low, each.high, found.n) for each in found.drivers}
    return _dots(board, rows, Unit.PERCENT, Side.CUSTOMER)


def _evidence(board: Board) -> Drawing:
    rows = (
        ("Supported: Right first time → Cost to serve", "fall together", -0.62, "−0.62 at 3 months"),
        ("Contradicted: Discounts → Retention", "rise together", -0.48, "−0.48 at 4 months"),
        ("Not detected: Satisfaction → New customers", "rise together", 0.14, "0.14 at 1 month"),
    )
    band = 0.38
    return Register(
        tuple(
            BeliefRow(label, f"expected: {sign}", r, band, f"{r:.2f}".replace("-", "−"), text, abs(r) > band)
            for label, sign, r, text in rows
        ),
        board,
    )


def _growth(board: Board) -> Drawing:
    bridge = RevenueBridge(40e6, 4e6, 2e6, 5e6, 0.5e6, 3e6, 1.5e6, 0.0)
    moves = (
        ("Lost", -bridge.lost),
        ("Contracted", -bridge.contracted),
        ("Expanded", bridge.expanded),
        ("Won back", bridge.reactivated),
        ("New, earned", bridge.new_earned),
        ("New, bought", bridge.new_bought),
    )
    level = bridge.opening
    steps = [Step("A year ago", 0.0, level, _text(board, level, Unit.CURRENCY), Role.TOTAL)]
    for label, moved in moves:
        role = Role.FALL if moved < 0 else Role.RISE
        steps.append(Step(label, level, level + moved, _text(board, moved, Unit.CURRENCY), role))
        level += moved
    steps.append(Step("Now", 0.0, level, _text(board, level, Unit.CURRENCY), Role.TOTAL))
    return Waterfall(tuple(steps), Unit.CURRENCY, board, Side.FINANCIAL)


def _interrupted(board: Board) -> Drawing:
    rng, start, count = np.random.default_rng(9), 20, 34
    values = [
        float(60 + 0.1 * month + rng.normal(0, 0.8) + (4 if month >= start else 0)) for month in range(count)
    ]
    found = interrupted_time_series(values, start)
    if not isinstance(found, Interruption):
        raise SystemExit(found.reason)
    months = tuple(month_of(add_months(date(2023, 12, 1), place)) for place in range(count))
    return Interrupted(months, tuple(values), found, start, Unit.POINTS, board, Side.CUSTOMER)


def _changes(board: Board) -> Drawing:
    before = {"Consumer": (410, 600), "Business": (66, 90), "Public": (25, 38)}
    after = {"Consumer": (469, 610), "Business": (60, 94), "Public": (31, 41)}
    rows = {}
    for name, (said, asked) in after.items():
        found = newcombe(before[name], (said, asked))
        if not isinstance(found, Difference):
            raise SystemExit(found.reason)
        rows[name] = (100 * found.difference, 100 * found.low, 100 * found.high, asked)
    return _dots(board, rows, Unit.POINTS, Side.CUSTOMER)


def _ratios(board: Board) -> Drawing:
    rows = {}
    for place, (name, depots) in enumerate({"North": 40, "South": 12, "West": 5}.items()):
        rng = np.random.default_rng(place)
        orders = rng.integers(80, 400, depots).astype(float)
        cost = orders * (21 + 2 * place) + rng.normal(0, 900, depots)
        sums = PairedSums(
            depots,
            float(cost.sum()),
            float(orders.sum()),
            float((cost**2).sum()),
            float((orders**2).sum()),
            float((cost * orders).sum()),
        )
        found = ratio_interval(sums)
        if not hasattr(found, "low"):
            raise SystemExit(f"No interval: {found}.")
        rows[name] = (sums.y / sums.x, found.low, found.high, depots)
    return _dots(board, rows, Unit.CURRENCY, Side.FINANCIAL)


def _by_age(board: Board) -> Drawing:
    rng, starts = np.random.default_rng(8), {f"shop {unit}": 6 + 2 * unit for unit in range(5)}
    means = [
        UnitMean(
            f"shop {unit}",
            month,
            50 + unit + float(rng.normal(0, 0.6)) + (2.0 if month >= starts.get(f"shop {unit}", 99) else 0.0),
        )
        for unit, month in product(range(14), range(18))
    ]
    found = staggered_effect(means, starts)
    if not isinstance(found, StaggeredEffect):
        raise SystemExit(found.reason)
    rows = {
        f"{age} months in": (each.value, each.low, each.high, found.treated) for age, each in found.by_age[:8]
    }
    return _dots(board, rows, Unit.POINTS, Side.CUSTOMER)


def _hidden_months(board: Board) -> Drawing:
    months, groups = ("Apr", "May", "Jun"), ("North", "South", "West", "All")
    counts = ((14, 52, 33), (4, 61, 47), (6, 58, 12))
    spans = {(place, place + 1): [*each, sum(each)] for place, each in enumerate(counts)}
    spans[0, 3] = [sum(column) for column in zip(*spans.values(), strict=True)]
    cells = [*((("region",), (name,)) for name in groups[:-1]), ((), ())]
    found = blocks(spans, linked_lines(cells), 10)
    fields = []
    for place, group in enumerate(groups):
        for (first, last), name in zip(
            sorted(spans, key=lambda span: span[1] - span[0]), (*months, "Quarter"), strict=True
        ):
            hidden = any(block.hides(first, last) for block in found.get(place, ()))
            n = None if hidden else float(spans[first, last][place])
            fields.append(MatrixCell(group, name, n, "not shown" if n is None else f"{n:.0f}", ""))
    columns = (*months, "Quarter")
    return Matrix(groups, columns, tuple(fields), "Region", "Answers in", Unit.COUNT, board, Side.CUSTOMER)


_MAKERS: Mapping[str, Callable[[Board], Drawing]] = {
    "alignment": _alignment,
    "driver_importance": _drivers,
    "evidence": _evidence,
    "growth": _growth,
    "interrupted_time_series": _interrupted,
    "period_change": _changes,
    "ratios": _ratios,
    "staggered_starts": _by_age,
    "suppression_in_time": _hidden_months,
}
