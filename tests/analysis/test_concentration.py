"""Concentration of revenue and of ownership."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.concentration import Concentration, Holders, concentration
from dashboard.analysis.intervals import Insufficient


def concentrated(*bands: Holders) -> Concentration:
    found = concentration(bands)
    assert isinstance(found, Concentration)
    return found


def test_owners_of_actions() -> None:
    found = concentrated(Holders(1, 7), Holders(1, 1), Holders(1, 1), Holders(1, 1))
    assert found.herfindahl == pytest.approx(0.52)
    assert found.effective_number == pytest.approx(1 / 0.52)
    assert found.top_share(1) == pytest.approx(0.7)
    assert found.top_share(2) == pytest.approx(0.8)
    assert found.top_fraction_share(0.25) == pytest.approx(0.7)
    assert found.at_least is False


def test_equal_holders() -> None:
    found = concentrated(Holders(50, 1000.0))
    assert (found.herfindahl, found.effective_number) == pytest.approx((0.02, 50))
    assert found.top_share(5) == pytest.approx(0.1)
    assert found.at_least is True


def test_bands_cut_inside_in_proportion_and_rank_by_average() -> None:
    # The small band holds less in all, and more each.
    found = concentrated(Holders(90, 900.0), Holders(10, 600.0))
    assert found.top_share(10) == pytest.approx(0.4)
    assert found.top_share(5) == pytest.approx(0.2)
    assert found.top_share(55) == pytest.approx(0.4 + 450 / 1500)
    assert found.top_share(1000) == 1.0
    assert found.top_share(0) == 0.0
    assert found.top_fraction_share(0.1) == pytest.approx(0.4)


def test_one_vast_holder() -> None:
    found = concentrated(Holders(1, 1e9), Holders(10**6, 1.0))
    assert found.effective_number == pytest.approx(1, abs=1e-8)
    assert found.top_share(1) == pytest.approx(1, abs=1e-8)


@pytest.mark.parametrize(
    ("bands", "reason"),
    [
        ([], "There are no holders."),
        ([Holders(0, 0.0)], "There are no holders."),
        ([Holders(0, 5.0), Holders(1, 1.0)], "An amount belongs to no holder."),
        ([Holders(-1, 5.0)], "A number of holders is negative."),
        ([Holders(1, float("nan"))], "An amount is missing or infinite."),
        ([Holders(1, 5.0), Holders(2, -3.0)], "Amounts below 0: 1; shares need amounts of 0 or more."),
        ([Holders(5, 0.0)], "The total is 0 or infinite, so that there are no shares."),
    ],
)
def test_what_cannot_be_told(bands: list[Holders], reason: str) -> None:
    assert concentration(bands) == Insufficient(reason)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda found: found.top_share(-1), "holders is -1; it must be 0 or more."),
        (lambda found: found.top_fraction_share(20), "fraction is 20; it must lie within 0 and 1."),
    ],
)
def test_impossible_questions_are_refused(call: Callable[[Concentration], float], message: str) -> None:
    with pytest.raises(ValueError) as refused:
        call(concentrated(Holders(2, 3.0)))
    assert str(refused.value) == message


amounts = st.lists(st.floats(0.01, 1e6), min_size=1, max_size=30)


@given(amounts, st.integers(1, 30))
def test_bands_never_tell_more_than_their_holders(values: list[float], width: int) -> None:
    single = concentrated(*(Holders(1, value) for value in values))
    ranked = sorted(values)
    bands = [ranked[start : start + width] for start in range(0, len(ranked), width)]
    banded = concentrated(*(Holders(len(band), sum(band)) for band in bands))
    assert banded.herfindahl <= single.herfindahl * (1 + 1e-9)
    assert 1 / len(values) <= single.herfindahl * (1 + 1e-9) <= 1 + 2e-9
    shares = [single.top_share(number) for number in range(len(values) + 1)]
    assert shares == sorted(shares)
    for number, share in enumerate(shares):
        assert banded.top_share(number) <= share + 1e-9
