"""The blind round that measures a new rubric version: the dimensions that changed, on drafts nobody has discussed."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.diff import Revision, revise
from workflow.gold.cells import round_with_cells
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.design import RoundDesign
from workflow.rounds.draft_sampling import Fresh, fresh_drafts
from workflow.rounds.opening import open_round
from workflow.rounds.rounds import Round, row_of
from workflow.rubric import rubrics
from workflow.rubric.outdated_labels import named


class NextRound(NamedTuple):
    """What such a round would be: `dimensions` those to label again, `name` one that is free, `drafts` how many by default (as
    many as before, or all that are fresh)."""

    after: Round
    revision: Revision
    dimensions: tuple[str, ...]
    fresh: Fresh
    name: str

    @property
    def titles(self) -> list[str]:
        return [self.revision.dimensions[key].title for key in self.dimensions]

    @property
    def drafts(self) -> int:
        return min(self.after.drafts, self.fresh.drafts)

    @property
    def annotators(self) -> tuple[str, ...]:
        return self.after.annotators

    @property
    def refusal(self) -> str:
        """Why it cannot be opened; "" when it can."""
        before, after = self.revision.before.name, self.revision.after.name
        if not self.dimensions:
            return f"{after} has the same words and levels as {before} on every dimension: there is nothing to label again"
        if not self.fresh.drafts:
            whys = (
                (self.fresh.used, f"used in {self.after.name} or under {after}"),
                (self.fresh.discussed, "of tasks that were discussed"),
            )
            why = [f"{many(number, 'draft')} {'was' if number == 1 else 'were'} {what}" for number, what in whys if number]
            return f"there is no fresh draft to measure {after} on: {listed(why) or 'none is in the store'}; import more"
        return ""


@verb
def next_round(person: Person, engine: sa.Engine, rubric: str, after: str) -> NextRound:
    """What a round under a version would be after a closed one under an earlier version of the same rubric. Raises Refused for
    a version that cannot be used, and for a round under another rubric or a version that is not earlier."""
    with reading(engine, person) as connection:
        found = round_with_cells(connection, after)
        read, _ = rubrics.usable(connection, rubric)
        mine, before = named(read.name), named(found.rubric)
        if mine.rubric != before.rubric or mine.version <= before.version:
            raise Refused(
                f"{found.name} was labelled under {found.rubric}, and {read.name} is not a later version of it; name a "
                "round under an earlier version"
            )
        made = revise(rubrics.of_round(connection, found.id), read)
        free = plain = f"{found.name[:40]}, {read.name[-30:]}"
        number = 2
        while stored.by_folded(connection, fold(free)):
            free, number = f"{plain} ({number})", number + 1
        return NextRound(found, made, made.to_label_again, fresh_drafts(connection, row_of(connection, after), read.name), free)


@verb
def open_next_round(
    person: Person,
    engine: sa.Engine,
    name: str,
    *,
    rubric: str,
    after: str,
    annotators: Sequence[str] | None = None,
    drafts: int | None = None,
) -> Round:
    """Open it: blind, under the new version, only the dimensions whose words or levels changed, on fresh drafts (neither used in
    the round `after` or under this version, nor of a task that was discussed), with the annotators of that round unless others
    are named, shared out as there.

    Raises Refused when nothing changed that labels depend on, and when there are no such drafts, or fewer than asked for.
    """
    plan = next_round(person, engine, rubric, after)
    if plan.refusal:
        raise Refused(plan.refusal)
    with reading(engine, person) as connection:
        row = row_of(connection, after)
    who = list(plan.annotators if annotators is None else annotators)
    some = row.per_draft if row.per_draft is not None and row.per_draft < len(who) else None
    return open_round(
        person,
        engine,
        RoundDesign(
            name or plan.name,
            rubric=rubric,
            annotators=who,
            overlap=row.overlap,
            per_draft=some,
            drafts=plan.drafts if drafts is None else drafts,
            strata=row.strata,
            dimensions=plan.dimensions,
            seed=row.seed,
            fresh_after=after,
        ),
    )


@verb
def rounds_before(engine: sa.Engine, rubric: str) -> list[str]:
    """Names of the closed rounds under an earlier version of the same rubric, the newest first."""
    mine = named(rubric)
    with reading(engine) as connection:
        return [
            row.name
            for row in stored.all_rounds(connection)
            if row.closed_at is not None
            and row.kind == "double"
            and named(row.rubric).rubric == mine.rubric
            and named(row.rubric).version < mine.version
        ]
