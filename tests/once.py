"""What is dear to make and only read: the first worker that asks makes it, and all of a run share it."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name` of this run of the tests, filled by `make`; workers that ask meanwhile wait for it.

    A folder that `make` failed to fill is filled again by the next who asks.
    """
    base = factory.getbasetemp()
    shared = base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base
    folder, done = shared / name, shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            folder.mkdir(exist_ok=True)
            make(folder)
            done.touch()
    return folder


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A BOARDSEAT_HOME with the demo company built and measured: for slow tests, and only to be read."""
    return made_once(tmp_path_factory, "demo-home", _refresh_demo)


def _refresh_demo(home: Path) -> None:
    command = [sys.executable, "-m", "dashboard", "refresh", "--demo"]
    environ = {**os.environ, "BOARDSEAT_HOME": str(home)}
    told = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
