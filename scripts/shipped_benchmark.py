"""Write shipped_benchmark/made: the project's own benchmark, made by the program's verbs out of files beside it and the sample.

Rebuilt to the byte by tests/bench/test_shipped_benchmark.py, but for the sealed partition: a seal draws salts, and age writes
other bytes each time, so its two files stay as they were made (`--seal FILE` makes them anew, and writes the new key into FILE).

.venv/bin/python -m scripts.shipped_benchmark
"""

import argparse
import csv
import io
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import ROOT, migrate, open_engine, reading, within
from db.store.bench import partitions as stored
from scripts.shipped_card import Card, card
from touchstone.bench.keys import Key
from touchstone.bench.leaks.report import FAILING, LeakReport
from touchstone.bench.records import lines_of
from touchstone.bench.sealing.sealed_file import new_key
from touchstone.bench.splits.asked import SplitDesign, SplitReport
from touchstone.data.label_file import read_labels
from touchstone.errors import Problem, Refused
from touchstone.releasing.policy import Policy
from touchstone.releasing.verifying.verify import verify
from workflow import clock
from workflow.bench.adversarial import METHOD as ADVERSARIAL
from workflow.bench.adversarial import confirm, propose_adversarial
from workflow.bench.candidates import SIGNED_METHODS, Candidate, candidates_of, sign_off
from workflow.bench.from_drafts import Proposed, propose_from_drafts
from workflow.bench.leaks import leaks_between, task_of
from workflow.bench.sealing import SealDesign, SealedFiles, seal_partition
from workflow.bench.spaces import counted_methods, make_tasks, space_in
from workflow.bench.splits import split_tasks_of, use_split
from workflow.data.sample import load_sample, sample_project
from workflow.data.sample_manifest import sample_named
from workflow.data.task_import import import_tasks
from workflow.labelling.own_labels import label_from_rows, own_drafts
from workflow.people.people import Person, add_person
from workflow.releasing.asked import Asked
from workflow.releasing.releases import Released, answer, release_gold
from workflow.rounds.closing import close_round
from workflow.rounds.design import RoundDesign
from workflow.rounds.opening import open_round

FOLDER = ROOT / "shipped_benchmark"
MADE = FOLDER / "made"
HELD_OUT = "held_out"
PARTITIONS = ("train", "dev", HELD_OUT)
PARTS = (100, 60, 40)  # tasks of each partition where there are 200; of fewer as many in proportion
WANTED = {"drafts": 60, "space": 60, "synthesis": 50, ADVERSARIAL: 30}
METHODS = tuple(WANTED)
KEYS = (Key("company", "company_signal", r"Company: ([^(]+)"),)
GROUPS, STRATA = ("cluster", "company"), ("source_mode", "difficulty", "dimension")
SECONDS = 600.0  # of splitting, at most: it takes one
SAMPLE, FAILED_IN, READ_IN = sample_named("outreach"), "Sample round 1", "Read by a model"
MODEL = "a large language model"
MOMENT = datetime(2026, 11, 30, 9, tzinfo=UTC)
SALT = "00" * 32  # known to everybody: whom the tasks name is invented, so that no pseudonym hides anybody
Leaks = Mapping[tuple[str, str], LeakReport]


class Team(NamedTuple):
    """Who does what in the store. Nobody of them is a person, and each is called what it is."""

    writer: Person
    reader: Person
    keeper: Person


class Benchmark(NamedTuple):
    """What was made: the files that are the same each time, and the two of the seal, which are not."""

    files: Mapping[str, bytes]
    sealed: SealedFiles
    release: Released


def made_in(folder: Path, recipient: str) -> Benchmark:
    """The benchmark, out of a new store in `folder`, which also gets a folder `release`; what is held out is sealed for
    `recipient`. Raises Refused where tasks leak, or the release does not hold."""
    engine = open_engine(f"sqlite:///{folder / 'store.sqlite'}")
    migrate(engine, salt=SALT)
    load_sample(engine, SAMPLE)
    with clock.at(MOMENT):
        names = ("Model that writes", "Model that reads", "nobody yet")
        team = Team(*(add_person(None, engine, name, is_sample=True) for name in names))
        engine = within(engine, sample_project(team.writer, engine, SAMPLE))
        proposed = from_failed_drafts(team, engine)
        of_space(team, engine)
        read = adversarial(team, engine)
        split, leaks = split_up(team, engine)
        verdicts = candidates_of(team.reader, engine, (*SIGNED_METHODS, ADVERSARIAL))
        files = files_of(team, engine, split, verdicts)
        released = release(team, engine, split, read, folder / "release")
        made = counted_methods(team.reader, engine)
        sealed = seal_partition(team.reader, engine, SealDesign(HELD_OUT, team.keeper.name, recipient))
    engine.dispose()
    by_model = Counter(each.by_model for each in verdicts if each.verdict == "accepted")
    files["card.md"] = card(Card(WANTED, made, split, leaks, proposed, by_model, released, sealed.seal.tasks)).encode()
    return Benchmark(files, sealed, released)


def from_failed_drafts(team: Team, engine: sa.Engine) -> Proposed:
    """Tasks of the drafts that failed in the sample's closed round, each signed off on the word of a model."""
    proposed = propose_from_drafts(team.writer, engine, FAILED_IN)
    for task_id in proposed.new:
        sign_off(team.reader, engine, task_id, by_model=MODEL)
    return proposed


def of_space(team: Team, engine: sa.Engine) -> None:
    source = (FOLDER / "space.yml").read_bytes()
    make_tasks(team.writer, engine, space_in(source, "space.yml"), source)


def adversarial(team: Team, engine: sa.Engine) -> dict[str, Mapping[str, int]]:
    """Tasks of drafts that fool the scorer, confirmed on the word of a model; the levels of a reading of each draft, by draft."""
    import_tasks(team.writer, engine, (FOLDER / "hand-written.jsonl").read_bytes(), "hand-written.jsonl")
    read = {}
    for line in (FOLDER / "adversarial.jsonl").read_text(encoding="utf-8").splitlines():
        each: dict[str, Any] = json.loads(line)
        key = propose_adversarial(
            team.writer,
            engine,
            rubric=SAMPLE.rubric,
            dimension=each["dimension"],
            task_id=each["task_id"],
            text=each["text"],
            deserved=str(each["deserved"]),
        )
        confirm(team.reader, engine, key, str(each["levels"][each["dimension"]]), by_model=MODEL)
        read[f"{key}-draft"] = each["levels"]
    return read


def split_up(team: Team, engine: sa.Engine) -> tuple[SplitReport, Leaks]:
    """The split in use, and what was compared in it: no task leaks from one partition into another. together.json has pairs that
    leaked in an earlier split, and are not parted."""
    total = sum(counted_methods(team.reader, engine).get(each, 0) for each in WANTED)
    sizes = [round(total * each / sum(PARTS)) for each in PARTS[:-1]]
    of = dict(zip(PARTITIONS, (*sizes, total - sum(sizes)), strict=True))
    together = [(one, other) for one, other in json.loads((FOLDER / "together.json").read_text(encoding="utf-8"))]
    design = SplitDesign(GROUPS, of, STRATA, KEYS, SECONDS, METHODS, together)
    made = split_tasks_of(team.reader, engine, design)
    if not made.split.is_best:
        raise Refused(
            f"no split was proven the most even in {SECONDS:.0f} seconds, so another run may make another; run it again"
        )
    use_split(team.reader, engine, made.split.partition, METHODS)
    leaks = {pair: leaks_between(team.reader, engine, *pair, KEYS).report for pair in combinations(PARTITIONS, 2)}
    if found := [each for report in leaks.values() for each in report.pairs if each.layer in FAILING]:
        problems = [Problem(None, f'["{each.held}", "{each.train}"]: {each.why}') for each in found]
        raise Refused("tasks leak; change one of each pair, or put the pair into shipped_benchmark/together.json", problems)
    return made, leaks


def files_of(team: Team, engine: sa.Engine, split: SplitReport, verdicts: Sequence[Candidate]) -> dict[str, bytes]:
    """The tasks and drafts of each partition that is not held out, and who decided on each candidate of them."""
    files = {}
    for name in PARTITIONS[:-1]:
        with reading(engine, team.reader) as connection:
            files[f"{name}.jsonl"] = lines_of([task_of(row) for row in stored.tasks_of(connection, name)])
        drafts = [
            {"draft_id": f"{each.task_id}-draft", "task_id": each.task_id, "text": each.draft, "author": ADVERSARIAL}
            for each in verdicts
            if each.method == ADVERSARIAL and split.split.partition.get(each.task_id) == name
        ]
        files[f"{name}-drafts.jsonl"] = "".join(json.dumps(each, ensure_ascii=False) + "\n" for each in drafts).encode()
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["task_id", "method", "proposed_by", "verdict", "by", "on_the_word_of"])
    for each in verdicts:
        if split.split.partition.get(each.task_id) != HELD_OUT:
            writer.writerow([each.task_id, each.method, each.proposer, each.verdict, each.by, each.by_model])
    files["decided.csv"] = out.getvalue().encode()
    return files


def release(team: Team, engine: sa.Engine, split: SplitReport, read: Mapping[str, Mapping[str, int]], to: Path) -> Released:
    """A release of one reading of the drafts that are not held out: no second one was made, and its cells say single."""
    of = split.split.partition
    shown = [draft for draft in read if of[draft.removesuffix("-draft")] != HELD_OUT]
    annotators = (team.reader.name, team.writer.name)
    open_round(team.writer, engine, RoundDesign(READ_IN, rubric=SAMPLE.rubric, annotators=annotators, draft_ids=shown))
    drafts, rubric, found = own_drafts(team.reader, engine, READ_IN)
    rows, _, problems = read_labels(_labels(shown, read, found.dimensions), team.reader.name, drafts, rubric, found.dimensions)
    if problems:
        raise Refused("adversarial.jsonl has levels that are none", problems)
    label_from_rows(team.reader, engine, READ_IN, rows, "adversarial.jsonl")
    close_round(team.writer, engine, READ_IN, early="one reading by a model; a second one, by a person, was never made")
    answer(team.reader, engine, json.loads((FOLDER / "answers.json").read_text(encoding="utf-8")))
    asked = Asked((READ_IN,), "Shipped benchmark", Policy(partial=True, with_single=True))
    released = release_gold(team.reader, engine, asked, to)
    checked = verify(to)
    if not checked.holds:
        raise Refused(f"the release does not hold: {checked.findings[0]}")
    return released


def _labels(shown: Sequence[str], read: Mapping[str, Mapping[str, int]], dimensions: Sequence[str]) -> bytes:
    """The reading as a file of labels. A draft that no level was given on some dimension is skipped, as it cannot be judged."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["draft_id", "dimension", "value", "skip"])
    for draft in shown:
        if set(dimensions) <= set(read[draft]):
            writer.writerows([draft, key, read[draft][key], ""] for key in dimensions)
        else:
            writer.writerow([draft, "", "", "its task carries no signal"])
    return out.getvalue().encode()


def main() -> None:
    asked = argparse.ArgumentParser(description="Write the shipped benchmark anew.")
    asked.add_argument("--to", type=Path, default=MADE, metavar="DIR", help="the folder to write into")
    asked.add_argument("--release", type=Path, metavar="DIR", help="a new folder for a release of the drafts' levels")
    asked.add_argument("--seal", type=Path, metavar="FILE", help="seal anew, and write the key into this new file")
    given = asked.parse_args()
    secret, recipient = new_key()
    with tempfile.TemporaryDirectory() as folder:
        made = made_in(Path(folder), recipient)
        if given.release:
            (Path(folder) / "release").rename(given.release)
    files = dict(made.files)
    if given.seal:
        given.seal.write_text(f"# public key: {recipient}\n{secret}\n", encoding="utf-8")
        files |= {f"{HELD_OUT}.age": made.sealed.age, f"{HELD_OUT}.manifest.json": made.sealed.manifest}
    given.to.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (given.to / name).write_bytes(content)
        print(f"{name}: {len(content):,} bytes")


if __name__ == "__main__":
    try:
        main()
    except Refused as refused:
        sys.exit("\n".join([str(refused), *(each.reason for each in refused.problems)]))
