"""The people a judge is held against: all annotators of a closed round or a label set, one of them, or a round's gold.

    round:NAME   round:NAME/ANNOTATOR   set:NAME   set:NAME/ANNOTATOR   gold:NAME

Each annotator is a person of their own; unlike in `compare-sources` a whole set is not what they gave alike. Labels that no
people made are refused. Nothing of an open round is read, and drafts that the reader labels in an open round are not there."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

import sqlalchemy as sa

from db.store.closing import withheld as stored_withheld
from touchstone.comparison.joining import LabelSource
from touchstone.data.label import Level
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.agreement.counts_behind import left_out_of_set
from workflow.agreement.label_rows import LabelTable, labels_with_notes, table_of_round, table_of_set
from workflow.comparison.source import GOLD, chosen_of, set_and_annotator
from workflow.gold.cells import cells_of, round_with_cells
from workflow.importing.origins import MADE_BY, PEOPLE, origin_of, suspicious
from workflow.names import fold
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import closed_round, refuse_all_held_back, row_of
from workflow.rubric import rubrics

HOW = "people are round:NAME, round:NAME/ANNOTATOR, set:NAME, set:NAME/ANNOTATOR or gold:NAME"
Given = Mapping[str, Mapping[str, Level]]  # by person, then unit


@dataclass(frozen=True)
class PeopleLabels:
    """`by_dimension`: what each person gave each unit. `origin`: the round or set; `kind`: round, set or gold; `notes_beside`:
    what a person noted beside a label, by unit, person and dimension."""

    name: str
    kind: str
    origin: str
    rubric: Rubric
    by_dimension: Mapping[str, Given]
    cluster_of: Mapping[str, str]
    task_of: Mapping[str, str]
    notes: tuple[str, ...] = ()
    is_sample: bool = False
    held_back: int = 0
    notes_beside: Mapping[tuple[str, str, str], str] = field(default_factory=dict)

    @property
    def people(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(who for given in self.by_dimension.values() for who in given))

    @property
    def side(self) -> LabelSource:
        """Every unit with a label of somebody, for joining."""
        labels: dict[str, dict[str, Level]] = {}
        for key, given in self.by_dimension.items():
            for levels in given.values():
                for unit, level in levels.items():
                    labels.setdefault(unit, {})[key] = level
        return LabelSource(dict(sorted(labels.items())), self.task_of)

    def without(self, who: str) -> "PeopleLabels":
        """Without one person, who is the judge."""
        left = {key: {name: own for name, own in given.items() if name != who} for key, given in self.by_dimension.items()}
        return replace(self, by_dimension=left, notes=(*self.notes, f"{who} is the judge, and left out of the people"))


def people_labels(connection: sa.Connection, text: str) -> PeopleLabels:
    """Raises Refused for what is no source of people, NotYourTurn for an open round."""
    kind, _, name = text.strip().partition(":")
    kinds: dict[str, Callable[[sa.Connection, str], PeopleLabels]] = {"round": _round, "set": _set, "gold": _gold}
    read = kinds.get(kind.strip().casefold())
    if read is None or not name.strip():
        raise Refused(f"{text.strip() or 'a blank'} does not name people: {HOW}")
    return read(connection, name.strip())


def _round(connection: sa.Connection, text: str) -> PeopleLabels:
    name, _, who = text.rpartition("/")
    found = closed_round(connection, name or who)
    refuse_all_held_back(found)
    if found.kind != DOUBLE:
        raise Refused(f"{found.name} is a {found.purpose}: a judge is held against people of a round of its own; name another")
    row, table = row_of(connection, found.name), table_of_round(connection, row_of(connection, found.name))
    kept = [each for each in table.annotators if not name or fold(each) == fold(who)]
    if not kept:
        raise Refused(f"{who} is not among the annotators of {found.name} ({', '.join(found.annotators)})")
    noted = {
        (each.draft_id, each.annotator, each.dimension): each.note for each in labels_with_notes(connection, row) if each.note
    }
    return PeopleLabels(
        f"round:{found.name}" + (f"/{kept[0]}" if name else ""),
        "round",
        found.name,
        table.rubric,
        _by_dimension(table, kept),
        table.cluster_of,
        table.task_of,
        is_sample=found.is_sample,
        held_back=found.held_back,
        notes_beside=noted,
    )


def _set(connection: sa.Connection, text: str) -> PeopleLabels:
    row, who = set_and_annotator(connection, text)
    table, chosen = table_of_set(connection, row), chosen_of(row, who)
    kept = [each for each in chosen if origin_of(row, [each]) in PEOPLE]
    if not kept:
        made = MADE_BY[origin_of(row, chosen)]
        raise Refused(f"{row.name} was made by {made}: a judge is held against people; name a round, or a label set of theirs")
    return PeopleLabels(
        f"set:{row.name}" + (f"/{kept[0]}" if who else ""),
        "set",
        row.name,
        table.rubric,
        _by_dimension(table, kept),
        table.cluster_of,
        table.task_of,
        tuple(_notes_of_set(connection, row, chosen, kept)),
        held_back=stored_withheld.units_held_back(connection, row.id),
    )


def _notes_of_set(connection: sa.Connection, row: sa.Row, chosen: list[str], kept: list[str]) -> Iterator[str]:
    yield from (f"suspicious in {row.name}: {sentence}" for sentence in suspicious(row, left_out_of_set(connection, row)))
    if left := [each for each in chosen if each not in kept]:
        yield f"{listed(left[:8])} of {row.name} {'is' if len(left) == 1 else 'are'} no people, and left out"
    if any(origin_of(row, [each]) != "person-blind" for each in kept):
        yield f"people of {row.name} were not blind: they may agree with each other, and with a judge they saw, more than others"
    if row.slots_are_people is False:
        yield f"{row.name} has slots and not people: each is held against the rest as if one person had filled it"


def _gold(connection: sa.Connection, name: str) -> PeopleLabels:
    found = round_with_cells(connection, name)
    rubric = rubrics.of_round(connection, found.id)
    cells = cells_of(connection, found, rubric)
    by_dimension: dict[str, dict[str, dict[str, Level]]] = {key: {GOLD: {}} for key in found.dimensions}
    for cell in cells:
        if cell.value is not None and cell.state != "single":
            by_dimension[cell.dimension][GOLD][cell.draft_id] = cell.value
    waiting = sum(cell.value is None for cell in cells)
    notes = ["gold is one label a draft, with nobody to hold against the rest: name the round to compare with a person"]
    if waiting:
        notes.append(f"{many(waiting, 'cell')} of {found.name} {'is' if waiting == 1 else 'are'} not settled yet, so not gold")
    clusters = table_of_round(connection, row_of(connection, found.name)).cluster_of
    tasks = {cell.draft_id: cell.task_id for cell in cells}
    return PeopleLabels(
        f"gold:{found.name}",
        GOLD,
        found.name,
        rubric,
        by_dimension,
        clusters,
        tasks,
        tuple(notes),
        found.is_sample,
        found.held_back,
    )


def _by_dimension(table: LabelTable, kept: list[str]) -> dict[str, dict[str, dict[str, Level]]]:
    made: dict[str, dict[str, dict[str, Level]]] = {}
    wanted = set(kept)
    for row in table.rows:
        if row.annotator in wanted:
            made.setdefault(row.dimension, {}).setdefault(row.annotator, {})[row.unit] = row.value
    return made
