"""Preferences in a release: choices of closed comparison rounds on its tasks, people as codes, nothing that is held back."""

import json

import pytest

from tests.preferences.test_comparisons import build, compare_all
from tests.support.kept_stores import kept
from tests.support.small_stores import jsonl, label_all, opened, task
from touchstone.errors import NotYourTurn
from touchstone.releasing.policy import Policy
from touchstone.releasing.verifying.verify import verify
from workflow.data.task_import import import_drafts, import_tasks
from workflow.preferences.comparing import choose_draft, next_pair
from workflow.preferences.comparisons import close_comparison
from workflow.preferences.opening import ComparisonDesign, open_comparison
from workflow.releasing.asked import Asked
from workflow.releasing.choices import choices_to_leave
from workflow.releasing.releases import release_gold
from workflow.rounds.closing import close_round

LABELLED = [f"d0{number}x" for number in (1, 2, 3)]
ASKED = Asked(("pilot",), policy=Policy(partial=True, with_flagged=True))


@pytest.fixture
@kept
def team(engine):
    """Three drafts of twelve tasks labelled in a closed round; all tasks compared by ana and ben, in a round that is open."""
    lead, ana, ben, cleo = found = build(engine)
    opened(engine, lead, annotators=["ben", "cleo"], draft_ids=LABELLED)
    for person in (ben, cleo):
        label_all(engine, person, {draft_id: (place, place) for place, draft_id in enumerate(LABELLED)})
    close_round(lead, engine, "pilot")
    compare_all(engine, ana)
    compare_all(engine, ben, better="y")
    return found


def preferences(folder) -> list[dict]:
    return [json.loads(line) for line in (folder / "preferences.jsonl").read_text().splitlines()]


def test_an_open_comparison_round_stays_out_and_a_closed_one_leaves_with_codes_sides_and_texts(engine, team, tmp_path):
    lead = team[0]
    made = release_gold(lead, engine, ASKED, tmp_path / "one")
    assert made.choices == 0 and not (tmp_path / "one" / "preferences.csv").exists()
    assert "Preferences" not in (tmp_path / "one" / "README.md").read_text()
    close_comparison(lead, engine, "which")
    assert (
        choices_to_leave(lead, engine, "pilot")
        == "Which of two drafts is better leaves too: 6 choices of the comparison round which."
    )
    made = release_gold(lead, engine, ASKED, tmp_path / "two")
    rows = preferences(tmp_path / "two")
    firsts = [row for row in rows if not row["repeat"]]
    assert made.choices == len(firsts) == 6, "of the three tasks that are in it"
    assert verify(tmp_path / "two", digest=made.digest).holds
    by = {(row["task_id"], row["annotator"]): row for row in firsts}
    assert {who for _, who in by} == {"A", "C"}, "A labelled too; C compared alone"
    for (task_id, who), row in by.items():
        number = int(task_id[1:])
        assert (row["draft_a"], row["draft_b"]) == (f"d{number:02}x", f"d{number:02}y")
        assert (row["text_a"], row["author_b"]) == (f"Text x of {number}.", "author-y"), "one nobody labelled has its text"
        assert row["preferred"] == ("b" if who == "A" else "a")
        assert row["taken"] == ("left" if row["shown_left"] == row["preferred"] else "right")
    document = json.loads((tmp_path / "two" / "agreement.json").read_text())
    assert document["preferences"]["which"]["overall"]["overall"]["percent"]["value"] == 0
    assert all(b"ana" not in line.replace(b"analy", b"") for line in (tmp_path / "two" / "preferences.csv").read_bytes().split())


def test_a_comparison_round_on_other_tasks_stays_out(engine, team, tmp_path):
    lead, ana, *_ = team
    import_tasks(lead, engine, jsonl(task(40, partition="dev")), "more.jsonl")
    texts = [{"draft_id": f"m{n}", "task_id": "t40", "text": f"More {n}.", "author": "hidden"} for n in (1, 2)]
    import_drafts(lead, engine, jsonl(*texts), "m.jsonl")
    open_comparison(lead, engine, ComparisonDesign("other", ["ana"], partition="dev"))
    choose_draft(ana, engine, "other", next_pair(ana, engine, "other").number, {"overall": "tie"})
    close_comparison(lead, engine, "other")
    close_comparison(lead, engine, "which", "enough, ana said")
    release_gold(lead, engine, ASKED, tmp_path / "one")
    assert {row["comparison"] for row in preferences(tmp_path / "one")} == {"which"}
    (terms,) = json.loads((tmp_path / "one" / "manifest.json").read_text())["terms"]["comparisons"]
    assert terms["annotators"] == ["C", "A"] and terms["closed_early"] is None, "nobody had a pair left"
    assert b"More 1." not in (tmp_path / "one" / "preferences.jsonl").read_bytes()


def test_who_labels_one_of_the_two_drafts_in_an_open_round_cannot_release_the_choices(engine, team, tmp_path):
    lead, *_ = team
    close_comparison(lead, engine, "which")
    opened(engine, lead, "again", annotators=["lead", "cleo"], draft_ids=["d01y"])
    with pytest.raises(NotYourTurn, match="2 choices of which would show how others chose|3 choices of which would show"):
        release_gold(lead, engine, ASKED, tmp_path / "one")
    assert "held back from you, so somebody else must release it" in choices_to_leave(lead, engine, "pilot")
    assert release_gold(team[1], engine, ASKED, tmp_path / "two").choices == 6


def test_a_correction_is_one_choice_and_a_repeat_without_its_first_is_none(engine, team, tmp_path):
    lead = team[0]
    open_comparison(lead, engine, ComparisonDesign("again", ["cleo"], seed=5))
    seen, cleo = [], team[3]
    while pair := next_pair(cleo, engine, "again"):
        seen.append(frozenset((pair.text_left, pair.text_right)))
        choose_draft(cleo, engine, "again", pair.number, {"overall": "tie"})
        choose_draft(cleo, engine, "again", pair.number, {"overall": "left"}, "better, cleo thinks")
    close_comparison(lead, engine, "again")
    release_gold(lead, engine, ASKED, tmp_path / "one")
    rows = [row for row in preferences(tmp_path / "one") if row["comparison"] == "again"]
    assert [row["taken"] for row in rows if not row["repeat"]] == ["left"] * 3
    assert all(row["note"].startswith("better, ") and "cleo" not in row["note"] for row in rows)
    assert verify(tmp_path / "one").holds
