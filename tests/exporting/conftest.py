"""A closed round with all that can happen in one."""

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import draft, jsonl, opened, people, save, skip_draft, task
from workflow.data.task_import import import_drafts, import_tasks
from workflow.labelling.labelling import query
from workflow.labelling.own_labels import assignment_of, own_drafts
from workflow.rounds.closing import close_round

LIVE = '=HYPERLINK("http://x","y")'


def build(engine):
    """Six drafts in clusters of two, one of them for practice, by ana, ben and cleo: ana corrected one and noted a formula on
    another, about which she asks; ben skipped one; cleo never handed one in. Which is in `found[1:]`, by draft id."""
    lead, *annotators = people(engine, "lead", "ana", "ben", "cleo")
    import_tasks(lead, engine, jsonl(*(task(n, cluster=f"c{n // 2}") for n in range(1, 7))), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(*(draft(n) for n in range(1, 7))), "drafts.jsonl")
    opened(engine, lead, annotators=["ana", "ben", "cleo"], practice=1, seed=5)
    corrected, noted, skipped, missing = ("d01", "d02", "d03", "d04")
    for seat, person in enumerate(annotators):
        for number, draft_id in enumerate(sorted(own_drafts(person, engine, "pilot")[0])):
            if (draft_id, person.name) == (skipped, "ben"):
                skip_draft(engine, person, draft_id, "@no: cannot tell")
            elif (draft_id, person.name) != (missing, "cleo"):
                save(engine, person, draft_id, ((number * (1 + seat % 2)) % 4, number % 3))
    ana = annotators[0]
    save(engine, ana, corrected, (3, 3), "second thoughts of ana")
    save(engine, ana, noted, (1, 1), LIVE)
    query(ana, engine, assignment_of(ana, engine, "pilot", noted), "'Is this one broken?'")
    close_round(lead, engine, "pilot", early="enough")
    return lead


@pytest.fixture
@kept
def lead(sqlite_engine):
    return build(sqlite_engine)


@pytest.fixture
@kept
def lead_anywhere(engine):
    return build(engine)
