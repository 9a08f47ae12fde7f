"""How likely a model had each level, from the log-probabilities of the tokens of its answer, where a server tells them.

The tokens put together are the answer. Where the level begins in it, each token that the server tells as likely there is what the
model could have said instead; what it and the tokens before it say begins one of the levels, or none. A token that begins all
levels alike (a quote) says nothing, and the next one is looked at. The chances of the levels are brought to sum to 1. Where
the tokens are not the answer, say less than LEAST of a level, or begin some levels alike (1 and 10), there are none: nothing is
guessed.
"""

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from touchstone.data.label import Level
from touchstone.rubric.model import Dimension

TOP = 20  # alternatives that are asked for: as many as the protocol takes
LEAST = 0.5  # of the probability at the level's token that must be on levels
MOST_TOKENS = 40_000


class _Token(NamedTuple):
    text: str
    alternatives: Mapping[str, float]  # text and probability, of itself too


def level_chances(content: Any, text: str, dimension: Dimension) -> tuple[float, ...] | None:
    """The chance of each level of `dimension`, as declared: of `content`, the list `logprobs.content` of a chat completion as it
    came, and `text`, the answer. None where it is not there, or does not say. Never raises on any values."""
    tokens = _tokens(content)
    start = _start_of_level(text)
    if tokens is None or start is None or "".join(each.text for each in tokens) != text:
        return None
    spelled = {
        level: (json.dumps(level, ensure_ascii=False), json.dumps(str(level), ensure_ascii=False)) for level in dimension.values
    }
    said, at = "", 0
    for token in tokens:
        end = at + len(token.text)
        if end > start:
            before = token.text[: max(0, start - at)]
            rest = [(each[len(before) :], chance) for each, chance in token.alternatives.items() if each.startswith(before)]
            begun = _begun(said + token.text[len(before) :], spelled)
            if len(begun) < len(spelled):
                return _shared(said, rest, spelled) if len(begun) == 1 else None
            said += token.text[len(before) :]
        at = end
    return None


def _shared(said: str, rest: Sequence[tuple[str, float]], spelled: Mapping[Level, tuple[str, str]]) -> tuple[float, ...] | None:
    chances = dict.fromkeys(spelled, 0.0)
    for words, chance in rest:
        begun = _begun(said + words, spelled) if words else []
        if len(begun) == 1:
            chances[begun[0]] += chance
    total = sum(chances.values())
    return tuple(own / total for own in chances.values()) if total >= LEAST else None


def _begun(said: str, spelled: Mapping[Level, tuple[str, str]]) -> list[Level]:
    """The levels that these characters begin, or say and go on behind."""
    found = []
    for level, ways in spelled.items():
        if any(way.startswith(said) or said.startswith(way) and not said[len(way) : len(way) + 1].isalnum() for way in ways):
            found.append(level)
    return found


def _start_of_level(text: str) -> int | None:
    """Where in an answer the value of its last "level" begins."""
    at = text.rfind('"level"')
    colon = text.find(":", at + 7) if at >= 0 else -1
    if colon < 0 or text[at + 7 : colon].strip():
        return None
    rest = text[colon + 1 :]
    return colon + 1 + len(rest) - len(rest.lstrip())


def _tokens(content: Any) -> list[_Token] | None:
    if not isinstance(content, list) or not 0 < len(content) <= MOST_TOKENS:
        return None
    found = []
    for each in content:
        if not isinstance(each, dict) or not isinstance(each.get("token"), str):
            return None
        told = each.get("top_logprobs")
        alternatives: dict[str, float] = {}
        for one in (each, *(told if isinstance(told, list) else [])):
            chance = _chance(one.get("logprob")) if isinstance(one, dict) and isinstance(one.get("token"), str) else None
            if chance is not None:
                alternatives[one["token"]] = chance
        found.append(_Token(each["token"], alternatives))
    return found


def _chance(logprob: Any) -> float | None:
    if isinstance(logprob, bool) or not isinstance(logprob, int | float) or math.isnan(logprob) or logprob > 0.001:
        return None
    return math.exp(min(0.0, logprob)) if logprob > -1000 else 0.0
