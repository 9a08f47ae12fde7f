"""The list of events, what it is narrowed to, and the files to take away."""

from functools import partial

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.base import narrowing, panels
from workflow.events import listing
from workflow.events.listing import ALL, AT_ONCE, EventFilter, EventList, ListedEvent
from workflow.people.people import Person

OF = "events"
EMPTY: narrowing.Asked = {"person": "", "verb": "", "since": "", "of": ""}


def asked() -> EventFilter:
    """What the boxes and the address ask for."""
    values, part = narrowing.asked_for(OF, "", EMPTY)
    return EventFilter(values["person"], values["verb"], values["since"], values["of"], part)


def boxes(made: EventList) -> None:
    """Person, verb, from which day."""
    asked_for = {"person": made.asked.person, "verb": made.asked.verb, "since": made.asked.since, "of": made.asked.of}
    narrowing.keep(OF, "", asked_for, made.asked.page)
    places = st.columns(4, vertical_alignment="bottom")
    people = dict.fromkeys((*made.people, *filter(None, [made.asked.person])))
    verbs = dict.fromkeys((*made.verbs, *filter(None, [made.asked.verb])))
    narrowing.one_of(places[0], OF, "person", "Person", {"": "anybody", **{each: each for each in people}})
    narrowing.one_of(places[1], OF, "verb", "What was done", {"": "anything", **{each: each for each in verbs}})
    with places[2]:
        st.text_input("From day", key=narrowing.key(OF, "since"), placeholder="2026-03-12")
    narrowing.one_of(places[3], OF, "of", "Of", {"": "this project", ALL: "the whole store"})


def elsewhere(made: EventList) -> None:
    """How many events of the whole store the project in hand does not show, and the way to them."""
    if made.elsewhere:
        narrowed = {"person": made.asked.person, "verb": made.asked.verb, "since": made.asked.since}
        with st.container(horizontal=True, vertical_alignment="center"):
            panels.text(
                f"{many(made.elsewhere, 'event')} of the whole store not shown: of another project, or of none.", quiet=True
            )
            panels.link("events", "The whole store", of=ALL, **{name: value for name, value in narrowed.items() if value})


def table(made: EventList) -> None:
    """A row an event, the newest first."""
    if not made.events:
        return panels.text("No event is like that.")
    panels.table(
        ("Event", "When (UTC)", "Who", "What", "To what", "By which sign-in"),
        [_row(each) for each in made.events],
        caption="The newest first; no text and no level is in it",
        numbers=(0,),
        whole=(0, 1, 2, 3, 5),
        prose=(4,),
    )
    first = AT_ONCE * (made.asked.page - 1) + 1
    said = f"{first:,} to {first + len(made.events) - 1:,} of {many(made.found, 'event')}"
    narrowing.parts(OF, made.asked.page, made.pages, said)


def _row(event: ListedEvent) -> list[str]:
    verb = event.verb + (" (refused)" if event.outcome == "refused" else "")
    said = (event.in_words or "–", event.from_where or "–")
    return [f"{event.id:,}", f"{event.at:%Y-%m-%d %H:%M}", event.by or "–", verb, *said]


def downloads(person: Person, engine: sa.Engine, made: EventList) -> None:
    """All that the filter leaves as a file, made when its button is pressed."""
    with st.container(horizontal=True):
        for kind, make, mime in (
            ("CSV", listing.events_as_csv, "text/csv"),
            ("JSONL", listing.events_as_lines, "application/jsonl"),
        ):
            st.download_button(
                f"Events as {kind}",
                partial(make, person, engine, made.asked),
                mime=mime,
                file_name=f"events.{kind.lower()}",
                on_click="ignore",
                help="With the digest of each event and of the one before it",
            )
