"""What pydantic finds wrong with a document, as sentences: the field, the value, the way out."""

import difflib
import types
import typing
from collections.abc import Iterable, Iterator
from typing import Any

import pydantic
from pydantic_core import ErrorDetails

from touchstone.bench.tasks.origins import METHODS
from touchstone.files.json_values import kind_in_words

MOST_SENTENCES = 50
Loc = tuple[int | str, ...]


class Wrong(typing.NamedTuple):
    """One thing wrong with a document: where (field names and places of lists), and its sentence."""

    path: Loc
    sentence: str


def sentences_of(model: type[pydantic.BaseModel], wrong: pydantic.ValidationError) -> list[str]:
    """Each thing that is wrong once, in the order of the document."""
    return [each.sentence for each in wrongs_of(model, wrong.errors(include_url=False))]


def wrongs_of(model: type[pydantic.BaseModel], details: Iterable[ErrorDetails]) -> list[Wrong]:
    """As `sentences_of`, with the places, for a reader that knows lines."""
    found = [each for detail in details for each in _wrongs(model, detail)]
    kept = list(dict.fromkeys(found))
    if len(kept) > MOST_SENTENCES:
        kept = [*kept[:MOST_SENTENCES], Wrong((), f"and {len(kept) - MOST_SENTENCES:,} more; fix these first")]
    return kept


def _wrongs(model: type[pydantic.BaseModel], detail: ErrorDetails) -> Iterator[Wrong]:
    owner, path, takes = _walk(model, detail["loc"])
    what, value, name = detail["type"], detail["input"], path_in_words(path)
    if what == "too_short" and len(value) >= detail["ctx"]["min_length"]:
        return  # entries of it are wrong, and are told themselves
    if what == "value_error":
        for line in str(detail["ctx"]["error"]).split("\n"):
            yield Wrong(path, line)
    elif what == "missing":
        yield Wrong(path[:-1], f"{name} is missing; add it: it takes {takes}")
    elif what == "extra_forbidden":
        yield Wrong(path, f"{name} is an unknown field; {_meant(owner, str(path[-1]))}")
    elif what in ("union_tag_invalid", "union_tag_not_found"):
        given = value.get("method") if isinstance(value, dict) else value
        said = f"is {_value(given)}" if what == "union_tag_invalid" else "is missing"
        yield Wrong(path, f"method of {name} {said}; it takes {', '.join(METHODS[:-1])} or {METHODS[-1]}")
    elif what == "too_long" or what == "string_too_long":
        most, of = detail["ctx"]["max_length"], "entries" if what == "too_long" else "characters"
        yield Wrong(path, f"{name} has {len(value):,} {of}; at most {most:,} are taken")
    else:
        yield Wrong(path, f"{name} is {_value(value)}; it takes {takes}")


def path_in_words(path: Loc) -> str:
    """ "confidence of signal 2": the innermost first, places of lists counted from 1."""
    words: list[str] = []
    for each in path:
        if isinstance(each, int):
            words[-1] = f"{words[-1].removesuffix('s')} {each + 1}" if words else f"entry {each + 1}"
        else:
            words.append(each)
    return " of ".join(reversed(words)) or "the document"


def _walk(model: type[pydantic.BaseModel], loc: Loc) -> tuple[type[pydantic.BaseModel], Loc, str]:
    """The model that an error is in, its place without the tags that pydantic puts into it, and what the field takes."""
    owner, takes = model, "an object"
    path: list[int | str] = []
    here: Any = model
    for step in loc:
        if step == "[key]":
            continue
        models = list(_models(here))
        tagged = [each for each in models if step == _tag(each)]
        if tagged and len(models) > 1:
            here = owner = tagged[0]
            continue
        path.append(step)
        of = models[0] if len(models) == 1 else None
        if isinstance(step, int) or of is None:
            takes = "an object with " + ", ".join(_needed(of)) if of else takes
            continue
        owner = of
        info = next((i for name, i in of.model_fields.items() if step in (name, i.alias)), None)
        if info is not None:
            here, takes = info.annotation, str(info.description)
    return owner, tuple(path), takes


def _models(annotation: Any) -> Iterator[type[pydantic.BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, pydantic.BaseModel):
        yield annotation
    elif isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is not None:
        for each in typing.get_args(annotation):
            yield from _models(each)


def _tag(model: type[pydantic.BaseModel]) -> object:
    return model.model_fields["method"].default if "method" in model.model_fields else None


def _needed(model: type[pydantic.BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items() if info.is_required()]


def _meant(owner: type[pydantic.BaseModel], key: str) -> str:
    known = [info.alias or name for name, info in owner.model_fields.items()]
    if "origin" in known and key == "source_mode":
        return "how a task came to be follows from its origin alone: leave source_mode out"
    close = difflib.get_close_matches(key[:60], known, n=1)
    return f"did you mean {close[0]}?" if close else f"the fields are {', '.join(known)}"


def _value(value: Any) -> str:
    if isinstance(value, str) and value.strip():
        short = " ".join(value[:100].split())
        return f"“{short[:60]}{'…' if len(short) > 60 or len(value) > 100 else ''}”"
    if isinstance(value, str):
        return "empty"
    return kind_in_words(list(value) if isinstance(value, tuple) else value).removeprefix("the number ")
