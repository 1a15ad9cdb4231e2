"""The formats of a pack made side by side, each in a process of its own: Python computes in one at a time."""

import gc
import multiprocessing
from collections.abc import Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed

from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import Choices, PackFile, Progress, Renderer

LONGEST_FIRST = ("png", "svg", "pdf", "pptx", "xlsx", "csv", "parquet")
_work: dict[str, tuple[Renderer, BoardPack, Choices]] = {}  # what a forked process finds in its memory


def rendered(
    pack: BoardPack, renderers: Mapping[str, Renderer], choices: Choices, progress: Progress, processes: int
) -> list[PackFile]:
    """The files in the order of the formats. Only for a process that can fork.

    A document whose charts are drawn elsewhere is set last, by this process: to set it takes a second, and
    as much memory as the other formats together, which by then have given theirs back.

    DashboardError where a template cannot be used, as in one process.
    """
    last = {"pdf"} & set(renderers) if choices.pictures is not None else set()
    order = sorted(renderers.keys() - last, key=LONGEST_FIRST.index)
    made: dict[str, tuple[PackFile, ...]] = {}

    def tell() -> None:
        left = [name for name in (*order, *last) if name not in made]
        progress(", ".join(left) or "written", len(made) / len(renderers))

    _work.update({name: (renderers[name], pack, choices) for name in renderers})
    try:
        with ProcessPoolExecutor(
            processes, multiprocessing.get_context("fork"), initializer=gc.freeze
        ) as pool:
            waiting = {pool.submit(_made, name): name for name in order}
            tell()
            for done in as_completed(waiting):
                made[waiting[done]] = done.result()
                tell()
        for name in last:
            made[name] = _made(name)
            tell()
    finally:
        _work.clear()
    return [file for name in renderers for file in made[name]]


def _made(name: str) -> tuple[PackFile, ...]:
    render, pack, choices = _work[name]
    return tuple(render(pack, choices, lambda what, share: None))
