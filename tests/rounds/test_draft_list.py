"""The list of a round's drafts: what is found in it, and that nobody learns from it what is held back from them."""

import itertools
from uuid import uuid4

import pytest

from tests.labelling.test_blindness import HIDDEN, everything_in
from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, save, skip_draft, stock, task
from touchstone.data.gold import Cell
from touchstone.errors import Refused
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.labelling.labelling import query, save_labels
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import assignment_of
from workflow.rounds import draft_list
from workflow.rounds.closing import close_round, reopen_round
from workflow.rounds.draft_list import DraftFilter, cells_in_words, drafts_of_round
from workflow.rounds.one_draft import draft_of_round

SECRET = "secret note of ben"


def found(person, engine, round_name="pilot", **asked) -> list[str]:
    """The ids on the first page of the list."""
    return [each.draft_id for each in drafts_of_round(person, engine, round_name, DraftFilter(**asked)).drafts]


def ask(engine, person, draft_id, note, round_name="pilot") -> None:
    query(person, engine, assignment_of(person, engine, round_name, draft_id), note)


@pytest.fixture
@kept
def half_done(engine):
    """An open round of six drafts of two authors, for Ana and Ben: d01 labelled by both, d02 by Ben, who asked about it, d03
    skipped by Ben, d04 opened by Ana."""
    lead, ana, ben, cleo = people(engine, "lead", "ana", "ben", "cleo")
    numbers = range(1, 7)
    import_tasks(lead, engine, jsonl(*(task(n, plan=("free", "pro", 3)[n % 3]) for n in numbers)), "tasks.jsonl")
    drafts = [draft(n, author=f"hidden-author {'AB'[n % 2]}", text=f"Hello, Ümit, number {n}") for n in numbers]
    import_drafts(lead, engine, jsonl(*drafts), "drafts.jsonl")
    opened(engine, lead)
    label_all(engine, ana, {"d01": (1, 1)})
    label_all(engine, ben, {"d01": (0, 1), "d02": (2, 2)})
    ask(engine, ben, "d02", SECRET)
    skip_draft(engine, ben, "d03", SECRET)
    next_assignment(ana, engine, "pilot", assignment_of(ana, engine, "pilot", "d04"))
    return lead, ana, ben, cleo


@pytest.fixture
@kept
def closed(engine, half_done):
    """The round closed early; d01 decided on tone by Cleo."""
    lead, ana, ben, cleo = half_done
    label_all(engine, ana, {"d02": (2, 2), "d03": (1, 1), "d05": (3, 0)})
    label_all(engine, ben, {"d05": (2, 0)})
    close_round(lead, engine, "pilot", early="enough")
    adjudicate(cleo, engine, "pilot", "d01", TONE, 1, "why", "slip")
    return half_done


def test_drafts_of_an_open_round_are_found_by_how_far_they_are(engine, half_done):
    lead, *_ = half_done
    assert found(lead, engine) == ["d01", "d02", "d03", "d04", "d05", "d06"]
    assert found(lead, engine, state="all") == ["d01"]
    assert found(lead, engine, state="some") == ["d02", "d03"]
    assert found(lead, engine, state="waiting") == ["d04", "d05", "d06"]
    assert "d04" in found(lead, engine, state="in hand")
    assert found(lead, engine, state="skipped") == ["d03"]
    assert found(lead, engine, state="queried") == ["d02"]
    assert found(lead, engine, sort="queries")[0] == "d02" and found(lead, engine, sort="fewest")[-1] == "d01"


def test_drafts_are_searched_in_ids_and_texts_and_narrowed_by_author_and_fields(engine, half_done):
    lead, *_ = half_done
    assert found(lead, engine, words="NUMBER 3") == ["d03"] == found(lead, engine, words=" t03 ")
    assert found(lead, engine, words="Ümit") == found(lead, engine) and found(lead, engine, words="100%") == []
    assert found(lead, engine, by={"author": ["hidden-author B"]}) == ["d01", "d03", "d05"]
    assert found(lead, engine, by={"plan": ["free", "3"]}) == ["d02", "d03", "d05", "d06"]
    assert found(lead, engine, by={"plan": ["free"], "author": ["hidden-author A"]}) == ["d06"]
    made = drafts_of_round(lead, engine, "pilot", DraftFilter())
    assert made.fields["plan"].values == ("3", "free", "pro") and made.fields["author"].title == "draft author"


def test_of_an_open_round_no_label_is_told_and_none_can_be_asked_for(engine, half_done):
    lead, *_ = half_done
    for asked in [DraftFilter(state=state, dimension=TONE, sort="differing") for state in draft_list.OF_CELLS]:
        made = drafts_of_round(lead, engine, "pilot", asked)
        assert (made.asked.state, made.asked.dimension, made.asked.sort, made.found) == ("", "", "", 6)
        assert all(each.cells == {} and each.differing == () for each in made.drafts)
    for each in ("d01", "d02"):
        one = draft_of_round(lead, engine, "pilot", each)
        assert one.cells == () and [(who.annotator, who.state) for who in one.work if who.annotator == "ben"] == [
            ("ben", "saved")
        ]
    assert SECRET not in everything_in([drafts_of_round(lead, engine, "pilot", DraftFilter()).drafts])


def test_whoever_labels_a_draft_learns_nothing_of_its_author_its_fields_or_the_others(engine, half_done):
    _, ana, _, _ = half_done
    made = drafts_of_round(ana, engine, "pilot", DraftFilter())
    assert made.held_back == 6 and made.fields == {} and all(each.held_back for each in made.drafts)
    told = {(each.author, each.owed, each.saved, each.skipped, each.begun, each.queries) for each in made.drafts}
    assert told == {("", 0, 0, 0, 0, 0)}
    assert [each.mine for each in made.drafts] == ["saved", *["waiting"] * 5]
    shown = everything_in([made.drafts, *(draft_of_round(ana, engine, "pilot", each.draft_id) for each in made.drafts)])
    assert [word for word in (*HIDDEN, "t01", "free") if word in shown] == []


def test_no_filter_and_no_order_reaches_what_is_held_back(engine, half_done):
    _, ana, ben, _ = half_done
    for state in draft_list.STATES:
        assert found(ana, engine, state=state) == []
    assert found(ana, engine, words="t03") == [] and found(ana, engine, words="d03") == ["d03"]
    assert found(ana, engine, by={"author": ["hidden-author A"]}) == found(
        ana, engine
    )  # a field she is not told of narrows nothing
    orders = {tuple(found(each, engine, sort=sort)) for sort in draft_list.SORTS | draft_list.BY_CELLS for each in (ana, ben)}
    assert orders == {("d01", "d02", "d03", "d04", "d05", "d06")}


def test_in_a_pool_the_drafts_of_others_are_told_and_ones_own_stand_last_in_any_other_order(engine):
    lead, ana, *_ = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 6)
    opened(engine, lead, annotators=["ana", "ben", "cleo"], per_draft=2)
    made = drafts_of_round(ana, engine, "pilot", DraftFilter(sort="author"))
    held = [each.held_back for each in made.drafts]
    assert sum(held) == made.held_back == 4 and held == sorted(held)
    assert {each.author for each in made.drafts if each.held_back} == {""}
    assert {each.author for each in made.drafts if not each.held_back} == {"hidden-author"}
    assert len(found(ana, engine, state="waiting")) == 2


def test_drafts_of_a_closed_round_are_found_by_what_they_were_given(engine, closed):
    lead, *_ = closed
    assert found(lead, engine, state="disagreement") == ["d01", "d05"] == found(lead, engine, dimension=TONE)
    assert found(lead, engine, state="disagreement", dimension=CTA) == []
    assert found(lead, engine, state="agreed") == ["d02"] and found(lead, engine, state="adjudicated") == ["d01"]
    assert found(lead, engine, state="agreed", dimension=CTA) == ["d01", "d02", "d05"]
    assert found(lead, engine, state="gold") == ["d01", "d02"]
    assert found(lead, engine, state="undecided") == ["d03", "d04", "d05", "d06"]
    made = drafts_of_round(lead, engine, "pilot", DraftFilter(sort="differing"))
    assert [each.draft_id for each in made.drafts][:2] == ["d01", "d05"]
    said = {each.draft_id: cells_in_words(each, {TONE: "Tone", CTA: "CTA"}) for each in made.drafts}
    assert (said["d01"], said["d02"], said["d05"]) == ("adjudicated: Tone", "agreed", "to decide: Tone")
    assert said["d06"] == "to decide: all 2 dimensions"


def test_a_draft_of_a_closed_round_stands_with_its_labels_side_by_side_and_what_was_asked(engine, closed):
    lead, *_ = closed
    one = draft_of_round(lead, engine, "pilot", "d02")
    assert [(cell.dimension, [each.value for each in cell.labels]) for cell in one.cells] == [(TONE, [2, 2]), (CTA, [2, 2])]
    assert [each.note for each in one.queries] == [SECRET] and one.author == "hidden-author A" and one.can_decide
    assert dict(one.metadata)["plan"] == "3" and one.task_id == "t02"
    assert [each.skip_reason for each in draft_of_round(lead, engine, "pilot", "d03").work] == ["", SECRET]
    for name in ("d99", "t01"):
        with pytest.raises(Refused, match="has no draft"):
            draft_of_round(lead, engine, "pilot", name)


def test_what_a_closed_round_gave_is_held_back_from_who_labels_the_draft_again(engine, closed):
    lead, ana, *_ = closed
    opened(engine, lead, "again", annotators=["ana", "cleo"], draft_ids=["d01", "d02"])
    made = drafts_of_round(ana, engine, "pilot", DraftFilter())
    assert [each.draft_id for each in made.drafts if each.held_back] == ["d01", "d02"] and made.held_back == 2
    assert all(each.cells == {} and each.differing == () for each in made.drafts if each.held_back)
    assert found(ana, engine, state="disagreement") == ["d05"] and found(ana, engine, state="agreed") == []
    assert found(ana, engine, sort="differing") == ["d05", "d03", "d04", "d06", "d01", "d02"]
    one = draft_of_round(ana, engine, "pilot", "d01")
    assert one.held_back and (one.cells, one.work, one.queries, one.author, one.metadata) == ((), (), (), "", ())
    assert found(lead, engine, state="disagreement") == ["d01", "d05"]


def test_the_state_the_database_gives_a_cell_is_that_of_the_cell(engine):
    """Every way in which two or three annotators can leave a draft: a label of two levels, a skip, nothing."""
    lead, *those = people(engine, "lead", "ana", "ben", "cleo")
    ways = [way for way in itertools.combinations_with_replacement(("0", "1", "skip", "nothing"), 3)]
    stock(engine, lead, len(ways))
    opened(engine, lead, annotators=["ana", "ben", "cleo"])
    for number, way in enumerate(ways, start=1):
        for person, does in zip(those, way, strict=True):
            if does == "skip":
                skip_draft(engine, person, f"d{number:02}", "why")
            elif does != "nothing":
                save(engine, person, f"d{number:02}", (int(does), 1))
    close_round(lead, engine, "pilot", early="enough")
    adjudicate(lead, engine, "pilot", "d02", TONE, 1, "why", "slip")
    adjudicate(lead, engine, "pilot", "d02", TONE, 0, "better", "slip", revising=_decision(lead, engine))
    listed = {each.draft_id: each.cells for each in drafts_of_round(lead, engine, "pilot", DraftFilter()).drafts}
    made = {
        (cell.draft_id, cell.dimension): cell for each in listed for cell in draft_of_round(lead, engine, "pilot", each).cells
    }
    assert all(isinstance(cell, Cell) and listed[draft][key] == cell.state for (draft, key), cell in made.items())
    assert {cell.state for cell in made.values()} == {"agreed", "adjudicated", "disagreement", "skipped", "missing"}


def _decision(lead, engine) -> int:
    (cell,) = open_disagreements(lead, engine, "pilot").decided
    return cell.decision.adjudication


def test_a_label_alone_as_planned_is_single_and_practice_drafts_stand_apart(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 5)
    opened(engine, lead, overlap=0.5, practice=1)
    (practice,) = found(lead, engine, state="practice")
    assert practice not in found(lead, engine) and len(found(lead, engine)) == 4
    for person in (ana, ben):
        while desk := next_assignment(person, engine, "pilot"):
            save_labels(person, engine, desk.assignment, {TONE: 1, CTA: 1}, "", desk.revision, uuid4().hex)
    close_round(lead, engine, "pilot")
    assert draft_of_round(lead, engine, "pilot", practice).cells == ()
    made = drafts_of_round(lead, engine, "pilot", DraftFilter()).drafts
    assert {each.owed: set(each.cells.values()) for each in made} == {1: {"single"}, 2: {"agreed"}}
    assert {each.owed: cells_in_words(each, {}) for each in made} == {1: "labelled once, as planned", 2: "agreed"}


def test_a_long_list_comes_in_pages(engine, monkeypatch):
    monkeypatch.setattr(draft_list, "AT_ONCE", 2)
    (lead, *_) = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 5)
    opened(engine, lead)
    assert found(lead, engine) == ["d01", "d02"] and found(lead, engine, page=3) == ["d05"]
    assert found(lead, engine, page=99) == ["d01", "d02"]  # beyond the end it begins anew
    made = drafts_of_round(lead, engine, "pilot", DraftFilter(page=2))
    assert (made.pages, made.found, made.of, made.asked.page) == (3, 5, 5, 2)
    assert drafts_of_round(lead, engine, "pilot", DraftFilter(words="nothing")).pages == 1


def test_whoever_looks_at_the_drafts_of_a_closed_round_has_read_it(engine):
    """Labels, authors and fields are kept back from annotators; after that no round may ask them again."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    for name, look in (
        ("listed", lambda: drafts_of_round(lead, engine, "listed", DraftFilter())),
        ("opened", lambda: draft_of_round(lead, engine, "opened", "d01")),
    ):
        opened(engine, lead, name, draft_ids=["d01", "d02"])
        for person in (ana, ben):
            label_all(engine, person, {"d01": (1, 1), "d02": (1, 2)}, round_name=name)
        close_round(lead, engine, name)
        reopen_round(lead, engine, name)  # nobody has read it yet
        close_round(lead, engine, name)
        look()
        with pytest.raises(Refused):
            reopen_round(lead, engine, name)
