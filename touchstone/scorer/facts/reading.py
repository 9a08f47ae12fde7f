"""What a rubric's facts say of one task: typed values, read by the rubric's own patterns.

A field that is missing, null or of an odd type gives no value and no error: then whatever needs it does not hold.
"""

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

from touchstone.rubric.scoring_model import Fact
from touchstone.scorer.facts.kinds import NOTHING, FactValue, Mention, kind_of_fact
from touchstone.scorer.folding import fold_phrase
from touchstone.scorer.numbers.written import BARE, MONEY, NUMBER
from touchstone.scorer.patterns import any_phrase, template_pattern
from touchstone.scorer.regex import CompiledPattern, PatternCache, group_text

READING_HOLES = {"number": NUMBER, "amount": rf"(?:{MONEY}|{BARE})"}


def filled(fact: Fact, pattern: str) -> str:
    """A pattern of a fact with its placeholders filled. Raises ValueError in words for one that is not known."""
    holes = {**READING_HOLES, "value": any_phrase(fact.values) or r"\S+", "noun": any_phrase(fact.nouns) or r"[\w+#.]+"}
    return template_pattern(pattern, holes)[0]


class FactReader:
    """Reads one fact; what a text of a field gives is kept, since many drafts answer one task.

    Its patterns must be ones that RE2 can take, as those of a rubric that was loaded are.
    """

    KEPT = 4096

    def __init__(self, fact: Fact, patterns: PatternCache):
        self.fact = fact
        self._kind = kind_of_fact(fact)
        self._cache = patterns
        self._kept: dict[str, FactValue] = {}

    @cached_property
    def _patterns(self) -> list[CompiledPattern]:
        """Compiled when a task is first read: a change of a check reads none."""
        return [self._cache.get(filled(self.fact, pattern), False) for pattern in self.fact.patterns]

    def value(self, given: Mapping[str, Any], extra: Mapping[str, Any]) -> FactValue:
        """The fact's value in a task's input and what else it has."""
        text = self._kind.text_of(_field(self.fact.source, given, extra))
        if text not in self._kept:
            if len(self._kept) >= self.KEPT:
                self._kept.clear()
            self._kept[text] = self._with_default(self._read(text) if text else NOTHING)
        return self._kept[text]

    def _with_default(self, value: FactValue) -> FactValue:
        if value.is_given or self.fact.default is None or not self._kind.takes_default:
            return value
        return FactValue(words=(fold_phrase(self.fact.default),), told=value.told)

    def _read(self, text: str) -> FactValue:
        return self._kind.read(text, self._mentions if self._patterns else None)

    def _mentions(self, folded: str) -> list[Mention]:
        return [mention for pattern in self._patterns for mention in self._mentions_by(pattern, folded)]

    def _mentions_by(self, pattern: CompiledPattern, folded: str) -> Iterator[Mention]:
        """What a pattern finds: in the hole of the fact's kind, else in the first group, else all of it."""
        holes = pattern.groupindex
        of_value: str | int = self._kind.value_hole if self._kind.value_hole in holes else min(pattern.groups, 1)
        for match in pattern.finditer(folded):
            yield Mention(group_text(match, of_value), group_text(match, "noun") if "noun" in holes else None)


def _field(path: str, given: Mapping[str, Any], extra: Mapping[str, Any]) -> Any:
    """What stands at a path: "company_signal" in the input, "expected.phrases" in what else the task has."""
    if path in given:
        return given[path]
    here: Any = extra
    for step in path.split("."):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here
