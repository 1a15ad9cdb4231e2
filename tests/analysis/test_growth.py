"""Retention of revenue and earned growth against the published examples."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.growth import Growth, RevenueBridge, growth
from dashboard.analysis.intervals import Insufficient

# 100 a year ago, 130 now: 85 from those who were here, 25 earned, 20 bought.
PUBLISHED = RevenueBridge(
    opening=100,
    lost=10,
    contracted=10,
    expanded=5,
    reactivated=0,
    new_earned=25,
    new_bought=20,
    new_unknown=0,
)


def grown(bridge: RevenueBridge) -> Growth:
    found = growth(bridge)
    assert isinstance(found, Growth)
    return found


def test_the_published_earned_growth() -> None:
    found = grown(PUBLISHED)
    assert PUBLISHED.closing == 130
    assert found.net_revenue_retention == pytest.approx(0.85)
    assert found.earned_growth_rate == pytest.approx(0.10)
    assert found.earned_growth_ratio == pytest.approx(1 / 3)
    assert found.total_growth == pytest.approx(0.30)
    assert found.unknown_share == 0


def test_four_customers() -> None:
    # A 100 to 130, B 100 to 60, C 100 to nothing, D new with 50.
    found = grown(RevenueBridge(300, 100, 40, 30, 0, 0, 50, 0))
    assert found.net_revenue_retention == pytest.approx(0.633, abs=5e-4)
    assert found.gross_revenue_retention == pytest.approx(0.533, abs=5e-4)


def test_an_unknown_origin_counts_as_bought() -> None:
    found = grown(replace(PUBLISHED, new_bought=5, new_unknown=15))
    assert found.earned_growth_rate == pytest.approx(0.10)
    assert found.earned_growth_high == pytest.approx(0.25)
    assert found.unknown_share == pytest.approx(15 / 45)


def test_those_who_return_are_growth_but_neither_retained_nor_earned() -> None:
    found = grown(replace(PUBLISHED, reactivated=10))
    assert found.net_revenue_retention == pytest.approx(0.85)
    assert found.earned_growth_rate == pytest.approx(0.10)
    assert found.total_growth == pytest.approx(0.40)


def test_no_growth_has_no_earned_share() -> None:
    flat = RevenueBridge(100, 10, 0, 0, 0, 10, 0, 0)
    assert grown(flat).earned_growth_ratio is None
    assert grown(flat).earned_growth_rate == pytest.approx(0)
    assert grown(replace(flat, new_earned=0)).earned_growth_ratio is None
    assert grown(replace(flat, new_earned=0)).unknown_share is None


@pytest.mark.parametrize(
    ("bridge", "reason"),
    [
        (replace(PUBLISHED, opening=0), "There was no revenue a year ago to compare with."),
        (replace(PUBLISHED, lost=-1), "The bridge has a negative amount for lost: -1."),
        (replace(PUBLISHED, new_bought=float("nan")), "The bridge has no finite amount for new_bought."),
        (replace(PUBLISHED, lost=95), "More revenue was lost and contracted than there was."),
        (
            RevenueBridge(5e-324, 0, 0, 1e9, 0, 0, 0, 0),
            "The revenue of a year ago is too near to 0 to compare with.",
        ),
    ],
)
def test_what_cannot_be_told(bridge: RevenueBridge, reason: str) -> None:
    assert growth(bridge) == Insufficient(reason)


amounts = st.floats(0, 1e9)


@given(st.floats(1, 1e9), st.floats(0, 1), st.floats(0, 1), st.lists(amounts, min_size=5, max_size=5))
def test_rates_keep_their_order(opening: float, kept: float, split: float, rest: list[float]) -> None:
    gone = opening * (1 - kept)
    bridge = RevenueBridge(opening, gone * split, gone * (1 - split), *rest)
    found = grown(bridge)
    assert 0 <= found.gross_revenue_retention <= 1
    assert found.gross_revenue_retention <= found.net_revenue_retention + 1e-9
    assert found.earned_growth_rate <= found.earned_growth_high <= found.total_growth * (1 + 1e-9) + 1e-9
    assert found.total_growth == pytest.approx(bridge.closing / opening - 1, rel=1e-6, abs=1e-6)
    if found.earned_growth_ratio is not None and found.total_growth > 1e-6:
        assert found.earned_growth_ratio <= 1 + 1e-6
