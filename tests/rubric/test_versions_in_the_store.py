"""Finished versions are in the store as well as in rubric_versions/: a read-only tree, two processes, a save broken off."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import manage
from db.engine import migrate
from tests.support.older_stores import older_copy
from tests.support.refusals import refusal
from tests.support.rubric_files import ONE, TWO, version
from tests.support.small_stores import TONE, change, opened, people, rows, stock
from workflow.maintenance.store_check import check_store
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round
from workflow.rubric import rubrics
from workflow.rubric.new_rubric import begin_from_template, write_from_template
from workflow.rubric.next_version import discard, keep_words, save, start_over, take_back
from workflow.rubric.unfinished_version import before_first, unfinished
from workflow.rubric.versions import compare_versions, names_of_rubrics, publish
from workflow.scorer.scoring import rubric_to_score_by

pytestmark = pytest.mark.usefixtures("rubric_folder")
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def ana(engine):
    return people(engine, "ana", "ben")[0]


@pytest.fixture
def read_only(monkeypatch):
    """Files can be read and not written: as in an image, whoever runs the tests."""

    def cannot(*_args, **_more):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    read = Path.open
    monkeypatch.setattr(Path, "open", lambda path, mode="r", *a, **m: read(path, mode, *a, **m) if mode[0] == "r" else cannot())
    for name in ("write_bytes", "replace", "hardlink_to", "unlink"):
        monkeypatch.setattr(Path, name, cannot)


def elsewhere(monkeypatch, folder: Path) -> None:
    """From here on the program is another process, whose tree has the first version alone."""
    source = (rubrics.FOLDER / f"{ONE}.yml").read_bytes()
    folder.mkdir()
    (folder / f"{ONE}.yml").write_bytes(source)
    monkeypatch.setattr(rubrics, "FOLDER", folder)


def reword(person, engine, words: str) -> None:
    found = unfinished(person, engine, ONE)
    keep_words(person, engine, ONE, (*found.place(TONE), "levels", 2, "anchor"), words)


def saved(person, engine, words: str = "Other words.") -> str:
    reword(person, engine, words)
    return save(person, engine, ONE)


def words_of(engine, name: str = TWO) -> str:
    return rubrics.rubric_named(engine, name).dimension(TONE).level(2).anchor


def round_under(person, engine, name: str):
    return open_round(person, engine, RoundDesign("pilot", rubric=name, annotators=("ana", "ben")))


def file(engine, name: str = TWO):
    return next(each for each in rubrics.rubric_files(engine) if each.name == name)


def test_what_one_process_saves_another_has_at_once_for_everything(engine, ana, monkeypatch, tmp_path):
    stock(engine, ana, 4)
    saved(ana, engine)
    assert file(engine)[4:] == (True, True, "")
    elsewhere(monkeypatch, tmp_path / "other")
    assert not (rubrics.FOLDER / f"{TWO}.yml").exists()
    assert (file(engine).in_folder, file(engine).is_changed, file(engine).published_digest) == (False, False, None)
    assert file(engine).note.startswith(f"{TWO} is in the store and not in rubric_versions/ on this server")
    assert words_of(engine) == "Other words." and rubric_to_score_by(engine, TWO).version == 2
    assert [each.key for each in compare_versions(engine, ONE, TWO).changed] == [TONE]
    assert unfinished(ana, engine, ONE).exists and unfinished(ana, engine, TWO).name == "tenacious-v3"
    assert "tenacious" in names_of_rubrics(engine)
    digest = publish(ana, engine, TWO, "why").digest
    assert round_under(ana, engine, TWO).rubric_digest == digest == file(engine).published_digest
    assert check_store(engine) == []


def test_a_server_that_cannot_write_its_tree_does_all_of_it(engine, ana, read_only):
    stock(engine, ana, 4)
    assert saved(ana, engine) == TWO and not (rubrics.FOLDER / f"{TWO}.yml").exists()
    assert take_back(ana, engine, TWO) == ONE
    assert saved(ana, engine, "Better words.") == TWO and words_of(engine) == "Better words."
    begin_from_template(ana, engine, "essays", "essay")
    assert save(ana, engine, before_first("essays")) == "essays-v1"
    assert write_from_template(engine, "replies", "support-reply") == "replies-v1"
    assert "essays-v1.yml is in the store already" in refusal(begin_from_template, ana, engine, "essays", "essay")
    assert [each.name for each in rubrics.rubric_files(engine)] == ["essays-v1", "replies-v1", ONE, TWO]
    assert publish(ana, engine, "essays-v1", "the first").name == "essays-v1"
    assert round_under(ana, engine, TWO).rubric == TWO
    discard(ana, engine, "replies-v1")
    assert "cannot be read" in refusal(rubrics.rubric_named, engine, "replies-v1")
    assert sorted(path.name for path in rubrics.FOLDER.iterdir()) == [f"{ONE}.yml"]
    assert check_store(engine) == []


def test_an_earlier_save_in_the_tree_of_another_process_is_passed_over_and_replaced(engine, ana, monkeypatch, tmp_path):
    saved(ana, engine, "First words.")
    here = rubrics.FOLDER
    elsewhere(monkeypatch, tmp_path / "other")
    take_back(ana, engine, TWO)
    saved(ana, engine, "Second words.")
    monkeypatch.setattr(rubrics, "FOLDER", here)
    assert words_of(engine) == "Second words."
    assert file(engine).note.startswith(f"{TWO}.yml in rubric_versions/ is an earlier save; what was saved by ana on ")
    take_back(ana, engine, TWO)
    saved(ana, engine, "Third words.")
    assert file(engine)[4:] == (True, True, "") and "Third words." in (here / f"{TWO}.yml").read_text("utf-8")


def test_a_saved_file_that_a_person_changes_counts_until_it_is_published_and_never_after(engine, ana):
    saved(ana, engine)
    path = rubrics.FOLDER / f"{TWO}.yml"
    path.write_text(path.read_text("utf-8").replace("Other words.", "Words by hand."), "utf-8")
    assert words_of(engine) == "Words by hand." and file(engine).in_folder
    assert file(engine).note.startswith(f"{TWO}.yml was changed in rubric_versions/ since it was saved by ana on ")
    take_back(ana, engine, TWO)
    assert saved(ana, engine, "Words in a box.") == TWO and "Words in a box." in path.read_text("utf-8")
    assert rows(engine, "SELECT count(*) FROM rubric_versions WHERE name = :name", name=TWO) == [(3,)], "nothing is lost"
    publish(ana, engine, TWO, "why")
    path.write_text(path.read_text("utf-8") + "# by hand\n", "utf-8")
    assert file(engine).is_changed and "has changed since it was published" in refusal(rubrics.rubric_named, engine, TWO)
    assert check_store(engine) == [f"{TWO}.yml is no longer what was published; restore the old file"]
    path.unlink()
    assert words_of(engine) == "Words in a box." and check_store(engine) == []


def test_what_is_published_from_a_file_takes_the_place_of_what_was_saved(engine, ana, monkeypatch, tmp_path):
    saved(ana, engine)
    path = rubrics.FOLDER / f"{TWO}.yml"
    path.write_text(path.read_text("utf-8").replace("Other words.", "Words by hand."), "utf-8")
    publish(ana, engine, TWO, "why")
    elsewhere(monkeypatch, tmp_path / "other")
    assert words_of(engine) == "Words by hand."
    standing = "SELECT count(*) FROM rubric_versions WHERE finished_at IS NOT NULL AND superseded_at IS NULL AND name = :name"
    assert rows(engine, standing, name=TWO) == [(1,)]


def test_of_two_who_save_one_name_the_second_is_told_and_keeps_what_they_typed(engine, ana, monkeypatch, tmp_path):
    (ben,) = people(engine, "ben")
    reword(ben, engine, "Ben's words.")
    saved(ana, engine)
    elsewhere(monkeypatch, tmp_path / "other")
    assert refusal(save, ben, engine, ONE) == (
        f"{TWO} is saved in the store already and is not overwritten; begin from {TWO}, or go on writing it"
    )
    assert unfinished(ben, engine, ONE).is_kept and words_of(engine) == "Other words."
    start_over(ben, engine, ONE)
    take_back(ben, engine, TWO)
    take_back(ana, engine, TWO)
    reword(ben, engine, "Ben's words.")
    saved(ana, engine, "Ana's words.")
    assert refusal(save, ben, engine, ONE).startswith(f"{TWO}.yml was changed in rubric_versions/ since you took it up")
    elsewhere(monkeypatch, tmp_path / "third")
    assert refusal(save, ben, engine, ONE).startswith(f"{TWO} was saved by somebody else since you took it up")
    assert words_of(engine) == "Ana's words."


KILLED = """
import os, signal, sys
from pathlib import Path
from db.engine import open_engine
from workflow.people.people import person_named
from workflow.rubric import next_version, rubrics
url, folder, where = sys.argv[1:]
rubrics.FOLDER = Path(folder)
def die(*_):
    os.kill(os.getpid(), signal.SIGKILL)
at = {"before the commit": (next_version.stored, "drop_unfinished"), "before the file": (rubrics, "copy_to_folder"),
      "before the file is in its place": (rubrics.Path, "hardlink_to")}
setattr(*at[where], die)
engine = open_engine(url)
next_version.save(person_named(engine, "ana"), engine, "tenacious-v1")
"""


@pytest.mark.parametrize("where", ["before the commit", "before the file", "before the file is in its place"])
def test_a_save_that_is_killed_is_whole_or_not_there_and_can_be_made_again(engine, ana, where):
    reword(ana, engine, "Other words.")
    url = engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", KILLED, url, str(rubrics.FOLDER), where], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == -9, done.stderr
    assert not (rubrics.FOLDER / f"{TWO}.yml").exists()
    if where == "before the commit":
        assert rows(engine, "SELECT count(*) FROM rubric_versions") == [(0,)]
        assert unfinished(ana, engine, ONE).is_kept and save(ana, engine, ONE) == TWO
    else:
        assert words_of(engine) == "Other words." and not file(engine).in_folder and not unfinished(ana, engine, ONE).is_kept
        take_back(ana, engine, TWO)
        assert save(ana, engine, ONE) == TWO
    assert file(engine).in_folder and words_of(engine) == "Other words." and check_store(engine) == []
    assert sorted(path.name for path in rubrics.FOLDER.iterdir()) == [f"{ONE}.yml", f"{TWO}.yml"]


def test_what_was_written_before_the_store_had_it_is_no_file_in_the_way(engine, ana):
    """The same bytes are there as a file alone: an earlier Touchstone wrote the file first, and was killed."""
    reword(ana, engine, "Other words.")
    (rubrics.FOLDER / f"{TWO}.yml").write_text(unfinished(ana, engine, ONE).source, "utf-8")
    assert save(ana, engine, ONE) == TWO and words_of(engine) == "Other words."


def test_a_file_that_was_taken_back_is_kept_in_the_store_when_it_is_replaced(engine, ana, monkeypatch):
    by_hand = (rubrics.FOLDER / f"{version(2)}.yml").read_bytes()
    take_back(ana, engine, TWO)
    monkeypatch.setattr(rubrics, "copy_to_folder", lambda *_: None)  # as if killed before it
    saved(ana, engine)
    assert words_of(engine) == "Other words.", "the file is what was taken back, not another change"
    assert rows(engine, "SELECT source FROM rubric_versions WHERE superseded_at IS NOT NULL") == [(by_hand,)]


def test_a_saved_version_is_discarded_and_its_name_is_free_again(engine, ana):
    saved(ana, engine)
    discard(ana, engine, TWO)
    assert not (rubrics.FOLDER / f"{TWO}.yml").exists() and not unfinished(ana, engine, ONE).exists
    assert refusal(discard, ana, engine, TWO).startswith(f"{TWO} was not saved here")
    saved(ana, engine, "Better words.")
    publish(ana, engine, TWO, "why")
    assert refusal(discard, ana, engine, TWO).startswith(f"{TWO} is published, and a published version stays")
    assert words_of(engine) == "Better words." and check_store(engine) == []


def in_two_trees(engine, ana, monkeypatch, tmp_path) -> Path:
    """A version that two processes with a tree each have as a file, discarded in the one; from here on it is the other."""
    saved(ana, engine)
    here, source = rubrics.FOLDER, (rubrics.FOLDER / f"{TWO}.yml").read_bytes()
    elsewhere(monkeypatch, tmp_path / "other")
    (rubrics.FOLDER / f"{TWO}.yml").write_bytes(source)
    there = rubrics.FOLDER
    monkeypatch.setattr(rubrics, "FOLDER", here)
    assert discard(ana, engine, TWO) == f"{TWO} is discarded."
    monkeypatch.setattr(rubrics, "FOLDER", there)
    return there / f"{TWO}.yml"


@pytest.mark.both_databases
def test_a_version_that_was_discarded_is_none_in_another_tree_that_has_its_file(engine, ana, monkeypatch, tmp_path):
    path = in_two_trees(engine, ana, monkeypatch, tmp_path)
    stock(engine, ana, 4)
    said = f"{TWO}.yml in rubric_versions/ is an earlier save, discarded, and counts no longer"
    assert file(engine).note.startswith(said) and file(engine).rubric is None and file(engine).is_discarded
    for refused in (
        refusal(publish, ana, engine, TWO, "why"),
        refusal(round_under, ana, engine, TWO),
        refusal(take_back, ana, engine, TWO),
        refusal(rubrics.rubric_named, engine, TWO),
    ):
        assert refused.startswith(said), refused
    assert not unfinished(ana, engine, ONE).exists and check_store(engine) == []
    assert saved(ana, engine, "Better words.") == TWO and words_of(engine) == "Better words."
    assert "Better words." in path.read_text("utf-8") and file(engine)[4:] == (True, True, "")


def test_a_discarded_name_is_free_for_a_new_rubric_in_any_tree(engine, ana):
    begin_from_template(ana, engine, "essays", "essay")
    save(ana, engine, before_first("essays"))
    path = rubrics.FOLDER / "essays-v1.yml"
    source = path.read_bytes()
    discard(ana, engine, "essays-v1")
    path.write_bytes(source)  # the tree of another process
    assert write_from_template(engine, "essays", "essay") == "essays-v1"
    assert rubrics.rubric_named(engine, "essays-v1").version == 1 and file(engine, "essays-v1").in_folder


def test_a_file_that_no_save_made_counts_after_a_save_over_it_was_discarded(engine, ana):
    by_hand = (rubrics.FOLDER / f"{version(2)}.yml").read_bytes()
    take_back(ana, engine, TWO)
    saved(ana, engine)
    discard(ana, engine, TWO)
    (rubrics.FOLDER / f"{TWO}.yml").write_bytes(by_hand)  # put back, as git does
    assert rubrics.rubric_named(engine, TWO).version == 2 and file(engine).note == ""


def test_discarding_says_that_a_file_changed_by_hand_stays_and_counts(engine, ana):
    saved(ana, engine)
    path = rubrics.FOLDER / f"{TWO}.yml"
    path.write_text(path.read_text("utf-8").replace("Other words.", "Words by hand."), "utf-8")
    assert discard(ana, engine, TWO) == (
        f"What was saved of {TWO} is discarded. The file {TWO}.yml in rubric_versions/ was changed since and stays, and counts "
        "as the version: remove it yourself."
    )
    assert words_of(engine) == "Words by hand." and refusal(discard, ana, engine, TWO).endswith(
        "remove its file from rubric_versions/"
    )


def test_damaged_bytes_are_told_and_a_file_that_has_them_takes_their_place(engine, ana, monkeypatch, tmp_path):
    saved(ana, engine)
    publish(ana, engine, TWO, "why")
    change(engine, "UPDATE rubric_versions SET source = :source", source=b"rubric: [")
    assert words_of(engine) == "Other words.", "from the file"
    elsewhere(monkeypatch, tmp_path / "other")
    rubrics._FILES._values.clear()
    assert refusal(rubrics.rubric_named, engine, TWO).startswith(f"the stored bytes of rubric {TWO} do not match its digest")
    assert (file(engine).rubric, file(engine).problems) == (None, ()) and "do not match its digest" in file(engine).note
    assert any(f"rubric {TWO} do not match" in each and "restore a backup" in each for each in check_store(engine))


def test_a_version_is_written_to_a_file_by_a_command_and_nothing_is_overwritten(
    sqlite_engine, monkeypatch, tmp_path, rubric_folder
):
    (ana,) = people(sqlite_engine, "ana")
    saved(ana, sqlite_engine)
    source = (rubric_folder / f"{TWO}.yml").read_bytes()
    elsewhere(monkeypatch, tmp_path / "other")
    monkeypatch.setenv("TOUCHSTONE_DATABASE_URL", sqlite_engine.url.render_as_string(hide_password=False))

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(manage.app, ["export-rubric", *arguments])
        return done.exit_code, done.output

    to = tmp_path / "kept"
    to.mkdir()
    assert run(TWO, "--to", str(to)) == (0, f"{TWO} is in {to / TWO}.yml\n")
    assert (to / f"{TWO}.yml").read_bytes() == source
    assert run(TWO, "--to", str(to))[0] == 0, "the same once more"
    (to / f"{TWO}.yml").write_text("mine")
    code, said = run(TWO, "--to", str(to / f"{TWO}.yml"))
    assert code == 1 and "is there already, with other content, and is not overwritten" in " ".join(said.split())
    code, said = run("nowhere-v1", "--to", str(to))
    assert code == 1 and f"rubric_versions/ has {ONE}, the store {TWO}" in " ".join(said.split())
    code, said = run(TWO, "--to", str(tmp_path / "no" / "where.yml"))
    assert code == 1 and "cannot be written (No such file or directory)" in " ".join(said.split())


@pytest.mark.parametrize("revision", ["0001", "0007", "0010", "0013"])
def test_what_an_earlier_store_published_stands_as_finished_by_who_published_it(engine, ana, empty_url, revision):
    stock(engine, ana, 4)
    opened(engine, ana)
    published = rows(engine, "SELECT name, digest FROM rubric_versions WHERE published_at IS NOT NULL")
    assert len(published) == 1
    old = older_copy(engine, empty_url, revision)
    migrate(old)
    as_published = "finished_at = published_at AND finished_by = published_by AND superseded_at IS NULL"
    assert rows(old, f"SELECT name, digest FROM rubric_versions WHERE {as_published}") == published
    wrong = check_store(old)
    if revision == "0013":  # its events tell digests of rows that have today's columns
        wrong = [each for each in wrong if "rows of rubric_versions were changed by another hand" not in each]
    assert wrong == []
    old.dispose()


def test_labels_under_a_file_finish_no_version(engine, ana):
    """A label set keeps the bytes it was read by; the version is no more in the store by that than it was."""
    change(engine, "INSERT INTO rubric_versions (name, digest, source) VALUES ('any-v1', 'x', :source)", source=b"x")
    assert [each.name for each in rubrics.rubric_files(engine)] == [ONE]
