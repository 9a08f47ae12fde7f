"""The table of verbs against roles: each is let through to its own checks, or refused in a sentence before anything is done."""

import ast
import functools
import importlib
import inspect
import pkgutil

import pytest

import workflow
from db.engine import acting, within
from tests.support.kept_stores import kept
from tests.support.modules import MODULES, dotted, tree
from tests.support.small_stores import inside, opened, stock
from tests.support.small_stores import people as people_of
from touchstone.errors import Refused
from workflow.people import needs, roles, standing, verbs
from workflow.people.needs import ADMIN, ANNOTATOR, ANYBODY, LEAD, NEEDS, OWN_SEAT, SHELL, SIGNED_IN
from workflow.people.people import sign_in, signed_in
from workflow.projects import projects, renaming
from workflow.rounds import in_hand, rounds
from workflow.rounds.closing import close_round

# Functions that take an engine and are no verbs: what verbs are made of.
INTERNAL = {
    "events.recording.recorded",
    "events.recording.note_event",
    "events.recording.note_refusal",
    "people.standing.standing_of",
    "people.standing.forget",
    "people.verbs.refuse",
    "people.verbs.standing",
    "people.verbs.own_projects",
    "people.verbs.may_act_in",
    "people.verbs.why_not",
    "projects.settling.settled",
}
MAY = {  # by what a verb takes
    ANYBODY: {"nobody", "deactivated", "stranger", "annotator", "lead", "admin"},
    SIGNED_IN: {"stranger", "annotator", "lead", "admin"},
    OWN_SEAT: {"stranger", "annotator", "lead", "admin"},
    ANNOTATOR: {"annotator", "lead", "admin"},
    LEAD: {"lead", "admin"},
    ADMIN: {"admin"},
    SHELL: set(),
}


def public_functions():
    """Every public function of workflow/ that takes an engine, by its name in the table, with whether it is marked as a verb."""
    for path in (each for each in MODULES if each.parts[0] == "workflow"):
        for node in tree(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            if "engine" in [each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)]:
                marked = any(ast.unparse(each) == "verb" for each in node.decorator_list)
                yield f"{dotted(path).removeprefix('workflow.')}.{node.name}", marked


def test_every_public_function_that_takes_an_engine_is_in_the_table_or_declared_internal():
    found = dict(public_functions())
    assert len(found) > 170
    assert {name for name, marked in found.items() if marked} == set(NEEDS)
    assert {name for name, marked in found.items() if not marked} == INTERNAL
    assert {name.partition(".")[0] for name in NEEDS} == set(needs.DOES)
    assert set(NEEDS.values()) <= set(needs.ORDER) == set(MAY)


def test_a_verb_without_a_line_in_the_table_cannot_be_made():
    def unheard_of(person, engine): ...

    with pytest.raises(TypeError, match="unheard_of is no verb yet"):
        verbs.verb(unheard_of)


@pytest.fixture
@kept
def team(engine):
    """One person of each kind, in the project mails; somebody else leads the other project."""
    names = ("admin", "lead", "annotator", "stranger", "deactivated", "other")
    admin, lead, annotator, *_, other = made = people_of(engine, *names)
    for name in ("mails", "support"):
        projects.new_project(lead, engine, name)
    roles.make_admin(None, engine, "admin")
    roles.set_role(admin, engine, "lead", "lead", "mails")
    roles.set_role(admin, engine, "other", "lead", "support")
    for name in ("annotator", "deactivated"):
        roles.set_role(admin, engine, name, "annotator", "mails")
    roles.deactivate(admin, engine, "deactivated")
    return dict(zip(names, made, strict=True))


def as_(engine, person, project="mails"):
    return acting(inside(engine, project), person.id if person else 0)


def every_verb():
    for each in pkgutil.walk_packages(workflow.__path__, "workflow."):
        module = importlib.import_module(each.name)
        for name, value in vars(module).items():
            if f"{each.name.removeprefix('workflow.')}.{name}" in NEEDS:
                yield f"{each.name.removeprefix('workflow.')}.{name}", value


def let_through(function, person, engine) -> str:
    """ "" where the verb comes to its own checks (which are left out here), else the sentence that refuses it."""
    body = functools.wraps(function)(lambda *given, **named: None)
    first = next(iter(inspect.signature(function).parameters))
    try:
        verbs.verb(body)(*(() if first == "engine" else (person,)), engine)
    except verbs.NotAllowed as refused:
        return refused.sentence
    return ""


@pytest.mark.both_databases
def test_each_verb_is_refused_or_let_through_by_the_role_of_who_does_it(engine, team):
    found = dict(every_verb())
    assert set(found) == set(NEEDS)
    wrong = []
    for who, person in ({"nobody": None} | team).items():
        if who == "other":
            continue
        use = as_(engine, person)
        for name, function in found.items():
            sentence = let_through(function, person, use)
            if (not sentence) != (who in MAY[NEEDS[name]]):
                wrong.append((who, name, sentence))
            if sentence and not ("ask " in sentence and (person is None or who in sentence)):
                wrong.append((who, name, sentence))
    assert wrong == []


def test_a_role_holds_in_its_own_project_and_an_admin_is_one_in_all(engine, team):
    lead, other, admin = team["lead"], team["other"], team["admin"]
    for person, project, may in (
        (lead, "mails", True),
        (lead, "support", False),
        (other, "mails", False),
        (admin, "support", True),
    ):
        use = as_(engine, person, project)
        assert (roles.role_of(person, use) in ("lead", "admin")) is may
        assert (let_through(rounds.all_rounds, person, use) == "") is may
    nowhere = acting(engine, lead.id)
    with pytest.raises(verbs.NotAllowed, match="lead may not lead rounds: that takes a lead of a project, and none is in hand"):
        rounds.all_rounds(nowhere)
    assert rounds.all_rounds(acting(engine, admin.id)) == []


@pytest.mark.parametrize(
    ("who", "sentence"),
    [
        (None, "nobody is signed in here, so you may not lead rounds; sign in first, or ask admin for an invitation"),
        ("deactivated", "deactivated was deactivated and may not lead rounds; ask admin"),
        ("stranger", "stranger may not lead rounds in mails: that takes a lead of the project, and stranger is neither lead nor "
         "annotator there; ask admin"),
        ("annotator", "annotator may not lead rounds in mails: that takes a lead of the project, and annotator is an annotator "
         "there; ask admin"),
    ],
)  # fmt: skip
def test_a_refusal_says_who_what_and_whom_to_ask_and_nothing_is_done(engine, team, who, sentence):
    mails = inside(engine, "mails")
    stock(mails, team["lead"], 2)
    opened(mails, team["lead"], annotators=("annotator", "lead"))
    person = team[who] if who else None
    with pytest.raises(verbs.NotAllowed) as refused:
        close_round(person, as_(engine, person), "pilot", early="I can")
    assert refused.value.sentence == sentence
    assert rounds.all_rounds(mails)[0].is_open


def test_nobody_acts_in_the_name_of_another(engine, team):
    use = as_(engine, team["annotator"])
    with pytest.raises(verbs.NotAllowed, match="annotator cannot act in the name of somebody else"):
        close_round(team["lead"], use, "pilot")


def test_a_role_that_is_taken_binds_at_the_next_verb(engine, team):
    admin, lead = team["admin"], team["lead"]
    use = as_(engine, lead)
    assert rounds.all_rounds(use) == []
    roles.set_role(admin, as_(engine, admin), "lead", "annotator", "mails")
    with pytest.raises(verbs.NotAllowed):
        rounds.all_rounds(use)
    roles.deactivate(admin, as_(engine, admin), "lead")
    with pytest.raises(verbs.NotAllowed, match="was deactivated"):
        rounds.waiting_for(lead, use)
    roles.reactivate(admin, as_(engine, admin), "lead")
    assert rounds.waiting_for(lead, use) == []


def test_who_is_deactivated_is_signed_out_everywhere_and_cannot_sign_in(engine, team):
    token = sign_in(engine, team["lead"].id)
    assert signed_in(engine, token) == team["lead"]
    roles.deactivate(team["admin"], engine, "lead")
    assert signed_in(engine, token) is None
    with pytest.raises(Refused, match="lead was deactivated; ask an admin"):
        sign_in(engine, team["lead"].id)
    roles.reactivate(team["admin"], engine, "lead")
    assert signed_in(engine, token) is None, "the old sign-in stays ended"


def test_the_last_admin_stays(engine, team):
    for verb, way in ((roles.deactivate, "stay active"), (roles.take_admin, "stay an admin")):
        with pytest.raises(Refused, match=f"admin is the only admin and has to {way}: make somebody else an admin first"):
            verb(team["admin"], engine, "admin")
    roles.make_admin(team["admin"], engine, "lead")
    assert roles.take_admin(team["admin"], engine, "admin") == "admin is no admin any more"
    with pytest.raises(Refused, match="lead is the only admin"):
        roles.deactivate(team["lead"], engine, "lead")


def test_projects_and_rounds_of_others_are_not_told_of(engine, team):
    lead, annotator, stranger = team["lead"], team["annotator"], team["stranger"]
    mails = inside(engine, "mails")
    stock(mails, lead, 4)
    opened(mails, lead, draft_ids=("d01",), annotators=("annotator", "lead"))
    opened(mails, lead, "hidden", draft_ids=("d02",), annotators=("stranger", "lead"))
    roles.set_role(None, engine, "stranger", "none", "mails")
    shown = {who: [each.name for each in projects.in_short(acting(engine, team[who].id))] for who in team if who != "deactivated"}
    assert shown["admin"] == ["mails", "support"] and shown["lead"] == shown["annotator"] == ["mails"]
    assert shown["stranger"] == ["mails"], "a seat shows the project, too"
    assert shown["other"] == ["support"]
    use = as_(engine, annotator)
    assert [each.name for each in in_hand.in_short(annotator, use)] == ["pilot"]
    assert [each.name for each in in_hand.in_short(lead, as_(engine, lead))] == ["hidden", "pilot"]
    (mine,) = rounds.own_rounds(annotator, use)
    assert [each.name for each in mine.progress] == ["annotator"], "how far others are is the lead's to know"
    with pytest.raises(Refused, match="there is no project “support”; there is mails"):
        projects.named(use, "support")
    assert in_hand.elsewhere(as_(engine, team["other"], "support"), "pilot") == []
    assert (
        projects.to_begin_with(annotator, acting(engine, annotator.id))
        == inside(engine, "mails").get_execution_options()["project"]
    )
    assert projects.to_begin_with(stranger, acting(engine, stranger.id), round_name="pilot") is not None


def test_a_lead_renames_and_archives_the_project_in_hand_alone(engine, team):
    use = as_(engine, team["lead"])
    with pytest.raises(Refused, match="there is no project “support”"):
        renaming.rename_project(team["lead"], use, "support", "mine")
    with pytest.raises(Refused, match="there is no project “support”"):
        projects.archive_project(team["lead"], use, "support")
    assert renaming.rename_project(team["lead"], use, "mails", "letters") == "letters"
    assert projects.archive_project(team["admin"], acting(engine, team["admin"].id), "support").is_archived


def test_what_a_verb_does_within_itself_is_not_asked_about_again(engine, team):
    """Home asks for what only leads may ask for by themselves; afterwards it is asked about again."""
    from workflow.people.home import to_do

    annotator = team["annotator"]
    use = as_(engine, annotator)
    assert (to_do(annotator, use).leads, to_do(annotator, use).lead) == (False, ())
    with pytest.raises(verbs.NotAllowed):
        rounds.all_rounds(use)
    assert to_do(team["lead"], as_(engine, team["lead"])).leads


def test_a_standing_is_kept_for_a_second(sqlite_engine, monkeypatch):
    now = iter([10.0, 10.9, 11.1])
    monkeypatch.setattr(standing.time, "monotonic", lambda: next(now))
    (ana,) = people_of(sqlite_engine, "ana")
    (project,) = [projects.new_project(ana, sqlite_engine, "mails").id]
    use = within(sqlite_engine, project)
    assert standing.standing_of(use, ana.id).role == ""
    with sqlite_engine.begin() as connection:  # as another process does it
        roles.give_role(connection, ana.id, "lead", project)
    assert [standing.standing_of(use, ana.id).role for _ in range(2)] == ["", "lead"]


@pytest.mark.both_databases
def test_what_the_question_is_answered_from(engine, team):
    """The parts of it, one by one, for an annotator and for local mode, where nobody is asked about."""
    annotator, mails = team["annotator"], inside(engine, "mails")
    use, project = as_(engine, annotator), mails.get_execution_options()["project"]
    assert standing.standing_of(mails, annotator.id) == verbs.standing(use) == ("annotator", True, False, "annotator")
    assert (verbs.own_projects(use), verbs.may_act_in(use)) == ({project}, {project})
    assert verbs.why_not(use, ADMIN, "fly") == (
        "annotator may not fly: that takes an admin, and annotator is an annotator; ask admin"
    )
    with pytest.raises(verbs.NotAllowed, match="may not lead rounds"):
        verbs.refuse(use, "rounds.closing.close_round")
    assert verbs.standing(mails).is_admin
    assert verbs.refuse(mails, "rounds.closing.close_round") is verbs.own_projects(mails) is verbs.may_act_in(mails) is None
    with engine.begin() as connection:  # as another process does it
        roles.give_role(connection, annotator.id, "lead", project)
    assert not verbs.standing(use).leads
    standing.forget(engine)
    assert verbs.standing(use).leads
