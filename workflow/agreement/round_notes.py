"""What must stand beside the figures of closed rounds: how they were labelled, closed and decided."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.store import adjudications as stored_adjudications
from db.store import revisions as stored_revisions
from db.store import rounds as stored_rounds
from touchstone.agreement.report import DimensionReport, several_at_this_n
from touchstone.english import listed, many
from touchstone.rubric.model import Rubric
from workflow.agreement.pseudonyms import Pseudonyms
from workflow.rounds.calibration import notes_on_calibration
from workflow.rounds.kinds import DOUBLE, RETEST
from workflow.rounds.retest import notes_on_retest
from workflow.rounds.rounds import Round
from workflow.rounds.team.reassigning import changes_of
from workflow.rubric.outdated_labels import outdated_notes


class RoundNotes(NamedTuple):
    """Notes read from the store. `on_labels` stand before those on the figures, `on_drafts` after them."""

    on_labels: tuple[str, ...]
    on_drafts: tuple[str, ...]

    def beside(self, kind: str, dimensions: Mapping[str, DimensionReport]) -> tuple[str, ...]:
        """All notes, in the order they are read in."""
        on_figures = notes_at_this_n(dimensions) if kind == DOUBLE else []
        return (*self.on_labels, *on_figures, *_on_looks(dimensions), *self.on_drafts)


def notes_on_rounds(connection: sa.Connection, rounds: Sequence[Round], rubric: Rubric, names: Pseudonyms) -> RoundNotes:
    """The notes on closed rounds that are reported together, first what is held back from the reader; `names` are put for
    annotators wherever people typed them."""
    rows = [stored_rounds.by_id(connection, each.id) for each in rounds]
    return RoundNotes(
        (
            *_on_held_back(rounds, names),
            *(names.within(note) for note in notes_on_kind(connection, rows[0])),
            *_on_closing(rounds, names),
            *_on_changes(connection, rows, names),
            *_on_skips(connection, rounds, names),
        ),
        (
            *_on_discussed_drafts(connection, rounds),
            *outdated_notes(connection, rubric, rounds[0].dimensions),
            *_on_decisions(connection, rounds),
        ),
    )


def notes_on_kind(connection: sa.Connection, row: sa.Row) -> list[str]:
    """What must stand beside the figures of a retest or a calibration; nothing for a round of kind double."""
    if row.of_round is None:
        return []
    before = stored_rounds.by_id(connection, row.of_round)
    return (notes_on_retest if row.kind == RETEST else notes_on_calibration)(connection, row, before)


def notes_at_this_n(dimensions: Mapping[str, DimensionReport]) -> list[str]:
    """That among several dimensions some verdicts come about by chance; nothing where there are few."""
    said = several_at_this_n(list(dimensions.values()))
    return [said.removesuffix(".")] if said else []  # notes are joined to other words


def _on_closing(rounds: Sequence[Round], names: Pseudonyms) -> Iterator[str]:
    yield from (
        f"{names.within(each.name)} was closed early: {names.within(each.early_reason).removesuffix('.')}"
        for each in rounds
        if each.early_reason
    )
    if missing := sum(annotator.waiting for each in rounds for annotator in each.progress):
        yield (
            f"{many(missing, 'label')} per dimension {'was' if missing == 1 else 'were'} still missing at closing "
            "and counted as missing"
        )


def _on_held_back(rounds: Sequence[Round], names: Pseudonyms) -> Iterator[str]:
    for each in rounds:
        if each.left_out:
            yield (f"of {names.within(each.name)} " if len(rounds) > 1 else "") + each.left_out


def _on_changes(connection: sa.Connection, rows: Sequence[sa.Row], names: Pseudonyms) -> Iterator[str]:
    """What was changed in who labels what while a round was open."""
    for row in rows:
        if changes := changes_of(connection, row):
            yield f"while it was open, {listed([names.within(each.on_record) for each in changes])}"


def _on_skips(connection: sa.Connection, rounds: Sequence[Round], names: Pseudonyms) -> Iterator[str]:
    """Which drafts were skipped and why: the first few."""
    skips = [row for each in rounds for row in stored_rounds.skips_of(connection, each.id)]
    if not skips:
        return
    told = [
        f"{names.within(row.draft_id)} by {names.of(row.name)} ({names.within(row.skip_reason)})"
        for row in sorted(skips, key=lambda row: (row.draft_id, row.name))  # databases sort text in ways of their own
    ]
    yield (
        f"{many(len(skips), 'skip')}, counted as missing labels"
        + (": " + "; ".join(told[:5]) + (" …" if len(told) > 5 else "") if told else "")
    )


def _on_looks(dimensions: Mapping[str, DimensionReport]) -> Iterator[str]:
    """How often these labels were looked at, said of the dimension with the most drafts."""
    looks = [each.judgement.looks for each in dimensions.values() if each.judgement and each.judgement.looks]
    if looks and (said := max(looks, key=lambda each: each.sizes[-1]).in_words()):
        yield said


def _on_discussed_drafts(connection: sa.Connection, rounds: Sequence[Round]) -> Iterator[str]:
    """That drafts were talked about before they were labelled here: discussed in a meeting, or at least adjudicated."""
    discussed = settled = 0
    for each in (each for each in rounds if each.kind == DOUBLE):
        talked_of = stored_revisions.discussed_before(connection, each.id)
        discussed += len(talked_of)
        settled += len(stored_adjudications.settled_before(connection, each.id) - talked_of)
    if discussed:
        of = f"{many(discussed, 'draft')} of {sum(each.told for each in rounds):,}"
        yield (
            f"{of} {'was' if discussed == 1 else 'were'} discussed in a revision meeting, or another draft of the same "
            "task was: agreement on them is no evidence for a new version"
        )
    if settled:
        yield (
            f"{many(settled, 'draft')} had been adjudicated in another round before this one was opened: where the "
            "rubric was discussed on them, their agreement is no evidence for its new version"
        )


def _on_decisions(connection: sa.Connection, rounds: Sequence[Round]) -> Iterator[str]:
    own = sum(row.also_labelled for each in rounds for row in stored_adjudications.adjudications_of(connection, each.id))
    if own:
        yield (
            f"{many(own, 'decision')} of the adjudication {'is' if own == 1 else 'are'} by someone who "
            "labelled the cell too; agreement is computed from the labels before adjudication"
        )
