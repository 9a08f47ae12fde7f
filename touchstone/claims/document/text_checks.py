"""Figures in the text, checked; and what the text says of all of them: n, and the levels."""

from collections.abc import Sequence
from dataclasses import replace

from touchstone.claims import single_figures
from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, CheckedFigure, Levels
from touchstone.claims.document import prose
from touchstone.claims.document.checked import IN_TEXT, FigureInFile
from touchstone.claims.document.columns import DISAGREEMENTS, KAPPAS, PERCENT, N
from touchstone.claims.document.parsing import Document
from touchstone.claims.document.prose import FigureInText
from touchstone.claims.document.row_checks import disagreements_by_table
from touchstone.claims.document.rows import ClaimRow
from touchstone.claims.verification import DOES_NOT, FOLLOWS, NO_LABELS, ReferenceLabels, verify_figure
from touchstone.english import listed, many
from touchstone.errors import Refused


def size_of(document: Document, n: int | None, labels: ReferenceLabels | None, notes: list[str], *, needed: bool) -> int | None:
    """The n of figures that do not say theirs, and a note on where it comes from: as given, from the text, else from the labels.

    Raises Refused where it is `needed` and the text gives none, or several."""
    if n is not None:
        notes.append(f"n is {n:,}, as given")
        return n
    sizes = prose.sizes_in(document.paragraphs)
    if len(sizes) == 1:
        ((size, (line, words)),) = sizes.items()
        notes.append(f"n is {size:,}, from line {line}: “{words}”")
        return size
    if labels is not None:
        notes.append("n is that of the labels, dimension by dimension")
        return None
    if needed and sizes:
        given = listed([f"{size:,} (line {line})" for size, (line, _) in sorted(sizes.items())])
        raise Refused(f"the file gives n as {given}; say which its figures rest on: --n")
    if needed:
        raise Refused("the file does not say how many units its figures rest on; give it: --n 30")
    return None


def levels_of(document: Document, levels: Levels | None, labels: ReferenceLabels | None, notes: list[str]) -> Levels:
    """The levels, as given, from the labels, else from the text, and a note on it."""
    if levels is not None and levels.number:
        notes.append(f"{levels.in_words}, as given")
        return levels
    if labels is not None:
        notes.append("levels are those of the rubric the labels were made by")
        return Levels()
    in_text, words = prose.levels_in(document.paragraphs)
    notes.append(
        f"{in_text.in_words}, from the text: “{words}”"
        if words
        else "the levels are not stated: any number of them is allowed (state them with --levels 0,1,2,3)"
    )
    return in_text


def check_text(
    figures: Sequence[FigureInText], n: int | None, labels: ReferenceLabels | None, rows: Sequence[ClaimRow]
) -> list[FigureInFile]:
    """The figures in sentences. `rows`: those of the file's tables."""
    found = []
    for figure in figures:
        finding = _check(figure, n, rows) if labels is None or figure.unsure else _verify(figure, labels)
        found.append(FigureInFile(figure.line, figure.about, IN_TEXT, replace(finding, printed=figure.text)))
    return found


def verify_sizes(document: Document, labels: ReferenceLabels) -> list[FigureInFile]:
    """The n of the text, where it gives one, held against the units of the labels."""
    units = {dimension.report.units_with_two for dimension in labels.dimensions.values()}
    sizes = prose.sizes_in(document.paragraphs)
    of_units = listed([many(number, "unit") for number in sorted(units)]).replace(" and ", " or ")
    because = f"the labels (made by {labels.made_by}) are of {of_units}"
    return [
        FigureInFile(line, "", IN_TEXT, CheckedFigure(N, words, FOLLOWS if size in units else DOES_NOT, because))
        for size, (line, words) in sizes.items()
        if size in units or len(sizes) == 1
    ]


def _verify(figure: FigureInText, labels: ReferenceLabels) -> CheckedFigure:
    """One that speaks of another labelling ("New κ", "after revision") has no labels behind it, unless the labels at hand give
    it."""
    of_dimension = labels.about(figure.about)
    finding = verify_figure(labels, of_dimension, figure.figure, figure.printed, about=figure.about)
    if not figure.another or finding.status == FOLLOWS:
        return finding
    because = f"the sentence speaks of another labelling (“{figure.another}”), and no labels of it are loaded"
    if of_dimension:
        because += f"; {finding.because}"
    return replace(finding, status=NO_LABELS, nearest=(), because=because)


def _check(figure: FigureInText, n: int | None, rows: Sequence[ClaimRow]) -> CheckedFigure:
    """Without labels."""
    printed = figure.printed
    if figure.unsure:
        is_some = figure.figure == DISAGREEMENTS
        why = "it may be some of them, not all" if is_some else "it may be a threshold, or another figure"
        return CheckedFigure(figure.figure, figure.text, UNCHECKED, f"“{figure.unsure}”: {why}")
    if figure.figure == DISAGREEMENTS:
        return _check_disagreements(figure, rows)
    if figure.figure in KAPPAS:
        return single_figures.kappa(figure.figure.removeprefix("kappa "), printed)
    if not figure.about and len(rows) > 1:
        return CheckedFigure(figure.figure, printed.text, UNCHECKED, "it names no dimension")
    if n is not None and figure.figure == PERCENT:
        return single_figures.percent(printed, n, single_figures.percent_agreements(printed, n))
    return CheckedFigure(figure.figure, printed.text, UNCHECKED, "the text does not say its n")


def _check_disagreements(figure: FigureInText, rows: Sequence[ClaimRow]) -> CheckedFigure:
    by_table = None if figure.another else disagreements_by_table(rows, figure.about)
    if by_table is None:
        because = "no percentage in the file to compare it with"
        return CheckedFigure(DISAGREEMENTS, figure.printed.text, UNCHECKED, because)
    number, where_from = by_table
    because = f"{where_from} has {many(number, 'disagreement')}"
    if int(figure.printed.value) == number:
        return CheckedFigure(DISAGREEMENTS, figure.printed.text, CAN, because)
    return CheckedFigure(DISAGREEMENTS, figure.printed.text, CANNOT, because, (str(number),))
