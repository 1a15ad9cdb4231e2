"""Concentration: how much of revenue, or of anything shared, hangs on the few.

Formulas: with s_i the share of one holder, Herfindahl index Σ s_i², between 1/n and 1; effective number of
holders 1/Σ s_i², the number of equal ones that would be as concentrated; the share of the k largest.

Works on single values or on bands of holders with their sum. Within a band all are taken to be equal, so
that from bands the index and the shares of the largest come out too low, never too high.

Sources: Herfindahl (1950); Hirschman (American Economic Review, 1964).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.analysis.intervals import Insufficient

__all__ = ["Concentration", "Holders", "concentration"]


@dataclass(frozen=True)
class Holders:
    """So many holders, such as customers, with `amount` between them; one holder is a value of its own."""

    number: int
    amount: float


@dataclass(frozen=True)
class Concentration:
    """How concentrated a total is over its holders; `ranked` are the bands, largest average first.

    `at_least` says that figures come from bands of several unlike or unknown holders and may be too low.
    """

    herfindahl: float
    effective_number: float
    holders: int
    total: float
    ranked: tuple[Holders, ...]
    at_least: bool

    def top_share(self, holders: float) -> float:
        """Return the share of the total that the `holders` largest have between them, a fraction.

        Raises:
            ValueError: `holders` is negative or missing.
        """
        if not holders >= 0:
            raise ValueError(f"holders is {holders}; it must be 0 or more.")
        left, amount = holders, 0.0
        for band in self.ranked:
            taken = min(1.0, left / band.number)
            amount += taken * band.amount
            left -= taken * band.number
        return min(1.0, amount / self.total)

    def top_fraction_share(self, fraction: float) -> float:
        """Return the share of the total of the largest `fraction` of holders; 0.2 is the largest fifth.

        Raises:
            ValueError: `fraction` is not within 0 and 1.
        """
        if not 0 <= fraction <= 1:
            raise ValueError(f"fraction is {fraction}; it must lie within 0 and 1.")
        return self.top_share(fraction * self.holders)


def concentration(bands: Sequence[Holders]) -> Concentration | Insufficient:
    """Tell how concentrated amounts are; bands without holders or with nothing count as given.

    Returns:
        `Insufficient` without holders, with a total of 0, or with an amount that is missing, infinite or
        negative: a share needs parts that add up.
    """
    fault = _fault(bands)
    if fault is not None:
        return Insufficient(fault)
    kept = [band for band in bands if band.number]
    total = math.fsum(band.amount for band in kept)
    if not 0 < total < math.inf:
        return Insufficient("The total is 0 or infinite, so that there are no shares.")
    shares = [(band.amount / total, band.number) for band in kept]
    index = math.fsum(share * share / number for share, number in shares)
    return Concentration(
        herfindahl=index,
        effective_number=1 / index,
        holders=sum(band.number for band in kept),
        total=total,
        ranked=tuple(sorted(kept, key=lambda band: -band.amount / band.number)),
        at_least=any(band.number > 1 and band.amount > 0 for band in kept),
    )


def _fault(bands: Sequence[Holders]) -> str | None:
    if any(band.number < 0 for band in bands):
        return "A number of holders is negative."
    if not all(math.isfinite(band.amount) for band in bands):
        return "An amount is missing or infinite."
    negative = sum(band.amount < 0 for band in bands)
    if negative:
        return f"Amounts below 0: {negative}; shares need amounts of 0 or more."
    if any(band.amount for band in bands if not band.number):
        return "An amount belongs to no holder."
    return None if any(band.number for band in bands) else "There are no holders."
