"""Fixtures of more than one file of this folder."""

import pytest

from tests.support.kept_stores import kept
from tests.support.label_app import label_app
from tests.support.small_stores import opened, people, stock


@pytest.fixture
@kept
def team(engine):
    """lead, ana and ben, with a round of three drafts open."""
    found = people(engine, "lead", "ana", "ben")
    stock(engine, found[0], 3)
    opened(engine, found[0])
    return found


@pytest.fixture
def ana(team):
    return team[1]


@pytest.fixture(scope="session")
def app(tmp_path_factory):
    """One app for all tests of the label page in the browser; each labels a round of its own."""
    with label_app(tmp_path_factory.mktemp("label-page")) as started:
        yield started
