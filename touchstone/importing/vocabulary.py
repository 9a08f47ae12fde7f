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

from touchstone.data.label import LabelRow
from touchstone.english import listed, many
from touchstone.errors import Problem
from touchstone.importing.contract import FileField, ImportedFile, Names, RawLabel
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
class ResolvedLabels:
    """One file's labels in file order, with the line of each. `missing`: cells that are no label, by kind; `seen`: how each
    field's words were read, for a preview; `tasks`: the task of units where the file says it. `problems` are wrong; `asked` are
    problems until somebody answers the `questions`."""

    reading: ImportedFile
    rows: list[LabelRow]
    lines: list[int | None]
    annotators: tuple[str, ...]
    fields: tuple[FileField, ...]
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


class MeaningNotSaid(ValueError):
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


def resolve(file: ImportedFile, rubric: Rubric, annotator: str, said: Answers) -> ResolvedLabels:
    """The labels of one file. Answers that name nobody are `annotator`'s. Problems are those of the reading, and then every
    cell that is no label; what waits for an answer has a Question beside its problems."""
    resolving = _Resolving(Names(rubric, said.dimension), annotator, said, problems=list(file.problems))
    for answer in file.answers:
        resolving.take(answer)
    questions = [_word_question(kind, dimensions) for kind, dimensions in resolving.unsaid_words.items()]
    questions += _other_questions(file, rubric, said, resolving)
    seen = resolving.seen
    return ResolvedLabels(
        file,
        resolving.rows,
        resolving.lines,
        tuple(dict.fromkeys(row.annotator for row in resolving.rows)),
        tuple(FileField(field.name, field.role + _in_short(seen.get(_field_of(field, seen)))) for field in file.fields),
        resolving.missing,
        resolving.tasks,
        tuple(_remarks(file, said)),
        resolving.problems,
        resolving.asked,
        tuple(questions),
    )


@dataclass
class _Resolving:
    """A file's labels as far as they are resolved. `seen`: by field, how often each level; `unsaid_words`: by kind, the
    dimensions in which a word stands whose meaning was not said; `first`: the line of each label by unit, annotator and key."""

    names: Names
    annotator: str
    said: Answers
    problems: list[Problem]
    asked: list[Problem] = field(default_factory=list)
    rows: list[LabelRow] = field(default_factory=list)
    lines: list[int | None] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)
    tasks: dict[str, str] = field(default_factory=dict)
    seen: dict[str, Counter[str]] = field(default_factory=dict)
    unsaid_words: dict[str, dict[str, Dimension]] = field(default_factory=dict)
    has_unnamed: bool = False
    first: dict[tuple[str, str, str], int | None] = field(default_factory=dict)

    def take(self, answer: RawLabel) -> None:
        """One answer: a row, or no label, or a problem."""
        name = answer.name or self.said.dimension
        key = self.names.key(name) if name else None
        if key is None:
            self.has_unnamed = True
            which = f"say which it is for: --dimension {self.names.rubric.keys[0]}"
            self.asked.append(_problem(answer.line, f"“{answer.texts[0]}” names no dimension; {which}"))
            return
        try:
            value = self._level(self.names.dimension(key), answer)
            self.seen.setdefault(answer.field, Counter())[MISSING if value is None else str(value)] += 1
            if value is not None:
                self._keep(LabelRow(answer.unit, answer.annotator or self.annotator, key, value), answer)
        except MeaningNotSaid as wrong:
            self.asked.append(_problem(answer.line, str(wrong), answer))
        except ValueError as wrong:
            self.problems.append(_problem(answer.line, str(wrong), answer))

    def _keep(self, row: LabelRow, answer: RawLabel) -> None:
        """Raises ValueError for a second label of one annotator for one unit and dimension."""
        if row[:3] in self.first:
            before = self.first[row[:3]]
            on_line = f" on line {before}" if before != answer.line else ""
            raise ValueError(f"{row.unit} has {row.dimension} by {row.annotator}{on_line} already; keep one")
        self.first[row[:3]] = answer.line
        self.rows.append(row)
        self.lines.append(answer.line)
        if answer.task:
            self.tasks[answer.unit] = answer.task

    def _level(self, dimension: Dimension, answer: RawLabel) -> int | str | None:
        """The level of an answer; None for no label. Raises ValueError for what is neither, MeaningNotSaid for what waits for
        an answer."""
        value = next((level for text in answer.texts if (level := level_of(dimension, text)) is not None), None)
        if value is None:
            value = self._level_of_word(dimension, answer.texts[0].strip() if answer.texts else "")
        if value is not None and self.said.reverse and dimension.scale == "ordinal":
            return dimension.values[-1 - dimension.values.index(value)]
        return value

    def _level_of_word(self, dimension: Dimension, text: str) -> int | str | None:
        """What a word that is no level was said to mean: a level, or None for no label."""
        kind, takes = kind_of(text), listed([str(value) for value in dimension.values])
        if kind is None:
            raise ValueError(f"{dimension.key} takes {takes}, not {text[:60]}")
        meant = self.said.words.get(kind, "")
        if not meant:
            self.unsaid_words.setdefault(kind, {})[dimension.key] = dimension
            raise MeaningNotSaid(_in_words(dimension, kind, text))
        if meant == MISSING:
            self.missing[kind] += 1
            return None
        value = level_of(dimension, meant)
        if value is None:
            raise ValueError(
                f"{dimension.key} takes {takes}, and {CALLED[kind]} was "
                f"taken to mean {meant}; say one of them with --{kind}, or --{kind} {MISSING}"
            )
        return value


def _remarks(file: ImportedFile, said: Answers) -> Iterator[str]:
    yield from file.remarks
    if file.places and said.slots_are_people is None:
        yield (
            f"the annotators are called {listed(file.places[:6])}: where those are slots that several people filled, say "
            "--slots-are-people no"
        )


def _problem(line: int | None, reason: str, answer: RawLabel | None = None) -> Problem:
    cause = reason.replace(answer.unit, "…") if answer is not None and answer.unit in reason else ""
    return Problem(line, reason, cause)


def _in_words(dimension: Dimension, kind: str, text: str) -> str:
    if kind == "blank":
        return f"{dimension.key} is blank; if a blank means no label, say so: --blank {MISSING}"
    return f"{dimension.key} is “{text}”; say what that means: --{kind} {MISSING}, or --{kind} and a level"


def _word_question(kind: str, dimensions: Mapping[str, Dimension]) -> Question:
    levels = [
        str(value)
        for value in next(iter(dimensions.values())).values
        if all(level_of(each, str(value)) is not None for each in dimensions.values())
    ]
    where = listed([each.title for each in dimensions.values()])
    return Question(kind, f"--{kind}", f"What does {CALLED[kind]} mean in {where}?", (MISSING, *levels))


def _other_questions(file: ImportedFile, rubric: Rubric, said: Answers, resolving: _Resolving) -> list[Question]:
    """What is asked beside words; each with its problem among `asked`."""
    questions = []
    if resolving.has_unnamed:
        questions.append(Question("dimension", "--dimension", "Which dimension are the labels for that name none?", rubric.keys))
    if file.slots and said.slots_are_people is None:
        raters, option = listed(file.slots), "--slots-are-people"
        wrong = f"the raters are called {raters}; say whether each is one person throughout: {option} yes, or no"
        resolving.asked.append(Problem(None, wrong))
        questions.append(Question("slots_are_people", option, f"Is each of {raters} one person throughout?", ("yes", "no")))
    if not file.has_status and not said.unstated:
        wrong = (
            "this export does not say which responses were submitted, and drafts and discarded ones "
            "look the same in it: export the records flattened, or, if all were submitted, say so: "
            "--unstated submitted"
        )
        resolving.asked.append(Problem(None, wrong))
        asked = "The export does not say which responses were submitted. Were all?"
        questions.append(Question("unstated", "--unstated", asked, ("submitted",)))
    return questions


def _field_of(shown: FileField, seen: Mapping[str, Counter[str]]) -> str:
    """The field under which answers were counted, of one that the reader listed."""
    name = shown.name.split(" = ", 1)[-1]
    return next((each for each in (shown.name, name, name.removesuffix("=…"), name.rpartition(".")[2]) if each in seen), "")


def _in_short(counted: Counter[str] | None) -> str:
    if not counted:
        return ""
    gone = counted.pop(MISSING, 0)
    levels = ", ".join(f"{value}: {number}" for value, number in sorted(counted.items()))
    return (
        f": {many(sum(counted.values()), 'label')} ({levels})" + (f", {gone} no label" if gone else "")
        if counted
        else (f": {gone} no label")
    )
