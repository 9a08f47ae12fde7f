"""Two sources counted by the database, or from what was kept at closing, have the figures of every label read and joined."""

import random
from collections import Counter
from itertools import permutations

import pytest

from db.engine import reading
from db.store.comparison.sides import Counted, Joined, count_both
from tests.comparison.test_sources import bring
from tests.gold.test_kept_cells import DESIGNS, label_some
from tests.support.small_stores import CTA, TONE, draft, jsonl, opened, people, stock
from touchstone.comparison.joining import join
from touchstone.errors import Refused
from workflow.bounded_cache import BoundedCache
from workflow.comparison import counted_sources
from workflow.comparison.source import Source, named_source, overlaps, with_labels
from workflow.comparison.two_sources import all_sources, compare_sources, labels_to_count
from workflow.data.task_import import import_drafts
from workflow.gold.adjudication import adjudicate, open_disagreements
from workflow.importing.label_files import File
from workflow.releasing import spot_checks
from workflow.rounds.closing import close_round


def by_every_label(first: Source, second: Source) -> Counted:
    """Two sources counted from every label of both."""
    joining = join(first.side, second.side)
    tables: dict[str, Counter] = {}
    for one, other in joining.pairs:
        mine, theirs = first.side.labels[one], second.side.labels[other]
        for key in mine.keys() & theirs.keys():
            tables.setdefault(key, Counter())[str(mine[key]), str(theirs[key])] += 1
    alone = joining.unclear, joining.only_first, joining.only_second
    keys = [frozenset(key for given in each.side.labels.values() for key in given) for each in (first, second)]
    return Counted(Joined(len(joining.pairs), joining.by_task, *alone), (keys[0], keys[1]), tables)


def compare_every(reader, engine) -> list[bool]:
    """Every two sources there are, each way, with and without what was kept at closing; of which it says it all."""
    are_kept = []
    with reading(engine, reader) as connection:
        found = [with_labels(connection, named_source(connection, name)) for name in all_sources(engine)]
        for first, second in permutations(found, 2):
            if overlaps(first.name, second.name):
                continue
            expected = by_every_label(first, second)
            quick = counted_sources.counted_at_closing(connection, first, second)
            are_kept.append(quick is not None)
            sides = (counted_sources.side_of(connection, each) for each in (first, second))
            for made in (count_both(connection, *sides), quick or expected):
                assert (made.joined, made.keys) == (expected.joined, expected.keys), (first.name, second.name)
                assert {key: table for key, table in made.tables.items() if table} == expected.tables, (first.name, second.name)
    return are_kept


def sets(rng) -> dict[str, File]:
    """A set by drafts of two, one by tasks, and one whose file says the task of units that are stored nowhere."""
    drafts, tasks = [f"d{n:02}" for n in range(1, 10)], [f"t{n:02}" for n in range(1, 10)]
    long = [f"{unit},{who},{TONE},{rng.choice((0, 1, 2))}" for unit in drafts[:7] for who in "xy"]
    by_task = [f"{unit},{rng.choice((0, 1))},{rng.choice((1, 2))}" for unit in (*tasks, "e02")]
    said = [
        f'{{"task_id": "{task}", "draft_id": "{unit}", "final": 0.5, "scores": {{"{TONE}": {{"value": {rng.choice((0, 1))}, '
        '"reason": null}}}'
        for unit, task in (("x1", "t01"), ("x2", "t02"), ("x3", "t03"), ("x4", "t03"), ("d05", "t05"), ("t07", "t08"))
    ]
    return {
        "two": File("two.csv", ("draft_id,annotator,dimension,value\n" + "\n".join(long) + "\n").encode()),
        "tasks": File("tasks.csv", (f"id,{TONE},{CTA}\n" + "\n".join(by_task) + "\n").encode()),
        "said": File("said.jsonl", ("\n".join(said) + "\n").encode()),
    }


@pytest.mark.parametrize("seed", range(4))
def test_two_sources_have_the_figures_of_every_label_whatever_was_done(engine, seed):
    rng = random.Random(seed)
    lead, *those = people(engine, "lead", "ana", "ben", "cleo")
    dee = people(engine, "dee")[0]
    stock(engine, lead, 9)
    import_drafts(lead, engine, jsonl(draft(1, draft_id="e01"), draft(4, draft_id="t06"), draft(6, draft_id="e06")), "more.jsonl")
    opened(engine, lead, annotators=["ana", "ben", "cleo"], **DESIGNS[seed % len(DESIGNS)])
    label_some(engine, rng, those, 0.8)
    close_round(lead, engine, "pilot", early="enough")
    for name, file in sets(rng).items():
        bring(engine, lead, file, name=name)
    if any("gold" in each for each in all_sources(engine)) and open_disagreements(lead, engine, "pilot").waiting:
        spot_check(dee, engine, rng)
        queue = open_disagreements(lead, engine, "pilot")
        for cell in rng.sample(queue.waiting, len(queue.waiting) // 2):
            adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, rng.choice((0, 1)), "why", "slip")
    compare_every(lead, engine)
    opened(engine, lead, "again", annotators=["dee", "ana"], draft_ids=["d02", "d05"])
    assert not any(compare_every(dee, engine)), "what is held back from dee is in what was kept"


def spot_check(person, engine, rng) -> None:
    try:
        spot_checks.draw_spot_check(person, engine, "pilot", 4, 1)
    except Refused:  # no cell is agreed
        return
    while cell := spot_checks.next_to_check(person, engine, "pilot"):
        spot_checks.check_cell(person, engine, "pilot", cell.draft_id, cell.dimension.key, rng.choice((0, 1, 2)), "why")


def test_two_who_labelled_every_draft_and_their_gold_are_counted_without_reading_a_label(engine):
    rng = random.Random(5)
    lead, ana, ben, dee = people(engine, "lead", "ana", "ben", "dee")
    stock(engine, lead, 12)
    opened(engine, lead)
    label_some(engine, rng, (ana,), 2)  # skips some
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(rng, "random", lambda: 0.5)  # skips none
        label_some(engine, rng, (ben,), 2)
    close_round(lead, engine, "pilot")
    before = compare_every(lead, engine)
    assert len(before) == 6 and before.count(True) == 4, "all but the gold and ana, who skipped some"
    for _ in range(2):
        spot_check(dee, engine, rng)
        queue = open_disagreements(lead, engine, "pilot")
        for cell in rng.sample(queue.waiting, 3):
            adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, rng.choice((0, 1)), "why", "slip")
        assert compare_every(lead, engine) == before


def test_what_was_counted_is_kept_until_a_cell_is_decided_or_something_else_is_held_back(engine, monkeypatch):
    rng = random.Random(7)
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 9)
    opened(engine, lead)
    label_some(engine, rng, (ana, ben), 2)
    close_round(lead, engine, "pilot")
    bring(engine, lead, sets(rng)["tasks"], name="tasks")
    counts, kept = [], BoundedCache(9)
    monkeypatch.setattr(counted_sources.sides, "count_both", lambda *asked: counts.append(1) or count_both(*asked))

    def asked(reader) -> int:
        compare_sources(reader, engine, "gold:pilot", "set:tasks", kept=kept)
        return len(counts)

    assert labels_to_count(lead, engine, "gold:pilot", "set:tasks") == 9 * 2 * 2 + 20
    assert (asked(lead), asked(lead), asked(ben)) == (1, 1, 1)
    cell = open_disagreements(lead, engine, "pilot").waiting[0]
    adjudicate(lead, engine, "pilot", cell.draft_id, cell.dimension, 1, "why", "slip")
    assert (asked(lead), asked(lead)) == (2, 2)
    opened(engine, lead, "again", annotators=["lead", "ana"], draft_ids=["d02"])
    assert (asked(lead), asked(ben), asked(lead)) == (3, 3, 3)
