"""Number formats of spreadsheets and charts that show a figure as the one formatter does."""

from babel.numbers import format_compact_currency

from dashboard.definitions.model import Board
from dashboard.units import MINUS, SMALL_SHARE, Unit, currency_symbol

_PLAIN = {
    Unit.COUNT: "#,##0",
    Unit.DAYS: '#,##0.0" days"',
    Unit.HOURS: '#,##0.0" hours"',
    Unit.POINTS: "#,##0.0",
    Unit.RATIO: "#,##0.00",
    Unit.PER_THOUSAND: "#,##0.0",
}
_SCALES = ((1e12, ",,,,"), (1e9, ",,,"), (1e6, ",,"), (1e4, ","))


def value_code(value: float | None, unit: Unit, board: Board) -> str:
    """The format of one figure, as `units.format_value` writes it: `€#,##0.0,,"M"`."""
    if unit is Unit.CURRENCY:
        return _signed(_currency(abs(value or 0.0), board))
    if unit is Unit.PERCENT:
        small = value is not None and 0 < abs(value) < SMALL_SHARE
        return _signed("0.00%" if small else "0.0%")
    return _signed(_PLAIN[unit])


def change_code(value: float, unit: Unit, board: Board) -> str:
    """The format of an amount that is added or taken away, given without its sign: `+€#,##0.0,,"M"`."""
    plain = value_code(value, unit, board).partition(";")[0]
    return f'"{MINUS if value < 0 else "+"}"{plain}'


def tick_code(high: float, step: float, unit: Unit, board: Board) -> str:
    """The format of the labels of an axis that reaches to `high`, `step` apart."""
    if unit is Unit.CURRENCY:
        zero = f'"{currency_symbol(board.currency, board.locale)}"0'
        return f"{_signed(_currency(max(abs(high), step), board))};{zero}"
    shown = step * 100 if unit is Unit.PERCENT else step
    decimals = next((n for n in range(4) if abs(round(shown, n) - shown) < 1e-9), 4)
    code = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _signed(code + ("%" if unit is Unit.PERCENT else ""))


def absolute(code: str) -> str:
    """The format that shows a negative number without its sign: of bars that point to the left."""
    plain = code.partition(";")[0]
    return f"{plain};{plain}"


def _currency(size: float, board: Board) -> str:
    symbol = currency_symbol(board.currency, board.locale).replace('"', "")
    if size < 1_000:
        return f'"{symbol}"#,##0.00'
    for least, commas in _SCALES:
        if size >= least:
            scaled = 1e3 if commas == "," else least
            word = _word(scaled, board)
            if not word:
                break
            whole = round(size / scaled, 1) == int(size / scaled + 0.05)  # the formatter writes €13M
            return f'"{symbol}"#,##0{"" if whole else ".0"}{commas}"{word}"'
    return f'"{symbol}"#,##0'


def _word(scale: float, board: Board) -> str:
    """What stands behind a thousand or a million in the board's locale: `M`."""
    text = format_compact_currency(scale, board.currency, locale=board.locale, fraction_digits=1)
    bare = text.replace(board.currency, "").replace(currency_symbol(board.currency, board.locale), "")
    return "".join(sign for sign in bare if sign.isalpha() or sign == ".").strip("0123456789.,") or ""


def _signed(code: str) -> str:
    return f'{code};"{MINUS}"{code}'
