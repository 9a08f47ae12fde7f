"""A round on a nominal scale, from its labels to every page, paper and command: the order of its levels means nothing."""

import json
import random
import re
from datetime import UTC, datetime

import pytest

from tests.support.small_stores import inside, people, save, stock
from touchstone.agreement.figure import REASONS
from workflow import clock
from workflow.agreement.clusters import by_clusters
from workflow.agreement.disagreements import disagreements_on
from workflow.agreement.papers import report as paper
from workflow.agreement.reports import agreement_of_rounds
from workflow.comparison.two_rounds import compare_rounds
from workflow.comparison.two_sources import compare_sources
from workflow.gold.adjudication import open_disagreements
from workflow.planning.plan import plan_of_pilot
from workflow.projects.projects import new_project
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics
from workflow.subgroups.annotators import annotators
from workflow.subgroups.slices import slices

LEVELS = ("kind", "cold", "rude")
RUBRIC = """
rubric: {name}
version: 1
title: Support replies
dimensions:
  - key: tone
    title: Tone
    question: Would the customer write again?
    scale: nominal
    weight: 1.0
    levels:
{levels}
    agreement: {{statistic: kappa, weights: unweighted, threshold: 0.7}}
"""
ORDERED = re.compile(r"linear|quadratic|AC2|ordinal|interval alpha|alpha, interval|spread|severity|mean level", re.I)


@pytest.fixture
def two_orders(sqlite_engine, rubric_folder):
    """The same labels of the same drafts in two projects, whose rubrics list the levels in opposite orders."""
    lead, *both = people(sqlite_engine, "lead", "ana", "ben")
    for name, levels in (("falling", LEVELS), ("rising", LEVELS[::-1])):
        lines = "\n".join(f"      - {{value: {level}, title: {level.title()}, anchor: It is {level}.}}" for level in levels)
        (rubric_folder / f"{name}-v1.yml").write_text(RUBRIC.format(name=name, levels=lines))
        new_project(lead, sqlite_engine, name, rubric=name)
        stock(inside(sqlite_engine, name), lead, 24)
        open_round(lead, sqlite_engine, RoundDesign(name, rubric=f"{name}-v1", annotators=("ana", "ben"), seed=5))
        rng = random.Random(3)
        for number in range(1, 25):
            true = rng.choice(LEVELS)
            with clock.at(datetime(2026, 11, 3, 9, number, tzinfo=UTC)):
                for person in both:
                    given = true if rng.random() < 0.7 else rng.choice(LEVELS)
                    save(sqlite_engine, person, f"d{number:02}", [given], round_name=name, dimensions=["tone"])
        close_round(lead, sqlite_engine, name)
    return lead


def alike(document):
    """A document without what tells two rounds apart by name, its levels, tables and levels' figures in one order."""
    text = json.dumps(document, default=str).replace("falling", "ROUND").replace("rising", "ROUND")
    return _sorted(json.loads(text))


def _sorted(value):
    if isinstance(value, list):
        return [_sorted(each) for each in value]
    if not isinstance(value, dict):
        return value
    kept = {key: _sorted(each) for key, each in sorted(value.items()) if "digest" not in key and not key.endswith("_at")}
    levels = list(value.get("per_level") or ())
    if value.get("table"):
        order = sorted(range(len(levels)), key=levels.__getitem__)
        kept["table"] = [[value["table"][i][j] for j in order] for i in order]
    return {**kept, "levels": sorted(value["levels"])} if isinstance(value.get("levels"), list) else kept


@pytest.mark.whole_run("nothing shown of a nominal dimension depends on an order, and no figure of the library does")
def test_a_round_is_told_alike_whichever_way_its_nominal_levels_are_listed(sqlite_engine, two_orders):
    def told(name):
        report = agreement_of_rounds(two_orders, sqlite_engine, [name])
        side = f"round:{name}/ana"
        return {
            "report": report.as_json(),
            "clusters": {key: each.as_json() for key, each in by_clusters(two_orders, sqlite_engine, report).items()},
            "annotators": annotators(two_orders, sqlite_engine, name).as_json(),
            "slices": [slices(two_orders, sqlite_engine, name, by).as_json() for by in ("difficulty", "dimension")],
            "sources": compare_sources(two_orders, sqlite_engine, side, f"round:{name}/ben").as_json(),
            "compared": compare_rounds(two_orders, sqlite_engine, name, "falling").as_json(),
            "plan": plan_of_pilot(two_orders, sqlite_engine, round_name=name, half_width=0.1).as_json(),
            "disagreements": disagreements_on(two_orders, sqlite_engine, "tone", round_name=name),
            "to_adjudicate": [cell.draft_id for cell in open_disagreements(two_orders, sqlite_engine, name).waiting],
        }

    falling, rising = told("falling"), told("rising")
    for what in ("report", "clusters", "annotators", "slices", "sources", "plan", "disagreements", "to_adjudicate"):
        assert alike(falling[what]) == alike(rising[what]), what
    # One round against itself, and against the other, which has the same labels: nothing rose or fell.
    dimensions = [found["compared"]["dimensions"]["tone"] for found in (falling, rising)]
    assert [each["difference"]["value"] for each in dimensions] == [0, 0]
    assert dimensions[1]["method"] == "paired" and "levels" not in " ".join(rising["compared"]["notes"])


def test_nothing_shown_of_a_nominal_dimension_depends_on_an_order(sqlite_engine, two_orders):
    report = agreement_of_rounds(two_orders, sqlite_engine, ["falling"])
    body = paper.html(report).split('<section class="dimension', 1)[1].split("Where the labels came from", 1)[0]
    markdown = paper.markdown(report).split("## Tone", 1)[1].split("## Where the labels came from", 1)[0]
    for text in (body, markdown):
        assert "Cohen’s kappa, unweighted (judged)" in text and "Krippendorff’s alpha, nominal" in text
        assert not ORDERED.search(text) and REASONS["nominal scale"] not in text
    assert "AC2" not in annotators(two_orders, sqlite_engine, "falling").drift_sentence
    assert "mean level" not in annotators(two_orders, sqlite_engine, "falling").drift_sentence
    found = annotators(two_orders, sqlite_engine, "falling").as_json()["annotators"]["ana"]
    assert {half["reason"] for half in found["drift"]["tone"].values()} == {"nominal scale"}
    tone = found["dimensions"]["tone"]
    assert (tone["severity"]["reason"], tone["deviation"], list(tone["shares"])) == ("nominal scale", None, list(LEVELS))
    assert sum(share["own"] for share in tone["shares"].values()) == pytest.approx(1)


def test_disagreements_on_a_nominal_scale_are_all_as_far_apart(sqlite_engine, two_orders):
    assert {each.spread for each in disagreements_on(two_orders, sqlite_engine, "tone", round_name="falling")} == {1}


def test_weights_asked_of_a_nominal_pilot_are_said_to_mean_nothing(sqlite_engine, two_orders):
    asked = plan_of_pilot(two_orders, sqlite_engine, round_name="falling", half_width=0.1, weights="quadratic")
    assert str(asked.dimensions["tone"].coefficient) == "kappa unweighted"
    assert any(note.startswith("Tone is planned unweighted") for note in asked.notes)


def test_a_rubric_with_weights_on_a_nominal_scale_is_refused(rubric_folder, sqlite_engine):
    levels = "\n".join(f"      - {{value: {level}, title: {level}, anchor: It is {level}.}}" for level in LEVELS)
    text = RUBRIC.format(name="weighed", levels=levels)
    (rubric_folder / "weighed-v1.yml").write_text(text.replace("unweighted", "quadratic"))
    file = next(each for each in rubrics.rubric_files(sqlite_engine) if each.name == "weighed-v1")
    assert file.rubric is None and "a nominal scale has no distances" in str(file.problems)
