"""How far a long task is: a bar in a terminal, plain lines where the output is kept. All on stderr."""

import shutil
import sys
from threading import Lock
from types import TracebackType
from typing import Self, TextIO

CELLS = 24


class Bar:
    """The progress of one task, told from any thread. In a terminal it is one line, gone at the end."""

    def __init__(self, title: str, out: TextIO | None = None) -> None:
        self._title, self._out = title, out or sys.stderr
        self._moving = self._out.isatty()
        self._lock = Lock()
        self._last = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._moving and self._last:
            self._write("\r\x1b[K")

    def tell(self, what: str, share: float) -> None:
        """Show what is being done, and the share that is done, from 0 to 1."""
        with self._lock:
            line = f"{self._title}  {_cells(share)} {share:4.0%}  {what}"
            if not self._moving:
                line = f"{self._title}: {share:.0%}, {what}"
            if line == self._last:
                return
            self._last = line
            if self._moving:
                columns = max(20, shutil.get_terminal_size().columns)
                self._write(f"\r\x1b[K{line[: columns - 1]}")
            else:
                self._write(f"{line}\n")

    def _write(self, text: str) -> None:
        self._out.write(text)
        self._out.flush()


def _cells(share: float) -> str:
    full = round(CELLS * min(1.0, max(0.0, share)))
    return "█" * full + "░" * (CELLS - full)
