"""Exhibits by member, from a CSV file through the ledger: what they say, show, hide and list."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from dashboard.board.assembly import assemble
from dashboard.board.drawings import Butterfly, DotPlot, Dumbbell, Gap, Matrix, Pareto, Role, Share, Waterfall
from dashboard.board.gap_exhibits import gap_sentence
from dashboard.board.member_exhibits import pareto_sentence
from dashboard.board.panels import BoardPage, ExhibitPanel, FailedPanel, LockedPanel
from dashboard.board.view import View, member_text
from dashboard.connections import readers
from dashboard.deployment import load
from dashboard.ledger.refresh import refresh
from dashboard.ledger.scope import EVERYTHING
from dashboard.ledger.store import Ledger
from dashboard.periods import Grain

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "exhibits"
NOW = datetime(2026, 10, 15, 8, tzinfo=UTC)
QUARTER = View(Grain.QUARTER, date(2026, 9, 1))

# Region -> segment -> promoters, passives, detractors. The East is too small to be shown, and the Centre, the
# next smallest, is kept back with it, lest the whole less the others be the East.
ANSWERS = {
    "North": {"Consumer": (300, 60, 40), "Business": (50, 30, 20)},
    "South": {"Consumer": (60, 60, 280), "Business": (20, 30, 50)},
    "West": {"Consumer": (100, 60, 60), "Business": (40, 40, 30)},
    "East": {"Consumer": (3, 1, 1), "Business": (1, 1, 0)},
    "Centre": {"Consumer": (18, 10, 14), "Business": (10, 7, 10)},
    "": {"Consumer": (20, 20, 30), "Business": (10, 10, 10)},
}


def purchases() -> Iterator[tuple[str, str, str, float]]:
    """Customers who are steady, lost, buy less or more, come back after two years, or are new.

    Each buys once a year, in August; the twelve months to September 2026 are compared with those before.
    """
    kinds = {
        "steady": (100, 100, 100, 100),
        "lost": (100, 100, 100, 0),
        "less": (100, 100, 100, 60),
        "more": (100, 100, 100, 150),
        "back": (100, 0, 0, 80),
        "new": (0, 0, 0, 50),
    }
    for segment, many in (("Consumer", 12), ("Business", 15)):
        for kind, amounts in kinds.items():
            for n in range(many):
                for year, amount in zip((2023, 2024, 2025, 2026), amounts, strict=True):
                    if amount:
                        yield f"{year}-08-15", f"{segment}-{kind}-{n}", segment, amount
    yield "2026-10-05", "Consumer-steady-0", "Consumer", 1.0


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BoardPage]:
    home = tmp_path_factory.mktemp("exhibits")
    with (home / "answers.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["answered_at", "region", "segment", "score"])
        for region, segments in ANSWERS.items():
            for segment, counts in segments.items():
                for score, count in zip((10, 8, 2), counts, strict=True):
                    for n in range(count):
                        writer.writerow([f"2026-{7 + n % 3:02d}-15", region, segment, score])
        writer.writerow(["2026-10-05", "North", "Consumer", 9])
    with (home / "purchases.csv").open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["bought_at", "customer", "segment", "amount"])
        writer.writerows(purchases())
    environ = {"EXPORTS_DIR": str(home), "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}"}
    deployment = load(CONFIGURATION, environ)
    with Ledger(deployment.ledger_url) as ledger, readers(deployment) as found:
        report = refresh(deployment.catalog, found, ledger, now=lambda: NOW, author="test")
        assert not report.failures
        catalog = deployment.catalog
        yield assemble(catalog, ledger, catalog.page("overview"), QUARTER, scope=EVERYTHING, today=NOW.date())


def exhibit(page: BoardPage, place: int) -> ExhibitPanel:
    panel = page.panels[place]
    assert isinstance(panel, ExhibitPanel), panel
    return panel


def test_a_ranking_names_only_those_that_chance_does_not_explain(page: BoardPage) -> None:
    panel = exhibit(page, 0)
    assert panel.sentence == "Net Promoter Score: above the whole for North and West, below it for South."
    assert isinstance(panel.drawing, DotPlot)
    assert [dot.label for dot in panel.drawing.dots] == ["North", "West", "(unknown)", "South"]
    assert panel.drawing.dots[0].text == "58.0"  # (350 - 60) / 500
    assert panel.drawing.dots[0].n_text == "500"
    assert panel.small_print == ("2 are not shown, to protect groups of fewer than 10",)


def test_a_hidden_group_is_in_no_number_of_the_table(page: BoardPage) -> None:
    rows = {row[0].text: row for row in exhibit(page, 0).sheet.rows}
    for hidden in ("East", "Centre"):
        assert rows[hidden][1].text == "not shown"
        assert all(field.value is None for field in rows[hidden][1:])


def test_a_pareto_tells_the_few_and_keeps_the_unknown_in_sight(page: BoardPage) -> None:
    panel = exhibit(page, 1)
    assert isinstance(panel.drawing, Pareto)
    assert [share.label for share in panel.drawing.shares] == ["South", "West", "North", "(unknown)"]
    assert panel.drawing.shares[-1].rest
    assert panel.drawing.shares[-1].cumulative == pytest.approx(1)
    assert panel.sentence == "South and West make 80.8% of complaints."


def test_of_many_causes_the_largest_are_named_and_the_rest_counted() -> None:
    shares = [Share(f"P-{n}", 1.0, "1", n / 10, f"{10 * n}.0%") for n in range(1, 11)]
    assert pareto_sentence("blocks", shares) == "P-1, P-2, P-3 and 5 more make 80.0% of blocks."
    assert pareto_sentence("blocks", shares[:4]) == "P-1, P-2, P-3 and P-4 make 40.0% of blocks."
    assert pareto_sentence("blocks", []) == "No blocks in this period."
    long = [
        replace(share, label=f"{share.label} No credit above 50 euro without a manager") for share in shares
    ]
    assert pareto_sentence("blocks", long) == (
        "8 of 10 make 80.0% of blocks, above all P-1 No credit above 50 euro without a manager."
    )


def test_a_matrix_has_a_field_for_each_pair(page: BoardPage) -> None:
    panel = exhibit(page, 2)
    assert isinstance(panel.drawing, Matrix)
    assert panel.drawing.row_name == "Region"
    shown = {(cell.row, cell.column): cell.text for cell in panel.drawing.cells}
    assert shown["North", "Consumer"] == "65.0"
    assert shown["East", "Business"] == shown["Centre", "Business"] == "not shown"
    assert panel.sentence == "Net Promoter Score: highest for North · Consumer, 65.0."


def test_gaps_begin_with_the_widest(page: BoardPage) -> None:
    panel = exhibit(page, 3)
    assert isinstance(panel.drawing, Dumbbell)
    assert panel.drawing.gaps[0].label == "North"
    assert panel.drawing.gaps[0].gap_text == "+58.0 points"
    assert panel.sentence == "Promoters and detractors lie furthest apart on North: 70.0% against 12.0%."
    assert isinstance(exhibit(page, 4).drawing, Butterfly)


def test_one_item_alone_lies_furthest_from_nothing() -> None:
    gap = Gap("We know what they need", 0.61, "61.0%", 0.22, "22.0%", "+39.0 points")
    assert (
        gap_sentence("Managers", "Customers", [gap])
        == "We know what they need: Managers 61.0%, Customers 22.0%."
    )
    assert gap_sentence("Managers", "Customers", []) == (
        "Managers and Customers cannot be compared for this period."
    )


def test_bullets_count_who_reached_the_plan(page: BoardPage) -> None:
    assert exhibit(page, 5).sentence == "Promoters reached detractors in 2 of 4."


def test_a_note_stands_as_it_was_written(page: BoardPage) -> None:
    assert exhibit(page, 6).notices == ("Read the regions with care.",)


def test_a_bridge_foots_and_says_what_left_and_what_came(page: BoardPage) -> None:
    panel = exhibit(page, 8)
    assert isinstance(panel.drawing, Waterfall)
    steps = {step.label: step for step in panel.drawing.steps}
    many = 12 + 15
    assert steps["Opening"].end == many * 400
    assert steps["Closing"].end == many * (100 + 60 + 150 + 80 + 50)
    assert {label: step.text for label, step in steps.items() if step.role is not Role.TOTAL} == {
        "Lost": "−€2,700",
        "Contracted": "−€1,080",
        "Expanded": "+€1,350",
        "Won back": "+€2,160",
        "New": "+€1,350",
    }
    assert panel.sentence == (
        "Revenue bridge: €10.8K became €11.9K; customers who left or bought less took €3,780, "
        "others brought €4,860."
    )


def test_a_statement_has_the_spans_side_by_side(page: BoardPage) -> None:
    sheet = exhibit(page, 9).sheet
    assert [column.name for column in sheet.columns] == [
        "Line",
        "Jul–Sept 2025",
        "Oct–Dec 2025",
        "Jan–Mar 2026",
        "Apr–Jun 2026",
        "Jul–Sept 2026",
    ]
    assert exhibit(page, 9).small_print == ("amounts in €; files hold them in full",)
    assert sheet.rows[0][5].text == "10,800.00"
    by_line = {row[0].text: [field.value for field in row[1:]] for row in sheet.rows}
    assert by_line["Lost"][-1] == -27 * 100
    for column in range(len(sheet.columns) - 1):
        moved = sum(values[column] for line, values in by_line.items() if line not in ("Opening", "Closing"))
        assert by_line["Opening"][column] + moved == pytest.approx(by_line["Closing"][column])


def test_figures_of_two_units_are_not_put_on_one_scale(page: BoardPage) -> None:
    panel = page.panels[7]
    assert isinstance(panel, FailedPanel)
    assert panel.message == (
        "Promoters is in percent and Complaints in count: they have no scale in common. "
        "Compare metrics of one unit."
    )


def test_the_table_of_every_exhibit_is_a_csv(page: BoardPage) -> None:
    content = exhibit(page, 2).sheet.csv_bytes().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    north = next(row for row in rows if (row["Region"], row["Segment"]) == ("North", "Consumer"))
    assert float(north["Net Promoter Score"]) == pytest.approx(65)
    hidden = next(row for row in rows if (row["Region"], row["Segment"]) == ("East", "Business"))
    assert hidden["Net Promoter Score"] == ""


def test_nothing_measured_is_locked_and_names_what_would_unlock(tmp_path: Path) -> None:
    environ = {"EXPORTS_DIR": str(tmp_path), "BOARDSEAT_LEDGER": f"sqlite:///{tmp_path / 'ledger.sqlite'}"}
    deployment = load(CONFIGURATION, environ)
    catalog = deployment.catalog
    with Ledger(deployment.ledger_url) as ledger:
        made = assemble(
            catalog, ledger, catalog.page("overview"), QUARTER, scope=EVERYTHING, today=NOW.date()
        )
    locked = [panel for panel in made.panels if isinstance(panel, LockedPanel)]
    assert len(locked) == 10
    assert {panel.datasets for panel in locked} == {("answers",), ("revenue_bridge",)}


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("self_service", "Self service"),
        ("billing", "Billing"),
        ("how to", "How to"),
        ("Small business", "Small business"),
        ("IT_Ops", "IT_Ops"),
        ("=cmd()", "=cmd()"),
        ("(unknown)", "(unknown)"),
        ("", ""),
    ],
)
def test_codes_are_shown_as_words_and_names_as_they_are(name: str, shown: str) -> None:
    assert member_text(name) == shown
