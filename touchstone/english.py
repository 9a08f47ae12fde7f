"""Numbers and lists as words in sentences."""

import re
from collections.abc import Sequence
from datetime import date

# A whole number by itself, of four digits on: no part of an id, of a decimal, of a date or of a number that is grouped already.
BARE = re.compile(r"(?<![\w.,-])[0-9]{4,}+(?!\w|[.,-][0-9])")


def many(number: int, noun: str, plural: str | None = None) -> str:
    """ "1 draft", "1,200 drafts"."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def grouped(words: str) -> str:
    """The same words with separators in each whole number that has none yet.

    >>> grouped("0 of 50000, .12; d50000, 1,200 and 1.2345")
    '0 of 50,000, .12; d50000, 1,200 and 1.2345'
    """
    return BARE.sub(lambda found: f"{int(found[0]):,}", words)


def percent(share: float) -> str:
    """ "80 %", as every page, report and command writes it."""
    return f"{100 * share:.0f} %"


def amount(figure: str, noun: str) -> str:
    """A figure that is in words already, with its noun: "1 hour", "2.5 hours"."""
    return f"{figure} {noun if figure == '1' else noun + 's'}"


def duration(seconds: float) -> str:
    """ "1 second", "40 seconds", "3 minutes", "1.5 hours": each up to one and a half of the next."""
    for size, noun in ((1, "second"), (60, "minute")):
        if round(seconds / size) < 90:
            return many(round(seconds / size), noun)
    return amount(f"{seconds / 3600:.1f}".removesuffix(".0"), "hour")


def listed(words: Sequence[str], last: str = "and") -> str:
    """ "a", "a and b", "a, b and c"."""
    return f" {last} ".join((*(", ".join(words[:-1]),), words[-1])) if len(words) > 1 else "".join(words)


def ranges(numbers: Sequence[int], most: int = 4) -> str:
    """Line numbers: "1 to 105", "2, 4 to 6 and 9"; after `most` parts, how many more there are."""
    runs: list[list[int]] = []
    for each in sorted(set(numbers)):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    runs = [part for run in runs for part in ([run] if len(run) > 2 else [[each] for each in run])]
    parts = [f"{run[0]:,} to {run[-1]:,}" if len(run) > 1 else f"{run[0]:,}" for run in runs[:most]]
    rest = sum(map(len, runs[most:]))
    return listed([*parts, *([f"{rest:,} more"] if rest else [])])


def there_are(names: Sequence[str], nothing: str) -> str:
    """ "there is a", "there are a, b": eight at most; `nothing` where there is none."""
    if not names:
        return nothing
    return f"there {'is' if len(names) == 1 else 'are'} {', '.join(names[:8])}" + (" …" if len(names) > 8 else "")


def day(moment: date) -> str:
    """ "4 November 2026"."""
    return f"{moment.day} {moment:%B %Y}"
