"""`extends: token`: the words that a task's fact gives, looked up in the draft."""

from collections.abc import Iterator, Sequence

from touchstone.rubric.scoring_model import Check, Fact
from touchstone.scorer.checks.compiled_check import CheckPattern, CompiledCheck, ShapeProblem
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.facts.kinds import kind_of_fact


class TokenCheck(CompiledCheck):
    takes_tokens = False
    takes_fact = True
    lists_phrases = True
    is_in_the_set = False

    @classmethod
    def shape_problems(cls, check: Check, fact: Fact | None) -> Iterator[ShapeProblem]:
        yield from super().shape_problems(check, fact)
        if fact is not None and not kind_of_fact(fact).has_words:
            yield ShapeProblem(
                ("fact",),
                f"check {check.name} looks up words, but the fact {fact.key} is of kind {fact.kind}; write extends: fact",
            )

    def hits_of_task(self, draft: PreparedDraft) -> Sequence[Hit]:
        words = draft.fact(self.declared.fact).words
        if not words:
            return []
        hits = [
            hit
            for pattern, key in self.words.occurring(words, self.declared.inflect, draft.target)
            for hit in self.hits(CheckPattern(self.place, pattern, key), draft)
        ]
        if not kind_of_fact(self.fact).is_name:
            return hits
        # A name of one word may be a word too: only its capital tells.
        return [hit for hit in hits if " " in hit.key or draft.text[draft.folded.span(hit.start, hit.end)[0]].isupper()]
