"""PlaceNames that stand at one place of a templated field: the one that comes after “Company:” in every task.

Two tasks that name the same are alike however their numbers differ. Which places hold a name is read off the texts: a place is
told by the two tokens before it, which most tasks have; the run of words with a capital that follows is its name.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import NamedTuple

from touchstone.bench.leaks.rarity import names_tasks

_TOKEN = re.compile(r"\w+(?:[-'’&.]\w+)*|[^\w\s]")
_NUMBER = re.compile(r"\d+")
MOST_WORDS = 6  # of a name
MOST_TOKENS = 400  # of a field that are looked at
MOST_TEXTS = 2_000  # that are looked at to find the places
COMMON = 0.5  # the share of tasks that have the tokens before a place
FILLED = 0.8  # the share of those that have a name there
Place = tuple[str, str]


class PlaceNames(NamedTuple):
    """The name of each text at one place, without case; "" where it has none."""

    ours: list[str]
    theirs: list[str]


def names_in(ours: Sequence[str], theirs: Sequence[str]) -> dict[str, PlaceNames]:
    """The names in a field of train tasks (`ours`) and held tasks, by the tokens before them. What also occurs without a capital,
    as a word that a sentence begins with, is no name."""
    texts = [text for text in (*ours, *theirs) if text]
    texts = texts[:: max(1, len(texts) // MOST_TEXTS)]
    seen = Counter(place for text in texts for place in dict.fromkeys(_places(_tokens(text))))
    common = {place for place, n in seen.items() if n >= max(2, COMMON * len(texts))}
    if not common:
        return {}
    words = {token for text in texts for token in _tokens(text) if token[0].islower()}
    found = {place: PlaceNames([], []) for place in common}
    reached: Counter[Place] = Counter()
    for at, side in enumerate((ours, theirs)):
        for text in side:
            here = _names(_tokens(text), common, words)
            reached.update(here.keys())
            for place, names in found.items():
                names[at].append(here.get(place, ""))
    return {_written(place): names for place, names in found.items() if _is_of_names(names, reached[place])}


def _written(place: Place) -> str:
    """ "account:", "dear mr"."""
    return f"{place[0]} {place[1]}" if place[1][0].isalnum() else "".join(place)


def _is_of_names(names: PlaceNames, reached: int) -> bool:
    counts = Counter(name for side in names for name in side if name)
    return counts.total() >= FILLED * reached and len(counts) > 1 and names_tasks(counts)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(text[: 20 * MOST_TOKENS])[:MOST_TOKENS]


def _places(tokens: Sequence[str]) -> Iterator[Place]:
    """The two tokens before each token from the third on, numbers as #."""
    folded = [_NUMBER.sub("#", each.casefold()) for each in tokens]
    return zip(folded, folded[1:-1], strict=False)


def _names(tokens: Sequence[str], common: set[Place], words: set[str]) -> dict[Place, str]:
    """The name at the first place of each common kind."""
    found: dict[Place, str] = {}
    for at, place in enumerate(_places(tokens), start=2):
        if place in common and place not in found:
            found[place] = _name(tokens[at : at + MOST_WORDS], words)
    return found


def _name(tokens: Sequence[str], words: set[str]) -> str:
    name = [token.casefold() for token in takewhile(lambda each: each[0].isupper(), tokens)]
    return "" if not name or name[0] in words else " ".join(name)
