"""A large round is cut into slices and halves by counting in the database: figures are those of the labels read one by one."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import numpy as np
import pytest

from db.engine import reading
from db.store.closing import by_draft
from tests.support.kept_stores import kept
from tests.support.small_stores import draft, jsonl, opened, people, save, skip_draft, task
from touchstone.agreement.figure import PlainRule
from touchstone.data.counts import Counts
from touchstone.errors import NotYourTurn, Refused
from touchstone.subgroups import dealt_counts
from touchstone.subgroups.slices import lowest, sliced
from workflow import clock
from workflow.data.task_import import import_drafts, import_tasks
from workflow.rounds.closing import close_round, keep_for_earlier
from workflow.subgroups import size
from workflow.subgroups.annotators import annotators
from workflow.subgroups.slices import BY, slices

DRAFTS = 36


@pytest.fixture
@kept
def team(engine):
    """Three annotators over three weeks: skipped drafts, drafts with one label, corrected ones, fields that are not always given,
    several drafts of a cluster."""
    lead, *three = people(engine, "lead", "ana", "ben", "cleo")
    chance, numbers = Random(5), range(1, DRAFTS + 1)
    import_tasks(
        lead,
        engine,
        jsonl(
            *(
                task(
                    n,
                    plan=chance.choice(["free", "team", ""]),
                    difficulty=chance.choice(["easy", "hard", None]),
                    firm=f"c{n % 9}",
                )
                for n in numbers
            )
        ),
        "tasks.jsonl",
        cluster_by="firm",
    )
    import_drafts(lead, engine, jsonl(*(draft(n, author=chance.choice(["one", "two"])) for n in numbers)), "drafts.jsonl")
    opened(engine, lead, annotators=("ana", "ben", "cleo"))
    for n in numbers:
        level = chance.randrange(4)
        for person in chance.sample(three, 3):
            at = datetime(2026, 11, 1, 23, tzinfo=UTC) + timedelta(days=chance.randrange(16), minutes=n)
            with clock.at(at):
                if chance.random() < 0.2:
                    skip_draft(engine, person, f"d{n:02}", "cannot be read")
                    continue
                given = level if chance.random() < 0.7 else chance.randrange(4)
                save(engine, person, f"d{n:02}", (given, chance.randrange(2)))
                if chance.random() < 0.1:
                    save(engine, person, f"d{n:02}", (chance.randrange(4), 1))
    close_round(lead, engine, "pilot")
    return lead, *three


def without_chance(made):
    """`by_chance` is drawn, by dealing out what each way has at hand."""
    return replace(made, lowest=made.lowest and made.lowest._replace(by_chance=0.0))


def told(engine, person):
    return [without_chance(slices(person, engine, "pilot", by)) for by in (*BY, "plan")], annotators(person, engine, "pilot")


def both_ways(engine, person, monkeypatch):
    one_by_one = told(engine, person)
    monkeypatch.setattr(size, "DEALT_AS_DRAFTS", 0)
    anew = told(engine, person)
    assert keep_for_earlier(engine) == 1
    kept = told(engine, person)
    assert kept == anew
    return one_by_one, kept


def test_every_figure_is_that_of_the_labels_read_one_by_one(engine, team, monkeypatch):
    one_by_one, in_database = both_ways(engine, team[0], monkeypatch)
    assert max(len(each.slices) for each in one_by_one[0]) > 2
    assert any(1 < sum(part.clusters.values()) < part.drafts for each in one_by_one[0] for part in each.slices)
    assert any(each.lowest for each in one_by_one[0])
    for mine, theirs in zip(in_database[0], one_by_one[0], strict=True):
        assert mine.as_json() == theirs.as_json()
        assert (mine.slices, mine.notes, mine.sentence) == (theirs.slices, theirs.notes, theirs.sentence)
    assert in_database[1].as_json() == one_by_one[1].as_json()
    with pytest.raises(Refused, match="cannot be sliced by colour; choose from .*, period, plan"):
        slices(team[0], engine, "pilot", "colour")


def test_what_is_held_back_is_counted_nowhere(engine, team, monkeypatch):
    lead, ana, ben, _ = team
    opened(engine, lead, "new", draft_ids=[f"d{n:02}" for n in range(1, 20)])
    one_by_one, in_database = both_ways(engine, ana, monkeypatch)
    assert [each.as_json() for each in in_database[0]] == [each.as_json() for each in one_by_one[0]]
    assert in_database[1].as_json() == one_by_one[1].as_json()
    assert all(sum(part.drafts for part in each.slices) <= DRAFTS - 19 for each in in_database[0])
    assert sum(part.drafts for part in slices(lead, engine, "pilot", "author").slices) > DRAFTS - 19


def test_the_queries_refuse_an_open_round(engine, team):
    lead, ana, *_ = team
    found = opened(engine, lead, "new", draft_ids=["d01"])
    for read in (
        lambda connection: list(by_draft.labelled_drafts(connection, found.id, {})),
        lambda connection: list(by_draft.deliveries(connection, found.id)),
        lambda connection: by_draft.slices_kept(connection, found.id, ""),
        lambda connection: by_draft.halves_kept(connection, found.id),
    ):
        with pytest.raises(NotYourTurn), reading(engine, lead) as connection:
            read(connection)


@pytest.mark.parametrize("shuffled", [False, True])
def test_kinds_are_dealt_as_drafts_are(shuffled, monkeypatch):
    """The lowest is the same figure; how often chance makes one as low differs by what 1,000 draws leave open."""
    if shuffled:  # as where there are as many kinds as drafts
        monkeypatch.setattr(dealt_counts, "_many_kinds", lambda held: True)
    apart = []
    for seed in range(10):
        rng = np.random.default_rng(seed)
        levels = rng.integers(0, 3, 90)
        labels = {
            f"u{n}": (int(level), int(level) if rng.random() < 0.8 else int(rng.integers(3))) for n, level in enumerate(levels)
        }
        slice_of = {unit: "abc"[int(rng.integers(3))] for unit in labels}
        counts = Counts("d", "ordinal", (0, 1, 2), ("x", "y"), _many(labels.values()), 90)
        dimension = sliced(counts, labels, PlainRule("kappa", "unweighted", 0.8))
        kinds = {}
        for unit, pattern in labels.items():
            of = kinds.setdefault((pattern,), {})
            of[slice_of[unit]] = of.get(slice_of[unit], 0) + 1
        mine = dealt_counts.lowest_of_counts([(counts, dimension.coefficient)], kinds)
        theirs = lowest([dimension], slice_of)
        assert mine._replace(by_chance=0) == theirs._replace(by_chance=0)
        apart.append(mine.by_chance - theirs.by_chance)
    assert max(map(abs, apart)) < 0.1 and abs(np.mean(apart)) < 0.03
    assert any(apart)


def _many(patterns):
    found = {}
    for pattern in patterns:
        found[pattern] = found.get(pattern, 0) + 1
    return found
