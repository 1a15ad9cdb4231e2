"""Balance of what is listened for, and agreement of two readers, against statsmodels and published tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa

from dashboard.analysis.intervals import Insufficient
from dashboard.analysis.listening import Agreement, Balance, coder_agreement, listening_balance


def balance(frustrations: int, delights: int) -> Balance:
    found = listening_balance(frustrations, delights)
    assert isinstance(found, Balance)
    return found


def agreement(table: list[list[int]]) -> Agreement:
    found = coder_agreement(table)
    assert isinstance(found, Agreement), found
    return found


def test_the_balance() -> None:
    found = balance(15, 133)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert found.sentence == "10% of 148 items are about frustrations, fewer than about delights."
    assert balance(90, 30).sentence == "75% of 120 items are about frustrations, more than about delights."
    assert balance(6, 4).sentence == (
        "60% of 10 items are about frustrations; an even balance cannot be ruled out."
    )


def test_nothing_to_balance() -> None:
    assert listening_balance(0, 0) == Insufficient("No item is about a frustration or a delight.")
    assert balance(1, 0).interval.low < 0.5
    with pytest.raises(ValueError) as refused:
        listening_balance(-1, 3)
    assert str(refused.value) == "frustrations and delights must be finite and not negative; got -1."


def test_kappa_of_a_textbook_table() -> None:
    # Fifty proposals read by two readers: 20 yes by both, 15 no by both.
    found = agreement([[20, 5], [10, 15]])
    assert (found.kappa, found.alike, found.items) == (pytest.approx(0.4), 0.7, 50)
    assert found.sentence == (
        "Two readers coded 70% of 50 items alike (κ 0.40); the codes are too unsure to count on."
    )


def test_the_interval_is_that_of_statsmodels() -> None:
    found = agreement([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    theirs = cohens_kappa([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    assert (found.kappa, found.low, found.high) == pytest.approx(
        (theirs.kappa, theirs.kappa_low, theirs.kappa_upp), abs=1e-6
    )
    assert found.kappa == pytest.approx(0.429, abs=5e-4)


@given(st.lists(st.lists(st.integers(0, 60), min_size=3, max_size=3), min_size=3, max_size=3))
def test_any_table_is_finite_and_that_of_statsmodels(table: list[list[int]]) -> None:
    found = coder_agreement(table)
    if isinstance(found, Insufficient):
        return
    assert -1 <= found.low <= found.kappa <= found.high <= 1
    assert found.kappa == pytest.approx(cohens_kappa(table, return_results=False), abs=1e-9)


def test_readers_who_agree() -> None:
    found = agreement([[40, 0], [0, 20]])
    assert (found.kappa, found.high, found.enough) == (1.0, 1.0, True)
    assert found.low == pytest.approx(1 - 0.060171 / (4 / 9), abs=1e-5)  # all alike is no certainty
    assert found.sentence == "Two readers coded 100% of 60 items alike (κ 1.00)."


def test_what_bears_no_agreement() -> None:
    assert coder_agreement([]) == Insufficient("Both readers have coded 0 items; at least 30 are needed.")
    assert coder_agreement([[1, 0], [0, 1]]) == Insufficient(
        "Both readers have coded 2 items; at least 30 are needed."
    )
    assert coder_agreement([[50, 0], [0, 0]]) == Insufficient(
        "Both readers gave every item the same code; there is nothing to agree on."
    )
    with pytest.raises(ValueError) as refused:
        coder_agreement([[1, 2, 3], [4, 5, 6]])
    assert str(refused.value) == "The table of codes must be square: the same codes for both readers."
