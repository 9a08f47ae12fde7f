"""Commands of models as judges: a judge's file checked, a judge run over drafts, an older judge held against a newer one."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from commands import As, Json, document, read, reader, refuse, say, split, store, store_or_none, verb, who
from commands.judging import group
from touchstone.cli.printing import say_filled, show_notes
from touchstone.english import duration, listed, many
from touchstone.errors import Refused

if TYPE_CHECKING:
    import sqlalchemy as sa

    from touchstone.judging.llm.judge_file import LLMJudge
    from workflow.judging.llm.running import StepOfJudging
    from workflow.people.people import Person

JUDGE = "a judge's file, or the name of one in judges/, of one that was run (otter-v1), or of a trained one that is on"


@verb("check-judge")
def check_judge(file: Annotated[Path, typer.Argument(help="a judge's file", metavar="FILE")], as_json: Json = False) -> None:
    """Check a judge's file and what it asks: each problem with its line. Needs no store.

    Example: python manage.py check-judge judges/otter-v1.yml
    """
    from touchstone.judging.llm.prompts import prompt_on
    from workflow.judging.llm.judges import check_judge as checked

    judge, rubric = checked(store_or_none(), read(file), file.name)
    asked = judge.dimensions(rubric)
    if as_json:
        prompts = {key: prompt_on(judge, rubric, key).digest for key in asked}
        return document({"judge": judge.name, "digest": judge.digest, "rubric_digest": rubric.digest, "prompts": prompts})
    say(f"{judge.name} is valid: {judge.file.model} on {listed([*asked])} of {rubric.name}, digest {judge.digest}")
    say(f"  the key is read from {judge.key_from}")


@verb("run", under=group)
def run(
    judge: Annotated[str, typer.Argument(metavar="JUDGE", help=JUDGE)],
    round_name: Annotated[str, typer.Argument(metavar="[ROUND]", help="a closed round, whose drafts it is asked about")] = "",
    set_name: Annotated[str, typer.Option("--set", help="a label set, whose units' drafts", metavar="NAME")] = "",
    drafts: Annotated[str, typer.Option(help="drafts by their ids, by commas", metavar="ID,ID")] = "",
    name: Annotated[str, typer.Option(help="what the label set is to be called", metavar="NAME")] = "",
    at_once: Annotated[int, typer.Option(help="how many calls at once", metavar="N")] = 4,
    plan: Annotated[bool, typer.Option("--plan", help="only say how many calls it would be, and what they take")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="do not ask before the model is asked")] = False,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Have a model, or a trained judge, judge drafts, and keep its levels as a label set. What a model was asked before is not
    asked again.

    The key: the environment variable that the judge names, else TOUCHSTONE_JUDGE_KEY. Exit 1 where some draft has no level.

    Example: python manage.py judge run otter-v1 pilot --plan
    """
    from workflow.judging.llm.drafts_asked import AskAbout
    from workflow.judging.llm.planning import planned_run
    from workflow.judging.llm.running import run_judge
    from workflow.judging.training.judging import is_trained, judge_drafts

    engine = store()
    person = who(engine, as_)
    about = AskAbout(round_name.strip(), set_name.strip(), tuple(split(drafts)))
    if is_trained(person, engine, judge):
        if plan:
            return say_filled(f"{judge} is a trained judge: it asks nobody, and costs nothing")
        judged = judge_drafts(person, engine, judge, about, name)
        return document(judged.as_json()) if as_json else say_filled(judged.sentence)
    asked = _judge(person, engine, judge)
    before = planned_run(person, engine, asked, about, at_once)
    if plan:
        return document(before.as_json()) if as_json else say_filled(before.sentence)
    if not as_json:
        say_filled(before.sentence)
    if before.calls and not yes:
        if as_json or not sys.stdin.isatty():
            raise Refused(f"nothing was asked: {many(before.calls, 'call')} would be; say so if they are meant", way=("yes",))
        typer.confirm("Ask the model?", abort=True)
    made = run_judge(person, engine, asked, about, at_once=at_once, name=name, tell=_tell)
    if sys.stderr.isatty():
        typer.echo("", err=True)
    if as_json:
        document(made.as_json())
    else:
        say_filled(made.sentence)
        show_notes(made.left_out)
        if made.label_set:
            say(f'  against people: python manage.py judge against "set:{made.label_set}" round:NAME')
    if made.errors:
        refuse(f"not every draft has a level{made.unanswered}")


def _judge(person: "Person", engine: "sa.Engine", called: str) -> "LLMJudge":
    from workflow.judging.llm.judges import judge_called, judge_in

    path = Path(called)
    if path.suffix in (".yml", ".yaml"):
        return judge_in(read(path), path.name)
    return judge_called(person, engine, called.strip())


def _tell(step: "StepOfJudging") -> None:
    if sys.stderr.isatty():
        left = f", about {duration(step.seconds_left)} more" if step.seconds_left else ""
        errors = f", {many(step.errors, 'error')}" if step.errors else ""
        typer.echo(f"\r{step.done:,} of {many(step.of, 'answer')}{errors}{left}   ", err=True, nl=False)


@verb("list", under=group)
def list_judges(as_json: Json = False, as_: As = "") -> None:
    """List the judges that were run, with the label sets they came to.

    Example: python manage.py judge list
    """
    from workflow.judging.llm.judges import used_judges

    engine = store()
    found = used_judges(reader(engine, as_), engine)
    if as_json:
        return document([each.as_json() for each in found])
    for each in found:
        say(f"{each.judge.name}: {each.judge.file.model} by {each.rubric}, digest {each.judge.digest[:12]}")
        for one in each.runs:
            came_to = f"label set {one.label_set}" if one.label_set else "no label set: it goes on, or broke off"
            errors = f", {many(one.errors, 'error')}" if one.errors else ""
            say(f"  {one.drafts}, by {one.by}: {many(one.levels, 'new level')}{errors}; {came_to}")
    if not found:
        say("no judge was run yet; docs/judges.md has one to start from")


@verb("compare", under=group)
def compare(
    old: Annotated[str, typer.Argument(metavar="OLD", help="a judge that was run, or a source of labels: set:NAME")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="the newer one")],
    people: Annotated[str, typer.Argument(metavar="PEOPLE", help="round:NAME, set:NAME, one annotator of either, or gold:NAME")],
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Hold an older judge against a newer one, beside the same people on the same drafts: the difference, paired.

    Example: python manage.py judge compare otter-v1 otter-v2 round:pilot
    """
    from terminal.judging import show_compared
    from workflow.judging.two_judges import compare_judges

    engine = store()
    made = compare_judges(reader(engine, as_), engine, old, new, people)
    if as_json:
        return document(made.as_json())
    show_compared(made)
