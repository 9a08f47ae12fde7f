"""What a judge is trained on: people's labels of closed rounds on one dimension, and the drafts they are of.

Nothing of an open round or a sealed partition is read, whoever asks: a draft that any open round holds is left out."""

from collections.abc import Sequence
from hashlib import sha256
from typing import NamedTuple

import numpy as np
import sqlalchemy as sa

from db.store import tasks as stored_tasks
from touchstone.comparison.classification import cuts_of, usual_cut
from touchstone.data.label import Level
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.judging.held import HeldLabels, Places, hold
from touchstone.judging.ordinal_head import FOLDS, LEAST_UNITS, folds
from touchstone.rubric.model import Dimension, Rubric
from workflow.judging.judge_levels import MOST, MOST_BY_MEANING
from workflow.judging.people_labels import PeopleLabels, people_labels
from workflow.judging.training.seen import MEANING
from workflow.rounds.rounds import row_of


class Gold(NamedTuple):
    """Labels of people on one dimension: `held` with a judge that is none yet; `rows` of its units, in their order; `rising`: the
    places of the levels from low to high. `left_out`: drafts that an open round holds or that have no text here."""

    rubric: Rubric
    dimension: Dimension
    cut: Level | None
    held: HeldLabels
    fold: Places
    rows: tuple[sa.Row, ...]
    rounds: tuple[tuple[int, str], ...]
    left_out: int
    is_sample: bool

    @property
    def rising(self) -> Places:
        found: Places = np.argsort(self.held.values, kind="stable")
        return found

    @property
    def digest(self) -> str:
        """Of all that a judge learns from: the rubric, drafts, texts, who gave what, clusters."""
        held, told = self.held, sha256(repr((self.rubric.digest, self.dimension.key, self.held.people)).encode())
        for array in (held.cluster, held.unit, held.person, held.level):
            told.update(array.tobytes())
        for row in self.rows:
            told.update(repr((row.draft_id, row.text, row.input)).encode("utf-8", "surrogatepass"))
        return told.hexdigest()


def gold_of(connection: sa.Connection, rounds: Sequence[str], key: str, cut: str, reads: str) -> Gold:
    """Raises NotYourTurn for an open round, Refused for rounds of several rubric versions, a dimension that is not there, a cut
    that cannot be one, and too few drafts to train in folds."""
    if not rounds:
        raise Refused("a judge is trained on closed rounds; name one or more")
    found = [people_labels(connection, f"round:{name}") for name in dict.fromkeys(rounds)]
    first = found[0]
    if other := next((each for each in found if each.rubric.digest != first.rubric.digest), None):
        raise Refused(
            f"{first.origin} was labelled under {first.rubric.name} and {other.origin} under {other.rubric.name}: a level "
            "need not mean the same; train on rounds of one version"
        )
    keys = [each for each in first.rubric.keys if any(own.by_dimension.get(each) for own in found)]
    if key not in keys:
        raise Refused(
            f"{listed([own.origin for own in found])} have no labels on {key or 'a blank'}; there is {listed(keys, 'or')}"
        )
    dimension = next(each for each in first.rubric.dimensions if each.key == key)
    units, given, clusters = _together(found, key)
    if len(units) > (most := MOST_BY_MEANING if reads == MEANING else MOST):
        raise Refused(f"{many(len(units), 'draft')} are more than a judge is trained on ({most:,}); name fewer rounds")
    drafts, being = stored_tasks.drafts_of_units(connection, units), stored_tasks.drafts_in_open_rounds(connection)
    free = {unit: row for unit, row in drafts.items() if row.id not in being}
    held = hold(
        dict.fromkeys(free, dimension.values[0]),
        given,
        dimension.values,
        scale=dimension.scale,
        weights=dimension.agreement.weights,
        by=dimension.agreement.by,
        cluster_of=clusters,
    )
    fold = folds(held.cluster)
    if len(held.units) < LEAST_UNITS or len(set(fold.tolist())) < FOLDS:
        told = f"{many(len(held.units), 'labelled draft')} of {many(len(set(held.cluster.tolist())), 'task')}"
        raise Refused(f"{told} cannot train a judge: it takes {LEAST_UNITS} drafts of {FOLDS} tasks or more; label more")
    return Gold(
        first.rubric,
        dimension,
        _cut(dimension, cut),
        held,
        fold,
        tuple(free[unit] for unit in held.units),
        tuple((row_of(connection, each.origin).id, each.origin) for each in found),
        len(units) - len(held.units),
        any(each.is_sample for each in found),
    )


def _together(found: Sequence[PeopleLabels], key: str) -> tuple[list[str], dict[str, dict[str, Level]], dict[str, str]]:
    """All units, what each person gave them (in the last of the rounds where they did so twice), and their clusters."""
    given: dict[str, dict[str, Level]] = {}
    clusters: dict[str, str] = {}
    for each in found:
        clusters |= each.cluster_of
        for who, levels in each.by_dimension.get(key, {}).items():
            given.setdefault(who, {}).update(levels)
    return sorted({unit for levels in given.values() for unit in levels}), given, clusters


def _cut(dimension: Dimension, cut: str) -> Level | None:
    if not cut:
        return usual_cut(dimension)
    can = cuts_of(dimension)
    if (found := next((each for each in can if str(each) == cut), None)) is None:
        told = listed([*map(str, can)], "or") or "none: its levels have no order"
        raise Refused(f"{dimension.key} cannot be cut at {cut}; choose from {told}")
    return found
