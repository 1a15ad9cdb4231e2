"""The formats of a pack made side by side, by several processes: Python computes in one at a time."""

import gc
import multiprocessing
from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor

from dashboard.pack.model import BoardPack
from dashboard.pack.renderers import Choices, PackFile, Progress, Renderer

# How long each takes, beside the others. Drawing charts is most of what the document takes.
COST = {"png": 25.0, "svg": 25.0, "pdf": 9.5, "pptx": 4.0, "xlsx": 3.0, "csv": 0.5, "parquet": 0.5}
DRAWN_DOCUMENT = 1.5

_Work = tuple[Mapping[str, Renderer], BoardPack, Choices]
_work: list[_Work] = []  # what a forked process finds in its memory


def rendered(
    pack: BoardPack, renderers: Mapping[str, Renderer], choices: Choices, progress: Progress, processes: int
) -> list[PackFile]:
    """The files in the order of the formats; this process makes its share of them. Only where it can fork.

    DashboardError where a template cannot be used, as in one process.
    """
    here, *elsewhere = shared_out(tuple(renderers), processes, drawn=choices.pictures is not None)
    made: dict[str, tuple[PackFile, ...]] = {}
    _work.append((renderers, pack, choices))
    try:
        # Freezing keeps each process from looking through the whole pack, and by that copying it.
        forked = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(max(1, len(elsewhere)), forked, initializer=gc.freeze) as pool:
            waiting = [pool.submit(_made, names) for names in elsewhere]
            for name in here:
                _tell(progress, renderers, made, waiting)
                made[name] = _made((name,))[name]
            for each in waiting:
                _tell(progress, renderers, made, waiting)
                made |= each.result()
            _tell(progress, renderers, made, waiting)
    finally:
        _work.pop()
    return [file for name in renderers for file in made[name]]


def shared_out(names: Sequence[str], processes: int, *, drawn: bool) -> list[list[str]]:
    """The formats that each process makes; the first is this one, which has the pictures of the document.

    The longest are given out first, each to the process that has the least to do; one that would have nothing
    to do is left out. `drawn` says that the charts of the document are drawn elsewhere.
    """
    shares: list[list[str]] = [[] for _ in range(processes)]
    cost = {**COST, "pdf": DRAWN_DOCUMENT if drawn else COST["pdf"]}
    if drawn and "pdf" in names:
        shares[0].append("pdf")
    for name in sorted(set(names) - set(shares[0]), key=lambda name: (-cost[name], name)):
        min(reversed(shares), key=lambda share: sum(cost[each] for each in share)).append(name)
    first, *others = (sorted(share, key=lambda name: (-cost[name], name)) for share in shares)
    return [first, *(share for share in others if share)]


def _tell(
    progress: Progress,
    wanted: Collection[str],
    made: Mapping[str, object],
    waiting: Sequence[Future[dict[str, tuple[PackFile, ...]]]],
) -> None:
    done = {*made, *(name for each in waiting if each.done() for name in each.result())}
    progress(", ".join(name for name in wanted if name not in done) or "written", len(done) / len(wanted))


def _made(names: Sequence[str]) -> dict[str, tuple[PackFile, ...]]:
    renderers, pack, choices = _work[-1]
    return {name: tuple(renderers[name](pack, choices, lambda what, share: None)) for name in names}
