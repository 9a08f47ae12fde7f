"""Where a release goes: a folder that is new, written whole or not at all. A release never changes, so nothing is replaced."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory, TemporaryFile
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from db.engine import ROOT
from touchstone import papers
from touchstone.errors import Refused
from touchstone.files.writing.workbook import EPOCH

EXPORTS = ROOT / "exports"


def usual_folder(name: str, number: int) -> Path:
    """Where a release goes unless told otherwise."""
    return EXPORTS / f"{papers.file_stem(name)}-release-{number}"


@contextmanager
def beside(to: Path) -> Iterator[Path]:
    """A folder to write in, which is gone at the end unless it was moved. Raises Refused where `to` is there already and holds
    anything, and where it cannot be written."""
    to = to.resolve()
    if to.exists() and not to.is_dir():
        raise Refused(f"{to} is a file; name a new folder")
    try:
        if to.exists() and next(to.iterdir(), None) is not None:
            raise Refused(f"{to} is not empty, and nothing takes the place of what is there; name a new folder")
        to.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{to.name[:40]}.", dir=to.parent) as folder:
            new = Path(folder) / "new"
            new.mkdir()
            yield new
    except OSError as wrong:
        raise Refused(f"{to} cannot be written ({wrong.strerror}); name another folder") from None


def put_in_place(new: Path, to: Path) -> None:
    """The folder that was written, where it goes. Raises OSError."""
    to = to.resolve()
    if to.exists():
        to.rmdir()
    shutil.move(new, to)


def zipped_folder(folder: Path, inside: str) -> BinaryIO:
    """The files of a folder as a ZIP, under a folder called `inside`; a file without a name, that is gone when it is closed."""
    out = TemporaryFile()  # noqa: SIM115
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            entry = ZipInfo(f"{inside}/{path.name}", EPOCH)
            entry.compress_type = ZIP_DEFLATED
            with path.open("rb") as source, archive.open(entry, "w") as target:
                shutil.copyfileobj(source, target)
    out.seek(0)
    return out
