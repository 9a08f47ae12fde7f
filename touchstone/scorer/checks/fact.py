"""`extends: fact`: a draft says a value of a task's fact, the task's own or another."""

from touchstone.rubric.scoring_model import Check
from touchstone.scorer.checks.compiled_check import CheckPattern, Compiling
from touchstone.scorer.checks.template import TemplateCheck
from touchstone.scorer.draft import ComparedValues, Hit, PreparedDraft
from touchstone.scorer.facts.kinds import kind_of_fact
from touchstone.scorer.regex import CompiledPattern, PatternMatch

SAID, TASK = "{said}", "{task}"


class FactCheck(TemplateCheck):
    takes_fact = True

    def __init__(self, place: int, check: Check, compiling: Compiling):
        super().__init__(place, check, compiling)
        self._kind = kind_of_fact(self.fact)
        self._within = check.compare == "within"
        self._tells = any(hole in (words or "") for words in (check.message, check.differs) for hole in (SAID, TASK))

    def hit(self, pattern: CheckPattern, compiled: CompiledPattern, match: PatternMatch, draft: PreparedDraft) -> Hit | None:
        said = self.said(pattern, compiled, match, draft)
        if said is None:
            return None
        value = draft.fact(self.declared.fact)
        holds = self._kind.agrees(value, said.values, self._within)
        if holds is None:
            return None
        compared = (
            ComparedValues(self._kind.said_in_words(said.values), self._kind.in_words(value, said.values))
            if self._tells
            else None
        )
        return Hit(self.place, said.start, said.end, pattern.key, holds, compared)
