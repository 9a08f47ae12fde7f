"""Where the server may listen: asked by app.py before all that takes time (listening_begins.py).

Streamlit has bound its address by then. Until the program is read it answers nobody there; what is refused ends at once, and not
after seconds in which the address seems to be served.
"""

import sys

import streamlit as st

from touchstone.errors import Refused
from web.watching import logs
from workflow.people.public_url import PublicUrl, public_url
from workflow.people.team_mode import SETTING
from workflow.people.this_machine import is_loopback_address


def refusal_of_address(address: str | None, public: PublicUrl | None) -> str | None:
    """The sentence with which the server refuses to listen on this address; None when it may."""
    if is_loopback_address(address) or (public is not None and public.is_secure):
        return None
    where = "every network interface" if not address or address in ("0.0.0.0", "::") else address
    so = (
        f"over http:// passwords could be read on the way, so Touchstone does not listen on {where} while {SETTING} is "
        f"{public.origin}: "
        if public
        else f"Touchstone in local mode has no passwords, so it does not listen on {where}: "
    )
    return so + (
        "set server.address to 127.0.0.1 (in .streamlit/config.toml or with --server.address 127.0.0.1)"
        + (f", or give {SETTING} an address that begins with https://." if public else f", or serve a team: set {SETTING}.")
    )


def end(sentence: str) -> None:
    logs.last_words(sentence)
    sys.exit(1)


def refuse() -> None:
    """Ends the process, with a sentence, where strangers could reach a program without passwords."""
    try:
        public = public_url()
    except Refused as wrong:
        return end(wrong.sentence)
    if refused := refusal_of_address(st.get_option("server.address"), public):
        end(refused)
