"""A small release as it was: whoever changes what is written sees it here, and raises the format's number
(`touchstone.releasing.manifest.FORMAT`) where a program of before could not check it.

Write it anew: python -m tests.releasing.test_golden_release
"""

import json
import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.releasing.small_release import CTA, TONE, choices, whole, write
from touchstone.releasing.manifest import FILE, FORMAT

GOLDEN = Path(__file__).parent / "golden"
CROISSANT = "croissant.json"
NONE = "0" * 64


def drafts():
    yield whole(1, {"A": 2, "B": 2, "C": 2}, {"A": 1, "B": 1, "C": 1})
    yield whole(2, {"A": 0, "B": 2, "C": 2}, {"A": 3, "B": 3, "C": 3}, decided=0)
    yield whole(3, {"A": 0, "B": 2, "C": 2}, {"A": 1, "B": 2, "C": 3})
    yield whole(4, {"A": 1}, {"A": 0}, owed=1)


def written(folder: Path) -> dict[str, str]:
    """Its files as text, without what differs between versions of pyarrow: the bytes of Parquet files, and their digests."""
    write(folder, before={("d01", TONE): 1, ("gone", CTA): 2}, of=drafts, chosen=[*choices()], sealed_drafts=1)
    found = {path.name: path.read_bytes().decode() for path in folder.iterdir() if path.suffix not in (".parquet", ".yml")}
    manifest = json.loads(found[FILE])
    packed = {name: each["sha256"] for name, each in manifest["files"].items() if name.endswith(".parquet")}
    for name in (*packed, CROISSANT):
        manifest["files"][name] = {"bytes": 0, "sha256": NONE}
    found[FILE] = json.dumps({**manifest, "sha256": NONE}, ensure_ascii=False, indent=2) + "\n"
    for name, digest in packed.items():
        size = (folder / name).stat().st_size
        said = '"contentSize": "{} B",\n      "sha256": "{}"'.format
        assert said(size, digest) in found[CROISSANT]
        found[CROISSANT] = found[CROISSANT].replace(said(size, digest), said(0, NONE))
    return found


def test_a_release_is_written_as_it_was(tmp_path):
    found = written(tmp_path / "one")
    kept = {path.name: path.read_bytes().decode() for path in GOLDEN.iterdir()}
    assert found.keys() == kept.keys()
    for name, text in found.items():
        assert text == kept[name], f"{name} is written otherwise; see the top of this file"


def test_the_kept_release_is_of_the_format_that_is_written():
    assert json.loads((GOLDEN / FILE).read_bytes())["terms"]["format"] == FORMAT


if __name__ == "__main__":
    with TemporaryDirectory() as folder:
        made = written(Path(folder) / "one")
    shutil.rmtree(GOLDEN, ignore_errors=True)
    GOLDEN.mkdir()
    for name, text in made.items():
        (GOLDEN / name).write_bytes(text.encode())
    print(f"{len(made)} files in {GOLDEN}", file=sys.stderr)
