"""Every command explains itself, and every command line in a document would run."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from tests.support.commands import done
from tests.support.every_command import ARGUMENTS, COMMANDS, PROJECT


def test_every_command_of_this_file_exists_and_every_command_is_in_it():
    assert set(ARGUMENTS) == set(COMMANDS)


def called(words: list[str]) -> tuple[str, list[str]]:
    """The command that these words call, one of a group by two words, and the rest of them."""
    in_group = " ".join(words[:2])
    return (in_group, words[2:]) if in_group in COMMANDS else (words[0], words[1:])


def parse(line: str) -> None:
    """Take a command line apart as the program would, without running it. Raises AssertionError when it would not go."""
    words = shlex.split(line.partition(" < ")[0], comments=True)  # what comes on standard input is no argument
    words = words[next(place for place, word in enumerate(words) if word.endswith("manage.py")) + 1 :]
    assert words, f"no verb: {line}"
    name, rest = called(words)
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
    assert called(shlex.split(example.partition("manage.py ")[2]))[0] == name, f"the example of {name} runs another command"
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


def test_a_command_of_a_group_is_found_by_its_two_words_and_any_other_by_one():
    assert called(["rounds", "--json"]) == ("rounds", ["--json"])
    for name in COMMANDS:
        assert called([*name.split(), "x"]) == (name, ["x"])
