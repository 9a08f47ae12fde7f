"""Projects made, listed, renamed, archived, deleted; and which of them a verb acts on."""

import pytest

from db.engine import reading, within
from db.store.comparison.gold_of_round import state_of_round, state_of_set
from tests.support.commands import document, done, refused, sentence
from tests.support.kept_stores import kept
from tests.support.refusals import refusal
from tests.support.sample_store import CLOSED, OUTREACH, with_sample
from tests.support.small_stores import (
    RUBRIC,
    TONE,
    change,
    draft,
    inside,
    jsonl,
    label_all,
    opened,
    people,
    rows,
    save,
    stock,
    task,
)
from touchstone.errors import Refused
from workflow.data.sample import load_sample, sample_project
from workflow.data.task_import import import_drafts, import_tasks, imports_so_far, whats_there
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.gold.export import files_of
from workflow.importing.label_files import File
from workflow.importing.label_sets import all_label_sets, import_labels
from workflow.maintenance.store_check import check_store
from workflow.people.people import person_named
from workflow.projects import projects, renaming
from workflow.projects.settling import CHOOSE, settled
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import all_rounds, found_round, seen_from
from workflow.rubric.meetings import decide
from workflow.rubric.versions import publication, publish
from workflow.scorer.drafts_to_score import state_of
from workflow.scorer.scoring import drafts_of_store, findings_of
from workflow.subgroups.size import last_move

MAILS, SUPPORT = "Mails", "Support"
SET = [File("m.csv", b"draft_id,tone_compliance\nd01,1\n")]


@pytest.fixture
@kept
def twins(engine):
    """Two projects with the same names everywhere: tasks, drafts, a round that is closed, a label set."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    for name in (MAILS, SUPPORT):
        projects.new_project(lead, engine, name)
        within_it = inside(engine, name)
        stock(within_it, lead, 2)
        opened(within_it, lead, dimensions=(TONE,))
        for person, level in ((ana, 1), (ben, 2)):
            label_all(within_it, person, {"d01": (level,), "d02": (2,)}, dimensions=(TONE,))
        close_round(lead, within_it, "pilot")
        import_labels(lead, within_it, SET, name="machine", made_by="model", rubric="tenacious-v1")
    return lead, ana, ben


def test_two_projects_hold_the_same_names_and_a_name_alone_is_refused(engine, twins):
    lead, *_ = twins
    assert [(each.name, each.rubric, each.drafts, each.rounds, each.label_sets) for each in projects.all_projects(engine)] == [
        (MAILS, "tenacious", 2, 1, 1),
        (SUPPORT, "tenacious", 2, 1, 1),
    ]
    for name in (MAILS, SUPPORT):
        (round_,) = all_rounds(inside(engine, name))
        assert (round_.name, round_.project, len(all_label_sets(inside(engine, name)))) == ("pilot", name, 1)
    assert len(all_rounds(engine)) == 2
    found = refusal(close_round, lead, engine, "pilot")
    assert found == f"there are 2 rounds “pilot”, in the projects Mails and Support; {CHOOSE}"
    assert "2 drafts “d01”" in refusal(findings_of, lead, engine, "d01")
    assert check_store(engine) == []


def test_what_comes_in_without_a_project_in_hand_is_refused_with_the_list_where_there_are_several(engine, twins):
    lead, *_ = twins
    several = refusal(import_tasks, lead, engine, jsonl(task(9)), "t.jsonl")
    assert several.startswith(
        "there are 2 projects, Mails and Support: what is imported goes into one of them; name the one that is meant"
    )
    of_rubric = refusal(opened, engine, lead, "second")
    assert of_rubric.startswith("there are 2 projects, Mails and Support: of the rubric tenacious")
    assert "there are 2 projects" in refusal(drafts_of_store, engine)
    import_tasks(lead, inside(engine, SUPPORT), jsonl(task(9)), "t.jsonl")
    assert (whats_there(inside(engine, MAILS)), whats_there(inside(engine, SUPPORT))) == ((2, 2), (3, 2))
    assert len(imports_so_far(inside(engine, SUPPORT))) == 3


def test_a_round_brings_its_project(engine, twins):
    lead, *_ = twins
    renaming.rename_round(lead, inside(engine, SUPPORT), "pilot", "first")
    with reading(engine) as connection:
        assert found_round(connection, "first").project == SUPPORT
    assert whats_there(seen_from(engine, "first")) == (2, 2)
    assert [each.name for each in all_rounds(inside(engine, MAILS))] == ["pilot"]
    opened(seen_from(engine, "first"), lead, "second")
    taken = refusal(renaming.rename_round, lead, inside(engine, SUPPORT), "second", "FIRST ")
    assert taken == "there is a round named “FIRST” already; choose another name"


def test_the_first_import_makes_a_project_and_its_first_round_gives_it_a_rubric(engine):
    with_sample(engine)
    lead, *_ = people(engine, "lead", "ana", "ben")
    assert settled(engine).get_execution_options()["project"] == sample_project(lead, engine, OUTREACH), "it alone is there"
    made = import_tasks(lead, engine, jsonl(task(1)), "t.jsonl")
    assert (made.project, made.is_first) == ("First project", True)
    assert [each.name for each in projects.in_short(engine)] == ["First project", "Sample"]
    again = import_drafts(lead, engine, jsonl(draft(1)), "d.jsonl")
    assert (again.project, again.is_first) == ("First project", False)
    assert projects.all_projects(engine)[0].rubric == ""
    opened(engine, lead)
    assert projects.all_projects(engine)[0].rubric == "tenacious"
    assert all_rounds(engine)[0].project == "First project"


def test_a_project_has_one_rubric_and_another_is_refused_with_the_way_out(sqlite_engine, rubric_folder):
    source = (rubric_folder / "tenacious-v1.yml").read_text("utf-8")
    (rubric_folder / "other-v1.yml").write_text(source.replace("rubric: tenacious", "rubric: other"))
    lead, *_ = people(sqlite_engine, "lead", "ana", "ben")
    stock(sqlite_engine, lead, 2)
    opened(sqlite_engine, lead)
    other = RoundDesign("other", rubric="other-v1", annotators=("ana", "ben"))
    with pytest.raises(Refused, match="; make one$") as refused:
        open_round(lead, sqlite_engine, other)
    assert refused.value.way == ("python manage.py new-project NAME --rubric other",)
    in_hand = refusal(open_round, lead, inside(sqlite_engine, "First project"), other)
    assert in_hand.startswith("First project is labelled by the rubric tenacious, not other (other-v1): a project has one rubric")
    made = import_labels(lead, sqlite_engine, SET, name="machine", made_by="model", rubric="other-v1")
    assert made.new_project == "other" and made.joined.drafts == 0, "a project of its own, without those drafts"
    projects.new_project(lead, sqlite_engine, "Third", rubric="other-v3")
    both = refusal(open_round, lead, sqlite_engine, other)
    assert both.startswith("there are 2 projects, other and Third: of the rubric other")


def test_names_are_mended_everywhere_and_it_is_on_record(engine, twins):
    lead, *_ = twins
    before = files_of(lead, inside(engine, MAILS), "pilot", partial=True)
    assert renaming.rename_project(lead, engine, "mails", " Outbound  mails ") == "Outbound mails"
    assert renaming.rename_person(lead, engine, "ben", "Benjamin") == "Benjamin"
    assert renaming.rename_person(lead, engine, "Benjamin", "ben") == "ben"
    assert files_of(lead, inside(engine, "Outbound mails"), "pilot", partial=True) == before
    said = [(each.by, each.verb, each.what) for each in projects.changes_so_far(engine)]
    assert said[-1] == ("lead", "renamed", {"kind": "project", "name": MAILS, "to": "Outbound mails", "project": MAILS})
    assert len(said) == 3
    for verb, old, new, word in (
        (renaming.rename_project, "Outbound mails", "support", "there is a project named “support” already"),
        (renaming.rename_person, "ana", "BEN", "there is a person named “BEN” already"),
        (renaming.rename_person, "zoe", "x", "nobody is named “zoe”"),
        (renaming.rename_project, "Nowhere", "x", "there is no project “Nowhere”; there are Outbound mails, Support"),
        (renaming.rename_person, "ana", "ana", "the person is named “ana” already"),
        (renaming.rename_person, "ana", "a,b", "a name may not contain commas"),
    ):
        assert refusal(verb, lead, engine, old, new).startswith(word)
    assert len(projects.changes_so_far(engine)) == 3


def test_an_archived_project_is_read_and_takes_nothing_in_until_it_is_brought_back(engine, twins):
    lead, *_ = twins
    projects.archive_project(lead, engine, MAILS)
    assert [(each.name, each.is_archived) for each in projects.all_projects(engine)] == [(SUPPORT, False), (MAILS, True)]
    assert import_tasks(lead, engine, jsonl(task(9)), "t.jsonl").project == SUPPORT, "the only one left"
    mails = inside(engine, MAILS)
    for step in (
        lambda: import_tasks(lead, mails, jsonl(task(9)), "t.jsonl"),
        lambda: opened(mails, lead, "second"),
        lambda: import_labels(lead, mails, SET, name="x", made_by="model", rubric="tenacious-v1"),
        lambda: open_round(lead, mails, RoundDesign("again", annotators=("ana",), kind="retest", of="pilot", force=True)),
    ):
        with pytest.raises(Refused, match="Mails is archived, and no drafts, rounds or label sets come into it; bring it back"):
            step()
    assert files_of(lead, mails, "pilot", partial=True)
    assert "is archived already" in refusal(projects.archive_project, lead, engine, MAILS)
    projects.archive_project(lead, engine, MAILS, back=True)
    assert "is not archived" in refusal(projects.archive_project, lead, engine, MAILS, back=True)
    assert opened(mails, lead, "second").project == MAILS
    assert [each.verb for each in projects.changes_so_far(engine)] == ["brought back", "archived"]


def test_a_project_is_deleted_with_all_that_is_in_it_and_nothing_else(engine, twins):
    lead, ana, _ = twins
    support = inside(engine, SUPPORT)
    (cell,) = open_disagreements(lead, support, "pilot").waiting
    adjudicate(lead, support, "pilot", "d01", TONE, 1, "why", "slip")
    open_round(lead, support, RoundDesign("again", annotators=("ana",), kind="retest", of="pilot", force=True))
    open_round(lead, support, RoundDesign("calib", annotators=("ben",), kind="calibration", of="pilot"))
    save(support, ana, "d01", (1,), "note", round_name="again", dimensions=(TONE,))
    projects.choose(ana, engine, projects.named(engine, SUPPORT).id)
    kept_files = files_of(lead, inside(engine, MAILS), "pilot", partial=True)
    wrong = refusal(projects.delete_project, lead, engine, SUPPORT, typed="support")
    assert wrong.startswith("Support was not deleted: “support” is not its name. Type the name exactly")
    assert projects.delete_project(lead, engine, SUPPORT, typed=SUPPORT) > 40
    assert [each.name for each in projects.all_projects(engine)] == [MAILS]
    assert files_of(lead, engine, "pilot", partial=True) == kept_files
    assert (check_store(engine), whats_there(engine)) == ([], (2, 2))
    left = [rows(engine, f"SELECT count(*) FROM {table}")[0][0] for table in ("rounds", "labels", "adjudications", "gold_keys")]
    assert left == [1, 4, 0, 0]
    assert "the project in hand was deleted meanwhile" in refusal(import_tasks, lead, support, jsonl(task(9)), "t.jsonl")
    (gone,) = projects.changes_so_far(engine)
    assert (gone.verb, gone.project, gone.what["name"], gone.by) == ("deleted", None, SUPPORT, "lead")


def test_what_is_kept_of_a_project_is_not_that_of_one_that_is_given_its_numbers(engine):
    """SQLite gives numbers again: a project made anew, with as many drafts and sets, has those of the deleted one."""
    (lead,) = people(engine, "lead")
    states, ids = [], []
    for text in ("a first text", "another text"):
        projects.new_project(lead, engine, MAILS)
        inside_ = inside(engine, MAILS)
        import_tasks(lead, inside_, jsonl(task(1)), "tasks.jsonl")
        import_drafts(lead, inside_, jsonl(draft(1, text=text)), "drafts.jsonl")
        ids.append(rows(engine, "SELECT id FROM drafts"))
        with reading(inside_, lead) as connection:
            states.append((state_of(inside_), state_of_set(connection), state_of_round(connection, 1), last_move(inside_)))
        projects.delete_project(lead, engine, MAILS, typed=MAILS)
    if engine.dialect.name == "sqlite":
        assert ids[0] == ids[1]
    assert all(before != after for before, after in zip(*states, strict=True))


def test_drafts_that_a_round_of_another_project_holds_stay_with_that_project(engine, twins):
    lead, *_ = twins
    change(engine, "UPDATE drafts SET draft_id = 'd03', project = 2 WHERE draft_id = 'd02' AND project = 1")
    change(engine, "UPDATE tasks SET task_id = 't03' WHERE task_id = 't02' AND project = 1")
    opened(inside(engine, SUPPORT), lead, "of both", dimensions=(TONE,))
    change(engine, "UPDATE drafts SET project = 1 WHERE draft_id = 'd03'")
    assert whats_there(inside(engine, SUPPORT)) == (3, 3)
    projects.delete_project(lead, engine, MAILS, typed=MAILS)
    assert whats_there(engine) == (3, 3)
    owners = "SELECT project FROM drafts UNION SELECT project FROM tasks UNION SELECT project FROM imports"
    assert rows(engine, owners) == [(2,)]
    told = [each for each in check_store(engine) if "is no longer what was imported" not in each]
    assert [each for each in told if "changed by another hand" not in each] == [], "renamed above"


def test_the_sample_is_a_project_that_can_be_deleted_and_loaded_again(sqlite_engine):
    load_sample(sqlite_engine, OUTREACH)
    cleo = person_named(sqlite_engine, "Sample Cleo")
    before = files_of(cleo, sqlite_engine, CLOSED, partial=True)
    assert not load_sample(sqlite_engine, OUTREACH)
    projects.delete_project(cleo, sqlite_engine, "Sample", typed="Sample")
    assert projects.all_projects(sqlite_engine) == [] and all_rounds(sqlite_engine) == []
    assert load_sample(sqlite_engine, OUTREACH)
    assert files_of(cleo, sqlite_engine, CLOSED, partial=True) == before


def test_the_sample_takes_another_name_where_a_project_is_called_so(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    projects.new_project(lead, sqlite_engine, "sample")
    load_sample(sqlite_engine, OUTREACH)
    assert [each.name for each in projects.all_projects(sqlite_engine)] == ["sample", "Sample (2)"]


def test_a_tab_begins_where_the_address_says_then_where_the_person_was_then_where_drafts_wait(engine, twins):
    lead, ana, _ = twins
    mails, support = (projects.named(engine, name).id for name in (MAILS, SUPPORT))
    assert projects.to_begin_with(lead, engine) == support, "the newest"
    opened(inside(engine, MAILS), lead, "second")
    assert projects.to_begin_with(lead, engine) == mails, "where they opened a round last"
    assert projects.to_begin_with(ana, engine) == mails
    assert projects.waiting_elsewhere(ana, engine, support) == [(MAILS, 2, 0)]
    projects.choose(ana, engine, support)
    assert (projects.to_begin_with(ana, engine), projects.to_begin_with(ana, engine, round_name="second")) == (support, mails)
    assert projects.to_begin_with(ana, engine, round_name="pilot", label_set="machine") == support, "several have these"
    projects.choose(ana, engine, 99)
    assert projects.to_begin_with(ana, engine) == support


def test_a_store_without_projects_begins_with_none(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    assert projects.to_begin_with(lead, sqlite_engine) is None
    assert whats_there(within(sqlite_engine, None)) == (0, 0)


# Commands


def test_the_commands_take_a_project(new_url, tmp_path):
    (tmp_path / "texts.csv").write_text("id,text\n1,Hello there\n2,Good bye\n")
    assert done("projects").startswith("there is no project yet")
    for name in ("ana", "ben"):
        done("add-person", name)
    for name in (MAILS, SUPPORT):
        done("new-project", name, "--rubric", "tenacious")
        assert "2 tasks and 2 drafts imported" in done("import-drafts", tmp_path / "texts.csv", "--project", name)
        done("open-round", "pilot", "--rubric", "tenacious-v1", "--annotators", "ana,ben", "--project", name)
    assert "in the projects Mails and Support" in sentence("close-round", "pilot")
    assert "there is no project “x”; there are Mails, Support" in sentence("rounds", "--project", "x")
    done("close-round", "pilot", "--early", "enough", "--project", SUPPORT)
    found = {each["project"]: each["open"] for each in document("rounds", "--json")}
    assert found == {MAILS: True, SUPPORT: False}
    assert [each["project"] for each in document("rounds", "--json", "--project", MAILS)] == [MAILS]
    assert "Mails / pilot: open" in done("rounds") and "Mails /" not in done("rounds", "--project", MAILS)
    assert done("score", "--rubric", "tenacious-v1", "--project", SUPPORT).count("\n") == 2
    assert "there are 2 projects" in sentence("score", "--rubric", "tenacious-v1")
    assert "is now First" in done("rename-round", "pilot", "First", "--project", SUPPORT)
    assert "archived" in done("archive-project", SUPPORT) and "brought back" in done("archive-project", SUPPORT, "--back")
    assert "“” is not its name" in refused("delete-project", SUPPORT)
    assert "is deleted" in done("delete-project", SUPPORT, "--yes", SUPPORT)
    (left,) = document("projects", "--json")
    assert (left["name"], left["rubric"], left["drafts"], left["rounds"]) == (MAILS, "tenacious", 2, 1)


def test_what_a_version_was_published_on_is_told_in_the_project_of_that_meeting_alone(engine, twins, rubric_folder):
    lead, *_ = twins
    source = (rubric_folder / f"{RUBRIC}.yml").read_text("utf-8")
    (rubric_folder / "tenacious-v2.yml").write_text(source.replace("version: 1\n", "version: 2\n", 1))
    mails, support = (inside(engine, name) for name in (MAILS, SUPPORT))
    decide(lead, mails, "pilot", "d01", TONE, "Say what counts as filler.")
    publish(lead, mails, "tenacious-v2", "clearer", round_name="pilot")
    told = publication(lead, mails, "tenacious-v2")
    assert (told.round, [each.draft_id for each in told.decisions], told.is_elsewhere) == ("pilot", ["d01"], False)
    told = publication(lead, support, "tenacious-v2")
    assert (told.why, told.round, told.decisions, told.is_elsewhere) == ("clearer", None, (), True)


def test_a_round_of_another_project_is_said_to_be_there(engine, twins):
    lead, *_ = twins
    renaming.rename_round(lead, inside(engine, SUPPORT), "pilot", "second")
    found = refusal(close_round, lead, inside(engine, MAILS), "second")
    assert found == "there is no round “second” here, only in the project Support; there is pilot"


def test_a_rubric_that_could_be_none_s_is_refused_for_a_project(sqlite_engine):
    (lead,) = people(sqlite_engine, "lead")
    for name in ("../../etc", "A rubric", "x" * 300):
        assert "is no name for a rubric; name one of rubric_versions/" in refusal(
            projects.new_project, lead, sqlite_engine, "One", rubric=name
        )
    assert projects.new_project(lead, sqlite_engine, "One", rubric="support-replies-v1").rubric == "support-replies"
