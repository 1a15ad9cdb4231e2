"""Revenue at risk from a CSV file through the ledger: every chance by hand, and whether it came true."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from dashboard.board.panels import ExhibitPanel, TrendPanel
from dashboard.board.reading import Reading
from dashboard.board.risk_recording import with_risk
from dashboard.board.view import View
from dashboard.measures.frame import Cell, MeasureFrame
from dashboard.periods import month_of
from tests.board.practices import QUARTER, Company, opened, subscriptions

A_YEAR_AGO, NOW = date(2025, 9, 30), date(2026, 9, 30)
CONSUMERS = replace(QUARTER, slice=("segment",), member=("Consumer",))
FEWEST = 10


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    with opened(tmp_path_factory.mktemp("risk")) as found:
        yield found


def read(company: Company, view: View = QUARTER) -> Reading:
    panel = company.page("risk", view).panels[0]
    assert isinstance(panel, TrendPanel), panel
    return panel.readings[0]


def there(day: date) -> dict[str, dict[str, int]]:
    """Segment -> customer -> monthly margin, of those who are there at the end of a day."""
    found: dict[str, dict[str, int]] = {}
    for started, ended, customer, segment, margin in subscriptions():
        if started <= day and (ended == "" or ended > day):  # type: ignore[operator]
            found.setdefault(str(segment), {})[str(customer)] = int(str(margin))
    return found


def by_hand(day: date, year_ago: date) -> dict[str, float]:
    """What is at risk of each segment; those of fewer than ten have the chance of all."""
    before, now = there(year_ago), there(day)
    lost = {segment: len(members.keys() - now.get(segment, {})) for segment, members in before.items()}
    together = sum(lost.values()) / sum(map(len, before.values()))
    chances = {
        segment: lost[segment] / len(members) if len(members) >= FEWEST else together
        for segment, members in before.items()
    }
    return {segment: 12 * sum(members.values()) * chances[segment] for segment, members in now.items()}


def test_the_revenue_of_a_year_is_weighed_by_the_chance_of_each_segment(company: Company) -> None:
    wanted = by_hand(NOW, A_YEAR_AGO)
    assert len(wanted) == 3
    assert read(company).figure.value == pytest.approx(sum(wanted.values()))
    assert read(company, CONSUMERS).figure.value == pytest.approx(wanted["Consumer"])


def test_every_month_is_told_by_its_own_year(company: Company) -> None:
    told = {point.period.start: point.figure.value for point in read(company).points}
    assert told[date(2026, 3, 1)] == pytest.approx(
        sum(by_hand(date(2026, 3, 31), date(2025, 3, 31)).values())
    )
    assert min(told) == date(2025, 1, 1)  # nobody was there a year before the months before it


def test_it_says_whether_the_chances_of_a_year_ago_were_right(company: Company) -> None:
    everybody = _words("Consumer", "Business", "Wholesale")
    assert read(company).trust == (everybody,)
    assert read(company, CONSUMERS).trust == (_words("Consumer"),)
    assert everybody != _words("Consumer")
    few = replace(QUARTER, slice=("segment",), member=("Wholesale",))
    assert read(company, few).trust == ("a year ago too little was told to judge the chances by",)
    ranking = company.page("risk").panels[1]
    assert isinstance(ranking, ExhibitPanel)
    assert ranking.small_print[-1] == everybody


def _words(*segments: str) -> str:
    """Those lost since a year ago, against the chance that the year before it had made."""
    before, ago, now = there(date(2024, 9, 30)), there(A_YEAR_AGO), there(NOW)
    lost = sum(len(ago[segment].keys() - now[segment]) for segment in segments)
    gone = {segment: len(members.keys() - ago[segment]) for segment, members in before.items()}
    chances = {segment: gone[segment] / len(members) for segment, members in before.items()}
    chances["Wholesale"] = sum(gone.values()) / sum(map(len, before.values()))  # they are fewer than ten
    expected = sum(len(ago[segment]) * chances[segment] for segment in segments)
    assert lost < 0.8 * expected
    return (
        f"the chances were too high: {lost:,} customers were lost where {expected:,.0f} were expected, "
        "in the year after they were told"
    )


def test_chances_that_nobody_told_a_year_ago_are_not_judged(company: Company) -> None:
    early = replace(QUARTER, ending=date(2025, 3, 1))
    assert read(company, early).trust == ("a year ago too little was told to judge the chances by",)


def test_a_group_that_is_recorded_by_those_who_have_chances_is_told_with_them(company: Company) -> None:
    """Two regions, of two segments that differ: each part has the chance of its segment, and all foot."""
    rule = company.catalog.derivations["subscription_revenue"]
    cuts = ((), ("segment",), ("region",), ("region", "segment"))
    bridge = replace(rule, slices=cuts)
    parts = {
        ("North", "Large"): (1000.0, 10, 20, 2),
        ("North", "Small"): (500.0, 50, 60, 30),
        ("South", "Small"): (300.0, 30, 40, 10),
    }
    frame = MeasureFrame(rule.name, tuple(_lines(rule.name, parts)), None, None, 0, ())
    cells = with_risk(bridge, frame).cells[len(frame.cells) :]
    found = {(cell.slice, cell.member): cell.value for cell in cells if cell.measure.endswith(".at_risk")}
    large, small = 12 * 2 / 20, 12 * 40 / 100
    assert found == {
        ((), ()): pytest.approx(1000 * large + 800 * small),
        (("segment",), ("Large",)): pytest.approx(1000 * large),
        (("segment",), ("Small",)): pytest.approx(800 * small),
        (("region",), ("North",)): pytest.approx(1000 * large + 500 * small),
        (("region",), ("South",)): pytest.approx(300 * small),
        (("region", "segment"), ("North", "Large")): pytest.approx(1000 * large),
        (("region", "segment"), ("North", "Small")): pytest.approx(500 * small),
        (("region", "segment"), ("South", "Small")): pytest.approx(300 * small),
    }
    expected = {cell.member: cell.value for cell in cells if cell.measure.endswith(".expected_lost")}
    assert expected["South",] == pytest.approx(30 * 40 / 100)


def test_where_its_slice_is_not_connected_nothing_is_at_risk_in_sight(company: Company) -> None:
    rule = company.catalog.derivations["subscription_revenue"]
    total = MeasureFrame(rule.name, tuple(_lines(rule.name, {(): (1.0, 10, 20, 2)})), None, None, 0, ())
    assert with_risk(rule, total) == total


def _lines(name: str, parts: dict[tuple[str, ...], tuple[float, int, int, int]]) -> Iterator[Cell]:
    """The four lines of a bridge in one month, for every slice that the parts can be summed by."""
    cuts = {(): (), ("region",): (0,), ("segment",): (1,), ("region", "segment"): (0, 1)}
    for cut, places in cuts.items():
        if parts.keys() == {()} and cut:
            continue
        sums: dict[tuple[str, ...], list[float]] = {}
        for member, amounts in parts.items():
            group = sums.setdefault(tuple(member[place] for place in places), [0.0] * 4)
            for place, amount in enumerate(amounts):
                group[place] += amount
        for member, amounts in sums.items():
            for line, amount in zip(
                ("closing", "closing_count", "opening_count", "lost_count"), amounts, strict=True
            ):
                yield Cell(f"{name}.{line}", month_of(NOW), cut, member, amount, None)
