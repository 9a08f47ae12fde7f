"""The scorer held against people: which drafts count, what the figures are, and what is never told of an open round."""

import json
import re

import pytest
from sklearn.metrics import cohen_kappa_score, confusion_matrix, recall_score

from tests.support.kept_stores import kept
from tests.support.small_stores import CTA, RUBRIC, TONE, change, draft, jsonl, label_all, opened, people, skip_draft, task
from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA
from touchstone.comparison.classification import NO_BAD
from touchstone.errors import NotYourTurn, Refused
from touchstone.scorer.scoring import Scorer
from workflow.agreement.reports import agreement_of_rounds
from workflow.data.task_import import import_drafts, import_tasks
from workflow.gold.adjudication import adjudicate
from workflow.rounds import opening
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics
from workflow.scorer import scoring
from workflow.scorer.against_people import Cuts, cuts_of_round, scorer_against
from workflow.scorer.scorer_report import ScorerReport

TEXTS = {
    "d01": "A ninja would help. Would you be open to a call?",
    "d02": "A rockstar would help. Call me when it suits you.",
    "d03": "You closed a Series B in May. Could we talk on Tuesday for 15 minutes?",
    "d04": "Hello.",
    "d05": "Would 15 minutes on Thursday at 10:00 suit you?",
    "d06": "Two backend roles are open. Is hiring slow?",
}
ANA_GAVE = {"d01": (0, 2), "d02": (0, 1), "d03": (3, 3), "d04": (2, 0), "d05": (3, 3), "d06": (1, 1)}
BEN_GAVE = {"d01": (0, 1), "d02": (1, 1), "d03": (3, 3), "d04": (2, 0), "d05": (2, 3), "d06": (1, 2)}


@pytest.fixture
@kept
def team(engine):
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    import_tasks(lead, engine, jsonl(*(task(n) for n in range(1, 9))), "tasks.jsonl")
    import_drafts(
        lead,
        engine,
        jsonl(*(draft(n, text=text) for n, text in enumerate(TEXTS.values(), 1)), draft(7, text="Subject: hi"), draft(8)),
        "drafts.jsonl",
    )
    return lead, ana, ben


@pytest.fixture
@kept
def closed(engine, team):
    lead, ana, ben = team
    opened(engine, lead, draft_ids=list(TEXTS))
    label_all(engine, ana, ANA_GAVE)
    label_all(engine, ben, BEN_GAVE)
    close_round(lead, engine, "pilot")
    return team


def of(made: ScorerReport, key: str = TONE):
    return next(each for each in made.dimensions if each.key == key)


def scored(engine, key: str, version: str = RUBRIC) -> dict:
    rubric, _ = scoring.rubric_for_scoring(None, version)
    scorer = Scorer(rubric)
    return {
        each: scorer.score(text, {"company_signal": f"Invented firm {each[-1]}", "prior_thread": ""}, {}).scores[key].value
        for each, text in TEXTS.items()
    }


def test_the_figures_against_an_annotator_are_those_of_scikit_learn_on_the_same_drafts(engine, closed):
    made = scorer_against(closed[0], engine, "pilot")
    for place, key in enumerate((TONE, CTA)):
        theirs = scored(engine, key)
        for who, gave in (("ana", ANA_GAVE), ("ben", BEN_GAVE)):
            found = of(made, key).against(who)
            a, b = [gave[each][place] for each in TEXTS], [theirs[each] for each in TEXTS]
            assert (found.n, found.pair.a, found.pair.b) == (6, who, f"scorer {RUBRIC}")
            assert [list(row) for row in found.pair.table] == confusion_matrix(a, b, labels=[0, 1, 2, 3]).tolist()
            for name, weights in ((KAPPA, None), (QUADRATIC_KAPPA, "quadratic")):
                if found.figure(name).value is not None:
                    assert found.figure(name).value == pytest.approx(
                        cohen_kappa_score(a, b, labels=[0, 1, 2, 3], weights=weights)
                    )
            at = found.at_cut
            assert at.share_caught.value == pytest.approx(recall_score([each < 2 for each in a], [each < 2 for each in b]))
            assert at.share_alarms.value == pytest.approx(
                1 - recall_score([each < 2 for each in a], [each < 2 for each in b], pos_label=False)
            )


def test_a_cell_opens_to_its_drafts_and_all_cells_are_all_drafts(engine, closed):
    made = of(scorer_against(closed[0], engine, "pilot"))
    theirs = scored(engine, TONE)
    found = made.against("ana")
    assert {each for drafts in found.drafts.values() for each in drafts} == set(TEXTS)
    for (a, b), drafts in found.drafts.items():
        assert found.pair.table[a][b] == len(drafts)
        assert all(ANA_GAVE[each][0] == a and theirs[each] == b for each in drafts)
    assert made.labels["d02"] == (("ana", 0), ("ben", 1))
    assert made.scored["d01"].because == "a banned phrase"


def test_gold_is_what_people_agree_on_until_a_decision_adds_to_it(engine, closed):
    lead = closed[0]
    made = scorer_against(lead, engine, "pilot")
    assert {each for drafts in of(made).gold.drafts.values() for each in drafts} == {"d01", "d03", "d04", "d06"}
    assert (of(made).waiting, of(made).adjudicated) == (2, 0)
    assert any(note.startswith("4 cells wait for a decision") and "flatter the scorer" in note for note in made.notes)
    adjudicate(lead, engine, "pilot", "d02", TONE, 0, "as the anchor says", "slip")
    made = scorer_against(lead, engine, "pilot")
    assert (of(made).gold.n, of(made).waiting, of(made).adjudicated) == (5, 1, 1)
    assert any(note.startswith("1 gold label was decided after closing") for note in made.notes)


def test_people_among_themselves_have_the_figures_of_the_rounds_report(engine, closed):
    made, report = scorer_against(closed[0], engine, "pilot"), agreement_of_rounds(closed[0], engine, ["pilot"])
    for each in made.dimensions:
        pair = report.dimensions[each.key].pairs[0]
        assert (each.people, each.people_n) == ({name: pair.figures[name] for name in each.people}, pair.n)


def test_three_people_have_conger_s_kappa_and_never_a_mean_of_pairs(engine, team):
    lead, ana, ben = team
    people(engine, "cleo")
    opened(engine, lead, annotators=("ana", "ben", "lead"), draft_ids=list(TEXTS))
    for person, gave in ((ana, ANA_GAVE), (ben, BEN_GAVE), (lead, ANA_GAVE)):
        label_all(engine, person, gave)
    close_round(lead, engine, "pilot")
    made, report = scorer_against(lead, engine, "pilot"), agreement_of_rounds(lead, engine, ["pilot"])
    assert of(made).people[KAPPA] == report.dimensions[TONE].overall[KAPPA]
    assert made.people_are == "all 3 annotators" and made.people_kappa == "inter-annotator Conger kappa"
    assert [each.who for each in of(made).annotators] == ["ana", "ben", "lead"]


def test_nothing_said_of_the_scorer_calls_it_a_rater(engine, closed):
    told = json.dumps(scorer_against(closed[0], engine, "pilot", rubric="tenacious-v2").as_json())
    assert "inter-rater" not in told and "interrater" not in told


def test_the_sentence_names_the_dimension_farthest_from_the_gold_and_people_beside_it(engine, closed):
    made = scorer_against(closed[0], engine, "pilot")
    defined = [each for each in made.dimensions if each.gold.figure(KAPPA).value is not None]
    low = min(defined, key=lambda each: each.gold.figure(KAPPA).value)
    assert made.sentence.startswith(f"The scorer {RUBRIC} is farthest from the gold in {low.title}: unweighted kappa ")
    assert "where inter-annotator unweighted kappa is" in made.sentence and "bad draft" in made.sentence


def test_an_open_round_is_refused_whoever_asks(engine, team):
    opened(engine, team[0], draft_ids=list(TEXTS))
    for person in team:
        with pytest.raises(NotYourTurn, match="pilot is open"):
            scorer_against(person, engine, "pilot")


def test_drafts_of_another_open_round_are_left_out_for_everyone(engine, closed):
    lead, ana, ben = closed
    people(engine, "cleo", "dan")
    opened(engine, lead, "again", annotators=("cleo", "dan"), draft_ids=["d01", "d02"])
    made = scorer_against(lead, engine, "pilot")
    assert (made.drafts, made.held_back) == (4, 2)
    told = json.dumps(made.as_json())
    assert "d01" not in told and "d02" not in told and "d03" in told
    assert not {"d01", "d02"} & {*of(made).labels, *of(made).scored}
    assert any(note.startswith("2 drafts are left out: an open round holds them") for note in made.notes)
    assert of(made).people_n == 6, "the report's own figure"


def test_people_among_themselves_are_held_against_each_other_without_the_drafts_that_the_reader_labels(engine, closed):
    lead, ana, ben = closed
    people(engine, "cleo")
    opened(engine, lead, "again", annotators=("ana", "cleo"), draft_ids=["d01", "d02"])
    for reader, number, over in ((ana, 4, "the 4 drafts that you are not labelling again"), (ben, 6, "all drafts")):
        made = scorer_against(reader, engine, "pilot")
        assert (made.drafts, made.held_back, of(made).people_n) == (4, 2, number)
        assert any(note.endswith(f"is that of the report, over {over}") for note in made.notes)


def test_with_every_draft_in_an_open_round_there_is_a_sentence(engine, closed):
    people(engine, "cleo", "dan")
    opened(engine, closed[0], "again", annotators=("cleo", "dan"), draft_ids=list(TEXTS))
    made = scorer_against(closed[0], engine, "pilot")
    assert made.sentence.startswith("Every draft of pilot is in an open round")
    assert of(made).gold.figure(PERCENT).reason == "no draft has a level from both"
    assert made.as_json()["dimensions"][TONE]["gold"]["table"] is None


def test_another_version_is_held_against_the_old_labels_and_says_so(engine, closed):
    made = scorer_against(closed[0], engine, "pilot", rubric="tenacious-v2")
    assert (made.rubric.name, made.version.rubric.name) == (RUBRIC, "tenacious-v2")
    assert any("people labelled under tenacious-v1 and the scorer is that of tenacious-v2" in note for note in made.notes)
    file = rubrics.FOLDER / "tenacious-v2.yml"
    assert scorer_against(closed[0], engine, "pilot", file=file).as_json()["dimensions"] == made.as_json()["dimensions"]


def test_a_version_another_round_published_counts_as_published_whatever_became_of_its_file(engine, closed, monkeypatch, tmp_path):
    lead = closed[0]
    open_round(lead, engine, RoundDesign("later", rubric="tenacious-v2", annotators=("ana", "ben"), draft_ids=["d08"]))
    monkeypatch.setattr(scoring.rubrics, "FOLDER", tmp_path)
    made = scorer_against(lead, engine, "pilot", rubric="tenacious-v2")
    assert (made.version.rubric.name, made.version.is_published) == ("tenacious-v2", True)


def test_a_file_that_is_not_what_was_published_is_said_to_be_another(engine, closed, tmp_path):
    file = tmp_path / f"{RUBRIC}.yml"
    file.write_bytes((rubrics.FOLDER / f"{RUBRIC}.yml").read_bytes() + b"# mended\n")
    notes = scorer_against(closed[0], engine, "pilot", file=file).notes
    assert any(note.startswith(f"this file is not {RUBRIC} as it was published") for note in notes)


def without_scoring(key: str, source: bytes = b"") -> bytes:
    """The rubric's file (or that source) with one dimension that has no checks, scoring and examples."""
    lines, inside, skipping = [], False, 0
    for line in (source or (rubrics.FOLDER / f"{RUBRIC}.yml").read_bytes()).decode().split("\n"):
        indent = len(line) - len(line.lstrip())
        inside = line.strip() == f"- key: {key}" if line.startswith("  - key:") else inside
        if skipping and line.strip() and indent < skipping:
            skipping = 0
        if inside and not skipping and line.strip() in ("checks:", "scoring:", "examples:"):
            skipping = indent + 1
        if not skipping:
            lines.append(line)
    return "\n".join(lines).encode()


def test_a_dimension_without_checks_says_so_in_words_and_the_others_have_their_figures(engine, closed):
    change(engine, "UPDATE rubric_versions SET source = :source", source=without_scoring(CTA))
    made = scorer_against(closed[0], engine, "pilot")
    assert of(made, CTA).reason == f"{RUBRIC} has no checks that score it"
    assert of(made, CTA).gold.pair is None and of(made, CTA).not_scorable == {}
    assert of(made, CTA).people_n == 6 and of(made).gold.n == 4


def test_drafts_that_are_not_scorable_are_counted_and_named_apart(engine, team):
    lead, ana, ben = team
    opened(engine, lead, draft_ids=["d01", "d03", "d05", "d06", "d07"])
    for person in (ana, ben):
        label_all(engine, person, {**{each: ANA_GAVE[each] for each in ("d01", "d03", "d05", "d06")}, "d07": (0, 0)})
    close_round(lead, engine, "pilot")
    made = scorer_against(lead, engine, "pilot")
    ((reason, drafts),) = of(made).not_scorable.items()
    assert (drafts, "no words of its own" in reason, of(made).gold.n, of(made).people_n) == (("d07",), True, 4, 5)
    assert any(note.startswith("1 draft is not scorable on some dimension") for note in made.notes)


def test_a_skipped_cell_is_no_label_of_whoever_skipped_it(engine, team):
    lead, ana, ben = team
    opened(engine, lead, draft_ids=list(TEXTS))
    label_all(engine, ana, ANA_GAVE)
    label_all(engine, ben, {each: gave for each, gave in BEN_GAVE.items() if each != "d04"})
    skip_draft(engine, ben, "d04", "cut off")
    close_round(lead, engine, "pilot")
    made = of(scorer_against(lead, engine, "pilot"))
    assert (made.against("ana").n, made.against("ben").n) == (6, 5)
    assert "d04" not in {each for drafts in made.gold.drafts.values() for each in drafts}


def test_the_cut_is_the_middle_unless_another_is_named(engine, closed):
    made = of(scorer_against(closed[0], engine, "pilot"))
    assert (made.cut, made.bad, made.gold.at_cut.cut) == (2, (0, 1), 2)
    made = of(scorer_against(closed[0], engine, "pilot", cut="1"))
    assert (made.cut, made.bad) == (1, (0,))


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        ("0", "nothing is below 0 on any scale of pilot; choose the cut-off from 1, 2, 3"),
        ("4", "4 is not a level of pilot; choose the cut-off from 1, 2, 3"),
        ("2.0", "2.0 is not a level"),
        ("pass", "pass is not a level of pilot"),
    ],
)
def test_a_level_that_is_no_cut_is_refused_with_those_there_are(engine, closed, cut, said):
    with pytest.raises(Refused) as refused:
        scorer_against(closed[0], engine, "pilot", cut=cut)
    assert said in refused.value.sentence


def test_what_does_not_occur_at_a_cut_is_a_word(engine, team):
    lead, ana, ben = team
    opened(engine, lead, draft_ids=list(TEXTS))
    for person in (ana, ben):
        label_all(engine, person, dict.fromkeys(TEXTS, (3, 3)))
    close_round(lead, engine, "pilot")
    made = scorer_against(lead, engine, "pilot")
    assert of(made).gold.at_cut.share_caught.reason == NO_BAD
    assert of(made).gold.figure(KAPPA).reason == "gold 3 throughout"
    assert made.sentence == "No dimension's unweighted kappa of the scorer against gold is defined: the table says why."


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"rubric": "nowhere-v1"}, "nowhere-v1.yml cannot be read"),
        ({"rubric": "../x"}, "is a path"),
        ({"rubric": "x.yml"}, "is a path"),
    ],
)
def test_a_version_that_is_not_there_is_refused_with_the_way_out(engine, closed, more, said):
    with pytest.raises(Refused, match=said):
        scorer_against(closed[0], engine, "pilot", **more)


MIXED = {"d01": ("pass", 3), "d02": ("fail", 2), "d03": ("pass", 3), "d04": ("fail", 1)}
REPLIES = {
    "d01": "See https://example.org/help for it.",
    "d02": "That is not our department.",
    "d03": "Try it again tomorrow.",
    "d04": "See https://example.org/other for it.",
}


@pytest.fixture
def mixed(engine, monkeypatch, tmp_path):
    """A round under the rubric of the documents: pass or fail, and one to three without checks."""
    example, _ = re.findall(r"```yaml\n(.*?)```", (rubrics.FOLDER / "README.md").read_text("utf-8"), re.DOTALL)
    (tmp_path / "replies-v1.yml").write_text(example)
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    import_tasks(lead, engine, jsonl(*(task(n) for n in range(1, 5))), "tasks.jsonl")
    import_drafts(lead, engine, jsonl(*(draft(n, text=text) for n, text in enumerate(REPLIES.values(), 1))), "drafts.jsonl")
    open_round(lead, engine, RoundDesign("pilot", rubric="replies-v1", annotators=["ana", "ben"]))
    for person in (ana, ben):
        label_all(engine, person, MIXED, dimensions=("resolved", "clarity"))
    close_round(lead, engine, "pilot")
    return lead


def test_pass_and_fail_are_cut_only_where_the_one_that_passes_is_named(engine, mixed):
    made = of(scorer_against(mixed, engine, "pilot"), "resolved")
    assert (made.cut, made.bad, made.gold.at_cut) == (None, (), None)
    assert made.uncut == "which levels pass is not written in the rubric: name the lowest that does (pass or fail)"
    report = scorer_against(mixed, engine, "pilot", cut="pass")
    made, clarity = of(report, "resolved"), of(report, "clarity")
    # people: d02 and d04 fail; the scorer: d02 and d03 (no answer that can be found)
    assert (made.bad, made.gold.at_cut.caught, made.gold.at_cut.bad, made.gold.at_cut.alarms) == (("fail",), 1, 2, 1)
    assert (clarity.cut, clarity.uncut) == (None, "it cannot have its cut-off at pass")
    assert clarity.reason == "replies-v1 has no checks that score it"
    assert "Below pass recall is 1 of 2 bad drafts" in report.sentence
    assert cuts_of_round(engine, "pilot") == Cuts(("pass", "fail", "2", "3"), ("2",))


def test_a_version_of_other_dimensions_says_which_it_has_not(engine, mixed, tmp_path):
    other = (tmp_path / "replies-v1.yml").read_text().replace("key: resolved", "key: settled").replace("[solved]", "[done]")
    (tmp_path / "replies-v2.yml").write_text(other.replace("version: 1 ", "version: 2 "))
    made = scorer_against(mixed, engine, "pilot", rubric="replies-v2")
    assert of(made, "resolved").reason == "replies-v2 has no such dimension"
    assert made.sentence.startswith("No dimension's unweighted kappa of the scorer against gold is defined")
    json.dumps(made.as_json())


def test_a_retest_has_no_gold_and_is_refused_with_the_round_it_repeats(engine, closed):
    lead, ana, _ = closed
    opening.open_round(lead, engine, RoundDesign("again", kind="retest", of="pilot", annotators=["ana"], force=True))
    label_all(engine, ana, ANA_GAVE, round_name="again")
    close_round(lead, engine, "again")
    with pytest.raises(Refused, match="again is a retest of pilot: its labels are never gold .*; use pilot"):
        scorer_against(lead, engine, "again")


def test_an_annotator_may_be_called_as_the_scorer_is(engine, team):
    lead, ana, _ = team
    (odd,) = people(engine, f"scorer {RUBRIC}")
    opened(engine, lead, annotators=("ana", odd.name), draft_ids=list(TEXTS))
    label_all(engine, ana, ANA_GAVE)
    label_all(engine, odd, BEN_GAVE)
    close_round(lead, engine, "pilot")
    assert of(scorer_against(lead, engine, "pilot")).against(odd.name).n == 6
