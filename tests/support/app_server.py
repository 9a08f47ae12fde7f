"""The app as a person starts it, for the browser tests: a process that can be killed and started again."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.support.forked_apps import ForkedApp, fork

FORKS = sys.platform == "linux"  # elsewhere some libraries do not survive a fork
# Straight to this machine, whatever proxy the environment names.
direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def free_port() -> int:
    """A port of 127.0.0.1 nobody listens on; out of TOUCHSTONE_TEST_PORTS ("8721-8740") where that is set."""
    allowed = os.environ.get("TOUCHSTONE_TEST_PORTS")
    if allowed:
        # Each worker its own share: two that chose alike would take the other's app for their own.
        worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
        first, last = map(int, allowed.split("-"))
        choice = range(first + worker, last + 1, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))
    else:
        choice = range(1)  # port 0: the kernel's choice
    for port in choice:
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind(("127.0.0.1", port))
                listener.listen()
            except OSError:
                continue
            return listener.getsockname()[1]
    raise RuntimeError(f"no free port in TOUCHSTONE_TEST_PORTS={allowed}")


class AppServer:
    """`streamlit run app.py` in `root` over the store at `database_url`; `log` takes what it prints.

    Forked off a process that has the libraries in memory, where that can be, unless started as a person does. `below` is a path
    under which it stands; `team`: with accounts, at this very address, or `behind` a proxy at that one (https).
    """

    def __init__(
        self,
        root: Path,
        database_url: str,
        log: Path,
        as_a_person_does: bool = not FORKS,
        below: str = "",
        team: bool = False,
        behind: str = "",
    ) -> None:
        self.as_a_person_does = as_a_person_does
        self.below, self.team, self.behind = below, team or bool(behind), behind
        self.root = root
        self.log = log
        self.environment = {**os.environ, "TOUCHSTONE_DATABASE_URL": database_url}
        self.port = 0
        self.process: subprocess.Popen[bytes] | ForkedApp | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self.below}"

    def start(self, seconds: float = 60) -> None:
        """Returns once the app answers; RuntimeError with the log's end if it ends first or takes longer."""
        # A port found free can be taken before the server has it: then the server ends, and another is tried.
        for attempt in range(3):
            fresh = not self.port
            self.port = self.port or free_port()
            self.launch()
            try:
                return self.wait_until_it_answers(seconds)
            except RuntimeError:
                self.stop()
                if not fresh or attempt == 2 or "not available" not in self.log.read_text(errors="replace"):
                    raise
                self.port = 0

    def launch(self) -> None:
        options = {
            "server.address": "127.0.0.1",
            "server.port": str(self.port),
            "server.headless": "true",
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": "false",
            "server.baseUrlPath": self.below.strip("/"),
        }
        environment = {**self.environment, **({"TOUCHSTONE_PUBLIC_URL": self.behind or self.url} if self.team else {})}
        arguments = ["run", "app.py", *(part for name, value in options.items() for part in (f"--{name}", value))]
        if not self.as_a_person_does:
            self.process = fork(arguments, self.root, environment, self.log)
            return
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", *arguments],
                cwd=self.root,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    def wait_until_it_answers(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.process is None or self.process.poll() is not None:
                raise RuntimeError(f"the app ended before it answered:\n{self.end_of_log()}")
            try:
                # The body, not the status: Streamlit answers 200 to every unknown path.
                asked = f"{self.url}/{'health' if self.team else '_stcore/health'}"
                if direct.open(asked, timeout=2).read().strip() in (b"ok", b'{"status":"ok"}'):
                    return
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError(f"the app did not answer within {seconds:.0f} s:\n{self.end_of_log()}")

    def kill(self) -> None:
        """kill -9: the app gets no chance to save anything."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()
            self.process = None

    def restart(self) -> None:
        """Starts it again at the same address, as an open browser expects; stops it first if it runs."""
        self.stop()
        self.start()

    def end_of_log(self) -> str:
        return self.log.read_text(errors="replace")[-6000:] if self.log.exists() else ""
