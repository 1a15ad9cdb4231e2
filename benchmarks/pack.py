"""A ten-page pack as a presentation, against pictures of the same charts put into the same slides.

The usual way draws each chart with matplotlib and adds the picture with python-pptx; it is compared where
matplotlib is installed. Goal: ten pages in at most 10 s together with the other formats, in at most 500 MB; a
single slide in at most 0.5 s.

    python -m benchmarks.pack [--runs 3]
"""

import argparse
import importlib.util
import io
import resource
import statistics
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from pptx import Presentation
from pptx.util import Inches

from dashboard.ledger.store import Ledger
from dashboard.pack.binding import Request, bind
from dashboard.pack.model import BoardPack
from dashboard.pack.slides.deck import deck, draw
from dashboard.pack.slides.plan import Charts, Exhibit
from dashboard.pack.slides.planning import slides
from dashboard.pack.slides.template import open_template
from tests.pack.company import NOW, deployed, measured, written

PAGES = 10


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        deployment = deployed(written(Path(folder)))
        catalog = deployment.catalog
        with Ledger(deployment.ledger_url) as ledger:
            measured(deployment, ledger)
            request = Request(catalog.pack(), catalog.board.calendar.parse("2026-Q2"))
            began = time.perf_counter()
            pack = bind(catalog, ledger, request, now=NOW)
            binding = (time.perf_counter() - began) * PAGES / len(pack.pages)
    ten = replace(pack, pages=tuple(pack.pages[place % len(pack.pages)] for place in range(PAGES)))
    whole = statistics.median(seconds(lambda: deck(ten, None)) for _ in range(runs))
    planned = slides(ten, open_template(None).rooms)
    one = next(each for each in planned if isinstance(each, Exhibit))
    single = statistics.median(
        seconds(lambda: draw(ten, open_template(None), [one], lambda what, share: None)) for _ in range(runs)
    )
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    charts = [chart for each in planned if isinstance(each, Exhibit) for chart in charts_of(each)]
    print(f"pack of {PAGES} pages, {len(planned)} slides, {len(charts)} native charts")
    print(f"reading, ten pages:     {binding:6.2f} s")
    print(f"presentation:           {whole:6.2f} s, median of {runs}  (goal 10, all formats)")
    print(f"a single slide:         {single:6.2f} s  (goal at most 0.5)")
    print(f"memory, the most:       {memory:6.0f} MB  (goal at most 500)")
    compare(ten, planned, whole, runs)


def seconds(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def charts_of(exhibit: Exhibit) -> tuple[Any, ...]:
    return exhibit.body.charts if isinstance(exhibit.body, Charts) else ()


def compare(pack: BoardPack, planned: Any, ours: float, runs: int) -> None:
    """The same number of charts, each a picture of lines with the same columns."""
    if importlib.util.find_spec("matplotlib") is None:
        print("matplotlib is not installed: there is nothing to compare with")
        return
    theirs = statistics.median(seconds(lambda: pictures(planned)) for _ in range(runs))
    print(f"matplotlib pictures:    {theirs:6.2f} s")
    print(f"ratio {ours / theirs:.2f}  (ours to theirs; theirs cannot be edited and has no notes)")


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
