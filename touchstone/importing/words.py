"""What may stand where a label belongs: a level of the rubric, or a word of which only somebody can say what it means."""

import re

from touchstone.rubric.model import Dimension

MISSING = "missing"
OTHER_NA = (".", "..", "*", "--", "---", "nil", "missing", "(missing)", "skip", "skipped", "not rated", "-9", "-99", "-999")
WORDS = {  # what may stand where a level belongs, by kind
    "blank": {""},
    "na": {"n/a", "na", "n.a.", "#n/a", "none", "null", "nan", "-", "–", "—", "not applicable", *OTHER_NA},
    "unsure": {"?", "??", "unsure", "unclear", "don't know"},
    "false": {"false", "no"},
    "true": {"true", "yes"},
}
CALLED = {"blank": "a blank", "na": "N/A", "unsure": "?", "false": "false", "true": "true"}
WHOLE = re.compile(r"([+-]?\d+)[.,]0+")


def level_of(dimension: Dimension, text: str) -> int | str | None:
    """The level that a file means: its value, a whole number however a spreadsheet wrote it ("3.0", "3,0", "03"), or its
    value or title with other capitals. None for anything else."""
    text = text.strip()
    if (value := dimension.parse(text)) is not None:
        return value
    if whole := WHOLE.fullmatch(text):
        text = whole[1]
    if re.fullmatch(r"[+-]?\d{1,6}", text):
        return dimension.parse(str(int(text)))
    called = [
        level.value for level in dimension.levels if text.casefold() in (str(level.value).casefold(), level.title.casefold())
    ]
    return called[0] if len(called) == 1 else None


def kind_of(text: str) -> str | None:
    """The kind of a word that is no level; None for any other."""
    text = " ".join(text.split()).casefold()
    return next((kind for kind, words in WORDS.items() if text in words), None)
