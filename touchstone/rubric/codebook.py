"""The codebook of a rubric version: what annotators keep beside them, on paper or on a second screen."""

from pathlib import Path

from touchstone.english import many
from touchstone.papers import html_templates
from touchstone.rubric.model import Rubric

TEMPLATES = html_templates(Path(__file__).parent)


def html(rubric: Rubric, *, for_lead: bool = True) -> str:
    """One HTML file: how to label, then every dimension with its question, levels, anchors and guidance. `for_lead`: and how the
    agreement on each is judged, which whoever labels does not read."""
    return TEMPLATES.get_template("codebook.html").render(rubric=rubric, many=many, paragraphs=_paragraphs, for_lead=for_lead)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
