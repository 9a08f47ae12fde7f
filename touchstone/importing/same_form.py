"""Names that differ in their form alone: "T-7" and "t-7", "007" and "7" and "7.0", one letter as one character or as two.

Whether they are one nobody can see from a file: some tools' ids do differ in capitals. So it is asked, and until somebody says
that they are the same they are not.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence

from touchstone.english import listed

NUMBER = re.compile(r"(?:0(?=\d))*+(\d++)(?:[.,]0++)?")
SHOWN = 4


def form_of(name: str) -> str:
    """A name without its form: Unicode's composition, capitals, spaces, and what spreadsheets do to whole numbers."""
    plain = "".join(unicodedata.normalize("NFKC", name).casefold().split())
    number = NUMBER.fullmatch(plain)
    return number[1] if number else unicodedata.normalize("NFC", plain)


def spellings(names: Iterable[str]) -> list[list[str]]:
    """The names that have one form and several spellings, in the order they come."""
    by_form: dict[str, dict[str, None]] = {}
    for name in names:
        by_form.setdefault(form_of(name), {})[name] = None
    return [list(group) for group in by_form.values() if len(group) > 1]


def as_one(groups: Sequence[Sequence[str]], preferred: Iterable[str] = ()) -> Mapping[str, str]:
    """What each of these names is called when they are the same: by the first that is preferred, else by the first."""
    first = set(preferred)
    return {name: next((each for each in group if each in first), group[0]) for group in groups for name in group}


def in_words(groups: Sequence[Sequence[str]], number: int) -> str:
    """Examples of so many groups: "007 and 7, and Zoë in two Unicode forms"."""
    shown = [_group(group) for group in groups[:SHOWN]]
    return "; ".join(shown) + (f"; and {number - SHOWN:,} more" if number > SHOWN else "")


def _group(group: Sequence[str]) -> str:
    looks = dict.fromkeys(unicodedata.normalize("NFC", name) for name in group)
    return f"{next(iter(looks))} in two Unicode forms" if len(looks) == 1 else listed(list(looks))
