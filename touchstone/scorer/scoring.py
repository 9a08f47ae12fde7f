"""Findings into levels: the first line of a dimension's scoring that holds gives the level, and is the reason."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.scoring_model import Check, ScoringLine
from touchstone.scorer.facts import NOTHING
from touchstone.scorer.matching import Draft, Hit, Machine, hits_of, machine_of, ready
from touchstone.scorer.segments import is_blank

EMPTY = "the draft is empty"
NO_WORDS = "the draft has no words of its own: a subject, quoted text or a signature alone"
NO_LINES = "the rubric has no scoring for this dimension"
NOTHING_HOLDS = "no line of the scoring holds"


class Finding(NamedTuple):
    """One check met in a draft: `start` and `end` in code points of the draft as it came, end exclusive. `differs`: the draft
    says another value than the task."""

    check: str
    start: int
    end: int
    text: str
    message: str
    differs: bool = False

    def as_json(self) -> dict[str, Any]:
        made = self._asdict()
        differs = made.pop("differs")
        return {**made, "differs": True} if differs else made


class Score(NamedTuple):
    """A draft's level on one dimension and the line that gave it; value None with a reason where it is not scorable."""

    value: int | str | None
    because: str | None
    reason: str | None
    findings: tuple[Finding, ...] = ()


class DraftScore(NamedTuple):
    """All scores of a draft. `penalty` counts different phrases of the rubric's penalty; `final` is the weighted mean of the
    levels' places, lowest 0 to highest 1, less the penalty, not under 0. Levels that are words stand from low to high. None where
    a dimension is not scorable, or its levels have no order."""

    final: float | None
    penalty: int
    scores: Mapping[str, Score]

    def as_json(self) -> dict[str, Any]:
        return {
            "final": self.final,
            "penalty": self.penalty,
            "scores": {
                key: {
                    "value": each.value,
                    "because": each.because,
                    "reason": each.reason,
                    "findings": [finding.as_json() for finding in each.findings],
                }
                for key, each in self.scores.items()
            },
        }


def score_draft(
    rubric: Rubric, text: str, given: Mapping[str, Any] | None = None, extra: Mapping[str, Any] | None = None
) -> DraftScore:
    """A draft under a rubric, for a task's input and what else the task has. Never raises for what a task or draft holds."""
    machine = machine_of(rubric)
    draft = ready(machine, text, given or {}, extra or {})
    reason = not_scorable(draft)
    if reason:
        return DraftScore(None, 0, {key: Score(None, None, reason) for key in rubric.keys})
    hits = hits_of(machine, draft)
    return scored(machine, draft, hits)


def not_scorable(draft: Draft) -> str | None:
    """Why a draft cannot be scored at all; None when it can."""
    if not is_blank(draft.cut):
        return None
    return NO_WORDS if any(each.isalnum() for each in draft.folded.text) else EMPTY


def scored(machine: Machine, draft: Draft, hits: Sequence[Hit]) -> DraftScore:
    """The scores that hits give."""
    by_check: dict[int, list[Hit]] = {}
    for hit in hits:
        by_check.setdefault(hit.check, []).append(hit)
    findings = {place: [finding_of(machine.checks[place], draft, hit) for hit in each] for place, each in by_check.items()}
    scores = {}
    for dimension in machine.rubric.dimensions:
        value, because, reason = level_of(machine, dimension, draft, by_check)
        used = [place for place in sorted(asked_for(machine, dimension)) if place in findings]
        scores[dimension.key] = Score(
            value,
            because,
            reason,
            tuple(
                sorted((each for place in used for each in findings[place]), key=lambda each: (each.start, each.end, each.check))
            ),
        )
    penalty = penalty_of(machine, by_check)
    return DraftScore(final_of(machine.rubric, scores, penalty), penalty, scores)


def finding_of(check: Check, draft: Draft, hit: Hit) -> Finding:
    start, end = draft.folded.span(hit.start, hit.end)
    text = draft.text[start:end]
    words = check.message if hit.holds else check.differs or check.message
    shown = " ".join(text.split())
    return Finding(
        check.name, start, end, text, words.replace("%s", shown if len(shown) < 200 else shown[:197] + "..."), not hit.holds
    )


_PLAIN = re.compile(r"[\s-]+")  # "sea-level" and "sealevel" are spellings of one phrase


def penalty_of(machine: Machine, by_check: Mapping[int, Sequence[Hit]]) -> int:
    rule = machine.rubric.penalty
    if rule is None:
        return 0
    return len(
        {_PLAIN.sub("", hit.key) for name in rule.of for place in machine.named.get(name, ()) for hit in by_check.get(place, ())}
    )


def final_of(rubric: Rubric, scores: Mapping[str, Score], penalty: int) -> float | None:
    if any(each.value is None for each in scores.values()):
        return None
    if any(each.scale != "ordinal" for each in rubric.dimensions):
        return None
    total = sum(
        each.weight * _rising(each.values).index(scores[each.key].value) / (len(each.values) - 1) for each in rubric.dimensions
    )
    return max(0.0, total - penalty * (rubric.penalty.each if rubric.penalty else 0))


def _rising(values: Sequence[int | str]) -> Sequence[int | str]:
    return values[::-1] if isinstance(values[0], int) and values[0] > values[-1] else values


def level_of(
    machine: Machine, dimension: Dimension, draft: Draft, by_check: Mapping[int, Sequence[Hit]]
) -> tuple[int | str | None, str | None, str | None]:
    """(level, because, None), or (None, None, reason)."""
    if not dimension.scoring:
        return None, None, NO_LINES
    for line in dimension.scoring:
        if holds(machine, line, draft, by_check):
            return (None, None, line.not_scorable) if line.not_scorable else (line.level, line.because, None)
    return None, None, NOTHING_HOLDS


def holds(machine: Machine, line: ScoringLine, draft: Draft, by_check: Mapping[int, Sequence[Hit]]) -> bool:
    """Whether everything a line asks for holds."""

    def met(name: str, as_said: bool = True) -> bool:
        return any(hit.holds is as_said for place in machine.named.get(name, ()) for hit in by_check.get(place, ()))

    if line.any and not any(met(name) for name in line.any):
        return False
    if not all(met(name) for name in line.all) or any(met(name) for name in line.none):
        return False
    if line.differing and not any(met(name, False) for name in line.differing):
        return False
    if line.at_least and len(_different(machine, line.at_least.of, by_check)) < line.at_least.count:
        return False
    facts = draft.facts
    if not all(facts.get(key, NOTHING).is_given for key in line.given):
        return False
    if any(facts.get(key, NOTHING).is_given for key in line.missing):
        return False
    return all(set(map(str.casefold, words)) & _words(facts.get(key, NOTHING)) for key, words in line.fact_is.items())


def _words(value: Any) -> set[str]:
    return {*value.words, *(f"{number.normalize():f}" for number in value.numbers)}


def _different(machine: Machine, names: Sequence[str], by_check: Mapping[int, Sequence[Hit]]) -> set[tuple[int, str]]:
    """Findings that differ: phrases of a list by phrase, other checks by their name or what they count as."""
    lists = ("phrase", "token")
    return {
        (place if machine.checks[place].extends in lists else -1, hit.key)
        for name in names
        for place in machine.named.get(name, ())
        for hit in by_check.get(place, ())
        if hit.holds
    }


def asked_for(machine: Machine, dimension: Dimension) -> set[int]:
    """The places of the checks that a dimension's lines ask for."""
    names = {
        name
        for line in dimension.scoring
        for name in (*line.any, *line.all, *line.none, *line.differing, *(line.at_least.of if line.at_least else ()))
    }
    return {place for name in names for place in machine.named.get(name, ())}
