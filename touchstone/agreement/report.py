"""The agreement report of one dimension: figures with their intervals, the verdict, and how many more labels.

Figures come from the counts (`data.counts.Counts`), never from the labels; `estimates` makes them. A figure that is
undefined is None with a reason:

    no data                  no label (of this level, for the agreement on a level)
    one annotator            labels of one annotator only
    no overlap               no unit with two labels
    single level             every label is the same: chance alone agrees always
    one unit                 a kappa or alpha of one unit with two labels, which alone cannot vary
    pairs at one level       an alpha where only units with a single label, which it leaves out, have another level
    annotator constant       one of two gave one level throughout: kappa would be 0 whatever the other gave
    nominal scale            a coefficient that counts how far apart levels are, of levels that have no order
    levels are not numbers   interval alpha of levels that are words
    slots are not people     a figure that belongs to two annotators, where nobody stands behind a name

Percent, AC1, AC2 and Brennan-Prediger stay defined when every label is the same. Nothing here raises on thin
data.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from touchstone.agreement.cautions import cautions
from touchstone.agreement.coefficient import ALPHAS, KAPPAS, OF_ALL, Coefficient, with_meaning_on
from touchstone.agreement.estimation.clusters import (
    LEAST_CLUSTERS,
    Histogram,
    histograms_in_own_order,
    interval_by_clusters,
    too_few_clusters,
)
from touchstone.agreement.estimation.estimates import figures, judged_coefficient, labelling_seats, weights_on
from touchstone.agreement.estimation.formulas import Patterns, patterns_of
from touchstone.agreement.estimation.icc import IntraclassCorrelations, icc_of_counts
from touchstone.agreement.estimation.pairs import MOST_ANNOTATORS, OF_BOTH, pairs_left_out, pairs_of
from touchstone.agreement.estimation.seat_order import seats_by_labels
from touchstone.agreement.figure import (
    AgreementRule,
    Figure,
    Level,
    PairReport,
    PlainRule,
    VerdictInterval,
    Withheld,
    as_json,
    short,
    undefined,
    with_hyphens,
)
from touchstone.agreement.looks import Looks
from touchstone.agreement.verdict import MOST, FurtherDrafts, Judgement, further_drafts, stretched, too_few_units
from touchstone.data.counts import Counts, in_own_order
from touchstone.english import many

MOST_N = 500  # with more drafts chance shows next to nothing
TRULY = 0.05  # how far over its threshold each dimension is taken to be, for what chance alone would show


@dataclass(frozen=True)
class DimensionReport:
    """The report of one dimension. `judgement` holds the rubric's rule against its figure (None without a rule);
    `only_level` is the level every label has, if there is one; `pairs_left_out`: how many pairs of annotators were not made
    because nobody asked for them; `icc`: None on a nominal scale."""

    dimension: str
    scale: str
    by: str
    levels: tuple[Level, ...]
    annotators: tuple[str, ...]
    units: int
    units_with_two: int
    clusters: int
    judgement: Judgement | None
    only_level: Level | None
    pairs: tuple[PairReport, ...]
    overall: Mapping[Coefficient, Figure]
    warnings: tuple[str, ...]
    pairs_left_out: int = 0
    icc: IntraclassCorrelations | None = None

    @property
    def judged(self) -> Figure | None:
        """The figure that the rule is about."""
        return self.judgement.figure if self.judgement else None

    @property
    def judged_by(self) -> str:
        """The coefficient that the rule is about, for the cell or head of a table: "kappa, quadratic, by value"; "" without a
        rule."""
        return self.judgement.coefficient.heading_by(self.by) if self.judgement else ""

    @property
    def statistic(self) -> str | None:
        """kappa or alpha."""
        return self.judgement.coefficient.family if self.judgement else None

    @property
    def weights(self) -> str | None:
        return self.judgement.weights if self.judgement else None

    @property
    def threshold(self) -> float | None:
        return self.judgement.threshold if self.judgement else None

    @property
    def flagged(self) -> bool | None:
        return self.judgement.flagged if self.judgement else None

    @property
    def verdict(self) -> str | None:
        return self.judgement.verdict if self.judgement else None

    @property
    def further(self) -> FurtherDrafts | None:
        """The drafts that would decide an undecided verdict."""
        return self.judgement.further if self.judgement else None

    def in_order(self, levels: tuple[Level, ...]) -> "DimensionReport":
        """The same with its levels listed in another order."""
        pairs = tuple(pair.in_order(levels) for pair in self.pairs)
        is_that_of_the_pair = bool(self.pairs) and self.overall is self.pairs[0].figures
        return replace(self, levels=levels, pairs=pairs, overall=pairs[0].figures if is_that_of_the_pair else self.overall)

    def as_json(self) -> dict[str, object]:
        """Exactly the shape of "agreement, report" in the commands: plain lists, dicts, numbers, None."""
        return {
            "scale": self.scale,
            "by": self.by,
            "levels": list(self.levels),
            "annotators": list(self.annotators),
            "units": self.units,
            "units_with_two": self.units_with_two,
            "clusters": self.clusters,
            "statistic": self.statistic,
            "weights": self.weights,
            "threshold": self.threshold,
            "flagged": self.flagged,
            "verdict": self.verdict,
            "more": self.further.as_json() if self.further else None,
            "verdict_interval": self.judgement.interval.as_json() if self.judgement and self.judgement.interval else None,
            "verdict_reason": (self.judgement.withheld or None) if self.judgement else None,
            "looks": self.judgement.looks.as_json() if self.judgement and self.judgement.looks else None,
            "pairs": [pair.as_json() for pair in self.pairs],
            "overall": as_json(self.overall, OF_ALL, of_two=False),
            "icc": self.icc.as_json() if self.icc else None,
            "warnings": [with_hyphens(each) for each in self.warnings],
        }


class _Compared(NamedTuple):
    """What was computed from the counts before any rule: pairs with the patterns each was made from, and all together."""

    pairs: tuple[PairReport, ...]
    patterns_of_pair: Sequence[Patterns]
    overall: Mapping[Coefficient, Figure]
    patterns_of_all: Patterns | None


def dimension_report(
    counts: Counts,
    rule: AgreementRule | None,
    *,
    are_people: bool = True,
    histograms: Sequence[Histogram] | None = None,
    looks: Looks | None = None,
    pairs: bool = False,
) -> DimensionReport:
    """Everything about one dimension's agreement. `rule` None (no rubric): there is no judgement.

    Annotators without a label do not count. Two: the rule's kappa on the units both labelled, or alpha if the
    rule says so. More, or pairs from a pool: alpha over all of them, never a mean of pairs. The metric of
    alpha matches the weights: unweighted nominal, linear ordinal, quadratic interval (ordinal where levels
    are not numbers). With no labels, or one annotator, every figure is there and undefined.

    `are_people` False: the annotators are places in a file, filled by one person here and another there. There are then no
    pairs and no Cohen or Conger kappa, whose chance is each annotator's own, and the rule is held against alpha.

    `histograms` (`clusters.histograms_by_cluster`) split the patterns of `counts`, one a cluster. Where there are fewer of them
    than units the verdict rests on the interval by clusters. None: clusters are not known, and every unit is one.
    `looks`: how often these labels were looked at, and what was planned; None: this once.
    `pairs`: every pair of annotators however many there are; else none where more than MOST_ANNOTATORS labelled.

    On a nominal scale nothing is near or far: no weights apply, whatever the rule says, and the order in which levels are
    declared changes nothing but the order in which they are listed.
    """
    own = in_own_order(counts)
    if own is not counts and histograms is not None:
        histograms = histograms_in_own_order(histograms, counts.scale, counts.levels)
    return _report(own, rule, are_people, histograms, looks, pairs).in_order(counts.levels)


def _report(
    counts: Counts,
    rule: AgreementRule | None,
    are_people: bool,
    histograms: Sequence[Histogram] | None,
    looks: Looks | None,
    pairs: bool,
) -> DimensionReport:
    if rule and not are_people:
        rule = PlainRule("alpha", rule.weights, rule.threshold)
    left_out = pairs_left_out(counts, asked=pairs) if are_people else 0
    compared = _people(counts, with_pairs=not left_out) if are_people else _slots(counts)
    judgement = _judgement(counts, rule, compared, histograms, looks) if rule else None
    used = {code for pattern, n in counts.patterns.items() if n for code in pattern if code is not None}
    return DimensionReport(
        dimension=counts.dimension,
        scale=counts.scale,
        by=counts.by,
        levels=counts.levels,
        annotators=counts.annotators,
        units=counts.units,
        units_with_two=counts.units_with_two,
        clusters=counts.clusters,
        judgement=judgement,
        only_level=counts.levels[used.pop()] if len(used) == 1 else None,
        pairs=compared.pairs,
        overall=compared.overall,
        warnings=(*cautions(counts, rule, judgement, compared.pairs, compared.overall), *_pairs_not_there(counts, left_out)),
        pairs_left_out=left_out,
        icc=icc_of_counts(counts, are_people=are_people),
    )


def _pairs_not_there(counts: Counts, left_out: int) -> Iterator[str]:
    if left_out:
        yield (
            "Figures of two annotators are left out: "
            f"{many(len(labelling_seats(counts)), 'annotator')} make {many(left_out, 'pair')}. Over "
            f"{MOST_ANNOTATORS} annotators pairs are made only where they are asked for."
        )


def _people(counts: Counts, *, with_pairs: bool) -> _Compared:
    made = list(pairs_of(counts)) if with_pairs else []
    pairs, patterns_of_pair = tuple(each.report for each in made), [each.patterns for each in made]
    if len(labelling_seats(counts)) == 2 and pairs and pairs[0].n == counts.units:
        # The same counts, so the same figures, drawn once.
        return _Compared(pairs, patterns_of_pair, pairs[0].figures, patterns_of_pair[0])
    return _Compared(pairs, patterns_of_pair, *_overall(counts))


def _slots(counts: Counts) -> _Compared:
    overall, patterns = _overall(counts)
    of_people = dict.fromkeys(with_meaning_on(counts.scale, KAPPAS), undefined("slots are not people"))
    return _Compared((), (), {**overall, **of_people}, patterns)


def _overall(counts: Counts) -> tuple[Mapping[Coefficient, Figure], Patterns | None]:
    """The figures over all annotators, and the patterns they are made from (None with fewer than two annotators)."""
    coefficients, seats = (*OF_BOTH, *ALPHAS), labelling_seats(counts)
    if len(seats) < 2:
        reason = "one annotator" if seats else "no data"
        told = with_meaning_on(counts.scale, coefficients)
        return {each: undefined(reason if each in told else "nominal scale") for each in coefficients}, None
    patterns = patterns_of(counts.patterns, seats_by_labels(counts.patterns, seats), counts.levels, counts.scale, counts.by)
    return figures(patterns, coefficients), patterns


def _judgement(
    counts: Counts, rule: AgreementRule, compared: _Compared, histograms: Sequence[Histogram] | None, looks: Looks | None
) -> Judgement:
    """The rule against its figure: a kappa is that of the one pair, alpha that of all."""
    coefficient = judged_coefficient(counts, rule)
    of_pair = coefficient.family == "kappa" and compared.pairs
    source = compared.pairs[0].figures if of_pair else compared.overall
    figure = source[coefficient]
    judgement = Judgement(coefficient, weights_on(counts.scale, rule), figure, rule.threshold)
    patterns = compared.patterns_of_pair[0] if of_pair else compared.patterns_of_all
    if patterns is None or figure.value is None:
        return judgement
    interval, few_clusters = _verdict_interval(counts, coefficient, figure, histograms)
    few_units = too_few_units(patterns)
    withheld = [each for each in (few_clusters, few_units, _withheld_by_plan(looks)) if each]
    now = stretched(interval, figure, looks.stretch) if looks else interval
    judgement = replace(judgement, interval=now, withheld=withheld[0].why if withheld else "", looks=looks)
    if judgement.verdict != "undecided" or (looks and (looks.has_ended or looks.left_out)):
        return judgement
    # By the last look of a plan nearly the whole error may be spent: what is still to come takes nearly the plain interval.
    least = max((each.least for each in withheld), default=0)
    most = max(looks.plan.drafts - looks.sizes[-1], 0) if looks and looks.plan else MOST
    return replace(judgement, further=further_drafts(patterns, coefficient, rule.threshold, interval, least, most))


def _withheld_by_plan(looks: Looks | None) -> Withheld | None:
    if looks is None or looks.plan is None or not looks.withheld:
        return None
    return Withheld(looks.withheld, max(looks.plan.drafts - looks.sizes[-1], 0))


def _verdict_interval(
    counts: Counts, coefficient: Coefficient, figure: Figure, histograms: Sequence[Histogram] | None
) -> tuple[VerdictInterval, Withheld | None]:
    """What the verdict rests on, and why there is none; by clusters where the units come from fewer of them."""
    _, low, high = figure.ends
    ordinary = VerdictInterval("unit", counts.clusters, low, high)
    if histograms is None or len(histograms) >= counts.units:
        return ordinary, None
    if (found := interval_by_clusters(counts, histograms, coefficient, figure)) is None:
        if len(histograms) < 2:
            return ordinary, Withheld("all drafts are of one cluster", (LEAST_CLUSTERS - 1) * figure.n)
        return ordinary, Withheld("the figure is undefined without one of its clusters")
    return found, too_few_clusters(histograms)


def several_at_this_n(reports: Sequence[DimensionReport]) -> str:
    """What chance alone would show of several dimensions at this many drafts; "" where it would rarely show anything.

    Each dimension is taken to be truly .05 over its threshold, its levels equally frequent and the dimensions independent:
    then the point is under the threshold when fewer than threshold (1 - 1/q) + 1/q of its drafts agree, a binomial chance.
    (Five dimensions of four levels at .85, 30 drafts: .75, and .75 simulated with marginals estimated from the labels.)
    """
    chances_over = [
        _chance_over(report.judged.n, report.threshold, len(report.levels))
        for report in reports
        if report.judged and report.judged.value is not None and report.threshold is not None and report.threshold + TRULY < 1
    ]
    none_under = math.prod(chances_over)
    if len(chances_over) < 2 or 1 - none_under < 0.2:
        return ""
    return (
        f"{many(len(chances_over), 'dimension')} are judged at once: were each truly {short(TRULY)} above its threshold, one "
        f"or more would still show a point estimate below it in about {100 * (1 - none_under):.0f} % of rounds of this size."
    )


def _chance_over(n: int, threshold: float, q: int) -> float:
    """The chance that a dimension truly TRULY over its threshold shows a point at or over it on `n` drafts."""
    if n > MOST_N:
        return 1
    chance = 1 / q
    needed = math.ceil(n * (threshold * (1 - chance) + chance) - 1e-9)
    agree = (threshold + TRULY) * (1 - chance) + chance
    return 1 - sum(math.comb(n, k) * agree**k * (1 - agree) ** (n - k) for k in range(needed))
