"""Whether frustrations are listened for as much as delights, and whether two readers agree which is which.

Balance = frustrations/(frustrations + delights) with Wilson's interval; ½ is even. Comments are coded by
people, so the balance is as good as their agreement: Cohen's κ = (p_o - p_e)/(1 - p_e), p_o the share
coded alike and p_e what chance alone would give. Its interval has the large-sample error of Fleiss, Cohen
and Everitt (1969), which is 0 where all are coded alike; there Wilson's lower limit of p_o stands in.

Sources: Wilson (1927); Cohen (1960); Fleiss, Cohen & Everitt (Psychological Bulletin, 1969).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dashboard.analysis.intervals import Insufficient, Interval, not_negative, quantile
from dashboard.analysis.proportions import wilson

__all__ = ["Agreement", "Balance", "coder_agreement", "listening_balance"]

# Below this, readers disagree too often for their codes to be counted (a usual bound; a judgement).
ENOUGH_AGREEMENT = 0.6

FEWEST_CODED = 30


@dataclass(frozen=True)
class Balance:
    """The share of frustrations, a fraction, with its interval; `items` is how many were counted in all."""

    share: float
    interval: Interval
    items: int

    @property
    def sentence(self) -> str:
        """Whether one side is listened for more, as far as the interval bears it."""
        told = f"{self.share:.0%} of {self.items} items are about frustrations"
        if self.interval.low > 0.5:
            return f"{told}, more than about delights."
        if self.interval.high < 0.5:
            return f"{told}, fewer than about delights."
        return f"{told}; an even balance cannot be ruled out."


@dataclass(frozen=True)
class Agreement:
    """Cohen's κ (at most 1; 0 is chance) with its limits, the share coded alike, and how many both coded."""

    kappa: float
    low: float
    high: float
    alike: float
    items: int

    @property
    def enough(self) -> bool:
        """Whether κ is at least 0.6; below, the balance should not be shown as fact."""
        return self.kappa >= ENOUGH_AGREEMENT

    @property
    def sentence(self) -> str:
        """κ, and what it means for the balance."""
        told = f"Two readers coded {self.alike:.0%} of {self.items} items alike (κ {self.kappa:.2f})"
        return f"{told}." if self.enough else f"{told}; the codes are too unsure to count on."


def listening_balance(frustrations: int, delights: int, *, level: float = 0.95) -> Balance | Insufficient:
    """Return the balance of items, or of coded mentions, about frustrations and delights.

    Raises:
        ValueError: a count is negative, or the level is not between 0 and 1.
    """
    not_negative("frustrations and delights", (frustrations, delights))
    items = frustrations + delights
    interval = wilson(frustrations, items, level=level)
    if isinstance(interval, Insufficient):
        return Insufficient("No item is about a frustration or a delight.")
    return Balance(frustrations / items, interval, items)


def coder_agreement(table: Sequence[Sequence[int]], *, level: float = 0.95) -> Agreement | Insufficient:
    """Return Cohen's κ of two readers.

    Args:
        table: k × k counts; `table[i][j]` items were given code i by the first reader and j by the second.
    Returns:
        `Insufficient` with fewer than 30 items (the error is a large-sample one), or where both gave all
        items one and the same code, which leaves nothing to agree on.
    Raises:
        ValueError: the table is not square, a count is negative, or the level is not between 0 and 1.
    """
    factor = quantile(level)
    size = len(table)
    if any(len(row) != size for row in table):
        raise ValueError("The table of codes must be square: the same codes for both readers.")
    not_negative("counts", (count for row in table for count in row))
    items = sum(sum(row) for row in table)
    if items < FEWEST_CODED:
        return Insufficient(f"Both readers have coded {items} items; at least {FEWEST_CODED} are needed.")
    shares = np.array(table, dtype=float) / items
    rows, columns = shares.sum(axis=1), shares.sum(axis=0)
    alike, chance = float(np.trace(shares)), float(rows @ columns)
    if math.isclose(chance, 1):
        return Insufficient("Both readers gave every item the same code; there is nothing to agree on.")
    kappa = (alike - chance) / (1 - chance)
    reach = factor * _error(shares, rows, columns, kappa, chance) / math.sqrt(items)
    low = kappa - reach
    if math.isclose(alike, 1) and not isinstance(sure := wilson(items, items, level=level), Insufficient):
        low = (sure.low - chance) / (1 - chance)
    return Agreement(kappa, max(-1.0, low), min(1.0, kappa + reach), alike, items)


def _error(shares: np.ndarray, rows: np.ndarray, columns: np.ndarray, kappa: float, chance: float) -> float:
    diagonal = np.diag(shares)
    own = float(diagonal @ (1 - (rows + columns) * (1 - kappa)) ** 2)
    pairs = shares * (columns[:, None] + rows[None, :]) ** 2
    others = (1 - kappa) ** 2 * float(pairs.sum() - np.trace(pairs))
    return math.sqrt(max(0.0, own + others - (kappa - chance * (1 - kappa)) ** 2)) / (1 - chance)
