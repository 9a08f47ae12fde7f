"""All figures of a claim together: does a table of two annotators' labels have them, and which nearest figures would go?"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, UNDECIDED, CheckedFigure, Claim, percent_text
from touchstone.claims.contingency import Marginals, TableAnswer, TableQuestion, exists
from touchstone.claims.rounding import Printed, shown
from touchstone.claims.weighted_kappa import can_be_tried, some_table_has
from touchstone.english import listed, many

ENOUGH = 0.2  # with less effort the percentages that would go with a kappa are not looked for
NEARBY = 40  # how many agreements to either side are tried for a percentage that would go with a kappa
NOTHING_KNOWN = (Marginals(), Marginals())


class Verdict(NamedTuple):
    """`status`, `because` and `nearest` of a CheckedFigure."""

    status: str
    because: str
    nearest: tuple[str, ...] = ()


def check_together(
    claim: Claim, agreements: range, marginals: tuple[Marginals, Marginals], findings: Sequence[CheckedFigure], effort: float
) -> CheckedFigure | None:
    """`agreements`: the units in agreement that the claim allows; `marginals`: what it says of each annotator; `findings`: what
    was found of each figure. None for a single figure other than a kappa."""
    if len(findings) < 2 and not claim.kappas:
        return None
    together = _Together(claim, agreements, marginals, effort)
    impossible = [finding for finding in findings if finding.status == CANNOT]
    verdict = together.with_impossible(impossible) if impossible else together.verdict()
    text = ", ".join(f"{finding.figure} {finding.printed}" for finding in findings)
    return CheckedFigure("together", text, *verdict)


@dataclass(frozen=True)
class _Together:
    """A claim whose figures are asked about together; see `check_together`."""

    claim: Claim
    agreements: range
    marginals: tuple[Marginals, Marginals]
    effort: float

    @property
    def levels(self) -> str:
        return self.claim.levels.in_words

    @property
    def unweighted(self) -> Printed | None:
        return self.claim.kappas.get("unweighted")

    @property
    def weighted(self) -> Mapping[str, Printed]:
        return {kind: printed for kind, printed in self.claim.kappas.items() if kind != "unweighted"}

    @property
    def agreement(self) -> list[str]:
        """The figure of agreement, in words; none where the claim has none."""
        claim = self.claim
        if claim.percent is not None:
            return [f"{percent_text(claim.percent)} of {claim.n:,}"]
        return [many(claim.disagreements, "disagreement") + f" of {claim.n:,}"] if claim.disagreements is not None else []

    def with_impossible(self, findings: Sequence[CheckedFigure]) -> Verdict:
        """Figures that are impossible by themselves; where one is the percentage, those that would go with the kappa are told."""
        because = "; ".join(dict.fromkeys(finding.because for finding in findings))
        percent, kappa = self.claim.percent, self.unweighted
        wrong = {finding.figure for finding in findings}
        near = self._agreements_near(percent, kappa) if wrong == {"percent"} and percent and kappa else []
        if not percent or not kappa or not near:
            return Verdict(CANNOT, because)
        goes = f"; kappa {kappa.text} can go with {self._percents(percent, near)}"
        return Verdict(CANNOT, because + goes, tuple(percent.like(Fraction(k, self.claim.n)) for k in near))

    def verdict(self) -> Verdict:
        """Asked in turn: agreement with the unweighted kappa, agreement with what is said of each annotator, and all three."""
        q, values = self.claim.levels.number, self.claim.levels.values
        first, second = self.marginals
        asked = _askable(first, q, values), _askable(second, q, values)
        for kappa, marginals in dict.fromkeys(((self.unweighted, NOTHING_KNOWN), (None, asked), (self.unweighted, asked))):
            question = TableQuestion(self.claim.n, q, self.agreements, kappa, marginals, values, self.effort)
            answer = exists(question)
            if answer.exists is False:
                return self._impossible(kappa, marginals, answer)
        if answer.exists is None:
            way = "say how many levels there are" if q is None else "there are too many tables to try all"
            return Verdict(UNDECIDED, f"no table was found and none was excluded ({way})")
        if self.weighted:
            return self._weighted_of_two_levels() if q == 2 else self._weighted(q)
        if any(side.known for side in self.marginals) and asked != self.marginals:
            return Verdict(CAN, "a table has them; means and counts were checked one by one: give the levels")
        example = f", e.g. counts {_joined(answer.example[0])} and {_joined(answer.example[1])}" if answer.example else ""
        return Verdict(CAN, f"a table of labels has them{example}")

    def _impossible(self, kappa: Printed | None, marginals: tuple[Marginals, Marginals], answer: TableAnswer) -> Verdict:
        counts = ["the counts"] if any(side.counts for side in marginals) else []
        means = ["the means"] if any(side.sums for side in marginals) else []
        if kappa is None:
            return Verdict(CANNOT, f"{listed([*self.agreement, *counts, *means])} are impossible together with {self.levels}")
        figures = listed([*self.agreement, f"kappa {kappa.text}", *counts, *means])
        because = f"{figures} are impossible together with {self.levels}"
        nearest = [kappa.like(exact) for exact in answer.kappas]
        if nearest:
            because += f": the nearest kappa there is {listed(nearest).replace(' and ', ' or ')}"
            cut = (kappa.says_cut_off(exact, _longer(exact, kappa)) for exact in answer.kappas)
            because += next((words for words in cut if words), "")
        elif answer.between:
            because += f": kappa is from {kappa.like(answer.between[0])} to {kappa.like(answer.between[1])} there"
        if self.agreements == range(self.claim.n, self.claim.n + 1):
            because += "; where every label is the same kappa is undefined, whatever a program prints"
        percent = self.claim.percent
        if percent is not None and not counts and not means and (near := self._agreements_near(percent, kappa)):
            because += f"; kappa {kappa.text} can go with {self._percents(percent, near)}"
        return Verdict(CANNOT, because, tuple(nearest))

    def _agreements_near(self, percent: Printed, kappa: Printed) -> list[int]:
        """The agreements nearest to the printed percentage with which the printed kappa can occur: above, then below. None are
        looked for in a long file."""
        if kappa.low > 1 or kappa.high < -1 or self.effort < ENOUGH:
            return []
        n = self.claim.n
        at = min(max(int(percent.value * n // 1), 0), n)

        def goes(k: int) -> bool:
            question = TableQuestion(n, self.claim.levels.number, range(k, k + 1), kappa, effort=self.effort / 20)
            return exists(question, nearest=False).exists is True

        either_side = (range(at + 1, min(at + NEARBY, n) + 1), range(at, max(at - NEARBY, -1), -1))
        nearest = (next(filter(goes, side), None) for side in either_side)
        return [k for k in nearest if k is not None]

    def _percents(self, percent: Printed, agreements: Sequence[int]) -> str:
        n = self.claim.n
        return listed([f"{percent.like(Fraction(k, n))} ({k}/{n})" for k in agreements]).replace(" and ", " or ")

    def _weighted_of_two_levels(self) -> Verdict:
        """With two levels every kappa is the unweighted one."""
        kappas = [*self.weighted.values(), *([self.unweighted] if self.unweighted else [])]
        if max(kappa.low for kappa in kappas) > min(kappa.high for kappa in kappas):
            texts = listed([kappa.text for kappa in kappas])
            return Verdict(CANNOT, f"with two levels linear and quadratic kappa equal unweighted kappa, and {texts} differ")
        answers = [exists(TableQuestion(self.claim.n, 2, self.agreements, kappa)).exists for kappa in kappas]
        if False in answers:
            tightest = max(kappas, key=lambda kappa: kappa.digits)
            figures = listed([*self.agreement, f"kappa {tightest.text}"])
            return Verdict(CANNOT, f"{figures} are impossible together with 2 levels, where every kappa equals unweighted kappa")
        return Verdict(CAN if all(answers) else UNDECIDED, "with two levels every kappa equals unweighted kappa")

    def _weighted(self, q: int | None) -> Verdict:
        names = listed(list(self.weighted))
        if q is None or not can_be_tried(self.claim.n, q):
            why = "there are too many tables" if q else "say how many levels there are"
            return Verdict(UNCHECKED, f"the rest are possible together; {names} kappa was not tried with it: {why}")
        if some_table_has(self.claim.n, q, self.agreements, self.claim.kappas, self.claim.levels.at):
            return Verdict(CAN, "a table of labels has them")
        figures, units = listed([*self.agreement, f"{names} kappa", "the rest"]), many(self.claim.n, "unit")
        return Verdict(CANNOT, f"{figures} are impossible together with {self.levels}: no table of {units} has them")


def _longer(exact: Fraction, printed: Printed) -> str:
    """A value with two more digits than the figure is printed with."""
    return shown(exact / printed.scale, printed.digits + 2)


def _askable(side: Marginals, q: int | None, values: Sequence[int] | None) -> Marginals:
    """Of what is known of an annotator: counts where the number of levels is known, sums where their values are."""
    return Marginals(side.counts if q else None, side.sums if values else None)


def _joined(counts: Sequence[int]) -> str:
    return " ".join(map(str, counts)) if len(counts) <= 12 else f"of {many(len(counts), 'level')}"
