"""Figures as they stand printed: a value, and how far rounding to its digits may have moved it.

A printed figure allows every value that rounds to it under any common tie rule (half up, half even, half down): at most
half of its last digit away, both ends taken in. Digits count: .83 allows .825 to .835, 0.8300 only .82995 to .83005.
Cutting digits off is not rounding; `cut_off` tells it apart so that a page can say so.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

MARKS = re.compile(r"[*_`†‡§¶#\u00a0\u2009\u202f\u00b9\u00b2\u00b3]|\\(?=[*_`])")
NUMBER = re.compile(r"(?:≈|~|c\.|=)?\s*+([+\-−–]?)(\d{0,15})(?:[.,](\d{1,12}))?\s*(%|percent|per cent)?", re.I | re.A)
THOUSANDS = re.compile(r"[+\-−–]?\d{1,3}(,\d{3})+", re.ASCII)
BESIDE = re.compile(r"(?<!\s)\s*+[(\[±;,].*", re.DOTALL)  # an interval or a remark behind a figure: 0.86 (0.65 to 0.95)
PART = re.compile(r"(\d{1,9})\s*(?:/|of)\s*(\d{1,9})(?!\d)", re.ASCII)


@dataclass(frozen=True)
class Printed:
    """`value` with `digits` after the point as printed; `scale` is what one printed unit is worth (1/100 for a percent). `whole`:
    of a count, what it is printed as a part of ("27/30"); 0 without."""

    text: str
    value: Fraction
    digits: int
    has_sign: bool = False
    scale: Fraction = Fraction(1)
    whole: int = 0

    @property
    def half(self) -> Fraction:
        return self.scale * Fraction(1, 2 * 10**self.digits)

    @property
    def low(self) -> Fraction:
        return self.value - self.half

    @property
    def high(self) -> Fraction:
        return self.value + self.half

    def allows(self, exact: Fraction) -> bool:
        return self.low <= exact <= self.high

    def cut_off(self, exact: Fraction) -> bool:
        """Whether dropping the digits that are not printed, without rounding, leaves this figure."""
        return abs(self.value) <= abs(exact) < abs(self.value) + 2 * self.half and exact * self.value >= 0

    def times(self, scale: Fraction) -> "Printed":
        """The figure where one printed unit is worth `scale`."""
        return replace(self, value=self.value * scale, scale=self.scale * scale)

    def says_cut_off(self, exact: Fraction, words: str) -> str:
        """Of a value that does not round to the figure, whether dropping its digits leaves it: a part of a sentence, or "".
        `words`: the value in words."""
        return f"; {words} has its digits cut off here, not rounded" if not self.allows(exact) and self.cut_off(exact) else ""

    def like(self, exact: Fraction) -> str:
        """Another value, printed with as many digits and in the same way."""
        return shown(exact / self.scale, self.digits)


def shown(exact: Fraction, digits: int) -> str:
    """Rounded half up to `digits`, as text."""
    whole = abs(exact) * 10**digits
    rounded = (2 * whole.numerator + whole.denominator) // (2 * whole.denominator)
    text = f"{rounded:0{digits + 1}d}"
    body = f"{text[:-digits]}.{text[-digits:]}" if digits else text
    return ("−" if exact < 0 and rounded else "") + body


def whole_range(printed: Printed, n: int) -> range:
    """The whole numbers s for which s / n rounds to the figure; empty where there is none."""
    low, high = printed.low * n, printed.high * n
    return range(-(-low.numerator // low.denominator), high.numerator // high.denominator + 1)


def read_number(text: str, *, whole: bool = False) -> Printed | None:
    """The figure a cell or an option holds: marks and footnotes taken off, a decimal comma taken for a point (of a `whole` number
    a comma parts thousands), what stands in brackets or behind ± left aside. None where it is no plain number: "n/a", "< 0.80",
    "1e308", "26/30"."""
    if len(text) > 80:
        return None
    bare = MARKS.sub("", text).strip()
    if whole and THOUSANDS.fullmatch(bare):
        bare = bare.replace(",", "")
    found = NUMBER.fullmatch(bare) or NUMBER.fullmatch(BESIDE.sub("", bare, count=1).strip())
    if found is None or not (found[2] or found[3]):
        return None
    sign, digits, decimals, percent = found[1], found[2] or "0", found[3] or "", found[4]
    value = Fraction(int(digits + decimals), 10 ** len(decimals))
    return Printed(bare, -value if sign in ("-", "−", "–") else value, len(decimals), bool(percent))


def read_part(text: str) -> tuple[int, int] | None:
    """The "26/30" or "26 of 30" in a cell, alone or beside a percentage; None where there is none, or it is none of a whole."""
    found = PART.search(MARKS.sub("", text)) if len(text) <= 80 else None
    if found is None or int(found[1]) > int(found[2]) or int(found[2]) == 0:
        return None
    return int(found[1]), int(found[2])


def read_whole(text: str) -> int | None:
    """A whole number without decimals; None for anything else, negative ones too."""
    found = read_number(text, whole=True)
    return int(found.value) if found and not found.digits and not found.has_sign and found.value >= 0 else None


def as_shares(column: Sequence[Printed], named_percent: bool = False) -> list[Printed]:
    """Percentages as shares of 1. One with the sign is a percentage. Of the others one over 1 makes all of them percentages; so
    does a header that says percent, or a sign elsewhere, unless a number between 0 and 1 shows that they are shares."""
    bare = [each for each in column if not each.has_sign]
    over = any(abs(each.value) > 1 for each in bare)
    fine = any(0 < abs(each.value) < 1 and each.digits > 1 for each in bare) and not over
    percent = over or (named_percent or len(bare) < len(column)) and not fine
    return [
        replace(each, value=each.value / 100, scale=Fraction(1, 100)) if each.has_sign or percent else each for each in column
    ]
