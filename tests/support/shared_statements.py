"""SQL compiled once a process instead of once a store: a seventh of the time of tests on SQLite.

SQLAlchemy keeps compiled statements with an engine, under its dialect. Each test has an engine of its own, so each compiled
the same statements anew. Engines on SQLite made after `share()` have the first one's dialect and its cache.
"""

from typing import Any

import sqlalchemy as sa


def share() -> None:
    make: Any = sa.create_engine
    first: list[sa.Engine] = []

    def create_engine(*arguments: Any, **options: Any) -> sa.Engine:
        engine: sa.Engine = make(*arguments, **options)
        if engine.dialect.name == "sqlite":
            first.append(engine)
            engine.dialect, engine._compiled_cache = first[0].dialect, first[0]._compiled_cache
            del first[1:]
        return engine

    sa.create_engine = create_engine
