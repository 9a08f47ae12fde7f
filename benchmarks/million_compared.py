"""Two closed rounds compared, of a million drafts each: how long the page takes, and what it asks before it does. SQLite.

Two stores are filled as `million.py` fills one: in the first the rounds share no draft and no task, in the second every draft,
with a seventh of the labels after another than before. The page is opened as `million_pages.py` opens each; then both are
compared in this process, twice: what was counted is kept. `--drafts 50000` makes rounds of so many, `--only none` (or all) makes
one store.
"""

import argparse
import time
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa

from benchmarks import million_pages
from benchmarks.machine import machine
from benchmarks.million import DRAFTS, NAME, fill
from benchmarks.stores import new_store
from db.schema import assignments, labels, round_annotators, round_dimensions, round_drafts, rounds, saves
from workflow.bounded_cache import BoundedCache
from workflow.comparison.two_rounds import compare_rounds
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.rounds.closing import close_round

SECOND = "second"


def of_processor(call: Callable[[], Any]) -> float:
    began = time.process_time()
    call()
    return time.process_time() - began


def copy(connection: sa.Connection, table: sa.Table, **new: Any) -> None:
    """Every row of a table once more, with other values in these columns."""
    columns = {each.name: new.get(each.name, each) for each in table.c}
    connection.execute(sa.insert(table).from_select(list(columns), sa.select(*columns.values())))


def with_second_round(engine: sa.Engine, ana: Person, number: int, shared: bool) -> None:
    """A second open round like the first: of all its drafts, or of those after the first `number`."""
    with recorded(ana, engine, "open a second round") as connection:
        copy(connection, rounds, id=sa.literal(2), name=sa.literal(SECOND), folded=sa.literal(SECOND))
        for table in (round_dimensions, round_annotators):
            copy(connection, table, round=sa.literal(2))
        if not shared:
            for table in (round_drafts, assignments):
                connection.execute(sa.update(table).where(table.c.draft > number).values(round=2))
            return
        after, level = 10 * number, sa.cast(labels.c.value, sa.Integer)  # ids of rows that are not there yet
        value = sa.cast(sa.case((labels.c.id % 7 == 0, (level + 1) % 4), else_=level), sa.Text)
        own = {"id": assignments.c.id + after, "round": sa.literal(2)}
        copy(connection, round_drafts, round=sa.literal(2))
        copy(connection, assignments, **own)
        copy(connection, saves, id=saves.c.id + after, assignment=saves.c.assignment + after, token=saves.c.token + "b")
        of_save = {"save": labels.c.save + after, "assignment": labels.c.assignment + after}
        copy(connection, labels, id=labels.c.id + after, **of_save, value=value)


def measure(engine: sa.Engine, number: int, shared: bool) -> None:
    ana = fill(engine, number if shared else 2 * number, 1)
    with_second_round(engine, ana, number, shared)
    for name in (NAME, SECOND):
        close_round(ana, engine, name)
    print(f"two rounds of {number:,} drafts, {'all' if shared else 'none'} of them in both")
    million_pages.measure(engine.url.render_as_string(), ["compare"], million_pages.LONGEST)
    kept: BoundedCache = BoundedCache(9)
    took = [of_processor(lambda: compare_rounds(ana, engine, NAME, SECOND, kept=kept)) for _ in range(2)]
    print(f"  compared: {took[0]:.2f} s of processor, then {took[1]:.2f} s; {million_pages.memory():.0f} MB at most")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--drafts", type=int, default=DRAFTS)
    asked.add_argument("--only", default="", choices=["", "none", "all"])
    options = asked.parse_args()
    print(machine())
    for name in ("none", "all"):
        if options.only in ("", name):
            with new_store() as engine:
                measure(engine, options.drafts, name == "all")


if __name__ == "__main__":
    main()
