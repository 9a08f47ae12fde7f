"""Comparison rounds that ask of several dimensions at once, rounds of before that could, and the file of choices and notes."""

import re

import pytest

from db.engine import migrate
from tests.preferences.test_comparisons import build
from tests.support.commands import document, done, sentence
from tests.support.kept_stores import kept
from tests.support.older_stores import older_copy
from tests.support.rubric_files import version
from tests.support.small_stores import CTA, RUBRIC, TONE, change, opened, rows
from touchstone.errors import NotYourTurn, Refused
from touchstone.preferences.choice_file import read_choices
from workflow.maintenance.store_check import check_store
from workflow.preferences.choices_made import choices_as_csv, choices_in, pair_drafts, pairs_to_read
from workflow.preferences.comparing import choose_draft, next_pair
from workflow.preferences.comparisons import close_comparison
from workflow.preferences.opening import ComparisonDesign, open_comparison
from workflow.preferences.pairs_export import PairsAsked, export_pairs
from workflow.preferences.report import preferences_in
from workflow.rubric.rubrics import rubric_named
from workflow.rubric.versions import publish

BOTH = ComparisonDesign("both", ["ana", "ben"], seed=7, dimensions=(TONE, "overall"), rubric=RUBRIC)


@pytest.fixture
@kept
def team(engine):
    """The team of test_comparisons with a round on tone and overall; ana and ben take author x on tone, and of the rest ana takes
    x and ben y, with a note on the first pair."""
    found = build(engine)
    open_comparison(found[0], engine, BOTH)
    for person, other in ((found[1], "x"), (found[2], "y")):
        note = "because" if other == "y" else ""
        while pair := next_pair(person, engine, "both"):
            sides = {"x": "left" if "Text x" in pair.text_left else "right"}
            sides["y"] = "right" if sides["x"] == "left" else "left"
            choose_draft(person, engine, "both", pair.number, {TONE: sides["x"], "overall": sides[other]}, note)
            note = ""
    return found


def test_every_dimension_has_figures_and_ranks_of_its_own(engine, team):
    lead = team[0]
    close_comparison(lead, engine, "both")
    tone, overall = preferences_in(lead, engine, "both").dimensions
    asked = rubric_named(engine, RUBRIC).dimension(TONE)
    assert (tone.asked.title, tone.asked.question) == (asked.title, asked.question)
    assert overall.asked.question == "Which draft is better?"
    assert (tone.report.both_decide.value, overall.report.both_decide.value) == (1.0, 0.0)
    assert [(each.author, each.wins) for each in tone.report.strengths.authors] == [("author-x", 24), ("author-y", 0)]
    assert [(each.author, each.wins, each.losses) for each in overall.report.strengths.authors] == [
        ("author-x", 12, 12),
        ("author-y", 12, 12),
    ]
    assert check_store(engine) == []


def test_what_is_not_asked_or_left_out_is_refused_and_a_correction_supersedes_all_of_the_pair(engine, team):
    ana = team[1]
    open_comparison(team[0], engine, ComparisonDesign("more", ["ana"], seed=1, dimensions=(TONE, CTA), rubric=RUBRIC))
    number = next_pair(ana, engine, "more").number
    titles = [each.title for each in next_pair(ana, engine, "more").dimensions]
    for taken, told in (
        ({}, "choose left, as good or right first"),
        ({TONE: "left"}, f"choose on {titles[1]} too"),
        ({TONE: "left", CTA: "tie", "overall": "tie"}, "more does not ask about overall"),
    ):
        with pytest.raises(Refused, match=re.escape(told)):
            choose_draft(ana, engine, "more", number, taken)
    before = rows(engine, "SELECT max(id) FROM pair_choices")[0][0]
    for cta in ("tie", "tie", "right"):
        choose_draft(ana, engine, "more", number, {TONE: "left", CTA: cta})
    assert rows(engine, f"SELECT supersedes FROM pair_choices WHERE id > {before} ORDER BY id") == [(None,), (before + 1,)]
    assert next_pair(ana, engine, "more", number).taken == {TONE: "left", CTA: "right"}


def test_dimensions_that_cannot_be_asked_about_are_refused_when_it_is_opened(engine, team):
    for more, told in (
        ({"dimensions": (TONE,)}, f"{TONE} would be asked; name the rubric version that has it"),
        ({"dimensions": ("nothing",), "rubric": RUBRIC}, f"{RUBRIC} has no dimension nothing; a comparison round asks about"),
        ({"dimensions": (TONE,), "rubric": RUBRIC, "question": "Warmer?"}, "“Warmer?” is asked overall, and overall is not"),
        ({"dimensions": (TONE,), "rubric": "nowhere-v1"}, "nowhere-v1"),
    ):
        with pytest.raises(Refused, match=re.escape(told)):
            open_comparison(team[0], engine, ComparisonDesign("new", ["ana"], **more))


def test_pairs_to_train_on_are_of_one_dimension_and_of_none_that_was_reworded_since(engine, team, rubric_folder, tmp_path):
    lead = team[0]
    close_comparison(lead, engine, "both")
    made = export_pairs(lead, engine, PairsAsked("comparison:both", (TONE,)), tmp_path / "tone")
    assert made.manifest["dimensions"] == [TONE] and made.manifest["pairs"] == 12
    for dimensions, told in (
        ((), "no pair is left to export"),  # overall, where they do not agree on one
        ((TONE, "overall"), f"pairs are made of one dimension of a comparison round, not {TONE} and overall"),
        ((CTA,), f"both did not ask about {CTA}; name {TONE} or overall"),
    ):
        with pytest.raises(Refused, match=told):
            export_pairs(lead, engine, PairsAsked("comparison:both", dimensions), tmp_path / "out")
    asks = rubric_named(engine, RUBRIC).dimension(TONE).question
    publish(lead, engine, version(2, (f"question: {asks}", "question: Is the voice that of the guide?")), "clearer")
    with pytest.raises(Refused, match=f"{TONE} was reworded in tenacious-v2"):
        export_pairs(lead, engine, PairsAsked("comparison:both", (TONE,)), tmp_path / "stale")


def test_pairs_apart_come_with_what_everybody_took_and_noted_and_with_their_drafts(engine, team):
    lead, ana, ben, _ = team
    first = rows(engine, "SELECT pair FROM shown_pairs JOIN pair_choices ON shown = shown_pairs.id WHERE note = 'because'")[0][0]
    with pytest.raises(NotYourTurn, match="both is open"):
        pair_drafts(lead, engine, "both", str(first))
    close_comparison(lead, engine, "both")
    read = choices_in(lead, engine, "both")
    (noted,) = pairs_to_read(read, TONE)
    assert (noted.differ, noted.pair.pair) == (False, str(first))
    assert {said.annotator: said.note for said in noted.said if not said.again} == {"ana": "", "ben": "because"}
    apart = pairs_to_read(read, "overall")
    assert len(apart) == 12 and all(each.differ for each in apart)
    of = next(each for each in apart if each.pair.pair == str(first))
    assert {said.annotator: said.taken[-1] for said in of.said if not said.again} == {"ana": "x", "ben": "y"}
    drafts = pair_drafts(lead, engine, "both", str(first))
    assert {drafts.a[:6], drafts.b[:6]} == {"Text x", "Text y"} and drafts.fields
    with pytest.raises(Refused, match="both has no pair 999"):
        pair_drafts(lead, engine, "both", "999")
    opened(engine, lead, "again", annotators=["ana", "cleo"], draft_ids=[noted.pair.a])
    with pytest.raises(Refused, match=f"both has no pair {first} that you may read"):
        pair_drafts(ana, engine, "both", str(first))


def test_the_file_of_choices_and_notes_says_the_same_figures_again(engine, team):
    lead, ana, _, _ = team
    with pytest.raises(NotYourTurn, match="both is open"):
        choices_as_csv(lead, engine, "both")
    close_comparison(lead, engine, "both")
    made = choices_as_csv(lead, engine, "both")
    assert (made.choices, made.held_back) == (52, 0) and made.content.count(b",because\n") == 2
    given, read = read_choices(made.content, "both.csv"), choices_in(lead, engine, "both").given
    assert list(given) == [TONE, "overall"]
    assert {key: sorted(of.choices) for key, of in given.items()} == {key: sorted(of.choices) for key, of in read.items()}
    assert {key: dict(of.pairs) for key, of in given.items()} == {key: dict(of.pairs) for key, of in read.items()}
    close_comparison(lead, engine, "which", "not needed")
    opened(engine, lead, "again", annotators=["ana", "cleo"], draft_ids=["d03x"])
    held = choices_as_csv(ana, engine, "both")
    assert held.held_back == 1 and held.choices < 52 and b"d03x" not in held.content


def test_a_choice_without_a_side_on_each_dimension_is_found(sqlite_engine):
    lead, ana, *_ = build(sqlite_engine)
    open_comparison(lead, sqlite_engine, BOTH)
    choose_draft(ana, sqlite_engine, "both", next_pair(ana, sqlite_engine, "both").number, {TONE: "left", "overall": "tie"})
    assert check_store(sqlite_engine) == []
    change(sqlite_engine, "DELETE FROM dimension_choices WHERE taken = 'tie'")
    assert "choice 1 of a comparison round does not fit what it belongs to" in check_store(sqlite_engine)


def test_it_is_opened_chosen_in_and_exported_on_the_command_line(sqlite_engine, monkeypatch, tmp_path):
    build(sqlite_engine)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", str(sqlite_engine.url))
    asked = ("--rubric", RUBRIC, "--dimensions", f"{TONE},overall")
    said = done("open-comparison", "both", "--annotators", "ana", *asked, "--seed", "3")
    assert said.startswith("both (open): 12 pairs on 2 dimensions; ana 0 of 13")
    told = done("compare-drafts", "both", "--as", "ana", typed="1\n2\n3\nq\n")
    assert "Overall: Which draft is better?" in told and "stopped; 12 pairs left" in told, "half a pair is none"
    assert sentence("export-comparison", "both", "--to", tmp_path / "both.csv").startswith("both is open")
    done("close-comparison", "both", "--early", "a try")
    assert "2 choices in" in done("export-comparison", "both", "--to", tmp_path / "both.csv")
    assert "is there already" in sentence("export-comparison", "both", "--to", tmp_path / "both.csv")
    found = document("preferences", tmp_path / "both.csv", "--json")
    assert [(each["dimension"], each["choices"]) for each in found["dimensions"]] == [(TONE, 1), ("overall", 1)]
    assert "\noverall\n1 choice on 1 pair" in done("preferences", tmp_path / "both.csv")
    assert document("comparisons", "--json")[0]["dimensions"] == [TONE, "overall"]


def test_a_round_of_before_is_one_that_asked_overall(sqlite_engine, empty_url):
    """A store at revision 0021, in which one question was asked of each pair and stood with the round."""
    ana = build(sqlite_engine)[1]
    number = next_pair(ana, sqlite_engine, "which").number
    for side, note in (("left", "hm"), ("tie", "")):
        choose_draft(ana, sqlite_engine, "which", number, {"overall": side}, note)
    old = older_copy(
        sqlite_engine, empty_url, "0021", {"comparison_rounds": {"question": "Warmer?"}, "pair_choices": {"taken": "right"}}
    )
    assert migrate(old) == "older"
    assert rows(old, "SELECT dimension, title, question, place FROM compared_dimensions") == [
        ("overall", "Overall", "Warmer?", 1)
    ]
    chosen = "SELECT id, note, supersedes, taken FROM pair_choices JOIN dimension_choices ON choice = id ORDER BY id"
    assert rows(old, chosen) == [(1, "hm", None, "right"), (2, None, 1, "right")]
    assert next_pair(ana, old, "which", number).taken == {"overall": "right"}
    assert check_store(old) == []
    old.dispose()
