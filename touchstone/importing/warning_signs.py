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
from math import exp, lgamma, log

from touchstone.data.label import LabelRow
from touchstone.english import listed, many

SAME_CELLS, ONE_LEVEL = 100, 20
SHUFFLE_CHANCE = 1e-4
MOST_ANNOTATORS = 40  # beyond, pairs are too many to compare, and nobody would read them

Labels = Mapping[str, int | str]  # of a unit: dimension -> level
Given = Mapping[str, Labels]  # of an annotator, by unit


def warning_signs(rows: Iterable[LabelRow], digests: Sequence[tuple[str, str]] = ()) -> list[str]:
    """A sentence for each sign. `digests`: each file's name and the digest of its bytes."""
    by_annotator: dict[str, dict[str, dict[str, int | str]]] = {}
    for row in rows:
        by_annotator.setdefault(row.annotator, {}).setdefault(row.unit, {})[row.dimension] = row.value
    signs = [f"{listed(same)} are the same file, byte for byte" for same in _same_bytes(digests)]
    for who, given in by_annotator.items():
        levels = {value for labels in given.values() for value in labels.values()}
        cells = sum(map(len, given.values()))
        if len(levels) == 1 and cells >= ONE_LEVEL:
            signs.append(f"every label of {who} is {levels.pop()}, {cells:,} of them: were the drafts read?")
    for a, b in combinations(list(by_annotator)[:MOST_ANNOTATORS], 2):
        if sentence := _of_pair(a, b, by_annotator[a], by_annotator[b]):
            signs.append(sentence)
    return signs


def _same_bytes(digests: Sequence[tuple[str, str]]) -> list[list[str]]:
    by_digest: dict[str, list[str]] = {}
    for name, digest in digests:
        by_digest.setdefault(digest, []).append(name)
    return [names for names in by_digest.values() if len(names) > 1]


def _of_pair(a: str, b: str, left: Given, right: Given) -> str:
    """The sign that two annotators' labels give; "" for none."""
    shared = [(labels, right[unit]) for unit, labels in left.items() if unit in right and labels.keys() == right[unit].keys()]
    differing = [(one, other) for one, other in shared if one != other]
    if not differing:
        return _copied(a, b, [labels for labels, _ in shared])
    return "" if 2 * len(differing) < len(shared) else _shuffled(a, b, differing, many(len(shared), "draft"))


def _copied(a: str, b: str, given: Sequence[Labels]) -> str:
    cells, levels = sum(map(len, given)), {value for labels in given for value in labels.values()}
    if cells < SAME_CELLS or len(levels) < 2:
        return ""
    return f"{a} and {b} gave the same level in all {many(cells, 'cell')} both labelled: one may be a copy of the other"


def _shuffled(a: str, b: str, differing: Sequence[tuple[Labels, Labels]], drafts: str) -> str:
    rows = [tuple(sorted(labels.items())) for labels, _ in differing]
    others = [tuple(sorted(labels.items())) for _, labels in differing]
    if Counter(rows) == Counter(others) and _chance(rows) < SHUFFLE_CHANCE:
        return (
            f"the labels of {b} are those of {a} in another order, draft by draft: of {drafts} "
            f"{len(differing)} have another draft’s labels, and nothing else differs"
        )
    if _columns_shuffled(differing):
        return (
            f"in each dimension the labels of {b} are those of {a} in another order: every level is given exactly as often, "
            f"and {len(differing)} of {drafts} differ"
        )
    return ""


def _columns_shuffled(differing: Sequence[tuple[Labels, Labels]]) -> bool:
    chance = 1.0
    for key in {key for labels, _ in differing for key in labels}:
        pairs = [(one[key], other[key]) for one, other in differing if key in one and one[key] != other[key]]
        given = [one for one, _ in pairs]
        if Counter(given) != Counter(other for _, other in pairs):
            return False
        chance *= _chance(given)
    return chance < SHUFFLE_CHANCE


def _chance(given: Sequence[Hashable]) -> float:
    """The largest probability with which as many draws have this histogram; 1 of none."""
    m = len(given)
    return exp(lgamma(m + 1) + sum(c * log(c / m) - lgamma(c + 1) for c in Counter(given).values())) if m else 1.0
