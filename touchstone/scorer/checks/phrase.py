"""`extends: phrase`: any of a list of phrases, in their spellings and, where the check inflects, their other forms."""

from collections.abc import Iterator

from touchstone.files.yaml_tree import short
from touchstone.rubric.scoring_model import Check, Fact
from touchstone.scorer.checks.compiled_check import CheckPattern, CompiledCheck, ShapeProblem
from touchstone.scorer.patterns import edged_phrase, key_of
from touchstone.scorer.regex import PatternCache


class PhraseCheck(CompiledCheck):
    lists_phrases = True

    @classmethod
    def patterns_of(cls, place: int, check: Check, fact: Fact | None, cache: PatternCache) -> list[CheckPattern]:
        return [CheckPattern(place, edged_phrase(phrase, check.inflect), key_of(phrase)) for phrase in check.tokens]

    @classmethod
    def shape_problems(cls, check: Check, fact: Fact | None) -> Iterator[ShapeProblem]:
        yield from super().shape_problems(check, fact)
        for number, phrase in enumerate(check.tokens):
            if not any(letter.isalnum() for letter in phrase):
                yield ShapeProblem(
                    ("tokens", number), f"check {check.name} lists {short(phrase)!r}, which contains no word; remove it"
                )
