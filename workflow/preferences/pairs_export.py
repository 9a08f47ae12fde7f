"""Export pairs that a judge can be trained on: from the levels of a source (gold of a closed round, an annotator, a label
set), or from the choices of a closed comparison round, `comparison:NAME`.

Nothing of a sealed partition is read, nothing that is held back from the reader, and no level that is stale: given under words
that a later published version has changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_tasks
from db.store.preferences import comparisons as stored
from touchstone.agreement.coefficient import NOMINAL_ALPHA
from touchstone.agreement.figure import Figure, in_words
from touchstone.data.task_input import fields_of
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.preferences.choices import OVERALL, ComparedDimension
from touchstone.preferences.report import PreferenceReport, preference_report
from touchstone.preferences.training_pairs import (
    BOUND,
    EXCELLENCE,
    DraftOfPair,
    MadePairs,
    pairs_from_choices,
    pairs_from_scores,
    score_of,
)
from touchstone.rubric.diff import revise
from touchstone.rubric.model import Dimension, Rubric
from workflow.comparison.source import Source, notes_on_each
from workflow.comparison.two_sources import sources_of
from workflow.events.recording import note_event
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.preferences.choices_made import ReadChoices, choices_in
from workflow.preferences.comparisons import row_of
from workflow.preferences.pairs_folder import ExportedPairs, write_pairs
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.rubric.outdated_labels import newest_after

SEALED = "the draft is sealed, or not in this store"
HELD_BACK = "the draft is held back from you: you are labelling it in an open round"
PAIR_HELD_BACK = "the pair is held back from you: an open round has a draft of it that you label or compare"
COMPARISON = "comparison:"
MOST_DRAFTS = 200_000


@dataclass(frozen=True)
class PairsAsked:
    """`source` as in `compare-sources`, or comparison:NAME; `dimensions`: those whose levels count, all ordinal ones where none
    is named, of a comparison round one (overall); `bound`: how far apart two scores are at least, of the scale; `partitions`,
    `dev`: as in `training_pairs.sorted_out`."""

    source: str
    dimensions: tuple[str, ...] = ()
    bound: Fraction = BOUND
    excellence: Fraction = EXCELLENCE
    partitions: tuple[str, ...] | None = None
    dev: Fraction = Fraction(0)
    allow_layout: bool = False


@verb
def export_pairs(person: Person, engine: sa.Engine, asked: PairsAsked, to: Path) -> ExportedPairs:
    """Write the pairs of a source into the new folder `to`: a JSONL file a partition, and a manifest.

    Raises NotYourTurn for an open round, Refused for a source that is not there, dimensions it has no levels of or only stale
    ones, where no pair is left, and where layout alone tells chosen from rejected in more than .70, unless it is allowed."""
    from_comparison = asked.source.strip().casefold().startswith(COMPARISON)
    found = (_from_comparison if from_comparison else _from_levels)(person, engine, asked)
    written = write_pairs(found.made, to, found.about, found.notes, allow_layout=asked.allow_layout, stale=found.stale)
    note_event(person, engine, "export pairs", source=found.about["source"], pairs=len(found.made.every), manifest=written.digest)
    return written


class _Found(NamedTuple):
    """The pairs of a source, and what is said about them."""

    made: MadePairs
    about: Mapping[str, Any]
    notes: tuple[str, ...] = ()
    stale: Mapping[str, str] = {}


def _from_levels(person: Person, engine: sa.Engine, asked: PairsAsked) -> _Found:
    (source,) = sources_of(person, engine, [asked.source])
    with reading(engine, person) as connection:
        stale = _stale(connection, source.rubric)
        dimensions = _dimensions(source, asked, stale)
        drafts, unread = _drafts(connection, source, dimensions)
    made = pairs_from_scores(drafts, bound=asked.bound, excellence=asked.excellence, partitions=asked.partitions, dev=asked.dev)
    used = {dimension.key for dimension in dimensions}
    about = {
        "source": source.name,
        "made_by": source.made_by,
        "rubric": source.rubric.name,
        "rubric_digest": source.rubric.digest,
        "dimensions": [dimension.key for dimension in dimensions],
        "dimensions_left_out": {key: why for key, why in stale.items() if key not in used},
        "bound": float(asked.bound),
        "excellence": float(asked.excellence),
    }
    counted = _with_counts(made, {SEALED: unread, HELD_BACK: source.held_back})
    return _Found(counted, about, tuple(notes_on_each([source])), stale)


def _from_comparison(person: Person, engine: sa.Engine, asked: PairsAsked) -> _Found:
    found = choices_in(person, engine, asked.source.partition(":")[2])
    dimension = _asked_about(found, asked)
    given = found.given[dimension.key]
    names = sorted({draft for pair in given.pairs.values() for draft in (pair.a, pair.b)})
    with reading(engine, person) as connection:
        _refuse_stale(connection, found.comparison.name, dimension.key)
        rows = stored_tasks.drafts_of_units(connection, names)
    drafts = {row.draft_id: _draft(row, None, None) for row in rows.values()}
    made = pairs_from_choices(drafts, given, bound=asked.bound, partitions=asked.partitions, dev=asked.dev)
    about: dict[str, Any] = {
        "source": f"{COMPARISON}{found.comparison.name}",
        "made_by": "person-blind",
        "dimensions": [dimension.key],
        "question": dimension.question,
        "annotators": [each.name for each in found.comparison.progress],
        "bound": float(asked.bound),
    }
    report = preference_report(given)
    alpha = report.agreement.overall[NOMINAL_ALPHA]
    about["agreement"] = {"nominal_alpha": alpha.as_json(), "sentence": report.sentence}
    counted = _with_counts(made, {SEALED: len(names) - len(rows), PAIR_HELD_BACK: found.held_back})
    return _Found(counted, about, tuple(_doubts(report, alpha)))


def _doubts(report: PreferenceReport, alpha: Figure) -> Iterator[str]:
    """What speaks against training on choices: their annotators agree no better than chance, or nobody can say whether."""
    if alpha.value is None:
        yield f"how far annotators agree is not known ({in_words(alpha)}): a judge trained on these pairs learns one view"
    elif report.is_by_chance:
        told = f"nominal alpha {in_words(alpha)}"
        yield f"annotators agree no more than chance can give, {told}: these pairs teach little or nothing"
    if "not told apart" in report.first_in_words:
        yield f"{report.first_in_words} by these choices"


def _asked_about(found: ReadChoices, asked: PairsAsked) -> ComparedDimension:
    """The one dimension of a comparison round that pairs are made of: the one that is named, or overall, or the only one."""
    name, there = found.comparison.name, {each.key: each for each in found.comparison.dimensions}
    if len(asked.dimensions) > 1:
        raise Refused(f"pairs are made of one dimension of a comparison round, not {listed(asked.dimensions)}; name one of them")
    (key,) = asked.dimensions or ([*there] if len(there) == 1 else [OVERALL])
    if key not in there:
        told = f"{name} did not ask about {key}" if asked.dimensions else f"{name} asked about several dimensions"
        raise Refused(f"{told}; name {listed([*there], 'or')}", way=("dimensions NAME",))
    return there[key]


def _refuse_stale(connection: sa.Connection, name: str, key: str) -> None:
    """Raises Refused where a later published version has changed the words of the dimension that was asked about."""
    row = next(each for each in stored.dimensions(connection, row_of(connection, name).id) if each.dimension == key)
    if row.rubric_version is None:
        return
    if why := _stale(connection, rubrics.rubric_of(connection, row.rubric_version)).get(key):
        raise Refused(f"{key} was {why}; compare the drafts again, or name another dimension")


def _with_counts(made: MadePairs, further: Mapping[str, int]) -> MadePairs:
    left_out = {**made.left_out, **{reason: number for reason, number in further.items() if number}}
    return made._replace(left_out=dict(sorted(left_out.items())))


def _stale(connection: sa.Connection, rubric: Rubric) -> dict[str, str]:
    """By dimension, why its levels are stale."""
    row = newest_after(connection, rubric.name)
    if row is None:
        return {}
    changed = revise(rubric, rubrics.rubric_of(connection, row.id)).dimensions
    told = {key: "reworded in" if each.where == "both" else "no longer in" for key, each in changed.items()}
    return {
        key: f"{told[key]} {row.name}, so levels under {rubric.name} are stale"
        for key, each in changed.items()
        if each.changes_labels or each.where == "before"
    }


def _dimensions(source: Source, asked: PairsAsked, stale: Mapping[str, str]) -> list[Dimension]:
    """The dimensions whose levels make the score, in the rubric's order."""
    labelled = {key for given in source.side.labels.values() for key in given}
    for key in asked.dimensions:
        if key not in labelled:
            raise Refused(f"{source.name} has no levels of {key}; it has {listed(sorted(labelled)) or 'none'}")
        if key in stale:
            raise Refused(f"{key} was {stale[key]}; label the drafts again, or leave it out")
        if declared(source.rubric, key).scale != "ordinal":
            raise Refused(f"the levels of {key} have no order, so none is better; leave it out")
    wanted = asked.dimensions or [key for key in labelled if key not in stale]
    found = [declared(source.rubric, key) for key in source.rubric.keys if key in wanted]
    found = [dimension for dimension in found if dimension.scale == "ordinal"]
    if not found:
        why = "; ".join(f"{key} was {told}" for key, told in stale.items() if key in labelled) or "none has levels in an order"
        raise Refused(f"{source.name} has no levels that pairs can be made from: {why}; label its drafts again, or name another")
    return found


def _drafts(connection: sa.Connection, source: Source, dimensions: Sequence[Dimension]) -> tuple[list[DraftOfPair], int]:
    """The drafts of a source with their scores, and how many of its units are sealed or no drafts of this store."""
    units = sorted(source.side.labels)
    if len(units) > MOST_DRAFTS:
        raise Refused(f"{source.name} has {many(len(units), 'draft')}, more than pairs are made of ({MOST_DRAFTS:,})")
    rows = stored_tasks.drafts_of_units(connection, units)
    made = [_draft(row, source.rubric, score_of(source.side.labels[unit], dimensions)) for unit, row in rows.items()]
    return list({each.draft: each for each in made}.values()), len(units) - len(rows)


def _draft(row: sa.Row, rubric: Rubric | None, score: Fraction | None) -> DraftOfPair:
    prompt = prompt_of(row.input, rubric)
    return DraftOfPair(row.draft_id, row.task_id, row.cluster, row.partition, prompt, row.text, score)


def prompt_of(given: Mapping[str, Any], rubric: Rubric | None = None) -> str:
    """A task's input as a prompt: each field under its title, as annotators read it."""
    return "\n\n".join(f"{title}:\n{text}" for title, text in fields_of(given, rubric.fields if rubric else ()))
