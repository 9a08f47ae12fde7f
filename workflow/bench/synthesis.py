"""Tasks by two models: one writes, one of another family lets pass, and a person signs what passed.

Each answer is stored as it comes, so that a run that is killed goes on where it was and pays for nothing twice; what failed is
asked again at the next run, and nothing else is.
"""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store.bench import candidates as stored
from touchstone.bench.synthesis.acceptance import PairedAcceptance, paired
from touchstone.bench.synthesis.answers import NoAnswer, as_shown, task_in, verdict_in
from touchstone.bench.synthesis.recipe import (
    GENERATOR_KEY,
    JUDGE_KEY,
    AskedModel,
    Recipe,
    digest_of,
    generator_messages,
    judge_messages,
    judges_of,
    read_recipe,
)
from touchstone.bench.tasks import TypedTask
from touchstone.english import duration, listed, many
from touchstone.errors import Refused
from workflow import clock
from workflow.bench.models import TEMPERATURE, Models
from workflow.events.recording import recorded
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle, settle_import, settled

ACCEPTED, REJECTED = "accepted", "rejected"


class StepOfRun(NamedTuple):
    """How far a run is: answers so far, of how many that were to be asked in all, and the tokens they took."""

    done: int
    of: int
    tokens: int


class Planned(NamedTuple):
    """What a run would ask: calls to the generator and to judges, and what of all that is stored already."""

    generator_calls: int
    judge_calls: int
    stored: int

    @property
    def sentence(self) -> str:
        there = f"; {many(self.stored, 'answer')} of before are kept and not asked for again" if self.stored else ""
        if not self.generator_calls and not self.judge_calls:
            return f"everything was answered already{there}"
        return (
            f"{many(self.generator_calls, 'call')} to the generator, and up to {many(self.judge_calls, 'call')} to judges{there}"
        )


class Synthesised(NamedTuple):
    """What a run came to: candidates, those that the judge let pass, tries that gave none (with why), and judges compared."""

    run: str
    candidates: int
    passed: int
    failed: tuple[str, ...]
    tokens: int
    seconds: float
    compared: tuple[PairedAcceptance, ...]

    @property
    def sentence(self) -> str:
        took = f"{duration(self.seconds)}, {many(self.tokens, 'token')} by the servers' own count"
        passed = f"{self.passed:,} of {many(self.candidates, 'candidate')} {'was' if self.passed == 1 else 'were'} let pass"
        again = (
            f"; {many(len(self.failed), 'answer')} could not be used: run it again to ask for these alone" if self.failed else ""
        )
        return f"{self.run}: {passed} and {'waits' if self.passed == 1 else 'wait'} for a sign-off ({took}){again}"

    def as_json(self) -> dict[str, Any]:
        return {
            "run": self.run,
            "candidates": self.candidates,
            "passed": self.passed,
            "failed": list(self.failed),
            "tokens": self.tokens,
            "seconds": self.seconds,
            "compared": [each.as_json() for each in self.compared],
        }


def recipe_in(source: bytes, file_name: str) -> Recipe:
    """The recipe in a file. Raises Refused with every line that is wrong."""
    read = read_recipe(source)
    if read.recipe is None:
        raise Refused(f"{file_name} is not a recipe yet: {many(len(read.problems), 'problem')} in it", read.problems)
    return read.recipe


@verb
def planned(person: Person, engine: sa.Engine, recipe: Recipe) -> Planned:
    """What a run of this recipe would ask now. Raises Refused where a run of its name asked with other words or models."""
    with reading(settled(engine), person) as connection:
        run = _run_of(connection, recipe)
        there = _Stored(connection, run) if run is not None else None
    numbers = there.by_number if there else {}
    judges = [asked for asked, _ in judges_of(recipe)]
    given = sum((number, each.model) in there.verdicts for number in numbers for each in judges) if there else 0
    return Planned(recipe.wanted - len(numbers), recipe.wanted * len(judges) - given, len(numbers) + given)


@verb
def synthesise(
    person: Person,
    engine: sa.Engine,
    recipe: Recipe,
    models: Models | None = None,
    tell: Callable[[StepOfRun], None] | None = None,
) -> Synthesised:
    """Ask for what a run lacks: tasks of the generator, verdicts of every judge on each. Raises Refused at the first call that
    fails, with what came before it stored."""
    client, begun, tokens = models or Models(), time.monotonic(), 0
    for asked, usual in ((recipe.generator, GENERATOR_KEY), *((each, JUDGE_KEY) for each, _ in judges_of(recipe))):
        client.key_of(asked, usual)  # before anything is paid for
    run = _begin(person, engine, recipe)
    with reading(settled(engine), person) as connection:
        there = _Stored(connection, run)
    judges = list(judges_of(recipe))
    failed: list[str] = []
    for number in range(recipe.wanted):
        if number not in there.by_number:
            answer = client.ask(
                recipe.generator, GENERATOR_KEY, generator_messages(recipe, number), TEMPERATURE["generator"], number
            )
            tokens += answer.tokens
            try:
                task = task_in(answer.text, recipe, f"{recipe.recipe}-{digest_of(recipe.recipe, number)[:8]}")
            except NoAnswer as wrong:
                failed.append(f"task {number + 1} by {recipe.generator.model}: {wrong}")
                continue
            there.by_number[number] = _keep(person, engine, recipe, run, number, task), task
        candidate, task = there.by_number[number]
        for asked, decides in judges:
            if (number, asked.model) in there.verdicts:
                continue
            answer = client.ask(asked, JUDGE_KEY, judge_messages(recipe, as_shown(task)), TEMPERATURE["judge"], number)
            tokens += answer.tokens
            try:
                said = verdict_in(answer.text)
            except NoAnswer as wrong:
                failed.append(f"the verdict of {asked.model} on task {number + 1}: {wrong}")
                continue
            _keep_verdict(person, engine, recipe, candidate, asked, decides, said.accepts, said.reason)
            there.verdicts[number, asked.model] = said.accepts
        if tell:
            tell(StepOfRun(number + 1, recipe.wanted, tokens))
    return _made(recipe, there, failed, tokens, time.monotonic() - begun)


class _Stored:
    """What a run has: candidates (their id and task) by number, verdicts by number and judge."""

    def __init__(self, connection: sa.Connection, run: int):
        rows = stored.of_run(connection, run)
        self.by_number = {row.about["number"]: (row.id, TypedTask.read(row.document)) for row in rows}
        number_of = {row.id: row.about["number"] for row in rows}
        self.verdicts = {
            (number_of[row.candidate], row.judge): row.verdict == ACCEPTED for row in stored.verdicts_of_run(connection, run)
        }


def _settings(recipe: Recipe) -> dict[str, Any]:
    """What a run was begun with: models, families and digests. Neither keys nor addresses."""
    return {
        "generator": [recipe.generator.model, recipe.generator.family],
        "judge": [recipe.judge.model, recipe.judge.family],
        "prompt": recipe.prompt_digest,
        "criteria": recipe.criteria_digest,
    }


def _run_of(connection: sa.Connection, recipe: Recipe) -> int | None:
    row = stored.run_named(connection, recipe.recipe)
    if row is None:
        return None
    if row.settings != _settings(recipe):
        other = [key for key, value in _settings(recipe).items() if row.settings.get(key) != value]
        raise Refused(
            f"a run {recipe.recipe} was begun with another {listed(other)}; give this recipe another name, so that each run has "
            "one prompt and one judge"
        )
    return int(row.id)


def _begin(person: Person, engine: sa.Engine, recipe: Recipe) -> int:
    with recorded(person, engine, "synthesise tasks", run=recipe.recipe) as connection:
        project = settle_import(person, connection)
        found = _run_of(connection, recipe)
        if found is not None:
            return found
        return stored.add_run(
            connection, project=project.id, person=person.id, name=recipe.recipe, settings=_settings(recipe), at=clock.now()
        )


def _keep(person: Person, engine: sa.Engine, recipe: Recipe, run: int, number: int, task: TypedTask) -> int:
    with recorded(person, engine, "keep candidate", run=recipe.recipe) as connection:
        project = settle_import(person, connection)
        return stored.add(
            connection,
            project=project.id,
            person=person.id,
            run=run,
            method="synthesis",
            task_id=task.task_id,
            document=task.as_document(),
            about={"number": number},
            at=clock.now(),
        )


def _keep_verdict(
    person: Person,
    engine: sa.Engine,
    recipe: Recipe,
    candidate: int,
    judge: AskedModel,
    decides: bool,
    accepts: bool,
    reason: str,
) -> None:
    with recorded(person, engine, "keep verdict", run=recipe.recipe) as connection:
        settle(connection)
        stored.add_verdict(
            connection,
            candidate,
            verdict=ACCEPTED if accepts else REJECTED,
            reason=reason,
            about={"family": judge.family, "criteria": recipe.criteria_digest, "decides": decides},
            at=clock.now(),
            judge=judge.model,
        )


def _made(recipe: Recipe, there: _Stored, failed: list[str], tokens: int, seconds: float) -> Synthesised:
    def said_by(judge: AskedModel) -> dict[int, bool]:
        return {number: accepts for (number, model), accepts in there.verdicts.items() if model == judge.model}

    deciding = said_by(recipe.judge)
    compared = tuple(
        paired(f"{recipe.judge.model} ({recipe.judge.family})", deciding, f"{each.model} ({each.family})", said_by(each))
        for each in recipe.also
    )
    return Synthesised(recipe.recipe, len(there.by_number), sum(deciding.values()), tuple(failed), tokens, seconds, compared)
