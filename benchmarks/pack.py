"""The demo's ten pages as PPTX, PDF and XLSX from a warm ledger, against pictures put into the same slides.

The whole command is run first; then each stage alone, in this process.

The usual way draws each chart with matplotlib and adds the picture with python-pptx; it is compared where
matplotlib is installed. Goal: all three formats in at most 10 s on two cores and 500 MB; a single slide in at
most 0.5 s. Processor time is told beside time by the clock, which says how busy the machine is, too.

    python -m benchmarks.pack [--runs 3] [--period 2026-Q2]
"""

import argparse
import importlib.util
import io
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.util import Inches

from benchmarks.resident import run
from dashboard.commands.place import data_home, demo_place
from dashboard.demo.build import database_path
from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import RENDERERS, Choices
from dashboard.pack.slides.deck import deck, draw
from dashboard.pack.slides.plan import Charts, Exhibit
from dashboard.pack.slides.planning import slides
from dashboard.pack.slides.template import open_template

FORMATS = ("pptx", "pdf", "xlsx")


@dataclass(frozen=True)
class Spent:
    """Seconds by the clock, and of processors: of this process and of those that it divided itself into."""

    clock: float
    processor: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--period", default="2026-Q2")
    chosen = parser.parse_args()
    whole_command(chosen.period, chosen.runs)
    deployment = demo_place(os.environ).deployment()
    catalog = deployment.catalog
    request = Request(catalog.pack(), catalog.board.calendar.parse(chosen.period))
    with Ledger(deployment.ledger_url) as ledger:

        def read() -> BoardPack:
            return bind(catalog, ledger, request, now=deployment.now())

        pack = read()
        report("reading alone", [spent(read) for _ in range(chosen.runs)])
    for name in FORMATS:
        made = [
            spent(lambda name=name: list(RENDERERS[name](pack, Choices(), nothing)))
            for _ in range(chosen.runs)
        ]
        report(name, made)
    planned = slides(pack, open_template(None).rooms)
    one = next(each for each in planned if isinstance(each, Exhibit))
    single = [spent(lambda: draw(pack, open_template(None), [one], nothing)) for _ in range(chosen.runs)]
    report("a single slide", single, "goal 0.5")
    print(f"{len(pack.pages)} pages, {len(planned)} slides")
    compare(pack, planned, chosen.runs)


def whole_command(period: str, runs: int) -> None:
    """`boardseat pack` from its start to its end; each is the first pack of the period in its ledger."""
    found = []
    for number in range(2 * runs):
        with tempfile.TemporaryDirectory() as folder:
            home = shutil.copytree(database_path(data_home(os.environ)).parent, Path(folder) / "home")
            environ = {**os.environ, "BOARDSEAT_HOME": str(home)}
            command = [sys.executable, "-m", "dashboard", "pack", "--demo", "--period", period]
            words = ["--format", ",".join(FORMATS), "--out", str(Path(folder) / "out")]
            found.append(run([*command, *words], environ, watched=number >= runs))
    report("the whole command", [Spent(each.clock, each.processor) for each in found[:runs]], "goal 10")
    together, largest = max(each.together for each in found), max(each.largest for each in found)
    print(f"memory of all its processes: {together:.0f} MB  (goal 500); of the largest: {largest:.0f} MB")


def nothing(what: str, share: float) -> None:
    """Progress that nobody watches."""


def spent(work: Callable[[], Any]) -> Spent:
    began, before = time.perf_counter(), os.times()
    work()
    after = os.times()
    return Spent(time.perf_counter() - began, sum(after[:4]) - sum(before[:4]))


def report(what: str, found: list[Spent], goal: str = "") -> None:
    clock = statistics.median(each.clock for each in found)
    processor = statistics.median(each.processor for each in found)
    told = f"  ({goal})" if goal else ""
    print(f"{what:28} {clock:7.2f} s by the clock, {processor:7.2f} s of processors{told}", flush=True)


def compare(pack: BoardPack, planned: Any, runs: int) -> None:
    """The same number of charts, each a picture of lines with the same columns."""
    if importlib.util.find_spec("matplotlib") is None:
        print("matplotlib is not installed: there is nothing to compare with")
        return
    pictures(planned[:1])  # fonts are looked for once
    ours, theirs = [], []
    for _ in range(runs):
        ours.append(spent(lambda: deck(pack, None)))
        theirs.append(spent(lambda: pictures(planned)))
    report("presentation, ours", ours)
    report("matplotlib pictures", theirs)
    ratio = statistics.median(
        mine.processor / other.processor for mine, other in zip(ours, theirs, strict=True)
    )
    print(f"ratio {ratio:.2f} of processor time  (ours to theirs, which cannot be edited and has no notes)")


def charts_of(exhibit: Exhibit) -> tuple[Any, ...]:
    return exhibit.body.charts if isinstance(exhibit.body, Charts) else ()


def pictures(planned: Any) -> bytes:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    presentation = Presentation()
    for each in planned:
        slide = presentation.slides.add_slide(presentation.slide_layouts[5])
        if not isinstance(each, Exhibit):
            continue
        slide.shapes.title.text = each.title.text
        for place, chart in enumerate(charts_of(each)):
            figure, axes = pyplot.subplots(figsize=(8, 2.4), dpi=150)
            for column in chart.table.columns:
                axes.plot([value if value is not None else float("nan") for value in column.values])
            axes.set_title(chart.title)
            drawn = io.BytesIO()
            figure.savefig(drawn, format="png")
            pyplot.close(figure)
            drawn.seek(0)
            slide.shapes.add_picture(drawn, Inches(0.5), Inches(1.5 + 2.4 * (place % 2)))
    out = io.BytesIO()
    presentation.save(out)
    return out.getvalue()


if __name__ == "__main__":
    main()
