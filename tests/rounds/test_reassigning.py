"""Who labels what is changed in an open round: what the round promised stays, and what was changed stands in its record."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from db.engine import acting
from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.small_stores import TONE, inside, label_all, opened, people, rows, save, skip_draft, stock
from touchstone.data.assignment import even_share
from touchstone.errors import Refused
from workflow import clock
from workflow.agreement.reports import agreement_of_rounds
from workflow.labelling.labelling import choose, query, save_labels
from workflow.labelling.next_draft import next_assignment
from workflow.labelling.own_labels import own_drafts
from workflow.people import roles
from workflow.people.team_mode import SETTING
from workflow.rounds.closing import close_round
from workflow.rounds.team.pace import pace_of_round
from workflow.rounds.team.reassigning import add_annotator, add_drafts, changes_in, reassign

HELD = """
    SELECT people.name, drafts.draft_id, assignments.state, assignments.position FROM assignments
    JOIN people ON people.id = assignments.person JOIN drafts ON drafts.id = assignments.draft
    ORDER BY people.name, assignments.position
"""
TEN = tuple(f"d{number:02}" for number in range(1, 11))


@pytest.fixture
@kept
def team(engine):
    """Ten drafts, each for two of ana, ben and cleo; dora is there, and has no seat."""
    lead, ana, ben, cleo, dora = people(engine, "lead", "ana", "ben", "cleo", "dora")
    stock(engine, lead, 16)
    opened(engine, lead, annotators=("ana", "ben", "cleo"), per_draft=2, draft_ids=TEN, dimensions=(TONE,))
    return lead, ana, ben, cleo, dora


def held(engine) -> dict[str, list[str]]:
    """Who has which drafts, in their order."""
    found: dict[str, list[str]] = {}
    for name, draft, *_ in rows(engine, HELD):
        found.setdefault(name, []).append(draft)
    return found


def keeps_its_promise(engine, drafts=TEN, labels=2) -> None:
    """Each draft so often, nobody one twice, no gap in anybody's order."""
    every = held(engine)
    assert Counter(draft for mine in every.values() for draft in mine) == dict.fromkeys(drafts, labels)
    assert all(len(set(mine)) == len(mine) for mine in every.values())
    for name in every:
        assert [place for who, *_, place in rows(engine, HELD) if who == name] == list(range(1, len(every[name]) + 1))


@pytest.mark.both_databases
def test_drafts_go_to_somebody_else_and_the_round_keeps_its_promise(engine, team):
    lead, ana, *_ = team
    mine = own_drafts(ana, engine, "pilot")
    before = held(engine)
    save(engine, ana, before["ana"][0], (1,), dimensions=(TONE,))
    skip_draft(engine, ana, before["ana"][1], "no text")
    made = reassign(lead, engine, "pilot", "ana", "dora")
    assert (made.drafts, made.stay, made.names) == (len(before["ana"]) - 2, 0, ("ana", "dora")) and mine
    assert made.in_words == f"{made.drafts} drafts went from ana to dora"
    after = held(engine)
    assert after["ana"] == before["ana"][:2], "labels and skips stay with who gave them"
    assert sorted(after["dora"]) == sorted(before["ana"][2:]) and after["ben"] == before["ben"]
    keeps_its_promise(engine)
    with pytest.raises(Refused, match="ana has no draft left to label in pilot"):
        reassign(lead, engine, "pilot", "ana", "dora")


def test_so_many_go_the_last_in_the_order_of_who_had_them(engine, team):
    lead, *_ = team
    before = held(engine)["ana"]
    reassign(lead, engine, "pilot", "ana", "dora", drafts=2)
    assert held(engine)["ana"] == before[:-2] and sorted(held(engine)["dora"]) == sorted(before[-2:])
    keeps_its_promise(engine)
    for number, sentence in ((0, "1 or more, not 0"), (99, "99 drafts asked for, and")):
        with pytest.raises(Refused, match=sentence):
            reassign(lead, engine, "pilot", "ana", "dora", drafts=number)


def test_nobody_gets_a_draft_they_have_or_have_labelled(engine, team):
    lead, ana, ben, *_ = team
    both = [draft for draft in held(engine)["ana"] if draft in held(engine)["ben"]]
    save(engine, ben, both[0], (1,), dimensions=(TONE,))
    made = reassign(lead, engine, "pilot", "ana", "ben")
    assert made.stay == len(both) and sorted(held(engine)["ana"]) == sorted(both)
    keeps_its_promise(engine)
    with pytest.raises(Refused) as none:
        reassign(lead, engine, "pilot", "ana", "ben")
    waits = f"none of the {len(both)} drafts that wait for ana in pilot can go to ben: ben has {len(both)} drafts of them too"
    assert none.value.sentence == waits


def test_what_somebody_has_begun_stays_theirs_so_that_nobody_reads_it(engine, team):
    lead, ana, *_ = team
    first, second, *rest = (next_assignment(ana, engine, "pilot", each) for each in own_assignments(engine, ana))
    choose(ana, engine, first.assignment, TONE, 1)
    query(ana, engine, second.assignment, "is this one real?")
    made = reassign(lead, engine, "pilot", "ana", "dora")
    assert (made.drafts, made.stay) == (len(rest), 2)
    assert len(held(engine)["ana"]) == 2 and len(held(engine)["dora"]) == len(rest)
    keeps_its_promise(engine)
    ((pace,)) = [each for each in pace_of_round(lead, engine, "pilot") if each.name == "ana"]
    assert (pace.begun, pace.queries, pace.left) == (2, 1, 2)


def test_a_draft_with_a_query_goes_to_nobody_who_may_have_read_it(engine, team):
    """In local mode everybody may; in team mode leads, and not who is annotator there."""
    lead, ana, ben, *_ = team
    both = next(draft for draft in held(engine)["ana"] if draft in held(engine)["ben"])
    query(ben, engine, own_assignments(engine, ben)[held(engine)["ben"].index(both)], "is this one real?")
    assert reassign(lead, engine, "pilot", "ana", "dora").stay == 1
    said = "can go to dora: dora may have read a query on 1 draft, or what a closed round says of them$"
    with pytest.raises(Refused, match=said):
        reassign(lead, engine, "pilot", "ana", "dora")
    roles.make_admin(None, engine, "lead")
    roles.set_role(None, engine, "dora", "annotator")
    use = acting(inside(engine, "First project"), lead.id)
    assert reassign(lead, use, "pilot", "ana", "dora").drafts == 1


def own_assignments(engine, person):
    query_ = "SELECT id FROM assignments WHERE person = :person ORDER BY position"
    return [row[0] for row in rows(engine, query_, person=person.id)]


def test_a_form_of_a_draft_that_went_to_somebody_else_saves_nothing(engine, team):
    lead, ana, *_ = team
    last = next_assignment(ana, engine, "pilot", own_assignments(engine, ana)[-1])
    reassign(lead, engine, "pilot", "ana", "dora", drafts=1)
    with pytest.raises(Refused, match="that draft is not yours to label; open Label again"):
        save_labels(ana, engine, last.assignment, {TONE: 1}, "", last.revision, "token")
    assert rows(engine, "SELECT count(*) FROM labels") == [(0,)]


@pytest.mark.both_databases
def test_an_annotator_comes_in_with_practice_first_and_an_even_share(engine):
    lead, ana, _ben, _cleo, dora = people(engine, "lead", "ana", "ben", "cleo", "dora")
    stock(engine, lead, 14)
    opened(engine, lead, annotators=("ana", "ben", "cleo"), per_draft=2, drafts=10, practice=2, dimensions=(TONE,))
    for draft in held(engine)["ana"][:4]:
        save(engine, ana, draft, (1,), dimensions=(TONE,))
    made = add_annotator(lead, engine, "pilot", "dora")
    assert made.in_words.startswith("dora came in, with 4 drafts")  # 16 are open: 4 of them for the fourth
    counted = [row for row in rows(engine, HELD) if row[0] == "dora"]
    assert len(counted) == 6 and next_assignment(dora, engine, "pilot").is_practice
    loads = {each.name: each.progress.waiting for each in pace_of_round(lead, engine, "pilot")}
    assert loads["dora"] == 4 and max(loads.values()) == 5, loads
    per_draft = Counter(draft for name, draft, *_ in rows(engine, HELD))
    assert sorted(Counter(per_draft.values()).items()) == [(2, 10), (4, 2)], "each draft twice, and practice for everybody"
    with pytest.raises(Refused, match="dora is an annotator of pilot already"):
        add_annotator(lead, engine, "pilot", "dora")


@pytest.mark.parametrize(
    ("open_", "share"),
    [
        ({"a": [1, 2, 3], "b": [1, 2, 3]}, {("a", 3), ("b", 2)}),  # no draft twice
        ({"a": [1, 2, 3, 4, 5], "b": [6]}, {("a", 5), ("a", 4)}),  # of who has most, the last
        ({"a": [1], "b": []}, set()),
        ({}, set()),
    ],
)
def test_a_newcomer_takes_what_evens_out(open_, share):
    assert even_share(open_) == share


@pytest.mark.both_databases
@pytest.mark.parametrize("shape", ({"per_draft": 2}, {"overlap": 0.5}))
def test_further_drafts_are_shared_out_as_the_round_was_designed(engine, shape):
    lead, *_ = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 16)
    opened(engine, lead, annotators=("ana", "ben", "cleo"), drafts=8, dimensions=(TONE,), **shape)
    before = held(engine)
    made = add_drafts(lead, engine, "pilot", 4)
    assert made.in_words == "4 drafts came in for ana, ben and cleo"
    after = held(engine)
    assert all(after[name][: len(before[name])] == before[name] for name in before), "they come last, nothing is moved"
    labels = Counter(draft for mine in after.values() for draft in mine)
    new = Counter(labels[draft] for draft in labels if draft not in {each for mine in before.values() for each in mine})
    assert new == ({2: 4} if "per_draft" in shape else {1: 2, 2: 2})
    with pytest.raises(Refused, match="5 drafts asked for, and there are 4 drafts to draw from"):
        add_drafts(lead, engine, "pilot", 5)
    with pytest.raises(Refused, match="1 or more, not 0"):
        add_drafts(lead, engine, "pilot", 0)


def test_further_drafts_keep_to_the_partition_to_a_plan_and_out_of_rounds_that_continue(engine):
    lead, *_ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 6, partition="train")
    stock(engine, lead, 4, first=11, partition="held-out")
    opened(engine, lead, drafts=2, partition="train", looks=2, up_to=5, dimensions=(TONE,))
    with pytest.raises(Refused, match="planned up to 5 drafts, and it would have 6: add fewer"):
        add_drafts(lead, engine, "pilot", 4)
    add_drafts(lead, engine, "pilot", 3)
    assert {draft for mine in held(engine).values() for draft in mine} <= {f"d{n:02}" for n in range(1, 7)}
    opened(engine, lead, "second", drafts=1, continues="pilot", dimensions=(TONE,))
    with pytest.raises(Refused, match="second continues pilot and may have these drafts: add them to second"):
        add_drafts(lead, engine, "pilot", 1)


def test_what_was_changed_stands_in_the_record_and_in_the_report(engine, team):
    lead, *rest = team
    with clock.at(clock.now().replace(year=2026, month=3, day=5)):
        reassign(lead, engine, "pilot", "ana", "dora", drafts=2)
    add_annotator(lead, engine, "pilot", "lead")
    assert [each.kind for each in changes_in(engine, "pilot")] == ["drafts reassigned", "annotator added"]
    assert changes_in(engine, "pilot")[0].on_record == "2 drafts went from ana to dora (lead, 5 March 2026)"
    for person in (lead, *rest):
        mine = {draft: (1,) for name, draft, *_ in rows(engine, HELD) if name == person.name}
        label_all(engine, person, mine, dimensions=(TONE,))
    close_round(lead, engine, "pilot")
    with pytest.raises(Refused, match="pilot was closed on .*: who labels what in it does not change any more"):
        reassign(lead, engine, "pilot", "ben", "dora")
    report = agreement_of_rounds(lead, engine, ["pilot"])
    assert "while it was open, 2 drafts went from ana to dora (lead, 5 March 2026)" in " ".join(report.notes)


def test_only_who_may_label_there_gets_a_seat(engine, team):
    lead, *_ = team
    roles.deactivate(None, engine, "dora")
    with pytest.raises(Refused, match="dora was deactivated and can label nothing"):
        reassign(lead, engine, "pilot", "ana", "dora")
    with pytest.raises(Refused, match="nobody is named “zoe”"):
        add_annotator(lead, engine, "pilot", "zoe")
    for giver, taker, sentence in (("ana", "ana", "has these drafts already"), ("lead", "ana", "lead has no seat in pilot")):
        with pytest.raises(Refused, match=sentence):
            reassign(lead, engine, "pilot", giver, taker)
    people(engine, "eva")
    roles.make_admin(None, engine, "lead")
    use = acting(inside(engine, "First project"), lead.id)
    with pytest.raises(Refused, match="eva has no role in First project, and so no seat in its rounds: ask an admin"):
        add_annotator(lead, use, "pilot", "eva")
    roles.set_role(None, engine, "eva", "annotator")
    assert add_annotator(lead, use, "pilot", "eva").names == ("eva",)


def test_in_team_mode_a_command_gives_no_seat_to_who_has_no_role(engine, team, monkeypatch):
    lead, *_ = team
    people(engine, "eva")
    monkeypatch.setenv(SETTING, "https://touch.example.org")
    roles.make_admin(None, engine, "lead")
    said = "eva has no role in First project, and so no seat in its rounds: give them one first"
    assert refusal(add_annotator, lead, engine, "pilot", "eva") == said
    assert refusal(opened, engine, lead, "second", annotators=("ana", "eva"), dimensions=(TONE,)) == said
    roles.set_role(None, engine, "eva", "annotator")
    assert add_annotator(lead, engine, "pilot", "eva").names == ("eva",)


def test_before_the_first_admin_and_in_local_mode_a_command_asks_for_no_role(engine, team, monkeypatch):
    lead, *_ = team
    people(engine, "eva")
    monkeypatch.setenv(SETTING, "https://touch.example.org")
    assert add_annotator(lead, engine, "pilot", "eva").names == ("eva",)
    monkeypatch.delenv(SETTING)
    roles.make_admin(None, engine, "lead")
    assert add_annotator(lead, engine, "pilot", "dora").names == ("dora",)


@pytest.mark.both_databases
def test_a_save_at_the_same_moment_is_kept_or_refused_and_nobody_waits_for_ever(engine, team):
    lead, ana, *_ = team
    mine, done = dict(zip(own_assignments(engine, ana), held(engine)["ana"], strict=True)), []

    def label_on() -> None:
        for assignment, draft in mine.items():
            with suppress(Refused):  # it went to somebody else
                save_labels(ana, engine, assignment, {TONE: 1}, "", 0, f"token {draft}")
                done.append(draft)

    with ThreadPoolExecutor() as threads:
        labelling = threads.submit(label_on)
        for _ in range(4):
            with suppress(Refused):
                reassign(lead, engine, "pilot", "ana", "dora", drafts=1)
        with suppress(Refused):
            add_annotator(lead, engine, "pilot", "lead")
        labelling.result(timeout=60)
    saved = [draft for name, draft, state, _ in rows(engine, HELD) if name == "ana" and state == "saved"]
    assert sorted(saved) == sorted(done) and done
    assert Counter(draft for mine in held(engine).values() for draft in mine) == dict.fromkeys(TEN, 2)


def test_who_leads_gets_no_draft_that_a_closed_round_has_not_even_back(engine, team):
    """Given away, a draft is not held back from them any more."""
    lead, ana, ben, cleo, dora = team
    for person in (ana, ben, cleo):
        label_all(engine, person, {draft: (1,) for draft in held(engine)[person.name]}, dimensions=(TONE,))
    close_round(lead, engine, "pilot")
    opened(engine, lead, "again", annotators=("lead", "ben"), draft_ids=TEN, dimensions=(TONE,))
    roles.make_admin(None, engine, "lead")
    use = acting(inside(engine, "First project"), lead.id)
    assert reassign(lead, use, "again", "lead", "cleo").drafts == 10
    with pytest.raises(Refused, match="lead may have read .* or what a closed round says of them"):
        reassign(lead, use, "again", "cleo", "lead")
