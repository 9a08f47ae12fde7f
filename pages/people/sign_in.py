"""Sign-in of the local mode: pick your name, or add it. The only page that is drawn for someone unknown."""

from urllib.parse import urlencode, urlsplit

import streamlit as st

from ui.base import panels
from ui.base.session import signed_in, store
from ui.people import sign_in_form
from workflow.people import people
from workflow.people.team_mode import is_team

query = urlencode([(key, value) for key in st.query_params for value in st.query_params.get_all(key)])
asked_for = urlsplit(st.context.url or "/").path
back_to = f"{asked_for}?{query}" if query else asked_for
if is_team():  # the guard lets nobody else in: somebody signed out in another window
    sign_in_form.signed_out(back_to)
    st.stop()
panels.refusal(signed_in.refused_sign_in())
sign_in_form.sign_in(people.everyone(store.whole()), back_to)
