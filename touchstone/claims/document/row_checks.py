"""The rows of a table, checked: each figure, all of a row together, and a row that sums up those above it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from touchstone.claims import single_figures
from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, CheckedClaim, CheckedFigure, Claim, percent_text
from touchstone.claims.consistency import check
from touchstone.claims.document.checked import IN_TABLE, TOGETHER, FigureInFile
from touchstone.claims.document.columns import DISAGREEMENTS, KAPPAS, MEAN, PERCENT, SUM, N
from touchstone.claims.document.rows import ClaimRow, FigureInRow
from touchstone.claims.verification import FOLLOWS, ReferenceLabels, verify_figure
from touchstone.english import many


def check_rows(rows: Sequence[ClaimRow], labels: ReferenceLabels | None, effort: float, several: str) -> list[FigureInFile]:
    """The rows of one table. `several`: words that speak of more than two annotators; figures over several pairs are no table
    of two. `effort`: see `consistency.check`."""
    figures = [figure for row in rows if not row.summary for figure in _check_row(row, labels, effort, several)]
    for place, row in enumerate(rows):
        if row.summary:
            figures += _check_summary(row, [above for above in rows[:place] if not above.summary])
    return figures


def _check_row(row: ClaimRow, labels: ReferenceLabels | None, effort: float, several: str) -> list[FigureInFile]:
    claim = _of_two(row.claim, labels, several)
    checked = check(claim, effort) if claim else None
    alone = {finding.figure: finding for finding in checked.findings} if checked else {}
    findings = [_check_figure(figure, row, labels, alone, several) for figure in row.figures]
    in_table = [FigureInFile(row.line, row.about, IN_TABLE, finding) for finding in findings]
    together = _together(checked, findings, held_against_labels=labels is not None) if checked else None
    return in_table + ([FigureInFile(row.line, row.about, TOGETHER, together)] if together else [])


def _of_two(claim: Claim | None, labels: ReferenceLabels | None, several: str) -> Claim | None:
    """The claim without the figures that are no table of two annotators where there are more."""
    if claim and (several or labels and len(labels.annotators) > 2):
        return replace(claim, percent=None, disagreements=None, kappas={})
    return claim


def _together(checked: CheckedClaim, findings: Sequence[CheckedFigure], *, held_against_labels: bool) -> CheckedFigure | None:
    """What was found of the row as a whole. Beside labels it is told only where it says more than the figures by themselves."""
    together = checked.together
    if together is None or all(finding.status == FOLLOWS for finding in findings):
        return None
    says_more = together.status == CANNOT and not any(finding.status == CANNOT for finding in checked.findings)
    return together if not held_against_labels or says_more else None


def _check_figure(
    figure: FigureInRow, row: ClaimRow, labels: ReferenceLabels | None, alone: Mapping[str, CheckedFigure], several: str
) -> CheckedFigure:
    """One figure. `alone`: what was found of the row's claim, figure by figure."""
    name = f"{figure.figure} {figure.who}" if figure.who else figure.figure
    by_itself = alone.get(name) or _not_in_the_claim(figure, row, several)
    if labels is None:
        return by_itself
    seat = labels.seat(figure.header, figure.who) if figure.who else None
    of_dimension = labels.about(row.about)
    return verify_figure(labels, of_dimension, figure.figure, figure.printed, seat=seat, about=row.about, alone=by_itself)


def _not_in_the_claim(figure: FigureInRow, row: ClaimRow, several: str) -> CheckedFigure:
    """What a claim does not hold: n, a mean or a sum that does not say whose (of one annotator's labels or of both's), and
    agreement of more than two."""
    text = figure.printed.text
    if several and figure.figure in (PERCENT, DISAGREEMENTS, *KAPPAS):
        because = f"the text speaks of more than two annotators (“{several}”): over several pairs it is not k of n"
        return CheckedFigure(figure.figure, text, UNCHECKED, because)
    if row.claim is None or figure.figure not in (MEAN, N):
        return CheckedFigure(figure.figure, text, UNCHECKED, "it does not say of whose labels, or of how many")
    if figure.figure == N:
        return CheckedFigure(N, text, CAN, "the other figures of the row were asked of it")
    of_one = single_figures.mean(MEAN, figure.printed, row.claim.n, row.claim.levels)
    return of_one if of_one.status == CAN else single_figures.mean(MEAN, figure.printed, row.claim.n, row.claim.levels, 2)


def _check_summary(row: ClaimRow, above: Sequence[ClaimRow]) -> list[FigureInFile]:
    """A row that is the mean or the total of those above it, column by column, as far as their rounding leaves it open."""
    findings = [_check_mean_or_total(figure, row.summary, above) for figure in row.figures] if above else []
    return [FigureInFile(row.line, row.about, IN_TABLE, finding) for finding in findings]


def _check_mean_or_total(figure: FigureInRow, summary: str, above: Sequence[ClaimRow]) -> CheckedFigure:
    kind, printed = (figure.figure, figure.who), figure.printed
    name = f"{summary} of {figure.figure}" + (f" {figure.who}" if figure.who else "")
    parts = [part.printed for row in above for part in row.figures if (part.figure, part.who) == kind]
    is_sum = figure.figure in (N, DISAGREEMENTS, SUM)
    if len(parts) < len(above) or (summary == "total") != is_sum:
        return CheckedFigure(name, printed.text, UNCHECKED, "it may be over all units together, or of other rows")
    over = 1 if is_sum else len(parts)
    exact = Fraction(sum(part.value for part in parts)) / over
    slack = Fraction(0) if is_sum else Fraction(sum(part.half for part in parts)) / over
    because = f"of the {many(len(parts), 'row')} above the {'sum' if is_sum else 'mean'} is {printed.like(exact)}"
    if printed.low - slack <= exact <= printed.high + slack:
        return CheckedFigure(name, printed.text, CAN, because)
    return CheckedFigure(name, printed.text, CANNOT, because, (printed.like(exact),))


def disagreements_by_table(rows: Sequence[ClaimRow], about: str) -> tuple[int, str] | None:
    """How many disagreements the table leaves for a dimension, and the words for where that comes from."""
    for row in rows:
        if row.claim is not None and row.claim.percent is not None and row.about.casefold() == about.casefold():
            agreements = single_figures.percent_agreements(row.claim.percent, row.claim.n)
            if len(agreements) == 1:
                return row.claim.n - agreements[0], f"{percent_text(row.claim.percent)} of {row.claim.n:,}"
    return None
