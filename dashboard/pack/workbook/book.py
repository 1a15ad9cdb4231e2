"""A workbook that is being written: formats made once, and texts that never become a formula or a link."""

import io
from collections.abc import Collection, Sequence
from datetime import UTC
from functools import cached_property
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.charts.theme import LIGHT
from dashboard.pack.model import BoardPack
from dashboard.pack.number_formats import value_code
from dashboard.pack.plain_text import plain_text
from dashboard.pack.workbook.names import sheet_name
from dashboard.pack.workbook.quick_sheet import PlainSheet, QuickSheet
from dashboard.units import MISSING, Unit

LONGEST = 32_000  # characters that a cell holds
FOOT = 200  # characters of a foot, which may have 255
LINE, HIGHEST = 15, 400  # points: of a line, and of the highest row
NARROW = 12  # letters that a heading has in its narrowest column
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


class Book:
    """A workbook in memory; `content` closes it."""

    def __init__(self, pack: BoardPack) -> None:
        self._board = pack.board
        self._out = io.BytesIO()
        self.workbook = xlsxwriter.Workbook(self._out, OPTIONS)
        self.workbook.set_properties(
            {
                "title": f"{pack.spec.cover.title}, {pack.period_text}",
                "author": pack.board.organisation,
                "comments": pack.origin,
                "created": pack.known.astimezone(UTC).replace(tzinfo=None),
            }
        )
        self._foot = pack.origin.replace("&", "&&")[:FOOT].rstrip("&")
        self._formats: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._numbers: dict[str, Format] = {}
        self._names: list[str] = []

    def look(self, **properties: Any) -> Format:
        """A format; equal properties share one."""
        key = tuple(sorted(properties.items()))
        if key not in self._formats:
            self._formats[key] = self.workbook.add_format({"valign": "top", **properties})
        return self._formats[key]

    @cached_property
    def plain(self) -> Format:
        """The format of a text like any other."""
        return self.look()

    def number(self, code: str) -> Format:
        """The format of a number, by its code."""
        if code not in self._numbers:
            self._numbers[code] = self.look(num_format=code)
        return self._numbers[code]

    def code(self, value: float | None, unit: Unit) -> str:
        """The number format of a figure, as the page writes it."""
        return value_code(value, unit, self._board)

    def sheet(
        self, name: str, *, ending: str = "", widths: Sequence[float] = (), charted: bool = False
    ) -> "Page":
        """The next sheet, printed across with its origin at the foot; charts may stand on it if `charted`."""
        legal = sheet_name(name, self._names, ending=ending)
        self._names.append(legal)
        made = self.workbook.add_worksheet(legal, QuickSheet if charted else PlainSheet)
        made.set_landscape()
        made.set_paper(9)
        made.fit_to_pages(1, 0)
        made.hide_gridlines(2)
        made.set_footer(f"&L&8{self._foot}&R&8page &P of &N")
        for place, width in enumerate(widths):
            made.set_column(place, place, width)
        return Page(self, made, legal)

    def content(self) -> bytes:
        """The whole file."""
        self.workbook.close()
        return self._out.getvalue()


class Page:
    """A sheet that is written from the top down; `row` is the next free one."""

    def __init__(self, book: Book, sheet: Worksheet, name: str) -> None:
        self.book, self.sheet, self.name, self.row = book, sheet, name, 0

    def text(self, row: int, column: int, text: str, **look: Any) -> None:
        """A text as it stands. A cell that would be empty is left out, as a fifth of a pack's would be."""
        if text or look:
            form = self.book.look(**look) if look else self.book.plain
            self.sheet.write_string(row, column, plain_text(text)[:LONGEST], form)

    def number(self, row: int, column: int, value: float | None, code: str, text: str = "") -> None:
        """A number in its format, or, where it is missing, the word for that."""
        if value is None:
            self.text(row, column, text or MISSING, align="right", font_color=LIGHT.muted)
        else:
            self.sheet.write_number(row, column, value, self.book.number(code))

    def line(self, text: str, **look: Any) -> None:
        """A text in the first column of a row of its own."""
        self.text(self.row, 0, text, **look)
        if look.get("font_size", 0) > 11:
            self.sheet.set_row(self.row, look["font_size"] * 1.6)
        self.row += 1

    def heads(self, names: Sequence[str], figures: Collection[int] = ()) -> None:
        """A row of headings; those of the columns `figures` stand to the right."""
        for column, name in enumerate(names):
            look = {"align": "right"} if column in figures else {}
            self.text(self.row, column, name, bold=True, bottom=1, text_wrap=True, **look)
        lines = max((1 + len(plain_text(name)) // NARROW for name in names[1:]), default=1)
        self.sheet.set_row(self.row, LINE * min(5, lines))
        self.row += 1

    def wrapped(self, texts: Sequence[str], widths: Sequence[float]) -> None:
        """A row of texts, as high as the longest needs: programs differ in whether they see to that."""
        lines = 1
        for column, (text, width) in enumerate(zip(texts, widths, strict=True)):
            self.text(self.row, column, text, text_wrap=True)
            lines = max(lines, sum(1 + len(part) // max(1, int(width)) for part in text.split("\n")))
        self.sheet.set_row(self.row, min(HIGHEST, LINE * lines))
        self.row += 1
