"""The promises of the set-up files: what is installed is what is written, and targets say what they do."""

import os
import re
import socket
import subprocess
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.port import port_problem

PROJECT = Path(__file__).resolve().parents[2]
RUNTIME, DEVELOPMENT, EMBEDDING, TRAINING, INSTALLER = (
    PROJECT / f"requirements{part}.txt" for part in ("", "-dev", "-embed", "-train", "-uv")
)
NAMED = pytest.mark.parametrize("file", [RUNTIME, DEVELOPMENT, EMBEDDING, TRAINING, INSTALLER], ids=lambda file: file.name)
in_a_checkout = pytest.mark.skipif(not (PROJECT / ".git").exists(), reason="not a git checkout")
MAKES_OWN = {"MAKEFLAGS", "MAKELEVEL", "MFLAGS", "MAKEOVERRIDES", "ARGS", "PORT", "PYTHON"}


def requirements(file: Path) -> list[Requirement]:
    lines = (line.partition("#")[0].strip() for line in file.read_text(encoding="utf-8").splitlines())
    return [Requirement(line) for line in lines if line and not line.startswith("-r ")]


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


@NAMED
def test_every_requirement_is_pinned_to_one_version(file):
    for requirement in requirements(file):
        assert re.fullmatch(r"==[\w.]+", str(requirement.specifier)), f"{requirement} is not pinned with =="


@NAMED
def test_every_requirement_the_project_names_has_its_reason(file):
    _, _, named = file.read_text(encoding="utf-8").partition("# Named by the project, each with its reason\n")
    lines = named.partition("\n\n")[0].splitlines()
    assert lines
    assert [line for line in lines if " # " not in line] == []


def locked(file: Path) -> dict[str, Requirement]:
    """What a lock file pins, by normalised name; each entry must carry a hash."""
    entries = re.split(r"\n(?=[a-zA-Z])", file.with_suffix(".lock").read_text(encoding="utf-8"))
    pins = [entry for entry in entries if not entry.startswith("#")]
    assert pins and not [entry for entry in pins if "--hash=sha256:" not in entry]
    requirements = [Requirement(entry.partition("\\")[0].strip()) for entry in pins]
    return {canonicalize_name(each.name): each for each in requirements}


@NAMED
def test_every_requirement_is_locked_at_its_pin(file):
    """Edit requirements*.txt, then `make lock`: uv takes in whatever it brings along, with hashes."""
    lock = locked(file)
    for requirement in requirements(file):
        assert lock[canonicalize_name(requirement.name)].specifier == requirement.specifier, f"{requirement}: make lock"


def test_the_tests_run_on_the_locked_versions():
    development = locked(DEVELOPMENT)
    for name, requirement in locked(RUNTIME).items():
        assert development[name] == requirement, f"{name} differs between the two locks: make lock"
    for requirement in filter(here, development.values()):
        try:
            installed = distribution(requirement.name).version
        except PackageNotFoundError:
            pytest.fail(f"{requirement} is not installed: make test")
        assert requirement.specifier.contains(installed), f"{requirement}, not {installed}: make test"


@pytest.mark.parametrize(("name", "file"), [("embed", EMBEDDING), ("train", TRAINING)])
def test_an_extra_shares_its_packages_with_the_app_at_the_same_versions(name, file):
    """It is installed beside the app, and must not move what the app runs on; the library asks for the same files."""
    extra, app = locked(file), locked(RUNTIME)
    shared = extra.keys() & app.keys()
    assert shared and {each: str(extra[each].specifier) for each in shared} == {each: str(app[each].specifier) for each in shared}
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for line in project["optional-dependencies"][name]:
        asked = Requirement(line)
        assert asked.specifier.contains(str(extra[canonicalize_name(asked.name)].specifier).removeprefix("=="))


def test_the_library_asks_for_no_more_than_the_app_is_locked_to():
    """`pip install .` takes versions from these up; what the app runs on must be among them."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = locked(RUNTIME)
    for line in [*project["dependencies"], *project["optional-dependencies"]["second-opinion"]]:
        requirement = Requirement(line)
        pinned = str(lock[canonicalize_name(requirement.name)].specifier).removeprefix("==")
        assert requirement.specifier.contains(pinned), f"{line}, and the lock has {pinned}"


def test_the_requirements_name_the_libraries_the_project_is_built_with():
    named = {canonicalize_name(each.name) for each in requirements(RUNTIME)}
    assert {"streamlit", "pandas", "scikit-learn", "statsmodels", "sqlalchemy", "plotly", "krippendorff"} <= named


def test_make_alone_says_what_every_target_does():
    said = make()
    assert said.returncode == 0
    for target in (
        "run",
        "test",
        "test-all",
        "test-embed",
        "embed",
        "test-train",
        "train",
        "axe",
        "lint",
        "format",
        "lock",
        "bench",
        "clean",
    ):
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


@pytest.fixture
def installing(tmp_path):
    """install(lock, fails=…) runs scripts/install.sh in an empty folder over a Python that only notes what it is asked for."""
    for name in ("requirements.lock", "requirements-uv.lock"):
        (tmp_path / name).write_text("alembic==1.20.1 \\\n    --hash=sha256:00\n")
    asked = tmp_path / "asked"
    fake = tmp_path / "python 3"
    fake.write_text(
        f'#!/bin/sh\nhere="{tmp_path}"\n[ "$1" = --version ] && echo "Python 3.12.0" && exit\n'
        'case "$*" in *"-m $FAILS"*) exit 1;; esac\n'
        '[ "$2" = venv ] && mkdir -p "$here/.venv/bin" && cp "$0" "$here/.venv/bin/python" && exit\n'
        '[ "$1" = -c ] || echo "$*" >> "$here/asked"\n'
    )
    fake.chmod(0o755)

    def install(fails: str = "nothing") -> tuple[subprocess.CompletedProcess[str], list[str]]:
        asked.write_text("")
        command = ["sh", PROJECT / "scripts" / "install.sh", fake, "requirements.lock"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, env={**os.environ, "FAILS": fails})
        return done, [line for line in asked.read_text().splitlines() if " install " in f" {line} "]

    return install


def test_an_installation_asks_for_hashes_and_is_not_done_twice(installing):
    done, asked = installing()
    assert done.returncode == 0, done.stderr
    assert len(asked) == 2 and all("--require-hashes" in line for line in asked)
    assert "Installing requirements.lock: 1 packages" in done.stdout
    again, asked = installing()
    assert (again.returncode, again.stdout, asked) == (0, "", [])


def test_an_installation_broken_off_is_gone_on_with(installing, tmp_path):
    done, _ = installing(fails="uv pip install")
    assert done.returncode == 1 and "the same command goes on where it was" in done.stderr
    done, asked = installing()
    assert done.returncode == 0 and len(asked) == 1, "uv itself is there already"
    (tmp_path / "requirements.lock").write_text("alembic==1.20.2 \\\n    --hash=sha256:01\n")
    assert len(installing()[1]) == 1, "another lock is another installation"


def test_a_python_that_cannot_make_a_venv_or_has_no_pip_is_told_in_a_sentence(installing):
    done, _ = installing(fails="venv")
    assert done.returncode == 1 and "install its venv package" in done.stderr
    done, _ = installing(fails="pip --python")
    assert done.returncode == 0, "pip comes with the venv where the Python has none"
