"""Is a release what it says it is? One changed bit is named, and so is what was made up with a fresh manifest."""

import json
import os
import random
import shutil
from pathlib import Path

import pytest

from tests.releasing.small_release import CTA, TONE, choices, terms, whole, write
from touchstone.errors import Refused
from touchstone.releasing.making import digests_in
from touchstone.releasing.manifest import FILE, as_bytes, digest_of, read_manifest
from touchstone.releasing.verifying.verify import verify

BEFORE = {("d01", TONE): 1, ("gone", CTA): 2}


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("releases") / "one"
    write(folder, before=BEFORE, chosen=[*choices()])
    return folder


@pytest.fixture
def release(written, tmp_path) -> Path:
    return shutil.copytree(written, tmp_path / "copy")


def told(folder: Path, **more) -> list[str]:
    return [each.in_words() for each in verify(folder, **more).findings]


def forged(folder: Path, change=None, **terms_) -> None:
    """A fresh manifest over what is there now, as somebody would write it who has the program."""
    manifest = read_manifest((folder / FILE).read_bytes())
    (folder / FILE).unlink()
    with_terms = manifest.terms.model_copy(update=terms_)
    manifest = manifest.model_copy(update={"terms": with_terms, "files": digests_in(folder)})
    (folder / FILE).write_bytes(as_bytes(change(manifest) if change else manifest))


def test_a_release_that_was_just_written_holds(written):
    found = verify(written)
    assert (found.holds, list(found.findings)) == (True, [])
    assert found.digest == digest_of((written / FILE).read_bytes())
    assert found.as_json()["holds"] is True
    assert verify(written, digest=f"sha256:{found.digest}").holds


def test_the_same_terms_and_drafts_give_the_same_bytes(written, tmp_path):
    write(tmp_path / "again", before=BEFORE, chosen=[*choices()])
    assert {p.name: p.read_bytes() for p in (tmp_path / "again").iterdir()} == {p.name: p.read_bytes() for p in written.iterdir()}


def test_one_changed_bit_in_any_file_is_named(written, release):
    """Every file, at twelve places each, both ends among them."""
    rng = random.Random(7)
    for path in sorted(written.iterdir()):
        source = path.read_bytes()
        places = [0, len(source) - 1, *(rng.randrange(len(source)) for _ in range(10))]
        for place in places:
            changed = bytearray(source)
            changed[place] ^= 1 << rng.randrange(8)
            (release / path.name).write_bytes(changed)
            found = verify(release).findings
            assert [each.where for each in found] == [path.name], (path.name, place)
        (release / path.name).write_bytes(source)
    assert verify(release).holds


def test_missing_and_foreign_files_links_and_folders_are_named(release):
    (release / "gold.csv").unlink()
    (release / "more.txt").write_text("x")
    (release / "folder").mkdir()
    (release / "report.md").unlink()
    (release / "report.md").symlink_to("/etc/passwd")
    os.mkfifo(release / "pipe")
    assert sorted(told(release)) == [
        "folder: is a folder; a release holds plain files alone",
        "gold.csv: is missing",
        "more.txt: is not part of the release",
        "pipe: is no plain file; a release holds plain files alone",
        "report.md: is a link; a release holds plain files alone",
        "report.md: is missing",
    ]


def test_a_file_that_grew_is_named_without_being_read(release):
    os.truncate(release / "gold.csv", 50_000_000_000)  # sparse
    assert told(release)[0].startswith("gold.csv: has 50,000,000,000 bytes, and was written with ")


@pytest.mark.parametrize(
    ("source", "says"),
    [
        (b"", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        (b"[" * 100_000, "cannot be read"),
        (b'{"a": 1, "a": 2}\n', "appears twice"),
        (b'{"terms": NaN}\n', "NaN is not a JSON value"),
        (b"{}\n", "is not the manifest of a release: terms"),
        (b"[]\n", "is not the manifest of a release"),
        (b'{"terms": {"format": 9}}\n', "is of format 9, and this program reads format 3"),
        (b'{"sha256": 1' + b"0" * 5000 + b"}\n", "a number of 5,001 digits"),
    ],
    ids=["empty", "no text", "deep", "twice", "nan", "nothing", "a list", "newer", "digits"],
)
def test_a_broken_manifest_is_a_sentence(release, source, says):
    (release / FILE).write_bytes(source)
    (line,) = told(release)
    assert line.startswith(f"{FILE}: ") and says in line and len(line) < 400


def test_no_folder_and_no_manifest_are_sentences(tmp_path, release):
    with pytest.raises(Refused, match="is no folder"):
        verify(tmp_path / "nowhere")
    (release / FILE).unlink()
    assert told(release) == [f"{FILE}: is missing, so nothing can be checked; take the release from where it was published"]
    os.truncate(release / "gold.csv", 0)


def test_another_digest_than_the_one_that_was_kept_is_named(release):
    (line,) = told(release, digest="0" * 64)
    assert line.startswith(f"{FILE}: its digest is ") and "not the one that was kept" in line


def change(path: Path, old: str, new: str) -> None:
    text = path.read_bytes().decode()
    assert text.count(old) >= 1
    path.write_bytes(text.replace(old, new, 1).encode())


def consistently(folder: Path, table: str, old: str, new: str) -> None:
    """Change a row in every form of a table, as somebody would who knows them all, and write the manifest anew."""
    from tests.releasing.small_release import RUBRIC
    from touchstone.releasing.pages.all_pages import level_of_rubric
    from touchstone.releasing.rows import cells_of_line
    from touchstone.releasing.table_files import Splits, TableWriter
    from touchstone.releasing.tables import SHAPES, as_row

    path, level = folder / f"{table}.jsonl", level_of_rubric(RUBRIC)
    change(path, old, new)
    rows = [as_row(SHAPES[table], cells_of_line(SHAPES[table], line, level)) for line in path.read_bytes().splitlines(True)]
    for each in folder.glob(f"{table}*"):
        each.unlink()
    writer = TableWriter(folder, SHAPES[table], level, Splits())
    for row in rows:
        writer.add(row)
    made = writer.close()
    forged(folder, lambda manifest: manifest.model_copy(update={"tables": {**manifest.tables, table: made}}))


@pytest.mark.parametrize(
    ("table", "old", "new", "named"),
    [
        ("gold", f'"{TONE}","value":2,"source":"agreed"', f'"{TONE}","value":3,"source":"agreed"', f"gold.jsonl, d01 / {TONE}"),
        ("gold", '"value":0,"source":"adjudicated"', '"value":2,"source":"agreed"', f"gold.jsonl, d02 / {TONE}"),
        ("labels", '"value":3', '"value":1', f"gold.jsonl, d02 / {CTA}"),
        ("labels", '"annotator":"B"', '"annotator":"Z"', f"labels.jsonl, d01 / {TONE}"),
        ("labels", '"value":3', '"value":9', f"labels.jsonl, d02 / {CTA}"),
        ("labels", '"supersedes":101', '"supersedes":null', f"labels.jsonl, d01 / {TONE}"),
        ("labels", '"label_id":102', '"label_id":103', f"labels.jsonl, d01 / {TONE}"),
        ("adjudications", '"value":0', '"value":2', f"gold.jsonl, d02 / {TONE}"),
        ("left_out", '"because":"disagreement"', '"because":"skipped"', f"left_out.jsonl, d03 / {TONE}"),
        ("changes", '"after":2', '"after":0', f"changes.jsonl, d01 / {TONE}"),
        ("drafts", '"labels_owed":3', '"labels_owed":1', "drafts.jsonl, d01 / labels_owed"),
        ("drafts", '"partition":"dev"', '"partition":"held-out"', "drafts.jsonl, d02"),
        ("tasks", '"task_id":"t01"', '"task_id":"t77"', "drafts.jsonl, d01"),
        ("preferences", '"preferred":"a"', '"preferred":"b"', "preferences.jsonl, choice 1"),
        ("preferences", '"taken":"left"', '"taken":"right"', "preferences.jsonl, choice 1"),
        ("preferences", '"annotator":"E"', '"annotator":"B"', "preferences.jsonl, choice 6"),
        ("preferences", '"choice_id":2', '"choice_id":1', "preferences.jsonl, choice 1"),
        ("preferences", '"pair":2', '"pair":1', "preferences.jsonl, choice 2"),
        ("preferences", '"draft_a":"d02"', '"draft_a":"d01"', "preferences.jsonl, choice 2"),
        ("preferences", '"draft_b":"x01"', '"draft_b":"d01"', "preferences.jsonl, choice 1"),
        ("preferences", '"text_a":"Invented draft 4."', '"text_a":"Invented."', "preferences.jsonl, d04"),
        ("preferences", '"author_a":"hidden"', '"author_a":null', "preferences.jsonl, choice 5"),
        ("preferences", '"partition":"dev"', '"partition":"held-out"', "preferences.jsonl, choice 2"),
        ("preferences", '"task_id":"t03"', '"task_id":"t77"', "preferences.jsonl, choice 3"),
        ("preferences", '"comparison":"which"', '"comparison":"other"', "preferences.jsonl, choice 1"),
        ("preferences", '"repeat":true', '"repeat":false', "preferences.jsonl, choice 5"),
    ],
)
def test_a_forged_cell_with_a_fresh_manifest_is_named(release, table, old, new, named):
    consistently(release, table, old, new)
    assert named in [each.where for each in verify(release).findings]


def test_one_form_of_a_table_that_says_something_else_is_named(release, written):
    shutil.copy(release / "gold-dev.parquet", release / "gold-held_out.parquet")
    forged(release)
    assert any(line.startswith("gold-held_out.parquet: ") for line in told(release))
    shutil.copytree(written, release, dirs_exist_ok=True)
    text = (release / "gold.csv").read_text()
    (release / "gold.csv").write_text(text.replace(",agreed,", ",single,", 1))
    forged(release)
    assert any(line.startswith("gold.csv: its rows") for line in told(release))


@pytest.mark.parametrize("page", ["README.md", "report.md", "DATASHEET.md", "CITATION.cff", "croissant.json", "datapackage.json"])
def test_a_page_that_says_something_else_is_named(release, page):
    with (release / page).open("ab") as out:
        out.write(b"more\n")
    forged(release)
    assert [line.split(":")[0] for line in told(release)] == [page]


def test_a_forged_figure_is_named_with_its_place(release):
    document = json.loads((release / "agreement.json").read_bytes())
    document["dimensions"][TONE]["overall"]["percent"]["value"] = 0.99
    (release / "agreement.json").write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n")
    forged(release)
    (line,) = told(release)
    assert line.startswith(f"agreement.json, dimensions.{TONE}.overall.percent.value: says 0.99; the labels give 0.")


def test_forged_terms_and_counts_are_named(release):
    forged(release, flagged=())
    assert any("names as flagged none" in line or line.startswith("gold.jsonl") for line in told(release))


def test_a_policy_that_the_gold_does_not_follow_is_named(release):
    policy = terms().policy.model_copy(update={"with_single": False})
    forged(release, policy=policy)
    assert any(line.startswith(f"gold.jsonl, d04 / {TONE}: has 1 (single") for line in told(release))


def test_a_release_says_what_changed_since_the_one_before(release):
    rows = [json.loads(line) for line in (release / "changes.jsonl").read_text().splitlines()]
    by = {(row["draft_id"], row["dimension"]): (row["change"], row["before"], row["after"]) for row in rows}
    assert by["d01", TONE] == ("changed", 1, 2)
    assert by["gone", CTA] == ("removed", 2, None)
    assert by["d02", TONE] == ("added", None, 0)


def test_nothing_leaves_while_cells_wait_unless_they_are_left_out(tmp_path):
    with pytest.raises(Refused, match="7 cells of pilot are waiting for adjudication"):
        write(tmp_path / "one", policy=terms().policy.model_copy(update={"partial": False}))
    with pytest.raises(Refused, match="below its threshold"):
        write(tmp_path / "two", policy=terms().policy.model_copy(update={"with_flagged": False}))
    with pytest.raises(Refused, match="there is no gold to release"):
        write(tmp_path / "three", of=lambda: iter([whole(3, {"A": 0, "B": 1, "C": 2}, {})]), flagged=())


def test_majority_needs_three_labels_and_more_than_half(tmp_path):
    made = write(tmp_path / "one", policy=terms().policy.model_copy(update={"rule": "majority"}))
    assert made.levels["d03", TONE] == 2 and ("d03", CTA) not in made.levels
    assert made.levels["d02", TONE] == 0, "a decision stands"
    assert verify(tmp_path / "one").holds


def test_outdated_dimensions_are_left_out_and_counted(tmp_path):
    made = write(tmp_path / "one", outdated={CTA: "next-v2"})
    assert {key for _, key in made.levels} == {TONE}
    assert made.manifest.counts[CTA].left_out == {"outdated": 11}
    assert verify(tmp_path / "one").holds
    assert "next-v2" in (tmp_path / "one" / "README.md").read_text()
