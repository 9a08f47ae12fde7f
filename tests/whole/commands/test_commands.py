"""The commands keep their promises: exit codes, one sentence on stderr, clean JSON, prompts that can be answered."""

import os
import shlex
import subprocess
import sys

import pytest

from tests.support.commands import done, refused, run, sentence
from tests.support.every_command import ARGUMENTS, COMMANDS, MAKES_THE_STORE, NEEDS_NO_STORE, PROJECT, arguments_of, process
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN, RUBRIC, sqlite_url

MAY_STAND_ALONE = ("plan", "release-answers", "report")


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_an_option_that_is_not_there_is_wrong_usage(name, sample_url, tmp_path):
    result = run(name, *arguments_of(name, tmp_path), "--no-such-option")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--no-such-option" in result.stderr


@pytest.mark.parametrize(
    "name", sorted(name for name, given in ARGUMENTS.items() if given and name not in ("report", "plan", "release-answers"))
)
def test_a_command_without_its_arguments_is_wrong_usage(name, sample_url):
    result = run(name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Missing" in result.stderr


def test_a_verb_that_is_not_there_is_wrong_usage_and_none_at_all_shows_the_verbs():
    assert run("relabel").exit_code == 2
    shown = run()
    assert all(name.split()[0] in shown.output for name in COMMANDS)


@pytest.mark.parametrize(
    "arguments",
    [
        ("open-round", "p", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", "--drafts", "many"),
        ("open-round", "p", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", "--overlap", "half"),
        ("open-round", "p", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", "--seed", "7.5"),
    ],
)
def test_a_word_where_a_number_belongs_is_wrong_usage(arguments, sample_url):
    assert run(*arguments).exit_code == 2


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - NEEDS_NO_STORE - MAKES_THE_STORE))
def test_a_store_that_was_never_migrated_is_refused_with_the_way_out(name, tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "new.db"))
    assert "run: python manage.py migrate" in sentence(name, *arguments_of(name, tmp_path))


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - NEEDS_NO_STORE))
@pytest.mark.parametrize(
    "url",
    [
        "not a url",
        "mysql://root@localhost/touchstone",
        "sqlite://",
        "sqlite:///:memory:",
        "postgresql+nonsense://me@localhost/touchstone",
    ],
)
def test_an_address_that_is_no_store_is_refused_in_one_sentence(name, url, tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", url)
    sentence(name, *arguments_of(name, tmp_path))


@pytest.mark.parametrize("name", sorted(set(ARGUMENTS) - NEEDS_NO_STORE))
def test_a_file_that_is_no_database_is_refused_in_one_sentence(name, tmp_path, monkeypatch):
    path = tmp_path / "store.db"
    path.write_bytes(b"this is a letter, not a database\n" * 300)
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(path))
    said = sentence(name, *arguments_of(name, tmp_path))
    assert "Traceback" not in said
    assert path.read_bytes().startswith(b"this is a letter"), "a file that is not ours was written to"


def test_a_store_that_cannot_be_reached_is_refused_in_one_sentence(monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", "postgresql://nobody@127.0.0.1:8760/none?connect_timeout=2")
    said = sentence("rounds")
    assert "TOUCHSTONE_DATABASE_URL" in said


def test_a_store_in_a_folder_that_cannot_be_made_is_refused_in_one_sentence(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "file" / "store.db"))
    sentence("rounds")


@pytest.mark.parametrize(
    "arguments",
    [
        ("import-tasks", "nowhere.jsonl"),
        ("import-drafts", "nowhere.jsonl"),
        ("label", OPEN, "--as", ANA, "--from", "nowhere.csv"),
        ("adjudicate", CLOSED, "--as", CLEO, "--from", "nowhere.csv"),
        ("import-labels", "nowhere.csv", "--set", "s", "--made-by", "model", "--rubric", RUBRIC),
        ("check-rubric", "nowhere.yml"),
        ("check-rubric", "nowhere"),
        ("restore", "nowhere.sqlite"),
    ],
    ids=lambda arguments: " ".join(arguments[:1] + arguments[-1:]),
)
def test_a_file_that_is_not_there_is_named_in_one_sentence(arguments, sample_url):
    assert "nowhere" in sentence(*arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        ("import-tasks", "{folder}"),
        ("import-drafts", "{folder}"),
        ("label", OPEN, "--as", ANA, "--from", "{folder}"),
        ("import-labels", "{folder}", "--set", "s", "--made-by", "model", "--rubric", RUBRIC),
        ("restore", "{folder}"),
        ("check-rubric", "{folder}"),
        ("backup", "{folder}/is/not/there/backup.sqlite"),
        ("backup", "{folder}"),
    ],
    ids=lambda arguments: " ".join(arguments[:1] + arguments[-1:]),
)
def test_a_folder_where_a_file_belongs_is_refused_in_one_sentence(arguments, sample_url, tmp_path):
    folder = tmp_path / "a folder"
    folder.mkdir()
    sentence(*(each.format(folder=folder) for each in arguments))


@pytest.mark.parametrize(
    "arguments",
    [
        ("label", OPEN, "--as", "Nemo"),
        ("adjudicate", CLOSED, "--as", "Nemo"),
        ("close-round", OPEN, "--as", "Nemo"),
        ("report", CLOSED, "--as", "Nemo"),
        ("export-gold", CLOSED, "--to", "x", "--as", "Nemo"),
        ("export-labels", CLOSED, "--to", "x.csv", "--as", "Nemo"),
        ("open-round", "p", "--rubric", RUBRIC, "--annotators", f"{ANA},Nemo"),
        ("import-tasks", "x", "--as", "Nemo"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_person_nobody_knows_is_named_with_those_there_are(arguments, sample_url):
    said = sentence(*arguments)
    assert "Nemo" in said
    assert ANA in said


def test_the_name_the_program_acts_under_is_nobodys():
    assert refused("add-person", "Command Line")


@pytest.mark.parametrize(
    "arguments",
    [
        ("label", "nowhere", "--as", ANA),
        ("adjudicate", "nowhere", "--as", CLEO),
        ("close-round", "nowhere"),
        ("report", "nowhere"),
        ("plan", "--from", "nowhere", "--threshold", ".8"),
        ("export-gold", "nowhere", "--to", "x"),
        ("export-labels", "nowhere", "--to", "x.csv"),
        ("open-round", "p", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", "--continues", "nowhere"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_round_nobody_opened_is_named_with_those_there_are(arguments, sample_url):
    said = sentence(*arguments)
    assert "nowhere" in said
    assert CLOSED in said


@pytest.mark.parametrize(
    "arguments",
    [
        ("report", OPEN),
        ("report", OPEN, "--json"),
        ("report", CLOSED, OPEN),
        ("adjudicate", OPEN, "--as", CLEO),
        ("export-gold", OPEN, "--to", "x"),
        ("export-gold", OPEN, "--to", "x", "--partial"),
        ("export-labels", OPEN, "--to", "x.csv"),
    ],
    ids=lambda arguments: " ".join(arguments),
)
def test_nothing_of_an_open_round_is_read_by_any_command(arguments, sample_url):
    assert "blind" in sentence(*arguments)


def test_a_closed_round_takes_no_labels_and_is_not_closed_twice(sample_url):
    assert "closed" in refused("label", CLOSED, "--as", ANA)
    assert "closed" in sentence("close-round", CLOSED)


def test_someone_who_is_not_among_a_rounds_annotators_is_told_so(sample_url):
    said = refused("label", OPEN, "--as", CLEO)
    assert CLEO in said
    assert ANA in said


def test_a_report_of_nothing_and_of_both_rounds_and_a_set_is_refused(sample_url):
    assert "--set" in sentence("report")
    assert "--set" in sentence("report", CLOSED, "--set", "seed")


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (["--per-draft", "1"], "1"),
        (["--per-draft", "3"], "3"),
        (["--overlap", "0"], "0"),
        (["--overlap", "1.5"], "1.5"),
        (["--overlap", "nan"], "nan"),
        (["--per-draft", "2", "--overlap", "0.2"], "overlap"),
        (["--drafts", "0"], "0"),
        (["--drafts", "9999"], "9,999"),
        (["--practice", "-1"], "-1"),
        (["--practice", "9999"], "9,999"),
        (["--stratify", "length"], "length"),
        (["--dimensions", "length"], "length"),
        (["--kind", "triple"], "triple"),
        (["--kind", "retest"], "retest"),
        (["--partition", "nowhere"], "0 drafts"),
        (["--authors", "nobody"], "0 drafts"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_round_that_cannot_be_made_is_refused_with_the_value(options, named, sample_url):
    said = sentence("open-round", "p", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", *options)
    assert named in said.replace("9999", "9,999")
    assert '"p"' not in done("rounds", "--json")


def test_a_retest_of_a_round_is_not_silently_opened_as_something_else(sample_url):
    assert run("open-round", "p", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", "--of", CLOSED).exit_code == 1


@pytest.mark.parametrize(("rubric", "named"), [("nowhere-v1", "nowhere-v1"), ("../tenacious-v1", ""), ("", "")])
def test_a_rubric_that_is_not_there_is_refused(rubric, named, sample_url):
    assert named in sentence("open-round", "p", "--rubric", rubric, "--annotators", f"{ANA},{BEN}")


@pytest.mark.parametrize("annotators", ["", ANA, f"{ANA},{ANA.upper()}", ",,"])
def test_one_annotator_is_too_few_for_a_round(annotators, sample_url):
    assert "two or more" in sentence("open-round", "p", "--rubric", RUBRIC, "--annotators", annotators)


@pytest.mark.parametrize(
    ("name", "why"), [("", "empty"), ("   ", "empty"), ("a,b", "comma"), ("a\u202eb", "invisible"), ("x" * 61, "61")]
)
def test_a_name_that_cannot_be_shown_is_refused(name, why, sample_url):
    assert why in sentence("add-person", name)


def test_who_made_the_labels_is_one_of_the_words_there_are(sample_url, tmp_path):
    file = tmp_path / "a.csv"
    file.write_text("task_id,cta_quality\nt1,2\n")
    said = sentence("import-labels", file, "--set", "s", "--made-by", "robots", "--rubric", RUBRIC)
    assert "robots" in said and "person-blind" in said


def test_a_broken_pipe_is_not_an_error(sample_url):
    command = f"{shlex.quote(sys.executable)} manage.py rounds --json | head -c 1"
    ran = subprocess.run(
        command,
        shell=True,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={**os.environ, "TOUCHSTONE_DATABASE_URL": sample_url},
    )
    assert ran.stderr == ""


def test_a_refusal_in_a_process_of_its_own_is_a_sentence_on_stderr_and_no_traceback(sample_url):
    ran = process("report", OPEN, "--json", url=sample_url)
    assert (ran.returncode, ran.stdout) == (1, b"")
    assert ran.stderr.decode().count("\n") == 1
