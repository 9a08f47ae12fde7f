"""Shapes that take what is written and nothing like it: `true` is not 1, "3" is not 3, an unknown field is no field."""

from typing import Annotated, Any

import pydantic
from pydantic_core import PydanticCustomError

LONGEST_TEXT = 50_000  # characters


class Strict(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


def _word_or_number(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip() and len(value) <= LONGEST_TEXT:
        return value
    raise PydanticCustomError("word_or_number", "not a word or number")


def _json_object(value: Any) -> Any:
    if isinstance(value, dict) and all(isinstance(key, str) for key in value):
        return value
    raise PydanticCustomError("json_object", "not an object")


def _solid(value: str) -> str:
    if not value.strip():
        raise PydanticCustomError("blank", "blank")
    return value


Line = Annotated[pydantic.StrictStr, pydantic.StringConstraints(min_length=1, max_length=200, pattern=r"^\S(?:[^\r\n]*\S)?$")]
Text = Annotated[pydantic.StrictStr, pydantic.StringConstraints(max_length=LONGEST_TEXT), pydantic.AfterValidator(_solid)]
WordOrNumber = Annotated[str | int | float, pydantic.BeforeValidator(_word_or_number)]
JsonObject = Annotated[dict[str, Any], pydantic.BeforeValidator(_json_object)]
Share = Annotated[pydantic.StrictFloat, pydantic.Field(ge=0, le=1)]
Days = Annotated[pydantic.StrictInt, pydantic.Field(ge=0, le=100_000)]
TurnNumber = Annotated[pydantic.StrictInt, pydantic.Field(ge=0, le=10_000)]

# Where a model is asked, without a name or key in it; and the name of the environment variable that has the key, never the key.
Address = Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^https?://[^\s@?#]+$", max_length=500)]
KeyName = Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=100)]
AN_ADDRESS = "an address that begins with http:// or https://, without a name or key in it"
A_KEY_NAME = "the name of an environment variable, in capitals; never the key itself"
