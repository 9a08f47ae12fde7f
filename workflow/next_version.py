"""The next rubric version, written in the browser: one person's own until it is saved as a file of rubric_versions/.

What is typed is kept in the store as it is typed, right or wrong; the file's comments and layout stay. Nothing is ever written
over: the file is made new or not at all.
"""

from collections.abc import Callable
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import intake as stored_intake
from db.store import labels as stored_labels
from db.store import revisions as stored
from db.store import rounds as stored_rounds
from touchstone import rewriting
from touchstone.errors import NotYourTurn, Problem, Refused
from touchstone.marked_yaml import MOST_BYTES, Path, Unreadable, read_marked
from touchstone.rewriting import CannotPlace
from touchstone.rubric import Rubric, read_rubric
from touchstone.words import many
from workflow import clock, rubrics
from workflow.people import Person
from workflow.stale import named

# What of a dimension has a box of its own or is edited in the file; all else (checks, scoring) is one box of YAML.
NAMED = frozenset({"key", "title", "question", "guidance", "scale", "weight", "aliases", "levels", "agreement"})
AS_COMMENT = "as a comment"
EXAMPLE_LINES = 60


class Unfinished(NamedTuple):
    """The next version as it stands. `rubric` is None where it cannot be read, with every problem; `is_yaml` says whether its
    places can be found; `is_kept` that something was typed; `exists` that its file is there already."""

    base: Rubric
    name: str
    source: str
    rubric: Rubric | None
    problems: tuple[Problem, ...]
    is_yaml: bool
    is_kept: bool
    exists: bool

    def place(self, key: str) -> Path | None:
        """The path of a dimension; None where it is not to be found."""
        return _place(self.source, key) if self.is_yaml else None

    def text(self, path: Path) -> str:
        return rewriting.text_at(self.source, path) or ""

    def raw(self, key: str) -> str:
        """What a dimension holds besides its words, levels and rule of agreement, as YAML."""
        place = self.place(key)
        return rewriting.raw_entries(self.source, place, besides=NAMED) if place else ""

    def lists(self, key: str) -> dict[str, Path]:
        """Where an example can be put: lists of its checks, by a name for people."""
        place = self.place(key)
        found = rewriting.lists_within(self.source, place, besides=NAMED) if place else []
        return {self._called(path[len(place):], path): path for path in found}

    def _called(self, steps: Path, path: Path) -> str:
        tree, here, words = read_marked(self.source.encode()), path[:len(path) - len(steps)], []
        for step in steps:
            here = (*here, step)
            name = tree.at((*here, "name")) if isinstance(step, int) else None
            words.append(name if isinstance(name, str) else f"no. {step + 1}" if isinstance(step, int) else step)
        return " / ".join(words)


def next_name(base: str) -> str:
    mine = named(base)
    return f"{mine.rubric}-v{mine.version + 1}"


def unfinished(person: Person, engine: sa.Engine, base: str) -> Unfinished:
    """What the person has of the version after `base`: what they typed, else the file of `base` with its number counted on."""
    with reading(engine) as connection:
        return _unfinished(connection, person, base)


def _unfinished(connection: sa.Connection, person: Person, base: str) -> Unfinished:
    rubric, source = rubrics.usable(connection, base)
    name = next_name(base)
    kept = stored.unfinished(connection, person.id, name)
    text = kept.source if kept else rewriting.put_number(_lines(source.decode("utf-8-sig")), ("version",), rubric.version + 1)
    made, problems = read_rubric(text.encode(), f"{name}.yml")
    try:
        read_marked(text.encode())
        is_yaml = True
    except Unreadable:
        is_yaml = False
    return Unfinished(rubric, name, text, made, tuple(problems), is_yaml, kept is not None,
                      (rubrics.FOLDER / f"{name}.yml").exists())


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _place(source: str, key: str) -> Path | None:
    dimensions = read_marked(source.encode()).at(("dimensions",))
    places = dimensions if isinstance(dimensions, tuple) else ()
    return next((("dimensions", place) for place, each in enumerate(places) if isinstance(each, dict) and each.get("key") == key),
                None)


def _change(person: Person, engine: sa.Engine, base: str, changed: Callable[[Unfinished], str]) -> None:
    with writing(engine) as connection:
        found = _unfinished(connection, person, base)
        try:
            source = changed(found)
        except CannotPlace as why:
            raise Refused(f"that cannot be put into {found.name}.yml from its box: {why}; change it in the whole file") from None
        except Unreadable as wrong:
            raise Refused(f"that cannot be put into {found.name}.yml: {wrong.problem}; change it in the whole file") from None
        if len(source.encode()) > MOST_BYTES:
            raise Refused(f"the file would have {len(source.encode()):,} bytes; {MOST_BYTES:,} are read: shorten it")
        if source != found.source:
            stored.keep_unfinished(connection, person=person.id, name=found.name, source=source, at=clock.now())


def keep_file(person: Person, engine: sa.Engine, base: str, source: str) -> None:
    """Keep the whole file as it was typed, right or wrong."""
    text = _lines(source).encode("utf-8", "replace").decode()
    _change(person, engine, base, lambda found: text if text.endswith("\n") or not text else text + "\n")


def keep_words(person: Person, engine: sa.Engine, base: str, path: Path, words: str) -> None:
    """Keep other words at one place of the file: a title, a question, a guidance, an anchor; ends trimmed, as they are read."""
    text = _lines(words).encode("utf-8", "replace").decode().strip()
    _change(person, engine, base, lambda found: found.source if rewriting.text_at(found.source, path) == text
            else rewriting.put_text(found.source, path, text, after="question"))


def keep_raw(person: Person, engine: sa.Engine, base: str, key: str, raw: str) -> None:
    """Keep a dimension's checks and scoring as YAML, right or wrong: what is wrong is told with its line in the file."""
    _change(person, engine, base,
            lambda found: rewriting.put_raw_entries(found.source, _found(found, key), _lines(raw), besides=NAMED))


def add_example(person: Person, engine: sa.Engine, base: str, key: str, draft_id: str, where: str, said: str = "") -> None:
    """Put a draft's text into a dimension's YAML: at the end of the list called `where` (see `Unfinished.lists`), or as a comment
    with `said` above it. Raises NotYourTurn for a draft the person labels in an open round."""
    with reading(engine) as connection:
        if draft_id in stored_labels.in_open_rounds(connection, person.id):
            raise NotYourTurn(f"you label {draft_id} in an open round; it is held back until that is closed")
        draft = stored_intake.draft(connection, draft_id)
    if draft is None:
        raise Refused(f"there is no draft {draft_id} in the store; choose one from the list")

    def changed(found: Unfinished) -> str:
        place = _found(found, key)
        if where == AS_COMMENT:
            lines = draft.text.splitlines()
            more = [f"… {many(len(lines) - EXAMPLE_LINES, 'line')} more"] if len(lines) > EXAMPLE_LINES else []
            return rewriting.add_comment(found.source, place, [f"{draft_id}{': ' if said else ''}{said}", *lines[:EXAMPLE_LINES],
                                                               *more], besides=NAMED)
        path = found.lists(key).get(where)
        if path is None:
            raise Refused(f"{key} has no list {where}; choose one from the list, or put the text {AS_COMMENT}")
        return rewriting.add_to_list(found.source, path, draft.text)

    _change(person, engine, base, changed)


def _found(found: Unfinished, key: str) -> Path:
    place = found.place(key)
    if place is None:
        raise Refused(f"{found.name}.yml has no dimension {key} that can be found; change it in the whole file")
    return place


def start_over(person: Person, engine: sa.Engine, base: str) -> None:
    """Forget what was typed: the next version is the file of `base` again."""
    with writing(engine) as connection:
        stored.drop_unfinished(connection, person.id, next_name(base))


def save(person: Person, engine: sa.Engine, base: str) -> str:
    """Write the version into rubric_versions/, where it waits to be published; returns its name. Raises Refused while it has
    problems, and where a file or a published version of that name is there: neither is ever written over."""
    with writing(engine) as connection:
        found = _unfinished(connection, person, base)
        if found.rubric is None:
            raise Refused(f"{found.name}.yml is not a rubric yet; mend {many(len(found.problems), 'problem')} in it",
                          found.problems)
        if stored_rounds.published(connection, found.name):
            raise Refused(f"{found.name} is published already, and a published version never changes; begin from {found.name}")
        _write_new(found)
        stored.drop_unfinished(connection, person.id, found.name)
    return found.name


def _write_new(found: Unfinished) -> None:
    path = rubrics.FOLDER / f"{found.name}.yml"
    made = False
    try:
        with path.open("xb") as file:
            made = True
            file.write(found.source.encode())
    except FileExistsError:
        raise Refused(f"{path.name} is in rubric_versions/ already and is not written over; begin from {found.name}, or take "
                      "that file away") from None
    except OSError as wrong:
        if made:
            path.unlink(missing_ok=True)  # half a file is no version
        raise Refused(f"{path.name} cannot be written ({wrong.strerror}); make rubric_versions/ writable") from None


def rounds_under(engine: sa.Engine, rubric: str) -> list[str]:
    """Names of the closed rounds labelled under a version, the newest first: where examples can be taken from."""
    with reading(engine) as connection:
        return [row.name for row in stored_rounds.all_rounds(connection)
                if row.closed_at is not None and row.kind == "double" and row.rubric == rubric]
