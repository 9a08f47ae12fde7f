"""Calibrations: annotators label drafts whose gold is known, and are held against it."""

import sqlalchemy as sa

from db.store import assignments as stored_assignments
from db.store import repeats as stored
from db.store import rounds as stored_rounds
from touchstone.data.assignment import assign
from touchstone.data.gold import ADJUDICATED, AGREED
from touchstone.english import listed, many
from touchstone.errors import Refused
from workflow.events.recording import recorded
from workflow.gold.cells import cells_of
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.design import RoundDesign
from workflow.rounds.repeated_rounds import add_round_going_back, drawn_again, round_gone_back_to
from workflow.rounds.rounds import Round, found_round
from workflow.rubric import rubrics


@verb
def open_calibration(person: Person, engine: sa.Engine, design: RoundDesign) -> Round:
    """Open a calibration: each annotator labels drafts of the closed round `design.of` and is held against its gold.

    The key is every settled cell (agreed or adjudicated) of the drafts drawn, as it is now: a later decision does not
    change it. A draft with no settled cell is not drawn, nor one that an annotator labels in another open round.
    """
    shown = design.shown_name
    design.check()
    people = design.people(engine)
    if not people:
        raise Refused("a calibration needs an annotator; name one or more")
    with recorded(person, engine, "open round", round=shown) as connection:
        before = round_gone_back_to(connection, design)
        rubric = rubrics.of_round(connection, before.id)
        settled = [cell for cell in cells_of(connection, before, rubric) if cell.state in (AGREED, ADJUDICATED)]
        if not settled:
            raise Refused(f"no cell of {before.name} is settled yet, so there is no gold to calibrate on; adjudicate first")
        with_gold = sorted({cell.draft_id for cell in settled})
        chosen = set(drawn_again(connection, design, people, before, with_gold, "with gold"))
        there = stored_assignments.cells_of_round(connection, before.id)
        drafts = {row.draft_id: row.draft for row in there if row.draft_id in chosen}
        ids = {annotator.name: annotator.id for annotator in people}
        assigned = [
            {"draft": drafts[share.draft], "person": ids[share.annotator], "position": share.position, "is_practice": False}
            for share in assign(sorted(chosen), list(ids), design.seed)
        ]
        opened = add_round_going_back(connection, person, design, before, people, drafts, assigned, feedback=design.feedback)
        key = [
            {
                "draft": drafts[cell.draft_id],
                "dimension": cell.dimension,
                "value": str(cell.value),
                "adjudication": cell.decision.adjudication if cell.decision else None,
            }
            for cell in settled
            if cell.draft_id in chosen
        ]
        stored.add_key(connection, opened, key)
        return found_round(connection, shown)


def notes_on_calibration(connection: sa.Connection, row: sa.Row, before: sa.Row) -> list[str]:
    """What must stand beside the figures of a calibration on the gold of the round `before`."""
    notes = [
        f"each annotator is compared with the settled gold of {before.name} as it was when this round opened, not "
        "against each other; a draft whose gold was not settled on a dimension counts as missing there"
    ]
    if row.feedback == "each":
        notes.append(
            "the gold of each draft was shown after its Save: later drafts were labelled by people who had learnt "
            "from earlier ones"
        )
    for each in stored_rounds.annotators_of(connection, row.id):
        labelled, decided = stored.knew_before(connection, row.id, before.id, each.id)
        did = [
            words
            for number, words in (
                (labelled, f"labelled {many(labelled, 'draft')}"),
                (decided, f"adjudicated {many(decided, 'draft')}"),
            )
            if number
        ]
        if did:
            notes.append(
                f"{each.name} labelled these drafts before: in {before.name} they {listed(did)} of these, so the "
                "gold is partly their own and agreement with it is inflated"
                if labelled
                else f"{each.name} {listed(did)} of these in {before.name}, so the gold is partly their own and "
                "agreement with it is inflated"
            )
    return notes
