"""Makes .venv from a requirements file, with a line per package; does nothing when it is there already.

python3 scripts/install.py requirements-dev.txt

Standard library only: it runs before anything is installed. What pip says goes to .venv/pip.log, its errors
on to the screen when the installation fails.
"""

import importlib.util
import re
import subprocess
import sys
import time
from pathlib import Path

VENV = Path(".venv")
PYTHON = VENV / "bin" / "python"
LOG = VENV / "pip.log"


def requirement_files(name: str) -> list[Path]:
    """The file and every file it takes in with -r, itself last."""
    path = Path(name)
    taken_in = re.findall(r"^-r\s+(\S+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    return [file for inner in taken_in for file in requirement_files(str(path.parent / inner))] + [path]


def pinned_names(files: list[Path]) -> set[str]:
    """Normalised names of the packages that the files pin."""
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    return {normal(line) for line in lines if "==" in line and not line.startswith("#")}


def normal(requirement: str) -> str:
    name = re.match(r"[\w.-]+", requirement)
    return re.sub(r"[-_.]+", "-", name[0]).lower() if name else ""


def stamp(file: Path) -> Path:
    """A copy of the file as last installed with success: contents tell a change, dates do not."""
    return VENV / f"installed-{file.name}"


def is_installed(files: list[Path]) -> bool:
    same = all(stamp(file).exists() and stamp(file).read_bytes() == file.read_bytes() for file in files)
    return same and venv_runs()


def venv_runs() -> bool:
    """Whether .venv has a Python that starts and is new enough; after a system upgrade it may not."""
    if not PYTHON.exists():
        return False
    code = "import sys; sys.exit(sys.version_info < (3, 11))"
    return subprocess.run([PYTHON, "-c", code], capture_output=True).returncode == 0


def venv_has_pip() -> bool:
    return subprocess.run([PYTHON, "-m", "pip", "--version"], capture_output=True).returncode == 0


def make_venv() -> str | None:
    """A fresh .venv; a sentence when it cannot be made."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        return (
            f"{sys.executable} cannot make virtual environments: install its venv package (Debian, Ubuntu: "
            f"apt-get install python{version}-venv), or name another Python: make run PYTHON=/path/to/python3"
        )
    print(f"Making .venv with Python {sys.version.split()[0]}", flush=True)
    made = subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], capture_output=True, text=True)
    if made.returncode:
        return f".venv cannot be made with {sys.executable}: {(made.stderr or made.stdout).strip()}"
    return None


def install(name: str, total: set[str]) -> str | None:
    """Runs pip and prints a line per package; a sentence when pip fails."""
    began = time.monotonic()
    print(f"Installing {name}: {len(total)} packages; the first time takes some minutes", flush=True)
    options = ["--disable-pip-version-check", "--progress-bar", "off"]
    command = [PYTHON, "-u", "-m", "pip", "install", *options, "-r", name]
    seen: set[str] = set()
    LOG.unlink(missing_ok=True)
    # Appending, line by line: pip writes its warnings into the same file.
    with LOG.open("a", buffering=1, encoding="utf-8") as log:
        pip = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, errors="replace")
        assert pip.stdout is not None
        for line in pip.stdout:
            log.write(line)
            for sentence in progress(line, total, seen):
                print(sentence, flush=True)
        code = pip.wait()
    if code:
        said = LOG.read_text(encoding="utf-8", errors="replace").splitlines()
        errors = [line for line in said if line.startswith(("ERROR", "error"))] or said[-15:]
        return "\n".join([*errors, f"{name} cannot be installed (all that pip said: {LOG})"])
    print(f"Installed {name} in {time.monotonic() - began:.0f} s", flush=True)
    return None


def progress(line: str, total: set[str], seen: set[str]) -> list[str]:
    """What a person is told for one line of pip's: each new package once, then that unpacking has begun."""
    # "Processing" stands for "Collecting" where a package index is a folder of wheels.
    arrival = re.match(r"(Collecting|Processing|Requirement already satisfied:) (\S+)", line)
    if arrival:
        package = arrival[2]
        if package.endswith(".whl"):
            package = "==".join(Path(package).name.split("-")[:2])
        name = normal(package)
        if name not in total or name in seen:
            return []
        seen.add(name)
        return [f"  {len(seen):3} of {len(total)}  {package}"] if arrival[1][0] in "CP" else []
    if line.startswith("Installing collected packages:"):
        return [f"  unpacking {line.count(',') + 1} packages, up to a minute"]
    return []


def main(name: str) -> str | None:
    files = requirement_files(name)
    if is_installed(files):
        return None
    # Gone first: an installation broken off half-way must not look finished.
    for file in files:
        stamp(file).unlink(missing_ok=True)
    if not (venv_runs() and venv_has_pip()):
        problem = make_venv()
        if problem:
            return problem
    problem = install(name, pinned_names(files))
    if problem:
        return problem
    for file in files:
        stamp(file).write_bytes(file.read_bytes())
    return None


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit("Stopped; the same command goes on where it was.")
