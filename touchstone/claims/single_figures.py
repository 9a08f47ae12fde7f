"""Each figure of a claim by itself: can it occur at all, and which nearest could."""

import math
from collections.abc import Sequence
from fractions import Fraction

from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, CheckedFigure, Claim, Levels, percent_text, percent_words
from touchstone.claims.contingency import Marginals, highest_kappa
from touchstone.claims.rounding import Printed, shown, whole_range
from touchstone.english import many


def percent_agreements(printed: Printed, n: int) -> range:
    """The units in agreement, of n, that print so."""
    found = whole_range(printed, n)
    return range(max(found.start, 0), min(found.stop, n + 1))


def percent(printed: Printed, n: int, agreements: range) -> CheckedFigure:
    text = percent_text(printed)
    if agreements:
        first, last = agreements[0], agreements[-1]
        return CheckedFigure(
            "percent",
            text,
            CAN,
            f"{percent_words(first, n, printed)}"
            if first == last
            else f"{first:,} to {last:,} of {many(n, 'unit')} in agreement would print as this",
        )
    if printed.value > 1 or printed.value < 0:
        return CheckedFigure("percent", text, CANNOT, f"{text} is impossible: a share of units is from 0 to 100 %")
    below = printed.value * n // 1
    near = [k for k in (int(below) + 1, int(below)) if 0 <= k <= n]
    cut = (printed.says_cut_off(Fraction(k, n), f"{k}/{n}") for k in near)
    because = f"{text} of {n:,} is impossible ({', '.join(percent_words(k, n, printed) for k in near)})"
    because += next((words for words in cut if words), "")
    return CheckedFigure("percent", text, CANNOT, because, tuple(printed.like(Fraction(k, n)) for k in near))


def disagreements(d: int, claim: Claim, agreements: range) -> CheckedFigure:
    """`d` units on which the two differ. `agreements`: the units in agreement that the claim's percentage allows."""
    n = claim.n
    if d > n:
        return CheckedFigure(
            "disagreements", str(d), CANNOT, f"{d:,} of {many(n, 'unit')} cannot disagree: there are too few", (str(n),)
        )
    if claim.percent is not None and agreements and n - d not in agreements:
        printed = claim.percent
        share = printed.like(Fraction(n - d, n))
        return CheckedFigure(
            "disagreements",
            str(d),
            CANNOT,
            f"{many(d, 'disagreement')} of {n:,} leave {n - d:,} in agreement, which is {share} and not "
            f"{percent_text(printed)}; {percent_text(printed)} has {_leaves(n, agreements)}",
            tuple(str(n - k) for k in {agreements[-1], agreements[0]}),
        )
    return CheckedFigure("disagreements", str(d), CAN, f"{many(d, 'disagreement')} of {n:,} leave {n - d:,} in agreement")


def agreements(k: int, d: int | None, claim: Claim, allowed: range) -> CheckedFigure:
    """`k` units in agreement, beside `d` that differ where that is said. `allowed`: the units in agreement that the claim's
    percentage allows."""
    n, text = claim.n, f"{k:,}"
    if k > n:
        return CheckedFigure("agreements", text, CANNOT, f"{k:,} of {many(n, 'unit')} cannot agree: there are too few", (str(n),))
    if d is not None and k + d != n:
        because = f"{many(k, 'agreement')} and {many(d, 'disagreement')} add up to {k + d:,}, and there are {many(n, 'unit')}"
        return CheckedFigure("agreements", text, CANNOT, because, (str(n - d),) if d <= n else ())
    if claim.percent is not None and allowed and k not in allowed:
        share, said = claim.percent.like(Fraction(k, n)), percent_text(claim.percent)
        unit = " %" if said.endswith("%") else ""
        because = f"{k:,} of {n:,} is {share.removesuffix('%').strip()}{unit}, not {said}"
        return CheckedFigure("agreements", text, CANNOT, because, (str(allowed[-1]),))
    return CheckedFigure("agreements", text, CAN, f"{k:,} of {n:,} in agreement leave {many(n - k, 'disagreement')}")


def _leaves(n: int, agreements: range) -> str:
    few, most = n - agreements[-1], n - agreements[0]
    return many(few, "disagreement") if few == most else f"{few:,} to {many(most, 'disagreement')}"


def of_annotator(claim: Claim, place: int, side: Marginals) -> list[CheckedFigure]:
    who, found = place + 1, []
    if place < len(claim.counts):
        found.append(_counts(f"counts {who}", claim.counts[place], claim.n))
    elif place < len(claim.shares) and side.counts is not None:
        found.append(_shares(f"marginals {who}", claim.shares[place], claim.n, side.counts))
    if place < len(claim.means) and (printed := claim.means[place]) is not None:
        found.append(mean(f"mean {who}", printed, claim.n, claim.levels))
    if place < len(claim.sums) and (total := claim.sums[place]) is not None:
        found.append(_sum(f"sum {who}", total, claim, place))
    return found


def _counts(figure: str, counts: Sequence[int], n: int) -> CheckedFigure:
    text, total = " ".join(map(str, counts)), sum(counts)
    if total != n:
        return CheckedFigure(figure, text, CANNOT, f"the counts {text} add up to {total:,}, and there are {many(n, 'unit')}")
    return CheckedFigure(figure, text, CAN, f"they add up to {n:,}")


def _shares(figure: str, shares: Sequence[Printed], n: int, counts: Sequence[range]) -> CheckedFigure:
    text = " ".join(each.text for each in shares)
    for each, allowed in zip(shares, counts, strict=True):
        if not allowed:
            below = int(each.value * n // 1)
            return CheckedFigure(
                figure,
                text,
                CANNOT,
                f"a share of {each.text} of {n:,} is impossible "
                f"({percent_words(below + 1, n, each)}, {percent_words(below, n, each)})",
            )
    least, most = sum(each[0] for each in counts), sum(each[-1] for each in counts)
    if not least <= n <= most:
        return CheckedFigure(
            figure,
            text,
            CANNOT,
            f"the shares {text} add up to {least:,} of {many(n, 'unit')}"
            if least == most
            else f"the shares {text} add up to {least:,} to {many(most, 'unit')}, and there are {n:,}",
        )
    return CheckedFigure(figure, text, CAN, f"they can add up to {n:,}")


def mean(figure: str, printed: Printed, n: int, levels: Levels, annotators: int = 1) -> CheckedFigure:
    """A mean is a sum of levels over n labels (over n of each annotator, where it is a mean of both)."""
    total = n * annotators
    sums = [each for each in whole_range(printed, total)[:2000] if _is_sum(each, total, levels.values)]
    if sums:
        return CheckedFigure(figure, printed.text, CAN, f"{sums[0]:,}/{total:,} = {printed.like(Fraction(sums[0], total))}")
    low, high = int(printed.value * total // 1), int(printed.value * total // 1) + 1
    near = [
        each for each in (_next_sum(high, 1, total, levels.values), _next_sum(low, -1, total, levels.values)) if each is not None
    ]
    names = ", ".join(f"{each:,}/{total:,} = {printed.like(Fraction(each, total))}" for each in near)
    cut = (printed.says_cut_off(Fraction(each, total), f"{each:,}/{total:,}") for each in near)
    unless = "" if levels.values else ", where levels are whole numbers"
    return CheckedFigure(
        figure,
        printed.text,
        CANNOT,
        f"a mean of {printed.text} of {many(total, 'label')} is impossible"
        + (f" ({names})" if near else "")
        + (f" with {levels.in_words}" if levels.values else unless)
        + next((words for words in cut if words), ""),
        tuple(printed.like(Fraction(each, total)) for each in near),
    )


def _is_sum(total: int, n: int, values: Sequence[int] | None) -> bool:
    """Whether n labels of these values can add up to it. Exact where the values are evenly spaced; else by the range, the
    common step and, where it is affordable, every sum there is."""
    if values is None:
        return True
    low, high = min(values), max(values)
    steps = sorted({each - low for each in values})
    common = math.gcd(*steps)
    rest = total - n * low
    if not n * low <= total <= n * high or rest % common:
        return False
    if steps == list(range(0, steps[-1] + 1, common)) or n * steps[-1] // common > 20_000:
        return True
    reached = 1
    for _ in range(n):
        reached = _one_more(reached, [each // common for each in steps])
    return bool(reached >> (rest // common) & 1)


def _one_more(reached: int, steps: Sequence[int]) -> int:
    """The sums one more label leads to; a sum is a bit."""
    found = 0
    for each in steps:
        found |= reached << each
    return found


def _next_sum(start: int, step: int, n: int, values: Sequence[int] | None) -> int | None:
    if values is not None:
        start = min(max(start, n * min(values)), n * max(values))
    return next((each for each in range(start, start + 200 * step, step) if _is_sum(each, n, values)), None)


def _sum(figure: str, total: int, claim: Claim, place: int) -> CheckedFigure:
    n, values = claim.n, claim.levels.values
    if not _is_sum(total, n, values):
        return CheckedFigure(
            figure, str(total), CANNOT, f"{many(n, 'label')} with {claim.levels.in_words} cannot add up to {total:,}"
        )
    said = claim.means[place] if place < len(claim.means) else None
    if said is not None and not said.allows(Fraction(total, n)):
        return CheckedFigure(
            figure,
            str(total),
            CANNOT,
            f"a sum of {total:,} over {many(n, 'label')} is a mean of {said.like(Fraction(total, n))}, not {said.text}",
            (said.like(Fraction(total, n)),),
        )
    return CheckedFigure(figure, str(total), CAN, f"a mean of {shown(Fraction(total, n), 2)}")


def kappa(kind: str, printed: Printed, claim: Claim, most: int) -> CheckedFigure:
    """`most`: the largest number of units in agreement that the claim allows."""
    name, n = f"kappa {kind}", claim.n
    if printed.low > 1 or printed.high < -1:
        return CheckedFigure(name, printed.text, CANNOT, f"a kappa of {printed.text} is impossible: it is from −1 to 1")
    if only_level(claim):
        because = "every label is at one level, so kappa is undefined, whatever a program prints"
        return CheckedFigure(name, printed.text, UNCHECKED, because)
    if most < n and printed.high >= 1 and (kind == "unweighted" or claim.levels.number == 2):
        highest = highest_kappa(n, claim.levels.number, most)
        if printed.low > highest:
            because = (
                f"where {many(n - most, 'unit')} of {n:,} differ kappa is {printed.like(highest)} at most, not {printed.text}"
            )
            return CheckedFigure(name, printed.text, CANNOT, because, (printed.like(highest),))
    return CheckedFigure(name, printed.text, CAN, "between −1 and 1")


def only_level(claim: Claim) -> bool:
    """Whether the claim says that both annotators gave every unit the same level."""
    return len(claim.counts) == 2 and any(one == other == claim.n for one, other in zip(*claim.counts, strict=False))


def most_agreements(claim: Claim) -> int:
    """The largest number of units in agreement that the claim's percentage and its disagreements leave, each by itself."""
    by_percent = claim.n if claim.percent is None else int(claim.percent.high * claim.n)
    by_count = claim.n if claim.disagreements is None else claim.n - claim.disagreements
    return max(min(by_percent, by_count, claim.n), 0)
