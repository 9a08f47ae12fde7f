"""What every reader of labels from elsewhere hands over, and how it knows a dimension by its name.

    bytes -> ImportedFile    one reader a tool: who said what of which unit, in the file's own words (`importing.formats`)
    ImportedFile -> rows     `importing.vocabulary`: words become levels, by the rubric and by what somebody said they mean

A reader never raises on any bytes: what it cannot take is a Problem with its line. It decides nothing that the file does
not say; what it passed over (answers withdrawn, a model's suggestions) it counts.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple

from touchstone.data.label import UNIT_COLUMNS
from touchstone.data.task import LONGEST_ID
from touchstone.english import many
from touchstone.errors import Problem, enough
from touchstone.files.table_rows import as_text
from touchstone.rubric.model import Dimension, Rubric

OTHER_UNITS = ("instance_id", "item_id", "item", "external_id", "example_id", "document_id", "doc_id", "text_id")
OF_A_RESULT = ("choices", "number", "rating", "text", "taxonomy", "selected")  # where Label Studio keeps what was answered
PLACED = ("start", "end", "startOffset", "endOffset", "x", "y", "points", "vertices", "rle", "sequence", "ranges", "bbox")
MARKS, RELATIONS = "marks on parts of a text", "relations between marks"
BETWEEN = r"[\s_.\-:/|=]"


class RawLabel(NamedTuple):
    """One answer as the file has it. `name` is the file's name of the dimension, `texts` what was answered: the first of
    them that is a level counts. `annotator` is "" where the file does not say, `task` the unit's task where it does. `is_gap`:
    somebody answered for the unit, and gave no answer here; `is_share`: a score that may be a share of 1 and no level."""

    unit: str
    annotator: str
    name: str
    texts: tuple[str, ...]
    line: int | None
    field: str
    task: str = ""
    is_gap: bool = False
    is_share: bool = False


class FileField(NamedTuple):
    """A column, or a field of a record, and what it was read as, in words."""

    name: str
    role: str


@dataclass
class ImportedFile:
    """One file, read, and what the reader saw in it:

    passed_over       how many answers do not count, by why
    gone              what is left out: columns or fields that are no dimension and no alias
    remarks           sentences that must be read before the labels are believed
    ways              what a command line says where one of them does not hold (`touchstone.errors`)
    slots             annotators known only by a place in the file ("rater 1"), who need not be one person throughout
    places            annotators that the file names, and yet by places
    has_status        False where the tool knows drafts and withdrawn answers and this export does not say which those are
    submitted         who answered for which unit, with the line, whatever the answer
    told              cells without a label of which something else is said (a mark, a withdrawn answer)
    machines          annotators of whom the file says that they are no people
    rater_columns     columns taken for one annotator each by what is in them
    sheets            those of a workbook that hold labels, where it was not said what they are
    dimension_fields  fields that may say which dimension a label is for, in words
    """

    format: str
    answers: list[RawLabel] = field(default_factory=list)
    fields: list[FileField] = field(default_factory=list)
    gone: dict[str, None] = field(default_factory=dict)
    passed_over: dict[str, int] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)
    ways: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    slots: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    has_status: bool = True
    submitted: dict[tuple[str, str], int | None] = field(default_factory=dict)
    told: set[tuple[str, str, str]] = field(default_factory=set)
    machines: tuple[str, ...] = ()
    rater_columns: tuple[str, ...] = ()
    dimension_fields: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()

    @property
    def left_out(self) -> list[str]:
        return list(self.gone)

    def pass_over(self, why: str, number: int = 1) -> None:
        if number:
            self.passed_over[why] = self.passed_over.get(why, 0) + number

    def refuse(self, line: int | None, reason: str, way: tuple[str, ...] = ()) -> None:
        self.add_problem(Problem(line, reason, way=way))

    def add_problem(self, problem: Problem) -> None:
        """One more problem, where there are not enough of them."""
        if not enough(self.problems, problem.line):
            self.problems.append(problem)

    def unit_and_annotator(
        self, line: int, unit: tuple[Any, str], annotator: tuple[Any, str], lacking: str = ""
    ) -> tuple[str, str] | None:
        """Both as texts; each is given with what it is called in a sentence. None, with a problem, where one cannot be kept, or
        there is no unit: `lacking` says then what would name it ("" where a file may leave it blank)."""
        try:
            ids = fit_id(*unit), fit_id(*annotator)
        except ValueError as wrong:
            self.refuse(line, str(wrong))
            return None
        if lacking and not ids[0]:
            self.refuse(line, lacking)
            return None
        return ids

    def list_fields(self, units: Iterable[str], annotators: Iterable[str], dimensions: Iterable[str], names: "Names") -> None:
        """Say what each field was read as: those that name units and annotators, and those that name a dimension or none."""
        self.fields += [FileField(name, "the unit") for name in units]
        self.fields += [FileField(name, "the annotator") for name in annotators]
        self.fields += [FileField(name, names.key(name) or "left out") for name in dimensions]

    def leave_out(self, name: str) -> None:
        self.gone.setdefault(name)  # by name: a file may have a hundred thousand columns

    def take_label(
        self, names: "Names", unit: str, annotator: str, label: str, line: int | None, where: str, told: str = ""
    ) -> FileField:
        """A label that may name its dimension and level at once; the field it came from. `where` is that field's own name, `told`
        the dimension that the record says a label is for which names none."""
        name, level = names.of_label(label)
        if told and name == names.bare:
            name = told
        key = names.key(name) if name else None
        if name and key is None:
            self.leave_out(name)
        else:
            self.answers.append(RawLabel(unit, annotator, name, (level,), line, f"{where} {name or level}"))
        return FileField(f"{where} {name}=…" if name else where, key or ("left out" if name else "no dimension named"))


@dataclass(frozen=True)
class Names:
    """The names a rubric's dimensions go by in files: keys and aliases, capitals, spaces and hyphens aside.

    `bare`: the dimension of answers that name none (a tool with one question a project); `unit`: the column or field that
    names the unit, where somebody said which; `dimension_field`: that which names the dimension; all "" where nothing was said.
    `raters`: the columns that hold one annotator's labels each, where somebody said which; `sheets`: what the sheets of a
    workbook are.
    """

    rubric: Rubric
    bare: str = ""
    unit: str = ""
    dimension_field: str = ""
    raters: tuple[str, ...] = ()
    sheets: str = ""

    @cached_property
    def by_name(self) -> Mapping[str, str]:
        """Every name, plain, and the key it stands for."""
        return {plain(name): each.key for each in self.rubric.dimensions for name in (each.key, *each.aliases)}

    @cached_property
    def _known(self) -> dict[str, str | None]:
        return {}

    def key(self, name: str) -> str | None:
        if name not in self._known:  # asked once a cell, and there are few names
            self._known[name] = self.by_name.get(plain(name))
        return self._known[name]

    def dimension(self, key: str) -> Dimension:
        """The dimension of a key. Raises ValueError where there is none of that key."""
        for dimension in self.rubric.dimensions:
            if dimension.key == key:
                return dimension
        raise ValueError(f"{key} is no dimension of {self.rubric.name}")

    def unit_of(self, *places: tuple[str, Any]) -> tuple[str, Any] | None:
        """The unit of a record, from the first of these (where, mapping) that names one: where it stood, and its value."""
        for where, record in places:
            if isinstance(record, Mapping) and (found := first_of(record, (self.unit, *UNIT_COLUMNS[:3], *OTHER_UNITS))):
                return f"{where}{found[0]}", found[1]
        return None

    @cached_property
    def _parted(self) -> list[tuple[str, re.Pattern[str], re.Pattern[str]]]:
        parted = []
        for name in sorted(self.by_name, key=len, reverse=True):
            words = re.escape(name).replace("_", r"[\s_\-]++")
            first = rf"{words}(?:\s*[(\[{{](.+)[)\]}}]|{BETWEEN}+(.+))"
            # What stands between is entered at its begin alone and never given back: time grows with the text, whatever is in it.
            last = rf"(?:(.+?)(?<!\s)\s*+[(\[{{]{words}[)\]}}]|(.+?)(?<!{BETWEEN}){BETWEEN}++{words})"
            parted.append((self.by_name[name], re.compile(first, re.I | re.S), re.compile(last, re.I | re.S)))
        return parted

    def parted(self, text: str, *, before: bool = True) -> tuple[str, str] | None:
        """A name with something beside it: the dimension's key, and what is beside it. "tone (ben)", "ana_tone", "tone=3";
        `before` False looks only for what stands after the name."""
        text = text.strip()
        for key, first, last in self._parted:
            found = first.fullmatch(text) or (last.fullmatch(text) if before else None)
            if found and (beside := next((each.strip() for each in found.groups() if each), "")):
                return key, beside
        return None

    def of_label(self, text: str) -> tuple[str, str]:
        """A label that names its dimension and level at once ("tone=3", "tone: 3"): both; else `bare` and the label. A label
        of neither kind has "" for its name."""
        if parted := self.parted(text, before=False):
            return parted
        if not self.bare and (found := re.fullmatch(r"(.+?)(?<!\s)\s*+[=:]\s*+(.+)", text.strip(), re.S)):
            return found[1], found[2]
        return self.bare, text


def is_mark(value: Any, kind: str = "") -> bool:
    """Whether an answer marks a part of what is judged (a span, a box) and so is no label of the whole."""
    return kind.endswith("labels") or (isinstance(value, dict) and any(name in value for name in PLACED))


def plain(name: str) -> str:
    """A name without what people write differently: capitals, spaces, hyphens."""
    return re.sub(r"[\s_\-]+", "_", name.strip().casefold())


def answers_of(value: Any) -> list[Any]:
    """What a Label Studio result's value holds, as a list: one member where one thing was answered."""
    if not isinstance(value, dict):
        return [] if value is None else [value]
    held = next((value[kind] for kind in OF_A_RESULT if kind in value), None)
    held = held if isinstance(held, list) else [held]
    return [each[-1] if isinstance(each, list) and each else each for each in held]  # a taxonomy answers with a path


def fit_id(value: Any, what: str) -> str:
    """An id or a name as text. Raises ValueError for one that cannot be kept or shown; `what` begins the sentence."""
    if isinstance(value, dict | list | bool):
        raise ValueError(f"{what} is neither text nor a number")
    text = as_text(value).strip()
    if len(text) > LONGEST_ID:
        raise ValueError(f"{what} has {many(len(text), 'character')}; at most {LONGEST_ID} are taken")
    if not text.isprintable():
        raise ValueError(f"{what} {text[:40]!r} contains an invisible character or a line break; remove it")
    return text


def first_of(record: Mapping[str, Any], names: Iterable[str]) -> tuple[str, Any] | None:
    """The first of these fields that the record has with a value, and the value."""
    return next(((name, record[name]) for name in names if name and record.get(name) not in (None, "")), None)
