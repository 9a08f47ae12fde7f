"""Claims with a store: the verbs, and the command."""

import json

import pytest

from tests.support.commands import done, run, sentence
from tests.support.small_stores import CTA, RUBRIC, TONE, label_all, opened, people, stock
from touchstone.claims.claim import CANNOT
from touchstone.claims.verification import DOES_NOT, FOLLOWS
from touchstone.errors import NotYourTurn, Refused
from workflow.agreement.reports import agreement_of_rounds
from workflow.claims.checking import check_alone, check_published, labels_behind
from workflow.importing.label_files import File
from workflow.importing.label_sets import import_labels
from workflow.rounds.closing import close_round

FIRST = [0, 1, 2, 3, 0, 1, 2, 3, 1, 2]
SECOND = [0, 1, 2, 3, 0, 1, 2, 3, 2, 1]
FILE = (
    f"A 10-task subset was labelled.\n\n| Dimension | Round 1 Avg | Agreement % | κ |\n|---|---|---|---|\n"
    f"| {TONE} | 1.50 | 85% | 0.7297 |\n\n## Disagreements on {TONE}\n\n| Draft ID | R1 | R2 |\n|---|---|---|\n"
    "| d09 | 1 | 2 |\n| d01 | 1 | 0 |\n| d99 | 1 | 0 |\n"
).encode()


def with_set(engine, made_by="program"):
    (lead,) = people(engine, "lead")
    files = [
        File(
            f"round{who}.csv",
            (f"task_id,{TONE}\n" + "".join(f"d{place:02},{level}\n" for place, level in enumerate(given, start=1))).encode(),
        )
        for who, given in ((1, FIRST), (2, SECOND))
    ]
    import_labels(lead, engine, files, name="outside", made_by=made_by, rubric=RUBRIC)
    return lead


def with_round(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 10)
    opened(engine, lead)
    for person, given in ((ana, FIRST), (ben, SECOND)):
        label_all(engine, person, {f"d{place:02}": (level, 2) for place, level in enumerate(given, start=1)})
    close_round(lead, engine, "pilot")
    return lead, ana, ben


def statuses(made):
    return {(each.part, each.finding.figure): each.finding.status for each in made.entries}


EXPECTED = {
    ("table", "mean 1"): FOLLOWS,
    ("table", "percent"): CANNOT,
    ("table", "kappa unweighted"): FOLLOWS,
    ("list", "the list"): DOES_NOT,
    ("listed", "d09"): FOLLOWS,
    ("listed", "d01"): DOES_NOT,
    ("listed", "d99"): DOES_NOT,
    ("text", "n"): FOLLOWS,
}


def test_a_file_is_held_against_a_label_set_with_who_made_it(engine):
    made = check_published(with_set(engine), engine, FILE, "claims.md", label_set="outside")
    assert statuses(made) == EXPECTED
    assert made.made_by == "a program" and "labels made by a program" in made.sentence


def test_a_file_is_held_against_a_closed_round_and_says_what_its_report_says(engine):
    lead, *_ = with_round(engine)
    made = check_published(lead, engine, FILE, "claims.md", round_name="pilot")
    assert statuses(made) == EXPECTED
    assert made.made_by == "people, blind"
    report = agreement_of_rounds(lead, engine, ["pilot"]).dimensions[TONE]
    assert f"{report.judged.value:.4f}" == "0.7297"


def test_a_round_knows_its_drafts_by_their_tasks_too(engine):
    lead, *_ = with_round(engine)
    made = check_published(lead, engine, FILE.replace(b"d09", b"t09"), "claims.md", round_name="pilot")
    assert statuses(made)["listed", "t09"] == FOLLOWS


def test_nothing_of_an_open_round_is_read(engine):
    lead, ana = people(engine, "lead", "ana")
    people(engine, "ben")
    stock(engine, lead, 10)
    opened(engine, lead)
    with pytest.raises(NotYourTurn, match="open"):
        labels_behind(lead, engine, round_name="pilot")


def test_nothing_is_compared_with_labels_of_which_some_are_held_back(engine):
    lead, ana, _ = with_round(engine)
    people(engine, "cleo")
    opened(engine, lead, "second", annotators=("ana", "cleo"), dimensions=(CTA,))
    with pytest.raises(NotYourTurn):
        check_published(ana, engine, FILE, "claims.md", round_name="pilot")


def test_labels_that_are_not_there_are_named_with_those_that_are(engine):
    lead = with_set(engine)
    with pytest.raises(Refused, match="“nowhere”.*outside"):
        labels_behind(lead, engine, label_set="nowhere")
    with pytest.raises(Refused, match="no round “nowhere”"):
        labels_behind(lead, engine, round_name="nowhere")
    with pytest.raises(Refused, match="name one"):
        labels_behind(lead, engine)


def test_a_file_by_itself_needs_no_store():
    assert check_alone(FILE, "claims.md").having(CANNOT)


# The command


def test_figures_that_cannot_occur_end_with_one_and_a_sentence():
    result = run("check-claim", "--n", "30", "--percent", "89.3")
    assert (result.exit_code, result.stderr) == (1, "89.3 % of 30 is impossible (27/30 = 90.0, 26/30 = 86.7).\n")
    assert "IMPOSSIBLE" in result.stdout
    assert "possible together" in done("check-claim", "--n", "30", "--percent", "90.0", "--kappa", ".8529", "--levels", "4")


def test_a_file_that_does_not_hold_ends_with_one_line_and_json_is_one_document(tmp_path):
    file = tmp_path / "claims.md"
    file.write_bytes(FILE)
    result = run("check-claim", file, "--json")
    found = json.loads(result.stdout)
    assert result.exit_code == 1 and result.stderr == found["sentence"] + "\n"
    assert (found["can_occur"], found["labels"], found["counted"][CANNOT]) == (False, None, 1)
    figures = json.loads(run("check-claim", "--n", "30", "--percent", "90", "--json").stdout)
    assert figures["can_occur"] is True and figures["together"] is None


def test_a_file_is_held_against_labels_by_the_command(engine, tmp_path, monkeypatch):
    with_set(engine)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", engine.url.render_as_string(hide_password=False))
    (tmp_path / "claims.md").write_bytes(FILE)
    result = run("check-claim", tmp_path / "claims.md", "--set", "outside")
    assert result.exit_code == 1 and result.stderr.count("\n") == 1
    assert "made by a program" in result.stdout and "DOES NOT FOLLOW" in result.stdout
    assert "line 3, κ: kappa unweighted" in result.stdout


def test_the_command_says_what_is_missing_or_too_much(tmp_path):
    assert run("check-claim").exit_code == 2
    assert "--n 30" in sentence("check-claim", "--percent", "89.3")
    assert "as printed" in sentence("check-claim", "--n", "30", "--percent", "many")
    assert "--set is for" in sentence("check-claim", "--n", "30", "--percent", "90", "--set", "x")
    assert "nowhere.md" in sentence("check-claim", "nowhere.md")
    (tmp_path / "claims.md").write_bytes(FILE)
    assert "--kappa" in sentence("check-claim", str(tmp_path / "claims.md"), "--kappa", ".8")
