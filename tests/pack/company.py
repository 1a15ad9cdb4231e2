"""A company kept in CSV files: thirty months of answers and purchases, and a table that is not there."""

import csv
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from dashboard.connections import readers
from dashboard.deployment import Deployment, load
from dashboard.ledger.refresh import refresh
from dashboard.ledger.store import Ledger
from dashboard.periods import add_months

CONFIGURATION = Path(__file__).parents[1] / "configurations" / "pack"
NOW = datetime(2026, 10, 15, 8, tzinfo=UTC)
FIRST, MONTHS = date(2024, 4, 1), 31  # the last month, October 2026, is still open
# Region -> segment -> promoters, passives, detractors a month. The East is too small to be shown.
ANSWERS = {
    "North": {"Consumer": (40, 10, 8), "Business": (12, 8, 4)},
    "South": {"Consumer": (14, 12, 44), "Business": (6, 8, 10)},
    "West": {"Consumer": (20, 14, 12), "Business": (10, 8, 6)},
    "East": {"Consumer": (1, 0, 0), "Business": (0, 1, 0)},
    "Centre": {"Consumer": (6, 4, 4), "Business": (4, 3, 4)},
    "": {"Consumer": (6, 6, 8), "Business": (4, 4, 4)},
}


def answers(names: dict[str, str]) -> Iterator[tuple[str, str, str, int]]:
    """Every month alike but for a little noise; from July 2026 on, more promoters a month in the North."""
    for month in range(MONTHS):
        day = add_months(FIRST, month).replace(day=5)
        for region, segments in ANSWERS.items():
            for segment, counts in segments.items():
                more = (8 if month >= 27 and region == "North" else 0) + month * 7 % 5
                for score, count in zip(
                    (10, 8, 2), (counts[0] + more * (counts[0] > 5), *counts[1:]), strict=True
                ):
                    for _ in range(count):
                        yield day.isoformat(), names.get(region, region), segment, score


def purchases() -> Iterator[tuple[str, str, str, float]]:
    """Customers who are steady, lost, buy less or more, come back, or are new; each buys once a month."""
    kinds = {
        "steady": (100, 100, 100),
        "lost": (100, 100, 0),
        "less": (100, 100, 60),
        "more": (100, 100, 150),
        "back": (100, 0, 80),
        "new": (0, 0, 50),
    }
    for segment, many in (("Consumer", 12), ("Business", 15)):
        for kind, amounts in kinds.items():
            for n in range(many):
                for month in range(MONTHS):
                    amount = amounts[min(2, max(0, month - 6) // 12 if month >= 6 else 0)]
                    if amount:
                        day = add_months(FIRST, month).replace(day=4)
                        yield day.isoformat(), f"{segment}-{kind}-{n}", segment, amount * 100.0 + month


def written(home: Path, *, names: dict[str, str] | None = None) -> Path:
    """The CSV files; `names` calls regions otherwise."""
    home.mkdir(parents=True, exist_ok=True)
    tables = {
        "answers": (("answered_at", "region", "segment", "score"), answers(names or {})),
        "purchases": (("bought_at", "customer", "segment", "amount"), purchases()),
    }
    for name, (head, rows) in tables.items():
        with (home / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(head)
            writer.writerows(rows)
    return home


def environ(home: Path) -> dict[str, str]:
    """The environment that the configuration is read with."""
    return {
        "EXPORTS_DIR": str(home),
        "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}",
        "BOARDSEAT_NOW": NOW.isoformat(),
    }


def deployed(home: Path, config: Path = CONFIGURATION) -> Deployment:
    return load(config, environ(home))


def measured(deployment: Deployment, ledger: Ledger) -> None:
    """Everything but the visits, whose file there is not."""
    with readers(deployment) as found:
        report = refresh(deployment.catalog, found, ledger, now=lambda: NOW, author="test")
    assert not {each.dataset: each.message for each in report.failures if each.dataset != "visits"}
