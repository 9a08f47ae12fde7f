"""The app killed again and again while people label: what was acknowledged is stored, once, and the store fits together."""

import asyncio
import os
import random

import pytest

from benchmarks.load import with_people
from tests.load.labellers import labelling, nothing_lost
from tests.support.sample_store import hasty_engine
from workflow.maintenance.store_check import check_store

KILLS = int(os.environ.get("TOUCHSTONE_KILLS", "50"))
PEOPLE, EACH = 6, 700


@pytest.mark.timeout(1800)
def test_no_kill_loses_an_acknowledged_save(store_url, server):
    with hasty_engine(store_url) as engine:
        tokens = with_people(engine, PEOPLE, EACH, "kills")
        app = server(store_url)

        async def killed() -> str:
            dice = random.Random(7)
            async with labelling(app.url, tokens, "kills") as they:
                for _ in range(KILLS):
                    await they.more()
                    await asyncio.sleep(dice.uniform(0, 0.5))
                    await asyncio.to_thread(app.kill)
                    await asyncio.to_thread(app.start)
                await they.more(PEOPLE)
            assert they.kept.cut_off >= KILLS
            return nothing_lost(they.kept, engine, "kills")

        print(f"\n{engine.dialect.name}, {KILLS} kills: {asyncio.run(killed())}")
        assert check_store(engine) == []
