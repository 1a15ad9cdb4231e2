"""A served demo company, and where the system's Chromium is."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str | None:
    """The system's Chromium, or None."""
    found = (shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome"))
    return next((path for path in found if path), None)


@contextmanager
def serving(
    home: Path, *, asked: Sequence[str] = ("--demo",), environ: Mapping[str, str] | None = None
) -> Iterator[str]:
    """The address of a running `boardseat serve`, of the demo or as asked, whose files are kept in `home`."""
    command = [sys.executable, "-m", "dashboard", "serve", *asked, "--port"]
    with started(command, home / "serve.log", {"BOARDSEAT_HOME": str(home), **(environ or {})}) as address:
        yield address


@contextmanager
def started(command: Sequence[str], log: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """The address of a Streamlit server that a command starts; it is given a free port at its end."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("w") as told:
        process = subprocess.Popen(
            [*command, str(port)],
            cwd=ROOT,
            env={**os.environ, **environ},
            stdout=told,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            _wait(port, process, log)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, 15)
            process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"The server stopped:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.5)
    raise RuntimeError(f"The server did not answer within five minutes:\n{log.read_text()}")
