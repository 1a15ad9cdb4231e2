"""Whether an engine that draws or sets was used in this process: then it has threads, which no fork has."""

import functools


@functools.cache
def begin() -> None:
    """Tell that an engine is about to work: a process forked from then on would wait for its threads."""


def begun() -> bool:
    """Whether an engine has been used in this process."""
    return begin.cache_info().currsize > 0
