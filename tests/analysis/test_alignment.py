"""Alignment of statements, weights and roles, and concentration of owners, with hand-computed examples."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.analysis.alignment import (
    Alignment,
    Concentration,
    RoleAlignment,
    owner_concentration,
    role_alignment,
    statement_alignment,
)
from dashboard.analysis.intervals import Insufficient, Interval
from dashboard.analysis.means import Sums

AMOUNTS = st.dictionaries(st.sampled_from("abcde"), st.floats(0, 1e6), min_size=1)


def aligned(stated: dict[str, float], weighted: dict[str, float]) -> Alignment:
    found = statement_alignment(stated, weighted)
    assert isinstance(found, Alignment), found
    return found


def test_statements_and_weights() -> None:
    found = aligned({"care": 0.4, "growth": 0.3, "cost": 0.3}, {"care": 0.1, "growth": 0.2, "cost": 0.7})
    assert found.index == pytest.approx(0.60)
    assert [(gap.theme, round(gap.difference, 3)) for gap in found.gaps] == [
        ("cost", 0.4),
        ("care", -0.3),
        ("growth", -0.1),
    ]
    assert found.sentence == (
        "60% of the weight lies where the statements put it. Widest gap: cost, 30% stated and 70% weighted."
    )


def test_amounts_need_not_be_shares_and_themes_may_be_absent() -> None:
    found = aligned({"care": 3, "growth": 1}, {"cost": 20_000, "care": 60_000})
    assert found.index == pytest.approx(0.75)
    assert {gap.theme for gap in found.gaps} == {"care", "growth", "cost"}
    assert aligned({"a": 1}, {"b": 1}).index == 0
    assert aligned({"a": 1, "b": 2}, {"b": 4, "a": 2}).sentence == (
        "100% of the weight lies where the statements put it."
    )


@given(AMOUNTS, AMOUNTS)
def test_the_index_lies_between_0_and_1_and_does_not_care_which_is_first(
    stated: dict[str, float], weighted: dict[str, float]
) -> None:
    found, turned = statement_alignment(stated, weighted), statement_alignment(weighted, stated)
    if isinstance(found, Insufficient):
        assert isinstance(turned, Insufficient)
        return
    assert isinstance(turned, Alignment)
    assert 0 <= found.index <= 1
    assert found.index == pytest.approx(turned.index)


def test_nothing_stated_or_weighted() -> None:
    assert statement_alignment({}, {"a": 1}) == Insufficient("There are no stated priorities.")
    assert statement_alignment({"a": 1}, {"a": 0}) == Insufficient("There are no weights.")
    with pytest.raises(ValueError) as refused:
        statement_alignment({"a": -1}, {"a": 1})
    assert str(refused.value) == "stated priorities must be finite and not negative; got -1."


def test_roles() -> None:
    indices = [0.6, 0.7, 0.8, 0.9] * 5
    found = role_alignment(Sums(20, math.fsum(indices), math.fsum(index**2 for index in indices)))
    assert isinstance(found, RoleAlignment)
    assert isinstance(found.interval, Interval)
    assert (found.index, found.staff) == (pytest.approx(0.75), 20)
    assert (found.interval.low, found.interval.high) == pytest.approx((0.69632, 0.80368), abs=1e-5)
    assert found.interval.method == "t"


def test_roles_stay_between_0_and_1() -> None:
    found = role_alignment(Sums(10, 9.4, 8.96))
    assert isinstance(found, RoleAlignment)
    assert isinstance(found.interval, Interval)
    assert found.interval.high == 1.0
    alike = role_alignment(Sums(12, 12.0, 12.0))
    assert isinstance(alike, RoleAlignment)
    assert (alike.index, isinstance(alike.interval, Insufficient)) == (1.0, True)


def test_few_staff_have_no_figure() -> None:
    assert role_alignment(Sums(9, 6.0, 4.5)) == Insufficient(
        "9 members of staff have answered; at least 10 are needed."
    )
    with pytest.raises(ValueError) as refused:
        role_alignment(Sums(12, 60.0, 350.0))
    assert str(refused.value) == "An index lies between 0 and 1; these sums are of something else."


def test_owners() -> None:
    found = owner_concentration({"CCO": 7, "CFO": 1, "COO": 1, "CIO": 1, "CHRO": 0})
    assert isinstance(found, Concentration)
    assert found.index == pytest.approx(0.52)
    assert (found.floor, found.owners, found.largest) == (0.25, 4, "CCO")
    assert found.warning == "CCO owns 70% of the open customer actions."
    even = owner_concentration({"CCO": 2, "CFO": 2})
    assert isinstance(even, Concentration)
    assert (even.index, even.floor, even.warning) == (0.5, 0.5, None)
    assert owner_concentration({}) == Insufficient("There are no open actions.")
    assert owner_concentration({"CCO": 0}) == Insufficient("There are no open actions.")
