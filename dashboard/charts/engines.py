"""Whether an engine that draws or sets was used in this process: then it has threads, which no fork has."""

import functools
import multiprocessing
import os


@functools.cache
def begin() -> None:
    """Tell that an engine is about to work: a process forked from then on would wait for its threads."""


def begun() -> bool:
    """Whether an engine has been used in this process."""
    return begin.cache_info().currsize > 0


def can_fork() -> bool:
    """Whether a process can be divided here: a pack is too intricate to be sent to another."""
    forks = "fork" in multiprocessing.get_all_start_methods()
    return forks and (os.cpu_count() or 1) > 1 and not begun()
