"""Figures in the text, checked; and what the text says of all of them: n, and the levels."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, CheckedFigure
from touchstone.claims.document.checked import IN_TEXT, TOGETHER, FigureInFile
from touchstone.claims.document.row_checks import Checks, disagreements_by_table
from touchstone.claims.reading.columns import DISAGREEMENTS, KAPPAS, PERCENT, N
from touchstone.claims.reading.design import parties_with_a_machine
from touchstone.claims.reading.parsing import Document
from touchstone.claims.reading.rows import ClaimRow, FigureInRow, claim_of_figures, size_at
from touchstone.claims.reading.sentences import FigureInText, says_overall
from touchstone.claims.reading.statements import Place, Statements, sizes_in
from touchstone.claims.verification import DOES_NOT, FOLLOWS, NO_LABELS, ReferenceLabels, verify_figure
from touchstone.english import listed, many

OPEN = re.compile(r"undefined|levels by their values")  # of what was found beside a table: not settled by the bounds alone
SEVERAL_DIMENSIONS = re.compile(
    r"\b(?:dimensions|criteria|aspects|attributes|axes|rubric items|questions|categories|labels each)\b", re.I
)


def check_text(
    figures: Sequence[FigureInText], document: Document, checks: Checks, rows: Sequence[ClaimRow]
) -> list[FigureInFile]:
    """The figures in sentences. `rows`: those of the file's tables."""
    if checks.labels is not None:
        return [_in_text(figure, _verify(figure, checks.labels)) for figure in figures]
    several = len(rows) > 1 or any(SEVERAL_DIMENSIONS.search(each.text) for each in document.paragraphs)
    found = []
    for group in _groups(figures):
        found += _check_group(group, checks, rows, several)
    return found


def _groups(figures: Iterable[FigureInText]) -> list[list[FigureInText]]:
    """Figures that make one claim: of one sentence, or of one paragraph where each is the only one of its kind."""
    by_paragraph: dict[tuple[int, str], list[FigureInText]] = {}
    by_sentence: dict[tuple[int, int, str], list[FigureInText]] = {}
    for figure in figures:
        by_paragraph.setdefault((figure.line, figure.about), []).append(figure)
        by_sentence.setdefault((figure.line, figure.sentence, "" if figure.printed.whole else figure.about), []).append(figure)
    made = []
    for group in by_paragraph.values():
        if _is_one_claim(group):
            made.append(group)
        else:
            made += _one_of_each(
                [each for each in by_sentence.values() for each in [[one for one in each if one in group]] if each]
            )
    return made


def _is_one_claim(group: Sequence[FigureInText]) -> bool:
    kinds = [figure.figure for figure in group]
    return len(set(kinds)) == len(kinds) and len({figure.own for figure in group} - {None}) <= 1


def _one_of_each(groups: Sequence[list[FigureInText]]) -> list[list[FigureInText]]:
    """Sentences as claims; one with the same figure twice is taken figure by figure, part and share of one passage together."""
    made = []
    for group in groups:
        if _is_one_claim(group):
            made.append(group)
        else:
            passages: dict[int, list[FigureInText]] = {}
            for figure in group:
                passages.setdefault(figure.passage, []).append(figure)
            made += list(passages.values())
    return made


def _check_group(group: Sequence[FigureInText], checks: Checks, rows: Sequence[ClaimRow], several: bool) -> list[FigureInFile]:
    first = group[0]
    place = Place(frozenset({first.line}), first.section)
    found = size_at(checks.statements, place, next((each.own for each in group if each.own), None), None)
    figures = []
    for each in group:
        why = each.unsure or _why_not(each, checks.statements, place, rows, several, [size.sentence for size in found.stated])
        figures.append(FigureInRow(each.figure, each.printed, "", 0, each.line, why))
    levels = checks.statements.levels_at(place)[0]
    claim = claim_of_figures(figures, found.n, levels) if found.n is not None else None
    if claim is not None and not (claim.percent or claim.disagreements is not None):
        claim = replace(claim, kappas={}) if len(group) == 1 else claim
    row = ClaimRow(first.line, first.about, claim, tuple(figures), "", found.why, found.others)
    entries = checks.row(row, place, IN_TEXT)
    singles = [_in_text(figure, _kappa_alone(figure, entry.finding)) for figure, entry in zip(group, entries, strict=False)]
    singles = [_beside_table(figure, entry, rows, len(group) == 1) for figure, entry in zip(group, singles, strict=True)]
    together = [each for each in entries[len(group) :] if each.finding.status == CANNOT]
    alone = any(each.finding.status == CANNOT for each in singles)
    return singles + ([replace(each, part=TOGETHER) for each in together] if not alone else [])


def _in_text(figure: FigureInText, finding: CheckedFigure) -> FigureInFile:
    return FigureInFile(figure.line, figure.about, IN_TEXT, replace(finding, printed=figure.text), figure.line)


def _why_not(
    figure: FigureInText, statements: Statements, place: Place, rows: Sequence[ClaimRow], several: bool, said_n: Sequence[str]
) -> str:
    """Why a figure is not checked, by what stands around its sentence."""
    if not figure.says_two and (more := statements.more_than_two(place)):
        return f"the text speaks of more than two annotators (“{more}”): over several pairs it is not k of n"
    if figure.own is not None:
        return ""
    if figure.machine and not any(parties_with_a_machine(sentence) for sentence in said_n):
        return f"“{figure.machine}”: the n of that comparison is not said"
    if figure.figure != PERCENT or figure.about:
        return ""
    if len(rows) > 1 or several and says_overall(figure.text):
        return "it names no dimension"
    return ""


def _kappa_alone(figure: FigureInText, finding: CheckedFigure) -> CheckedFigure:
    """A kappa without n, or without a share of agreement beside it, is from −1 to 1 and no more."""
    if figure.figure in KAPPAS and finding.status == UNCHECKED and not figure.unsure and not OPEN.search(finding.because):
        return replace(finding, status=CAN, because="between −1 and 1")
    return finding


def _beside_table(figure: FigureInText, entry: FigureInFile, rows: Sequence[ClaimRow], is_alone: bool) -> FigureInFile:
    """A number of disagreements, held against the percentage that a table gives for the same dimension."""
    if figure.figure != DISAGREEMENTS or figure.unsure or not is_alone or figure.printed.whole:
        return entry
    by_table = None if figure.another or figure.machine else disagreements_by_table(rows, figure.about)
    if by_table is None:
        because = "no percentage in the file to compare it with"
        return replace(entry, finding=replace(entry.finding, status=UNCHECKED, because=because, nearest=()))
    number, where_from = by_table
    because = f"{where_from} has {many(number, 'disagreement')}"
    fits = int(figure.printed.value) == number
    finding = replace(entry.finding, status=CAN if fits else CANNOT, because=because, nearest=() if fits else (str(number),))
    return replace(entry, finding=finding)


def verify_sizes(document: Document, labels: ReferenceLabels) -> list[FigureInFile]:
    """The n of the text, where it gives one, held against the units of the labels."""
    units = {dimension.report.units_with_two for dimension in labels.dimensions.values()}
    sizes = sizes_in(document.paragraphs)
    of_units = listed([many(number, "unit") for number in sorted(units)]).replace(" and ", " or ")
    because = f"the labels (made by {labels.made_by}) are of {of_units}"
    return [
        FigureInFile(line, "", IN_TEXT, CheckedFigure(N, words, FOLLOWS if size in units else DOES_NOT, because))
        for size, (line, words) in sizes.items()
        if size in units or len(sizes) == 1
    ]


def _verify(figure: FigureInText, labels: ReferenceLabels) -> CheckedFigure:
    """One that speaks of another labelling ("New κ", "after revision") has no labels behind it, unless the labels at hand give
    it; one that is unsure is not held against them."""
    if figure.unsure:
        return CheckedFigure(figure.figure, figure.text, UNCHECKED, figure.unsure)
    of_dimension = labels.about(figure.about)
    finding = verify_figure(labels, of_dimension, figure.figure, figure.printed, about=figure.about)
    if figure.machine and finding.status == DOES_NOT:
        return replace(finding, status=UNCHECKED, nearest=(), because=f"“{figure.machine}”: it may be of other labels than these")
    if not figure.another or finding.status == FOLLOWS:
        return finding
    because = f"the sentence speaks of another labelling (“{figure.another}”), and no labels of it are loaded"
    if of_dimension:
        because += f"; {finding.because}"
    return replace(finding, status=NO_LABELS, nearest=(), because=because)
