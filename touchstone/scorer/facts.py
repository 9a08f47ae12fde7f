"""What a rubric's facts say of one task: typed values, read by the rubric's own patterns.

A field that is missing, null or of an odd type gives no value and no error: then whatever needs it does not hold.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from touchstone.data.task_input import as_text
from touchstone.rubric.scoring_model import Fact
from touchstone.scorer.folding import fold, fold_phrase
from touchstone.scorer.patterns import (
    BARE,
    MONEY,
    NUMBER,
    amount_of,
    currency_of,
    key_of,
    number_of,
    phrase_pattern,
    template_pattern,
)
from touchstone.scorer.regex import compiled

WHERE = {"number": ("number",), "counts": ("number",), "amount": ("amount",), "word": ("value",), "name": ("value",)}
READING = {"number": NUMBER, "amount": rf"(?:{MONEY}|{BARE})"}
MOST_LETTERS = 1_000  # a longer name or phrase is looked up in no draft: its pattern would take more room than it is worth


@dataclass(frozen=True)
class Value:
    """One fact of one task. `words` for name, word and phrases (folded); `numbers` for number and amount; `currencies` of an
    amount; `counts` by noun. `told`: whether the task has the field at all, so that a draft can contradict it."""

    words: tuple[str, ...] = ()
    numbers: frozenset[Decimal] = frozenset()
    counts: Mapping[str, Decimal] | None = None
    told: bool = False
    currencies: frozenset[str] = frozenset()

    @property
    def is_given(self) -> bool:
        return bool(self.words or self.numbers or self.counts)


NOTHING = Value()


class Reader:
    """Reads one fact; what a text of a field gives is kept, since many drafts answer one task."""

    KEPT = 4096

    def __init__(self, fact: Fact):
        self.fact = fact
        self._known: dict[str, Value] = {}

    def value(self, given: Mapping[str, Any], extra: Mapping[str, Any]) -> Value:
        """The fact's value in a task's input and what else it has."""
        field = _field(self.fact.source, given, extra)
        if self.fact.kind == "phrases":
            return self._of_text(json.dumps(field)) if isinstance(field, str) else self._of_list(field)
        return self._of_text(json.dumps(field) if isinstance(field, bool) else as_text(field))

    def _of_list(self, field: Any) -> Value:
        listed = [each for each in field if isinstance(each, str)] if isinstance(field, list | tuple) else []
        made = self._of_text(json.dumps(listed))
        return made if field is not None else NOTHING

    def _of_text(self, text: str) -> Value:
        if text not in self._known:
            if len(self._known) >= self.KEPT:
                self._known.clear()
            self._known[text] = _value(self.fact, text)
        return self._known[text]


def _field(path: str, given: Mapping[str, Any], extra: Mapping[str, Any]) -> Any:
    """What stands at a path: "company_signal" in the input, "expected.phrases" in what else the task has."""
    if path in given:
        return given[path]
    here: Any = extra
    for step in path.split("."):
        here = here.get(step) if isinstance(here, Mapping) else None
    return here


def _value(fact: Fact, text: str) -> Value:
    if fact.kind == "phrases":
        listed = json.loads(text)
        words = (fold_phrase(each) for each in ([listed] if isinstance(listed, str) else listed) if len(each) <= MOST_LETTERS)
        return Value(words=tuple(dict.fromkeys(each for each in words if any(letter.isalnum() for letter in each))), told=True)
    made = _read(fact, text) if text else NOTHING
    if not made.is_given and fact.default is not None:
        return Value(words=(fold_phrase(fact.default),), told=made.told)
    return made


def one_of(words: tuple[str, ...]) -> str:
    """Any of the words, the longest first."""
    return "|".join(phrase_pattern(each, False) for each in sorted(words, key=len, reverse=True))


def _read(fact: Fact, text: str) -> Value:
    folded = fold(text).text
    if not fact.patterns:
        whole = " ".join(folded.split())
        if fact.kind == "number":
            number = number_of(whole)
            return Value(numbers=frozenset([number] if number is not None else []), told=True)
        return Value(words=(whole,), told=True)
    found: list[tuple[str, str | None]] = []
    for pattern in fact.patterns:
        holes = {**READING, "value": one_of(fact.values) or r"\S+", "noun": one_of(fact.nouns) or r"[\w+#.]+"}
        made = compiled(template_pattern(pattern, holes)[0], False)
        for match in made.finditer(folded):
            names = made.groupindex
            noun = match.group("noun") if "noun" in names else None
            main = next((name for name in WHERE[fact.kind] if name in names), None)
            value = match.group(main) if main else match.group(1) if made.groups else match.group()
            found.append((value or "", noun))
    if fact.kind == "counts":
        counts: dict[str, Decimal] = {}
        for value, noun in found:
            if noun and (number := number_of(value)) is not None:
                key = " ".join(noun.split())
                counts[key] = counts.get(key, Decimal(0)) + number
        return Value(counts=counts or None, told=True)
    if fact.kind in ("number", "amount"):
        read = number_of if fact.kind == "number" else amount_of
        numbers = {number for value, _ in found if (number := read(value)) is not None}
        money = {currency_of(value) for value, _ in found} - {""} if fact.kind == "amount" else ()
        return Value(numbers=frozenset(numbers), told=True, currencies=frozenset(money))
    named = fact.kind == "name"
    words = (
        " ".join(value.split()) if named else key_of(value) for value, _ in found if value.strip() and len(value) <= MOST_LETTERS
    )
    return Value(words=tuple(dict.fromkeys(words)), told=True)
