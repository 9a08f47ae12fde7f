"""Verbs that otherwise only pages and commands call, so on SQLite alone: here on both databases."""

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, RUBRIC, TONE, label_all, opened, stock
from tests.support.small_stores import people as people_of
from touchstone.errors import Refused
from workflow.gold import gold
from workflow.gold.adjudication import adjudicate
from workflow.people import people
from workflow.rounds import closing, rounds
from workflow.rubric import rubrics, versions
from workflow.rubric.versions import version_named
from workflow.scorer.comparable_versions import rounds_with_gold


@pytest.fixture
@kept
def team(engine):
    """Two closed rounds of one draft each: in `pilot` d01 differs on tone, in `second` d02 agrees."""
    lead, ana, ben = people_of(engine, "lead", "ana", "ben")
    stock(engine, lead, 3)
    for name, draft, tone in (("pilot", "d01", 0), ("second", "d02", 2)):
        opened(engine, lead, name, draft_ids=[draft])
        label_all(engine, ana, {draft: (2, 1)}, round_name=name)
        label_all(engine, ben, {draft: (tone, 1)}, round_name=name)
        closing.close_round(lead, engine, name)
    return lead, ana, ben


def test_a_person_is_found_by_name_signs_in_and_out(engine, team):
    _, ana, _ = team
    assert people.person_named(engine, " ANA ") == ana
    token, other = people.sign_in(engine, ana.id), people.sign_in(engine, ana.id)
    assert people.signed_in(engine, token) == people.signed_in(engine, other) == ana
    people.sign_out(engine, token)
    assert (people.signed_in(engine, token), people.signed_in(engine, other)) == (None, ana)
    with pytest.raises(Refused, match="there are ana, ben, lead"):
        people.person_named(engine, "zoe")
    program = people.command_line(engine)
    with pytest.raises(Refused, match="is not in the store"):
        people.sign_in(engine, program.id)


def test_a_closed_round_is_tallied_titled_and_can_be_pooled_with_its_like(engine, team):
    lead, *_ = team
    pilot, second = (next(each for each in rounds.all_rounds(engine) if each.name == name) for name in ("pilot", "second"))
    assert gold.tally_of_round(lead, engine, pilot) == (1, 1)
    assert gold.tally_of_round(lead, engine, second) == (0, 2)
    assert set(versions.titles_of_round(engine, pilot.id)) >= {TONE, CTA}
    assert gold.last_decision(lead, engine, pilot) is None
    adjudicate(lead, engine, "pilot", "d01", TONE, 1, "why", "slip")
    assert gold.tally_of_round(lead, engine, pilot) == (0, 2) and gold.last_decision(lead, engine, pilot) is not None
    assert rounds.poolable_with(engine, "pilot") == ["second"]
    assert rounds_with_gold(engine, RUBRIC) == ["second", "pilot"]


def test_a_version_is_found_by_name_and_a_changed_file_is_refused(engine, team):
    found = version_named(engine, RUBRIC)
    rubrics.refuse_changed(engine, found)  # a round made it public
    with pytest.raises(Refused, match="has changed since it was published"):
        rubrics.refuse_changed(engine, found.model_copy(update={"digest": "0" * 64}))
