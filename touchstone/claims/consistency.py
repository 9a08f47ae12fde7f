"""One claim: n units labelled by two annotators, and figures said of them. Can each occur, and can they occur together?"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from touchstone.claims import single_figures
from touchstone.claims.claim import (
    CAN,
    CANNOT,
    MOST_LEVELS,
    MOST_UNITS,
    UNCHECKED,
    UNDECIDED,
    Checked,
    Claim,
    Finding,
    Levels,
    percent_text,
)
from touchstone.claims.contingency import Answer, Asked, Side, exists
from touchstone.claims.rounding import Printed, whole_range
from touchstone.claims.weighted_kappa import can_be_tried, some_table_has
from touchstone.english import listed, many
from touchstone.errors import Refused

ENOUGH = 0.2  # with less effort the percentages that would go with a kappa are not looked for
NEARBY = 40  # how many agreements to either side are tried for a percentage that would go with a kappa


def check(claim: Claim, effort: float = 1.0) -> Checked:
    """`effort`: see `tables.Asked`; a file of many rows spends less on each. Raises Refused for a claim that cannot be asked
    about: no unit, one level, counts for another number of levels."""
    _refuse_nonsense(claim)
    if claim.levels.number is None and (given := (*claim.counts, *claim.shares)):
        claim = replace(claim, levels=Levels(len(given[0])))
    agreements, findings = range(claim.n + 1), []
    if claim.percent is not None:
        agreements = single_figures.percent_agreements(claim.percent, claim.n)
        findings.append(single_figures.percent(claim.percent, claim.n, agreements))
    if claim.disagreements is not None:
        findings.append(single_figures.disagreements(claim, agreements))
        k = claim.n - claim.disagreements
        agreements = range(k, k + 1) if k in agreements or claim.percent is None else range(0)
    sides = tuple(_side(claim, place) for place in (0, 1))
    findings += [each for place in (0, 1) for each in single_figures.of_annotator(claim, place, sides[place])]
    findings += [single_figures.kappa(kind, printed) for kind, printed in claim.kappas.items()]
    return Checked(claim.n, claim.levels, tuple(findings), _together(claim, agreements, sides, findings, effort))


def _refuse_nonsense(claim: Claim) -> None:
    if not 1 <= claim.n <= MOST_UNITS:
        raise Refused(f"a claim is of 1 to {MOST_UNITS:,} units, and n is {claim.n:,}")
    if claim.levels.number is not None and not 2 <= claim.levels.number <= MOST_LEVELS:
        raise Refused(f"{many(claim.levels.number, 'level')} cannot be agreed or disagreed on; name 2 to {MOST_LEVELS:,}")
    for given in (*claim.counts, *claim.shares):
        if claim.levels.number is not None and len(given) != claim.levels.number:
            raise Refused(f"{len(given)} counts are given and {many(claim.levels.number, 'level')}; give one count a level")
    if len({len(given) for given in (*claim.counts, *claim.shares)}) > 1:
        raise Refused("the two annotators' counts are of different numbers of levels; give one count a level, 0 where unused")


def _side(claim: Claim, place: int) -> Side:
    counts = None
    if place < len(claim.counts):
        counts = tuple(range(each, each + 1) for each in claim.counts[place])
    elif place < len(claim.shares):
        counts = tuple(whole_range(each, claim.n) for each in claim.shares[place])
    sums = None
    if place < len(claim.means) and claim.means[place] is not None:
        sums = whole_range(claim.means[place], claim.n)
    if place < len(claim.sums) and claim.sums[place] is not None:
        given = range(claim.sums[place], claim.sums[place] + 1)
        sums = given if sums is None else range(max(sums.start, given.start), min(sums.stop, given.stop))
    return Side(counts, sums)


def _together(
    claim: Claim, agreements: range, sides: tuple[Side, Side], findings: Sequence[Finding], effort: float
) -> Finding | None:
    if len(findings) < 2 and not claim.kappas:
        return None
    text = ", ".join(f"{each.figure} {each.printed}" for each in findings)
    wrong = [each for each in findings if each.status == CANNOT]
    if wrong:
        because, nearest = wrong[0].because, ()
        if claim.percent is not None and wrong[0].figure == "percent" and (near := _percents_with(claim, effort)):
            because += f"; kappa {claim.kappas['unweighted'].text} can go with {_percents(near, claim)}"
            nearest = tuple(claim.percent.like(Fraction(k, claim.n)) for k in near)
        return Finding("together", text, CANNOT, because, nearest)
    unweighted = claim.kappas.get("unweighted")
    q, values = claim.levels.number, claim.levels.values
    joint = tuple(Side(side.counts if q else None, side.sums if values else None) for side in sides)
    for kappa, given in ((unweighted, (Side(), Side())), (None, joint), (unweighted, joint)):
        answer = exists(Asked(claim.n, q, agreements, kappa, given, values, effort))
        if answer.exists is False:
            return _not_together(claim, agreements, text, kappa, given, answer, effort)
    if answer.exists is None:
        way = "say how many levels there are" if q is None else "there are too many tables to try all"
        return Finding("together", text, UNDECIDED, f"no table was found and none was excluded ({way})")
    if others := {kind: each for kind, each in claim.kappas.items() if kind != "unweighted"}:
        return _weighted(claim, agreements, text, others)
    if any(side.known for side in sides) and joint != sides:
        return Finding("together", text, CAN, "a table has them; means and counts were looked at one by one: name the levels")
    example = f", e.g. counts {_joined(answer.example[0])} and {_joined(answer.example[1])}" if answer.example else ""
    return Finding("together", text, CAN, f"a table of labels has them{example}")


def _joined(counts: Sequence[int]) -> str:
    return " ".join(map(str, counts)) if len(counts) <= 12 else f"of {len(counts)} levels"


def _not_together(
    claim: Claim, agreements: range, text: str, kappa: Printed | None, given: tuple[Side, Side], answer: Answer, effort: float
) -> Finding:
    agree = _agree(claim, agreements)
    others = [
        name
        for name, there in (("the counts", any(side.counts for side in given)), ("the means", any(side.sums for side in given)))
        if there
    ]
    if kappa is None:
        return Finding(
            "together", text, CANNOT, f"{listed([*agree, *others])} cannot occur together with {claim.levels.in_words}"
        )
    because = f"{listed([*agree, f'kappa {kappa.text}', *others])} cannot occur together with {claim.levels.in_words}"
    nearest = [kappa.like(each) for each in answer.kappas]
    if nearest:
        because += f": the nearest kappa there is {listed(nearest).replace(' and ', ' or ')}"
    elif answer.between:
        because += f": kappa is from {kappa.like(answer.between[0])} to {kappa.like(answer.between[1])} there"
    if agreements == range(claim.n, claim.n + 1):
        because += "; where every label is the same kappa is undefined, whatever a program prints"
    if claim.percent is not None and not others and (near := _percents_with(claim, effort)):
        because += f"; kappa {kappa.text} can go with {_percents(near, claim)}"
    return Finding("together", text, CANNOT, because, tuple(nearest))


def _agree(claim: Claim, agreements: range) -> list[str]:
    if claim.percent is not None:
        return [f"{percent_text(claim.percent)} of {claim.n:,}"]
    return [many(claim.disagreements, "disagreement") + f" of {claim.n:,}"] if claim.disagreements is not None else []


def _percents_with(claim: Claim, effort: float) -> list[int]:
    """The agreements nearest to the printed percentage with which the printed kappa can occur: above, then below. None are
    looked for in a long file."""
    kappa = claim.kappas.get("unweighted")
    if kappa is None or kappa.low > 1 or kappa.high < -1 or effort < ENOUGH:
        return []
    at = min(max(int(claim.percent.value * claim.n // 1), 0), claim.n)
    sought = (range(at + 1, min(at + NEARBY, claim.n) + 1), range(at, max(at - NEARBY, -1), -1))

    def goes(k: int) -> bool:
        asked = Asked(claim.n, claim.levels.number, range(k, k + 1), kappa, effort=effort / 20)
        return exists(asked, nearest=False).exists is True

    found = (next(filter(goes, side), None) for side in sought)
    return [k for k in found if k is not None]


def _percents(agreements: Sequence[int], claim: Claim) -> str:
    return listed([f"{claim.percent.like(Fraction(k, claim.n))} ({k}/{claim.n})" for k in agreements]).replace(" and ", " or ")


def _weighted(claim: Claim, agreements: range, text: str, others: Mapping[str, Printed]) -> Finding:
    names = listed(list(others))
    if claim.levels.number == 2:
        kappas = [*others.values(), *([claim.kappas["unweighted"]] if "unweighted" in claim.kappas else [])]
        low, high = max(each.low for each in kappas), min(each.high for each in kappas)
        if low > high:
            return Finding(
                "together",
                text,
                CANNOT,
                "with two levels linear and quadratic kappa are the unweighted one, and "
                f"{listed([each.text for each in kappas])} differ",
            )
        tightest = max(kappas, key=lambda each: each.digits)
        found = [exists(Asked(claim.n, 2, agreements, each)).exists for each in {id(k): k for k in kappas}.values()]
        if False in found:
            return Finding(
                "together",
                text,
                CANNOT,
                f"{listed([*_agree(claim, agreements), f'kappa {tightest.text}'])} cannot "
                "occur together with 2 levels, where every kappa is the unweighted one",
            )
        return Finding("together", text, CAN if all(found) else UNDECIDED, "with two levels every kappa is the unweighted one")
    if not can_be_tried(claim.n, claim.levels.number):
        why = "there are too many tables" if claim.levels.number else "say how many levels there are"
        return Finding("together", text, UNCHECKED, f"the rest can occur together; {names} kappa was not tried with it: {why}")
    if some_table_has(claim.n, claim.levels.number, agreements, claim.kappas):
        return Finding("together", text, CAN, "a table of labels has them")
    return Finding(
        "together",
        text,
        CANNOT,
        f"{listed([*_agree(claim, agreements), f'{names} kappa', 'the rest'])} cannot occur "
        f"together with {claim.levels.in_words}: no table of {many(claim.n, 'unit')} has them",
    )
