"""The time, in one place, so that a test and the sample workspace can say what it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_said: ContextVar[datetime | None] = ContextVar("said", default=None)


def now() -> datetime:
    """The present moment in UTC, unless `at` says another."""
    return _said.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Within this block it is `moment`."""
    token = _said.set(moment)
    try:
        yield
    finally:
        _said.reset(token)
