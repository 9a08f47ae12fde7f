"""Commands against the scorer: a draft that fools it is tried and kept, and confirmed blind by somebody else."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import As, document, read, store, who
from commands.bench import verb
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import many
from touchstone.errors import Refused

if TYPE_CHECKING:
    from workflow.bench.adversarial import ToConfirm


@verb("adversarial")
def adversarial(
    task: Annotated[str, typer.Argument(metavar="TASK")],
    draft: Annotated[Path, typer.Argument(help="a file with the draft, as plain text")],
    rubric: Annotated[str, typer.Option(help="a rubric version")],
    on: Annotated[str, typer.Option(help="the dimension", metavar="DIMENSION")],
    deserves: Annotated[str, typer.Option(help="the level that the draft deserves", metavar="LEVEL")],
    keep: Annotated[bool, typer.Option("--keep", help="keep it, where it fools the scorer, for a second person")] = False,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Try a draft against the scorer: its level, the line that gave it, and what the checks found. What is kept becomes a task
    once a second person gives it the same level, blind.

    Example: python manage.py bench adversarial t1 draft.txt --rubric tenacious-v1 --on tone_compliance --deserves 1 --keep
    """
    from workflow.bench import adversarial as attacking

    try:
        text = read(draft).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(f"{draft.name} is not UTF-8; save it as plain text in UTF-8") from None
    engine = store()
    person = who(engine, as_)
    asked = {"rubric": rubric, "dimension": on, "task_id": task, "text": text, "deserved": deserves}
    made = attacking.try_draft(person, engine, **asked)
    kept = attacking.propose_adversarial(person, engine, **asked) if keep else None
    if as_json:
        told = {"fools": made.fools, "scored": made.scored, "deserved": made.deserved, "because": made.because, "kept": kept}
        return document({**told, "findings": [each.as_json() for each in made.findings]})
    say(made.sentence)
    for each in made.findings:
        say(f"  {each.check}: {each.text}: {each.message}")
    if kept:
        say(f"{kept} waits for a second person: bench confirm {kept}")


@verb("confirm")
def confirm(
    task: Annotated[str, typer.Argument(metavar="TASK", help="a candidate; none lists those that wait for you")] = "",
    level: Annotated[str, typer.Option(help="the level that its draft deserves")] = "",
    by_model: Annotated[str, typer.Option(help="the model that read it, where no person did: it is kept", metavar="MODEL")] = "",
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Give the level that somebody else's draft deserves, blind: the same as its writer's makes it a task.

    Example: python manage.py bench confirm against-3f9c21aa --level 1 --as ben
    """
    from workflow.bench import adversarial as attacking

    engine = store()
    person = who(engine, as_)
    if level:
        return say(attacking.confirm(person, engine, task, level, by_model=by_model).sentence)
    waiting = attacking.to_confirm(person, engine)
    shown = [each for each in waiting if each.task_id == task] if task else waiting
    if task and not shown:
        raise Refused(f"no candidate {task} waits for you; bench confirm lists those that do")
    if as_json:
        return document([_blind(each) for each in shown])
    say(f"{many(len(waiting), 'draft')} of others {'waits' if len(waiting) == 1 else 'wait'} for your level")
    for each in shown:
        say(f"{each.task_id}, on {each.dimension.title}: {each.dimension.question}")
        for title, text in each.fields:
            say(f"  {title}: {text}")
        say(f"  Draft: {each.draft}")
        for one in each.dimension.levels:
            say(f"  {one.value}: {one.anchor}")


def _blind(each: "ToConfirm") -> dict[str, object]:
    """What a second person may be told: nothing of the level that its writer or the scorer gave."""
    levels = {str(one.value): one.anchor for one in each.dimension.levels}
    return {
        "task_id": each.task_id,
        "dimension": each.dimension.key,
        "question": each.dimension.question,
        "levels": levels,
        "input": dict(each.fields),
        "draft": each.draft,
    }
