"""The address at which people reach a team's Touchstone, read from the setting that makes it one (team_mode.py)."""

import os
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlencode, urlsplit

from touchstone.errors import Refused
from workflow.people.team_mode import SETTING
from workflow.people.this_machine import is_loopback_host

LIKE = "write it like https://touchstone.example.org or https://example.org/touchstone"
USUAL_PORTS = {"https": ":443", "http": ":80"}
HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:[0-9]{1,5})?")
PREFIX = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*")


class PublicUrl(NamedTuple):
    """https://example.org:8443/touchstone in its parts."""

    scheme: str
    host: str  # as browsers write it into the Host header: small letters, the port unless it is the usual one
    prefix: str  # "/touchstone"; "" without one

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host}"

    @property
    def is_secure(self) -> bool:
        return self.scheme == "https"

    @property
    def host_name(self) -> str:
        return urlsplit(self.origin).hostname or ""

    def link(self, path: str, **query: str) -> str:
        """The whole address of a path of ours ("/sign-in")."""
        return f"{self.origin}{self.prefix}{path}" + (f"?{urlencode(query)}" if query else "")


def public_url() -> PublicUrl | None:
    """Where people reach this Touchstone; None in local mode. Raises Refused for a setting that is no such address."""
    said = os.environ.get(SETTING, "").strip()
    return read_public_url(said) if said else None


@lru_cache(maxsize=8)
def read_public_url(said: str) -> PublicUrl:
    """An address in its parts. Raises Refused for one at which people could not be served safely."""
    try:
        parts = urlsplit(said)
        port = parts.port
    except ValueError:
        raise Refused(f"{SETTING} is “{said}”, which is no web address; {LIKE}") from None
    if parts.scheme not in ("https", "http"):
        raise Refused(f"{SETTING} is “{said}”, which does not begin with https://; {LIKE}")
    host = parts.netloc.lower()
    prefix = parts.path.rstrip("/")
    whole = HOST.fullmatch(host) and PREFIX.fullmatch(prefix) and ".." not in prefix and port != 0
    if not whole or parts.query or parts.fragment:
        raise Refused(f"{SETTING} is “{said}”; it takes a host, a port if need be, and a path, nothing else: {LIKE}")
    if parts.scheme == "http" and not is_loopback_host(host):
        raise Refused(
            f"{SETTING} is “{said}”, and over http:// passwords could be read on the way: use https://. "
            "http:// is for trying it on this machine, as http://localhost:8501"
        )
    return PublicUrl(parts.scheme, host.removesuffix(USUAL_PORTS[parts.scheme]), prefix)
