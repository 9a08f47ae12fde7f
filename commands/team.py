"""Commands on a team: who signs in, who may do what, and who labels what in an open round."""

from typing import Annotated

import typer

from commands import As, document, store, verb, who
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import many
from workflow.people import roles
from workflow.people.accounts import invitations
from workflow.people.accounts.invitations import Link
from workflow.people.people import command_line
from workflow.rounds.team import reassigning
from workflow.rounds.team.reassigning import Change

Name = Annotated[str, typer.Argument(metavar="NAME")]


@verb("people", in_project=False)
def list_people(as_json: Json = False) -> None:
    """List the people: who is admin, who has which role in which project, who was deactivated.

    Example: python manage.py people
    """
    found = roles.people_here(None, store())
    if as_json:
        return document([each.as_json() for each in found])
    for each in found:
        say(f"{each.name}{' (sample)' if each.is_sample else ''}: {each.in_words}{'' if each.is_active else '; deactivated'}")
    if not found:
        say("there is nobody yet; add somebody with: python manage.py add-person NAME")


@verb("set-role")
def set_role(
    name: Name,
    role: Annotated[str, typer.Option(help="in the project: annotator or lead, none to take it; admin: of the server")],
    as_: As = "",
) -> None:
    """Give somebody a role in a project, in place of the one they had. Seats in rounds stay.

    Example: python manage.py set-role ana --role lead --project support
    """
    engine = store()
    person = who(engine, as_)
    made = roles.make_admin(person, engine, name) if role == "admin" else roles.set_role(person, engine, name, role)
    say(made)


@verb("take-admin", in_project=False)
def take_admin(name: Name, as_: As = "") -> None:
    """Somebody is no admin any more; the last one stays.

    Example: python manage.py take-admin ana
    """
    engine = store()
    say(roles.take_admin(who(engine, as_), engine, name))


@verb("deactivate", in_project=False)
def deactivate(name: Name, back: Annotated[bool, typer.Option("--back", help="let them in again")] = False, as_: As = "") -> None:
    """Let somebody in no more: they are signed out everywhere. What they labelled and decided stays.

    Example: python manage.py deactivate ana
    """
    engine = store()
    say((roles.reactivate if back else roles.deactivate)(who(engine, as_), engine, name))


@verb("reassign")
def reassign(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    from_: Annotated[str, typer.Option("--from", help="whose drafts", metavar="NAME")],
    to: Annotated[str, typer.Option("--to", help="who gets them", metavar="NAME")],
    drafts: Annotated[int | None, typer.Option(help="how many, the last in their order; all that can go when left out")] = None,
    as_: As = "",
) -> None:
    """Give drafts of an open round that wait for one annotator to another. What somebody has begun stays theirs.

    Example: python manage.py reassign pilot --from ana --to cleo --drafts 10
    """
    engine = store()
    _tell(reassigning.reassign(who(engine, as_), engine, round_name, from_, to, drafts=drafts))


@verb("add-annotator")
def add_annotator(round_name: Annotated[str, typer.Argument(metavar="ROUND")], name: Name, as_: As = "") -> None:
    """Add an annotator to an open round, with an even share of what the others have not begun.

    Example: python manage.py add-annotator pilot cleo
    """
    engine = store()
    _tell(reassigning.add_annotator(who(engine, as_), engine, round_name, name))


@verb("add-drafts")
def add_drafts(
    round_name: Annotated[str, typer.Argument(metavar="ROUND")],
    drafts: Annotated[int, typer.Option(help="how many, drawn as the round was")],
    as_: As = "",
) -> None:
    """Draw further drafts into an open round, shared out as the round was designed.

    Example: python manage.py add-drafts pilot --drafts 20
    """
    engine = store()
    _tell(reassigning.add_drafts(who(engine, as_), engine, round_name, drafts))


def _tell(made: Change) -> None:
    say(f"{made.round}: {made.in_words}" + (f"; {many(made.stay, 'draft')} could not go" if made.stay else ""))


@verb("create-admin", in_project=False)
def create_admin(name: str) -> None:
    """Make somebody an admin of a team's Touchstone, and print the link with which they set their password: so the first gets in.

    Example: TOUCHSTONE_PUBLIC_URL=https://touchstone.example.org python manage.py create-admin ana
    """
    engine = store()
    _hand_over(invitations.create_admin(command_line(engine), engine, name))


@verb("invite", in_project=False)
def invite(
    name: str,
    role: Annotated[str, typer.Option(help="annotator, lead or admin")] = "annotator",
    to_project: Annotated[str, typer.Option("--project", help="the project; an admin has none", metavar="NAME")] = "",
    as_: As = "",
) -> None:
    """Invite somebody, and print the link with which they set their password.

    Example: TOUCHSTONE_PUBLIC_URL=https://touchstone.example.org python manage.py invite ben --role lead --project support
    """
    engine = store()
    _hand_over(invitations.invite(who(engine, as_), engine, name, role, to_project))


@verb("reset-link", in_project=False)
def reset_link(name: str, as_: As = "") -> None:
    """Print a link with which somebody sets a new password. The old one holds until they have.

    Example: TOUCHSTONE_PUBLIC_URL=https://touchstone.example.org python manage.py reset-link ben
    """
    engine = store()
    _hand_over(invitations.reset_link(who(engine, as_), engine, name))


def _hand_over(link: Link) -> None:
    say(link.address)
    say(f"  for {link.name}, once, until {link.ends_at:%d %b %Y %H:%M} UTC")
    say("  It is shown only here. Whoever opens it first sets the password: hand it over by a way that others do not read.")
