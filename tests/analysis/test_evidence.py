"""Verdicts on declared beliefs: planted truths, a planted null, and the sentences word for word."""

import re

import numpy as np
import pytest

from dashboard.analysis.distributed_lag import distributed_lag
from dashboard.analysis.evidence import Belief, Evidence, Verdict, judge, judge_together
from dashboard.analysis.forecast_check import ForecastCheck, forecast_check
from tests.analysis.test_lead_lag import Series, noise, planted

TWO_QUARTERS = Belief("NPS", "earned growth", "plus", (4, 8))


def judged(
    seed: int, *, size: float, lag: int = 6, belief: Belief = TWO_QUARTERS, count: int = 60
) -> Evidence:
    return judge(belief, *planted(seed, lag=lag, size=size, count=count))


def test_a_planted_lag_of_two_quarters_is_supported() -> None:
    evidence = judged(1, size=0.8)
    assert evidence.verdict is Verdict.SUPPORTED
    assert evidence.sentence == (
        "Supported: a rise in NPS was followed by a rise in earned growth 6 months later (r = 0.67, p <"
        " 0.001 over 59 months, corrected for 5 lags from 4 to 8 months). This is an"
        " association, not a cause."
    )
    assert evidence.lead_lag is not None and evidence.lead_lag.strongest.lag == 6
    assert evidence.effect is not None and evidence.effect.lag == 6
    assert evidence.effect.effect.low < 0.8 < evidence.effect.effect.high
    assert evidence.forecast is not None and evidence.forecast.gain > 0.1
    assert evidence.forecast_sentence == (
        f"Forecasts of earned growth missed by {evidence.forecast.gain:.0%} less with NPS (26 forecasts)."
    )


def test_a_planted_null_is_not_detected() -> None:
    evidence = judged(5, size=0.0)
    assert evidence.verdict is Verdict.NOT_DETECTED
    assert evidence.sentence == (
        "Not detected: NPS and earned growth show no connection at 5 lags from 4 to 8 months. With 59"
        " months, a correlation weaker than 0.34 would not show."
    )
    assert evidence.forecast_sentence == "Forecasts of earned growth were no better with NPS (26 forecasts)."


def test_the_other_sign_contradicts() -> None:
    evidence = judged(1, size=0.8, belief=Belief("effort", "margin", "minus", (6, 6)))
    assert evidence.verdict is Verdict.CONTRADICTED
    assert evidence.sentence == (
        "Contradicted: the sign is the other one: a rise in effort was followed by a rise in margin 6 months"
        " later (r = 0.67, p < 0.001 over 59 months, corrected for the one lag of 6 months). This is an"
        " association, not a cause."
    )
    falling = judged(1, size=-0.8, belief=Belief("effort", "margin", "minus", (6, 6)))
    assert falling.verdict is Verdict.SUPPORTED
    assert "a rise in effort was followed by a fall in margin 6 months later (r = −0." in falling.sentence


def test_the_direction_of_a_lag_is_told() -> None:
    together = judged(3, size=0.9, lag=0, belief=Belief("a", "b", "plus", (0, 0), "quarter"))
    assert "a rise in a came with a rise in b in the same quarter" in together.sentence
    customer, financial = planted(3, lag=1, size=0.9)
    behind = judge(Belief("a", "b", "plus", (-1, -1)), financial, customer)
    assert "a rise in a came 1 month after a rise in b" in behind.sentence
    assert "corrected for the one lag of −1 month)." in behind.sentence
    assert behind.effect is None


def test_three_years_are_needed_for_a_verdict() -> None:
    evidence = judged(15, size=0.6, lag=1, belief=Belief("a", "b", "plus", (1, 1)), count=36)
    assert evidence.verdict is Verdict.INSUFFICIENT
    assert evidence.sentence == (
        "Insufficient: 35 months of a and b after differencing can be looked at and bear no verdict;"
        " 36 are needed."
    )
    assert evidence.lead_lag is not None


@pytest.mark.parametrize(
    ("series", "told"),
    [
        ([], "Insufficient: there is no period in which both are measured."),
        ([4.0] * 60, "Insufficient: the customer series does not vary: its changes are all the same."),
    ],
)
def test_the_reason_is_told(series: Series, told: str) -> None:
    evidence = judge(TWO_QUARTERS, series, noise(1, len(series)))
    assert (evidence.verdict, evidence.sentence) == (Verdict.INSUFFICIENT, told)
    assert (evidence.lead_lag, evidence.effect, evidence.forecast, evidence.forecast_sentence) == (None,) * 4


def test_a_belief_without_a_sign_is_not_tested() -> None:
    evidence = judge(Belief("NPS", "cost", "none", (0, 4)), noise(1), noise(2))
    assert evidence.verdict is Verdict.INSUFFICIENT
    assert evidence.sentence == (
        "Insufficient: no sign is declared for NPS and cost, and a belief that allows both signs cannot be"
        " tested."
    )


def test_many_beliefs_are_corrected_together() -> None:
    weak = judged(8, size=0.45, belief=Belief("a", "b", "plus", (6, 6)))
    strong = judged(1, size=0.8)
    assert (weak.verdict, strong.verdict) == (Verdict.SUPPORTED, Verdict.SUPPORTED)
    untestable = judge(TWO_QUARTERS, [], [])
    nulls = [judged(seed, size=0.0, belief=Belief("a", "b", "plus", (0, 8))) for seed in range(30, 60)]
    corrected = judge_together([weak, *nulls, untestable, strong])
    assert corrected[0].verdict is Verdict.NOT_DETECTED
    assert corrected[0].p_family is not None and corrected[0].p_family > 0.05
    total = 6 + sum(one.lead_lag.tests for one in nulls if one.lead_lag)
    assert corrected[0].sentence == (
        f"Not detected: the strongest lag would have counted by itself, and does not among the {total} lags"
        f" that were tried for all beliefs (adjusted p = {corrected[0].p_family:.3f})."
    )
    assert corrected[-1].verdict is Verdict.SUPPORTED
    assert corrected[-1].p_family is not None and corrected[-1].p_family < 0.001
    assert corrected[-2] == untestable
    assert judge_together([]) == ()


@pytest.mark.parametrize("size", [0.0, 0.9, -0.9])
def test_no_sentence_claims_a_cause(size: float) -> None:
    evidence = judged(4, size=size)
    told = " ".join([evidence.sentence, evidence.forecast_sentence or ""])
    assert not re.search(r"\b(driv|prov|caus(es|ed)|leads? to)", told)


def test_the_effect_is_in_the_units_of_both() -> None:
    rng = np.random.default_rng(6)
    customer, errors = rng.normal(size=(2, 400))
    financial = np.zeros(400)
    for index in range(2, 400):
        financial[index] = 0.5 * financial[index - 1] + 3 * customer[index - 2] + errors[index]
    found = distributed_lag(customer, financial, 2)
    assert found is not None
    assert found.effect.value == pytest.approx(3, abs=0.15)
    assert found.effect.low < 3 < found.effect.high
    assert found.long_run == pytest.approx(6, abs=0.5)
    assert found.own_lags >= 1


def test_an_effect_that_cannot_be_had() -> None:
    values = np.array(noise(1, 30), dtype=float)
    assert distributed_lag(values[:20], values[:20], 4) is None
    assert distributed_lag(values, np.roll(values, 2), 2) is None  # no error left to judge by
    assert distributed_lag(np.ones(30), values, 0) is None
    with pytest.raises(ValueError) as refused:
        distributed_lag(values, values, -1)
    assert str(refused.value) == "lag is -1; the customer series must come first."


def test_forecasts_use_nothing_of_the_future() -> None:
    rng = np.random.default_rng(9)
    customer, financial = rng.normal(size=(2, 60))
    before = forecast_check(customer, financial, (1, 3))
    financial[-1] += 100  # only the last forecast may notice
    after = forecast_check(customer, financial, (1, 3))
    assert before is not None and after is not None
    squares = [check.without**2 * check.forecasts for check in (before, after)]
    last = financial[-1] - 100
    assert squares[1] - squares[0] == pytest.approx(100**2 + 200 * last, abs=200)


def test_forecasts_that_cannot_be_made() -> None:
    values = np.array(noise(1), dtype=float)
    assert forecast_check(values, values, (-3, 0)) is None
    assert forecast_check(values[:26], values[:26], (1, 6)) is None
    assert forecast_check(values, np.zeros(60), (1, 2)) is None
    assert isinstance(forecast_check(np.zeros(60), values, (1, 2)), ForecastCheck)


def test_forecasts_are_called_better_by_chance_at_most_one_time_in_ten() -> None:
    rng = np.random.default_rng(12)
    checks = [forecast_check(*rng.normal(size=(2, 60)), (1, 4)) for _ in range(400)]
    assert sum(check is not None and check.better for check in checks) <= 40
