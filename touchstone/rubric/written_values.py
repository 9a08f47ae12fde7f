"""Parts of a rubric as plain values, and plain values as one would write them."""

from collections.abc import Mapping
from typing import Any

import pydantic


def plain(value: Any) -> Any:
    """A value of a rubric as dicts, lists and scalars."""
    if isinstance(value, pydantic.BaseModel):
        return plain(value.model_dump())
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [plain(item) for item in value]
    return value


def written(value: Any) -> str:
    """A plain value as one would write it: lists with commas, mappings as "key: value" without what is empty, nothing as ""."""
    if value is None or value == [] or value == {}:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(f"[{written(item)}]" if isinstance(item, list | dict) else written(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {written(item)}" for key, item in value.items() if written(item))
    return str(value)


def in_words(item: Any) -> str:
    """One item of a list for people: a text in quotes, a scoring line as one reads it."""
    if isinstance(item, str):
        return f"“{item}”"
    if not isinstance(item, dict) or not ("because" in item or item.get("not_scorable")):
        return written(item)
    gives = f"not scorable: {item['not_scorable']}" if item.get("not_scorable") else f"{item.get('level')}: {item.get('because')}"
    asks = [
        f"{key} {_asked_for(value)}"
        for key, value in item.items()
        if key not in ("level", "because", "not_scorable") and written(value)
    ]
    return gives + (f" ({'; '.join(asks).replace('_', ' ')})" if asks else "")


def _asked_for(value: Any) -> str:
    """What a scoring line asks for, behind its key."""
    if isinstance(value, dict) and {"count", "of"} <= set(value):
        return f"{value['count']} of {written(value['of'])}"
    if isinstance(value, dict):
        return ", ".join(f"{key} {written(words).replace(', ', ' or ')}" for key, words in value.items())
    return written(value)
