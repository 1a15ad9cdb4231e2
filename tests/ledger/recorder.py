"""A process that records run after run until it is killed: python -m tests.ledger.recorder URL.

It holds the refresh lock and prints the number of each run once that is recorded.
"""

import sys

from dashboard.ledger.store import Ledger
from tests.ledger.frames import cell, frame, month, read, record

CELLS = 2000


def main(url: str) -> None:
    with Ledger(url) as ledger, ledger.refreshing():
        sys.stdout.write("locked\n")
        sys.stdout.flush()
        first, run = month("1900-01"), 0
        while True:
            run += 1
            cells = (cell("sales.total", first.shifted(n), float(run)) for n in range(CELLS))
            sys.stdout.write(f"{record(ledger, read(frame(*cells)), at=run).id}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
