"""Pass, review or block for each draft of standard input, a JSON line each."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from touchstone.cli.printing import visible
from touchstone.cli.rubric import proved
from touchstone.cli.verbs import read
from touchstone.english import many
from touchstone.errors import MOST_SENTENCES, Refused, in_sentences, with_options

if TYPE_CHECKING:
    from touchstone.data.task import Task
    from touchstone.gate.deciding import Gate

Policy = Annotated[Path, typer.Option("--policy", help="the policy's file", metavar="FILE")]
Tasks = Annotated[list[Path] | None, typer.Option("--tasks", help="a file of tasks; repeat it for several", metavar="FILE")]
OfRubric = Annotated[
    Path | None, typer.Option("--rubric", help="the file of the policy's rubric, where it is not found", metavar="FILE")
]
WRONG_INPUT = 2


def gate(policy: Policy, tasks: Tasks = None, rubric: OfRubric = None) -> None:
    """Pass, review or block: a line for each draft (a JSON line on standard input), as it comes.

    Exit 0 where all pass, 1 where some do not, 2 for wrong input. In shadow and off all pass; each line has the decision, too.

    Example: touchstone gate --policy outreach.yml --tasks tasks.jsonl < drafts.jsonl
    """
    from touchstone.gate.draft_lines import ready_gate, rubric_file, tasks_of_files  # RE2: not needed by the other commands
    from touchstone.gate.policy import parse_policy

    try:
        source = read(policy)
        known = parse_policy(source).policy
        found = None if known is None or known.mode == "off" and rubric is None else proved(rubric or rubric_file(known, policy))
        made = ready_gate(source, policy.name, found)
        given = None if tasks is None else tasks_of_files([(path.name, read(path)) for path in tasks])
    except Refused as refused:
        wrong_input(refused)
    _print_decisions(made, given)


def wrong_input(refused: Refused) -> NoReturn:
    """Say what is wrong on stderr, and exit 2."""
    typer.echo(visible(with_options(refused.sentence, refused.way)), err=True)
    for problem in in_sentences(refused.problems):
        typer.echo(f"  {visible(problem)}", err=True)
    raise typer.Exit(WRONG_INPUT)


def _print_decisions(made: "Gate", tasks: "Mapping[str, Task] | None") -> NoReturn:
    """Print each decision as it is made, and exit by what was found; sentences on wrong lines are bounded."""
    from touchstone.gate.draft_lines import decisions_on

    held, wrong, lines = 0, 0, 0
    try:
        for each in decisions_on(made, tasks, sys.stdin.buffer):
            lines += 1
            held += each.decision.enforced != "pass"
            typer.echo(json.dumps(each.as_json(), ensure_ascii=False))
            if each.problem is not None:
                wrong += 1
                if wrong <= MOST_SENTENCES:
                    typer.echo(visible(with_options(str(each.problem), each.problem.way)), err=True)
    except BrokenPipeError:  # whoever read the decisions has gone: not all were told, so it is no pass
        sys.stderr.close()
        raise typer.Exit(WRONG_INPUT) from None
    if wrong > MOST_SENTENCES:
        typer.echo(f"and {many(wrong - MOST_SENTENCES, 'wrong line')} more", err=True)
    if not lines:
        typer.echo("standard input has no draft; give a JSON line each: touchstone gate --policy FILE < drafts.jsonl", err=True)
    raise typer.Exit(WRONG_INPUT if wrong or not lines else 1 if held else 0)
