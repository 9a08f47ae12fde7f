"""check-judge, judge run, judge list and judge compare, and a run that is killed."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from db.engine import open_engine
from tests.bench.stub_models import serving
from tests.judging.llm.judges_for_tests import JUDGE
from tests.judging.llm.test_judge_runs import KEY, level, of
from tests.support.commands import document, done, refused, run, sentence
from tests.support.small_stores import TONE, label_all, opened, people, rows, stock
from workflow.rounds.closing import close_round

PROJECT = Path(__file__).resolve().parents[3]
NUMBER = 8


@pytest.fixture
def store(new_url, monkeypatch):
    """A closed round on eight drafts."""
    monkeypatch.setenv("TOUCHSTONE_JUDGE_KEY", KEY)
    engine = open_engine(new_url)
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, NUMBER)
    opened(engine, lead, dimensions=(TONE,))
    for who, more in ((ana, 0), (ben, 1)):
        given = {f"d{at:02}": ((at + more * (at > 6)) % 4,) for at in range(1, NUMBER + 1)}
        label_all(engine, who, given, dimensions=(TONE,))
    close_round(lead, engine, "pilot")
    yield engine
    engine.dispose()


def written(folder, at: str, version: int = 1, more: str = "") -> Path:
    file = folder / f"otter-v{version}.yml"
    file.write_text(JUDGE.replace("http://127.0.0.1:1/v1", at).replace("version: 1", f"version: {version}") + more)
    return file


def test_a_file_is_checked_without_a_store_and_its_problems_are_listed(tmp_path):
    file = written(tmp_path, "http://127.0.0.1:1/v1")
    said = done("check-judge", file)
    assert "otter-v1 is valid: otter-7b on tone_compliance of tenacious-v1, digest " in said and "TOUCHSTONE_JUDGE_KEY" in said
    found = document("check-judge", file, "--json")
    assert (found["judge"], list(found["prompts"])) == ("otter-v1", [TONE]) and found["digest"] in said
    sample = PROJECT / "sample/outreach/bench/mail-tone-v1.yml"
    assert "mail-tone-v1 is valid" in done("check-judge", sample)
    file.write_text(file.read_text().replace("tone_compliance", "tone") + "extra: 1\n")
    assert "line 8: extra is an unknown field" in refused("check-judge", file)
    file.write_text(file.read_text().replace("extra: 1\n", ""))
    assert "line 4: tenacious-v1 has no dimension tone; it has" in refused("check-judge", file)
    assert "the file is named strange.yml" in refused("check-judge", file.rename(tmp_path / "strange.yml"))


def test_a_run_is_said_before_it_is_made_and_its_labels_are_held_against_people(store, tmp_path):
    with serving(level) as stub:
        file = written(tmp_path, stub.address)
        assert "8 drafts of pilot on tone_compliance: 8 calls, about " in " ".join(
            done("judge run", file, "pilot", "--plan").split()
        )
        assert document("judge run", file, "pilot", "--plan", "--json")["calls"] == 8
        assert "nothing was asked: 8 calls would be; say so if they are meant (--yes)" in refused("judge run", file, "pilot")
        assert "say which drafts" in sentence("judge run", file, "--plan") and stub.asked == []
        said = " ".join(done("judge run", file, "pilot", "--yes").split())
        assert "otter-v1: 8 labels of pilot are the label set otter-v1 on pilot" in said
        assert KEY not in said and 'judge against "set:otter-v1 on pilot" round:NAME' in said
        assert "everything was answered already; 8 answers of before are kept" in " ".join(
            done("judge run", "otter-v1", "pilot").split()
        )
        some = document("judge run", "otter-v1", "--drafts", "d01,d02", "--name", "two", "--yes", "--json")
        assert (some["label_set"], some["labels"], some["calls"], some["before"]) == ("two", 2, 0, 2)
    assert document("judge against", "set:otter-v1 on pilot", "round:pilot", "--json")["dimensions"][TONE]["n"] == NUMBER
    (listed,) = document("judge list", "--json")
    assert (listed["judge"], [each["label_set"] for each in listed["runs"]]) == (
        "otter-v1",
        ["two", "otter-v1 on pilot", "otter-v1 on pilot"],
    )
    assert "otter-v1: otter-7b by tenacious-v1" in done("judge list")
    assert "there is no judge heron-v1; there is otter-v1" in sentence("judge run", "heron-v1", "pilot")


def test_an_answer_without_a_level_is_told_at_the_end_and_by_the_exit(store, tmp_path):
    with serving(lambda body: "prose" if of(body) == 3 else level(body)) as stub:
        result = run("judge run", written(tmp_path, stub.address), "pilot", "--yes", "--json")
    assert result.exit_code == 1 and "not every draft has a level; 1 answer had no level (1 prose)" in result.stderr
    assert json.loads(result.stdout)["errors"] == {"prose": 1}


def test_an_older_judge_and_a_newer_one_are_compared_on_the_same_drafts(store, tmp_path):
    with serving(lambda body: json.dumps({"reason": "always", "level": 1})) as stub:
        done("judge run", written(tmp_path, stub.address), "pilot", "--yes")
    with serving(level) as stub:
        done("judge run", written(tmp_path, stub.address, 2, "instructions: Look again.\n"), "pilot", "--yes")
    found = document("judge compare", "otter-v1", "otter-v2", "round:pilot", "--json")
    tone = found["dimensions"][TONE]
    assert (found["old"], found["new"]) == ("set:otter-v1 on pilot", "set:otter-v2 on pilot")
    assert (tone["n"], tone["old"]["value"], tone["differ"], tone["mended"], tone["spoiled"]) == (8, 0.0, 6, 5, 0)
    assert tone["difference"]["value"] == pytest.approx(tone["new"]["value"]) and tone["difference"]["low"] > 0
    assert tone["changed"][0]["because"] == "as it is" and tone["changed"][0]["people"].keys() == {"ana", "ben"}
    said = " ".join(done("judge compare", "otter-v2", "set:otter-v1 on pilot", "round:pilot").split())
    assert "the newer agrees less" in said and "6 levels of 8 changed, 0 nearer, 5 further off" in said
    assert "heron-v1 is no judge that was run to its end" in sentence("judge compare", "heron-v1", "otter-v2", "round:pilot")


def test_a_run_that_is_killed_has_kept_its_answers_and_goes_on(store, tmp_path):
    held = threading.Event()
    asked = []

    def say(body):
        asked.append(of(body))
        if len(asked) == 5:
            held.wait(60)
        return level(body)

    with serving(say) as stub:
        file = written(tmp_path, stub.address)
        words = [sys.executable, "manage.py", "judge", "run", str(file), "pilot", "--yes", "--at-once", "1"]
        process = subprocess.Popen(words, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=dict(os.environ))
        try:
            until = time.monotonic() + 50
            while rows(store, "SELECT COUNT(*) FROM judge_answers") != [(4,)] and time.monotonic() < until:
                time.sleep(0.1)
            assert rows(store, "SELECT COUNT(*) FROM judge_answers") == [(4,)], process.poll()
            process.send_signal(signal.SIGKILL)
        finally:
            process.kill()
            process.communicate()
            held.set()
        assert rows(store, "SELECT COUNT(*) FROM label_sets") == [(0,)]
        said = " ".join(done("judge run", file, "pilot", "--yes").split())
    assert "4 answers of before are kept" in said and "8 labels of pilot" in said
    assert sorted(asked) == sorted([*range(1, NUMBER + 1), asked[4]]), "what was under way is asked again, and nothing else"
