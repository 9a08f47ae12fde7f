"""Figures in running text: a kappa, a percentage of agreement, a number of disagreements, n, and the levels.

Only plain statements are taken ("κ = 0.68", "kappa of .83", "six contested tasks"); a comparison ("κ < 0.80") is a threshold,
not a figure. What a figure is about is the last name before it in its paragraph, else one in the headings above.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from touchstone.claims.claim import Levels
from touchstone.claims.document.columns import DISAGREEMENTS, PERCENT
from touchstone.claims.document.parsing import Paragraph
from touchstone.claims.rounding import Printed, as_shares, read_number

THINGS = r"(?:tasks?|items?|units?|drafts?|samples?|examples?|documents?|cases?|texts?|emails?|e-mails?|responses?)"
WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
NUMBER_OF = rf"(\d{{1,6}}|{'|'.join(WORDS)})"
FIGURE = r"([+\-−]?\d{0,3}[.,]?\d{1,8})(?!\d|[.,]\d)"
SAID = r"(?:\s*(?:=|≈|:)\s*|\s+(?:of|was|is|at|reached|reaches|(?:improved|rose|fell|dropped|increased|went|came) to)\s+)"
KAPPA = re.compile(
    rf"(?:(quadratic(?:ally)?|linear(?:ly)?)?[- ]?(weighted)?\s*(?:Cohen['’]s\s+)?)(?:κ|\bkappa\b){SAID}{FIGURE}"
    r"(?!\s*%)",
    re.I,
)
AGREED = re.compile(
    rf"{FIGURE}\s*%\s+(?:raw |exact |observed |percent )?agreement\b|"
    rf"\b(?:percent |raw |exact |observed )?agreement{SAID}{FIGURE}\s*%",
    re.I,
)
DISPUTED = re.compile(rf"\b{NUMBER_OF}\s+(?:(?:contested|disputed|disagreeing|differing)\s+{THINGS}|disagreements?)\b", re.I)
SIZE = re.compile(
    r"\bn\s*=\s*(\d{1,9})\b(?![.,]\d)|"
    r"\b(\d{1,9})[- ](?:task|item|unit|draft|example|document|text)s?[- ](?:subset|sample)\b|"
    rf"\b(\d{{1,9}})\s+{THINGS}\s+(?:were\s+|was\s+)?(?:double-)?(?:sampled|drawn|labell?ed|annotated|rated|coded)\b|"
    rf"\b(?:labell?ed|annotated|rated|coded|judged|scored)\s+(\d{{1,9}})\s+{THINGS}\b",
    re.I,
)
SCALE = re.compile(
    r"\b(?:scores?|levels?|scale|ratings?|labels?)(?:\s+(?:of|from|is|was))?\s*[(:]?\s*(\d{1,2})\s*"
    r"(?:–|-|—|to|through)\s*(\d{1,2})\b",
    re.I,
)
ANOTHER = re.compile(
    r"\b(new|newly|post[- ]?revision|after (?:the )?(?:rubric )?(?:revision|re-?labell?ing)|re-?labell?ed|"
    r"re-?labell?ing|second (?:attempt|labell?ing)|updated)\b",
    re.I,
)
UNSURE = re.compile(
    r"\b(fleiss['’]?s?|light['’]?s|conger['’]?s|scott['’]?s|weighted|mean|average|avg|median|overall|pooled|"
    r"total|target|threshold|goal|minimum|maximum|max|cut-?off|at least|under|over|above|below|prior work|"
    r"literature|expected|between dimensions)\b[^.;|]{0,30}$",
    re.I,
)
UNSURE_AFTER = re.compile(
    r"^[^.;]{0,3}\s*\b(or (?:higher|more|above|better|lower|less)|and above|threshold|cut-?off|target)\b", re.I
)
WEIGHTED = re.compile(
    r"\b(?:quadratic|linear)(?:ally|ly)?[- ]weight(?:ed|s)\b|\b(?:quadratic|linear|weighted) (?:cohen['’]s )?"
    r"(?:κ|kappa)|\bqwk\b",
    re.I,
)
PEOPLE = r"(?:\s+[a-z-]+)?\s+(?:annotators|raters|labell?ers|coders|judges|reviewers|graders)\b"
SEVERAL = re.compile(rf"\b(?:three|four|five|six|seven|eight|nine|ten|[3-9]|[1-9]\d){PEOPLE}|\bpairwise\b|\bfleiss\b", re.I)
TWO = re.compile(rf"\b(?:two|both|2){PEOPLE}|\b(?:second|other) (?:annotator|rater|labell?er|coder|judge)\b", re.I)
ALL_OF_THEM = re.compile(r"(?:\b(?:the|all|there (?:were|are|was|is)|had|has|have|with|leaves?|total of)\s+|^)$", re.I)
LEAD = re.compile(r"\s*\*\*([^*]{1,120})\*\*")
SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z*0-9(])")
LONGEST_PARAGRAPH = 20_000


class FigureInText(NamedTuple):
    """One figure in prose. `about`: the name it is tied to, "" where none is near. `another`: the words that speak of another
    labelling ("New", "Post-revision"); `unsure`: words that make it perhaps another figure, or a threshold ("mean", "or
    higher"), or some of more disagreements; "" without."""

    line: int
    figure: str
    printed: Printed
    text: str
    about: str
    another: str
    unsure: str = ""


def figures_in(paragraphs: Sequence[Paragraph], names: Sequence[str], weighted: str = "") -> list[FigureInText]:
    """`names`: what a figure can be about, as written in the text (keys, aliases, titles). `weighted`: see `weighted_in`; a plain
    kappa is unsure then."""
    find = _finder(names)
    found = [said for each in paragraphs for said in _of_paragraph(each, find)]
    return [each._replace(unsure=each.unsure or weighted) if each.figure == "kappa unweighted" else each for each in found]


def weighted_in(paragraphs: Sequence[Paragraph]) -> str:
    """Words by which the text says that its kappa is a weighted one; "" where there are none, or it speaks of both."""
    text = "\n".join(f"{each.heading} {each.text[:LONGEST_PARAGRAPH]}" for each in paragraphs)
    found = WEIGHTED.search(text)
    return found[0] if found and not re.search(r"\bunweighted\b", text, re.I) else ""


def several_in(paragraphs: Sequence[Paragraph]) -> str:
    """Words by which the text says that more than two labelled; "" where there are none, or it speaks of two as well."""
    text = "\n".join(f"{each.heading} {each.text[:LONGEST_PARAGRAPH]}" for each in paragraphs)
    found = SEVERAL.search(text)
    return found[0] if found and not TWO.search(text) else ""


def _finder(names: Sequence[str]) -> re.Pattern[str] | None:
    known = sorted({name for name in names if name.strip()}, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, known)) + r")(?!\w)", re.I) if known else None


def name_in(text: str, names: Sequence[str]) -> str:
    """The last of the names that stands in a text; "" for none."""
    find = _finder(names)
    return found[-1] if find and (found := find.findall(text)) else ""


def _of_paragraph(paragraph: Paragraph, find: re.Pattern[str] | None) -> list[FigureInText]:
    text = paragraph.text[:LONGEST_PARAGRAPH]
    lead = LEAD.match(text)
    at, said = 0, []
    for sentence in SENTENCE.split(text):
        at = text.index(sentence, at)
        another = ANOTHER.search(sentence) or (ANOTHER.search(lead[1]) if lead else None)
        for found, figure, number in _in_sentence(sentence):
            printed = _printed(figure, number)
            if printed is None:
                continue
            before = find.findall(text[: at + found.start()]) if find else []
            behind = find.findall(sentence[found.end() :]) if find else []
            above = find.findall(paragraph.heading) if find else []
            about = next((each for each in (before[-1:], behind[:1], above[-1:]) if each), [""])[0]
            unsure = UNSURE.search(sentence[: found.start()]) or UNSURE_AFTER.search(sentence[found.end() :])
            if figure == DISAGREEMENTS and not ALL_OF_THEM.search(sentence[: found.start()]):
                unsure = found  # "six disagreements were about length" may be some of more
            said.append(
                FigureInText(
                    paragraph.line,
                    figure,
                    printed,
                    found[0].strip(),
                    about,
                    another[0] if another else "",
                    unsure[0].strip() if unsure else "",
                )
            )
    return said


def _in_sentence(sentence: str) -> list[tuple[re.Match[str], str, str]]:
    found = []
    for each in KAPPA.finditer(sentence):
        kind = (each[1] or "").casefold()
        if each[2] and not kind:
            continue  # a weighted kappa that does not say how
        found.append(
            (each, "kappa quadratic" if kind.startswith("quad") else "kappa linear" if kind else "kappa unweighted", each[3])
        )
    found += [(each, PERCENT, (each[1] or each[2]) + "%") for each in AGREED.finditer(sentence)]
    found += [(each, DISAGREEMENTS, each[1]) for each in DISPUTED.finditer(sentence)]
    return sorted(found, key=lambda each: each[0].start())


def _printed(figure: str, number: str) -> Printed | None:
    if number.casefold() in WORDS:
        number = str(WORDS.index(number.casefold()))
    found = read_number(number)
    return as_shares([found])[0] if found and figure == PERCENT else found


def sizes_in(paragraphs: Sequence[Paragraph]) -> dict[int, tuple[int, str]]:
    """Every n the text gives: the number, and the line and words of where it first does."""
    found: dict[int, tuple[int, str]] = {}
    for each in paragraphs:
        for match in SIZE.finditer(each.text[:LONGEST_PARAGRAPH]):
            found.setdefault(int(next(group for group in match.groups() if group)), (each.line, match[0]))
    return found


def levels_in(paragraphs: Sequence[Paragraph]) -> tuple[Levels, str]:
    """The levels the text gives ("scores 0–3") and its words; unknown where it gives none, or several."""
    found: dict[tuple[int, int], str] = {}
    for each in paragraphs:
        for match in SCALE.finditer(each.text[:LONGEST_PARAGRAPH]):
            low, high = int(match[1]), int(match[2])
            if low < high <= low + 20:
                found.setdefault((low, high), match[0])
    if len(found) != 1:
        return Levels(), ""
    (((low, high), words),) = found.items()
    return Levels(high - low + 1, tuple(range(low, high + 1))), words
