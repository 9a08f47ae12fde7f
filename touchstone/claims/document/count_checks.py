"""Tables of counts in a file: whether their totals add up, and whether figures beside them follow from them."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction

from touchstone.claims.claim import CAN, CANNOT, UNCHECKED, CheckedFigure
from touchstone.claims.document.checked import COUNTED, FigureInFile
from touchstone.claims.left_open import NO_VALUES
from touchstone.claims.reading.columns import AGREEMENTS, DISAGREEMENTS, KAPPAS, PERCENT, N
from touchstone.claims.reading.crosstabs import CrossTable
from touchstone.claims.reading.statements import Place, Statements
from touchstone.claims.rounding import Printed, shown
from touchstone.claims.verification import DOES_NOT, FOLLOWS


def check_counts(table: CrossTable) -> FigureInFile:
    """The table by itself."""
    text = " / ".join(" ".join(map(str, row)) for row in table.counts[:6])
    if table.wrong:
        return FigureInFile(table.line, "", COUNTED, CheckedFigure("counts", text, CANNOT, "; ".join(table.wrong[:3])))
    kappa = table.value(KAPPAS[0])
    share = f"{table.agreements:,} of {table.n:,} in agreement, {shown(100 * Fraction(table.agreements, table.n), 1)} %"
    undefined = "kappa is undefined, since every label is at one level"
    because = f"{share}; kappa {shown(kappa, 3)}" if kappa is not None else f"{share}; {undefined}"
    return FigureInFile(table.line, "", COUNTED, CheckedFigure("counts", text, CAN, because))


def table_for(tables: Sequence[CrossTable], place: Place, about: str, n: int | None, statements: Statements) -> CrossTable | None:
    """The table of counts that figures at a place are of: the only one of the nearest section that has any, of the same n, and
    named as they are where they are named."""
    for depth in range(len(place.section), -1, -1):
        near = [each for each in tables if each.section[:depth] == place.section[:depth]]
        if near:
            break
    else:
        return None
    if len(near) != 1 or about and about.casefold() not in near[0].heading.casefold():
        return None
    stated = {n} if n is not None else set(statements.sizes_at(place))
    return near[0] if not stated or near[0].n in stated else None


def held_against(table: CrossTable, figure: str, printed: Printed, found: CheckedFigure) -> CheckedFigure:
    """A figure with what the counts say of it. `found`: what was found of it without them."""
    if figure not in (PERCENT, AGREEMENTS, DISAGREEMENTS, N, *KAPPAS):
        return found
    exact, where = table.value(figure), f"the counts on line {table.line}"
    if table.is_open and figure in KAPPAS[1:] and found.status != CANNOT:
        return replace(found, status=UNCHECKED, because=NO_VALUES)
    if exact is None:
        because = f"by {where} kappa is undefined: every label is at one level, whatever a program prints"
        return replace(found, status=UNCHECKED, because=because)
    value = printed.like(exact) if figure in (PERCENT, *KAPPAS) else str(int(exact))
    counted = f" ({table.agreements} of {table.n})" if figure == PERCENT else ""
    because = f"{where} give {value}{counted}"
    if printed.allows(exact):
        return replace(found, status=FOLLOWS, because=because) if found.status != CANNOT else found
    if figure in (PERCENT, *KAPPAS):
        because += printed.says_cut_off(exact, shown(exact / printed.scale, printed.digits + 2))
    if found.status == CANNOT:
        return replace(found, because=f"{found.because}; {because}")
    return replace(found, status=DOES_NOT, because=because, nearest=(value,))
