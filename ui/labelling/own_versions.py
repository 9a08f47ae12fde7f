"""A rubric version for who labels by it and does not lead: questions, levels, anchors, guidance and the codebook. Nothing of what
is scored, and of how agreement is judged."""

import sqlalchemy as sa

from ui.base import choice_boxes, panels
from ui.rubric import dimensions
from workflow.labelling.own_versions import own_versions
from workflow.people.people import Person


def page(person: Person, engine: sa.Engine) -> None:
    """The whole page, for who does not lead the project in hand."""
    found = {each.name: each for each in own_versions(person, engine)}
    if not found:
        panels.empty(
            "No rubric of yours yet", "A rubric is shown here once you are an annotator of a round under it.", [("home", "Home")]
        )
        return
    panels.heading("Rubrics", "What you label by: the questions, and what each level means.")
    rubric = found[choice_boxes.pick("Version", list(found), "rubric", elsewhere=" among those of your rounds")]
    panels.section(f"{rubric.title}, version {rubric.version}")
    if rubric.about:
        panels.text(rubric.about)
    dimensions.codebook_button(rubric, for_lead=False)
    dimensions.anchors(rubric, unfold=True)
