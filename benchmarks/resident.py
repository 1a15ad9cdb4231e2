"""A whole command: how long it takes, and the most memory that its processes have together. Linux alone.

Counted is the proportional set size (Pss of /proc/PID/smaps_rollup), added up over the command and
all processes below it: everything that is resident, where a page that several of them share counts
once. It is asked every tenth of a second, so that a shorter peak may be missed. Beside it is told
the largest resident set of one process.
"""

import resource
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

EVERY = 0.1  # seconds


@dataclass(frozen=True)
class Run:
    """Seconds by the clock and of processors; megabytes of all processes together, and of the largest."""

    clock: float
    processor: float
    together: float
    largest: float


def run(command: Sequence[str], environ: Mapping[str, str], *, watched: bool = True) -> Run:
    """Run a command to its end. Not `watched`, its memory is 0: to ask for it takes time itself."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    together = largest = 0.0
    with subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        while watched and process.poll() is None:
            found = [megabytes(pid) for pid in below(process.pid)]
            together = max(together, sum(shared for shared, _ in found))
            largest = max(largest, *(whole for _, whole in found), 0.0)
            time.sleep(EVERY)
        _, told = process.communicate()
    clock, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise RuntimeError(told.decode())
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Run(clock, spent, together, largest)


def below(pid: int) -> Iterator[int]:
    """A process and all that it and they have begun."""
    yield pid
    with suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                yield from below(int(child))


def megabytes(pid: int) -> tuple[float, float]:
    """Proportional and whole resident set; 0 of a process that has ended."""
    with suppress(OSError):
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:]
        sizes = {line.partition(":")[0]: int(line.split()[1]) / 1024 for line in lines}
        return sizes["Pss"], sizes["Rss"]
    return 0.0, 0.0
