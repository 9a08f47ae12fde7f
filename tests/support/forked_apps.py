"""Apps forked off a process that holds the libraries already: importing them was most of what a browser test did.

`python -m tests.support.forked_apps` reads one JSON object a line, forks an app for it and answers with its process id. An app
of this very project is forked off a child that has imported its modules, too; one of a copy of it, which may differ, imports
them itself from the folder it is started in. Its scripts (app.py, the pages) every app runs itself.
"""

import gc
import importlib
import json
import os
import pkgutil
import random
import signal
import subprocess
import sys
import time
from functools import cache
from pathlib import Path
from typing import Any, NoReturn, TextIO

PROJECT = Path(__file__).resolve().parents[2]
LIBRARIES = (
    "streamlit.web.cli",
    "streamlit.web.bootstrap",
    "streamlit.web.server.server",
    "alembic.command",
    "markdown_it",
    "pandas",
    "plotly.graph_objects",
    "psycopg",
    "pydantic",
    "re2",
    "scipy.stats",
    "sklearn.metrics",
    "sqlalchemy",
    "statsmodels.stats.inter_rater",
    "yaml",
)
SCRIPTS = ("ui.base.shell", "db.migrations", "touchstone.cli")  # not to be imported, or not what an app imports


class ForkedApp:
    """What app_server needs of subprocess.Popen, for an app that is no child of this process."""

    def __init__(self, pid: int) -> None:
        self.pid = pid

    def poll(self) -> int | None:
        """None while it runs; afterwards 0, as nobody knows how it ended."""
        try:
            os.kill(self.pid, 0)
        except ProcessLookupError:
            return 0
        return None

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def wait(self, timeout: float = 60) -> None:
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired(f"the app {self.pid}", timeout)
            time.sleep(0.01)


def fork(arguments: list[str], root: Path, environment: dict[str, str], log: Path) -> ForkedApp:
    """`python -m streamlit ARGUMENTS` in `root`; what it prints goes to `log`."""
    asked = {"arguments": arguments, "root": str(root), "environment": environment, "log": str(log)}
    process = forking()
    assert process.stdin is not None and process.stdout is not None
    process.stdin.write(json.dumps(asked) + "\n")
    process.stdin.flush()
    return ForkedApp(int(process.stdout.readline()))


@cache
def forking() -> "subprocess.Popen[str]":
    """The forking process, one a test process; it ends with its input."""
    command = [sys.executable, "-m", "tests.support.forked_apps"]
    return subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def main() -> None:
    for name in LIBRARIES:
        importlib.import_module(name)
    gc.freeze()  # no app searches all of this for waste, as it does after each run of its script
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how an app ended
    of_the_project: TextIO | None = None
    for line in sys.stdin:
        if json.loads(line)["root"] != str(PROJECT):
            fork_and_answer(line)
            continue
        of_the_project = of_the_project or child_with_the_project()
        of_the_project.write(line)
        of_the_project.flush()


def fork_and_answer(line: str) -> None:
    pid = os.fork()
    if pid == 0:
        become(json.loads(line))
    print(pid, flush=True)


def child_with_the_project() -> TextIO:
    """Where to write lines for a child of this process that has the project's modules in memory, and answers them itself."""
    read, write = os.pipe()
    if os.fork() == 0:
        os.close(write)
        os.chdir(PROJECT)
        manifest_scanner: Any = importlib.import_module("streamlit.components.v2.manifest_scanner")
        sys.path[0] = str(PROJECT)
        for package in ("touchstone", "workflow", "db", "ui", "web"):
            for module in pkgutil.walk_packages([str(PROJECT / package)], f"{package}."):
                if not module.name.startswith(SCRIPTS):
                    importlib.import_module(module.name)
        components = manifest_scanner.scan_component_manifests()  # reads every installed package: a fifth of a second
        manifest_scanner.scan_component_manifests = lambda *_: components
        gc.freeze()
        for line in os.fdopen(read):
            fork_and_answer(line)
        os._exit(0)
    os.close(read)
    return os.fdopen(write, "w")


def become(asked: dict[str, Any]) -> NoReturn:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.chdir(asked["root"])
    os.environ.clear()
    os.environ.update(asked["environment"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    log = os.open(asked["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for here, there in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(here, there)
    random.seed()
    sys.path[0] = asked["root"]
    sys.argv = ["streamlit", *asked["arguments"]]
    code: Any = 1
    try:
        importlib.import_module("streamlit.web.cli").main(prog_name="streamlit")
    except SystemExit as ended:
        code = ended.code
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0 if code is None else 1)


if __name__ == "__main__":
    main()
