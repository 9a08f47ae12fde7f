"""The scorer against people, as the command prints it."""

import json

import pytest

from tests.support.commands import check_estimate, done, sentence
from tests.support.sample_store import ANA, BEN, CLOSED, OPEN
from tests.support.small_stores import RUBRIC
from workflow.rubric import rubrics


def test_the_command_prints_every_dimension_against_gold_and_everyone(sample_url):
    shown = done("score-against", CLOSED)
    assert shown.count("inter-annotator unweighted kappa") == 1 + 5, "the sentence, and every dimension"
    for who in ("gold", ANA, BEN):
        assert shown.count(f"scorer {RUBRIC} with {who}: unweighted kappa") == 5
    assert "recall (caught)" in shown and "false-alarm rate" in shown and "rows are the gold, columns the scorer" in shown
    assert "nan" not in shown and "None" not in shown and "inter-rater" not in shown


def test_the_command_in_json_is_one_document_with_every_figure(sample_url):
    found = json.loads(done("score-against", CLOSED, "--rubric", "tenacious-v2", "--cut", "3", "--json"))
    assert (found["round"], found["rubric"], found["scorer"]["rubric"]) == (CLOSED, RUBRIC, "tenacious-v2")
    report = json.loads(done("report", CLOSED, "--json"))["dimensions"]
    for key, each in found["dimensions"].items():
        assert each["people"]["kappa"]["unweighted"] == report[key]["pairs"][0]["kappa"]["unweighted"]
        assert set(each["annotators"]) == {ANA, BEN} and each["bad"] == [0, 1, 2]
        for other in (each["gold"], *each["annotators"].values()):
            assert sum(map(sum, other["table"])) == other["n"] == sum(len(cell["drafts"]) for cell in other["drafts"])
            for estimate in (other["percent"], *other["kappa"].values()):
                check_estimate(estimate)
            for name in ("caught", "false_alarms"):
                check_estimate({key: value for key, value in other["at_cut"][name].items() if key != "drafts"})


def test_the_command_takes_a_rubric_file(sample_url):
    file = rubrics.FOLDER / "tenacious-v2.yml"
    assert "The scorer tenacious-v2 is farthest" in done("score-against", CLOSED, "--rubric", str(file))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((OPEN,), "blind"),
        (("nowhere",), CLOSED),
        ((CLOSED, "--rubric", "nowhere"), "nowhere"),
        ((CLOSED, "--rubric", "nowhere.yml"), "nowhere"),
        ((CLOSED, "--cut", "7"), "choose the cut-off from 1, 2, 3"),
        ((CLOSED, "--as", "Nemo"), ANA),
    ],
)
def test_the_command_refuses_in_one_sentence(sample_url, arguments, said):
    assert said in sentence("score-against", *arguments)
