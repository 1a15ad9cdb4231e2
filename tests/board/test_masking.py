"""One mask for page, table, file and query; what two places show together gives no small group away."""

import ast
import csv
import io
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from dashboard.board.assembly import assemble
from dashboard.board.masking import read_masked
from dashboard.board.panels import TrendPanel
from dashboard.board.table import csv_bytes, table
from dashboard.commands.asking import Question, answers
from dashboard.definitions.model import Catalog, Metric
from dashboard.ledger.figures import Figure, Status, figure
from dashboard.ledger.scope import EVERYTHING, Scope
from dashboard.ledger.store import Ledger
from dashboard.measures.frame import Cell
from dashboard.periods import FiscalCalendar, Grain, Period, add_months, month_of
from tests.board import company
from tests.ledger.company import load_company, metric
from tests.ledger.frames import cell, company_read, record

ROOT = Path(__file__).parents[2]
CALENDAR = FiscalCalendar(4)
FIRST, MONTHS = date(2025, 4, 1), 15
SEGMENTS, REGIONS = ("Home", "Office", "Shop"), ("North", "South")
SLICES = ((), ("segment",), ("region",), ("segment", "region"))


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    return load_company(tmp_path_factory.mktemp("shop"))


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened:
        yield opened


Counts = Mapping[tuple[str, str], list[int]]  # answers by month, of a segment in a region


def usual() -> dict[tuple[str, str], list[int]]:
    rng = np.random.default_rng(11)
    means = dict(zip(product(SEGMENTS, REGIONS), (60, 40, 30, 50, 12, 45), strict=True))
    return {pair: rng.poisson(mean, MONTHS).tolist() for pair, mean in means.items()}


def cells(counts: Counts) -> Iterator[Cell]:
    for month in range(MONTHS):
        period = month_of(add_months(FIRST, month))
        for by, names in ((cut, members(cut)) for cut in SLICES):
            for member in names:
                n = sum(all_[month] for pair, all_ in counts.items() if within(pair, by, member))
                for measure, share in (("answers", 1.0), ("promoters", 0.5), ("detractors", 0.25)):
                    yield cell(f"survey.{measure}", period, float(round(n * share)), n, by=by, member=member)


def members(cut: tuple[str, ...]) -> list[tuple[str, ...]]:
    return list(product(*({"segment": SEGMENTS, "region": REGIONS}[name] for name in cut)))


def within(pair: tuple[str, str], by: tuple[str, ...], member: tuple[str, ...]) -> bool:
    place = dict(zip(("segment", "region"), pair, strict=True))
    return all(place[name] == value for name, value in zip(by, member, strict=True))


def fill(shop: Catalog, ledger: Ledger, counts: Counts) -> None:
    record(ledger, company_read(shop, *cells(counts), until=add_months(FIRST, MONTHS)))


def windows() -> list[Period]:
    last = add_months(FIRST, MONTHS - 1)
    return [period for grain in Grain for period in CALENDAR.between(grain, FIRST, last)]


def test_nothing_small_follows_from_all_that_page_and_query_show(shop: Catalog, ledger: Ledger) -> None:
    counts = usual()
    fill(shop, ledger, counts)
    book = read_masked(shop, ledger, [shop.metric("nps")], SLICES, scope=EVERYTHING)
    shown, small = [], []
    for cut in SLICES:
        for member in members(cut):
            for period in windows():
                found = figure(shop, book, shop.metric("nps"), period, cut, member)
                row = made_of(counts, cut, member, period)
                n = float(row @ np.array([each for all_ in counts.values() for each in all_]))
                if found.n is not None:
                    assert found.n == n
                    shown.append(row)
                if 0 < n < 10:
                    assert found.status is Status.SUPPRESSED
                    small.append((cut, member, period, row))
    assert small
    assert len(shown) > len(windows()) * 4
    _, sizes, vectors = np.linalg.svd(np.array(shown), full_matrices=False)
    spanned = vectors[sizes > 1e-9]
    for cut, member, period, row in small:
        rest = row - spanned.T @ (spanned @ row)
        assert np.linalg.norm(rest) > 1e-6, (cut, member, period)


def made_of(counts: Counts, cut: tuple[str, ...], member: tuple[str, ...], period: Period) -> np.ndarray:
    inside = [period.start <= add_months(FIRST, month) < period.end for month in range(MONTHS)]
    rows = [np.array(inside, float) if within(pair, cut, member) else np.zeros(MONTHS) for pair in counts]
    return np.concatenate(rows)


def test_the_mask_does_not_depend_on_what_is_asked(shop: Catalog, ledger: Ledger) -> None:
    fill(shop, ledger, usual())
    nps = shop.metric("nps")
    wide = read_masked(shop, ledger, [nps, shop.metric("revenue")], SLICES, scope=EVERYTHING)
    for cut in SLICES:
        narrow = read_masked(shop, ledger, [nps], [cut], scope=EVERYTHING)
        for member, period in product(members(cut), windows()):
            assert figure(shop, narrow, nps, period, cut, member) == figure(
                shop, wide, nps, period, cut, member
            )


def test_what_one_page_has_worked_out_another_uses_as_it_is(
    shop: Catalog, ledger: Ledger, tmp_path: Path
) -> None:
    fill(shop, ledger, usual())
    nps, revenue, answers_ = shop.metric("nps"), shop.metric("revenue"), counting(shop, "survey.answers")
    pages = ([nps], [revenue], [answers_, nps, revenue])
    for page in pages:
        with Ledger(f"sqlite:///{tmp_path / 'ledger.sqlite'}") as opened_anew:
            alone = read_masked(shop, opened_anew, page, SLICES, scope=EVERYTHING).mask
        assert read_masked(shop, ledger, page, SLICES, scope=EVERYTHING).mask == alone


def test_one_small_cell_keeps_back_its_row_its_column_and_its_quarter(shop: Catalog, ledger: Ledger) -> None:
    counts = {pair: [40 + 10 * place] * MONTHS for place, pair in enumerate(product(SEGMENTS, REGIONS))}
    counts["Home", "North"][1] = 4
    fill(shop, ledger, counts)
    book = read_masked(shop, ledger, [shop.metric("nps")], SLICES, scope=EVERYTHING)

    def status(cut: tuple[str, ...], member: tuple[str, ...], period: Period) -> Status:
        return figure(shop, book, shop.metric("nps"), period, cut, member).status

    both = ("segment", "region")
    april, may, june = (month_of(add_months(FIRST, month)) for month in range(3))
    hidden = {member for member in members(both) if status(both, member, may) is Status.SUPPRESSED}
    assert hidden == set(product(("Home", "Office"), REGIONS))
    assert {member for member in members(both) if status(both, member, june) is Status.SUPPRESSED} == hidden
    assert status(both, ("Home", "North"), april) is Status.OK
    spring = CALENDAR.containing(Grain.QUARTER, FIRST)
    assert all(status(both, member, spring) is Status.OK for member in members(both))
    until_may = CALENDAR.containing(Grain.YEAR_TO_DATE, may.start)
    assert status(both, ("Home", "North"), until_may) is Status.SUPPRESSED
    assert all(status(cut, member, may) is Status.OK for cut in SLICES[:3] for member in members(cut))


def test_what_is_kept_back_tells_neither_its_size_nor_why(shop: Catalog, ledger: Ledger) -> None:
    counts = {pair: [40] * MONTHS for pair in product(SEGMENTS, REGIONS)}
    counts["Home", "North"] = [2] * MONTHS
    fill(shop, ledger, counts)
    book = read_masked(shop, ledger, [shop.metric("nps")], SLICES, scope=EVERYTHING)
    may, cut = month_of(date(2025, 5, 1)), ("segment", "region")
    reason = "Not shown, to protect groups of fewer than 10."
    expected = Figure(may, None, None, Status.SUPPRESSED, reason)
    small, partner = (
        figure(shop, book, shop.metric("nps"), may, cut, (name, "North")) for name in ("Home", "Office")
    )
    assert small == partner == expected


def test_a_count_of_people_is_kept_back_like_what_rests_on_it(shop: Catalog, ledger: Ledger) -> None:
    counts = {pair: [40] * MONTHS for pair in product(SEGMENTS, REGIONS)}
    counts["Home", "North"] = counts["Home", "South"] = [3] * MONTHS
    fill(shop, ledger, counts)
    count = counting(shop, "survey.answers")
    book = read_masked(shop, ledger, [count, shop.metric("nps")], SLICES, scope=EVERYTHING)
    may = month_of(date(2025, 5, 1))
    for cut in SLICES:
        for member in members(cut):
            statuses = {
                figure(shop, book, each, may, cut, member).status for each in (count, shop.metric("nps"))
            }
            assert len(statuses) == 1
    for measure in ("survey.score", "survey.middle"):  # a lone average speaks of its rows
        assert read_masked(shop, ledger, [counting(shop, measure)], SLICES, scope=EVERYTHING).mask is not None


def counting(shop: Catalog, formula: str) -> Metric:
    from dashboard.definitions.model import Side
    from dashboard.units import Unit

    return metric(shop, formula, side=Side.CUSTOMER, unit=Unit.COUNT)


def test_money_without_people_is_not_kept_back(shop: Catalog, ledger: Ledger) -> None:
    paid = [
        cell("accounts.revenue", month_of(FIRST), value, 1, by=by, member=member)
        for value, by, member in (
            (90.0, (), ()),
            (5.0, ("segment",), ("Home",)),
            (85.0, ("segment",), ("Shop",)),
        )
    ]
    record(ledger, company_read(shop, *paid, until=date(2025, 5, 1)))
    book = read_masked(shop, ledger, [shop.metric("revenue")], [("segment",)], scope=EVERYTHING)
    found = figure(shop, book, shop.metric("revenue"), month_of(FIRST), ("segment",), ("Home",))
    assert (found.value, found.status) == (5.0, Status.OK)


def test_a_viewer_of_one_region_has_the_mask_of_what_he_sees(shop: Catalog, ledger: Ledger) -> None:
    counts = {pair: [40] * MONTHS for pair in product(SEGMENTS, REGIONS)}
    counts["Home", "North"] = [3] * MONTHS
    fill(shop, ledger, counts)
    may, nps = month_of(date(2025, 5, 1)), shop.metric("nps")
    for region, kept_back in (("North", 2), ("South", 0)):
        scope = Scope((("region", frozenset({region})),))
        book = read_masked(shop, ledger, [nps], [("segment",)], scope=scope)
        found = [figure(shop, book, nps, may, ("segment",), (name,)) for name in SEGMENTS]
        assert sum(each.status is Status.SUPPRESSED for each in found) == kept_back


def test_an_empty_ledger_has_an_empty_mask(shop: Catalog, ledger: Ledger) -> None:
    book = read_masked(shop, ledger, [shop.metric("nps")], SLICES, scope=EVERYTHING)
    assert book.mask is not None
    assert not book.mask.hides("nps", (), (), 0, 12)


def test_page_table_file_and_query_keep_back_the_same(ledger: Ledger) -> None:
    found = company.catalog()
    answers_of = {
        "Consumer": company.steady(400, 160, 80),
        "Tiny": lambda month: (30, 20, 5) if month % 7 else (6, 4, 1),
        "Enterprise": company.steady(60, 30, 9),
    }
    company.record(
        ledger, found, [company.frame("survey", list(company.survey(answers_of, 36)), date(2026, 10, 1))]
    )
    page = assemble(
        found, ledger, found.page("overview"), company.LATEST, scope=EVERYTHING, today=company.TODAY
    )
    trend = page.panels[1]
    assert isinstance(trend, TrendPanel)
    on_page = {(row.group, row.period): row.value for row in table(trend)}
    asked = Question(
        (found.metric("net_promoter_score"),), ("segment",), Grain.MONTH, date(2024, 10, 1), None, None
    )
    by_query = {
        (answer.member[0], answer.figure.period.start.isoformat()): answer.figure.value
        for answer in answers(found, ledger, asked)
    }
    in_file = {
        (row["group"], row["period"]): float(row["value"]) if row["value"] else None
        for row in csv.DictReader(io.StringIO(csv_bytes(trend).decode("utf-8-sig")))
    }
    assert on_page == in_file == by_query
    gone = {
        name: sum(value is None for (group, _), value in on_page.items() if group == name)
        for name in answers_of
    }
    assert gone["Consumer"] == 0
    assert gone["Tiny"] == gone["Enterprise"] > 3  # its smallest neighbour protects it
    drawn = dict(zip(trend.labels, trend.readings, strict=True))
    for label, reading in drawn.items():
        assert [point.figure.value for point in reading.points] == [
            value for (group, _), value in on_page.items() if group == label
        ]


def test_figures_are_read_with_the_mask_everywhere() -> None:
    """Whoever reads the ledger for a reader's eyes reads through the mask."""
    unmasked = {"dashboard/ledger", "dashboard/board/masking.py"}
    told = []
    for path in sorted((ROOT / "dashboard").rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        if any(name.startswith(each) for each in unmasked):
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        reads = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        unguarded = "read_metrics" in calls or any(call.endswith("ledger.book") for call in calls)
        if unguarded and {"figure", "parts", "read_metric"} & reads:
            told.append(name)
    assert told == [], "Read with dashboard.board.masking.read_masked."
