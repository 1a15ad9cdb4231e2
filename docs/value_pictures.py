"""Worked examples of what customers are worth, as the product draws them."""

from decimal import Decimal

from dashboard.analysis.concentration import Concentration, Holders, concentration
from dashboard.analysis.customer_equity import Cell, RollForward, roll_forward
from dashboard.analysis.customer_value import Valuation
from dashboard.analysis.lifetimes import ConstantRetention
from dashboard.board.drawings import Pareto, Role, Share, Step, Waterfall
from dashboard.definitions.model import Board, Side
from dashboard.units import Unit, format_value


def concentrated(board: Board) -> Pareto:
    """Six customers by revenue."""
    revenue = {"Harbour": 7.0, "Mills": 4.5, "Station": 3.0, "Market": 1.6, "Gardens": 1.1, "Locks": 0.8}
    found = concentration([Holders(1, each) for each in revenue.values()])
    if not isinstance(found, Concentration):
        raise SystemExit(found.reason)
    shares = []
    for place, (label, each) in enumerate(revenue.items(), start=1):
        together = found.top_share(place)
        texts = _text(board, each * 1e6, Unit.CURRENCY), _text(board, together, Unit.PERCENT)
        shares.append(Share(label, each * 1e6, texts[0], together, texts[1]))
    return Pareto(tuple(shares), Unit.CURRENCY, board, Side.FINANCIAL)


def rolled_forward(board: Board) -> Waterfall:
    """A year in which 150 of 1,000 customers left, where 200 were expected to, and 130 came."""
    kept, rate = ConstantRetention(Decimal("0.80")), Decimal("0.10")
    before, after = (Valuation(Decimal(12), Decimal(margin), kept, rate) for margin in (2500, 2600))
    cells = [Cell("all", 850, before, after), Cell("all", 150, before, None), Cell("all", 130, None, after)]
    found = roll_forward(cells)
    if not isinstance(found, RollForward):
        raise SystemExit(found.reason)
    level = float(found.total.opening) / 100
    steps = [Step("Opening", 0.0, level, _text(board, level, Unit.CURRENCY), Role.TOTAL)]
    for name, amount in found.total.lines():
        if moved := float(amount) / 100:
            role, label = Role.FALL if moved < 0 else Role.RISE, name.replace("_", " ").capitalize()
            steps.append(Step(label, level, level + moved, _text(board, moved, Unit.CURRENCY), role))
            level += moved
    steps.append(Step("Closing", 0.0, level, _text(board, level, Unit.CURRENCY), Role.TOTAL))
    return Waterfall(tuple(steps), Unit.CURRENCY, board, Side.FINANCIAL)


def _text(board: Board, value: float, unit: Unit) -> str:
    return format_value(value, unit, locale=board.locale, currency=board.currency)
