"""What the checks find in a draft: shown once its round is closed, and never before, whoever asks."""

import pytest

from tests.support.kept_stores import kept
from tests.support.small_stores import RUBRIC, change, draft, jsonl, label_all, opened, people, rows, task
from touchstone.errors import NotYourTurn, Refused
from workflow.data.task_import import import_drafts, import_tasks
from workflow.rounds.closing import close_round
from workflow.rubric import rubrics
from workflow.scorer import scoring
from workflow.scorer.scoring import drafts_with_findings, findings_of, versions_to_score_by

LEVELS = {"d01": (1, 2), "d02": (0, 3)}
NINJA = "A ninja would help. Would you be open to a call?"


@pytest.fixture
@kept
def team(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    import_tasks(lead, engine, jsonl(*(task(n) for n in range(1, 5))), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(draft(1, text=NINJA), *(draft(n) for n in range(2, 5))), "drafts.jsonl")
    return lead, ana, ben


@pytest.fixture
@kept
def closed(engine, team):
    lead, ana, ben = team
    opened(engine, lead, draft_ids=["d01", "d02"])
    for person in (ana, ben):
        label_all(engine, person, LEVELS)
    close_round(lead, engine, "pilot")
    return team


def test_a_draft_of_a_closed_round_is_read_under_the_version_it_was_labelled_under(engine, closed):
    made = findings_of(closed[0], engine, "d01")
    assert (made.draft_id, made.task_id, made.text, made.rounds) == ("d01", "t01", NINJA, ("pilot",))
    assert (made.version.rubric.name, made.version.is_published, made.version.note) == (RUBRIC, True, "")
    (finding,) = [each for each in made.score.scores["tone_compliance"].findings if each.check == "style-guide"]
    assert made.text[finding.start : finding.end] == "ninja"
    assert made.score.scores["tone_compliance"].because == "a banned phrase"
    assert ("Company signal", "Invented firm 1") in [(title.capitalize(), words) for title, words in made.fields]
    assert made.sentence.endswith(", with the penalty for 1 phrase.")


def test_another_version_is_read_from_its_file(engine, closed):
    made = findings_of(closed[0], engine, "d01", "tenacious-v2")
    assert (made.version.rubric.name, made.version.is_published) == ("tenacious-v2", False)


def test_nobody_reads_findings_of_a_draft_that_an_open_round_holds(engine, team):
    opened(engine, team[0], draft_ids=["d01", "d02"])
    for person in team:
        with pytest.raises(NotYourTurn, match="d01 is in pilot, which is open"):
            findings_of(person, engine, "d01")
    assert drafts_with_findings(engine) == []


def test_a_second_round_that_is_open_closes_what_the_first_had_opened(engine, closed):
    lead = closed[0]
    assert drafts_with_findings(engine) == ["d01", "d02"]
    opened(engine, lead, "again", draft_ids=["d01", "d03"])
    with pytest.raises(NotYourTurn, match="d01 is in again, which is open"):
        findings_of(lead, engine, "d01", "tenacious-v2")
    assert drafts_with_findings(engine) == ["d02"]
    assert findings_of(lead, engine, "d02").rounds == ("pilot",)


def test_a_practice_draft_of_an_open_round_is_held_back_too(engine, team):
    opened(engine, team[0], practice=1)
    (trial,) = rows(engine, "SELECT d.draft_id FROM drafts d JOIN round_drafts r ON r.draft = d.id WHERE r.is_practice")
    with pytest.raises(NotYourTurn, match="open"):
        findings_of(team[0], engine, *trial)


def test_a_draft_nobody_labelled_in_a_closed_round_is_refused_with_the_way_out(engine, closed):
    with pytest.raises(Refused, match="d03 was never in a closed round: .*; close a round with it first"):
        findings_of(closed[0], engine, "d03")
    with pytest.raises(Refused, match="there is no draft “d99” in the store"):
        findings_of(closed[0], engine, "d99")


@pytest.mark.parametrize("name", ["../rubric_versions/tenacious-v1", "/etc/passwd", "other.yml", "a/b.yaml"])
def test_a_path_is_no_version(engine, closed, name):
    with pytest.raises(Refused, match="is a path; name a version in rubric_versions/"):
        findings_of(closed[0], engine, "d01", name)


def test_a_version_that_is_not_there_is_named_with_those_there_are(engine, closed):
    with pytest.raises(Refused, match="nowhere-v1.yml cannot be read .* rubric_versions/ has .*tenacious-v1"):
        findings_of(closed[0], engine, "d01", "nowhere-v1")


def test_where_the_published_version_has_no_scoring_its_file_scores_and_that_is_said(engine, closed):
    source = (rubrics.FOLDER / f"{RUBRIC}.yml").read_text("utf-8")
    bare, skipping = [], False
    for line in source.split("\n"):  # the file as it was before there was a scorer
        indent = len(line) - len(line.lstrip())
        if skipping and line.strip() and indent <= skipping - 1:
            skipping = False
        if not skipping and line.strip() in ("checks:", "scoring:", "examples:", "parts:", "facts:", "tasks:", "penalty:"):
            skipping = indent + 1
        if not skipping:
            bare.append(line)
    change(engine, "UPDATE rubric_versions SET source = :source, digest = 'old'", source="\n".join(bare).encode())
    made = findings_of(closed[0], engine, "d01")
    assert not made.version.is_published
    assert made.version.note.startswith(f"{RUBRIC} as it was published has no scoring; drafts are scored by its file")
    assert versions_to_score_by(engine, RUBRIC)[0] == RUBRIC


def test_the_published_version_scores_whatever_became_of_its_file(engine, closed, monkeypatch, tmp_path):
    monkeypatch.setattr(scoring.rubrics, "FOLDER", tmp_path)
    assert findings_of(closed[0], engine, "d01").score.scores["tone_compliance"].value == 0
    assert versions_to_score_by(engine, RUBRIC) == [RUBRIC]
    assert versions_to_score_by(engine) == [RUBRIC], "the store has what was published"


def test_an_empty_draft_is_not_scorable_and_says_why(engine, team):
    lead, ana, ben = team
    import_drafts(lead, engine, jsonl(draft(1, draft_id="d09", text="Subject: hello")), "more.jsonl")
    opened(engine, lead, draft_ids=["d09"])
    for person in (ana, ben):
        label_all(engine, person, {"d09": (0, 0)})
    close_round(lead, engine, "pilot")
    made = findings_of(lead, engine, "d09")
    assert (
        made.sentence == "Not scorable under tenacious-v1: the draft has no words of its own: a subject, quoted text or a "
        "signature alone."
    )
