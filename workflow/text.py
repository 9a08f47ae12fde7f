"""Words people type, made fit to be stored."""

from touchstone.english import many
from touchstone.errors import Refused

LONGEST = 4_000  # characters


def fit(text: str, noun: str) -> str:
    """The text without what no database holds (a NUL, half a character), its ends trimmed.

    Raises Refused for one that is too long, so that nothing is cut off unseen.
    """
    text = text.replace("\0", "").encode("utf-8", "replace").decode().strip()
    if len(text) > LONGEST:
        raise Refused(f"the {noun} has {many(len(text), 'character')}; at most {LONGEST:,} are allowed: shorten it")
    return text
