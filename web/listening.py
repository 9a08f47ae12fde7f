"""Where the server may listen: asked by app.py before all that takes time (listening_begins.py).

Streamlit has bound its address by then. Until the program is read it answers nobody there; what is refused ends at once, and not
after seconds in which the address seems to be served.
"""

import gc
import socket
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


def answer_at_once() -> int:
    """Have no answer wait for the one before it to be acknowledged, which takes 40 ms: an answer goes out as two parts, and
    the second was held back (Nagle's algorithm). asyncio turns that off for sockets that say they are TCP, which the one that
    Streamlit listens with does not; connections inherit it from there. How many sockets listen."""
    listening = [each for each in gc.get_objects() if type(each) is socket.socket and _listens(each)]
    for each in listening:
        each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return len(listening)


def _listens(each: socket.socket) -> bool:
    if each.fileno() < 0 or each.type != socket.SOCK_STREAM or each.family not in (socket.AF_INET, socket.AF_INET6):
        return False
    return bool(each.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN))


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
