"""What a judge that was taught by pairs makes of them: the reward of each side, the margin between them, and how often the
chosen side is ahead."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from touchstone.agreement.estimation.intervals import Array
from touchstone.agreement.figure import Figure
from touchstone.judging.shifts.score_shifts import ScoreShift, score_shift
from touchstone.preferences.shares import AtTask, mean_by_task
from touchstone.preferences.training_pairs import TrainingPair, text_digest

TOLERANCE = 1e-4  # of a mean log-probability, between a judge as it was taught and the same one read again


class PairMargins(NamedTuple):
    """(n, 2) mean log-probabilities of the pieces of the chosen and the rejected side: `taught` by the judge, `before` by its
    base model without the adapter. `cut`: how many texts were longer than what is read of them."""

    pairs: tuple[TrainingPair, ...]
    taught: Array
    before: Array
    cut: int

    @property
    def right(self) -> Figure:
        """The share of pairs in which the judge has the chosen side ahead; a half where both are level."""
        return _right(self.pairs, self.taught)

    @property
    def right_before(self) -> Figure:
        """The same by the base model."""
        return _right(self.pairs, self.before)

    @property
    def longer(self) -> Figure:
        """The share in which the chosen side is the longer one: what a judge that sees length alone would have at least."""
        lengths = np.array([[len(pair.chosen.text), len(pair.rejected.text)] for pair in self.pairs], dtype=float)
        return _right(self.pairs, lengths)

    @property
    def shift(self) -> ScoreShift:
        """How far teaching moved the scores of all these texts: the seed's Delta B. It says nothing of who is right."""
        clusters = [pair.chosen.group for pair in self.pairs for _ in range(2)]
        return score_shift("judge − base model", self.taught.ravel(), self.before.ravel(), clusters)

    def as_json(self) -> list[dict[str, Any]]:
        """A row a pair."""
        return [
            {
                "task_id": pair.task,
                "chosen_digest": text_digest(pair.chosen.text),
                "rejected_digest": text_digest(pair.rejected.text),
                "chosen": float(own[0]),
                "rejected": float(own[1]),
                "margin": float(own[0] - own[1]),
            }
            for pair, own in zip(self.pairs, self.taught, strict=True)
        ]


def _right(pairs: Sequence[TrainingPair], scores: Array) -> Figure:
    ahead = scores[:, 0] - scores[:, 1]
    told = np.where(ahead == 0, 0.5, ahead > 0)
    return mean_by_task([AtTask(pair.chosen.group, float(hit)) for pair, hit in zip(pairs, told, strict=True)], "no pair")


def furthest(one: Array, other: Array) -> float:
    """How far two judges' scores of the same texts are apart at most."""
    return float(np.abs(one - other).max()) if one.size else 0.0
