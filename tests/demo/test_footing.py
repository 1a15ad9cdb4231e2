"""The statements of the demo foot to the minor unit: in every span, and for every member of every slice."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import pytest

from dashboard.board.equity import STATEMENT, equity_metric
from dashboard.board.lines import bridge_lines, line_metric
from dashboard.definitions.derivation import EQUITY, Bridge
from dashboard.definitions.model import Metric, Slice
from dashboard.ledger.figures import Status, figure
from dashboard.periods import Grain, Period
from tests.demo.kpis import LAST_DAY, MONTHS, Measured

CENT = 0.005
FALLS = ("lost", "contracted")
GRAINS = (Grain.MONTH, Grain.QUARTER, Grain.YEAR)
BRIDGES = ("revenue_bridge", "recurring_revenue_bridge")
VALUED = "customer_value"
Member = tuple[str, ...]


def spans(found: Measured) -> Iterator[Period]:
    """Every month, fiscal quarter and fiscal year of the data."""
    for grain in GRAINS:
        yield from found.catalog.board.calendar.between(grain, MONTHS[0].start, LAST_DAY)


def groups(found: Measured, derivation: str) -> Iterator[tuple[Slice, Member]]:
    """The whole, and every member of every slice that the statement is shown by."""
    for cut in found.catalog.derivations[derivation].slices:
        if set(cut) <= {"segment", "region"}:
            yield from ((cut, member) for member in (found.book.members(cut) if cut else [()]))


def whole(line: Metric) -> Metric:
    """The line without its n: what is too small to be shown must foot as well."""
    return replace(line, base=None)


def amounts(
    found: Measured, lines: Mapping[str, Metric], span: Period, cut: Slice, member: Member
) -> Mapping[str, float] | None:
    """The lines of a span; None where one of them is not told for all of it."""
    told = {}
    for name, line in lines.items():
        known = figure(found.catalog, found.book, line, span, cut, member)
        if known.value is None or known.status is not Status.OK:
            return None
        told[name] = known.value
    return told


@pytest.mark.parametrize("name", BRIDGES)
def test_every_bridge_foots(small: Measured, name: str) -> None:
    derivation = small.catalog.derivations[name]
    assert isinstance(derivation.rule, Bridge)
    lines = {line: whole(line_metric(derivation, line)) for line in bridge_lines(derivation)}
    compared: dict[tuple[Slice, Member], int] = {}
    for cut, member in groups(small, name):
        for span in spans(small):
            told = amounts(small, lines, span, cut, member)
            if told is None:
                continue
            moved = sum(-told[line] if line in FALLS else told[line] for line in lines if line != "closing")
            assert moved == pytest.approx(told["closing"], abs=CENT), (span, cut, member)
            compared[cut, member] = compared.get((cut, member), 0) + 1
    assert min(compared.values()) >= 48, compared


def test_the_customer_asset_foots(small: Measured) -> None:
    derivation = small.catalog.derivations[VALUED]
    lines = {line: whole(equity_metric(derivation, line)) for line in STATEMENT}
    compared: dict[tuple[Slice, Member], int] = {}
    for cut, member in groups(small, VALUED):
        for span in spans(small):
            told = amounts(small, lines, span, cut, member)
            if told is None:
                continue
            moved = sum(told[line] for line in lines if line != EQUITY)
            assert moved == pytest.approx(told[EQUITY], abs=CENT), (span, cut, member)
            compared[cut, member] = compared.get((cut, member), 0) + 1
    assert min(compared.values()) >= 24, compared
