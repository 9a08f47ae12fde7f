"""Which providers of sign-ins (OpenID Connect) a team takes: a TOML file that TOUCHSTONE_PROVIDERS names, a table each.

[google]
title = "Google"
issuer = "https://accounts.google.com"
client_id = "…"
client_secret = "…"
"""

import os
import re
import tomllib
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from touchstone.errors import Refused
from workflow.people.this_machine import is_loopback_host

SETTING = "TOUCHSTONE_PROVIDERS"
KEYS = ("title", "issuer", "client_id", "client_secret")


class Settings(NamedTuple):
    """One provider: `name` stands in addresses, `title` on the button."""

    name: str
    title: str
    issuer: str
    client_id: str
    client_secret: str


def providers() -> list[Settings]:
    """Those of the file; none without it. Raises Refused for a file that cannot be used."""
    named = os.environ.get(SETTING, "").strip()
    if not named:
        return []
    try:
        found = tomllib.loads(Path(named).read_text("utf-8"))
    except OSError as wrong:
        raise Refused(f"{SETTING} names {named}, which cannot be read ({wrong.strerror})") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as wrong:
        raise Refused(f"{SETTING} names {named}, which is no TOML: {wrong}") from None
    return [_read(name, table) for name, table in found.items()]


def _read(name: str, table: object) -> Settings:
    if not re.fullmatch(r"[a-z0-9-]{1,30}", name):
        raise Refused(f"{SETTING}: a provider is called by small letters, digits and hyphens, not “{name}”")
    said = table if isinstance(table, dict) else {}
    if missing := [key for key in KEYS if not isinstance(said.get(key), str) or not said[key].strip()]:
        raise Refused(f"{SETTING}: [{name}] lacks {missing[0]}")
    if more := sorted(set(said) - set(KEYS)):
        raise Refused(f"{SETTING}: [{name}] takes no {more[0]}; it takes {', '.join(KEYS)}")
    parts = urlsplit(said["issuer"])
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback_host(parts.netloc)):
        raise Refused(f"{SETTING}: the issuer of [{name}] does not begin with https://")
    return Settings(name, *(said[key].strip() for key in KEYS))
