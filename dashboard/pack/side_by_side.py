"""The formats of a pack made side by side, in several processes: Python computes in one at a time."""

import gc
import multiprocessing
from collections import deque
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait

from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import Choices, PackFile, Progress, Renderer

LONGEST_FIRST = ("png", "svg", "pdf", "pptx", "xlsx", "csv", "parquet")
_work: dict[str, tuple[Renderer, BoardPack, Choices]] = {}  # what a forked process finds in its memory


def rendered(
    pack: BoardPack, renderers: Mapping[str, Renderer], choices: Choices, progress: Progress, processes: int
) -> list[PackFile]:
    """The files in the order of the formats. Only for a process that can fork.

    This process is one of the `processes`: it makes the shortest format that is left, the others the longest.
    A document whose charts are drawn elsewhere is set last, by this process: to set it takes a second, and
    as much memory as another format, which by then has given its own back.

    DashboardError where a template cannot be used, as in one process.
    """
    last = {"pdf"} & set(renderers) if choices.pictures is not None else set()
    left = deque(sorted(renderers.keys() - last, key=LONGEST_FIRST.index))
    made: dict[str, tuple[PackFile, ...]] = {}

    def make(name: str) -> None:
        progress(", ".join(each for each in renderers if each not in made), len(made) / len(renderers))
        made[name] = _made(name)
        gc.collect()  # a workbook refers to itself in circles: its memory is needed for the document

    gc.freeze()  # or each process would look through all that was read, and by that copy it
    _work.update({name: (renderers[name], pack, choices) for name in renderers})
    try:
        with ProcessPoolExecutor(processes - 1, multiprocessing.get_context("fork")) as pool:
            elsewhere: dict[Future[tuple[PackFile, ...]], str] = {}
            while left or elsewhere:
                while len(left) > 1 and len(elsewhere) < processes - 1:
                    name = left.popleft()
                    elsewhere[pool.submit(_made, name)] = name
                if left:
                    make(left.pop())
                for done in wait(elsewhere, timeout=0 if left else None, return_when=FIRST_COMPLETED).done:
                    made[elsewhere.pop(done)] = done.result()
        for name in last:
            make(name)
    finally:
        _work.clear()
        gc.unfreeze()
    return [file for name in renderers for file in made[name]]


def _made(name: str) -> tuple[PackFile, ...]:
    render, pack, choices = _work[name]
    return tuple(render(pack, choices, lambda what, share: None))
