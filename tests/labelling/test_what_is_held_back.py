"""What is held back from a reader changes nothing that they are told: no count, figure, list, file or refusal (decisions/0020).

Two worlds differ in what is known of the drafts that the reader labels in an open round, and in nothing else. Where a verb told
them anything that depends on it, alone or by subtracting one figure from another, its answers would differ somewhere.
"""

import ast
from collections.abc import Collection

import pytest
import sqlalchemy as sa

from tests.support import reader_views, two_worlds
from tests.support.modules import MODULES, dotted, tree, where
from tests.support.short_run import EVERYTHING
from tests.support.two_worlds import World
from workflow.maintenance.store_check import check_store

pytestmark = pytest.mark.usefixtures("rubric_folder")
TELL_A_LEAD = {
    "agreement.counts_behind.counts_behind",
    "agreement.disagreements.disagreements_on",
    "gold.adjudication.open_disagreements",
    "gold.gold.gold_of_round",
    "gold.gold.tally_of_round",
    "importing.label_sets.suspicions_told",
    "rounds.draft_list.drafts_of_round",
    "rounds.one_draft.draft_of_round",
    "rounds.rounds.all_rounds",
    "rounds.rounds.queries_of",
    "rubric.meetings.meeting",
    "rubric.versions.publication",
}


def differing(before: dict[str, list[str]], after: dict[str, list[str]]) -> dict[str, str]:
    """The verbs whose answers differ, with the place where the first does."""
    found = {}
    for name, told in before.items():
        for one, other in zip(told, after[name], strict=True):
            if one != other and name not in found:
                at = next(at for at in range(len(one) + 1) if one[:at] != other[:at])
                found[name] = f"{one[max(0, at - 120) : at + 60]} | {other[max(0, at - 20) : at + 60]}"
    return found


def told_differently(engine: sa.Engine, world: World, seed: int, names: Collection[str]) -> dict[str, str]:
    """The verbs that tell the reader of one world something else than the reader of the other."""
    reader_views.seen(engine, world, ["labelling.next_draft.next_assignment"])  # that they have opened it is on record
    before = reader_views.seen(engine, world, names)
    two_worlds.change_what_is_held(engine, world, seed)
    assert check_store(engine) == []
    return differing(before, reader_views.seen(engine, world, names))


def test_no_figure_that_a_reader_is_told_depends_on_what_is_held_back_from_them(sqlite_engine):
    world = two_worlds.a_world(sqlite_engine, 2)
    assert told_differently(sqlite_engine, world, 2, reader_views.SLOW) == {}


@pytest.mark.parametrize("seed", range(8, 28) if EVERYTHING else [12])
def test_no_count_list_file_or_refusal_depends_on_what_is_held_back(engine, seed):
    world = two_worlds.a_world(engine, seed)
    quick = reader_views.VIEWS.keys() - reader_views.SLOW
    assert told_differently(engine, world, seed, reader_views.VIEWS if EVERYTHING else quick) == {}


def test_whoever_labels_none_of_those_drafts_is_told_of_the_other_world(sqlite_engine):
    """What the tests above look for is told to somebody: else they would hold whatever a verb does."""
    world = two_worlds.a_world(sqlite_engine, 7)
    found = told_differently(sqlite_engine, world._replace(reader=world.lead), 7, TELL_A_LEAD)
    assert found.keys() == TELL_A_LEAD


def verbs() -> set[str]:
    """Every public function of workflow/ that is given the store, by module and name."""
    return {
        f"{dotted(path).removeprefix('workflow.')}.{each.name}"
        for path in MODULES
        if path.parts[0] == "workflow"
        for each in tree(path).body
        if isinstance(each, ast.FunctionDef)
        and not each.name.startswith("_")
        and "engine" in [one.arg for one in each.args.args[:2]]
    }


def test_every_verb_is_asked_or_it_is_said_why_it_tells_nothing():
    declared = {name for names in reader_views.TOLD_NOTHING.values() for name in names.split()}
    assert verbs() == declared | reader_views.VIEWS.keys()
    assert not declared & reader_views.VIEWS.keys()


def test_a_verb_that_knows_who_acts_says_for_whom_it_reads():
    """Where nobody is named, queries of what drafts were given refuse; how far annotators of a closed round were would be
    told."""
    unsaid = [
        where(path, call)
        for path in MODULES
        if path.parts[0] == "workflow"
        for verb in ast.walk(tree(path))
        if isinstance(verb, ast.FunctionDef) and {"person", "engine"} <= {each.arg for each in verb.args.args}
        for call in ast.walk(verb)
        if isinstance(call, ast.Call) and ast.unparse(call) in ("reading(engine)", "writing(engine)")
    ]
    # A sign-in; a role; a refusal that is told of.
    before_any_reader = ("workflow/people/people.py", "workflow/people/standing.py", "workflow/events/recording.py")
    assert [each for each in unsaid if not each.startswith(before_any_reader)] == []
