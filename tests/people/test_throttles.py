"""What slows down who only tries: by name and network, by name, by network; and nobody is locked out of their own place by it."""

import pytest
import sqlalchemy as sa

from db.schema import sign_in_attempts, sign_ins, throttles
from db.store.team import throttles as stored
from tests.people.test_accounts import PASSWORD, later, token_of
from tests.support.refusals import refusal
from workflow.people import people
from workflow.people.accounts import identities, passwords, signing_in
from workflow.people.accounts.identities import Attempt, begin_attempt
from workflow.people.accounts.invitations import create_admin, redeem
from workflow.people.accounts.signing_in import (
    FREE_TRIES,
    FREE_TRIES_OF_ADDRESS,
    FREE_TRIES_OF_NAME,
    Browser,
    TooManyTries,
    address_of,
    sign_in_with_password,
)

HERE, THERE = Browser("198.51.100.7"), Browser("203.0.113.9")


@pytest.fixture(autouse=True)
def team_mode(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", "https://touch.example.org/t")


@pytest.fixture
def ana(engine, monkeypatch):
    """Ana signed in HERE once. A password is looked at without its hash: hundreds of tries are made."""
    redeem(engine, token_of(create_admin(None, engine, "Ana")), PASSWORD, PASSWORD, HERE)
    monkeypatch.setattr(passwords, "is_right", lambda stored, password: stored is not None and password == PASSWORD)
    return people.person_named(engine, "Ana")


def fails(engine, name, browser, times=1):
    for _ in range(times):
        assert "is not right" in refusal(sign_in_with_password, engine, name, "wrong", browser)


def all_of(engine, query):
    with engine.connect() as connection:
        return connection.execute(query).all()


@pytest.mark.both_databases
def test_a_stranger_who_fails_on_a_name_keeps_its_person_out_of_no_other_place(engine, ana):
    fails(engine, "Ana", THERE, FREE_TRIES)
    for _ in range(20):
        with pytest.raises(TooManyTries):
            sign_in_with_password(engine, "Ana", "wrong", THERE)
    assert sign_in_with_password(engine, "Ana", PASSWORD, Browser("192.0.2.1")), "from a place that nobody tried from"
    with pytest.raises(TooManyTries):
        sign_in_with_password(engine, "Ana", PASSWORD, THERE)


@pytest.mark.both_databases
def test_a_name_that_is_tried_from_everywhere_is_held_but_where_its_person_signed_in_before(engine, ana, monkeypatch):
    assert FREE_TRIES_OF_NAME == 100
    monkeypatch.setattr(signing_in, "FREE_TRIES_OF_NAME", 20)

    def everywhere(name):
        for number in range(20):
            fails(engine, name, Browser(f"203.0.113.{number}"))

    with later(days=0):
        everywhere("Ana"), everywhere("nobody")
        for name in ("Ana", "nobody"):
            with pytest.raises(TooManyTries):
                sign_in_with_password(engine, name, PASSWORD, Browser("192.0.2.1"))
        assert sign_in_with_password(engine, "Ana", PASSWORD, HERE)
    with later(days=92):
        everywhere("Ana")
        with pytest.raises(TooManyTries):
            sign_in_with_password(engine, "Ana", PASSWORD, HERE)


@pytest.mark.both_databases
def test_a_stranger_fills_no_table(engine, ana, monkeypatch):
    monkeypatch.setattr(stored, "MOST", 30)
    monkeypatch.setattr(identities, "MOST_AT_ONCE", 10)
    with later(days=0):
        fails(engine, "Ana", THERE, FREE_TRIES)
        for number in range(40):
            place = Browser(f"2001:db8:{number:x}::1")
            fails(engine, f"name {number}", place)
            begin_attempt(engine, "one", f"state {number}", "browser", Attempt({}, "/x" * 2_000, ""), place)
        assert len(all_of(engine, sa.select(throttles))) <= 30
        attempts = all_of(engine, sa.select(sign_in_attempts))
        assert len(attempts) <= 11 and {each.wanted for each in attempts} == {"/"}
        with pytest.raises(TooManyTries):
            sign_in_with_password(engine, "Ana", PASSWORD, THERE)
    with later(days=2):
        fails(engine, "name", THERE)
    assert len(all_of(engine, sa.select(throttles))) == 3


def test_attempts_with_a_provider_that_come_to_nothing_are_counted_by_network(engine, ana):
    for number in range(FREE_TRIES_OF_ADDRESS):
        begin_attempt(engine, "one", f"state {number}", "browser", Attempt({}, "/", ""), THERE)
    with pytest.raises(TooManyTries):
        begin_attempt(engine, "one", "state", "browser", Attempt({}, "/", ""), THERE)
    begin_attempt(engine, "one", "state", "browser", Attempt({}, "/", ""), HERE)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:DB8:0:0::1", "2001:db8::1"),
        ("x" * 9_000, "x" * 60),
        ("a\u202eb", "ab"),
        ("", ""),
    ],
)
def test_what_is_kept_of_an_address_is_short(sqlite_engine, said, kept):
    assert address_of(said) == kept
    redeem(sqlite_engine, token_of(create_admin(None, sqlite_engine, "Ana")), PASSWORD, PASSWORD, Browser(said))
    assert [each.address for each in all_of(sqlite_engine, sa.select(sign_ins))] == [kept or None]
