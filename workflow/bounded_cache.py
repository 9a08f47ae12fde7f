"""Values that took a moment to compute, kept for the next asking by whoever owns them: nothing outlives its owner."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class BoundedCache(Generic[Value]):
    """The `most` values asked for last, by what they were computed from. One thread computes at a time; what is there already is
    given meanwhile."""

    def __init__(self, most: int):
        self._most = most
        self._values: OrderedDict[Hashable, Value] = OrderedDict()
        self._lock = threading.Lock()
        self._making = threading.Lock()

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value of a key, made where it is not there."""
        if found := self._kept(key):
            return found[0]
        with self._making:
            if found := self._kept(key):  # another thread made it while this one waited
                return found[0]
            made = make()
            with self._lock:
                self._values[key] = made
                while len(self._values) > self._most:
                    self._values.popitem(last=False)
            return made

    def _kept(self, key: Hashable) -> tuple[Value] | None:
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return (self._values[key],)
