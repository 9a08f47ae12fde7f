"""Counting labels that come in bulk, as codes in arrays: what `counts.count_labels` does row by row.

A code is the position of a level among the declared ones, as a byte; MISSING stands for no label. Counting goes through the
pairs in pieces, so that ten million pairs take a few megabytes beside the codes themselves. Nothing here needs a label to be
a Python object, and nothing on the label page reaches this module.
"""

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from touchstone.data.label import Pattern

MISSING = 255
AT_ONCE = 1 << 18  # pairs in hand at a time: 2.5 MB of working memory
Codes = NDArray[np.uint8]


def table_of(codes_a: Codes, codes_b: Codes, q: int) -> NDArray[np.int64]:
    """(q, q): how many units a gave level i and b level j; units that lack either label are left out.

    `codes_a`, `codes_b` (n,): the codes of the same units in the same order. With no units, or none that both labelled,
    the table is all zeros. Raises ValueError for arrays of other bytes or of different lengths, and for a code that is
    neither below q nor MISSING.
    """
    return _joint(codes_a, codes_b, q)[:q, :q].copy()


def patterns_of_codes(codes: Codes, q: int) -> dict[Pattern, int]:
    """The histogram of label patterns, as `counts.Counts` has it, of `codes` (units, annotators); units without any label
    are left out. With no units or no annotators it is empty. Raises ValueError as `table_of` does."""
    units, annotators = codes.shape
    if not units or not annotators:
        return {}
    if annotators == 2:
        joint = _joint(codes[:, 0], codes[:, 1], q)
        found = {(int(i), int(j)): int(joint[i, j]) for i, j in np.argwhere(joint)}
    else:
        found = Counter()
        for start in range(0, units, AT_ONCE):
            rows, many = np.unique(codes[start : start + AT_ONCE], axis=0, return_counts=True)
            for row, n in zip(rows.tolist(), many.tolist(), strict=True):
                found[tuple(row)] += n
        _refuse_undeclared(np.array(list(found)), q)
    return {
        tuple(None if code == MISSING else code for code in row): n for row, n in sorted(found.items()) if min(row) != MISSING
    }


def _joint(codes_a: Codes, codes_b: Codes, q: int) -> NDArray[np.int64]:
    """(256, 256) counts of every pair of codes. Two bytes make one 16-bit number, and `bincount` counts numbers."""
    if codes_a.shape != codes_b.shape or codes_a.ndim != 1:
        raise ValueError(f"the codes of two annotators are two rows of one length, not {codes_a.shape} and {codes_b.shape}")
    if codes_a.dtype != np.uint8 or codes_b.dtype != np.uint8:
        raise ValueError(f"codes are bytes (uint8), not {codes_a.dtype} and {codes_b.dtype}")
    counted = np.zeros(1 << 16, dtype=np.int64)
    for start in range(0, len(codes_a), AT_ONCE):
        both = codes_a[start : start + AT_ONCE].astype(np.uint16)
        both <<= 8
        both |= codes_b[start : start + AT_ONCE]
        counted += np.bincount(both, minlength=1 << 16)
    joint = counted.reshape(256, 256)
    _refuse_undeclared(np.argwhere(joint), q)
    return joint


def _refuse_undeclared(codes: NDArray[np.int64], q: int) -> None:
    strange = codes[(codes >= q) & (codes != MISSING)]
    if strange.size:
        raise ValueError(f"code {strange.min()} stands for no level: there are {q}, and {MISSING} for a missing label")
