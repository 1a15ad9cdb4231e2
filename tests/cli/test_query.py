import json
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from dashboard.ledger.store import Ledger
from tests.cli.conftest import Ask
from tests.cli.shop import fill, open_shop
from tests.engines import Database

ROOT = Path(__file__).parents[2]


def test_csv_by_month(boardseat: Ask, shop: Path) -> None:
    result = boardseat("query", "revenue", "return_rate", "--config", shop, "--format", "csv")
    assert result.stdout == (
        "metric,period,value,n,status\n"
        "revenue,2024-07-01,210.0,,ok\n"
        "revenue,2024-08-01,180.5,,ok\n"
        "revenue,2024-09-01,125.0,,ok\n"
        "return_rate,2024-07-01,0.166666666667,6,ok\n"
        "return_rate,2024-08-01,0.4,5,ok\n"
        "return_rate,2024-09-01,0.166666666667,6,ok\n"
    )
    assert result.exit_code == 0


def test_a_gap_is_missing_and_a_month_that_the_data_has_not_passed_is_open(
    boardseat: Ask, shop: Path
) -> None:
    result = boardseat("query", "net_promoter_score", "--config", shop, "--format", "csv")
    assert result.stdout.splitlines()[1:] == [
        "net_promoter_score,2024-07-01,40.0,5,ok",
        "net_promoter_score,2024-08-01,,,missing",
        "net_promoter_score,2024-09-01,16.6666666667,6,open",
    ]


def test_json_has_the_same_rows(boardseat: Ask, shop: Path) -> None:
    result = boardseat("query", "net_promoter_score", "--config", shop, "--format", "json")
    assert json.loads(result.stdout)[1:] == [
        {
            "metric": "net_promoter_score",
            "period": "2024-08-01",
            "value": None,
            "n": None,
            "status": "missing",
        },
        {
            "metric": "net_promoter_score",
            "period": "2024-09-01",
            "value": 16.6666666667,
            "n": 6,
            "status": "open",
        },
    ]


KEPT_BACK = "suppressed: Not shown, to protect groups of fewer than 5."


def test_table_is_aligned_and_says_why(boardseat: Ask, shop: Path) -> None:
    result = boardseat("query", "return_rate", "--by", "segment", "--config", shop, "--from", "2024-09")
    assert result.stdout == (
        "metric       period     segment   value  n  status\n"
        f"return_rate  Sept 2024  Business    n/a     {KEPT_BACK}\n"
        f"return_rate  Sept 2024  Home        n/a     {KEPT_BACK}\n"
    )


def test_quarters_are_fiscal(boardseat: Ask, shop: Path) -> None:
    asked = ("query", "revenue", "--config", shop, "--format", "csv", "--grain", "quarter")
    assert boardseat(*asked).stdout.splitlines()[1:] == ["revenue,2024-07-01,515.5,,ok"]
    assert boardseat(*asked, "--from", "2024-Q2", "--to", "2024-Q2").stdout == boardseat(*asked).stdout


def test_a_text_that_could_begin_a_formula_is_escaped_in_csv_alone(boardseat: Ask, shop: Path) -> None:
    asked = ("query", "revenue", "--by", "channel", "--config", shop, "--to", "2024-07")
    assert boardseat(*asked, "--format", "csv").stdout.splitlines()[1:] == [
        "revenue,2024-07-01,'@counter,80.0,,ok",
        "revenue,2024-07-01,web,130.0,,ok",
    ]
    assert [row["channel"] for row in json.loads(boardseat(*asked, "--format", "json").stdout)] == [
        "@counter",
        "web",
    ]


def test_a_slice_of_two_is_found_in_either_order(boardseat: Ask, shop: Path) -> None:
    asked = ("query", "revenue", "--config", shop, "--format", "csv", "--to", "2024-07", "--by")
    result = boardseat(*asked, "channel, segment")
    assert result.stdout.splitlines()[:2] == [
        "metric,period,segment,channel,value,n,status",
        "revenue,2024-07-01,Business,'@counter,50.0,,ok",
    ]
    assert result.stdout == boardseat(*asked, "segment,channel").stdout


def test_what_was_never_measured_is_measured_and_recorded_once(boardseat: Ask, shop: Path) -> None:
    first = boardseat("query", "revenue", "--config", shop)
    assert first.stderr == (
        "Measuring what was never measured as it is defined now: 100%, shop: orders, 17 rows\n"
    )
    again = boardseat("query", "revenue", "--config", shop)
    assert again.stderr == ""
    assert again.stdout == first.stdout
    with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger:
        assert [run.author for run in ledger.runs(9)] == ["boardseat query"]
        assert list(ledger.reads()) == ["orders"]


def test_live_measures_what_is_there_now_and_records_nothing(boardseat: Ask, shop: Path) -> None:
    boardseat("query", "revenue", "--config", shop)
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE orders SET amount = amount + 1 WHERE order_id = 17")
    engine.dispose()
    asked = ("query", "revenue", "--config", shop, "--from", "2024-09", "--format", "csv")
    assert "revenue,2024-09-01,126.0,,ok" in boardseat(*asked, "--live").stdout
    assert "revenue,2024-09-01,125.0,,ok" in boardseat(*asked).stdout


def test_as_of_gives_what_was_known_then(boardseat: Ask, shop: Path) -> None:
    boardseat("refresh", "--config", shop)
    with Ledger(f"sqlite:///{shop / 'ledger.sqlite'}") as ledger:
        first = ledger.runs(1)[0].finished_at
    engine = sa.create_engine(f"duckdb:///{shop / 'shop.duckdb'}")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE orders SET amount = amount + 1 WHERE order_id = 17")
    engine.dispose()
    boardseat("refresh", "--config", shop)
    asked = ("query", "revenue", "--config", shop, "--from", "2024-09", "--format", "csv")
    assert "revenue,2024-09-01,126.0,,ok" in boardseat(*asked).stdout
    assert "revenue,2024-09-01,125.0,,ok" in boardseat(*asked, "--as-of", first.isoformat()).stdout


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("revenu",), "There is no metric 'revenu'. Did you mean 'revenue'?"),
        (
            ("revenue", "--by", "segmnt"),
            "revenue is not recorded by 'segmnt'. Did you mean 'segment'?",
        ),
        (
            ("net_promoter_score", "--by", "channel"),
            "net_promoter_score is not recorded by 'channel'. Known: segment.",
        ),
        (
            ("revenue", "--from", "soon"),
            "'soon' is no period. Write a month as 2026-09, a fiscal quarter as 2026-Q2, a fiscal year as "
            "2026.",
        ),
        (
            ("revenue", "--to", "0206-01-31"),
            "The year of '0206-01-31' is not between 1900 and 2200. Check its digits.",
        ),
        (
            ("revenue", "--from", "2024-09", "--to", "2024-08"),
            "--from 2024-09 lies after --to 2024-08. Change the two round.",
        ),
        (
            ("revenue", "--as-of", "noon"),
            "'noon' is no moment. Write a day as 2026-10-05, or a time as 2026-10-05T09:00.",
        ),
        (
            ("revenue", "--as-of", "2020-01-01"),
            "revenue: nothing was recorded by then. Ask for a later moment with --as-of.",
        ),
    ],
)
def test_what_cannot_be_asked(boardseat: Ask, shop: Path, words: tuple[str, ...], text: str) -> None:
    result = boardseat("query", *words, "--config", shop)
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", f"Error: {text}\n")


def test_live_and_as_of_exclude_each_other(boardseat: Ask, shop: Path) -> None:
    result = boardseat("query", "revenue", "--config", shop, "--live", "--as-of", "2024-10-01")
    assert result.exit_code == 2
    assert (
        "--live measures what is there now, and --as-of asks what was known. Leave one out." in result.stderr
    )


def test_a_source_that_is_away_is_told(boardseat: Ask, shop: Path) -> None:
    (shop / "shop.duckdb").unlink()
    result = boardseat("query", "revenue", "--config", shop)
    assert result.exit_code == 1
    assert result.stderr.splitlines()[-2:] == [
        f"Warning: Source 'shop': there is no file {shop / 'shop.duckdb'}. Put it there, or correct url in "
        "sources/shop.yaml.",
        "Error: revenue cannot be told: orders could not be measured.",
    ]


@pytest.mark.slow
def test_a_reader_that_stops_early_is_no_error(home: Path, shop: Path) -> None:
    """The output is longer than a pipe holds."""
    words = ("query", "revenue", "return_rate", "--from", "1900", "--to", "2199-12", "--format", "csv")
    command = f"{sys.executable} -m dashboard {' '.join(words)} --config {shop} 2>{shop / 'told'} | head -n 1"
    result = subprocess.run(["bash", "-c", command], cwd=ROOT, capture_output=True, text=True, check=True)
    assert result.stdout == "metric,period,value,n,status\n"
    assert "Error" not in (shop / "told").read_text()
    assert "Traceback" not in (shop / "told").read_text()


def test_every_engine_gives_the_same_figures(
    boardseat: Ask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = sa.make_url(database.reader)
    if url.password is not None:
        monkeypatch.setenv("SHOP_PASSWORD", str(url.password))
    shown = url.render_as_string(hide_password=True).replace("***", "${SHOP_PASSWORD}")
    fill(database.admin)
    config = open_shop(tmp_path, shown)
    assert boardseat("check", "--config", config).stdout == "ok: 1 source, 3 datasets, 4 metrics, 1 page\n"
    names = ("net_promoter_score", "return_rate", "revenue", "revenue_per_buyer")
    result = boardseat("query", *names, "--config", config, "--by", "segment", "--format", "csv")
    assert result.stdout == (
        "metric,period,segment,value,n,status\n"
        "net_promoter_score,2024-07-01,Business,,,suppressed\n"
        "net_promoter_score,2024-07-01,Home,,,suppressed\n"
        "net_promoter_score,2024-08-01,Business,,,missing\n"
        "net_promoter_score,2024-08-01,Home,,,missing\n"
        "net_promoter_score,2024-09-01,Business,,,suppressed\n"
        "net_promoter_score,2024-09-01,Home,,,suppressed\n"
        "return_rate,2024-07-01,Business,,,suppressed\n"
        "return_rate,2024-07-01,Home,,,suppressed\n"
        "return_rate,2024-08-01,Business,,,suppressed\n"
        "return_rate,2024-08-01,Home,,,suppressed\n"
        "return_rate,2024-09-01,Business,,,suppressed\n"
        "return_rate,2024-09-01,Home,,,suppressed\n"
        "revenue,2024-07-01,Business,150.0,,ok\n"
        "revenue,2024-07-01,Home,60.0,,ok\n"
        "revenue,2024-08-01,Business,150.0,,ok\n"
        "revenue,2024-08-01,Home,30.5,,ok\n"
        "revenue,2024-09-01,Business,100.0,,ok\n"
        "revenue,2024-09-01,Home,25.0,,ok\n"
        "revenue_per_buyer,2024-07-01,Business,,,suppressed\n"
        "revenue_per_buyer,2024-07-01,Home,,,suppressed\n"
        "revenue_per_buyer,2024-08-01,Business,,,suppressed\n"
        "revenue_per_buyer,2024-08-01,Home,,,suppressed\n"
        "revenue_per_buyer,2024-09-01,Business,,,suppressed\n"
        "revenue_per_buyer,2024-09-01,Home,,,suppressed\n"
    )
