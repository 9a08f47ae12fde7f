"""The decision on one draft: the strictest of what its conditions lead to. What goes wrong is a reason, never a pass."""

import hashlib
import logging
from collections.abc import Mapping, Sequence
from os import PathLike
from typing import Any, NamedTuple

from touchstone.english import listed
from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree
from touchstone.gate.policy import (
    MODES,
    STRICTEST_LAST,
    GateCondition,
    GatePolicy,
    Outcome,
    ReadPolicy,
    WrongPolicy,
    fit_problems,
    held_levels,
    read_policy,
)
from touchstone.gate.task_fields import NeededFields, given_strictly
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import read_rubric
from touchstone.scorer.scoring import DraftScore, Finding, Scorer

log = logging.getLogger("touchstone")
ERROR = "error"


class GateReason(NamedTuple):
    """Why a draft does not pass. `key`: the condition in short, "… not scorable", "… absent" or "error", without a word of the
    draft; `sentence`: the same for people; `findings`: what was found in the draft on that dimension."""

    decision: Outcome
    key: str
    sentence: str
    dimension: str | None = None
    findings: tuple[Finding, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {**self._asdict(), "findings": [each.as_json() for each in self.findings]}


class GateDecision(NamedTuple):
    """What a gate says of one draft. `decision`: by the policy, whatever the mode; `enforced`: what is to be done with the draft,
    pass unless the mode is enforce. `levels`: by dimension, None where not scorable. `advisory`: findings on dimensions that
    gave no reason. `text_digest`: SHA-256 of the text in UTF-8. In mode off nothing is scored: all of these are empty."""

    decision: Outcome
    enforced: Outcome
    mode: str
    reasons: tuple[GateReason, ...]
    gate: str
    policy_digest: str
    rubric: str
    rubric_digest: str | None
    levels: Mapping[str, int | str | None]
    advisory: Mapping[str, tuple[Finding, ...]]
    text_digest: str | None

    def as_json(self) -> dict[str, Any]:
        """The decision as a line of `touchstone gate` has it. Spans are code points of the text, end exclusive."""
        return {
            "decision": self.decision,
            "enforced": self.enforced,
            "mode": self.mode,
            "reasons": [each.as_json() for each in self.reasons],
            "gate": {"name": self.gate, "digest": self.policy_digest},
            "rubric": {"name": self.rubric, "digest": self.rubric_digest},
            "levels": dict(self.levels),
            "advisory": [
                {"dimension": key, **finding.as_json()} for key, findings in self.advisory.items() for finding in findings
            ],
            "text_digest": self.text_digest,
        }


class Gate:
    """A policy with its rubric, ready to decide: checks are compiled once, as of a `Scorer`. Raises WrongPolicy where the two do
    not fit, or there is no rubric for a policy that is not off."""

    def __init__(self, policy: GatePolicy, rubric: Rubric | Scorer | None):
        self.policy = policy
        self.scorer = Scorer(rubric) if isinstance(rubric, Rubric) else rubric
        if self.scorer is None:
            return
        if problems := fit_problems(ReadPolicy(policy, [], MarkedTree()), self.scorer.rubric):
            raise WrongPolicy(policy.name, problems)
        by_key = {each.key: each for each in self.scorer.rubric.dimensions}
        self.held = {
            condition: held_levels(condition, by_key[condition.dimension])
            for _, condition in policy.conditions
            if condition.dimension is not None
        }
        self.needed = NeededFields(self.scorer.compiled, [each.dimension for each in self.held if each.dimension])

    def decide(
        self, task: Mapping[str, Any] | None, text: str, judges: Mapping[str, float] | None = None, mode: str | None = None
    ) -> GateDecision:
        """A draft. `judges`: how likely each judge says the draft is to pass, 0 to 1. `mode` stands for the policy's own. Never
        raises for what a task, a draft or a judge gives: what goes wrong leads to the policy's `on_error`."""
        mode = self.policy.mode if mode is None else mode
        if mode not in MODES:
            raise ValueError(f"mode is {mode!r}; it takes {', '.join(MODES[:-1])} or {MODES[-1]}")
        if mode == "off":
            return self._decision(mode, (), {}, {}, None)
        if self.scorer is None:
            way = f"the gate has no rubric {self.policy.file.rubric}; give that version, or turn the gate off"
            raise WrongPolicy(self.policy.name, [Problem(None, way)])
        try:
            given, extra = given_strictly(task)
            scored = self.scorer.score(text, given, extra)
            reasons = self._reasons(scored, judges or {}, self._lacking(given, extra))
            digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        except Exception as wrong:  # whatever it is, the draft is held up and the reason told
            log.error("a gate could not decide: %s", type(wrong).__name__)  # its words may quote the draft
            return self.failed(mode, f"the draft could not be scored ({_said(wrong)}); look at it yourself")
        told = {each.dimension for each in reasons}
        levels = {key: each.value for key, each in scored.scores.items()}
        advisory = {key: each.findings for key, each in scored.scores.items() if each.findings and key not in told}
        return self._decision(mode, reasons, levels, advisory, digest)

    def failed(self, mode: str, sentence: str) -> GateDecision:
        """The decision where something went wrong."""
        return self._decision(mode, (GateReason(self.policy.file.on_error, ERROR, sentence),), {}, {}, None)

    def _decision(
        self,
        mode: str,
        reasons: tuple[GateReason, ...],
        levels: Mapping[str, int | str | None],
        advisory: Mapping[str, tuple[Finding, ...]],
        text_digest: str | None,
    ) -> GateDecision:
        found: list[Outcome] = ["pass", *(each.decision for each in reasons)]
        decision = max(found, key=STRICTEST_LAST.index)
        enforced: Outcome = decision if mode == "enforce" else "pass"
        return GateDecision(
            decision,
            enforced,
            mode,
            reasons,
            self.policy.name,
            self.policy.digest,
            self.policy.file.rubric,
            self.scorer.rubric.digest if self.scorer else None,
            levels,
            advisory,
            text_digest,
        )

    def _lacking(self, given: Mapping[str, Any], extra: Mapping[str, Any]) -> list[GateReason]:
        """Dimensions of the policy that are held against what this task does not give: that they look faultless says nothing."""
        made = []
        for key in self.needed.facts:
            if faults := self.needed.faults(key, given, extra):
                told = f"{key} is held against the task’s {listed([each.in_words for each in faults])}"
                way = "the task does not give that, so nothing was held against it; bring the task with the draft"
                made.append(GateReason(self.policy.file.on_error, f"{key} without its task", f"{told}: {way}", key))
        return made

    def _reasons(self, scored: DraftScore, judges: Mapping[str, float], lacking: Sequence[GateReason]) -> tuple[GateReason, ...]:
        """Each reason once, the strictest first: a level that is held up twice is told for what is stricter."""
        found = {each.key: each for each in lacking}
        for outcome, condition in self.policy.conditions:
            reason = (
                _of_judge(outcome, condition, judges)
                if condition.judge is not None
                else self._of_level(outcome, condition, scored)
            )
            if reason is not None:
                found.setdefault(reason.key, reason)
        return tuple(sorted(found.values(), key=lambda each: -STRICTEST_LAST.index(each.decision)))

    def _of_level(self, outcome: Outcome, condition: GateCondition, scored: DraftScore) -> GateReason | None:
        key = condition.dimension or ""
        score = scored.scores[key]
        if score.value is None:
            sentence = f"{key} is not scorable: {score.reason}"
            return GateReason("review", f"{key} not scorable", sentence, key, score.findings)
        if score.value not in self.held[condition]:
            return None
        because = f": {score.because}" if score.because else ""
        return GateReason(outcome, condition.key, f"{key} is {score.value}{because}", key, score.findings)


def _of_judge(outcome: Outcome, condition: GateCondition, judges: Mapping[str, Any]) -> GateReason | None:
    judge, bound = condition.judge or "", condition.p_pass_below or 0.0
    if judge not in judges:
        return GateReason(
            "review", f"{judge} absent", f"judge {judge} gave no probability; ask it, or look at the draft yourself"
        )
    share = judges[judge]
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:  # nan is no share either
        sentence = f"judge {judge} gave {str(share)[:40]}, which is no share from 0 to 1; look at the draft yourself"
        return GateReason("review", f"{judge} gave no share", sentence)
    if share >= bound:
        return None
    return GateReason(outcome, condition.key, f"judge {judge} says that it passes with {_under(share, bound)}, under {bound:g}")


def _under(share: float, bound: float) -> str:
    """A share in as few digits as show that it is under the bound.

    >>> _under(0.41234, 0.6), _under(0.59999, 0.6)
    ('0.41', '0.59999')
    """
    return next((shown for digits in range(2, 17) if float(shown := f"{share:.{digits}g}") < bound), repr(share))


def _said(wrong: Exception) -> str:
    """An error in words where it has them: of others the kind alone, as they may quote the draft."""
    return str(wrong)[:200] if type(wrong) is ValueError else type(wrong).__name__


# The gates that `gate` made last: one is used for many drafts, and compiling takes longer than deciding. Both are frozen values.
_ready: list[tuple[GatePolicy, Rubric | None, Gate]] = []
MOST_READY = 8


def gate(
    task: Mapping[str, Any] | None,
    text: str,
    policy: GatePolicy | str | PathLike[str] | bytes,
    *,
    rubric: Rubric | str | PathLike[str] | bytes | None = None,
    judges: Mapping[str, float] | None = None,
    mode: str | None = None,
) -> GateDecision:
    """Pass, review or block for one draft under a policy: the strictest of what its conditions lead to.

    `task` is a task as it is imported (`{"input": {field: value}, …}`) or None; `policy` what `read_policy` gives, or a file's
    path or bytes; `rubric` the version that the policy names, read or by its file; a policy that is off needs none. `judges`:
    by name how likely each judge says the draft is to pass, 0 to 1; a judge of the policy that is not among them leads to
    review, and none makes a decision milder. `mode` stands for the policy's own. Shadow tells the decision and enforces a pass.
    A dimension of the policy that is held against fields of the task which it does not give leads to `on_error`, too.

    What goes wrong with a task, draft or judge leads to the policy's `on_error`; a dimension of it that is not scorable leads to
    review. Raises WrongPolicy (a ValueError) and WrongRubric for files that cannot be used or do not fit, OSError for those
    that cannot be opened. The last policies and rubrics stay compiled: for many drafts give the same two values each time.
    """
    policy = policy if isinstance(policy, GatePolicy) else read_policy(policy)
    rubric = rubric if isinstance(rubric, Rubric) or rubric is None else read_rubric(rubric)
    return _made(policy, rubric).decide(task, text, judges, mode)


def _made(policy: GatePolicy, rubric: Rubric | None) -> Gate:
    for known_policy, known_rubric, made in tuple(_ready):
        if known_policy is policy and known_rubric is rubric:
            return made
    made = Gate(policy, rubric)
    _ready.append((policy, rubric, made))
    del _ready[:-MOST_READY]
    return made
