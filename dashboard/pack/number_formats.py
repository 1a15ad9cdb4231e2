"""Number formats of spreadsheets and charts that show a figure as the one formatter does.

A format is read off what the formatter writes: what stands before and behind the number, how many decimals it
has, and by how many thousands it is shortened. So they cannot disagree.
"""

import math
import re
from functools import cache, lru_cache
from typing import Any

from babel.numbers import get_decimal_symbol

from dashboard.definitions.model import Board
from dashboard.units import LARGEST, MINUS, Unit, format_change, format_tick, format_value

_NUMBER = re.compile(r"\d(?:.*\d)?")
_SCIENTIFIC = "0.00E+00"
PROBABILITY = '[<0.001]"< 0.001";0.000'
_KEPT = 8192  # formats that are kept: the same figures stand on several sheets, in tables and in charts


def value_code(value: float | None, unit: Unit, board: Board) -> str:
    """The format of one figure, as `units.format_value` writes it: `"€"#,##0.0,,"M"`."""
    return _value_code(abs(value or 0.0), unit, board.locale, board.currency)


@lru_cache(_KEPT)
def _value_code(size: float, unit: Unit, locale: str, currency: str) -> str:
    if size >= LARGEST:
        return _signed(_SCIENTIFIC)
    text = format_value(size, unit, locale=locale, currency=currency)
    return _signed(_read_off(text, size, unit, locale))


def change_code(value: float, unit: Unit, board: Board) -> str:
    """The format of an amount that is added or taken away, given without its sign: `"+€"#,##0.0,,"M"`."""
    if unit is Unit.PERCENT or abs(value) >= LARGEST:  # a difference of percentages is told in points
        return f'"{MINUS if value < 0 else "+"}"{value_code(value, unit, board).partition(";")[0]}'
    text = format_change(value, unit, locale=board.locale, currency=board.currency)
    return _read_off(text, abs(value), unit, board.locale)


def tick_code(high: float, step: float, unit: Unit, board: Board) -> str:
    """The format of the labels of an axis that reaches to `high`, `step` apart."""
    size = max(abs(high), step)
    how: dict[str, Any] = {"locale": board.locale, "currency": board.currency}
    code = _signed(_read_off(format_tick(size, step, unit, **how), size, unit, board.locale, apart=step))
    if unit is not Unit.CURRENCY:
        return code
    return f'{code};"{format_tick(0.0, 1.0, unit, **how)}"'


def absolute(code: str) -> str:
    """The format that shows a negative number without its sign: of bars that point to the left."""
    plain = code.partition(";")[0]
    return f"{plain};{plain}"


def _read_off(text: str, size: float, unit: Unit, locale: str, *, apart: float = 0.0) -> str:
    """The format of a number from its text. `apart` are labels of shortened amounts that must differ."""
    found = _NUMBER.search(text)
    if found is None:
        return "General"
    whole, symbol, decimals = found[0].rpartition(_decimal_symbol(locale))
    places = len(decimals) if symbol else 0
    thousands = 0
    if unit is Unit.CURRENCY and size > 0:
        digits = re.sub(r"\D", "", whole if symbol else decimals)
        number = float(f"{digits}.{decimals}" if symbol else digits)
        thousands = max(0, round(math.log(size / number, 1000))) if number > 0 else 0
    if thousands and apart:
        places = max(0, -math.floor(math.log10(apart / 1000**thousands) + 1e-9))
    pattern = "#,##0" + ("." + "0" * places if places else "") + "," * thousands
    return f"{_quoted(text[: found.start()])}{pattern}{_quoted(text[found.end() :])}"


_decimal_symbol = cache(get_decimal_symbol)  # Babel reads the locale's name anew each time


@lru_cache(_KEPT)
def _quoted(text: str) -> str:
    """A text as a format holds it; a percent sign stays outside, for it multiplies."""
    parts = re.split("(%)", text.replace('"', ""))
    return "".join(part if part == "%" else f'"{part}"' for part in parts if part)


def _signed(code: str) -> str:
    return f'{code};"{MINUS}"{code}'
