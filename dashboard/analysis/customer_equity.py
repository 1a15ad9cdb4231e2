"""The customer asset as a statement that foots: its value, what came, what went, what changed, its value
now.

Identity: closing - opening = Σ_acquired V_t - Σ_lost V_{t-1} + Σ_continuing (V_t - V_{t-1}). Values already
expect some customers to go, so that losses are told as expected, Σ (1-r) V_{t-1} over all opening
customers, and as variance from it; continuing customers have the matching credit for having stayed. With
value V = q·u·M (volume q, margin u a unit, multiple M), retention r and discount rate d at opening, and M′
= M₀(1+d)/r - 1 what the opening multiple becomes a period on for those who stayed, the change in value of a
continuing customer is, in this order:

- unwind of the discount, V₀ d/r;
- survival credit, V₀ (1-r)/r;
- margin realised, -q₁u₁, the margin of the period, which is no longer to come;
- volume variance, (q₁-q₀) u₀ (1+M′), this period's and what is to come;
- margin variance, q₁ (u₁-u₀) (1+M′), likewise;
- retention assumption, where a stated retention has changed;
- discount-rate change;
- model refit, the rest: fitted parameters, a customer's state other than a period on, or another model.

If customers are lost exactly as expected, the unwind is d times the opening value and the survival credit
equals the expected loss.

Money is in minor units. Lines are worked out exactly and rounded so that their running total is; each group
foots, and the total is the sum of the groups. Fails closed: where anything is missing, impossible, or more
than one minor unit away from a recorded value, there is a reason and no statement.

Sources: Wiesel, Skiera & Villanueva (Journal of Marketing, 2008) for the statement; the order of the lines
follows insurers' analysis of embedded value.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from dashboard.analysis.customer_value import Valuation
from dashboard.analysis.intervals import Insufficient

__all__ = ["LINES", "Cell", "RollForward", "Statement", "roll_forward"]

# The movements, in the order of the statement.
LINES = (
    "acquired_new",
    "reactivated",
    "lost_expected",
    "lost_variance",
    "unwind",
    "survival_credit",
    "margin_realised",
    "volume_variance",
    "margin_variance",
    "retention_assumption",
    "discount_rate_change",
    "model_refit",
)

ONE = Decimal(1)
# Enough for the largest figures that a valuation may have, with their decimals.
DIGITS = 120


@dataclass(frozen=True)
class Cell:
    """Customers who were alike at opening and are alike at closing.

    `opening` is None for those acquired in the period, `closing` for those lost in it. `reactivated` marks
    acquired customers who had been customers before. Closing volume and margin are those of the period just
    ended, and are taken to go on.
    """

    group: str
    customers: int
    opening: Valuation | None
    closing: Valuation | None
    reactivated: bool = False


@dataclass(frozen=True)
class Statement:
    """The roll-forward of one group, or of all; whole minor units, signed as they move the value.

    `opening` + the twelve lines = `closing`, exactly.
    """

    opening: Decimal
    acquired_new: Decimal
    reactivated: Decimal
    lost_expected: Decimal
    lost_variance: Decimal
    unwind: Decimal
    survival_credit: Decimal
    margin_realised: Decimal
    volume_variance: Decimal
    margin_variance: Decimal
    retention_assumption: Decimal
    discount_rate_change: Decimal
    model_refit: Decimal
    closing: Decimal
    customers_opening: int
    customers_acquired: int
    customers_lost: int
    customers_closing: int

    @property
    def acquired(self) -> Decimal:
        """New and reactivated customers together."""
        return self.acquired_new + self.reactivated

    @property
    def lost(self) -> Decimal:
        """Expected and unexpected losses together: the opening value of all who left, below 0."""
        return self.lost_expected + self.lost_variance

    @property
    def change_in_value(self) -> Decimal:
        """How the value of continuing customers changed, all reasons together."""
        return self.closing - self.opening - self.acquired - self.lost

    @property
    def value_per_customer(self) -> Decimal | None:
        """Closing value of one customer, in minor units, not rounded; None without customers."""
        return self.closing / self.customers_closing if self.customers_closing else None

    def lines(self) -> tuple[tuple[str, Decimal], ...]:
        """Return the movements with their names, in the order of the statement."""
        return tuple((name, getattr(self, name)) for name in LINES)


@dataclass(frozen=True)
class RollForward:
    """A statement for each group, in order of first appearance, and their sum."""

    groups: Mapping[str, Statement]
    total: Statement


def roll_forward(
    cells: Sequence[Cell],
    *,
    recorded_opening: Mapping[str, Decimal] | None = None,
    recorded_closing: Mapping[str, Decimal] | None = None,
) -> RollForward | Insufficient:
    """Explain how the value of customers changed over a period.

    Args:
        cells: everybody who was a customer at opening or is one at closing, each in one cell.
        recorded_opening, recorded_closing: values that are on record by group, in minor units, such as the
            closing values of the statement before; the statement must agree with them.
    Returns:
        The statement, or `Insufficient` without customers, with an assumption that is missing or cannot be,
        with customers who continue though their retention was 0, or where the statement does not foot or
        differs from what is on record by more than one minor unit.
    """
    fault = next((fault for cell in cells if (fault := _fault(cell)) is not None), None)
    if fault is not None:
        return Insufficient(fault)
    if not any(cell.customers for cell in cells):
        return Insufficient("There are no customers.")
    statements: dict[str, Statement] = {}
    with localcontext(prec=DIGITS):
        for group in dict.fromkeys(cell.group for cell in cells):
            statement = _statement([cell for cell in cells if cell.group == group])
            if statement is None:
                return Insufficient(f"{group}: the statement does not foot to the minor unit.")
            statements[group] = statement
        total = _sum(statements.values())
    for name, recorded in (("opening", recorded_opening), ("closing", recorded_closing)):
        difference = _off_record(name, statements, recorded)
        if difference is not None:
            return difference
    return RollForward(statements, total)


def _fault(cell: Cell) -> str | None:
    if cell.customers < 0:
        return f"{cell.group}: a number of customers is negative; no statement is given."
    if cell.opening is None and cell.closing is None:
        return f"{cell.group}: customers without opening and closing assumptions; no statement is given."
    if cell.reactivated and cell.opening is not None:
        return (
            f"{cell.group}: customers who were here at opening cannot be reactivated; no statement is given."
        )
    for when, valuation in (("opening", cell.opening), ("closing", cell.closing)):
        fault = valuation.fault() if valuation is not None else None
        if fault is not None:
            return f"{cell.group}: at {when}, {fault}; no statement is given."
    if cell.opening is not None and cell.closing is not None and not cell.opening.lifetime.next_period:
        return f"{cell.group}: customers continue whose retention was 0; no statement is given."
    return None


def _statement(cells: Sequence[Cell]) -> Statement | None:
    """The statement of one group; None where the exact lines miss the closing value by over a minor unit."""
    exact = dict.fromkeys(LINES, Decimal(0))
    for cell in cells:
        for name, amount in _movements(cell).items():
            exact[name] += cell.customers * amount
    opening = sum((cell.customers * cell.opening.value for cell in cells if cell.opening), Decimal(0))
    closing = sum((cell.customers * cell.closing.value for cell in cells if cell.closing), Decimal(0))
    if not abs(opening + sum(exact.values()) - closing) <= ONE:
        return None
    rounded, running, shown = {}, opening, _whole(opening)
    for name in LINES:
        running += exact[name]
        rounded[name] = _whole(running) - shown
        shown += rounded[name]
    return Statement(
        opening=_whole(opening),
        closing=shown,
        customers_opening=sum(cell.customers for cell in cells if cell.opening),
        customers_acquired=sum(cell.customers for cell in cells if not cell.opening),
        customers_lost=sum(cell.customers for cell in cells if not cell.closing),
        customers_closing=sum(cell.customers for cell in cells if cell.closing),
        **rounded,
    )


def _movements(cell: Cell) -> dict[str, Decimal]:
    """The movements of one customer of a cell, exactly; lines that are not named are 0."""
    before, after = cell.opening, cell.closing
    if before is None:
        return {"reactivated" if cell.reactivated else "acquired_new": after.value if after else Decimal(0)}
    kept = before.lifetime.next_period
    expected = -(1 - kept) * before.value
    if after is None:
        return {"lost_expected": expected, "lost_variance": -before.value - expected}
    return {"lost_expected": expected, "lost_variance": -expected, **_changes(before, after, kept)}


def _changes(before: Valuation, after: Valuation, kept: Decimal) -> dict[str, Decimal]:
    """How the value of a customer who stayed changed; `kept` is the retention that was expected."""
    rate, opening = before.discount_rate, before.value
    a_period_on = before.lifetime.multiple(rate) * (1 + rate) / kept - 1
    if before.lifetime.fitted or after.lifetime.fitted:
        assumed, lifetime = a_period_on, before.lifetime.a_period_on()
    else:
        assumed, lifetime = after.lifetime.multiple(rate), after.lifetime
    discounted = lifetime.multiple(after.discount_rate) if after.discount_rate != rate else assumed
    income = after.volume * after.margin
    return {
        "unwind": opening * rate / kept,
        "survival_credit": opening * (1 - kept) / kept,
        "margin_realised": -income,
        "volume_variance": (after.volume - before.volume) * before.margin * (1 + a_period_on),
        "margin_variance": after.volume * (after.margin - before.margin) * (1 + a_period_on),
        "retention_assumption": income * (assumed - a_period_on),
        "discount_rate_change": income * (discounted - assumed),
        "model_refit": income * (after.lifetime.multiple(after.discount_rate) - discounted),
    }


def _whole(amount: Decimal) -> Decimal:
    return amount.quantize(ONE, rounding=ROUND_HALF_EVEN)


def _sum(statements: Iterable[Statement]) -> Statement:
    kept = list(statements)
    return Statement(
        **{name: sum(getattr(statement, name) for statement in kept) for name in Statement.__annotations__}
    )


def _off_record(
    name: str, statements: Mapping[str, Statement], recorded: Mapping[str, Decimal] | None
) -> Insufficient | None:
    if recorded is None:
        return None
    for group in dict.fromkeys((*statements, *recorded)):
        value = getattr(statements[group], name) if group in statements else Decimal(0)
        on_record = recorded.get(group, Decimal(0))
        if not (on_record.is_finite() and abs(value - on_record) <= ONE):
            return Insufficient(
                f"{group}: the {name} value {value} differs from the {on_record} on record by more than one"
                " minor unit; no statement is given."
            )
    return None
