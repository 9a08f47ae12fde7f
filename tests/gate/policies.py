"""A small rubric whose scorer answers by single words, and policies for it."""

from touchstone.gate.policy import GatePolicy, read_policy
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import read_rubric

_DIMENSION = """\
  - key: {key}
    title: {key}
    question: Is it?
    scale: {scale}
    weight: {weight}
    levels: [{levels}]
    agreement: {{statistic: kappa, weights: unweighted, threshold: 0.8}}
"""
_LEVEL = "{{value: {value}, title: T{value}, anchor: It is.}}"


def dimension(key: str, scale: str, values: tuple[object, ...], weight: float, scoring: str) -> str:
    levels = ", ".join(_LEVEL.format(value=each) for each in values)
    return _DIMENSION.format(key=key, scale=scale, levels=levels, weight=weight) + scoring


TONE = """\
    checks:
      - {name: rude, extends: phrase, message: "'%s' is rude", tokens: [rubbish], hit: [rubbish], miss: [thanks]}
      - {name: cold, extends: phrase, message: "'%s' is cold", tokens: [as per], hit: [as per], miss: [thanks]}
    scoring:
      - {level: 0, because: it is rude, any: [rude]}
      - {level: 1, because: it is cold, any: [cold]}
      - {level: 2, because: nothing is wrong}
    examples: [{draft: Rubbish, level: 0}, {draft: As per this, level: 1}, {draft: Thanks, level: 2}]
"""
KIND = """\
    checks:
      - {name: offer, extends: phrase, message: "'%s' offers", tokens: [we offer], hit: [we offer], miss: [thanks]}
      - {name: riddle, extends: phrase, message: "'%s' is a riddle", tokens: [riddle], hit: [riddle], miss: [thanks]}
    scoring:
      - {not_scorable: it is a riddle, any: [riddle]}
      - {level: sales, because: it offers, any: [offer]}
      - {level: answer, because: it does not}
    examples: [{draft: We offer it, level: sales}, {draft: Thanks, level: answer}]
"""
BARE = ""  # a dimension that nothing scores
SOURCE = (
    "rubric: replies\nversion: 1\ntitle: Replies\ndimensions:\n"
    + dimension("tone", "ordinal", (0, 1, 2), 0.5, TONE)
    + dimension("sort", "nominal", ("answer", "sales"), 0.5, KIND)
    + dimension("depth", "ordinal", (0, 1), 0, BARE)
)
HEAD = "gate: replies\nversion: 1\nrubric: replies-v1\n"
CONDITIONS = """\
block:  [{dimension: tone, below: 1}]
review: [{dimension: tone, below: 2}, {dimension: sort, is: [sales]}, {judge: stars, p_pass_below: .6}]
"""


def rubric() -> Rubric:
    return read_rubric(SOURCE.encode())


def policy_source(mode: str = "enforce", conditions: str = CONDITIONS, more: str = "") -> bytes:
    return f"{HEAD}mode: {mode}\n{more}{conditions}".encode()


def policy(mode: str = "enforce", conditions: str = CONDITIONS, more: str = "") -> GatePolicy:
    return read_policy(policy_source(mode, conditions, more))
