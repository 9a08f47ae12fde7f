"""The choices of closed comparison rounds in a release: those on tasks of its drafts, by nobody from whom some are held back."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store.preferences.comparisons import dimensions
from db.store.releasing import preferences as stored
from touchstone.english import listed, many
from touchstone.errors import NotYourTurn
from touchstone.preferences.choices import A, B
from touchstone.releasing.choosing import preferred
from touchstone.releasing.manifest import ComparedTerms, ComparisonTerms
from touchstone.releasing.tables import PreferenceRow
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, closed_round


class ReleasedComparison(NamedTuple):
    """A closed comparison round with choices on tasks of a release."""

    row: sa.Row
    annotators: Sequence[str]
    dimensions: Sequence[sa.Row]

    def terms(self, codes: Pseudonyms) -> ComparisonTerms:
        early = self.row.early_reason
        return ComparisonTerms(
            name=codes.within(self.row.name),
            dimensions=tuple(
                ComparedTerms(key=each.dimension, title=codes.within(each.title), question=codes.within(each.question))
                for each in self.dimensions
            ),
            closed_at=self.row.closed_at.isoformat(),
            closed_early=codes.within(early) if early else None,
            annotators=tuple(map(codes.of, self.annotators)),
        )


@verb
def choices_to_leave(person: Person, engine: sa.Engine, round_name: str) -> str:
    """What of closed comparison rounds a release of a closed round would have, in a sentence; "" for nothing."""
    with reading(leaving(engine), person) as connection:
        found = stored.comparisons_to_release(connection, [closed_round(connection, round_name).id])
    if held := sum(row.held_back for row in found):
        are = "is" if held == 1 else "are"
        return f"{many(held, 'choice')} between drafts of its tasks {are} held back from you, so somebody else must release it."
    leaves = [f"{many(row.choices, 'choice')} of the comparison round {row.name}" for row in found if row.choices]
    return f"Which of two drafts is better leaves too: {listed(leaves)}." if leaves else ""


def comparisons_of(connection: sa.Connection, rounds: Sequence[Round]) -> list[ReleasedComparison]:
    """The comparison rounds of a release. Raises NotYourTurn for someone who labels or compares a draft of their pairs in an open
    round: a file that left these choices out would pass for all of them."""
    found = stored.comparisons_to_release(connection, [each.id for each in rounds])
    for row in found:
        if row.held_back:
            raise NotYourTurn(
                f"{many(row.held_back, 'choice')} of {row.name} would show how others chose between drafts that you label or "
                "compare in an open round; close that round first, or let someone release who is in none of them"
            )
    return [
        ReleasedComparison(row, stored.annotators_of(connection, row.id), dimensions(connection, row.id))
        for row in found
        if row.choices
    ]


def choices_of(
    connection: sa.Connection, comparisons: Sequence[ReleasedComparison], rounds: Sequence[Round], codes: Pseudonyms
) -> Iterator[PreferenceRow]:
    """Their choices, one after the other. A repeat stands only where the pair was chosen in before."""
    ids = [each.id for each in rounds]
    for each in comparisons:
        called, first = codes.within(each.row.name), set[tuple[int, str, str]]()
        for row in stored.choices_to_release(connection, each.row.id, ids):
            own = (row.pair, row.annotator, row.dimension)
            if not row.is_repeat:
                first.add(own)
            elif own not in first:
                continue
            left = B if row.is_swapped else A
            yield PreferenceRow(
                row.id,
                called,
                row.dimension,
                row.pair,
                row.task_id,
                row.partition or None,
                row.draft_a,
                row.draft_b,
                row.author_a or None,
                row.author_b or None,
                row.text_a,
                row.text_b,
                codes.of(row.annotator),
                left,
                row.taken,
                preferred(left, row.taken),
                bool(row.is_repeat),
                codes.within(row.note) if row.note else None,
                row.chosen_at.isoformat(),
            )
