"""What a column of a published table holds, by its header; and what kind of table that makes.

Only what is named plainly is read. A column that might be something else (a weighted kappa that does not say how, an interval,
a threshold) is left out with the reason, so that it raises no false alarm.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from touchstone.claims.rounding import read_whole

NAME, UNIT, N, PERCENT, MEAN, SUM = "name", "unit", "n", "percent", "mean", "sum"
DISAGREEMENTS, AGREEMENTS, SCORE, LEFT_OUT = "disagreements", "agreements", "score", "left out"
KAPPAS = ("kappa unweighted", "kappa linear", "kappa quadratic")
CLAIMS, LISTING, MATRIX, OTHER = "claims", "listing", "matrix", "other"

KAPPA = re.compile(r"κ|\bkappas?\b|\bqwk\b|\bcohen'?s?\b")
NOT_THE_FIGURE = re.compile(
    r"\b(ci|interval|se|sd|std|stdev|low|lower|high|upper|band|interpretation|strength|threshold|target|"
    r"min|max|goal|before|after|old|new|change|delta|difference|diff|p value|chance|expected|"
    r"level)\b|95|±|δ"
)
OTHER_KAPPA = re.compile(r"\b(fleiss|light|conger|randolph|krippendorff|scott|gwet|mean|avg|average|max|pabak|adjusted)\b")
AGREEMENT = re.compile(
    r"(?:(?:raw|observed|exact|percent|percentage|pct|simple|overall|total|inter|rater|annotator) )*"
    r"(?:agreement|agree|agreed|concordance)(?: rate| percent| percentage| pct| share)?|po|p o|p0|p_o|"
    r"percent agreement po"
)
COUNTED = re.compile(r"(?:(?:n|num|number of|count of|units) )?(?:agreements|agreed|matches|units agreed)(?: n| count)?")
DISPUTED = re.compile(
    r"(?:(?:n|num|number of|count of|units) )?(?:disagreements?|disagree|disagreed|disputes?|disputed|"
    r"contested|mismatches|differing)(?: n| count| units| tasks| items)?"
)
SIZES = re.compile(
    r"n|n units|n items|n tasks|units|items|tasks|drafts|samples|examples|documents|cases|subjects|sample size|"
    r"size|count|(?:num|number of) (?:units|items|tasks|drafts|samples|examples|documents|cases|subjects)"
)
UNITS = re.compile(r"(?:task|draft|unit|item|sample|example|document|case|record)(?: id)?|id")
AVERAGE = re.compile(r"\b(mean|avg|average|x̄|μ|µ)\b|x̄")
TOTAL = re.compile(r"\b(sum|total)\b")
SCORED = re.compile(r"\b(score|label|rating|level|value|code|grade|answer)s?\b")
WHO = re.compile(r"(?:\b|(?<=[a-z]))([12])\b|\b([ab])\b")
ANNOTATOR = re.compile(r"(?:round|rater|annotator|coder|labell?er|judge|reviewer|time|pass|session|r|a|t) ?[12ab]")
AVERAGES = re.compile(r"(?:macro )?(?:mean|average|avg)", re.I)
TOTALS = re.compile(r"total|sum|overall|all|pooled|combined|micro(?: average| avg)?", re.I)


class Column(NamedTuple):
    """One column: its header as printed, what it is read as, and which annotator it is of (1, 2; 0 where that is open).
    `why`: of one left out."""

    header: str
    role: str
    who: int = 0
    why: str = ""

    @property
    def in_words(self) -> str:
        of = f" of annotator {self.who}" if self.who else ""
        return self.why or {
            NAME: "what the row is about",
            UNIT: "the unit",
            PERCENT: "percent agreement",
            MEAN: f"mean{of}",
            SUM: f"sum{of}",
            SCORE: f"label{of}",
            N: "n, the units",
        }.get(self.role, self.role)


def plain(header: str) -> str:
    """Lower case, without marks, brackets and underscores; of a long header the beginning."""
    return " ".join(re.sub(r"[*`^\\()\[\]:#%_\-–/.,’]", " ", header[:120].casefold().replace("’", "'")).split())


def says_percent(header: str) -> bool:
    return "%" in header or re.search(r"percent|(?:\b|_)pct(?:\b|_)", header.casefold()) is not None


def column_of(header: str, cells: Sequence[str], *, is_first: bool) -> Column:
    """What one column is read as; `cells` tell an id from a count."""
    words, percent = plain(header), says_percent(header)
    whole = bool(cells) and all(read_whole(cell) is not None for cell in cells if cell.strip())
    if KAPPA.search(words):
        return _kappa(header, words)
    if whole and not percent and DISPUTED.fullmatch(words):
        return Column(header, DISAGREEMENTS)
    if whole and not percent and COUNTED.fullmatch(words):
        return Column(header, AGREEMENTS)
    if AGREEMENT.fullmatch(words.replace("percent ", "", 1) if percent else words) or AGREEMENT.fullmatch(words):
        return Column(header, PERCENT)
    if AVERAGE.search(words) or TOTAL.search(words):
        return _mean_or_sum(header, words)
    if SIZES.fullmatch(words) and whole:
        return Column(header, N)
    return _of_words(header, words, is_first)


def _mean_or_sum(header: str, words: str) -> Column:
    if NOT_THE_FIGURE.search(words):
        return Column(header, LEFT_OUT, why="left out: no plain mean or sum")
    return Column(header, MEAN if AVERAGE.search(words) else SUM, _who(words))


def _of_words(header: str, words: str, is_first: bool) -> Column:
    """A column that contains no agreement figure."""
    if UNITS.fullmatch(words):
        return Column(header, UNIT)
    who = _who(words)
    if who and (SCORED.search(words) or ANNOTATOR.fullmatch(words)):
        return Column(header, SCORE, who)
    return Column(header, NAME) if is_first else Column(header, LEFT_OUT, why="left out: not a figure known here")


def _who(words: str) -> int:
    """The annotator a header is of: 1, 2, or 0 where that is open."""
    named = WHO.search(words)
    return {"1": 1, "a": 1, "2": 2, "b": 2}[named[1] or named[2]] if named else 0


def _kappa(header: str, words: str) -> Column:
    if OTHER_KAPPA.search(words):
        return Column(header, LEFT_OUT, why="left out: not Cohen's kappa of one pair")
    if NOT_THE_FIGURE.search(words):
        return Column(header, LEFT_OUT, why="left out: not the kappa itself")
    if "quadratic" in words or "qwk" in words:
        return Column(header, "kappa quadratic")
    if "linear" in words:
        return Column(header, "kappa linear")
    if re.search(r"(?<!un)weighted|κ w\b|\bkw\b|κw", words):
        return Column(header, LEFT_OUT, why="left out: a weighted kappa that does not say whether linear or quadratic")
    return Column(header, "kappa unweighted")


def columns_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Every column. Two means (or sums) that name nobody are the first and the second annotator's; a figure that appears twice
    is left out both times, since nothing says which is meant."""
    found = [column_of(name, [row[place] for row in rows], is_first=not place) for place, name in enumerate(header)]
    for role in (MEAN, SUM):
        open_ = [place for place, each in enumerate(found) if each.role == role and not each.who]
        mine = [each for each in found if each.role == role]
        if len(open_) == len(mine) == 2:
            for who, place in enumerate(open_, start=1):
                found[place] = found[place]._replace(who=who)
    keys = [(each.role, each.who) for each in found]
    return [
        each._replace(role=LEFT_OUT, why=f"left out: {each.in_words} appears twice")
        if each.role not in (LEFT_OUT, NAME) and keys.count(key) > 1
        else each
        for each, key in zip(found, keys, strict=True)
    ]


def kind_of(columns: Sequence[Column], names: Sequence[str]) -> str:
    """`names`: the cells of the first column. A matrix has them as headers too."""
    heads = [plain(each.header) for each in columns[1:]]
    if len(heads) > 1 and len({plain(name) for name in names} & {each for each in heads if each}) * 2 > len(heads):
        return MATRIX
    roles = {each.role for each in columns}
    if UNIT in roles and {each.who for each in columns if each.role == SCORE} == {1, 2}:
        return LISTING
    if roles & {PERCENT, *KAPPAS} or N in roles and roles & {MEAN, SUM, DISAGREEMENTS, AGREEMENTS}:
        return CLAIMS
    return OTHER
