"""What files, audits, copies and migrations of a large store take: seconds of the processor, and memory from and to.

Each in a process of its own, so that its memory is its own, at 20,000 and 100,000 (`--sizes 20000,100000,1000000` for others):
tasks and labels imported by parts and in hand (a task has about 400 bytes of input; two people label each draft on one
dimension); then, of a closed round of so many drafts (`million.py`): gold, gold as a table a cell, the raw labels and the tasks
exported, the store checked, its events verified, the store backed up, and migrated by a migration that adds a table and a column,
and by one that changes every draft.
`--store FILE` does the latter with a copy of such a store that is there already; `--only labels` (or tasks, exports, upkeep) does
a part.
"""

import argparse
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import db.engine
from benchmarks.machine import aim, machine
from benchmarks.million import NAME, fill
from benchmarks.stores import RUBRIC, new_store, tasks
from db.engine import migrate, open_engine
from workflow.data import task_import
from workflow.data.import_by_parts import import_by_parts
from workflow.events.verifying import verify_events
from workflow.exporting.label_export import export_labels
from workflow.exporting.task_export import export_tasks
from workflow.gold.export import export_gold
from workflow.gold.tables import CELL, Form
from workflow.importing import large_files
from workflow.importing.label_files import File, FileOnDisk
from workflow.importing.label_sets import import_labels
from workflow.maintenance.store_backup import backup
from workflow.maintenance.store_check import check_store
from workflow.people import people
from workflow.rounds.closing import close_round

SIZES, PART, DIMENSION = "20000,100000", 20_000, "tone_compliance"
GROWS = 1.2  # times, at most, from the smallest size to the largest


def memory() -> float:
    """MB this process held at most so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform != "darwin" else 2**20)


def by_parts(url: str, file: Path) -> None:
    engine = open_engine(url)
    import_by_parts(people.person_named(engine, "ana"), engine, file, "tasks")


def in_hand(url: str, file: Path) -> None:
    engine = open_engine(url)
    task_import.import_tasks(people.person_named(engine, "ana"), engine, file.read_bytes(), file.name)


def bring(url: str, file: File | FileOnDisk) -> None:
    engine = open_engine(url)
    about = {"name": "outside", "made_by": "model", "rubric": RUBRIC}
    import_labels(people.person_named(engine, "ana"), engine, [file], **about)


def labels_by_parts(url: str, file: Path) -> None:
    large_files.LARGE = 0
    bring(url, FileOnDisk(file))


def labels_in_hand(url: str, file: Path) -> None:
    large_files.LARGE = file.stat().st_size
    bring(url, File(file.name, file.read_bytes()))


def gold(url: str, folder: Path) -> None:
    engine = open_engine(url)
    export_gold(people.person_named(engine, "ana"), engine, NAME, folder, partial=True)


def gold_as_table(url: str, folder: Path) -> None:
    engine = open_engine(url)
    export_gold(people.person_named(engine, "ana"), engine, NAME, folder, partial=True, form=Form(CELL))


def raw_labels(url: str, file: Path) -> None:
    engine = open_engine(url)
    export_labels(people.person_named(engine, "ana"), engine, NAME, file.with_suffix(".csv"))


def all_tasks(url: str, file: Path) -> None:
    engine = open_engine(url)
    export_tasks(people.person_named(engine, "ana"), engine, file)


def checked(url: str, _folder: Path) -> None:
    assert check_store(open_engine(url)) == []


def verified(url: str, _folder: Path) -> None:
    assert verify_events(open_engine(url)).wrong == ()


def backed_up(url: str, file: Path) -> None:
    backup(open_engine(url), file)


def migrated(url: str, folder: Path, body: str) -> None:
    """By one migration more than there are."""
    versions = folder / "db" / "migrations" / "versions"
    shutil.copytree(db.engine.ROOT / "db" / "migrations", versions.parent)
    last = max(each.stem[:4] for each in versions.glob("[0-9]*.py"))
    head = f"import sqlalchemy as sa\nfrom alembic import op\nrevision, down_revision = 'next', '{last}'\n"
    (versions / "next.py").write_text(f"{head}def upgrade():\n    {body}\n")
    db.engine.ROOT = folder
    migrate(open_engine(url))


def migrated_a_little(url: str, folder: Path) -> None:
    column = "op.add_column('assignments', sa.Column('more', sa.Text))"
    migrated(url, folder, f"{column}; op.create_table('more', sa.Column('id', sa.Integer, primary_key=True))")


def migrated_wholly(url: str, folder: Path) -> None:
    migrated(url, folder, "op.execute(\"UPDATE drafts SET author = 'another'\")")


def _measured(work: Callable[..., None], args: tuple[Any, ...], to) -> None:
    before, began, of_processor = memory(), time.perf_counter(), time.process_time()
    work(*args)
    to.send((time.perf_counter() - began, time.process_time() - of_processor, before, memory()))


def measure(called: str, work: Callable[..., None], *args: Any) -> float:
    """Do it in a process of its own and print what that took; MB at most."""
    context = get_context("spawn")
    here, there = context.Pipe(False)
    process = context.Process(target=_measured, args=(work, args, there))
    process.start()
    there.close()
    wall, of_processor, before, most = here.recv()
    process.join()
    print(f"  {called:<44} {wall:7.1f} s ({of_processor:6.1f} s of processor), {before:4.0f} to {most:5.0f} MB", flush=True)
    return most


def write_tasks(file: Path, number: int) -> None:
    """A file of so many tasks, written a part at a time."""
    with file.open("wb") as out:
        for begin in range(0, number, PART):
            out.write(tasks(min(PART, number - begin), f"p{begin}-"))


def imported(folder: Path, number: int) -> tuple[float, float]:
    """MB at most of the two ways to import so many tasks."""
    file = folder / f"tasks-{number}.jsonl"
    write_tasks(file, number)
    most = []
    for called, work in (("by parts", by_parts), ("in hand", in_hand)):
        url = f"sqlite:///{folder / f'{number} {called}.db'}"
        engine = open_engine(url)
        migrate(engine)
        people.add_person(None, engine, "ana")
        engine.dispose()
        most.append(measure(f"{number:,} tasks imported {called}", work, url, file))
    return most[0], most[1]


def brought(folder: Path, number: int) -> float:
    """MB at most of the import of so many labels by parts."""
    file = folder / f"labels-{number}.csv"
    with file.open("w") as out:
        out.write("draft_id,annotator,dimension,value\n")
        for each in range(number):
            unit, who = each // 2, each % 2
            out.write(f"d{unit},{'xy'[who]},{DIMENSION},{(unit % 1009 + (who and not unit % 9)) % 4}\n")
    most = []
    for called, work in (("by parts", labels_by_parts), ("in hand", labels_in_hand)):
        url = f"sqlite:///{folder / f'labels {number} {called}.db'}"
        engine = open_engine(url)
        migrate(engine)
        people.add_person(None, engine, "ana")
        engine.dispose()
        most.append(measure(f"{number:,} labels imported {called}", work, url, file))
    return most[0]


EXPORTS = {"gold": gold, "gold as a table a cell": gold_as_table, "the raw labels": raw_labels, "the tasks": all_tasks}
UPKEEP = {"the store checked": checked, "its events verified": verified, "the store backed up": backed_up}
MIGRATED = {"migrated, a table and a column added": migrated_a_little, "migrated, every draft changed": migrated_wholly}


def of_store(store: Path, folder: Path, only: str) -> dict[str, float]:
    """MB at most of each export, audit, copy and migration of a store, which is written into."""
    url, most = f"sqlite:///{store}", {}
    if only in ("", "exports"):
        for called, work in EXPORTS.items():
            most[called] = measure(f"{called} exported", work, url, folder / called.replace(" ", "-"))
    if only in ("", "upkeep"):
        for called, work in (UPKEEP | MIGRATED).items():
            if work is migrated_wholly:
                url = f"sqlite:///{folder / 'the-store-backed-up'}"
            most[called] = measure(called, work, url, folder / called.replace(" ", "-").replace(",", ""))
    return most


def made(folder: Path, number: int, only: str) -> dict[str, float]:
    with new_store() as engine:
        close_round(fill(engine, number, 1), engine, NAME)
        print(f"{number:,} drafts that two people labelled:")
        (folder / str(number)).mkdir()
        return of_store(Path(engine.url.database or ""), folder / str(number), only)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--sizes", default=SIZES)
    asked.add_argument("--store", type=Path)
    asked.add_argument("--only", default="", choices=["", "tasks", "labels", "exports", "upkeep"])
    options = asked.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory(prefix="touchstone-bench-") as made_at:
        folder = Path(made_at)
        if options.store:
            copy = Path(shutil.copy(options.store, folder / "store.db"))
            of_store(copy, folder, options.only)
            return
        sizes = [int(each) for each in options.sizes.split(",")]
        most: dict[str, list[float]] = {}
        if options.only in ("", "tasks"):
            most["tasks imported by parts"] = [imported(folder, number)[0] for number in sizes]
        if options.only in ("", "labels"):
            most["labels imported by parts"] = [brought(folder, number) for number in sizes]
        if options.only not in ("tasks", "labels"):
            for of_size in [made(folder, number, options.only) for number in sizes]:
                for called, mb in of_size.items():
                    most.setdefault(called, []).append(mb)
        for called, each in most.items():
            grew = each[-1] / each[0]
            print(aim(f"{called}: {grew:.2f} times the memory", f"at most {GROWS:g}", grew <= GROWS))


if __name__ == "__main__":
    main()
