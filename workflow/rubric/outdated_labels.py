"""Labels under older words: computed from the rubric versions that are published, never stored."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored
from touchstone.english import day, listed
from touchstone.errors import Refused
from touchstone.rubric.diff import Revision, revise
from touchstone.rubric.model import Rubric
from workflow.people.verbs import verb
from workflow.rubric import rubrics


class Named(NamedTuple):
    """A rubric version's name taken apart: "replies-v2" is version 2 of replies."""

    rubric: str
    version: int


def named(name: str) -> Named:
    rubric, _, version = name.rpartition("-v")
    return Named(rubric, int(version) if version.isdecimal() else 0)


def newest_after(connection: sa.Connection, name: str) -> sa.Row | None:
    """The highest version of the same rubric that is published and later than this one."""
    mine = named(name)
    later = [
        row
        for row in stored.all_rubric_versions(connection)
        if row.published_at is not None and named(row.name).rubric == mine.rubric and named(row.name).version > mine.version
    ]
    return max(later, key=lambda row: named(row.name).version, default=None)


def outdated_notes(connection: sa.Connection, rubric: Rubric, keys: Sequence[str]) -> list[str]:
    """What must stand beside labels given under this version, on these dimensions: on which of them a later published version
    has other words or levels. Nothing where there is none."""
    row = newest_after(connection, rubric.name)
    if row is None:
        return []
    try:
        found = revise(rubric, rubrics.rubric_of(connection, row.id))
    except Refused:
        return [
            f"{row.name}, published {day(row.published_at)}, cannot be read by this program: whether labels under "
            f"{rubric.name} are stale is not known"
        ]
    return _sentences(found, row, keys)


def _sentences(found: Revision, row: sa.Row, keys: Sequence[str]) -> list[str]:
    titles = [each.title for key, each in found.dimensions.items() if key in keys and each.changes_labels]
    gone = [each.title for key, each in found.dimensions.items() if key in keys and each.where == "before"]
    published, about = f"{row.name}, published {day(row.published_at)}", "what it says about all dimensions"
    said = []
    if titles:
        said.append(
            f"{listed(titles)} {'was' if len(titles) == 1 else 'were'} reworded in {published}"
            + (f", and so was {about}" if found.changes_about else "")
            + f": labels under {found.before.name} are stale on {'it' if len(titles) == 1 else 'them'}"
        )
    elif found.changes_about:
        said.append(
            f"{published}, rewords what concerns all dimensions: labels under {found.before.name} were given under the older text"
        )
    if gone:
        said.append(f"{listed(gone)} {'is' if len(gone) == 1 else 'are'} no longer in {published}")
    return said


@verb
def outdated_in(engine: sa.Engine, rubric: Rubric, keys: Sequence[str] = ()) -> list[str]:
    """`outdated_notes` for a page; all dimensions when no key is named."""
    with reading(engine) as connection:
        return outdated_notes(connection, rubric, keys or rubric.keys)
