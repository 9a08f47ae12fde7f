"""Texts that a spreadsheet would take for a formula: kept from running in a CSV, and given back as they were when one is read.

A spreadsheet runs a cell that begins with = + - or @, whoever wrote it; quoting does not help (OWASP, "CSV injection"; CWE-1236).
Such a text is written with one apostrophe before it, the usual sign for "this is text". So is one in which white space, control
characters, quotation marks or apostrophes stand before that sign, since programs drop these, and one with the sign's full-width
or small form. A tab or a line end at the beginning counts as such a sign. A text that is a number ("-1", "+0.5") stays: it does
nothing.

The rule can be undone without a mark in the file: an apostrophe before what the rule is about was put there by it, since the
rule would have put a second one before a text that has one of its own.
"""

import re

SIGN = "'"
BEFORE = "\\s\\x00-\\x1f\\x7f-\\x9f\u00ad\u200b-\u200f\u2060\ufeff'\"`´‘’‚‛“”„‟«»‹›＇＂"
STARTS = "=+\\-@\t\r\n\0＝＋－＠﹦﹢﹣﹫\u2212"
FORMULA = re.compile(f"[{BEFORE}]*[{STARTS}]")
NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?")


def could_run(text: str) -> bool:
    """Whether a spreadsheet might take this text for a formula."""
    if text[:1].isalnum():  # most of them
        return False
    return FORMULA.match(text) is not None and not (text.isascii() and NUMBER.fullmatch(text))


def guarded(text: str) -> str:
    """The text as a cell of a CSV that no spreadsheet runs.

    >>> guarded("=1+1"), guarded("-1"), guarded("'=1"), guarded("it's")
    ("'=1+1", '-1', "''=1", "it's")
    """
    return SIGN + text if could_run(text) else text


def unguarded(cell: str) -> str:
    """The text that `guarded` made this cell of; of a cell it never made, the cell.

    >>> unguarded("'=1+1"), unguarded("''=1"), unguarded("'tis")
    ('=1+1', "'=1", "'tis")
    """
    return cell[1:] if cell[:1] == SIGN and could_run(cell[1:]) else cell
