"""Accounts: links to set a password, signing in by name and password, and what slows down who only tries."""

import statistics
import threading
import time
from datetime import timedelta

import pytest
import sqlalchemy as sa

from db.schema import invitations as links
from db.schema import sign_ins, throttles
from db.store import upkeep
from tests.support.sample_store import hasty_engine
from touchstone.errors import Refused
from workflow import clock
from workflow.people import people, roles
from workflow.people.accounts import passwords
from workflow.people.accounts.invitations import accounts_of, create_admin, invite, opened, redeem, reset_link
from workflow.people.accounts.signing_in import FREE_TRIES, FREE_TRIES_OF_ADDRESS, Browser, TooManyTries, sign_in_with_password
from workflow.projects.projects import new_project

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def team_mode(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_PUBLIC_URL", "https://touch.example.org/t")


@pytest.fixture
def ana(engine):
    """Ana, who is the admin and has a password."""
    redeem(engine, token_of(create_admin(None, engine, "Ana")), PASSWORD, PASSWORD)
    return people.person_named(engine, "Ana")


def token_of(link):
    return link.address.rpartition("/")[2]


def later(**after):
    return clock.at(clock.now() + timedelta(**after))


def all_columns(engine):
    """Every text that the store holds of accounts."""
    with engine.connect() as connection:
        tables = ("passwords", "invitations", "sign_ins", "throttles", "people")
        return str([connection.execute(sa.text(f"SELECT * FROM {table}")).all() for table in tables])


def test_the_first_admin_gets_in_by_a_link_of_the_command_line(engine):
    link = create_admin(None, engine, "Ana")
    assert link.address.startswith("https://touch.example.org/t/invitation/") and len(token_of(link)) >= 43
    assert opened(engine, token_of(link)) == opened(engine, token_of(link)) == ("Ana", "invitation", "admin", "")
    token = redeem(engine, token_of(link), PASSWORD, PASSWORD)
    assert people.signed_in(engine, token).name == "Ana"
    assert people.signed_in(engine, sign_in_with_password(engine, " ANA ", PASSWORD)).name == "Ana"
    assert token_of(link) not in all_columns(engine) and PASSWORD not in all_columns(engine)


def test_a_link_is_used_once_by_whoever_comes_first(engine, ana):
    token = token_of(reset_link(ana, engine, "Ana"))
    came = []

    def use(password):
        try:
            came.append(redeem(engine, token, password, password))
        except Refused as refused:
            came.append(refused.sentence)

    both = [threading.Thread(target=use, args=(f"{PASSWORD} {number}",)) for number in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    assert sorted("cannot be used" in each for each in came) == [False, True]
    with pytest.raises(Refused, match="cannot be used"):
        opened(engine, token)


def test_a_link_ends_and_another_takes_its_place(engine, ana):
    first = token_of(reset_link(ana, engine, "Ana"))
    second = token_of(reset_link(ana, engine, "Ana"))
    for token, after in ((first, {}), (second, {"hours": 25}), ("x" * 43, {})):
        with later(**after), pytest.raises(Refused, match="cannot be used"):
            redeem(engine, token, PASSWORD, PASSWORD)
    with later(hours=23):
        assert opened(engine, second).kind == "reset"
    new_project(ana, engine, "Pilot")
    invited = token_of(invite(ana, engine, "Ben", "lead", "pilot"))
    with later(days=6, hours=23):
        assert opened(engine, invited) == ("Ben", "invitation", "lead", "Pilot")
    with later(days=7, minutes=1), pytest.raises(Refused, match="cannot be used"):
        opened(engine, invited)


def test_an_invitation_gives_a_role_and_says_how_people_sign_in(engine, ana):
    new_project(ana, engine, "Pilot")
    invite(ana, engine, "Ben", "annotator", "Pilot")
    found = {each.name: each for each in accounts_of(ana, engine)}
    assert (found["Ana"].has_password, found["Ana"].waiting) == (True, "") and found["Ana"].last_seen is not None
    assert (found["Ben"].has_password, found["Ben"].waiting) == (False, "invitation")
    assert {each.name: each.roles for each in roles.people_here(ana, engine)}["Ben"] == {"Pilot": "annotator"}
    for wrong, why in (
        (("Cleo", "boss", "Pilot"), "no role “boss”"),
        (("Cleo", "none", "Pilot"), "no role “none”"),
        (("Cleo", "lead", "Nowhere"), "no project"),
        (("Ana", "lead", "Pilot"), "has a password already"),
        (("command line", "lead", "Pilot"), "choose another"),
    ):
        with pytest.raises(Refused, match=why):
            invite(ana, engine, *wrong)
    assert "Cleo" not in {each.name for each in people.everyone(engine)}
    with pytest.raises(Refused, match="has no password yet"):
        reset_link(ana, engine, "Ben")
    with pytest.raises(Refused, match="nobody is named"):
        reset_link(ana, engine, "Cleo")


def test_there_are_no_accounts_in_local_mode(engine, monkeypatch):
    monkeypatch.delenv("TOUCHSTONE_PUBLIC_URL")
    with pytest.raises(Refused, match="set TOUCHSTONE_PUBLIC_URL"):
        create_admin(None, engine, "Ana")
    assert people.everyone(engine) == []


def test_a_name_taken_at_its_word_in_local_mode_is_no_sign_in_of_the_team(engine, ana, monkeypatch):
    token = people.sign_in(engine, ana.id)
    assert people.signed_in(engine, token) is None
    monkeypatch.delenv("TOUCHSTONE_PUBLIC_URL")
    assert people.signed_in(engine, token) == ana


def test_a_new_password_ends_every_sign_in_and_the_old_password(engine, ana):
    before = [sign_in_with_password(engine, "Ana", PASSWORD) for _ in range(2)]
    token = token_of(reset_link(ana, engine, "Ana"))
    assert people.signed_in(engine, before[0]) == ana, "a link alone ends nothing"
    now = redeem(engine, token, f"{PASSWORD} two", f"{PASSWORD} two")
    assert [people.signed_in(engine, each) for each in (*before, now)] == [None, None, ana]
    with pytest.raises(Refused, match="is not right"):
        sign_in_with_password(engine, "Ana", PASSWORD)
    with engine.connect() as connection:
        ended = connection.execute(sa.select(sign_ins.c.ended_by).where(sign_ins.c.ended_at.is_not(None))).scalars().all()
    assert set(ended) == {ana.id}


def test_a_sign_in_ends_after_twelve_hours_unseen_and_after_thirty_days(engine, ana):
    token = sign_in_with_password(engine, "Ana", PASSWORD, Browser("203.0.113.7", "A" * 500))
    with later(hours=11, minutes=59):
        assert people.signed_in(engine, token) == ana
    with later(hours=12, minutes=1):
        assert people.signed_in(engine, token) is None
    for day in range(60):
        with later(hours=11 * day + 11):
            people.saw(engine, token)
    with later(days=27):
        assert people.signed_in(engine, token) == ana
    with later(days=29, hours=23):
        people.saw(engine, token)
    with later(days=30, minutes=1):
        assert people.signed_in(engine, token) is None
    with engine.connect() as connection:
        row = connection.execute(sa.select(sign_ins).order_by(sign_ins.c.id.desc()).limit(1)).one()
    assert (row.how, row.address, len(row.agent)) == ("password", "203.0.113.7", 200)


def test_a_deactivated_account_is_refused_in_the_words_of_a_wrong_password(engine, ana):
    new_project(ana, engine, "Pilot")
    token = redeem(engine, token_of(invite(ana, engine, "Ben", "lead", "Pilot")), PASSWORD, PASSWORD)
    reset = token_of(reset_link(ana, engine, "Ben"))
    roles.deactivate(ana, engine, "Ben")
    assert people.signed_in(engine, token) is None
    with pytest.raises(Refused, match="The name or the password is not right"):
        sign_in_with_password(engine, "Ben", PASSWORD)
    with pytest.raises(Refused, match="cannot be used"):
        redeem(engine, reset, PASSWORD, PASSWORD)


@pytest.mark.parametrize(
    "password, again, why",
    [
        ("eleven char", "eleven char", "at least 12"),
        ("a" * 201, "a" * 201, "at most 200"),
        ("aaaaaaaaaaaaaaa", "aaaaaaaaaaaaaaa", "soon guessed"),
        ("anaanaanaana", "anaanaanaana", "soon guessed"),
        ("ana123456789", "ana123456789", "soon guessed"),
        (PASSWORD, PASSWORD + " ", "not the same"),
    ],
)
def test_a_password_that_will_not_do_is_refused_in_a_sentence(password, again, why):
    with pytest.raises(Refused, match=why):
        passwords.fit_password("Ana", password, again)


def test_letters_that_nobody_sees_and_letters_that_stand_for_many_count_as_they_are_stored():
    for password in (" " * 12 + "ab cd", "\u200b" * 12 + "abcde"):
        with pytest.raises(Refused, match="at least 12"):
            passwords.fit_password("Ana", password, password)
    grows = "\ufdfa" * 12 + "abcde"  # 18 letters each, once they are composed
    with pytest.raises(Refused, match="at most 200"):
        passwords.fit_password("Ana", grows, grows)


def test_a_password_is_the_same_however_its_letters_are_composed():
    assert passwords.is_right(passwords.hashed("zo\u00eb zo\u00eb zo\u00eb"), "zoe\u0308 zoe\u0308 zoe\u0308")


def test_a_hash_of_other_parameters_is_made_anew_when_its_password_is_used(engine, ana, monkeypatch):
    old = passwords.PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash(PASSWORD)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE passwords SET hash = :old"), {"old": old})
    sign_in_with_password(engine, "Ana", PASSWORD)
    with engine.connect() as connection:
        (stored,) = connection.execute(sa.text("SELECT hash FROM passwords")).scalars()
    assert stored != old and stored.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_after_five_tries_each_further_one_waits_longer_in_any_process(engine, ana, store_url):
    """The count is the store's: a second engine stands for another process, or for this one after a restart."""
    for _ in range(FREE_TRIES):
        with pytest.raises(Refused, match="not right"):
            sign_in_with_password(engine, "Ana", "wrong")
    with hasty_engine(store_url) as other:
        with pytest.raises(TooManyTries, match="too many tries") as refused:
            sign_in_with_password(other, "ANA", PASSWORD)
        assert refused.value.seconds == 5
        with later(seconds=6), pytest.raises(Refused, match="not right"):
            sign_in_with_password(other, "Ana", "wrong")
        with later(seconds=7), pytest.raises(TooManyTries):
            sign_in_with_password(engine, "Ana", PASSWORD)
        with later(hours=1):
            assert people.signed_in(engine, sign_in_with_password(other, "Ana", PASSWORD)) == ana
            for _ in range(FREE_TRIES):  # counted anew after it came to something
                with pytest.raises(Refused, match="not right"):
                    sign_in_with_password(engine, "Ana", "wrong")


def test_the_waits_double_up_to_a_quarter_of_an_hour(engine):
    moment, waits = clock.now(), []
    for _ in range(FREE_TRIES + 11):
        with clock.at(moment):
            with pytest.raises(Refused, match="not right"):
                sign_in_with_password(engine, "nobody", "wrong")
            with engine.connect() as connection:
                until = connection.execute(sa.select(sa.func.max(throttles.c.until))).scalar_one()
        waits.append(max(0, int((until - moment).total_seconds())))
        moment = max(until, moment) + timedelta(milliseconds=1)
    assert waits == [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900, 900, 900]
    with clock.at(moment + timedelta(days=1, hours=1)), pytest.raises(Refused, match="not right"):
        sign_in_with_password(engine, "nobody", "wrong")
    with engine.connect() as connection:
        assert connection.execute(sa.select(sa.func.max(throttles.c.failures))).scalar_one() == 1


def test_of_many_tries_at_the_same_moment_no_more_go_through_than_of_one_after_the_other(engine, ana, monkeypatch):
    monkeypatch.setattr(passwords, "is_right", lambda stored, password: False)
    refusals = []

    def attempt():
        with pytest.raises(Refused) as refused:
            sign_in_with_password(engine, "Ana", "wrong")
        refusals.append(type(refused.value))

    at_once = [threading.Thread(target=attempt) for _ in range(12)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert refusals.count(Refused) == FREE_TRIES and refusals.count(TooManyTries) == 12 - FREE_TRIES


def test_an_address_is_slowed_down_whatever_names_it_tries(engine, ana, monkeypatch):
    monkeypatch.setattr(passwords, "is_right", lambda stored, password: password == PASSWORD)
    for number in range(FREE_TRIES_OF_ADDRESS):
        with pytest.raises(Refused, match="not right"):
            sign_in_with_password(engine, f"name {number}", "wrong", Browser(f"2001:db8::{number:x}"))
    with pytest.raises(TooManyTries):
        sign_in_with_password(engine, "Ana", PASSWORD, Browser("2001:db8::ffff"))
    assert sign_in_with_password(engine, "Ana", PASSWORD, Browser("2001:db8:0:1::1"))
    assert "name 7" not in all_columns(engine) and "2001:db8::7" not in all_columns(engine)


@pytest.mark.parametrize("name", ["", "A\0na", "\u202eAna", "x" * 9_000, "command line"])
def test_whatever_is_typed_as_a_name_is_answered_alike(engine, ana, name):
    with pytest.raises(Refused, match="The name or the password is not right"):
        sign_in_with_password(engine, name, "x\0" * 9)
    with pytest.raises(Refused, match="nobody is named"):
        reset_link(ana, engine, name)


def test_a_wrong_password_costs_the_same_for_a_name_of_nobodys(engine, ana, monkeypatch):
    """The same work: one hash, the same statements. Ben is here, and has no password yet."""
    people.add_person(ana, engine, "Ben")
    hashes, statements, cost = [], [], {}
    verify = type(passwords._hasher).verify
    monkeypatch.setattr(type(passwords._hasher), "verify", lambda *args: hashes.append(args[1]) or verify(*args))
    sa.event.listen(engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    for who in ("Ana", "nobody", "Ben"):
        hashes.clear(), statements.clear()
        with pytest.raises(Refused, match="The name or the password is not right"):
            sign_in_with_password(engine, who, "wrong")
        cost[who] = list(statements)
        assert len(hashes) == 1 and hashes[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert cost["Ana"] == cost["nobody"] == cost["Ben"] and len(cost["Ana"]) >= 3


def test_two_passwords_at_most_are_hashed_at_a_time(monkeypatch):
    now, most = [], []

    class Slow:
        def verify(self, *_):
            now.append(1)
            most.append(len(now))
            time.sleep(0.01)
            now.pop()

    monkeypatch.setattr(passwords, "_hasher", Slow())
    at_once = [threading.Thread(target=passwords.is_right, args=("x", "y")) for _ in range(8)]
    for each in at_once:
        each.start()
    for each in at_once:
        each.join()
    assert max(most) <= 2 and statistics.mean(most) > 0


def test_a_backup_lets_nobody_in(engine, ana, tmp_path):
    from db.engine import migrate, open_engine

    reset_link(ana, engine, "Ana")
    copy = open_engine(f"sqlite:///{tmp_path}/copy.db")
    migrate(copy)
    with engine.connect() as source, copy.begin() as target:
        upkeep.copy_all(source, target)
    with copy.connect() as connection:
        for table in ("passwords", "invitations", "sign_ins", "throttles"):
            assert connection.execute(sa.text(f"SELECT count(*) FROM {table}")).scalar_one() == 0, table
    copy.dispose()


def test_a_project_that_is_deleted_takes_its_invitations_along(engine, ana):
    from workflow.projects.projects import delete_project

    new_project(ana, engine, "Pilot")
    new_project(ana, engine, "Other")
    invite(ana, engine, "Ben", "lead", "Pilot")
    delete_project(ana, engine, "Pilot", typed="Pilot")
    with engine.connect() as connection:
        assert connection.execute(sa.select(links.c.role)).scalars().all() == ["admin"]
