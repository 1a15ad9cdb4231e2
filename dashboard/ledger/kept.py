"""A few things that are costly to make and never change, kept for the next who asks."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Thing = TypeVar("Thing")


class Kept(Generic[Thing]):
    """At most `most` things by key; those that were not asked for the longest are forgotten. Thread-safe."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._things: OrderedDict[Hashable, Thing] = OrderedDict()

    def kept(self, key: Hashable, make: Callable[[], Thing]) -> Thing:
        """What `make` gave for the key. Two who ask at once may both make it; nobody waits for another."""
        with self._lock:
            if key in self._things:
                self._things.move_to_end(key)
                return self._things[key]
        made = make()
        with self._lock:
            self._things[key] = made
            while len(self._things) > self._most:
                self._things.popitem(last=False)
        return made
