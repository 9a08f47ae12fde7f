"""Levels without an order: nothing depends on how they are listed, and no figure says how far apart two of them are."""

import io
import json
import random

import pytest

import touchstone as ts
from tests.support.short_run import some
from touchstone.agreement.cautions import cautions
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, OF_ALL, OF_TWO
from touchstone.agreement.estimation.cluster_report import cluster_report
from touchstone.agreement.estimation.clusters import histograms_by_cluster
from touchstone.agreement.figure import PlainRule
from touchstone.agreement.file_report import agreement_of_file
from touchstone.agreement.report import dimension_report
from touchstone.comparison.two_rounds import Labelled, compare
from touchstone.data.counts import count_labels, labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.planning.plan import plan_from_pilot
from touchstone.subgroups.drift import agreement_in_halves
from touchstone.subgroups.rater_effects import against_others
from touchstone.subgroups.slices import lowest, sliced

LEVELS = ("kind", "cold", "rude", "odd")
UNWEIGHTED, LINEAR = PlainRule("kappa", "unweighted", 0.7), PlainRule("kappa", "linear", 0.7)


class Tone:
    key, scale = "tone", "nominal"

    def __init__(self, levels=LEVELS):
        self.values = tuple(levels)


def rows_of(seed, annotators, drafts=40, levels=LEVELS):
    """Labels of people who are right two times in three; of more than two a fifth is missing."""
    rng = random.Random(seed)
    rows = []
    for number in range(drafts):
        true = rng.choice(levels)
        for name in annotators:
            if len(annotators) == 2 or rng.random() < 0.8:
                rows.append(LabelRow(f"d{number:02}", name, "tone", true if rng.random() < 0.67 else rng.choice(levels)))
    return rows


def listed_alike(document):
    """A report with its levels, table and levels' figures in one order."""
    order = sorted(range(len(document["levels"])), key=lambda place: str(document["levels"][place]))
    pairs = [{**pair, "table": [[pair["table"][i][j] for j in order] for i in order]} for pair in document["pairs"]]
    return {**document, "levels": sorted(map(str, document["levels"])), "pairs": pairs}


@pytest.mark.parametrize("annotators", ["ab", "abc"])
@pytest.mark.parametrize("seed", some(range(4)))
def test_the_order_in_which_nominal_levels_are_declared_changes_nothing(annotators, seed):
    rows, shuffled = rows_of(seed, annotators), random.Random(seed).sample(LEVELS, len(LEVELS))
    assert tuple(shuffled) != LEVELS
    clusters = {f"d{number:02}": f"c{number // 2}" for number in range(40)}

    def told(levels):
        tone = Tone(levels)
        counts, labels = count_labels(rows, tone, annotators, clusters), labels_by_unit(rows, tone, annotators)
        histograms = histograms_by_cluster(labels, clusters)
        halves = [count_labels([row for row in rows if (row.unit < "d20") is first], tone, annotators) for first in (True, False)]
        others = {f"e{unit[1:]}": pattern for unit, pattern in list(labels.items())[:25]}
        sides = [Labelled(tuple(annotators), tone.values, UNWEIGHTED, each, "nominal") for each in (labels, others)]
        people = [against_others(counts, seat).as_json() for seat in range(len(annotators))]
        source = "unit,annotator,dimension,value\n" + "".join(f"{','.join(row)}\n" for row in rows)
        of_file = agreement_of_file(source.encode(), levels, "nominal").as_json()
        return {
            "report": [
                listed_alike(dimension_report(counts, UNWEIGHTED, histograms=each).as_json()) for each in (None, histograms)
            ],
            "slots": listed_alike(dimension_report(counts, UNWEIGHTED, are_people=False).as_json()),
            "library": listed_alike(ts.agreement(rows, list(levels), "nominal")["tone"].as_json()),
            "file": [listed_alike(of_file["dimensions"]["tone"]), of_file["second_opinion"]],
            "clusters": cluster_report(counts, histograms, UNWEIGHTED).as_json(),
            "slices": lowest([sliced(counts, labels, UNWEIGHTED)], {unit: unit[-1] for unit in sorted(labels)}),
            "drift": agreement_in_halves(*halves, KAPPA if annotators == "ab" else NOMINAL_ALPHA).as_json(),
            "compared": compare(*sides),
            "people": [{**each, "shares": dict(sorted(each["shares"].items()))} for each in people],
            "plan": plan_from_pilot(counts, UNWEIGHTED, half_width=0.1, threshold=0.5).as_json(),
        }

    before, after = told(LEVELS), told(shuffled)
    for what, found in before.items():
        assert found == after[what], what


def test_two_rounds_whose_nominal_levels_are_listed_otherwise_are_compared():
    rows = rows_of(1, "ab")
    sides = [
        Labelled(("a", "b"), levels, UNWEIGHTED, labels_by_unit(rows, Tone(levels), "ab"), scale)
        for levels, scale in ((LEVELS, "nominal"), (LEVELS[::-1], "nominal"), (LEVELS[::-1], "ordinal"))
    ]
    for other in sides[1:]:
        found = compare(sides[0], other)
        assert (found.judged.difference.value, found.percent.difference.value) == (0, 0)
        assert found.judged.before == found.judged.after


def test_figures_that_count_distances_are_undefined_on_a_nominal_scale_in_every_case():
    of_two = dimension_report(count_labels(rows_of(1, "ab"), Tone(), "ab"), UNWEIGHTED)
    of_three = dimension_report(count_labels(rows_of(1, "abc"), Tone(), "abc"), UNWEIGHTED)
    nothing = dimension_report(count_labels([], Tone(), "ab"), UNWEIGHTED)
    alone = dimension_report(count_labels(rows_of(1, "a"), Tone(), "a"), UNWEIGHTED)
    apart = dimension_report(
        count_labels([LabelRow("d1", "a", "tone", "kind"), LabelRow("d2", "b", "tone", "kind")], Tone(), "ab"), UNWEIGHTED
    )
    reports = (of_two, of_three, nothing, alone, apart)
    figures = [*(each.overall for each in reports), *(pair.figures for each in reports for pair in each.pairs)]
    seen = {(coefficient, found.reason) for each in figures for coefficient, found in each.items()}
    assert {reason for coefficient, reason in seen if coefficient.knows_distance} == {"nominal scale"}
    assert "nominal scale" not in {reason for coefficient, reason in seen if not coefficient.knows_distance}
    document = of_two.as_json()
    assert document["pairs"][0]["kappa"]["linear"] == {"value": None, "low": None, "high": None, "reason": "nominal scale"}
    assert {key for key, found in document["overall"]["alpha"].items() if found["value"] is None} == {"ordinal", "interval"}
    assert document["overall"]["ac2"]["reason"] == "nominal scale" and document["scale"] == "nominal"
    assert {*OF_TWO, *OF_ALL} <= {coefficient for coefficient, _ in seen}


@pytest.mark.parametrize(("annotators", "judged"), [("ab", KAPPA), ("abc", NOMINAL_ALPHA)])
def test_a_stored_rule_with_weights_is_judged_unweighted_on_a_nominal_scale_and_says_so(annotators, judged):
    counts = count_labels(rows_of(1, annotators), Tone(), annotators)
    found, plain = dimension_report(counts, LINEAR), dimension_report(counts, UNWEIGHTED)
    assert (found.judgement.coefficient, found.weights, found.judged) == (judged, "unweighted", plain.judged)
    note = "The rubric says linear weights, which the levels of a nominal scale cannot have"
    assert any(each.startswith(note) for each in found.warnings)
    assert not any("weights" in each for each in plain.warnings)
    assert list(cautions(counts, None, None, found.pairs, found.overall)) == list(plain.warnings)


def test_weights_are_refused_for_a_nominal_scale_in_the_library():
    rows = [tuple(row) for row in rows_of(1, "ab")]
    judged = {"statistic": "kappa", "threshold": 0.5}
    with pytest.raises(ValueError, match="weights are unweighted on a nominal scale, not quadratic"):
        ts.agreement(rows, LEVELS, "nominal", weights="quadratic", **judged)
    with pytest.raises(ValueError, match="weights go by value on an ordinal scale alone, and this one is nominal"):
        ts.agreement(rows, [1, 2, 5], "nominal", by="value")
    assert ts.agreement(rows, LEVELS, "nominal", weights="unweighted", **judged)["tone"].judged.value is not None


def test_shares_of_levels_are_set_against_the_others_on_the_same_drafts():
    # ana's labels of the three drafts ben or cleo labelled too: kind, kind, rude. Theirs: kind and cold; rude; rude.
    labels = {"ana": "kind kind rude kind", "ben": "kind rude rude -", "cleo": "cold - - -"}
    rows = [
        LabelRow(f"d{number}", name, "tone", level)
        for name, levels in labels.items()
        for number, level in enumerate(levels.split())
        if level != "-"
    ]
    found = against_others(count_labels(rows, Tone(), tuple(labels)), 0)
    own = dict(zip(LEVELS, found.shares.own, strict=True))
    others = dict(zip(LEVELS, found.shares.others, strict=True))
    assert own == pytest.approx({"kind": 2 / 3, "cold": 0, "rude": 1 / 3, "odd": 0})
    assert others == pytest.approx({"kind": 1 / 6, "cold": 1 / 6, "rude": 2 / 3, "odd": 0})  # each draft counts once
    # Half of |2/3 - 1/6| + |0 - 1/6| + |1/3 - 2/3|: a half.
    assert (found.shares.distance.value, found.shares.distance.n) == (pytest.approx(0.5), 3)
    assert (found.severity.reason, found.deviation, found.deviation_of_others) == ("nominal scale", None, None)
    assert found.shares.in_words == ["67 / 17 %", "0 / 17 %", "33 / 67 %", "0 / 0 %"]
    json.dump(found.as_json(), io.StringIO(), allow_nan=False)


def test_the_distance_of_those_who_use_levels_alike_holds_0_and_of_those_who_do_not_leaves_it_out():
    alike = count_labels(rows_of(3, "ab", 60), Tone(), "ab")
    distance = against_others(alike, 0).shares.distance
    assert distance.low == 0 < distance.value < distance.high, "chance alone makes a distance, and the interval knows"
    moved = [row._replace(value="odd") if row.annotator == "a" and row.value == "kind" else row for row in rows_of(3, "ab", 60)]
    assert against_others(count_labels(moved, Tone(), "ab"), 0).shares.distance.low > 0
    agreed = [LabelRow(f"d{n}", name, "tone", LEVELS[n % 4]) for n in range(30) for name in "ab"]
    agreed = against_others(count_labels(agreed, Tone(), "ab"), 1).shares.distance
    assert agreed.value == agreed.low == 0 < agreed.high < 0.1


def test_an_annotator_alone_has_no_shares_to_set_against_others():
    found = against_others(count_labels(rows_of(1, "a"), Tone(), "ab"), 0)
    assert (found.shares.distance.reason, found.shares.own, found.shares.as_json()["shares"]) == ("no overlap", (), {})
