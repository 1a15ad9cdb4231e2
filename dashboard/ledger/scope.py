"""Which members a viewer may see. Every read takes one, so row rules are enforced here and nowhere else."""

from collections.abc import Collection
from dataclasses import dataclass

from dashboard.definitions.model import Slice


@dataclass(frozen=True)
class Scope:
    """For each restricted dimension, the members that may be seen; a dimension that is not named is free.

    A restricted viewer sees totals over those members alone. Where that cannot be worked out (the slice is
    not recorded by the dimension, or the measure cannot be added up) nothing is shown.
    """

    allowed: tuple[tuple[str, frozenset[str]], ...] = ()

    @property
    def dimensions(self) -> frozenset[str]:
        """The restricted dimensions."""
        return frozenset(dimension for dimension, _ in self.allowed)

    def admits(self, slice_: Slice, member: tuple[str, ...]) -> bool:
        """Whether every coordinate of the member may be seen."""
        where = dict(zip(slice_, member, strict=True))
        return all(where[name] in members for name, members in self.allowed if name in where)

    def basis(self, asked: Slice, recorded: Collection[Slice], *, adds_up: bool) -> Slice | None:
        """The recorded slice from which `asked` can be made for this viewer, or None.

        It is the narrowest that has all the dimensions. A measure that does not add up needs one that is
        restricted to a single member in every dimension that `asked` lacks.
        """
        if not self.allowed:
            return asked if asked in recorded else None
        needed = self.dimensions | set(asked)
        single = {dimension for dimension, members in self.allowed if len(members) == 1}
        fitting = (
            stored
            for stored in recorded
            if needed <= set(stored) and (adds_up or set(stored) - set(asked) <= single)
        )
        return min(fitting, key=lambda stored: (len(stored), stored != asked, stored), default=None)


EVERYTHING = Scope()
