"""Small cells month by month, and the longer spans that would give them away: a quarter less two months.

A cell that must be hidden in one month is hidden in all months of that fiscal quarter and shown by quarter
only; one that is too small in a quarter is shown by fiscal year only, and one too small in a year not at all.
Whatever spans are then shown (month, quarter, year, year to date, twelve months) are made of whole blocks,
so that no difference of two of them is smaller than a block. Months, quarters and years are each a table of
their own (`suppression.py`), and both rules repeat until nothing changes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.analysis.suppression import Line, suppressed

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
    counts: Mapping[Span, Sequence[float]],
    lines: Sequence[Line],
    least: int,
) -> Mapping[int, tuple[Block, ...]]:
    """Return, for each cell that has any, its blocks in order of time.

    Args:
        counts: for each month, quarter or year that is known, the counts of m cells, as `suppressed` takes
            them. Spans lie side by side or within each other.
        lines: equations among the m cells.
        least: the smallest count that may be shown.
    """
    children = _children(counts)
    tops = set(counts) - {child for found in children.values() for child in found}
    made: dict[int, list[Block]] = {}
    for top in sorted(tops):
        hidden = _closed(top, children, counts, lines, least)
        for cell in sorted({cell for found in hidden.values() for cell in found}):
            made.setdefault(cell, []).extend(_blocks_of(cell, top, children, hidden))
    return {cell: tuple(found) for cell, found in made.items()}


def _children(spans: Mapping[Span, object]) -> dict[Span, tuple[Span, ...]]:
    """For each span, the spans directly within it."""
    children: dict[Span, list[Span]] = {span: [] for span in spans}
    open_spans: list[Span] = []
    for span in sorted(spans, key=lambda each: (each[0], -each[1])):
        while open_spans and open_spans[-1][1] <= span[0]:
            open_spans.pop()
        if open_spans:
            children[open_spans[-1]].append(span)
        open_spans.append(span)
    return {span: tuple(found) for span, found in children.items()}


def _closed(
    top: Span,
    children: Mapping[Span, tuple[Span, ...]],
    counts: Mapping[Span, Sequence[float]],
    lines: Sequence[Line],
    least: int,
) -> dict[Span, frozenset[int]]:
    """The hidden cells of each span within `top`, when both rules have nothing more to add."""
    within = [top]
    for span in within:
        within.extend(children[span])
    hidden: dict[Span, frozenset[int]] = {span: frozenset() for span in within}
    # A table is done again only when the rule of time has hidden more in it.
    due = set(within)
    while due:
        for span in sorted(due):
            hidden[span] = suppressed(counts[span], lines, least, hidden=hidden[span])
        before = dict(hidden)
        for span in within:
            _share(span, children[span], hidden)
        due = {span for span in within if hidden[span] != before[span]}
    return hidden


def _share(span: Span, parts: tuple[Span, ...], hidden: dict[Span, frozenset[int]]) -> None:
    """Hidden in the whole or in one part is hidden in every part; an only part takes the whole with it."""
    together = hidden[span].union(*(hidden[part] for part in parts)) if parts else frozenset()
    for part in parts:
        hidden[part] = together
    if len(parts) == 1:
        hidden[span] = together


def _blocks_of(
    cell: int,
    span: Span,
    children: Mapping[Span, tuple[Span, ...]],
    hidden: Mapping[Span, frozenset[int]],
) -> list[Block]:
    if cell in hidden[span]:
        return [Block(*span, shown=False)]
    if any(cell in hidden[part] for part in children[span]):
        return [Block(*span, shown=True)]
    return [block for part in children[span] for block in _blocks_of(cell, part, children, hidden)]
