"""A release folder made to harm who verifies it: each kind is told in a sentence, in little time and memory."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from tests.releasing.small_release import RUBRIC, TONE, whole, write
from tests.releasing.test_verify import forged, release, told, written  # noqa: F401
from touchstone.errors import Refused
from touchstone.releasing.manifest import FILE, LARGEST, RubricTerms
from touchstone.releasing.verifying import folder as of_folder
from touchstone.releasing.verifying.verify import verify

Attack = Callable[[Path], object]
TABLE = "gold-dev.parquet"


def holds(file: str, content: bytes) -> Attack:
    return lambda folder: (folder / file).write_bytes(content)


def changed(file: str, old: bytes, new: bytes) -> Attack:
    def attack(folder: Path) -> None:
        content = (folder / file).read_bytes()
        assert old in content
        (folder / file).write_bytes(content.replace(old, new, 1))

    return attack


def path_in_manifest(path: bytes) -> Attack:
    return changed(FILE, b'"README.md": {', b'"' + path + b'": {"bytes": 1, "sha256": "' + b"0" * 64 + b'"}, "README.md": {')


WITHOUT_MANIFEST: dict[str, tuple[Attack, str]] = {
    "renamed": (lambda folder: (folder / "gold.csv").rename(folder / "gold2.csv"), "gold.csv: is missing"),
    "emptied": (holds("gold.csv", b""), "gold.csv: has 0 bytes, and was written with "),
    "a name that moves the cursor": (lambda folder: (folder / "x\n\x1b[2Jholds").touch(), "x\\n\\x1b[2Jholds: is not part of"),
    "a path out of the folder": (path_in_manifest(b"../../etc/passwd"), f"{FILE}: is not the manifest of a release: files.."),
    "a path from the root": (path_in_manifest(b"/etc/passwd"), f"{FILE}: is not the manifest of a release: files./etc"),
    "a manifest of 100 MB": (
        lambda folder: (folder / FILE).open("ab").truncate(100_000_000),
        f"{FILE}: has 100 MB; at most 3 MB",
    ),
    "a manifest of lists": (holds(FILE, b'{"a":[' + b"0," * (LARGEST // 20) + b"0]}\n"), f"{FILE}: is not the manifest"),
    "a deep manifest": (holds(FILE, b'{"a":' * 500_000), f"{FILE}: cannot be read (nested too deep)"),
    "a link for the manifest": (lambda folder: _link(folder / FILE), f"{FILE}: is a link; a release holds plain files alone"),
}


def _link(path: Path) -> None:
    path.rename(path.parent / "elsewhere")
    path.symlink_to(path.parent / "elsewhere")


@pytest.mark.parametrize("kind", WITHOUT_MANIFEST)
def test_what_the_manifest_does_not_know_is_named(release, kind):  # noqa: F811
    attack, says = WITHOUT_MANIFEST[kind]
    attack(release)
    lines = told(release)
    assert any(line.startswith(says) for line in lines), lines
    assert all(line.isprintable() and len(line) < 1_000 for line in lines)


def other_table(change: Callable[[pyarrow.Table], pyarrow.Table], **how: object) -> Attack:
    def attack(folder: Path) -> None:
        parquet.write_table(change(parquet.read_table(folder / TABLE)), folder / TABLE, **how)

    return attack


def with_ids(table: pyarrow.Table, ids: list) -> pyarrow.Table:
    return table.set_column(0, table.schema.field(0), pyarrow.array(ids, table.schema.field(0).type))


def long_ids(table: pyarrow.Table) -> pyarrow.Table:
    return with_ids(table, ["x" * 4_000_000] * len(table))


def many_rows(table: pyarrow.Table) -> pyarrow.Table:
    return pyarrow.concat_tables([table] * 10_000)


def hidden(table: pyarrow.Table) -> pyarrow.Table:
    return table.replace_schema_metadata({b"note": b"x" * 1_000_000})


def lists(table: pyarrow.Table) -> pyarrow.Table:
    return table.set_column(0, "draft_id", pyarrow.array([["a"] * 100] * len(table)))


MORE, COLUMNS = "it unpacks to more than the JSON lines", "its columns are not those of the table"
FRESH: dict[str, tuple[Attack, str]] = {
    "a Parquet bomb of one text": (other_table(long_ids, use_dictionary=False, compression="zstd"), f"{TABLE}: {MORE}"),
    "a text of the dictionary": (other_table(long_ids, compression="zstd"), f"{TABLE}: {MORE}"),
    "a Parquet bomb of rows": (other_table(many_rows), f"{TABLE}: it has not the "),
    "what no column has": (other_table(hidden), f"{TABLE}: {COLUMNS}"),
    "lists in Parquet": (other_table(lists), f"{TABLE}: {COLUMNS}"),
    "no Parquet": (holds(TABLE, b"PAR1"), f"{TABLE}: cannot be read as the table (Parquet"),
    "a deep line": (holds("gold.jsonl", b"[" * 1_000_000 + b"\n"), "gold.jsonl, line 1: is nested too deep"),
    "a line of no text": (holds("gold.jsonl", b"\xff\n"), "gold.jsonl, line 1: 'utf-8' codec can't decode"),
    "a level that is no number": (changed("gold.jsonl", b'"value":2', b'"value":NaN'), "gold.jsonl, line 1: NaN is not a JSON"),
    "a level of 4,000 digits": (
        changed("gold.jsonl", b'"value":2', b'"value":' + b"9" * 4_000),
        "gold.jsonl, line 1: a number of",
    ),
    "a formula in a cell": (changed("gold.csv", b"d02", b"'=cmd()"), "gold.csv: its rows of the partition dev are not those"),
    "a formula that is not guarded": (changed("gold.csv", b"d02", b"=cmd()"), "gold.csv: its rows of the partition dev are not"),
    "a quote that never ends": (changed("gold.csv", b"d02", b'"' + b"a\n" * 100_000), "gold.csv, row "),
    "a row of a million cells": (changed("gold.csv", b"d02", b"," * 1_000_000), "gold.csv, row 4: the row has 1,000,011 cells"),
    "zeros for a CSV": (holds("gold.csv", b"\0" * 100_000), "gold.csv, row 1: "),
    "an agreement of brackets": (holds("agreement.json", b"[" * 50_000), "agreement.json: is not JSON"),
    "a long agreement": (holds("agreement.json", b"[" + b"{}," * 200_000), "agreement.json: has 600,001 bytes, and what follows"),
    "a page that is not there": (lambda folder: (folder / "README.md").unlink(), "README.md: is not in the manifest, and every"),
    "a page more": (holds("more.md", b"more"), "more.md: is in the manifest, and no release has it"),
    "an id that moves the cursor": (changed("drafts.jsonl", b'"d01"', b'"\\u001b[2Jd01"'), "gold.jsonl, \\x1b[2Jd01 / "),
}


@pytest.mark.parametrize("kind", FRESH)
def test_what_a_fresh_manifest_covers_is_named_all_the_same(release, kind):  # noqa: F811
    attack, says = FRESH[kind]
    attack(release)
    forged(release)
    lines = [line.replace("cannot be read as the table (it", "it") for line in told(release)]
    assert any(line.startswith(says) for line in lines), lines[:3]
    assert all(line.isprintable() and len(line) < 1_000 for line in lines)


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"a: &a [x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a]\n", "line 1: &a is a YAML anchor"),
        (b"[" * 300_000, "the file has 300,000 bytes"),
        (b"x" * 5_000_001, "has more than 5 MB, and is not read"),
    ],
    ids=["anchors", "deep", "long"],
)
def test_a_hostile_rubric_is_not_unfolded(release, source, says):  # noqa: F811
    (release / "rubric.yml").write_bytes(source)
    forged(release, rubric=RubricTerms(name=RUBRIC.name, digest=sha256(source).hexdigest()))
    (line,) = told(release)
    assert line.startswith("rubric.yml: ") and says in line


def test_a_file_that_cannot_be_opened_is_named(release, monkeypatch):  # noqa: F811
    def closed(path: Path) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(of_folder, "terms_of_file", closed)
    assert told(release)[0].endswith(": cannot be read (Permission denied)")


def test_a_release_holds_no_more_partitions_than_its_files_can_be_open(tmp_path):
    def many(number: int):
        for place in range(number):
            made = whole(place, dict.fromkeys("ABC", 1), {})
            draft, task = made.draft._replace(partition=f"p{place}"), made.task._replace(partition=f"p{place}")
            labels = [each._replace(partition=f"p{place}") for each in made.labels]
            yield made._replace(draft=draft, task=task, labels=[each for each in labels if each.dimension == TONE])

    write(tmp_path / "most", of=lambda: many(100), flagged=())
    assert verify(tmp_path / "most").holds
    with pytest.raises(Refused, match="of more than 100 partitions, and a release holds no more; put them into fewer"):
        write(tmp_path / "more", of=lambda: many(101), flagged=())
