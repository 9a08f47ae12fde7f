"""A space as the project's work covers it: by tasks, drafts and labels; where people disagree, where the scorer fails."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_tasks
from db.store.bench import spaces as stored_spaces
from db.store.bench import typed_tasks as stored
from touchstone.bench.space.coverage import Coverage, coverage_of
from touchstone.bench.space.enumerating import Enumerated, decoded
from touchstone.bench.space.model import Row
from touchstone.bench.space.reading import read_space
from touchstone.bench.space.remaking import row_of_task
from touchstone.bench.tasks import TypedTask
from touchstone.english import many, there_are
from touchstone.errors import Refused
from workflow.gold.gold import Gold, gold_in
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settled
from workflow.rounds.rounds import all_rounds
from workflow.scorer.scorers import scorer_of
from workflow.scorer.scoring import has_scoring


@dataclass
class OnTask:
    """What was done with one task: its drafts, those that closed rounds labelled, cells that two or more people labelled and of
    those the differing ones, settled cells that the scorer gave a level and of those the ones where it gave another."""

    row: Row
    drafts: int = 0
    labelled: set[str] = field(default_factory=set)
    labelled_twice: int = 0
    differing: int = 0
    scored: int = 0
    failed: int = 0


class CornerSeen(NamedTuple):
    """One value, or one pair of values, with what was done there, added up."""

    values: tuple[tuple[str, str], ...]
    tasks: int
    drafts: int
    labelled: int
    labelled_twice: int
    differing: int
    scored: int
    failed: int


class SeenSpace(NamedTuple):
    """A space and what covers it: by tasks, by tasks with a draft, by tasks with a labelled draft."""

    enumerated: Enumerated
    source: bytes
    tasks: tuple[OnTask, ...]
    by_tasks: Coverage
    by_drafts: Coverage
    by_labels: Coverage

    @property
    def sentence(self) -> str:
        space, rows = self.enumerated.space, self.by_tasks
        return (
            f"{rows.sentence} by {many(len(self.tasks), 'task')} of {space.name}; {self.by_drafts.found:,} by tasks with a "
            f"draft, {self.by_labels.found:,} by tasks whose drafts a closed round labelled."
        )

    def corners(self, keys: Sequence[str]) -> list[CornerSeen]:
        """Each possible combination of these parameters' values, in the order of the space."""
        space = self.enumerated.space
        columns = [space.keys.index(key) for key in keys]
        found = []
        by_piece: dict[tuple[int, ...], list[OnTask]] = {}
        for each in self.tasks:
            by_piece.setdefault(tuple(each.row[column] for column in columns), []).append(each)
        possible = {tuple(row) for row in _pieces(self.enumerated, columns)}
        for piece in sorted(possible):
            there = by_piece.get(piece, [])
            values = tuple(
                (space.parameters[column].called, str(space.parameters[column].values[place].value))
                for column, place in zip(columns, piece, strict=True)
            )
            found.append(
                CornerSeen(
                    values,
                    len(there),
                    sum(each.drafts for each in there),
                    sum(len(each.labelled) for each in there),
                    sum(each.labelled_twice for each in there),
                    sum(each.differing for each in there),
                    sum(each.scored for each in there),
                    sum(each.failed for each in there),
                )
            )
        return found


@verb
def space_names(person: Person, engine: sa.Engine) -> list[str]:
    """The names of the spaces that the project's tasks were made of."""
    with reading(settled(engine), person) as connection:
        return [row.name for row in stored_spaces.of_project(connection)]


@verb
def see_space(person: Person, engine: sa.Engine, name: str, strength: int | None = None) -> SeenSpace:
    """A space of the project with what covers it. Raises Refused where there is none of that name.

    What closed rounds hold is read as everywhere: drafts that the person labels in an open round are left out of it.
    """
    here = settled(engine)
    with reading(here, person) as connection:
        rows = {row.name: row for row in stored_spaces.of_project(connection)}
        if name not in rows:
            raise Refused(f"the project has no space {name}; {there_are(list(rows), 'no task was made of one yet')}")
        source = rows[name].source.encode()
        enumerated = read_space(source).enumerated
        if enumerated is None:
            raise Refused(f"the space {name} cannot be read any more; make its tasks again from its file")
        tasks: dict[str, OnTask] = {}
        typed: dict[str, TypedTask] = {}
        for row in stored.of_project(connection):
            task = TypedTask.read(row.document)
            place = row_of_task(enumerated, task)
            if place is not None:
                tasks[row.task_id], typed[row.task_id] = OnTask(place), task
        for task_id, number in stored_spaces.drafts_of_tasks(connection, sorted(tasks)).items():
            tasks[task_id].drafts = number
    for found in all_rounds(here):
        if not found.is_open and found.has_gold:
            with reading(here, person) as connection:
                gold = gold_in(connection, found.name)
                drafts = sorted({cell.draft_id for cell in gold.cells if cell.task_id in tasks})
                texts = stored_tasks.texts_of_drafts(connection, drafts)
            _count(gold, tasks, _scored(gold, typed, texts))
    done = tuple(tasks.values())
    chosen = strength or enumerated.space.file.strength

    def covered(which: Callable[[OnTask], object]) -> Coverage:
        return coverage_of(enumerated, list(dict.fromkeys(each.row for each in done if which(each))), chosen)

    return SeenSpace(
        enumerated,
        source,
        done,
        covered(lambda each: True),
        covered(lambda each: each.drafts),
        covered(lambda each: each.labelled),
    )


def _count(gold: Gold, tasks: Mapping[str, OnTask], scored: Mapping[tuple[str, str], object]) -> None:
    for cell in gold.cells:
        if (on := tasks.get(cell.task_id)) is None or not cell.labels:
            continue
        on.labelled.add(cell.draft_id)
        if len(cell.labels) > 1:
            on.labelled_twice += 1
            on.differing += len({label.value for label in cell.labels}) > 1
        level = scored.get((cell.draft_id, cell.dimension))
        if cell.value is not None and level is not None:
            on.scored += 1
            on.failed += level != cell.value


def _scored(gold: Gold, typed: Mapping[str, TypedTask], texts: Mapping[str, str]) -> dict[tuple[str, str], object]:
    """The scorer's level of each draft of these tasks, under the round's own rubric; empty where that cannot score."""
    if not has_scoring(gold.rubric):
        return {}
    scorer = scorer_of(gold.rubric)
    of_draft = {cell.draft_id: typed[cell.task_id] for cell in gold.cells if cell.task_id in typed and cell.draft_id in texts}
    return {
        (draft, key): score.value
        for draft, task in of_draft.items()
        for key, score in scorer.score(texts[draft], task.as_input(), task.expected).scores.items()
    }


def _pieces(enumerated: Enumerated, columns: Sequence[int]) -> Iterable[tuple[int, ...]]:
    order = sorted(range(len(columns)), key=lambda place: columns[place])
    sizes = [enumerated.space.sizes[columns[place]] for place in order]
    for code in enumerated.possible([columns[place] for place in order]):
        row = decoded(int(code), sizes)
        yield tuple(row[order.index(place)] for place in range(len(columns)))


def weakest(seen: SeenSpace, most: int = 8) -> list[CornerSeen]:
    """Pairs of values where the scorer fails or people differ most, with three such cells or more, the worst first."""
    pairs = [each for keys in combinations(seen.enumerated.space.keys, 2) for each in seen.corners(keys)]
    worst = [each for each in pairs if each.failed >= 3 or each.differing >= 3]
    return sorted(worst, key=lambda each: -(each.failed + each.differing))[:most]
