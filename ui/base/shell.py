"""The script behind every page: who is here, which pages there are, and nothing but the sign-in for a person
it does not know.

Nobody signed in means that no page of the product is registered: every address leads to the sign-in page,
which is registered under each of them so that the address stays in the browser and opens after signing in. A page that somebody's
role does not open is not run: a sentence stands in its place.
"""

import time

import streamlit as st

from ui.base.frame import bar, page_frame
from ui.base.navigation import PAGES, name_at
from ui.base.session import measures, messages, open_pages, project_in_hand, round_in_hand, signed_in, store, tab
from ui.people import not_yours

begun = time.perf_counter()
st.set_page_config(page_title="Touchstone", layout="wide", initial_sidebar_state="collapsed")
person = signed_in.current_person()
here = st.navigation(
    [
        st.Page(f"../../pages/{file if person else 'people/sign_in'}.py", title=title, url_path=url, default=not url)
        for file, url, title in PAGES
    ],
    position="hidden",  # ui/base/frame/bar.py has the links: they keep the place
)
st.set_page_config(page_title=f"{here.title if person else 'Sign in'} · Touchstone")
page_frame.style()
messages.clear_on_another_page(here.title)
place, page, is_open = here.title, name_at(here.url_path), True
if person:
    tab.state()["person"] = person.id
    projects = project_in_hand.settle(person)
    open_pages.settle()
    is_open = open_pages.is_open(page)
    in_hand = round_in_hand.settle(person, page if is_open else "home")
    place = f"{here.title} {in_hand.round.id if in_hand.round and in_hand.is_chosen else ''}"
    bar.draw_bar(person, page, projects, in_hand)
    page_frame.told(projects, in_hand)
else:
    bar.nobody()
page_frame.between_pages(place)
with measures.drawing(page if person else "sign-in", begun), tab.drawing(place):
    here.run() if is_open else not_yours.show(store.engine(), page)
