"""The Overview's script time against a bare Streamlit page that draws the same charts from constants.

Both run in one process, in turn, on a warm ledger; the median of each is compared. Goal: at most 1.3.

    python -m benchmarks.overview [--customers 20000] [--runs 30]
"""

import argparse
import pickle
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path

from streamlit.testing.v1 import AppTest

from dashboard.demo.build import ensure
from dashboard.deployment import load, readers
from dashboard.ledger.refresh import refresh
from dashboard.ledger.store import Ledger
from dashboard.service import Service

GOAL = 1.3
NOW = datetime(2026, 10, 15, 8, tzinfo=UTC)
CONFIG = Path(__file__).parents[1] / "config"


def overview(service, moment, times):  # type: ignore[no-untyped-def]  # its text runs alone, as a script
    import time

    from dashboard.screens.shell import show

    began = time.perf_counter()
    show(service, now=lambda: moment)
    times.append(time.perf_counter() - began)


def bare(constants, times):  # type: ignore[no-untyped-def]  # its text runs alone, as a script
    import time

    import streamlit as st

    began = time.perf_counter()
    st.set_page_config(layout="wide")
    st.title("Are we creating value for customers that creates value back?")
    for start in range(0, len(constants), 2):
        for column, (sentence, charts) in zip(st.columns(2), constants[start : start + 2], strict=False):
            with column.container(border=True):
                st.subheader(sentence)
                for inner, (label, value, delta, badge, caption, spec) in zip(
                    st.columns(len(charts)), charts, strict=True
                ):
                    with inner:
                        st.metric(label, value, delta=delta)
                        st.badge(badge)
                        st.vega_lite_chart(spec, theme=None)
                        st.caption(caption)
    times.append(time.perf_counter() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=30)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        service = _served(Path(folder), asked.customers)
        ours, floor = _times(service, asked.runs)
    ratio = statistics.median(ours) / statistics.median(floor)
    print(f"overview, warm ledger:       {1000 * statistics.median(ours):7.1f} ms, median of {asked.runs}")
    print(f"bare page, charts constant:  {1000 * statistics.median(floor):7.1f} ms")
    print(f"ratio {ratio:.2f}  (goal at most {GOAL})")


def _served(home: Path, customers: int) -> Service:
    environ = {
        "MERIDIAN_DATABASE": str(ensure(home, customers=customers)),
        "BOARDSEAT_LEDGER": f"sqlite:///{home / 'ledger.sqlite'}",
    }
    deployment = load(CONFIG, environ)
    with Ledger(deployment.ledger_url) as ledger, readers(deployment) as found:
        refresh(deployment.catalog, found, ledger, now=lambda: NOW, author="benchmark")
    return Service(CONFIG, environ)


def _times(service: Service, runs: int) -> tuple[list[float], list[float]]:
    ours: list[float] = []
    floor: list[float] = []
    page = AppTest.from_function(overview, args=(service, NOW, ours), default_timeout=60).run()
    plain = AppTest.from_function(bare, args=(_constants(service), floor), default_timeout=60).run()
    if page.exception or plain.exception:
        raise SystemExit("A page did not draw; the figures would mean nothing.")
    ours.clear(), floor.clear()
    for _ in range(runs):
        page.run()
        plain.run()
        time.sleep(0)
    return ours, floor


def _constants(service: Service) -> list[tuple[str, list[tuple[object, ...]]]]:
    """What the Overview draws, taken once and frozen: sentences, figures and charts."""
    from dashboard.board.view import View
    from dashboard.board.wording import change_text, detail_lines, headline_text, signal_label
    from dashboard.charts.exhibit import chart_spec
    from dashboard.charts.theme import LIGHT
    from dashboard.periods import Grain

    catalog = service.catalog
    assert catalog is not None
    view = View(Grain.QUARTER, datetime(2026, 9, 1, tzinfo=UTC).date())
    _, made = service.page(catalog.page("overview"), view, service.revision(), now=NOW)
    return [
        (
            panel.sentence,
            [
                (
                    reading.metric.name,
                    headline_text(reading),
                    change_text(reading),
                    signal_label(reading),
                    " · ".join(detail_lines(reading)),
                    pickle.loads(pickle.dumps(chart_spec(reading, LIGHT))),  # noqa: S301
                )
                for reading in panel.readings
            ],
        )
        for panel in made.panels
        if hasattr(panel, "readings")
    ]


if __name__ == "__main__":
    main()
