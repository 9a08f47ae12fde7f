"""Comparison rounds: opened, chosen in blind, closed, and only then read."""

import re

import pytest

from tests.support.commands import document, done, sentence
from tests.support.kept_stores import kept
from tests.support.small_stores import change, draft, jsonl, label_all, opened, people, rows, task
from touchstone.bench.sealing.sealed_file import new_key
from touchstone.errors import NotYourTurn, Refused
from workflow.bench.sealing import SealDesign, seal_partition
from workflow.data.task_import import import_drafts, import_tasks
from workflow.data.undoing import undo_import
from workflow.gold.gold import gold_of_round
from workflow.maintenance.store_check import check_store
from workflow.preferences.choices_made import choices_in
from workflow.preferences.comparing import choose_draft, next_pair, own_comparisons
from workflow.preferences.comparisons import close_comparison, comparisons
from workflow.preferences.opening import ComparisonDesign, open_comparison
from workflow.preferences.pairs_export import PAIR_HELD_BACK, PairsAsked, export_pairs
from workflow.preferences.report import preferences_in
from workflow.projects.projects import delete_project
from workflow.rounds.closing import close_round

TASKS = 12


def build(engine):
    """Twelve tasks in train with two drafts each, by two authors."""
    found = people(engine, "lead", "ana", "ben", "cleo")
    import_tasks(found[0], engine, jsonl(*(task(n, partition="train") for n in range(1, TASKS + 1))), "tasks.jsonl")
    every = [
        draft(n, draft_id=f"d{n:02}{which}", author=f"author-{which}", text=f"Text {which} of {n}.")
        for n in range(1, TASKS + 1)
        for which in "xy"
    ]
    import_drafts(found[0], engine, jsonl(*every), "drafts.jsonl")
    open_comparison(found[0], engine, ComparisonDesign("which", ["ana", "ben"], seed=7, repeats=0.1))
    return found


@pytest.fixture
@kept
def team(engine):
    return build(engine)


def compare_all(engine, person, better: str = "x", name: str = "which") -> list:
    """Every pair, taking the draft of that author; what was seen."""
    seen = []
    while pair := next_pair(person, engine, name):
        seen.append(pair)
        side = "left" if f"Text {better}" in pair.text_left else "right"
        choose_draft(person, engine, name, pair.number, {each.key: side for each in pair.dimensions})
    return seen


def test_each_annotator_compares_every_pair_with_balanced_sides_and_a_repeat_and_sees_no_author(engine, team):
    _, ana, ben, _ = team
    assert own_comparisons(ana, engine) == {"which": 13}
    seen = compare_all(engine, ana)
    assert [pair.place for pair in seen] == list(range(1, 14)) and seen[0].left == 13
    assert "author" not in repr(seen) and "hidden" not in repr(seen)
    lefts = ["Text x" in pair.text_left for pair in seen]
    assert 6 <= sum(lefts) <= 7
    texts = [frozenset((pair.text_left, pair.text_right)) for pair in seen]
    assert len(set(texts)) == 12, "one comes twice"
    assert own_comparisons(ana, engine) == {"which": 0} and own_comparisons(ben, engine) == {"which": 13}
    assert next_pair(ana, engine, "which") is None


def test_nothing_is_told_until_it_is_closed_and_then_the_figures_are(engine, team):
    lead, ana, ben, _ = team
    compare_all(engine, ana)
    compare_all(engine, ben)
    with pytest.raises(NotYourTurn, match="which is open: its choices stay hidden"):
        preferences_in(lead, engine, "which")
    (listed,) = comparisons(engine)
    assert [(each.name, each.left) for each in listed.progress] == [("ana", 0), ("ben", 0)]
    close_comparison(lead, engine, "which")
    made = preferences_in(lead, engine, "which")
    ((_, report),) = made.dimensions
    assert (report.choices, report.repeats, made.held_back) == (24, 2, 0)
    assert report.agreement.overall and report.both_decide.value == 1.0
    assert report.consistency.same.value == 1.0 and report.ranked_by == "author"
    assert [(each.author, each.wins, each.losses) for each in report.strengths.authors] == [
        ("author-x", 24, 0),
        ("author-y", 0, 24),
    ]
    assert check_store(engine) == []


def test_a_choice_can_be_corrected_until_the_round_is_closed_and_what_it_was_is_kept(engine, team):
    lead, ana, _, _ = team
    first = next_pair(ana, engine, "which")
    choose_draft(ana, engine, "which", first.number, {"overall": "left"}, "hm")
    choose_draft(ana, engine, "which", first.number, {"overall": "left"}, "hm")
    again = next_pair(ana, engine, "which", first.number)
    assert (again.taken, again.note, again.left) == ({"overall": "left"}, "hm", 12)
    second = next_pair(ana, engine, "which")
    assert second.number != first.number and second.before == first.number
    choose_draft(ana, engine, "which", first.number, {"overall": "tie"})
    kept_choices = "SELECT taken, supersedes FROM pair_choices JOIN dimension_choices ON choice = id ORDER BY id"
    assert rows(engine, kept_choices) == [("left", None), ("tie", 1)]
    close_comparison(lead, engine, "which", "enough")
    (told,) = choices_in(lead, engine, "which").given["overall"].choices
    assert told.taken == "tie"
    with pytest.raises(NotYourTurn, match="which is closed"):
        choose_draft(ana, engine, "which", first.number, {"overall": "left"})
    with pytest.raises(Refused, match="was closed on"):
        close_comparison(lead, engine, "which")
    assert "closed early: enough" in preferences_in(lead, engine, "which").notes[0]


def test_what_is_no_choice_or_somebody_elses_pair_is_refused(engine, team):
    _, ana, ben, cleo = team
    mine = next_pair(ana, engine, "which").number
    with pytest.raises(Refused, match="a choice is left, tie or right, not better"):
        choose_draft(ana, engine, "which", mine, {"overall": "better"})
    left = {"overall": "left"}
    for ask in (lambda: choose_draft(ben, engine, "which", mine, left), lambda: next_pair(ben, engine, "which", mine)):
        with pytest.raises(NotYourTurn, match="is not one of yours"):
            ask()
    with pytest.raises(NotYourTurn, match="cleo has no seat in which"):
        next_pair(cleo, engine, "which")
    with pytest.raises(Refused, match="there is no comparison round “other”; there is which"):
        next_pair(ana, engine, "other")


def test_a_round_that_cannot_be_opened_says_why(engine, team):
    lead = team[0]
    for design, told in (
        (ComparisonDesign("which", ["ana"]), "named “which” already"),
        (ComparisonDesign("new", []), "needs an annotator"),
        (ComparisonDesign("new", ["ana"], partition="dev"), "no task in dev has two drafts"),
        (ComparisonDesign("new", ["ana"], repeats=0.5), "outside .05 to .10"),
        (ComparisonDesign("new", ["ana"], per_task=0), "no pair can be drawn with 0"),
        (ComparisonDesign("new", ["ana"], seed=-1), "a seed is from 0"),
        (ComparisonDesign(" ", ["ana"]), "needs a name"),
    ):
        with pytest.raises(Refused, match=re.escape(told)):
            open_comparison(lead, engine, design)
    with pytest.raises(Refused, match="ana has 13 pairs left and ben has 13 pairs left"):
        close_comparison(lead, engine, "which")


def test_who_compares_a_draft_is_not_told_what_it_was_given_and_who_labels_one_not_what_was_chosen(engine, team):
    lead, ana, ben, cleo = team
    compare_all(engine, ana)
    compare_all(engine, ben)
    opened(engine, lead, annotators=["ben", "cleo"], draft_ids=["d01x", "d02x"])
    for person in (ben, cleo):
        label_all(engine, person, {"d01x": (1, 1), "d02x": (2, 2)})
    close_round(lead, engine, "pilot")
    assert gold_of_round(lead, engine, "pilot").round.held_back == 0
    assert gold_of_round(ana, engine, "pilot").round.held_back == 2, "she compares both now"
    close_comparison(lead, engine, "which")
    assert gold_of_round(ana, engine, "pilot").round.held_back == 0
    opened(engine, lead, "again", annotators=["ana", "cleo"], draft_ids=["d03x"])
    mine, theirs = preferences_in(ana, engine, "which"), preferences_in(lead, engine, "which")
    assert [(each.held_back, each.dimensions[0].report.pairs) for each in (mine, theirs)] == [(1, 11), (0, 12)]


def test_what_was_compared_is_not_undone_or_sealed_and_goes_with_its_project(engine, team):
    lead, ana, _, _ = team
    choose_draft(ana, engine, "which", next_pair(ana, engine, "which").number, {"overall": "tie"}, "a note")
    with pytest.raises(Refused, match="the comparison round which holds some of its drafts"):
        undo_import(lead, engine, 2)
    with pytest.raises(Refused, match="the comparison round which had some of it before"):
        seal_partition(lead, engine, SealDesign("train", "lead", new_key()[1]))
    (name,) = [row[0] for row in rows(engine, "SELECT name FROM projects")]
    delete_project(lead, engine, name, typed=name)
    for table in ("compared_dimensions", "compared_pairs", "shown_pairs", "pair_choices", "dimension_choices"):
        assert rows(engine, f"SELECT count(*) FROM {table}") == [(0,)]


def test_pairs_to_train_on_come_from_a_closed_comparison_round(engine, team, tmp_path):
    lead, ana, ben, _ = team
    compare_all(engine, ana)
    compare_all(engine, ben)
    with pytest.raises(NotYourTurn, match="which is open"):
        export_pairs(lead, engine, PairsAsked("comparison:which"), tmp_path / "out")
    close_comparison(lead, engine, "which")
    with pytest.raises(Refused, match="which did not ask about tone; name overall"):
        export_pairs(lead, engine, PairsAsked("comparison:which", ("tone",)), tmp_path / "out")
    made = export_pairs(lead, engine, PairsAsked("comparison:which"), tmp_path / "out")
    assert made.manifest["by_partition"] == {"train": 12} and made.manifest["by_tier"] == {"compared": 12}
    assert {(pair.chosen.draft[-1], pair.rejected.draft[-1]) for pair in made.made.every} == {("x", "y")}
    opened(engine, lead, "again", annotators=["ana", "cleo"], draft_ids=["d03x"])
    held = export_pairs(ana, engine, PairsAsked("comparison:which"), tmp_path / "held")
    assert held.manifest["pairs"] == 11 and held.manifest["left_out"] == {PAIR_HELD_BACK: 1}


def test_sealed_drafts_are_not_compared(engine, team):
    lead = team[0]
    import_tasks(lead, engine, jsonl(task(30, partition="secret")), "secret.jsonl")
    import_drafts(lead, engine, jsonl(*(draft(30, draft_id=f"s{n}", text=f"Secret {n}.") for n in (1, 2))), "s.jsonl")
    seal_partition(lead, engine, SealDesign("secret", "lead", new_key()[1]))
    assert open_comparison(lead, engine, ComparisonDesign("all", ["ana"])).pairs == TASKS


def test_choices_that_another_hand_put_out_of_place_are_found(sqlite_engine):
    lead, ana, ben, _ = build(sqlite_engine)
    numbers = [next_pair(ana, sqlite_engine, "which").number]
    choose_draft(ana, sqlite_engine, "which", numbers[0], {"overall": "left"})
    choose_draft(ana, sqlite_engine, "which", numbers[0], {"overall": "tie"})
    change(sqlite_engine, "UPDATE pair_choices SET shown = (SELECT max(id) FROM shown_pairs) WHERE supersedes IS NOT NULL")
    change(sqlite_engine, "UPDATE compared_pairs SET task = task % 12 + 1 WHERE id = 1")
    found = check_store(sqlite_engine)
    assert "choice 2 of a comparison round does not fit what it belongs to" in found
    assert "pair 1 of a comparison round does not fit what it belongs to" in found


def test_a_round_is_opened_compared_in_and_read_on_the_command_line(sqlite_engine, monkeypatch):
    build(sqlite_engine)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", str(sqlite_engine.url))
    said = done("open-comparison", "tone", "--annotators", "ana", "--question", "Which is warmer?", "--seed", "3")
    assert said.startswith("tone (open): 12 pairs; ana 0 of 13")
    told = done("compare-drafts", "tone", "--as", "ana", typed="1\n7\n2\nq\n")
    assert (
        "pair 1 of 13" in told
        and told.count("\nWhich is warmer?") == 3
        and "1, 2, 3 or q, not 7" in told
        and "stopped; 11 pairs left" in told
    )
    assert sentence("report-comparison", "tone").startswith("tone is open")
    assert sentence("close-comparison", "tone").startswith("tone cannot be closed yet: ana has 11 pairs left")
    done("close-comparison", "tone", "--early", "a try")
    found = document("report-comparison", "tone", "--json")
    (only,) = found["dimensions"]
    assert (only["choices"], only["question"], found["notes"]) == (2, "Which is warmer?", ["It was closed early: a try"])
    assert "2 choices on 2 pairs" in done("report-comparison", "tone")
    assert [each["name"] for each in document("comparisons", "--json")] == ["tone", "which"]
