"""Figures in running text: a kappa, a share of agreement, units in agreement, disagreements.

Only plain statements are taken ("κ = 0.68", "agreed on 27 of 30 (90.0 %)", "six contested tasks"); a comparison ("κ < 0.80") or a
range is a threshold or a legend, no figure. What a figure is about is the name its item begins with, else the last name before
it in its paragraph, else one in the headings above.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from touchstone.claims.reading.columns import AGREEMENTS, DISAGREEMENTS, KAPPAS, PERCENT
from touchstone.claims.reading.design import OVERALL, parties_with_a_machine, why_not_exact
from touchstone.claims.reading.parsing import Paragraph, Section
from touchstone.claims.reading.phrases import UNCERTAIN
from touchstone.claims.reading.statements import Size, raters_of, sizes_of
from touchstone.claims.reading.words import BETWEEN, SMALL, THINGS, WHOLE, any_of, number_of, sentences_of
from touchstone.claims.rounding import Printed, as_shares, read_number
from touchstone.english import listed

MOST_FIGURES = 1000
NUMBER = r"[+\-−]?(?:\d{1,3}(?:[.,]\d{1,12})?|[.,]\d{1,12})(?![\d]|[.,]\d)"
SIGN = r"\s*(?:%|percent\b|per cent\b)"
NO_RANGE = r"(?!\s*%?\s*(?:-|–|—|to|and up)\s*[.\d])"
IS = (
    r"(?:of|was|is|at|were|are|reached|reaches|equals?|equalled|came (?:out )?(?:to|at)|amounts? to|amounted to|stood at|"
    r"stands at|to)"
)
SOME_WORDS = r"(?:\s+[a-z'’()/-]+){0,7}?"
ASIDE = r"(?:\s*\((?:[^()\d]{0,40}|\s*[×x*]\s*100\s*)\))?"
COHENS = r"(?:Cohen['’]?s?\s+)?"
KAPPA = any_of(
    rf"(?:\b(?P<kind>quadratic(?:ally)?|linear(?:ly)?)?[- ]?(?P<weighted>\bweighted)?\s*{COHENS})(?:κ|\bkappas?\b)"
    rf"(?P<gap>{ASIDE}(?:\s*[:=≈]\s*|{SOME_WORDS}\s+{IS}\s+(?:only |just |a |an )?|\s*[,(]\s*|\s+))"
    rf"(?P<number>{NUMBER})(?P<sign>\s*%)?{NO_RANGE}"
)
KAPPA_BEHIND = any_of(rf"(?<![\d.])(?P<number>[−-]?\d?[.,]\d{{1,12}})\s+{COHENS}(?:κ|kappa)\b(?!\s*[=:<>≥≤])")
PART = any_of(
    rf"(?<![\d/.,])(?:(?P<before>{NUMBER}){SIGN}\s*[(,–—-]?\s*(?:i\.e\.,?\s*)?)?"
    r"(?P<k>\d{1,9})\s*(?:/|of|out of)\s*(?:the\s+|all\s+)?(?P<n>\d{1,9})(?![\d/]|[.,]\d|\s*%)"
    rf"(?:(?:\s+[a-z-]+){{0,3}}\s*(?:[=(,:]|or|—|–|->|→)\s*(?:=\s*|or\s*)?(?P<after>{NUMBER}){SIGN}"
    r"|\s*=\s*(?P<share>[01]?[.,]\d{1,6})(?!\d|\s*%))?"
)
AGREED_PERCENT = any_of(
    rf"(?P<number>{NUMBER}){SIGN}\s+(?:of\s+)?"
    r"(?:(?:raw|exact|observed|percent|simple|inter-?\w+|human|full|complete|label)[- ]?\s*){0,3}(?:agreement|concordance)\b"
)
AGREEMENT_IS = (
    r"\b(?:agreement|concordance)\b(?:\s*\([^()%]{0,40}\))?(?:[^%.;:,()]{0,70}?)"
    rf"(?:\s*[:=≈]\s*|\s+{IS}\s+(?:only |just |exactly )?|\s*\(\s*|\s+)"
)
AGREE_IN = (
    r"\b(?:agree[ds]?|match(?:ed|es)?|coincided?|identical|p_?[0o]|"
    r"same (?:label|score|rating|verdict|code|level|grade|category)s?)\b"
    r"(?:\s+(?:labels?|scores?|ratings?|verdicts?))?"
    r"(?:\s*[:=(]\s*|\s+(?:(?:exactly|fully|perfectly)\s+)?(?:in|on|for|at|with)?\s*(?:only |just |exactly )?)"
)
PERCENT_AGREED = any_of(rf"(?P<gap>{AGREEMENT_IS}|{AGREE_IN})(?P<number>{NUMBER}){SIGN}{NO_RANGE}")
PERCENT_OF_UNITS = any_of(
    rf"(?P<number>{NUMBER}){SIGN}\s+of\s+(?:the\s+)?(?:\d{{1,9}}\s+)?(?:[a-z-]+\s+){{0,3}}"
    r"(?:were|was|are|had|received|got|have|agreed?|matched?|show(?:ed)?)\s+"
    r"(?:[a-z]+\s+){0,4}(?:agreed|agreement|identical|same|matching|equal)\b"
)
RAW_SHARE = any_of(
    rf"\b(?:raw|observed|exact|percent|simple) agreement\b(?:\s*\([^()%]{{0,20}}\))?(?:\s*(?:[:=]|{IS})\s*|\s+)"
    rf"(?P<number>[01]?[.,]\d{{1,12}}){NO_RANGE}(?!\d|\s*%)"
)
PERCENT_NAMED = any_of(
    rf"(?:\bpercent(?:age)? agreement|% agreement|\bagreement \(%\))\s*(?:[:=]|{IS})\s*"
    rf"(?P<number>\d{{2,3}}(?:[.,]\d{{1,12}})?){NO_RANGE}(?![.,]?\d|\s*%)"
)
KAPPA_NEXT = any_of(r"^\s*\)?\s*[,;/]\s*(?:κ|kappa)")
DISPUTED = any_of(
    rf"\b(?P<number>\d{{1,6}}|{'|'.join(SMALL)})\s+(?:(?:contested|disputed|disagreeing|differing)\s+{THINGS}|disagreements?)\b"
)
AGREED = any_of(r"\b(?P<number>\d{1,6})\s+agreements\b")
AGREEING = any_of(r"\b(?:agree\w*|concord\w*|match\w*|identical|same (?:label|score|rating)|p_?0|p_?o|exact)\b")
DIFFERING = any_of(r"\b(?:disagree\w*|differ\w*|mismatch\w*|contested|disputed|discordant)\b")
SIZE_BEHIND = any_of(
    rf"^\s*(?:over|on|of|for|in|across|among)\s+(?:the\s+|all\s+)?(?P<number>{WHOLE})\s+{BETWEEN}{THINGS}\b",
    rf"^\s*\(\s*n\s*=\s*(?P<n>{WHOLE})",
)
ANOTHER = any_of(
    r"\b(new|newly|post[- ]?revision|after (?:the )?(?:rubric )?(?:revision|re-?labell?ing)|re-?labell?ed)\b",
    r"\b(re-?labell?ing|second (?:attempt|labell?ing)|updated)\b",
)
CHANGED = any_of(
    r"\b(?:improved|rose|fell|dropped|increased|decreased|went|climbed|after|before|afterwards|then|initially|finally|later)\b"
)
UNSURE = any_of(
    r"\b(?:fleiss['’]?s?|light['’]?s|conger['’]?s|scott['’]?s|weighted|mean|average|avg|median|overall|pooled|pairwise|"
    r"total|target|threshold|goal|minimum|maximum|max|cut-?off|at least|under|over|above|below|prior work|"
    r"literature|expected|between dimensions)\b[^.;|]{0,30}$"
)
ALL_UNITS = (
    r"(?:all|both|same|shared|double\S*|labell?ed|sampled|annotated|common|overlap\w*|these|those|the|our|full|whole|entire|every|"
    r"each|of|two|agreed|rated|coded|sample|in|dev|test|raw|scored|total|evaluation|twice\S*|\d+)"
)
PART_OF_UNITS = any_of(
    rf"\b(?:on|for|in|among|within|over|across|the)\s+(?:the\s+|our\s+|these\s+)?(?!{ALL_UNITS}\b)[a-z-]+\s+(?:{THINGS}|ones)\b",
    r"\b(?:the rest|remaining|remainder|subset of|half of|others)\b",
)
ALL_OF_THEM = any_of(r"(?:\b(?:the|all|there (?:were|are|was|is)|had|has|have|with|leaves?|total of|and)\s+|^)$")
LABEL = any_of(r"([^:=.;,]{2,60}?)\s*(?::|—|–|\s-\s)\s")


MOVED = (
    r"(?:rose|rises|risen|fell|falls|fallen|went|goes|gone|grew|climbed|improved|increased|decreased|declined|dropped|up|down)"
)
FROM_TO = any_of(
    rf"\b(?P<what>agreement|concordance|κ|kappa)\b[^.;:()]{{0,60}}?\b{MOVED}\b[^.;:()]{{0,30}}?\bfrom\s+(?P<first>{NUMBER})(?P<one>{SIGN})?"
    rf"(?:(?![.;:()]\s)[^;:()%]){{0,80}}?\bto\s+(?P<second>{NUMBER})(?P<other>{SIGN})?"
)


class FigureInText(NamedTuple):
    """One figure in prose. `about`: the name it is tied to, "" where none is near. `another`: the words that speak of another
    labelling ("New", "Post-revision"); `unsure`: the reason why it is not checked, a sentence without its stop; "" without.
    `own`: the n that its own sentence gives; `sentence`: its number in the file, since figures of one sentence belong together,
    `passage` its place in the paragraph. `machine`: words of the sentence that name a program or gold; `says_two`: whether it
    speaks of two annotators."""

    line: int
    figure: str
    printed: Printed
    text: str
    about: str
    another: str = ""
    unsure: str = ""
    own: int | None = None
    section: Section = ()
    sentence: int = 0
    machine: str = ""
    says_two: bool = False
    passage: int = 0


class _Found(NamedTuple):
    """Figures of one passage of a sentence: where it stands, its words, and role with figure for each. `number`: where its number
    stands."""

    start: int
    end: int
    words: str
    figures: tuple[tuple[str, Printed], ...]
    number: int
    unsure: str = ""


def figures_in(paragraphs: Iterable[Paragraph], names: Sequence[str], weighted: str = "") -> list[FigureInText]:
    """`names`: what a figure can be about, as written in the text (keys, aliases, titles). `weighted`: see
    `statements.weighted_in`; a plain kappa is unsure then. At most MOST_FIGURES are read."""
    find = name_finder(names)
    said: list[FigureInText] = []
    number = 0
    for paragraph in paragraphs:
        for figures in _of_paragraph(paragraph, find, weighted):
            number += 1
            said += [each._replace(sentence=number) for each in figures]
        if len(said) >= MOST_FIGURES:
            break
    return said[:MOST_FIGURES]


def name_finder(names: Sequence[str]) -> Callable[[str], list[tuple[int, str]]]:
    """A function that finds names in a text, each with its place. It takes time linear in the text, however many names."""
    by_first: dict[str, list[str]] = {}
    for name in sorted({name.strip() for name in names if name.strip()}, key=len, reverse=True):
        if first := re.match(r"\w+", name):
            by_first.setdefault(first[0].casefold(), []).append(name)

    def find(text: str) -> list[tuple[int, str]]:
        found, end = list[tuple[int, str]](), 0
        folded = text.casefold() if len(text.casefold()) == len(text) else text
        for word in re.finditer(r"\w+", folded):
            if word.start() < end:
                continue
            for name in by_first.get(word[0], ()):
                stop = word.start() + len(name)
                if folded.startswith(name.casefold(), word.start()) and not re.match(r"\w", folded[stop : stop + 1]):
                    found.append((word.start(), text[word.start() : stop]))
                    end = stop
                    break
        return found

    return find


def name_in(text: str, names: Sequence[str]) -> str:
    """The last of the names that stands in a text; "" for none."""
    found = name_finder(names)(text)
    return found[-1][1] if found else ""


def _of_paragraph(
    paragraph: Paragraph, find: Callable[[str], list[tuple[int, str]]], weighted: str
) -> Iterable[list[FigureInText]]:
    """The figures of each sentence."""
    text = paragraph.text
    named = find(text)
    above = [name for _, name in find(paragraph.heading)][-1:]
    label = LABEL.match(text) if paragraph.is_item else None
    own_label = (
        label[1].strip()
        if label and not AGREEING.search(label[1]) and "κ" not in label[1] and "kappa" not in label[1].casefold()
        else ""
    )
    machine = ""
    for at, sentence in sentences_of(text):
        machine = parties_with_a_machine(sentence) or (machine if text[:at].rstrip().endswith(";") else "")
        passages = _passages(sentence)
        if not passages:
            continue
        another = ANOTHER.search(sentence) or ANOTHER.search(paragraph.lead)
        sizes = sizes_of(sentence, 0, ())
        said, end = list[FigureInText](), 0
        for passage in passages:
            start = at + passage.start
            before = [name for place, name in named if place < start]
            behind = [name for place, name in named if start <= place < at + len(sentence)]
            about = own_label or next(iter(before[-1:] or behind[:1] or above), "")
            own, unclear = _own_size(sentence, sizes, end, passage)
            why = passage.unsure or _why_unsure(sentence, passage, end, own) or unclear
            for role, printed in passage.figures:
                reason = why
                if role == KAPPAS[0] and weighted and not reason:
                    reason = f"“{weighted}”: it may be a weighted kappa"
                said.append(
                    FigureInText(
                        paragraph.line,
                        role,
                        printed,
                        _with_its_share(passage.words) if len(passage.figures) == 1 or printed.whole else printed.text,
                        about,
                        another[0] if another else "",
                        reason,
                        next((each.whole for _, each in passage.figures if each.whole), own),
                        paragraph.section,
                        machine=machine,
                        says_two=bool(raters_of(sentence)[1]),
                        passage=at + passage.start,
                    )
                )
            end = passage.end
        yield said


def _with_its_share(words: str) -> str:
    """A passage with the bracket that ends it: "27 of 30 drafts (93.3 %)"."""
    return words + ")" * (words.count("(") > words.count(")"))


def _own_size(sentence: str, sizes: Sequence[Size], end: int, passage: _Found) -> tuple[int | None, str]:
    """The n that a sentence gives for a figure, else why that is open: the number right behind it, one that stands between the
    figure before and this, or the only one of the sentence that is of units labelled. `end`: where the figure before ends."""
    if behind := SIZE_BEHIND.match(sentence[passage.end :]):
        return number_of(behind["number"] or behind["n"]), ""
    ranked = [size for size in sizes if size.rank]
    top = max((size.rank for size in ranked), default=0)
    values = {size.value for size in ranked if size.rank == top}
    near = [size for size in sizes if end <= size.at < passage.number]
    if near and near[-1].noun in UNCERTAIN and not near[-1].rank:
        values.add(near[-1].value)
    near = [size for size in near if size.rank] or [size for size in near if size.alone or len(sizes) > 1]
    if near and end:
        values |= {size.value for size in near}
    if len(values) > 1:
        return None, f"its sentence gives several numbers of units ({listed([f'{each:,}' for each in sorted(values)])})"
    return next(iter(values), None), ""


def _why_unsure(sentence: str, passage: _Found, end: int, own: int | None) -> str:
    """Why the figures of a passage are not checked, by the words around them. `end`: where the passage before it ends."""
    is_percent = any(role in (PERCENT, AGREEMENTS, DISAGREEMENTS) for role, _ in passage.figures)
    before, after = sentence[end : passage.number], sentence[passage.end : passage.end + 80]
    if why := why_not_exact(before, sentence[end : passage.end], after, is_percent=is_percent):
        return why
    if found := UNSURE.search(before):
        return f"“{found[0].strip()}”: it may be a threshold, or another figure"
    several, two = raters_of(sentence)
    if several and not two:
        return f"the sentence speaks of more than two annotators (“{several.strip()}”): over several pairs it is not k of n"
    if is_percent and own is None and (part := PART_OF_UNITS.search(sentence)):
        return f"“{part[0].strip()}”: it may be of a part of the units, whose number is not said"
    changed = CHANGED.search(before)
    if is_percent and changed and own is None and not any(printed.whole for _, printed in passage.figures):
        return f"“{changed[0]}”: it may be of another labelling, whose n is not said"
    return ""


def _passages(sentence: str) -> list[_Found]:
    """Every passage of one sentence with a figure, none overlapping another."""
    found: list[_Found] = []
    for reader in (_changes, _parts, _percents, _kappas, _disagreements):
        for passage in reader(sentence):
            if all(passage.end <= other.start or passage.start >= other.end for other in found):
                found.append(passage)
    return sorted(found)


def _changes(sentence: str) -> Iterable[_Found]:
    """ "agreement rose from 71 % to 84 %": two figures, each of a labelling whose n is not said."""
    for match in FROM_TO.finditer(sentence):
        is_kappa = match["what"].casefold() in ("κ", "kappa")
        if is_kappa == bool(match["other"]):
            continue
        sign = "" if is_kappa else "%"
        figures = [each for part in ("first", "second") if (each := read_number(match[part] + sign))]
        shares = figures if is_kappa else as_shares(figures)
        told = tuple((KAPPAS[0] if is_kappa else PERCENT, each) for each in shares)
        words = sentence[match.start("first") - 5 : match.end()]
        unsure = f"“{words}”: two labellings, and the n of each is not said"
        yield _Found(match.start(), match.end(), match[0], told, match.start("first"), unsure)


def _parts(sentence: str) -> Iterable[_Found]:
    """ "27/30 = 90.0 %", "26 of 30 agree", where the words around speak of agreement or of disagreement."""
    for match in PART.finditer(sentence):
        k, n = int(match["k"]), int(match["n"])
        near = sentence[max(0, match.start() - 100) : match.start()], sentence[match.end() : match.end() + 40]
        if not n or k > n:
            continue
        role = _what_is_counted(*near)
        if role:
            figures = [(role, Printed(f"{match['k']}/{match['n']}", Fraction(k), 0, whole=n))]
            if role == AGREEMENTS and (share := match["before"] or match["after"]):
                figures += [(PERCENT, each) for each in _percent(share)]
            elif role == AGREEMENTS and match["share"] and (decimal := read_number(match["share"])):
                figures.append((PERCENT, decimal))
            yield _Found(match.start(), match.end(), match[0].strip(), tuple(figures), match.start())


def _what_is_counted(before: str, after: str) -> str:
    """Whether a part of a whole counts units in agreement or units that differ, by the nearest words; "" for neither."""
    places = []
    for role, pattern in ((AGREEMENTS, AGREEING), (DISAGREEMENTS, DIFFERING)):
        places += [(len(before) - found.end(), role) for found in pattern.finditer(before)]
        places += [(found.start() + 1, role) for found in pattern.finditer(after)]
    if not places and KAPPA_NEXT.match(after):
        return AGREEMENTS  # "84.4 % (27/32), κ 0.66"
    return min(places)[1] if places else ""


def _percents(sentence: str) -> Iterable[_Found]:
    for pattern in (AGREED_PERCENT, PERCENT_AGREED, PERCENT_OF_UNITS, PERCENT_NAMED, RAW_SHARE):
        for match in pattern.finditer(sentence):
            groups = match.groupdict()
            gap = (groups.get("gap") or "").strip()
            if re.search(r"κ|kappa|\d\s*$", gap, re.I) or DIFFERING.search(match[0]):
                continue
            number = match["number"] if pattern is RAW_SHARE else match["number"] + "%"
            for printed in [read_number(number)] if pattern is RAW_SHARE else _percent(match["number"]):
                if printed:
                    yield _Found(match.start(), match.end(), match[0].strip(), ((PERCENT, printed),), match.start("number"))


def _percent(number: str) -> list[Printed]:
    found = read_number(number + "%")
    return as_shares([found]) if found else []


def _kappas(sentence: str) -> Iterable[_Found]:
    for match in KAPPA.finditer(sentence):
        kind = (match["kind"] or "").casefold()
        if (
            match["weighted"]
            and not kind
            or re.fullmatch(r"[,(]?", match["gap"].strip())
            and not re.search(r"[.,]", match["number"])
        ):
            continue  # a weighted kappa that does not say how; a number that only follows the word
        role = KAPPAS[2] if kind.startswith("quad") else KAPPAS[1] if kind else KAPPAS[0]
        yield from _kappa(match, role)
    for match in KAPPA_BEHIND.finditer(sentence):
        yield from _kappa(match, KAPPAS[0])


def _kappa(match: re.Match[str], role: str) -> Iterable[_Found]:
    printed = read_number(match["number"])
    if printed is not None:
        hundredfold = 2 <= abs(printed.value) <= 100
        yield _Found(
            match.start(),
            match.end(),
            match[0].strip(),
            ((role, printed.times(Fraction(1, 100)) if hundredfold else printed),),
            match.start("number"),
        )


def _disagreements(sentence: str) -> Iterable[_Found]:
    both = all(len(pattern.findall(sentence)) == 1 for pattern in (DISPUTED, AGREED))
    for pattern, role in ((DISPUTED, DISAGREEMENTS), (AGREED, AGREEMENTS)):
        for match in pattern.finditer(sentence):
            number = number_of(match["number"])
            before = sentence[: match.start()]
            some = not both and not ALL_OF_THEM.search(before)  # "six disagreements were about length" may be some of more
            unsure = f"“{match[0].strip()}”: it may be some of them, not all" if some else ""
            figures = ((role, Printed(str(number), Fraction(number), 0)),)
            yield _Found(match.start(), match.end(), match[0].strip(), figures, match.start(), unsure)


def says_overall(text: str) -> str:
    """Words by which a figure is over everything; "" for none."""
    found = OVERALL.search(text)
    return found[0] if found else ""
