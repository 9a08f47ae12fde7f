"""RE2 patterns made of what a rubric lists: phrases with their forms, templates with holes for numbers and words.

All patterns run over folded text. A space in a rubric stands for any white space, a line break included; a hyphen in a
phrase for a hyphen, a dash, white space or nothing.
"""

import re
from decimal import Decimal, InvalidOperation

from touchstone.scorer.folding import DASH, fold_phrase

UNITS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(UNITS)} | {word: 10 * place for place, word in enumerate(TENS, 2)}
_ONES = "|".join(UNITS[1:10])
_TIMES = {"hundred": 100, "dozen": 12, "couple": 2, "pair": 2}
_DIGITS = r"\d+(?:,\d\d\d)*(?:\.\d+)?"
_UP_TO_99 = rf"(?:{'|'.join(TENS)})(?:[\s-]+(?:{_ONES}))?|{'|'.join(UNITS)}"
NUMBER = (
    rf"(?:(?:{_DIGITS}|{_UP_TO_99})(?:[\s-]+hundred(?:[\s-]+and[\s-]+|[\s-]+)?(?:{_UP_TO_99})?|\s+dozen)?"
    rf"|an?\s+(?:hundred|dozen)|half\s+a\s+dozen)"
)
# How many at least: a promise of "a couple" is one of two.
AT_LEAST = rf"(?:{NUMBER}|an?\s+(?:couple|pair)(?:\s+of)?)"
SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "mil": 1e6,
    "mio": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
}
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_SIGN = "(?:us[$]|[$€£]|usd|eur|gbp)"
_UNIT = r"(?:[\s-]*(?:[$€£]|(?:us\s+)?dollars?|euros?|pounds?|usd|eur|gbp))"
_GROUPED = r"(?:\d{1,3}(?:[ '\x{202f}]\d\d\d)+|\d[\d,]*(?:\.\d+)?)"
# An amount as such, with its currency; `BARE` is a number with a scale, which only its neighbours make an amount.
MONEY = (
    rf"{_SIGN}\s*{_GROUPED}(?:[\s-]*(?:{_SCALE})\b)?"
    rf"|{NUMBER}[\s-]*(?:{_SCALE})\b{_UNIT}|{_GROUPED}\s*(?:[$€£]|usd|eur|gbp)"
)
BARE = rf"{NUMBER}[\s-]*(?:{_SCALE})\b"
_MONEY_PARTS = re.compile(rf"^{_SIGN}?\s*(.*?)[\s-]*({_SCALE})?{_UNIT}?$", re.S)
CURRENCIES = {"$": ("$", "dollar", "usd"), "€": ("€", "eur"), "£": ("£", "pound", "gbp")}
_HOLE = re.compile(r"\{([a-z]+)\}")
_META = re.compile(r"([\\.+*?()|\[\]{}^$])")


def number_of(text: str) -> Decimal | None:
    """The value of what NUMBER or AT_LEAST matched ("1,200", "twenty-five", "3.5", "a dozen"); None for anything else."""
    plain = text.strip().replace(",", "")
    if re.fullmatch(r"\d{1,3}(?:[ '\u202f]\d\d\d)+", plain):
        plain = re.sub(r"\D", "", plain)
    if plain.replace(".", "", 1).isdigit():
        try:
            return Decimal(plain)
        except InvalidOperation:
            return None
    total = 0
    for word in re.split(r"[\s-]+", plain):
        if word in ("a", "an"):
            total = total or 1
        elif word == "half":
            total = Decimal(1) / 2
        elif word in _TIMES:
            total = (1 if total == Decimal(1) / 2 and word != "dozen" else total or 1) * _TIMES[word]
        elif word in _WORDS:
            total += _WORDS[word]
        elif word.isdigit() and len(word) < 16:
            total += int(word)
        elif word not in ("and", "of"):
            return None
    return Decimal(total)


def amount_of(text: str) -> Decimal | None:
    """The value of what MONEY matched ("$8M", "8 million dollars"), in single units; None for anything else."""
    found = _MONEY_PARTS.match(text.strip())
    number = number_of(found[1]) if found else None
    return None if number is None else number * Decimal(SCALES.get(found[2] or "", 1))


def currency_of(text: str) -> str:
    """The currency an amount names: $, € or £; "" where it names none."""
    return next((sign for sign, names in CURRENCIES.items() if any(name in text for name in names)), "")


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


def _verb_forms(word: str) -> set[str]:
    """A word with its plurals and verb forms by the common rules of English spelling; no derived words."""
    forms = {word}
    if word.endswith("ize"):
        return {
            each.replace(word[:-1], stem)
            for stem in (word[:-1], f"{word[:-2]}s")
            for each in (word, word + "s", word + "d", word[:-1] + "ing")
        }
    if len(word) < 4 or not word.isalpha():
        return forms | ({word + "s"} if word.isalpha() and len(word) == 3 else set())
    stem = word
    if word.endswith("ing") and len(word) > 5:
        stem = word[:-3]
        if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "ls":
            stem = stem[:-1]
        silent = stem + "e"
        return forms | {stem, stem + "s", stem + "ed", silent, silent + "s", silent + "d"}
    if word.endswith("s") and not word.endswith("ss"):
        return forms | {word[:-1]}
    if word.endswith("y") and word[-2] not in "aeiou":
        return forms | {word[:-1] + "ies", word[:-1] + "ied", word + "ing"}
    if word.endswith("e"):
        return forms | {word + "s", word + "d", word[:-1] + "ing"}
    if word.endswith(("ch", "sh", "x", "z", "ss")):
        return forms | {word + "es", word + "ed", word + "ing"}
    return forms | {word + "s", word + "ed", word + "ing"}


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
    word = tokens[place]
    if word in _NOT:
        long = r"\s+".join(_NOT[word].split())
        short = word.replace("'", "'?")
        return 1, rf"(?:{short}|{long}{'|can not' if word == CANNOT else ''})"
    for short, long in _SHORT.items():
        if word.endswith(short) and word[: -len(short)] in _PRONOUN:
            base = word[: -len(short)]
            return 1, rf"{base}(?:'?{short[1:]}|\s+{long})"
    if place + 2 < len(tokens) and not tokens[place + 1].strip():
        two = f"{word} {tokens[place + 2]}"
        if made := next((short for short, long in _NOT.items() if long == two), None):
            return 3, rf"(?:{made.replace(chr(39), chr(39) + '?')}|{word}\s+{tokens[place + 2]})"
        if word in _PRONOUN and (short := next((s for s, long in _SHORT.items() if long == tokens[place + 2]), None)):
            return 3, rf"{word}(?:'?{short[1:]}|\s+{tokens[place + 2]})"
    if inflect and word not in _RIGID and re.fullmatch(r"[a-z]+", word):
        forms = sorted(_verb_forms(word), key=lambda each: (-len(each), each))
        last = place == len(tokens) - 1
        made = "|".join(forms) if len(forms) > 1 else forms[0]
        return 1, (rf"(?:{made})(?:'s|s')?" if last else f"(?:{made})" if len(forms) > 1 else made)
    return 1, _META.sub(r"\\\1", word).replace("'", "'?")


def template_pattern(template: str, holes: dict[str, str]) -> tuple[str, tuple[str, ...]]:
    """A regex of a rubric with its holes filled: (pattern, the holes' names in order; each is a group of that name).

    Raises ValueError for a hole that is not among `holes`.
    """
    names: list[str] = []

    def filled(found: re.Match) -> str:
        if found[1] not in holes:
            known = ", ".join("{" + each + "}" for each in holes) or "none"
            raise ValueError(f"{found[0]} is no hole here; there are {known}")
        if found[1] in names:
            raise ValueError(f"{found[0]} stands twice in one entry; write two entries")
        names.append(found[1])
        return f"(?P<{found[1]}>{holes[found[1]]})"

    return spaced(_HOLE.sub(filled, template)), tuple(names)


def spaced(pattern: str) -> str:
    """A literal space in a pattern becomes any white space; inside [...] it stays what it is."""
    made, inside, escaped = [], False, False
    for each in pattern.replace("\u2014", DASH).replace(r"\x{2014}", DASH):
        if each == " " and not inside and not escaped:
            made.append(r"\s+" if not made or made[-1] != r"\s+" else "")
        else:
            made.append(each)
        if escaped:
            escaped = False
        elif each == "\\":
            escaped = True
        elif each == "[" and not inside:
            inside = True
        elif each == "]":
            inside = False
    return re.sub(r"\\s\+([?*])", r"\\s\1", "".join(made).replace(r"\s+?", r"\s*").replace(r"\s+*", r"\s*"))
