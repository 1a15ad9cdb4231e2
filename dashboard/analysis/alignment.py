"""Whether what is paid for and worked on is what was said to matter, and whether many or few own the work.

Alignment of two sets of shares is 1 - ½ Σ_k |s_k - w_k|, the part they have in common: 1 where they are
the same and 0 where nothing that was stated carries weight. Concentration of owners is Herfindahl's index
Σ_o (share of o)², from 1/m with m owners who hold equal parts to 1 with one owner.

Sources: the overlap of two distributions (Schoener, 1968); Herfindahl and Hirschman for the index.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from dashboard.analysis.intervals import Insufficient, Interval, not_negative
from dashboard.analysis.means import Sums, mean_interval

__all__ = [
    "Alignment",
    "Concentration",
    "Gap",
    "RoleAlignment",
    "owner_concentration",
    "role_alignment",
    "statement_alignment",
]

# One owner who holds more than half of the work holds it alone.
MAJORITY = 0.5


@dataclass(frozen=True)
class Gap:
    """One theme: its share of what was stated and of what carries weight, as fractions."""

    theme: str
    stated: float
    weighted: float

    @property
    def difference(self) -> float:
        """Weight minus statement: below 0 where the theme is said to matter more than it is paid for."""
        return self.weighted - self.stated


@dataclass(frozen=True)
class Alignment:
    """The index, 0 to 1, and all themes with the widest gap first; `sentence` says where it is."""

    index: float
    gaps: tuple[Gap, ...]

    @property
    def sentence(self) -> str:
        """The index, and the theme with the widest gap."""
        told = f"{self.index:.0%} of the weight lies where the statements put it."
        widest = self.gaps[0]
        if math.isclose(widest.difference, 0, abs_tol=5e-4):
            return told
        shares = f"{widest.stated:.0%} stated and {widest.weighted:.0%} weighted"
        return f"{told} Widest gap: {widest.theme}, {shares}."


@dataclass(frozen=True)
class RoleAlignment:
    """The mean index over staff, 0 to 1, with its interval; the reason instead where the scatter has none."""

    index: float
    staff: int
    interval: Interval | Insufficient


@dataclass(frozen=True)
class Concentration:
    """Herfindahl's index of `owners`, its floor 1/m, and who holds most, with that owner's share."""

    index: float
    floor: float
    owners: int
    largest: str
    largest_share: float

    @property
    def warning(self) -> str | None:
        """What to say where one owner holds more than half; None otherwise."""
        if self.largest_share <= MAJORITY:
            return None
        return f"{self.largest} owns {self.largest_share:.0%} of the open customer actions."


def statement_alignment(
    stated: Mapping[str, float], weighted: Mapping[str, float]
) -> Alignment | Insufficient:
    """Compare stated priorities with the weights that pay follows.

    Args:
        stated: theme to stated priority, in any unit: each is divided by their sum.
        weighted: theme to incentive weight or target pay, in any unit, likewise. A theme that is absent
            from one of them has no share there.
    Raises:
        ValueError: a priority or a weight is negative or not finite.
    """
    said, paid = _shares("stated priorities", stated), _shares("weights", weighted)
    if isinstance(said, Insufficient):
        return said
    if isinstance(paid, Insufficient):
        return paid
    gaps = [Gap(theme, said.get(theme, 0.0), paid.get(theme, 0.0)) for theme in {**said, **paid}]
    index = 1 - math.fsum(abs(gap.difference) for gap in gaps) / 2
    # Sorting is stable: equal gaps keep the order in which the themes were stated.
    return Alignment(min(1.0, max(0.0, index)), tuple(sorted(gaps, key=lambda gap: -abs(gap.difference))))


def role_alignment(indices: Sums, *, minimum: int = 10, level: float = 0.95) -> RoleAlignment | Insufficient:
    """Average the alignment of each person's perceived with the documented priorities.

    Args:
        indices: n, Σ and Σ of squares of the persons' indices, added up in the database; no person's own
            index leaves it.
        minimum: fewer persons have no figure.
        level: of Student's t interval, which is clipped to 0 and 1.
    Raises:
        ValueError: the indices do not lie between 0 and 1.
    """
    if indices.n < minimum:
        return Insufficient(f"{indices.n:g} members of staff have answered; at least {minimum} are needed.")
    mean = indices.total / indices.n
    if not (-1e-9 <= mean <= 1 + 1e-9 and indices.squares <= indices.total + 1e-9 * indices.n):
        raise ValueError("An index lies between 0 and 1; these sums are of something else.")
    found = mean_interval(indices, level=level)
    if isinstance(found, Insufficient):
        return RoleAlignment(mean, int(indices.n), found)
    clipped = Interval(
        low=max(0.0, found.low),
        high=min(1.0, found.high),
        centre=found.centre,
        standard_error=found.standard_error,
        method=found.method,
        n=found.n,
    )
    return RoleAlignment(mean, int(indices.n), clipped)


def owner_concentration(actions: Mapping[str, float]) -> Concentration | Insufficient:
    """Return how concentrated open customer actions are; `actions` maps each owner to a number of them.

    Owners without an action do not count. Compare with the floor: three owners cannot be less than 0.33.

    Raises:
        ValueError: a number is negative or not finite.
    """
    shares = _shares("open actions", actions)
    if isinstance(shares, Insufficient):
        return shares
    held = {owner: share for owner, share in shares.items() if share > 0}
    largest = max(held, key=held.__getitem__)
    return Concentration(
        index=math.fsum(share**2 for share in held.values()),
        floor=1 / len(held),
        owners=len(held),
        largest=largest,
        largest_share=held[largest],
    )


def _shares(name: str, amounts: Mapping[str, float]) -> dict[str, float] | Insufficient:
    total = math.fsum(not_negative(name, amounts.values()))
    if total == 0:
        return Insufficient(f"There are no {name}.")
    return {key: amount / total for key, amount in amounts.items()}
