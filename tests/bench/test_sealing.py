"""A sealed partition is told to nobody but who is seated, until its keeper opens it: no byte of it, in no way out."""

import ast
import json
import random
from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa

from db import schema
from db.schema import metadata
from db.store.bench import candidates as stored_candidates
from db.store.closing.withheld import NOTED_ON_SEALED
from tests.support import reader_views
from tests.support.modules import MODULES, tree
from tests.support.small_stores import CTA, RUBRIC, TONE, jsonl, opened, people, rows, save, skip_draft
from tests.support.two_worlds import World
from touchstone.bench.sealing.commitments import SealedTask, canary_of
from touchstone.bench.sealing.sealed_file import decrypted, encrypted, manifest_of, new_key, read_manifest
from touchstone.bench.splits.asked import SplitDesign
from touchstone.errors import NotYourTurn, Refused
from workflow.agreement.disagreements import disagreements_on
from workflow.agreement.reports import agreement_of_rounds
from workflow.bench.candidates import candidates_of
from workflow.bench.sealing import SEALED, SealDesign, open_partition, partitions_of, seal_partition, seals_of
from workflow.bench.splits import split_tasks_of, use_split
from workflow.data.task_import import import_drafts, import_tasks
from workflow.data.undoing import undo_import
from workflow.events.recording import recorded
from workflow.gold import adjudication
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.labelling import own_labels
from workflow.labelling.labelling import query
from workflow.labelling.next_draft import next_assignment
from workflow.maintenance.store_check import check_store
from workflow.projects.projects import delete_project
from workflow.rounds.closing import close_round
from workflow.rounds.one_draft import draft_of_round
from workflow.rubric import meetings

pytestmark = pytest.mark.usefixtures("rubric_folder")
SECRET, OTHER = "zebra", "okapi"
NOTED = "quagga"  # in what is noted on a sealed draft: a note may quote it
KEY, RECIPIENT = new_key()
KEPT = ("sealed_tasks", "sealed_drafts")


def secret_task(number: int, word: str = SECRET) -> dict:
    return {
        "task_id": f"{word}-{number}",
        "partition": "held_out",
        "dimension": TONE,
        "difficulty": f"{word} hard",
        "source_mode": f"{word} mode",
        "cluster": f"{word} company {number // 2}",
        "input": {"company_signal": f"The {word} {number}", "prior_thread": ""},
        "notes": f"{word} note",
    }


def secret_draft(number: int, word: str = SECRET) -> dict:
    text = f"Dear {word} {number}, shall we talk?"
    return {"draft_id": f"{word}-d{number}", "task_id": f"{word}-{number}", "author": f"{word} model", "text": text, "seed": word}


def stocked(engine):
    """Four public tasks and four of the partition held_out, a draft each; lead, ana, ben, and kim who keeps the seal."""
    lead, ana, ben, kim = people(engine, "lead", "ana", "ben", "kim")
    public = [{"task_id": f"t{n}", "partition": "train", "input": {"company_signal": f"Firm {n}"}} for n in range(4)]
    import_tasks(lead, engine, jsonl(*public), "train.jsonl")
    import_drafts(
        lead, engine, jsonl(*({"draft_id": f"d{n}", "task_id": f"t{n}", "text": f"Draft {n}."} for n in range(4))), "d.jsonl"
    )
    import_tasks(lead, engine, jsonl(*map(secret_task, range(4))), "held.jsonl")
    import_drafts(lead, engine, jsonl(*map(secret_draft, range(4))), "held-drafts.jsonl")
    return lead, ana, ben, kim


def sealed(engine, **more):
    team = stocked(engine)
    made = seal_partition(team[0], engine, SealDesign("held_out", "kim", RECIPIENT, date(2027, 6, 1), **more))
    return team, made


def everything(engine, leave_out=()) -> str:
    """Every row of every table, as text."""
    with engine.connect() as connection:
        tables = [each for each in metadata.sorted_tables if each.name not in leave_out]
        return repr([list(connection.execute(sa.select(each))) for each in tables])


def own_rows(engine) -> list:
    with engine.connect() as connection:
        of = (schema.tasks, schema.drafts)
        return [[tuple(row) for row in connection.execute(sa.select(each).order_by(each.c.id))] for each in of]


def test_no_table_but_two_has_a_byte_of_what_is_sealed_and_opening_brings_it_back(engine):
    lead, *_, kim = stocked(engine)
    before = own_rows(engine)
    assert SECRET in everything(engine)
    seal_partition(lead, engine, SealDesign("held_out", "kim", RECIPIENT))
    assert SECRET not in everything(engine, KEPT) and SECRET in everything(engine)
    assert rows(engine, "SELECT count(*) FROM tasks WHERE partition = 'held_out'") == [(4,)]
    assert check_store(engine) == []
    opened_seal = open_partition(kim, engine, "held_out", "the evaluation is over")
    assert opened_seal.is_open and opened_seal.reason == "the evaluation is over"
    assert own_rows(engine) == before and SECRET in everything(engine, KEPT)
    assert check_store(engine) == []


def note_on(draft_id: str) -> str:
    return f"It says {NOTED}." if draft_id.startswith("sealed-") else "It is a draft."


def a_world(engine) -> World:
    """A round on the sealed partition and one on public tasks, both labelled and closed, and one open on it; a label set."""
    (lead, ana, ben, _), _ = sealed(engine)
    held = [f"sealed-held_out-{n:04}-1" for n in range(1, 5)]
    opened(engine, lead, "pilot", draft_ids=held[:3])
    opened(engine, lead, "second", draft_ids=["d0", "d1", "d2"])
    rng = random.Random(1)
    for name, drafts in (("pilot", held[:3]), ("second", ["d0", "d1", "d2"])):
        for person in (ana, ben):
            for each in drafts:
                save(engine, person, each, [rng.choice((1, 2)), rng.choice((0, 3))], note_on(each), round_name=name)
        close_round(lead, engine, name)
    opened(engine, lead, "again", draft_ids=held[3:])
    files = [
        File(f"{who}.csv", f"draft_id,{TONE}\n{held[0]},{level}\nd0,2\n".encode()) for who, level in (("one", 1), ("other", 2))
    ]
    import_labels(lead, engine, files, name="machine", made_by="model", rubric=RUBRIC)
    import_labels(lead, engine, files[:1], name="by task", made_by="program", rubric=RUBRIC)
    return World(lead, lead, tuple(held), ("d0", "d1"), ("pilot", "second"), (), "again", (TONE, CTA), RUBRIC)


CASES = {"gold.adjudication.case"}  # an adjudicator reads what is decided on


QUICK = sorted(set(reader_views.VIEWS) - reader_views.SLOW - CASES)


@pytest.mark.parametrize("names", [*(QUICK[part::4] for part in range(4)), sorted(reader_views.SLOW)], ids=[*"1234", "slow"])
def test_no_verb_tells_who_is_not_seated_of_what_is_sealed(sqlite_engine, names):
    """Two worlds differ in what is sealed alone: every verb tells the same in both, and nothing of either."""
    world = a_world(sqlite_engine)
    for each in world.closed:  # read before: it is on record
        agreement_of_rounds(world.lead, sqlite_engine, [each], opinion=False)
    if set(names) <= set(QUICK):
        reader_views.seen(sqlite_engine, world, names)  # some of them decide or propose, which is done once
    before = reader_views.seen(sqlite_engine, world, names)
    change_what_is_sealed(sqlite_engine)
    after = reader_views.seen(sqlite_engine, world, names)
    told = {name for name in names if before[name] != after[name] and not name.startswith("events.")}  # the change is an event
    assert told == set()
    for answers in (*before.values(), *after.values()):
        assert not [each for each in answers if SECRET in each or OTHER in each or NOTED in each]


def test_what_the_verbs_do_not_tell_an_adjudicator_reads(sqlite_engine):
    """What the test above looks for is there: else it would hold whatever a verb does."""
    world = a_world(sqlite_engine)
    told = reader_views.seen(sqlite_engine, world, CASES)["gold.adjudication.case"]
    assert any(SECRET in each for each in told) and any(NOTED in each for each in told)


def test_what_was_noted_on_a_sealed_draft_is_told_to_who_has_a_seat_and_to_all_once_it_is_open(engine):
    (lead, ana, ben, kim), _ = sealed(engine)
    (held, passed) = (f"sealed-held_out-{n:04}-1" for n in (1, 2))
    opened(engine, lead, draft_ids=[held, passed, "d0"])
    desk = next_assignment(ana, engine, "pilot")
    query(ana, engine, desk.assignment, f"is {NOTED} meant?")
    for person, level in ((ana, 1), (ben, 2)):
        for each in (held, "d0"):
            save(engine, person, each, [level, 1], note_on(each))
    skip_draft(engine, ana, passed, f"what is {NOTED}")
    save(engine, ben, passed, [1, 1])
    close_round(lead, engine, "pilot")
    adjudication.adjudicate(kim, engine, "pilot", held, TONE, 1, f"{NOTED} is mild", "slip")

    for said, on in ((f"{NOTED} is meant", held), ("it is public", "d0")):
        meetings.decide(ana, engine, "pilot", on, TONE, said)
    meetings.keep_note(ana, engine, "pilot", TONE, f"we spoke of {NOTED}")
    for verb, sentence in (
        (lambda: meetings.decide(lead, engine, "pilot", held, TONE, "mine"), "is sealed: what is said of it is written by who"),
        (lambda: meetings.keep_note(lead, engine, "pilot", TONE, "mine"), "drafts of pilot are sealed: the note is written by"),
    ):
        with pytest.raises(NotYourTurn, match=sentence):
            verb()

    def told(person, names=(held, passed, "d0")) -> str:
        drafts = [draft_of_round(person, engine, "pilot", each) for each in names]
        differing = disagreements_on(person, engine, TONE, round_name="pilot")
        met = meetings.meeting(person, engine, "pilot", TONE)
        queue = adjudication.open_disagreements(person, engine, "pilot")
        return repr((drafts, differing, met, queue, agreement_of_rounds(person, engine, ["pilot"], opinion=False).notes))

    assert NOTED not in told(lead) and NOTED not in told(kim) and NOTED_ON_SEALED in told(lead)
    assert "It is a draft." in told(lead) and "it is public" in told(lead), "of what is not sealed words are told"
    assert NOTED in told(ana)
    assert NOTED in repr(adjudication.case(lead, engine, "pilot", held, TONE))
    open_partition(kim, engine, "held_out", "it is over")
    now = told(lead, (f"{SECRET}-d0", f"{SECRET}-d1", "d0"))
    assert NOTED in now and NOTED_ON_SEALED not in now


def test_what_was_said_of_the_candidate_of_a_sealed_task_is_told_once_it_is_open(engine):
    lead, *_, kim = stocked(engine)
    at = datetime(2026, 3, 1, tzinfo=UTC)
    of = {"project": 1, "person": lead.id, "method": "drafts", "at": at, "about": {}}
    with recorded(lead, engine, "propose") as connection:
        for task_id in (f"{SECRET}-1", "public-1"):
            number = stored_candidates.add(connection, task_id=task_id, document={"task_id": task_id}, **of)
            stored_candidates.add_verdict(
                connection, number, verdict="accepted", reason=f"as {task_id} of {NOTED}", about={}, at=at, person=lead.id
            )

    def reasons(person) -> list[str]:
        return [each.reason for each in candidates_of(person, engine)]

    assert reasons(kim) == [f"as {SECRET}-1 of {NOTED}", f"as public-1 of {NOTED}"]
    seal_partition(lead, engine, SealDesign("held_out", "kim", RECIPIENT))
    assert reasons(kim) == reasons(lead) == [NOTED_ON_SEALED, f"as public-1 of {NOTED}"]
    open_partition(kim, engine, "held_out", "it is over")
    assert reasons(lead)[0] == f"as {SECRET}-1 of {NOTED}"


def change_what_is_sealed(engine) -> None:
    """Another world: each word of what is sealed is another."""
    with recorded(None, engine, "make another world") as connection:
        for table in (schema.sealed_tasks, schema.sealed_drafts):
            key = table.primary_key.columns[0]
            for row in connection.execute(sa.select(table)).all():
                kept = {name: getattr(row, name) for name in ("content", "input", "text") if name in table.c}
                changed = {name: json.loads(json.dumps(value).replace(SECRET, OTHER)) for name, value in kept.items()}
                connection.execute(sa.update(table).where(key == row[0]).values(**changed))


def test_who_is_seated_reads_the_text_to_label_it_and_to_decide_on_it(engine):
    (lead, ana, ben, kim), _ = sealed(engine)
    opened(engine, lead, partition="held_out")
    desk = next_assignment(ana, engine, "pilot")
    assert SECRET in desk.text and any(SECRET in text for _, text in desk.fields)
    for person, level in ((ana, 1), (ben, 2)):
        for n in range(1, 5):
            save(engine, person, f"sealed-held_out-{n:04}-1", [level, 1])
    close_round(lead, engine, "pilot")
    (first, *_) = adjudication.open_disagreements(lead, engine, "pilot").waiting
    case = adjudication.case(lead, engine, "pilot", first.draft_id, first.dimension)
    assert SECRET in case.text and SECRET not in first.draft_id
    mine = own_labels.my_labels(ana, engine, "pilot")
    assert SECRET in own_labels.own_labels_of(ana, engine, "pilot", mine[0].assignment).desk.text
    with pytest.raises(Refused):
        next_assignment(kim, engine, "pilot", desk.assignment)


def test_only_two_places_read_what_is_kept_for_who_is_seated():
    using = {
        str(path)
        for path in MODULES
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ImportFrom) and {"shown_text", "shown_input"} & {each.name for each in node.names}
    }
    assert using == {"db/store/labelling.py", "db/store/tasks.py"}


def test_the_sealed_file_has_exactly_what_the_manifest_commits_to(engine):
    _, made = sealed(engine)
    manifest = read_manifest(made.manifest)
    assert SECRET.encode() not in made.age and SECRET.encode() not in made.manifest
    tasks = decrypted(made.age, KEY, manifest)
    assert [each.task["task_id"] for each in tasks] == [f"{SECRET}-{n}" for n in range(4)]
    assert [each.drafts[0]["text"] for each in tasks] == [secret_draft(n)["text"] for n in range(4)]
    assert manifest.canary == canary_of(manifest.root) == made.seal.canary
    assert len({each.salt for each in tasks}) == 4
    with pytest.raises(Refused, match="cannot be opened with this key"):
        decrypted(made.age, new_key()[0], manifest)
    with pytest.raises(Refused, match="cannot be opened"):
        decrypted(made.age[:-1], KEY, manifest)
    with pytest.raises(Refused, match="its root or its canary does not follow"):
        read_manifest(made.manifest.replace(manifest.commitments[0].encode(), b"0" * 64))


@pytest.mark.parametrize("change", ["text", "order", "missing", "twice"])
def test_a_task_changed_moved_left_out_or_there_twice_is_found(change):
    tasks = [SealedTask(f"{n:064}", {"task_id": str(n), "input": {"a": "x"}}, []) for n in range(3)]
    manifest = manifest_of(tasks, partition="p", keeper="k", until=None, sealed_on=date(2026, 1, 1), recipient=RECIPIENT)
    other = {
        "text": [tasks[0]._replace(task={"task_id": "0", "input": {"a": "y"}}), *tasks[1:]],
        "order": tasks[::-1],
        "missing": tasks[1:],
        "twice": [tasks[0], *tasks],
    }[change]
    assert decrypted(encrypted(tasks, manifest), KEY, manifest) == tasks
    with pytest.raises(Refused, match="is not what the manifest of p commits to"):
        decrypted(encrypted(other, manifest), KEY, manifest)


def test_equal_tasks_have_unlike_commitments_so_that_none_can_be_guessed():
    one, other = SealedTask("a" * 64, {"x": 1}, []), SealedTask("b" * 64, {"x": 1}, [])
    assert one.commitment != other.commitment == SealedTask("b" * 64, {"x": 1}, []).commitment


def test_only_the_keeper_opens_once_and_with_a_reason_and_it_is_on_record(engine):
    (lead, ana, _, kim), made = sealed(engine)
    assert made.seal.sentence.startswith("held_out (4 tasks, 4 drafts) is sealed until 1 June 2027 since ")
    with pytest.raises(NotYourTurn, match="kim keeps held_out, and lead cannot open it; ask kim"):
        open_partition(lead, engine, "held_out", "I want to")
    with pytest.raises(Refused, match="needs a reason"):
        open_partition(kim, engine, "held_out", " ")
    with pytest.raises(Refused, match="there is no seal on 'train'; there is held_out"):
        open_partition(kim, engine, "train", "why not")
    open_partition(kim, engine, "held_out", "done")
    with pytest.raises(Refused, match="was opened by kim on .*: done; it cannot be opened twice"):
        open_partition(kim, engine, "held_out", "again")
    told = rows(engine, "SELECT verb, outcome, person FROM events WHERE verb LIKE '%partition' ORDER BY id")
    assert told == [
        ("seal partition", "done", lead.id),
        ("open partition", "refused", lead.id),
        ("open partition", "done", kim.id),
    ]
    (seal,) = seals_of(ana, engine)
    assert (seal.opened_by, seal.reason) == ("kim", "done")


def test_what_was_shown_or_has_a_seal_or_is_not_there_is_not_sealed(engine):
    lead, *_ = stocked(engine)
    opened(engine, lead, partition="train")
    design = SealDesign("train", "kim", RECIPIENT)
    with pytest.raises(Refused, match="train cannot be sealed: the round pilot had some of it before"):
        seal_partition(lead, engine, design)
    with pytest.raises(Refused, match="there is no partition 'dev'; there are held_out, train"):
        seal_partition(lead, engine, SealDesign("dev", "kim", RECIPIENT))
    with pytest.raises(Refused, match="1 January 2020 is past, and nothing is sealed until then; give a later day, or none"):
        seal_partition(lead, engine, SealDesign("held_out", "kim", RECIPIENT, date(2020, 1, 1)))
    with pytest.raises(Refused, match="nobody is named “zoe”"):
        seal_partition(lead, engine, SealDesign("held_out", "zoe", RECIPIENT))
    with pytest.raises(Refused, match="is no public key of age"):
        seal_partition(lead, engine, SealDesign("held_out", "kim", "age1x"))
    seal_partition(lead, engine, SealDesign("held_out", "kim", RECIPIENT))
    with pytest.raises(Refused, match="a partition is sealed once"):
        seal_partition(lead, engine, SealDesign("held_out", "kim", RECIPIENT))
    assert [(each.name, each.seal is not None) for each in partitions_of(lead, engine)] == [("held_out", True), ("train", False)]


def test_what_is_sealed_comes_in_by_no_second_import_and_no_import_of_it_is_undone(engine):
    (lead, *_), _ = sealed(engine)
    with pytest.raises(Refused) as refused:
        import_tasks(lead, engine, jsonl(secret_task(1)), "again.jsonl")
    assert str(refused.value.problems[0]) == "line 1: task_id zebra-1 is in held_out, which is sealed; leave it out"
    with pytest.raises(Refused, match="the partition held_out, which was sealed, has some of it"):
        undo_import(lead, engine, 3)
    assert check_store(engine) == []


def test_nothing_comes_to_lie_in_a_sealed_partition_beside_its_seal(engine):
    (lead, *_, kim), _ = sealed(engine)
    task = {"task_id": "new", "partition": "held_out", "input": {"company_signal": "A firm"}}
    draft = {"draft_id": "d9", "task_id": "sealed-held_out-0001", "text": "Dear all"}
    for bring, line, said in (
        (import_tasks, task, "task new goes into held_out, which is sealed; take another name for its partition"),
        (import_drafts, draft, "draft d9 is written for sealed-held_out-0001, which is sealed; leave it out"),
    ):
        with pytest.raises(Refused) as refused:
            bring(lead, engine, jsonl(line), "more.jsonl")
        assert [each.reason for each in refused.value.problems] == [said]
    plain = {"task_id": "plain", "input": {"company_signal": "A firm"}}
    with pytest.raises(Refused):
        import_tasks(lead, engine, jsonl(plain), "more.jsonl", partition="held_out")
    public = {f"t{n}": "held_out" for n in range(4)}
    for split in (
        lambda: use_split(lead, engine, public),
        lambda: split_tasks_of(lead, engine, SplitDesign(["company_signal"], {"train": 2, "held_out": 2})),
    ):
        with pytest.raises(Refused, match="held_out is sealed, and no task is put into a sealed partition; take another name"):
            split()
    made = split_tasks_of(lead, engine, SplitDesign(["company_signal"], {"train": 2, "dev": 2}))
    assert made.notes == ("held_out is sealed and was not compared: a group may have tasks there and in these partitions",)
    open_partition(kim, engine, "held_out", "done")
    assert import_tasks(lead, engine, jsonl(task), "more.jsonl").tasks_added == 1


def test_a_project_is_deleted_with_what_is_sealed_in_it(engine):
    (lead, *_), _ = sealed(engine)
    delete_project(
        lead, engine, *rows(engine, "SELECT name FROM projects")[0], typed=rows(engine, "SELECT name FROM projects")[0][0]
    )
    assert SECRET not in everything(engine) and rows(engine, "SELECT count(*) FROM seals") == [(0,)]


def test_a_sealed_draft_says_that_it_is_sealed(engine):
    sealed(engine)
    assert rows(engine, "SELECT DISTINCT text FROM drafts WHERE draft_id LIKE 'sealed-%'") == [(SEALED,)]
