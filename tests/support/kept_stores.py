"""What a fixture puts into a store, built once a worker and database and copied for every test after the first.

A round of twenty labels takes most of a second to build through the verbs, its copy a hundredth.
"""

import copy
import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.support import postgres

ENGINE = object()  # stands for the engine where that is what a fixture returns


def kept(build: Callable[..., Any]) -> Callable[..., Any]:
    """Below @pytest.fixture: the store that `build(engine, ...)` leaves and what it returns, the same for every test.

    What `build` asks for beside the engine is a kept fixture itself: nothing that differs from test to test, as a
    temporary folder does, may go into the store. What it returns is handed out as a copy each time, but for the engine.
    """
    built: dict[str, tuple[Any, Any]] = {}

    @functools.wraps(build)
    def fixture(**given: Any) -> Any:
        (engine,) = (value for value in given.values() if isinstance(value, sa.Engine))
        database = engine.dialect.name
        if database in built:
            content, value = built[database]
            put_back(engine, content)
            return engine if value is ENGINE else copy.deepcopy(value)
        value = build(**given)
        built[database] = content_of(engine), ENGINE if value is engine else copy.deepcopy(value)
        return value

    return fixture


def content_of(engine: sa.Engine) -> bytes | str:
    """All that the store holds: the SQLite file, or the name of a PostgreSQL database copied from it."""
    engine.dispose()  # SQLite's last connection takes the -wal file into the store; PostgreSQL copies no database in use
    if engine.dialect.name == "postgresql":
        return postgres.keep(folder_of(engine), str(engine.url.database))
    path = Path(str(engine.url.database))
    assert not beside(path), "a connection is still open"
    return path.read_bytes()


def put_back(engine: sa.Engine, content: bytes | str) -> None:
    engine.dispose()
    if isinstance(content, str):
        postgres.put_back(folder_of(engine), str(engine.url.database), content)
        return
    path = Path(str(engine.url.database))
    assert not beside(path), "a connection is still open"
    path.write_bytes(content)


def folder_of(engine: sa.Engine) -> Path:
    return Path(str(engine.url.query["host"]))


def beside(path: Path) -> list[Path]:
    return list(path.parent.glob(f"{path.name}-*"))
