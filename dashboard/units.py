"""One formatter for every number that a person reads, on page, slide, paper and sheet."""

import math
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from enum import Enum, StrEnum
from functools import cache, lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_compact_currency, format_currency, format_decimal, format_percent

from dashboard.periods import Grain, Period

MISSING = "n/a"
MINUS = "−"
SMALL_SHARE = 0.0095
LARGEST = 1e15  # beyond it a double no longer holds whole numbers
_KEPT = 8192  # texts that are kept: page, slide, paper and sheet write the same figures and months


class Unit(StrEnum):
    """What a figure counts. A percent is held as a fraction: 0.31 is shown as 31 %.

    COUNT counts people or what they did, so that a small one is kept back; ITEMS counts things, such as rules
    or projects, of which one may be told.
    """

    PERCENT = "percent"
    CURRENCY = "currency"
    COUNT = "count"
    ITEMS = "items"
    DAYS = "days"
    HOURS = "hours"
    POINTS = "points"
    RATIO = "ratio"
    PER_THOUSAND = "per_thousand"


class MoneyScale(Enum):
    """How the amounts of a statement are written: all of them alike, so that they can be added by eye."""

    UNITS = 1, "#,##0.00", ""
    THOUSANDS = 1_000, "#,##0.0", "thousand"
    MILLIONS = 1_000_000, "#,##0.00", "million"

    def __init__(self, divisor: int, pattern: str, word: str) -> None:
        self.divisor, self.pattern, self.word = divisor, pattern, word


_DECIMALS = {
    Unit.PERCENT: "#,##0.0%",
    Unit.COUNT: "#,##0",
    Unit.ITEMS: "#,##0",
    Unit.DAYS: "#,##0.0",
    Unit.HOURS: "#,##0.0",
    Unit.POINTS: "#,##0.0",
    Unit.RATIO: "#,##0.00",
    Unit.PER_THOUSAND: "#,##0.0",
}
_BESIDE_AN_AXIS = {
    Unit.COUNT: "number",
    Unit.ITEMS: "number",
    Unit.DAYS: "days",
    Unit.HOURS: "hours",
    Unit.POINTS: "points",
    Unit.RATIO: "ratio",
    Unit.PER_THOUSAND: "per 1,000",
}
_DIGITS = re.compile(r"[#0][#0.,]*")  # those of a pattern, such as #,##0.00
_SUFFIX = {Unit.DAYS: " days", Unit.HOURS: " hours", Unit.POINTS: " points"}


@lru_cache(_KEPT)
def format_value(value: float | None, unit: Unit, *, locale: str, currency: str) -> str:
    """A figure as a headline shows it: `€41.3M`, `3.1%`, `7.8`, `n/a` for a missing one."""
    if value is None or not math.isfinite(value):
        return MISSING
    if abs(value) >= LARGEST:
        return _minus(f"{value:.3g}")
    if unit is Unit.CURRENCY:
        return _minus(_currency(value, locale, currency))
    number = Decimal(str(value))
    if unit is Unit.PERCENT:
        small = 0 < abs(value) < SMALL_SHARE  # one decimal would blur a churn of 0.84% into 0.8%
        return _minus(
            format_percent(number, format="#,##0.00%" if small else _DECIMALS[unit], locale=_locale(locale))
        )
    suffix = "" if unit is Unit.POINTS else _SUFFIX.get(unit, "")
    return _minus(format_decimal(number, format=_DECIMALS[unit], locale=_locale(locale))) + suffix


def money_scale(values: Iterable[float | None]) -> MoneyScale:
    """The scale on which the largest of these amounts has at most six digits before the point."""
    largest = max((abs(value) for value in values if value is not None and math.isfinite(value)), default=0.0)
    return next((scale for scale in MoneyScale if largest < 1e6 * scale.divisor), MoneyScale.MILLIONS)


def format_amount(value: float | None, scale: MoneyScale, *, locale: str) -> str:
    """An amount of a statement, on the scale of all of it: `3,481.2` of € thousand; `n/a` if missing."""
    if value is None or not math.isfinite(value):
        return MISSING
    shown = Decimal(str(value)) / scale.divisor
    return _minus(format_decimal(shown, format=scale.pattern, locale=_locale(locale)))


def describe_scale(scale: MoneyScale, *, locale: str, currency: str) -> str:
    """`€ thousand`."""
    return f"{currency_symbol(currency, locale)} {scale.word}".rstrip()


def format_change(change: float | None, unit: Unit, *, locale: str, currency: str) -> str:
    """A difference with its sign; that of two percentages is in percentage points: `+0.4 points`."""
    if change is None or not math.isfinite(change):
        return MISSING
    if abs(change) >= LARGEST:
        return f"{MINUS if change < 0 else '+'}{abs(change):.3g}"
    if unit is Unit.PERCENT:
        shown = (
            format_decimal(Decimal(str(abs(change) * 100)), format="#,##0.0", locale=_locale(locale))
            + " points"
        )
    elif unit is Unit.CURRENCY:
        shown = _currency(abs(change), locale, currency)
    else:
        shown = format_decimal(Decimal(str(abs(change))), format=_DECIMALS[unit], locale=_locale(locale))
        shown += _SUFFIX.get(unit, "")
    if not any(digit in "123456789" for digit in shown):
        return f"±{shown}"
    return f"{MINUS if change < 0 else '+'}{shown}"


def format_tick(
    value: float, step: float, unit: Unit, *, locale: str, currency: str, largest: float = 0.0
) -> str:
    """A label on a value axis whose labels stand `step` apart: as few decimals as tell them apart.

    A step is 1, 2 or 5 times a power of ten, so that no label is rounded.
    Amounts of money are shortened alike on the whole axis, as the `largest` on it is.
    """
    size = max(abs(value), abs(largest))
    if unit is Unit.CURRENCY and size >= 10_000 and value:
        return _shortened(value, size, step, locale, currency)
    shown, apart = (value * 100, step * 100) if unit is Unit.PERCENT else (value, step)
    decimals = max(0, -math.floor(math.log10(apart) + 1e-9)) if apart > 0 else 0
    if unit is Unit.CURRENCY and decimals:
        decimals = max(decimals, 2)  # nobody writes €5.5
    number = Decimal(repr(round(shown, decimals)))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    if unit is Unit.CURRENCY:
        placed = _DIGITS.sub(pattern, _locale(locale).currency_formats["standard"].pattern)
        label = format_currency(
            number, currency, format=placed, locale=_locale(locale), currency_digits=False
        )
        return _minus(label)
    return _minus(format_decimal(number, format=pattern, locale=_locale(locale))) + (
        "%" if unit is Unit.PERCENT else ""
    )


def axis_unit(unit: Unit) -> str | None:
    """What stands beside an axis whose labels do not tell their unit: `points`, `number`, `per 1,000`."""
    return _BESIDE_AN_AXIS.get(unit)


@lru_cache(_KEPT)
def format_count(count: int | float | None, *, locale: str) -> str:
    """A number of answers or customers: `2,114`."""
    return MISSING if count is None else _minus(format_decimal(round(count), locale=_locale(locale)))


def format_day(day: date, *, locale: str) -> str:
    """`30 September 2026`."""
    return format_date(day, format="long", locale=_locale(locale))


@lru_cache(_KEPT)
def format_period(period: Period, *, locale: str) -> str:
    """`Sept 2026`, `Jul–Sept 2026`, `Apr 2026–Mar 2027`: by name, so that nobody counts fiscal months."""
    last = period.last_month.start
    if period.start == last:
        return format_skeleton("yMMM", last, locale=_locale(locale))
    if period.start.year == last.year:
        first = format_date(period.start, "LLL", locale=_locale(locale))
    else:
        first = format_skeleton("yMMM", period.start, locale=_locale(locale))
    return f"{first}–{format_skeleton('yMMM', last, locale=_locale(locale))}"


@lru_cache(_KEPT)
def format_month_tick(month: Period, *, locale: str) -> str:
    """A label on a time axis, short: `Sept 26`."""
    return str(format_date(month.start, "LLL yy", locale=_locale(locale)))


def describe_span(grain: Grain) -> str:
    """The word for a grain in a sentence: `quarter`, `year to date`, `12 months`."""
    return {Grain.TWELVE_MONTHS: "12 months"}.get(grain, grain.value.replace("_", " "))


def currency_symbol(currency: str, locale: str) -> str:
    """`€` for EUR in most locales."""
    return str(_locale(locale).currency_symbols.get(currency, currency))


def _currency(value: float, locale: str, currency: str) -> str:
    """Cents below a thousand, whole units below ten thousand, then in the locale's thousands and millions."""
    number = Decimal(str(value))
    if abs(value) < 1_000:
        return format_currency(number, currency, locale=_locale(locale))
    short = ""
    if abs(value) >= 10_000:
        short = format_compact_currency(number, currency, locale=_locale(locale), fraction_digits=1)
    # Some locales have no word for thousands; then the compact form is the bare number, without grouping.
    if any(letter.isalpha() for letter in short.replace(currency, "")):
        return short
    pattern = _locale(locale).currency_formats["standard"].pattern.replace(".00", "")
    whole = number.quantize(Decimal(1))
    return format_currency(whole, currency, format=pattern, locale=_locale(locale), currency_digits=False)


def _shortened(value: float, largest: float, step: float, locale: str, currency: str) -> str:
    """A label in the thousands or millions of the largest: `€0.5M` beside `€1.5M`."""
    thousands = int(math.log(largest, 1_000) + 1e-9)
    word = format_compact_currency(2 * 1_000**thousands, currency, locale=_locale(locale))
    before, _, behind = word.partition("2")
    # Some locales have no word for thousands, or count in ten thousands; then each amount is told by itself.
    told = any(letter.isalpha() for letter in word.replace(currency, ""))
    if not told or any(letter.isdigit() for letter in before + behind):
        return _minus(_currency(value, locale, currency))
    apart = step / 1_000**thousands
    decimals = max(0, -math.floor(math.log10(apart) + 1e-9)) if apart > 0 else 1
    number = Decimal(repr(round(abs(value) / 1_000**thousands, decimals)))
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    label = f"{before}{format_decimal(number, format=pattern, locale=_locale(locale))}{behind}"
    return f"{MINUS}{label}" if value < 0 else label


@cache
def _locale(name: str) -> Locale:
    """A locale by its name, which Babel would read anew for each number."""
    return Locale.parse(name)


def _minus(text: str) -> str:
    """A true minus is as wide as a plus, so signs align; what rounds to zero has no sign."""
    if not text.startswith("-"):
        return text
    return MINUS + text[1:] if any(digit in "123456789" for digit in text) else text[1:]
