"""What takes a hit back: exceptions, negations in its clause, and what must or must not stand beside it.

A class for each, with that of proper names in proper_names.py; a check has those that its file asks for, in this order.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from touchstone.rubric.scoring_model import Near, Unless
from touchstone.scorer.checks.compiled_check import CompiledCheck
from touchstone.scorer.draft import Hit, PreparedDraft, Span, outside
from touchstone.scorer.regex import PatternCache
from touchstone.scorer.sentences import AnyOf, Clauses


class Surroundings(NamedTuple):
    """A draft with the hits of all checks as far as they stand."""

    draft: PreparedDraft
    hits: Mapping[int, Sequence[Hit]]


class Retraction(Protocol):
    """One reason for which hits of a check do not stand."""

    def standing(self, hits: Sequence[Hit], around: Surroundings) -> Sequence[Hit]:
        """The hits that it does not take back."""

    def look_ahead(self, draft: PreparedDraft) -> None:
        """Look for what may take hits back before it is asked for, where the draft keeps it; else nothing."""
        return


class Exceptions(Retraction):
    """Words that are let through: a hit inside them is none."""

    def __init__(self, patterns: Sequence[str], cache: PatternCache):
        self._patterns = patterns
        self._together = "\0".join(patterns)  # of one pattern that pattern; no pattern has a NUL
        self._cache = cache

    def standing(self, hits: Sequence[Hit], around: Surroundings) -> Sequence[Hit]:
        return outside(hits, self._spans(around.draft))

    def look_ahead(self, draft: PreparedDraft) -> None:
        self._spans(draft)

    def _spans(self, draft: PreparedDraft) -> Sequence[Span]:
        """Where they stand, looked for once."""
        if self._together not in draft.seen:
            draft.seen[self._together] = tuple(span for pattern in self._patterns for span in draft.spans(pattern, self._cache))
        return draft.seen[self._together]


class Negation(Retraction):
    """What a check's `unless` lists, in the sentence of a hit, in the hit itself, or before or after it in its clause."""

    def __init__(self, unless: Unless, clauses: Sequence[str], cache: PatternCache):
        self._clauses = Clauses(clauses, cache)
        self._in_sentence, self._inside = AnyOf(unless.sentence, cache), AnyOf(unless.inside, cache)
        self._before, self._after = AnyOf(unless.before, cache), AnyOf(unless.after, cache)

    def standing(self, hits: Sequence[Hit], around: Surroundings) -> Sequence[Hit]:
        return [hit for hit in hits if not self._takes_back(hit, around.draft)]

    def _takes_back(self, hit: Hit, draft: PreparedDraft) -> bool:
        live = draft.segments.live
        if self._inside.occurs_in(live[hit.start : hit.end]):
            return True
        if self._in_sentence and self._in_sentence.occurs_in(live[slice(*draft.sentences.around(hit.start, hit.end))]):
            return True
        if not (self._before or self._after):
            return False
        before, after = self._clauses.sides(live, draft.sentences, hit.start, hit.end)
        return self._before.occurs_in(before) or self._after.occurs_in(after)


_REACH = {"same": (0,), "previous": (0, 1), "next": (0, -1), "around": (0, 1, -1)}


class Beside(Retraction):
    """Findings of other checks: a hit stands where one is within reach (`near`), or where none is (`apart`)."""

    def __init__(self, near: Near, others: Sequence[int], *, wanted: bool):
        self._steps = _REACH[near.reach]
        self._others = others
        self._wanted = wanted

    def standing(self, hits: Sequence[Hit], around: Surroundings) -> Sequence[Hit]:
        reached = self._reached(around)
        number = around.draft.sentences.number
        return [hit for hit in hits if (number(hit.start) in reached) is self._wanted]

    def _reached(self, around: Surroundings) -> set[int]:
        """The sentences from which one of the others is within reach: of "previous", its own and the next one."""
        number = around.draft.sentences.number
        held = {number(hit.start) for place in self._others for hit in around.hits.get(place, ()) if hit.holds}
        return {number + step for number in held for step in self._steps}


def retractions_of(
    check: CompiledCheck, names: Retraction, named: Mapping[str, Sequence[int]], clauses: Sequence[str]
) -> tuple[Retraction, ...]:
    """What may take hits of a check back, in order. `named` has the places of the checks that a name or a group stands for."""
    declared = check.declared
    retractions: list[Retraction] = []
    if check.exceptions:
        retractions.append(Exceptions(check.exceptions, check.cache))
    if not check.passes_names:
        retractions.append(names)
    if declared.unless != Unless():
        retractions.append(Negation(declared.unless, clauses, check.cache))
    for near, wanted in ((declared.near, True), (declared.apart, False)):
        if near:
            others = [place for name in near.of for place in named.get(name, ())]
            retractions.append(Beside(near, others, wanted=wanted))
    return tuple(retractions)
