"""An agreement report as one HTML file or one Markdown file.

Both are drawn from the same rows, and the rows from the report's JSON, so a figure cannot differ between them. Figures
stand with four decimals; the HTML holds the JSON itself too. Points and intervals of the overview have two, as on the page.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from touchstone.agreement.coefficients import DRAWS
from touchstone.agreement.report import DimensionReport, Figure, PairReport, in_words
from touchstone.english import day, listed, many
from touchstone.papers import Ready, html_templates, markdown_templates, visible
from touchstone.rubric.model import Dimension
from workflow.agreement.papers.pictures import Row, confusion_colours, forest, forest_in_text, interval, interval_axis
from workflow.agreement.report import Report

HTML, MARKDOWN = (templates(Path(__file__).parent) for templates in (html_templates, markdown_templates))
DECIMALS = 4
METHOD = (
    "Every figure is computed from the histogram of label patterns of its dimension, over the declared levels, also those "
    "nobody used. Weighted kappas and AC2 go by a level’s position among the declared levels, interval alpha by its number. "
    "Missing labels: percent, Fleiss, Conger, AC1, AC2 and Brennan–Prediger as Gwet (2014) treats them, the alphas by "
    "pairwise deletion (Krippendorff 2011).",
    f"Low and high are the ends of a 95 % interval. For two annotators: the 2.5 and 97.5 points of the figure over {DRAWS:,} "
    "tables drawn from Dirichlet(count + 1/q²), q levels, seeded by the table and widened to hold the point. For more: the "
    "same points of a Bayesian bootstrap over drafts.",
    "With more than two annotators, or pairs from a pool, the threshold is held against Krippendorff’s alpha, never a mean of "
    "pairs. A figure that is undefined says why in words. Agreement is always that of the labels before adjudication.",
)
OVERALL = {
    "percent": "Percent agreement",
    "fleiss": "Fleiss’ kappa",
    "conger": "Conger’s kappa",
    "alpha nominal": "Krippendorff’s alpha, nominal",
    "alpha ordinal": "Krippendorff’s alpha, ordinal",
    "alpha interval": "Krippendorff’s alpha, interval",
    "ac1": "Gwet’s AC1",
    "ac2": "Gwet’s AC2, quadratic",
    "bp": "Brennan–Prediger",
}
OF_A_PAIR = {
    "percent": "Percent agreement",
    "kappa unweighted": "Cohen’s kappa, unweighted",
    "kappa linear": "Cohen’s kappa, linear",
    "kappa quadratic": "Cohen’s kappa, quadratic",
    "scott_pi": "Scott’s pi",
    "ac1": "Gwet’s AC1",
    "ac2": "Gwet’s AC2, quadratic",
    "bp": "Brennan–Prediger",
}
VERDICTS = {"meets": "meets the threshold", "below": "below the threshold", "undecided": "undecided"}
KINDS = {"double": "inter-rater round", "retest": "test-retest round", "calibration": "calibration round"}


class Line(NamedTuple):
    """A figure as a row: three numbers, or the words why there are none; `picture` is its interval as SVG."""

    name: str
    value: str | None
    low: str | None
    high: str | None
    undefined: str | None
    picture: str
    is_judged: bool


class Level(NamedTuple):
    """One level of a pair: both marginals, and the agreement on it."""

    level: str
    title: str
    a: int
    b: int
    line: Line


class Pair(NamedTuple):
    """Two annotators: their table with its colours, the levels, the figures."""

    a: str
    b: str
    n: int
    table: Sequence[Sequence[int]]
    colours: Sequence[Sequence[tuple[str, str]]]
    by_level: Sequence[Level]
    lines: Sequence[Line]


class Part(NamedTuple):
    """One dimension as both templates draw it."""

    key: str
    title: str
    question: str
    report: DimensionReport
    judged: str
    threshold: str
    statistic: str
    verdict: str
    overall: Sequence[Line]
    pairs: Sequence[Pair]
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
        "parts": [_part(mine, each)._replace(key=key, title=title) for mine, each, key, title in _sections(report)],
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
    for each in report.dimensions.values():
        title = report.rubric.dimension(each.dimension).title
        for place, (name, mine) in enumerate(alone.items(), 1):
            yield (
                mine,
                mine.dimensions[each.dimension],
                f"{each.dimension}-{place}" if name else each.dimension,
                f"{title}: {name} against the gold" if name else title,
            )


def _rows(report: Report) -> list[Row]:
    return [
        Row(
            title,
            in_words(each.judged, each.only_level),
            each.judged.value,
            each.judged.low,
            each.judged.high,
            each.threshold,
            bool(each.flagged),
        )
        for _, each, _, title in _sections(report)
        if each.judged is not None
    ]


def _part(report: Report, each: DimensionReport) -> Part:
    declared = report.rubric.dimension(each.dimension)
    document = each.as_json()
    judged = _judged_row(each)
    threshold = {} if each.threshold is None else {judged: each.threshold}
    of_pair = len(each.pairs) == 1 and judged in OF_A_PAIR
    opinion = report.second_opinion.get(each.dimension)
    return Part(
        each.dimension,
        declared.title,
        declared.question,
        each,
        in_words(each.judged, each.only_level) if each.judged else "–",
        "" if each.threshold is None else f"{each.threshold:.2f}",
        statistic(each),
        verdict(each),
        _lines(OVERALL, _flat(document["overall"], OVERALL), each.units_with_two, each.only_level, {} if of_pair else threshold),
        [_pair(pair, declared, each.only_level, threshold if of_pair else {}) for pair in each.pairs],
        tuple(opinion.lines) if opinion is not None else (),
    )


def _judged_row(each: DimensionReport) -> str:
    """The row of the figure that the threshold is about, by its name in OVERALL or OF_A_PAIR; "" for none."""
    metric = {"unweighted": "nominal", "linear": "ordinal", "quadratic": "interval"}.get(each.weights or "", "")
    if each.statistic == "alpha":
        of = {name: each.overall[f"alpha {name}"] for name in ("ordinal", "interval")}
        if metric == "interval" and each.judged is not of["interval"]:
            metric = "ordinal"  # levels that are words have no distances
        return f"alpha {metric}"
    return f"kappa {each.weights}" if each.statistic else ""


def statistic(each: DimensionReport) -> str:
    """What the threshold is about, in words: "Cohen’s kappa, unweighted"; "" where there is no rule."""
    row = _judged_row(each)
    return (OF_A_PAIR | OVERALL).get(row, "")


def verdict(each: DimensionReport) -> str:
    """Flag, verdict and how many more drafts would settle it, in words."""
    if each.verdict is None:
        undefined = each.judged is not None and each.judged.value is None
        return "undefined" if undefined else "not judged"
    words = VERDICTS[each.verdict]
    if each.more:
        further = each.more.in_words()
        words += f"; {further}" if each.more.start is None else f": label {further}"
    return f"flagged, {words}" if each.flagged else words


def _flat(document: Mapping[str, Any], names: Iterable[str]) -> dict[str, Mapping[str, Any]]:
    """Figures of a JSON document by their path: "percent", "kappa linear"."""
    found = {}
    for name in names:
        found[name] = document
        for step in name.split(" "):
            found[name] = found[name][step]
    return found


def _lines(
    names: Mapping[str, str],
    figures: Mapping[str, Mapping[str, Any]],
    n: int,
    only_level: int | str | None,
    thresholds: Mapping[str, float],
) -> list[Line]:
    return [_line(title, figures[name], n, only_level, thresholds.get(name)) for name, title in names.items()]


def _line(title: str, e: Mapping[str, Any], n: int, only_level: int | str | None, threshold: float | None = None) -> Line:
    if e["value"] is None:
        words = in_words(Figure(None, None, None, n, e["reason"]), only_level)
        return Line(title, None, None, None, words, "", threshold is not None)
    return Line(
        title,
        *(rounded(e[key]) for key in ("value", "low", "high")),
        None,
        interval(e["value"], e["low"], e["high"], threshold),
        threshold is not None,
    )


def _pair(pair: PairReport, declared: Dimension, only_level: int | str | None, thresholds: Mapping[str, float]) -> Pair:
    document = pair.as_json()
    table = document["table"]
    columns = [sum(column) for column in zip(*table, strict=True)]
    by_level = [
        Level(
            str(level.value),
            level.title,
            sum(table[place]),
            columns[place],
            _line(str(level.value), document["per_level"][str(level.value)], pair.n, only_level),
        )
        for place, level in enumerate(declared.levels)
    ]
    return Pair(
        pair.a,
        pair.b,
        pair.n,
        table,
        confusion_colours(table),
        by_level,
        _lines(OF_A_PAIR, _flat(document, OF_A_PAIR), pair.n, only_level, thresholds),
    )


def rounded(number: float) -> str:
    """Four decimals; no minus before a zero."""
    words = f"{number:.{DECIMALS}f}"
    return words.removeprefix("-") if float(words) == 0 else words


def moment(when: datetime | None) -> str:
    """ "4 November 2026, 14:05 UTC"; "–" where there is none."""
    return f"{day(when)}, {when:%H:%M} UTC" if when else "–"
