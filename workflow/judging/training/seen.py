"""What a trained judge sees of a draft: its words, or its vector by meaning, and what the scorer of its rubric version finds."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from touchstone.agreement.estimation.formulas import are_numbers
from touchstone.comparison.classification import below
from touchstone.data.label import Level
from touchstone.embedding import embedder
from touchstone.judging.training.gold_head import Readings
from touchstone.rubric.model import Dimension, Rubric
from touchstone.scorer.scoring import Scorer
from workflow.scorer.scorers import scorer_of

WORDS, MEANING = "words", "meaning"
READS = (WORDS, MEANING)
Seen = tuple[str, Mapping[str, Any], Mapping[str, Any]]  # the text, the input of its task, and what else the task has


def rising_values(dimension: Dimension) -> tuple[Level, ...]:
    """The levels in the order a head knows them: from low to high, as declared where they have no numbers."""
    return tuple(sorted(dimension.values)) if are_numbers(dimension.values) else tuple(dimension.values)


def passes_at(dimension: Dimension, cut: Level) -> list[bool]:
    """Of each of them whether a draft at it passes."""
    fails = below(dimension, cut)
    return [value not in fails for value in rising_values(dimension)]


def findings_of(scorer: Scorer, drafts: Sequence[Seen]) -> list[dict[str, float]]:
    """Of drafts what the scorer found, by name: how often each check was met, as
    ln(1 + times), and where its level stands, lowest 0 to highest 1."""
    found = []
    for text, given, extra in drafts:
        own: dict[str, float] = {}
        for key, score in scorer.score(text, given, extra).scores.items():
            for finding in score.findings:
                own[f"{key}: {finding.check}"] = own.get(f"{key}: {finding.check}", 0.0) + 1
            dimension = next(each for each in scorer.rubric.dimensions if each.key == key)
            if score.value is not None:
                order = dimension.rising if dimension.scale == "ordinal" else dimension.values
                own[f"{key} level"] = float(np.expm1(order.index(score.value) / max(len(order) - 1, 1)))
        found.append({name: float(np.log1p(times)) for name, times in own.items()})
    return found


def readings_of(
    rubric: Rubric,
    drafts: Sequence[Seen],
    reads: str,
    names: Sequence[str] | None = None,
    told: Callable[[float], None] = lambda share: None,
) -> tuple[Readings, tuple[str, ...]]:
    """What a head sees of drafts, with the names of the findings: those of `names`, or all that there are. `told` hears which
    share was read by meaning. Raises Refused where the extra that does that is not installed."""
    own = findings_of(scorer_of(rubric), drafts)
    kept = tuple(sorted({name for each in own for name in each})) if names is None else tuple(names)
    table = np.array([[each.get(name, 0.0) for name in kept] for each in own], dtype=float).reshape(len(own), len(kept))
    texts = [text for text, _, _ in drafts]
    return Readings(texts, table, embedder().vectors(texts, told).astype(float) if reads == MEANING else None), kept
