"""One claim: n units labelled by two annotators, and figures said of them. Can each occur, and can they occur together?"""

from dataclasses import replace

from touchstone.claims import single_figures
from touchstone.claims.claim import MOST_LEVELS, MOST_UNITS, CheckedClaim, Claim, Levels
from touchstone.claims.contingency import Marginals
from touchstone.claims.joint_figures import check_together
from touchstone.claims.rounding import whole_range
from touchstone.english import many
from touchstone.errors import Refused


def check(claim: Claim, effort: float = 1.0) -> CheckedClaim:
    """`effort`: see `contingency.TableQuestion`; a file of many rows spends less on each. Raises Refused for a claim that cannot
    be asked about: no unit, one level, counts for another number of levels."""
    _refuse_nonsense(claim)
    if claim.levels.number is None and (given := (*claim.counts, *claim.shares)):
        claim = replace(claim, levels=Levels(len(given[0])))
    agreements, findings = range(claim.n + 1), []
    if claim.percent is not None:
        agreements = single_figures.percent_agreements(claim.percent, claim.n)
        findings.append(single_figures.percent(claim.percent, claim.n, agreements))
    if claim.disagreements is not None:
        findings.append(single_figures.disagreements(claim.disagreements, claim, agreements))
        k = claim.n - claim.disagreements
        agreements = range(k, k + 1) if k in agreements or claim.percent is None else range(0)
    marginals = _marginals(claim, 0), _marginals(claim, 1)
    for place in (0, 1):
        findings += single_figures.of_annotator(claim, place, marginals[place])
    most = single_figures.most_agreements(claim)
    findings += [single_figures.kappa(kind, printed, claim, most) for kind, printed in claim.kappas.items()]
    if single_figures.only_level(claim):
        claim = replace(claim, kappas={})
    together = check_together(claim, agreements, marginals, findings, effort)
    return CheckedClaim(claim.n, claim.levels, tuple(findings), together)


def _refuse_nonsense(claim: Claim) -> None:
    if not 1 <= claim.n <= MOST_UNITS:
        raise Refused(f"a claim is of 1 to {MOST_UNITS:,} units, and n is {claim.n:,}")
    if claim.levels.number is not None and not 2 <= claim.levels.number <= MOST_LEVELS:
        raise Refused(f"{many(claim.levels.number, 'level')} cannot be agreed or disagreed on; name 2 to {MOST_LEVELS:,}")
    for given in (*claim.counts, *claim.shares):
        if claim.levels.number is not None and len(given) != claim.levels.number:
            raise Refused(f"{len(given)} counts are given and {many(claim.levels.number, 'level')}; give one count per level")
    if len({len(given) for given in (*claim.counts, *claim.shares)}) > 1:
        raise Refused("the two annotators' counts are of different numbers of levels; give one count per level, 0 where unused")


def _marginals(claim: Claim, place: int) -> Marginals:
    """What the claim says of the first or the second annotator's labels."""
    counts: tuple[range, ...] | None = None
    if place < len(claim.counts):
        counts = tuple(range(count, count + 1) for count in claim.counts[place])
    elif place < len(claim.shares):
        counts = tuple(whole_range(share, claim.n) for share in claim.shares[place])
    sums: range | None = None
    if place < len(claim.means) and (mean := claim.means[place]) is not None:
        sums = whole_range(mean, claim.n)
    if place < len(claim.sums) and (total := claim.sums[place]) is not None:
        start, stop = (total, total + 1) if sums is None else (max(sums.start, total), min(sums.stop, total + 1))
        sums = range(start, stop)
    return Marginals(counts, sums)
