"""Opening a comparison round: what it asks, which pairs of drafts are drawn, and who sees which of them on which side."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from db.store import projects as stored_projects
from db.store.preferences import comparisons as stored
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.preferences.choices import OVERALL
from touchstone.preferences.drawing import REPEATED, draw_pairs, repeats_of, shown_to
from touchstone.rubric.model import Dimension
from workflow import clock
from workflow import text as texts
from workflow.events.recording import recorded
from workflow.names import fit_name, fold
from workflow.people.people import Person, person_named
from workflow.people.roles import refuse_outsiders
from workflow.people.verbs import verb
from workflow.preferences.comparisons import KIND, Comparison, comparison_of, row_of
from workflow.projects.settling import settle, settle_rubric
from workflow.rubric import rubrics

QUESTION = "Which draft is better?"
MOST_SHOWN = 100_000
MOST_SEED = 2**31 - 1


@dataclass(frozen=True)
class ComparisonDesign:
    """`dimensions`: keys of the rubric version `rubric`, and "overall", for which `question` is asked; that alone where none is
    named. `per_task`: pairs of a task at most, all where None; `repeats`: the share of pairs that come twice; `seed`: drawn
    where None."""

    name: str
    annotators: Sequence[str]
    question: str = ""
    per_task: int | None = None
    partition: str | None = None
    repeats: float = REPEATED
    seed: int | None = None
    dimensions: Sequence[str] = ()
    rubric: str = ""


@verb
def open_comparison(person: Person, engine: sa.Engine, design: ComparisonDesign) -> Comparison:
    """Draw pairs of drafts within tasks and give each annotator their own order and sides. Raises Refused for a name that is
    taken, without annotators, for a dimension that the rubric version does not have, where no task has two different drafts, and
    for more than a person could ever compare."""
    name = fit_name(design.name, KIND)
    seed = secrets.randbelow(MOST_SEED) if design.seed is None else design.seed
    if not 0 <= seed <= MOST_SEED:
        raise Refused(f"a seed is from 0 to {MOST_SEED:,}, not {seed}")
    people = [person_named(engine, who) for who in design.annotators if who.strip()]
    if twice := next((each.name for at, each in enumerate(people) if each.id in {other.id for other in people[:at]}), ""):
        raise Refused(f"{twice} is named twice; name each annotator once", way=("annotators ana,ben",))
    if not people:
        raise Refused("a comparison round needs an annotator; name one or more", way=("annotators ana,ben",))
    with recorded(person, engine, "open comparison", comparison=name) as connection:
        project = settle_rubric(person, connection, design.rubric) if design.rubric else settle(connection)
        if project is None:
            raise Refused("there is no draft to compare yet; import tasks and drafts first")
        refuse_outsiders(connection, people, project.id)
        stored_projects.hold_names(connection, project.id)
        if stored.by_folded(connection, fold(name)):
            raise Refused(f"there is a {KIND} named “{name}” already; give the new one another name")
        asked = _asked(connection, design)
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
            "seed": seed,
            "per_task": design.per_task,
            "repeats": design.repeats,
            "opened_at": clock.now(),
            "opened_by": person.id,
        }
        of_pair = [{"task": ids[each.a].task, "draft_a": ids[each.a].id, "draft_b": ids[each.b].id} for each in pairs]
        number = stored.add(connection, values, asked, of_pair)
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
        return comparison_of(connection, row_of(connection, name))


def _asked(connection: sa.Connection, design: ComparisonDesign) -> list[dict[str, Any]]:
    """What is asked of every pair, for the store: each dimension once, in the order it was named."""
    keys = list(dict.fromkeys(each.strip() for each in design.dimensions if each.strip())) or [OVERALL]
    question = texts.fit(design.question, "question")
    if question and OVERALL not in keys:
        raise Refused(
            f"“{question}” is asked overall, and overall is not among {listed(keys)}; add it, or leave the question out"
        )
    of_rubric = [key for key in keys if key != OVERALL]
    if not of_rubric:
        return [_overall(question)]
    if not design.rubric:
        raise Refused(f"{listed(of_rubric)} would be asked; name the rubric version that has it", way=("rubric NAME",))
    rubric, version = rubrics.ready_to_use(connection, design.rubric)
    declared = {each.key: each for each in rubric.dimensions}
    if unknown := [key for key in of_rubric if key not in declared]:
        raise Refused(f"{rubric.name} has no dimension {unknown[0]}; a {KIND} asks about {listed([*declared, OVERALL], 'or')}")
    return [_overall(question) if key == OVERALL else _of_rubric(declared[key], version) for key in keys]


def _of_rubric(dimension: Dimension, version: int) -> dict[str, Any]:
    return {"dimension": dimension.key, "title": dimension.title, "question": dimension.question, "rubric_version": version}


def _overall(question: str) -> dict[str, Any]:
    return {"dimension": OVERALL, "title": "Overall", "question": question or QUESTION, "rubric_version": None}
