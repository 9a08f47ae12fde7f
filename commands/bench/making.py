"""Commands that make tasks: of a parameter space, of failed drafts, by models."""

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import As, document, read, split, store, who
from commands.bench import verb
from touchstone.bench.space.covering import Step
from touchstone.bench.synthesis.acceptance import in_words as paired_in_words
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import listed, many
from workflow.bench import candidates, spaces
from workflow.bench.from_drafts import propose_from_drafts

if TYPE_CHECKING:
    from workflow.bench.synthesis import StepOfRun

SpaceFile = Annotated[Path, typer.Argument(help="a file of a parameter space", metavar="SPACE.yml")]
Strength = Annotated[
    int | None, typer.Option(help="2: each pair of values, 3: each triple; the space's own when left out", min=1, max=4)
]


@verb("cover", in_project=False)
def cover(
    space: SpaceFile,
    strength: Strength = None,
    tasks: Annotated[list[Path] | None, typer.Option(help="what these tasks cover, instead of rows that would")] = None,
    as_json: Json = False,
) -> None:
    """Count what of a parameter space is covered: by the fewest rows found, or by tasks. Needs no store.

    Example: python manage.py bench cover sample/outreach/bench/space.yml --strength 2
    """
    enumerated = spaces.space_in(read(space), space.name)
    if tasks:
        given = [each for path in tasks for each in spaces.typed_in(read(path), path.name)]
        found = spaces.covered_by(enumerated, given, strength)
    else:
        found = spaces.rows_to_cover(enumerated, strength)
    if as_json:
        return document(found.as_json())
    held = enumerated.space
    rows = f"{many(enumerated.valid_rows, 'valid row')} of {enumerated.rows:,}"
    say(f"{held.name}: {many(len(held.parameters), 'parameter')}, {rows}")
    by = "task" if tasks else "row"
    own = f", {found.own:,} of them own" if found.own else ""
    say(f"{many(len(found.rows), by)}{own}: {found.coverage.sentence}")
    if found.outside:
        say(f"  {many(found.outside, 'task')} of rows that the space has no more, not counted")
    missing = found.coverage.possible - found.coverage.found
    for each in found.coverage.missing[:20]:
        say(f"  not covered: {', '.join(f'{key} {value}' for key, value in each.items())}")
    if missing > 20:
        say(f"  and {missing - 20:,} more")


@verb("make")
def make(
    space: SpaceFile,
    strength: Strength = None,
    to: Annotated[Path | None, typer.Option(help="write them to a JSONL file instead of the store", metavar="FILE")] = None,
    as_: As = "",
) -> None:
    """Make tasks that cover a parameter space, in the store or in a file. What is there already stays, own cases first.

    Example: python manage.py bench make sample/outreach/bench/space.yml --to tasks.jsonl
    """
    source = read(space)
    enumerated = spaces.space_in(source, space.name)
    if to is not None:
        made = spaces.write_tasks(enumerated, to, strength, _tell)
    else:
        engine = store()
        made = spaces.make_tasks(who(engine, as_), engine, enumerated, source, strength, _tell).remade
    _end_telling()
    counted = [f"{many(len(made.added), 'task')} made"]
    counted += [f"{len(made.kept):,} of the space kept"] if made.kept else []
    counted += [f"{len(made.own):,} of other origins untouched"] if made.own else []
    say(f"{enumerated.space.name}: {', '.join(counted)}; {made.covering.coverage.sentence}")
    if made.changed:
        say(f"  said differently than before: {', '.join(made.changed[:20])}{' …' if len(made.changed) > 20 else ''}")
    if made.dropped:
        left = "left out" if to is not None else "in the store still, not counted"
        say(f"  rows that the space has no more, {left}: {', '.join(made.dropped[:20])}{' …' if len(made.dropped) > 20 else ''}")


@verb("from-drafts")
def from_drafts(round_name: Annotated[str, typer.Argument(metavar="ROUND")], as_: As = "") -> None:
    """Make candidates of the tasks whose drafts failed in a closed round, under other names. Each waits for a sign-off.

    Example: python manage.py bench from-drafts pilot
    """
    engine = store()
    made = propose_from_drafts(who(engine, as_), engine, round_name)
    say(made.sentence)
    for each in made.left_out:
        say(f"  left out: {each}")
    if made.without_order:
        say(f"  what failing is on {listed(made.without_order)}, the rubric does not say; these were not looked at")
    if made.new:
        say("  read each before it becomes a task: bench candidates, bench sign-off TASK, or the page Candidates")


@verb("candidates")
def list_candidates(as_json: Json = False, as_: As = "") -> None:
    """List what may become a task and waits for a sign-off, as it would be shown, and what was decided.

    Example: python manage.py bench candidates
    """
    engine = store()
    found = candidates.candidates_of(who(engine, as_), engine)
    if as_json:
        return document([{**asdict(each), "state": each.state} for each in found])
    waiting = [each for each in found if each.verdict is None]
    waits = "waits" if len(waiting) == 1 else "wait"
    say(f"{many(len(waiting), 'candidate')} {waits} for a sign-off, {len(found) - len(waiting):,} decided")
    for each in waiting:
        say(f"{each.task_id} ({each.method}, by {each.proposer})")
        for title, text in each.fields:
            say(f"  {title}: {text}")
        if look_at := each.about.get("look_at"):
            say(f"  look at: {', '.join(look_at)}")


@verb("sign-off")
def sign_off(
    task: Annotated[str, typer.Argument(metavar="TASK")],
    names: Annotated[str, typer.Option(help="further names to replace first, by commas", metavar="NAME,NAME")] = "",
    reject: Annotated[str, typer.Option(help="turn it down instead, for this reason", metavar="REASON")] = "",
    by_model: Annotated[str, typer.Option(help="the model that read it, where no person did: it is kept", metavar="MODEL")] = "",
    as_: As = "",
) -> None:
    """Make a task of a candidate on your word, or turn it down. Read it first: `bench candidates` shows it.

    Example: python manage.py bench sign-off failed-3f9c21aa --names "Marlow House"
    """
    engine = store()
    person = who(engine, as_)
    if reject:
        return say(f"{candidates.turn_down(person, engine, task, reject)} was turned down")
    say(f"{candidates.sign_off(person, engine, task, more_names=split(names), by_model=by_model)} is a task now")


@verb("synthesise")
def synthesise(
    recipe: Annotated[Path, typer.Argument(help="a file of a recipe: which models, with which words", metavar="RECIPE.yml")],
    plan: Annotated[bool, typer.Option("--plan", help="only say how many calls it would be")] = False,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Ask one model for tasks, and one of another family whether they pass. What is stored already is not asked for again.

    Keys: TOUCHSTONE_GENERATOR_KEY and TOUCHSTONE_JUDGE_KEY in the environment.

    Example: python manage.py bench synthesise recipe.yml --plan
    """
    from workflow.bench import synthesis  # httpx: not needed by the other commands

    engine = store()
    person, asked = who(engine, as_), synthesis.recipe_in(read(recipe), recipe.name)
    before = synthesis.planned(person, engine, asked)
    if plan:
        return document(before._asdict()) if as_json else say(f"{asked.recipe}: {before.sentence}")
    if not as_json:
        say(f"{asked.recipe}: {before.sentence}")
    made = synthesis.synthesise(person, engine, asked, tell=_tell_run)
    _end_telling()
    if as_json:
        return document(made.as_json())
    say(made.sentence)
    for each in made.failed[:20]:
        say(f"  could not be used: {each}")
    for pair in made.compared:
        say(f"  {paired_in_words(pair)}")


def _tell_run(step: "StepOfRun") -> None:
    if sys.stderr.isatty():
        typer.echo(f"\r{step.done:,} of {many(step.of, 'task')}, {many(step.tokens, 'token')} ", err=True, nl=False)


def _tell(step: Step) -> None:
    """How far it is, on a terminal."""
    if sys.stderr.isatty():
        typer.echo(f"\r{many(step.rows, 'row')}, {step.share:.0%} covered ", err=True, nl=False)


def _end_telling() -> None:
    if sys.stderr.isatty():
        typer.echo("", err=True)
