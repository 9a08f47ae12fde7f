"""Releases: give one out, verify one, sign one, answer the questions of the datasheet."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from commands import As, Json, document, say, store, verb, who
from commands.releasing import checking
from touchstone.cli import releasing
from touchstone.cli.releasing import Folder, Kept, SignedBy
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.releasing.pages.questions import QUESTIONS, open_questions
from touchstone.releasing.policy import Policy

__all__ = ["checking", "release_answers", "release_gold", "releases", "sign_release", "verify"]


@verb("verify", in_project=False)
def verify(folder: Folder, digest: Kept = "", signer: SignedBy = None, as_json: Json = False) -> None:
    """Does a release hold? Its folder is enough: digests, the gold from its labels, every figure, every page.

    Exit 1 names each file or cell that does not hold.

    Example: python manage.py verify exports/pilot-release-1
    """
    releasing.verify(folder, digest, signer, as_json)


@verb("release-gold")
def release_gold(
    rounds: Annotated[list[str], typer.Argument(metavar="ROUND...", help="closed rounds, on different drafts")],
    to: Annotated[
        Path | None, typer.Option(help="a new folder; exports/NAME-release-NUMBER when left out", metavar="DIR")
    ] = None,
    name: Annotated[str, typer.Option(help="what it is called; the rounds' names when left out")] = "",
    rule: Annotated[str, typer.Option(help="agreed, or majority of three labels or more", metavar="agreed|majority")] = "agreed",
    with_single: Annotated[bool, typer.Option("--with-single", help="include cells labelled once, marked single")] = False,
    partial: Annotated[bool, typer.Option("--partial", help="leave out the cells not yet adjudicated, each named")] = False,
    flagged: Annotated[
        bool, typer.Option("--flagged", help="include dimensions below their threshold, each row marked flagged")
    ] = False,
    names: Annotated[bool, typer.Option("--names", help="name people; codes A, B, C … when left out")] = False,
    as_: As = "",
    as_json: Json = False,
) -> None:
    """Release the gold of closed rounds: a folder complete by itself, that `verify` checks without this store.

    Example: python manage.py release-gold pilot --to exports/pilot-release-1 --partial
    """
    from workflow.releasing import releases  # brings statsmodels: the agreement goes out with it
    from workflow.releasing.asked import Asked

    engine = store()
    asked = Asked(tuple(rounds), name, Policy(rule, with_single, partial, flagged), names)
    hidden = as_json or not sys.stderr.isatty()
    with typer.progressbar(length=1, label="drafts written", file=sys.stderr, hidden=hidden) as shown:

        def heard(done: int, of: int) -> None:
            shown.length = of
            if done % 200 == 0 or done == of:
                shown.update(done - shown.pos)

        made = releases.release_gold(who(engine, as_), engine, asked, to, heard=heard)
    left = open_questions(releases.answers(who(engine, as_), engine))
    if as_json:
        return document(
            {
                "name": made.name,
                "number": made.number,
                "digest": made.digest,
                "folder": str(made.folder),
                "rows": made.rows,
                "left_out": made.left_out,
                "drafts": made.drafts,
                "changes": made.changes,
                "sealed_drafts": made.sealed,
                "choices": made.choices,
                "open_questions": [each.key for each in left],
            }
        )
    say(f"{made.title}: {many(made.rows, 'gold label')} of {many(made.drafts, 'draft')} in {made.folder}")
    if made.left_out:
        say(f"  {many(made.left_out, 'cell')} left out, each with the reason in left_out.csv")
    if made.sealed:
        say(f"  {many(made.sealed, 'sealed draft')} left out: nothing of what is sealed leaves")
    if made.choices:
        say(f"  {many(made.choices, 'choice')} between two drafts of its tasks, of closed comparison rounds, in preferences.csv")
    if made.changes is not None:
        say(f"  {many(made.changes, 'cell')} changed since release {made.number - 1}")
    if left:
        say(f"  {many(len(left), 'question')} of the datasheet open: release-answers")
    say(f"  digest {made.digest}; keep it elsewhere: verify --digest takes it")


@verb("releases")
def releases(as_: As = "", as_json: Json = False) -> None:
    """The releases that were given out, with their digests.

    Example: python manage.py releases
    """
    from workflow.releasing.releases import all_releases

    engine = store()
    found = all_releases(who(engine, as_), engine)
    if as_json:
        return document([{**each._asdict(), "made_at": each.made_at.isoformat()} for each in found])
    if not found:
        say("nothing was released yet: release-gold")
    for each in found:
        then = f", takes the place of release {each.supersedes}" if each.supersedes else ""
        say(f"{each.title}  {each.made_at:%Y-%m-%d}  {many(each.rows, 'gold label')}, by {each.person}{then}")
        say(f"  {each.digest}")


@verb("release-answers")
def release_answers(
    said: Annotated[list[str] | None, typer.Argument(metavar="KEY=ANSWER...", help="answers; none lists the questions")] = None,
    as_: As = "",
    as_json: Json = False,
) -> None:
    """What only people know of a release: the questions of its datasheet, and answers to them. An empty answer takes one back.

    Example: python manage.py release-answers licence=CC-BY-4.0 "purpose=To train judges of replies."
    """
    from workflow.releasing.releases import answer, answers

    engine = store()
    person = who(engine, as_)
    if said:
        if wrong := next((each for each in said if "=" not in each), None):
            raise Refused(f"{wrong} is no answer; write KEY=ANSWER, as licence=CC-BY-4.0")
        answer(person, engine, dict(each.split("=", 1) for each in said))
    found = answers(person, engine)
    if as_json:
        return document({each.key: found.get(each.key) for each in QUESTIONS})
    for each in QUESTIONS:
        say(f"{each.key}: {found.get(each.key) or 'OPEN'}")
        say(f"  {each.text}")


@verb("sign-release", in_project=False)
def sign_release(
    folder: Folder, key: Annotated[Path, typer.Option(help="an SSH key; its .pub where an agent has it", metavar="FILE")]
) -> None:
    """Sign a release with an SSH key, beside its manifest; `verify --signer` then takes the public key.

    Example: python manage.py sign-release exports/pilot-release-1 --key ~/.ssh/id_ed25519
    """
    from workflow.releasing.signing import sign_release as sign

    say(f"signed by {sign(folder, key)}")
