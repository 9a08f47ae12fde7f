"""The script behind every page: who is here, which pages there are, and nothing but the sign-in for a person
it does not know.

Nobody signed in means that no page of the product is registered: every address leads to the sign-in page,
which is registered under each of them so that the address stays in the browser and opens after signing in.
"""

import streamlit as st

from ui.base import page_frame
from ui.base.navigation import GROUPS
from ui.base.session import messages, project_in_hand, signed_in, tab

st.set_page_config(page_title="Touchstone", layout="wide", initial_sidebar_state="collapsed")
person = signed_in.current_person()
here = st.navigation(
    {
        group: [
            st.Page(f"../../pages/{file if person else 'people/sign_in'}.py", title=title, url_path=url, default=not url)
            for file, url, title in pages
        ]
        for group, pages in GROUPS.items()
    },
    position="top" if person else "hidden",
)
st.set_page_config(page_title=f"{here.title if person else 'Sign in'} · Touchstone")
page_frame.style()
page_frame.between_pages(here.title)
messages.clear_on_another_page(here.title)
projects = project_in_hand.settle(person) if person else []
page_frame.header(person, projects)
page_frame.archived(projects)
with tab.drawing(here.title):
    here.run()
