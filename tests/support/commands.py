"""The commands of manage.py, run in this process, and what holds of what they print."""

import json
from collections.abc import Sequence
from functools import cache

import pytest
import typer.testing
from typer.testing import CliRunner

import manage

# The tree of all commands is made once, not at each call.
typer.testing._get_command = cache(typer.testing._get_command)

ESTIMATE = {"value", "low", "high", "reason"}


def words_of(arguments: Sequence[object]) -> list[str]:
    """As typed: the first may be the words of a command of a group ("bench cover")."""
    name, *rest = map(str, arguments) if arguments else ("",)
    return [*name.split(), *rest]


def run(*arguments: str, typed: str | None = None):
    """In this process; what is not an exit is a traceback, and fails the test."""
    result = CliRunner().invoke(manage.app, words_of(arguments), input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(*arguments: str, typed: str | None = None) -> str:
    result = run(*arguments, typed=typed)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str, typed: str | None = None) -> str:
    """What stands on stderr after exit 1."""
    result = run(*arguments, typed=typed)
    assert result.exit_code == 1, result.output
    assert result.stderr.strip(), "refused without a word"
    return result.stderr


def sentence(*arguments: str) -> str:
    """The refusal of a command that has nothing to list: one line, and nothing on stdout."""
    result = run(*arguments)
    assert (result.exit_code, result.stdout) == (1, ""), result.output
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr.strip()


def document(*arguments: str):
    result = run(*arguments)
    assert (result.exit_code, result.stderr) == (0, ""), result.output
    found, end = json.JSONDecoder(parse_constant=lambda word: pytest.fail(f"{word} is not JSON")).raw_decode(result.stdout)
    assert result.stdout[end:].strip() == ""
    return found


def check_estimate(found: dict) -> None:
    assert set(found) == ESTIMATE
    if found["value"] is None:
        assert isinstance(found["reason"], str) and found["reason"]
        assert found["low"] is None and found["high"] is None
    else:
        assert found["reason"] is None
        assert found["low"] <= found["value"] <= found["high"]
