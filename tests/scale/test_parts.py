"""Parquet files scored into parts: complete, without doubles, resumed, and never mixed."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from types import ModuleType

import pyarrow
import pyarrow.parquet
import pytest

from tests.support.scored_parts import (
    PROJECT,
    RUBRIC,
    Deadly,
    command,
    digest_of_lines,
    digest_of_parts,
    drafts_there,
    one_task,
    rows,
    run,
    written,
)
from touchstone.errors import Refused
from touchstone.rubric.reading import read_rubric
from touchstone.scale import parts, running
from touchstone.scale.batches import BatchScorer
from touchstone.scale.on_processes import MOST_BREAKS, on_processes

DRAFTS = rows(60)


@pytest.fixture(autouse=True)
def a_main_module_of_nobody(monkeypatch):
    """A new process runs the main module of its parent, where a test of a page has left its page."""
    monkeypatch.setitem(sys.modules, "__main__", ModuleType("__main__"))


@pytest.fixture
def drafts(tmp_path):
    return written(tmp_path / "drafts.parquet", DRAFTS, 10)


@pytest.fixture(scope="module")
def rubric():
    return BatchScorer.of_file(RUBRIC).rubric


def score(rubric, drafts, folder, **more):
    return running.score_parquet(rubric, [drafts], folder, **more)


def stamps(folder):
    return {part.name: (part.stat().st_ino, part.stat().st_mtime_ns) for part in folder.glob("part-*.parquet")}


def test_a_part_per_row_group_and_the_same_scores_as_score_prints(rubric, drafts, tmp_path):
    done = score(rubric, drafts, tmp_path / "out")
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == [
        "_done.json",
        *(f"part-0000{n}.parquet" for n in range(6)),
    ]
    assert drafts_there(tmp_path / "out") == [each["draft_id"] for each in DRAFTS]
    assert done.digest == digest_of_lines(DRAFTS) == digest_of_parts(tmp_path / "out")
    said = json.loads((tmp_path / "out" / "_done.json").read_text())
    assert said["rubric"] == {"name": rubric.name, "sha256": rubric.digest}
    assert (said["digest"], said["drafts"], len(said["parts"])) == (done.digest, 60, 6)
    again = score(rubric, written(tmp_path / "other.parquet", DRAFTS, 25), tmp_path / "other")
    assert again.digest == done.digest and len(again.parts) == 3, "however the rows are cut"


def test_several_processes_make_the_same_parts(rubric, drafts, tmp_path):
    one, two = score(rubric, drafts, tmp_path / "one"), score(rubric, drafts, tmp_path / "two", engine=on_processes(2))
    assert one == two and digest_of_parts(tmp_path / "two") == one.digest


def test_a_broken_run_goes_on_and_what_is_done_is_untouched(rubric, drafts, tmp_path):
    folder, told = tmp_path / "out", []

    def breaks(scorer, left, folder, origin):
        for number, part in enumerate(left):
            if number == 2:
                raise KeyboardInterrupt
            yield parts.write_part(scorer, part, folder, origin)

    with pytest.raises(KeyboardInterrupt):
        score(rubric, drafts, folder, engine=breaks)
    assert len(before := stamps(folder)) == 2 and not (folder / "_done.json").exists()
    (folder / f".part-00002.parquet{parts.WRITING}dead").write_bytes(b"half")
    score(rubric, drafts, folder, began=lambda run: told.append((len(run.there), len(run.left))))
    assert told == [(2, 4)] and before.items() <= stamps(folder).items()
    assert drafts_there(folder) == [each["draft_id"] for each in DRAFTS] and not list(folder.glob(".*"))
    after = stamps(folder)
    score(rubric, drafts, folder)
    assert stamps(folder) == after, "a run that is complete scores nothing again"


@pytest.mark.parametrize("parts_before", [2, 4])  # of six: a third and two thirds
def test_killed_and_run_again(drafts, tmp_path, parts_before):
    drafts, folder = written(tmp_path / "long.parquet", rows(480), 80), tmp_path / "out"
    killed = subprocess.Popen(command("--parquet", drafts, "--to", folder, "--jobs", 2), cwd=PROJECT)
    until = time.monotonic() + 120
    while len(list(folder.glob("part-*.parquet"))) < parts_before and killed.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    before = stamps(folder)
    assert len(before) >= parts_before
    again = run("--parquet", drafts, "--to", folder, "--jobs", 2)
    assert again.returncode == 0, again.stderr
    assert before.items() <= stamps(folder).items(), "done parts are untouched"
    assert drafts_there(folder) == [each["draft_id"] for each in rows(480)] and (folder / "_done.json").exists()


def test_a_worker_that_is_killed_is_replaced(rubric, tmp_path):
    drafts = written(tmp_path / "long.parquet", rows(600), 50)
    killed = []

    def kill_one(_):
        if not killed and (workers := multiprocessing.active_children()):
            killed.append(workers[0].pid)
            os.kill(workers[0].pid, signal.SIGKILL)

    done = score(rubric, drafts, tmp_path / "out", engine=on_processes(2), progress=kill_one)
    assert killed and done.drafts == 600 and len(set(drafts_there(tmp_path / "out"))) == 600


def test_a_worker_that_ends_again_and_again_ends_the_run_with_a_sentence(rubric, drafts, tmp_path):
    left = list(running.parts_of(running.input_files([drafts])))
    with pytest.raises(Refused, match=f"ended {MOST_BREAKS} times .*the same command goes on there"):
        list(on_processes(2)(Deadly(rubric), left, str(tmp_path), running.origin_of(rubric, None)))


def test_parts_of_another_rubric_file_or_tasks_are_never_mixed(rubric, drafts, tmp_path):
    folder = tmp_path / "out"
    score(rubric, drafts, folder)
    before = stamps(folder)
    other = BatchScorer.of_file(RUBRIC.with_name("tenacious-v2.yml")).rubric
    with pytest.raises(Refused, match="is of the rubric tenacious-v3, digest .* and this run is of tenacious-v2"):
        score(other, drafts, folder)
    with pytest.raises(Refused, match="scored with other tasks"):
        score(rubric, drafts, folder, tasks=one_task("t"), tasks_digest="x")
    changed = written(tmp_path / "changed.parquet", [*DRAFTS[:-1], {**DRAFTS[-1], "text": "Hi"}], 10)
    with pytest.raises(Refused, match="of another file, or of one that has changed since"):
        score(rubric, changed, folder)
    with pytest.raises(Refused, match="holds part-00002.parquet, which these files do not make"):
        score(rubric, written(tmp_path / "short.parquet", DRAFTS[:20], 10), folder)
    (folder / "part-00003.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(Refused, match="part-00003.parquet is no part of such a run"):
        score(rubric, drafts, folder)
    assert {name: stamp for name, stamp in stamps(folder).items() if name != "part-00003.parquet"}.items() <= before.items()


def test_rows_that_are_no_drafts_are_named_and_the_other_parts_written(rubric, tmp_path):
    wrong = [{**each, "text": None} if place in (13, 17, 41) else each for place, each in enumerate(DRAFTS)]
    drafts = written(tmp_path / "wrong.parquet", wrong, 10)
    with pytest.raises(Refused, match="3 rows of the files are no draft.*4 other parts") as refused:
        score(rubric, drafts, tmp_path / "out", engine=on_processes(2))
    assert [problem.line for problem in refused.value.problems] == [14, 18, 42]
    assert all("text is missing" in problem.reason for problem in refused.value.problems)
    assert len(drafts_there(tmp_path / "out")) == 40 and not (tmp_path / "out" / "_done.json").exists()


@pytest.mark.parametrize("how", ["scores", "rows", "bytes"])
def test_a_part_whose_content_changed_is_refused(rubric, drafts, tmp_path, how):
    folder = tmp_path / "out"
    score(rubric, drafts, folder)
    part = folder / "part-00002.parquet"
    table, said = pyarrow.parquet.read_table(part), pyarrow.parquet.read_metadata(part).metadata
    if how == "scores":
        table = table.set_column(2, "final", pyarrow.array([0.0] * len(table)))
    if how == "bytes":
        content = part.read_bytes()
        part.write_bytes(content[:200] + bytes(400) + content[600:])
    else:
        kept = table.replace_schema_metadata({b"touchstone": said[b"touchstone"]})
        pyarrow.parquet.write_table(kept.slice(0, 1) if how == "rows" else kept, part)
    with pytest.raises(Refused, match="part-00002.parquet (has other scores than were written|is no part of such a run)"):
        score(rubric, drafts, folder)
    part.unlink()
    assert score(rubric, drafts, folder).digest == digest_of_lines(DRAFTS)


def test_a_row_group_that_cannot_be_read_is_named_and_the_others_scored(rubric, tmp_path):
    drafts = written(tmp_path / "long.parquet", rows(300), 100)
    place = pyarrow.parquet.read_metadata(drafts).row_group(1).column(2).data_page_offset
    content = bytearray(drafts.read_bytes())
    content[place : place + 300] = bytes(300)
    drafts.write_bytes(bytes(content))
    with pytest.raises(Refused, match="1 row group cannot be read; 2 other parts") as refused:
        score(rubric, drafts, tmp_path / "out")
    assert "long.parquet: row group 2 cannot be read" in refused.value.problems[0].reason


def test_however_many_parts_are_wrong_all_others_are_written(rubric, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "MOST_WRONG_PARTS", 2)
    wrong = [{**each, "text": None} if place % 10 == 3 and place < 40 else each for place, each in enumerate(DRAFTS)]
    with pytest.raises(Refused, match="at least 2 rows of the files are no draft.* 2 other parts"):
        score(rubric, written(tmp_path / "wrong.parquet", wrong, 10), tmp_path / "out")


def test_one_run_at_a_time_in_a_folder(rubric, drafts, tmp_path, monkeypatch):
    monkeypatch.setattr(running, "WAIT_FOR_LOCK", 0.2)
    with running._alone(tmp_path), pytest.raises(Refused, match="another run writes into"):
        score(rubric, drafts, tmp_path)
    assert score(rubric, drafts, tmp_path / "free").drafts == 60


def test_what_is_refused_of_files(rubric, drafts, tmp_path):
    (tmp_path / "no.parquet").write_bytes(b"no")
    pyarrow.parquet.write_table(pyarrow.table({"task_id": ["t"], "body": ["Hi"]}), tmp_path / "body.parquet")
    pyarrow.parquet.write_table(pyarrow.table({"text": ["Hi"]}), tmp_path / "text.parquet")
    (tmp_path / "empty").mkdir()
    for path, said in (
        ("no.parquet", "is no Parquet file that can be read"),
        ("body.parquet", 'has no column "text" or "output" .*its columns: body, task_id'),
        ("text.parquet", 'has neither a column "task_id" nor "id"'),
        ("nowhere.parquet", "cannot be read"),
        ("empty", "has no Parquet file"),
    ):
        with pytest.raises(Refused, match=said):
            score(rubric, tmp_path / path, tmp_path / "out")
    both = pyarrow.table({"task_id": ["t"], "text": ["Hi"], "input": ["x"], "input.a": ["y"]})
    pyarrow.parquet.write_table(both, tmp_path / "both.parquet")
    with pytest.raises(Refused, match="a column input and input.a beside it"):
        score(rubric, tmp_path / "both.parquet", tmp_path / "out")
    columns = [pyarrow.array(["t"]), pyarrow.array(["a"]), pyarrow.array(["b"])]
    twice = pyarrow.Table.from_arrays(columns, ["task_id", "text", "text"])
    pyarrow.parquet.write_table(twice, tmp_path / "twice.parquet")
    with pytest.raises(Refused, match="has the column text twice"):
        score(rubric, tmp_path / "twice.parquet", tmp_path / "out")
    (tmp_path / "in").mkdir()
    written(tmp_path / "in" / "drafts.parquet", DRAFTS, 10)
    with pytest.raises(Refused, match="scores among them would pass for drafts"):
        score(rubric, tmp_path / "in", tmp_path / "in")
    with pytest.raises(Refused, match="hold the same bytes"):
        running.score_parquet(rubric, [drafts, drafts], tmp_path / "out")


def test_a_folder_of_files_and_one_without_rows(rubric, tmp_path):
    (tmp_path / "in").mkdir()
    for number in range(3):
        written(tmp_path / "in" / f"{number}.parquet", DRAFTS[number * 20 : number * 20 + 20], 15)
    (tmp_path / "in" / "_metadata.parquet").write_bytes(b"not data")
    assert score(rubric, tmp_path / "in", tmp_path / "out").digest == digest_of_lines(DRAFTS)
    empty = pyarrow.Table.from_pylist(DRAFTS).slice(0, 0)
    pyarrow.parquet.write_table(empty, tmp_path / "none.parquet")
    assert score(rubric, tmp_path / "none.parquet", tmp_path / "none").drafts == 0


def test_levels_that_are_words_stay_words(tmp_path):
    support = read_rubric(PROJECT / "rubric_versions" / "support-replies-v1.yml")
    scorer = BatchScorer(support)
    assert scorer.schema.names == ["task_id", "draft_id", "final", "penalty", "scores"]
    done = running.score_parquet(support, [written(tmp_path / "r.parquet", DRAFTS[:5], 5)], tmp_path / "out")
    assert done.drafts == 5 and digest_of_parts(tmp_path / "out") == done.digest


def test_the_command_in_words(drafts, tmp_path):
    done = run("--parquet", drafts, "--to", tmp_path / "out")
    assert done.returncode == 0 and "60 drafts scored by tenacious-v3 in 6 parts" in done.stdout, done.stderr
    assert digest_of_lines(DRAFTS) in done.stdout
    for arguments, said in (
        (("--parquet", drafts), "name the folder that the scored parts go into"),
        (("--to", tmp_path), "name the file"),
        (("--parquet", drafts, "--to", tmp_path / "o", "--numbers"), "neither further files of drafts nor --numbers"),
        (("--parquet", drafts, "--to", tmp_path / "o", "--dask", "x", "--jobs", 2), "--dask or --jobs, not both"),
    ):
        refused = run(*arguments)
        assert refused.returncode == 1 and said in refused.stderr and "Traceback" not in refused.stderr
