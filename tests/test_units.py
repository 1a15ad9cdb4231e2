"""The one formatter: what people read for every unit and locale."""

import math
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.periods import FiscalCalendar, Grain
from dashboard.units import (
    MoneyScale,
    Unit,
    axis_unit,
    describe_scale,
    format_amount,
    format_change,
    format_count,
    format_day,
    format_period,
    format_tick,
    format_value,
    money_scale,
)

BRITISH = {"locale": "en_GB", "currency": "EUR"}
GERMAN = {"locale": "de_DE", "currency": "EUR"}


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (0.0312, Unit.PERCENT, "3.1%"),
        (-0.0312, Unit.PERCENT, "−3.1%"),
        (0.00842, Unit.PERCENT, "0.84%"),
        (0.0, Unit.PERCENT, "0.0%"),
        (41_300_000.0, Unit.CURRENCY, "€41.3M"),
        (41_300.0, Unit.CURRENCY, "€41.3K"),
        (4_130.4, Unit.CURRENCY, "€4,130"),
        (5.9, Unit.CURRENCY, "€5.90"),
        (-5.9, Unit.CURRENCY, "−€5.90"),
        (2114.0, Unit.COUNT, "2,114"),
        (3.0, Unit.ITEMS, "3"),
        (38.21, Unit.POINTS, "38.2"),
        (7.84, Unit.PER_THOUSAND, "7.8"),
        (0.6, Unit.RATIO, "0.60"),
        (3.25, Unit.DAYS, "3.2 days"),
        (0.0, Unit.COUNT, "0"),
        (None, Unit.COUNT, "n/a"),
        (math.nan, Unit.PERCENT, "n/a"),
        (math.inf, Unit.CURRENCY, "n/a"),
    ],
)
def test_figures_as_a_british_board_reads_them(value: float | None, unit: Unit, shown: str) -> None:
    assert format_value(value, unit, **BRITISH) == shown


def test_a_german_board_reads_commas_and_grouped_thousands() -> None:
    assert format_value(0.0312, Unit.PERCENT, **GERMAN).replace("\xa0", " ") == "3,1%"
    assert format_value(123_456.0, Unit.CURRENCY, **GERMAN).replace("\xa0", " ") == "123.456 €"
    assert format_value(41_300_000.0, Unit.CURRENCY, **GERMAN).replace("\xa0", " ") == "41,3 Mio. €"


@pytest.mark.parametrize(
    ("change", "unit", "shown"),
    [
        (0.004, Unit.PERCENT, "+0.4 points"),
        (-0.0004, Unit.PERCENT, "±0.0 points"),
        (-2_000_000.0, Unit.CURRENCY, "−€2M"),
        (6.1, Unit.POINTS, "+6.1 points"),
        (-0.7, Unit.CURRENCY, "−€0.70"),
        (None, Unit.COUNT, "n/a"),
    ],
)
def test_a_change_carries_its_sign_and_percentages_differ_by_points(
    change: float | None, unit: Unit, shown: str
) -> None:
    assert format_change(change, unit, **BRITISH) == shown


@given(st.floats(allow_nan=True, allow_infinity=True), st.sampled_from(list(Unit)))
def test_any_float_has_a_text_and_none_reads_nan(value: float, unit: Unit) -> None:
    shown = format_value(value, unit, **BRITISH)
    assert shown
    assert "nan" not in shown.lower()
    assert "inf" not in shown.lower()


def test_tick_labels_have_as_few_decimals_as_tell_them_apart() -> None:
    assert [format_tick(v, 0.002, Unit.PERCENT, **BRITISH) for v in (0.03, 0.032)] == ["3.0%", "3.2%"]
    assert [format_tick(v, 0.05, Unit.PERCENT, **BRITISH) for v in (0.0, 0.05)] == ["0%", "5%"]
    assert [format_tick(v, 0.5, Unit.CURRENCY, **BRITISH) for v in (5.5, 6.0)] == ["€5.50", "€6.00"]
    assert format_tick(6.0, 1.0, Unit.CURRENCY, **BRITISH) == "€6"
    assert format_tick(2_000_000.0, 500_000.0, Unit.CURRENCY, **BRITISH) == "€2.0M"
    assert format_tick(-5.0, 5.0, Unit.POINTS, **BRITISH) == "−5"


def test_amounts_on_an_axis_are_shortened_alike() -> None:
    def axis(*values: float, **how: str) -> list[str]:
        step, largest = values[1] - values[0], max(map(abs, values))
        return [format_tick(value, step, Unit.CURRENCY, largest=largest, **how) for value in values]  # type: ignore[arg-type]

    assert axis(4e3, 6e3, 8e3, 1e4, **BRITISH) == ["€4K", "€6K", "€8K", "€10K"]
    assert axis(-5e5, 0.0, 5e5, 1e6, **BRITISH) == ["−€0.5M", "€0", "€0.5M", "€1.0M"]
    assert axis(0.0, 5e5, 1e6, **GERMAN) == ["0\xa0€", "0,5\xa0Mio.\xa0€", "1,0\xa0Mio.\xa0€"]
    assert axis(2e3, 4e3, **BRITISH) == ["€2,000", "€4,000"]


def test_where_amounts_are_counted_in_ten_thousands_each_is_told_by_itself() -> None:
    how = {"locale": "ja_JP", "currency": "JPY"}
    assert format_tick(5e5, 5e5, Unit.CURRENCY, largest=1.5e6, **how) == "￥50万"  # type: ignore[arg-type]


@given(st.integers(-40, 40), st.sampled_from([2e3, 5e4, 5e5, 1e6, 2e8]))
def test_a_shortened_label_says_the_amount(times: int, step: float) -> None:
    value = times * step
    label = format_tick(value, step, Unit.CURRENCY, largest=40 * step, **BRITISH)  # type: ignore[arg-type]
    number = float(label.strip("−€KMB").replace(",", ""))
    scale = {"K": 1e3, "M": 1e6, "B": 1e9}.get(label[-1], 1.0)
    assert number * scale == pytest.approx(abs(value))
    assert label.startswith("−") == (value < 0)


def test_periods_are_named_by_their_months() -> None:
    calendar = FiscalCalendar(4)
    named = [format_period(calendar.containing(grain, date(2026, 9, 30)), locale="en_GB") for grain in Grain]
    assert named == ["Sept 2026", "Jul–Sept 2026", "Apr 2026–Mar 2027", "Apr–Sept 2026", "Oct 2025–Sept 2026"]
    assert format_day(date(2026, 9, 30), locale="en_GB") == "30 September 2026"
    assert format_count(2114.0, locale="en_GB") == "2,114"
    assert format_count(None, locale="en_GB") == "n/a"


@pytest.mark.parametrize(
    ("amounts", "scale", "written", "named"),
    [
        ((812.5, -3.0, None), MoneyScale.UNITS, ("812.50", "−3.00", "n/a"), "€"),
        ((3_481_234.56, 8_169.0, -0.4), MoneyScale.THOUSANDS, ("3,481.2", "8.2", "0.0"), "€ thousand"),
        ((999_999_999.0,), MoneyScale.THOUSANDS, ("1,000,000.0",), "€ thousand"),
        ((1.45e9, 14_400.0), MoneyScale.MILLIONS, ("1,450.00", "0.01"), "€ million"),
        ((None,), MoneyScale.UNITS, ("n/a",), "€"),
    ],
)
def test_the_amounts_of_a_statement_are_on_one_scale(
    amounts: tuple[float | None, ...], scale: MoneyScale, written: tuple[str, ...], named: str
) -> None:
    assert money_scale(amounts) is scale
    assert tuple(format_amount(each, scale, locale="en_GB") for each in amounts) == written
    assert describe_scale(scale, **BRITISH) == named


def test_an_axis_names_its_unit_where_its_labels_do_not() -> None:
    assert {unit: axis_unit(unit) for unit in Unit if axis_unit(unit) is None} == {
        Unit.PERCENT: None,
        Unit.CURRENCY: None,
    }
    assert axis_unit(Unit.PER_THOUSAND) == "per 1,000"
