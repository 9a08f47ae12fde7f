"""The scorer of a rubric version held against a closed round, as it is shown and written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from touchstone.agreement.coefficient import KAPPA, PERCENT, QUADRATIC_KAPPA, Coefficient
from touchstone.agreement.figure import Figure, PairReport, in_words, undefined
from touchstone.comparison.classification import AtCut
from touchstone.english import listed, many
from touchstone.rubric.model import Dimension, Rubric
from workflow.rounds.rounds import Round
from workflow.scorer.scoring import Version

SCORER = "scorer"
Level = int | str
Place = tuple[int, int]  # the level of the other and the scorer's, by their places among the declared levels


class Scored(NamedTuple):
    """What the scorer gave a draft on one dimension: a level with the line that gave it, or None with a reason."""

    value: Level | None
    because: str | None
    reason: str | None


@dataclass(frozen=True)
class Against:
    """The scorer and one other (`who`: an annotator, or "gold") on one dimension. `pair` has the other for a and the scorer for
    b; None where they have no draft in common. `drafts`: the ids of the drafts of each cell of its table that holds any.
    `at_cut` None where the dimension is not cut."""

    who: str
    pair: PairReport | None
    at_cut: AtCut | None
    drafts: Mapping[Place, tuple[str, ...]]

    @property
    def n(self) -> int:
        return self.pair.n if self.pair else 0

    def figure(self, coefficient: Coefficient) -> Figure:
        """A figure of the pair; where a side never varied the reason names that side."""
        if self.pair is None:
            return undefined("no draft has a level from both")
        found = self.pair.figures[coefficient]
        if found.reason not in ("annotator constant", "single level", "one unit"):
            return found
        rows, columns = self.pair.table, tuple(zip(*self.pair.table, strict=True))
        used = [[level for level, line in zip(self.pair.levels, lines, strict=True) if any(line)] for lines in (rows, columns)]
        said = [f"{name} {levels[0]}" for name, levels in zip((self.who, SCORER), used, strict=True) if len(levels) == 1]
        return replace(found, reason=f"{' and '.join(said)} throughout")

    def as_json(self) -> dict[str, Any]:
        return {
            "n": self.n,
            **(self.pair.as_json() if self.pair else {"table": None}),
            "at_cut": self.at_cut and self.at_cut.as_json(),
            "drafts": self._drafts_as_json(),
        }

    def _drafts_as_json(self) -> list[dict[str, Any]]:
        if self.pair is None:
            return []
        levels = self.pair.levels
        return [{"level": levels[a], "scorer": levels[b], "drafts": list(names)} for (a, b), names in self.drafts.items()]


@dataclass(frozen=True)
class ScorerDimension:
    """One dimension of the round. `reason` says why the scorer has nothing on it, "" where it has. `people`: percent and kappas
    of the annotators among themselves, as in the report of the round, on `people_n` drafts. `bad`: the levels under the cut, and
    `uncut` why there is none. `not_scorable`: the drafts the scorer gives no level, by its reason. `waiting`: cells without gold
    so far. `labels` and `scored`: by draft, what the annotators and the scorer gave."""

    declared: Dimension
    reason: str
    people: Mapping[Coefficient, Figure]
    people_n: int
    cut: Level | None
    bad: tuple[Level, ...]
    uncut: str
    gold: Against
    annotators: tuple[Against, ...]
    not_scorable: Mapping[str, tuple[str, ...]]
    waiting: int
    adjudicated: int
    labels: Mapping[str, tuple[tuple[str, Level], ...]]
    scored: Mapping[str, Scored]

    @property
    def key(self) -> str:
        return self.declared.key

    @property
    def title(self) -> str:
        return self.declared.title

    def against(self, who: str) -> Against:
        """The scorer against the gold ("") or an annotator. KeyError where there is no such one."""
        return self.gold if not who else {each.who: each for each in self.annotators}[who]

    def as_json(self) -> dict[str, Any]:
        e = {name: each.as_json() for name, each in self.people.items()}
        return {
            "reason": self.reason or None,
            "levels": list(self.declared.values),
            "cut": self.cut,
            "bad": list(self.bad),
            "uncut": self.uncut or None,
            "waiting": self.waiting,
            "adjudicated": self.adjudicated,
            "people": {
                "n": self.people_n,
                "percent": e[PERCENT],
                "kappa": {"unweighted": e[KAPPA], "quadratic": e[QUADRATIC_KAPPA]},
            },
            "not_scorable": [{"reason": reason, "drafts": list(each)} for reason, each in self.not_scorable.items()],
            "gold": self.gold.as_json(),
            "annotators": {each.who: each.as_json() for each in self.annotators},
        }


@dataclass(frozen=True)
class ScorerReport:
    """The scorer of one rubric version held against a closed round. `drafts` are those it was asked about, of `of` that it could
    be, `held_back` those an open round holds."""

    round: Round
    rubric: Rubric
    version: Version
    drafts: int
    held_back: int
    dimensions: tuple[ScorerDimension, ...]
    notes: tuple[str, ...]
    of: int

    @property
    def is_sample(self) -> bool:
        return self.round.is_sample

    @property
    def is_part(self) -> bool:
        """Whether only some drafts of the round were scored, drawn at random."""
        return self.drafts < self.of

    @property
    def drafts_in_words(self) -> str:
        """ "30 drafts", "250 of 1,000,000 drafts, drawn at random"."""
        return f"{self.drafts:,} of {many(self.of, 'draft')}, drawn at random" if self.is_part else many(self.drafts, "draft")

    @property
    def scorer(self) -> str:
        """The scorer by name: "scorer tenacious-v1"."""
        return f"{SCORER} {self.version.rubric.name}"

    @property
    def people_are(self) -> str:
        """What the kappa among people is the kappa of."""
        names = self.round.annotators
        return f"{listed(names)}" if len(names) <= 2 else f"all {many(len(names), 'annotator')}"

    @property
    def people_kappa(self) -> str:
        """The kappa among people by its name: Cohen's of two, Conger's of more."""
        return f"inter-annotator {KAPPA.kind_first if len(self.round.annotators) <= 2 else KAPPA.spoken_of_all}"

    @property
    def sentence(self) -> str:
        """Where things stand, in one sentence: the dimension in which the scorer is farthest from the gold."""
        if not self.drafts:
            return f"Every draft of {self.round.name} is in an open round: the scorer can be compared once that is closed."
        kappas = [(each.gold.figure(KAPPA), each) for each in self.dimensions]
        defined = [(kappa.value, kappa, each) for kappa, each in kappas if kappa.value is not None]
        if not defined:
            return "No dimension's unweighted kappa of the scorer against gold is defined: the table says why."
        _, kappa, low = min(defined, key=lambda one: one[0])
        people, at = low.people[KAPPA], low.gold.at_cut
        said = (
            f"The {self.scorer} is farthest from the gold in {low.title}: {KAPPA.kind_first} {in_words(kappa)} on "
            + many(low.gold.n, "draft")
            + ("" if people.value is None else f", where {self.people_kappa} is {in_words(people)}")
        )
        if at is None or not at.bad:
            return f"{said}."
        return (
            f"{said}. Below {at.cut} recall is {at.caught} of {many(at.bad, 'bad draft')}, the false-alarm rate "
            f"{at.alarms} of {many(at.good, 'good one')}."
        )

    def as_json(self) -> dict[str, Any]:
        """The document of `score-against --json`."""
        scorer = self.version.rubric
        return {
            "round": self.round.name,
            "rubric": self.rubric.name,
            "rubric_digest": self.rubric.digest,
            "scorer": {"rubric": scorer.name, "rubric_digest": scorer.digest, "published": self.version.is_published},
            "sample": self.is_sample,
            "annotators": list(self.round.annotators),
            "drafts": self.drafts,
            "of_drafts": self.of,
            "held_back": self.held_back,
            "notes": list(self.notes),
            "dimensions": {each.key: each.as_json() for each in self.dimensions},
        }
