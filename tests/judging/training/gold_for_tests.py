"""A closed round of three people on drafts whose texts tell the level, for the tests of judges trained on gold."""

import random

import sqlalchemy as sa

from tests.support.small_stores import TONE, draft, jsonl, label_all, opened, people, stock
from workflow.data.task_import import import_drafts
from workflow.people.people import Person
from workflow.rounds.closing import close_round

NUMBER, MORE = 44, 4  # drafts that are labelled, and those that are not
WORDS = ("drab", "poor", "fine", "best")  # of one length, which tells nothing


def level_of(at: int) -> int:
    return random.Random(f"level {at}").randint(0, 3)


def gold(engine: sa.Engine) -> Person:
    """The lead of a store with the closed round `pilot` of ana, ben and cy."""
    lead, *three = people(engine, "lead", "ana", "ben", "cy")
    stock(engine, lead, NUMBER + MORE)
    words = {at: WORDS[level_of(at)] for at in range(1, NUMBER + MORE + 1)}
    texts = [
        {**draft(at), "draft_id": f"w{at:02}", "text": f"It was {word}, {word} indeed, number {at}."}
        for at, word in words.items()
    ]
    import_drafts(lead, engine, jsonl(*texts), "texts.jsonl")
    units = [f"w{at:02}" for at in range(1, NUMBER + 1)]
    opened(engine, lead, annotators=[each.name for each in three], dimensions=(TONE,), draft_ids=units)
    for each in three:
        rng, given = random.Random(each.name), {}
        for at, unit in enumerate(units, start=1):
            level = level_of(at)
            given[unit] = (level if rng.random() > 0.05 else min(max(level + rng.choice((-1, 1)), 0), 3),)
        label_all(engine, each, given, dimensions=(TONE,))
    close_round(lead, engine, "pilot")
    return lead
