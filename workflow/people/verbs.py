"""The one place that asks whether somebody may do what they are about to do; every verb passes it (docs/decisions/0022).

    @verb
    def close_round(person, engine, ...)

looks the verb up in the table (needs.py) as its module is read, so that one without a line there cannot even be imported. A
store that somebody is named for (`db.engine.acting`) is used in team mode: then the person's role in the project in hand decides.
What a verb calls within itself is its own doing, and not asked about again.
"""

import functools
import inspect
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, ParamSpec, TypeVar

import sqlalchemy as sa

from db.engine import actor_of, reading
from db.store import projects as stored_projects
from db.store.team import memberships as stored
from touchstone.english import listed
from touchstone.errors import NotYourTurn, Refused
from workflow.events.recording import note_refusal
from workflow.people import needs
from workflow.people.standing import EVERYTHING, Standing, standing_of

Taken = ParamSpec("Taken")
Result = TypeVar("Result")
_within_a_verb: ContextVar[bool] = ContextVar("within a verb", default=False)


class NotAllowed(Refused):
    """Somebody's role does not take them here."""


def verb(function: Callable[Taken, Result]) -> Callable[Taken, Result]:
    """The verb, asking first whether whoever acts on the engine may do it. Raises NotAllowed where not."""
    name = f"{function.__module__.removeprefix('workflow.')}.{function.__name__}"
    if name not in needs.NEEDS:
        raise TypeError(f"{name} is no verb yet: give it a line in workflow/people/needs.py")
    place = _parameters(function).index("engine")
    first = place == 1  # what stands before the engine is who acts

    @functools.wraps(function)
    def asked(*args: Taken.args, **kwargs: Taken.kwargs) -> Result:
        engine: Any = args[place] if len(args) > place else kwargs.get("engine")
        if engine is None or actor_of(engine) is None or _within_a_verb.get():
            return function(*args, **kwargs)
        try:
            refuse(engine, name, getattr(args[0], "id", None) if first and args else None)
            begun = _within_a_verb.set(True)
            try:
                return function(*args, **kwargs)
            finally:
                _within_a_verb.reset(begun)
        except (NotAllowed, NotYourTurn) as why:
            asked_to = needs.DOES[name.partition(".")[0]]  # as whoever was refused has read it
            note_refusal(why, actor_of(engine) or None, engine, in_words(name), asked_to=asked_to)
            raise

    return asked


def in_words(name: str) -> str:
    """A verb of the table as an event names it: "close round" of "rounds.closing.close_round"."""
    return name.rpartition(".")[2].replace("_", " ")


def _parameters(function: Callable[..., Any]) -> list[str]:
    code = inspect.unwrap(function).__code__
    return list(code.co_varnames[: code.co_argcount])


def refuse(engine: sa.Engine, name: str, person: int | None = None) -> None:
    """Raises NotAllowed where whoever acts on the engine may not do the verb of that name ("rounds.closing.close_round"), or
    would do it in the name of another (`person`: their id)."""
    actor, need = actor_of(engine), needs.NEEDS[name]
    if actor is None or need == needs.ANYBODY:
        return
    found = standing_of(engine, actor)
    if person not in (None, actor):
        raise NotAllowed(f"{found.name or 'nobody signed in'} cannot act in the name of somebody else; sign in as who does this")
    if not may(found, need):
        raise NotAllowed(why_not(engine, need, needs.DOES[name.partition(".")[0]]))


def may(found: Standing, need: str) -> bool:
    """Whether somebody of this standing may do what takes `need` (of needs.ORDER)."""
    if need == needs.ANYBODY:
        return True
    return (
        found.is_active
        and {
            needs.SIGNED_IN: True,
            needs.OWN_SEAT: True,
            needs.ANNOTATOR: found.is_admin or bool(found.role),
            needs.LEAD: found.leads,
            needs.ADMIN: found.is_admin,
            needs.SHELL: False,
        }[need]
    )


def standing(engine: sa.Engine) -> Standing:
    """What whoever acts on the engine is; in local mode everything."""
    actor = actor_of(engine)
    return EVERYTHING if actor is None else standing_of(engine, actor)


def own_projects(engine: sa.Engine) -> set[int] | None:
    """The projects (ids) that whoever acts on the engine is shown: those with a role or a seat of theirs. None: all."""
    actor = actor_of(engine)
    if actor is None or standing(engine).is_admin:
        return None
    with reading(engine) as connection:
        return stored.projects_of(connection, actor)


def may_act_in(engine: sa.Engine) -> set[int] | None:
    """The projects (ids) that a verb may change which is given one by its name: the one in hand; all (None) for an admin."""
    here = stored_projects.project_in_hand(engine)
    return None if standing(engine).is_admin else {here} if here is not None else set()


def why_not(engine: sa.Engine, need: str, what: str) -> str:
    """One sentence on whoever acts on the engine: that they may not do `what` ("lead rounds"), what it takes and whom to ask."""
    found = standing(engine)
    with reading(engine) as connection:
        here = stored_projects.in_hand(connection)
        admins = [row.name for row in stored.admins(connection)]
    ask = f"ask {listed(admins, 'or')}" if admins else "ask whoever runs this server"
    if not found.name:
        return f"nobody is signed in here, so you may not {what}; sign in first, or {ask} for an invitation"
    if not found.is_active:
        return f"{found.name} was deactivated and may not {what}; {ask}"
    if need == needs.SHELL:
        return f"{found.name} may not {what} here: that is done by a command on the server itself; ask whoever runs it"
    is_one = f"{found.name} is {found.in_words or 'neither lead nor annotator'}"
    if need == needs.ADMIN:
        return f"{found.name} may not {what}: that takes an admin, and {is_one}; {ask}"
    takes = "a lead" if need == needs.LEAD else "an annotator or a lead"
    if here is None:
        return f"{found.name} may not {what}: that takes {takes} of a project, and none is in hand; choose one in the bar"
    return f"{found.name} may not {what} in {here.name}: that takes {takes} of the project, and {is_one} there; {ask}"
