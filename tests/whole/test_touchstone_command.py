"""The command `touchstone`: verbs over files, with neither store nor app nor second opinion installed."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
# What `pip install .` does not bring: the program runs as if they were not there.
ABSENT = (
    "streamlit",
    "sqlalchemy",
    "alembic",
    "psycopg",
    "plotly",
    "sklearn",
    "krippendorff",
    "workflow",
    "db",
    "ui",
    "commands",
)
ALONE = f"""
import sys
class Without:
    def __init__(self, finder): self.finder = finder
    def find_spec(self, name, path=None, target=None):
        return None if name.partition(".")[0] in {ABSENT!r} else self.finder.find_spec(name, path, target)
sys.meta_path[:] = map(Without, sys.meta_path)
from touchstone.cli.main import app
app(prog_name="touchstone")
"""


def touchstone(*arguments: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-W", "ignore", "-c", ALONE, *map(str, arguments)]
    return subprocess.run(command, cwd=PROJECT, input=stdin, capture_output=True, text=True, timeout=120)


def done(*arguments: object) -> str:
    ran = touchstone(*arguments)
    assert ran.returncode == 0, ran.stderr[-2000:]
    return ran.stdout


@pytest.fixture
def labels(tmp_path: Path) -> Path:
    rows = [
        f"u{unit},{name},tone,{(unit + late * (unit == 3)) % 2}" for unit in range(8) for late, name in enumerate(("ana", "ben"))
    ]
    file = tmp_path / "labels.csv"
    file.write_text("\n".join(["task_id,annotator,dimension,value", *rows]))
    return file


def test_agreement_of_a_file_without_the_libraries_of_the_second_opinion(labels):
    said = json.loads(done("agreement", labels, "--levels", "0,1", "--json"))["dimensions"]["tone"]
    assert said["pairs"][0]["table"] == [[4, 0], [1, 3]]
    assert said["overall"]["percent"]["value"] == 7 / 8
    words = done("agreement", labels, "--levels", "0,1")
    assert "agreement .88" in words
    assert "second opinion" in words and "touchstone[second-opinion]" in words


def test_drafts_are_scored_by_a_rubric_file():
    lines = done(
        "score",
        "--rubric",
        "rubric_versions/tenacious-v1.yml",
        "--tasks",
        "sample/outreach/tasks.jsonl",
        "--drafts",
        "sample/outreach/drafts.jsonl",
    ).splitlines()
    assert len(lines) == len((PROJECT / "sample" / "outreach" / "drafts.jsonl").read_text("utf-8").splitlines())
    assert {"task_id", "draft_id", "final", "penalty", "scores"} <= json.loads(lines[0]).keys()


@pytest.mark.whole_run("drafts are scored by a rubric file in the short run, and the same verbs run beside the store")
def test_a_rubric_file_is_checked_compared_and_printed_as_a_codebook(tmp_path):
    one, two = (PROJECT / "rubric_versions" / f"tenacious-v{number}.yml" for number in (1, 2))
    assert done("check-rubric", one).startswith("tenacious-v1 is valid: 5 dimensions, digest ")
    assert json.loads(done("diff-rubrics", one, two, "--json"))
    assert done("diff-rubrics", one, two).strip()
    paper = tmp_path / "codebook.html"
    done("codebook", one, "--html", paper)
    assert "Codebook for annotators" in paper.read_text("utf-8")


def test_a_published_claim_is_checked():
    ran = touchstone("check-claim", "--n", "30", "--percent", "89.3")
    assert ran.returncode == 1
    assert "89.3 % of 30 is" in ran.stderr
    assert json.loads(touchstone("check-claim", "--n", "30", "--percent", "89.3", "--json").stdout)["possible"] is False


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["agreement", "no.csv"], "no.csv cannot be read"),
        (["check-rubric", "sample/README.md"], "README.md is not a valid rubric yet"),
        (["score", "--rubric", "rubric_versions/tenacious-v1.yml"], "name files with --tasks and --drafts"),
    ],
)
def test_what_is_refused_is_one_sentence_and_exit_1(arguments, words):
    ran = touchstone(*arguments)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert words in ran.stderr and "Traceback" not in ran.stderr


def test_importing_the_library_takes_no_time():
    """Under 50 ms of processor time is the aim (benchmarks/import_library.py prints it); here: it brings no library at all."""
    code = (
        "import sys; before = set(sys.modules); import touchstone; "
        "print(*sorted({name.partition('.')[0] for name in set(sys.modules) - before}))"
    )
    ran = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, timeout=60, check=True)
    assert not set(ran.stdout.split()) & {"numpy", "scipy", "pandas", "statsmodels", "pydantic", "yaml", "re2", "jinja2", "typer"}


def test_drafts_are_held_up_by_a_policy_without_a_store(tmp_path):
    policy = tmp_path / "policy.yml"
    policy.write_text("gate: mail\nversion: 1\nrubric: tenacious-v1\nmode: enforce\nreview: [{judge: any, p_pass_below: 0.5}]\n")
    ran = touchstone(
        "gate", "--policy", policy, "--tasks", "sample/outreach/tasks.jsonl", stdin='{"id": "a", "text": "Hello."}\n'
    )
    assert (ran.returncode, json.loads(ran.stdout)["enforced"], ran.stderr) == (1, "review", "")
