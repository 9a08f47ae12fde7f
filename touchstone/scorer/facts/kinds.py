"""A class a kind of fact: what is read of it from a task, and what holds of a draft that says a value of it."""

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, ClassVar, NamedTuple

from touchstone.data.task_input import as_text
from touchstone.rubric.scoring_model import Fact
from touchstone.scorer.folding import fold, fold_phrase
from touchstone.scorer.numbers.written import amount_of, currency_of, number_of, plainly
from touchstone.scorer.patterns import key_of

MOST_LETTERS = 1_000  # a longer name or phrase is looked up in no draft: its pattern would take more room than it is worth
_JOINED = re.compile(r"[\s-]+")  # "dev-ops", "Dev Ops" and "DevOps" are one noun


@dataclass(frozen=True)
class FactValue:
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


NOTHING = FactValue()
NO_VALUE = "none"


class Mention(NamedTuple):
    """A value of a fact as a field says it, and the noun it counts, where its pattern has one."""

    text: str
    noun: str | None


class FactKind(ABC):
    """What is the same for facts of one kind; no object is made of it."""

    value_hole: ClassVar[str]  # the hole of a pattern that holds the value, where it has one
    has_words: ClassVar[bool] = True  # whether its value is words, which can be looked up in a draft
    is_name: ClassVar[bool] = False  # whether a phrase inside its value is no finding
    takes_default: ClassVar[bool] = True

    @classmethod
    def text_of(cls, field: Any) -> str:
        """A task's field as the text that is read; "" where there is none."""
        return json.dumps(field) if isinstance(field, bool) else as_text(field)

    @classmethod
    def read(cls, text: str, mentions_in: Callable[[str], Sequence[Mention]] | None) -> FactValue:
        """The value in a field's text. `mentions_in` finds the fact's patterns in a folded text; None where it has none."""
        folded = fold(text).text
        return cls.of_whole_field(" ".join(folded.split())) if mentions_in is None else cls.of_mentions(mentions_in(folded))

    @classmethod
    def of_whole_field(cls, folded: str) -> FactValue:
        """The value where a fact has no patterns: the folded field on one line."""
        return FactValue(words=(folded,), told=True)

    @classmethod
    @abstractmethod
    def of_mentions(cls, mentions: Sequence[Mention]) -> FactValue:
        """The value that what the patterns found makes."""

    @classmethod
    @abstractmethod
    def agrees(cls, value: FactValue, said: Mapping[str, str], within: bool) -> bool | None:
        """Whether what a draft says, by hole, is the task's value, or (`within`) no more than it.

        None where the task says nothing it could differ from, or what is said is no value.
        """

    @classmethod
    def said_in_words(cls, said: Mapping[str, str]) -> str:
        """What a draft says, by hole, as it is compared."""
        return " ".join(" ".join(said.values()).split())

    @classmethod
    def in_words(cls, value: FactValue, said: Mapping[str, str]) -> str:
        """The task's value, as what a draft says is compared with it; "none" where it has none."""
        return ", ".join(value.words) or NO_VALUE


class WordKind(FactKind):
    """One of a few words: a stage, a rating."""

    value_hole = "value"

    @classmethod
    def of_mentions(cls, mentions: Sequence[Mention]) -> FactValue:
        return FactValue(words=tuple(dict.fromkeys(cls.word_of(text) for text in _of_some_length(mentions))), told=True)

    @classmethod
    def word_of(cls, text: str) -> str:
        """A word as it is compared: its spellings are one."""
        return key_of(text)

    @classmethod
    def agrees(cls, value: FactValue, said: Mapping[str, str], within: bool) -> bool | None:
        return key_of(said.get("value", "")) in value.words if value.words or value.told else None


class NameKind(WordKind):
    """A proper name: a phrase inside one is no finding."""

    is_name = True

    @classmethod
    def word_of(cls, text: str) -> str:
        return " ".join(text.split())


class PhrasesKind(WordKind):
    """A list of phrases that a task names, as a list of texts or as one."""

    takes_default = False

    @classmethod
    def text_of(cls, field: Any) -> str:
        if field is None:
            return ""
        if isinstance(field, str):
            return json.dumps([field])
        return json.dumps([phrase for phrase in field if isinstance(phrase, str)] if isinstance(field, list | tuple) else [])

    @classmethod
    def read(cls, text: str, mentions_in: Callable[[str], Sequence[Mention]] | None) -> FactValue:
        phrases = (fold_phrase(phrase) for phrase in json.loads(text) if len(phrase) <= MOST_LETTERS)
        return FactValue(
            words=tuple(dict.fromkeys(phrase for phrase in phrases if any(letter.isalnum() for letter in phrase))), told=True
        )


class NumberKind(FactKind):
    """A number: how many roles, how many days ago."""

    value_hole = "number"
    has_words = False

    @classmethod
    def of_whole_field(cls, folded: str) -> FactValue:
        number = number_of(folded)
        return FactValue(numbers=frozenset() if number is None else frozenset([number]), told=True)

    @classmethod
    def of_mentions(cls, mentions: Sequence[Mention]) -> FactValue:
        numbers = (number_of(text) for text, _ in mentions)
        return FactValue(numbers=frozenset(number for number in numbers if number is not None), told=True)

    @classmethod
    def agrees(cls, value: FactValue, said: Mapping[str, str], within: bool) -> bool | None:
        words = next(iter(said.values()), "")
        number = number_of(words) if "number" in said else amount_of(words)
        if number is None:
            return None
        if cls.is_of_another_currency(value, words):
            return False
        if within:
            return bool(value.numbers) and number <= max(value.numbers)
        return number in value.numbers if value.numbers or value.told else None

    @classmethod
    def is_of_another_currency(cls, value: FactValue, words: str) -> bool:
        return False

    @classmethod
    def said_in_words(cls, said: Mapping[str, str]) -> str:
        words = next(iter(said.values()), "")
        number = number_of(words) if "number" in said else amount_of(words)
        return super().said_in_words(said) if number is None else _in_money(number, currency_of(words))

    @classmethod
    def in_words(cls, value: FactValue, said: Mapping[str, str]) -> str:
        currency = next(iter(sorted(value.currencies)), "")
        return " or ".join(_in_money(number, currency) for number in sorted(value.numbers)) or NO_VALUE


class AmountKind(NumberKind):
    """An amount of money, in single units, with the currencies it is told in."""

    value_hole = "amount"

    @classmethod
    def of_whole_field(cls, folded: str) -> FactValue:
        return FactValue(words=(folded,), told=True)

    @classmethod
    def of_mentions(cls, mentions: Sequence[Mention]) -> FactValue:
        numbers = (amount_of(text) for text, _ in mentions)
        return FactValue(
            numbers=frozenset(number for number in numbers if number is not None),
            told=True,
            currencies=frozenset(currency_of(text) for text, _ in mentions) - {""},
        )

    @classmethod
    def is_of_another_currency(cls, value: FactValue, words: str) -> bool:
        currency = currency_of(words)
        return bool(value.currencies and currency) and currency not in value.currencies


class CountsKind(FactKind):
    """How many there are of each noun: 4 Python engineers, 0 Rust engineers."""

    value_hole = "number"
    has_words = False

    @classmethod
    def of_mentions(cls, mentions: Sequence[Mention]) -> FactValue:
        counts: dict[str, Decimal] = {}
        for text, noun in mentions:
            if noun and (number := number_of(text)) is not None:
                key = " ".join(noun.split())
                counts[key] = counts.get(key, Decimal(0)) + number
        return FactValue(counts=counts or None, told=True)

    @classmethod
    def agrees(cls, value: FactValue, said: Mapping[str, str], within: bool) -> bool | None:
        number = number_of(said["number"]) if "number" in said else Decimal(1)
        if number is None:
            return None
        counts = value.counts or {}
        there = _counted(counts, " ".join(said["noun"].split())) if "noun" in said else sum(counts.values(), Decimal(0))
        if within:
            return number <= there
        return number == there if there or value.told else None

    @classmethod
    def said_in_words(cls, said: Mapping[str, str]) -> str:
        number = number_of(said["number"]) if "number" in said else Decimal(1)
        words = super().said_in_words({hole: text for hole, text in said.items() if hole != "number"})
        return " ".join(filter(None, ("" if number is None else plainly(number), words)))

    @classmethod
    def in_words(cls, value: FactValue, said: Mapping[str, str]) -> str:
        counts = value.counts or {}
        if "noun" in said:
            noun = " ".join(said["noun"].split())
            return f"{plainly(_counted(counts, noun))} {noun}"
        return ", ".join(f"{plainly(number)} {noun}" for noun, number in counts.items()) or NO_VALUE


FACT_KINDS: Mapping[str, type[FactKind]] = {
    "name": NameKind,
    "word": WordKind,
    "number": NumberKind,
    "amount": AmountKind,
    "counts": CountsKind,
    "phrases": PhrasesKind,
}


def kind_of_fact(fact: Fact | None) -> type[FactKind]:
    """The kind of a fact; words where there is none."""
    return WordKind if fact is None else FACT_KINDS[fact.kind]


def _in_money(number: Decimal, currency: str) -> str:
    return f"{currency}{plainly(number)}"


def _of_some_length(mentions: Sequence[Mention]) -> list[str]:
    return [text for text, _ in mentions if text.strip() and len(text) <= MOST_LETTERS]


def _counted(counts: Mapping[str, Decimal], noun: str) -> Decimal:
    """How many a task counts of a noun a draft writes: "ML engineers" and "ML" both stand for the task's "ML engineer"."""
    joined = {_JOINED.sub("", key): number for key, number in counts.items()}
    for written in (noun, noun.removesuffix("s")):
        if (key := _JOINED.sub("", written)) in joined:
            return joined[key]
    return sum((number for key, number in counts.items() if key.startswith(f"{noun} ")), Decimal(0))
