"""Finds a Chromium for the browser tests, and with --install gets one where there is none.

.venv/bin/python scripts/chromium.py [--install]

Looked for in this order: TOUCHSTONE_CHROMIUM, the headless shell of the machine, a Chromium or Chrome of the machine,
Playwright's own. The shell is Chromium without its windows: the same pages, at half the processor time.
"""

import os
import shutil
import subprocess
import sys

HEADLESS_SHELL = "chromium-headless-shell"
ON_PATH = (HEADLESS_SHELL, "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ON_MACOS = ("/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
MISSING = (
    "No Chromium for the browser tests: install one (Debian: apt-get install chromium-headless-shell), "
    "or name it: TOUCHSTONE_CHROMIUM=/path/to/chromium make test"
)


def find_chromium() -> str | None:
    """Path of a Chromium that starts, or None. LookupError: TOUCHSTONE_CHROMIUM names one that does not."""
    named = os.environ.get("TOUCHSTONE_CHROMIUM")
    if named:
        if starts(named):
            return named
        raise LookupError(f"TOUCHSTONE_CHROMIUM names {named}, which does not start: correct it, or unset it")
    for name in (*ON_PATH, *ON_MACOS):
        path = shutil.which(name)
        if path and starts(path):
            return path
    own = playwrights_own()
    return own if own and starts(own) else None


def starts(path: str) -> bool:
    """Whether it answers --version; Ubuntu's stand-in for a snap does not, nor one without its libraries."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=60).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def playwrights_own() -> str | None:
    """Where `playwright install chromium` puts it, when it is there."""
    # In a process of its own: Playwright's synchronous interface refuses to start twice in one.
    code = "import playwright.sync_api as a\nwith a.sync_playwright() as p: print(p.chromium.executable_path)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    path = answer.stdout.strip()
    return path if answer.returncode == 0 and os.path.exists(path) else None


def install_chromium() -> str | None:
    """Gets Playwright's Chromium, else (as root, with apt-get) the distribution's; None when neither came."""
    print("No Chromium on this machine: playwright install chromium", flush=True)
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    found = find_chromium()
    if found or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update"], env=quiet)
    for package in (HEADLESS_SHELL, "chromium"):
        print(f"That did not give one that starts: apt-get install {package}", flush=True)
        subprocess.run(["apt-get", "install", "-y", "--no-install-recommends", package], env=quiet)
        if found := find_chromium():
            return found
    return None


def main(arguments: list[str]) -> str | None:
    try:
        found = find_chromium() or (install_chromium() if "--install" in arguments else None)
    except LookupError as problem:
        return str(problem)
    if found is None:
        return MISSING
    print(f"Browser tests use {found}")
    return None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
