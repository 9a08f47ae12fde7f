"""Bytes as UTF-8 text, a byte order mark taken off; what cannot be read becomes a problem with its line.

A file is taken line by line, where each line is a record of its own and the others may still be good, or as a whole.
"""

from collections.abc import Iterator
from typing import BinaryIO

from touchstone.errors import Problem, enough

LONGEST_LINE = 1_000_000  # bytes; a longer one is no record: most often a whole JSON array on one line
LARGEST = 100_000_000  # bytes of one file that is read as a whole
FREE, BYTES_EACH = 200_000, 12  # of the parts of a file: see too_many
UTF_16 = (b"\xff\xfe", b"\xfe\xff")


def lines_of(source: bytes, problems: list[Problem]) -> Iterator[tuple[int, str]]:
    """The lines of a UTF-8 file with their numbers from 1; each line that cannot be read is a problem. Ends where there are
    enough of them, of whoever adds to the list."""
    if source.startswith(UTF_16):
        problems.append(_is_utf_16())
        return
    for number, raw in enumerate(source.removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if enough(problems, number):
            return
        text = _line(number, raw)
        if isinstance(text, Problem):
            problems.append(text)
        else:
            yield number, text


def lines_as_they_come(stream: BinaryIO) -> Iterator[tuple[int, str | Problem]]:
    """The lines of a UTF-8 stream with their numbers from 1, each as it comes: no more of it is kept than one line of
    LONGEST_LINE. A line that cannot be read is a problem."""
    number = 0
    while raw := stream.readline(LONGEST_LINE + 2):
        number += 1
        size = len(raw)
        while not raw.endswith(b"\n") and size > LONGEST_LINE and (raw := stream.readline(LONGEST_LINE)):
            size += len(raw)  # of what is too long only its length matters
        if size > LONGEST_LINE + 1:
            yield number, _too_long(number, size)
            continue
        if number == 1 and raw.startswith(UTF_16):
            yield number, _is_utf_16()
            return
        yield number, _line(number, raw.removesuffix(b"\n").removeprefix(b"\xef\xbb\xbf" if number == 1 else b""))


def _line(number: int, raw: bytes) -> str | Problem:
    if len(raw) > LONGEST_LINE:
        return _too_long(number, len(raw))
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        byte = f"byte {wrong.start + 1} of the line (0x{raw[wrong.start]:02X})"
        return Problem(number, f"{byte} is not UTF-8; the file may be Latin-1: save it as UTF-8")
    return _holds_nul(number) if "\0" in text else text


def _too_long(number: int, size: int) -> Problem:
    return Problem(number, f"the line is {size / 1e6:.1f} MB long; at most {LONGEST_LINE / 1e6:.0f} MB, one record per line")


def whole_text(source: bytes, problems: list[Problem]) -> str | None:
    """A whole file as text; None with a problem where it is too large or not UTF-8, or holds a NUL."""
    if len(source) > LARGEST:
        problems.append(Problem(None, f"the file has {len(source) / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB is taken"))
        return None
    if source.startswith(UTF_16):
        problems.append(_is_utf_16())
        return None
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        line = source.count(b"\n", 0, wrong.start) + 1
        problems.append(Problem(line, f"a byte of the line (0x{source[wrong.start]:02X}) is not UTF-8; save the file as UTF-8"))
        return None
    if (nul := text.find("\0")) >= 0:
        problems.append(_holds_nul(text.count("\n", 0, nul) + 1))
        return None
    return text


def as_utf8(source: bytes) -> tuple[bytes, str]:
    """The bytes in UTF-8, and the encoding they were in where it was another ("" for UTF-8): UTF-16 by its mark, else
    Windows-1252, as spreadsheets of the West write. What is neither comes back as it was, for a reader to refuse."""
    try:
        if source.startswith(UTF_16):
            return source.decode("utf-16").encode(), "UTF-16"
        source.decode("utf-8-sig")
        return source, ""
    except UnicodeDecodeError:
        try:
            return source.decode("cp1252").encode(), "Windows-1252"
        except UnicodeDecodeError:
            return source, ""


def too_many(what: str, number: int, size: int) -> Problem | None:
    """The problem of a file of more parts (lines, objects) than FREE and one in BYTES_EACH of its bytes: read, each takes many
    times its own bytes. None of any other."""
    most = FREE + size // BYTES_EACH
    if number <= most:
        return None
    has = f"the file has {number:,} {what} in {size / 1e6:.1f} MB; at most {most:,} are taken"
    return Problem(None, f"{has}: leave out what is empty, or split it")


def _is_utf_16() -> Problem:
    return Problem(1, "the file is UTF-16; save it as UTF-8")


def _holds_nul(line: int) -> Problem:
    return Problem(line, "the line contains a NUL character; remove it")
