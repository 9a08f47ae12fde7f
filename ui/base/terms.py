"""Terms that explain themselves where they stand: the words of docs/glossary.md, marked in headings, headers and captions.

The glossary alone says what a term means; it is read once, as this module is. A term is marked once in a table. What a marked
term shows on hover and on focus is made by ui/base/frame/terms.js.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from markupsafe import Markup

from ui.base.markup import NOTHING

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
LARGEST = 200_000  # bytes of it that are read
EXPLAINED = "Figures"  # the part of the glossary whose terms are marked; of the other parts those named here
OF_OTHER_PARTS = ("cell", "cluster", "cut-off", "digest", "finding", "fresh draft", "gold label", "outdated label")
# Words that as often mean something else: marked only where nothing else stands in a header.
ALONE = ("agreement", "independent", "look", "marginals", "margins", "more", "paired", "point", "s", "stratum", "subgroup")
ROW = re.compile(r"^\| ([^|]+) \| (.+) \|$")
ALSO, NOT = re.compile(r"\*Also\* ([^;.]+)"), re.compile(r"\*(?:Also|Not|not)\*")


class Term(NamedTuple):
    """A term as the glossary names it, and what it means."""

    name: str
    meaning: str


def read(source: str) -> dict[str, Term]:
    """The term behind every word that is marked, by the word in small letters: names of terms, and those they are also called
    by. A glossary of another shape has none."""
    own: dict[str, Term] = {}
    also: dict[str, Term] = {}
    part = ""
    for line in source.splitlines():
        if line.startswith("## "):
            part = line.removeprefix("## ").strip()
        row = ROW.match(line)
        if row is None or row[1] in ("term", "---"):
            continue
        names = [row[1], *row[1].split(", ")]
        if part != EXPLAINED and not set(names) & set(OF_OTHER_PARTS):
            continue
        term = Term(row[1], in_plain_words(row[2]))
        own |= {name.casefold(): term for name in names}
        called = ALSO.search(row[2])
        also |= {name.strip().casefold(): term for name in re.split(r"[,:]", called[1] if called else "") if name.strip()}
    return {**also, **own}


def in_plain_words(meaning: str) -> str:
    """A meaning without its other names, without Markdown: a link is its words."""
    told = NOT.split(meaning)[0].strip()
    told = re.sub(r"\[([^\[\]]+)\]\([^()]*\)", r"\1", told)
    return re.sub(r"[*`]", "", told).strip()


def _source() -> str:
    """The glossary, "" where it is not there: nothing is marked then."""
    try:
        with GLOSSARY.open("rb") as file:
            return file.read(LARGEST).decode("utf-8", "ignore")
    except OSError:
        return ""


TERMS: Mapping[str, Term] = read(_source())
_WORDS = "|".join(re.escape(word) for word in sorted(TERMS, key=len, reverse=True) if word not in ALONE)
_TERM = re.compile(rf"(?<![\w-])(?:{_WORDS})(?:s|es)?(?![\w-])", re.I) if TERMS else None
_MARKED = Markup('<dfn class="ts-term" tabindex="0" data-term="{name}" aria-description="{meaning}">{word}</dfn>')


def term_of(word: str) -> Term | None:
    """The term that a word stands for, in the singular or the plural; None for none."""
    folded = word.casefold()
    forms = (folded, folded.removesuffix("s"), folded.removesuffix("es"))
    return next((TERMS[form] for form in forms if form in TERMS), None)


def marked(words: str, told: set[Term]) -> Markup:
    """Words with the terms in them marked, none that is in `told`; what is marked here is added to it."""
    made, end = NOTHING, 0
    for found in _found(words):
        term = term_of(found[0])
        if term is None or term in told:
            continue
        told.add(term)
        made += Markup("{}{}").format(words[end : found.start()], _MARKED.format(word=found[0], **term._asdict()))
        end = found.end()
    return made + Markup("{}").format(words[end:])


def _found(words: str) -> Iterator[re.Match[str]]:
    """The terms that stand in words: all of these as one, or those in between."""
    if _TERM is None:
        return
    if term_of(words) is not None and (whole := re.fullmatch(r".+", words)):
        yield whole
    else:
        yield from _TERM.finditer(words)
