"""Worth of an initiative: spreadsheet vendors' examples, invariants, and plans that have no answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.investment import (
    Valuation,
    internal_rate,
    net_present_value,
    payback,
    profitability_index,
    return_on_investment,
    valuation,
)
from dashboard.analysis.investment_risk import (
    Assumptions,
    Plan,
    ValueAtRisk,
    scenarios,
    simulated_value,
    tornado,
)

PLAN = [-40000, 8000, 9200, 10000, 12000, 14500]


def reason(answer: object) -> str:
    assert isinstance(answer, Insufficient), answer
    return answer.reason


def test_net_present_value() -> None:
    assert net_present_value([-10000, 3000, 4200, 6800], 0.10, first=1) == pytest.approx(1188.44, abs=0.005)
    assert net_present_value(PLAN, 0.08) == pytest.approx(1922.06, abs=0.005)
    assert net_present_value([100.0], 0.5) == 100.0


def test_the_other_figures_of_the_same_plan() -> None:
    assert profitability_index(PLAN, 0.08) == pytest.approx(1.048, abs=5e-4)
    assert payback(PLAN) == pytest.approx(4.055, abs=5e-4)
    assert return_on_investment([40000], [53700]) == pytest.approx(0.3425)


@pytest.mark.parametrize(
    ("flows", "rate"),
    [
        ([-70000, 12000, 15000, 18000, 21000, 26000], 0.08663),
        ([-100, 39, 59, 55, 20], 0.28095),
        ([100, 0, -121], 0.10),
        ([-100, 50], -0.5),
        ([0, -100, 110], 0.10),
    ],
)
def test_the_internal_rate(flows: list[float], rate: float) -> None:
    assert internal_rate(flows) == pytest.approx(rate, abs=5e-6)


@given(st.lists(st.floats(1, 1e6), min_size=1, max_size=12), st.floats(1, 1e6))
def test_at_the_internal_rate_the_plan_is_worth_nothing(gains: list[float], outlay: float) -> None:
    rate = internal_rate([-outlay, *gains])
    assert isinstance(rate, float)
    value = net_present_value([-outlay, *gains], rate)
    assert value == pytest.approx(0, abs=1e-6 * (outlay + sum(gains)))


def test_all_at_once() -> None:
    found = valuation([40000, 0, 0, 0, 0, 0], [0, 8000, 9200, 10000, 12000, 14500], rate=0.08)
    assert isinstance(found, Valuation)
    assert found.net_present_value == pytest.approx(1922.06, abs=0.005)
    assert found.return_on_investment == pytest.approx(0.3425)
    assert found.payback == pytest.approx(4.055, abs=5e-4)
    assert net_present_value(PLAN, found.internal_rate) == pytest.approx(0, abs=1e-6)  # type: ignore[arg-type]


def test_plans_without_an_answer() -> None:
    assert reason(net_present_value([], 0.1)) == "There are no flows."
    assert reason(net_present_value([-1, None, float("nan")], 0.1)) == "2 of 3 flows are missing."
    assert reason(valuation([1, None], [2, 3], rate=0.1)) == "1 of 2 costs are missing."
    assert reason(valuation([1, 2], [None, 3], rate=0.1)) == "1 of 2 benefits are missing."
    assert reason(internal_rate([-100, 230, -132])) == (
        "The flows change sign 2 times; an internal rate needs exactly one change, from cost to benefit or"
        " back."
    )
    assert reason(internal_rate([0, 0])).startswith("The flows change sign 0 times;")
    assert reason(internal_rate([-1e9, 1e-9])) == (
        "The internal rate is so close to -100 % that it cannot be told."
    )
    assert reason(internal_rate([-1e-9, 1e9])) == "The internal rate is beyond any that could be told."
    assert reason(payback([-100, 20, 30])) == "The outlay is not paid back within the 2 periods planned."
    assert reason(payback([10, -5])) == "Nothing is laid out at the start; there is nothing to pay back."
    assert reason(profitability_index([10, 5], 0.1)) == (
        "Nothing is laid out at the start; an index needs an outlay to divide by."
    )
    assert reason(profitability_index([None, 5], 0.1)) == "1 of 2 flows are missing."
    assert reason(return_on_investment([0, 0], [1, 2])) == (
        "There are no costs; a return needs costs to divide by."
    )
    assert reason(return_on_investment([], [])) == "There are no costs."


def test_what_makes_no_sense_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        net_present_value(PLAN, -1.0)
    assert str(refused.value) == "rate is -1.0; a discount rate is a fraction above -1, such as 0.10."
    with pytest.raises(ValueError) as refused:
        valuation([1], [1, 2], rate=0.1)
    assert str(refused.value) == "There are 1 costs and 2 benefits; give one of each a period."


EXPECTED = Assumptions(effect=100.0, rate=0.08)
INITIATIVE = Plan(costs=(40000, 0, 0, 0, 0, 0), worth=(0, 80, 92, 100, 120, 145))


def test_three_scenarios() -> None:
    found = scenarios(
        INITIATIVE,
        {
            "low": Assumptions(effect=80.0, rate=0.08, delay=1),
            "expected": EXPECTED,
            "high": Assumptions(effect=120.0, rate=0.08, cost_factor=0.9),
        },
    )
    assert list(found) == ["low", "expected", "high"]
    low, expected, high = (one for one in found.values() if isinstance(one, Valuation))
    assert expected.net_present_value == pytest.approx(1922.06, abs=0.005)
    assert high.net_present_value == pytest.approx(1.2 * 41922.06 - 36000, abs=0.01)
    assert low.net_present_value == pytest.approx(
        -40000 + 80 * sum(worth / 1.08**period for period, worth in enumerate((80, 92, 100, 120), start=2))
    )
    assert reason(low.payback) == "The outlay is not paid back within the 5 periods planned."


def test_a_tornado_is_sorted_by_span() -> None:
    swings = tornado(
        INITIATIVE,
        EXPECTED,
        Assumptions(effect=80.0, rate=0.06, cost_factor=0.95),
        Assumptions(effect=120.0, rate=0.10, cost_factor=1.05),
    )
    assert [swing.assumption for swing in swings] == ["effect", "rate", "cost_factor"]
    assert swings[0].span == pytest.approx(0.4 * 41922.06, abs=0.01)
    assert swings[2].at_low - swings[2].at_high == pytest.approx(4000)


def test_the_interval_of_the_value_is_that_of_the_effect() -> None:
    # NPV is a line in the effect, so its interval is known without a draw: ± 1.96 × 20 × 419.22.
    found = simulated_value(INITIATIVE, EXPECTED, standard_error=20.0, seed=4, draws=200_000)
    assert isinstance(found, ValueAtRisk)
    reach = 1.959964 * 20 * 419.2206
    assert (found.low, found.median, found.high) == pytest.approx(
        (1922.06 - reach, 1922.06, 1922.06 + reach), abs=150
    )
    assert found.loss == pytest.approx(0.409, abs=0.005)
    assert found == simulated_value(INITIATIVE, EXPECTED, standard_error=20.0, seed=4, draws=200_000)


def test_few_units_and_unsure_costs_widen_the_interval() -> None:
    def width(freedom: float | None = None, cost_spread: float = 0.0) -> float:
        found = simulated_value(
            INITIATIVE, EXPECTED, standard_error=20.0, seed=4, freedom=freedom, cost_spread=cost_spread
        )
        assert isinstance(found, ValueAtRisk)
        return found.high - found.low

    assert width() < width(cost_spread=0.3)
    assert width() < width(freedom=5)
    certain = simulated_value(INITIATIVE, EXPECTED, standard_error=0.0, seed=4)
    assert isinstance(certain, ValueAtRisk)
    assert certain.low == certain.high == pytest.approx(1922.06, abs=0.005)


def test_an_unknown_error_gives_no_interval() -> None:
    told = "The effect's standard error is not known, or rests on too few units to draw from."
    assert reason(simulated_value(INITIATIVE, EXPECTED, standard_error=float("nan"), seed=1)) == told
    assert reason(simulated_value(INITIATIVE, EXPECTED, standard_error=1.0, seed=1, freedom=1)) == told
    with pytest.raises(ValueError) as refused:
        simulated_value(INITIATIVE, EXPECTED, standard_error=1.0, seed=1, draws=10)
    assert str(refused.value) == (
        "Give at least 100 draws, a spread of 0 or more, and a level between 0 and 1."
    )


def test_plans_that_make_no_sense_are_refused() -> None:
    with pytest.raises(ValueError) as refused:
        Plan(costs=(1.0,), worth=())
    assert str(refused.value) == (
        "There are 1 costs and 0 entries of worth; a plan needs one of each a period."
    )
    with pytest.raises(ValueError) as refused:
        Plan(costs=(-1.0,), worth=(1.0,))
    assert str(refused.value) == "Costs and worth must be finite numbers, and costs not negative."
    with pytest.raises(ValueError) as refused:
        scenarios(INITIATIVE, {"x": Assumptions(effect=1.0, rate=0.1, delay=-1)})
    assert str(refused.value) == "A delay and a factor on costs are 0 or more."
