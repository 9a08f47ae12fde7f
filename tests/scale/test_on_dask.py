"""Parts scored by a Dask cluster of this machine (make test-scale)."""

import os
import signal
import subprocess
import time

import pytest

from tests.support.scored_parts import (
    PROJECT,
    RUBRIC,
    command,
    digest_of_lines,
    digest_of_parts,
    drafts_there,
    rows,
    run,
    written,
)
from touchstone.errors import Refused
from touchstone.scale import running
from touchstone.scale.batches import BatchScorer
from touchstone.scale.on_dask import on_dask

distributed = pytest.importorskip("distributed", reason="the extra scale is not installed: make test-scale")
DRAFTS = rows(400)


@pytest.fixture(scope="module")
def cluster():
    nanny = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**nanny) as local:
        yield local


@pytest.fixture
def drafts(tmp_path):
    return written(tmp_path / "drafts.parquet", DRAFTS, 25)


def score(drafts, folder, address, **more):
    rubric = BatchScorer.of_file(RUBRIC).rubric
    return running.score_parquet(rubric, [drafts], folder, engine=on_dask(address), **more)


def test_the_same_scores_as_of_one_process(cluster, drafts, tmp_path):
    done = score(drafts, tmp_path / "out", cluster.scheduler_address)
    assert done.digest == digest_of_lines(DRAFTS) == digest_of_parts(tmp_path / "out") and len(done.parts) == 16


def test_a_worker_that_is_killed(cluster, drafts, tmp_path):
    killed = []

    def kill_one(_):
        if not killed:
            killed.append(_worker_of(cluster))
            os.kill(killed[0], signal.SIGKILL)

    done = score(drafts, tmp_path / "out", cluster.scheduler_address, progress=kill_one)
    assert killed and done.digest == digest_of_lines(DRAFTS) and len(set(drafts_there(tmp_path / "out"))) == 400


def _worker_of(cluster):
    with distributed.Client(cluster) as client:
        return next(iter(client.run(os.getpid).values()))


@pytest.mark.parametrize("parts_before", [5, 10])
def test_a_driver_that_is_killed(cluster, drafts, tmp_path, parts_before):
    folder = tmp_path / "out"
    asked = ("--parquet", drafts, "--to", folder, "--dask", cluster.scheduler_address)
    killed, until = subprocess.Popen(command(*asked), cwd=PROJECT), time.monotonic() + 120
    while len(list(folder.glob("part-*.parquet"))) < parts_before and killed.poll() is None and time.monotonic() < until:
        time.sleep(0.005)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    before = {part.name: part.stat().st_ino for part in folder.glob("part-*.parquet")}
    again = run(*asked)
    assert again.returncode == 0, again.stderr
    assert before.items() <= {part.name: part.stat().st_ino for part in folder.glob("part-*.parquet")}.items()
    assert drafts_there(folder) == [each["draft_id"] for each in DRAFTS]


def test_the_only_worker_is_killed_and_made_anew_and_a_lost_scheduler_is_a_sentence(drafts, tmp_path):
    alone = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    killed = []

    def kill_it(_):
        if not killed:
            killed.append(_worker_of(local))
            os.kill(killed[0], signal.SIGKILL)

    with distributed.LocalCluster(**alone) as local:
        done = score(drafts, tmp_path / "out", local.scheduler_address, progress=kill_it)
    assert killed and done.digest == digest_of_lines(DRAFTS)
    local = distributed.LocalCluster(**alone)
    with pytest.raises(Refused, match="the Dask cluster was lost|no worker|no Dask scheduler"):
        score(drafts, tmp_path / "lost", local.scheduler_address, progress=lambda _: local.close())
    local.close()


def test_wrong_rows_are_named(cluster, tmp_path):
    wrong = written(tmp_path / "wrong.parquet", [*DRAFTS[:30], {**DRAFTS[30], "text": None}], 10)
    with pytest.raises(Refused, match="1 row of the files is no draft") as refused:
        score(wrong, tmp_path / "out", cluster.scheduler_address)
    assert [problem.line for problem in refused.value.problems] == [31]


def test_nobody_answers_and_nobody_works(drafts, tmp_path, monkeypatch):
    monkeypatch.setattr("touchstone.scale.on_dask.SECONDS_TO_ANSWER", 1)
    for address in ("tcp://127.0.0.1:9", "nonsense"):
        with pytest.raises(Refused, match=f"no Dask scheduler answers at {address}"):
            score(drafts, tmp_path / "out", address)
    idle = {"n_workers": 0, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**idle) as local, pytest.raises(Refused, match="has no worker"):
        score(drafts, tmp_path / "out", local.scheduler_address)
