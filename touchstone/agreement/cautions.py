"""What misleads in a figure of agreement, said in sentences beside it."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from touchstone.data.counts import Counts
from touchstone.english import many

if TYPE_CHECKING:
    from touchstone.agreement.report import DimensionReport, Figure, PairReport, Rule

PREVALENT = 0.8  # the share of labels on one level from which kappa says little
FEW_CLUSTERS = 20
MOST_N = 500  # with more drafts chance shows next to nothing
TRULY = 0.05  # how far over its threshold each dimension is taken to be, for what chance alone would show
APART = 0.2  # kappa and AC1 farther apart than this are not measuring the same


def cautions(
    counts: Counts, rule: "Rule | None", statistic: str | None, pairs: Sequence["PairReport"], overall: Mapping[str, "Figure"]
) -> Iterator[str]:
    """Sentences, in the order they are to be read; none where nothing was labelled twice."""
    percent = overall["percent"]
    if percent.value is None:
        return
    sole = pairs[0].figures if len(pairs) == 1 else overall
    labels: Counter[int] = Counter()
    for pattern, n in counts.patterns.items():
        for code in pattern:
            if code is not None and n:
                labels[code] += n
    code, most = labels.most_common(1)[0]
    called = "alpha" if statistic == "alpha" or len(pairs) != 1 else "kappa"
    agreement_in_words = f"agreement is {100 * percent.value:.3g} % of {percent.n}"
    if len(labels) == 1:
        yield f"Every label is {counts.levels[code]}: {called} is undefined, {agreement_in_words}."
    elif most / labels.total() > PREVALENT:
        yield (
            f"{100 * most / labels.total():.0f} % of labels are {counts.levels[code]}: kappa and alpha fall "
            "when one level prevails: read percent, AC1 and the marginals beside them."
        )
    if counts.clusters < counts.units:
        few = f", and {counts.clusters} are few" if counts.clusters < FEW_CLUSTERS else ""
        yield (
            f"{counts.units} drafts come from {many(counts.clusters, 'cluster')} (tasks, unless clusters are named): drafts "
            f"of one cluster are not independent{few}. Read the interval by clusters beside this one."
        )
    yield from _constant_annotators(counts, pairs)
    kappa, ac1 = sole["kappa unweighted"].value, sole["ac unweighted"].value
    if kappa is not None and ac1 is not None and abs(kappa - ac1) > APART:
        yield f"Kappa is {kappa:.2f} and AC1 {ac1:.2f}: they differ only in what they expect by chance."
    if rule and rule.weights == "unweighted" and counts.scale == "ordinal" and len(counts.levels) > 2:
        yield from _unweighted(statistic, pairs, overall)
    if percent.low == 1:  # never with two annotators: their table is smoothed
        unseen = 1 - 0.05 ** (1 / percent.n)
        yield (
            f"The labels of all {percent.n} drafts with two or more agree, so the bootstrap has nothing to "
            f"vary and each interval is only its point: {100 * unseen:.0f} % of drafts could be disputed, "
            f"and {percent.n} drafts still all agree once in twenty times."
        )


def several_at_this_n(reports: Sequence["DimensionReport"]) -> str:
    """What chance alone would show of several dimensions at this many drafts; "" where it would rarely show anything.

    Each dimension is taken to be truly .05 over its threshold, its levels equally frequent and the dimensions independent:
    then the point is under the threshold when fewer than threshold (1 - 1/q) + 1/q of its drafts agree, a binomial chance.
    (Five dimensions of four levels at .85, 30 drafts: .75, and .75 simulated with marginals estimated from the labels.)
    """
    judged = [
        each
        for each in reports
        if each.judged and each.judged.value is not None and each.threshold is not None and each.threshold + TRULY < 1
    ]
    none_under = 1.0
    for each in judged:
        n, chance = each.judged.n, 1 / len(each.levels)
        needed = math.ceil(n * (each.threshold * (1 - chance) + chance) - 1e-9)
        agree = (each.threshold + TRULY) * (1 - chance) + chance
        none_under *= 1 - sum(math.comb(n, k) * agree**k * (1 - agree) ** (n - k) for k in range(needed)) if n <= MOST_N else 1
    if len(judged) < 2 or 1 - none_under < 0.2:
        return ""
    return (
        f"{len(judged)} dimensions are judged at once: were each truly {TRULY:g} over its threshold, one or more would still "
        f"show a point under it in about {100 * (1 - none_under):.0f} % of rounds of this size."
    )


def _constant_annotators(counts: Counts, pairs: Sequence["PairReport"]) -> Iterator[str]:
    told = set()
    for pair in pairs:
        if pair.figures["kappa unweighted"].reason != "annotator constant":
            continue
        percent = pair.figures["percent"].value
        for name, rows in ((pair.a, pair.table), (pair.b, tuple(zip(*pair.table, strict=True)))):
            used = [code for code, row in enumerate(rows) if sum(row)]
            if len(used) == 1 and name not in told:
                told.add(name)
                yield (
                    f"{name} gave every draft {counts.levels[used[0]]}: kappa is undefined, agreement with "
                    f"{pair.b if name == pair.a else pair.a} is {100 * percent:.3g} % of {pair.n}."
                )


def _unweighted(statistic: str | None, pairs: Sequence["PairReport"], overall: Mapping[str, "Figure"]) -> Iterator[str]:
    if statistic == "kappa" and pairs:
        of, beside = "Unweighted kappa", ("quadratic kappa", pairs[0].figures["kappa quadratic"].value)
    else:
        of, beside = "Nominal alpha", ("ordinal alpha", overall["alpha ordinal"].value)
    if beside[1] is None:
        return
    sentence = f"{of} takes neighbouring levels for as far apart as the ends of the scale: "
    sentence += f"{beside[0]} is {beside[1]:.2f}"
    if len(pairs) == 1:
        on_levels = [pairs[0].figures[f"level {k}"].value for k in range(len(pairs[0].levels))]
        least, k = min((value, k) for k, value in enumerate(on_levels) if value is not None)
        sentence += f", and agreement is lowest on level {pairs[0].levels[k]}, {least:.2f}"
    yield sentence + "."
