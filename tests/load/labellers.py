"""People who go on labelling whatever happens to the app or its store, and what each was told of every Save."""

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import httpx
import sqlalchemy as sa
from websockets.exceptions import WebSocketException

from benchmarks.raw_tabs import LabelTab

LEVELS = 4
CUT_OFF = (OSError, WebSocketException, httpx.HTTPError, TimeoutError)  # what a browser answers by coming back


@dataclass
class Kept:
    """Assignments by what their labeller was told of the Save, the sentences read, and how often the app was not there."""

    acknowledged: list[int] = field(default_factory=list)
    unanswered: set[int] = field(default_factory=set)  # the app ended, or was gone, before it said anything
    refused: set[int] = field(default_factory=set)
    sentences: Counter[str] = field(default_factory=Counter)
    cut_off: int = 0


class Labellers:
    """All people of a round, labelling in one process: `kept` says what they were told so far."""

    def __init__(self, url: str, tokens: Sequence[str], round_name: str, pause: float) -> None:
        self.url, self.tokens, self.round_name, self.pause = url, tokens, round_name, pause
        self.kept, self.over = Kept(), False

    @property
    def saved(self) -> int:
        return len(self.kept.acknowledged)

    async def more(self, saves: int = 1, seconds: float = 90) -> None:
        """Returns once so many more Saves were acknowledged: what was broken works again."""
        wanted = self.saved + saves
        async with asyncio.timeout(seconds):
            while self.saved < wanted:
                await asyncio.sleep(0.02)

    async def one(self, token: str, seed: int) -> None:
        dice = random.Random(seed)
        while not self.over:
            try:
                async with LabelTab(self.url, token, self.round_name) as tab:
                    while not self.over and not self._is_at_the_end(tab):
                        await self._label(tab, dice)
                    if self._is_at_the_end(tab):
                        return
            except CUT_OFF:
                self.kept.cut_off += 1
                await asyncio.sleep(dice.uniform(0.1, 0.4))

    def _is_at_the_end(self, tab: LabelTab) -> bool:
        if tab.is_done and tab.said:  # the page could not be drawn: a person reloads it
            self.kept.sentences[tab.said] += 1
            raise TimeoutError
        return tab.is_done

    async def _label(self, tab: LabelTab, dice: random.Random) -> None:
        for place in range(len(tab.levels)):
            await asyncio.sleep(dice.uniform(0.5, 1.5) * self.pause)
            try:
                await tab.choose(place, dice.randrange(LEVELS))
            except RuntimeError:  # it stands in the form all the same, and goes with the Save
                self.kept.sentences[tab.said] += 1
        assignment = int(tab.save_button.rpartition("-save-")[2].split("-")[0])
        self.kept.unanswered.add(assignment)
        try:
            await tab.save()
        except RuntimeError:
            self.kept.refused.add(assignment)
            self.kept.sentences[tab.said] += 1
        else:
            self.kept.acknowledged.append(assignment)
        self.kept.unanswered.discard(assignment)


@asynccontextmanager
async def labelling(url: str, tokens: Sequence[str], round_name: str, pause: float = 0.03) -> AsyncIterator[Labellers]:
    """Within: they label, each a tab; at the end each finishes what they have in hand."""
    they = Labellers(url, tokens, round_name, pause)
    async with asyncio.TaskGroup() as all_of_them:
        for seed, token in enumerate(tokens):
            all_of_them.create_task(they.one(token, seed))
        try:
            yield they
        finally:
            they.over = True


def stored(engine: sa.Engine, round_name: str) -> dict[int, tuple[int, int]]:
    """By assignment of the round that has been saved: its saves, its labels."""
    with engine.connect() as connection:
        rows = connection.execute(
            sa.text(
                "SELECT a.id, count(DISTINCT s.id) AS saves, count(l.id) AS labels FROM assignments a "
                "JOIN rounds r ON r.id = a.round JOIN saves s ON s.assignment = a.id LEFT JOIN labels l ON l.save = s.id "
                "WHERE r.name = :name GROUP BY a.id"
            ),
            {"name": round_name},
        ).all()
    return {row.id: (row.saves, row.labels) for row in rows}


def nothing_lost(kept: Kept, engine: sa.Engine, round_name: str, dimensions: int = 5) -> str:
    """Every Save that was acknowledged is stored, once and whole, and nothing is stored that nobody pressed Save for. Returns
    the figures as a line."""
    there = stored(engine, round_name)
    acknowledged = set(kept.acknowledged)
    assert len(acknowledged) == len(kept.acknowledged), "a draft was acknowledged twice"
    assert acknowledged <= set(there), f"lost: {sorted(acknowledged - set(there))}"
    assert set(there) <= acknowledged | kept.unanswered | kept.refused
    assert set(there.values()) == {(1, dimensions)}, there
    unheard = len(set(there) - acknowledged)
    return f"{len(acknowledged)} Saves acknowledged, {len(there)} stored, {unheard} of them unheard; cut off {kept.cut_off} times"
