"""What customers are worth, by hand: counts from SQL, a model fitted by another optimiser, and a plain sum.

Each month that ends a quarter, of the company and of each segment.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

import duckdb
import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import betaln

from tests.demo.kpis import MONTHS, Measured, quarter_of

Floats = NDArray[np.float64]
Counts = Mapping[int, Mapping[int, tuple[int, float]]]  # first month -> month -> customers, their margin
SEGMENTS = ("", "Consumer", "Enterprise", "Small business")
ENDS = range(38, 60, 3)
YEARS_FITTED, HORIZON = 3, 3000
UNSURE = 2.0  # of a logarithm: beyond it a parameter is open by a factor of fifty
EXACT = {"xatol": 1e-10, "fatol": 1e-10}
RATE = 1.10 ** (1 / 12) - 1  # the CFO's ten per cent, a month


@lru_cache
def counted(company: Path, segment: str) -> Counts:
    """Active customers and their margin by the month in which they were first seen."""
    with duckdb.connect(str(company), read_only=True) as connection:
        rows = connection.execute(
            """WITH seen AS (
                   SELECT customer_key, min(month) AS born FROM customer_month WHERE active GROUP BY 1)
               SELECT datediff('month', ?, born), datediff('month', ?, month), count(*),
                      sum(gross_margin)::DOUBLE
               FROM customer_month JOIN seen USING (customer_key) JOIN customer USING (customer_key)
               WHERE active AND (segment = ? OR ? = '') GROUP BY ALL""",
            [MONTHS[0].start, MONTHS[0].start, segment, segment],
        ).fetchall()
    found: dict[int, dict[int, tuple[int, float]]] = {}
    for born, month, customers, margin in rows:
        found.setdefault(born, {})[month] = (customers, margin)
    return found


@lru_cache
def staying(company: Path, month: int) -> Floats:
    """The share that is left after 0, 1, 2 ... months, as of a month: of those whose beginning is known.

    A shifted beta-geometric, fitted to the losses of three years; where these do not fall with age, which it
    cannot have, or hardly do, which leaves it open, the constant share of the last year.
    """
    known = {born: months for born, months in counted(company, "").items() if 0 < born <= month}
    fates = [
        (at, at - born, _there(known, born, at - 1), _there(known, born, at))
        for born in known
        for at in range(born + 1, month + 1)
    ]
    start = max(month - 12 * YEARS_FITTED, min(at for at, _, before, after in fates if before > after) - 1)
    ages = np.arange(1, 60)
    lost, before = np.zeros(59), np.zeros(59)
    for born in known:  # from those who are there, backwards: who came back counts as never gone
        here = _there(known, born, month)
        for at in range(month, max(born, start), -1):
            gone = max(0, _there(known, born, at - 1) - _there(known, born, at))
            lost[at - born - 1] += gone
            here += gone
            before[at - born - 1] += here

    def unlikely(logs: Floats) -> float:
        alpha, beta = np.exp(logs)
        stays = (beta + ages - 1) / (alpha + beta + ages - 1)
        return -float(np.sum(lost * np.log(1 - stays) + (before - lost) * np.log(stays)))

    fit = minimize(unlikely, np.log([1.0, 50.0]), method="Nelder-Mead", options={"maxiter": 20_000, **EXACT})
    rising = np.sum(lost * ages) / np.sum(lost) < np.sum(before * ages) / np.sum(before)
    if not rising or not _told(unlikely, fit.x):
        year = [(was, max(0, was - now)) for at, _, was, now in fates if at > max(start, month - 12)]
        kept = 1 - sum(gone for _, gone in year) / sum(was for was, _ in year)
        return np.asarray(kept ** np.arange(HORIZON + 100.0))
    alpha, beta = np.exp(fit.x)
    return np.asarray(np.exp(betaln(alpha, beta + np.arange(HORIZON + 100)) - betaln(alpha, beta)))


def _told(unlikely: Callable[[Floats], float], top: Floats) -> bool:
    """Whether the curve at its top leaves no parameter open by more than a factor of fifty either way."""
    step, axes = 1e-2, np.eye(2)

    def bent(one: Floats, other: Floats) -> float:
        corners = [(1, 1), (1, -1), (-1, 1), (-1, -1)]
        found = [a * b * unlikely(top + step * (a * one + b * other)) for a, b in corners]
        return sum(found) / (4 * step * step)

    curve = np.array([[bent(one, other) for other in axes] for one in axes])
    if np.min(np.linalg.eigvalsh(curve)) <= 0:
        return False
    return bool(np.all(np.sqrt(np.diag(np.linalg.inv(curve))) <= UNSURE))


def _there(counts: Counts, born: int, month: int) -> int:
    return counts[born].get(month, (0, 0.0))[0]


def worth(company: Path, month: int, segment: str) -> tuple[float, int]:
    """The margin still to come of all who are there, and how many they are."""
    left = staying(company, month)
    discount = (1 + RATE) ** -np.arange(1, HORIZON + 1)
    value, customers = 0.0, 0
    for born, months in counted(company, segment).items():
        if month in months:
            count, margin = months[month]
            age = month - born
            value += margin * float(np.sum(left[age + 1 : age + 1 + HORIZON] / left[age] * discount))
            customers += count
    return value, customers


@pytest.mark.parametrize("segment", SEGMENTS)
@pytest.mark.parametrize("month", ENDS)
def test_equity_and_lifetime_value_are_what_the_model_says_by_hand(
    small: Measured, month: int, segment: str
) -> None:
    cut = "segment" if segment else ""
    value, customers = worth(small.company, month, segment)
    equity = small.figure("customer_equity", MONTHS[month], cut, segment).value
    each = small.figure("customer_lifetime_value", MONTHS[month], cut, segment).value
    assert equity == pytest.approx(value, rel=1e-3)
    assert each == pytest.approx(value / customers, rel=1e-3)


@pytest.mark.parametrize("month", ENDS[1:])
def test_the_movement_of_a_quarter_is_the_difference_of_both_ends(small: Measured, month: int) -> None:
    (closing, _), (opening, _) = worth(small.company, month, ""), worth(small.company, month - 3, "")
    moved = small.figure("customer_equity_change", quarter_of(small, MONTHS[month].start)).value
    assert moved == pytest.approx(closing - opening, abs=2e-3 * closing)
