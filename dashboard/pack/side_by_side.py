"""The formats of a pack made side by side, each in a process of its own: Python computes in one at a time."""

import gc
import multiprocessing
import os
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed

from dashboard.charts.engines import begun
from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import Choices, PackFile, Progress, Renderer

LONGEST_FIRST = ("png", "svg", "pdf", "pptx", "xlsx", "csv", "parquet")
_work: dict[str, tuple[Renderer, BoardPack, Choices]] = {}  # what a forked process finds in its memory


def can_fork() -> bool:
    """Whether a process can be divided here: a pack is too intricate to be sent to another."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    return forks and (os.cpu_count() or 1) > 1 and not begun()


def rendered(
    pack: BoardPack, renderers: Mapping[str, Renderer], choices: Choices, progress: Progress, processes: int
) -> list[PackFile]:
    """The files in the order of the formats. Only for a process that can fork.

    DashboardError where a template cannot be used, as in one process.
    """
    _work.update({name: (render, pack, choices) for name, render in renderers.items()})
    order = sorted(renderers, key=lambda name: LONGEST_FIRST.index(name) if name in LONGEST_FIRST else 0)
    made: dict[str, tuple[PackFile, ...]] = {}
    gc.freeze()  # or each process would look through the whole pack, and by that copy it
    try:
        with ProcessPoolExecutor(processes, multiprocessing.get_context("fork")) as pool:
            waiting = {pool.submit(_made, name): name for name in order}
            progress(", ".join(order), 0.0)
            for done in as_completed(waiting):
                made[waiting[done]] = done.result()
                left = [name for name in order if name not in made]
                progress(", ".join(left) or "written", len(made) / len(order))
    finally:
        gc.unfreeze()
        _work.clear()
    return [file for name in renderers for file in made[name]]


def _made(name: str) -> tuple[PackFile, ...]:
    render, pack, choices = _work[name]
    return tuple(render(pack, choices, lambda what, share: None))
