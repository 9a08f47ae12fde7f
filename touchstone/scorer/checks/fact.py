"""`extends: fact`: a draft says a value of a task's fact, the task's own or another."""

from touchstone.rubric.scoring_model import Check, Fact
from touchstone.scorer.checks.compiled_check import CheckPattern, CompiledCheck, Compiling, template_patterns
from touchstone.scorer.draft import PreparedDraft
from touchstone.scorer.facts.kinds import kind_of_fact
from touchstone.scorer.regex import PatternCache, PatternMatch, group_text


class FactCheck(CompiledCheck):
    takes_fact = True

    def __init__(self, place: int, check: Check, compiling: Compiling):
        super().__init__(place, check, compiling)
        self._kind = kind_of_fact(self.fact)
        self._within = check.compare == "within"

    @classmethod
    def patterns_of(cls, place: int, check: Check, fact: Fact | None, cache: PatternCache) -> list[CheckPattern]:
        return template_patterns(place, check, fact, cache)

    def holds(self, pattern: CheckPattern, match: PatternMatch, draft: PreparedDraft) -> bool | None:
        said = {hole: group_text(match, hole) for hole in pattern.holes}
        return self._kind.agrees(draft.fact(self.declared.fact), said, self._within)
