"""A round of a million drafts that two people labelled: closing it, opening its report, and the audit that counts again.

The rows are written in bulk through the tables of the store (real drafts with real digests, one task for ten drafts, invented
levels); closing, reading and auditing are the product's own calls: `closing.close_round`, `reports.agreement_of_rounds`,
`disagreements.widest_apart` as the page asks for them, `store_check.check_store`. On SQLite and, where the development
requirements are installed, on a PostgreSQL of its own, on a temporary disk that is emptied after. `--drafts 100000` makes a
smaller one, `--dimensions 5` labels more than one, `--quick` is 50,000 drafts, `--only postgresql` (or sqlite) takes one.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import UTC, datetime
from statistics import median
from typing import Any

import sqlalchemy as sa

from benchmarks.machine import aim, machine
from benchmarks.save_call import postgresql
from benchmarks.stores import RUBRIC, new_store
from db.engine import open_engine
from db.schema import (
    assignments,
    drafts,
    imports,
    labels,
    projects,
    round_annotators,
    round_dimensions,
    round_drafts,
    rounds,
    saves,
    tasks,
)
from touchstone.data.task import Draft, Task
from workflow.agreement import disagreements, reports
from workflow.events.recording import recorded
from workflow.maintenance import store_check
from workflow.people import people
from workflow.rounds.closing import close_round
from workflow.rubric import rubrics

DRAFTS, QUICK, OPENINGS, AT_ONCE, LISTED = 1_000_000, 50_000, 5, 20_000, 20
NAME, DRAFTS_OF_A_TASK = "million", 10
AT = datetime(2026, 1, 1, tzinfo=UTC)
OPENED_WITHIN = 1.0  # seconds


def fill(engine: sa.Engine, number: int, dimensions: int) -> people.Person:
    """An open round of `number` drafts, all of them labelled by two people; returns one of the two."""
    ana, ben = (people.add_person(None, engine, each) for each in ("ana", "ben"))
    with recorded(ana, engine, "fill the store") as connection:
        rubric, version = rubrics.ready_to_use(connection, RUBRIC)
        made = {"id": 1, "name": NAME, "folded": NAME, "rubric": "tenacious", "is_sample": False, "created_at": AT}
        connection.execute(sa.insert(projects), made)
        connection.execute(
            sa.insert(imports),
            {
                "id": 1,
                "project": 1,
                "person": ana.id,
                "file_name": "made",
                "digest": "made",
                "tasks_added": 0,
                "drafts_added": number,
                "imported_at": AT,
            },
        )
        bulk(connection, tasks, made_tasks(-(-number // DRAFTS_OF_A_TASK)))
        bulk(connection, drafts, made_drafts(number))
        connection.execute(
            sa.insert(rounds),
            {
                "id": 1,
                "project": 1,
                "rubric_version": version,
                "name": NAME,
                "folded": NAME,
                "kind": "double",
                "seed": 7,
                "per_draft": 2,
                "strata": [],
                "opened_at": AT,
                "opened_by": ana.id,
            },
        )
        keys = rubric.keys[:dimensions]
        connection.execute(
            sa.insert(round_dimensions),
            [{"round": 1, "dimension": key, "position": place} for place, key in enumerate(keys, start=1)],
        )
        connection.execute(
            sa.insert(round_annotators),
            [{"round": 1, "person": person.id, "position": place} for place, person in enumerate((ana, ben), start=1)],
        )
        each = drafts.c.id
        copy(connection, round_drafts, {"round": sa.literal(1), "draft": each, "is_practice": sa.false()})
        for seat, person in enumerate((ana, ben)):
            own = each * 2 - 1 + seat
            copy(
                connection,
                assignments,
                {
                    "id": own,
                    "round": sa.literal(1),
                    "draft": each,
                    "person": sa.literal(person.id),
                    "position": each,
                    "is_practice": sa.false(),
                    "state": sa.literal("saved"),
                    "revision": sa.literal(1),
                    "seconds": sa.literal(20.0),
                    "delivered_at": sa.literal(AT, assignments.c.delivered_at.type),
                },
            )
            copy(
                connection,
                saves,
                {
                    "id": own,
                    "assignment": own,
                    "token": sa.cast(own, sa.Text),
                    "revision": sa.literal(1),
                    "note": sa.literal(""),
                    "saved_at": sa.literal(AT, saves.c.saved_at.type),
                },
            )
            for place, key in enumerate(keys):
                copy(
                    connection,
                    labels,
                    {
                        "id": own + 2 * number * place,
                        "save": own,
                        "assignment": own,
                        "person": sa.literal(person.id),
                        "dimension": sa.literal(key),
                        "value": sa.cast(level(each, place, seat), sa.Text),
                        "labelled_at": sa.literal(AT, labels.c.labelled_at.type),
                    },
                )
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # what its autovacuum does by itself in the minutes after
    return ana


def level(draft: sa.ColumnElement, place: int, seat: int) -> sa.ColumnElement:
    """Invented: one of 0 to 3 by the draft's number, and the second annotator one level up on every ninth draft."""
    first = (draft % 10007 * 7919 + place * 31) % 1009 % 4
    return first if seat == 0 else sa.case(((draft + place) % 9 == 0, (first + 1) % 4), else_=first)


def made_tasks(number: int) -> Iterator[dict[str, Any]]:
    for each in range(1, number + 1):
        task = Task(f"t{each}", {"company_signal": f"Signal {each}"}, cluster=f"c{each}")
        yield {
            "id": each,
            "project": 1,
            "import": 1,
            "task_id": task.task_id,
            "cluster": task.cluster,
            "input": task.input,
            "extra": {},
            "digest": task.digest,
        }


def made_drafts(number: int) -> Iterator[dict[str, Any]]:
    for each in range(1, number + 1):
        task = -(-each // DRAFTS_OF_A_TASK)
        draft = Draft(f"d{each}", f"t{task}", f"Subject: draft {each}\n\nWe saw that your team has open roles.", "made")
        yield {
            "id": each,
            "project": 1,
            "import": 1,
            "task": task,
            "draft_id": draft.draft_id,
            "author": draft.author,
            "text": draft.text,
            "extra": {},
            "digest": draft.digest,
        }


def bulk(connection: sa.Connection, table: sa.Table, rows: Iterator[dict[str, Any]]) -> None:
    part: list[dict[str, Any]] = []
    for row in rows:
        part.append(row)
        if len(part) == AT_ONCE:
            connection.execute(sa.insert(table), part)
            part = []
    if part:
        connection.execute(sa.insert(table), part)


def copy(connection: sa.Connection, table: sa.Table, columns: dict[str, Any]) -> None:
    """One row of `table` for each draft."""
    connection.execute(
        sa.insert(table).from_select(list(columns), sa.select(*columns.values()).select_from(drafts).order_by(drafts.c.id))
    )


def seconds(call: Callable[[], Any]) -> tuple[float, Any]:
    began = time.perf_counter()
    result = call()
    return time.perf_counter() - began, result


def measure(name: str, engine: sa.Engine, number: int, dimensions: int) -> None:
    took, ana = seconds(lambda: fill(engine, number, dimensions))
    print(f"{name}: {number:,} drafts x 2 x {dimensions}, filled in {took:.0f} s")
    took, _ = seconds(lambda: close_round(ana, engine, NAME))
    print(f"  closing, which keeps the counts, the cells that wait, slices and halves: {took:.1f} s")
    new = open_engine(engine.url.render_as_string(hide_password=False))  # no connection, no compiled statement
    try:
        first, report = seconds(lambda: reports.agreement_of_rounds(ana, new, [NAME]))
        again = median(seconds(lambda: reports.agreement_of_rounds(ana, new, [NAME]))[0] for _ in range(OPENINGS))
        key = next(iter(report.dimensions))
        of_them, found = seconds(lambda: disagreements.widest_apart(ana, new, key, LISTED, rounds=[NAME]))
    finally:
        new.dispose()
    assert {each.units_with_two for each in report.dimensions.values()} == {number}
    print(
        aim(f"opening the stored report: {first:.2f} s, then {again:.2f} s", f"under {OPENED_WITHIN:g} s", first < OPENED_WITHIN)
    )
    print(
        aim(
            f"the widest {LISTED} of {found.many:,} disagreements: {of_them:.2f} s",
            f"under {OPENED_WITHIN:g} s",
            of_them < OPENED_WITHIN,
        )
    )
    took, wrong = seconds(lambda: store_check.check_store(engine))
    print(
        f"  auditing the whole store, counted again from every label: {took:.1f} s, "
        f"{'all of it holds together' if not wrong else wrong[:3]}"
    )
    assert not wrong


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--drafts", type=int, default=DRAFTS)
    asked.add_argument("--dimensions", type=int, default=1)
    asked.add_argument("--quick", action="store_true")
    asked.add_argument("--only", default="", choices=["", "sqlite", "postgresql"])
    options = asked.parse_args()
    number = QUICK if options.quick else options.drafts
    print(machine())
    if options.only != "postgresql":
        with new_store() as engine:
            measure("SQLite", engine, number, options.dimensions)
    with postgresql() if options.only != "sqlite" else nullcontext() as engine:
        if engine is None:
            print("PostgreSQL: left out" + ("" if options.only else ", it comes with requirements-dev.txt"))
        else:
            measure("PostgreSQL, the tests' settings (fsync off)", engine, number, options.dimensions)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform != "darwin" else 2**30)
    print(f"  most memory this program held: {most:.1f} GB")


if __name__ == "__main__":
    main()
