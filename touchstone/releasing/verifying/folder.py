"""The files of a release held against its manifest: all there, none more, each as it was written."""

import stat
from pathlib import Path

from touchstone.errors import Refused
from touchstone.releasing.making import terms_of_file
from touchstone.releasing.manifest import FILE, LARGEST, MOST_FILES, SIGNATURE, FileTerms, Manifest
from touchstone.releasing.pages.all_pages import PAGES
from touchstone.releasing.table_files import files_of_table
from touchstone.releasing.verifying.findings import Faults

BESIDE = (FILE, SIGNATURE)


def files_in(folder: Path, findings: Faults) -> dict[str, int]:
    """The plain files of the folder with their sizes; anything else in it is a finding. Raises Refused where there is none."""
    if not folder.is_dir():
        raise Refused(f"{folder} is no folder; name the folder of a release")
    found: dict[str, int] = {}
    for number, path in enumerate(folder.iterdir()):
        if number > MOST_FILES:
            raise Refused(f"{folder} holds more than {MOST_FILES:,} files, so it is no release; name the folder of one")
        name, about = path.name.encode("utf-8", "replace").decode(), path.lstat()
        if stat.S_ISREG(about.st_mode):
            found[name] = about.st_size
        else:
            what = "a link" if stat.S_ISLNK(about.st_mode) else "a folder" if stat.S_ISDIR(about.st_mode) else "no plain file"
            findings.add(name, f"is {what}; a release holds plain files alone")
    return found


def manifest_bytes(folder: Path, sizes: dict[str, int], findings: Faults) -> bytes | None:
    """The bytes of the manifest; None with a finding where it cannot be read."""
    if FILE not in sizes:
        findings.add(FILE, "is missing, so nothing can be checked; take the release from where it was published")
        return None
    if sizes[FILE] > LARGEST:
        findings.add(FILE, f"has {sizes[FILE] / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB are read")
        return None
    try:
        return (folder / FILE).read_bytes()
    except OSError as wrong:
        findings.add(FILE, f"cannot be read ({wrong.strerror})")
        return None


def _wrong_in(path: Path, terms: FileTerms) -> str:
    """What is wrong with the bytes of a file; "" for nothing."""
    try:
        is_other = terms_of_file(path) != terms
    except OSError as wrong:
        return f"cannot be read ({wrong.strerror})"
    return "was changed since it was written: its digest does not hold" if is_other else ""


def check_files(folder: Path, sizes: dict[str, int], manifest: Manifest, findings: Faults) -> None:
    """Hold each file against its size and digest in the manifest. A file of another size is not read."""
    for name, terms in manifest.files.items():
        if name not in sizes:
            findings.add(name, "is missing")
        elif sizes[name] != terms.bytes:
            findings.add(name, f"has {sizes[name]:,} bytes, and was written with {terms.bytes:,}")
        elif wrong := _wrong_in(folder / name, terms):
            findings.add(name, wrong)
    for name in sizes:
        if name not in manifest.files and name not in BESIDE:
            findings.add(name, "is not part of the release")
    expected = {*PAGES, "rubric.yml", "agreement.json"}
    expected |= {name for table, terms in manifest.in_order for name in files_of_table(table, terms)}
    for name in sorted(expected - set(manifest.files)):
        findings.add(name, "is not in the manifest, and every release has it")
    for name in sorted(set(manifest.files) - expected):
        findings.add(name, "is in the manifest, and no release has it")
