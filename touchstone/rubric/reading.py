"""A rubric version: one YAML file, read into frozen values, or refused with every line that is wrong.

The reader goes in three steps, and each step adds its problems to the same list:

    bytes -> tree       marked_yaml: UTF-8, YAML, no key twice; the line of every entry is kept
    tree -> models      pydantic: which keys there are and what each may hold
    models -> rubric    what one field cannot know: clashing names, weights that sum to 1, the file's name

A model's field says in its `description` what it takes; the sentence of a refusal ends with those words.
"""

import datetime
import difflib
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Annotated, Any, Literal

import pydantic
from pydantic_core import ErrorDetails, PydanticCustomError

from touchstone.errors import Problem
from touchstone.files.yaml_tree import MarkedTree, Path, Unread, Unreadable, read_marked, short
from touchstone.rubric.scoring_model import (
    AtLeast,
    Check,
    Example,
    ExampleTask,
    Fact,
    Frozen,
    Key,
    Line,
    Near,
    Parts,
    Penalty,
    Quoted,
    ScoringLine,
    Signature,
    Text,
    Unless,
)

MOST_PROBLEMS = 50
WORDS_ON_A_BUTTON = 4
WEIGHTS_TOLERANCE = 1e-6


def _whole_number_or_word(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) <= 999:
        return value
    if isinstance(value, str) and re.fullmatch(r"[^\W\d_][\w-]{0,29}", value):
        return value
    raise PydanticCustomError("level_value", "not a level value")


_NAME = r"^[a-z][a-z0-9_-]*$"
_Share = Annotated[pydantic.StrictFloat, pydantic.Field(ge=0, le=1)]
_LevelValue = Annotated[int | str, pydantic.BeforeValidator(_whole_number_or_word)]


class Level(Frozen):
    """One level of a dimension: its value, a title for a button, and the sentence an annotator applies."""

    value: _LevelValue = pydantic.Field(description="a whole number from -999 to 999, or one word of letters, digits, - and _")
    title: Line = pydantic.Field(description="one to four words on one line")
    anchor: Line = pydantic.Field(description="one sentence on one line")


class Agreement(Frozen):
    """The statistic a dimension is judged by, and the value under which it is flagged."""

    statistic: Literal["kappa", "alpha"] = pydantic.Field(description="kappa or alpha")
    weights: Literal["unweighted", "linear", "quadratic"] = pydantic.Field(description="unweighted, linear or quadratic")
    threshold: _Share = pydantic.Field(description="a number between 0 and 1")


class Dimension(Frozen):
    """One question of the rubric. The declared order of `levels` is the order of an ordinal scale."""

    key: Key = pydantic.Field(description="lower-case letters, digits and _, starting with a letter")
    title: Line = pydantic.Field(description="a short name on one line")
    question: Line = pydantic.Field(description="one question on one line")
    guidance: Text = pydantic.Field("", description="text")
    scale: Literal["ordinal", "nominal"] = pydantic.Field(description="ordinal or nominal")
    weight: _Share = pydantic.Field(description="a number between 0 and 1")
    aliases: tuple[Line, ...] = pydantic.Field((), description="a list of other names, as in [old_name]")
    levels: tuple[Level, ...] = pydantic.Field(min_length=2, description="a list of at least two levels")
    agreement: Agreement = pydantic.Field(description="a mapping of statistic, weights and threshold")
    checks: tuple[Check, ...] = pydantic.Field((), description="a list of checks")
    scoring: tuple[ScoringLine, ...] = pydantic.Field((), description="a list of lines; the first that holds gives the level")
    examples: tuple[Example, ...] = pydantic.Field((), description="a list of drafts with the level they must get")

    @property
    def values(self) -> tuple[int | str, ...]:
        """The level values in declared order."""
        return tuple(level.value for level in self.levels)

    def level(self, value: int | str) -> Level:
        """The level with this value; KeyError where none is declared."""
        for level in self.levels:
            if level.value == value:
                return level
        raise KeyError(f"{self.key} has no level {value!r}")

    def parse(self, text: str) -> int | str | None:
        """The declared value written exactly so ("3", "pass"), else None: "3.0", " 3" and "Pass" are none."""
        return next((value for value in self.values if str(value) == text), None)


class Field(Frozen):
    """How one input field of a task is shown: its title, and what stands there when the field is empty."""

    key: Line = pydantic.Field(description="the field's name in a task's input, on one line")
    title: Line = pydantic.Field(description="a short name on one line")
    empty: Line = pydantic.Field("none", description="words to show for an empty field, on one line")


class Rubric(Frozen):
    """One rubric version. `name` is the file's stem (house-v1), `digest` the SHA-256 of its bytes as hex."""

    name: str
    version: int
    title: str
    about: str
    fields: tuple[Field, ...]
    dimensions: tuple[Dimension, ...]
    digest: str
    parts: Parts = Parts()
    facts: tuple[Fact, ...] = ()
    tasks: tuple[ExampleTask, ...] = ()
    penalty: Penalty | None = None

    @property
    def keys(self) -> tuple[str, ...]:
        """The dimensions' keys in declared order."""
        return tuple(dimension.key for dimension in self.dimensions)

    def dimension(self, key_or_alias: str) -> Dimension | None:
        """The dimension with this key or alias; None where there is none."""
        for dimension in self.dimensions:
            if key_or_alias == dimension.key or key_or_alias in dimension.aliases:
                return dimension
        return None


class RubricFile(Frozen):
    """One rubric file as it is written."""

    rubric: Annotated[pydantic.StrictStr, pydantic.StringConstraints(pattern=_NAME)] = pydantic.Field(
        description="the name before -vN in the file's name: lower-case letters, digits, - and _"
    )
    version: Annotated[pydantic.StrictInt, pydantic.Field(ge=1)] = pydantic.Field(
        description="a whole number from 1, the N of -vN in the file's name"
    )
    title: Line = pydantic.Field(description="a name for people, on one line")
    about: Text = pydantic.Field("", description="text")
    fields: tuple[Field, ...] = pydantic.Field((), description="a list of entries with key, title and empty")
    dimensions: tuple[Dimension, ...] = pydantic.Field(min_length=1, description="a list of at least one dimension")
    parts: Parts = pydantic.Field(Parts(), description="a mapping of subject, quoted, signature and clauses")
    facts: tuple[Fact, ...] = pydantic.Field((), description="a list of facts")
    tasks: tuple[ExampleTask, ...] = pydantic.Field((), description="a list of tasks for the examples")
    penalty: Penalty | None = pydantic.Field(None, description="a mapping of of and each")


def read_rubric(source: bytes, file_name: str, *, prove: bool = True) -> tuple[Rubric | None, list[Problem]]:
    """Read one rubric file: (rubric, []) or (None, problems in line order). Never raises on any bytes.

    `file_name` is the file's name or path; its stem must be `<rubric>-v<version>` as the file itself says.
    A byte order mark is accepted; it is part of the digest, as every byte is. `prove` False leaves out whether the checks
    do what their own examples say: a version that was published has shown that before.
    """
    try:
        tree = read_marked(source)
    except Unreadable as unreadable:
        return None, [unreadable.problem]

    problems = [*tree.problems, *_file_name_problems(tree, file_name), *_rule_problems(tree)]
    try:
        file = RubricFile.model_validate(tree.data)
    except pydantic.ValidationError as error:
        problems += [_translated(tree, detail) for detail in error.errors() if not _miscounted(tree, detail)]
    if problems:
        return None, _first_of(problems)
    rubric = Rubric(
        name=f"{file.rubric}-v{file.version}",
        version=file.version,
        title=file.title,
        about=file.about,
        fields=file.fields,
        dimensions=file.dimensions,
        digest=hashlib.sha256(source).hexdigest(),
        parts=file.parts,
        facts=file.facts,
        tasks=file.tasks,
        penalty=file.penalty,
    )
    if prove and any(dimension.checks or dimension.scoring for dimension in rubric.dimensions):
        from touchstone.scorer.proving import problems_of  # brings RE2: the label page does not need it

        if unproven := problems_of(rubric, tree):
            return None, _first_of(unproven)
    return rubric, []


def _first_of(problems: list[Problem]) -> list[Problem]:
    ordered = sorted(set(problems), key=lambda problem: (problem.line or 0, problem.reason))
    if len(ordered) <= MOST_PROBLEMS:
        return ordered
    more = f"and {len(ordered) - MOST_PROBLEMS:,} more like these; mend these first"
    return [*ordered[:MOST_PROBLEMS], Problem(None, more)]


def _file_name_problems(tree: MarkedTree, file_name: str) -> Iterator[Problem]:
    name, version, stem = tree.at(("rubric",)), tree.texts.get(("version",), ""), PurePath(file_name).stem
    # A name or version of the wrong shape is reported as such; the file's name cannot be held against it.
    if not isinstance(name, str) or not re.fullmatch(_NAME, name) or not re.fullmatch(r"[1-9]\d{0,5}", version):
        return
    called = f"in a file called {short(PurePath(file_name).name)}"
    way_out = f"call the file {short(name)}-v{version}.yml, or change the line"
    if not stem.startswith(f"{name}-v"):
        yield Problem(tree.line(("rubric",)), f"rubric is {short(name)} {called}; {way_out}")
    elif stem != f"{name}-v{version}":
        yield Problem(tree.line(("version",)), f"version is {version} {called}; {way_out}")


def _rule_problems(tree: MarkedTree) -> Iterator[Problem]:
    """What one field cannot know. An entry of the wrong shape is passed over: that is reported already."""
    for path, line in tree.twice:
        said = f"{_thing(tree, path)} stands twice (first in line {tree.lines[path]})"
        yield Problem(line, f"{said}; keep one")
    for part in ("fields", "dimensions", "facts", "tasks"):
        keys = (((part, place, "key"), tree.at((part, place, "key"))) for place in range(len(_entries(tree, part))))
        yield from _repeated(tree, ((path, key) for path, key in keys if isinstance(key, str)))
    raw = _entries(tree, "dimensions")
    yield from _weights_that_do_not_sum(tree, raw)
    dimensions: list[tuple[int, Dimension]] = []
    for place, entry in enumerate(raw):
        try:
            dimensions.append((place, Dimension.model_validate(entry)))
        except pydantic.ValidationError:
            continue
    for place, dimension in dimensions:
        yield from _dimension_problems(tree, ("dimensions", place), dimension)
    yield from _alias_clashes(tree, dimensions)


def _entries(tree: MarkedTree, key: str) -> tuple[Any, ...]:
    entries = tree.data.get(key)
    return entries if isinstance(entries, tuple) else ()


def _repeated(tree: MarkedTree, values: Iterable[tuple[Path, Any]]) -> Iterator[Problem]:
    first: dict[Any, Path] = {}
    for path, value in values:
        if value in first:
            yield Problem(
                tree.line(path),
                f"{_thing(tree, path)} is {_given(tree, path)}, as in line {tree.line(first[value])}; "
                f"give each {_kind(path[:-1])} its own",
            )
        first.setdefault(value, path)


def _weights_that_do_not_sum(tree: MarkedTree, raw: tuple[Any, ...]) -> Iterator[Problem]:
    weights = [entry.get("weight") if isinstance(entry, Mapping) else None for entry in raw]
    if not weights or not all(isinstance(w, int | float) and not isinstance(w, bool) for w in weights):
        return
    if not all(0 <= weight <= 1 for weight in weights):
        return  # said already, weight by weight
    total = sum(weights)
    if abs(total - 1) > WEIGHTS_TOLERANCE:
        written = " + ".join(tree.texts[("dimensions", place, "weight")] for place in range(len(weights)))
        yield Problem(
            tree.line(("dimensions",)), f"the weights sum to {total:.7g} ({written}); change them so that they sum to 1"
        )


def _dimension_problems(tree: MarkedTree, path: Path, dimension: Dimension) -> Iterator[Problem]:
    key, values = dimension.key, dimension.values
    yield from _repeated(tree, (((*path, "levels", place, "value"), value) for place, value in enumerate(values)))
    for place, level in enumerate(dimension.levels):
        here = (*path, "levels", place)
        written = tree.texts[(*here, "value")]
        if isinstance(level.value, int) and written != str(level.value):
            yield Problem(
                tree.line((*here, "value")),
                f"value of a level of {key} is {short(written)}, which YAML reads as {level.value}; write {level.value}",
            )
        words = len(level.title.split())
        if words > WORDS_ON_A_BUTTON:
            yield Problem(
                tree.line((*here, "title")),
                f"title of level {level.value} of {key} has {words} words; "
                f"it stands on a button: use at most {WORDS_ON_A_BUTTON} and say the rest in the anchor",
            )
    numbers = [value for value in values if isinstance(value, int)]
    if numbers and len(numbers) < len(values):
        yield Problem(tree.line((*path, "levels")), f"levels of {key} mix numbers and words; use only numbers or only words")
    elif numbers and dimension.scale == "ordinal" and numbers != sorted(numbers, reverse=numbers[0] > numbers[-1]):
        yield Problem(
            tree.line((*path, "levels")),
            f"levels of {key} stand in the order {', '.join(map(str, values))}; its scale is ordinal: "
            "put them in order, or write scale: nominal",
        )
    if dimension.scale == "nominal" and dimension.agreement.weights != "unweighted":
        yield Problem(
            tree.line((*path, "agreement", "weights")),
            f"weights of {key} is {dimension.agreement.weights}, but a nominal scale has no distances; "
            "write unweighted, or scale: ordinal",
        )


def _alias_clashes(tree: MarkedTree, dimensions: list[tuple[int, Dimension]]) -> Iterator[Problem]:
    keys = {dimension.key: tree.line(("dimensions", place, "key")) for place, dimension in dimensions}
    aliases: dict[str, tuple[str, int]] = {}
    for place, dimension in dimensions:
        for number, alias in enumerate(dimension.aliases):
            line = tree.line(("dimensions", place, "aliases", number))
            said = f"alias {short(alias)} of {dimension.key}"
            if alias == dimension.key:
                yield Problem(line, f"{said} is its own key; leave it out")
            elif alias in keys:
                yield Problem(line, f"{said} is the key of another dimension (line {keys[alias]}); leave one out")
            elif alias in aliases:
                other, first = aliases[alias]
                yield Problem(line, f"{said} is an alias of {other} already (line {first}); leave one out")
            aliases.setdefault(alias, (dimension.key, line))


_NUMBER = re.compile(r"0|-?[1-9][0-9]{0,3}|0?\.[0-9]{1,9}")
_MODELS: dict[Path, tuple[str, type[Frozen]]] = {
    (): ("rubric", RubricFile),
    ("fields",): ("field", Field),
    ("dimensions",): ("dimension", Dimension),
    ("dimensions", "levels"): ("level", Level),
    ("dimensions", "agreement"): ("agreement", Agreement),
    ("dimensions", "checks"): ("check", Check),
    ("dimensions", "checks", "unless"): ("unless", Unless),
    ("dimensions", "checks", "near"): ("near", Near),
    ("dimensions", "checks", "apart"): ("apart", Near),
    ("dimensions", "scoring"): ("scoring line", ScoringLine),
    ("dimensions", "scoring", "at_least"): ("at_least", AtLeast),
    ("dimensions", "examples"): ("example", Example),
    ("facts",): ("fact", Fact),
    ("tasks",): ("task", ExampleTask),
    ("parts",): ("parts", Parts),
    ("parts", "quoted"): ("quoted", Quoted),
    ("parts", "signature"): ("signature", Signature),
    ("penalty",): ("penalty", Penalty),
}


def _names(path: Path) -> Path:
    return tuple(step for step in path if isinstance(step, str))


def _kind(path: Path) -> str:
    """What an entry of the list around `path` is called: "level", "dimension", "alias"."""
    names = _names(path)
    if names in _MODELS:
        return _MODELS[names][0]
    return "alias" if names[-1] == "aliases" else f"entry of {short(str(names[-1]))}:"


def _owner(tree: MarkedTree, path: Path) -> str:
    """The entry at `path` by its own name: "cta", "level 3 of cta", "field thread"; else by its number."""
    if not path:
        return "the file"
    *around, last = path
    if not isinstance(last, int):
        return f"{short(last)} of {_owner(tree, tuple(around))}"
    kind = _kind(path)
    name = short(tree.texts.get((*path, {"level": "value", "check": "name"}.get(kind, "key")), ""))
    if kind == "dimension" and name:
        return name
    here = f"{kind} {name or f'no. {last + 1}'}"
    outer = tuple(around[:-1])
    return f"{here} of {_owner(tree, outer)}" if outer else here


def _thing(tree: MarkedTree, path: Path) -> str:
    """The entry at `path` in a sentence: "threshold of cta", "anchor of level 3 of cta", "title"."""
    *before, last = path
    around = tuple(before)
    if isinstance(last, int):
        return _owner(tree, path)
    if around and around[-1] == "agreement":
        around = around[:-1]
    if not around:
        return short(last)
    if last in ("key", "value", "name") and isinstance(around[-1], int):
        # By its number: its name is what is wrong.
        outer = around[:-2]
        of = f" of {_owner(tree, outer)}" if outer else ""
        return f"{last} of {_kind(around)} no. {around[-1] + 1}{of}"
    return f"{short(last)} of {_owner(tree, around)}"


def _given(tree: MarkedTree, path: Path) -> str:
    value = tree.at(path)
    if value is None or value in ("", (), {}):
        return "empty"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, tuple):
        return "a list"
    return short(tree.texts[path]) or "blank"


def _miscounted(tree: MarkedTree, detail: ErrorDetails) -> bool:
    """Pydantic calls a list too short when entries of it are wrong; those are reported themselves."""
    return detail["type"] == "too_short" and len(tree.at(detail["loc"])) >= detail["ctx"]["min_length"]


def _translated(tree: MarkedTree, detail: ErrorDetails) -> Problem:
    """A pydantic error as a line and a sentence: the thing, the value, the way out."""
    path: Path = detail["loc"]
    what, line = detail["type"], tree.line(path)
    if what == "missing":
        return Problem(line, f"{_owner(tree, path[:-1])} has no {path[-1]}; add {path[-1]}: with {_takes(path)}")
    if what == "extra_forbidden":
        return Problem(line, _unknown_key(tree, path))
    thing, given, value = _thing(tree, path), _given(tree, path), tree.at(path)
    if what == "too_short" and value:
        return Problem(line, f"{thing} holds {len(value)} only; it must be {_takes(path)}")
    if what in ("greater_than_equal", "less_than_equal") and _takes(path) == "a number between 0 and 1":
        return Problem(line, f"{thing} is {given}; it must lie between 0 and 1")
    if what in ("string_type", "level_value") and (reads_as := _misread(value, what)):
        return Problem(line, f'{thing} is {given}, which YAML reads as {reads_as}; quote it: "{given}"')
    if what in ("level_value", "int_type", "float_type") and isinstance(value, str) and _NUMBER.fullmatch(value):
        return Problem(line, f'{thing} is "{value}" in quotes; write {value} without them')
    if isinstance(value, str) and "\n" in value.strip():
        given = "written over several lines"
    return Problem(line, f"{thing} is {given}; it must be {_takes(path)}")


def _misread(value: object, what: str) -> str | None:
    """What YAML made of unquoted text that was meant as text, in words; None where quotes would not help."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date) and what == "string_type":
        return "a date"
    if isinstance(value, int | float) and what == "string_type":
        return "a number"
    if isinstance(value, Unread):
        return "a broken number or date"
    return None


def _takes(path: Path) -> str:
    if isinstance(path[-1], int):
        known = _MODELS.get(_names(path))
        return f"a mapping with {', '.join(_required(known[1]))}" if known else "one line of text"
    known = _MODELS.get(_names(path)[:-1])
    fields = {each.alias or name: each for name, each in known[1].model_fields.items()} if known else {}
    return str(fields[path[-1]].description) if path[-1] in fields else "one line of text"


def _required(model: type[Frozen]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items() if info.is_required()]


def _unknown_key(tree: MarkedTree, path: Path) -> str:
    known = [info.alias or name for name, info in _MODELS[_names(path)[:-1]][1].model_fields.items()]
    owner, key = _owner(tree, path[:-1]), str(path[-1])
    close = difflib.get_close_matches(short(key), known, n=1)
    way_out = f"write {close[0]}" if close else f"its keys are {', '.join(known)}"
    return f"{owner} has the unknown key {short(key)!r}; {way_out}"
