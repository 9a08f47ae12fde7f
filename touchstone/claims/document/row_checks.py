"""Claims checked, of tables and of the text: each figure, all of a claim together, and a row that sums up those above it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from touchstone.claims import single_figures
from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, CheckedClaim, CheckedFigure, Claim, percent_text
from touchstone.claims.consistency import check
from touchstone.claims.document.checked import IN_TABLE, TOGETHER, FigureInFile
from touchstone.claims.document.count_checks import held_against, table_for
from touchstone.claims.left_open import WHICH_N
from touchstone.claims.reading.columns import AGREEMENTS, DISAGREEMENTS, KAPPAS, MEAN, PERCENT, SUM, N
from touchstone.claims.reading.crosstabs import CrossTable
from touchstone.claims.reading.rows import AGREEMENT, ClaimRow, FigureInRow
from touchstone.claims.reading.statements import Place, Size, Statements
from touchstone.claims.verification import FOLLOWS, ReferenceLabels, verify_figure
from touchstone.english import many

NAMES_NONE = "it does not say of whose labels, or of how many"


@dataclass(frozen=True)
class Checks:
    """What rows are checked with. `effort`: see `consistency.check`. `counts`: the file's tables of counts."""

    statements: Statements
    labels: ReferenceLabels | None = None
    effort: float = 1.0
    counts: Sequence[CrossTable] = ()

    def rows(self, rows: Sequence[ClaimRow], place: Place) -> list[FigureInFile]:
        """The rows of one table, those that sum up others last."""
        figures = [figure for row in rows if not row.summary for figure in self.row(row, place)]
        for at, row in enumerate(rows):
            if row.summary:
                figures += _check_summary(row, [above for above in rows[:at] if not above.summary and above.of == row.of])
        return figures

    def row(self, row: ClaimRow, place: Place, part: str = IN_TABLE) -> list[FigureInFile]:
        claim = _of_two(row.claim, self.labels)
        checked = check(claim, self.effort) if claim else None
        alone = {finding.figure: finding for finding in checked.findings} if checked else {}
        excused = _possible_of_another(row, checked, self.effort) if checked else ""
        findings = [self._figure(figure, row, place, alone, excused) for figure in row.figures]
        about = f"{row.about}, {row.of}" if row.of and row.about else row.about or row.of
        in_table = [
            FigureInFile(figure.line, about, part, found, row.line) for figure, found in zip(row.figures, findings, strict=True)
        ]
        together = self._together(checked, findings, excused) if checked else None
        return in_table + ([FigureInFile(row.line, about, TOGETHER, together, row.line)] if together else [])

    def _figure(
        self, figure: FigureInRow, row: ClaimRow, place: Place, alone: Mapping[str, CheckedFigure], excused: str
    ) -> CheckedFigure:
        """One figure. `alone`: what was found of the row's claim, figure by figure."""
        name = f"{figure.figure} {figure.who}" if figure.who else figure.figure
        by_itself = _by_itself(figure, row, alone.get(name))
        if excused and by_itself.status == CANNOT:
            by_itself = replace(by_itself, status=UNCHECKED, because=excused, nearest=())
        if self.labels is None:
            return self._beside_counts(figure, row, place, by_itself)
        seat = self.labels.seat(figure.header, figure.who) if figure.who else None
        of_dimension = self.labels.about(row.about)
        return verify_figure(
            self.labels, of_dimension, figure.figure, figure.printed, seat=seat, about=row.about, alone=by_itself
        )

    def _beside_counts(self, figure: FigureInRow, row: ClaimRow, place: Place, found: CheckedFigure) -> CheckedFigure:
        if figure.who or figure.why or row.of:
            return found
        table = table_for(self.counts, place, row.about, row.claim.n if row.claim else None, self.statements)
        return held_against(table, figure.figure, figure.printed, found) if table else found

    def _together(self, checked: CheckedClaim, findings: Sequence[CheckedFigure], excused: str) -> CheckedFigure | None:
        """What was found of the row as a whole. Beside labels it is told only where it says more than each figure by itself."""
        together = checked.together
        if together is None or all(finding.status == FOLLOWS for finding in findings):
            return None
        if excused and together.status == CANNOT:
            together = replace(together, status=UNCHECKED, because=excused, nearest=())
        says_more = together.status == CANNOT and not any(finding.status == CANNOT for finding in checked.findings)
        return together if self.labels is None or says_more else None


def _of_two(claim: Claim | None, labels: ReferenceLabels | None) -> Claim | None:
    """The claim without the figures that are no table of two annotators where the labels are of more."""
    if claim and labels and len(labels.annotators) > 2:
        return replace(claim, percent=None, disagreements=None, kappas={}, counts=(), shares=())
    return claim


def _possible_of_another(row: ClaimRow, checked: CheckedClaim, effort: float) -> str:
    """Why an impossible claim is not called so: it is possible of another n that the file gives. "" otherwise."""
    if row.claim is None or checked.can_occur is not False:
        return ""
    for size in _distinct(row.others)[:4]:
        try_ = replace(row.claim, n=size.value)
        if (try_.disagreements or 0) <= size.value and check(try_, effort / 4).can_occur is not False:
            return (
                f"impossible of {many(row.claim.n, 'unit')}, possible of {size.value:,}, which the file gives as well "
                f"(line {size.line}: “{size.words[:60]}”); {WHICH_N}"
            )
    return ""


def _distinct(sizes: Sequence[Size]) -> list[Size]:
    return list({size.value: size for size in sizes}.values())


def _by_itself(figure: FigureInRow, row: ClaimRow, found: CheckedFigure | None) -> CheckedFigure:
    """One figure without labels. `found`: what was found of it in the row's claim."""
    text = percent_text(figure.printed) if figure.figure == PERCENT else figure.printed.text
    name = f"{figure.figure} {figure.who}" if figure.who else figure.figure
    if impossible := _out_of_range(figure, name, text):
        return impossible
    if figure.why or row.claim is None and row.why:
        return CheckedFigure(name, text, UNCHECKED, figure.why or row.why)
    if figure.figure == AGREEMENTS and row.claim is not None:
        d = next((int(each.printed.value) for each in row.figures if each.figure == DISAGREEMENTS and not each.why), None)
        k, claim = int(figure.printed.value), row.claim
        allowed = single_figures.percent_agreements(claim.percent, claim.n) if claim.percent else range(0)
        return replace(single_figures.agreements(k, d, claim, allowed), printed=text)
    if figure.figure == DISAGREEMENTS and row.claim is not None and (impossible := _do_not_add_up(figure, row)):
        return replace(impossible, figure=name, printed=text)
    if found is not None:
        return found
    if figure.figure == "positive" and row.claim is not None:
        return _positive(figure, row.claim, name, text)
    if row.claim is None or figure.figure not in (MEAN, N):
        return CheckedFigure(name, text, UNCHECKED, NAMES_NONE)
    if figure.figure == N:
        return CheckedFigure(N, text, CAN, "the other figures of the row were asked of it")
    of_one = single_figures.mean(MEAN, figure.printed, row.claim.n, row.claim.levels)
    return of_one if of_one.status == CAN else single_figures.mean(MEAN, figure.printed, row.claim.n, row.claim.levels, 2)


def _out_of_range(figure: FigureInRow, name: str, text: str) -> CheckedFigure | None:
    """A figure that no n and no annotators could have."""
    if figure.figure in KAPPAS and (figure.printed.low > 1 or figure.printed.high < -1):
        return CheckedFigure(name, text, CANNOT, f"a kappa of {text} is impossible: it is from −1 to 1")
    if figure.figure == PERCENT and not figure.why and (figure.printed.low > 1 or figure.printed.high < 0):
        return CheckedFigure(name, text, CANNOT, f"{text} is impossible: a share of units is from 0 to 100 %")
    return None


def _do_not_add_up(figure: FigureInRow, row: ClaimRow) -> CheckedFigure | None:
    """Disagreements that with the agreements beside them are not n."""
    k = next((int(each.printed.value) for each in row.figures if each.figure == AGREEMENTS and not each.why), None)
    if k is None or row.claim is None or k > row.claim.n:
        return None
    found = single_figures.agreements(k, int(figure.printed.value), replace(row.claim, percent=None), range(0))
    return replace(found, nearest=(str(row.claim.n - k),)) if found.status == CANNOT else None


def _positive(figure: FigureInRow, claim: Claim, name: str, text: str) -> CheckedFigure:
    counts = (*claim.counts, *claim.shares)
    if len(counts) < figure.who:
        return CheckedFigure(name, text, UNCHECKED, "there are more levels than two, or the other annotator's is not said")
    if claim.counts:
        return CheckedFigure(name, text, CAN, f"{int(figure.printed.value):,} of {claim.n:,}")
    return replace(
        single_figures.percent(figure.printed, claim.n, single_figures.percent_agreements(figure.printed, claim.n)), figure=name
    )


def _check_summary(row: ClaimRow, above: Sequence[ClaimRow]) -> list[FigureInFile]:
    """A row that is the mean or the total of those above it, column by column, as far as their rounding leaves it open."""
    findings = [_check_mean_or_total(figure, row.summary, above) for figure in row.figures] if above else []
    return [FigureInFile(row.line, row.about, IN_TABLE, finding, row.line) for finding in findings]


def _check_mean_or_total(figure: FigureInRow, summary: str, above: Sequence[ClaimRow]) -> CheckedFigure:
    kind, printed = (figure.figure, figure.who), figure.printed
    name = f"{summary} of {figure.figure}" + (f" {figure.who}" if figure.who else "")
    parts = [part.printed for row in above for part in row.figures if (part.figure, part.who) == kind]
    is_sum = figure.figure in (N, AGREEMENTS, DISAGREEMENTS, SUM)
    if len(parts) < len(above) or (summary == "total") != is_sum or figure.figure not in (N, SUM, MEAN, *AGREEMENT):
        return CheckedFigure(name, printed.text, UNCHECKED, "it may be over all units together, or of other rows")
    over = 1 if is_sum else len(parts)
    exact = Fraction(sum(part.value for part in parts)) / over
    slack = Fraction(0) if is_sum else Fraction(sum(part.half for part in parts)) / over
    because = f"of the {many(len(parts), 'row')} above the {'sum' if is_sum else 'mean'} is {printed.like(exact)}"
    if printed.low - slack <= exact <= printed.high + slack:
        return CheckedFigure(name, printed.text, CAN, because)
    if not is_sum and _are_of_different_n(above):
        return CheckedFigure(name, printed.text, UNCHECKED, f"{because}; it may be weighted by the rows' n")
    return CheckedFigure(name, printed.text, CANNOT, because, (printed.like(exact),))


def _are_of_different_n(rows: Sequence[ClaimRow]) -> bool:
    return len({row.claim.n if row.claim else None for row in rows}) > 1


def disagreements_by_table(rows: Sequence[ClaimRow], about: str) -> tuple[int, str] | None:
    """How many disagreements the table leaves for a dimension, and the words for where that comes from."""
    for row in rows:
        if row.claim is not None and row.claim.percent is not None and row.about.casefold() == about.casefold():
            agreements = single_figures.percent_agreements(row.claim.percent, row.claim.n)
            if len(agreements) == 1:
                return row.claim.n - agreements[0], f"{percent_text(row.claim.percent)} of {row.claim.n:,}"
    return None
