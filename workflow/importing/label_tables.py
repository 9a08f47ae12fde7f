"""Files of labels in a shape of nobody's: what each of their columns may be, before somebody says what it is."""

from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading
from touchstone.data.table.column_facts import ColumnFacts, facts_of
from touchstone.data.table.source_table import SourceTable, read_table
from touchstone.importing.contract import Names
from touchstone.importing.mapped.label_guesses import LabelGuesses, guessed_labels
from workflow.importing.label_files import LabelFile
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import look_ahead
from workflow.rubric import rubrics


class LabelTableOffered(NamedTuple):
    """A file as a table, and what its columns may be under a rubric."""

    table: SourceTable
    facts: tuple[ColumnFacts, ...]
    guesses: LabelGuesses
    names: Names


@verb
def offered_columns(person: Person, engine: sa.Engine, file: LabelFile, rubric: str) -> LabelTableOffered | None:
    """What to begin with when the columns of a file of labels are said; None for what is no table."""
    table = read_table(file.source, file.name, of_members=True)
    if table.problems:
        return None
    with reading(engine, person) as connection:
        look_ahead(connection, rubric)
        names = Names(rubrics.usable(connection, rubric)[0])
    return LabelTableOffered(table, tuple(facts_of(table)), guessed_labels(table, names), names)
