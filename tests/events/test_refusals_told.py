"""What is refused in team mode is told, by whom and from where, and nobody makes the record long with it."""

import pytest
import sqlalchemy as sa

from db.engine import acting, by_sign_in, within
from tests.people.test_accounts import PASSWORD, later, token_of
from tests.support.refusals import refusal
from touchstone.errors import NotYourTurn
from workflow.events import recording
from workflow.events.listing import ALL, EventFilter, every_event
from workflow.events.verifying import verify_events
from workflow.maintenance.store_check import check_store
from workflow.people import people
from workflow.people.accounts import passwords
from workflow.people.accounts.invitations import create_admin, invite, redeem, reset_link
from workflow.people.accounts.signing_in import FREE_TRIES, Browser, TooManyTries, sign_in_with_password
from workflow.people.roles import set_role
from workflow.people.verbs import NotAllowed, verb
from workflow.projects.projects import in_short, new_project

THERE = Browser("203.0.113.9", "a browser")


@pytest.fixture(autouse=True)
def team_mode(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", "https://touch.example.org/t")


@pytest.fixture
def team(engine, monkeypatch):
    """Ana is the admin, Ben an annotator of Pilot."""
    redeem(engine, token_of(create_admin(None, engine, "Ana")), PASSWORD, PASSWORD, THERE)
    ana = people.person_named(engine, "Ana")
    new_project(ana, engine, "Pilot")
    redeem(engine, token_of(invite(ana, engine, "Ben", "annotator", "Pilot")), PASSWORD, PASSWORD, THERE)
    monkeypatch.setattr(passwords, "is_right", lambda stored, password: stored is not None and password == PASSWORD)
    return engine, ana, people.person_named(engine, "Ben")


def told(engine, verb="", outcome=""):
    found = every_event(None, engine, EventFilter(verb=verb, of=ALL))
    return [each for each in found if outcome in ("", each.outcome)]


@pytest.mark.both_databases
def test_an_event_says_by_which_sign_in_and_from_where(team):
    engine, ana, ben = team
    token = sign_in_with_password(engine, "Ana", PASSWORD, THERE)
    signed_in = people.sign_in_behind(engine, token)
    assert signed_in == (ana, 3, "203.0.113.9")
    set_role(ana, acting(by_sign_in(engine, signed_in.number, "198.51.100.7"), ana.id), "Ben", "lead", "Pilot")
    redeem(engine, token_of(reset_link(ana, engine, "Ben")), PASSWORD, PASSWORD, THERE)
    people.sign_out(engine, token)
    found = [(each.verb, each.by, each.from_where) for each in told(engine)]
    for each in (
        ("sign in", "Ana", "sign-in 3 from 203.0.113.9"),
        ("set role", "Ana", "sign-in 3 from 198.51.100.7"),
        ("set password", "Ben", "sign-in 4 from 203.0.113.9"),
        ("sign out", "Ana", "sign-in 3 from 203.0.113.9"),
    ):
        assert each in found, found
    assert PASSWORD not in str(told(engine)) and token not in str(told(engine))
    assert check_store(engine) == []


@pytest.mark.both_databases
def test_tries_that_came_to_nothing_are_told_once_as_the_waiting_begins(team):
    engine, *_ = team
    with later(days=0):
        for name in ("Ana", "my password typed by mistake"):
            for _ in range(FREE_TRIES):
                refusal(sign_in_with_password, engine, name, "wrong", THERE)
            for _ in range(5):
                with pytest.raises(TooManyTries):
                    sign_in_with_password(engine, name, "wrong", THERE)
    found = told(engine, "sign in", "refused")
    assert [(each.by, each.address) for each in found] == [("", "203.0.113.9")] * 2, "nobody is in yet"
    assert [each.in_words for each in found] == ["for Ana; tries 5; of name and address", "tries 5; of name and address"]
    assert "mistake" not in str(told(engine))


def test_a_stranger_makes_the_record_no_longer_than_it_is_of_use(team, monkeypatch):
    engine, *_ = team
    monkeypatch.setattr(recording, "TOLD_AT_ONCE", 3)
    with later(days=0):
        for number in range(8):
            for _ in range(FREE_TRIES):
                refusal(sign_in_with_password, engine, f"name {number}", "wrong", Browser(f"203.0.113.{number}"))
    assert len(told(engine, "sign in", "refused")) == 3


@pytest.mark.both_databases
def test_what_a_role_does_not_allow_is_told_and_not_without_bound(team, monkeypatch):
    engine, ana, ben = team
    monkeypatch.setattr(recording, "TOLD_AT_ONCE", 3)
    pilot = in_short(engine)[0].id
    by_hand = acting(within(by_sign_in(engine, 2, "203.0.113.9"), pilot), ben.id)
    for _ in range(6):
        with pytest.raises(NotAllowed):
            set_role(ben, by_hand, "Ben", "lead", "Pilot")
    (*_, last) = found = told(engine, "set role", "refused")
    assert len(found) == 3
    assert (last.by, last.project, last.from_where) == ("Ben", pilot, "sign-in 2 from 203.0.113.9")
    assert last.in_words == "asked to change who is here"
    with pytest.raises(NotAllowed):
        set_role(ana, by_hand, "Ben", "lead", "Pilot")
    assert {each.by for each in told(engine, "set role", "refused")} == {"Ben"}, "who acts, not in whose name"
    assert verify_events(engine).wrong == ()


def test_a_refused_reading_is_told_once(team, monkeypatch):
    engine, ana, _ = team

    def events_of(person, engine, asked):
        raise NotYourTurn("not now")

    events_of.__module__ = "workflow.events.listing"
    with pytest.raises(NotYourTurn):
        verb(events_of)(ana, acting(engine, ana.id), EventFilter())
    assert [each.by for each in told(engine, "events of", "refused")] == ["Ana"]


def test_a_store_that_does_not_respond_leaves_the_refusal_as_it_was(team, monkeypatch):
    engine, _, ben = team

    def held(*_, **__):
        raise sa.exc.OperationalError("INSERT", {}, Exception("database is locked"))

    monkeypatch.setattr(recording, "writing", held)
    with pytest.raises(NotAllowed):
        set_role(ben, acting(engine, ben.id), "Ben", "lead", "Pilot")
