"""Templates: rubric files to start from, in ready/; each is a valid rubric by itself, with anchors and a draft for each level."""

from functools import cache
from pathlib import Path

from touchstone.errors import Refused
from touchstone.files import yaml_editing
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import read_rubric

_FOLDER = Path(__file__).parent / "ready"


@cache
def templates() -> dict[str, Rubric]:
    """Every template by its name, in the order of the names."""
    return {path.stem.removesuffix("-v1"): read_rubric(path) for path in sorted(_FOLDER.glob("*-v1.yml"))}


def template_source(template: str) -> str:
    """The file of a template. Raises Refused where there is none of that name."""
    if template not in templates():
        raise Refused(f"there is no template {template!r}; the templates are {', '.join(templates())}")
    return (_FOLDER / f"{template}-v1.yml").read_text("utf-8")


def called(source: str, name: str) -> str:
    """The source of a rubric as the first version of another: its name, version 1."""
    return yaml_editing.put_number(yaml_editing.put_text(source, ("rubric",), name), ("version",), 1)
