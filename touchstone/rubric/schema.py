"""The JSON Schema of a rubric file, made from the models that read it, so that an editor completes and checks as one types."""

from typing import Any

from touchstone.rubric.model import RubricFile

TITLE = "A Touchstone rubric version"
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema() -> dict[str, Any]:
    """The schema as a document. What one field cannot know (names that must exist, weights that sum to 1) is not in it."""
    # The title names the program, so that a command that writes the schema knows an earlier one when it stands in its way.
    return {"$schema": DIALECT, "title": TITLE} | {
        key: part for key, part in RubricFile.model_json_schema(by_alias=True).items() if key != "title"
    }
