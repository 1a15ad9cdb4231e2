"""The company's belief against its customers', with the 61 % and 22 % of the social-media study."""

import pytest

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.means import Sums
from dashboard.analysis.perception import PerceptionGap, gap_of_means, gap_of_shares


def gap(result: PerceptionGap | Insufficient) -> PerceptionGap:
    assert isinstance(result, PerceptionGap), result
    return result


def test_sixty_one_against_twenty_two_percent() -> None:
    # 61 % of 329 businesses and 22 % of 1,056 consumers; counts rebuilt from the rounded percentages.
    found = gap(gap_of_shares((201, 329), (232, 1056)))
    assert found.gap.difference == pytest.approx(0.391, abs=5e-4)
    assert (found.gap.low, found.gap.high) == pytest.approx((0.332, 0.448), abs=5e-4)
    assert (round(found.company, 2), round(found.customers, 2), found.certain) == (0.61, 0.22, True)
    assert found.sentence == (
        "The company rates itself 39 points higher than its customers do (33 points to 45 points)."
    )


def test_a_company_that_thinks_too_little_of_itself() -> None:
    found = gap(gap_of_shares((40, 200), (300, 500)))
    assert found.gap.difference == pytest.approx(-0.4)
    assert found.sentence.startswith("The company rates itself 40 points lower than its customers do (")


def test_a_gap_within_chance() -> None:
    found = gap(gap_of_shares((10, 20), (45, 100)))
    assert not found.certain
    assert found.sentence == "No gap can be told from chance (−17 points to 27 points)."


def test_means() -> None:
    company, customers = (
        Sums(40, 40 * 8.2, 40 * 8.2**2 + 39 * 1.0),
        Sums(400, 400 * 7.0, 400 * 49 + 399 * 4.0),
    )
    found = gap(gap_of_means(company, customers))
    assert (found.company, found.customers, found.gap.difference) == pytest.approx((8.2, 7.0, 1.2))
    error = (1 / 40 + 4 / 400) ** 0.5
    assert found.gap.standard_error == pytest.approx(error)
    assert found.sentence == "The company rates itself 1.2 higher than its customers do (0.8 to 1.6)."


def test_few_answers_have_no_gap() -> None:
    nobody = Insufficient("Neither the company nor its customers have answered.")
    assert gap_of_shares((0, 0), (0, 0)) == nobody
    assert gap_of_shares((1, 1), (30, 100)) == Insufficient(
        "There are 1 answers inside the company; at least 10 are needed."
    )
    assert gap_of_shares((10, 20), (0, 0)) == Insufficient(
        "There are 0 answers from customers; at least 10 are needed."
    )
    assert gap_of_means(Sums(2, 9.0, 41.0), Sums(400, 2800.0, 20000.0)) == Insufficient(
        "There are 2 answers inside the company; at least 10 are needed."
    )


def test_everyone_of_one_mind_has_an_interval_still() -> None:
    found = gap(gap_of_shares((20, 20), (100, 100)))
    assert (found.gap.difference, found.certain) == (0.0, False)
    alike = gap_of_means(Sums(20, 100.0, 500.0), Sums(100, 500.0, 2500.0))
    assert isinstance(alike, Insufficient)


def test_more_agreeing_than_asked_is_refused() -> None:
    with pytest.raises(ValueError):
        gap_of_shares((30, 20), (1, 100))
