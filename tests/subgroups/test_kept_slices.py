"""What is kept of a large round's slices and halves gives the figures of the labels read one by one, whoever did what."""

import random
import statistics
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from db.engine import reading
from db.store.closing import by_draft
from tests.support.random_rounds import DESIGNS, label_some
from tests.support.short_run import some
from tests.support.small_stores import TONE, change, draft, jsonl, label_all, opened, people, rows, stock, task
from touchstone.agreement.estimation.clusters import AlikeClusters, histograms_by_cluster
from touchstone.agreement.figure import PlainRule
from touchstone.agreement.report import dimension_report
from touchstone.bench.sealing.sealed_file import new_key
from touchstone.data.counts import Counts
from touchstone.subgroups import dealt_counts
from touchstone.subgroups import slices as one_by_one
from touchstone.subgroups.drafts_alike import after_the_middle, clusters_alike, median_of, second_of_each
from touchstone.subgroups.drift import split_in_half
from touchstone.subgroups.rater_effects import _deviation
from workflow.agreement.clusters import by_clusters
from workflow.agreement.reports import agreement_of_rounds
from workflow.bench.sealing import SealDesign, open_partition, seal_partition
from workflow.bench.splits import use_split
from workflow.data.task_import import import_drafts, import_tasks
from workflow.maintenance.store_check import check_store
from workflow.planning.plan import plan_of_pilot
from workflow.releasing import spot_checks
from workflow.rounds.closing import close_round, keep_for_earlier, reopen_round
from workflow.subgroups import large, size
from workflow.subgroups.annotators import annotators
from workflow.subgroups.slices import BY, slices

KEPT = "SELECT (SELECT count(*) FROM slice_counts), (SELECT count(*) FROM half_counts)"
DRAFTS = 10


def filled(engine, lead, rng) -> None:
    fields = {"source_mode": ["a", "b", None], "difficulty": ["easy", "hard"], "partition": ["dev", None]}
    made = (task(n, firm=f"c{n % 4}", **{key: rng.choice(values) for key, values in fields.items()}) for n in range(DRAFTS))
    import_tasks(lead, engine, jsonl(*made), "tasks.jsonl", cluster_by="firm")
    written = (draft(n, author=rng.choice(["one", "two"])) for n in range(DRAFTS))
    import_drafts(lead, engine, jsonl(*written), "drafts.jsonl")


def compare(engine, reader, monkeypatch, cuts=tuple(BY)) -> None:
    """All figures from what was kept, beside the same from every label. How often chance makes one as low is drawn by dealing out
    what each way has at hand."""
    for each in (one_by_one, dealt_counts):
        monkeypatch.setattr(each, "DEALS", 10)

    def told(large_from):
        monkeypatch.setattr(size, "DEALT_AS_DRAFTS", large_from)
        cut = [slices(reader, engine, "pilot", by) for by in cuts]
        plan = plan_of_pilot(reader, engine, round_name="pilot", threshold=0.8).as_json()
        return [replace(each, lowest=each.lowest and each.lowest._replace(by_chance=0)) for each in cut], plan, all_of(reader)

    def all_of(reader):
        found = annotators(reader, engine, "pilot")
        clusters = by_clusters(reader, engine, agreement_of_rounds(reader, engine, ["pilot"], opinion=False))
        return found.as_json(), found.notes, clusters

    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 10**9)
    annotators(reader, engine, "pilot")  # the first reading is on record from here on
    by_label = told(10**9)
    assert told(0) == by_label


@pytest.mark.parametrize("seed", some(range(4), 2))
def test_figures_are_those_of_every_label_after_whatever_was_done(engine, seed, monkeypatch):
    rng = random.Random(seed)
    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 0)
    lead, *those = people(engine, "lead", "ana", "ben", "cleo")
    filled(engine, lead, rng)
    opened(engine, lead, annotators=["ana", "ben", "cleo"], **DESIGNS[seed])
    label_some(engine, rng, those, 0.9)
    close_round(lead, engine, "pilot", early="enough")
    assert min(rows(engine, KEPT)[0]) > 3
    if seed % 2:
        reopen_round(lead, engine, "pilot")
        assert rows(engine, KEPT) == [(0, 0)]
        label_some(engine, rng, those, 0.95)
        close_round(lead, engine, "pilot", early="enough")
    spot_checks.draw_spot_check(lead, engine, "pilot", 1, seed)
    cell = spot_checks.next_to_check(lead, engine, "pilot")
    spot_checks.check_cell(lead, engine, "pilot", cell.draft_id, cell.dimension.key, 2, "why")
    read = []
    monkeypatch.setattr(
        large, "round_in_numbers", lambda *asked: read.append(dict(enumerate(asked)).get(5)) or round_in_numbers(*asked)
    )
    compare(engine, lead, monkeypatch)
    assert not read, "of whoever nothing is held back from, no label is read"
    opened(engine, lead, "again", annotators=["lead", "ana"], draft_ids=["d02", "d05"])
    compare(engine, lead, monkeypatch, ["difficulty", "period"])
    of_slices = [ids for ids in read if ids is not None]
    assert len(of_slices) == 4 and len(read) == 5, "two cuts, intervals by clusters, the report; the annotators"
    assert all({2, 5} < set(numbers_of(engine, ids)) < set(range(DRAFTS)) for ids in of_slices)
    monkeypatch.setattr(large, "MOST_TAKEN_OFF", 0)
    compare(engine, lead, monkeypatch, ["difficulty"])
    assert read[-3:] == [None, None, None]
    assert check_store(engine) == []


round_in_numbers = large.round_in_numbers


def numbers_of(engine, ids) -> list[int]:
    named = dict(rows(engine, "SELECT id, draft_id FROM drafts"))
    return [int(named[each][1:]) for each in ids]


@pytest.fixture
def closed(engine, monkeypatch):
    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 0)
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 4)
    opened(engine, lead)
    label_all(engine, ana, {"d01": (0, 1), "d02": (1, 1), "d03": (2, 2), "d04": (1, 1)})
    label_all(engine, ben, {"d01": (3, 1), "d02": (1, 1), "d03": (1, 2), "d04": (0, 1)})
    close_round(lead, engine, "pilot")
    return lead


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE slice_counts SET drafts = drafts + 1 WHERE cut_by = 'difficulty'", "the kept slices of pilot"),
        ("DELETE FROM slice_counts WHERE cut_by = 'difficulty' AND value = 'easy'", "the kept slices of pilot"),
        ("UPDATE half_counts SET first = second WHERE seat = 1", "the kept halves of pilot"),
        ("DELETE FROM half_counts", "the kept halves of pilot"),
    ],
)
def test_what_another_hand_did_to_what_is_kept_is_told(engine, closed, statement, told):
    assert check_store(engine) == []
    change(engine, statement)
    assert f"{told} do not match its labels" in check_store(engine)


def test_a_round_closed_before_is_counted_anew_until_it_is_kept(engine, closed, monkeypatch):
    every = "SELECT * FROM slice_counts ORDER BY 2, 3", "SELECT * FROM half_counts ORDER BY 2"
    kept = [repr(rows(engine, each)) for each in every]
    for table in ("slice_counts", "half_counts"):
        change(engine, f"DELETE FROM {table}")
    compare(engine, closed, monkeypatch)
    assert (keep_for_earlier(engine), keep_for_earlier(engine)) == (1, 0)
    assert [repr(rows(engine, each)) for each in every] == kept


def test_tasks_in_other_partitions_are_in_other_slices(engine, closed, monkeypatch):
    use_split(closed, engine, {"t01": "dev", "t02": "dev", "t03": "held_out", "t04": "held_out"})
    monkeypatch.setattr(large, "round_in_numbers", None)
    cut = slices(closed, engine, "pilot", "partition")
    assert [(each.name, each.drafts) for each in cut.slices] == [("dev", 2), ("held_out", 2)]


def test_slices_of_tasks_that_were_sealed_are_counted_again_when_they_are_opened(engine, monkeypatch):
    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 0)
    lead, *those = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 4)
    use_split(lead, engine, {"t01": "dev", "t02": "dev", "t03": "held_out", "t04": "held_out"})
    seal_partition(lead, engine, SealDesign("held_out", lead.name, new_key()[1]))
    opened(engine, lead)
    label_some(engine, random.Random(2), those, 1)
    close_round(lead, engine, "pilot")
    values = "SELECT value FROM slice_counts WHERE cut_by = 'author' ORDER BY value"
    assert rows(engine, values) == [("",), ("hidden-author",)]
    compare(engine, lead, monkeypatch, ["author", "difficulty"])
    open_partition(lead, engine, "held_out", "it is over")
    assert rows(engine, values) == [("hidden-author",)]
    compare(engine, lead, monkeypatch, ["author"])
    assert check_store(engine) == []


def test_a_small_round_keeps_nothing(engine, closed, monkeypatch):
    reopen_round(closed, engine, "pilot")
    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 4)
    close_round(closed, engine, "pilot")
    assert rows(engine, KEPT) == [(0, 0)]


def test_a_large_round_without_a_label_has_no_figures(engine, monkeypatch):
    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 0)
    lead, *_ = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 2)
    opened(engine, lead)
    close_round(lead, engine, "pilot", early="nobody came")
    compare(engine, lead, monkeypatch, ["author", "period"])
    assert check_store(engine) == []


def test_kinds_that_are_too_many_are_counted_anew(engine, closed, monkeypatch):
    with reading(engine, closed) as connection:
        assert {row.cut_by: row.kinds is None for row in by_draft.slices_kept(connection, 1, "difficulty")} == {
            "difficulty": False
        }
    monkeypatch.setattr(large, "MOST_KINDS", 2)
    change(engine, "DELETE FROM slice_counts")
    keep_for_earlier(engine)
    with reading(engine, closed) as connection:
        assert all(row.kinds is None for row in by_draft.slices_kept(connection, 1, *BY))
    compare(engine, closed, monkeypatch, ["difficulty"])


def test_slices_that_are_too_many_are_counted_anew(engine, closed, monkeypatch):
    monkeypatch.setattr(large, "MOST_SLICES", 1)
    change(engine, "DELETE FROM slice_counts")
    keep_for_earlier(engine)
    with reading(engine, closed) as connection:
        assert by_draft.cuts_kept(connection, 1) == {*large.CUTS} - {"difficulty", "dimension"}
    compare(engine, closed, monkeypatch, ["difficulty"])
    assert not [each for each in check_store(engine) if "do not match" in each]


def test_clusters_are_counted_as_one_by_one():
    rng = np.random.default_rng(4)
    for _ in range(200):
        many = int(rng.integers(0, 40))
        pattern, cluster = rng.integers(0, 4, many), rng.integers(0, int(rng.integers(1, 20)), many)
        each: dict[int, Counter] = {}
        for one, of in zip(pattern.tolist(), cluster.tolist(), strict=True):
            each.setdefault(of, Counter())[one] += 1
        assert dict(clusters_alike(pattern, cluster)) == Counter(tuple(sorted(held.items())) for held in each.values())
        at = rng.integers(0, 9, many)
        assert np.flatnonzero(after_the_middle(at)).tolist() == split_in_half(dict(enumerate(at.tolist())))[1]
        groups, second = second_of_each(cluster, at)
        asked = {of: sorted(at[cluster == of].tolist())[:2][-1] for of in each}
        assert dict(zip(groups.tolist(), second.tolist(), strict=True)) == asked
        assert median_of(at.astype(float)) == (statistics.median(at.tolist()) if many else None)
        if many > 1:
            assert _deviation(Counter(at.tolist())) == statistics.stdev(at.tolist())


@pytest.mark.parametrize("scale", ["ordinal", "nominal"])
def test_clusters_that_are_alike_make_the_report_of_each_by_itself(scale):
    rng = random.Random(3)
    labels = {f"u{n}": (rng.choice((0, 1, 1, 2)), rng.choice((1, 1, 2))) for n in range(90)}
    each = histograms_by_cluster(labels, {unit: f"c{n // 3}" for n, unit in enumerate(labels)})
    told = Counter(tuple(sorted(histogram.items())) for histogram in each)
    alike = AlikeClusters((dict(histogram), many) for histogram, many in told.items())
    assert (len(alike), len(list(alike)), len(alike[1:])) == (30, 30, 29) and len(told) < 30
    counts = Counts(TONE, scale, ("x", "z", "y"), ("ana", "ben"), Counter(labels.values()), 30)
    rule = PlainRule("kappa", "linear", 0.4)
    one = dimension_report(counts, rule, histograms=each)
    assert dimension_report(counts, rule, histograms=alike) == one
    assert one.judgement.interval.by == "cluster"
