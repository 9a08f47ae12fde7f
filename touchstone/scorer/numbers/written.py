"""Numbers and amounts of money as they are written: the patterns that find them, and the values they have."""

import re
from decimal import Decimal, InvalidOperation

UNITS = (
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
)
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: number for number, word in enumerate(UNITS)} | {word: 10 * place for place, word in enumerate(TENS, 2)}
_ONES = "|".join(UNITS[1:10])
_HALF = Decimal("0.5")
_TIMES = {"hundred": 100, "dozen": 12, "couple": 2, "pair": 2}
_DIGITS = r"\d+(?:,\d\d\d)*(?:\.\d+)?"
_UP_TO_99 = rf"(?:{'|'.join(TENS)})(?:[\s-]+(?:{_ONES}))?|{'|'.join(UNITS)}"
NUMBER = (
    rf"(?:(?:{_DIGITS}|{_UP_TO_99})(?:[\s-]+hundred(?:[\s-]+and[\s-]+|[\s-]+)?(?:{_UP_TO_99})?|\s+dozen)?"
    rf"|an?\s+(?:hundred|dozen)|half\s+a\s+dozen)"
)
# How many at least: a promise of "a couple" is one of two.
AT_LEAST = rf"(?:{NUMBER}|an?\s+(?:couple|pair)(?:\s+of)?)"
SCALES = {
    "k": 1e3,
    "thousand": 1e3,
    "m": 1e6,
    "mm": 1e6,
    "mn": 1e6,
    "mil": 1e6,
    "mio": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "b": 1e9,
    "bn": 1e9,
    "billion": 1e9,
}
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_SIGN = "(?:us[$]|[$€£]|usd|eur|gbp)"
_UNIT = r"(?:[\s-]*(?:[$€£]|(?:us\s+)?dollars?|euros?|pounds?|usd|eur|gbp))"
# Bounded, so that no run of digits and commas is looked through from each of its places to its end.
_GROUPED = r"(?:\d{1,3}(?:[ '\x{202f}]\d\d\d){1,9}|\d(?:[\d,]{0,40}\d)?(?:\.\d+)?)"
# An amount as such, with its currency; `BARE` is a number with a scale, which only its neighbours make an amount.
MONEY = (
    rf"{_SIGN}\s*{_GROUPED}(?:[\s-]*(?:{_SCALE})\b)?"
    rf"|{NUMBER}[\s-]*(?:{_SCALE})\b{_UNIT}|{_GROUPED}\s*(?:[$€£]|usd|eur|gbp)"
)
BARE = rf"{NUMBER}[\s-]*(?:{_SCALE})\b"
_MONEY_PARTS = re.compile(rf"^{_SIGN}?\s*+(.*?)(?<![\s-])[\s-]*+({_SCALE})?{_UNIT}?$", re.S)
CURRENCIES = {"$": ("$", "dollar", "usd"), "€": ("€", "eur"), "£": ("£", "pound", "gbp")}


def number_of(text: str) -> Decimal | None:
    """The value of what NUMBER or AT_LEAST matched ("1,200", "twenty-five", "3.5", "a dozen"); None for anything else."""
    plain = text.strip().replace(",", "")
    if re.fullmatch(r"\d{1,3}(?:[ '\u202f]\d\d\d)+", plain):
        plain = re.sub(r"\D", "", plain)
    if plain.replace(".", "", 1).isdigit():
        try:
            return Decimal(plain)
        except InvalidOperation:
            return None
    total: Decimal | None = Decimal(0)
    for word in re.split(r"[\s-]+", plain):
        total = _and_word(total, word) if total is not None else None
    return total


def _and_word(total: Decimal, word: str) -> Decimal | None:
    """A number read so far with its next word; None where that belongs to no number."""
    if word in ("and", "of"):
        return total
    if word in ("a", "an"):
        return total or Decimal(1)
    if word == "half":
        return _HALF
    if word in _TIMES:
        return _TIMES[word] * (Decimal(1) if total == _HALF and word != "dozen" else total or Decimal(1))
    if word.isdecimal() and len(word) < 16:
        return total + int(word)
    return total + _WORDS[word] if word in _WORDS else None


def amount_of(text: str) -> Decimal | None:
    """The value of what MONEY matched ("$8M", "8 million dollars"), in single units; None for anything else."""
    parts = _MONEY_PARTS.match(text.strip())
    number = number_of(parts[1]) if parts else None
    return number * Decimal(SCALES.get(parts[2] or "", 1)) if parts and number is not None else None


def currency_of(text: str) -> str:
    """The currency an amount names: $, € or £; "" where it names none."""
    return next((sign for sign, names in CURRENCIES.items() if any(name in text for name in names)), "")


def in_digits(text: str) -> str:
    """A number without its scale in words ("two thousand" is "2000"); any other text as it is."""
    if currency_of(text) or (value := amount_of(text)) is None:
        return text
    return f"{value:f}"


def plainly(value: Decimal) -> str:
    """A value for reading: thousands apart, no zeros behind the point."""
    return f"{value.normalize():,f}"
