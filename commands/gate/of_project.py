"""The gate of a project: publish a policy, switch it, make tokens, read what it said, say otherwise, open the next round."""

from pathlib import Path
from typing import Annotated

import typer

from commands import As, document, read, reader, say, split, store, verb, who
from touchstone.agreement.figure import in_words
from touchstone.cli.printing import show_notes
from touchstone.cli.verbs import Json
from touchstone.english import many
from touchstone.errors import Refused

Why = Annotated[str, typer.Option("--why", help="the reason, which is on record", metavar="TEXT")]


@verb("gate-policy")
def gate_policy(file: Annotated[Path, typer.Argument(help="a policy's file")], by: As = "") -> None:
    """Publish a policy for the project's gate. The first switches it on, in its mode; a later one waits for gate-switch.

    Example: python manage.py gate-policy outreach.yml
    """
    from workflow.gate import policies  # RE2

    engine = store()
    person = who(engine, by)
    made = policies.publish_policy(person, engine, read(file), file.name)
    say(f"{made.name} is published, for {made.rubric}: digest {made.digest}")
    say(policies.in_words(policies.gate_of_project(person, engine)))


@verb("gate-switch")
def gate_switch(
    mode: Annotated[str, typer.Argument(help="off, shadow or enforce")],
    why: Why,
    policy: Annotated[str, typer.Option(help="another policy to go by, as in outreach-v2", metavar="NAME")] = "",
    by: As = "",
) -> None:
    """Switch the project's gate; it holds from the next call on. Off lets every draft pass, and scores none.

    Example: python manage.py gate-switch off --why "it blocks what is fine"
    """
    from workflow.gate import policies

    engine = store()
    person = who(engine, by)
    policies.switch_gate(person, engine, mode, why, policy)
    say(policies.in_words(policies.gate_of_project(person, engine)))


@verb("gate-token")
def gate_token(
    name: Annotated[str, typer.Argument(help="for which program")],
    end: Annotated[bool, typer.Option("--end", help="end the token of that name")] = False,
    by: As = "",
) -> None:
    """Make a token with which a program asks the project's gate over HTTP; it is shown this once. Or end one.

    Example: python manage.py gate-token mailer
    """
    from workflow.gate import tokens

    engine = store()
    person = who(engine, by)
    if end:
        tokens.end_token(person, engine, name)
        say(f"the token {name} has ended")
    else:
        say(tokens.make_token(person, engine, name))


@verb("gate-figures")
def gate_figures(as_json: Json = False, as_: As = "") -> None:
    """What the project's gate said so far: by decision and reason, how much of it people overrode, and whether it moved.

    Example: python manage.py gate-figures --json
    """
    from workflow.gate import figures, policies

    engine = store()
    person = reader(engine, as_)
    found = figures.gate_figures(person, engine)
    if found is None:
        raise Refused(policies.NO_POLICY)
    if as_json:
        return document(found.as_json())
    say(f"{found.policy}: {many(found.decided, 'decision')}, {found.overridden:,} overridden: {in_words(found.override_rate)}")
    for each in found.by_decision:
        say(f"  {each.decision}: {each.number:,}, {in_words(each.share)}; overridden {in_words(each.override_rate)}")
    for reason in found.by_reason:
        say(f"  {reason.key}: {reason.number:,}, {in_words(reason.share)}")
    show_notes([found.drift.sentence, found.drift.by_day])


@verb("gate-override")
def gate_override(
    number: Annotated[int, typer.Argument(help="the decision's number, as the gate answered it")],
    text: Annotated[Path, typer.Option(help="a file with the draft, every character as it was", metavar="FILE")],
    given: Annotated[str, typer.Option(help="pass, review or block: what is right", metavar="DECISION")],
    why: Why,
    task: Annotated[str, typer.Option(help="the project's task that the draft is for", metavar="TASK_ID")] = "",
    by: As = "",
) -> None:
    """Say that a decision of the gate is wrong, and why. Its draft is one of the project from then on.

    Example: python manage.py gate-override 12 --text draft.txt --given pass --why "they asked for it" --as ana
    """
    from workflow.gate import overrides

    engine = store()
    try:
        words = read(text).decode("utf-8")
    except UnicodeDecodeError:
        raise Refused(f"{text} is not UTF-8; save it as UTF-8") from None
    draft = overrides.override(who(engine, by), engine, number, words, given, why, task)
    say(f"decision {number} is overridden: {given}; its draft is {draft}")


@verb("gate-round")
def gate_round(
    name: Annotated[str, typer.Argument(help="the round's name")],
    annotators: Annotated[str, typer.Option(help="two or more names", metavar="A,B")],
    by: As = "",
) -> None:
    """Open a blind round of the drafts that people overrode the gate on, and that no round holds yet.

    Example: python manage.py gate-round after-the-gate --annotators ana,ben
    """
    from workflow.gate import overrides

    engine = store()
    made = overrides.open_round_of_overrides(who(engine, by), engine, name, split(annotators))
    say(f"{made.name} is open: {many(made.drafts, 'draft')} under {made.rubric}")
