"""What is yours to do now."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from db.engine import counting, reading, seen_by
from db.store import adjudications as stored_adjudications
from db.store import projects as stored_projects
from db.store import revisions as stored_revisions
from db.store import tasks as stored_intake
from db.store.record import events as stored_events
from workflow.gold.export_folder import EXPORTED, folder_of
from workflow.gold.gold import Tally, tally_of_round
from workflow.people.next_step import Labelling, Lead, Successor, ToDo
from workflow.people.people import Person, everyone
from workflow.people.verbs import standing, verb
from workflow.preferences.comparing import own_comparisons
from workflow.preferences.comparisons import comparisons
from workflow.projects.projects import waiting_elsewhere
from workflow.projects.settling import settled
from workflow.rounds.rounds import Round, all_rounds, own_rounds
from workflow.rubric.outdated_labels import named
from workflow.rubric.unfinished_version import next_name
from workflow.rubric.versions import successors


@verb
def to_do(
    person: Person,
    engine: sa.Engine,
    flagged_in: Callable[[Round], Sequence[str] | None] | None = None,
    tally_of: Callable[[Round], Tally] | None = None,
) -> ToDo:
    """What this person labels, and what every round of the project in hand needs from a lead. `flagged_in` gives the titles of
    a closed round's flagged dimensions, None where no figure of it is defined; without it none is named. `tally_of` counts the
    cells of one, for who keeps the counts.

    Neither is asked about a round that nobody has read yet: who looks at Home has not asked for what it kept back, and it could
    not be reopened any more."""
    if not standing(engine).leads:
        return _own_lines(person, engine)
    engine = seen_by(settled(engine), person)
    rounds = all_rounds(engine)
    labelling = [
        Labelling(each, mine) for each in reversed(rounds) if each.is_open for mine in each.progress if mine.person == person.id
    ]
    tally = tally_of or (lambda found: tally_of_round(person, counting(engine), found))
    lead = [_with_successor(person, engine, _lead(engine, each, flagged_in, tally), rounds) for each in rounds]
    with reading(engine, person) as connection:
        here = stored_projects.in_hand(connection)
        tasks, drafts = stored_intake.totals(connection)
        in_no_round = stored_intake.in_no_round(connection)
    return ToDo(
        tuple(sorted(labelling, key=lambda each: each.left == 0)),
        tuple(lead),
        tasks,
        drafts,
        in_no_round,
        bool(here and here.is_sample),
        tuple(waiting_elsewhere(person, engine, here.id)) if here else (),
        here.name if here else "",
        (here.rubric or "") if here else "",
        sum(not each.is_sample for each in everyone(engine)),
        comparing=_waiting_first(own_comparisons(person, engine)),
        compared=tuple(each.name for each in comparisons(engine) if each.is_done),
    )


def _own_lines(person: Person, engine: sa.Engine) -> ToDo:
    """What somebody labels in the project in hand, nothing of others."""
    with reading(engine, person) as connection:
        here = stored_projects.in_hand(connection)
    found = [Labelling(each, mine) for each in reversed(own_rounds(person, engine)) if each.is_open for mine in each.progress]
    return ToDo(
        tuple(sorted(found, key=lambda each: each.left == 0)),
        is_sample=bool(here and here.is_sample),
        elsewhere=tuple(waiting_elsewhere(person, engine, here.id if here else None)),
        project=here.name if here else "",
        leads=False,
        comparing=_waiting_first(own_comparisons(person, engine)),
    )


def _waiting_first(own: Mapping[str, int]) -> tuple[tuple[str, int], ...]:
    """Comparison rounds by the pairs left in them, those where none is at the end."""
    return tuple(sorted(own.items(), key=lambda each: each[1] == 0))


def _lead(
    engine: sa.Engine,
    found: Round,
    flagged_in: Callable[[Round], Sequence[str] | None] | None,
    tally_of: Callable[[Round], Tally],
) -> Lead:
    if found.is_open:
        return Lead(found, can_close=not any(mine.waiting for mine in found.progress))
    if not found.has_gold or found.is_unread:
        return Lead(found)
    cells = tally_of(found)
    flagged = flagged_in(found) if flagged_in else ()
    ready = bool(cells.settled) and not cells.waiting and not found.held_back  # who may not see all of it cannot export it
    folder, up_to_date = _exported(engine, found) if ready else ("", False)
    return Lead(
        found,
        cells_waiting=cells.waiting,
        settled=cells.settled,
        ready=ready,
        flagged=tuple(flagged or ()),
        has_figures=flagged is not None,
        exported=folder if up_to_date else "",
        outdated=bool(folder) and not up_to_date,
    )


def _with_successor(person: Person, engine: sa.Engine, lead: Lead, rounds: Sequence[Round]) -> Lead:
    """With the later version of its rubric that has come farthest, where that is asked for."""
    if not (lead.exported and lead.flagged):
        return lead
    name = lead.round.rubric
    if used := [each.rubric for each in rounds if _is_later(each.rubric, name)]:
        return replace(lead, successor=Successor(used[0], ""))
    for kind in ("measure", "publish"):
        if found := successors(engine, name, is_published=kind == "measure"):
            return replace(lead, successor=Successor(found[-1], kind))
    with reading(engine, person) as connection:
        is_begun = next_name(name) in stored_revisions.names_of_unfinished(connection, person.id)
    return replace(lead, successor=Successor(next_name(name), "write")) if is_begun else lead


def _is_later(version: str, than: str) -> bool:
    return named(version).rubric == named(than).rubric and named(version).version > named(than).version


def _exported(engine: sa.Engine, found: Round) -> tuple[str, bool]:
    """Where this round's gold went, in words ("" for nowhere), and whether no decision was made since: to its folder in exports/,
    else as the events tell, to who took it away or wrote it elsewhere."""
    folder, as_of = _in_exports(found)
    with reading(engine) as connection:
        told = stored_events.last_of_round(connection, EXPORTED, found.id)
        decided = stored_adjudications.last_decided_at(connection, found.id)
    for where, at in ((f"to exports/{folder}", as_of), ("as files", told)):
        if at is not None and (decided is None or decided <= at):
            return where, True
    return ("as files" if as_of or told else ""), False


def _in_exports(found: Round) -> tuple[str, datetime | None]:
    """The folder in exports/ that holds this round's gold, and as of when; "" and None for none."""
    try:
        folder = folder_of(found)
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        if (manifest["round"], manifest["closed_at"]) != (found.name, found.closed_at and found.closed_at.isoformat()):
            return "", None
        return folder.name, datetime.fromisoformat(manifest["as_of"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError):  # no manifest, or not one of ours
        return "", None
