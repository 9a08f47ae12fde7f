"""Backups made while people label, each restored into both databases: whole, and with all that had been acknowledged."""

import asyncio
from pathlib import Path

import pytest

from benchmarks.load import with_people
from tests.load.labellers import labelling, nothing_lost, stored
from tests.support import postgres
from tests.support.sample_store import hasty_engine, sqlite_url
from workflow.maintenance.store_backup import backup, restore
from workflow.maintenance.store_check import check_store

PEOPLE, BACKUPS = 6, 3


def restored_into_both(file: Path, folder: Path, postgres_server: Path) -> list[set[int]]:
    """The assignments that are saved in each copy, once the copy has been found to fit together."""
    there = []
    with postgres.new_database(postgres_server, "template0") as url:
        for each in (sqlite_url(folder / f"{file.stem}-again.db"), url):
            with hasty_engine(each) as engine:
                restore(engine, file)
                assert check_store(engine) == []
                there.append(set(stored(engine, "backups")))
    return there


@pytest.mark.timeout(900)
def test_a_backup_under_load_has_what_was_acknowledged_before_it(store_url, server, tmp_path, postgres_server):
    with hasty_engine(store_url) as engine:
        tokens = with_people(engine, PEOPLE, 300, "backups")
        app = server(store_url)

        async def backed_up() -> str:
            before = {}
            async with labelling(app.url, tokens, "backups") as they:
                for number in range(BACKUPS):
                    await they.more(PEOPLE)
                    file = tmp_path / f"backup-{number}.db"
                    before[file] = set(they.kept.acknowledged)
                    await asyncio.to_thread(backup, engine, file)
            for file, acknowledged in before.items():
                for copied in restored_into_both(file, tmp_path, postgres_server):
                    assert acknowledged <= copied
            return nothing_lost(they.kept, engine, "backups")

        print(f"\n{engine.dialect.name}, {BACKUPS} backups, each restored into both: {asyncio.run(backed_up())}")
