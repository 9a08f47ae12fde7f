"""What all workers of a run use alike, made by whichever needs it first: the others wait for it, and read it."""

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

_folder: list[Path] = []  # of the run, once it has said so


def keep_in(folder: Path) -> None:
    _folder[:] = [folder]


@cache
def _own() -> Path:
    return Path(mkdtemp(prefix="touchstone-once-"))


def folder_of_the_run() -> Path:
    """Of this process alone where there is no run."""
    return _folder[0] if _folder else _own()


def made_once(name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, as `make` leaves it."""
    folder = folder_of_the_run() / name
    if is_made(name):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    with lock(folder.parent):
        if not is_made(name):
            make(folder)
            _ready(name).touch()
    return folder


def is_made(name: str) -> bool:
    return _ready(name).exists()


def _ready(name: str) -> Path:
    return folder_of_the_run() / f"{name}-ready"


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
