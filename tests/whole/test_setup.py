"""The promises of the set-up files: what is installed is what is written, and targets say what they do."""

import os
import re
import socket
import subprocess
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.install import pinned_names, progress, requirement_files
from scripts.port import port_problem

PROJECT = Path(__file__).resolve().parents[2]
RUNTIME, DEVELOPMENT = PROJECT / "requirements.txt", PROJECT / "requirements-dev.txt"
in_a_checkout = pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="not a git checkout")
MAKES_OWN = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "ARGS", "PORT", "PYTHON"}


def requirements(file: Path) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r ")]


def brought_along(requirement: Requirement) -> list[Requirement]:
    """What an installed package needs on this machine, for the extras that the requirement names."""
    needs = [Requirement(line) for line in distribution(requirement.name).requires or ()]
    settings = [{"extra": extra} for extra in ("", *requirement.extras)]
    return [need for need in needs if not need.marker or any(map(need.marker.evaluate, settings))]


def here(requirement: Requirement) -> bool:
    return requirement.marker is None or requirement.marker.evaluate()


def tracked_files() -> list[Path]:
    listed = git("ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout.split("\0")
    return [path for name in listed if name and (path := PROJECT / name).is_file()]


def git(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Whoever owns the folder: in a container that is often someone else.
    command = ["git", "-c", "safe.directory=*", *arguments]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)
    assert done.returncode in (0, 1), done.stderr
    return done


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    # Without the variables of the make that may be running these tests, which would pass its own ARGS on.
    environment = {name: value for name, value in os.environ.items() if name not in MAKES_OWN}
    return subprocess.run(["make", *arguments], cwd=PROJECT, capture_output=True, text=True, env=environment)


@pytest.mark.parametrize("file", [RUNTIME, DEVELOPMENT], ids=lambda file: file.name)
def test_every_requirement_is_pinned_to_one_version(file):
    for requirement in requirements(file):
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), f"{requirement} is not pinned with =="


@pytest.mark.parametrize("file", [RUNTIME, DEVELOPMENT], ids=lambda file: file.name)
def test_every_requirement_the_project_names_has_its_reason(file):
    _, _, named = file.read_text(encoding="utf-8").partition("# Named by the project, each with its reason\n")
    lines = named.partition("\n\n")[0].splitlines()
    assert lines
    assert [line for line in lines if " # " not in line] == []


@pytest.mark.parametrize("file", [RUNTIME, DEVELOPMENT], ids=lambda file: file.name)
def test_whatever_a_requirement_brings_along_is_pinned_too(file):
    pinned = pinned_names(requirement_files(str(file)))
    installed = [requirement for requirement in requirements(file) if here(requirement)]
    needs = {(need.name, one.name) for one in installed for need in brought_along(one)}
    missing = [f"{name}, for {one}" for name, one in sorted(needs) if canonicalize_name(name) not in pinned]
    assert missing == []


def test_the_tests_run_on_the_pinned_versions():
    for requirement in [*requirements(RUNTIME), *requirements(DEVELOPMENT)]:
        if not here(requirement):
            continue
        try:
            installed = distribution(requirement.name).version
        except PackageNotFoundError:
            pytest.fail(f"{requirement} is not installed: make test")
        assert requirement.specifier.contains(installed), f"{requirement}, not {installed}: make test"


def test_make_alone_says_what_every_target_does():
    said = make()
    assert said.returncode == 0
    for target in ("run", "test", "lint", "bench", "clean"):
        assert re.search(rf"^make {target}\s+\S+", said.stdout, re.MULTILINE), target


def test_the_license_is_the_whole_gpl_3():
    text = (PROJECT / "LICENSE").read_text(encoding="utf-8")
    assert "GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007" in text
    assert "END OF TERMS AND CONDITIONS" in text


@in_a_checkout
def test_no_tracked_file_names_a_package_registry():
    # Put together here, so that this file is not its own first finding.
    parts = [("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"), ("deb", "debian")]
    hosts = "|".join(r"\.".join(part) for part in parts)
    named = re.compile(f"{hosts}|--(extra-)?index-{'url'}".encode())
    found = [str(path.relative_to(PROJECT)) for path in tracked_files() if named.search(path.read_bytes())]
    assert not found


MADE = ["data/a.db", ".venv/bin/python", "exports/round-1/gold.csv", "test-results/a.png"]


@in_a_checkout
@pytest.mark.parametrize("name", MADE)
def test_what_a_person_makes_is_not_committed(name):
    assert git("check-ignore", "--quiet", name).returncode == 0


@in_a_checkout
def test_the_example_release_and_the_rubrics_are_committed():
    for name in ("exports/example/gold.csv", "exports/README.md", "rubric_versions/any-v1.yml"):
        assert git("check-ignore", "--quiet", name).returncode == 1, name


def test_a_taken_port_is_told_in_a_sentence_with_the_way_out():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = listener.getsockname()[1]
        said = make("run", f"PORT={port}")
    assert said.returncode
    assert f"Port {port} of 127.0.0.1 is taken" in said.stderr
    assert "Traceback" not in said.stderr


def test_a_port_that_is_no_number_is_told_in_a_sentence():
    assert port_problem("eighty") == "PORT takes a number from 1 to 65535, not 'eighty': make run PORT=8502"


def test_an_old_python_is_told_in_a_sentence(tmp_path):
    old = tmp_path / "old python"
    old.write_text('#!/bin/sh\n[ "$1" = --version ] && { echo "Python 3.9.2"; exit 0; }\nexit 1\n')
    old.chmod(0o755)
    said = make("run", f"PYTHON={old}")
    assert said.returncode
    assert "needs Python 3.11 or newer" in said.stderr
    assert "3.9.2" in said.stderr


def test_an_installation_tells_each_package_once_and_then_the_unpacking():
    total, seen = {"pandas", "pydantic-core", "sql-alchemy"}, set()
    lines = [
        "Collecting pandas==3.1.1 (from -r requirements.txt (line 12))",
        "  Downloading pandas-3.1.1.whl (11.0 MB)",
        "Collecting pandas>=2 (from statsmodels)",
        "Processing /wheels/sql_alchemy-2.1.9-py3-none-any.whl (from -r requirements.txt (line 7))",
        "Requirement already satisfied: pydantic_core==2.50.4 in .venv",
        "Installing collected packages: pandas, pydantic-core",
    ]
    told = [sentence for line in lines for sentence in progress(line, total, seen)]
    assert told == ["    1 of 3  pandas==3.1.1", "    2 of 3  sql_alchemy==2.1.9", "  unpacking 2 packages, up to a minute"]
