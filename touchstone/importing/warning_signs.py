"""Signs that labels are not what they are said to be, in words. A sign is a reason to ask, never a finding.

    the same file       two files have the same bytes
    the same labels     two annotators gave the same level in each of at least SAME_CELLS cells both labelled
    a shuffle           one annotator's labels are the other's in another order
    one level           somebody gave a single level in each of at least ONE_LEVEL cells

**The same labels** are named from SAME_CELLS cells on: people who would agree on 93 of 100 come to that in one set of a
thousand. Two files of the same bytes are named at any size.

**A shuffle**, so that honest sets raise no alarm. Compared are the units that two annotators labelled on the same dimensions,
and among them only those whose labels differ: what honest people agree on is no evidence. At least half of the units must
differ. Taken in two ways: whole units (the labels of a unit on all dimensions together), and each dimension by itself. In
either way the two must have the very same labels, each as often, and only their places differ. Honest people come to that by
chance too when few labels differ or few levels are used, so the chance is bounded: of m labels drawn alike, the histogram
c_1 ... c_k comes up with probability at most m! / prod(c_i!) * prod((c_i / m) ** c_i), its probability where the draws favour
it most. Over dimensions the bounds are multiplied. A shuffle is named when the bound is under SHUFFLE_CHANCE. So thirty
units of five dimensions tell; thirty of one dimension with four levels do not, and then nothing is said.

With one annotator, or no unit in common, nothing is compared.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import combinations
from math import exp, lgamma, log, prod

from touchstone.data.label import LabelRow
from touchstone.english import listed, many

SAME_CELLS, ONE_LEVEL = 100, 20
SHUFFLE_CHANCE = 1e-4
MOST_ANNOTATORS = 40  # beyond, pairs are too many to compare, and nobody would read them

Labels = Mapping[str, int | str]  # of a unit: dimension -> level


def warning_signs(rows: Iterable[LabelRow], digests: Sequence[tuple[str, str]] = ()) -> list[str]:
    """A sentence for each sign. `digests`: each file's name and the digest of its bytes."""
    by_unit: dict[str, list[LabelRow]] = {}
    annotators: dict[str, None] = {}
    for row in rows:
        by_unit.setdefault(row.unit, []).append(row)
        annotators.setdefault(row.annotator)
    signs = WarningSigns(list(annotators))
    for labels in by_unit.values():
        signs.take(labels)
    return signs.sentences(digests)


class WarningSigns:
    """The signs in labels that come unit by unit, of which nothing is kept but what was met and how often."""

    def __init__(self, annotators: Sequence[str]) -> None:
        self._annotators = annotators
        self._levels: dict[str, set[int | str]] = {who: set() for who in annotators}
        self._cells = dict.fromkeys(annotators, 0)
        self._pairs = {pair: _Pair() for pair in combinations(annotators[:MOST_ANNOTATORS], 2)}

    def take(self, rows: Iterable[LabelRow]) -> None:
        """All labels of one unit."""
        given: dict[str, dict[str, int | str]] = {}
        for row in rows:
            given.setdefault(row.annotator, {})[row.dimension] = row.value
        for who, labels in given.items():
            self._levels[who].update(labels.values())
            self._cells[who] += len(labels)
        for a, b in combinations(given, 2):
            pair = self._pairs.get((a, b))
            if pair is not None:
                pair.take(given[a], given[b])
            elif (pair := self._pairs.get((b, a))) is not None:
                pair.take(given[b], given[a])

    def sentences(self, digests: Sequence[tuple[str, str]] = ()) -> list[str]:
        """A sentence for each sign, as `warning_signs`."""
        signs = [f"{listed(same)} are the same file, byte for byte" for same in _same_bytes(digests)]
        for who, levels in self._levels.items():
            if len(levels) == 1 and self._cells[who] >= ONE_LEVEL:
                signs.append(f"every label of {who} is {next(iter(levels))}, {self._cells[who]:,} of them: were the drafts read?")
        return signs + [sentence for (a, b), pair in self._pairs.items() if (sentence := pair.sentence(a, b))]


def _same_bytes(digests: Sequence[tuple[str, str]]) -> list[list[str]]:
    by_digest: dict[str, list[str]] = {}
    for name, digest in digests:
        by_digest.setdefault(digest, []).append(name)
    return [names for names in by_digest.values() if len(names) > 1]


class _Pair:
    """What two annotators gave the units that both labelled on the same dimensions: the cells and levels of units on which they
    agree, and of the others how often each annotator gave what, as a whole and by dimension."""

    def __init__(self) -> None:
        self.shared = self.differing = self.cells = 0
        self.levels: set[int | str] = set()
        self.whole: tuple[Counter[Hashable], Counter[Hashable]] = (Counter(), Counter())
        self.by_dimension: dict[str, tuple[Counter[Hashable], Counter[Hashable]]] = {}

    def take(self, one: Labels, other: Labels) -> None:
        if one.keys() != other.keys():
            return
        self.shared += 1
        if one == other:
            self.cells += len(one)
            self.levels.update(one.values())
            return
        self.differing += 1
        for counted, labels in zip(self.whole, (one, other), strict=True):
            counted[tuple(sorted(labels.items()))] += 1
        for key, level in one.items():
            if level != other[key]:
                mine, theirs = self.by_dimension.setdefault(key, (Counter(), Counter()))
                mine[level] += 1
                theirs[other[key]] += 1

    def sentence(self, a: str, b: str) -> str:
        """The sign that two annotators' labels give; "" for none."""
        if not self.differing:
            return self._copied(a, b)
        return "" if 2 * self.differing < self.shared else self._shuffled(a, b)

    def _copied(self, a: str, b: str) -> str:
        if self.cells < SAME_CELLS or len(self.levels) < 2:
            return ""
        return f"{a} and {b} gave the same level in all {many(self.cells, 'cell')} both labelled: one may be a copy of the other"

    def _shuffled(self, a: str, b: str) -> str:
        drafts, (mine, theirs) = many(self.shared, "draft"), self.whole
        if mine == theirs and _chance(mine) < SHUFFLE_CHANCE:
            return (
                f"the labels of {b} are those of {a} in another order, draft by draft: of {drafts} "
                f"{self.differing} have another draft’s labels, and nothing else differs"
            )
        columns = self.by_dimension.values()
        if all(one == other for one, other in columns) and prod(_chance(one) for one, _ in columns) < SHUFFLE_CHANCE:
            return (
                f"in each dimension the labels of {b} are those of {a} in another order: every level is given exactly as often, "
                f"and {self.differing} of {drafts} differ"
            )
        return ""


def _chance(given: Mapping[Hashable, int]) -> float:
    """The largest probability with which as many draws have this histogram; 1 of none."""
    m = sum(given.values())
    return exp(lgamma(m + 1) + sum(c * log(c / m) - lgamma(c + 1) for c in given.values())) if m else 1.0
