"""What misleads in a figure of agreement, said in sentences beside it."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from touchstone.agreement.coefficient import AC1, KAPPA, ORDINAL_ALPHA, PERCENT, QUADRATIC_KAPPA, Coefficient, on_level
from touchstone.agreement.figure import AgreementRule, Figure, PairReport, short
from touchstone.agreement.verdict import Judgement
from touchstone.data.counts import Counts
from touchstone.english import many

PREVALENT = 0.8  # the share of labels on one level from which kappa says little
APART = 0.2  # kappa and AC1 farther apart than this are not measuring the same

Figures = Mapping[Coefficient, Figure]


def cautions(
    counts: Counts, rule: AgreementRule | None, judgement: Judgement | None, pairs: Sequence[PairReport], overall: Figures
) -> Iterator[str]:
    """Sentences, in the order they are to be read; none where nothing was labelled twice. `judgement`: of the rule."""
    if overall[PERCENT].value is None:
        return
    judged = judgement.coefficient if judgement else None
    yield from _one_level_prevails(counts, judged, pairs, overall[PERCENT])
    yield from _labels_in_clusters(counts, judgement)
    yield from _constant_annotators(counts, pairs)
    yield from _kappa_apart_from_ac1(pairs, overall)
    if rule and rule.weights != "unweighted" and counts.scale == "nominal":
        yield (
            f"The rubric says {rule.weights} weights, which the levels of a nominal scale cannot have, since none is nearer to "
            "another: it is judged unweighted."
        )
    if counts.scale == "ordinal" and (rule is None or rule.weights != "unweighted"):
        yield from _uneven_gaps(counts, rule)
    if rule and rule.weights == "unweighted" and counts.scale == "ordinal" and len(counts.levels) > 2:
        yield from _unweighted(judged, pairs, overall)


def _one_level_prevails(
    counts: Counts, judged: Coefficient | None, pairs: Sequence[PairReport], percent: Figure
) -> Iterator[str]:
    labels: Counter[int] = Counter()
    for pattern, n in counts.patterns.items():
        for code in pattern:
            if code is not None and n:
                labels[code] += n
    code, most = labels.most_common(1)[0]
    if len(labels) == 1:
        called = "alpha" if (judged and judged.family == "alpha") or len(pairs) != 1 else "kappa"
        yield (
            f"Every label is {counts.levels[code]}: {called} is undefined, "
            f"agreement is {100 * percent.ends.value:.3g} % of {percent.n:,}."
        )
    elif most / labels.total() > PREVALENT:
        yield (
            f"{100 * most / labels.total():.0f} % of labels are {counts.levels[code]}: kappa and alpha fall "
            "when one level prevails: read percent, AC1 and the marginals beside them."
        )


def _labels_in_clusters(counts: Counts, judgement: Judgement | None) -> Iterator[str]:
    if counts.clusters < counts.units:
        by_clusters = judgement is not None and judgement.interval is not None and judgement.interval.by == "cluster"
        yield (
            f"{counts.units:,} drafts come from {many(counts.clusters, 'cluster')} (tasks, unless clusters are named): drafts "
            "of one cluster are not independent. "
            + (
                "The verdict rests on the interval by clusters; every interval shown takes drafts as independent."
                if by_clusters
                else "Every interval shown takes them as independent."
            )
        )


def _constant_annotators(counts: Counts, pairs: Sequence[PairReport]) -> Iterator[str]:
    told: set[str] = set()
    for pair in pairs:
        if pair.figures[KAPPA].reason != "annotator constant":
            continue
        percent = pair.figures[PERCENT].ends.value
        for name, rows in ((pair.a, pair.table), (pair.b, tuple(zip(*pair.table, strict=True)))):
            used = [code for code, row in enumerate(rows) if sum(row)]
            if len(used) == 1 and name not in told:
                told.add(name)
                yield (
                    f"{name} gave every draft {counts.levels[used[0]]}: kappa is undefined, agreement with "
                    f"{pair.b if name == pair.a else pair.a} is {100 * percent:.3g} % of {pair.n:,}."
                )


def _kappa_apart_from_ac1(pairs: Sequence[PairReport], overall: Figures) -> Iterator[str]:
    figures, called = (pairs[0].figures, "Unweighted kappa") if len(pairs) == 1 else (overall, KAPPA.spoken_of_all)
    kappa, ac1 = figures[KAPPA].value, figures[AC1].value
    if kappa is not None and ac1 is not None and abs(kappa - ac1) > APART:
        yield f"{called} is {short(kappa)} and AC1 {short(ac1)}: they differ only in what they expect by chance."


def _uneven_gaps(counts: Counts, rule: AgreementRule | None) -> Iterator[str]:
    """Of levels that are numbers, not all as far from the next: what weights make of it."""
    levels = counts.levels
    gaps = [abs(b - a) for a, b in pairwise(levels) if isinstance(a, int) and isinstance(b, int)]
    if len(gaps) < len(levels) - 1 or len(set(gaps)) < 2:
        return
    near, far = (gaps.index(end(gaps)) for end in (min, max))
    called = f"{rule.weights} weights" if rule else "weighted figures"
    apart = f"{levels[far]} and {levels[far + 1]}", f"{levels[near]} and {levels[near + 1]}"
    yield f"The levels {', '.join(map(str, levels))} are not evenly apart, and {called} go by " + (
        f"value: {apart[0]} count as {gaps[far] / gaps[near]:.3g} times as far apart as {apart[1]}."
        if counts.by == "value"
        else f"position: {apart[0]} count as no farther apart than {apart[1]}. Interval alpha always goes by value."
    )


def _unweighted(judged: Coefficient | None, pairs: Sequence[PairReport], overall: Figures) -> Iterator[str]:
    if judged and judged.family == "kappa" and pairs:
        called, weighted, value = "Unweighted kappa", QUADRATIC_KAPPA, pairs[0].figures[QUADRATIC_KAPPA].value
    else:
        called, weighted, value = "Nominal alpha", ORDINAL_ALPHA, overall[ORDINAL_ALPHA].value
    if value is None:
        return
    sentence = (
        f"{called} treats neighbouring levels as being as far apart as the ends of the scale: {weighted.spoken} is {short(value)}"
    )
    if len(pairs) == 1:
        agreement = [(pairs[0].figures[on_level(place)].value, place) for place in range(len(pairs[0].levels))]
        least, place = min((value, place) for value, place in agreement if value is not None)
        sentence += f", and agreement is lowest on level {pairs[0].levels[place]}, {short(least)}"
    yield sentence + "."
