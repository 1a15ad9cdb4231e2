"""Charts drawn by another process: the same drawings, once each, and a fault told where they are taken."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BARS = {"data": {"values": [{"x": "ä"}, {"x": "b\x00"}]}, "mark": "bar", "encoding": {"x": {"field": "x"}}}


def run(program: str) -> subprocess.CompletedProcess[str]:
    """In a new process: this one may have drawn already, and cannot fork any more."""
    begin = "import json\nfrom dashboard.charts.drawing_process import DrawingProcess\n"
    words = [sys.executable, "-c", begin + program]
    return subprocess.run(words, capture_output=True, text=True, cwd=ROOT, check=False, timeout=60)


def test_what_it_draws_is_what_this_process_would_draw() -> None:
    found = run(f"""
from dashboard.charts.engines import begun
from dashboard.charts.images import svg
spec = {BARS!r}
with DrawingProcess() as drawing:
    drawing.ask(json.dumps(spec))
    drawing.ask(json.dumps(spec))
    drawing.end()
    drawn = drawing.take()
assert not begun()  # so that this process can still be divided
assert drawn == {{json.dumps(spec): svg(spec)}}
print("same")
""")
    assert (found.stdout, found.stderr) == ("same\n", "")


def test_who_asks_never_waits_for_the_drawing() -> None:
    """More is sent than any pipe holds, before the first chart can be ready; nothing is taken meanwhile."""
    found = run(f"""
spec = {BARS!r}
with DrawingProcess() as drawing:
    for number in range(20):
        drawing.ask(json.dumps({{**spec, "description": f"{{number}}" * 100_000}}))
    drawing.end()
    print(len(drawing.take()))
""")
    assert (found.stdout, found.stderr) == ("20\n", "")


def test_a_chart_that_cannot_be_drawn_is_told_where_the_drawings_are_taken() -> None:
    found = run("""
with DrawingProcess() as drawing:
    drawing.ask(json.dumps({"mark": 1}))
    drawing.end()
    try:
        drawing.take()
    except ValueError as error:
        print(str(error).splitlines()[0])
""")
    assert found.stdout.startswith("Vega-Lite to SVG conversion failed")


def test_it_ends_with_its_block_though_nothing_was_taken() -> None:
    found = run("""
from multiprocessing import active_children
with DrawingProcess() as drawing:
    assert [each.name for each in active_children()] == ["drawing"]
    drawing.ask(json.dumps({}))
print(active_children())
""")
    assert (found.stdout, found.stderr) == ("[]\n", "")


def test_a_process_that_was_killed_is_told() -> None:
    found = run("""
import os, signal
from multiprocessing import active_children
with DrawingProcess() as drawing:
    os.kill(active_children()[0].pid, signal.SIGKILL)
    drawing.take()
""")
    assert found.stderr.splitlines()[-1] == "RuntimeError: The process that draws charts ended with -9."
