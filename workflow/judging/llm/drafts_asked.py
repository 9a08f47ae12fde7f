"""The drafts that a judge is asked about: of a closed round, of a label set's units, or named one by one. None that an open round
holds, whoever asks, since what a judge says could sway whoever labels it; none of a sealed partition, whose texts go nowhere."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from db.store import label_sets as stored_label_sets
from db.store import tasks as stored_tasks
from db.store.closing import first_reading
from touchstone.data.task_input import fields_of
from touchstone.english import listed, many
from touchstone.errors import NotYourTurn, Refused
from touchstone.judging.llm.prompts import material
from touchstone.rubric.model import Rubric
from workflow.comparison.source import set_and_annotator
from workflow.projects.settling import settle
from workflow.rounds.rounds import closed_round

MOST = 20_000  # drafts of one run


@dataclass(frozen=True)
class AskAbout:
    """Which drafts: exactly one of a round's name, a label set's, or draft ids."""

    round: str = ""
    label_set: str = ""
    drafts: tuple[str, ...] = ()


class AskedDraft(NamedTuple):
    """A draft as the model is shown it."""

    id: int
    draft_id: str
    task_id: str
    shown: str


class AskedDrafts(NamedTuple):
    """`called`: which drafts they are, in words; `left_out`: sentences on those that are not asked about."""

    called: str
    drafts: tuple[AskedDraft, ...]
    left_out: tuple[str, ...]


def drafts_asked(connection: sa.Connection, about: AskAbout, rubric: Rubric, *, reads: bool) -> AskedDrafts:
    """`reads`: a model is about to be asked, so that closings of rounds with these drafts stand from here on.

    Raises NotYourTurn for an open round and for named drafts that one holds, Refused where no draft is left."""
    if sum(map(bool, (about.round, about.label_set, about.drafts))) != 1:
        raise Refused("say which drafts: a closed round, a label set, or draft ids", way=("set NAME", "drafts ID,ID"))
    read = _of_round if about.round else _of_set if about.label_set else _named
    called, wanted, rows = read(connection, about)
    being = stored_tasks.drafts_in_open_rounds(connection)
    held = [row for row in rows if row.id in being]
    if about.drafts and held:
        ids = listed([row.draft_id for row in held][:8])
        raise NotYourTurn(
            f"an open round holds {ids}: a judge is asked about drafts when it is closed, so that everyone labels blind"
        )
    free = [row for row in rows if row.id not in being]
    if len(free) > MOST:
        raise Refused(f"{called} has {many(len(free), 'draft')}; a run takes {MOST:,} at most: name fewer")
    if not free:
        why = listed([*_left_out(wanted - len(rows), len(held))]) or "there is none"
        raise Refused(f"no draft of {called} is left to ask about: {why}")
    if reads:
        first_reading.note_draft_read(connection, free[0].id if len(free) == 1 else None)
    shown = (
        AskedDraft(row.id, row.draft_id, row.task_id, material(fields_of(row.input, rubric.fields), row.text)) for row in free
    )
    return AskedDrafts(called, tuple(shown), tuple(_left_out(wanted - len(rows), len(held))))


def _left_out(missing: int, held: int) -> Iterator[str]:
    if held:
        yield f"{many(held, 'draft')} left out, which an open round holds"
    if missing:
        yield f"{many(missing, 'draft')} left out, sealed or with no text here"


def _of_round(connection: sa.Connection, about: AskAbout) -> tuple[str, int, Sequence[sa.Row]]:
    found = closed_round(connection, about.round)
    return found.name, found.drafts, stored_tasks.drafts_of_round_to_score(connection, found.id)


def _of_set(connection: sa.Connection, about: AskAbout) -> tuple[str, int, Sequence[sa.Row]]:
    row, _ = set_and_annotator(connection, about.label_set)
    units = sorted({each.unit for each in stored_label_sets.labels_of_set(connection, row.id)})
    found = {each.id: each for each in stored_tasks.drafts_of_units(connection, units).values()}
    return row.name, len(units), [*found.values()]


def _named(connection: sa.Connection, about: AskAbout) -> tuple[str, int, Sequence[sa.Row]]:
    settle(connection)
    ids = list(dict.fromkeys(about.drafts))
    found = stored_tasks.drafts_of_units(connection, ids)
    if missing := [each for each in ids if each not in found or found[each].draft_id != each]:
        raise Refused(f"there is no draft {listed(missing[:8], 'or')} whose text can be read here; name drafts by their ids")
    return many(len(ids), "draft"), len(ids), [found[each] for each in ids]
