"""Retests: the same person labels the same drafts again, after a gap."""

from datetime import timedelta
from math import ceil
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa

from db.store import repeats as stored
from db.store import rounds as stored_rounds
from touchstone.data.assignment import another_order
from touchstone.english import duration, listed, many
from touchstone.errors import Refused
from workflow import clock
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.design import RoundDesign
from workflow.rounds.repeated_rounds import add_round_going_back, drawn_again, round_gone_back_to
from workflow.rounds.rounds import Round, found_round

GAP = timedelta(hours=24)  # between the last save of a draft and the moment its retest opens
GAP_IN_WORDS = duration(GAP.total_seconds())


@verb
def open_retest(person: Person, engine: sa.Engine, design: RoundDesign) -> Round:
    """Open a retest: one annotator labels drafts they labelled in the closed round `design.of` again, in another order, under
    the same rubric version and dimensions.

    Drafts they label in another open round are left out. Raises Refused when a draft was last saved by them less than GAP
    ago (in whichever round), saying how long to wait, unless the design forces it: the report then says so.
    """
    shown = design.shown_name
    design.check()
    people = design.people(engine)
    if len(people) != 1:
        raise Refused(
            f"a retest repeats the labels of one person, and {many(len(people), 'person', 'people')} "
            f"{'is' if len(people) == 1 else 'are'} named; open a retest for each"
        )
    (again,) = people
    with recorded(person, engine, "open round", round=shown) as connection:
        before = round_gone_back_to(connection, design)
        labelled = stored.saved_by(connection, before.id, again.id)
        if not labelled:
            raise Refused(
                f"{again.name} has labelled no draft in {before.name}, so there is nothing to label again; "
                f"its annotators are {listed(before.annotators)}"
            )
        order = [row.draft_id for row in labelled]
        chosen = set(drawn_again(connection, design, people, before, order, f"that {again.name} labelled"))
        drafts = {row.draft_id: row.id for row in labelled if row.draft_id in chosen}
        too_early = _refuse_early(connection, again, drafts, design.force)
        placed = another_order([draft_id for draft_id in order if draft_id in chosen], design.seed)
        assigned = [
            {"draft": drafts[draft_id], "person": again.id, "position": place, "is_practice": False}
            for place, draft_id in enumerate(placed, start=1)
        ]
        add_round_going_back(connection, person, design, before, people, drafts, assigned, forced=too_early)
        return found_round(connection, shown)


def _refuse_early(connection: sa.Connection, again: Person, by_name: dict[str, int], force: bool) -> bool:
    """Whether some draft was saved less than GAP ago; refused then unless forced."""
    now = clock.now()
    saved = stored.last_saved(connection, again.id, list(by_name.values()))
    early = {draft_id: at for draft_id, (at, _) in saved.items() if now - at < GAP}
    if early and not force:
        latest = max(sorted(early), key=lambda draft_id: early[draft_id])
        left = ceil((GAP - (now - early[latest])) / timedelta(hours=1))
        raise Refused(
            f"{again.name} saved {many(len(early), 'draft')} of the {len(by_name)} less than {GAP_IN_WORDS} ago ({latest} in "
            f"{saved[latest][1]}, the last): a retest needs that gap. Open it in {many(left, 'hour')}, or force it: the "
            "report will say so"
        )
    return bool(early)


class Gap(NamedTuple):
    """Hours between the last save of a draft in the first round and its first save in the retest."""

    shortest: float
    median: float
    drafts: int


def gap_of(connection: sa.Connection, round_: int, of_round: int) -> Gap | None:
    """The gap of a retest; None while no draft was labelled again."""
    hours = [(row.again - row.before) / timedelta(hours=1) for row in stored.times_of_retest(connection, round_, of_round)]
    return Gap(min(hours), median(hours), len(hours)) if hours else None


def notes_on_retest(connection: sa.Connection, row: sa.Row, before: sa.Row) -> list[str]:
    """What must stand beside the figures of a retest of the round `before`."""
    notes = [
        "one person twice: this is intra-rater agreement (test-retest), not agreement between people. The rubric's "
        "threshold is for agreement between people, so there is no verdict"
    ]
    (again,) = stored_rounds.annotators_of(connection, row.id)
    decided = stored.knew_before(connection, row.id, before.id, again.id)[1]
    if decided:
        notes.append(
            f"{again.name} adjudicated {many(decided, 'draft')} of these in {before.name}, and saw all their labels then"
        )
    gap = gap_of(connection, row.id, before.id)
    if gap:
        notes.append(
            f"gap between the last save in {before.name} and the first here, over {many(gap.drafts, 'draft')}: "
            f"shortest {duration(3600 * gap.shortest)}, median {duration(3600 * gap.median)}"
        )
    if row.forced:
        notes.append(
            f"opened before {GAP_IN_WORDS} had passed (forced): labels remembered from the first time raise the agreement"
        )
    return notes
