"""Events: who did what, and when; narrowed, and as a file."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import signed_in, store
from ui.events import event_list
from workflow.events import listing

person, engine = signed_in.require_person(), store.engine()
made = panels.read("Events", listing.events_of, person, engine, event_list.asked())
if not made.found and not made.verbs:
    panels.empty(
        "No event yet",
        "Whatever is changed in the store is put on record here: by whom, when, and to what. Levels and texts are not in it.",
        [("home", "Home")],
    )
    st.stop()
panels.heading(
    "Events",
    f"{many(made.found, 'event')}: who did what, and when. Each holds the digest of the one before, so that a change is noticed; "
    "levels, notes and texts are not in them.",
)
event_list.elsewhere(made)
event_list.boxes(made)
event_list.table(made)
event_list.downloads(person, engine, made)
