"""Whole invented mails under version 3 of the rubric: levels of all five dimensions, given by the rubric's words.

In the order of the rubric: signal, tone, call to action, capacity, personalization; null where the words leave two readings.
"""

import json
from pathlib import Path

import pytest

from touchstone.rubric.diff import revise
from touchstone.rubric.reading import read_rubric
from touchstone.scorer.scoring import Scorer

HERE = Path(__file__).resolve().parent
RUBRIC = read_rubric(HERE.parents[1] / "rubric_versions" / "tenacious-v3.yml")
SCORER = Scorer(RUBRIC)
MAILS = [json.loads(line) for line in (HERE / "cases" / "kinds_mails.jsonl").read_text("utf-8").splitlines()]
BENCH = "Available bench: 7 Python engineers, 9 Data engineers."


def test_labels_of_version_2_do_not_go_stale():
    before = read_rubric(HERE.parents[1] / "rubric_versions" / "tenacious-v2.yml")
    assert revise(before, RUBRIC).to_label_again == ()
    words = ("title", "question", "guidance", "scale", "weight", "aliases", "levels", "agreement")
    for dimension in before.dimensions:
        later = RUBRIC.dimension(dimension.key)
        assert [getattr(dimension, each) for each in words] == [getattr(later, each) for each in words]
    assert (before.title, before.about, before.fields) == (RUBRIC.title, RUBRIC.about, RUBRIC.fields)


@pytest.mark.parametrize("place, dimension", list(enumerate(RUBRIC.keys)))
def test_whole_mails_get_the_levels_of_the_words(place, dimension):
    wrong = []
    for mail in MAILS:
        given = {"company_signal": mail["company_signal"], "bench_summary": BENCH, "prior_thread": mail["prior_thread"]}
        score = SCORER.score(mail["draft"], given, {"expected_features": {"must_include_cta": True}}).scores[dimension]
        if mail["right"][place] not in (None, score.value):
            wrong.append(f"{mail['id']}: {score.value}, not {mail['right'][place]}: {score.because}")
    assert wrong == [] and len(MAILS) > 75
