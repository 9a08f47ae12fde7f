"""What the words of a file of labels mean: levels by the rubric, everything else by what somebody said.

A blank, N/A, ?, true and false are no levels. What they mean is in nobody's power to know but those who made the file, so it
is asked, once a kind, and the answer is `missing` (no label) or a level. Until then every such cell is a problem, whose way is
the option. So are: whether a rater called "rater 1" is one person throughout, the dimension of labels that name none, and
responses whose status the export has lost.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from touchstone.data.label import LabelRow
from touchstone.english import listed, many
from touchstone.errors import Problem, enough
from touchstone.importing.contract import FileField, ImportedFile, Names, RawLabel
from touchstone.importing.mapped.label_mapping import LabelMapping
from touchstone.importing.words import CALLED, MISSING, kind_of, level_of
from touchstone.rubric.model import Dimension, Rubric


class Question(NamedTuple):
    """Something the file does not say. `key` is the command's option too (`touchstone.errors.option`); `choices` may be empty
    where any text will do; `fields` of the file that may say it."""

    key: str
    sentence: str
    choices: tuple[str, ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Answers:
    """What somebody said the file means; "" or None where it was not said.

    words             by kind (see `importing.words`), "missing" or a level as text
    reverse           the file's scale runs the other way
    slots_are_people  whether raters called by places are one person each
    dimension         of labels that name none
    unstated          what responses without a status are: "submitted"
    unit              the column that names the unit
    dimension_field   the field that names the dimension
    raters            the columns that hold one annotator's labels each
    sheets            what several sheets of a workbook are (see `importing.formats`)
    scores            whether scores from 0 to 1 are a "level" or a "share" of the scale
    same_ids, same_annotators   whether names that differ in their form alone are one
    mappings          by file, what its columns are, where that was said
    """

    words: Mapping[str, str] = field(default_factory=dict)
    reverse: bool = False
    slots_are_people: bool | None = None
    dimension: str = ""
    unstated: str = ""
    unit: str = ""
    dimension_field: str = ""
    raters: tuple[str, ...] = ()
    sheets: str = ""
    scores: str = ""
    same_ids: bool | None = None
    same_annotators: bool | None = None
    mappings: Mapping[str, LabelMapping] = field(default_factory=dict)


def names_of(rubric: Rubric, said: Answers) -> Names:
    """What a reader must know of a rubric and of what was said."""
    return Names(rubric, said.dimension, said.unit, said.dimension_field, said.raters, said.sheets)


@dataclass(frozen=True)
class ResolvedLabels:
    """One file's labels in file order, with the line of each. `missing`: cells that are no label, by kind; `seen`: how each
    field's words were read, for a preview; `tasks`: the task of units where the file says it. `problems` are wrong; `asked` are
    problems until somebody answers the `questions`; `waiting`: the unit and annotator of labels that wait for it; `ways`: what
    a command line says where a remark does not hold."""

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
    waiting: tuple[tuple[str, str], ...] = ()
    ways: tuple[str, ...] = ()

    @property
    def all_problems(self) -> list[Problem]:
        """Both kinds, in line order."""
        return sorted([*self.problems, *self.asked], key=lambda each: each.line or 0)


class NoLevel(ValueError):
    """An answer that is no level; `way` as in `touchstone.errors`."""

    def __init__(self, sentence: str, *way: str):
        super().__init__(sentence)
        self.way = way


class MeaningNotSaid(NoLevel):
    """A word whose meaning nobody has said yet."""


def resolve(file: ImportedFile, rubric: Rubric, annotator: str, said: Answers) -> ResolvedLabels:
    """The labels of one file. Answers that name nobody are `annotator`'s. Problems are those of the reading, and then every
    cell that is no label; what waits for an answer has a Question beside its problems."""
    resolving = Resolving.of(file, rubric, annotator, said)
    for answer in file.answers:
        resolving.take(answer)
    return resolving.ended(file, rubric, said)


def _ended(file: ImportedFile, rubric: Rubric, said: Answers, resolving: "Resolving") -> ResolvedLabels:
    questions = [_word_question(kind, each, list(resolving.spelled[kind])) for kind, each in resolving.unsaid_words.items()]
    questions += _other_questions(file, rubric, said, resolving)
    told = () if said.slots_are_people is not None else _told_of_places(file)
    seen = resolving.seen
    return ResolvedLabels(
        file,
        resolving.rows,
        resolving.lines,
        tuple(dict.fromkeys(row.annotator for row in resolving.rows)),
        tuple(FileField(field.name, field.role + _in_short(seen.get(_field_of(field, seen)))) for field in file.fields),
        resolving.missing,
        resolving.tasks,
        (*file.remarks, *told),
        resolving.problems,
        resolving.asked,
        tuple(questions),
        tuple(resolving.waiting),
        (*file.ways, *(("slots_are_people no",) if told else ())),
    )


@dataclass
class Resolving:
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
    fields: tuple[str, ...] = ()
    spelled: dict[str, dict[str, None]] = field(default_factory=dict)
    has_unnamed: bool = False
    has_shares: bool = False
    waiting: dict[tuple[str, str], None] = field(default_factory=dict)
    first: dict[tuple[str, str, str], int | None] = field(default_factory=dict)

    @classmethod
    def of(cls, file: ImportedFile, rubric: Rubric, annotator: str, said: Answers) -> Self:
        """At the begin of a file; answers that name nobody are `annotator`'s."""
        return cls(Names(rubric, said.dimension), annotator, said, problems=list(file.problems), fields=file.dimension_fields)

    def ended(self, file: ImportedFile, rubric: Rubric, said: Answers) -> ResolvedLabels:
        """At its end: what was resolved, with what must be asked."""
        return _ended(file, rubric, said, self)

    def take(self, answer: RawLabel) -> None:
        """One answer: a row, or no label, or a problem."""
        asked = len(self.asked)
        self._take(answer)
        if len(self.asked) > asked:
            self.waiting.setdefault((answer.unit, answer.annotator or self.annotator))

    def _take(self, answer: RawLabel) -> None:
        name = answer.name or self.said.dimension
        key = self.names.key(name) if name else None
        if key is None:
            if self._is_word(answer):
                return
            self.has_unnamed = True
            self.asked.append(_no_dimension(answer, self.names.rubric, self.fields))
            return
        try:
            value = self._level(self.names.dimension(key), answer)
            self.seen.setdefault(answer.field, Counter())[MISSING if value is None else str(value)] += 1
            if value is not None:
                self._keep(LabelRow(answer.unit, answer.annotator or self.annotator, key, value), answer)
        except MeaningNotSaid as wrong:
            self.asked.append(_problem(answer.line, str(wrong), answer, wrong.way))
        except ValueError as wrong:
            if not enough(self.problems, answer.line):
                self.problems.append(_problem(answer.line, str(wrong), answer, wrong.way if isinstance(wrong, NoLevel) else ()))

    def _is_word(self, answer: RawLabel) -> bool:
        """Whether an answer without a dimension is a word for no label, or may be: it is asked about then, whatever it is for."""
        text = answer.texts[0].strip() if answer.texts else ""
        kind = kind_of(text)
        if kind is None or answer.is_gap:
            return False
        if self.said.words.get(kind) == MISSING:
            self.missing[kind] += 1
            return True
        if self.said.words.get(kind):
            return False
        self.unsaid_words.setdefault(kind, {}).update({each.key: each for each in self.names.rubric.dimensions})
        self.spelled.setdefault(kind, {})[text] = None
        said = f"{f'“{text}”' if text else 'a cell'} is no level; say what it means"
        self.asked.append(Problem(answer.line, said, way=_meant(kind)))
        return True

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
        if answer.is_share and (share := self._of_share(dimension, answer)) is not None:
            return share
        value = next((level for text in answer.texts if (level := level_of(dimension, text)) is not None), None)
        if value is None:
            value = self._level_of_word(dimension, answer.texts[0].strip() if answer.texts else "", answer.is_gap)
        if value is not None and self.said.reverse and dimension.scale == "ordinal":
            return dimension.values[-1 - dimension.values.index(value)]
        return value

    def _of_share(self, dimension: Dimension, answer: RawLabel) -> int | str | None:
        """The level of a score that may be a share of 1: exact where the levels are 0 and 1, else as it was said. None where the
        score is no number from 0 to 1. Raises MeaningNotSaid, and ValueError for a share between two levels."""
        try:
            score = float(answer.texts[0]) if answer.texts else -1.0
        except ValueError:
            return None
        numbers = [value for value in dimension.values if isinstance(value, int)]
        if not 0 <= score <= 1 or len(numbers) < len(dimension.values) or set(numbers) <= {0, 1} or self.said.scores == "level":
            return None
        if self.said.scores != "share":
            self.has_shares = True
            between = f"{dimension.key} takes {listed([str(value) for value in numbers])}"
            raise MeaningNotSaid(
                f"a score from 0 to 1 may be a level or a share of the scale ({between}); say which", "scores level, or share"
            )
        steps = score * (len(numbers) - 1)
        if abs(steps - round(steps)) > 1e-9:
            raise ValueError(
                f"{dimension.key}: the share {answer.texts[0]} falls between two of its {many(len(numbers), 'level')}"
            )
        return dimension.values[round(steps)]

    def _level_of_word(self, dimension: Dimension, text: str, is_gap: bool) -> int | str | None:
        """What a word that is no level was said to mean: a level, or None for no label."""
        kind, takes = kind_of(text), listed([str(value) for value in dimension.values])
        if kind is None:
            raise ValueError(f"{dimension.key} takes {takes}, not {text[:60]}")
        meant = self.said.words.get(kind, "")
        if not meant:
            self.unsaid_words.setdefault(kind, {})[dimension.key] = dimension
            self.spelled.setdefault(kind, {})[text] = None
            raise MeaningNotSaid(_in_words(dimension, kind, text, is_gap), *_meant("blank" if is_gap else kind))
        if meant == MISSING:
            self.missing[kind] += 1
            return None
        value = level_of(dimension, meant)
        if value is None:
            raise NoLevel(
                f"{dimension.key} takes {takes}, and {CALLED[kind]} was taken to mean {meant}; say one of them, or {MISSING}",
                *_meant(kind),
            )
        return value


def _told_of_places(file: ImportedFile) -> tuple[str, ...]:
    called = listed(file.places[:6])
    return (f"the annotators are called {called}: where those are slots that several people filled, say so",) if called else ()


def _problem(line: int | None, reason: str, answer: RawLabel, way: tuple[str, ...]) -> Problem:
    return Problem(line, reason, reason.replace(answer.unit, "…") if answer.unit in reason else "", way)


def _meant(kind: str) -> tuple[str, ...]:
    """What a command line says of a kind of word: that it is no label, or which level."""
    return (f"{kind} {MISSING}, or a level",)


def _no_dimension(answer: RawLabel, rubric: Rubric, fields: tuple[str, ...]) -> Problem:
    """What is said of a label that names no dimension. All may be of one; or a field of the file says it."""
    label = "an empty answer" if answer.is_gap else f"“{answer.texts[0]}”"
    which, way = f"if all labels are of one dimension, say which of {listed(rubric.keys)}", ["dimension KEY"]
    if fields:
        which, way = f"if a field says it, name that field, of {listed(fields)}; {which}", ["dimension-field FIELD", *way]
    return Problem(answer.line, f"{label} names no dimension; {which}", f"a label names no dimension; {which}", tuple(way))


def _in_words(dimension: Dimension, kind: str, text: str, is_gap: bool) -> str:
    if is_gap:
        return f"{dimension.key} has no answer; say whether that means no label"
    if kind == "blank":
        return f"{dimension.key} is blank; say whether a blank means no label"
    return f"{dimension.key} is “{text}”; say what that means"


def _word_question(kind: str, dimensions: Mapping[str, Dimension], spelled: list[str]) -> Question:
    levels = [
        str(value)
        for value in next(iter(dimensions.values())).values
        if all(level_of(each, str(value)) is not None for each in dimensions.values())
    ]
    where = listed([each.title for each in dimensions.values()])
    called = CALLED[kind]
    if kind == "na" and not any(text.casefold().startswith("n") for text in spelled):
        called = listed([f"“{text}”" for text in spelled])
    return Question(kind, f"What does {called} mean in {where}?", (MISSING, *levels))


def _other_questions(file: ImportedFile, rubric: Rubric, said: Answers, resolving: Resolving) -> list[Question]:
    """What is asked beside words; each with its problem among `asked`."""
    questions = []
    if resolving.has_unnamed:
        asked = "Which dimension are the labels for that name none?"
        if file.dimension_fields:
            asked += f" A field may say it: {listed(file.dimension_fields)}."
        fields = tuple(each.partition(" (")[0] for each in file.dimension_fields)
        questions.append(Question("dimension", asked, rubric.keys, fields))
    if resolving.has_shares:
        asked = "What are the scores from 0 to 1?"
        questions.append(Question("scores", asked, ("level", "share")))
    if file.sheets:
        wrong = f"the sheets {listed(file.sheets)} hold labels each; say what they are"
        resolving.asked.append(Problem(None, wrong, way=("sheets annotators, parts or first",)))
        asked = f"What are the sheets {listed(file.sheets)}?"
        questions.append(Question("sheets", asked, ("annotators", "parts", "first")))
    if file.slots and said.slots_are_people is None:
        raters = listed(file.slots)
        wrong = f"the raters are called {raters}; say whether each is one person throughout"
        resolving.asked.append(Problem(None, wrong, way=("slots_are_people yes, or no",)))
        questions.append(Question("slots_are_people", f"Is each of {raters} one person throughout?", ("yes", "no")))
    if not file.has_status and not said.unstated:
        wrong = (
            "this export does not say which responses were submitted, and drafts and discarded ones "
            "look the same in it: export the records flattened, or, if all were submitted, say so"
        )
        resolving.asked.append(Problem(None, wrong, way=("unstated submitted",)))
        asked = "The export does not say which responses were submitted. Were all?"
        questions.append(Question("unstated", asked, ("submitted",)))
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
