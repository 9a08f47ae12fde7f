"""What the words of a file of labels mean: levels by the rubric, everything else by what somebody said.

A blank, N/A, ?, true and false are no levels. What they mean is in nobody's power to know but those who made the file, so it
is asked, once a kind, and the answer is `missing` (no label) or a level. Until then every such cell is a problem that names
the option. So are: whether a rater called "rater 1" is one person throughout, the dimension of labels that name none, and
responses whose status the export has lost.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from touchstone.data.counts import LabelRow
from touchstone.english import listed, many
from touchstone.errors import Problem
from touchstone.importing.contract import Answer, Field, Names, Reading
from touchstone.rubric.model import Dimension, Rubric

MISSING = "missing"
WORDS = {  # what may stand where a level belongs, by kind
    "blank": {""},
    "na": {"n/a", "na", "n.a.", "#n/a", "none", "null", "nan", "-", "–", "—", "not applicable"},
    "unsure": {"?", "??", "unsure", "unclear", "don't know"},
    "false": {"false", "no"},
    "true": {"true", "yes"},
}
CALLED = {"blank": "a blank cell", "na": "N/A", "unsure": "?", "false": "false", "true": "true"}
WHOLE = re.compile(r"([+-]?\d+)[.,]0+")


class Question(NamedTuple):
    """Something the file does not say. `option` is the command's; `choices` may be empty where any text will do."""

    key: str
    option: str
    sentence: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """What somebody said the file means. `words`: by kind (see WORDS), "missing" or a level as text; `reverse`: the file's
    scale runs the other way; `slots_are_people`: None where it was not said; `dimension`: of labels that name none;
    `unstated`: what responses without a status are, "submitted" or ""; `unit`: the column that names the unit."""

    words: Mapping[str, str] = field(default_factory=dict)
    reverse: bool = False
    slots_are_people: bool | None = None
    dimension: str = ""
    unstated: str = ""
    unit: str = ""


@dataclass(frozen=True)
class Settled:
    """One file's labels in file order, with the line of each. `missing`: cells that are no label, by kind; `seen`: how each
    field's words were read, for a preview; `tasks`: the task of units where the file says it. `problems` are wrong; `asked` are
    problems until somebody answers the `questions`."""

    reading: Reading
    rows: list[LabelRow]
    lines: list[int | None]
    annotators: tuple[str, ...]
    fields: tuple[Field, ...]
    missing: Mapping[str, int]
    tasks: Mapping[str, str]
    remarks: tuple[str, ...]
    problems: list[Problem]
    asked: list[Problem]
    questions: tuple[Question, ...]

    @property
    def all_problems(self) -> list[Problem]:
        """Both kinds, in line order."""
        return sorted([*self.problems, *self.asked], key=lambda each: each.line or 0)


class Unsaid(ValueError):
    """A word whose meaning nobody has said yet."""


def level_of(dimension: Dimension, text: str) -> int | str | None:
    """The level that a file means: its value, a whole number however a spreadsheet wrote it ("3.0", "3,0", "03"), or its
    value or title with other capitals. None for anything else."""
    text = text.strip()
    if (value := dimension.parse(text)) is not None:
        return value
    if whole := WHOLE.fullmatch(text):
        text = whole[1]
    if re.fullmatch(r"[+-]?\d{1,6}", text):
        return dimension.parse(str(int(text)))
    called = [
        level.value for level in dimension.levels if text.casefold() in (str(level.value).casefold(), level.title.casefold())
    ]
    return called[0] if len(called) == 1 else None


def kind_of(text: str) -> str | None:
    """The kind of a word that is no level; None for any other."""
    text = " ".join(text.split()).casefold()
    return next((kind for kind, words in WORDS.items() if text in words), None)


def settle(reading: Reading, rubric: Rubric, annotator: str, said: Answers) -> Settled:
    """The labels of one file. Answers that name nobody are `annotator`'s. Problems are those of the reading, and then every
    cell that is no label; what waits for an answer has a Question beside its problems."""
    names, problems, asked = Names(rubric, said.dimension), list(reading.problems), []
    rows: list[LabelRow] = []
    lines: list[int | None] = []
    first: dict[tuple[str, str, str], int | None] = {}
    open_kinds: dict[str, dict[str, Dimension]] = {}
    missing, tasks, seen = Counter(), {}, {}
    for answer in reading.answers:
        key = names.key(answer.name) if answer.name else names.key(said.dimension) if said.dimension else None
        if key is None:
            open_kinds.setdefault("dimension", {})
            asked.append(
                _problem(answer.line, f"“{answer.texts[0]}” names no dimension; say which it is of: --dimension {rubric.keys[0]}")
            )
            continue
        dimension = rubric.dimension(key)
        try:
            value = _label(dimension, answer, said, open_kinds, missing)
            seen.setdefault(answer.field, Counter())[MISSING if value is None else str(value)] += 1
            if value is None:
                continue
            row = LabelRow(answer.unit, answer.annotator or annotator, key, value)
            if row[:3] in first:
                before = first[row[:3]]
                raise ValueError(
                    f"{row.unit} has {key} by {row.annotator}"
                    + (f" on line {before}" if before != answer.line else "")
                    + " already; keep one"
                )
            first[row[:3]] = answer.line
        except ValueError as wrong:
            (asked if isinstance(wrong, Unsaid) else problems).append(_problem(answer.line, str(wrong), answer))
            continue
        rows.append(row)
        lines.append(answer.line)
        if answer.task:
            tasks[answer.unit] = answer.task
    questions = [_word_question(kind, dimensions) for kind, dimensions in open_kinds.items() if kind in WORDS]
    questions += _other_questions(reading, rubric, said, asked, "dimension" in open_kinds)
    fields = tuple(Field(each.name, each.role + _in_short(seen.get(_field_of(each, seen)))) for each in reading.fields)
    return Settled(
        reading,
        rows,
        lines,
        tuple(dict.fromkeys(row.annotator for row in rows)),
        fields,
        missing,
        tasks,
        tuple(_remarks(reading, said)),
        problems,
        asked,
        tuple(questions),
    )


def _remarks(reading: Reading, said: Answers) -> Iterator[str]:
    yield from reading.remarks
    if reading.places and said.slots_are_people is None:
        yield (
            f"the annotators are called {listed(reading.places[:6])}: where those are places that several people filled, say "
            "--slots-are-people no"
        )


def _problem(line: int | None, reason: str, answer: Answer | None = None) -> Problem:
    cause = reason.replace(answer.unit, "…") if answer is not None and answer.unit in reason else ""
    return Problem(line, reason, cause)


def _label(
    dimension: Dimension, answer: Answer, said: Answers, open_kinds: dict[str, dict[str, Dimension]], missing: Counter
) -> int | str | None:
    """The level of an answer; None for no label. Raises ValueError for what is neither, Unsaid for what
    waits for an answer."""
    value = next((found for text in answer.texts if (found := level_of(dimension, text)) is not None), None)
    text = answer.texts[0].strip() if answer.texts else ""
    if value is None:
        kind = kind_of(text)
        if kind is None:
            raise ValueError(f"{dimension.key} takes {listed([str(each) for each in dimension.values])}, not {text[:60]}")
        if not (meant := said.words.get(kind, "")):
            open_kinds.setdefault(kind, {})[dimension.key] = dimension
            raise Unsaid(_in_words(dimension, kind, text))
        if meant == MISSING:
            missing[kind] += 1
            return None
        value = level_of(dimension, meant)
        if value is None:
            raise ValueError(
                f"{dimension.key} takes {listed([str(each) for each in dimension.values])}, and {CALLED[kind]} was "
                f"said to mean {meant}; say one of them with --{kind}, or --{kind} {MISSING}"
            )
    if said.reverse and dimension.scale == "ordinal":
        return dimension.values[-1 - dimension.values.index(value)]
    return value


def _in_words(dimension: Dimension, kind: str, text: str) -> str:
    if kind == "blank":
        return f"{dimension.key} is blank; if a blank is no label, say so: --blank {MISSING}"
    return f"{dimension.key} is “{text}”; say what that means: --{kind} {MISSING}, or --{kind} and a level"


def _word_question(kind: str, dimensions: Mapping[str, Dimension]) -> Question:
    levels = [
        str(value)
        for value in next(iter(dimensions.values())).values
        if all(level_of(each, str(value)) is not None for each in dimensions.values())
    ]
    where = listed([each.title for each in dimensions.values()])
    return Question(kind, f"--{kind}", f"What does {CALLED[kind]} mean in {where}?", (MISSING, *levels))


def _other_questions(reading: Reading, rubric: Rubric, said: Answers, asked: list[Problem], dimension: bool) -> list[Question]:
    questions = []
    if dimension:
        questions.append(Question("dimension", "--dimension", "Which dimension are the labels of that name none?", rubric.keys))
    if reading.slots and said.slots_are_people is None:
        asked.append(
            Problem(
                None,
                f"the raters are called {listed(reading.slots)}; say whether each is one person "
                "throughout: --slots-are-people yes, or no",
            )
        )
        questions.append(
            Question(
                "slots_are_people",
                "--slots-are-people",
                f"Is each of {listed(reading.slots)} one person throughout?",
                ("yes", "no"),
            )
        )
    if not reading.has_status and not said.unstated:
        asked.append(
            Problem(
                None,
                "this export does not say which responses were submitted, and drafts and discarded ones "
                "look the same in it: export the records flattened, or, if all were submitted, say so: "
                "--unstated submitted",
            )
        )
        questions.append(
            Question(
                "unstated", "--unstated", "The export does not say which responses were submitted. Were all?", ("submitted",)
            )
        )
    return questions


def _field_of(shown: Field, seen: Mapping[str, Counter]) -> str:
    """The field under which answers were counted, of one that the reader listed."""
    name = shown.name.split(" = ", 1)[-1]
    return next((each for each in (shown.name, name, name.removesuffix("=…"), name.rpartition(".")[2]) if each in seen), "")


def _in_short(counted: Counter | None) -> str:
    if not counted:
        return ""
    gone = counted.pop(MISSING, 0)
    levels = ", ".join(f"{value}: {number}" for value, number in sorted(counted.items()))
    return (
        f": {many(sum(counted.values()), 'label')} ({levels})" + (f", {gone} no label" if gone else "")
        if counted
        else (f": {gone} no label")
    )
