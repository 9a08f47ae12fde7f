"""What a model answered, taken apart strictly: a reason and a level, or which kind of error it is. An error is never a level."""

import json
from typing import Any, NamedTuple

from touchstone.data.label import Level
from touchstone.english import many
from touchstone.files.json_values import json_line, kind_in_words, unfenced
from touchstone.rubric.model import Dimension

LONGEST_ANSWER = 200_000  # characters
LONGEST_REASON = 2_000  # characters that are kept

EMPTY, REFUSAL, CUT_OFF, PROSE, WRONG_JSON, UNKNOWN_LEVEL = (
    "empty answer",
    "refusal",
    "answer cut off",
    "prose",
    "wrong JSON",
    "unknown level",
)
KINDS = (EMPTY, REFUSAL, CUT_OFF, PROSE, WRONG_JSON, UNKNOWN_LEVEL)
# How a refusal in prose begins: it is told apart from other prose, and a level in neither.
_REFUSING = ("i'm sorry", "i am sorry", "sorry,", "i can't", "i cannot", "i can not", "i won't", "i'm unable", "i am unable")
_THINKING, _THOUGHT = "<think>", "</think>"


class LevelGiven(NamedTuple):
    """A level of the dimension, with the model's reason for it."""

    level: Level
    reason: str


class AnswerWithoutLevel(ValueError):
    """An answer without a level: its `kind` is one of KINDS, the message says what is there instead."""

    def __init__(self, kind: str, said: str):
        super().__init__(said)
        self.kind = kind


def level_in(text: str | None, dimension: Dimension, *, finish: str = "", refusal: str = "") -> LevelGiven:
    """The level that an answer gives. `finish`: why the server says it ended; `refusal`: what it says in place of an answer.
    Raises AnswerWithoutLevel. Nothing is guessed: a number in prose is none, nor is "2.0" where the levels are whole numbers."""
    if refusal.strip() or finish == "content_filter":
        raise AnswerWithoutLevel(REFUSAL, "the model refused to answer")
    if finish == "length":
        raise AnswerWithoutLevel(CUT_OFF, "the answer reached max_tokens; give it more")
    if text is None or not text.strip():
        raise AnswerWithoutLevel(EMPTY, "the answer is empty")
    if len(text) > LONGEST_ANSWER:
        raise AnswerWithoutLevel(PROSE, f"the answer has {many(len(text), 'character')}; at most {LONGEST_ANSWER:,} are read")
    found = _object(_after_thinking(text))
    level, reason = found.get("level"), found.get("reason")
    if not isinstance(reason, str):
        raise AnswerWithoutLevel(WRONG_JSON, f"its reason is {kind_in_words(reason)}, not a text")
    if "level" not in found:
        raise AnswerWithoutLevel(WRONG_JSON, "it has no level")
    value = _declared(level, dimension)
    if value is None:
        raise AnswerWithoutLevel(UNKNOWN_LEVEL, f"its level is {_short(level)}, none of {', '.join(map(str, dimension.values))}")
    return LevelGiven(value, " ".join(reason.split())[:LONGEST_REASON])


def _declared(level: object, dimension: Dimension) -> Level | None:
    if isinstance(level, str):
        return dimension.parse(level)
    if isinstance(level, int) and not isinstance(level, bool):
        return next((value for value in dimension.values if value == level and isinstance(value, int)), None)
    return None


def _short(level: object) -> str:
    if not isinstance(level, str):
        return kind_in_words(level)
    words = " ".join(level[:200].split())
    return f"“{words[:40]}{'…' if len(words) > 40 else ''}”"


def _after_thinking(text: str) -> str:
    """What follows what a model thought aloud, where a server leaves that in the answer."""
    text = text.strip()
    if not text.startswith(_THINKING):
        return text
    _, ended, rest = text.rpartition(_THOUGHT)
    if not ended:
        raise AnswerWithoutLevel(CUT_OFF, "the answer ends while the model still thinks; give it more max_tokens")
    return rest.strip()


def _object(text: str) -> dict[str, Any]:
    told = unfenced(text)
    if not told.lstrip().startswith(("{", "[")):
        raise AnswerWithoutLevel(*_prose(told))
    try:
        found = json_line(told)
    except json.JSONDecodeError as wrong:
        if wrong.pos >= len(told.rstrip()) - 1 or wrong.msg.startswith("Unterminated string"):
            raise AnswerWithoutLevel(CUT_OFF, "its JSON breaks off") from None
        raise AnswerWithoutLevel(WRONG_JSON, "it is not JSON that can be read") from None
    except (ValueError, RecursionError) as wrong:
        raise AnswerWithoutLevel(WRONG_JSON, str(wrong)[:100] or "it is not JSON that can be read") from None
    if not isinstance(found, dict):
        raise AnswerWithoutLevel(WRONG_JSON, f"it is {kind_in_words(found)}, not a JSON object")
    return found


def _prose(text: str) -> tuple[str, str]:
    begins = text.strip()[:40].casefold().replace("’", "'")
    if begins.startswith(_REFUSING):
        return REFUSAL, "the model refused in words"
    return PROSE, "it is prose, not a JSON object"
