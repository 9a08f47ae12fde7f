"""Findings into levels: the first line of a dimension's scoring that holds gives the level, and is the reason."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.data.task_file import OF_TASKS
from touchstone.rubric.model import Dimension, Rubric
from touchstone.rubric.scoring_model import Check, ScoringLine
from touchstone.scorer.compiled import CompiledRubric, compile_rubric
from touchstone.scorer.draft import Hit, PreparedDraft
from touchstone.scorer.facts.kinds import FactValue
from touchstone.scorer.matching import hits_of, hits_of_checks
from touchstone.scorer.numbers.kinds import DraftNumber
from touchstone.scorer.regex import PatternCache

HitsByCheck = Mapping[int, Sequence[Hit]]  # those that stand, by the place of their check

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


class ReadNumber(NamedTuple):
    """One number of a draft with its kind; `current` is the later value where it changed to one. `start` and `end` are code
    points of the draft as it came, end exclusive."""

    start: int
    end: int
    text: str
    kind: str
    current: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {key: value for key, value in self._asdict().items() if value is not None}


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


class Scorer:
    """A rubric version made ready to score drafts: its checks are compiled once, when it is made, which takes some hundredths of
    a second. Those that share `cache` compile equal patterns once. Raises ValueError in words for a pattern that cannot be taken;
    a rubric that was loaded has none."""

    def __init__(self, rubric: Rubric, cache: PatternCache | None = None):
        self.rubric = rubric
        self.compiled = compile_rubric(rubric, cache)

    def score(self, text: str, given: Mapping[str, Any] | None = None, extra: Mapping[str, Any] | None = None) -> DraftScore:
        """A draft, for a task's input and what else the task has. Never raises for what a task or draft holds."""
        compiled = self.compiled
        draft = compiled.prepare(text, given or {}, extra or {})
        if reason := not_scorable(draft):
            return DraftScore(None, 0, {key: Score(None, None, reason) for key in self.rubric.keys})
        hits = hits_of(compiled, draft)
        scores = _scores(compiled, self.rubric.dimensions, draft, hits)
        penalty = penalty_of(compiled, hits)
        return DraftScore(final_of(self.rubric, scores, penalty), penalty, scores)

    def numbers(self, text: str, given: Mapping[str, Any] | None = None) -> tuple[ReadNumber, ...]:
        """The numbers of a draft as checks see them, in order; `given` is the task's input, which the draft may quote."""
        draft = self.compiled.prepare(text, given or {}, {})
        return tuple(
            ReadNumber(*_as_it_came(draft, number.start, number.end), number.kind, _later(draft, number))
            for number in draft.numbers.all
        )


def score_of(compiled: CompiledRubric, dimension: Dimension, draft: PreparedDraft) -> Score:
    """The score of one dimension, without looking for what has no part in it."""
    if reason := not_scorable(draft):
        return Score(None, None, reason)
    hits = hits_of_checks(compiled, draft, compiled.asked_by[dimension.key])
    return _scores(compiled, [dimension], draft, hits)[dimension.key]


def _scores(
    compiled: CompiledRubric, dimensions: Sequence[Dimension], draft: PreparedDraft, hits: HitsByCheck
) -> dict[str, Score]:
    findings = {
        place: [finding_of(compiled.checks[place].declared, draft, hit) for hit in of_check] for place, of_check in hits.items()
    }
    met, scores = met_names(compiled, hits), {}
    for dimension in dimensions:
        asked = compiled.asked_by[dimension.key] & findings.keys()
        scores[dimension.key] = Score(
            *level_of(compiled, dimension, draft, hits, met),
            tuple(
                sorted(
                    (finding for place in sorted(asked) for finding in findings[place]),
                    key=lambda finding: (finding.start, finding.end, finding.check),
                )
            ),
        )
    return scores


def score(rubric: Rubric, text: str, task: Mapping[str, Any] | None = None) -> DraftScore:
    """The score of one draft under a rubric: per dimension a level, the line that gave it, and the findings behind it.

    `task` is a task as it is imported: `{"input": {field: value}, ...}`; facts may be read of what else it has, too. Without it
    the task gives nothing. A finding's `start` and `end` are code points of `text`, end exclusive; `final` lies between 0 and 1,
    None where a dimension is not scorable or has no order. A dimension without scoring, and a draft without words of its own, get
    no level but a reason. The checks are compiled at each call: for many drafts make one `Scorer` and ask it.

    Never raises for what a task or draft holds. Raises ValueError in words for a rubric with a pattern that cannot be taken, and
    for a task whose `input` is neither a mapping nor a text.

    >>> from touchstone.rubric.reading import read_rubric
    >>> rubric = read_rubric(b'''
    ... rubric: replies
    ... version: 1
    ... title: Replies
    ... dimensions:
    ...   - key: tone
    ...     title: Tone
    ...     question: Is it friendly?
    ...     scale: ordinal
    ...     weight: 1
    ...     levels:
    ...       - {value: 0, title: Gruff, anchor: It blames.}
    ...       - {value: 1, title: Friendly, anchor: It does not blame.}
    ...     agreement: {statistic: kappa, weights: unweighted, threshold: 0.8}
    ...     checks:
    ...       - {name: blame, extends: phrase, message: "'%s' blames", tokens: [your fault], hit: [your fault], miss: [mine]}
    ...     scoring:
    ...       - {level: 0, because: it blames, any: [blame]}
    ...       - {level: 1, because: nothing blames}
    ... ''')
    >>> score(rubric, "That is your fault.", task={"input": {"thread": "Where is it?"}}).as_json()["scores"]["tone"]
    ... # doctest: +NORMALIZE_WHITESPACE
    {'value': 0, 'because': 'it blames', 'reason': None,
     'findings': [{'check': 'blame', 'start': 8, 'end': 18, 'text': 'your fault', 'message': "'your fault' blames"}]}
    """
    return Scorer(rubric).score(text, *given_by(task or {}))


def given_by(task: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What a task as it is imported gives: its input by field, and what else it has."""
    given = task.get("input") or {}
    if isinstance(given, str):
        given = {"input": given}
    if not isinstance(given, Mapping):
        raise ValueError(f"a task's input is an object of fields, or a text, not {type(given).__name__}")
    return given, {key: value for key, value in task.items() if key not in {"task_id", "input", *OF_TASKS}}


def not_scorable(draft: PreparedDraft) -> str | None:
    """Why a draft cannot be scored at all; None when it can."""
    if not draft.segments.is_blank:
        return None
    return NO_WORDS if any(letter.isalnum() for letter in draft.folded.text) else EMPTY


def _as_it_came(draft: PreparedDraft, start: int, end: int) -> tuple[int, int, str]:
    """A place of the folded draft in the draft as it came: start, end, text."""
    came = draft.folded.span(start, end)
    return *came, draft.text[slice(*came)]


def _later(draft: PreparedDraft, number: DraftNumber) -> str | None:
    return _as_it_came(draft, *number.later)[2] if number.later else None


def finding_of(check: Check, draft: PreparedDraft, hit: Hit) -> Finding:
    start, end, text = _as_it_came(draft, hit.start, hit.end)
    words = check.message if hit.holds else check.differs or check.message
    shown = " ".join(text.split())
    filling = {"%s": shown if len(shown) < 200 else shown[:197] + "..."}
    if hit.compared:
        filling |= {"{said}": hit.compared.said, "{task}": hit.compared.task}
    told = re.sub(r"%s|\{(?:said|task)\}", lambda hole: filling.get(hole[0], hole[0]), words)
    return Finding(check.name, start, end, text, told, not hit.holds)


_PLAIN = re.compile(r"[\s-]+")  # "sea-level" and "sealevel" are spellings of one phrase


def penalty_of(compiled: CompiledRubric, hits: HitsByCheck) -> int:
    """How many different phrases of the rubric's penalty a draft has."""
    rule = compiled.rubric.penalty
    places = compiled.places_of(rule.of) if rule else []
    return len({_PLAIN.sub("", hit.key) for place in places for hit in hits.get(place, ())})


def final_of(rubric: Rubric, scores: Mapping[str, Score], penalty: int) -> float | None:
    """The weighted mean of the levels' places, lowest 0 to highest 1, less the penalty; None where that cannot be. A dimension
    without a weight has no part in it."""
    shares = []
    for dimension in rubric.dimensions:
        if dimension.weight is None:
            continue
        value = scores[dimension.key].value
        if value is None or dimension.scale != "ordinal":
            return None
        shares.append(dimension.weight * dimension.rising.index(value) / (len(dimension.values) - 1))
    if not shares:
        return None
    return max(0.0, sum(shares) - penalty * (rubric.penalty.each if rubric.penalty else 0))


class Levelled(NamedTuple):
    """The level of a dimension and the line that gave it, or None with a reason."""

    value: int | str | None
    because: str | None
    reason: str | None


def level_of(
    compiled: CompiledRubric, dimension: Dimension, draft: PreparedDraft, hits: HitsByCheck, met: "MetNames"
) -> Levelled:
    """What the first line of a dimension's scoring that holds gives; `met` is what `met_names` says of the hits."""
    for line in dimension.scoring:
        if _findings_hold(compiled, line, hits, met) and _facts_hold(line, draft):
            return Levelled(None, None, line.not_scorable) if line.not_scorable else Levelled(line.level, line.because, None)
    return Levelled(None, None, NOTHING_HOLDS if dimension.scoring else NO_LINES)


class MetNames(NamedTuple):
    """The checks and groups that are met in a draft, by name: as the task says, and with another value."""

    as_task_says: set[str]
    differing: set[str]


def met_names(compiled: CompiledRubric, hits: HitsByCheck) -> MetNames:
    found = MetNames(set(), set())
    names, comparing = compiled.names_of, compiled.comparing
    for place, of_check in hits.items():
        if place not in comparing:
            found.as_task_says.update(names[place])
            continue
        for hit in of_check:
            (found.as_task_says if hit.holds else found.differing).update(names[place])
    return found


def _findings_hold(compiled: CompiledRubric, line: ScoringLine, hits: HitsByCheck, found: MetNames) -> bool:
    met = found.as_task_says
    if line.any and met.isdisjoint(line.any):
        return False
    if not met.issuperset(line.all) or not met.isdisjoint(line.none):
        return False
    if line.differing and found.differing.isdisjoint(line.differing):
        return False
    return line.at_least is None or _different(compiled, line.at_least.of, hits) >= line.at_least.count


def _facts_hold(line: ScoringLine, draft: PreparedDraft) -> bool:
    if not all(draft.fact(key).is_given for key in line.given) or any(draft.fact(key).is_given for key in line.missing):
        return False
    return all(set(map(str.casefold, words)) & _words(draft.fact(key)) for key, words in line.fact_is.items())


def _words(value: FactValue) -> set[str]:
    return {*value.words, *(f"{number.normalize():f}" for number in value.numbers)}


def _different(compiled: CompiledRubric, names: Sequence[str], hits: HitsByCheck) -> int:
    """How many different findings there are: phrases of a list by phrase, other checks by their name or what they count as."""
    return len(
        {compiled.checks[place].counts_as(hit) for place in compiled.places_of(names) for hit in hits.get(place, ()) if hit.holds}
    )
