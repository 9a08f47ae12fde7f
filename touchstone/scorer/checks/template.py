"""What checks of patterns with placeholders have in common: the patterns filled, and what a match says in them."""

from typing import NamedTuple

from touchstone.rubric.scoring_model import Check, Fact
from touchstone.scorer.checks.compiled_check import CheckPattern, CompiledCheck, holes_of
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.numbers.kinds import KIND_HOLES, OTHER
from touchstone.scorer.numbers.written import in_digits
from touchstone.scorer.patterns import template_pattern
from touchstone.scorer.regex import CompiledPattern, PatternCache, PatternMatch, group_text


class Said(NamedTuple):
    """What a match says by placeholder, and where: of a change its later value, with the words up to it."""

    start: int
    end: int
    values: dict[str, str]


class TemplateCheck(CompiledCheck):
    """A check of patterns with placeholders; with `reads` it looks only at numbers of those kinds."""

    takes_numbers = True
    is_more_than_its_match = True

    @classmethod
    def patterns_of(cls, place: int, check: Check, fact: Fact | None, cache: PatternCache) -> list[CheckPattern]:
        holes = holes_of(fact, check.compare)
        filled = [template_pattern(token, holes) for token in check.tokens]
        for pattern, _ in filled:
            cache.get(pattern)
        return [CheckPattern(place, pattern, check.counts_as or check.name, names) for pattern, names in filled]

    def hit(self, pattern: CheckPattern, compiled: CompiledPattern, match: PatternMatch, draft: PreparedDraft) -> Hit | None:
        said = self.said(pattern, compiled, match, draft)
        return Hit(self.place, said.start, said.end, pattern.key) if said else None

    def said(self, pattern: CheckPattern, compiled: CompiledPattern, match: PatternMatch, draft: PreparedDraft) -> Said | None:
        """What a match says; None where one of its numbers is of a kind that the check does not read."""
        start, end = match.span()
        values = {hole: group_text(match, hole) for hole in pattern.holes}
        if not self.declared.reads:
            return Said(start, end, values)
        for hole in pattern.holes:
            if hole not in KIND_HOLES or not values[hole]:
                continue
            number = draft.numbers.at(*match.span(compiled.groupindex[hole]))
            if draft.numbers.are_too_many or (number.kind if number else OTHER) not in self.declared.reads:
                return None
            if number is None:
                continue
            begins, stops = number.later or (number.start, number.end)
            whole = draft.segments.live[begins:stops]
            if number.later or len(whole) > len(values[hole]):
                # The value that is current, and all of it: of "two thousand" not "two".
                values[hole] = in_digits(whole) if hole == "number" else whole
                start, end = min(start, begins), max(end, stops)
        return Said(start, end, values)
