"""A store from before there were projects becomes some, and nothing in it is lost, doubled or changed."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa

from db.engine import migrate, reading
from db.store import tasks as stored
from tests.support.older_stores import older_copy
from tests.support.sample_store import hasty_engine, sqlite_url, with_sample
from tests.support.small_stores import TONE, change, draft, inside, jsonl, label_all, opened, people, rows, stock, task
from workflow import clock
from workflow.data.task_import import import_drafts, import_tasks, whats_there
from workflow.gold.export import files_of
from workflow.gold.gold import gold_of_round
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.maintenance.store_backup import backup, restore
from workflow.maintenance.store_check import check_store
from workflow.people.people import add_person, person_named
from workflow.projects.projects import all_projects
from workflow.rounds import rounds
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.scorer.scoring import findings_of

NOW = datetime(2026, 12, 1, 9, tzinfo=UTC)
OTHER = "SELECT id FROM projects WHERE name = 'other'"
PLACED = (
    "SELECT task_id, projects.name FROM tasks JOIN projects ON projects.id = tasks.project WHERE NOT projects.is_sample "
    "ORDER BY task_id"
)


@pytest.fixture
def before(sqlite_engine, rubric_folder, empty_url):
    """The sample; d01 to d04 under the rubric `tenacious`, then d03 to d05 under `other`; t06 came with these and is in no round,
    t20 came by itself; a label set of each rubric. Once as it is built now, and once as the schema before had it."""
    engine = sqlite_engine
    source = (rubric_folder / "tenacious-v1.yml").read_text("utf-8")
    source = source.replace("rubric: tenacious", "rubric: other").replace("version: 1\n", "version: 2\n")
    (rubric_folder / "other-v2.yml").write_text(source)
    with_sample(engine)
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    with clock.at(NOW):
        stock(engine, lead, 6)
        opened(engine, lead, "pilot", dimensions=(TONE,), draft_ids=("d01", "d02", "d03", "d04"))
        import_tasks(lead, engine, jsonl(task(20)), "later.jsonl")
        for name, rubric in (("machine", "tenacious-v1"), ("other machine", "other-v2")):
            file = File("m.csv", b"draft_id,tone_compliance\nd01,1\n")
            import_labels(lead, engine, [file], name=name, made_by="model", rubric=rubric)
        file = File("s.csv", b"draft_id,tone_compliance\nsample-01-1,1\nsample-02-1,2\nd01,0\n")
        import_labels(lead, engine, [file], name="on the sample", made_by="model", rubric="tenacious-v1")
    change(engine, f"UPDATE drafts SET project = ({OTHER}) WHERE draft_id IN ('d03', 'd04', 'd05')")
    with clock.at(NOW.replace(day=2)):
        asked = RoundDesign("other pilot", rubric="other-v2", annotators=("ana", "ben"), dimensions=(TONE,))
        open_round(lead, inside(engine, "other"), asked)
    for person in (ana, ben):
        label_all(engine, person, {f"d0{n}": (n % 4,) for n in (1, 2, 3, 4)}, dimensions=(TONE,))
        label_all(engine, person, {f"d0{n}": (n % 4,) for n in (3, 4, 5)}, round_name="other pilot", dimensions=(TONE,))
    for name in ("pilot", "other pilot"):
        close_round(lead, engine, name)
    old = older_copy(engine, empty_url, "0006")
    yield engine, old
    old.dispose()


def gold_of(engine) -> dict[str, dict[str, bytes]]:
    cleo = person_named(engine, "Sample Cleo")
    closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open]
    return {name: files_of(cleo, engine, name, partial=True) for name in closed}


def many(engine) -> dict[str, int]:
    tables = set(sa.inspect(engine).get_table_names()) - {
        "alembic_version",
        "projects",
        "last_projects",
        "changes",
        "undone_imports",
        "closings",
        "events",
        "salts",
        "memberships",
        "round_changes",
        "passwords",
        "invitations",
        "throttles",
        "identities",
        "sign_in_attempts",
        "typed_tasks",
        "task_spaces",
        "synthesis_runs",
        "candidates",
        "candidate_verdicts",
        "seals",
        "seal_openings",
        "sealed_tasks",
        "sealed_drafts",
        "leak_signatures",
        "releases",
        "release_rounds",
        "release_answers",
        "spot_checks",
        "spot_check_cells",
        "gate_policies",
        "gate_switches",
        "gate_tokens",
        "gate_decisions",
        "gate_overrides",
        "judges",
        "judge_runs",
        "judge_answers",
        "judge_chances",
        "judged_labels",
        "trained_judges",
        "trained_judge_rounds",
        "trained_judge_drafts",
        "trained_judge_switches",
        "comparison_rounds",
        "compared_pairs",
        "shown_pairs",
        "pair_choices",
        "cell_counts",
        "slice_counts",
        "half_counts",
        "compared_dimensions",
        "waiting_cells",
        "dimension_choices",
    }
    return {table: rows(engine, f"SELECT count(*) FROM {table}")[0][0] for table in sorted(tables)}


def test_a_store_becomes_one_project_per_rubric_name_and_the_sample(before, tmp_path):
    built, old = before
    was = many(old)
    assert migrate(old) == "older"
    assert many(old) == was == many(built), "nothing is doubled or dropped"
    assert [(each.name, each.rubric, each.is_sample, each.rounds, each.label_sets) for each in all_projects(old)] == [
        ("Imported before projects", "", False, 0, 0),
        ("other", "other", False, 1, 1),
        ("tenacious", "tenacious", False, 1, 1),
        ("Sample", "tenacious", True, 2, 1),
    ]
    assert rows(old, PLACED) == [
        *((f"t0{number}", "tenacious") for number in (1, 2, 3, 4)),  # t03, t04 under both: the round opened first
        ("t05", "other"),
        ("t06", "tenacious"),  # in no round: where most of its import went
        ("t20", "Imported before projects"),
    ]
    assert rows(old, "SELECT count(*) FROM drafts JOIN tasks ON tasks.id = task WHERE drafts.project <> tasks.project") == [(0,)]
    assert gold_of(old) == gold_of(built), "every byte of gold is what it was"
    assert check_store(old) == []
    with hasty_engine(sqlite_url(tmp_path / "restored.db")) as copy:
        backup(old, tmp_path / "backup.sqlite")
        restore(copy, tmp_path / "backup.sqlite")
        assert (all_projects(copy), gold_of(copy)) == (all_projects(old), gold_of(old))


def test_a_round_keeps_the_drafts_that_belong_to_another_project(before):
    _, old = before
    migrate(old)
    lead = person_named(old, "lead")
    other, tenacious = inside(old, "other"), inside(old, "tenacious")
    assert (whats_there(other), whats_there(tenacious)) == ((3, 3), (5, 5))
    assert [cell.draft_id for cell in gold_of_round(lead, other, "other pilot").cells] == ["d03", "d04", "d05"]
    with reading(other) as connection:
        assert stored.draft(connection, "d03").task_id == "t03"
    found = {name: findings_of(lead, one, "d03").rounds for name, one in (("other", other), ("tenacious", tenacious))}
    assert found == {"other": ("other pilot",), "tenacious": ("pilot",)}
    again = import_drafts(lead, other, jsonl(draft(3)), "drafts.jsonl")
    assert (again.drafts_added, again.drafts_known) == (0, 1), "it is one of this project's drafts"


@pytest.mark.parametrize(
    ("made", "projects", "placed"),
    [
        ("sample and tasks", ["Imported before projects", "Sample"], {"Imported before projects"}),
        ("tasks and a label set", ["tenacious"], {"tenacious"}),
        ("nothing", [], set()),
    ],
)
def test_what_is_in_no_round_goes_to_the_only_project_or_to_one_of_its_own(made, projects, placed, sqlite_engine, tmp_path):
    (lead,) = people(sqlite_engine, "lead")
    if made.startswith("sample"):
        with_sample(sqlite_engine)
    if made != "nothing":
        lead = add_person(None, sqlite_engine, "lead")
        stock(sqlite_engine, lead, 2)
    if made.endswith("set"):
        file = File("m.csv", b"draft_id,tone_compliance\nd01,1\n")
        import_labels(lead, sqlite_engine, [file], name="machine", made_by="model", rubric="tenacious-v1")
    old = older_copy(sqlite_engine, sqlite_url(tmp_path / "old.db"), "0006")
    migrate(old)
    assert [each.name for each in all_projects(old)] == projects
    assert {project for _, project in rows(old, PLACED)} == placed
    old.dispose()
