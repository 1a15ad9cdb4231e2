"""What is derived from the online retailer's lines is what others publish, and what plain SQL says."""

import csv
import io
from pathlib import Path

import pytest
from click.testing import CliRunner

from dashboard.cli import cli
from dashboard.definitions.derivation import FREQUENCY_SLICE
from dashboard.ledger.figures import Status
from tests.examples.retail import CENT, CONFIG, DATA, MONTHS, OPEN_MONTH, Shop, asked, measured, needs_data

pytestmark = needs_data
DECEMBER_2010 = MONTHS[12]
NOVEMBER_2011 = MONTHS[-2]


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Shop:
    return measured(tmp_path_factory.mktemp("shop"), CONFIG, {"ONLINE_RETAIL_DIR": str(DATA)})


def query(folder: Path, *arguments: str) -> list[dict[str, str]]:
    """What `boardseat query` writes as CSV."""
    environment = {
        "ONLINE_RETAIL_DIR": str(DATA),
        "BOARDSEAT_LEDGER": f"sqlite:///{folder / 'ledger.sqlite'}",
        "BOARDSEAT_NOW": "2026-01-15T12:00:00+00:00",
    }
    told = CliRunner().invoke(
        cli, ["query", *arguments, "--config", str(CONFIG), "--format", "csv"], env=environment
    )
    assert told.exit_code == 0, told.output
    return list(csv.DictReader(io.StringIO(told.stdout)))


def test_the_first_cohort_is_the_published_one(tmp_path: Path) -> None:
    rows = query(tmp_path, "published_cohorts", "--by", "age", "--from", "2010-12", "--to", "2010-12")
    found = {int(row["age"]): float(row["value"]) for row in rows}
    assert [found[age] for age in range(4)] == [948, 362, 317, 367]
    with (DATA / "cohort_or1_golden.csv").open(encoding="utf-8") as file:
        published = next(csv.DictReader(file))
    assert published["c"] == "2010-12"
    assert found == {age: float(published[str(age)]) for age in range(12)}  # the twelfth month is not over


def test_month_1_retention_is_the_published_one_weighted_by_cohort(tmp_path: Path) -> None:
    [row] = query(tmp_path, "published_retention", "--from", "2010-12", "--to", "2010-12")
    assert f"{float(row['value']):.1%}" == "23.0%"


def test_every_published_cohort_agrees(shop: Shop) -> None:
    with (DATA / "cohort_or1_golden.csv").open(encoding="utf-8") as file:
        published = list(csv.DictReader(file))
    cells = {
        (f"{month.start:%Y-%m}", age): shop.book.observation(
            "retention_of_sheet_2.active", month, ("age",), (str(age),)
        )
        for month in MONTHS[12:]
        for age in range(13)
    }
    for row in published:
        for age in range(12):
            observed = cells[row["c"], age]
            if observed is None or not row[str(age)]:
                continue
            assert observed.value == float(row[str(age)]), (row["c"], age)
    assert sum(cell is not None for cell in cells.values()) == 12 * 13 // 2


@pytest.mark.parametrize("age", [1, 12])
def test_an_age_that_is_not_over_is_told_in_its_own_month_as_open(shop: Shop, age: int) -> None:
    with (DATA / "cohort_or1_golden.csv").open(encoding="utf-8") as file:
        published = {row["c"]: row for row in csv.DictReader(file)}
    cohort = f"{MONTHS[-1 - age].start:%Y-%m}"
    found = shop.book.observation(f"retention_of_sheet_2.retained_{age}", OPEN_MONTH)
    assert found is not None
    assert found.value == float(published[cohort][str(age)])


def test_retention_of_revenue_is_what_plain_sql_says(shop: Shop) -> None:
    [(opening, lost, contracted, expanded, new, closing)] = asked(
        """WITH each AS (
               SELECT greatest(coalesce(sum(amount) FILTER (WHERE moment < DATE '2010-12-01'), 0), 0) AS a,
                      greatest(coalesce(sum(amount) FILTER (WHERE moment >= DATE '2010-12-01'), 0), 0) AS b
               FROM line WHERE customer IS NOT NULL AND moment < DATE '2011-12-01' GROUP BY customer),
           exact AS (SELECT CASE WHEN a > 0.000001 THEN a ELSE 0 END AS a,
                            CASE WHEN b > 0.000001 THEN b ELSE 0 END AS b FROM each)
           SELECT sum(a), sum(a) FILTER (WHERE b = 0), sum(a - b) FILTER (WHERE b > 0 AND a > b),
                  sum(b - a) FILTER (WHERE a > 0 AND b > a), sum(b) FILTER (WHERE a = 0), sum(b)
           FROM exact"""
    )
    found = {
        name: shop.book.observation(f"revenue_bridge.{name}", NOVEMBER_2011)
        for name in ("opening", "lost", "contracted", "expanded", "reactivated", "new", "closing")
    }
    told = {name: each.value for name, each in found.items() if each is not None and each.value is not None}
    assert told["opening"] == pytest.approx(opening, abs=CENT)
    assert told["lost"] == pytest.approx(lost, abs=CENT)
    assert told["contracted"] == pytest.approx(contracted, abs=CENT)
    assert told["expanded"] == pytest.approx(expanded, abs=CENT)
    assert told["reactivated"] + told["new"] == pytest.approx(new, abs=CENT)
    assert told["closing"] == pytest.approx(closing, abs=CENT)
    net = shop.figure("net_revenue_retention", NOVEMBER_2011)
    gross = shop.figure("gross_revenue_retention", NOVEMBER_2011)
    assert net.value == pytest.approx((opening - lost - contracted + expanded) / opening, abs=1e-9)
    assert gross.value == pytest.approx((opening - lost - contracted) / opening, abs=1e-9)
    assert net.status is Status.OK


def test_bridges_of_countries_foot_and_add_up(shop: Shop) -> None:
    names = ("opening", "lost", "contracted", "expanded", "reactivated", "new", "moved", "closing")
    sums = dict.fromkeys(names, 0.0)
    for country in shop.countries:
        lines = {
            name: shop.book.observation(f"revenue_bridge.{name}", NOVEMBER_2011, ("country",), (country,))
            for name in names
        }
        value = {name: 0.0 if each is None else each.value or 0.0 for name, each in lines.items()}
        reached = value["opening"] - value["lost"] - value["contracted"] + value["expanded"]
        reached += value["reactivated"] + value["new"] + value["moved"]
        assert reached == pytest.approx(value["closing"], abs=CENT), country
        sums = {name: sums[name] + value[name] for name in names}
    for name in names:
        whole = shop.book.observation(f"revenue_bridge.{name}", NOVEMBER_2011)
        assert whole is not None
        assert sums[name] == pytest.approx(whole.value, abs=CENT), name


def test_who_ordered_again_after_a_cancellation_is_what_plain_sql_says(shop: Shop) -> None:
    rows = asked(
        """WITH cancelled AS (
               SELECT customer, date_trunc('month', moment) AS month, min(moment) AS begun FROM line
               WHERE customer IS NOT NULL AND starts_with(invoice, 'C') GROUP BY ALL),
           told AS (
               SELECT month, EXISTS (
                   SELECT 1 FROM line WHERE line.customer = cancelled.customer AND amount > 0
                   AND NOT starts_with(invoice, 'C') AND moment > begun
                   AND CAST(moment AS DATE) <= CAST(begun AS DATE) + 90) AS again
               FROM cancelled WHERE CAST(begun AS DATE) + 90 <= DATE '2011-12-09')
           SELECT strftime(month, '%Y-%m'), count(*), count(*) FILTER (WHERE again) FROM told GROUP BY 1"""
    )
    wanted = {month: (eligible, converted) for month, eligible, converted in rows}
    for month in MONTHS[:22]:
        found = [shop.book.observation(f"won_back.{name}", month) for name in ("eligible", "converted")]
        values = tuple(int(each.value or 0) for each in found if each is not None)
        assert values == wanted[f"{month.start:%Y-%m}"], month


def test_every_customer_is_observed_once(shop: Shop) -> None:
    [(customers, repeats)] = asked(
        """WITH bought AS (SELECT DISTINCT customer, date_trunc('week', moment) AS week FROM line
                           WHERE customer IS NOT NULL AND amount > 0 AND moment < DATE '2011-12-01')
           SELECT count(DISTINCT customer), count(*) - count(DISTINCT customer) FROM bought"""
    )
    found = {
        member: shop.book.observation("buying.entities", NOVEMBER_2011, FREQUENCY_SLICE, member)
        for member in shop.book.members(FREQUENCY_SLICE)
    }
    counts = {member: int(each.value or 0) for member, each in found.items() if each is not None}
    assert sum(counts.values()) == customers == shop.figure("customers_observed", NOVEMBER_2011).value
    assert sum(int(x) * count for (x, _, _), count in counts.items()) == repeats
