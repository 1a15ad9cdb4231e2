"""A figure in a chart or a sheet reads as on the screen."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.definitions.load import collect
from dashboard.pack.number_formats import absolute, change_code, tick_code, value_code
from dashboard.units import Unit, format_change, format_value
from tests.pack.company import CONFIGURATION
from tests.pack.number_reading import shown

CATALOG, _ = collect(CONFIGURATION, sources={"exports": ""})
assert CATALOG is not None
BOARD = CATALOG.board
HOW = {"locale": "en_GB", "currency": "EUR"}


@given(st.sampled_from(Unit), st.floats(-9e13, 9e13), st.integers(-2, 14))
def test_every_figure_reads_as_on_the_screen(unit: Unit, mantissa: float, power: int) -> None:
    value = math.copysign(abs(mantissa) % 10, mantissa) * 10.0 ** (power - 3) or 0.0
    told = shown(value, value_code(value, unit, BOARD))
    if not any(sign in "123456789" for sign in told):
        told = told.removeprefix("−")  # what rounds to zero has no sign on the screen
    assert told == format_value(value, unit, **HOW)


@pytest.mark.parametrize("value", [0.0, 1.0, -1.0, 1234.5, -98_765.4, 3_200_000.0, -15_600.0])
@pytest.mark.parametrize("unit", [Unit.CURRENCY, Unit.COUNT])
def test_an_amount_that_is_added_has_its_sign(value: float, unit: Unit) -> None:
    assert shown(abs(value), change_code(value, unit, BOARD)) == format_change(value, unit, **HOW)


def test_ticks_have_as_few_decimals_as_tell_them_apart() -> None:
    assert shown(0.0, tick_code(2e7, 5e6, Unit.CURRENCY, BOARD)) == "€0"
    assert shown(5e5, tick_code(1e6, 5e5, Unit.CURRENCY, BOARD)) == "€0.5M"
    assert shown(1e6, tick_code(1e6, 5e5, Unit.CURRENCY, BOARD)) == "€1.0M"
    assert shown(0.25, tick_code(1.0, 0.25, Unit.PERCENT, BOARD)) == "25%"
    assert shown(0.025, tick_code(0.05, 0.005, Unit.PERCENT, BOARD)) == "2.5%"
    assert shown(-20.0, tick_code(60.0, 20.0, Unit.POINTS, BOARD)) == "−20"


def test_bars_to_the_left_have_no_sign() -> None:
    assert shown(-0.464, absolute(value_code(0.464, Unit.PERCENT, BOARD))) == "46.4%"


@pytest.mark.parametrize(
    ("locale", "currency", "code"),
    [("de_DE", "EUR", '#,##0.0,,"\xa0Mio.\xa0€"'), ("en_US", "USD", '"$"#,##0.0,,"M"')],
)
def test_the_words_for_millions_are_those_of_the_locale(locale: str, currency: str, code: str) -> None:
    board = replace(BOARD, locale=locale, currency=currency)
    assert value_code(3_200_000.0, Unit.CURRENCY, board) == f'{code};"−"{code}'
