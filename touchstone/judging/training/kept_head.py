"""A head as bytes, and back: a line of magic, a line of JSON, then the numbers, little-endian. Nothing in it is run: what does
not say exactly what a head says is refused, whatever it is.

{"scale": "ordinal", "q": 4, "reads": "words", "findings": ["tone: blame"], "terms": 812}
terms (V,) of 8 bytes and idf (V,), where it reads words; coefficients (k, V + c) and offsets (k,) of 4, calibration (k, 2) of 8
"""

import json
from typing import Any

import numpy as np

from touchstone.agreement.estimation.intervals import Array
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.judging.training.gold_head import GoldHead
from touchstone.judging.training.word_weights import MOST_TERMS, WordWeights

MAGIC = b"touchstone trained judge 1\n"
MOST_LEVELS, MOST_FINDINGS, MOST_HEADER = 1_000, 10_000, 2_000_000
MEANING_DIMENSIONS = 384  # of a text's vector (touchstone.embedding)


def head_bytes(head: GoldHead) -> bytes:
    """The head to keep; its SHA-256 says which it is."""
    header = {
        "scale": head.scale,
        "q": head.q,
        "reads": "meaning" if head.words is None else "words",
        "findings": list(head.findings),
        "terms": 0 if head.words is None else len(head.words.terms),
    }
    parts = [MAGIC, json.dumps(header, sort_keys=True).encode(), b"\n"]
    if head.words is not None:
        parts += [head.words.terms.astype("<u8").tobytes(), head.words.idf.astype("<f8").tobytes()]
    parts += [each.astype("<f4").tobytes() for each in (head.coefficients, head.offsets)]
    return b"".join([*parts, head.calibration.astype("<f8").tobytes()])


def head_from(source: bytes) -> GoldHead:
    """The head in these bytes. Raises Refused for bytes that are none."""
    head, newline, rest = source.removeprefix(MAGIC).partition(b"\n")
    if not source.startswith(MAGIC) or not newline or len(head) > MOST_HEADER:
        raise _no_head("they do not begin as one does")
    try:
        told = json.loads(head)
        scale, q, reads, findings, terms = (told[key] for key in ("scale", "q", "reads", "findings", "terms"))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _no_head("their second line does not say what it is") from None
    numbers = all(isinstance(each, int) and not isinstance(each, bool) for each in (q, terms))
    if not numbers or scale not in ("ordinal", "nominal") or reads not in ("words", "meaning") or not _are_names(findings):
        raise _no_head("their second line does not say what it is")
    if not 2 <= q <= MOST_LEVELS or not 0 <= terms <= MOST_TERMS or (reads == "meaning" and terms):
        raise _no_head(f"a head of {many(q, 'level')} and {many(terms, 'term')} is none")
    k = q if scale == "nominal" else q - 1
    width = (terms if reads == "words" else MEANING_DIMENSIONS) + len(findings)
    shapes: list[tuple[str, tuple[int, ...]]] = [("<u8", (terms,)), ("<f8", (terms,))] if reads == "words" else []
    shapes += [("<f4", (k, width)), ("<f4", (k,)), ("<f8", (k, 2))]
    sizes = [int(np.prod(shape)) * int(kind[-1]) for kind, shape in shapes]
    if len(rest) != sum(sizes):
        raise _no_head(f"its numbers take {many(len(rest), 'byte')}, not the {sum(sizes):,} that it says")
    arrays, at = [], 0
    for (kind, shape), size in zip(shapes, sizes, strict=True):
        arrays.append(np.frombuffer(rest, dtype=kind, count=size // int(kind[-1]), offset=at).reshape(shape))
        at += size
    words = WordWeights(arrays[0].astype(np.uint64), arrays[1].astype(float)) if reads == "words" else None
    coefficients, offsets, calibration = (each.astype(float) for each in arrays[-3:])
    if not _are_sound(words, coefficients, offsets, calibration):
        raise _no_head("some of its numbers are none, or its terms do not rise")
    return GoldHead(scale, q, words, tuple(findings), coefficients, offsets, calibration)


def _are_names(given: Any) -> bool:
    return isinstance(given, list) and len(given) <= MOST_FINDINGS and all(isinstance(each, str) for each in given)


def _are_sound(words: WordWeights | None, *numbers: Array) -> bool:
    finite = all(np.isfinite(each).all() for each in (*numbers, *([words.idf] if words else [])))
    return finite and (words is None or bool((words.terms[1:] > words.terms[:-1]).all()))


def _no_head(why: str) -> Refused:
    return Refused(f"these bytes are no trained judge: {why}; train it again, or restore a backup")
