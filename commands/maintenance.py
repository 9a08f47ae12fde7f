"""Commands on the store itself: its schema, the sample workspace, whether it holds together, copies of it."""

from pathlib import Path
from typing import Annotated

import typer

from commands import refuse, store, verb
from db.engine import migrate as migrate_store
from db.engine import open_engine
from terminal.waiting.progress import so_far
from touchstone.cli.printing import say
from touchstone.english import listed, many
from touchstone.errors import Problem
from workflow.data import sample as sample_workspace
from workflow.data.sample_manifest import sample_named, samples
from workflow.maintenance import store_backup, store_check
from workflow.rounds.closing import keep_for_earlier


@verb("migrate", in_project=False)
def migrate() -> None:
    """Migrate the store to the current schema; a new store gets its tables.

    Example: python manage.py migrate
    """
    engine = open_engine()
    with so_far("rows read") as tell:
        before = migrate_store(engine, tell=tell)
    keep_for_earlier(engine)
    say(
        {
            "new": "the store was created",
            "present": "the store already has the current schema",
            "older": "the store now has the current schema",
        }[before]
    )


@verb("sample", in_project=False)
def sample(
    name: Annotated[str, typer.Argument(help="one of the samples: a folder of sample/; all when left out")] = "",
    if_new: Annotated[bool, typer.Option("--if-new", help="only into an empty store")] = False,
) -> None:
    """Load the sample workspace: invented tasks and drafts, closed rounds, open ones, each sample a project. Safe to repeat.

    Example: python manage.py sample support
    """
    engine = store()
    chosen = [sample_named(name)] if name else samples()
    if if_new and not sample_workspace.is_new(engine):
        say("the store holds data; the sample workspace is left out")
    elif loaded := [each.name for each in chosen if sample_workspace.load_sample(engine, each)]:
        say(f"the sample workspace is loaded: {listed(loaded)}")
    else:
        say("the sample workspace is in the store already; nothing changed")


@verb("check-store", in_project=False)
def check_store() -> None:
    """Check that the store is consistent: its integrity, its rubrics' digests, the counts of closed rounds.

    Example: python manage.py check-store
    """
    with so_far("rows checked") as tell:
        found = store_check.check_store(store(), tell=tell)
    if found:
        refuse(f"the store is not consistent: {many(len(found), 'fault')}", [Problem(None, fault) for fault in found])
    say("the store is consistent")


@verb("backup", in_project=False)
def backup(file: Annotated[Path, typer.Argument(help="a new file")]) -> None:
    """Copy the whole store into one file, a SQLite store of its own, whichever database it is in.

    Example: python manage.py backup touchstone-2026-11-22.sqlite
    """
    with so_far("rows copied") as tell:
        rows = store_backup.backup(store(), file, tell=tell)
    say(f"{many(sum(rows.values()), 'row')} of {many(len(rows), 'table')} in {file}")
    if head := store_backup.head_of(file):
        say(f"  its last event has the digest {head}: kept elsewhere, it tells what is cut off later")


@verb("restore", in_project=False)
def restore(file: Annotated[Path, typer.Argument(help="a file made by backup")]) -> None:
    """Copy a backup into a new or empty store: also the way from SQLite to PostgreSQL.

    Example: TOUCHSTONE_DATABASE_URL=postgresql://me@localhost/touchstone python manage.py restore backup.sqlite
    """
    with so_far("rows copied") as tell:
        rows = store_backup.restore(open_engine(), file, tell=tell)
    say(f"{many(sum(rows.values()), 'row')} of {many(len(rows), 'table')} restored")
