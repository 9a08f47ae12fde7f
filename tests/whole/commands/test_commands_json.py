"""Commands that print JSON print one document, which says what the words say."""

import json
import re

import pytest

from tests.support.commands import check_estimate, document, done, sentence
from tests.support.every_command import COMMANDS, KEYS
from tests.support.sample_store import ANA, BEN, CLOSED, OPEN, RUBRIC, sqlite_url
from touchstone.agreement.estimation.icc import ICCS

WITH_JSON = sorted(name for name, each in COMMANDS.items() if any("--json" in param.opts for param in each.params))


def test_the_commands_that_print_json_are_these():
    assert WITH_JSON == [
        "agreement",
        "annotators",
        "bench adversarial",
        "bench candidates",
        "bench confirm",
        "bench cover",
        "bench leaks",
        "bench split",
        "bench synthesise",
        "bench verify-seal",
        "check-claim",
        "check-judge",
        "compare",
        "compare-sources",
        "comparisons",
        "diff-rubrics",
        "events",
        "export-labels",
        "export-pairs",
        "export-tasks",
        "gate-figures",
        "import-labels",
        "import-table",
        "judge adapter-set",
        "judge against",
        "judge check-adapter",
        "judge compare",
        "judge list",
        "judge run",
        "judge shifts",
        "judge train",
        "judge train-adapter",
        "judge trained",
        "people",
        "plan",
        "preferences",
        "projects",
        "release-answers",
        "release-gold",
        "releases",
        "report",
        "report-comparison",
        "rounds",
        "rubric-effect",
        "score-against",
        "slices",
        "spot-check",
        "verify",
        "verify-events",
    ]


def test_a_plan_is_one_json_document_and_says_the_same_in_words(sample_url):
    found = document("plan", "--from", CLOSED, "--threshold", ".7", "--half-width", ".05", "--json")
    assert (found["pilot"], found["threshold"], found["most"], len(found["dimensions"])) == (CLOSED, 0.7, 5000, KEYS)
    told = done("plan", "--from", CLOSED, "--threshold", ".7")
    for each in found["dimensions"].values():
        wide, shown = each["half_width"]["chances"]["0.8"], each["threshold"]
        assert 20 <= wide["from"] <= wide["to"]
        assert f"about {100 * shown['share_under']:.0f} %" in told or shown["never"]
    assert told.startswith("To show ")


def test_a_plan_without_a_pilot_needs_no_store(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "never.db"))
    told = done("plan", "--kappa", ".9", "--threshold", ".8", "--levels", "no,yes")
    assert told.startswith("To show a kappa of .90 at or above .80: label ")
    assert not (tmp_path / "never.db").exists()


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), "nothing is asked"),
        (("--threshold", ".8"), "--kappa"),
        (("--from", CLOSED), "nothing is asked"),
        (("--from", CLOSED, "--from-set", "x", "--threshold", ".8"), "not both"),
        (("--from", CLOSED, "--kappa", ".8", "--threshold", ".8"), "--kappa is for a plan without a pilot"),
        (("--from", OPEN, "--threshold", ".8"), "blind"),
        (("--from-set", "nowhere", "--threshold", ".8"), "nowhere"),
        (("--from", CLOSED, "--dimension", "depth", "--threshold", ".8"), "no dimension depth"),
        (("--dimension", "depth", "--kappa", ".8", "--threshold", ".8"), "name the pilot"),
        (("--kappa", "1.2", "--threshold", ".8"), "1.2"),
        (("--kappa", ".8", "--threshold", "8"), "not 8"),
        (("--kappa", ".8", "--half-width", "nan"), "not nan"),
        (("--kappa", ".8", "--half-width", ".1", "--levels", ""), "none"),
        (("--kappa", ".8", "--half-width", ".1", "--marginals", "a,b"), "not a,b"),
        (("--kappa", ".8", "--half-width", ".1", "--levels", "0,1", "--marginals", ".5,.6"), "sum to 1.1"),
        (("--kappa", ".8", "--half-width", ".1", "--weights", "cubic"), "not cubic"),
    ],
)
def test_a_plan_that_cannot_be_made_is_refused_with_the_value(arguments, named, sample_url):
    assert named in sentence("plan", *arguments)


def test_the_list_of_rounds_is_one_json_document(sample_url):
    found = document("rounds", "--json")
    assert [(each["name"], each["open"], each["sample"]) for each in found] == [(OPEN, True, True), (CLOSED, False, True)]
    assert {each["name"] for each in found[0]["annotators"]} == {ANA, BEN}
    assert not re.search("level|value|label", " ".join(found[0])), "the list of an open round says how drafts were labelled"


def test_the_list_of_no_rounds_is_an_empty_json_list(new_url):
    assert document("rounds", "--json") == []


SHAPE = {  # commands.md
    "scale": str,
    "by": str,
    "levels": list,
    "annotators": list,
    "units": int,
    "units_with_two": int,
    "clusters": int,
    "statistic": str,
    "weights": str,
    "threshold": float,
    "flagged": (bool, type(None)),
    "verdict": (str, type(None)),
    "more": (dict, type(None)),
    "verdict_interval": (dict, type(None)),
    "verdict_reason": (str, type(None)),
    "looks": (dict, type(None)),
    "pairs": list,
    "overall": dict,
    "icc": (dict, type(None)),
    "warnings": list,
}


WEIGHTED = ("fleiss_weighted", "conger_weighted", "bp_weighted")


def check_report(dimensions: dict) -> None:
    for each in dimensions.values():
        assert set(each) == set(SHAPE)
        for name, kind in SHAPE.items():
            assert isinstance(each[name], kind), name
        assert each["verdict"] in ("meets", "below", "undecided", None)
        assert (each["flagged"] is None) is (each["verdict"] is None), "no flag exactly where there is no figure"
        if each["more"] is not None:
            assert {"from", "to"} <= set(each["more"])
        if each["verdict_interval"] is not None:
            assert set(each["verdict_interval"]) == {"by", "clusters", "low", "high"}
        overall = each["overall"]
        assert set(overall) == {"percent", "fleiss", "conger", "alpha", "ac1", "ac2", "ac2_linear", "bp", *WEIGHTED}
        assert set(overall["alpha"]) == {"nominal", "ordinal", "interval"}
        assert all(set(overall[key]) == {"linear", "quadratic"} for key in WEIGHTED)
        groups = ("alpha", *WEIGHTED)
        of_groups = [found for key in groups for found in overall[key].values()]
        for found in (*(overall[key] for key in overall if key not in groups), *of_groups):
            check_estimate(found)
        for name in ICCS:
            check_estimate(each["icc"][name])
        for pair in each["pairs"]:
            keys = "a b n table percent kappa scott_pi scott_pi_weighted ac1 ac2_linear ac2 bp bp_weighted per_level"
            keys += " prevalence_index bias_index pabak max_kappa"
            assert set(pair) == set(keys.split())
            beside = ("prevalence_index", "bias_index", "pabak", "max_kappa")
            assert all(pair[name] is None or -1 <= pair[name] <= 1 for name in beside)
            assert {pair["a"], pair["b"]} <= set(each["annotators"])
            assert [len(row) for row in pair["table"]] == [len(each["levels"])] * len(each["levels"])
            assert sum(map(sum, pair["table"])) == pair["n"]
            assert set(pair["kappa"]) == {"unweighted", "linear", "quadratic"}
            assert set(pair["per_level"]) == {str(level) for level in each["levels"]}
            for found in (
                pair["percent"],
                *pair["kappa"].values(),
                pair["scott_pi"],
                *pair["scott_pi_weighted"].values(),
                *pair["bp_weighted"].values(),
                pair["ac2_linear"],
                pair["ac1"],
                pair["ac2"],
                pair["bp"],
                *pair["per_level"].values(),
            ):
                check_estimate(found)


def test_the_report_of_a_round_has_the_shape_that_was_promised(sample_url):
    found = document("report", CLOSED, "--json")
    assert len(found["dimensions"]) == KEYS
    check_report(found["dimensions"])
    flagged = [key for key, each in found["dimensions"].items() if each["flagged"]]
    assert flagged == ["personalization_depth"]
    table = found["dimensions"]["personalization_depth"]["pairs"][0]["table"]
    assert sum(map(sum, table)) == 30


def test_undefined_figures_have_a_reason_in_the_report_and_are_never_nan(sample_url, tmp_path):
    for name, value in (("a", 2), ("b", 2)):
        (tmp_path / f"{name}.csv").write_text("task_id,cta_quality\n" + "".join(f"t{row},{value}\n" for row in range(9)))
    done("import-labels", tmp_path / "a.csv", tmp_path / "b.csv", "--set", "same", "--made-by", "program", "--rubric", RUBRIC)
    found = document("report", "--set", "same", "--json")
    check_report(found["dimensions"])
    kappa = found["dimensions"]["cta_quality"]["pairs"][0]["kappa"]["unweighted"]
    assert kappa["value"] is None and kappa["reason"]
    assert found["dimensions"]["cta_quality"]["overall"]["percent"]["value"] == 1.0
    assert "program" in found["made_by"]
    shown = done("report", "--set", "same")
    assert "nan" not in shown and "undefined" in shown and "a program" in shown


def test_the_report_of_a_round_without_a_label_keeps_its_shape_and_says_why(sample_url):
    done("close-round", OPEN, "--early", "nobody came")
    found = document("report", OPEN, "--json")
    check_report(found["dimensions"])
    assert any("nobody came" in note for note in found["notes"])
    assert "no label" in done("report", OPEN) or "no draft has two labels" in done("report", OPEN)


def test_the_table_b_and_a_are_not_swapped(sample_url, tmp_path):
    """table[i][j] counts a's level i and b's level j."""
    (tmp_path / "low.csv").write_text("task_id,cta_quality\nt1,0\nt2,0\nt3,3\n")
    (tmp_path / "high.csv").write_text("task_id,cta_quality\nt1,1\nt2,1\nt3,3\n")
    done("import-labels", tmp_path / "low.csv", tmp_path / "high.csv", "--set", "two", "--made-by", "model", "--rubric", RUBRIC)
    pair = document("report", "--set", "two", "--json")["dimensions"]["cta_quality"]["pairs"][0]
    assert (pair["a"], pair["b"]) == ("low", "high")
    assert pair["table"] == [[0, 2, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0], [0, 0, 0, 1]]


def test_the_report_in_words_and_in_json_say_the_same(sample_url):
    shown = done("report", CLOSED)
    found = document("report", CLOSED, "--json")
    for key, each in found["dimensions"].items():
        line = next(line for line in shown.splitlines() if line.startswith(f"{key}:"))
        value = each["pairs"][0]["kappa"]["unweighted"]["value"]
        assert f"{value:.2f}".removeprefix("0") in line, line
        assert ("FLAGGED" in line) is each["flagged"]
    assert shown.index("personalization_depth:") < shown.index("cta_quality:"), "what is flagged comes first"


def test_slices_are_told_in_words_and_as_one_document(sample_url):
    told = done("slices", CLOSED, "--by", "difficulty")
    assert told.startswith(f"{CLOSED} by difficulty: 3 slices, 15 figures.") and "medium: 14 drafts" in told
    found = json.loads(done("slices", CLOSED, "--by", "author", "--json"))
    assert [(each["slice"], each["drafts"]) for each in found["slices"]] == [("system-a", 15), ("system-b", 15)]
    assert set(found["slices"][0]["dimensions"]) == set(json.loads(done("report", CLOSED, "--json"))["dimensions"])
    assert 0 < found["lowest"]["by_chance"] <= 1
    assert sentence("slices", CLOSED, "--by", "colour").startswith("a round cannot be sliced by colour; choose from dimension")
    for verb in ("slices", "annotators"):
        assert sentence(verb, OPEN).startswith(f"{OPEN} is open: ")
        assert sentence(verb, "Nowhere").startswith("there is no round “Nowhere”")


def test_annotators_are_told_in_words_and_as_one_document(sample_url):
    told = done("annotators", CLOSED)
    assert f"{ANA}: 30 saved, 0 skipped, 0 left; no time known" in told and "Drift: " in told and "for the lead" in told
    found = json.loads(done("annotators", CLOSED, "--json"))
    assert list(found["annotators"]) == [ANA, BEN]
    mine, other = (each["dimensions"]["cta_quality"]["severity"]["value"] for each in found["annotators"].values())
    assert mine == -other != 0
    assert {each["order"] for each in found["drift"]} == {"time", ANA, BEN}


def test_intervals_by_clusters_are_there_on_request_and_only_then(sample_url):
    told = json.loads(done("report", CLOSED, "--json", "--by-clusters"))["dimensions"]
    plain = json.loads(done("report", CLOSED, "--json"))["dimensions"]
    for key, each in told.items():
        by_clusters = each.pop("by_clusters")
        assert (each, by_clusters["clusters"], by_clusters["units"]) == (plain[key], each["clusters"], each["units"])
        assert set(by_clusters["judged"]) == {"value", "low", "high", "reason"}
        assert by_clusters["percent"]["value"] == each["overall"]["percent"]["value"]
    assert "by clusters (8, the largest of 10 units): kappa" in done("report", CLOSED, "--by-clusters")
    assert "  by clusters (" not in done("report", CLOSED)
