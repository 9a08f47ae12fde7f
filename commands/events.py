"""Commands on the record: the list of events, and whether its chain holds."""

from typing import Annotated

import typer

from commands import document, refuse, store, verb
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import many
from touchstone.errors import Problem
from workflow.events import listing, verifying


@verb("events")
def events(
    of_verb: Annotated[str, typer.Option("--verb", help="of one verb, as the list has it: close round", metavar="VERB")] = "",
    person: Annotated[str, typer.Option("--person", help="by one person", metavar="NAME")] = "",
    since: Annotated[str, typer.Option("--since", help="from a day on: 2026-03-12", metavar="DAY")] = "",
    as_json: Json = False,
) -> None:
    """List the events, the first first: who did what, and when. Of one project with --project.

    Example: python manage.py events --verb "close round" --since 2026-03-01
    """
    asked = listing.EventFilter(person, of_verb, since)
    found = listing.every_event(None, store(), asked)
    if as_json:
        return document([each.as_json() for each in found])
    number = 0
    for number, each in enumerate(found, start=1):  # noqa: B007
        refused = " (refused)" if each.outcome == "refused" else ""
        where = f"  ({each.from_where})" if each.from_where else ""
        say(f"{each.id}  {each.at:%Y-%m-%d %H:%M:%S}  {each.by or '–'}  {each.verb}{refused}  {each.in_words}".rstrip() + where)
    if not number:
        say("there is no such event")


@verb("verify-events", in_project=False)
def verify_events(
    head: Annotated[str, typer.Option(help="a digest kept elsewhere: it must be that of an event", metavar="DIGEST")] = "",
    as_json: Json = False,
) -> None:
    """Check that every event is as it was written, and none is missing. The last digest, kept elsewhere, tells one day whether
    events were cut off the end: each manifest of an export of gold has it.

    Example: python manage.py verify-events --head 3f9c2ab1
    """
    found = verifying.verify_events(store(), head=head)
    if as_json:
        document(found.as_json())
        if found.wrong:
            raise typer.Exit(1)
        return
    if found.wrong:
        refuse(f"the events do not hold: {many(len(found.wrong), 'fault')}", [Problem(None, each) for each in found.wrong])
    if not found.events:
        return say("there is no event yet")
    say(f"{many(found.events, 'event')}, each as it was written; the last has the digest {found.head}")
