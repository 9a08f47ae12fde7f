"""A new rubric begun in the browser or on the command line: from a template, another rubric, a pasted text, or nothing.

What is begun is the person's own unfinished NAME-v1, changed by the verbs of next_version.py and new_dimensions.py, and saved
as a file by `next_version.save`.
"""

import re
import unicodedata
from contextlib import suppress

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import revisions as stored
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.making.pasted import read_pasted
from touchstone.rubric.making.templates import called, template_source
from touchstone.rubric.making.written_rubric import file_of, with_scale
from touchstone.rubric.model import RUBRIC_NAME
from workflow import clock
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric import rubrics
from workflow.rubric.outdated_labels import named
from workflow.rubric.unfinished_version import in_lines

LONGEST_NAME = 60
_VERSIONED = re.compile(r"(.+)-v\d+(?:\.ya?ml)?")


@verb
def begin_from_template(person: Person, engine: sa.Engine, name: str, template: str) -> str:
    """Begin a rubric as a copy of a template; returns its name. Raises Refused, as every verb here, for a name that is none, or
    is taken by a file, a published version or one that the person is writing."""
    return _begin(person, engine, name, template_source(template))


@verb
def begin_from_rubric(person: Person, engine: sa.Engine, name: str, version: str) -> str:
    """Begin a rubric as a copy of a version in rubric_versions/."""
    with reading(engine, person) as connection:
        _, source = rubrics.usable(connection, version)
    return _begin(person, engine, name, in_lines(source.decode("utf-8-sig")))


@verb
def begin_from_text(person: Person, engine: sa.Engine, name: str, text: str) -> str:
    """Begin a rubric from the criteria and levels of a pasted text, as far as they can be read."""
    found = read_pasted(text)
    if not found.dimensions:
        raise Refused(
            "no criterion was found in the text; paste a table with a column of criteria, or a list with a criterion an item",
            found.unread,
        )
    return _begin(person, engine, name, file_of(name, found.title or _title(name), found.dimensions))


@verb
def begin_empty(person: Person, engine: sa.Engine, name: str) -> str:
    """Begin a rubric with one dimension that passes or fails, its words to be written."""
    return _begin(person, engine, name, file_of(name, _title(name), [with_scale("dimension_1", "", "pass-fail")]))


def _title(name: str) -> str:
    return name.replace("-", " ").replace("_", " ").capitalize()


def _begin(person: Person, engine: sa.Engine, name: str, source: str) -> str:
    first = first_version(name)
    with writing(engine, person) as connection:
        _refuse_taken(connection, name)
        if stored.unfinished(connection, person.id, first) is not None:
            raise Refused(f"you are writing {first} already; go on with it, or choose another name")
        stored.keep_unfinished(connection, person=person.id, name=first, source=called(source, name), at=clock.now())
    return name


def near_name(typed: str) -> str:
    """The name that was meant by what was typed: Product Summary is product-summary; "" where none can be told."""
    versioned = _VERSIONED.fullmatch(typed.strip().lower())
    name = versioned[1] if versioned else typed.strip()
    if _is_name(name):
        return name
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9_]+", "-", plain).strip("-_").lstrip("-_0123456789")[:LONGEST_NAME].rstrip("-_")


def _is_name(name: str) -> bool:
    return re.fullmatch(RUBRIC_NAME.strip("^$"), name) is not None


def first_version(name: str) -> str:
    """NAME-v1. Raises Refused where the name is none for a rubric."""
    if not name.strip():
        raise Refused("a rubric needs a name, such as support-replies: its file is called by it")
    if versioned := _VERSIONED.fullmatch(name):
        raise Refused(f"{name} names a version; leave out -v and what follows: {versioned[1]}")
    if not _is_name(name):
        close = near_name(name)
        raise Refused(
            f"{name!r} is no name for a rubric; use lower-case letters, digits, - and _, beginning with a letter"
            + (f": {close}" if close else "")
        )
    if len(name) > LONGEST_NAME:
        raise Refused(f"the name has {many(len(name), 'letter')}; use {LONGEST_NAME} at most")
    return f"{name}-v1"


def _refuse_taken(connection: sa.Connection | None, name: str) -> None:
    """`connection` None: there is no store to ask."""
    if there := [each for each in rubrics.names_there(connection) if named(each).rubric == name]:
        first = min(there, key=lambda each: named(each).version)
        place = "in rubric_versions/" if (rubrics.FOLDER / f"{first}.yml").exists() else "in the store"
        raise Refused(f"{first}.yml is {place} already and is not overwritten; choose another name, or write its next version")


@verb
def names_begun(person: Person, engine: sa.Engine) -> list[str]:
    """The names of the new rubrics that a person is writing."""
    with reading(engine, person) as connection:
        return sorted(
            named(name).rubric for name in stored.names_of_unfinished(connection, person.id) if named(name).version == 1
        )


@verb
def write_from_template(engine: sa.Engine | None, name: str, template: str) -> str:
    """Write a template into rubric_versions/NAME-v1.yml at once, or, where that folder cannot be written or the name was
    discarded, into the store; returns the version's name. `engine` None: no store to ask. Nothing is overwritten."""
    first = first_version(name)
    source = called(template_source(template), name)
    if engine is None:
        _refuse_taken(None, name)
        rubrics.write_new(first, source)
        return first
    with reading(engine) as connection:
        _refuse_taken(connection, name)
        discarded = rubrics.discarded(connection, first)
    with suppress(rubrics.CannotWrite):
        if not discarded:  # over what was discarded stands only what is saved anew
            rubrics.write_new(first, source)
            return first
    with recorded(None, engine, "save version", always=True, version=first) as connection:
        rubrics.finish(connection, None, first, source)
    rubrics.copy_to_folder(first, source, discarded)
    return first
