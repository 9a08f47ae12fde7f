"""The shipped benchmark is what its command writes today; nothing crosses or leaks in it; what is held out is not told."""

import csv
import io
import json
from collections import Counter

import pytest

from db.engine import open_engine, within
from scripts.shipped_benchmark import ADVERSARIAL, HELD_OUT, MADE, MODEL, PARTITIONS, SAMPLE, WANTED, Benchmark, made_in
from touchstone.bench.leaks.reading import compared
from touchstone.bench.leaks.report import find_leaks
from touchstone.bench.sealing.sealed_file import as_records, decrypted, new_key, read_manifest
from touchstone.bench.tasks import TypedTask
from touchstone.data.task_file import read_file
from touchstone.errors import Refused
from workflow.bench.candidates import SIGNED_METHODS, candidates_of
from workflow.bench.spaces import counted_methods
from workflow.data.sample import sample_project
from workflow.people.people import person_named

HOW = "if it changed on purpose, make it anew, and its seal if held-out tasks changed: make shipped-benchmark"
SEALED = (f"{HELD_OUT}.age", f"{HELD_OUT}.manifest.json")


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Benchmark, str, str]:
    """The benchmark made anew, the key of its seal, the address of its store."""
    folder = tmp_path_factory.mktemp("shipped")
    secret, recipient = new_key()
    return made_in(folder, recipient), secret, f"sqlite:///{folder / 'store.sqlite'}"


@pytest.fixture(scope="module")
def partitions(made) -> dict[str, list]:
    """The tasks of each partition; those that are held out come of the sealed file that was made anew."""
    benchmark, secret, _ = made
    sealed = decrypted(benchmark.sealed.age, secret, read_manifest(benchmark.sealed.manifest))
    held = "".join(json.dumps(each) + "\n" for each in as_records(sealed)).encode()
    sources = {**{name: benchmark.files[f"{name}.jsonl"] for name in PARTITIONS[:-1]}, HELD_OUT: held}
    return {name: read_file(source, f"{name}.jsonl").tasks for name, source in sources.items()}


def test_it_is_rebuilt_to_the_byte_but_for_what_a_seal_draws(made):
    files = made[0].files
    assert {each.name for each in MADE.iterdir()} == {*files, *SEALED}
    for name, content in files.items():
        assert (MADE / name).read_bytes() == content, f"{name}; {HOW}"


def test_no_group_crosses_and_nothing_leaks(partitions):
    tasks = {name: [compared(each) for each in of] for name, of in partitions.items()}
    train, dev, held = tasks.values()
    groups = [{(key, value) for each in of for key, value in each.groups.items()} for of in (train, dev, held)]
    assert all(groups) and not groups[0] & groups[1] and not groups[2] & (groups[0] | groups[1])
    assert find_leaks(train, dev).leaking == [] == find_leaks([*train, *dev], held).leaking


def test_counts_are_those_of_the_store_short_ones_are_said_and_no_person_signed_anything(made, partitions):
    benchmark, _, url = made
    of = Counter(TypedTask.read(each.typed).origin.method for tasks in partitions.values() for each in tasks)
    engine = open_engine(url)
    reader = person_named(engine, "Model that reads")
    engine = within(engine, sample_project(reader, engine, SAMPLE))
    counted = counted_methods(reader, engine)
    verdicts = candidates_of(reader, engine, (*SIGNED_METHODS, ADVERSARIAL))
    engine.dispose()
    sealed = Counter(TypedTask.read(each.typed).origin.method for each in partitions[HELD_OUT])
    card = benchmark.files["card.md"].decode()
    for method, wanted in WANTED.items():
        assert counted.get(method, 0) + sealed[method] == of[method] <= wanted
        assert f"| {method} | {wanted} | {of[method]} | {wanted - of[method]} |" in card
    assert {each.by_model for each in verdicts} == {MODEL}
    rows = list(csv.DictReader(io.StringIO(benchmark.files["decided.csv"].decode())))
    assert {row["on_the_word_of"] for row in rows} == {MODEL}
    assert len(rows) == of["drafts"] + of[ADVERSARIAL] - sealed["drafts"] - sealed[ADVERSARIAL]


def test_the_seal_that_is_shipped_holds_and_opens_with_no_other_key(made, partitions):
    benchmark, secret, _ = made
    manifest = read_manifest((MADE / SEALED[1]).read_bytes())
    assert len(manifest.commitments) == len(partitions[HELD_OUT])
    with pytest.raises(Refused, match="cannot be opened with this key"):
        decrypted((MADE / SEALED[0]).read_bytes(), secret, manifest)
    told = b"".join(each.read_bytes() for each in MADE.iterdir())
    assert not [each.task_id for each in partitions[HELD_OUT] if each.task_id.encode() in told]
    assert benchmark.release.drafts == len(told.split(b'-draft"')) - 1, (
        "a release, which was verified, of the drafts that are told"
    )
