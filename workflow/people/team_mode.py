"""Whether this server is a team's: decided by one setting, the address under which people reach it."""

import os

SETTING = "TOUCHSTONE_PUBLIC_URL"


def is_team() -> bool:
    """Whether TOUCHSTONE_PUBLIC_URL is set: then roles decide what somebody may do. Without it, it is local mode: everybody
    may do everything."""
    return bool(os.environ.get(SETTING, "").strip())
