"""Every page of a release, made at once."""

from collections.abc import Mapping
from typing import Any

from touchstone.releasing.manifest import Manifest
from touchstone.releasing.pages.card import card
from touchstone.releasing.pages.croissant import croissant
from touchstone.releasing.pages.datapackage import datapackage
from touchstone.releasing.pages.datasheet import citation, datasheet
from touchstone.releasing.pages.report import report
from touchstone.releasing.tables import INTEGER, TEXT
from touchstone.rubric.model import Rubric

PAGES = ("README.md", "report.md", "DATASHEET.md", "CITATION.cff", "croissant.json", "datapackage.json")


def level_of_rubric(rubric: Rubric) -> str:
    """What a column of levels holds: INTEGER where every level of the rubric is a whole number, else TEXT."""
    return INTEGER if all(isinstance(value, int) for each in rubric.dimensions for value in each.values) else TEXT


def pages(manifest: Manifest, rubric: Rubric, agreement: Mapping[str, Any]) -> dict[str, bytes]:
    """The pages by the names of their files. `manifest`: with the digests of the tables' files."""
    level = level_of_rubric(rubric)
    return {
        "README.md": card(manifest, rubric),
        "report.md": report(manifest, rubric, agreement),
        "DATASHEET.md": datasheet(manifest, rubric),
        "CITATION.cff": citation(manifest),
        "croissant.json": croissant(manifest, level),
        "datapackage.json": datapackage(manifest, level),
    }
