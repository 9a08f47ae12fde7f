"""Two values of one figure for the same dimension in one file: told, and no alarm, since two labellings have two values."""

from collections.abc import Sequence
from dataclasses import replace

from touchstone.claims.document.checked import IN_TABLE, IN_TEXT, FigureInFile
from touchstone.claims.reading.columns import AGREEMENTS, KAPPAS, PERCENT
from touchstone.claims.rounding import as_shares, read_number, read_part
from touchstone.english import listed

SHARE = "agreement"


def told_twice(entries: Sequence[FigureInFile]) -> tuple[list[FigureInFile], list[str]]:
    """The entries, a later value with the first one's place, and a sentence for each dimension that has several."""
    first: dict[tuple[str, str], FigureInFile] = {}
    others: dict[tuple[str, str], list[str]] = {}
    made = []
    for entry in entries:
        kind = SHARE if entry.finding.figure in (PERCENT, AGREEMENTS) else entry.finding.figure
        key = entry.about.casefold(), kind
        if entry.part in (IN_TABLE, IN_TEXT) and entry.about and (kind == SHARE or kind in KAPPAS) and _value(entry):
            before = first.setdefault(key, entry)
            if before is not entry and before.row != entry.row and _differ(before, entry):
                others.setdefault(key, [_told(before)]).append(_told(entry))
                because = f"{entry.finding.because}; line {before.line} says {before.finding.printed} of {entry.about}"
                entry = replace(entry, finding=replace(entry.finding, because=because))
        made.append(entry)
    notes = [f"{first[key].about} has several values of {key[1]}: {listed(told)}" for key, told in others.items()]
    return made, notes


def _told(entry: FigureInFile) -> str:
    return f"{entry.finding.printed} (line {entry.line})"


def _value(entry: FigureInFile) -> tuple[float, float] | None:
    """The values that a printed figure allows, from and to."""
    printed = entry.finding.printed
    if entry.finding.figure == AGREEMENTS or read_part(printed):
        part = read_part(printed)
        return (part[0] / part[1],) * 2 if part else None
    found = read_number(printed)
    if found is None:
        return None
    share = as_shares([found])[0] if entry.finding.figure == PERCENT else found
    return float(share.low), float(share.high)


def _differ(one: FigureInFile, other: FigureInFile) -> bool:
    a, b = _value(one), _value(other)
    return a is not None and b is not None and (a[1] < b[0] or b[1] < a[0])
