"""What a retest and a calibration share: both go back to a closed round, which brings their rubric, dimensions and drafts."""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from db.store import assignments as stored_assignments
from db.store import projects as stored_projects
from db.store import rounds as stored_rounds
from db.store.closing import first_reading
from touchstone.data.assignment import sample
from touchstone.english import many
from touchstone.errors import Refused
from workflow import clock
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.roles import refuse_outsiders
from workflow.projects.settling import refuse_archived
from workflow.rounds.design import RoundDesign
from workflow.rounds.rounds import Round, found_round, refuse_without_gold, row_of


def round_gone_back_to(connection: sa.Connection, design: RoundDesign) -> Round:
    """The round `design.of`, closed and of kind double, labelled under the design's rubric where it names one; refused
    otherwise, and where the design's own name is another round's."""
    shown = design.shown_name
    refuse_archived(stored_projects.by_id(connection, row_of(connection, design.of, lock=True).project))
    if stored_rounds.by_folded(connection, fold(shown)):
        raise Refused(f"there is a round named “{shown}” already; give the new one another name")
    before = found_round(connection, design.of)
    refuse_without_gold(before)
    if before.is_open:
        raise Refused(f"{before.name} is still open; close it before a {design.kind} is based on it")
    if design.rubric and design.rubric != before.rubric:
        raise Refused(
            f"{before.name} was labelled under {before.rubric}, and a {design.kind} keeps that: leave {design.rubric} out"
        )
    return before


def drawn_again(
    connection: sa.Connection, design: RoundDesign, people: Sequence[Person], before: Round, there: Sequence[str], which: str
) -> list[str]:
    """As many of the drafts `there` as designed, those left out that one of the people labels in an open round."""
    busy = {draft_id for each in people for draft_id in stored_assignments.in_open_rounds(connection, each.id)}
    free = [draft_id for draft_id in there if draft_id not in busy]
    wanted = len(free) if design.drafts is None else design.drafts
    if not free or wanted > len(free):
        asked = "every draft" if design.drafts is None else many(wanted, "draft")
        raise Refused(
            f"{asked} asked for, and {before.name} has {many(len(free), 'draft')} {which} to draw from"
            + (f", {len(there) - len(free)} left out that are being labelled in an open round" if len(free) < len(there) else "")
            + ("; ask for fewer" if free else "; close that round first" if there else "")
        )
    return sample(dict.fromkeys(free), wanted, design.seed)


def add_round_going_back(
    connection: sa.Connection,
    person: Person,
    design: RoundDesign,
    before: Round,
    people: Sequence[Person],
    drafts: Mapping[str, int],
    assigned: Sequence[Mapping[str, object]],
    **own: object,
) -> int:
    """The new round's id. `drafts`: the store's id of each by draft_id; `own`: columns that only its kind has."""
    shown, first = design.shown_name, stored_rounds.by_id(connection, before.id)
    refuse_outsiders(connection, people, first.project)
    first_reading.note_read(connection, before.id)  # what a round is based on stays closed
    return stored_rounds.add_round(
        connection,
        {
            "name": shown,
            "folded": fold(shown),
            "kind": design.kind,
            "seed": design.seed,
            "strata": [],
            "project": first.project,
            "rubric_version": first.rubric_version,
            "per_draft": len(people),
            "overlap": None,
            "opened_at": clock.now(),
            "opened_by": person.id,
            "of_round": before.id,
            **own,
        },
        dimensions=before.dimensions,
        annotators=[annotator.id for annotator in people],
        drafts=list(drafts.values()),
        practice=[],
        assigned=assigned,
    )
