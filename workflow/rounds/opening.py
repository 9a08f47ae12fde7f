"""Open a round of any kind, as it is designed."""

from collections.abc import Sequence

import sqlalchemy as sa

from db.store import projects as stored_projects
from db.store import rounds as stored
from touchstone.data.assignment import assign
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow import clock
from workflow.events.recording import recorded
from workflow.names import fold
from workflow.people.people import Person
from workflow.people.roles import refuse_outsiders
from workflow.people.verbs import verb
from workflow.projects.settling import settle_rubric
from workflow.rounds.calibration import open_calibration
from workflow.rounds.design import RoundDesign
from workflow.rounds.draft_sampling import Drawn, draw
from workflow.rounds.kinds import CALIBRATION, RETEST
from workflow.rounds.retest import open_retest
from workflow.rounds.rounds import Round, found_round, row_of
from workflow.rubric import rubrics


@verb
def open_round(person: Person, engine: sa.Engine, design: RoundDesign) -> Round:
    """Open a round: of kind double pin the rubric's digest (this publishes it), draw the drafts, give everyone their own
    order; of another kind see `open_retest` and `open_calibration`.

    Raises Refused, with the numbers, when what is designed cannot be made.
    """
    if design.kind == RETEST:
        return open_retest(person, engine, design)
    if design.kind == CALIBRATION:
        return open_calibration(person, engine, design)
    shown = design.shown_name
    design.check()
    people = design.people(engine)
    design.check_pool(people)
    with recorded(person, engine, "open round", round=shown) as connection:
        for named in (design.continues, design.fresh_after):
            if named:
                row_of(connection, named)
        project = settle_rubric(person, connection, design.rubric)
        refuse_outsiders(connection, people, project.id)
        stored_projects.hold_names(connection, project.id)
        if stored.by_folded(connection, fold(shown)):
            raise Refused(f"there is a round named “{shown}” already; give the new one another name")
        rubric, version = rubrics.ready_to_use(connection, design.rubric)
        dimensions = _dimensions(rubric, design.dimensions)
        drawn, before = draw(connection, design, rubric)
        design.check_plan_holds(len(drawn.counted))
        stored.add_round(
            connection,
            {
                "name": shown,
                "folded": fold(shown),
                "kind": design.kind,
                "rubric_version": version,
                "seed": design.seed,
                "per_draft": None if design.overlap is not None else design.per_draft or len(people),
                "overlap": design.overlap,
                "strata": list(design.strata),
                "project": project.id,
                "opened_at": clock.now(),
                "opened_by": person.id,
                "continues_round": before,
                "planned_looks": design.looks,
                "planned_drafts": design.up_to,
            },
            dimensions=dimensions,
            annotators=[annotator.id for annotator in people],
            drafts=[draft.id for draft in drawn.counted],
            practice=[draft.id for draft in drawn.practice],
            assigned=_assigned(design, people, drawn),
        )
        if not stored.published(connection, rubric.name):
            stored.publish(connection, version, person=person.id, at=clock.now())
        return found_round(connection, shown)


def _dimensions(rubric: Rubric, wanted: Sequence[str]) -> list[str]:
    if not wanted:
        return list(rubric.keys)
    chosen = []
    for name in wanted:
        dimension = rubric.dimension(name)
        if dimension is None:
            raise Refused(f"{rubric.name} has no dimension {name}; it has {', '.join(rubric.keys)}")
        chosen.append(dimension.key)
    return [key for key in rubric.keys if key in chosen]


def _assigned(design: RoundDesign, people: Sequence[Person], drawn: Drawn) -> list[dict[str, object]]:
    """Everyone's drafts in their own order, as `add_round` takes them."""
    ids, drafts = {annotator.name: annotator.id for annotator in people}, drawn.ids
    try:
        shares = assign(
            [draft.draft_id for draft in drawn.counted],
            list(ids),
            design.seed,
            per_draft=design.per_draft,
            overlap=design.overlap,
            practice=[draft.draft_id for draft in drawn.practice],
        )
    except ValueError as wrong:
        raise Refused(str(wrong)) from None
    return [
        {
            "draft": drafts[share.draft],
            "person": ids[share.annotator],
            "position": share.position,
            "is_practice": share.is_practice,
        }
        for share in shares
    ]
