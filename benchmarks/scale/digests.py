"""One digest of the scores of the same drafts, from `score` on JSONL, a pool, Dask and, where it is installed, Spark.

    PYTHONPATH=. .venv-scale/bin/python benchmarks/scale/digests.py [--drafts 100000]

With the rubric of one check of run.py: what is compared is the engines.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pyarrow.parquet

from benchmarks.machine import machine
from benchmarks.scale.run import JOBS, SMALL, on_dask, write_drafts
from touchstone.scale.batches import BatchScorer, LinesDigest, line_of_row
from touchstone.scale.on_processes import on_processes
from touchstone.scale.running import DONE, score_parquet


def of_lines(rubric: Path, drafts: Path, folder: Path) -> str:
    """By the command `score`, from JSON lines of tasks and drafts."""
    tasks = dict[str, object]()
    with (folder / "drafts.jsonl").open("w") as lines:
        for batch in pyarrow.parquet.ParquetFile(drafts).iter_batches():
            for row in batch.to_pylist():
                tasks[row["task_id"]] = row.pop("input")
                lines.write(json.dumps(row) + "\n")
    with (folder / "tasks.jsonl").open("w") as lines:
        lines.writelines(json.dumps({"task_id": key, "input": given}) + "\n" for key, given in tasks.items())
    files = ("--tasks", folder / "tasks.jsonl", "--drafts", folder / "drafts.jsonl")
    command = [sys.executable, "-m", "touchstone.cli.main", "score", "--rubric", rubric, *files, "--jobs", JOBS]
    digest = LinesDigest()
    with subprocess.Popen([str(each) for each in command], stdout=subprocess.PIPE, text=True) as scoring:
        for line in scoring.stdout or ():
            digest.add(json.loads(line))
    return str(digest)


def of_parts(folder: Path) -> str:
    """From what stands in the files, whoever wrote them."""
    digest = LinesDigest()
    for part in folder.glob("*.parquet"):
        for batch in pyarrow.parquet.ParquetFile(part).iter_batches(batch_size=500):
            for row in batch.to_pylist():
                digest.add(line_of_row(row))
    return str(digest)


def on_spark(rubric: Path, drafts: Path, to: Path) -> None:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    from pyspark.sql import SparkSession
    from pyspark.sql.pandas.types import from_arrow_schema

    scorer = BatchScorer.of_file(rubric)
    spark = SparkSession.builder.master(f"local[{JOBS}]").config("spark.ui.enabled", "false").getOrCreate()
    spark.conf.set("spark.sql.execution.arrow.maxRecordsPerBatch", 500)
    scored = spark.read.parquet(str(drafts)).mapInArrow(scorer.score_batches, from_arrow_schema(scorer.schema))
    scored.write.parquet(str(to))
    spark.stop()


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--drafts", type=int, default=100_000)
    number = asked.parse_args().drafts
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rubric, drafts = folder / "small-v1.yml", folder / "drafts.parquet"
        rubric.write_text(SMALL)
        write_drafts(drafts, number)
        score_parquet(BatchScorer.of_file(rubric).rubric, [drafts], folder / "pool", engine=on_processes(int(JOBS)))
        on_dask(str(rubric), str(drafts), str(folder / "dask"))
        found = {
            "command": of_lines(rubric, drafts, folder),
            "pool": of_parts(folder / "pool"),
            "Dask": of_parts(folder / "dask"),
        }
        if find_spec("pyspark"):
            on_spark(rubric, drafts, folder / "spark")
            found["Spark"] = of_parts(folder / "spark")
        said = json.loads((folder / "pool" / DONE).read_text())["digest"]
    for engine, digest in found.items():
        print(f"{number:,} drafts, {engine}: {digest[:16]}…")
    print("one digest, and the one that the run gave" if {*found.values()} == {said} else "THEY DIFFER")


if __name__ == "__main__":
    main()
