"""Space: what tasks vary by, how much of it tasks, drafts and labels cover, where people differ and the scorer fails."""

import streamlit as st

from ui.base import choice_boxes, panels
from ui.base.session import project_in_hand, signed_in, store
from ui.bench import space as laying_out
from workflow.bench import space_view, spaces

person, engine = signed_in.require_person(), store.engine()
names = space_view.space_names(person, engine)
if not names:
    panels.heading("Space", "No task was made of a parameter space yet. Choose a space's file to make some.")
    panels.outcome()
    laying_out.make_form(person, project_in_hand.for_import())
    panels.text(laying_out.methods_in_words(spaces.counted_methods(person, engine)), quiet=True)
    st.stop()

top = st.container()  # where things stand comes first, above the boxes that ask for something else
name = choice_boxes.pick("Space", names, "space", " in this project")
chosen = laying_out.strength(st.query_params.get("strength", "2"))
seen = space_view.see_space(person, engine, name, chosen)  # not as an attempt: that forgets what the button said
with top:
    panels.heading(f"Space {name}", seen.sentence)
    panels.outcome()
st.query_params.update(space=name, strength=str(chosen))
laying_out.coverage_table(seen)
laying_out.missing(seen)
laying_out.corners(seen)
laying_out.make_form(person, project_in_hand.for_import())
panels.text(laying_out.methods_in_words(spaces.counted_methods(person, engine)), quiet=True)
