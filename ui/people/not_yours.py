"""What stands in place of a page that somebody's role does not open: one sentence, nothing of the page."""

import sqlalchemy as sa

from ui.base import panels
from ui.base.navigation import NEEDS, TITLES
from workflow.people import verbs


def show(engine: sa.Engine, page: str) -> None:
    """Why the page (the name of its file) is not opened, and the ways out."""
    sentence = verbs.why_not(engine, NEEDS[page], f"open the page {TITLES[page]}")
    panels.heading(TITLES[page], f"{panels.sentence_case(sentence) if sentence.startswith('nobody') else sentence}.")
    panels.links([("home", "Home"), ("label", "Label")])
