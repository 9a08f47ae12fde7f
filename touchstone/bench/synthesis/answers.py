"""What a model answered, taken apart strictly: a task, or a verdict, or why it is neither."""

import json
from typing import Any, NamedTuple

from touchstone.bench.synthesis.recipe import Recipe
from touchstone.bench.tasks import TypedTask, WrongTask
from touchstone.bench.tasks.origins import Model, OfModels
from touchstone.data.task_input import fields_of
from touchstone.english import many
from touchstone.files.json_values import kind_in_words, refuse_unstorable, unfenced

LONGEST_ANSWER = 200_000  # characters
OF_MAKING = ("task_id", "origin", "partition")  # what a model has no say in


class NoAnswer(ValueError):
    """An answer that is not what was asked for; the message says why."""


class JudgeVerdict(NamedTuple):
    """A judge's verdict."""

    accepts: bool
    reason: str


def task_in(answer: str, recipe: Recipe, task_id: str) -> TypedTask:
    """The task that a generator wrote, with an origin that it had no say in. Raises NoAnswer."""
    found = _object(answer)
    document = {key: value for key, value in found.items() if key not in OF_MAKING}
    origin = OfModels(
        run=recipe.recipe,
        generator=Model(model=recipe.generator.model, family=recipe.generator.family),
        judge=Model(model=recipe.judge.model, family=recipe.judge.family),
        prompt=recipe.prompt_digest,
        criteria=recipe.criteria_digest,
    )
    try:
        return TypedTask.read({**document, "task_id": task_id, "origin": origin.model_dump(mode="json")})
    except WrongTask as wrong:
        raise NoAnswer(f"it is no task: {wrong.problems[0]}") from None


def verdict_in(answer: str) -> JudgeVerdict:
    """What a judge said. Raises NoAnswer: an answer that is neither accept nor reject is none."""
    found = _object(answer)
    verdict, reason = found.get("verdict"), found.get("reason", "")
    if verdict not in ("accept", "reject"):
        raise NoAnswer(f"its verdict is {kind_in_words(verdict)}, neither accept nor reject")
    if not isinstance(reason, str):
        raise NoAnswer(f"its reason is {kind_in_words(reason)}, not a text")
    return JudgeVerdict(verdict == "accept", " ".join(reason.split())[:1_000])


def as_shown(task: TypedTask) -> str:
    """A task as people would be shown it, for a judge."""
    return "\n".join(f"{title}:\n{text}" for title, text in fields_of(task.as_input())) or "(the task shows nothing)"


def _object(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise NoAnswer(f"it has {many(len(answer), 'character')}; at most {LONGEST_ANSWER:,} are read")
    try:
        found = json.loads(unfenced(answer))
        if isinstance(found, dict):
            refuse_unstorable(found)
    except (ValueError, RecursionError):
        raise NoAnswer("it is not JSON that can be read") from None
    if not isinstance(found, dict):
        raise NoAnswer(f"it is {kind_in_words(found)}, not a JSON object")
    return found
