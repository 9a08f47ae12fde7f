"""A rubric's checks over one draft: which check is met where.

    one pass that says which patterns occur -> the places of those that do -> what takes a place back

The first pass is a set of patterns matched together, so its cost grows with the text and not with the number of phrases;
only patterns that occur are then looked for one by one. A finding is kept as a `Hit` in places of the folded text; it is
brought back to the draft as it came when it is drawn or printed.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from touchstone.scorer.checks.compiled_check import CheckPattern, CompiledCheck
from touchstone.scorer.compiled import CompiledRubric
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.regex import PatternSet
from touchstone.scorer.retraction import Surroundings

_TO_TELL = 500  # drafts that show whether a pattern is met in most
MOST_ONE_BY_ONE = 200  # patterns; of more, one pass says which of all occur


def hits_of(compiled: CompiledRubric, draft: PreparedDraft) -> dict[int, Sequence[Hit]]:
    """Every hit that stands, by its check's place, in the order of the checks and of the text."""
    occurring: dict[int, list[Hit]] = {}
    for pattern, hits in hits_by_pattern(compiled, draft):
        occurring.setdefault(pattern.check, []).extend(hits)
    standing = standing_hits(compiled, draft, occurring)
    return {place: standing[place] for place in sorted(standing)}


def hits_of_checks(compiled: CompiledRubric, draft: PreparedDraft, places: Collection[int]) -> dict[int, Sequence[Hit]]:
    """The hits of some checks that stand, by place, without looking for checks that do not bear on them."""
    bearing = compiled.patterns_bearing_on(places)
    standing = hits_of(compiled, draft) if len(bearing) > MOST_ONE_BY_ONE else _standing_of(compiled, draft, bearing)
    return {place: standing[place] for place in sorted(standing) if place in places}


class SomeChecks:
    """As `hits_of_checks`, for many drafts: one pass says which of the patterns occur."""

    def __init__(self, compiled: CompiledRubric, places: Collection[int]):
        self._compiled, self._places = compiled, places
        bearing = compiled.patterns_bearing_on(places)
        self._patterns = [pattern for pattern in bearing if pattern.pattern]
        self._of_task = [pattern for pattern in bearing if not pattern.pattern]

    @cached_property
    def _occurring(self) -> PatternSet:
        return self._compiled.cache.set_of([pattern.pattern for pattern in self._patterns])

    def hits(self, draft: PreparedDraft) -> dict[int, Sequence[Hit]]:
        """Their hits that stand, by place."""
        met = [self._patterns[number] for number in self._occurring.found(draft.target)]
        standing = _standing_of(self._compiled, draft, [*met, *self._of_task])
        return {place: hits for place, hits in standing.items() if place in self._places}


def _standing_of(compiled: CompiledRubric, draft: PreparedDraft, patterns: Iterable[CheckPattern]) -> dict[int, Sequence[Hit]]:
    """What stands where only these patterns are looked for."""
    occurring: dict[int, list[Hit]] = {}
    for pattern in patterns:
        if hits := _hits_of_pattern(compiled, pattern, draft):
            occurring.setdefault(pattern.check, []).extend(hits)
    return standing_hits(compiled, draft, occurring)


def hits_by_pattern(compiled: CompiledRubric, draft: PreparedDraft) -> Iterator[tuple[CheckPattern, Sequence[Hit]]]:
    """The patterns that occur in a draft, each with where, before anything takes a hit back. A check whose patterns depend on the
    task is one pattern, an empty one."""
    for place in compiled.occurring.found(draft.target):
        pattern = compiled.patterns[place]
        if hits := compiled.checks[pattern.check].hits(pattern, draft):
            yield pattern, hits
    for place in compiled.of_task:
        if hits := compiled.checks[place].hits_of_task(draft):
            yield CheckPattern(place, "", ""), hits


def hits_of_pattern(compiled: CompiledRubric, pattern: CheckPattern, drafts: Iterable[PreparedDraft]) -> Iterator[Sequence[Hit]]:
    """For each draft, where one pattern of `hits_by_pattern` occurs: what a change of that pattern alone can change."""
    check = compiled.checks[pattern.check]
    if not pattern.pattern:
        return (check.hits_of_task(draft) for draft in drafts)
    return _hits_where_it_occurs(check, pattern, compiled.cache.set_of([pattern.pattern]), drafts)


def _hits_where_it_occurs(
    check: CompiledCheck, pattern: CheckPattern, occurring: PatternSet, drafts: Iterable[PreparedDraft]
) -> Iterator[Sequence[Hit]]:
    """A set says in half the time that a pattern does not occur; of one that mostly does it is not asked."""
    asked = met = 0
    for draft in drafts:
        if asked >= _TO_TELL and 2 * met > asked:
            yield check.hits(pattern, draft)
            continue
        asked += 1
        if occurring.found(draft.target):
            met += 1
            yield check.hits(pattern, draft)
        else:
            yield ()


def _hits_of_pattern(compiled: CompiledRubric, pattern: CheckPattern, draft: PreparedDraft) -> Sequence[Hit]:
    check = compiled.checks[pattern.check]
    return check.hits(pattern, draft) if pattern.pattern else check.hits_of_task(draft)


def standing_hits(
    compiled: CompiledRubric,
    draft: PreparedDraft,
    occurring: Mapping[int, Sequence[Hit]],
    beside: Mapping[int, Sequence[Hit]] | None = None,
) -> dict[int, Sequence[Hit]]:
    """What stands of the places where checks occur: the task has what the check needs, and nothing takes it back.

    `beside` are hits of other checks that stand already, which those of `occurring` may ask for; they come back as they are.
    """
    looked_at = {
        place: hits for place, hits in occurring.items() if place not in compiled.asking or compiled.checks[place].looks_at(draft)
    }
    standing = {**beside, **looked_at} if beside else dict(looked_at)
    if looked_at:
        _take_back(compiled, draft, standing, looked_at)
    return {place: _once(hits) if len(hits) > 1 and place in occurring else hits for place, hits in standing.items()}


def _take_back(
    compiled: CompiledRubric, draft: PreparedDraft, standing: dict[int, Sequence[Hit]], looked_at: Mapping[int, Sequence[Hit]]
) -> None:
    """Take out of `standing` what does not stand, check by check: those that ask for others see what is left of them."""
    around = Surroundings(draft, standing)
    in_order = sorted(looked_at, key=lambda each: (compiled.checks[each].asks_beside, each)) if len(looked_at) > 1 else looked_at
    for place in in_order:
        hits = looked_at[place]
        for retraction in compiled.retractions[place]:
            if not hits:
                break
            hits = retraction.standing(hits, around)
        if hits:
            standing[place] = hits
        else:
            del standing[place]


def look_ahead(compiled: CompiledRubric, draft: PreparedDraft) -> None:
    """Look for what may take hits back before it is asked for: names and exceptions."""
    for retractions in compiled.retractions:
        for retraction in retractions:
            retraction.look_ahead(draft)


def _once(hits: Iterable[Hit]) -> list[Hit]:
    """In the order of the text; of hits of one check and key that overlap, the one that differs or the longest."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.holds)):
        if kept and hit.start < kept[-1].end and hit.key == kept[-1].key:
            if not hit.holds and kept[-1].holds and not any(hit.start < other.end and not other.holds for other in kept[:-1]):
                kept[-1] = hit
            continue
        kept.append(hit)
    return kept
