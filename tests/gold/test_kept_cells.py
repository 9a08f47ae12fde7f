"""What is kept of a round's cells at closing says what its labels, decisions and spot checks say, whoever did what."""

import random

import pytest
import sqlalchemy as sa

from db.engine import counting, reading, seen_by
from db.store.closing import cells as stored_cells
from tests.support.random_rounds import DESIGNS, label_some
from tests.support.small_stores import change, label_all, opened, people, rows, stock
from touchstone.data.counts import apart
from touchstone.data.gold import WAITING, standing
from touchstone.errors import NotYourTurn
from workflow.agreement.disagreements import disagreements_on, widest_apart
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.gold.cells import cells_of, counted_cells, round_with_cells
from workflow.gold.gold import gold_counted, gold_of_round
from workflow.maintenance.store_check import check_store
from workflow.releasing import spot_checks
from workflow.rounds.closing import close_round, keep_for_earlier, reopen_round
from workflow.rounds.draft_list import DraftFilter, drafts_of_round
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, scales_of
from workflow.rubric.meetings import meeting


def spread(cell, rubric) -> int:
    dimension = declared(rubric, cell.dimension)
    places = [dimension.values.index(label.value) for label in cell.labels]
    return apart(places, dimension.scale) if len(places) > 1 else -1


def compare(engine, reader) -> None:
    """All that is read from what was kept, beside the same counted from every cell."""
    with reading(engine, reader) as connection:
        found = round_with_cells(connection, "pilot")
        rubric = rubrics.of_round(connection, found.id)
        every = cells_of(connection, found, rubric)
        counted = counted_cells(connection, found, rubric)
        scales = scales_of(rubric, found.dimensions)
        for ask in (stored_cells.counts_of_cells, as_rows):
            assert ask(connection, found.id, scales) == ask(connection, found.id, scales, anew=True)
    assert counted.standings == tuple(standing(key, declared(rubric, key).values, every) for key in found.dimensions)
    assert counted.lone == sum(cell.is_lone for cell in every)
    waiting = sorted((cell for cell in every if cell.state in WAITING), key=lambda cell: -spread(cell, rubric))
    decided = [cell for cell in every if cell.decision]
    whole = open_disagreements(reader, engine, "pilot")
    assert (list(whole.waiting), list(whole.decided), whole.is_whole) == (waiting, decided, True)
    for near in [("", ""), *((cell.draft_id, cell.dimension) for cell in waiting[2:4] + decided[-1:])]:
        part = open_disagreements(reader, engine, "pilot", most=3, near=near)
        assert (part.many_waiting, part.many_decided) == (len(waiting), len(decided))
        assert list(part.waiting) == waiting[part.before : part.before + 3]
        assert near == ("", "") or near in {(cell.draft_id, cell.dimension) for cell in (*part.waiting, *part.decided)}
    for key in found.dimensions:
        listed = disagreements_on(reader, engine, key, round_name="pilot")
        assert widest_apart(reader, engine, key, 2, rounds=["pilot"]) == (len(listed), tuple(listed[:2]))
        met, some = meeting(reader, engine, "pilot", key), meeting(reader, engine, "pilot", key, most=1)
        assert {each.draft_id for each in met.points} == {each.unit for each in listed}
        assert [(each.levels, each.many) for each in met.groups] == [(each.levels, each.many) for each in some.groups]
        assert all(part.points == of.points[: len(part.points)] for part, of in zip(some.groups, met.groups, strict=True))
    states = {(cell.draft_id, cell.dimension): cell.state for cell in every}
    for asked, is_so in LISTS.items():
        mine = {draft for draft, _ in states if is_so([states[draft, key] for key in found.dimensions])}
        listed = drafts_of_round(reader, engine, "pilot", DraftFilter(state=asked))
        assert ({each.draft_id for each in listed.drafts}, listed.found) == (mine, len(mine)), asked


LISTS = {
    "agreed": lambda states: set(states) == {"agreed"},
    "undecided": lambda states: any(state in WAITING for state in states),
    "adjudicated": lambda states: "adjudicated" in states,
    "gold": lambda states: set(states) <= {"agreed", "adjudicated"},
}


def as_rows(connection, round_, scales, anew=False) -> list[tuple]:
    waiting = stored_cells.waiting_of(connection, round_, scales, anew=anew)
    return sorted((*row[:2], *row[3:]) for row in connection.execute(sa.select(waiting)))  # places of held drafts are left out


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_says_what_every_cell_says_after_whatever_was_done(engine, seed):
    rng = random.Random(seed)
    lead, *those = people(engine, "lead", "ana", "ben", "cleo")
    dee = people(engine, "dee")[0]
    stock(engine, lead, 9)
    opened(engine, lead, annotators=["ana", "ben", "cleo"], **DESIGNS[seed % len(DESIGNS)])
    label_some(engine, rng, those, 0.8)
    close_round(lead, engine, "pilot", early="enough")
    if rng.random() < 0.5:
        reopen_round(lead, engine, "pilot")
        assert rows(engine, "SELECT (SELECT count(*) FROM waiting_cells) + (SELECT count(*) FROM cell_counts)") == [(0,)]
        label_some(engine, rng, those, 0.9)
        close_round(lead, engine, "pilot", early="enough")
    compare(engine, lead)
    if any(each.by_state.get("agreed") for each in gold_counted(lead, engine, "pilot").standings):
        spot_checks.draw_spot_check(dee, engine, "pilot", 4, seed)
        while cell := spot_checks.next_to_check(dee, engine, "pilot"):
            spot_checks.check_cell(dee, engine, "pilot", cell.draft_id, cell.dimension.key, rng.choice((0, 1, 2)), "why")
        compare(engine, lead)
    for _ in range(2):
        queue = open_disagreements(lead, engine, "pilot")
        for cell in rng.sample(queue.waiting, len(queue.waiting) // 2):
            adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, rng.choice((0, 1)), "why", "slip")
        for cell in queue.decided[:2]:
            revising = cell.decision.adjudication
            adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, 2, "better", "slip", revising=revising)
        compare(engine, lead)
    opened(engine, lead, "again", annotators=["dee", "ana"], draft_ids=["d02", "d05"])
    compare(engine, dee)
    assert gold_counted(lead, engine, "pilot").standings == gold_of_round(lead, engine, "pilot").standings
    assert check_store(engine) == []


@pytest.fixture
def closed(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 3)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (0, 1), "d02": (1, 1), "d03": (2, 2)})
    label_all(engine, ben, {"d01": (3, 1), "d02": (1, 1), "d03": (1, 2)})
    close_round(lead, engine, "pilot")
    return lead


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE cell_counts SET cells = cells + 1 WHERE state = 'agreed'", "the counted cells of pilot do not match its labels"),
        ("UPDATE waiting_cells SET spread = 1", "the waiting cells of pilot do not match its labels"),
        ("DELETE FROM waiting_cells WHERE place = 2", "the waiting cells of pilot do not match its labels"),
        ("DELETE FROM cell_counts", "pilot has waiting cells, and all its cells are not counted"),
    ],
)
def test_what_another_hand_did_to_the_kept_cells_is_told(engine, closed, statement, told):
    assert check_store(engine) == []
    change(engine, statement)
    assert told in check_store(engine)


def test_a_round_closed_before_cells_were_kept_is_counted_anew_until_they_are(engine, closed):
    kept = rows(engine, "SELECT * FROM waiting_cells ORDER BY place"), rows(engine, "SELECT * FROM cell_counts ORDER BY 2, 3, 4")
    with seen_by(counting(engine), None).execution_options(writes=True).begin() as connection:
        stored_cells.forget(connection, 1)
    compare(engine, closed)
    with reading(engine, closed) as connection:
        assert not stored_cells.are_kept(connection, 1)
    assert (keep_for_earlier(engine), keep_for_earlier(engine)) == (1, 0)
    compare(engine, closed)
    again = rows(engine, "SELECT * FROM waiting_cells ORDER BY place"), rows(engine, "SELECT * FROM cell_counts ORDER BY 2, 3, 4")
    assert again == kept


def test_an_open_round_is_refused_by_each_reading_of_kept_cells(engine, closed):
    lead = closed
    opened(engine, lead, "second", draft_ids=["d01"])
    with reading(engine, lead) as connection:
        for ask in (stored_cells.counts_of_cells, stored_cells.waiting_of):
            with pytest.raises(NotYourTurn, match="second is open"):
                ask(connection, 2, {})
