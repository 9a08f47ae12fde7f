"""Exports of a round of 10,000 drafts with five dimensions, labelled by three people: raw labels long and wide, as CSV and XLSX,
and gold with its texts. Each in a process of its own, so that its memory is its own. `--drafts 500` makes a smaller round.

The labels come in through the verb that takes files of them; on a few cells the three differ, so the gold is partial.
"""

import argparse
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path

import sqlalchemy as sa

from benchmarks.machine import aim, machine
from benchmarks.stores import ROUND, RUBRIC, drafts, new_store, tasks
from db.engine import open_engine
from touchstone.data.label_file import FileRow
from workflow.data import task_import
from workflow.exporting.label_export import export_labels
from workflow.gold.export import export_gold
from workflow.gold.tables import DRAFT, Form
from workflow.labelling.own_labels import label_from_rows, own_drafts
from workflow.people.people import Person, add_person, person_named
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

DRAFTS, SECONDS = 10_000, {"csv": 10, "xlsx": 30, "gold": 60}


def fill(engine: sa.Engine, number: int) -> None:
    lead, *annotators = (add_person(None, engine, name) for name in ("lead", "ana", "ben", "cleo"))
    task_import.import_tasks(lead, engine, tasks(number), "tasks.jsonl")
    task_import.import_drafts(lead, engine, drafts(number), "drafts.jsonl")
    open_round(lead, engine, RoundDesign(ROUND, rubric=RUBRIC, annotators=[each.name for each in annotators]))
    for place, person in enumerate(annotators):
        mine, rubric, _ = own_drafts(person, engine, ROUND)
        dice = random.Random(place)
        rows = [
            FileRow(
                draft,
                {key: 2 if dice.random() < 0.9 else 1 for key in rubric.keys},
                "- a note" if dice.random() < 0.2 else "",
                "",
            )
            for draft in mine
        ]
        label_from_rows(person, engine, ROUND, rows, person.name)
    close_round(lead, engine, ROUND)


def measured(verb: Callable[[Person, sa.Engine, Path], object], url: str, to: Path, name: str, within: int | None) -> None:
    """Seconds and peak memory of one export in a fresh process, and what it wrote; `within` is the aim, in seconds."""
    context = get_context("spawn")
    answers = context.SimpleQueue()
    child = context.Process(target=_run, args=(verb, url, to, answers))
    child.start()
    child.join()
    seconds, before, most, size = answers.get()
    figure = f"{name}: {seconds:.1f} s, {before:.0f} to {most:.0f} MB, {size / 2**20:.1f} MB written"
    print(aim(figure, f"under {within} s", seconds < within) if within else f"  {figure}", flush=True)


def _run(verb: Callable[[Person, sa.Engine, Path], object], url: str, to: Path, answers) -> None:
    engine = open_engine(url)
    lead, before, began = person_named(engine, "lead"), _peak(), time.perf_counter()
    verb(lead, engine, to)
    seconds = time.perf_counter() - began
    size = sum(each.stat().st_size for each in (to.iterdir() if to.is_dir() else [to]))
    answers.put((seconds, before, _peak(), size))


def _peak() -> float:
    """The most memory this process had so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**10 if sys.platform != "darwin" else 2**20)


def long(lead: Person, engine: sa.Engine, to: Path) -> object:
    return export_labels(lead, engine, ROUND, to)


def wide(lead: Person, engine: sa.Engine, to: Path) -> object:
    return export_labels(lead, engine, ROUND, to, wide=True)


def plain_gold(lead: Person, engine: sa.Engine, to: Path) -> object:
    return export_gold(lead, engine, ROUND, to, partial=True)


def gold_with_texts(lead: Person, engine: sa.Engine, to: Path) -> object:
    return export_gold(lead, engine, ROUND, to, partial=True, form=Form(DRAFT, texts=True))


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--drafts", type=int, default=DRAFTS)
    number = options.parse_args().drafts
    print(machine())
    with new_store() as engine, tempfile.TemporaryDirectory(prefix="touchstone-exports-") as folder:
        began = time.perf_counter()
        fill(engine, number)
        url, to = engine.url.render_as_string(), Path(folder)
        took = time.perf_counter() - began
        print(f"{number:,} drafts, five dimensions, three people: {number * 15:,} labels (made in {took:.0f} s)")
        for verb, file, kind in (
            (long, "long.csv", "csv"),
            (wide, "wide.csv", "csv"),
            (long, "long.xlsx", "xlsx"),
            (wide, "wide.xlsx", "xlsx"),
            (plain_gold, "gold", "gold"),
            (gold_with_texts, "gold-with-texts", "gold"),
        ):
            measured(verb, url, to / file, file, SECONDS[kind] if number >= DRAFTS else None)


if __name__ == "__main__":
    main()
