"""Guide: how Touchstone is used, and what its terms mean; each page's Help leads to its part."""

import streamlit as st

from ui.base import panels
from ui.base.session import address, signed_in
from ui.people import guide

signed_in.require_person()
panels.heading("Guide", "How Touchstone is used, part by part, with the commands that do the same; the terms come last.")
with st.container(key="guide"):
    guide.contents()
    guide.everything()
guide.lead_to(address.says("part"))
