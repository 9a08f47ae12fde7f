"""Which versions can be compared, and with the gold of which rounds: for choosing."""

from collections.abc import Sequence

import sqlalchemy as sa

from db.engine import reading
from db.store import revisions as stored_revisions
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import all_rounds
from workflow.rubric import rubrics, versions
from workflow.rubric.outdated_labels import named
from workflow.rubric.unfinished_version import next_name, unfinished
from workflow.scorer.scoring import has_scoring

UNFINISHED = " as it is being written"


@verb
def rounds_with_gold(engine: sa.Engine, of: str) -> list[str]:
    """Names of closed rounds whose gold versions of the rubric `of` can be held against, the newest first."""
    mine = named(of).rubric
    return [each.name for each in all_rounds(engine) if not each.is_open and each.has_gold and named(each.rubric).rubric == mine]


@verb
def versions_to_compare(person: Person, engine: sa.Engine) -> list[str]:
    """Names of versions that can score, and of those the person is writing, for choosing one."""
    with reading(engine, person) as connection:
        written = stored_revisions.names_of_unfinished(connection, person.id)
    return [
        name
        for each in rubrics.rubric_files(engine)
        if each.rubric is not None and not each.is_changed
        for name in (
            *([each.name] if has_scoring(each.rubric) else []),
            *([next_name(each.name) + UNFINISHED] if next_name(each.name) in written else []),
        )
    ]


def usually_before(name: str, names: Sequence[str], labelled: str = "") -> str:
    """Of these, what a version is set beside unless somebody chooses: the version under which the round in hand was labelled
    (`labelled`, "" for none) where that is an earlier one of the same rubric, else its predecessor. One that is being written is
    set beside that which it was made from."""
    mine, theirs = named(name), named(labelled)
    is_earlier = labelled in names and theirs.rubric == mine.rubric and theirs.version < mine.version
    return labelled if is_earlier and not name.endswith(UNFINISHED) else version_before(name, names)


def version_before(name: str, names: Sequence[str]) -> str:
    """Of these, the latest version of the same rubric that is earlier than one; the first where there is none."""
    mine = named(name.removesuffix(UNFINISHED))
    earlier = [
        each
        for each in names
        if named(each.removesuffix(UNFINISHED)).rubric == mine.rubric
        and named(each.removesuffix(UNFINISHED)).version < mine.version
    ]
    return max(earlier, key=lambda each: named(each.removesuffix(UNFINISHED)).version, default=names[0])


@verb
def version_called(person: Person, engine: sa.Engine, name: str) -> Rubric:
    """A version by what `versions_to_compare` calls it. Raises Refused for one being written that has mistakes."""
    if not name.endswith(UNFINISHED):
        return versions.version_named(engine, name)
    mine = named(name.removesuffix(UNFINISHED))
    made = unfinished(person, engine, f"{mine.rubric}-v{mine.version - 1}")
    if made.rubric is None:
        raise Refused(
            f"{made.name}.yml has {many(len(made.problems), 'problem')} left; fix them under Next version", made.problems
        )
    return made.rubric
