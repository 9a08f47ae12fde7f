"""Two rounds side by side: every dimension, what they share, and the cautions that belong beside a difference."""

import json
import re

import pytest

from tests.support.kept_stores import kept
from tests.support.short_run import some
from tests.support.small_stores import CTA, DIMENSIONS, TONE, change, label_all, opened, people, skip_draft, stock
from touchstone.agreement.coefficient import LINEAR_KAPPA, NOMINAL_ALPHA
from touchstone.comparison.two_rounds import direction
from touchstone.errors import NotYourTurn, Refused
from workflow.agreement.reports import agreement_of_rounds
from workflow.comparison.two_rounds import compare_rounds
from workflow.data.task_import import import_drafts
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics

# Tone in march: 4 1 / 1 4, kappa .6, flagged. In april: 5 0 / 0 5, kappa 1. The second dimension never varies.
FIRST = [(0, 0)] * 4 + [(0, 1)] + [(1, 1)] * 4 + [(1, 0)]
LATER = [(0, 0)] * 5 + [(1, 1)] * 5


def run_round(engine, team, name, patterns, first, *, annotators=("ana", "ben"), dimensions=(TONE, CTA), **more):
    """A closed round on drafts d<first> ..., tone as in `patterns`, every other dimension always 2."""
    lead, by_name = team["lead"], team
    ids = [f"d{first + n:02}" for n in range(len(patterns))]
    opened(engine, lead, name, annotators, dimensions, draft_ids=ids, **more)
    for seat, annotator in enumerate(annotators):
        values = {
            draft: [pattern[seat] if key == TONE else 2 for key in dimensions]
            for draft, pattern in zip(ids, patterns, strict=True)
        }
        label_all(engine, by_name[annotator], values, round_name=name, dimensions=dimensions)
    close_round(lead, engine, name)


@pytest.fixture
@kept
def team(engine):
    found = {each.name: each for each in people(engine, "lead", "ana", "ben", "cleo")}
    stock(engine, found["lead"], 24)
    run_round(engine, found, "march", FIRST, 1)
    return found


def compared(engine, team, before="march", after="april"):
    return compare_rounds(team["lead"], engine, before, after)


def one(made, key=TONE):
    return next(each for each in made.dimensions if each.key == key)


def test_rounds_on_other_drafts_are_compared_as_independent(engine, team):
    run_round(engine, team, "april", LATER, 11)
    made = compared(engine, team)
    tone = one(made)
    assert [each.key for each in made.dimensions] == [TONE, CTA]
    assert (tone.compared.method, made.drafts_in_common, made.tasks_in_common, made.discussable) == ("independent", 0, 0, 0)
    assert tone.compared.judged.difference.value == pytest.approx(0.4)
    assert tone.compared.judged.before == agreement_of_rounds(None, engine, ["march"]).dimensions[TONE].judged
    assert tone.compared.judged.after == agreement_of_rounds(None, engine, ["april"]).dimensions[TONE].judged
    assert (tone.compared.percent.before.value, tone.compared.percent.after.value) == (pytest.approx(0.8), 1)
    assert not any("belong to tasks" in note for note in made.notes)


@pytest.mark.parametrize(("first", "method", "shared"), some([(6, "partly paired", 5), (1, "paired", 10)]))
def test_drafts_in_common_are_paired_and_warned_of_as_discussed(engine, team, first, method, shared):
    run_round(engine, team, "april", LATER, first)
    made = compared(engine, team)
    assert (one(made).compared.method, made.drafts_in_common, made.tasks_in_common) == (method, shared, shared)
    assert one(made).compared.judged.difference.n == shared
    assert any(
        note.startswith(
            f"{shared} of 10 drafts of april belong to tasks whose drafts were in march, {shared} of them the same drafts"
        )
        for note in made.notes
    )


def test_other_drafts_of_the_same_tasks_are_warned_of_too(engine, team):
    again = [{"draft_id": f"e{n:02}", "task_id": f"t{n:02}", "text": f"Another of {n}."} for n in range(1, 5)]
    import_drafts(team["lead"], engine, "".join(json.dumps(each) + "\n" for each in again).encode(), "again.jsonl")
    ids = [each["draft_id"] for each in again]
    opened(engine, team["lead"], "april", draft_ids=ids)
    for name in ("ana", "ben"):
        label_all(engine, team[name], {draft: (n % 2, 2) for n, draft in enumerate(ids)}, round_name="april")
    close_round(team["lead"], engine, "april")
    made = compared(engine, team)
    assert (made.drafts_in_common, made.tasks_in_common, made.discussable) == (0, 4, 4)
    assert one(made).compared.method == "independent"
    assert any("4 of 4 drafts of april belong to tasks whose drafts were in march: where" in note for note in made.notes)


def test_regression_to_the_mean_is_said_when_something_was_flagged_before(engine, team):
    run_round(engine, team, "april", LATER, 11)
    assert compared(engine, team).notes[0].startswith("Tone was flagged in march. Regression to the mean")
    assert not any("Regression" in note for note in compared(engine, team, "april", "march").notes)


def test_regression_to_the_mean_is_said_when_not_every_dimension_is_measured_again(engine, team):
    run_round(engine, team, "may", LATER, 11)
    run_round(engine, team, "june", FIRST, 1, dimensions=(TONE,))
    made = compared(engine, team, "may", "june")
    assert made.notes[0].startswith("june leaves out Call to action. Regression to the mean")
    assert (one(made, CTA).where, one(made, CTA).compared, one(made, CTA).after) == ("before", None, None)
    assert "Only in may, so not compared: Call to action." in made.notes
    assert made.as_json()["dimensions"][CTA] == {
        "in": "before",
        "flagged": {"before": None, "after": None},
        "units_with_two": {"before": 10, "after": None},
    }


def test_a_dimension_that_is_new_after_is_listed_and_is_no_reason_for_the_sentence(engine, team):
    run_round(engine, team, "april", FIRST, 11, dimensions=(TONE,))
    run_round(engine, team, "may", LATER, 1)
    made = compared(engine, team, "april", "may")
    assert one(made, CTA).where == "after"
    assert not any("leaves out" in note for note in made.notes)


def test_rounds_without_a_dimension_in_common_are_no_failure(engine, team):
    run_round(engine, team, "april", LATER, 11, dimensions=(DIMENSIONS[0],))
    made = compared(engine, team)
    assert made.sentence == "march and april have no dimension in common."
    assert [each.where for each in made.dimensions] == ["after", "before", "before"]
    json.dumps(made.as_json(), allow_nan=False, default=str)


def test_an_undefined_figure_has_a_reason_and_no_difference(engine, team):
    run_round(engine, team, "april", LATER, 11)
    cta = one(compared(engine, team), CTA).compared
    assert (cta.judged.difference.value, cta.judged.difference.reason) == (None, "before: single level")
    assert cta.percent.difference.value == 0 and cta.method is None


def test_a_round_against_itself_differs_by_nothing(engine, team):
    made = compared(engine, team, "march", " MARCH ")
    difference = one(made).compared.judged.difference
    assert (difference.value, difference.low, difference.high) == (0, 0, 0)
    assert made.notes == ("march cannot be compared with itself: name two rounds",)


def test_a_round_labelled_again_alike_is_not_certain_to_be_the_same(engine, team):
    run_round(engine, team, "april", FIRST, 1)
    difference = one(compared(engine, team)).compared.judged.difference
    assert difference.value == 0 and difference.low < 0 < difference.high


def test_an_open_round_is_not_compared(engine, team):
    opened(engine, team["lead"], "april", draft_ids=["d11"])
    for names in (("march", "april"), ("april", "march")):
        with pytest.raises(NotYourTurn, match="april is open"):
            compared(engine, team, *names)
    with pytest.raises(Refused, match="no round “may”; there are april, march"):
        compared(engine, team, "march", "may")


@pytest.mark.parametrize("kind", ["retest", "calibration"])
def test_a_round_of_another_kind_is_not_compared(engine, team, kind):
    run_round(engine, team, "april", LATER, 11)
    change(engine, "UPDATE rounds SET kind = :kind WHERE name = 'april'", kind=kind)
    with pytest.raises(Refused, match=f"april is a {kind} round"):
        compared(engine, team)


def test_other_annotators_are_said_and_three_are_compared_on_alpha(engine, team):
    run_round(engine, team, "april", [(0, 0, 0)] * 5 + [(1, 1, 1)] * 4 + [(0, 0, 1)], 11, annotators=("ana", "ben", "cleo"))
    made = compared(engine, team)
    assert not made.same_annotators
    assert any("The annotators are not the same people (ana and ben; then ana, ben and cleo)" in note for note in made.notes)
    assert one(made).compared.judged.coefficient == NOMINAL_ALPHA
    assert any(
        note.startswith("Tone: march is judged on unweighted kappa and april is judged on nominal alpha") for note in made.notes
    )


def test_the_same_people_and_the_same_rubric_are_said(engine, team):
    run_round(engine, team, "april", LATER, 11)
    made = compared(engine, team)
    assert made.same_annotators
    assert any("no rubric was revised between them" in note for note in made.notes)


def test_two_rounds_named_the_wrong_way_round_are_told(engine, team):
    run_round(engine, team, "april", LATER, 11)
    assert any("swap them" in note for note in compared(engine, team, "april", "march").notes)
    assert not any("swap them" in note for note in compared(engine, team).notes)


def test_skips_and_an_early_closing_are_said_under_the_rounds_name(engine, team):
    opened(engine, team["lead"], "april", draft_ids=["d11", "d12"])
    label_all(engine, team["ana"], {"d11": (0, 2), "d12": (1, 2)}, round_name="april")
    skip_draft(engine, team["ben"], "d11", "in another language", round_name="april")
    close_round(team["lead"], engine, "april", early="no time")
    made = compared(engine, team)
    assert "april: april was closed early: no time." in made.notes
    assert one(made).compared.judged.difference.reason == "after: one annotator"
    assert made.drafts_in_common == 0


def test_a_rubric_with_other_levels_and_other_weights_says_what_was_compared(sqlite_engine, tmp_path, monkeypatch):
    """One database: the rubric file is not the database's."""
    engine, source = sqlite_engine, (rubrics.FOLDER / "tenacious-v1.yml").read_text("utf-8")
    # Without the scorer's part: its examples would have to follow the changed levels.
    source = re.sub(r"    (?:scoring|examples):\n(?:      .*\n)+", "", source)
    versions = {
        "tenacious-v1": source,
        "tenacious-v2": source.replace("version: 1\n", "version: 2\n").replace("weights: unweighted", "weights: linear"),
        "tenacious-v3": source.replace("version: 1\n", "version: 3\n").replace("- value: 3\n", "- value: 4\n"),
    }
    monkeypatch.setattr(rubrics, "FOLDER", tmp_path)
    for name, text in versions.items():
        (tmp_path / f"{name}.yml").write_text(text, "utf-8")
    found = {each.name: each for each in people(engine, "lead", "ana", "ben")}
    stock(engine, found["lead"], 30)
    for place, name in enumerate(versions):
        ids = [f"d{10 * place + n:02}" for n in range(1, 11)]
        open_round(
            found["lead"], engine, RoundDesign(name, rubric=name, annotators=["ana", "ben"], dimensions=[TONE], draft_ids=ids)
        )
        for seat, annotator in enumerate(("ana", "ben")):
            label_all(
                engine,
                found[annotator],
                {draft: (pattern[seat],) for draft, pattern in zip(ids, FIRST, strict=True)},
                round_name=name,
                dimensions=(TONE,),
            )
        close_round(found["lead"], engine, name)
    weighted = compare_rounds(found["lead"], engine, "tenacious-v1", "tenacious-v2")
    assert one(weighted).compared.judged.coefficient == LINEAR_KAPPA
    assert any("both are given on linear kappa" in note for note in weighted.notes)
    assert not any("no rubric was revised" in note for note in weighted.notes)
    longer = compare_rounds(found["lead"], engine, "tenacious-v1", "tenacious-v3")
    assert one(longer).compared.judged.difference.reason == "levels differ"
    assert one(longer).compared.judged.after.value is not None
    assert direction(one(longer).compared.judged) is None
    assert any("the figures answer two different questions" in note for note in longer.notes)


def test_the_document_has_the_shape_of_the_report_where_they_meet(engine, team):
    run_round(engine, team, "april", LATER, 11)
    made = compared(engine, team).as_json()
    assert list(made) == [
        "before",
        "after",
        "sample",
        "drafts_in_common",
        "tasks_in_common",
        "drafts_of_tasks_in_both",
        "same_annotators",
        "sentence",
        "notes",
        "dimensions",
    ]
    tone = made["dimensions"][TONE]
    assert list(tone) == [
        "in",
        "flagged",
        "units_with_two",
        "units_in_common",
        "method",
        "statistic",
        "by",
        "before",
        "after",
        "difference",
        "percent",
        "notes",
    ]
    assert tone["flagged"] == {"before": True, "after": False}
    assert all(set(tone[key]) == {"value", "low", "high", "reason"} for key in ("before", "after", "difference"))
    assert (
        tone["before"]
        == agreement_of_rounds(None, engine, ["march"]).as_json()["dimensions"][TONE]["pairs"][0]["kappa"]["unweighted"]
    )
