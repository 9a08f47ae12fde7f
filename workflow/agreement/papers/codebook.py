"""The codebook of a rubric version: what annotators keep beside them, on paper or on a second screen."""

from touchstone.english import many
from touchstone.rubric.model import Rubric
from workflow.agreement.papers import HTML


def html(rubric: Rubric) -> str:
    """One HTML file: how to label, then every dimension with its question, levels, anchors and guidance."""
    return HTML.get_template("codebook.html").render(rubric=rubric, many=many, paragraphs=_paragraphs)


def _paragraphs(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
