"""Drafts of two rounds by what they were given in both, counted: all that a comparison needs of them, however many they are."""

from collections import Counter
from collections.abc import Mapping

from touchstone.data.counts import pattern_text
from touchstone.data.label import Pattern

Both = tuple[Pattern | None, Pattern | None]  # what a draft was given before and after; None where it has no label there
InBoth = Mapping[Both, int]
Sides = tuple[dict[str, Pattern], dict[str, Pattern], dict[str, int]]


def sides_of(in_both: InBoth, before: Mapping[Pattern, int], after: Mapping[Pattern, int]) -> Sides:
    """The patterns of both rounds, an entry for drafts that are alike in both, and how many drafts each entry stands for: what
    `two_rounds.Labelled` takes. `in_both`: the drafts of both rounds; `before`, `after`: how many drafts of a round have each
    pattern, those of both among them.

    Raises ValueError where more drafts of both have a pattern than drafts of the round.

    >>> sides_of({((0, 0), (1, 0)): 2}, {(0, 0): 5}, {(1, 0): 2, (1, 1): 3})
    ({'0 0|1 0': (0, 0), '0 0|': (0, 0)}, {'0 0|1 0': (1, 0), '|1 1': (1, 1)}, {'0 0|1 0': 2, '0 0|': 3, '|1 1': 3})
    """
    counted = Counter(in_both)
    for side, of_round in enumerate((before, after)):
        left = Counter(of_round)
        for given, drafts in in_both.items():
            if (pattern := given[side]) is not None:
                left[pattern] -= drafts
        for pattern, drafts in left.items():
            if drafts < 0:
                raise ValueError(f"{-drafts} drafts more have the pattern {pattern_text(pattern)} in both rounds than in one")
            counted[(pattern, None) if side == 0 else (None, pattern)] += drafts
    entries = {"|".join("" if each is None else pattern_text(each) for each in given): given for given in +counted}
    return (
        {entry: given[0] for entry, given in entries.items() if given[0] is not None},
        {entry: given[1] for entry, given in entries.items() if given[1] is not None},
        {entry: counted[given] for entry, given in entries.items()},
    )
