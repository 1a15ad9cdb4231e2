"""The customer asset statement: it foots, each line is what it says, and it fails closed."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.customer_equity import LINES, Cell, RollForward, Statement, roll_forward
from dashboard.analysis.customer_value import Valuation
from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.lifetimes import ConstantRetention, ContractRetention, Lifetime, ProjectedRetention

D = Decimal

TEN = D("0.10")


def worth(value: int) -> Valuation:
    """One customer of this value: at a discount rate of 10 %, a retention of 55 % has a multiple of 1."""
    return Valuation(D(1), D(value), ConstantRetention(D("0.55")), TEN)


def rolled(*cells: Cell) -> RollForward:
    statement = roll_forward(cells)
    assert isinstance(statement, RollForward)
    return statement


def total(*cells: Cell) -> Statement:
    return rolled(*cells).total


def test_the_worked_example() -> None:
    statement = total(
        Cell("all", 1, worth(100), worth(110)),
        Cell("all", 1, worth(80), worth(70)),
        Cell("all", 1, worth(60), worth(60)),
        Cell("all", 1, worth(40), None),
        Cell("all", 1, None, worth(50)),
        Cell("all", 1, None, worth(30)),
    )
    assert (statement.opening, statement.closing) == (280, 320)
    assert (statement.acquired, statement.lost, statement.change_in_value) == (80, -40, 0)
    assert statement.lost_expected == -126
    assert statement.lost_variance == 86
    assert (statement.customers_opening, statement.customers_closing) == (4, 5)
    assert (statement.customers_acquired, statement.customers_lost) == (2, 1)
    assert statement.value_per_customer == 64


BASE = Valuation(D(12), D(2500), ConstantRetention(D("0.80")), TEN)


def changes(before: Valuation, after: Valuation, customers: int = 1000) -> dict[str, D]:
    statement = total(Cell("all", customers, before, after))
    return {name: amount for name, amount in statement.lines() if amount}


def test_losses_as_expected_leave_unwind_and_margin_alone() -> None:
    statement = total(Cell("all", 800, BASE, BASE), Cell("all", 200, BASE, None))
    assert statement.opening == D(1000) * 30000 * D("0.8") / D("0.3")
    assert statement.lost_expected == -statement.opening / 5
    assert statement.lost_variance == 0
    assert statement.survival_credit == -statement.lost_expected
    assert statement.unwind == statement.opening / 10
    assert statement.margin_realised == -800 * 30000
    for name in LINES[LINES.index("volume_variance") :]:
        assert getattr(statement, name) == 0
    assert statement.closing == statement.opening * D("0.8")


def test_more_losses_than_expected_are_a_variance() -> None:
    statement = total(Cell("all", 700, BASE, BASE), Cell("all", 300, BASE, None))
    assert statement.lost == -300 * 80000
    assert statement.lost_expected == -200 * 80000
    assert statement.lost_variance == -100 * 80000


@pytest.mark.parametrize(
    ("after", "line", "amount"),
    [
        # Multiple 8/3, and this period's margin beside it.
        (replace(BASE, volume=D(15)), "volume_variance", D(3) * 2500 * (1 + D(8) / 3)),
        (replace(BASE, margin=D(2200)), "margin_variance", D(12) * -300 * (1 + D(8) / 3)),
        (
            replace(BASE, lifetime=ConstantRetention(D("0.85"))),
            "retention_assumption",
            D(30000) * (D("0.85") / D("0.25") - D(8) / 3),
        ),
        (
            replace(BASE, discount_rate=D("0.12")),
            "discount_rate_change",
            D(30000) * (D("0.8") / D("0.32") - D(8) / 3),
        ),
        (
            replace(BASE, lifetime=ContractRetention(0.668, 3.806, 3)),
            "model_refit",
            D(30000) * (ContractRetention(0.668, 3.806, 3).multiple(TEN) - D(8) / 3),
        ),
    ],
)
def test_each_change_has_its_line(after: Valuation, line: str, amount: D) -> None:
    usual = {"lost_expected", "lost_variance", "unwind", "survival_credit", "margin_realised"}
    found = changes(BASE, after)
    assert set(found) - usual == {line}
    assert found[line] == pytest.approx(1000 * amount, abs=1)


def test_a_fitted_model_a_period_on_has_no_refit() -> None:
    before = replace(BASE, lifetime=ContractRetention(0.704, 1.182, 2))
    expected = replace(BASE, lifetime=ContractRetention(0.704, 1.182, 3))
    assert "model_refit" not in changes(before, expected)
    dearer = changes(before, replace(expected, discount_rate=D("0.12")))
    assert "model_refit" not in dearer and dearer["discount_rate_change"] < 0
    refitted = changes(before, replace(expected, lifetime=ContractRetention(0.70, 1.182, 3)))
    assert refitted["model_refit"] > 0
    assert "retention_assumption" not in refitted


def test_the_steps_are_taken_in_order() -> None:
    after = Valuation(D(15), D(2200), ConstantRetention(D("0.85")), D("0.12"))
    found = changes(BASE, after)
    assert found["margin_variance"] == pytest.approx(1000 * 15 * -300 * (1 + D(8) / 3), abs=1)
    assert found["retention_assumption"] == pytest.approx(33_000_000 * (D("3.4") - D(8) / 3), abs=1)
    assert found["discount_rate_change"] == pytest.approx(
        33_000_000 * (D("0.85") / D("0.27") - D("3.4")), abs=1
    )
    assert "model_refit" not in found


def test_reactivated_customers_have_a_line_inside_acquired() -> None:
    statement = total(Cell("all", 3, None, BASE), Cell("all", 2, None, BASE, reactivated=True))
    assert (statement.acquired_new, statement.reactivated, statement.acquired) == (240000, 160000, 400000)
    assert (statement.opening, statement.lost, statement.change_in_value) == (0, 0, 0)


def test_groups_foot_and_so_does_their_sum() -> None:
    third = replace(BASE, margin=D(10) / 3)
    cells = [Cell(name, 1, third, replace(third, volume=D(7))) for name in ("a", "b", "c")]
    statement = rolled(*cells)
    assert list(statement.groups) == ["a", "b", "c"]
    for part in (*statement.groups.values(), statement.total):
        assert part.opening + sum(amount for _, amount in part.lines()) == part.closing
    for name in ("opening", *LINES, "closing", "customers_closing"):
        assert getattr(statement.total, name) == sum(getattr(s, name) for s in statement.groups.values())


def test_a_statement_agrees_with_the_one_before_or_is_not_given() -> None:
    first = rolled(Cell("a", 100, None, BASE))
    second = [Cell("a", 100, BASE, BASE)]
    on_record = {name: part.closing for name, part in first.groups.items()}
    assert isinstance(roll_forward(second, recorded_opening=on_record), RollForward)
    assert isinstance(roll_forward(second, recorded_opening={"a": D(8000001)}), RollForward)
    assert roll_forward(second, recorded_opening={"a": D(8000002)}) == Insufficient(
        "a: the opening value 8000000 differs from the 8000002 on record by more than one minor unit;"
        " no statement is given."
    )
    assert roll_forward(second, recorded_closing={"a": D("NaN")}) == Insufficient(
        "a: the closing value 8000000 differs from the NaN on record by more than one minor unit;"
        " no statement is given."
    )
    assert roll_forward(second, recorded_opening={**on_record, "b": D(500)}) == Insufficient(
        "b: the opening value 0 differs from the 500 on record by more than one minor unit;"
        " no statement is given."
    )


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ([], "There are no customers."),
        ([Cell("a", 0, BASE, BASE)], "There are no customers."),
        ([Cell("a", -1, BASE, BASE)], "a: a number of customers is negative; no statement is given."),
        (
            [Cell("a", 1, None, None)],
            "a: customers without opening and closing assumptions; no statement is given.",
        ),
        (
            [Cell("a", 1, BASE, BASE, reactivated=True)],
            "a: customers who were here at opening cannot be reactivated; no statement is given.",
        ),
        (
            [Cell("a", 1, BASE, BASE), Cell("b", 1, BASE, replace(BASE, volume=D("NaN")))],
            "b: at closing, a volume, margin or discount rate is missing or infinite; no statement is given.",
        ),
        (
            [Cell("a", 1, replace(BASE, lifetime=ConstantRetention(D(2))), None)],
            "a: at opening, the retention 2 is not within 0 and 1; no statement is given.",
        ),
        (
            [Cell("a", 1, replace(BASE, lifetime=ConstantRetention(D(0))), BASE)],
            "a: customers continue whose retention was 0; no statement is given.",
        ),
    ],
)
def test_what_cannot_be_told_gives_no_statement(cells: list[Cell], reason: str) -> None:
    assert roll_forward(cells) == Insufficient(reason)


def test_vast_and_negative_margins_foot() -> None:
    vast = replace(BASE, volume=D(10) ** 9, margin=D(10) ** 15, lifetime=ConstantRetention(D(1)))
    loss = replace(BASE, margin=D("-0.01"))
    statement = total(Cell("a", 10**9, vast, loss), Cell("a", 1, loss, None))
    assert statement.opening + sum(amount for _, amount in statement.lines()) == statement.closing
    assert statement.closing < 0


rates = st.decimals("0.01", "1", places=4)
lifetimes: st.SearchStrategy[Lifetime] = st.one_of(
    st.builds(ConstantRetention, rates),
    st.builds(ContractRetention, st.floats(0.05, 9), st.floats(0.05, 9), st.integers(0, 9)),
    st.lists(rates, min_size=1, max_size=8).map(
        lambda chances: ProjectedRetention(tuple(sorted(chances, reverse=True)))
    ),
)
valuations = st.builds(
    Valuation,
    st.decimals(0, 10**4, places=3),
    st.decimals(-(10**5), 10**7, places=2),
    lifetimes,
    st.decimals("0.001", "0.5", places=4),
)
cells = st.builds(
    Cell,
    st.sampled_from("abc"),
    st.integers(0, 10**6),
    st.one_of(st.none(), valuations),
    st.one_of(st.none(), valuations),
).filter(lambda cell: cell.opening is not None or cell.closing is not None)


@settings(deadline=None, max_examples=150)
@given(st.lists(cells, min_size=1, max_size=8))
def test_every_statement_foots_to_the_minor_unit(given_cells: list[Cell]) -> None:
    found = roll_forward(given_cells)
    if isinstance(found, Insufficient):
        assert found.reason == "There are no customers."
        return
    for name, part in found.groups.items():
        mine = [cell for cell in given_cells if cell.group == name]
        assert part.opening + sum(amount for _, amount in part.lines()) == part.closing
        assert all(amount == amount.to_integral_value() for _, amount in part.lines())
        opening = sum(cell.customers * cell.opening.value for cell in mine if cell.opening)
        closing = sum(cell.customers * cell.closing.value for cell in mine if cell.closing)
        lost = sum(cell.customers * cell.opening.value for cell in mine if cell.opening and not cell.closing)
        acquired = sum(
            cell.customers * cell.closing.value for cell in mine if cell.closing and not cell.opening
        )
        assert abs(part.opening - opening) <= 1 and abs(part.closing - closing) <= 1
        assert abs(part.lost + lost) <= 2 and abs(part.acquired - acquired) <= 2
        assert (
            part.customers_opening + part.customers_acquired - part.customers_lost == part.customers_closing
        )
