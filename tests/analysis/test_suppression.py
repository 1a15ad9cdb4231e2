"""Small cells and what protects them: a published table, bridges that lines overlook, and random tables."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.analysis.suppression import Cell, Line, linked_lines, recoverable, suppressed

AGE_BY_COUNTRY = ("age", "country")


def cube(counts: dict[tuple[str, str], int]) -> tuple[list[Cell], list[int], tuple[Line, ...]]:
    """The cells of a table of two dimensions with its margins and total, their counts and equations."""
    rows, columns = sorted({row for row, _ in counts}), sorted({column for _, column in counts})
    cells: list[Cell] = [((), ())]
    cells += [(("age",), (row,)) for row in rows] + [(("country",), (column,)) for column in columns]
    cells += [(AGE_BY_COUNTRY, each) for each in counts]
    numbers = [sum(counts.values())]
    numbers += [sum(counts[row, column] for column in columns) for row in rows]
    numbers += [sum(counts[row, column] for row in rows) for column in columns]
    return cells, [*numbers, *counts.values()], linked_lines(cells)


def test_the_published_example_of_gauss_suppression() -> None:
    ages, countries = ("young", "old"), ("Iceland", "Portugal", "Spain")
    table = dict(zip(product(ages, countries), (2, 0, 5, 3, 4, 6), strict=True))
    cells, counts, lines = cube(table)
    assert counts[:6] == [20, 13, 7, 5, 4, 11]
    hidden = {cells[index] for index in suppressed(counts, lines, 2, zeros=True)}
    assert hidden == {(AGE_BY_COUNTRY, each) for each in product(ages, ("Iceland", "Portugal"))}


def test_one_small_cell_takes_no_more_than_a_rectangle_with_it() -> None:
    pairs = product(("a", "b", "c"), ("x", "y", "z"))
    cells, counts, lines = cube(dict(zip(pairs, (4, 61, 80, 38, 52, 47, 55, 90, 41), strict=True)))
    hidden = {cells[index][1] for index in suppressed(counts, lines, 10)}
    assert hidden == {("a", "x"), ("a", "y"), ("b", "x"), ("b", "y")}


def line(*counts: int) -> tuple[list[int], tuple[Line, ...]]:
    """One slice and its total, which stands last."""
    return [*counts, sum(counts)], (Line(tuple(range(len(counts))), (len(counts),)),)


@pytest.mark.parametrize(
    ("counts", "hidden"),
    [
        ((50, 60, 70), set()),
        ((3, 60, 50), {0, 2}),  # the smallest that is large enough protects it
        ((3, 4, 60, 50), {0, 1, 3}),  # seven together are still too few
        ((6, 4, 60), {0, 1}),
        ((3, 0, 60), {0, 2}),  # nobody protects nobody
        ((0, 0, 60), set()),
        ((10, 9, 10, 11), {0, 1}),
        ((4, 3), {0, 1, 2}),
        ((3,), {0, 1}),
    ],
)
def test_a_slice_and_its_total(counts: tuple[int, ...], hidden: set[int]) -> None:
    numbers, lines = line(*counts)
    assert suppressed(numbers, lines, 10) == hidden


def test_a_cell_hidden_for_another_reason_is_protected_too() -> None:
    numbers, lines = line(50, 60, 70)
    assert suppressed(numbers, lines, 10, hidden={1}) == {0, 1}
    assert suppressed(numbers, lines, 10, hidden={3}) == {0, 3}
    alone, one = line(50)
    assert suppressed(alone, one, 10, hidden={0}) == {0, 1}


def test_a_bridge_between_two_blocks_is_found() -> None:
    """Every row and column has two hidden cells or none, and yet (0, 2) follows from the totals."""
    size = 4
    cells = [row * size + column for row in range(size) for column in range(size)]
    rows = [Line(tuple(cells[row * size : row * size + size]), (16 + row,)) for row in range(size)]
    columns = [Line(tuple(cells[column::size]), (20 + column,)) for column in range(size)]
    hidden = {0, 1, 4, 5, 2, 10, 11, 14, 15}
    assert recoverable(hidden, [*rows, *columns]) == {2}
    counts = [50.0] * 16 + [200.0] * 8
    protected = suppressed(counts, [*rows, *columns], 10, hidden=hidden)
    assert hidden < protected
    assert recoverable(protected, [*rows, *columns]) == frozenset()


def test_two_slices_that_share_a_dimension_no_margin_shows() -> None:
    """segment by plan, and segment by region, without segment: one member's cells add up to the same."""
    cells: list[Cell] = [
        ((), ()),
        (("segment", "plan"), ("Home", "Basic")),
        (("segment", "plan"), ("Home", "Plus")),
        (("segment", "region"), ("Home", "North")),
        (("segment", "region"), ("Home", "South")),
        (("segment", "plan"), ("Office", "Basic")),
        (("segment", "region"), ("Office", "South")),
    ]
    lines = linked_lines(cells)
    assert Line((3, 4), (1, 2)) in lines
    assert Line((6,), (5,)) in lines
    hidden = suppressed([100, 3, 37, 20, 20, 60, 60], lines, 10)
    assert 1 in hidden and recoverable(hidden, lines) == frozenset()


counts = st.integers(0, 25)


@settings(deadline=None)
@given(st.lists(st.lists(counts, min_size=4, max_size=4), min_size=1, max_size=4))
def test_no_hidden_cell_of_a_random_table_can_be_worked_out(table: list[list[int]]) -> None:
    named = {(f"r{i}", f"c{j}"): count for i, row in enumerate(table) for j, count in enumerate(row)}
    _, numbers, lines = cube(named)
    hidden = suppressed(numbers, lines, 10)
    assert {i for i, count in enumerate(numbers) if 0 < count < 10} <= hidden
    assert recoverable(hidden, lines) == frozenset()
    for each in lines:
        gone = [cell for cell in each.parts if cell in hidden]
        if gone and each.whole[0] not in hidden:
            assert len(gone) > 1 and sum(numbers[cell] for cell in gone) >= 10


@settings(deadline=None)
@given(st.lists(counts, min_size=1, max_size=12))
def test_hiding_again_hides_no_more(row: list[int]) -> None:
    numbers, lines = line(*row)
    once = suppressed(numbers, lines, 10)
    assert suppressed(numbers, lines, 10, hidden=once) == once


def test_recoverable_agrees_with_solving_the_equations() -> None:
    rng = np.random.default_rng(5)
    _, _, lines = cube(dict.fromkeys(product("abc", "xyz"), 20))
    for _ in range(100):
        hidden = set(rng.choice(16, size=rng.integers(1, 9), replace=False).tolist())
        unknown = sorted(hidden)
        matrix = np.array(
            [[(cell in each.parts) - (cell in each.whole) for cell in unknown] for each in lines], float
        )
        determined = {cell for index, cell in enumerate(unknown) if unit_in_rows(matrix, index)}
        assert recoverable(hidden, lines) == determined


def unit_in_rows(matrix: np.ndarray, index: int) -> bool:
    unit = np.zeros(matrix.shape[1])
    unit[index] = 1
    return bool(np.linalg.matrix_rank(np.vstack([matrix, unit])) == np.linalg.matrix_rank(matrix))
