"""`extends: regex`: any of a list of patterns, with holes for numbers and amounts."""

from touchstone.rubric.scoring_model import Check, Fact
from touchstone.scorer.checks.compiled_check import CheckPattern, CompiledCheck, template_patterns
from touchstone.scorer.regex import PatternCache


class RegexCheck(CompiledCheck):
    finds_addresses = True

    @classmethod
    def patterns_of(cls, place: int, check: Check, fact: Fact | None, cache: PatternCache) -> list[CheckPattern]:
        return template_patterns(place, check, fact, cache)
