"""The log of a PostgreSQL server: with its own settings it has no word of what is sealed, whatever is done, and whatever fails.

A server writes an error with its statement, and of a row that breaks a constraint the whole row. So what fails here is refused
before the server sees it, or names no text.
"""

from threading import Barrier, Thread
from uuid import uuid4

import pytest
import sqlalchemy as sa

from tests.bench.test_sealing import RECIPIENT, secret_draft, secret_task
from tests.support.sample_store import hasty_engine
from tests.support.small_stores import jsonl, label_all, opened, people
from touchstone.errors import NotYourTurn, Refused
from workflow.bench.sealing import SealDesign, open_partition, seal_partition
from workflow.bench.splits import use_split
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold.adjudication import adjudicate
from workflow.labelling.labelling import save_labels
from workflow.labelling.next_draft import next_assignment
from workflow.rounds.closing import close_round

HELD = [f"sealed-held_out-{number:04}-1" for number in (1, 2)]


@pytest.fixture
def engine(postgresql_url):
    with hasty_engine(postgresql_url) as opened_store:
        yield opened_store


@pytest.fixture
def logged(postgres_server):
    """What the server logs from now on, whole: other tests log there too, so that a word of one's own is looked for."""
    log = postgres_server / "log"
    begins = log.stat().st_size
    return lambda: log.read_bytes()[begins:].decode("utf-8", "replace")


def at_once(*verbs) -> list[str]:
    """Each verb in a thread of its own, all begun together; what each was refused with, "" for what was done."""
    barrier, told = Barrier(len(verbs)), [""] * len(verbs)

    def run(place: int) -> None:
        barrier.wait()
        try:
            verbs[place]()
        except (Refused, NotYourTurn) as refused:
            told[place] = str(refused)

    threads = [Thread(target=run, args=(place,)) for place in range(len(verbs))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return told


@pytest.mark.usefixtures("rubric_folder")
def test_the_servers_log_has_no_word_of_what_is_sealed(engine, logged):
    word = f"okapi{uuid4().hex}"
    lead, ana, ben, kim = people(engine, "lead", "ana", "ben", "kim")
    tasks, drafts = ([make(number, word) for number in range(2)] for make in (secret_task, secret_draft))
    import_tasks(lead, engine, jsonl(*tasks), "held.jsonl")
    import_drafts(lead, engine, jsonl(*drafts), "held-drafts.jsonl")
    design = SealDesign("held_out", "kim", RECIPIENT)
    told = at_once(*[lambda: seal_partition(lead, engine, design)] * 2)
    assert sorted(map(bool, told)) == [False, True], "one of the two is refused"
    for fails in (
        lambda: import_tasks(lead, engine, jsonl(*tasks), "again.jsonl"),
        lambda: import_drafts(lead, engine, jsonl(*drafts), "again.jsonl"),
        lambda: use_split(lead, engine, {f"{word}-0": "train"}),
        lambda: open_partition(lead, engine, "held_out", "mine"),
    ):
        with pytest.raises((Refused, NotYourTurn)):
            fails()
    opened(engine, lead, draft_ids=HELD)
    desk = next_assignment(ana, engine, "pilot")
    assert word in desk.text
    values = {each: 1 for each in ("tone_compliance", "cta_quality")}
    save = (desk.assignment, values, f"it says {word}", desk.revision, uuid4().hex)
    at_once(*[lambda: save_labels(ana, engine, *save)] * 2)
    label_all(engine, ana, {HELD[1 if desk.text.startswith(f"Dear {word} 0") else 0]: (1, 1)})
    label_all(engine, ben, {each: (2, 2) for each in HELD})
    close_round(lead, engine, "pilot")
    adjudicate(kim, engine, "pilot", HELD[0], "tone_compliance", 1, f"{word} is mild", "slip")
    open_partition(kim, engine, "held_out", "it is over")
    assert word not in logged()


def test_the_search_finds_what_a_server_does_log(engine, logged):
    """Else the test above would hold whatever is logged: a row that breaks a constraint is in the log with all its words."""
    word = f"okapi{uuid4().hex}"
    statement = "INSERT INTO people (name, folded, kind, is_sample, added_at) VALUES (:word, :word, 'nobody', false, now())"
    with engine.connect() as connection, pytest.raises(sa.exc.IntegrityError):
        connection.execute(sa.text(statement), {"word": word})
    assert word in logged()
