"""The Overview's script time against a bare Streamlit page that draws the same charts from constants.

Both run in one process, in turn, on a warm ledger; the medians of the thread's processor time are compared.
What the bare page has is told in benchmarks/bare_page.py. Goal: at most 1.3.

    python -m benchmarks.overview [--customers 20000] [--runs 30]
"""

import argparse
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bare_page import GOAL, compare
from dashboard.connections import readers
from dashboard.demo.build import ensure
from dashboard.deployment import load
from dashboard.ledger.refresh import refresh
from dashboard.ledger.store import Ledger
from dashboard.service import Service

NOW = datetime(2026, 10, 15, 8, tzinfo=UTC)
CONFIG = Path(__file__).parents[1] / "config"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = _served(Path(folder), asked.customers)
        found = compare(service, "overview", now=NOW, runs=asked.runs)
        service.close()
    print(f"overview, warm ledger, and its bare page, median of {asked.runs}: {found}")
    print(f"ratio {found.ratio:.2f}  (goal at most {GOAL})")


def _served(home: Path, customers: int) -> Service:
    environ = {
        "MERIDIAN_DATABASE": str(ensure(home, customers=customers)),
        "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}",
    }
    deployment = load(CONFIG, environ)
    with Ledger(deployment.ledger_url) as ledger, readers(deployment) as found:
        refresh(deployment.catalog, found, ledger, now=lambda: NOW, author="benchmark")
    return Service(CONFIG, environ)


if __name__ == "__main__":
    main()
