"""A rubric version written in the browser, the next one or the first: one person's own until it is saved as a file.

What is typed is kept in the store as it is typed, right or wrong; the file's comments and layout stay. No published version is
ever written over, and no file but the one that was taken back to go on with.
"""

from collections.abc import Callable, Collection
from hashlib import sha256
from itertools import count

import sqlalchemy as sa

from db.engine import writing
from db.store import revisions as stored
from db.store import rounds as stored_rounds
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.files import yaml_editing
from touchstone.files.yaml_places import CannotPlace
from touchstone.files.yaml_tree import MOST_BYTES, Path, Unreadable
from workflow import clock
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric import rubrics
from workflow.rubric.outdated_labels import named
from workflow.rubric.unfinished_version import (
    REST,
    CheckPlace,
    Unfinished,
    check_in,
    dimension_in,
    in_lines,
    next_name,
    number_in,
    unfinished_in,
)

# Below which entry of its mapping a text goes that is not there yet; below the question where nothing is said.
_BELOW: dict[str | int, tuple[str, ...]] = {
    "title": ("key", "value", "version"),
    "about": ("title",),
    "question": ("title",),
    "anchor": ("title",),
    "example": ("anchor",),
}
MOST_TOLD = 2_000  # letters of what was typed and not kept, in a refusal
SKELETON = """\
name: {name}
extends: phrase   # or regex, token, fact, length
message: "'%s' was found"
tokens: []
hit: []
miss: []
"""


@verb
def change(person: Person, engine: sa.Engine, base: str, changed: Callable[[Unfinished], str]) -> None:
    """As `keep_within`, in a transaction of its own."""
    with writing(engine, person) as connection:
        keep_within(connection, person, base, changed)


def keep_within(connection: sa.Connection, person: Person, base: str, changed: Callable[[Unfinished], str]) -> None:
    """Keep what `changed` makes of the source that can be read; what was set aside goes back to its place."""
    found = unfinished_in(connection, person, base)
    try:
        source = changed(found)
    except CannotPlace as why:
        raise Refused(f"that cannot be written into {found.name}.yml from its box: {why}; edit the whole file instead") from None
    except Unreadable as wrong:
        raise Refused(f"that cannot be written into {found.name}.yml: {wrong.problem}; edit the whole file instead") from None
    if found.aside:
        source = found.aside.put_back(source)
    if len(source.encode()) > MOST_BYTES:
        raise Refused(f"the file would have {many(len(source.encode()), 'byte')}; at most {MOST_BYTES:,} are read: shorten it")
    if source != found.source:
        stored.keep_unfinished(connection, person=person.id, name=found.name, source=source, at=clock.now())


def _typed(text: str) -> str:
    """What was typed, in characters and line breaks that can be kept."""
    return in_lines(text).encode("utf-8", "replace").decode()


def refuse_meanwhile(stands: str, was: str | None, typed: str) -> None:
    """`was`: what stood there when its box was drawn. What another window has kept since is not written over."""
    if was is not None and stands.strip() not in (was.strip(), typed.strip()):
        words = typed.strip()
        raise Refused(
            "that place was changed in another window meanwhile, and what you typed here was not saved: look at it "
            f"again, and change that. You typed: “{words if len(words) <= MOST_TOLD else words[:MOST_TOLD] + '…'}”"
        )


@verb
def keep_file(person: Person, engine: sa.Engine, base: str, source: str, *, was: str | None = None) -> None:
    """Keep the whole file as it was typed, right or wrong. Raises Refused where something else than `was` stands there by now."""
    text = _typed(source)

    def changed(found: Unfinished) -> str:
        refuse_meanwhile(found.source, was, text)
        return text if text.endswith("\n") or not text else text + "\n"

    change(person, engine, base, changed)


@verb
def keep_words(person: Person, engine: sa.Engine, base: str, path: Path, words: str, *, was: str | None = None) -> None:
    """Keep other words at one place of the file: a title, a question, a guidance, an anchor; ends trimmed, as they are read.
    `was` as in `keep_file`."""
    text = _typed(words).strip()

    def changed(found: Unfinished) -> str:
        refuse_meanwhile(found.text(path), was, text)
        if found.text(path) == text and (text or found.has(path)):
            return found.reads
        beside = next((each for each in _BELOW.get(path[-1], ()) if found.has((*path[:-1], each))), "question")
        return yaml_editing.put_text(found.reads, path, text, after=beside)

    change(person, engine, base, changed)


@verb
def keep_rest(person: Person, engine: sa.Engine, base: str, key: str, raw: str, *, was: str | None = None) -> None:
    """Keep a dimension's scoring and examples as YAML, right or wrong: what is wrong is told with its line in the file. `was` as
    in `keep_file`."""

    def changed(found: Unfinished) -> str:
        place = dimension_in(found, key)
        refuse_meanwhile(found.raw_rest(key), was, _typed(raw))
        return yaml_editing.put_raw_entries(found.reads, place, _typed(raw), besides=REST)

    change(person, engine, base, changed)


@verb
def keep_check(
    person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace, raw: str, *, was: str | None = None
) -> None:
    """Keep one check as YAML, right or wrong. `was` as in `keep_file`."""

    def changed(found: Unfinished) -> str:
        place = check_in(found, key, check)
        refuse_meanwhile(found.raw_check(key, check._replace(place=number_in(found, key, check))), was, _typed(raw))
        return yaml_editing.put_raw_item(found.reads, place, _typed(raw))

    change(person, engine, base, changed)


@verb
def add_check(person: Person, engine: sa.Engine, base: str, key: str, again: str = "") -> None:
    """Put a new check at the end of a dimension's: one to fill in, or `again` one of the version before that was removed."""

    def changed(found: Unfinished) -> str:
        place = dimension_in(found, key)
        taken = {each.name for each in found.checks(key)}
        raw = (
            found.old_check(key, CheckPlace(None, again, again))
            if again
            else SKELETON.format(name=first_free("new-check", "-", taken))
        )
        return yaml_editing.add_raw_item(found.reads, (*place, "checks"), raw)

    change(person, engine, base, changed)


def first_free(stem: str, joint: str, taken: Collection[object]) -> str:
    """The stem, or the first of it counted on (with "-": a, a-2, a-3) that is not taken."""
    return next(name for number in count(1) if (name := f"{stem}{joint}{number}" if number > 1 else stem) not in taken)


@verb
def remove_check(person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace) -> None:
    """Take one check out of a dimension."""
    change(person, engine, base, lambda found: yaml_editing.remove_item(found.reads, check_in(found, key, check)))


@verb
def start_over(person: Person, engine: sa.Engine, base: str) -> None:
    """Forget what was typed: the next version is the file of `base` again."""
    with writing(engine, person) as connection:
        stored.drop_unfinished(connection, person.id, next_name(base))


@verb
def take_back(person: Person, engine: sa.Engine, name: str) -> str:
    """Go on writing a version that was saved; returns what it comes after. Its file stays as it is until it is saved again.
    Raises Refused for one that is published, and for one that the person is writing."""
    with recorded(person, engine, "take back version", always=True, version=name) as connection:
        if stored_rounds.published(connection, name):
            raise Refused(f"{name} is published, and a published version never changes; write its next version")
        rubric, source = rubrics.usable(connection, name)
        base = f"{named(name).rubric}-v{rubric.version - 1}"
        if stored.unfinished(connection, person.id, name) is not None:
            raise Refused(f"you are writing {name} already; go on with it, or start over first")
        text = in_lines(source.decode("utf-8-sig"))
        stored.keep_unfinished(
            connection, person=person.id, name=name, source=text, at=clock.now(), taken_from=sha256(source).hexdigest()
        )
        unfinished_in(connection, person, base)  # refuses where the version before it is gone
    return base


@verb
def discard(person: Person, engine: sa.Engine, name: str) -> str:
    """Take a version that was saved, and is not published, out of the store and of rubric_versions/; returns what became of it, a
    sentence: a file that was changed by hand stays. Its bytes stay in the store, under no name that is read. Raises Refused for
    one that is published or was not saved."""
    with recorded(person, engine, "discard version", version=name) as connection:
        if stored_rounds.published(connection, name):
            raise Refused(f"{name} is published, and a published version stays; write its next version")
        saves = rubrics.forget(connection, name)
    if rubrics.remove_copy(name, saves):
        return (
            f"What was saved of {name} is discarded. The file {name}.yml in rubric_versions/ was changed since and stays, and "
            "counts as the version: remove it yourself."
        )
    return f"{name} is discarded."


@verb
def save(person: Person, engine: sa.Engine, base: str) -> str:
    """Finish the version, which then waits to be published; returns its name. It stands in the store, and as a file in
    rubric_versions/ where that can be written. Raises Refused while it has problems, and where a version of that name is there:
    none is ever written over, but for the one that it was taken from, as that was."""
    with recorded(person, engine, "save version", always=True, version=next_name(base)) as connection:
        found = unfinished_in(connection, person, base)
        if found.rubric is None:
            raise Refused(
                f"{found.name}.yml is not a valid rubric yet; fix {many(len(found.problems), 'problem')} in it", found.problems
            )
        if stored_rounds.published(connection, found.name):
            raise Refused(f"{found.name} is published already, and a published version never changes; begin from {found.name}")
        before = rubrics.finish(connection, person.id, found.name, found.source, taken_from=found.taken_from)
        stored.drop_unfinished(connection, person.id, found.name)
    rubrics.copy_to_folder(found.name, found.source, before)  # last: broken off before, the version is whole in the store
    return found.name
