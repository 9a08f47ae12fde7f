"""Which project a verb acts on: the one in hand, else that of the round, label set or rubric it names, else the only one.

From there on the transaction sees that project alone (`db.store.projects.enter`).
"""

from collections.abc import Sequence

import sqlalchemy as sa

from db.engine import reading, within
from db.store import projects as stored
from db.store.projects import enter, project_in_hand
from touchstone.english import listed, many, there_are
from touchstone.errors import Refused, command
from workflow import clock
from workflow.names import fold, rubric_name
from workflow.people.people import Person

NEW = 0  # the id of no project
CHOOSE = "name the one that is meant (in the browser: choose it in the bar)"
NAME_IT = ("project NAME",)
FIRST = "First project"  # of a store into which something comes before anyone has made a project


def project_named(connection: sa.Connection, name: str, among: set[int] | None = None) -> sa.Row:
    """The project of that name. Raises Refused when there is none, naming those there are. `among`: the only ones (ids) that
    whoever asks is told of."""
    row = stored.by_folded(connection, fold(name))
    if row is None or (among is not None and row.id not in among):
        known = [each.name for each in stored.every(connection) if among is None or each.id in among]
        way = () if known else (command("new-project NAME"),)
        raise Refused(f"there is no project “{name.strip()}”; " + there_are(known, "there is none yet: make one"), way=way)
    return row


def the_one(connection: sa.Connection, found: Sequence[sa.Row], kind: str) -> sa.Row | None:
    """The only one of the rows found under a name (rounds, label sets, drafts); its project is in hand from here on. Raises
    Refused where several projects have one of that name."""
    if len(found) > 1:
        name = found[0].draft_id if kind == "draft" else found[0].name
        raise Refused(
            f"there are {len(found)} {kind}s “{name}”, in the projects {_named(found, 'project_name')}; {CHOOSE}", way=NAME_IT
        )
    if found and project_in_hand(connection) is None:
        enter(connection, found[0].project)
    return found[0] if found else None


def _handed_in(connection: sa.Connection) -> sa.Row | None:
    """The project in hand, if there is one. Raises Refused for one that was deleted: nothing is done in another instead."""
    row = stored.in_hand(connection)
    if row is None and project_in_hand(connection) is not None:
        raise Refused("the project in hand was deleted meanwhile, so nothing was done here; choose another project")
    return row


def settle(connection: sa.Connection, version: str = "") -> sa.Row | None:
    """The project of a verb that names no round and no label set: the one in hand, else that of the rubric whose version it
    names, else the only one that is not the sample, else, where there is none, the sample; None in a store without any.
    Raises Refused where there are several, naming them."""
    if row := _handed_in(connection):
        return row
    own = _own(connection)
    if version:
        own = [each for each in own if each.rubric == rubric_name(version)] or own
    if len(own) > 1:
        raise _several(own, "this acts on one of them")
    there = own or [each for each in stored.every(connection) if each.is_sample and not each.archived_at]
    return _in_hand(connection, there[0]) if there else None


def settled(engine: sa.Engine, version: str = "") -> sa.Engine:
    """The store as seen from inside the project that `settle` finds."""
    with reading(engine) as connection:
        row = settle(connection, version)
    return within(engine, row.id) if row else engine


def settle_import(person: Person, connection: sa.Connection) -> sa.Row:
    """The project into which tasks and drafts come: the one in hand, else the only one that is not the sample; the first is made
    where there is none. Raises Refused for an archived one, and where there are several."""
    row = _to_import_into(connection) or _made(person, connection, FIRST)
    refuse_archived(row)
    return _in_hand(connection, row)


def look_ahead_import(connection: sa.Connection) -> None:
    """As `settle_import`, with nothing written: for a preview. A project that would be made has nothing in it."""
    row = _to_import_into(connection)
    enter(connection, row.id if row else NEW)


def _to_import_into(connection: sa.Connection) -> sa.Row | None:
    """None where a project is to be made."""
    if row := _handed_in(connection):
        return row
    own = _own(connection)
    if len(own) > 1:
        raise _several(own, "what is imported goes into one of them")
    return own[0] if own else None


def settle_rubric(person: Person, connection: sa.Connection, version: str, *, makes: bool = False) -> sa.Row:
    """The project in which something is opened or imported under a rubric version, which it is labelled by from then on: the one
    in hand; else that of the rubric's name, not the sample; else the only one that has no rubric yet; else, in a store with the
    sample alone, the sample where its rubric it is. `makes`: else a new one of the rubric's name.

    Raises Refused for a project of another rubric, an archived one, and where none or several could be meant.
    """
    rubric = rubric_name(version)
    row = _handed_in(connection) or _of_rubric(connection, rubric, version, makes)
    if row is None:
        row = _made(person, connection, rubric)
    _refuse_rubric(row, rubric, version)
    if row.rubric is None:
        stored.set_rubric(connection, row.id, rubric)
    return _in_hand(connection, row)


def look_ahead(connection: sa.Connection, version: str) -> None:
    """As `settle_rubric` that makes a project, with nothing written: for a preview. One that would be made has nothing in it."""
    row = _handed_in(connection) or _of_rubric(connection, rubric_name(version), version, makes=True)
    if row is not None:
        _refuse_rubric(row, rubric_name(version), version)
    enter(connection, row.id if row else NEW)


def _refuse_rubric(row: sa.Row, rubric: str, version: str) -> None:
    refuse_archived(row)
    if row.rubric not in (None, rubric) and not row.is_sample:
        raise Refused(
            f"{row.name} is labelled by the rubric {row.rubric}, not {rubric} ({version}): a project has one rubric. Make "
            "another project for it",
            way=(_new_project(rubric),),
        )


def _of_rubric(connection: sa.Connection, rubric: str, version: str, makes: bool) -> sa.Row | None:
    """None where a project is to be made."""
    own = _own(connection)
    mine = [each for each in own if each.rubric == rubric]
    if len(mine) > 1:
        raise _several(mine, f"of the rubric {rubric}")
    bare = [each for each in own if each.rubric is None]
    if mine or len(bare) == 1:
        return (mine or bare)[0]
    sample = [each for each in stored.every(connection) if each.is_sample and not each.archived_at]
    if not own and sample and not makes:
        return sample[0]
    if makes:
        return None
    if len(bare) > 1:
        raise _several(bare, f"none is labelled by {rubric} yet, and these have no rubric")
    there = listed([f"{each.name} ({each.rubric})" for each in own])
    raise Refused(
        f"no project is labelled by the rubric {rubric} ({version}), only {there}; make one"
        if own
        else "there is no project yet, so there are no drafts to draw; import tasks and drafts, or make one",
        way=(_new_project(rubric),),
    )


def _new_project(rubric: str) -> str:
    return command("new-project NAME", f"rubric {rubric}")


def _own(connection: sa.Connection) -> list[sa.Row]:
    return [each for each in stored.every(connection) if not each.is_sample and each.archived_at is None]


def _in_hand(connection: sa.Connection, row: sa.Row) -> sa.Row:
    enter(connection, row.id)
    return row


def _made(person: Person, connection: sa.Connection, name: str) -> sa.Row:
    free = free_name(connection, name)
    return stored.add(connection, name=free, folded=fold(free), rubric=None, is_sample=False, person=person.id, at=clock.now())


def free_name(connection: sa.Connection, name: str) -> str:
    """The name, with a number behind it where another project has it."""
    free, number = name, 2
    while stored.by_folded(connection, fold(free)):
        free, number = f"{name} ({number})", number + 1
    return free


def refuse_archived(row: sa.Row) -> None:
    """Raises Refused for a project that was put away: no drafts, rounds or label sets come into it."""
    if row.archived_at is not None:
        raise Refused(
            f"{row.name} is archived, and no drafts, rounds or label sets come into it; bring it back on the page Projects",
            way=(command(f"archive-project {row.name!r}", "back"),),
        )


def _several(found: Sequence[sa.Row], why: str) -> Refused:
    return Refused(f"there are {many(len(found), 'project')}, {_named(found)}: {why}; {CHOOSE}", way=NAME_IT)


def _named(found: Sequence[sa.Row], column: str = "name") -> str:
    return listed([getattr(each, column) for each in found])
