"""Scores of the store's drafts under one rubric version.

Nothing of an open round is scored from the store: what a draft is worth by the rules could sway whoever labels it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored_rounds
from db.store import tasks as stored
from db.store.closing import first_reading
from db.store.projects import project_in_hand
from touchstone.data.task_input import fields_of
from touchstone.english import many
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.model import Rubric
from touchstone.scorer.batch import DraftToScore
from touchstone.scorer.facts.reading import FactReader
from touchstone.scorer.regex import PatternCache
from touchstone.scorer.scoring import DraftScore, ReadNumber, Score
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle, the_one
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics
from workflow.scorer.scorers import scorer_of

HELD = "held back while an open round holds this draft"


def rubric_for_scoring(connection: sa.Connection | None, name: str) -> tuple[Rubric, bytes]:
    """A version by name, or a rubric file by path. `connection` None: no store to ask. Raises Refused for what cannot score."""
    is_file = name.endswith((".yml", ".yaml"))
    rubric, problems, source = rubrics.read_file(Path(name)) if is_file else rubrics.counts(connection, name)
    if rubric is None:
        called = Path(name).name if is_file else f"{name}.yml"
        raise Refused(f"{called} is not a valid rubric yet; fix {many(len(problems), 'problem')} in it", problems)
    if not has_scoring(rubric):
        raise Refused(f"{rubric.name} has no scoring in any dimension; add checks and scoring lines to it")
    return rubric, source


@verb
def rubric_to_score_by(engine: sa.Engine | None, name: str) -> Rubric:
    """`rubric_for_scoring` for who has no transaction; `engine` None: no store to ask."""
    if engine is None:
        return rubric_for_scoring(None, name)[0]
    with reading(engine) as connection:
        return rubric_for_scoring(connection, name)[0]


def has_scoring(rubric: Rubric) -> bool:
    return any(dimension.scoring for dimension in rubric.dimensions)


class Version(NamedTuple):
    """The rubric version that scores: as it was published, or (`note` then says so) as its file is now."""

    rubric: Rubric
    source: bytes
    is_published: bool
    note: str = ""


class PublishedVersion(NamedTuple):
    """A version that some round published, as `version_of` looks for it: its name and its row's id."""

    rubric: str
    rubric_version: int


def published_version(connection: sa.Connection, name: str) -> PublishedVersion | None:
    """The version of that name as it was published; None where none was."""
    row = stored_rounds.published(connection, name) if name else None
    return PublishedVersion(row.name, row.id) if row else None


def version_of(connection: sa.Connection, name: str, own: Sequence[sa.Row | PublishedVersion]) -> Version:
    """The version of that name, as published where one of the closed rounds `own` was labelled under it, else the file in
    rubric_versions/; the first round's when no name is given. Raises Refused for a path, and as `rubric_for_scoring` does."""
    name = name or own[0].rubric
    stored_id = next((each.rubric_version for each in own if each.rubric == name), None)
    if stored_id is not None and has_scoring(rubric := rubrics.rubric_of(connection, stored_id)):
        return Version(rubric, stored_rounds.rubric_source(connection, stored_id).source, True)
    if PurePath(name).name != name or name.endswith((".yml", ".yaml")):
        raise Refused(f"{name} is a path; name a version in rubric_versions/ by its file's name alone, without .yml")
    rubric, source = rubric_for_scoring(connection, name)
    return Version(
        rubric,
        source,
        False,
        ""
        if stored_id is None
        else f"{name} as it was published has no scoring; drafts are scored by its file as it is now ({rubric.digest[:12]})",
    )


@verb
def versions_to_score_by(engine: sa.Engine, own: str = "") -> list[str]:
    """The names of versions that can score, for choosing one; `own` first where it can."""
    with reading(engine) as connection:
        row = stored_rounds.published(connection, own)
        can = row is not None and has_scoring(rubrics.rubric_of(connection, row.id))
    names = [each.name for each in rubrics.rubric_files(engine) if each.rubric and has_scoring(each.rubric)]
    return ([own] if can or own in names else []) + [each for each in names if each != own]


@dataclass(frozen=True)
class DraftFindings:
    """A draft of a closed round as the checks read it, with its task's input."""

    draft_id: str
    task_id: str
    text: str
    fields: tuple[tuple[str, str], ...]
    rounds: tuple[str, ...]
    version: Version
    score: DraftScore
    numbers: tuple[ReadNumber, ...]  # none where the rubric has no kinds of them
    is_sample: bool

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        scores = self.score.scores
        found = {(each.check, each.start, each.end) for score in scores.values() for each in score.findings}
        if all(each.value is None for each in scores.values()):
            return f"Not scorable under {self.version.rubric.name}: {next(iter(scores.values())).reason}."
        final = (
            (
                "no final score, since a dimension "
                + ("is not scorable" if any(each.value is None for each in scores.values()) else "has no order")
            )
            if self.score.final is None
            else f"final score {self.score.final:.2f}"
        )
        return (
            f"{many(len(found), 'finding')} under {self.version.rubric.name}, {final}"
            + (f", with the penalty for {many(self.score.penalty, 'phrase')}" if self.score.penalty else "")
            + "."
        )


@verb
def findings_of(person: Person, engine: sa.Engine, draft_id: str, rubric: str = "") -> DraftFindings:
    """What the checks find in a draft, for the lead (in local mode everyone may lead). `rubric` is a version's name; its last
    closed round's when left out.

    Raises NotYourTurn while an open round holds the draft, whoever asks: what the checks say could sway whoever labels it.
    Raises Refused for a draft that was never in a closed round, and for a version that cannot score.
    """
    with reading(engine, person) as connection:
        row = the_one(connection, stored.drafts_named(connection, draft_id), "draft")
        if row is None:
            raise Refused(f"there is no draft “{draft_id}” in the store; open one from the Scorer page")
        held = stored_rounds.rounds_of_draft(connection, row.id)
        if being := [each.name for each in held if each.closed_at is None]:
            raise NotYourTurn(
                f"{row.draft_id} is in {being[0]}, which is open: what the checks find is shown when it is closed, "
                "so that everyone labels blind"
            )
        here = project_in_hand(connection)
        closed = [each for each in held if not each.is_practice and each.project == here]
        if not closed:
            raise Refused(
                f"{row.draft_id} was never in a closed round: what the checks find is shown once people have labelled "
                "it; close a round with it first"
            )
        version = version_of(connection, rubric, closed)
        first_reading.note_draft_read(connection, row.id)
    scorer, has_kinds = scorer_of(version.rubric), bool(version.rubric.numbers.kinds)
    return DraftFindings(
        row.draft_id,
        row.task_id,
        row.text,
        fields_of(row.input, version.rubric.fields),
        tuple(each.name for each in closed),
        version,
        scorer.score(row.text, row.input, row.extra),
        scorer.numbers(row.text, row.input) if has_kinds else (),
        row.is_sample,
    )


@dataclass(frozen=True)
class ScorerSays:
    """What the scorer says of drafts of a closed round on one dimension, by draft. `rubric` is the version that scored, None (and
    `note` says why) where none can; else `note` is "" or what is odd about it."""

    rubric: Rubric | None
    note: str
    scores: Mapping[str, Score]


@verb
def scorer_says(engine: sa.Engine, round_: Round, dimension: str, draft_ids: Sequence[str]) -> ScorerSays:
    """The scores of drafts of a closed round on a dimension, under its rubric version as `findings_of` takes it. A draft that an
    open round holds gets a reason and nothing else. Raises NotYourTurn for a round that is open."""
    made: dict[str, Score] = {}
    with reading(engine) as connection:
        own = stored_rounds.by_id(connection, round_.id)
        if own.closed_at is None:
            raise NotYourTurn(
                f"{own.name} is open: what the checks find is shown when it is closed, so that everyone labels blind"
            )
        try:
            version = version_of(connection, "", [own])
        except Refused as why:
            return ScorerSays(None, why.sentence, {})
        first_reading.note_read(connection, own.id)
        counted = stored.drafts_of_round_to_score(connection, own.id, draft_ids)
        being = stored.drafts_in_open_rounds(connection)
    rows = [row for row in counted if row.id not in being]
    made |= {row.draft_id: Score(None, None, HELD) for row in counted if row.id in being}
    if version.rubric.dimension(dimension) is None:
        return ScorerSays(None, f"{version.rubric.name} as it is now has no dimension {dimension}", made)
    scorer = scorer_of(version.rubric)
    made |= {row.draft_id: scorer.score(row.text, row.input, row.extra).scores[dimension] for row in rows}
    return ScorerSays(version.rubric, version.note, made)


@verb
def drafts_with_findings(engine: sa.Engine, round_: int | None = None, most: int = 500) -> list[str]:
    """The first drafts whose findings may be shown, for choosing one: those of a closed round (its id), or of any."""
    with reading(engine) as connection:
        return stored.drafts_of_closed_rounds(connection, most, round_)


@verb
def drafts_of_store(engine: sa.Engine) -> tuple[list[DraftToScore], int]:
    """The project's drafts that no open round holds, and how many were left out."""
    with reading(engine) as connection:
        settle(connection)
        first_reading.note_draft_read(connection)
        held = stored.drafts_in_open_rounds(connection)
        rows = list(stored.drafts_to_score(connection))
    made = [DraftToScore(row.task_id, row.draft_id, row.text, row.input, row.extra) for row in rows if row.id not in held]
    return made, len(rows) - len(made)


@verb
def facts_without_values(engine: sa.Engine, rubric: Rubric) -> list[str]:
    """The token and fact checks whose fact no stored task gives, as sentences; [] without tasks."""
    used = {check.fact: check.name for dimension in rubric.dimensions for check in dimension.checks if check.fact}
    patterns = PatternCache()
    missing = {fact.key: FactReader(fact, patterns) for fact in rubric.facts if fact.key in used}
    tasks = 0
    with reading(engine) as connection:
        settle(connection)
        for row in stored.tasks_to_read(connection):
            tasks += 1
            missing = {key: reader for key, reader in missing.items() if not reader.value(row.input, row.extra).is_given}
            if not missing:
                break
    if not tasks:
        return []
    return [f"the fact {key}, which {used[key]} needs, is given by none of {many(tasks, 'stored task')}" for key in missing]
