"""Agreement of a file of labels without a store, and interval alpha of ratings without levels."""

import subprocess
import sys

import krippendorff
import numpy as np
import pytest

from tests.support.commands import document, done, refused
from touchstone.agreement.coefficient import INTERVAL_ALPHA
from touchstone.agreement.estimation.formulas import patterns_of, points
from touchstone.agreement.estimation.interval_alpha import interval_alpha
from touchstone.agreement.file_report import MOST_LEVELS, agreement_of_file, levels_of
from touchstone.errors import Refused

HEADER = "task_id,annotator,dimension,value\n"
TEN = HEADER + "".join(
    f"t{n},{who},tone,{value}\n"
    for n, pair in enumerate(["00"] * 4 + ["11"] * 4 + ["01", "10"])
    for who, value in zip("ab", pair, strict=True)
)


def refusal(source, levels=(0, 1), scale="ordinal"):
    with pytest.raises(Refused) as refused:
        agreement_of_file(source.encode(), levels, scale)
    return refused.value


def test_the_figures_are_those_worked_out_by_hand():
    """Agreement 8 of 10; by chance .5; kappa (.8 - .5) / (1 - .5) = .6."""
    made = agreement_of_file(TEN.encode(), (0, 1)).as_json()
    tone = made["dimensions"]["tone"]
    assert tone["pairs"][0]["kappa"]["unweighted"]["value"] == pytest.approx(0.6)
    assert tone["pairs"][0]["table"] == [[4, 1], [1, 4]]
    assert (tone["threshold"], tone["verdict"], tone["flagged"], tone["statistic"]) == (None, None, None, None)
    assert made["second_opinion"]["tone"]["agree"] == ["scikit-learn", "statsmodels", "krippendorff"]


def test_score_is_taken_for_value_and_clusters_are_counted():
    source = HEADER.replace("value", "score,cluster") + TEN.removeprefix(HEADER).replace("\n", ",c\n")
    tone = agreement_of_file(source.encode(), (0, 1)).dimensions["tone"]
    assert (tone.units, tone.clusters) == (10, 1)


def test_words_are_levels_in_the_order_given():
    source = HEADER + "1,a,d,low\n1,b,d,mid\n2,a,d,high\n2,b,d,high\n"
    report = agreement_of_file(source.encode(), levels_of("low, mid, high")).dimensions["d"]
    assert report.levels == ("low", "mid", "high") and report.pairs[0].table == ((0, 1, 0), (0, 0, 0), (0, 0, 1))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("t1,a,tone,2", "tone takes 0 and 1, not 2"),
        ("t1,a,tone,", "tone is blank; leave the row out"),
        (",a,tone,1", "names no unit"),
        ("t1,,tone,1", "names no annotator"),
        ("t1,a,,1", "names no dimension"),
        ("t0,a,tone,1", "t0 has tone by a on line 2 already"),
        ("t1,a,tone", "3 cells and the header 4"),
    ],
)
def test_every_bad_line_is_named_and_nothing_is_computed(line, says):
    problems = [str(each) for each in refusal(HEADER + "t0,a,tone,1\n" + line + "\n" + "t9,b,tone,7\n").problems]
    assert says in problems[0] and problems[0].startswith("line 3")
    assert "not 7" in problems[1]


def test_a_missing_column_and_an_empty_file_are_said():
    assert "no column annotator and value" in str(refusal("id,dimension,x\n1,d,2\n").problems[0])
    assert "no rows under its header" in str(refusal(HEADER).problems[0])
    assert refusal("").problems


def test_levels_must_be_said_and_hundreds_are_refused_with_interval_alpha_offered():
    assert refusal(TEN, ()).way == ("levels 0,1,2,3", "scale interval")
    with pytest.raises(Refused, match="take the scale interval"):
        levels_of(",".join(map(str, range(MOST_LEVELS + 1))))
    with pytest.raises(Refused, match="blank"):
        levels_of("0,,1")
    with pytest.raises(Refused, match="each once"):
        levels_of("1,1")
    assert "leave --levels out" in refusal(TEN, (0, 1), "interval").sentence
    assert "ratio" in refusal(TEN, (0, 1), "ratio").sentence


def test_ratings_with_hundreds_of_values_have_interval_alpha_with_its_second_opinion():
    dice = np.random.default_rng(4)
    truth = dice.uniform(0, 100, 60)
    source = HEADER + "".join(
        f"t{n},{who},pace,{true + dice.normal(0, 8):.3f}\n"
        for n, true in enumerate(truth)
        for who in "abc"
        if dice.random() > 0.2
    )
    made = agreement_of_file(source.encode(), (), "interval")
    alpha = made.dimensions["pace"].alpha
    assert 0.8 < alpha.low < alpha.value < alpha.high < 1
    assert made.second_opinion["pace"].agreeing == ("krippendorff",)
    assert made.as_json()["dimensions"]["pace"]["overall"]["alpha"]["interval"]["value"] == alpha.value
    assert "takes a finite number" in str(refusal(HEADER + "1,a,d,nan\n", (), "interval").problems[0])
    assert "takes a number" in str(refusal(HEADER + "1,a,d,high\n", (), "interval").problems[0])


@pytest.mark.parametrize("seed", range(5))
def test_interval_alpha_of_ratings_is_that_of_levels_and_of_the_library(seed):
    dice = np.random.default_rng(seed)
    codes = dice.integers(0, 4, size=(25, 3)).astype(float)
    codes[dice.random(codes.shape) < 0.2] = np.nan
    codes[0] = (0, 1, 3)
    histogram: dict = {}
    for row in codes:
        key = tuple(None if np.isnan(code) else int(code) for code in row)
        histogram[key] = histogram.get(key, 0) + 1
    of_levels = points(patterns_of(histogram, (0, 1, 2), (0, 1, 2, 3)), [INTERVAL_ALPHA])[INTERVAL_ALPHA]
    assert interval_alpha(codes).value == pytest.approx(of_levels, abs=1e-12)
    theirs = krippendorff.alpha(reliability_data=codes.T, level_of_measurement="interval")
    assert interval_alpha(codes * 1e6 + 1e9).value == pytest.approx(theirs, abs=1e-9)


@pytest.mark.parametrize("size", [1e-300, 1e-200, 1.0, 1e200, 1e307])
def test_interval_alpha_does_not_depend_on_the_unit(size):
    plain = np.array([[1, 2], [5, 5], [-3, -2], [8, 9.5]])
    assert interval_alpha(plain * size).value == pytest.approx(interval_alpha(plain).value, rel=1e-9)


def test_a_level_that_is_no_level_is_refused():
    with pytest.raises(Refused, match="too long"):
        levels_of("0," + "9" * 400)


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([[None, None]] * 3, "no data"),
        ([[1.0, None], [2.0, None]], "one annotator"),
        ([[1.0, None], [None, 2.0]], "no overlap"),
        ([[1e9 + 0.1] * 2] * 4, "single level"),
    ],
)
def test_undefined_has_a_reason(ratings, reason):
    figure = interval_alpha(np.array(ratings, dtype=float))
    assert (figure.value, figure.low, figure.reason) == (None, None, reason)


def test_the_command_prints_one_document_and_refuses_in_sentences(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", f"sqlite:///{tmp_path}/none.db")
    file = tmp_path / "long.csv"
    file.write_text(TEN)
    assert list(document("agreement", file, "--levels", "0,1", "--json")["dimensions"]) == ["tone"]
    said = done("agreement", file, "--levels", "0,1")
    assert "kappa unweighted .60" in said and "second opinion: scikit-learn, statsmodels and krippendorff agree" in said
    assert "interval alpha" in done("agreement", file, "--scale", "interval")
    said = refused("agreement", file, "--levels", "1,2")
    assert "tone takes 1 and 2, not 0; change it, or declare the level (10 times, lines 2 to 9, 18 and 21)" in said
    assert not (tmp_path / "none.db").exists()


def test_the_command_leaves_the_pairs_of_many_annotators_out_unless_asked(tmp_path):
    """21 people: two of them labelled two units together, the others one each."""
    file = tmp_path / "many.csv"
    alone = [f"u{n},r{n},tone,{n % 2}\n" for n in range(2, 21)]
    file.write_text(HEADER + "".join([f"u{n},{who},tone,{n}\n" for n in (0, 1) for who in ("r0", "r1")] + alone))
    args = ("agreement", file, "--levels", "0,1", "--json")
    tone = document(*args)["dimensions"]["tone"]
    assert tone["pairs"] == [] and "asked for" in tone["warnings"][-1]
    assert "every pair of annotators: --pairs" in done(*args[:-1])
    assert [(each["a"], each["b"]) for each in document(*args, "--pairs")["dimensions"]["tone"]["pairs"]] == [("r0", "r1")]


def test_the_command_needs_neither_a_store_nor_an_environment(tmp_path):
    file = tmp_path / "long.csv"
    file.write_text(TEN)
    ran = subprocess.run(
        [sys.executable, "manage.py", "agreement", str(file), "--levels", "1,2"],
        capture_output=True,
        text=True,
        env={"PATH": "", "TOUCHSTONE_DATABASE_URL": f"sqlite:///{tmp_path}/none.db"},
    )
    assert ran.returncode == 1 and "Traceback" not in ran.stderr and "tone takes 1 and 2, not 0" in ran.stderr
    assert not (tmp_path / "none.db").exists()
