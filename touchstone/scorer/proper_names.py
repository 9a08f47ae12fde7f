"""Which words are part of a proper name, where a listed phrase is no finding."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from touchstone.rubric.scoring_model import NamesStand
from touchstone.scorer.checks.word_patterns import WordPatterns
from touchstone.scorer.draft import Hit, PreparedDraft, Span, outside
from touchstone.scorer.regex import PatternCache
from touchstone.scorer.retraction import Retraction, Surroundings

_JOINS = re.compile(r" of the ([^\W\d_]\S*)")
_NEXT = re.compile(r" ([^\W\d_]\S*)")
_BEFORE = re.compile(r"([^\W\d_]\S*) $")
_WORD = re.compile(r"[^\W\d_]{2,}")
_ENDS = ".!?:\n>-\u2022"  # what a sentence or a line ends with
_OPENS = " \"'\u201c\u2018*_"  # what may stand before its first word
_NAMES = "\0 names"  # no pattern has a NUL
_REACH = 80  # characters on either side in which capitals are counted


class ProperNames(Retraction):
    """Words that are part of a name: one the task gives, or a capital beside another capital in a plain sentence.

    With `stand` "anywhere" a name may open a sentence or stand in a text of few words, and a name of the task may lack its end.
    """

    def __init__(self, facts: Sequence[str], words: WordPatterns, cache: PatternCache, stand: NamesStand = "within_sentence"):
        self._facts = facts
        self._words = words
        self._cache = cache
        self._is_part = _RULES[stand]
        self._may_be_short = stand == "anywhere"

    def standing(self, hits: Sequence[Hit], around: Surroundings) -> Sequence[Hit]:
        draft = around.draft
        return [
            hit
            for hit in outside(hits, self._spans(draft))
            if not self._is_part(draft, hit) and not (self._may_be_short and self._is_in_short_name(draft, hit))
        ]

    def look_ahead(self, draft: PreparedDraft) -> None:
        self._spans(draft)

    def _spans(self, draft: PreparedDraft) -> Sequence[Span]:
        """Where the names that the task gives stand in a draft, looked for once."""
        if _NAMES not in draft.seen:
            draft.seen[_NAMES] = tuple(span for key in self._facts for span in self._spans_of(draft.fact(key).words, draft))
        return draft.seen[_NAMES]

    def _spans_of(self, names: tuple[str, ...], draft: PreparedDraft) -> Iterator[Span]:
        for pattern, _ in self._words.of(names, False):
            yield from draft.spans(pattern, self._cache)

    def _is_in_short_name(self, draft: PreparedDraft, hit: Hit) -> bool:
        """Whether the words are less than the first words of a name, two at least: "Ninja Fern" of Ninja Fern Logistics."""
        if not draft.text[draft.folded.span(hit.start, hit.end)[0]].isupper():
            return False
        names = [name.split() for key in self._facts for name in draft.fact(key).words]
        short = tuple(" ".join(words[:count]) for words in names for count in range(2, len(words)))
        length = hit.end - hit.start
        spans = self._spans_of(short, draft) if short else ()
        return any(start <= hit.start and hit.end <= end and end - start > length for start, end in spans)


def _is_part_of_name(draft: PreparedDraft, hit: Hit) -> bool:
    """Whether capitals make a name of the words, in a draft that does not write every word with one."""
    start, end = draft.folded.span(hit.start, hit.end)
    text = draft.text
    said = text[start:end]
    if not said[:1].isupper() or said.isupper() or hit.start < draft.segments.subject or start == 0:
        return False
    if _has_capital(_JOINS.match(text, end)):
        return True  # "Makers of the North": who writes so writes a name, at the start of a sentence too
    before = text[max(0, start - 60) : start]
    if not before.strip() or before.rstrip(_OPENS)[-1:] in _ENDS:
        return False  # a sentence begins with a capital anyway
    if not _has_capital(_NEXT.match(text, end)) and not _has_capital(_BEFORE.search(before)):
        return False
    around: list[str] = _WORD.findall(text[max(0, start - _REACH) : end + _REACH])
    return 2 * sum(word[0].isupper() for word in around) < len(around)


def _is_part_anywhere(draft: PreparedDraft, hit: Hit) -> bool:
    """Whether capitals make a name of the words, beside words without one: the name's own and first words are not counted."""
    start, end = draft.folded.span(hit.start, hit.end)
    text = draft.text
    said = text[start:end]
    if said.isupper() or hit.start < draft.segments.subject or not all(map(_is_name_word, said.split())):
        return False
    if start and _has_capital(_JOINS.match(text, end)):
        return True
    run = end
    while (following := _NEXT.match(text, run)) and _is_name_word(following[1]):
        run = following.end()
    if run == end:
        before = _BEFORE.search(text[max(0, start - 60) : start])
        if _opens_sentence(text, start) or before is None or not _is_name_word(before[1]):
            return False
        if _opens_sentence(text, start - len(before[0])):
            return False  # "We Leverage people": a capital of its own is none beside another
    others = [
        found[0]
        for found in _WORD.finditer(text, max(0, start - _REACH), min(len(text), end + _REACH))
        if not start <= found.start() < run and not _opens_sentence(text, found.start())
    ]
    return 2 * sum(word[0].isupper() for word in others) < len(others)


_RULES: Mapping[NamesStand, Callable[[PreparedDraft, Hit], bool]] = {
    "within_sentence": _is_part_of_name,
    "anywhere": _is_part_anywhere,
}


def _opens_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 60) : place]
    return not before.strip() or before.rstrip(_OPENS)[-1:] in _ENDS


def _is_name_word(word: str) -> bool:
    """A word with a capital that is not "I"."""
    return word[0].isupper() and re.match(r"I\b", word) is None


def _has_capital(match: re.Match[str] | None) -> bool:
    return match is not None and str(match[1])[0].isupper()
