"""An agreement report as one HTML file or one Markdown file.

Both are drawn from the same rows, so a figure cannot differ between them. Figures stand with four decimals; the HTML
holds the JSON itself too. Points and intervals of the overview have two, as on the page.
"""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from touchstone.agreement.coefficient import OF_ALL, OF_TWO, Coefficient, on_level, with_meaning_on
from touchstone.agreement.estimation.intervals import DRAWS
from touchstone.agreement.figure import Figure, PairReport, in_words, short
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.verdict import Judgement, judgement_in_words
from touchstone.english import day, listed, many
from touchstone.papers import Ready, html_templates, markdown_templates, visible
from touchstone.papers.colours import ON_DARK, MapCell, map_cells
from touchstone.rubric.model import Dimension, Rubric
from workflow.agreement.forest import ForestRow, forest_rows
from workflow.agreement.papers.pictures import forest, forest_in_text, interval, interval_axis
from workflow.agreement.report import Report

HTML, MARKDOWN = (templates(Path(__file__).parent) for templates in (html_templates, markdown_templates))
DECIMALS = 4
LEAST_COLUMN, WIDEST_HEAD = 8, 56  # characters of a map's column, and of all its columns together, on a page
METHOD = (
    "Every figure is computed from the histogram of label patterns of its dimension, over the declared levels, including those "
    "nobody used. Weighted coefficients go by a level’s position among the declared levels (by its value where the rubric says "
    "so), interval alpha by its value. Levels of a nominal scale have no order, and nothing shown of them depends on one. "
    "Missing labels: percent, Fleiss, Conger, AC1, AC2 and Brennan–Prediger as Gwet (2014) treats them, the alphas by "
    "pairwise deletion (Krippendorff 2011). The figure that the threshold is held against is marked as judged.",
    f"Low and high are the ends of a 95 % interval. For two annotators: 2.5 and 97.5 percentiles of the figure over {DRAWS:,} "
    "tables drawn from Dirichlet(count + 1/q²), q levels, seeded by the table and widened to hold the estimate; the upper end of "
    "weighted figures also by how far apart disagreements are. For more: the same percentiles of a Bayesian bootstrap over "
    "drafts, with one further draft in each draw that was not seen. Where drafts share a task, trace or template the verdict "
    "rests on an interval by clusters, named beside it: a jackknife that leaves out one cluster at a time, with Student’s t.",
    "With more than two annotators, or pairs from a pool, the threshold is compared with Krippendorff’s alpha, never a mean of "
    "pairs. A figure that is undefined says why in words. Agreement is always computed from the labels before adjudication.",
)
KINDS = {"double": "inter-rater round", "retest": "test-retest round", "calibration": "calibration round"}


class FigureLine(NamedTuple):
    """A figure as a row: three numbers, or the words why there are none; `picture` is its interval as SVG."""

    name: str
    value: str | None
    low: str | None
    high: str | None
    undefined: str | None
    picture: str
    is_judged: bool


class LevelLine(NamedTuple):
    """One level of a pair: both marginals, and the agreement on it; `title` is "" where it only repeats the level."""

    level: str
    title: str
    in_words: str
    a: int
    b: int
    line: FigureLine


class PairTables(NamedTuple):
    """Two annotators: their table with its colours by day and in the dark, the levels, the figures."""

    a: str
    b: str
    n: int
    table: Sequence[Sequence[int]]
    colours: Sequence[Sequence[tuple[MapCell, MapCell]]]
    by_level: Sequence[LevelLine]
    lines: Sequence[FigureLine]
    beside: Sequence[tuple[str, str]]

    @property
    def titles_fit(self) -> bool:
        """Whether the columns of the map, as wide as their longest words, find room on a page beside the rows' titles."""
        longest = [max((len(word) for word in level.title.split()), default=0) for level in self.by_level]
        return sum(max(LEAST_COLUMN, length) for length in longest) <= WIDEST_HEAD


class Section(NamedTuple):
    """One dimension as both templates draw it."""

    key: str
    title: str
    question: str
    report: DimensionReport
    judged: str
    threshold: str
    statistic: str
    verdict: str
    overall: Sequence[FigureLine]
    intraclass: Sequence[FigureLine]
    pairs: Sequence[PairTables]
    opinion: Sequence[str]


def html(report: Report) -> str:
    """The report as an HTML file: one file, no script, nothing asked of a network."""
    return HTML.get_template("report.html").render(
        **_view(report), json=_json(report), forest=forest(_rows(report)), axis=interval_axis()
    )


def markdown(report: Report) -> str:
    """The report as a Markdown file (tables as GitHub and Pandoc read them), its picture drawn in text."""
    picture = "\n".join("    " + visible(line) for line in forest_in_text(_rows(report)))
    return MARKDOWN.get_template("report.md").render(**_view(report), forest=Ready(picture), ready=Ready)


def _view(report: Report) -> dict[str, Any]:
    return {
        "report": report,
        "parts": [_section(mine, dimension, key, title) for mine, dimension, key, title in _sections(report)],
        "kinds": KINDS,
        "method": METHOD,
        "moment": moment,
        "many": many,
        "listed": listed,
        "capital": lambda words: words[:1].upper() + words[1:],
        "no_pairs": report.no_pairs,
        "counted": [(who, _counted(report, who)) for who in report.annotators],
    }


def _json(report: Report) -> str:
    return json.dumps(report.as_json(), ensure_ascii=False, indent=1, allow_nan=False)


def _counted(report: Report, who: str) -> list[int]:
    """How many labels of an annotator were counted, by dimension, over all sources."""
    return [sum(source.labels.get(who, {}).get(key, 0) for source in report.sources) for key in report.dimensions]


def _sections(report: Report) -> Iterator[tuple[Report, DimensionReport, str, str]]:
    """What has a section of its own, with its key and title: every dimension, of a calibration once for each annotator, who
    is judged alone."""
    alone = report.by_annotator if len(report.by_annotator) > 1 else {"": report}
    for dimension in report.dimensions.values():
        title = _declared(report.rubric, dimension).title
        for place, (name, mine) in enumerate(alone.items(), 1):
            yield (
                mine,
                mine.dimensions[dimension.dimension],
                f"{dimension.dimension}-{place}" if name else dimension.dimension,
                f"{title}: {name} against the gold" if name else title,
            )


def _rows(report: Report) -> list[ForestRow]:
    return forest_rows((title, dimension) for _, dimension, _, title in _sections(report))


def _section(report: Report, dimension: DimensionReport, key: str, title: str) -> Section:
    declared, judgement = _declared(report.rubric, dimension), dimension.judgement
    opinion = report.second_opinion.get(dimension.dimension)
    is_kappa = judgement is not None and judgement.coefficient.family == "kappa"
    of_pair = judgement if is_kappa and len(dimension.pairs) == 1 else None
    of_all = None if is_kappa else judgement
    shown = with_meaning_on(dimension.scale, OF_ALL)
    return Section(
        key,
        title,
        declared.question,
        dimension,
        in_words(dimension.judged, dimension.only_level) if dimension.judged else "–",
        "" if dimension.threshold is None else short(dimension.threshold),
        statistic(dimension),
        judgement_in_words(judgement),
        [
            _line(one.printed(of_two=False, by=dimension.by), dimension.overall[one], dimension.only_level, _held_to(one, of_all))
            for one in shown
        ],
        _intraclass(dimension),
        [_pair(pair, declared, dimension, of_pair) for pair in dimension.pairs],
        tuple(opinion.lines) if opinion is not None else (),
    )


def _declared(rubric: Rubric, report: DimensionReport) -> Dimension:
    """The dimension as the rubric declares it: a report is made by its rubric, so it is there."""
    declared = rubric.dimension(report.dimension)
    if declared is None:
        raise KeyError(report.dimension)
    return declared


def statistic(report: DimensionReport) -> str:
    """What the threshold is about, in words: "Cohen’s kappa, unweighted"; "" where there is no rule."""
    if report.judgement is None:
        return ""
    judged = report.judgement.coefficient
    return judged.printed(of_two=judged.family == "kappa", by=report.by)


def _held_to(coefficient: Coefficient, judgement: Judgement | None) -> Judgement | None:
    """The judgement of the coefficient that is judged; of another there is none."""
    return judgement if judgement and judgement.coefficient == coefficient else None


def _line(title: str, figure: Figure, only_level: int | str | None, judgement: Judgement | None = None) -> FigureLine:
    is_judged = judgement is not None
    if figure.value is None:
        return FigureLine(title, None, None, None, in_words(figure, only_level), "", is_judged)
    value, low, high = figure.ends
    picture = interval(value, low, high, judgement.threshold if judgement else None)
    return FigureLine(title, rounded(value), rounded(low), rounded(high), None, picture, is_judged)


def _intraclass(dimension: DimensionReport) -> list[FigureLine]:
    """The intraclass correlations, none where levels are no numbers; no pictures, since their intervals may end under -1."""
    if dimension.icc is None or not dimension.icc.is_shown:
        return []
    return [_line(name, figure, dimension.only_level)._replace(picture="") for name, figure in dimension.icc.rows]


def _pair(pair: PairReport, declared: Dimension, report: DimensionReport, judgement: Judgement | None) -> PairTables:
    columns = [sum(column) for column in zip(*pair.table, strict=True)]
    by_level = [
        LevelLine(
            str(level.value),
            level.own_title,
            level.in_words,
            sum(pair.table[place]),
            columns[place],
            _line(str(level.value), pair.figures[on_level(place)], report.only_level),
        )
        for place, level in enumerate(declared.levels)
    ]
    lines = [
        _line(one.printed(of_two=True, by=report.by), pair.figures[one], report.only_level, _held_to(one, judgement))
        for one in with_meaning_on(report.scale, OF_TWO)
    ]
    by_day, in_the_dark = map_cells(pair.table), map_cells(pair.table, ON_DARK)
    colours = [list(zip(*rows, strict=True)) for rows in zip(by_day, in_the_dark, strict=True)]
    return PairTables(pair.a, pair.b, pair.n, pair.table, colours, by_level, lines, _beside(pair))


def _beside(pair: PairReport) -> list[tuple[str, str]]:
    """What the marginals do to kappa, without intervals."""
    told = (
        ("Largest unweighted kappa with these marginals", pair.beside.max_kappa, "undefined"),
        ("PABAK (Brennan–Prediger)", pair.beside.pabak, "undefined"),
        ("Prevalence index", pair.beside.prevalence_index, "of two levels only"),
        ("Bias index", pair.beside.bias_index, "of two levels only"),
    )
    return [(name, why if value is None else rounded(value)) for name, value, why in told]


def rounded(number: float) -> str:
    """Four decimals; no minus before a zero."""
    words = f"{number:.{DECIMALS}f}"
    return words.removeprefix("-") if float(words) == 0 else words.replace("-", "−")


def moment(when: datetime | None) -> str:
    """ "4 November 2026, 14:05 UTC"; "–" where there is none."""
    return f"{day(when)}, {when:%H:%M} UTC" if when else "–"
