"""Words by which a printed figure is something else than two annotators' plain agreement on n units.

Such a figure is read and not checked: no k of n units needs to print so. Each kind of words has a sentence that says why.
"""

import re
from typing import NamedTuple

from touchstone.claims.reading.words import MACHINE, any_of

FINE = (
    "token|word|character|subword|span|phrase|entity|mention|keyword|tag|pixel|voxel|frame|edge|clause|sentence|utterance|turn|"
    "segment|boundary|field|step|bit|line|paragraph|passage|slot|claim|fact|aspect|attribute|feature|code|label|cell|decision|"
    "judgment|judgement|rating"
)
PARTS = "tokens|words|spans|characters|entities|mentions|keywords|pixels|tags|phrases|edges"


class Kind(NamedTuple):
    """Words and what follows from them. `right_before`: looked for in what ends at the figure, and of shares alone."""

    pattern: re.Pattern[str]
    because: str
    right_before: bool = False


KINDS = (
    Kind(
        any_of(
            rf"\b(?:{FINE})s?[- ](?:level|wise|based|by[- ](?:{FINE}))\b|\bat (?:the )?(?:level of )?(?:{FINE})s?(?: level)?\b",
            r"\b(?:keyword|span|token|entity|boundary|phrase|tag) (?:agreement|match(?:es)?|overlap)\b",
            rf"\bper[- ](?:{FINE})\b|\b(?:of|over|on|across) (?:all |the )*+(?:{PARTS})\b",
        ),
        "it counts parts of the units, and their number is not n",
    ),
    Kind(
        any_of(
            r"\bf[- ]?(?:1|score|measure)\b|\bdice\b|\bjaccard\b|\biou\b|\bbleu\b|\brouge\S*|\bcosine\b|\bcorrelation\b",
            r"\bpearson\b|\bspearman\b|\bkendall\b|\bicc\b|\bmasi\b|\bac[12]\b|\bgwet\b|\bpabak\b|\bkrippendorff\S*|\b(?:α|alpha)\b|\bscott\b",
            r"\b(?:positive|negative|specific|category|class) agreement\b|\boverlap score\b|\bsimilarity\b|\bmacro\b|\bmicro\b",
        ),
        "it is another measure than the share of units with equal labels",
    ),
    Kind(
        any_of(
            r"\bwithin (?:\w+ )?(?:one|two|a|1|2|±)\b|±\s*[12]\b|\+/-\s*[12]\b|\bplus or minus\b|\badjacent\b",
            r"\b(?:relaxed|lenient|partial|fuzzy|soft|approximate|near|loose)(?:ly)?[- ](?:match\w*|agree\w*|consensus)\b",
            r"\b(?:one|1|two|2)[- ](?:point|level|step) (?:tolerance|difference|apart)\b",
            r"\boff by\b|\btolerance\b|\btop[- ]?\d\b|\bat least partial",
        ),
        "labels that are near count as equal, so it is no exact agreement",
    ),
    Kind(
        any_of(
            r"\b(?:mean|average[ds]?|avg|averaging|median|pooled|pooling|aggregate[ds]?|combined|macro-averaged|averaged)\b",
            r"\b(?:across|over|of|for) (?:all )?(?:the |our |these )?(?:\w+ )?(?:dimensions|criteria|questions|categories|"
            r"aspects|attributes|rubrics|axes|pairs|folds|batches|languages|datasets|annotators|raters|features|fields)\b",
            r"\bper (?!cent\b)[a-z]+|\b(?:by|each) (?:\w+ )?pairs?\b",
            r"\b(?:by|for each|in each|for every) (?:topic|class|language|source|level|label|batch)\b",
        ),
        "it is over several dimensions or pairs, so it need not be k of n",
    ),
    Kind(
        any_of(r"\bweighted (?:by|for|with|agreement)\b|\bweighting\b|\b(?!quadratic|linear)[a-z]+-weighted (?!kappa|κ)"),
        "it is weighted, so it need not be k of n",
    ),
    Kind(
        any_of(
            r"\b(?:about|roughly|approximately|approx|around|nearly|almost|some|over|more than|less than|under|above|below|"
            r"at least|at most|up to|circa|ca|close to|exceed(?:s|ed|ing)?|between|from|only just)\.?\s*$|[~≈<>≥≤]\s*$"
        ),
        "it is not given exactly",
        right_before=True,
    ),
    Kind(
        any_of(
            r"\b(?:expected|chance|target\w*|threshold\w*|goal|minimum|maximum|cut-?off|required?|aim(?:ed|s)?|hypothe\w+)\b",
            r"\b(?:would|could|should|prior work|previous(?:ly)?|literature|reported|earlier|et al|published|compared with)\b",
            r"\b(?:if|compared to|assum\w+|for example|e\.g|typical(?:ly)?|usually|benchmark of|another|other)\b",
        ),
        "it may be a threshold, or a figure of something else",
    ),
)
LATER = any_of(
    r"^[^.;]{0,3}\s*\b(?:or (?:higher|more|above|better|lower|less)|and above|threshold|cut-?off|target)\b|^\s*\+",
    r"^\s*(?:,|/|and)\s*(?:and\s+)?\d[\d.,]*\s*%",
    r"^[^.;,]{0,40}\b(?:within (?:one|1|two|±)|at the \w+[- ]level|(?:token|word|span|entity|keyword|character)[- ]level|"
    r"per (?:token|word|span)|on average|by chance|weighted (?:by|for|with)|"
    rf"of (?:all )?(?:the )?(?:{PARTS}|decisions|labels|ratings|judge?ments|annotations|questions|attributes|fields|codes))\b",
)
OVERALL = any_of(r"\b(?:overall|total|in total|altogether)\b")


def why_not_exact(before: str, around: str, after: str, *, counted: str = "", is_percent: bool) -> str:
    """Words around a figure and what follows from them, as a sentence without its stop; "" for a plain figure.

    `before`: its sentence up to its number, from the figure before it on; `around`: the same up to the end of its own words;
    `after`: the words behind these. `counted`: the noun of what n counts, which may be sentences or words itself."""
    for kind in KINDS:
        found = kind.pattern.search(before if kind.right_before else around)
        if found and (is_percent or not kind.right_before) and not _is_counted(found[0], counted):
            return f"“{found[0].strip()}”: {kind.because}"
    if (found := LATER.search(after)) and not _is_counted(found[0], counted):
        return f"“{found[0].strip()}”: it may be a threshold, or no exact agreement on n units"
    return ""


def _is_counted(words: str, counted: str) -> bool:
    """Whether the words only name what n counts."""
    return bool(counted) and counted.rstrip("s").removesuffix("ie") in words.casefold()


def parties_with_a_machine(words: str) -> str:
    """Words that name a program, a model or gold as one of two sides; "" where people alone may be meant."""
    found = MACHINE.search(words)
    return found[0] if found else ""
