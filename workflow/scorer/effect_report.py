"""What a changed rubric would change, as it is shown and written."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA, Coefficient
from touchstone.comparison.two_rounds import Change, difference_in_words
from touchstone.english import listed, many
from touchstone.rubric.model import Dimension, Rubric
from touchstone.scorer.effect.effect import DimensionEffect, Effect, FindingsChange, LevelChange, findings_changed
from workflow.rounds.rounds import Round
from workflow.scorer.drafts_to_score import ScorableDrafts, StoredDraft

Level = int | str
COEFFICIENTS = (KAPPA, QUADRATIC_KAPPA, PERCENT)


class MovedDraft(NamedTuple):
    """A draft that gets another level. `gold` None where it has none; `is_labelled`: a closed round had it, so that it may be
    opened; `discussed`: a meeting discussed it, or another draft of its task."""

    moved: LevelChange
    draft: StoredDraft
    gold: Level | None
    is_labelled: bool
    discussed: bool

    def as_json(self, said: FindingsChange) -> dict[str, Any]:
        one = self.moved
        return {
            "task_id": self.draft.task_id,
            "draft_id": self.draft.draft_id,
            "before": one.before,
            "after": one.after,
            "because": {"before": one.because_before, "after": one.because_after},
            "gold": self.gold,
            "discussed": self.discussed,
            "gone": [each.as_json() for each in said.gone],
            "new": [each.as_json() for each in said.new],
        }


class WithGold(NamedTuple):
    """The scores of both versions held against the gold of some drafts. `n`: drafts with gold and a score under both; `without`:
    those with gold that a version cannot score, in no figure; `changes` by coefficient; `improved`: nearer to the gold after than
    before (on a scale without order: right after, wrong before), `worsened` the other way round. `by`: what weights go by."""

    n: int
    without: int
    improved: int
    worsened: int
    changes: Mapping[Coefficient, Change]
    by: str = "position"

    @property
    def in_words(self) -> str:
        return difference_in_words(self.changes[COEFFICIENTS[0]])

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            "not_scorable": self.without,
            "improved": self.improved,
            "worsened": self.worsened,
            "by": self.by,
            "percent": self.changes[PERCENT].as_json(),
            "kappa": {
                coefficient.kind: change.as_json()
                for coefficient, change in self.changes.items()
                if coefficient.family == "kappa"
            },
        }


@dataclass(frozen=True)
class DimensionChanged:
    """One dimension. `levels`: of the version after; `not_discussed` and `discussed` None without gold; `reason` says why there
    is none."""

    declared: Dimension
    effect: DimensionEffect
    moved: tuple[MovedDraft, ...]
    not_discussed: WithGold | None
    discussed: WithGold | None
    reason: str

    @property
    def key(self) -> str:
        return self.declared.key

    @property
    def title(self) -> str:
        return self.declared.title

    @property
    def rows(self) -> tuple[Level | None, ...]:
        """The levels in the matrix, those that only the version before has at the end, then None (not scorable) if it occurs."""
        met = [level for pair in self.effect.table for level in pair]
        return (
            *dict.fromkeys((*self.declared.values, *sorted((each for each in met if each is not None), key=str))),
            *((None,) if None in met else ()),
        )

    @property
    def matrix(self) -> list[list[int]]:
        """[i][j]: drafts at level i of `rows` before and j after."""
        return [[self.effect.table.get((one, two), 0) for two in self.rows] for one in self.rows]


@dataclass(frozen=True)
class EffectReport:
    """What the version after would change against the one before, over `drafts`; `left_out` are in open rounds. `gold`: the round
    whose gold both are held against, None without one."""

    before: Rubric
    after: Rubric
    drafts: int
    left_out: int
    changed: tuple[str, ...]
    gold: Round | None
    held_back: int
    dimensions: tuple[DimensionChanged, ...]
    notes: tuple[str, ...]
    is_sample: bool
    held: ScorableDrafts
    effect: Effect

    def said(self, each: MovedDraft) -> FindingsChange:
        """The findings that went and came with a draft's move."""
        with self.held.lock:
            return findings_changed(self.held.corpus, self.effect, each.moved)

    def text(self, each: MovedDraft) -> str:
        """The text of a draft that moved."""
        with self.held.lock:
            return self.held.corpus.draft(each.moved.draft)[0]

    @property
    def drafts_in_words(self) -> str:
        """ "30 drafts", "250 of 1,000,000 drafts, drawn at random"."""
        drafts = self.held.of if self.held.is_part else self.drafts
        return f"{self.drafts:,} of {many(drafts, 'draft')}, drawn at random" if self.held.is_part else many(drafts, "draft")

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence."""
        drawn = f" drawn at random from {self.held.of:,}" if self.held.is_part else ""
        if not self.drafts:
            return "There is no draft to score: " + (
                "they are all in open rounds." if self.left_out else "import drafts, and what a version changes is shown on them."
            )
        if self.before.digest == self.after.digest:
            return f"{self.before.name} and {self.after.name} are the same file: no draft can change level."
        by_dimension = [(each.title, len(each.moved)) for each in self.dimensions if each.moved]
        if not by_dimension:
            return f"No draft of {self.drafts:,}{drawn} gets another level under {self.after.name} than under {self.before.name}."
        drafts = len({one.draft.draft_id for each in self.dimensions for one in each.moved})
        told = listed([f"{title} ({number:,})" for title, number in by_dimension])
        return (
            f"{drafts:,} of {many(self.drafts, 'draft')}{drawn} {'gets' if drafts == 1 else 'get'} another level under "
            f"{self.after.name}: {told}.{self._held_against_gold}"
        )

    @property
    def _held_against_gold(self) -> str:
        """What got worse, and what better, on drafts that no meeting had in view; "" without a gold or a difference."""
        sides = [each.not_discussed for each in self.dimensions if each.not_discussed]
        worse, better = sum(side.worsened for side in sides), sum(side.improved for side in sides)
        if self.gold is None or not (worse or better):
            return ""
        return f" Held against the gold of {self.gold.name}, {many(worse, 'cell')} got worse and {better:,} better."

    def as_json(self) -> dict[str, Any]:
        """The document of `rubric-effect --json`."""
        return {
            **{
                side: {"rubric": each.name, "rubric_digest": each.digest}
                for side, each in (("before", self.before), ("after", self.after))
            },
            "drafts": self.drafts,
            "of_drafts": self.held.of if self.held.is_part else self.drafts,
            "left_out": self.left_out,
            "sample": self.is_sample,
            "checks_changed": list(self.changed),
            "gold": self.gold and self.gold.name,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "sentence": self.sentence,
            "dimensions": {
                each.key: {
                    "levels": list(each.rows),
                    "matrix": each.matrix,
                    "reason": each.reason or None,
                    "gold": {
                        "not_discussed": each.not_discussed and each.not_discussed.as_json(),
                        "discussed": each.discussed and each.discussed.as_json(),
                    },
                    "moved": [one.as_json(self.said(one)) for one in each.moved],
                }
                for each in self.dimensions
            },
        }
