"""Drafts of Parquet files scored at two sizes, in a pool and on Dask; labels counted by DuckDB. `make bench-scale` runs it.

    PYTHONPATH=. .venv-scale/bin/python benchmarks/scale/run.py [--drafts 1000000] [--labels 100000000]

Memory is that of the largest process of a run. It is measured with a rubric of one check, since it does not depend on them;
the pool and Dask are compared in processor seconds with a shipped rubric, on a tenth of the drafts. Nothing fails by a figure.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.machine import aim, machine

SHIPPED = "rubric_versions/tenacious-v3.yml"
SMALL = """rubric: small
version: 1
title: Small
dimensions:
  - key: ask
    title: Ask
    question: Does it ask for a call?
    scale: ordinal
    weight: 1
    levels:
      - {value: 0, title: Nothing, anchor: It asks for nothing.}
      - {value: 1, title: Call, anchor: It asks for a call.}
    agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
    checks:
      - {name: ask, extends: phrase, message: "'%s' asks", tokens: [call next week], hit: [a call next week], miss: [mine]}
    examples:
      - {level: 0, draft: "We have two engineers."}
      - {level: 1, draft: "Would a call next week suit you?"}
    scoring:
      - {level: 1, because: it asks, any: [ask]}
      - {level: 0, because: nothing asks}
"""
GROUP = 10_000  # rows
JOBS = "2"


def write_drafts(path: Path, number: int, group: int = GROUP) -> None:
    """Mails that differ by a line, with a task each two."""
    import pyarrow
    import pyarrow.parquet

    from benchmarks.scorer_speed import mails

    texts, writer = mails(2_000), None
    for first in range(0, number, group):
        rows = [
            {
                "task_id": f"t{place // 2}",
                "draft_id": f"d{place}",
                "text": f"{texts[place % len(texts)]}\nPS {place}",
                "input": {"company": "Larkspur Robotics", "open_roles": place % 50},
            }
            for place in range(first, min(first + group, number))
        ]
        table = pyarrow.Table.from_pylist(rows)
        writer = writer or pyarrow.parquet.ParquetWriter(path, table.schema)
        writer.write_table(table, row_group_size=group)
    if writer:
        writer.close()


def write_labels(path: Path, number: int) -> None:
    """So many labels of two people on five dimensions, in the order of drafts."""
    import duckdb

    with duckdb.connect(config={"memory_limit": "2GB", "threads": 2}) as store:
        store.execute(
            "COPY (SELECT 'draft-' || unit AS task_id, annotator, 'dimension_' || dimension AS dimension,"
            " CAST((hash(unit, dimension) % 4 + CAST(hash(unit, dimension, annotator) % 10 = 0 AS INT)) % 4 AS INT) AS value"
            f" FROM range({number // 10}) t(unit), (VALUES ('ana'), ('ben')) a(annotator), range(5) d(dimension))"
            f" TO '{path}' (FORMAT parquet)"
        )


def ran(*command: str) -> tuple[float, float, float]:
    """Seconds, processor seconds and MB of the largest process of a command and what it started. The system counts the memory
    that a process had before it became another one, so this one stays small: what takes memory is done by children."""
    began = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def scored(rubric: str, drafts: Path, to: Path, *how: str) -> tuple[float, float, float]:
    command = [sys.executable, "-m", "touchstone.cli.main", "score", "--rubric", rubric, "--parquet", str(drafts)]
    return ran(*command, "--to", str(to), *how)


def on_dask(rubric: str, drafts: str, to: str) -> None:
    """In a process of its own, so that the workers' processor time is counted with it."""
    import distributed

    from touchstone.scale.batches import BatchScorer
    from touchstone.scale.on_dask import on_dask as engine
    from touchstone.scale.running import score_parquet

    here = {"n_workers": int(JOBS), "threads_per_worker": 1, "dashboard_address": None, "host": "127.0.0.1"}
    with distributed.LocalCluster(**here) as cluster:
        score_parquet(BatchScorer.of_file(rubric).rubric, [Path(drafts)], Path(to), engine=engine(cluster.scheduler_address))


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--drafts", type=int, default=1_000_000)
    asked.add_argument("--labels", type=int, default=100_000_000)
    asked.add_argument("--dask", nargs=3, metavar=("RUBRIC", "DRAFTS", "DIR"))
    for of in ("drafts", "labels"):
        asked.add_argument(f"--write-{of}", nargs=2, metavar=("FILE", "NUMBER"))
    given = asked.parse_args()
    if given.dask:
        return on_dask(*given.dask)
    if given.write_drafts:
        return write_drafts(Path(given.write_drafts[0]), int(given.write_drafts[1]))
    if given.write_labels:
        return write_labels(Path(given.write_labels[0]), int(given.write_labels[1]))
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tenth, whole = given.drafts // 10, given.drafts
        small = folder / "small-v1.yml"
        small.write_text(SMALL)
        sizes = {}
        for number in (tenth, whole):
            ran(sys.executable, __file__, "--write-drafts", str(folder / f"{number}.parquet"), str(number))
            sizes[number] = scored(str(small), folder / f"{number}.parquet", folder / f"small-{number}", "--jobs", JOBS)
            seconds, processor, memory = sizes[number]
            took = f"{seconds:.0f} s, {processor:.0f} s of processor, {memory:.0f} MB"
            print(f"{number:,} drafts, one check, {JOBS} processes: {took}")
        flat = sizes[whole][2] / sizes[tenth][2]
        print(aim(f"memory at {whole:,} over {tenth:,}: {flat:.2f}", ".80 to 1.20", 0.8 <= flat <= 1.2))
        pool = scored(SHIPPED, folder / f"{tenth}.parquet", folder / "pool", "--jobs", JOBS)
        dask = ran(sys.executable, __file__, "--dask", SHIPPED, str(folder / f"{tenth}.parquet"), str(folder / "dask"))
        for name, (seconds, processor, memory) in (("pool", pool), ("Dask", dask)):
            print(f"{tenth:,} drafts, tenacious-v3, {name}: {seconds:.0f} s, {processor:.0f} s of processor, {memory:.0f} MB")
        print(
            aim(
                f"Dask's rate in processor time, of the pool's: {pool[1] / dask[1]:.2f}",
                "at least .85",
                pool[1] / dask[1] >= 0.85,
            )
        )
        write_labels(folder / "labels.parquet", given.labels)
        counting = [sys.executable, "-m", "touchstone.cli.main", "agreement", str(folder / "labels.parquet")]
        seconds, processor, memory = ran(*counting, "--levels", "0,1,2,3")
        print(f"{given.labels:,} labels counted: {seconds:.0f} s, {processor:.0f} s of processor")
        print(aim(f"memory: {memory:.0f} MB", "under 1 GB", memory < 1000))


if __name__ == "__main__":
    main()
