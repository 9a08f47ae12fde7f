"""The commands keep their promises: exit codes, one sentence on stderr, clean JSON, prompts that can be answered."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import typer

import manage
from db.engine import open_engine, writing
from tests.support.commands import check_estimate, document, done, refused, run, sentence
from tests.support.sample_store import ANA, BEN, CLEO, CLOSED, OPEN, RUBRIC, sqlite_url
from workflow.gold import adjudication
from workflow.labelling import labelling, next_draft, own_labels
from workflow.people.people import person_named
from workflow.rounds import rounds

PROJECT = Path(__file__).resolve().parents[2]
COMMANDS = typer.main.get_command(manage.app).commands
KEYS = 5
# What a person types that must not be carried out as given: every verb, with arguments that are well-formed.
ARGUMENTS = {
    "migrate": [],
    "sample": [],
    "add-person": ["ana"],
    "import-tasks": ["{file}"],
    "import-drafts": ["{file}"],
    "open-round": ["pilot", "--rubric", RUBRIC, "--annotators", "ana,ben"],
    "close-round": ["pilot"],
    "rounds": [],
    "label": ["pilot", "--as", "ana"],
    "adjudicate": ["pilot", "--as", "ana"],
    "report": ["pilot"],
    "agreement": ["{file}", "--levels", "0,1"],
    "slices": ["pilot", "--by", "difficulty"],
    "annotators": ["pilot"],
    "compare": ["pilot", "pilot"],
    "compare-sources": ["gold:pilot", "set:elsewhere"],
    "plan": ["--from", "pilot", "--half-width", ".05"],
    "import-labels": ["{file}", "--set", "elsewhere", "--made-by", "model", "--rubric", RUBRIC],
    "check-claim": ["{file}"],
    "check-rubric": [RUBRIC],
    "rubric-schema": ["--to", "{new}"],
    "score": ["--rubric", RUBRIC],
    "score-against": ["pilot"],
    "codebook": [RUBRIC, "--html", "{paper}"],
    "diff-rubrics": [RUBRIC, RUBRIC],
    "rubric-effect": [RUBRIC, RUBRIC],
    "publish-rubric": [RUBRIC, "--why", "it is clearer"],
    "open-next-round": ["--rubric", RUBRIC, "--after", "pilot"],
    "export-gold": ["pilot", "--to", "{folder}"],
    "check-store": [],
    "backup": ["{new}"],
    "restore": ["{file}"],
}
NEEDS_NO_STORE = {"check-rubric", "rubric-schema", "agreement", "check-claim", "codebook", "diff-rubrics"}
MAKES_THE_STORE = {"migrate", "restore"}


def process(*arguments: str, url: str, stdin: bytes = b"", binary: bool = False) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=PROJECT,
        input=stdin,
        timeout=60,
        capture_output=True,
        env={**os.environ, "TOUCHSTONE_DATABASE_URL": url},
    )


def arguments_of(name: str, folder: Path) -> list[str]:
    file = folder / "file.csv"
    file.write_text("id,text\n1,Hello.\n")
    return [
        each.format(file=file, folder=folder / "gold", new=folder / "backup.sqlite", paper=folder / "paper.html")
        for each in ARGUMENTS[name]
    ]


def first(url: str, person: str = ANA, round_name: str = OPEN) -> next_draft.Desk:
    """What that person would label next, as the store has it."""
    engine = open_engine(url)
    try:
        return next_draft.next_assignment(person_named(engine, person), engine, round_name)
    finally:
        engine.dispose()


def progress(url: str, person: str = ANA, round_name: str = OPEN) -> rounds.Progress:
    engine = open_engine(url)
    try:
        found = next(each for each in rounds.all_rounds(engine) if each.name == round_name)
        return next(each for each in found.progress if each.name == person)
    finally:
        engine.dispose()


# Help and documents


def test_every_command_of_this_file_exists_and_every_command_is_in_it():
    assert set(ARGUMENTS) == set(COMMANDS)


def parse(line: str) -> None:
    """Take a command line apart as the program would, without running it. Raises AssertionError when it would not go."""
    words = shlex.split(line, comments=True)
    words = words[next(place for place, word in enumerate(words) if word.endswith("manage.py")) + 1 :]
    assert words, f"no verb: {line}"
    name, *rest = words
    assert name in COMMANDS, f"no verb {name}: {line}"
    if "--help" in rest:
        return
    try:
        COMMANDS[name].make_context(name, rest)
    except Exception as wrong:
        raise AssertionError(f"{line}: {wrong}") from wrong


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_the_help_of_every_command_says_what_it_does_with_an_example_that_would_run(name):
    shown = done(name, "--help")
    assert "Example:" in shown
    text = " ".join(COMMANDS[name].help.split())
    described, _, example = text.partition("Example: ")
    assert described.strip().endswith("."), "no sentence before the example"
    assert "manage.py" in example, example
    assert shlex.split(example.partition("manage.py ")[2])[0] == name, f"the example of {name} runs another command"
    parse(example)


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_is_explained(name):
    unexplained = [
        each.opts[-1] for each in COMMANDS[name].params if each.param_type_name == "option" and not getattr(each, "help", None)
    ]
    assert unexplained == []


def documents() -> list[Path]:
    named = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-co", "--exclude-standard", "*.md"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
    ).stdout.split("\n")
    found = [PROJECT / each for each in named if each and (PROJECT / each).is_file()]
    return found or [each for each in PROJECT.rglob("*.md") if ".venv" not in each.parts]


def lines_in_fences(text: str) -> list[str]:
    """Lines of fenced blocks that run manage.py; a line ending in a backslash goes on below."""
    found = []
    for block in re.findall(r"^```[^\n]*\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        for line in block.replace("\\\n", " ").splitlines():
            line = line.strip().removeprefix("$ ")
            if re.match(r"(\w+=\S+ )*(\S*/)?python3? manage\.py ", line):
                found.append(re.split(r" [|>&]", line)[0])
    return found


@pytest.mark.parametrize("document", documents(), ids=lambda path: str(path.relative_to(PROJECT)))
def test_every_command_line_in_a_document_would_run(document):
    for line in lines_in_fences(document.read_text("utf-8")):
        parse(line)


def test_a_document_naming_a_verb_or_option_that_is_not_there_would_be_found():
    lines = lines_in_fences("```sh\n$ python manage.py rounds --json | head\npython manage.py label pilot \\\n  --as ana\n```\n")
    assert lines == ["python manage.py rounds --json", "python manage.py label pilot    --as ana"]
    for line in lines:
        parse(line)
    for wrong in ("python manage.py roundz", "python manage.py rounds --xml", "python manage.py label pilot"):
        with pytest.raises(AssertionError):
            parse(wrong)


# Exit codes and sentences


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_an_option_that_is_not_there_is_wrong_usage(name, sample_url, tmp_path):
    result = run(name, *arguments_of(name, tmp_path), "--no-such-option")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--no-such-option" in result.stderr


@pytest.mark.parametrize("name", sorted(name for name, given in ARGUMENTS.items() if given and name not in ("report", "plan")))
def test_a_command_without_its_arguments_is_wrong_usage(name, sample_url):
    result = run(name)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "Missing" in result.stderr


def test_a_verb_that_is_not_there_is_wrong_usage_and_none_at_all_shows_the_verbs():
    assert run("relabel").exit_code == 2
    shown = run()
    assert all(name in shown.output for name in COMMANDS)


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


# Bad files list their lines


def test_a_file_of_tasks_with_bad_lines_is_refused_whole_with_every_line(sample_url, tmp_path):
    before = done("rounds", "--json"), done("check-store")
    file = tmp_path / "tasks.jsonl"
    file.write_text('{"task_id": "new-1", "input": "x"}\n{"task_id": 5}\nnot json\n')
    result = run("import-tasks", file)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "line 2:" in result.stderr and "line 3:" in result.stderr and "line 1:" not in result.stderr
    assert before == (done("rounds", "--json"), done("check-store"))
    good = tmp_path / "good.jsonl"
    good.write_text('{"task_id": "new-1", "input": "x"}\n')
    assert "1 task imported" in done("import-tasks", good)
    assert "nothing new" in done("import-tasks", good)


def test_of_two_files_the_good_one_is_in_and_the_bad_one_is_named(new_url, tmp_path):
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text('{"task_id": "t", "input": "x"}\n')
    bad.write_text("{}\n")
    result = run("import-tasks", good, bad)
    assert result.exit_code == 1
    assert "good.jsonl: 1 task imported" in result.stdout
    assert "bad.jsonl" in result.stderr


def test_tasks_come_from_standard_input_too(new_url):
    ran = process("import-tasks", "-", url=new_url, stdin=b'{"task_id": "t", "input": "x"}\n')
    assert ran.returncode == 0, ran.stderr
    assert b"1 task imported" in ran.stdout


HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b2J\u202e"
STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


@pytest.mark.parametrize(
    "row",
    [
        {"task_id": HOSTILE, "input": "x"},
        {"task_id": "t", "input": 5, HOSTILE: 1},
        {HOSTILE: 1},
        {"task_id": "t", "input": "x", "partition": {HOSTILE: 1}},
    ],
)
def test_a_refusal_that_quotes_a_file_does_not_steer_the_terminal(row, new_url, tmp_path):
    file = tmp_path / "tasks.jsonl"
    file.write_text(json.dumps(row) + "\n")
    assert not STEERS.search(refused("import-tasks", file))


def test_a_refused_file_of_labels_does_not_steer_the_terminal(sample_url, tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text(f"draft_id,dimension,value\n{first(sample_url).assignment}{HOSTILE},{HOSTILE},{HOSTILE}\n", "utf-8")
    assert not STEERS.search(refused("label", OPEN, "--as", ANA, "--from", file))


def test_columns_left_out_of_a_label_set_do_not_steer_the_terminal(sample_url, tmp_path):
    file = tmp_path / "labels.csv"
    file.write_text(f"task_id,cta_quality,{HOSTILE}\nt1,2,x\n", "utf-8")
    assert not STEERS.search(done("import-labels", file, "--set", "s", "--made-by", "model", "--rubric", RUBRIC))


# JSON


WITH_JSON = sorted(name for name, each in COMMANDS.items() if any("--json" in param.opts for param in each.params))


def test_the_commands_that_print_json_are_these():
    assert WITH_JSON == [
        "agreement",
        "annotators",
        "check-claim",
        "compare",
        "compare-sources",
        "diff-rubrics",
        "import-labels",
        "plan",
        "report",
        "rounds",
        "rubric-effect",
        "score-against",
        "slices",
    ]


def test_a_plan_is_one_json_document_and_says_the_same_in_words(sample_url):
    found = document("plan", "--from", CLOSED, "--threshold", ".7", "--half-width", ".05", "--json")
    assert (found["pilot"], found["threshold"], found["most"], len(found["dimensions"])) == (CLOSED, 0.7, 5000, KEYS)
    told = done("plan", "--from", CLOSED, "--threshold", ".7")
    for each in found["dimensions"].values():
        wide, shown = each["half_width"]["chances"]["0.8"], each["threshold"]
        assert 20 <= wide["from"] <= wide["to"]
        assert f"about {shown['share_under']:.0%}" in told or shown["never"]
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
    "pairs": list,
    "overall": dict,
    "warnings": list,
}


def check_report(dimensions: dict) -> None:
    for each in dimensions.values():
        assert set(each) == set(SHAPE)
        for name, kind in SHAPE.items():
            assert isinstance(each[name], kind), name
        assert each["verdict"] in ("meets", "below", "undecided", None)
        assert (each["flagged"] is None) is (each["verdict"] is None), "no flag exactly where there is no figure"
        if each["more"] is not None:
            assert set(each["more"]) == {"from", "to"}
        overall = each["overall"]
        assert set(overall) == {"percent", "fleiss", "conger", "alpha", "ac1", "ac2", "bp"}
        assert set(overall["alpha"]) == {"nominal", "ordinal", "interval"}
        for found in (*(overall[key] for key in overall if key != "alpha"), *overall["alpha"].values()):
            check_estimate(found)
        for pair in each["pairs"]:
            assert set(pair) == {"a", "b", "n", "table", "percent", "kappa", "scott_pi", "ac1", "ac2", "bp", "per_level"}
            assert {pair["a"], pair["b"]} <= set(each["annotators"])
            assert [len(row) for row in pair["table"]] == [len(each["levels"])] * len(each["levels"])
            assert sum(map(sum, pair["table"])) == pair["n"]
            assert set(pair["kappa"]) == {"unweighted", "linear", "quadratic"}
            assert set(pair["per_level"]) == {str(level) for level in each["levels"]}
            for found in (
                pair["percent"],
                *pair["kappa"].values(),
                pair["scott_pi"],
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


# The whole way, verb by verb


def test_labels_go_from_texts_to_gold_by_commands_alone(new_url, tmp_path):
    texts = tmp_path / "texts.csv"
    texts.write_text("id,text\n1,Hello.\n2,Good morning.\n3,Dear all.\n")
    for name in ("ana", "ben", "cleo", "Ana"):
        done("add-person", name)
    assert "3 drafts imported" in done("import-drafts", texts, "--as", "cleo").replace("3 tasks and ", "")
    assert "3 drafts" in done("open-round", "pilot", "--rubric", RUBRIC, "--annotators", "ana,ben", "--dimensions", "cta_quality")
    assert "left" in refused("close-round", "pilot")
    for name, last in (("ana", 3), ("ben", 1)):
        file = tmp_path / f"{name}.csv"
        file.write_text(f"draft_id,dimension,value\n1,cta_quality,0\n2,cta_quality,2\n3,cta_quality,{last}\n")
        assert "3 drafts labelled; 0 drafts left" in done("label", "pilot", "--as", name, "--from", file)
        assert "3 unchanged" in done("label", "pilot", "--as", name, "--from", file)
    assert "is closed" in done("close-round", "pilot", "--as", "cleo")
    assert "cta_quality" in done("report", "pilot")
    assert "1 cell of pilot is waiting" in sentence("export-gold", "pilot", "--to", tmp_path / "gold")
    assert "2 gold labels" in done("export-gold", "pilot", "--to", tmp_path / "part", "--partial")
    decisions = tmp_path / "decisions.csv"
    decisions.write_text("draft_id,dimension,value,reason,cause\n3,cta_quality,3,clear ask,slip\n")
    assert "1 cell decided; 0 still to decide" in done("adjudicate", "pilot", "--as", "cleo", "--from", decisions)
    assert "1 unchanged" in done("adjudicate", "pilot", "--as", "cleo", "--from", decisions)
    assert "3 gold labels of 3 drafts" in done("export-gold", "pilot", "--to", tmp_path / "gold")
    assert {each.name for each in (tmp_path / "gold").iterdir()} == {"gold.csv", "gold.jsonl", "agreement.json", "manifest.json"}
    assert done("check-store") == "the store is consistent\n"


def test_a_file_of_labels_with_one_bad_line_stores_none_of_them(sample_url, tmp_path):
    file = tmp_path / "ana.csv"
    file.write_text("draft_id,dimension,value\nsample-99-9,cta_quality,2\n")
    before = progress(sample_url)
    assert "line 2:" in refused("label", OPEN, "--as", ANA, "--from", file)
    assert progress(sample_url) == before


def test_a_backup_restores_into_a_new_store_and_into_no_other(sample_url, tmp_path, monkeypatch):
    file = tmp_path / "backup.sqlite"
    done("backup", file)
    assert "never overwrites" in sentence("backup", file)
    assert "holds data" in sentence("restore", file)
    report = done("report", CLOSED, "--json")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "second.db"))
    assert "restored" in done("restore", file)
    assert done("report", CLOSED, "--json") == report
    assert done("check-store") == "the store is consistent\n"


def test_a_file_that_is_no_backup_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "store.db"))
    text = tmp_path / "letter.sqlite"
    text.write_text("Dear all,\n" * 500)
    assert "letter.sqlite" in sentence("restore", text)
    assert text.read_text() == "Dear all,\n" * 500


def test_migrating_and_loading_the_sample_twice_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "store.db"))
    assert "created" in done("migrate")
    assert "already" in done("migrate")
    assert "is loaded" in done("sample")
    assert "nothing changed" in done("sample")
    assert "left out" in done("sample", "--if-new")


def test_a_damaged_store_is_told_and_the_command_fails(sample_url):
    engine = open_engine(sample_url)
    with writing(engine) as connection:
        connection.exec_driver_sql("UPDATE pattern_counts SET units = units + 1")
    engine.dispose()
    assert CLOSED in refused("check-store")


def test_a_good_rubric_is_told_good_and_a_bad_one_line_by_line(tmp_path):
    assert "5 dimensions" in done("check-rubric", RUBRIC)
    bad = tmp_path / "bad-v1.yml"
    bad.write_text("rubric: bad\nversion: 1\ntitle: Bad\nnonsense: 1\ndimensions: []\n")
    assert "line " in refused("check-rubric", bad)


# The prompts


def answers(*lines: str) -> str:
    return "".join(f"{line}\n" for line in lines)


def test_a_whole_draft_is_labelled_at_the_prompt(sample_url):
    desk = first(sample_url)
    shown = done("label", OPEN, "--as", ANA, typed=answers("0", "1", "2", "3", "1", "a note", "q"))
    assert f"draft {desk.position} of {desk.total}" in shown
    for each in desk.dimensions:
        assert each.title in shown
    assert "saved" in shown and "21 drafts left" in shown
    engine = open_engine(sample_url)
    (row,) = own_labels.my_labels(person_named(engine, ANA), engine, OPEN)
    again = next_draft.next_assignment(person_named(engine, ANA), engine, OPEN, row.assignment)
    engine.dispose()
    assert [row.values[each.key] for each in desk.dimensions] == ["0", "1", "2", "3", "1"]
    assert again.note == "a note"


def test_the_prompt_shows_neither_author_nor_metadata_nor_anyone_elses_label(sample_url):
    engine = open_engine(sample_url)
    ben = person_named(engine, BEN)
    theirs = next_draft.next_assignment(ben, engine, OPEN)
    labelling.save_labels(
        ben, engine, theirs.assignment, {each.key: 0 for each in theirs.dimensions}, "Bens secret note", theirs.revision, "token"
    )
    engine.dispose()
    shown = done("label", OPEN, "--as", ANA, typed=answers(*["2"] * 5, "", *["1"] * 5, "", "q"))
    for word in ("system-a", "system-b", "programmatic", "trace-derived", "Bens secret note", "difficulty", "cold-after-round"):
        assert word not in shown


def test_stopping_keeps_the_choices_and_enter_keeps_what_stands(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers("0", "1", "q"))
    assert "22 drafts left" in shown
    desk = first(sample_url)
    assert list(desk.choices.values()) == [0, 1]
    assert progress(sample_url).saved == 0
    done("label", OPEN, "--as", ANA, typed=answers("", "", "2", "3", "1", "", "q"))
    assert progress(sample_url).saved == 1
    engine = open_engine(sample_url)
    (row,) = own_labels.my_labels(person_named(engine, ANA), engine, OPEN)
    engine.dispose()
    assert list(row.values[each.key] for each in desk.dimensions) == ["0", "1", "2", "3", "1"]


def test_a_draft_is_skipped_with_a_reason_and_never_without(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers("s", "", "  ", "the draft is empty", "q"))
    assert "a few words are needed" in shown
    mine = progress(sample_url)
    assert (mine.saved, mine.skipped) == (0, 1)


def test_a_level_that_is_not_there_is_asked_again(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers("7", "two", "-1", "", "2", "q"))
    assert "takes 0, 1, 2, 3" in shown
    assert "not 7" in shown and "not two" in shown and "not nothing" in shown
    assert list(first(sample_url).choices.values()) == [2]


def test_the_end_of_the_input_stops_labelling_with_the_choices_kept(sample_url):
    result = run("label", OPEN, "--as", ANA, typed="3\n")
    assert result.exit_code == 1
    assert list(first(sample_url).choices.values()) == [3]


def test_a_whole_round_is_labelled_at_the_prompt(sample_url):
    shown = done("label", OPEN, "--as", ANA, typed=answers(*[*["2"] * 5, ""] * 22))
    assert f"nothing is left to label in {OPEN}" in shown
    mine = progress(sample_url)
    assert (mine.saved, mine.waiting) == (22, 0)


def hostile_round(url: str, folder: Path) -> None:
    (folder / "t.jsonl").write_text(
        json.dumps({"task_id": "h", "input": {"company_signal": f"signal {HOSTILE}", f"other {HOSTILE}": "x"}}) + "\n"
    )
    (folder / "d.jsonl").write_text(json.dumps({"task_id": "h", "draft_id": "h-1", "text": f"draft {HOSTILE}\r\nend"}) + "\n")
    done("import-tasks", folder / "t.jsonl")
    done("import-drafts", folder / "d.jsonl")
    done("open-round", "hostile", "--rubric", RUBRIC, "--annotators", f"{ANA},{BEN}", "--dimensions", "cta_quality")


def test_the_text_of_a_draft_does_not_steer_the_terminal(sample_url, tmp_path):
    hostile_round(sample_url, tmp_path)
    shown = done("label", "hostile", "--as", ANA, typed=answers("q"))
    draft = shown[shown.index("draft \N{REPLACEMENT CHARACTER}") :]
    assert not STEERS.search(draft)


def test_the_input_of_a_task_does_not_steer_the_terminal(sample_url, tmp_path):
    hostile_round(sample_url, tmp_path)
    assert not STEERS.search(done("label", "hostile", "--as", ANA, typed=answers("q")))


def test_notes_and_skip_reasons_do_not_steer_the_adjudicators_terminal(sample_url, tmp_path):
    hostile_round(sample_url, tmp_path)
    done("label", "hostile", "--as", ANA, typed=answers("1", f"note {HOSTILE}"))
    done("label", "hostile", "--as", BEN, typed=answers("s", f"why {HOSTILE}"))
    done("close-round", "hostile")
    shown = done("adjudicate", "hostile", "--as", CLEO, typed=answers("q"))
    quoted = "\n".join(line for line in shown.splitlines() if "“" in line)
    assert "note" in quoted and "why" in quoted
    assert not STEERS.search(quoted)
    assert not STEERS.search(done("report", "hostile")), "the report quotes the reason of the skip"


def test_a_report_goes_into_files_that_hold_what_the_json_holds(sample_url, tmp_path):
    html, md = tmp_path / "report.html", tmp_path / "report.md"
    said = done("report", CLOSED, "--html", html, "--md", md)
    assert said == f"{CLOSED}: the report is in {html} and {md}\n"
    figures = json.loads(done("report", CLOSED, "--json", "--html", html))["dimensions"]
    value = f"{figures['cta_quality']['pairs'][0]['kappa']['unweighted']['value']:.4f}"
    for file in (html, md):
        assert value in file.read_text("utf-8") and ANA in file.read_text("utf-8")
    before = html.read_bytes()
    done("report", CLOSED, "--html", html)
    assert html.read_bytes() == before
    assert ANA not in done("report", CLOSED, "--codes", "--md", md) + done("report", CLOSED, "--codes") + md.read_text("utf-8")


def test_a_report_is_not_written_where_it_cannot_or_over_something_else(sample_url, tmp_path):
    (tmp_path / "notes.txt").write_text("mine")
    assert "something other" in sentence("report", CLOSED, "--html", tmp_path / "notes.txt")
    assert "is a folder" in sentence("report", CLOSED, "--md", tmp_path)
    assert "there is no folder" in sentence("report", CLOSED, "--html", tmp_path / "none" / "a.html")
    assert "is open" in sentence("report", OPEN, "--html", tmp_path / "a.html")
    assert not (tmp_path / "a.html").exists() and (tmp_path / "notes.txt").read_text() == "mine"


def test_the_codebook_is_written_with_and_without_a_store(sample_url, tmp_path, monkeypatch):
    done("codebook", RUBRIC, "--html", tmp_path / "one.html")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_url(tmp_path / "none.db"))
    done("codebook", RUBRIC, "--html", tmp_path / "two.html")
    assert (tmp_path / "one.html").read_bytes() == (tmp_path / "two.html").read_bytes()
    assert not (tmp_path / "none.db").exists()
    assert "nowhere-v1.yml cannot be read" in sentence("codebook", "nowhere-v1", "--html", tmp_path / "three.html")


def waiting(url: str, round_name: str = CLOSED) -> adjudication.Queue:
    engine = open_engine(url)
    try:
        return adjudication.open_disagreements(person_named(engine, CLEO), engine, round_name)
    finally:
        engine.dispose()


def test_a_cell_is_decided_at_the_prompt_with_a_reason_and_a_cause(sample_url):
    queue = waiting(sample_url)
    cell = queue.waiting[0]
    shown = done("adjudicate", CLOSED, "--as", CLEO, typed=answers("9", "2", "", "the anchor says so", "2", "q"))
    assert f"cell 1 of {len(queue.waiting)}: {cell.draft_id}" in shown
    assert "not 9" in shown and "a few words are needed" in shown
    assert ANA not in shown and BEN not in shown, "a name would weigh on the decision"
    now = waiting(sample_url)
    assert len(now.waiting) == len(queue.waiting) - 1
    made = next(each.decision for each in now.decided if (each.draft_id, each.dimension) == (cell.draft_id, cell.dimension))
    assert (made.value, made.reason, made.cause, made.adjudicator) == (2, "the anchor says so", "slip", CLEO)


def test_a_cell_is_left_for_later_and_the_prompt_ends_with_what_waits(sample_url):
    queue = waiting(sample_url)
    shown = done("adjudicate", CLOSED, "--as", CLEO, typed=answers(*["n"] * len(queue.waiting)))
    assert f"{len(queue.waiting)} still to decide in {CLOSED}" in shown
    assert waiting(sample_url) == queue


@pytest.mark.parametrize("number", ["0", "-1", "5"])
def test_a_cause_that_is_not_on_the_list_decides_nothing(number, sample_url):
    before = len(waiting(sample_url).waiting)
    run("adjudicate", CLOSED, "--as", CLEO, typed=answers("2", "a reason", number, "q"))
    assert len(waiting(sample_url).waiting) == before


def test_someone_who_labelled_the_cell_is_told_and_the_decision_says_so(sample_url):
    shown = done("adjudicate", CLOSED, "--as", ANA, typed=answers("2", "a reason", "1", "q"))
    assert "you labelled this cell yourself" in shown
    assert any(each.decision.also_labelled for each in waiting(sample_url).decided if each.decision.adjudicator == ANA)


# Slices, annotators, clusters


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
