"""Intervals that say 95 % hold the truth in 93 to 97 of 100 samples: drawn 2,000 times, with fixed seeds."""

import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from dashboard.analysis.intervals import Difference, Insufficient, Interval
from dashboard.analysis.means import Sums, mean_change, mean_interval, median_interval
from dashboard.analysis.nps import nps_change, nps_interval, weighted_nps_interval
from dashboard.analysis.proportions import newcombe, wilson
from dashboard.analysis.ratios import PairedSums, ratio_interval

pytestmark = pytest.mark.slow

DRAWS = 2000
MIX = (0.45, 0.3, 0.25)  # promoters, passives, detractors: 20 points
Draw = Callable[[np.random.Generator], Interval | Difference | Insufficient]


def coverage(draw: Draw, truth: float, *, seed: int) -> float:
    rng = np.random.default_rng(seed)
    hits = 0
    for _ in range(DRAWS):
        found = draw(rng)
        assert not isinstance(found, Insufficient), found.reason
        hits += found.low <= truth <= found.high
    return hits / DRAWS


def answers(rng: np.random.Generator, n: int, mix: tuple[float, ...] = MIX) -> tuple[int, int, int]:
    promoters, passives, detractors = rng.multinomial(n, mix).tolist()
    return promoters, passives, detractors


@pytest.mark.parametrize("n", [10, 30, 100, 1000])
def test_net_promoter_scores(n: int) -> None:
    assert 0.93 <= coverage(lambda rng: nps_interval(*answers(rng, n)), 20.0, seed=n) <= 0.97


@pytest.mark.parametrize("n", [40, 200])
def test_net_promoter_scores_of_a_small_population(n: int) -> None:
    population = np.repeat([1, 0, -1], [225, 150, 125])

    def draw(rng: np.random.Generator) -> Interval | Insufficient:
        drawn = rng.choice(population, n, replace=False)
        counts = [int((drawn == score).sum()) for score in (1, 0, -1)]
        return nps_interval(*counts, population=500)

    assert 0.93 <= coverage(draw, 20.0, seed=n) <= 0.97


def test_weighted_net_promoter_scores() -> None:
    def draw(rng: np.random.Generator) -> Interval | Insufficient:
        weights = rng.choice([1.0, 3.0], 150)  # as independent of the answer as an unbiased sample's
        scores = rng.choice(3, 150, p=MIX)
        return weighted_nps_interval(
            *(float(weights[scores == group].sum()) for group in range(3)), float((weights**2).sum())
        )

    assert 0.93 <= coverage(draw, 20.0, seed=8) <= 0.97


@pytest.mark.parametrize("sizes", [(40, 60), (150, 400)])
def test_changes_of_net_promoter_scores(sizes: tuple[int, int]) -> None:
    later = (0.5, 0.3, 0.2)
    found = coverage(
        lambda rng: nps_change(answers(rng, sizes[0]), answers(rng, sizes[1], later)), 10.0, seed=sizes[0]
    )
    assert 0.93 <= found <= 0.97


@pytest.mark.parametrize("n", [20, 50, 100, 500])
def test_proportions(n: int) -> None:
    """Over all shares: for a single one the coverage of any interval jumps, since counts are whole."""

    def draw(rng: np.random.Generator) -> Interval | Insufficient:
        p = rng.uniform(0.02, 0.98)
        found = wilson(int(rng.binomial(n, p)), n)
        return (
            replace(found, low=found.low - p, high=found.high - p) if isinstance(found, Interval) else found
        )

    assert 0.93 <= coverage(draw, 0.0, seed=n) <= 0.97


@pytest.mark.parametrize(("before", "after"), [((60, 0.3), (80, 0.4)), ((300, 0.1), (200, 0.15))])
def test_changes_of_proportions(before: tuple[int, float], after: tuple[int, float]) -> None:
    (m, p), (n, q) = before, after
    found = coverage(
        lambda rng: newcombe((int(rng.binomial(m, p)), m), (int(rng.binomial(n, q)), n)), q - p, seed=m
    )
    assert 0.93 <= found <= 0.97


def sums(values: np.ndarray) -> Sums:
    return Sums(len(values), math.fsum(values), math.fsum(values**2))


@pytest.mark.parametrize("n", [3, 12, 100])
def test_means(n: int) -> None:
    assert 0.93 <= coverage(lambda rng: mean_interval(sums(rng.normal(50, 9, n))), 50.0, seed=n) <= 0.97


def test_changes_of_means_with_unlike_spreads() -> None:
    found = coverage(
        lambda rng: mean_change(sums(rng.normal(50, 2, 8)), sums(rng.normal(53, 12, 30))), 3.0, seed=1
    )
    assert 0.93 <= found <= 0.97


@pytest.mark.parametrize("n", [6, 15, 40, 200])
def test_medians_cover_at_least_as_often_as_they_say(n: int) -> None:
    def draw(rng: np.random.Generator) -> Interval | Insufficient:
        return median_interval(dict.fromkeys(rng.lognormal(1.0, 1.0, n).tolist(), 1))

    assert 0.94 <= coverage(draw, math.e, seed=n) <= 0.985


def test_ratios_of_sums() -> None:
    def draw(rng: np.random.Generator) -> Interval | Insufficient:
        x = 1.0 + rng.poisson(3, 40)
        y = 6 * x + rng.normal(0, 5, 40)
        return ratio_interval(PairedSums(40, y.sum(), x.sum(), (y * y).sum(), (x * x).sum(), (x * y).sum()))

    assert 0.93 <= coverage(draw, 6.0, seed=3) <= 0.97
