"""Other processes that use a ledger, forked from one that has loaded everything, so that many cost little."""

import multiprocessing
from multiprocessing.context import ForkServerProcess
from multiprocessing.synchronize import Event
from typing import Any

from dashboard.errors import LostUpdateError
from dashboard.ledger.notes import Place
from dashboard.ledger.store import Ledger
from tests.ledger.frames import START, cell, frame, month, read, record

CELLS = 40
HERE = Place("overview", "pair-nps", "2026-Q2")


CONTEXT = multiprocessing.get_context("forkserver")
CONTEXT.set_forkserver_preload(["tests.ledger.processes", "psycopg"])


def started(target: Any, *arguments: Any) -> ForkServerProcess:
    """A process that runs the function."""
    process = CONTEXT.Process(target=target, args=arguments, daemon=True)
    process.start()
    return process


def record_for_ever(url: str, ready: Event) -> None:
    """Run after run, each with CELLS values that are the run's own number."""
    with Ledger(url) as ledger, ledger.refreshing():
        ready.set()
        while True:
            record_one(ledger)


def record_one(ledger: Ledger) -> int:
    """A run of CELLS values that are all its number."""
    number = (ledger.newest_run() or 0) + 1
    first = month("1900-01")
    cells = (cell("sales.total", first.shifted(n), float(number)) for n in range(CELLS))
    return record(ledger, read(frame(*cells)), at=number).id


def edit(url: str, author: str, times: int) -> None:
    """Write one note anew, again and again, as people do who read it first."""
    with Ledger(url) as ledger:
        for line in range(times):
            while True:
                newest = next(iter(ledger.notes.history(HERE, limit=1)), None)
                base = newest.version if newest else 0
                text = f"{author}{line} after {newest.text.split()[0] if newest else 'nothing'}"
                try:
                    ledger.notes.write(HERE, text, author=author, now=START, based_on=base)
                except LostUpdateError:
                    continue
                break
