"""Comparison rounds: open one, choose in it, close it, and only then read what was chosen.

An annotator sees two drafts of a task side by side, without authors, on sides of their own; a few pairs come twice with their
sides swapped, unannounced. What everybody chose is told to nobody until the round is closed."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.preferences import comparisons as stored
from touchstone.data.task_input import fields_of
from touchstone.english import day, listed, many, there_are
from touchstone.errors import NotYourTurn, Refused
from touchstone.preferences.choices import LEFT, RIGHT, SIDES, PairOfDrafts, Preferences, SideChoice
from touchstone.preferences.drawing import REPEATED, draw_pairs, repeats_of, shown_to
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.names import fit_name, fold
from workflow.people.people import Person, person_named
from workflow.people.roles import refuse_outsiders
from workflow.people.verbs import verb
from workflow.projects.settling import settle, the_one

KIND = "comparison round"
QUESTION = "Which draft is better?"
MOST_SHOWN = 100_000
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class ComparisonDesign:
    """`per_task`: pairs of a task at most, all where None; `repeats`: the share of pairs that come twice; `seed`: drawn where
    None."""

    name: str
    annotators: Sequence[str]
    question: str = ""
    per_task: int | None = None
    partition: str | None = None
    repeats: float = REPEATED
    seed: int | None = None


class DoneBy(NamedTuple):
    """How far one annotator is; `shown` counts repeats too."""

    name: str
    shown: int
    chosen: int

    @property
    def left(self) -> int:
        return self.shown - self.chosen


@dataclass(frozen=True)
class Comparison:
    """A comparison round, and how far everyone is; nothing of what was chosen."""

    name: str
    question: str
    pairs: int
    seed: int
    opened_at: datetime
    closed_at: datetime | None
    early_reason: str | None
    progress: tuple[DoneBy, ...]

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def sentence(self) -> str:
        state = "open" if self.closed_at is None else f"closed on {day(self.closed_at)}"
        done = ", ".join(f"{each.name} {each.chosen} of {each.shown}" for each in self.progress)
        return f"{self.name} ({state}): {many(self.pairs, 'pair')}; {done}"


class PairToCompare(NamedTuple):
    """What an annotator sees of a pair: `number` is how it is chosen in; `left` counts pairs without a choice; `taken` and
    `note` are their own, where they chose before; `before` the pair they chose in before it."""

    comparison: str
    question: str
    number: int
    place: int
    total: int
    left: int
    fields: tuple[tuple[str, str], ...]
    text_left: str
    text_right: str
    taken: str | None
    note: str
    before: int | None


@verb
def open_comparison(person: Person, engine: sa.Engine, design: ComparisonDesign) -> Comparison:
    """Draw pairs of drafts within tasks and give each annotator their own order and sides. Raises Refused for a name that is
    taken, without annotators, where no task has two different drafts, and for more than a person could ever compare."""
    name = fit_name(design.name, KIND)
    question = texts.fit(design.question, "question") or QUESTION
    seed = secrets.randbelow(MOST_SEED) if design.seed is None else design.seed
    if not 0 <= seed <= MOST_SEED:
        raise Refused(f"a seed is from 0 to {MOST_SEED:,}, not {seed}")
    people = list({each.id: each for each in (person_named(engine, who) for who in design.annotators if who.strip())}.values())
    if not people:
        raise Refused("a comparison round needs an annotator; name one or more", way=("annotators ana,ben",))
    with recorded(person, engine, "open comparison", comparison=name) as connection:
        project = settle(connection)
        if project is None:
            raise Refused("there is no draft to compare yet; import tasks and drafts first")
        refuse_outsiders(connection, people, project.id)
        if stored.by_folded(connection, fold(name)):
            raise Refused(f"there is a {KIND} named “{name}” already; give the new one another name")
        rows = stored.drafts_to_compare(connection, project.id, design.partition)
        of_task: dict[str, dict[str, str]] = {}
        for row in rows:
            of_task.setdefault(row.task_id, {})[row.draft_id] = row.text
        pairs = draw_pairs(of_task, design.per_task, seed)
        if not pairs:
            where = f" in {design.partition}" if design.partition else ""
            raise Refused(f"no task{where} has two drafts with different texts to compare; import more drafts of the same tasks")
        again = repeats_of(len(pairs), design.repeats)
        if (shown := (len(pairs) + again) * len(people)) > MOST_SHOWN:
            raise Refused(f"{many(shown, 'pair')} would be shown, over {MOST_SHOWN:,}; take fewer of each task", way=("pairs 1",))
        ids = {row.draft_id: row for row in rows}
        values = {
            "project": project.id,
            "name": name,
            "folded": fold(name),
            "question": question,
            "seed": seed,
            "per_task": design.per_task,
            "repeats": design.repeats,
            "opened_at": clock.now(),
            "opened_by": person.id,
        }
        of_pair = [{"task": ids[each.a].task, "draft_a": ids[each.a].id, "draft_b": ids[each.b].id} for each in pairs]
        number = stored.add(connection, values, of_pair)
        for who in people:
            stored.add_shown(
                connection,
                [
                    {
                        "pair": number[ids[each.pair.a].id, ids[each.pair.b].id],
                        "person": who.id,
                        "place": each.place + 1,
                        "is_swapped": each.is_swapped,
                        "is_repeat": each.is_repeat,
                    }
                    for each in shown_to(who.name, pairs, seed, design.repeats)
                ],
            )
        return _comparison(connection, _row(connection, name))


@verb
def close_comparison(person: Person, engine: sa.Engine, name: str, early: str = "") -> Comparison:
    """Close a comparison round: nobody chooses in it any more, and what was chosen can be read. Raises Refused while someone has
    pairs left, naming who and how many, unless `early` gives a reason."""
    why = texts.fit(early, "reason") or None
    with recorded(person, engine, "close comparison", comparison=name) as connection:
        row = _row(connection, name, lock=True)
        if row.closed_at is not None:
            raise Refused(f"{row.name} was closed on {day(row.closed_at)} already")
        owed = [f"{each.name} has {many(each.left, 'pair')} left" for each in _progress(connection, row.id) if each.left]
        if owed and not why:
            raise Refused(
                f"{row.name} cannot be closed yet: {listed(owed)}. Wait, or close it early with a reason", way=("early REASON",)
            )
        stored.close(connection, row.id, person=person.id, at=clock.now(), early_reason=why if owed else None)
        return _comparison(connection, _row(connection, name))


@verb
def comparisons(engine: sa.Engine) -> list[Comparison]:
    """The comparison rounds, the newest first, with how far everyone is."""
    with reading(engine) as connection:
        return [_comparison(connection, row) for row in stored.every(connection)]


@verb
def own_comparisons(person: Person, engine: sa.Engine) -> dict[str, int]:
    """The open comparison rounds in which this person has a seat, with how many pairs they have left."""
    with reading(engine, person) as connection:
        found = {}
        for row in stored.every(connection):
            mine = [each for each in stored.progress(connection, row.id) if each.person == person.id]
            if row.closed_at is None and mine:
                found[row.name] = mine[0].shown - mine[0].chosen
        return found


@verb
def next_pair(person: Person, engine: sa.Engine, name: str, number: int | None = None) -> PairToCompare | None:
    """The first pair of their own in which the person has not chosen, or the one of that number; None when none is left. Raises
    Refused for a round in which they have no seat or no such pair, NotYourTurn for a closed one."""
    with reading(engine, person) as connection:
        row = _open_to(connection, person, name)
        mine = next(each for each in stored.progress(connection, row.id) if each.person == person.id)
        found = stored.own(connection, row.id, person.id, number)
        if found is None:
            if number is not None:
                raise NotYourTurn(f"pair {number} of {row.name} is not one of yours; go on with the next one")
            return None
        sides = (found.text_b, found.text_a) if found.is_swapped else (found.text_a, found.text_b)
        return PairToCompare(
            row.name,
            row.question,
            found.id,
            found.place,
            mine.shown,
            mine.shown - mine.chosen,
            fields_of(found.input),
            *sides,
            found.taken,
            found.note or "",
            stored.before(connection, row.id, person.id, found.place),
        )


@verb
def last_pair(person: Person, engine: sa.Engine, name: str) -> int | None:
    """The number of the pair that stands last among those the person chose in; None before the first. Raises as `next_pair`."""
    with reading(engine, person) as connection:
        return stored.before(connection, _open_to(connection, person, name).id, person.id, None)


@verb
def choose_draft(person: Person, engine: sa.Engine, name: str, number: int, taken: str, note: str = "") -> None:
    """Keep what the person takes of a pair of their own: left, tie or right. A choice that differs supersedes the one before; the
    same again is nothing new. Raises Refused for what is no choice, NotYourTurn for a pair that is not theirs, or a closed
    round."""
    if taken not in SIDES:
        raise Refused(f"a choice is {listed(SIDES, 'or')}, not {taken[:40] or 'a blank'}")
    told = texts.fit(note, "note") or None
    with recorded(person, engine, "choose draft", comparison=name) as connection:
        row = _open_to(connection, person, name, lock=True)
        found = stored.own(connection, row.id, person.id, number)
        if found is None:
            raise NotYourTurn(f"pair {number} of {row.name} is not one of yours; go on with the next one")
        if (found.taken, found.note) != (taken, told):
            stored.add_choice(connection, shown=found.id, taken=taken, note=told, supersedes=found.choice, at=clock.now())


class ReadChoices(NamedTuple):
    """Everybody's choices in a closed round; `held_back`: pairs of which the reader labels or compares a draft now."""

    comparison: Comparison
    given: Preferences
    held_back: int


@verb
def choices_in(person: Person, engine: sa.Engine, name: str) -> ReadChoices:
    """What everybody chose in a closed comparison round, for its figures. Raises NotYourTurn for an open one."""
    with reading(engine, person) as connection:
        row = _row(connection, name)
        rows = stored.of_closed(connection, row.id)
        pairs = {
            str(each.pair): PairOfDrafts(
                str(each.pair),
                each.task_id,
                each.a,
                each.b,
                each.author_a or "",
                each.author_b or "",
                each.length_a,
                each.length_b,
            )
            for each in rows
        }
        first = {(each.pair, each.annotator) for each in rows if not each.is_repeat}
        choices = tuple(
            SideChoice(str(each.pair), each.annotator, each.b if each.is_swapped else each.a, each.taken, each.is_repeat)
            for each in rows
            if not each.is_repeat or (each.pair, each.annotator) in first
        )
        return ReadChoices(_comparison(connection, row), Preferences(pairs, choices), stored.held_back(connection, row.id))


def taken_in_words(taken: str, names: Mapping[str, str]) -> str:
    """A choice for a list, by what left and right are called."""
    return f"{names[taken]} is better" if taken in (LEFT, RIGHT) else "as good as each other"


def _row(connection: sa.Connection, name: str, *, lock: bool = False) -> sa.Row:
    found = the_one(connection, stored.by_folded(connection, fold(name), lock=lock), KIND)
    if found is None:
        known = [each.name for each in stored.every(connection)]
        raise Refused(f"there is no {KIND} “{name.strip()}”; {there_are(known, 'there is none yet')}")
    return found


def _open_to(connection: sa.Connection, person: Person, name: str, *, lock: bool = False) -> sa.Row:
    row = _row(connection, name, lock=lock)
    mine = [each for each in stored.progress(connection, row.id) if each.person == person.id]
    if not mine:
        raise NotYourTurn(f"{person.name} has no seat in {row.name}; sign in as who compares there")
    if row.closed_at is not None:
        raise NotYourTurn(f"{row.name} is closed, so nothing more is chosen in it")
    return row


def _progress(connection: sa.Connection, number: int) -> tuple[DoneBy, ...]:
    return tuple(DoneBy(each.name, each.shown, each.chosen) for each in stored.progress(connection, number))


def _comparison(connection: sa.Connection, row: sa.Row) -> Comparison:
    return Comparison(
        row.name,
        row.question,
        stored.pairs_in(connection, row.id),
        row.seed,
        row.opened_at,
        row.closed_at,
        row.early_reason,
        _progress(connection, row.id),
    )
