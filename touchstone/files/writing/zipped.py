"""Several files as one ZIP, the same bytes for the same files."""

import io
from collections.abc import Mapping
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from touchstone.files.writing.workbook import EPOCH


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a ZIP of these files, by name, in their order."""
    out = io.BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = ZipInfo(name, EPOCH)
            entry.compress_type = ZIP_DEFLATED
            archive.writestr(entry, content)
    return out.getvalue()
