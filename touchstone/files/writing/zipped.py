"""Several files as one ZIP, the same bytes for the same files."""

import io
import shutil
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from touchstone.files.writing.workbook import EPOCH


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a ZIP of these files, by name, in their order."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(_entry(name), content)
    return out.getvalue()


def zipped_files(files: Mapping[str, Path]) -> bytes:
    """As `zipped`, of files on disk: no more of them in memory than a part and the ZIP itself."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, file in files.items():
            entry = _entry(name)
            entry.file_size = file.stat().st_size  # by which one over 2 GB gets the header that it needs
            with file.open("rb") as content, archive.open(entry, "w") as into:
                shutil.copyfileobj(content, into)
    return out.getvalue()


def _entry(name: str) -> ZipInfo:
    entry = ZipInfo(name, EPOCH)
    entry.compress_type = ZIP_DEFLATED
    return entry
