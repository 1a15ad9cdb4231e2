"""Small cells month by month, and the longer spans that would give them away: a quarter less two months.

A cell that is hidden in one month is hidden from then to the end of that fiscal quarter, and these months
are shown together, in longer spans alone; where they have too few even together, or are a single month, no
span with them in it is shown. Whatever is shown (month, quarter, year, year to date, twelve months) is then
made of whole blocks, so that no difference of two figures is smaller than a block; and what was shown when a
month ended is still shown when the quarter has ended. Months and quarters are each a table of their own
(`suppression.py`); the rules repeat until nothing changes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from dashboard.analysis.suppression import Equations, Line, suppressed

__all__ = ["Block", "Span", "blocks"]

Span = tuple[int, int]  # the number of the first month, and of the month after the last


@dataclass(frozen=True)
class Block:
    """Months that are shown together or not at all; with `shown` False not even together."""

    start: int
    end: int
    shown: bool

    def hides(self, start: int, end: int) -> bool:
        """Whether a figure over the months from `start` to before `end` would cut the block, or hold it."""
        if end <= self.start or self.end <= start:
            return False
        return not self.shown or start > self.start or end < self.end


def blocks(
    counts: Mapping[Span, Sequence[float]], lines: Sequence[Line], least: int
) -> Mapping[int, tuple[Block, ...]]:
    """Return, for each cell that has any, its blocks in order of time.

    Args:
        counts: for each month and quarter that is known, the counts of m cells, as `suppressed` takes them.
            Months without a quarter around them, and quarters without months, stand for themselves.
        lines: equations among the m cells.
        least: the smallest count that may be shown.
    """
    made: dict[int, list[Block]] = {}
    tables = _Tables(counts, Equations(lines), least)
    for whole, parts in _wholes(counts):
        if not any(0 < count < least for span in (whole, *parts) for count in counts[span]):
            continue
        hidden = _Hidden({}, set())
        while hidden.grow(whole, parts, tables):
            pass
        for cell, start in sorted(hidden.since.items()):
            made.setdefault(cell, []).append(Block(start, whole[1], cell not in hidden.opaque))
    return {cell: tuple(found) for cell, found in made.items()}


def _wholes(spans: Mapping[Span, object]) -> list[tuple[Span, list[Span]]]:
    """The spans that lie in no other, each with those inside it; all in order of time."""
    found: list[tuple[Span, list[Span]]] = []
    for span in sorted(spans, key=lambda each: (each[0], -each[1])):
        if found and span[1] <= found[-1][0][1]:
            found[-1][1].append(span)
        else:
            found.append((span, []))
    return found


@dataclass(frozen=True)
class _Tables:
    """The counts of every span with the equations among them, and what was found to be suppressed in each.

    The rules ask anew until nothing changes, most often for what they have been told before.
    """

    counts: Mapping[Span, Sequence[float]]
    equations: Equations
    least: int
    _known: dict[tuple[Span, frozenset[int]], frozenset[int]] = field(default_factory=dict)

    def suppressed(self, span: Span, hidden: Collection[int]) -> frozenset[int]:
        """The cells that `suppressed` hides in the table of a span, where those of `hidden` are."""
        key = span, frozenset(hidden)
        if key not in self._known:
            self._known[key] = suppressed(self.counts[span], self.equations, self.least, hidden=key[1])
        return self._known[key]


@dataclass
class _Hidden:
    """Of one quarter: the month since which a cell is hidden, and the cells whose months are never shown."""

    since: dict[int, int]
    opaque: set[int]

    def grow(self, whole: Span, parts: Sequence[Span], tables: _Tables) -> bool:
        """Apply each rule once; False when none of them had anything to add."""
        before = (dict(self.since), set(self.opaque))
        for part in parts:
            known = [cell for cell, start in self.since.items() if start <= part[0]]
            for cell in tables.suppressed(part, known):
                self.since[cell] = min(part[0], self.since.get(cell, part[0]))
        for cell, start in self.since.items():
            together = [tables.counts[part][cell] for part in parts if part[0] >= start]
            if len(together) < 2 or sum(together) < tables.least:
                self.opaque.add(cell)
        # One that is hidden for the sake of the quarter alone need not be hidden in more than its last month.
        last = parts[-1][0] if parts else whole[0]
        for cell in tables.suppressed(whole, self.opaque):
            self.since.setdefault(cell, last)
            self.opaque.add(cell)
        return (self.since, self.opaque) != before
