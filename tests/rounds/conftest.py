"""A closed round, and the retests and calibrations that go back to it: fixtures of several files."""

import pytest

from tests.support.going_back import FIRST, hours
from tests.support.kept_stores import kept
from tests.support.small_stores import TONE, label_all, opened, people, save, skip_draft, stock
from workflow.gold import adjudication
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round


@pytest.fixture
@kept
def team(engine):
    """Ana labelled six drafts an hour apart, Ben differs on d01 (tone); closed after ten hours and
    d01 adjudicated by Cleo."""
    lead, ana, ben, cleo = found = people(engine, "lead", "ana", "ben", "cleo")
    stock(engine, lead, 6)
    with hours(0):
        opened(engine, lead)
    for hour, (draft, levels) in enumerate(FIRST.items(), start=1):
        with hours(hour):
            save(engine, ana, draft, levels, f"secret of ana on {draft}")
    with hours(8):
        label_all(engine, ben, {**FIRST, "d01": (2, 3)})
    with hours(10):
        close_round(lead, engine, "pilot")
        adjudication.adjudicate(cleo, engine, "pilot", "d01", TONE, 2, "the phrase is banned", "slip")
    return found


@pytest.fixture
@kept
def again(engine, team):
    lead, *_ = team
    with hours(40):
        open_round(lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"]))
    return team


@pytest.fixture
@kept
def labelled_again(engine, again):
    """Ana again after 40 hours: one level off on d01 in tone, d06 skipped."""
    lead, ana, *_ = again
    with hours(41):
        label_all(engine, ana, {**{key: FIRST[key] for key in ("d02", "d03", "d04", "d05")}, "d01": (1, 3)}, round_name="again")
        skip_draft(engine, ana, "d06", "cannot tell", round_name="again")
        close_round(lead, engine, "again")
    return again


@pytest.fixture
@kept
def with_unsettled(engine, team):
    """A second round: d01 agreed, d02 adjudicated in tone and unsettled in the other dimension, d03 settled nowhere."""
    lead, ana, ben, cleo = team
    with hours(11):
        opened(engine, lead, "second", draft_ids=["d01", "d02", "d03"])
        label_all(engine, ana, {"d01": (1, 1), "d02": (0, 0), "d03": (0, 0)}, round_name="second")
        label_all(engine, ben, {"d01": (1, 1), "d02": (3, 3), "d03": (3, 3)}, round_name="second")
        close_round(lead, engine, "second")
        adjudication.adjudicate(ben, engine, "second", "d02", TONE, 2, "between the two", "rubric unclear")
    return team
