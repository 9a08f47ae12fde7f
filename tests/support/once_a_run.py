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
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder.with_name(f"{name}-ready")
    with lock(folder.parent):
        if not ready.exists():
            make(folder)
            ready.touch()
    return folder


@contextmanager
def lock(folder: Path) -> Iterator[None]:
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
