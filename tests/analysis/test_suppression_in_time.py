"""A hidden month must not follow from quarters, years or sliding windows: checked by linear algebra."""

from collections.abc import Callable, Mapping
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.suppression import Cell, Line, linked_lines
from dashboard.analysis.suppression_in_time import Block, Span, blocks

LEAST = 10


def spans(months: int) -> list[Span]:
    """Months and quarters from month 0, the last of them perhaps not full."""
    return [(start, start + length) for length in (1, 3) for start in range(0, months, length)]


def windows(months: int) -> list[Span]:
    """Every span that a reader may ask for: also years, years to date and twelve months."""
    years = [(start, start + 12) for start in range(0, months, 12)]
    to_date = [(end - 1 - (end - 1) % 12, end) for end in range(1, months + 1)]
    twelve = [(end - 12, end) for end in range(12, months + 1)]
    return sorted({*spans(months), *years, *to_date, *twelve})


def added(by_month: np.ndarray) -> dict[Span, list[float]]:
    """Counts of every span, from cells by months."""
    return {span: by_month[:, span[0] : span[1]].sum(axis=1).tolist() for span in spans(by_month.shape[1])}


def slice_and_total(*members: list[int]) -> tuple[np.ndarray, tuple[Line, ...]]:
    table = np.array([*members, np.sum(members, axis=0)], dtype=float)
    return table, (Line(tuple(range(len(members))), (len(members),)),)


def test_one_small_month_is_shown_by_quarter_with_one_that_protects_it() -> None:
    table, lines = slice_and_total([30, 5, 30] + [30] * 9, [40] * 12, [60] * 12)
    block = (Block(1, 3, shown=True),)
    assert blocks(added(table), lines, LEAST) == {0: block, 1: block}


def test_a_small_last_month_is_in_no_quarter_for_the_months_before_it_were_shown() -> None:
    table, lines = slice_and_total([30, 30, 5], [40] * 3, [60] * 3)
    block = (Block(2, 3, shown=False),)
    assert blocks(added(table), lines, LEAST) == {0: block, 1: block}


def test_a_quarter_of_too_few_is_in_no_longer_span() -> None:
    table, lines = slice_and_total([1] * 3 + [20] * 9, [40] * 12, [60] * 12)
    block = (Block(0, 3, shown=False),)
    assert blocks(added(table), lines, LEAST) == {0: block, 1: block}


def test_a_month_that_has_only_begun_hides_nothing_before_it() -> None:
    table, lines = slice_and_total([20] * 12 + [1], [40] * 12 + [2])
    assert blocks(added(table), lines, LEAST) == {cell: (Block(12, 15, shown=False),) for cell in range(3)}


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(*[st.integers(0, 30)] * 3), min_size=1, max_size=9))
def test_what_was_shown_when_a_month_ended_is_still_shown_later(rows: list[tuple[int, int, int]]) -> None:
    table, lines = slice_and_total(*[list(column) for column in zip(*rows, strict=True)])
    shown: set[tuple[int, int]] = set()
    for months in range(1, len(rows) + 1):
        hides = of(blocks(added(table[:, :months]), lines, LEAST))
        assert not any(hides(cell, (month, month + 1)) for cell, month in shown)
        shown |= {(cell, months - 1) for cell in range(4) if not hides(cell, (months - 1, months))}


def test_large_groups_have_no_blocks() -> None:
    table, lines = slice_and_total([10] * 12, [0] * 12)
    assert blocks(added(table), lines, LEAST) == {}
    assert blocks({}, lines, LEAST) == {}


def test_moments_and_quarters_alone_stand_for_themselves() -> None:
    lines = (Line((0, 1), (2,)),)
    stock = {(0, 1): (30, 40, 70), (1, 2): (5, 40, 45), (2, 3): (30, 40, 70)}
    assert blocks(stock, lines, LEAST) == {
        0: (Block(1, 2, False),),
        1: (Block(1, 2, False),),
    }
    quarterly = {(0, 3): (5, 40, 50, 95), (3, 6): (30, 40, 50, 120)}
    by_three = (Line((0, 1, 2), (3,)),)
    assert blocks(quarterly, by_three, LEAST) == {0: (Block(0, 3, False),), 1: (Block(0, 3, False),)}


@pytest.mark.parametrize(
    ("window", "shown", "hidden"),
    [
        ((3, 6), True, False),
        ((0, 12), True, False),
        ((4, 5), True, True),
        ((0, 5), True, True),
        ((3, 6), False, True),
        ((0, 3), False, False),
        ((6, 12), True, False),
        ((0, 12), False, True),
    ],
)
def test_what_a_block_hides(window: Span, shown: bool, hidden: bool) -> None:
    assert Block(3, 6, shown).hides(*window) is hidden


def leaks(
    cells: list[Cell], by_month: np.ndarray, finest: np.ndarray, hides: Callable[[int, Span], bool]
) -> list[tuple[Cell, Span]]:
    """Small figures that follow from all that is shown.

    `finest` says for each cell which rows of the finest table it is made of.
    """
    months = by_month.shape[1]
    asked = [(cell, window) for cell in range(len(cells)) for window in windows(months)]

    def row(cell: int, window: Span) -> np.ndarray:
        return np.outer(finest[cell], [window[0] <= month < window[1] for month in range(months)]).ravel()

    def count(cell: int, window: Span) -> float:
        return float(by_month[cell, window[0] : window[1]].sum())

    shown = [row(*each) for each in asked if not hides(*each)]
    small = [each for each in asked if 0 < count(*each) < LEAST]
    if not small:
        return []
    _, sizes, vectors = np.linalg.svd(np.array(shown or [np.zeros(len(row(0, (0, 1))))]), full_matrices=False)
    spanned = vectors[sizes > 1e-9]
    found_out = []
    for each in small:
        wanted = row(*each).astype(float)
        rest = wanted - spanned.T @ (spanned @ wanted)
        if np.linalg.norm(rest) < 1e-6:
            found_out.append((cells[each[0]], each[1]))
    return found_out


def of(found: Mapping[int, tuple[Block, ...]]) -> Callable[[int, Span], bool]:
    return lambda cell, window: any(block.hides(*window) for block in found.get(cell, ()))


def cube(table: np.ndarray) -> tuple[list[Cell], np.ndarray, np.ndarray]:
    """Cells, their counts by month, and what each is made of, for plan by segment with margins and total."""
    plans, segments, months = table.shape
    members = list(product(range(plans), range(segments)))
    cells: list[Cell] = [((), ())]
    made = [[True] * len(members)]
    for plan in range(plans):
        cells.append((("plan",), (str(plan),)))
        made.append([each[0] == plan for each in members])
    for segment in range(segments):
        cells.append((("segment",), (str(segment),)))
        made.append([each[1] == segment for each in members])
    for member in members:
        cells.append((("plan", "segment"), (str(member[0]), str(member[1]))))
        made.append([each == member for each in members])
    finest = np.array(made, dtype=float)
    return cells, finest @ table.reshape(-1, months), finest


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 2**32 - 1), st.sampled_from([3.0, 9.0, 15.0, 30.0]), st.integers(1, 26))
def test_no_small_figure_follows_from_all_months_quarters_years_and_windows(
    seed: int, level: float, months: int
) -> None:
    rng = np.random.default_rng(seed)
    means = level * rng.uniform(0.1, 2, size=(2, 3, 1))
    cells, by_month, finest = cube(rng.poisson(means, size=(2, 3, months)).astype(float))
    found = blocks(added(by_month), linked_lines(cells), LEAST)
    assert leaks(cells, by_month, finest, of(found)) == []


def test_hiding_small_months_alone_would_leak() -> None:
    """The check above can fail: with each small figure hidden and nothing else, the total gives it away."""
    table = np.full((2, 3, 12), 30.0)
    table[0, 0, 4] = 5
    cells, by_month, finest = cube(table)
    small = cells.index((("plan", "segment"), ("0", "0")))
    square = {cells.index((("plan", "segment"), each)) for each in product("01", "01")}

    def that_month(which: set[int]) -> Callable[[int, Span], bool]:
        return lambda cell, window: cell in which and window == (4, 5)

    assert leaks(cells, by_month, finest, that_month({small})) != []
    assert leaks(cells, by_month, finest, that_month(square)) != []  # the quarter gives it away
    assert leaks(cells, by_month, finest, of(blocks(added(by_month), linked_lines(cells), LEAST))) == []
