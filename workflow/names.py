"""Names that people type: how they are compared, and which may be shown."""

import unicodedata

from touchstone.english import many
from touchstone.errors import Refused

LONGEST_NAME = 80


def fold(name: str) -> str:
    """A person's, round's or label set's name as it is compared: case, width and runs of spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def shown_name(name: str) -> str:
    """The name as it will be shown: letters composed, runs of spaces as one."""
    return " ".join(unicodedata.normalize("NFC", name).split())


def holds_invisible(name: str) -> bool:
    """Whether a control or format character, or one without a meaning, is in the name."""
    return any(unicodedata.category(character)[0] == "C" for character in name)


def fit_name(name: str, of: str) -> str:
    """The name as it will be shown. Raises Refused for one that is empty, too long, or holds what cannot be seen."""
    shown = shown_name(name)
    if not shown:
        raise Refused(f"a {of} needs a name; it is empty")
    if len(shown) > LONGEST_NAME:
        raise Refused(f"the {of}'s name has {many(len(shown), 'character')}; use at most {LONGEST_NAME}")
    if holds_invisible(shown):
        raise Refused(f"the {of}'s name contains an invisible character; remove it")
    return shown


def rubric_name(version: str) -> str:
    """The rubric's name without its version: "replies-v2" is of replies. A name without a version is its own."""
    rubric, _, number = version.rpartition("-v")
    return rubric if rubric and number.isdecimal() else version
