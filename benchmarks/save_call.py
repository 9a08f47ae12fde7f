"""What the storage call of a Save costs in a store without labels and in one with 10,000, within one run.

Measured is `labelling.save_labels` (five labels, one transaction) and `next_draft.next_assignment` after it, on SQLite and, where
the development requirements are installed, on a PostgreSQL of its own. Aim: flat, a ratio under 1.3.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import sqlalchemy as sa

from benchmarks.machine import aim, machine
from benchmarks.stores import ROUND, new_store, with_round
from db.engine import open_engine, reading
from workflow.labelling import labelling, next_draft
from workflow.people.people import Person

STORED, MEASURED, DRAFTS, FLAT = 10_000, 60, 1_100, 1.3


def label(engine: sa.Engine, person: Person, number: int) -> list[tuple[float, float]]:
    """Label that many drafts: milliseconds of each save, and of fetching the draft before it."""
    taken = []
    for turn in range(number):
        start = time.perf_counter()
        desk = next_draft.next_assignment(person, engine, ROUND)
        fetched = time.perf_counter()
        values = {each.key: (turn + place) % 4 for place, each in enumerate(desk.dimensions)}
        ready = time.perf_counter()
        labelling.save_labels(person, engine, desk.assignment, values, "", desk.revision, f"{person.id}-{desk.assignment}")
        taken.append((1000 * (time.perf_counter() - ready), 1000 * (fetched - start)))
    return taken


def labels_in(engine: sa.Engine) -> int:
    with reading(engine) as connection:
        return connection.exec_driver_sql("SELECT count(*) FROM labels").scalar_one()


def measure(name: str, engine: sa.Engine) -> None:
    ana, ben = with_round(engine, DRAFTS)
    label(engine, ana, 5)  # the first calls compile statements and parse the rubric
    before = label(engine, ana, MEASURED)
    empty = labels_in(engine) - 5 * MEASURED
    while labels_in(engine) < STORED:
        label(engine, ben if labels_in(engine) < 5 * DRAFTS else ana, 100)
    full = labels_in(engine)
    after = label(engine, ana, MEASURED)
    print(f"{name}: from {empty:,} and from {full:,} stored labels, median of {MEASURED}")
    for place, what in enumerate(("save_labels", "next_assignment")):
        first, last = median(each[place] for each in before), median(each[place] for each in after)
        print(aim(f"{what}: {first:.2f} ms, then {last:.2f} ms, ratio {last / first:.2f}", f"under {FLAT}", last / first < FLAT))


@contextmanager
def postgresql() -> Iterator[sa.Engine | None]:
    try:
        from tests.conftest import migrate_url
        from tests.support import postgres
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="touchstone-pg-", ignore_cleanup_errors=True) as folder:
        postgres.start_once(Path(folder), migrate_url)
        try:
            with postgres.new_database(Path(folder)) as url:
                engine = open_engine(url)
                yield engine
                engine.dispose()
        finally:
            postgres.stop(Path(folder))


def main() -> None:
    print(machine())
    with new_store() as engine:
        measure("SQLite, synchronous=FULL", engine)
    with postgresql() as engine:
        if engine is None:
            print("PostgreSQL: left out, it comes with requirements-dev.txt")
        else:
            measure("PostgreSQL, the tests' settings (fsync off)", engine)


if __name__ == "__main__":
    main()
