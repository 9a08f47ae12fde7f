"""Replace names, mail addresses, links and telephone numbers in texts by pseudonyms.

A pseudonym is made of an HMAC-SHA256 of what it stands for, keyed by a salt: equal names get equal pseudonyms in every text, and
who has not the salt cannot try names out. Names come from a dictionary (what a task's groups say, and those facts of a rubric
that are names); addresses and numbers are found by pattern, in linear time. What neither knows stays: `left_over` names it for a
person to see.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from touchstone.scorer.folding import Folded, fold, fold_phrase
from touchstone.scorer.regex import CompiledPattern, compiled

NAME, MAIL, LINK, PHONE = "name", "mail address", "link", "telephone number"
SHORTEST_NAME = 3  # characters; shorter ones would be replaced within whatever is short
MOST_NAMES = 2_000
_ENDS = "com|org|net|io|co|ai|dev|app|eu|de|fr|uk|us|info|biz|tech"
_PATTERNS = (
    (MAIL, r"[\pL\pN._%+-]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+"),
    (
        LINK,
        rf"(?:https?://|www\.)[^\s<>\"']*[^\s<>\"'.,;:!?)\]]|[\pL\pN-]+(?:\.[\pL\pN-]+)*\.(?:{_ENDS})(?:/(?:[^\s<>\"']*[^\s<>\"'.,;:!?)\]])?)?",
    ),
    (PHONE, r"\+?\(?\pN[\pN ().-]{6,22}\pN"),
)
_LEAST_FIRST = 5  # letters of a first word that stands for a name
_LEAST_DIGITS = 8  # of a telephone number
_NO_PHONE = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,3}(?:[ .,]\d{3})+")  # dates and large numbers
_SYLLABLES = tuple(
    [
        "bra",
        "dor",
        "lin",
        "mar",
        "kel",
        "tan",
        "vos",
        "rin",
        "hal",
        "bex",
        "cor",
        "dun",
        "fen",
        "gar",
        "hol",
        "jun",
        "kir",
        "lor",
        "mos",
        "nev",
        "orl",
        "pim",
        "quo",
        "ros",
        "sel",
        "tam",
        "ulv",
        "ves",
        "wyn",
        "yar",
        "zel",
        "ald",
    ]  # noqa: SIM905 (a list of words is easier to read so)
)
_CAPITALISED = re.compile(r"(?<![.!?:\n\"'“‘(] )(?<= )[A-Z][^\W\d_]+(?: [A-Z][^\W\d_]+)*")


class Replacement(NamedTuple):
    """One place of a text as it came: what stood there, what stands there now."""

    start: int
    end: int
    kind: str
    was: str
    now: str


class Renamed(NamedTuple):
    """A text under other names, and every place that was changed."""

    text: str
    replacements: tuple[Replacement, ...]


class Pseudonyms:
    """A dictionary of names and a salt, ready to rename texts."""

    def __init__(self, salt: bytes, names: Iterable[str]):
        self._salt = salt
        known = {fold_phrase(each): each for each in names}
        self.names = tuple(sorted((each for each in known if len(each) >= SHORTEST_NAME), key=lambda each: (-len(each), each)))
        self.names = self.names[:MOST_NAMES]
        # A name of several words is often said by its first alone.
        firsts = {name.split()[0]: name for name in reversed(self.names) if " " in name}
        self._in_short = {word: name for word, name in firsts.items() if len(word) >= _LEAST_FIRST and word not in self.names}
        self._patterns = [(NAME, pattern) for pattern in self._name_patterns()]
        self._patterns += [(kind, compiled(pattern)) for kind, pattern in _PATTERNS]

    def _name_patterns(self) -> Iterator[CompiledPattern]:
        words = [r"\s+".join(re.escape(word) for word in name.split()) for name in (*self.names, *self._in_short)]
        if words:
            yield compiled("|".join(words))

    def rename(self, text: str) -> Renamed:
        """The text under other names. Names first, then addresses and numbers; nothing is replaced twice."""
        folded = fold(text)
        taken: list[Replacement] = []
        for kind, pattern in (*self._patterns[-len(_PATTERNS) :], *self._patterns[: -len(_PATTERNS)]):
            for match in pattern.finditer(folded.text):
                found = self._replacement(text, folded, kind, *match.span())
                if found and not any(found.start < each.end and each.start < found.end for each in taken):
                    taken.append(found)
        taken.sort()
        parts, at = [], 0
        for each in taken:
            parts += [text[at : each.start], each.now]
            at = each.end
        return Renamed("".join((*parts, text[at:])), tuple(taken))

    def _replacement(self, text: str, folded: Folded, kind: str, start: int, end: int) -> Replacement | None:
        if kind == NAME and (_is_letter(folded.text, start - 1) or _is_letter(folded.text, end)):
            return None  # within a word
        said = folded.text[start:end]
        if kind == PHONE and (
            sum(each.isdigit() for each in said) < _LEAST_DIGITS or _NO_PHONE.fullmatch(said) or _is_money(folded.text, start)
        ):
            return None
        came = folded.span(start, end)
        was = text[slice(*came)]
        return Replacement(*came, kind, was, self.pseudonym(kind, was))

    def pseudonym(self, kind: str, was: str) -> str:
        """What stands for a name, an address or a number: the same each time."""
        known = fold_phrase(was)
        digest = self._digest(kind, known)
        if kind == MAIL:
            return f"person-{digest.hex()[:6]}@example.org"
        if kind == LINK:
            return f"https://example.org/{digest.hex()[:8]}"
        if kind == PHONE:
            return f"+00 555 {int.from_bytes(digest[:4]) % 1_000_000:06}"
        if known in self._in_short:
            return self.pseudonym(kind, self._in_short[known]).split()[0]
        made = " ".join(self._word(known, place) for place in range(min(len(known.split()), 4)))
        return made.upper() if was.isupper() and len(was) > 3 else made

    def _word(self, known: str, place: int) -> str:
        """An invented word; never a word of any name in the dictionary."""
        own = {word for name in self.names for word in name.split()}
        for again in range(64):
            digest = self._digest(NAME, f"{known} {place} {again}")
            word = "".join(_SYLLABLES[byte % len(_SYLLABLES)] for byte in digest[: 2 + digest[-1] % 2])
            if word not in own:
                break
        return word.capitalize()

    def _digest(self, kind: str, known: str) -> bytes:
        return hmac.new(self._salt, f"{kind}: {known}".encode(), hashlib.sha256).digest()

    def rename_all(self, value: Any) -> tuple[Any, tuple[Replacement, ...]]:
        """A JSON value with every text in it renamed, keys as they are; what was changed, text by text."""
        if isinstance(value, str):
            return self.rename(value)
        found: list[Replacement] = []
        if isinstance(value, dict):
            made: Any = {}
            for key, inner in value.items():
                made[key], changed = self.rename_all(inner)
                found += changed
            return made, tuple(found)
        if isinstance(value, list | tuple):
            made = []
            for inner in value:
                one, changed = self.rename_all(inner)
                made.append(one)
                found += changed
            return made, tuple(found)
        return value, ()


def left_over(text: str, replaced: Sequence[Replacement], known: Iterable[str] = ()) -> list[str]:
    """Capitalised words within sentences that nobody replaced, once each: what a person is to look at before they sign."""
    done = {word for each in replaced for word in each.now.split()} | set(known)
    found = (match.group() for match in _CAPITALISED.finditer(text))
    return list(dict.fromkeys(each for each in found if not set(each.split()) <= done))


def _is_letter(text: str, place: int) -> bool:
    return 0 <= place < len(text) and (text[place].isalnum() or text[place] == "_")


def _is_money(text: str, start: int) -> bool:
    return text[max(0, start - 2) : start].strip()[-1:] in {"$", "€", "£", "¥"}
