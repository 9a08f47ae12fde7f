"""The report on choices between two drafts: how far annotators agree, what the sides and the length do, who is stronger.

Agreement is that of labels on a nominal scale with the levels a, tie and b, pair by pair, and is computed where all agreement is.
Repeats count in the consistency of swaps alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, PERCENT
from touchstone.agreement.estimation.cluster_report import ClusterReport, cluster_report
from touchstone.agreement.estimation.clusters import histograms_by_cluster
from touchstone.agreement.figure import Figure, PairReport, PlainRule, short, signed
from touchstone.agreement.report import DimensionReport, dimension_report
from touchstone.data.counts import count_labels, labels_by_unit
from touchstone.data.label import LabelRow
from touchstone.english import listed, many
from touchstone.preferences.agreement import PREFERENCE
from touchstone.preferences.choices import LEFT, TIE, Preferences
from touchstone.preferences.shares import (
    Consistency,
    SideEffect,
    both_decide,
    lengths_of,
    longer_taken,
    side_effect,
    swap_consistency,
    tie_rates,
)
from touchstone.preferences.strengths import Duels, Strengths, strengths_of

MOST_NAMED = 5


class TwoAnnotators(NamedTuple):
    """Their figures on a, tie and b, and how often they take the same draft where both take one."""

    report: PairReport
    both_decide: Figure


@dataclass(frozen=True)
class PreferenceReport:
    """`choices` count no repeats. `ranked_by`: author, or draft where nobody says who wrote them; `unranked`: choices between two
    drafts of one author, or of one whom nobody knows."""

    pairs: int
    tasks: int
    choices: int
    repeats: int
    annotators: tuple[str, ...]
    agreement: DimensionReport
    by_tasks: ClusterReport
    of_two: tuple[TwoAnnotators, ...]
    both_decide: Figure
    ties: Mapping[str, Figure]
    side: SideEffect
    consistency: Consistency
    longer: Figure
    strengths: Strengths
    ranked_by: str
    unranked: int

    @property
    def side_sentence(self) -> str:
        """What the sides do, in a sentence."""
        return side_in_words(self.side, self.strengths.side)

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        alpha = self.agreement.overall[NOMINAL_ALPHA]
        told = f"nominal alpha {short(alpha.value)}" if alpha.value is not None else "no agreement to report"
        if self.is_by_chance:
            told += " (annotators agree no more than chance can give)"
        best = f"; {self.first_in_words}" if self.first_in_words else ""
        return (
            f"{many(self.choices, 'choice')} on {many(self.pairs, 'pair')} of {many(self.tasks, 'task')} by "
            f"{many(len(self.annotators), 'annotator')}: {told}{best}."
        )

    @property
    def is_by_chance(self) -> bool:
        """Whether the interval of alpha reaches down to 0: chance alone can give as much agreement."""
        alpha = self.agreement.overall[NOMINAL_ALPHA]
        return alpha.low is not None and alpha.low <= 0

    @property
    def first_in_words(self) -> str:
        """Who is chosen most, if these choices tell that one from all others: its rank is 1 in 95 % of the draws, and its
        strength has its whole interval over 0. Else who is not told apart; "" where there is no strength."""
        authors = self.strengths.authors
        if self.strengths.reason or not authors:
            return ""
        first = authors[0]
        if first.rank.high == 1 and first.strength.low is not None and first.strength.low > 0:
            return f"{first.author} is chosen most"
        alike = [each.author for each in authors if each.rank.low == 1] or [each.author for each in authors[:2]]
        alike = alike if len(alike) > 1 else [each.author for each in authors[:2]]
        shown = listed([*alike[:MOST_NAMED], *([f"{len(alike) - MOST_NAMED:,} more"] if len(alike) > MOST_NAMED else [])])
        return f"{shown} are not told apart" if len(alike) > 1 else ""

    def as_json(self) -> dict[str, object]:
        """One of `dimensions` of `preferences --json`."""
        return {
            "pairs": self.pairs,
            "tasks": self.tasks,
            "choices": self.choices,
            "repeats": self.repeats,
            "annotators": list(self.annotators),
            "agreement": self.agreement.as_json(),
            "by_tasks": {
                "alpha": self.by_tasks.judged and self.by_tasks.judged.as_json(),
                "percent": self.by_tasks.percent.as_json(),
            },
            "of_two": [
                {
                    "a": each.report.a,
                    "b": each.report.b,
                    "n": each.report.n,
                    "kappa": each.report.figures[KAPPA].as_json(),
                    "percent": each.report.figures[PERCENT].as_json(),
                    "both_decide": {**each.both_decide.as_json(), "n": each.both_decide.n},
                }
                for each in self.of_two
            ],
            "both_decide": {**self.both_decide.as_json(), "n": self.both_decide.n},
            "ties": {name: figure.as_json() for name, figure in self.ties.items()},
            "side": {
                "effect": self.side.overall.as_json(),
                "by_annotator": {name: figure.as_json() for name, figure in self.side.by_annotator.items()},
                "log_odds": self.strengths.side.as_json(),
                "sentence": self.side_sentence,
            },
            "swaps": {
                "repeats": self.consistency.same.n,
                "same": self.consistency.same.as_json(),
                "same_side": self.consistency.same_side.as_json(),
            },
            "length": {"longer": self.longer.as_json(), "log_odds_of_doubling": self.strengths.doubling.as_json()},
            "sentence": self.sentence,
            "ranked_by": self.ranked_by,
            "unranked": self.unranked,
            "strengths": {
                "reason": self.strengths.reason,
                "tie": self.strengths.tie,
                "authors": [
                    {
                        "author": each.author,
                        "wins": each.wins,
                        "ties": each.ties,
                        "losses": each.losses,
                        "strength": each.strength.as_json(),
                        "rank": _whole(each.rank.as_json()),
                        "with_length_and_side_even": each.even,
                    }
                    for each in self.strengths.authors
                ],
            },
        }


def _whole(rank: Mapping[str, float | str | None]) -> dict[str, int | str | None]:
    """Ranks are whole numbers."""
    return {key: int(value) if isinstance(value, float) else value for key, value in rank.items()}


def side_in_words(side: SideEffect, log_odds: Figure) -> str:
    """A sentence on all annotators, one on what is left of it with the authors' strengths allowed for, and one on those whose own
    interval leaves out 0."""
    whole = side.overall
    if whole.value is None:
        return f"What the sides do cannot be said: {whole.reason}."
    value, low, high = (round(100 * end) for end in whole.ends)
    span = f"{value:+d} points [{low:+d}, {high:+d}] of the choices that decide".replace("-", "−")
    if whole.ends.low > 0 or whole.ends.high < 0:
        which, other = ("left", "right") if whole.ends.low > 0 else ("right", "left")
        told = f"The sides sway: the draft shown {which} is taken more often than the one shown {other}, left minus right {span}."
    else:
        told = f"No side is seen to be favoured: left minus right {span}."
    swayed = [
        f"{name} to the {'left' if figure.ends.low > 0 else 'right'}"
        for name, figure in side.by_annotator.items()
        if figure.value is not None and (figure.ends.low > 0 or figure.ends.high < 0)
    ]
    if log_odds.value is not None:
        told += f" With the strength of the authors allowed for, left has log odds {signed(log_odds)}."
    return f"{told} By themselves: {listed(swayed)}." if swayed and len(side.by_annotator) > 1 else told


def preference_report(given: Preferences) -> PreferenceReport:
    """Everything that choices say. With no choice, one annotator or one task the figures are undefined, each with its reason."""
    rows = [LabelRow(each.pair, each.annotator, PREFERENCE.key, given.level(each)) for each in given.first]
    names = tuple(sorted({row.annotator for row in rows}))
    task_of = {pair.pair: pair.task for pair in given.pairs.values()}
    counts = count_labels(rows, PREFERENCE, names, task_of)
    histograms = histograms_by_cluster(labels_by_unit(rows, PREFERENCE, names), task_of)
    # By pairs: that pairs of one task are not independent is what `by_tasks` and all the shares allow for.
    agreement = dimension_report(count_labels(rows, PREFERENCE, names), None)
    duels, ranked_by = duels_of(given)
    compared = {row.unit for row in rows}
    return PreferenceReport(
        pairs=len(compared),
        tasks=len({task_of[pair] for pair in compared}),
        choices=len(rows),
        repeats=len(given.choices) - len(given.first),
        annotators=names,
        agreement=agreement,
        by_tasks=cluster_report(counts, histograms, PlainRule("alpha", "unweighted", 0.0)),
        of_two=tuple(TwoAnnotators(each, both_decide(given, (each.a, each.b))) for each in agreement.pairs),
        both_decide=both_decide(given),
        ties=tie_rates(given),
        side=side_effect(given),
        consistency=swap_consistency(given),
        longer=longer_taken(given),
        strengths=strengths_of(duels),
        ranked_by=ranked_by,
        unranked=len(rows) - len(duels.taken),
    )


def duels_of(given: Preferences) -> tuple[Duels, str]:
    """The choices between two different authors; between the drafts themselves where no pair says who wrote them."""
    has_authors = any(pair.author_a or pair.author_b for pair in given.pairs.values())
    kept = []
    for each in given.first:
        pair = given.pairs[each.pair]
        names = (pair.author_a, pair.author_b) if has_authors else (pair.a, pair.b)
        if all(names) and names[0] != names[1]:
            kept.append((each, pair, names if each.left == pair.a else (names[1], names[0])))
    kept.sort(key=lambda each: (each[1].task, each[0]))  # sums of the same rows end in the same last digit
    authors = sorted({name for _, _, names in kept for name in names})
    place = {name: at for at, name in enumerate(authors)}
    tasks = {task: at for at, task in enumerate(sorted({pair.task for _, pair, _ in kept}))}
    lengths = [lengths_of(pair, each) for each, pair, _ in kept]
    ratio = np.array([np.nan if each is None else np.log2((each[0] + 1) / (each[1] + 1)) for each in lengths], dtype=float)
    duels = Duels(
        tuple(authors),
        np.array([place[names[0]] for _, _, names in kept], dtype=np.int64),
        np.array([place[names[1]] for _, _, names in kept], dtype=np.int64),
        np.array([0 if each.taken == LEFT else 1 if each.taken == TIE else 2 for each, _, _ in kept], dtype=np.int64),
        np.array([tasks[pair.task] for _, pair, _ in kept], dtype=np.int64),
        None if np.isnan(ratio).all() else ratio,
    )
    return duels, "author" if has_authors else "draft"
