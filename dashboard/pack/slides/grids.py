"""Tables of a slide: columns as wide as they need, rows as high, and more slides where they do not fit."""

from collections.abc import Sequence
from dataclasses import replace

from dashboard.board.drawings import Ages, Matrix
from dashboard.board.sheet import Sheet
from dashboard.charts.grid import shades
from dashboard.charts.theme import LIGHT
from dashboard.pack.slides.fitting import LINE, Room, line_count, text_width
from dashboard.pack.slides.plan import Cell, Grid

SIZES = (14.0, 12.0, 11.0, 10.0, 9.0)
MOST_STRETCHED = 1.8  # a table of few rows stands wider apart: it is read from the other end of a room
MARGIN = 10.0  # of a field, both sides together
ROOMY, TIGHT = 6.0, 3.0  # above and below the text of a field together
SLACK = 1.05  # programs round each letter: a word as wide as its column is broken inside
NARROWEST, WIDEST = 34.0, 0.45  # points; share of the table
TOTALS = ("Opening", "Closing")
EMPTY = Cell("", figure=True)


def sheet_cells(sheet: Sheet) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """The heads and fields of an exhibit's table; columns with a unit are figures."""
    heads = tuple(column.name for column in sheet.columns)
    rows = tuple(
        tuple(
            Cell(field.text, figure=column.unit is not None, bold=row[0].text in TOTALS)
            for column, field in zip(sheet.columns, row, strict=True)
        )
        for row in sheet.rows
    )
    return heads, rows


def matrix_cells(drawing: Matrix) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """A matrix as a table: shaded as on the screen, the figure in the field."""
    places = {
        (cell.row, cell.column): _field(cell.text, cell.value, shade, LIGHT.line(drawing.side))
        for cell, shade in zip(drawing.cells, shades([each.value for each in drawing.cells]), strict=True)
    }
    rows = tuple(
        (Cell(row), *(places.get((row, column), EMPTY) for column in drawing.columns)) for row in drawing.rows
    )
    return _heads(drawing), rows


def ages_cells(drawing: Ages) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """A grid of cohorts by age, shaded as on the screen; a field without a figure is empty, as there."""
    places = {
        (cell.row, cell.column): _field(cell.text, cell.value, shade, LIGHT.customer)
        for cell, shade in zip(drawing.cells, shades([each.value for each in drawing.cells]), strict=True)
    }
    columns = range(len(drawing.columns))
    rows = tuple(
        (Cell(name), *(places.get((row, column), EMPTY) for column in columns))
        for row, name in enumerate(drawing.rows)
    )
    return _heads(drawing), rows


def _field(text: str, value: float | None, shade: float, colour: str) -> Cell:
    if value is None:
        return Cell(text, figure=True)
    return Cell(text, figure=True, shade=blended(colour, shade))


def _heads(drawing: Matrix | Ages) -> tuple[str, ...]:
    return (f"{drawing.row_name} \\ {drawing.column_name}", *drawing.columns)


def blended(colour: str, share: float) -> str:
    """A colour laid thinly over the paper."""
    parts = (
        round(_channel(LIGHT.paper, place) * (1 - share) + _channel(colour, place) * share)
        for place in range(3)
    )
    return "#" + "".join(f"{part:02X}" for part in parts)


def _channel(colour: str, place: int) -> int:
    return int(colour[1 + 2 * place : 3 + 2 * place], 16)


def grids(
    heads: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], room: Room, description: str
) -> tuple[Grid, ...]:
    """The table in the largest size in which it stands in one place; else in the smallest, on several.

    Rows are tight only where this spares a second place, which might hold the last two of them.

    Each part repeats the heads; a part of the columns repeats the first.
    """
    for size, padding in (*((each, ROOMY) for each in SIZES), (SIZES[-1], TIGHT)):
        whole = Grid(heads, (), (), (), size, description, padding)
        found = _parts(whole, rows, room)
        if len(found) == 1 and sum(_least(heads, rows, room.width, size)) <= room.width:
            return (_stretched(found[0], room),)
    return _parts(replace(whole, padding=ROOMY), rows, room)


def _stretched(grid: Grid, room: Room) -> Grid:
    factor = max(1.0, min(MOST_STRETCHED, room.height / sum(grid.heights)))
    return replace(grid, heights=tuple(height * factor for height in grid.heights))


def _parts(empty: Grid, rows: Sequence[tuple[Cell, ...]], room: Room) -> tuple[Grid, ...]:
    heads, size = empty.heads, empty.size
    most = max(1, int(room.width * (1 - WIDEST) // max(NARROWEST, _narrowest(rows, size))))
    if len(heads) > most + 1:
        parts: list[Grid] = []
        for first in range(1, len(heads), most):
            chosen = (0, *range(first, min(first + most, len(heads))))
            part = [tuple(row[place] for place in chosen) for row in rows]
            parts += _pages(replace(empty, heads=tuple(heads[place] for place in chosen)), part, room)
        return tuple(parts)
    return _pages(empty, rows, room)


def _narrowest(rows: Sequence[tuple[Cell, ...]], size: float) -> float:
    """The width below which a figure would be broken."""
    figures = (cell.text for row in rows for cell in row[1:] if cell.figure)
    return max((text_width(text, size) for text in figures), default=0.0) + MARGIN


def _pages(empty: Grid, rows: Sequence[tuple[Cell, ...]], room: Room) -> tuple[Grid, ...]:
    heads, size = empty.heads, empty.size
    widths = _widths(heads, rows, room.width, size)
    head = _height([Cell(text, bold=True) for text in heads], widths, size) + empty.padding
    whole = replace(empty, widths=tuple(width / room.width for width in widths), heights=(head,))
    pages: list[Grid] = []
    page, left = whole, room.height - head
    for row in rows:
        high = _height(row, widths, size) + empty.padding
        if high > left and page.rows:
            pages.append(page)
            page, left = whole, room.height - head
        page = replace(page, rows=(*page.rows, row), heights=(*page.heights, high))
        left -= high
    return (*pages, page)


def _widths(
    heads: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], width: float, size: float
) -> tuple[float, ...]:
    """What each column needs, and what is left shared out; too much is taken from the widest."""
    needed = []
    for place, head in enumerate(heads):
        texts = [head, *(row[place].text for row in rows)]
        longest = max(text_width(text, size, bold=True) for text in texts) * SLACK + MARGIN
        needed.append(min(max(longest, NARROWEST), width * WIDEST))
    total = sum(needed)
    if total <= width:
        # No wider than twice what they need: figures far apart are read in the wrong row.
        return tuple(min(each * width / total, each * 2) for each in needed)
    least = _least(heads, rows, width, size)
    if sum(least) >= width:
        return tuple(each * width / sum(least) for each in least)
    spare = (width - sum(least)) / (total - sum(least))
    return tuple(few + (many - few) * spare for few, many in zip(least, needed, strict=True))


def _least(
    heads: tuple[str, ...], rows: Sequence[tuple[Cell, ...]], width: float, size: float
) -> tuple[float, ...]:
    """The widths below which a word would be broken inside; of a word without end, its share."""
    found = []
    for place, head in enumerate(heads):
        told = (word for text in (head, *(row[place].text for row in rows)) for word in text.split(" "))
        longest = max(text_width(word, size, bold=True) for word in told) * SLACK + MARGIN
        found.append(min(max(longest, NARROWEST), width * WIDEST))
    return tuple(found)


def _height(row: Sequence[Cell], widths: Sequence[float], size: float) -> float:
    lines = max(
        line_count(cell.text, max(width - MARGIN, size), size, bold=cell.bold)
        for cell, width in zip(row, widths, strict=True)
    )
    return lines * size * LINE
