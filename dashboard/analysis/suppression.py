"""Small cells of a table with totals, and what else must be hidden so that no hidden one can be worked out.

Primary: counts of 1 to `least` - 1. Secondary: while a line (cells that add up to a total) has a hidden cell
that its total gives away, the smallest visible cell of the line is hidden too (first of all those whose other
lines have hidden cells already and need no more); and while linear algebra over all lines gives one away, a
cell of its lines. Both repeat until nothing changes. Sources: Hundepool and others, Statistical Disclosure
Control (2012), chapter 4; the R package GaussSuppression.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

__all__ = ["Cell", "Equations", "Line", "linked_lines", "recoverable", "suppressed"]

# The dimensions a cell is cut by, and its member in each; ((), ()) is the grand total.
Cell = tuple[tuple[str, ...], tuple[str, ...]]

# An eigenvector's weight: 1 but for rounding where a cell is determined.
DETERMINED = 1 - 1e-6


@dataclass(frozen=True)
class Line:
    """An equation that a reader knows: the counts at the indices `parts` add up to those at `whole`.

    `whole` is a single total as a rule; where two overlapping slices share a margin that is not shown
    itself, it is the cells of the other slice.
    """

    parts: tuple[int, ...]
    whole: tuple[int, ...]

    @cached_property  # every table with these lines asks for it
    def cells(self) -> frozenset[int]:
        """All indices in it."""
        return frozenset((*self.parts, *self.whole))


def linked_lines(cells: Sequence[Cell]) -> tuple[Line, ...]:
    """Find every equation among the cells of overlapping slices, such as segment by region, segment, and all.

    Cells of a slice add up to those of any slice with fewer of its dimensions; and of two slices that share
    a dimension which is not shown alone, the cells of each of its members add up to the same.
    """
    place = {cell: index for index, cell in enumerate(cells)}
    slices = sorted({dimensions for dimensions, _ in cells}, key=lambda each: (len(each), each))
    known = {frozenset(each) for each in slices}
    lines = []
    for first, second in combinations(slices, 2):
        shared = tuple(name for name in first if name in second)
        if frozenset(shared) == frozenset(first):
            for margin, parts in _grouped(cells, second, first).items():
                total = place.get((first, margin))
                if total is not None:
                    lines.append(Line(parts, (total,)))
        elif frozenset(shared) not in known:
            whole = _grouped(cells, first, shared)
            for margin, parts in _grouped(cells, second, shared).items():
                if margin in whole:
                    lines.append(Line(parts, whole[margin]))
    return tuple(lines)


def suppressed(
    counts: Sequence[float],
    lines: "Sequence[Line] | Equations",
    least: int,
    *,
    hidden: Collection[int] = (),
    zeros: bool = False,
) -> frozenset[int]:
    """Return the indices of all cells to hide, primary and secondary.

    The hidden cells of a line add up to at least `least`, for a reader knows their sum. Where a line has no
    other cell to hide, its total is hidden.

    Args:
        counts: how many each cell speaks of, m of them, not negative; 0 where nothing was counted.
        lines: equations over indices of `counts`; as `Equations` where many tables have the same.
        least: the smallest count that may be shown.
        hidden: cells that must be hidden for another reason, and protected like the small ones.
        zeros: whether 0 is small too; as a rule it names nobody and stays.
    """
    small = {i for i, count in enumerate(counts) if count < least and (count > 0 or zeros)}
    found = small | set(hidden)
    if not found:
        return frozenset()
    table = _Table(counts, lines if isinstance(lines, Equations) else Equations(lines))
    while True:
        more = _from_lines(table, least, found) or _from_algebra(table, found)
        if not more:
            break
        found |= more
    return frozenset(found)


def recoverable(hidden: Collection[int], lines: Sequence[Line]) -> frozenset[int]:
    """Return the hidden cells whose counts follow from the visible ones by linear algebra over all lines.

    A cell is determined when no solution of the lines' homogeneous equations moves it: when its unit vector
    lies in the space of the equations' rows.
    """
    unknown = sorted(hidden)
    column = {cell: index for index, cell in enumerate(unknown)}
    rows = []
    for line in lines:
        row = np.zeros(len(unknown))
        for cells, sign in ((line.parts, 1.0), (line.whole, -1.0)):
            for cell in cells:
                if cell in column:
                    row[column[cell]] += sign
        if row.any():
            rows.append(row)
    if not rows:
        return frozenset()
    _, sizes, vectors = np.linalg.svd(np.array(rows), full_matrices=False)
    spanned = vectors[sizes > 1e-9 * sizes[0]]
    weights = (spanned**2).sum(axis=0)
    return frozenset(cell for cell, index in column.items() if weights[index] > DETERMINED)


def _grouped(
    cells: Sequence[Cell], dimensions: tuple[str, ...], by: tuple[str, ...]
) -> dict[tuple[str, ...], tuple[int, ...]]:
    """Indices of the cells of one slice, by their member in the dimensions `by`."""
    at = [dimensions.index(name) for name in by]
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, (cut, member) in enumerate(cells):
        if cut == dimensions:
            groups.setdefault(tuple(member[place] for place in at), []).append(index)
    return {margin: tuple(found) for margin, found in groups.items()}


class Equations:
    """Lines with an index of their cells; it remembers which hidden cells it was asked about before."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)
        self.of_cell: dict[int, list[Line]] = {}
        for line in self.lines:
            for cell in line.cells:
                self.of_cell.setdefault(cell, []).append(line)
        self._known: dict[frozenset[int], frozenset[int]] = {}

    def recoverable(self, hidden: Collection[int]) -> frozenset[int]:
        """As the function of this name."""
        key = frozenset(hidden)
        if key not in self._known:
            self._known[key] = recoverable(key, self.lines)
        return self._known[key]


@dataclass(frozen=True)
class _Table:
    """Counts and the equations among them."""

    counts: Sequence[float]
    equations: Equations

    def next(self, cells: Sequence[int], found: set[int]) -> set[int]:
        """The visible cell with anybody in it that draws in the fewest other lines; the smallest of those."""

        def cost(cell: int) -> tuple[int, float, int]:
            mine = self.equations.of_cell[cell]
            untouched = sum(found.isdisjoint(line.cells) for line in mine)
            return untouched, self.counts[cell], cell

        visible = [cell for cell in cells if cell not in found and self.counts[cell] > 0]
        return {min(visible, key=cost)} if visible else set()


def _from_lines(table: _Table, least: int, found: set[int]) -> set[int]:
    """What the lines, one by one, call for."""
    added: set[int] = set()
    for line in table.equations.lines:
        now = found | added if added else found
        if now.isdisjoint(line.cells):
            continue
        for side, other in ((line.parts, line.whole), (line.whole, line.parts)):
            hidden = [cell for cell in side if cell in now]
            if not hidden or any(cell in now for cell in other):
                continue
            if len(hidden) == 1 or sum(table.counts[cell] for cell in hidden) < least:
                added.update(table.next(side, now) or table.next(other, now))
                break
    return added


def _from_algebra(table: _Table, found: set[int]) -> set[int]:
    """One more cell in a line of the smallest cell that all lines together give away."""
    exposed = table.equations.recoverable(found)
    for cell in sorted(exposed, key=lambda each: (table.counts[each], each)):
        mine = table.equations.of_cell[cell]
        parts = [each for line in mine for each in line.parts]
        more = table.next(parts, found) or table.next([each for line in mine for each in line.whole], found)
        if more:
            return more
    return set()
