"""How far layout alone tells chosen from rejected: a logistic regression on twelve features of how a text is set out.

A judge trained on pairs whose chosen side is simply longer, or has lists, learns that. So the differences of the features (chosen
less rejected, and the other way round as the other class) are learned in five folds, groups whole, and the share of held pairs in
which the chosen side is told is the figure. Needs scikit-learn (`touchstone[judging]`).
"""

from collections.abc import Sequence

import numpy as np

from touchstone.agreement.figure import Figure, undefined
from touchstone.judging.controls import layout_of
from touchstone.judging.ordinal_head import folds, out_of_fold
from touchstone.preferences.shares import AtTask, mean_by_task
from touchstone.preferences.training_pairs import TrainingPair

MOST = 0.70
LEAST_PAIRS, LEAST_GROUPS = 20, 10


def layout_accuracy(pairs: Sequence[TrainingPair]) -> Figure:
    """The share of pairs in which layout tells the chosen side, with its interval by groups; a pair it cannot tell counts a half.
    Undefined with fewer than twenty pairs or ten groups. Raises Refused where scikit-learn is not installed."""
    groups = [pair.chosen.group for pair in pairs]
    if len(pairs) < LEAST_PAIRS or len(set(groups)) < LEAST_GROUPS:
        return undefined(f"fewer than {LEAST_PAIRS} pairs or {LEAST_GROUPS} groups of tasks", len(pairs))
    apart = layout_of([pair.chosen.text for pair in pairs]) - layout_of([pair.rejected.text for pair in pairs])
    ones, zeros = np.ones(len(pairs)), np.zeros(len(pairs))
    counts = np.concatenate([np.column_stack([zeros, ones]), np.column_stack([ones, zeros])])
    fold = folds(groups)
    chances = out_of_fold(np.concatenate([apart, -apart]), counts, np.concatenate([fold, fold])).probabilities[:, 1]
    ahead = chances[: len(pairs)] - chances[len(pairs) :]
    told = np.where(np.abs(ahead) < 1e-9, 0.5, ahead > 0)
    return mean_by_task([AtTask(group, float(hit)) for group, hit in zip(groups, told, strict=True)], "no pair")
