"""Which units and annotators of several files are the same, and what is told where hardly any are."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

import sqlalchemy as sa

from db.store import tasks as stored_tasks
from touchstone.data.label import LabelRow
from touchstone.english import listed, many
from touchstone.errors import Problem
from touchstone.importing.same_form import as_one, form_of, in_words, spellings
from touchstone.importing.vocabulary import Answers, Question, ResolvedLabels

FEW = 0.25  # of an annotator's units have labels by another: told from there on
SHOWN, FIRST_UNITS = 5, 3  # annotators, and units of each, in a sentence


class Matched(NamedTuple):
    """Files in which what was said to be the same is called alike; what is still asked, as questions and as problems."""

    found: list[tuple[str, ResolvedLabels]]
    questions: tuple[Question, ...]
    asked: tuple[Problem, ...]


def matched(connection: sa.Connection, found: Sequence[tuple[str, ResolvedLabels]], said: Answers) -> Matched:
    """The files with the units and annotators that were said to be the same under one name each: also units whose form alone
    keeps them from being a draft or task of the project."""
    # Those too whose labels wait for an answer: what is asked of them is asked with it, not after it.
    labelled = [pair for _, file in found for pair in (*(row[:2] for row in file.rows), *file.waiting)]
    given = list(dict.fromkeys(unit for unit, _ in labelled))
    stored = _stored(connection, given)
    near = _of_their_form(connection, [unit for unit in given if unit not in stored])
    units, people = spellings([*given, *near]), spellings(who for _, who in labelled)
    questions, asked = [], []
    for groups, key, what, is_said in (
        (units, "same_ids", "ids", said.same_ids),
        (people, "same_annotators", "annotators", said.same_annotators),
    ):
        if groups and is_said is None:
            question, problem = asked_of(key, what, groups, len(groups))
            questions.append(question)
            asked.append(problem)
    called = as_one(people if said.same_annotators else ())
    ids = as_one(units if said.same_ids else (), [*stored, *near])
    if not called and not ids:
        return Matched(list(found), tuple(questions), tuple(asked))
    return Matched([(name, _renamed(file, ids, called)) for name, file in found], tuple(questions), tuple(asked))


def asked_of(key: str, what: str, groups: Sequence[Sequence[str]], number: int) -> tuple[Question, Problem]:
    """What is asked of names that have one form and several spellings, of which there are `number` groups: these and more."""
    differ = f"{what} that differ only in their form: {in_words(groups, number)}"
    question = Question(key, f"There are {differ}. Are they the same?", ("yes", "no"))
    return question, Problem(None, f"there are {differ}; say whether they are the same", way=(f"{key} yes, or no",))


def _stored(connection: sa.Connection, units: Sequence[str]) -> set[str]:
    """Those of the units that are drafts or tasks here."""
    drafts, tasks = stored_tasks.units_that_are_stored(connection, sorted(units))
    return {*drafts, *tasks}


def _of_their_form(connection: sa.Connection, units: Sequence[str]) -> list[str]:
    """The drafts and tasks here that these differ from in their form alone."""
    forms = {form_of(unit) for unit in units}
    return sorted({name for name in stored_tasks.every_id(connection) if form_of(name) in forms}) if forms else []


def _renamed(file: ResolvedLabels, ids: Mapping[str, str], called: Mapping[str, str]) -> ResolvedLabels:
    rows = [
        row._replace(unit=ids.get(row.unit, row.unit), annotator=called.get(row.annotator, row.annotator)) for row in file.rows
    ]
    return replace(
        file,
        rows=rows,
        annotators=tuple(dict.fromkeys(row.annotator for row in rows)),
        tasks={ids.get(unit, unit): task for unit, task in file.tasks.items()},
    )


def told_of_units(rows: Sequence[LabelRow]) -> Iterator[str]:
    """What is told where annotators share no unit, or few: their ids may be of two kinds."""
    units: dict[str, dict[str, None]] = {}
    by: dict[str, set[str]] = {}
    for row in rows:
        units.setdefault(row.annotator, {})[row.unit] = None
        by.setdefault(row.unit, set()).add(row.annotator)
    shared = {who: sum(len(by[unit]) > 1 for unit in mine) for who, mine in units.items()}
    first = {who: list(mine)[:FIRST_UNITS] for who, mine in list(units.items())[:SHOWN]}
    yield from told_of_shared({who: len(mine) for who, mine in units.items()}, shared, first)


def told_of_shared(units: Mapping[str, int], shared: Mapping[str, int], first: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """As `told_of_units`, of how many units each annotator labelled, and how many of these another did too. `first`: of the first
    SHOWN annotators the first FIRST_UNITS units."""
    if len(units) < 2:
        return
    if not any(shared.values()):
        examples = listed([f"{who} has {', '.join(mine)}" for who, mine in first.items()])
        yield f"no unit has labels by two annotators, so nothing can be compared: {examples}. Are the ids of one kind?"
        return
    few = [who for who, number in shared.items() if number < FEW * units[who]]
    for who in few[:SHOWN]:
        number, of = shared[who], many(units[who], "unit")
        yield (
            f"only {number:,} of {of} of {who} {'has' if number == 1 else 'have'} labels by another annotator"
            if number
            else (f"none of {of} of {who} has labels by another annotator")
        )
    if len(few) > SHOWN:
        yield f"and so it is with {many(len(few) - SHOWN, 'more annotator')}"
