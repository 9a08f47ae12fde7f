"""The rubric versions somebody labels by, to read: those of the rounds in which they have a seat."""

import sqlalchemy as sa

from db.engine import reading
from db.store import rounds as stored
from touchstone.rubric.model import Rubric
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric import rubrics


@verb
def own_versions(person: Person, engine: sa.Engine) -> list[Rubric]:
    """The versions of the person's own rounds in the project in hand, by name, each as it was published."""
    with reading(engine, person) as connection:
        return [rubrics.rubric_of(connection, each) for each in stored.versions_of_seats(connection, person.id)]
