"""Charts drawn by a process of their own, while this one finds out what the next of them show."""

import json
import multiprocessing
import pickle
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from types import TracebackType
from typing import Self

from dashboard.charts.images import svg

_END = b""  # no specification is empty
_LETTER = {"data": {"values": [{}]}, "mark": "text", "encoding": {"text": {"value": "0"}}}


class DrawingProcess:
    """Draws Vega-Lite specifications, which are JSON texts, as SVG. Use it in a `with` block.

    It is a new Python, which holds what draws and nothing else. It ends by itself with the last chart, and
    gives back its memory, which is why the drawings lie in a file until they are taken.
    """

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        receiving, self._sending = context.Pipe(duplex=False)
        self._asked: set[str] = set()
        self._folder = tempfile.TemporaryDirectory(prefix="boardseat-")
        self._drawn = Path(self._folder.name) / "drawings"
        self._process = context.Process(
            target=_draw, args=(receiving, self._drawn), name="drawing", daemon=True
        )
        with _uninterrupted():
            self._process.start()
        receiving.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.terminate()
        self._process.join()
        self._sending.close()
        self._folder.cleanup()

    def ask(self, spec: str) -> None:
        """Have a chart drawn; what was asked before is drawn once."""
        if spec not in self._asked:
            self._asked.add(spec)
            self._sending.send_bytes(spec.encode())

    def end(self) -> None:
        """Tell that no chart follows."""
        self._sending.send_bytes(_END)

    def take(self) -> Mapping[str, bytes]:
        """The drawing of each specification, once all are drawn. After `end`."""
        self._process.join()
        if self._process.exitcode:
            raise RuntimeError(f"The process that draws charts ended with {self._process.exitcode}.")
        found: Mapping[str, bytes] | Exception = pickle.loads(self._drawn.read_bytes())  # noqa: S301 - our own
        if isinstance(found, Exception):
            raise found
        return found


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """A process that is begun in here does not hear Ctrl-C while it starts."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _draw(receiving: Connection, out: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who is interrupted ends this one, too
    found: Mapping[str, bytes] | Exception
    try:
        svg(_LETTER)  # the engine takes half a second to start and to find its fonts: before a chart is known
        found = {spec: svg(json.loads(spec)) for spec in _received(receiving)}
    except Exception as error:  # it is raised where the drawings are taken
        found = error
    out.write_bytes(pickle.dumps(found))


def _received(receiving: Connection) -> Iterator[str]:
    """Each specification; they are taken as they come, so that who sends them never waits for the drawing."""
    waiting: SimpleQueue[bytes] = SimpleQueue()

    def receive() -> None:
        with suppress(EOFError):
            while (spec := receiving.recv_bytes()) != _END:
                waiting.put(spec)
        waiting.put(_END)

    Thread(target=receive, daemon=True).start()
    return (spec.decode() for spec in iter(waiting.get, _END))
