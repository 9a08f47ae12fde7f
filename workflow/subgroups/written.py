"""How the store has slices and halves: a pattern of labels as the seats that labelled with their levels, "0:3 1:2", since of
hundreds of annotators few label a draft."""

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any

import sqlalchemy as sa

from touchstone.data.label import Pattern
from touchstone.subgroups.dealt_counts import Kind
from workflow.subgroups.counted import Clusters, CountedSlice, Half, HalfPatterns
from workflow.subgroups.in_numbers import in_order

BETWEEN = "|"  # two dimensions of a kind


def pattern_told(pattern: Pattern) -> str:
    """
    >>> pattern_told((3, None, 2)), pattern_told((None, None, None))
    ('0:3 2:2', '')
    """
    return " ".join(f"{seat}:{code}" for seat, code in enumerate(pattern) if code is not None)


def pattern_read(told: str, seats: int) -> Pattern:
    """
    >>> pattern_read("0:3 2:2", 4)
    (3, None, 2, None)
    """
    pattern: list[int | None] = [None] * seats
    for label in told.split():
        seat, code = label.split(":")
        pattern[int(seat)] = int(code)
    return tuple(pattern)


def slice_row(by: str, value: str, of: CountedSlice, *, with_clusters: bool, with_kinds: bool) -> dict[str, Any]:
    """A row of `slice_counts` without its round."""
    return {
        "cut_by": by,
        "value": value,
        "drafts": of.drafts,
        "kinds": _kinds_told(of.kinds) if with_kinds and of.kinds else None,
        "histograms": {key: _clusters_told(each) for key, each in of.clusters.items()} if with_clusters else None,
    }


def read_slice(row: sa.Row, only: Mapping[str, Any], seats: int) -> CountedSlice:
    """The slice of a row; `only`: the histograms of the only slice."""
    clusters = {key: _clusters_read(told, seats) for key, told in (only if row.histograms is None else row.histograms).items()}
    kinds = {_kind_read(kind, seats): drafts for kind, drafts in (row.kinds or {}).items()}
    return CountedSlice(row.drafts, clusters, kinds)


def half_row(seat: int, half: Half) -> dict[str, Any]:
    """A row of `half_counts` without its round."""

    def told(patterns: HalfPatterns) -> dict[str, dict[str, int]]:
        return {key: {pattern_told(pattern): units for pattern, units in each.items()} for key, each in patterns.items()}

    return {"seat": seat} | half._asdict() | {"first": told(half.first), "second": told(half.second)}


def read_half(row: sa.Row, seats: int) -> Half:
    def patterns(told: Mapping[str, Mapping[str, int]]) -> HalfPatterns:
        return {key: {pattern_read(pattern, seats): units for pattern, units in each.items()} for key, each in told.items()}

    return Half(patterns(row.first), patterns(row.second), row.median, row.timed, row.fast)


def _kinds_told(kinds: Mapping[Kind, int]) -> dict[str, int]:
    in_their_order = sorted(kinds.items(), key=lambda each: list(map(in_order, each[0])))
    return {BETWEEN.join(map(pattern_told, kind)): drafts for kind, drafts in in_their_order}


def _kind_read(told: str, seats: int) -> Kind:
    return tuple(pattern_read(pattern, seats) for pattern in told.split(BETWEEN))


def _clusters_told(clusters: Clusters) -> list[list[Any]]:
    patterns = sorted({pattern for cluster in clusters for pattern, _ in cluster}, key=in_order)
    place = {pattern: number for number, pattern in enumerate(patterns)}
    told = [
        [many, *chain.from_iterable((place[pattern], units) for pattern, units in cluster)] for cluster, many in clusters.items()
    ]
    return [list(map(pattern_told, patterns)), sorted(told, key=lambda each: each[1:])]


def _clusters_read(told: Sequence[Any], seats: int) -> Clusters:
    patterns = [pattern_read(pattern, seats) for pattern in told[0]]
    return {tuple(zip(map(patterns.__getitem__, each[1::2]), each[2::2], strict=True)): each[0] for each in told[1]}
