"""What a column of a published table holds, by its header (and, of a table turned, what a row holds).

Only what is named plainly is read. A column that might be something else (a weighted kappa that does not say how, an interval,
a threshold) is left out with the reason, so that it raises no false alarm. Of columns that hold the same figure of several
pairs or rounds, `of` says which.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from touchstone.claims.reading.words import THING_NOUNS, any_of, words
from touchstone.claims.rounding import read_number, read_part, read_whole

NAME, UNIT, N, PERCENT, MEAN, SUM = "name", "unit", "n", "percent", "mean", "sum"
DISAGREEMENTS, AGREEMENTS, POSITIVE, SCORE = "disagreements", "agreements", "positive", "score"
LEVELS, LEFT_OUT, UNREAD = "levels", "left out", "not read"
KAPPAS = ("kappa unweighted", "kappa linear", "kappa quadratic")
OF_A_PAIR = (PERCENT, DISAGREEMENTS, AGREEMENTS, N, *KAPPAS)

KAPPA = any_of(r"κ", r"\bkappas?\b", r"\bqwk\b", r"\bcohen'?s?\b", r"\bkappa(?=\d|$)")
NOT_THE_FIGURE = any_of(
    r"\b(ci|interval|se|sd|std|stdev|low|lower|high|upper|band|interpretation|strength|threshold|target|range|reading|min|max)\b",
    r"\b(goal|before|after|old|new|change|delta|difference|diff|p value|chance|expected|pe|p e|level)\b",
    r"95|±|δ",
)
OTHER_KAPPA = any_of(r"\b(fleiss|light|conger|randolph|krippendorff|scott|gwet|mean|avg|average|max|pabak|adjusted)\b")
OTHER_AGREEMENT = any_of(
    r"\b(f1|f|f score|dice|jaccard|iou|token|tokens|word|span|spans|keyword|keywords|entity|within|adjacent|tolerance|partial)\b",
    r"\b(relaxed|lenient|fuzzy|soft|mean|avg|average|pooled|positive|negative|specific|category|ordinal|weighted|overlap|near)\b",
    r"\b(one|top|pairwise|majority|alpha|ac1|gwet|icc)\b|±",
)
CORE = frozenset(
    words("agreement agree agrees agreed agreeing concordance concordant match matches matched matching identical po p0")
)
SAME_LABEL = any_of(r"(?:the )?same (?:label|score|rating|verdict|answer|code)s?")
AROUND_AGREEMENT = frozenset(
    words(
        "raw observed exact percent percentage pct simple overall total inter intra rater raters annotator annotators coder "
        "human interrater interannotator rate share full strict absolute the of on in po p0 p o ratio value tasks items units "
        "cases documents with proportion score unweighted same labels label"
    )
)
COUNTING = frozenset(words("n num number of count units items tasks cases documents times total # no the pairs"))
DISPUTED = frozenset(
    words(
        "disagreement disagreements disagree disagreed disagrees dispute disputes disputed contested mismatch mismatches "
        "mismatched differing differ differs discordant conflicts"
    )
)
AGREED_COUNT = frozenset(words("agreements agree agreed matches matched agrees concordant identical same"))
SIZE_HEADS = frozenset({*THING_NOUNS, "n", "size", "count", "overlap", "subjects"} - {"disagreements", "levels"})
AROUND_SIZE = frozenset(
    words(
        "n num number of the total sample labeled labelled label double doubly both twice rated coded scored compared shared "
        "common jointly overlapping evaluated judged sampled reviewed tested valid usable evaluation eval set in size count "
        "per dimension dimensions annotated overlap used unique all our dev test labelling labeling each by co dual iaa"
    )
)
CERTAIN_SIZE = frozenset(
    words("n labeled labelled annotated double both twice rated coded compared shared overlap judged iaa sample pairs")
)
UNITS = any_of(r"(?:task|draft|unit|item|sample|example|document|case|record|text|prompt)(?: id)?", r"id")
AVERAGE = any_of(r"\b(mean|avg|average|x̄|μ|µ)\b", r"x̄")
TOTAL = any_of(r"\b(sum|total)\b")
SCORED = any_of(r"\b(score|label|rating|level|value|code|grade|answer)s?\b")
WHO = any_of(r"(?:\b|(?<=[a-z]))([12])\b", r"\b([ab])\b")
ONE_OF_THEM = r"(?:round|rater|annotator|coder|labell?er|judge|reviewer|time|pass|session|day|run|r|a|t)"
ANNOTATOR = any_of(rf"{ONE_OF_THEM} ?[12ab]")
POSITIVES = any_of(
    r"\b(pass|passes|passed|fail|fails|failed|yes|no|positives?|negatives?|accept(?:ed|s)?|reject(?:ed|s)?|true|false)\b"
)
AROUND_POSITIVE = any_of(
    rf"\b(?:{ONE_OF_THEM}|[12ab]|r[12]|count|counts|n|rate|number|of|pct|percent|share|total|labels|tasks|items)\b"
)
LEVEL_NAMES = any_of(r"(?:number of |n )?(?:levels?|scale|classes|options|label set|categories|scale type|response scale)")
KNOWN_OTHER = any_of(
    r"\b(weight|threshold|target|rank|index|version|year|line|points?|score|max|maximum|min|minimum|cost|time|minutes|seconds)\b",
    r"\b(hours|length|seed|status|notes?|comment|alpha|ac1|ac2|pabak|fleiss|f1|accuracy|precision|recall|median|sd|std|ci)\b",
    r"\b(interval|raters|annotators|coders|judges|labell?ers|reviewers|levels?|date|day|page|section|priority|order|decision)\b",
    r"\b(action|verdict|within one)\b|^(?:no|#|nr|id|)$",
)
PAIR = any_of(r"\b(?:vs?|versus)\b", r"\w\s*+(?:[-–—×/&+]|\band\b)\s*+\w")
AVERAGES = re.compile(r"(?:macro )?(?:mean|average|avg)", re.I)
TOTALS = re.compile(r"total|sum|overall|all|pooled|combined|micro(?: average| avg)?", re.I)
UNKNOWN = "not a figure known here"


class Column(NamedTuple):
    """One column: its header as printed, what it is read as, and which annotator it is of (1, 2; 0 where that is open).
    `why`: of one left out. `of`: the pair or round it is of, where several columns hold the same figure."""

    header: str
    role: str
    who: int = 0
    why: str = ""
    of: str = ""

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
            POSITIVE: f"how often one of two levels{of}",
            N: "n, the units",
        }.get(self.role, self.role) + (f" ({self.of})" if self.of else "")


def plain(header: str) -> str:
    """Lower case, without marks, brackets and underscores; of a long header the beginning."""
    return " ".join(re.sub(r"[*`^\\()\[\]:#%_\-–/.,’]", " ", header[:120].casefold().replace("’", "'")).split())


def says_percent(header: str) -> bool:
    return "%" in header or re.search(r"percent|(?:\b|_)pct(?:\b|_)", header.casefold()) is not None


class _Header(NamedTuple):
    """A header with what its cells look like: all whole numbers, or parts of a whole ("20/30")."""

    text: str
    words: str
    percent: bool
    whole: bool
    parts: bool
    is_first: bool

    @property
    def tokens(self) -> set[str]:
        return {word for word in self.words.split() if not (word.isdigit() and len(word) > 1)}


def column_of(header: str, cells: Sequence[str], *, is_first: bool) -> Column:
    """What one column is read as; `cells` tell an id from a count."""
    filled = [cell for cell in cells[:200] if cell.strip()]
    whole = bool(filled) and all(read_whole(cell) is not None for cell in filled)
    parts = bool(filled) and all(read_part(cell) is not None for cell in filled)
    asked = _Header(header, plain(header), says_percent(header), whole, parts, is_first)
    return next(column for reader in _READERS if (column := reader(asked)) is not None)


def _kappa(asked: _Header) -> Column | None:
    header, words = asked.text, asked.words
    if not KAPPA.search(words):
        return None
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


def _positive(asked: _Header) -> Column | None:
    """How often one annotator gave one of two levels: "Round 1 pass"."""
    who = _who(asked.words)
    if not who or not (asked.whole or asked.parts or asked.percent) or not POSITIVES.search(asked.words):
        return None
    if AROUND_POSITIVE.sub(" ", POSITIVES.sub(" ", asked.words, count=1)).strip():
        return None
    return Column(asked.text, POSITIVE, who)


def _counted(asked: _Header) -> Column | None:
    """Units in agreement, or that differ, as whole numbers."""
    if not asked.whole or asked.percent or "%" in asked.text:
        return None
    tokens = asked.tokens
    if tokens & DISPUTED and tokens <= DISPUTED | COUNTING:
        return Column(asked.text, DISAGREEMENTS)
    if tokens & AGREED_COUNT and tokens <= AGREED_COUNT | COUNTING or _says_same(asked) and tokens & COUNTING:
        return Column(asked.text, AGREEMENTS)
    if tokens <= {"exact", "match", "matches"} and tokens & {"match", "matches"}:
        return Column(asked.text, AGREEMENTS)
    return None


def _says_same(asked: _Header) -> bool:
    return SAME_LABEL.search(asked.words) is not None


def _agreement(asked: _Header) -> Column | None:
    tokens = asked.tokens
    exact = asked.words in ("exact", "p o") and not asked.whole
    if not (tokens & CORE or _says_same(asked) or exact):
        return None
    if NOT_THE_FIGURE.search(asked.words):
        return Column(asked.text, LEFT_OUT, why="left out: not the agreement itself")
    if OTHER_AGREEMENT.search(asked.words):
        return Column(asked.text, LEFT_OUT, why="left out: another measure than the share of units with equal labels")
    rest = tokens - CORE - AROUND_AGREEMENT
    if not rest or PAIR.search(asked.text.casefold()) or ANNOTATOR.search(asked.words):
        return Column(asked.text, PERCENT)
    return Column(asked.text, PERCENT, of=" ".join(word for word in asked.words.split() if word in rest))


def _mean_or_sum(asked: _Header) -> Column | None:
    words = asked.words
    is_mean = AVERAGE.search(words)
    if not is_mean and not TOTAL.search(words) or asked.whole and asked.tokens & SIZE_HEADS and not is_mean:
        return None
    if NOT_THE_FIGURE.search(words):
        return Column(asked.text, LEFT_OUT, why="left out: no plain mean or sum")
    return Column(asked.text, MEAN if is_mean else SUM, _who(words))


def _size(asked: _Header) -> Column | None:
    tokens = asked.tokens
    if asked.percent or not tokens & SIZE_HEADS or not tokens <= SIZE_HEADS | AROUND_SIZE:
        return None
    certain = tokens & {"n", "size", "count", "number", "num"}
    return Column(asked.text, N) if asked.whole or certain and not asked.is_first else None


def is_certain_size(header: str) -> bool:
    """Whether a column of n says that it is of what was labelled; a bare "Examples" may count something else."""
    return bool(set(plain(header).split()) & CERTAIN_SIZE)


def _levels(asked: _Header) -> Column | None:
    found = not asked.is_first and LEVEL_NAMES.fullmatch(asked.words)
    return Column(asked.text, LEVELS, why="the levels") if found else None


def _of_words(asked: _Header) -> Column:
    """A column that contains no agreement figure."""
    if UNITS.fullmatch(asked.words):
        return Column(asked.text, UNIT)
    who = _who(asked.words)
    if who and (SCORED.search(asked.words) or ANNOTATOR.fullmatch(asked.words)):
        return Column(asked.text, SCORE, who)
    if asked.is_first:
        return Column(asked.text, NAME)
    known = KNOWN_OTHER.search(asked.words) is not None and asked.text.strip("*` ") != "%"
    return Column(asked.text, LEFT_OUT if known else UNREAD, why=f"left out: {UNKNOWN}")


_READERS: tuple[Callable[[_Header], Column | None], ...] = (
    _kappa,
    _positive,
    _counted,
    _agreement,
    _size,
    _mean_or_sum,
    _levels,
    _of_words,
)


def _who(words: str) -> int:
    """The annotator a header is of: 1, 2, or 0 where that is open or several are named."""
    named = {one or other for one, other in WHO.findall(words)}
    return {"1": 1, "a": 1, "2": 2, "b": 2}[named.pop()] if len(named) == 1 else 0


def columns_of(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[Column]:
    """Every column. Two means (or sums) that name nobody are the first and the second annotator's; a figure that appears twice
    is told apart by the other words of its headers, and left out both times where these tell nothing."""
    cells = [[row[place] for row in rows] for place in range(len(header))]
    found = [column_of(name, cells[place], is_first=not place) for place, name in enumerate(header)]
    for role in (MEAN, SUM):
        open_ = [place for place, each in enumerate(found) if each.role == role and not each.who]
        mine = [each for each in found if each.role == role]
        if len(open_) == len(mine) == 2:
            for who, place in enumerate(open_, start=1):
                found[place] = found[place]._replace(who=who)
    found = [_in_company(column, found, cells[place]) for place, column in enumerate(found)]
    found = _told_apart(found)
    keys = [(each.role, each.who, each.of) for each in found]
    return [
        each._replace(role=LEFT_OUT, why=f"left out: {each.in_words} appears twice")
        if each.role not in (LEFT_OUT, UNREAD, NAME, LEVELS) and keys.count(key) > 1
        else each
        for each, key in zip(found, keys, strict=True)
    ]


def _in_company(column: Column, others: Sequence[Column], cells: Sequence[str]) -> Column:
    """A column that only the others tell: "Percent" beside counts of agreement, and "Agree" as whole numbers with nothing that
    says whether they are counts or percentages."""
    roles = {each.role for each in others}
    words = plain(column.header)
    if column.role == UNREAD and roles & {AGREEMENTS, DISAGREEMENTS}:
        rates = words in ("percent", "pct", "", "percentage", "rate", "share", "ratio") and _are_figures(cells)
        return Column(column.header, PERCENT) if rates and column.header.strip() else column
    if column.role == AGREEMENTS and words in ("agree", "agreed", "same", "identical", "match", "exact match"):
        beside = roles & {DISAGREEMENTS, N} or any(says_percent(each.header) for each in others)
        small = all((read_whole(cell) or 0) <= 100 for cell in cells)
        if small and not beside:
            return Column(column.header, LEFT_OUT, why="left out: it does not say whether it counts units or is a percentage")
    return column


def _are_figures(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells) and all(read_number(cell) is not None for cell in cells if cell.strip())


def _told_apart(columns: Sequence[Column]) -> list[Column]:
    """Columns of one figure of several pairs or rounds, each with the words that only its header has. A column that says its pair
    while no other holds the same figure keeps it where others of the table are of that pair."""
    times = Counter(each.role for each in columns if each.role in OF_A_PAIR)
    several = {role for role, number in times.items() if number > 1}
    wanted = [_which(each) if each.role in OF_A_PAIR else "" for each in columns]
    pairs = {which for each, which in zip(columns, wanted, strict=True) if each.role in several}
    return [
        each._replace(of=which)
        if each.role in several or which and which in pairs
        else each
        if each.role == PERCENT and not each.of
        else each
        for each, which in zip(columns, wanted, strict=True)
    ]


def _which(column: Column) -> str:
    """The words of a header that do not name its figure: "R1 vs R3" of "R1 vs R3 kappa"."""
    bare = re.sub(r"[*`^\\()\[\]:#%,]", " ", column.header[:120])
    kept = [word for word in bare.split() if not set(plain(word).split()) <= _NAMING or not plain(word)]
    return " ".join(kept).strip(" -–—&/")


_NAMING = frozenset(
    {*CORE, *DISPUTED, *AGREED_COUNT, "κ", "kappa", "kappas", "cohen's", "cohens", "cohen", "unweighted", "n", "percent", "pct"}
    | {"percentage", "raw", "observed", "exact", "rate", "linear", "quadratic", "weighted", "qwk", "number", "of", "count"}
)
