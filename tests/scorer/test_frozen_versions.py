"""The shipped versions of the rubric are frozen: their bytes stay, and each draft keeps its levels, reasons and findings.

A digest that changes here is no number to renew: whoever scored by that version would get other levels under the same name.
Better checks come as the next version.
"""

import hashlib
import json
from pathlib import Path

import pytest

from tests.support.sample_store import OUTREACH, SUPPORT
from tests.support.shared_input import SHARED, needs_shared
from touchstone.rubric.reading import read_rubric
from touchstone.scorer.scoring import Scorer

HERE = Path(__file__).resolve().parents[2]
VERSIONS = {
    "tenacious-v1": "834443b859f84190e15d1cee7b1478614d6eece459b7d28796af28975a082948",
    "tenacious-v2": "c9c690b24b19f74ee8e56e7f0d402faf424cb96f9661214e79b1cc9ec6253fa4",
    "tenacious-v3": "02217159a5aa01b80e261a663e573d3b5e90a0165ff5533cdaaa7d89a8bc9583",
    "support-replies-v1": "b98f918875f52ea8fed3c2a4090217578fbbf7624f7139117eca282cfad1f390",
}
# Of every draft's document, spans included, one after another; of the sample whose rounds use the rubric.
SAMPLE = {
    "tenacious-v1": "4ba08b8ec7257da26d0c6eaf016f519405e5212378998c547c808c2fe8823d45",
    "tenacious-v2": "2f1d5f9d91f4716c138bdf3658f4316c0ecf3fc5eb59aa663ac1e989cc4c4a8b",
    "tenacious-v3": "9e9c6cf9023ff700851c2eac2ad27ff975bbf4d7fcfdad8a34354cb0e10dc789",
    "support-replies-v1": "a3d43a3ea27f6d4b23b4473f3c0a67c477391e076d602cf0b1c9e9e5afa46141",
}
SEED = {
    "tenacious-v1": "75a4eb3ec8014c63e437a08ea8eaf002b74aa3eb443f6d61c9bb277cf707f677",
    "tenacious-v2": "aef507f3972602468091f86f5946b174daf5f57c9ca99a447083583a7c05d140",
    "tenacious-v3": "cd07be50efef2e24b53fd5a0e9d6d02ab8d5d91fc475d3bb7afd97934c670c95",
}


def records(*files: Path) -> list[dict]:
    return [json.loads(line) for file in files for line in file.read_text("utf-8").splitlines() if line.strip()]


def digest(version: str, tasks: list[dict], drafts: list[dict]) -> str:
    scorer = Scorer(read_rubric(HERE / "rubric_versions" / f"{version}.yml"))
    by_id = {task["task_id"]: task for task in tasks}
    made = hashlib.sha256()
    assert len(drafts) > 40
    for draft in drafts:
        task = by_id.get(draft["task_id"], {})
        extra = {key: value for key, value in task.items() if key not in ("task_id", "input")}
        document = scorer.score(draft.get("text") or draft.get("output") or "", task.get("input") or {}, extra).as_json()
        made.update(json.dumps(document, sort_keys=True).encode())
    return made.hexdigest()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_bytes_of_a_shipped_version_stay(version):
    assert hashlib.sha256((HERE / "rubric_versions" / f"{version}.yml").read_bytes()).hexdigest() == VERSIONS[version]


def test_every_shipped_version_is_frozen():
    assert {path.stem for path in (HERE / "rubric_versions").glob("*.yml")} == set(VERSIONS)


@pytest.mark.parametrize("version", SAMPLE)
def test_every_draft_of_the_sample_is_scored_as_ever(version):
    folder = (SUPPORT if version == SUPPORT.rubric else OUTREACH).folder
    assert digest(version, records(folder / "tasks.jsonl"), records(folder / "drafts.jsonl")) == SAMPLE[version]


@needs_shared
@pytest.mark.parametrize("version", SEED)
def test_every_draft_of_the_seed_is_scored_as_ever(version):
    folder = SHARED / "seed"
    tasks = records(*sorted(folder.glob("tasks-*.jsonl")))
    assert digest(version, tasks, records(folder / "drafts.jsonl")) == SEED[version]
