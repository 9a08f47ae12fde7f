"""Two worlds that differ in nothing but what is held back from one reader.

`a_world` fills a store at random: closed rounds of every kind with practice drafts, skips, notes, queries, corrections, decisions
and meetings, a label set, and at the end an open round in which Ana labels one to three of their drafts (again).
`change_what_is_held` then changes all that is known of those drafts, as if people had labelled, skipped and decided otherwise.
"""

import random
from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db import schema
from db.engine import counting, read_by_nobody
from db.store import counts as stored_counts
from db.store import label_sets as stored_label_sets
from db.store import rounds as stored_rounds
from db.store.closing import by_draft
from db.store.closing import cells as stored_cells
from tests.support.rubric_files import version
from tests.support.small_stores import CTA, RUBRIC, TONE, draft, jsonl, opened, people, save, skip_draft, stock
from touchstone.errors import Refused
from touchstone.preferences.choices import SIDES
from workflow import clock
from workflow.agreement.label_rows import table_of_set
from workflow.agreement.reports import agreement_of_rounds
from workflow.data.task_import import import_drafts
from workflow.events.recording import recorded
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.labelling.labelling import query
from workflow.labelling.own_labels import assignment_of
from workflow.people.people import Person
from workflow.preferences.comparing import choose_draft, next_pair
from workflow.preferences.comparisons import close_comparison
from workflow.preferences.opening import ComparisonDesign, open_comparison
from workflow.rounds.closing import as_stored, close_round, keep_counts
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import meetings, rubrics
from workflow.rubric.levels import declared
from workflow.rubric.versions import publish

GROUNDING = "signal_grounding"
CAUSES = ("rubric unclear", "slip", "missing context", "true ambiguity")


class World(NamedTuple):
    """What is in the store. `held`: the drafts that are held back from `reader`; `closed` the names of closed rounds of kind
    double; `repeats` those of the closed retest and calibration; `dimensions` of all of them."""

    lead: Person
    reader: Person
    held: tuple[str, ...]
    free: tuple[str, ...]
    closed: tuple[str, ...]
    repeats: tuple[str, ...]
    open_round: str
    dimensions: tuple[str, ...]
    version: str


def a_world(engine: sa.Engine, seed: int) -> World:
    rng = random.Random(seed)
    lead, ana, ben, cleo = people(engine, "lead", "ana", "ben", "cleo")
    number, dimensions = rng.randint(5, 9), (TONE, CTA, GROUNDING)[: rng.randint(2, 3)]
    stock(engine, lead, number)
    import_drafts(lead, engine, jsonl({**draft(2), "draft_id": "d02b", "text": "Another try."}), "again.jsonl")
    names = [f"d{each:02}" for each in range(1, number + 1)] + ["d02b"]
    open_comparison(lead, engine, ComparisonDesign("which", ["ben", "cleo"], seed=seed))
    for each in (ben, cleo):
        _compared(engine, random.Random(f"{seed} {each.name}"), each)
    close_comparison(lead, engine, "which")
    rng.shuffle(names)
    few = [ben, cleo] if rng.random() < 0.3 else [ana, ben, *([cleo] if rng.random() < 0.5 else [])]
    pilot, practice = names[:-2], rng.randint(0, 1)
    opened(engine, lead, "pilot", [each.name for each in few], dimensions, draft_ids=pilot, practice=practice)
    _labelled(engine, rng, "pilot", few, dimensions)
    opened(
        engine, lead, "second", ["ben", "cleo"], dimensions, draft_ids=names[-4 if rng.random() < 0.5 else -2 :]
    )  # some of pilot, or none
    _labelled(engine, rng, "second", [ben, cleo], dimensions)
    for name in ("pilot", "second"):
        close_round(lead, engine, name, early="enough")
        _decided(engine, rng, lead, name)
    found = _published(engine, lead)
    repeats = _repeats(engine, rng, (lead, ben, cleo), dimensions)
    _machine(engine, rng, lead, names)
    for each in ("pilot", "second", *repeats):  # read before: it is on record
        agreement_of_rounds(lead, engine, [each], opinion=False)
    held = _opened_again(engine, rng, lead, pilot, dimensions)
    if rng.random() < 0.5:
        save(engine, ana, held[0], [1] * len(dimensions), round_name="again", dimensions=dimensions)
    free = tuple(sorted(set(pilot) - set(held)))
    return World(lead, ana, held, free, ("pilot", "second"), repeats, "again", dimensions, found)


def _compared(engine: sa.Engine, rng: random.Random, who: Person) -> None:
    while pair := next_pair(who, engine, "which"):
        choose_draft(who, engine, "which", pair.number, {"overall": rng.choice(SIDES)}, "hm")


def _opened_again(
    engine: sa.Engine, rng: random.Random, lead: Person, pilot: Sequence[str], dimensions: Sequence[str]
) -> tuple[str, ...]:
    """The open round in which Ana labels some drafts of the pilot: a later one, a retest or a calibration; those drafts."""
    kind, number = rng.choice(("double", "double", "retest", "calibration")), rng.randint(1, 3)
    try:
        if kind == "double":
            opened(engine, lead, "again", ["ana", "cleo"], dimensions, draft_ids=rng.sample(pilot, number))
        else:
            more = {"force": True} if kind == "retest" else {"feedback": "end"}
            open_round(lead, engine, RoundDesign("again", kind=kind, of="pilot", annotators=["ana"], drafts=number, **more))
    except Refused:  # she labelled none of them, or too few are settled
        opened(engine, lead, "again", ["ana", "cleo"], dimensions, draft_ids=rng.sample(pilot, number))
    return tuple(sorted({row[0] for row in _desks(engine, "again")}))


def _desks(engine: sa.Engine, name: str) -> Sequence[sa.Row]:
    """draft_id and person (id) of every assignment of a round."""
    with engine.connect() as connection:
        return connection.execute(
            sa.select(schema.drafts.c.draft_id, schema.assignments.c.person)
            .join(schema.assignments, schema.assignments.c.draft == schema.drafts.c.id)
            .join(schema.rounds, schema.rounds.c.id == schema.assignments.c.round)
            .where(schema.rounds.c.name == name)
            .order_by(schema.assignments.c.id)
        ).all()


def _labelled(engine: sa.Engine, rng: random.Random, name: str, who: Sequence[Person], dimensions: Sequence[str]) -> None:
    """Most drafts of a round are labelled, some skipped, corrected, asked about, or left."""
    by_id = {each.id: each for each in who}
    for row in _desks(engine, name):
        person, luck = by_id[row.person], rng.random()
        if luck < 0.05:
            continue
        if luck < 0.15:
            skip_draft(engine, person, row.draft_id, f"no words for {row.draft_id}", round_name=name)
            continue
        for _ in range(2 if luck > 0.9 else 1):
            values = [rng.choice((0, 1, 1, 2, 3)) for _ in dimensions]
            note = f"of {row.draft_id}" if luck > 0.6 else ""
            save(engine, person, row.draft_id, values, note, round_name=name, dimensions=dimensions)
        if luck > 0.8:
            query(person, engine, assignment_of(person, engine, name, row.draft_id), f"what of {row.draft_id}?")


def _decided(engine: sa.Engine, rng: random.Random, lead: Person, name: str) -> None:
    """Half of what waits is decided, and some of what differs is talked of in the meeting."""
    for cell in open_disagreements(lead, engine, name).waiting:
        if rng.random() < 0.5:
            cause, why = rng.choice(CAUSES), f"why {cell.draft_id}"
            adjudicate(lead, engine, name, cell.draft_id, cell.dimension, rng.randint(0, 2), why, cause)
        if cell.state == "disagreement" and rng.random() < 0.6:
            meetings.decide(lead, engine, name, cell.draft_id, cell.dimension, f"said of {cell.draft_id}")


def _published(engine: sa.Engine, lead: Person) -> str:
    rubric, _, _ = rubrics.read_file(rubrics.FOLDER / f"{RUBRIC}.yml")
    made = version(2, (f"question: {rubric.dimension(TONE).question}", "question: Is the voice that of the guide?"))
    publish(lead, engine, made, "clearer", round_name="pilot")
    return made


def _repeats(engine: sa.Engine, rng: random.Random, team: Sequence[Person], dimensions: Sequence[str]) -> tuple[str, ...]:
    """A closed retest of Ben's and a closed calibration of Cleo's, both on the pilot."""
    lead, ben, cleo = team
    for kind, who in (("retest", ben), ("calibration", cleo)):
        more = {"force": True} if kind == "retest" else {"feedback": "end"}
        open_round(lead, engine, RoundDesign(kind, kind=kind, of="pilot", annotators=[who.name], **more))
        _labelled(engine, rng, kind, [who], dimensions)
        close_round(lead, engine, kind, early="enough")
    return "retest", "calibration"


def _machine(engine: sa.Engine, rng: random.Random, lead: Person, names: Sequence[str]) -> None:
    files = [
        File(f"{who}.csv", (f"draft_id,{TONE}\n" + "".join(f"{each},{rng.randint(0, 3)}\n" for each in names)).encode())
        for who in ("one", "other")
    ]
    import_labels(lead, engine, files, name="machine", made_by="model", rubric=RUBRIC)
    tasks = dict.fromkeys(f"t{each[1:3]}" for each in names)
    source = f"task_id,{TONE}\n" + "".join(f"{each},{rng.randint(0, 3)}\n" for each in tasks)
    import_labels(lead, engine, [File("x.csv", source.encode())], name="by task", made_by="program", rubric=RUBRIC)


def change_what_is_held(engine: sa.Engine, world: World, seed: int) -> None:
    """Change every label, skip, note, query, decision, mark and key of the drafts that are held back, in every closed round and
    label set; then count anew what is counted at closing."""
    rng = random.Random(seed)
    with recorded(None, engine, "make another world") as connection, read_by_nobody(connection):
        counting(connection)
        drafts = list(connection.scalars(sa.select(schema.drafts.c.id).where(schema.drafts.c.draft_id.in_(world.held))))
        for row in connection.execute(sa.select(schema.rounds).where(schema.rounds.c.closed_at.is_not(None))).all():
            _change_round(connection, rng, row, drafts, world.reader.id)
        for row in connection.execute(sa.select(schema.label_sets)).all():
            _change_set(connection, rng, row, world)
        _change_choices(connection, random.Random(seed), drafts)  # so that the rest changes as it did without it


def _change_choices(connection: sa.Connection, rng: random.Random, drafts: Sequence[int]) -> None:
    """What was taken of every pair that has one of the drafts."""
    pairs, shown, choices = schema.compared_pairs, schema.shown_pairs, schema.pair_choices
    of = sa.select(shown.c.id).join(pairs).where(pairs.c.draft_a.in_(drafts) | pairs.c.draft_b.in_(drafts))
    taken = schema.dimension_choices
    every = sa.select(taken).join(choices, choices.c.id == taken.c.choice).where(choices.c.shown.in_(of))
    for each in connection.execute(every.order_by(taken.c.choice)).all():
        other = rng.choice([side for side in SIDES if side != each.taken])
        _update(connection, taken, taken.c.choice == each.choice, taken=other)
        _update(connection, choices, choices.c.id == each.choice, note=f"other {rng.random()}")


def _change_round(connection: sa.Connection, rng: random.Random, row: sa.Row, drafts: Sequence[int], reader: int) -> None:
    desks, labels, saves = schema.assignments, schema.labels, schema.saves
    mine = connection.execute(sa.select(desks).where(desks.c.round == row.id, desks.c.draft.in_(drafts))).all()
    rubric = rubrics.rubric_of(connection, row.rubric_version)

    def other(dimension: str, value: str) -> str:
        return rng.choice([str(each) for each in declared(rubric, dimension).values if str(each) != value])

    for desk in mine:
        _update(connection, saves, saves.c.assignment == desk.id, note=f"other {rng.random()}")
        for label in connection.execute(sa.select(labels).where(labels.c.assignment == desk.id)).all():
            _update(connection, labels, labels.c.id == label.id, value=other(label.dimension, label.value))
        _update(connection, schema.queries, schema.queries.c.assignment == desk.id, note=f"another {rng.random()}")
        if desk.person != reader:  # how long they took themselves, and that they skipped, is no news to them
            _update(connection, desks, desks.c.id == desk.id, seconds=desk.seconds + rng.random())
    if saved := [each for each in mine if each.state == "saved" and not each.is_practice and each.person != reader]:
        _skipped_instead(connection, rng.choice(saved))
    for table in (schema.adjudications, schema.discussions):
        _change_said(connection, rng, table, row, drafts, other)
    key = schema.gold_keys
    for each in connection.execute(sa.select(key).where(key.c.round == row.id, key.c.draft.in_(drafts))).all():
        here = (key.c.round == row.id) & (key.c.draft == each.draft) & (key.c.dimension == each.dimension)
        _update(connection, key, here, value=other(each.dimension, each.value), adjudication=None)
    _counted_anew(connection, row, rubric)


def _update(connection: sa.Connection, table: sa.Table, where: sa.ColumnElement[bool], **values: object) -> None:
    connection.execute(sa.update(table).where(where).values(**values))


def _skipped_instead(connection: sa.Connection, desk: sa.Row) -> None:
    labels = schema.labels
    mine = sa.select(labels.c.id).where(labels.c.assignment == desk.id)
    connection.execute(sa.delete(schema.adjudicated_labels).where(schema.adjudicated_labels.c.label.in_(mine)))
    for label in connection.execute(mine.order_by(labels.c.id.desc())).all():
        connection.execute(sa.delete(labels).where(labels.c.id == label.id))
    _update(connection, schema.assignments, schema.assignments.c.id == desk.id, state="skipped", skip_reason="another world")


def _change_said(
    connection: sa.Connection, rng: random.Random, table: sa.Table, row: sa.Row, drafts: Sequence[int], other
) -> None:
    """Decisions of the adjudicator (or the meeting) on those drafts: some are gone, the others otherwise, and there are new
    ones."""
    is_meeting = table is schema.discussions
    said = connection.execute(sa.select(table).where(table.c.round == row.id, table.c.draft.in_(drafts))).all()
    for each in said:
        if is_meeting:
            _update(connection, table, table.c.id == each.id, decision=f"other {rng.random()}", withdrawn=rng.random() < 0.3)
        else:
            new = {"value": other(each.dimension, each.value), "reason": f"other {rng.random()}", "cause": rng.choice(CAUSES)}
            _update(connection, table, table.c.id == each.id, also_labelled=not each.also_labelled, **new)
    keys = list(
        connection.scalars(sa.select(schema.round_dimensions.c.dimension).where(schema.round_dimensions.c.round == row.id))
    )
    if row.kind != "double":
        return
    lead = connection.scalar(sa.select(sa.func.min(schema.people.c.id)))
    for draft_, key in [(each, key) for each in drafts for key in keys]:
        if any((each.draft, each.dimension) == (draft_, key) for each in said) or rng.random() < 0.4:
            continue
        if connection.scalar(
            sa.select(sa.func.count()).where(schema.round_drafts.c.round == row.id, schema.round_drafts.c.draft == draft_)
        ):
            own = {"round": row.id, "draft": draft_, "person": lead, "dimension": key}
            if is_meeting:
                own |= {"decision": "new", "withdrawn": False, "discussed_at": clock.now()}
            else:
                own |= {"value": "1", "reason": "new", "cause": "slip", "also_labelled": True, "decided_at": clock.now()}
            connection.execute(sa.insert(table).values(own))


def _counted_anew(connection: sa.Connection, row: sa.Row, rubric) -> None:
    """What a closing stores, of the labels as they are now."""
    mine = sa.select(schema.counts.c.id).where(schema.counts.c.round == row.id)
    connection.execute(sa.delete(schema.pattern_counts).where(schema.pattern_counts.c.counted.in_(mine)))
    connection.execute(sa.delete(schema.counts).where(schema.counts.c.round == row.id))
    stored_cells.forget(connection, row.id)
    by_draft.forget(connection, row.id)
    keep_counts(connection, stored_rounds.by_id(connection, row.id), rubric, row.closed_at)
    for each in stored_rounds.delivered_by_now(connection, row.id):
        here = (schema.round_annotators.c.round == row.id) & (schema.round_annotators.c.person == each.person)
        _update(connection, schema.round_annotators, here, **{name: getattr(each, name) for name in stored_rounds.KEPT})


def _change_set(connection: sa.Connection, rng: random.Random, row: sa.Row, world: World) -> None:
    labels = schema.set_labels
    units = {*world.held, *(f"t{each[1:3]}" for each in world.held)}
    of_set = (labels.c.label_set == row.id) & labels.c.unit.in_(units)
    for each in connection.execute(sa.select(labels).where(of_set)).all():
        _update(connection, labels, labels.c.id == each.id, value=rng.choice([v for v in "0123" if v != each.value]))
    _update(connection, schema.label_sets, schema.label_sets.c.id == row.id, suspicions=[f"odd {rng.random()}"])
    mine = sa.select(schema.counts.c.id).where(schema.counts.c.label_set == row.id)
    connection.execute(sa.delete(schema.pattern_counts).where(schema.pattern_counts.c.counted.in_(mine)))
    connection.execute(sa.delete(schema.counts).where(schema.counts.c.label_set == row.id))
    (found,) = stored_label_sets.by_folded(connection, row.folded)
    table = table_of_set(connection, found)
    for key in dict.fromkeys(each.dimension for each in table.rows):
        stored_counts.add_counts(connection, key, as_stored(table.counts(key)), row.imported_at, label_set=row.id)
