"""The script time of each page of the demo against a bare Streamlit page that draws the same from constants.

Each pair runs in one process, in turn, on a warm ledger; the medians of the thread's processor time are
compared. What a bare page has is told in benchmarks/bare_page.py. The company is that of `boardseat serve
--demo`; what of it is not measured yet is measured first. Goal: at most 1.3 for every page.

    python -m benchmarks.pages [--runs 20] [--page evidence]
"""

import argparse
import os

from benchmarks.bare_page import GOAL, compare
from dashboard.commands.measuring import measure_missing
from dashboard.commands.place import Place, demo_place
from dashboard.ledger.store import Ledger
from dashboard.service import Service


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=20)
    parser.add_argument("--page", help="only this one")
    asked = parser.parse_args()
    place = measured_demo()
    now = place.deployment().now()
    service = Service(place.config, place.environ)
    pages = [asked.page] if asked.page else service.opened[0].board.pages
    found = {}
    for name in pages:
        found[name] = compare(service, name, now=now, runs=asked.runs)
        print(f"{name:16}{found[name]}", flush=True)
    worst = max(found, key=lambda name: found[name].ratio)
    print(f"worst page: {worst}, ratio {found[worst].ratio:.2f}  (goal at most {GOAL})")


def measured_demo() -> Place:
    """The demo company with all of its figures in the ledger."""
    place = demo_place(os.environ)
    deployment = place.deployment()
    with Ledger(deployment.ledger_url) as ledger:
        measure_missing(deployment, ledger, title="Measuring the demo company", author="benchmark")
    return place


if __name__ == "__main__":
    main()
