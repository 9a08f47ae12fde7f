"""Puts axe-core, by whose rules of accessibility the tests check the pages, into tests/support/axe: a newer one, or this again.

npm pack axe-core@4.14.1 && python3 scripts/axe.py axe-core-4.14.1.tgz

For a newer one: its version and the SHA-256 of its package here first, as they stand in a second place that is not the package.
"""

import sys
import tarfile
from hashlib import sha256
from pathlib import Path

VERSION, DIGEST = "4.14.1", "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
FOLDER = Path(__file__).resolve().parent.parent / "tests" / "support" / "axe"
KEPT = ("axe.min.js", "LICENSE", "LICENSE-3RD-PARTY.txt")


def unpack(package: Path) -> None:
    """The script and its licences, from a package with that digest. ValueError for any other."""
    found = sha256(package.read_bytes()).hexdigest()
    if found != DIGEST:
        raise ValueError(f"{package} has the SHA-256 {found}, not that of axe-core {VERSION}")
    FOLDER.mkdir(exist_ok=True)
    with tarfile.open(package) as archive:
        for name in KEPT:
            member = archive.extractfile(f"package/{name}")
            assert member is not None
            (FOLDER / name).write_bytes(member.read())


if __name__ == "__main__":
    unpack(Path(sys.argv[1]))
