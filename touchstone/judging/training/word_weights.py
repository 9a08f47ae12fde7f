"""Words and pairs of words as numbers, by TF-IDF, with no word kept: a term is known by eight bytes of its digest, so that what a
judge is made of can be kept without the texts it was trained on.

    tf = 1 + ln(times in the text)      idf = ln((1 + n) / (1 + texts with the term)) + 1      each text then of length 1

which is scikit-learn's TfidfVectorizer with sublinear tf (a test holds the two together). n texts, V terms.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from touchstone.agreement.estimation.intervals import Array
from touchstone.judging.ordinal_head import WORDS, words_of

MOST_TERMS = int(str(WORDS["max_features"]))
Terms = NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class WordWeights:
    """`terms` (V,): their digests, rising; `idf` (V,)."""

    terms: Terms
    idf: Array

    def rows(self, texts: Sequence[str]) -> csr_array:
        """(n, V): each text by the terms that are known; a text without one is zeros."""
        columns, values, ends = [], [], [0]
        for text in texts:
            counted = Counter(terms_of(text))
            found = np.fromiter(counted, dtype=np.uint64, count=len(counted))
            at = np.minimum(np.searchsorted(self.terms, found), max(len(self.terms) - 1, 0))
            known = self.terms[at] == found if len(self.terms) else np.zeros(len(found), dtype=bool)
            times = np.fromiter(counted.values(), dtype=float, count=len(counted))[known]
            own = (1 + np.log(times)) * self.idf[at[known]]
            columns.append(at[known])
            values.append(own / (np.sqrt((own**2).sum()) or 1.0))
            ends.append(ends[-1] + len(own))
        data = np.concatenate([*values, np.zeros(0)])
        made = csr_array((data, np.concatenate([*columns, np.zeros(0, dtype=np.int64)]), ends), shape=(len(texts), len(self.idf)))
        made.sort_indices()
        return made


def word_weights(texts: Sequence[str]) -> WordWeights:
    """Of these texts: the MOST_TERMS terms that come most often, of those that come as often the first by digest."""
    times: Counter[int] = Counter()
    inside: Counter[int] = Counter()
    for text in texts:
        counted = Counter(terms_of(text))
        times.update(counted)
        inside.update(counted.keys())
    kept = sorted(sorted(times, key=lambda term: (-times[term], term))[:MOST_TERMS])
    idf = np.log((1 + len(texts)) / (1 + np.array([inside[term] for term in kept], dtype=float))) + 1
    return WordWeights(np.array(kept, dtype=np.uint64), idf)


def terms_of(text: str) -> Iterator[int]:
    """The digests of its words, and of each two that follow each other."""
    words = words_of(text)
    yield from map(_digest, words)
    yield from (_digest(f"{one} {other}") for one, other in zip(words, words[1:], strict=False))


@lru_cache(maxsize=100_000)
def _digest(term: str) -> int:
    return int.from_bytes(blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
