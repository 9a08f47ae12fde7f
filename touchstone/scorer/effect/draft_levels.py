"""One draft under one version: its levels, why, and which checks are met in it."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from touchstone.rubric.model import Dimension
from touchstone.scorer.compiled import CompiledRubric
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.matching import standing_hits
from touchstone.scorer.scoring import HitsByCheck, level_of, met_names, not_scorable

Level = int | str | None


class DraftLevels(NamedTuple):
    """One draft under one version: level and reason by dimension, and the hits that stand by check's name."""

    levels: Mapping[str, Level]
    because: Mapping[str, str | None]
    hits: Mapping[str, tuple[Hit, ...]]
    is_blank: bool = False


def levels_of(compiled: CompiledRubric, draft: PreparedDraft, occurring: Mapping[int, Sequence[Hit]]) -> DraftLevels:
    """A draft scored by where each check occurs in it, before anything takes a hit back."""
    keys = compiled.rubric.keys
    if reason := not_scorable(draft):
        return DraftLevels(dict.fromkeys(keys), dict.fromkeys(keys, reason), {}, True)
    nothing = DraftLevels({}, {}, {})
    return levelled_again(compiled, draft, nothing, standing_hits(compiled, draft, occurring), compiled.rubric.dimensions)


def levelled_again(
    compiled: CompiledRubric,
    draft: PreparedDraft,
    was: DraftLevels,
    hits: HitsByCheck,
    dimensions: Sequence[Dimension],
    aside: Mapping[str, tuple[Hit, ...]] | None = None,
) -> DraftLevels:
    """What a draft is with these hits, when only these dimensions can have changed; the same object when nothing has. `aside`
    are hits, by name, of checks for which none of the dimensions asks."""
    levels, because, met = dict(was.levels), dict(was.because), met_names(compiled, hits)
    for dimension in dimensions:
        levels[dimension.key], line, reason = level_of(compiled, dimension, draft, hits, met)
        because[dimension.key] = line or reason
    now = DraftLevels(levels, because, {**(aside or {}), **_by_name(compiled, hits)})
    return was if now == was else now


def by_place(compiled: CompiledRubric, hits: Mapping[str, Sequence[Hit]]) -> dict[int, Sequence[Hit]]:
    """Hits by the place of their check in a version, for those that it has."""
    places = compiled.place_by_name
    return {places[name]: of_check for name, of_check in hits.items() if name in places}


def _by_name(compiled: CompiledRubric, hits: HitsByCheck) -> dict[str, tuple[Hit, ...]]:
    names = compiled.names_of
    return {names[place][0]: tuple(of_check) for place, of_check in hits.items()}
