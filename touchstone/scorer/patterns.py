"""RE2 patterns made of what a rubric lists: phrases with their forms, templates with holes.

All patterns run over folded text. A space in a rubric stands for any white space, a line break included; a hyphen in a
phrase for a hyphen, a dash, white space or nothing.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from touchstone.scorer.folding import DASH, fold_phrase

_HOLE = re.compile(r"\{([a-z]+)\}")
_KEPT_OR_SPACES = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]?| +[?*]?", re.DOTALL)  # an escape, a class, or literal spaces
_META = re.compile(r"([\\.+*?()|\[\]{}^$])")


# Contractions and their long forms count as spellings of one phrase.
_SHORT = {"'re": "are", "'ve": "have", "'ll": "will", "'m": "am", "'d": "would"}
_NOT = {
    "don't": "do not",
    "doesn't": "does not",
    "didn't": "did not",
    "won't": "will not",
    "can't": "cannot",
    "isn't": "is not",
    "aren't": "are not",
    "wasn't": "was not",
    "haven't": "have not",
    "shouldn't": "should not",
    "wouldn't": "would not",
    "couldn't": "could not",
    "let's": "let us",
}
CANNOT = "can't"  # also written in two words
_PRONOUN = {"i", "you", "we", "they", "he", "she", "it", "there", "who", "that"}


def spelled_out(phrase: str) -> tuple[str, ...]:
    """The words of a folded phrase with contractions spelled out: the name under which its spellings count once."""
    words: list[str] = []
    for word in re.split(r"[\s-]+", phrase):
        if word in _NOT:
            words += _NOT[word].split()
            continue
        short = next((each for each in _SHORT if word.endswith(each) and word[: -len(each)] in _PRONOUN), None)
        words += [word[: -len(short)], _SHORT[short]] if short else [word]
    return tuple(word for word in words if word)


def key_of(phrase: str) -> str:
    """What a phrase's spellings have in common."""
    return " ".join(spelled_out(fold_phrase(phrase)))


# The forms of a word by its ending, the first that fits: how many letters go, and what comes in their place.
_FORMS: tuple[tuple[str, int, tuple[str, ...]], ...] = (
    (r"ize\Z", 3, ("izes", "ized", "izing", "ise", "ises", "ised", "ising")),
    (r".([^ls])\1ing\Z", 4, ("", "s", "ed", "e", "es")),  # "planning"; "selling" and "pressing" keep both letters
    (r"...ing\Z", 3, ("", "s", "ed", "e", "es")),
    (r"[^s]s\Z", 1, ("",)),
    (r"[^aeiou]y\Z", 1, ("ies", "ied", "ying")),
    (r"e\Z", 1, ("es", "ed", "ing")),
    (r"(?:ch|sh|x|z|ss)\Z", 0, ("es", "ed", "ing")),
    ("", 0, ("s", "ed", "ing")),
)


def _verb_forms(word: str) -> set[str]:
    """A word with its plurals and verb forms by the common rules of English spelling; no derived words."""
    if not word.endswith("ize") and (len(word) < 4 or not word.isalpha()):
        return {word, f"{word}s"} if len(word) == 3 and word.isalpha() else {word}
    gone, endings = next((gone, endings) for ending, gone, endings in _FORMS if re.search(ending, word))
    return {word, *(word[: len(word) - gone] + each for each in endings)}


_RIGID = {
    "this",
    "that",
    "email",
    "from",
    "with",
    "have",
    "will",
    "them",
    "they",
    "your",
    "just",
    "well",
    "hope",
    "last",
    "into",
    "best",
    "these",
    "those",
    "what",
    "when",
    "could",
    "would",
    "been",
    "class",
    "behind",
    "missing",
}


@lru_cache(maxsize=4096)
def phrase_pattern(phrase: str, inflect: bool = True) -> str:
    """One listed phrase, folded or not, as an RE2 pattern: with its spellings, and its plurals and verb forms."""
    parts: list[str] = []
    folded = fold_phrase(phrase)
    tokens = re.findall(r"[^\s-]+|[\s-]+", folded)
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if not token.strip(" -"):
            parts.append(r"[\s\-\x1f]*" if "-" in token else r"(?:\s+|\s*-\s*)")
        else:
            taken, made = _word_pattern(tokens, place, inflect)
            parts.append(made)
            place += taken - 1
        place += 1
    return "".join(parts)


def _word_pattern(tokens: list[str], place: int, inflect: bool) -> tuple[int, str]:
    """(how many tokens it takes, pattern): two words that have a contraction take both."""
    word, is_last = tokens[place], place == len(tokens) - 1
    if contracted := _contraction_pattern(word):
        return 1, contracted
    follows = tokens[place + 2] if place + 2 < len(tokens) and not tokens[place + 1].strip() else None
    if follows and (both := _long_form_pattern(word, follows)):
        return 3, both
    if inflect and word not in _RIGID and re.fullmatch(r"[a-z]+", word):
        return 1, _inflected_pattern(word, is_last)
    return 1, _META.sub(r"\\\1", word).replace("'", "'?")


def _contraction_pattern(word: str) -> str | None:
    """A contraction ("don't", "you're") with its long form, and without its apostrophe; None for any other word."""
    if word in _NOT:
        long = r"\s+".join(_NOT[word].split())
        return rf"(?:{_with_or_without_apostrophe(word)}|{long}{'|can not' if word == CANNOT else ''})"
    for short, long in _SHORT.items():
        base = word.removesuffix(short)
        if base != word and base in _PRONOUN:
            return rf"{base}(?:'?{short[1:]}|\s+{long})"
    return None


def _long_form_pattern(word: str, follows: str) -> str | None:
    """Two words that have a contraction ("do not", "you are"), with it; None for any others."""
    for short, long in _NOT.items():
        if long == f"{word} {follows}":
            return rf"(?:{_with_or_without_apostrophe(short)}|{word}\s+{follows})"
    short = next((short for short, long in _SHORT.items() if long == follows), "")
    return rf"{word}(?:'?{short[1:]}|\s+{follows})" if word in _PRONOUN and short else None


def _with_or_without_apostrophe(word: str) -> str:
    return word.replace("'", "'?")


def _inflected_pattern(word: str, is_last: bool) -> str:
    forms = "|".join(sorted(_verb_forms(word), key=lambda form: (-len(form), form)))
    if is_last:
        return rf"(?:{forms})(?:'s|s')?"
    return f"(?:{forms})" if "|" in forms else forms


def edged_phrase(phrase: str, inflect: bool = True) -> str:
    """As `phrase_pattern`, with word edges where the phrase begins and ends with an ASCII letter or digit; others are checked at
    the place where it is met."""
    folded = fold_phrase(phrase)
    left = r"\b" if folded[:1].isascii() and folded[:1].isalnum() else ""
    right = r"\b" if folded[-1:].isascii() and folded[-1:].isalnum() else ""
    return f"{left}(?:{phrase_pattern(phrase, inflect)}){right}"


def any_phrase(words: Sequence[str]) -> str:
    """Any of the words, the longest first; "" for none."""
    return "|".join(phrase_pattern(word, False) for word in sorted(words, key=len, reverse=True))


def any_of(patterns: Sequence[str]) -> str:
    """Any of a rubric's own patterns."""
    return "|".join(f"(?:{spaced(pattern)})" for pattern in patterns)


def template_pattern(template: str, holes: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
    """A regex of a rubric with its holes filled: (pattern, the holes' names in order; each is a group of that name).

    Raises ValueError for a hole that is not among `holes`.
    """
    names: list[str] = []

    def filled(hole: re.Match[str]) -> str:
        name = hole[1]
        if name not in holes:
            known = ", ".join("{" + known + "}" for known in holes) or "none"
            raise ValueError(f"{hole[0]} is not a placeholder here; there are {known}")
        if name in names:
            raise ValueError(f"{hole[0]} appears twice in one entry; write two entries")
        names.append(name)
        return f"(?P<{name}>{holes[name]})"

    return spaced(_HOLE.sub(filled, template)), tuple(names)


@lru_cache(maxsize=4096)
def spaced(pattern: str) -> str:
    """A literal space in a pattern becomes any white space; inside [...] it stays what it is."""
    plain = pattern.replace("\u2014", DASH).replace(r"\x{2014}", DASH)
    if " " not in plain:
        return plain
    return _KEPT_OR_SPACES.sub(_any_white_space, plain)


def _any_white_space(found: re.Match[str]) -> str:
    """What stands for literal spaces, with the mark behind them that makes them optional; an escape or a class stays."""
    text = found[0]
    if text[0] != " ":
        return text
    return r"\s*" if text[-1] in "?*" else r"\s+"
