"""The library as a program meets it: `import touchstone as ts`, what it costs, and what it does with bad input."""

import inspect
import subprocess
import sys
from pathlib import Path

import pandas
import pytest

import touchstone
from tests.support.short_run import some
from touchstone.agreement import label_table
from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA

PROJECT = Path(__file__).resolve().parents[2]
ROWS = [
    ("d1", "ana", "tone", 2),
    ("d1", "ben", "tone", 2),
    ("d2", "ana", "tone", 0),
    ("d2", "ben", "tone", 1),
    ("d1", "ana", "call", 1),
    ("d1", "ben", "call", 1),
]
MAPPINGS = [dict(zip(label_table.COLUMNS, row, strict=True)) for row in ROWS]
LEVELS = [0, 1, 2]


def fresh(code: str) -> str:
    """What a new process prints."""
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout.strip()


def test_importing_the_library_costs_under_50_ms_of_processor_time():
    code = "import time; start = time.process_time(); import touchstone; print(time.process_time() - start)"
    assert min(float(fresh(code)) for _ in range(3)) < 0.05


def test_importing_the_library_imports_no_other_library():
    code = (
        "import sys, touchstone; print(sorted({name.split('.')[0] for name in sys.modules} & {'numpy', 'scipy', 'statsmodels'}))"
    )
    assert fresh(code) == "[]"


@pytest.mark.parametrize(
    "imports",
    some(
        [
            "import touchstone.agreement.report, touchstone as ts",
            "import touchstone as ts",
            "import touchstone as ts, touchstone.agreement.report",
            "import touchstone as ts; ts.agreement; import touchstone.agreement.label_table",
            "from touchstone import agreement; import touchstone as ts; assert ts.agreement is agreement",
        ],
        every=5,
    ),
)
def test_agreement_is_called_whatever_was_imported_before(imports):
    called = f"ts.agreement({ROWS!r}, levels={LEVELS})['tone'].units"
    assert fresh(f"{imports}; print({called}); import touchstone.agreement.figure; print({called})").split() == ["2", "2"]


def test_the_package_takes_what_the_function_takes():
    (_, *of_package) = inspect.signature(type(touchstone.agreement).__call__).parameters.values()
    of_function = inspect.signature(label_table.agreement).parameters.values()
    assert [(each.name, each.kind, each.default) for each in of_package] == [
        (each.name, each.kind, each.default) for each in of_function
    ]


def test_the_face_says_what_is_there_and_what_is_not():
    assert {"agreement", "__version__"} <= set(dir(touchstone)) and set(touchstone.__all__) <= set(dir(touchstone))
    with pytest.raises(AttributeError, match="no attribute 'agrement'"):
        touchstone.agrement  # noqa: B018


def test_a_data_frame_mappings_and_sequences_say_the_same():
    of_tuples = touchstone.agreement(ROWS, levels=LEVELS)
    of_mappings = touchstone.agreement(MAPPINGS, levels=LEVELS)
    of_frame = touchstone.agreement(pandas.DataFrame(MAPPINGS), levels=LEVELS)
    assert list(of_tuples) == ["tone", "call"]
    for key, report in of_tuples.items():
        assert report.as_json() == of_mappings[key].as_json() == of_frame[key].as_json()


def test_clusters_are_counted_where_they_are_named():
    rows = [{**row, "cluster": "c", "note": "passed over"} for row in MAPPINGS]
    assert touchstone.agreement(rows, levels=LEVELS)["tone"].clusters == 1
    assert touchstone.agreement(pandas.DataFrame(rows), levels=LEVELS)["tone"].clusters == 1
    assert touchstone.agreement(MAPPINGS, levels=LEVELS)["tone"].clusters == 2


def test_a_rule_gives_a_verdict_and_none_gives_figures_alone():
    judged = touchstone.agreement(ROWS, levels=LEVELS, statistic="kappa", weights="unweighted", threshold=0.8)["tone"]
    assert (judged.statistic, judged.flagged, judged.verdict) == ("kappa", True, "undecided")
    assert judged.as_json()["verdict_reason"] == "2 drafts with two labels are too few, a verdict needs 20"
    assert judged.judged == judged.pairs[0].figures[KAPPA]
    assert touchstone.agreement(ROWS, levels=LEVELS)["tone"].judgement is None


def test_numbers_without_levels_are_an_interval_scale():
    rows = [(unit, who, "length", unit * 1.5 + (who == "ben")) for unit in range(9) for who in ("ana", "ben")]
    found = touchstone.agreement(rows, scale="interval")["length"]
    assert found.units == 9 and found.as_json()["overall"]["alpha"]["interval"]["value"] == found.alpha.value > 0.9


def test_no_rows_are_no_dimensions_and_one_annotator_is_undefined():
    assert touchstone.agreement([], levels=LEVELS) == {}
    alone = touchstone.agreement([row for row in ROWS if row[1] == "ana"], levels=LEVELS)["tone"]
    assert alone.overall[NOMINAL_ALPHA].reason == "one annotator"


@pytest.mark.parametrize(
    ("rows", "arguments", "sentence"),
    [
        ([{"unit": "d1", "annotator": "ana", "value": 1}], {}, "row 1 has no dimension, only unit, annotator and value"),
        ([*ROWS, ("d3", "ana", "tone", 3)], {}, r"tone takes 0, 1 and 2, not 3 \(row 7, unit d3\); change it, or declare"),
        ([*ROWS, ("d3", "ana", "tone", True)], {}, "not True"),
        ([*ROWS, ("d3", "ana", "tone", "1")], {}, "not '1'"),
        ([*ROWS, ROWS[0]], {}, "d1 has tone by ana in rows 1 and 7; keep one"),
        ([*ROWS, ("d3", "ana", "tone", None)], {}, "row 7 has no value; fill it in, or leave the row out"),
        ([*ROWS, ("d3", "ana", "tone", float("nan"))], {}, "row 7 has no value"),
        ([*ROWS, ("d3", "ana", " ", 1)], {}, "row 7 has no dimension"),
        ([*ROWS, ("d3", "ana", 1)], {}, "a row is a mapping with unit, annotator, dimension and value"),
        (["d1,ana,tone,1"], {}, "a row is a mapping with unit"),
        (ROWS, {"levels": [0]}, "levels need at least two, each once"),
        (ROWS, {"levels": [0, 1, 1]}, "levels need at least two, each once"),
        (ROWS, {"levels": [0.5, 1.5]}, "a level is a whole number or a word, not 0.5"),
        (ROWS, {"scale": "ratio"}, "a scale is one of ordinal, nominal and interval, not 'ratio'"),
        (ROWS, {"scale": "interval"}, "an interval scale takes any number; leave levels out"),
        ([("d1", "ana", "tone", "long")], {"levels": [], "scale": "interval"}, "takes a finite number on an interval scale"),
        (ROWS, {"threshold": 0.8}, "give statistic and weights too, or none of the three"),
        (ROWS, {"statistic": "pi", "weights": "linear", "threshold": 0.8}, "statistic is one of kappa and alpha, not 'pi'"),
        (ROWS, {"statistic": "kappa", "weights": "none", "threshold": 0.8}, "weights is one of unweighted, linear and quadratic"),
        (ROWS, {"statistic": "kappa", "weights": "linear", "threshold": 80}, "a threshold is from -1 to 1, not 80"),
    ],
)
def test_bad_input_names_the_thing_the_value_and_the_way_out(rows, arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        touchstone.agreement(rows, **{"levels": LEVELS, **arguments})


def test_a_data_frame_that_lacks_a_column_is_told_which():
    with pytest.raises(ValueError, match="the DataFrame has no value, only unit, annotator and dimension; rename what holds it"):
        touchstone.agreement(pandas.DataFrame(MAPPINGS).drop(columns="value"), levels=LEVELS)


def test_without_its_extra_the_library_works_and_says_why_there_is_no_second_opinion():
    code = (
        "import sys, importlib.util\n"
        "find = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name: None if name in ('sklearn', 'krippendorff') else find(name)\n"
        "import touchstone.agreement.file_report as files\n"
        "text = 'unit,annotator,dimension,value\\nu,a,t,1\\nu,b,t,1\\nv,a,t,0\\nv,b,t,1\\n'\n"
        "report = files.agreement_of_file(text.encode(), (0, 1))\n"
        "print(report.second_opinion['t'].sentence)\n"
        "assert report.dimensions['t'].units == 2 and not {'sklearn', 'krippendorff'} & set(sys.modules)\n"
    )
    assert fresh(code) == (
        "no second opinion without scikit-learn and krippendorff: install touchstone[second-opinion] "
        "(python -m pip install 'touchstone[second-opinion]')"
    )
