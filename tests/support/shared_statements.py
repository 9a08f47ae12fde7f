"""SQL compiled once a process instead of once a store: a seventh of the time of tests on SQLite.

SQLAlchemy keeps compiled statements with an engine, under its dialect. Each test has an engine of its own, so each compiled
the same statements anew. Engines made after `share()` have one dialect of their database and its cache, once it has been
connected: a dialect learns of its database at its engine's first connection, and a test's engine may never have one.
"""

from typing import Any

import sqlalchemy as sa


def share() -> None:
    make: Any = sa.create_engine
    shared: dict[str, sa.Engine] = {"sqlite": make("sqlite://")}
    with shared["sqlite"].connect():
        pass

    def create_engine(*arguments: Any, **options: Any) -> sa.Engine:
        engine: sa.Engine = make(*arguments, **options)
        first = shared.setdefault(engine.dialect.name, engine)
        if first is not engine and first.dialect.server_version_info is None:
            shared[engine.dialect.name] = engine
        elif first is not engine:
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache
        return engine

    sa.create_engine = create_engine
