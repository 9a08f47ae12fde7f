"""Two rounds compared from what was counted have the figures of every label of both read draft by draft."""

import random
from collections import Counter
from dataclasses import replace

import pytest

from db.engine import reading
from db.store.comparison import both_rounds
from db.store.comparison.both_rounds import InCommon
from tests.support.random_rounds import DESIGNS, label_some
from tests.support.small_stores import CTA, TONE, draft, jsonl, label_all, opened, people, stock
from touchstone.comparison.alike import sides_of
from touchstone.comparison.two_rounds import Labelled, compare
from touchstone.data.counts import pattern_text
from touchstone.rubric.model import Agreement
from workflow.agreement.label_rows import table_of_round
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.agreement.reports import agreement_of_rounds
from workflow.agreement.second_opinions import codes_of_rounds
from workflow.agreement.verdict_basis import clusters_of_round
from workflow.bounded_cache import BoundedCache
from workflow.comparison.counted_rounds import CountedRounds, count_rounds
from workflow.comparison.two_rounds import compare_rounds, labels_to_count
from workflow.data.task_import import import_drafts
from workflow.rounds.closing import close_round
from workflow.rounds.rounds import closed_round, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.subgroups import size

NAMES = ("pilot", "second")


def by_every_label(connection, before: str, after: str) -> CountedRounds:
    """Two rounds compared from every label of both."""
    tables = [table_of_round(connection, row_of(connection, name)) for name in (before, after)]
    tasks = [set(table.task_of.values()) for table in tables]
    in_common = InCommon(
        len(tables[0].task_of.keys() & tables[1].task_of.keys()),
        len(tasks[0] & tasks[1]),
        sum(task in tasks[0] for task in tables[1].task_of.values()),
    )
    return CountedRounds(
        in_common, {key: compare(*(labelled(each, key) for each in tables), (before, after)) for key in (TONE, CTA)}
    )


def labelled(table, key) -> Labelled:
    dimension = declared(table.rubric, key)
    rule = dimension.agreement
    return Labelled(table.annotators, tuple(dimension.values), rule, table.by_unit(key), dimension.scale, rule.by)


def compare_both_ways(engine, reader) -> InCommon:
    with reading(engine, reader) as connection:
        rounds = [closed_round(connection, name) for name in NAMES]
        counted = count_rounds(connection, *rounds)
        assert counted == by_every_label(connection, *NAMES)
    return counted.in_common


# The drafts of the round after: all of the first, some and others of their tasks, others of other tasks alone.
SECOND = (
    [f"d{n:02}" for n in range(1, 10)],
    ["d02", "d03", "d05", "e01", "e04", "d08", "d10", "d11"],
    ["e01", "e04", "e06", "d10", "d11", "d12"],
    ["d10", "d11", "d12", "d13", "d14", "d15"],
)


@pytest.mark.parametrize("seed", range(4))
def test_two_rounds_have_the_figures_of_every_label_whatever_was_done(engine, seed):
    rng = random.Random(seed)
    lead, dee, *those = people(engine, "lead", "dee", "ana", "ben", "cleo")
    stock(engine, lead, 9)
    seated = dict(zip(NAMES, (["ana", "ben", "cleo"][: 2 + seed % 2], ["cleo", "ana", "ben"][: 3 - seed // 2]), strict=True))
    opened(engine, lead, "pilot", seated["pilot"], **DESIGNS[seed])
    stock(engine, lead, 6, 10)
    import_drafts(lead, engine, jsonl(*(draft(n, draft_id=f"e{n:02}") for n in (1, 4, 6))), "more.jsonl")
    opened(engine, lead, "second", seated["second"], draft_ids=SECOND[seed])
    for name in NAMES:
        label_some(engine, rng, [each for each in those if each.name in seated[name]], 0.9, name)
        close_round(lead, engine, name, early="enough")
    in_common = compare_both_ways(engine, lead)
    assert (in_common.drafts > 0, in_common.tasks > 0) == (seed < 2, seed < 3)
    opened(engine, lead, "again", annotators=["dee", "ana"], draft_ids=["d02", "d05", "e04"])
    assert compare_both_ways(engine, dee).drafts == in_common.drafts - (2 if seed < 2 else 0)


@pytest.mark.parametrize("seed", range(6))
def test_drafts_that_are_alike_are_counted_together_whatever_the_figure(seed):
    """Annotators in the order that all drafts one by one give them, those of one another's labels too."""
    rng = random.Random(seed)
    seats = (rng.choice((2, 3)), rng.choice((2, 3)))
    given = [[], []]
    for side, width in enumerate(seats):
        given[side] = {
            str(n): tuple(rng.choice((0, 0, 1, 2, None)) for _ in range(width)) for n in range(60) if rng.random() < 0.8
        }
        given[side] = {unit: pattern for unit, pattern in given[side].items() if set(pattern) != {None}}
        if seed % 2:  # nothing tells them apart but what stands on the other side
            given[side] |= {f"{unit}r": pattern[::-1] for unit, pattern in given[side].items()}
    both = Counter((given[0][unit], given[1][unit]) for unit in given[0].keys() & given[1].keys())
    before, after, many = sides_of(both, *(Counter(each.values()) for each in given))
    rule = Agreement(statistic="alpha" if seed < 3 else "kappa", weights="linear", threshold=0.7)
    one, other = (Labelled(tuple("abc")[:width], (0, 1, 2), rule, {}) for width in seats)
    whole = compare(replace(one, patterns=given[0]), replace(other, patterns=given[1]))
    assert whole.method == "partly paired" and whole.judged.difference.value is not None
    assert compare(replace(one, patterns=before, many=many), replace(other, patterns=after, many=many)) == whole


def test_more_drafts_of_both_than_of_one_is_said():
    with pytest.raises(ValueError, match="1 drafts more have the pattern 0 1"):
        sides_of({((0, 1), (1, 1)): 2}, {(0, 1): 1}, {(1, 1): 5})


@pytest.fixture
def alike(engine):
    """Two closed rounds of the same six drafts."""
    lead, ana, ben = people(engine, "lead", "ana", "ben")
    stock(engine, lead, 6)
    for name in NAMES:
        opened(engine, lead, name)
        for person in (ana, ben):
            label_all(engine, person, {f"d{n:02}": (n % 3, 1) for n in range(1, 7)}, round_name=name)
        close_round(lead, engine, name)
    return lead, ana


def test_how_many_labels_are_counted_is_told_without_counting_further(alike, engine):
    lead, _ = alike
    assert labels_to_count(lead, engine, *NAMES, 48) == 6 * 2 * (2 + 2)
    assert labels_to_count(lead, engine, *NAMES, 8) == 48, "at most"
    assert labels_to_count(lead, engine, "pilot", "pilot") == 0


def test_what_was_counted_is_kept_until_something_else_is_held_back(alike, engine, monkeypatch):
    lead, ana = alike
    counts, kept, count = [], BoundedCache(9), both_rounds.given_in_both
    monkeypatch.setattr(both_rounds, "given_in_both", lambda *asked: counts.append(1) or count(*asked))

    def asked(reader) -> tuple[int, int]:
        made = compare_rounds(reader, engine, *NAMES, kept=kept)
        return made.drafts_in_common, len(counts)

    assert (asked(lead), asked(ana)) == ((6, 1), (6, 1))
    opened(engine, lead, "again", annotators=["lead", "ben"], draft_ids=["d02"])
    assert (asked(lead), asked(ana), asked(lead)) == ((5, 2), (6, 2), (5, 2))


def test_a_large_round_s_report_without_a_second_opinion_takes_the_clusters_that_were_kept(engine, monkeypatch):
    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 0)
    rng = random.Random(3)
    lead, dee, ana, ben = people(engine, "lead", "dee", "ana", "ben")
    for first in range(1, 31, 2):
        stock(engine, lead, 2, first, cluster=f"c{first}")
    opened(engine, lead)
    label_some(engine, rng, (ana, ben), 2)
    close_round(lead, engine, "pilot")
    for again in (False, True):
        if again:
            opened(engine, lead, "again", annotators=["dee", "ana"], draft_ids=["d02", "d05"])
        kept, read = (agreement_of_rounds(dee, engine, ["pilot"], opinion=each).dimensions for each in (False, True))
        assert kept == read
        with reading(engine, dee) as connection:
            found = closed_round(connection, "pilot")
            rubric = rubrics.of_round(connection, found.id)
            codes = codes_of_rounds(connection, [found], rubric, Pseudonyms())
            clusters = clusters_of_round(connection, found, rubric)
        for key in (TONE, CTA):
            assert as_texts(clusters.by_cluster(key)) == as_texts(codes.by_cluster(key))


def as_texts(histograms) -> list[list[tuple[str, int]]]:
    return sorted(sorted((pattern_text(pattern), units) for pattern, units in each.items()) for each in histograms)
