"""Whatever bytes somebody uploads or pastes: each reader gives data or says what is wrong, in time that grows with them.

The short run tries some dozens of changed files on each reader, always the same; `make test-fuzz` tries many, others each time.
"""

import os
import random

import pytest

from tests.support.every_reader import READERS, Reader
from tests.support.time_taken import grows_faster

ROUNDS = int(os.environ.get("TOUCHSTONE_FUZZ", "0"))  # of changed files on each reader
SHORT_RUN = 40
AWKWARD = (
    *(
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\x80",
        b"\r",
        b"\n\n",
        b'"',
        b"'",
        b",,",
        b"\t",
        b"|",
        b"|---|",
        b"{",
        b"}",
        b"[",
        b"]",
    ),
    *(b":", b"- ", b"&a ", b"*a", b"!!int x", b"<<: ", b"---\n", b"%", b"~", b"null", b"NaN", b"1e999", b"-0", b"1" * 400),
    *(b"\\ud800", "\u2028".encode(), "\u202e".encode(), "é".encode(), "\U0001f600".encode(), b"=1+1", b"__label__", b"<table>"),
    *(b"PK\x03\x04", b"PAR1", b"\xd0\xcf\x11\xe0", b"[" * 60, b'{"a":' * 60, b" " * 300, b"_" * 300, b"task_id", b"warmth=2"),
)
AGAIN = (
    b" ",
    b"\t",
    b"_",
    b"-",
    b".",
    b"0",
    b"a",
    b"(",
    b'"',
    b"|",
    b",",
    b":",
    b"\n",
    b"a\n",
    b"[",
    b"{",
    b"\\",
    "…".encode(),
    "κ".encode(),
)
BEFORE = (b"", b"warmth", b'{"a": "', b"kappa ", b"- ")
SHORT, AT_ONCE = 4_000, 0.02  # bytes, seconds


def changed(sample: bytes, by: random.Random) -> bytes:
    """A file with something put in, taken out, said twice, or cut off."""
    made = bytearray(sample)
    for _ in range(by.randint(1, 4)):
        at, to = sorted(by.randrange(len(made) + 1) for _ in range(2))
        kind = by.randrange(5)
        if kind == 0:
            made[at:at] = by.choice(AWKWARD)
        elif kind == 1:
            made[at : min(to, at + 40)] = by.choice(AWKWARD)
        elif kind == 2:
            made[at:at] = made[at:to]
        elif kind == 3:
            made[at:at] = by.randbytes(by.randint(1, 12))
        else:
            del made[at : min(to, at + 200)]
    return bytes(made[: by.choice((len(made), len(made), len(made) // 2))])


@pytest.mark.parametrize("reader", READERS, ids=[each.name for each in READERS])
def test_any_file_is_read_or_refused_in_words(reader: Reader):
    first = random.randrange(10**9) if ROUNDS else 0
    for number in range(first, first + (ROUNDS or SHORT_RUN)):
        by = random.Random(f"{reader.name} {number}")
        source = by.randbytes(by.randint(0, 60)) if number % 10 == 9 else changed(by.choice(reader.samples), by)
        try:
            reader.read(source)
        except Exception as wrong:
            raise AssertionError(f"{reader.name}, number {number}: {wrong!r} on {source[:2000]!r}") from wrong


@pytest.mark.parametrize("reader", READERS, ids=[each.name for each in READERS])
def test_what_is_put_in_a_file_over_and_over_takes_time_that_grows_with_it(reader: Reader):
    wrong = [
        (before, again)
        for before in (BEFORE if ROUNDS else BEFORE[:2])
        for again in AGAIN
        if grows_faster(
            reader.read, lambda size, before=before, again=again: before + again * (size // len(again)), SHORT, AT_ONCE
        )
    ]
    assert wrong == []
