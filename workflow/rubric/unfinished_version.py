"""A rubric version being written, as it stands: what one person has typed of it, right or wrong, and the places in it.

It comes after a version whose file it begins as; a new rubric's first version comes after nothing, which is called NAME-v0 here.

Where one check or entry keeps the file from being read, it is set aside to find the others (files/yaml_set_aside.py).
"""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import reading
from db.store import revisions as stored
from touchstone.errors import Problem, Refused
from touchstone.files import yaml_editing, yaml_places, yaml_set_aside
from touchstone.files.yaml_set_aside import Aside
from touchstone.files.yaml_tree import Path, Unreadable
from touchstone.rubric.changes import ValueChange, changes_of
from touchstone.rubric.entry_names import name_of
from touchstone.rubric.model import Rubric
from touchstone.rubric.reading import parse_rubric
from touchstone.scorer.proving.one_check import TriedCheck, tried_alone
from touchstone.scorer.proving.own_examples import TriedExample, tried, tried_examples
from touchstone.scorer.proving.runnable import what_keeps_from_running
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rubric import rubrics
from workflow.rubric.outdated_labels import named
from workflow.scorer.scorers import scorer_of

# What of a dimension has a box of its own or is edited in the file; its checks are edited one at a time, all else (scoring,
# examples) is one box of YAML.
NAMED = frozenset({"key", "title", "question", "guidance", "scale", "weight", "aliases", "levels", "agreement"})
REST = NAMED | {"checks"}
# Where YAML is typed: what may keep the file from being read.
BOXES = (("dimensions", None, "checks", None), ("dimensions", None, None))


class CheckPlace(NamedTuple):
    """A check of a dimension: where it stands in the new version's list (None: removed), its name there, and the name it had in
    the version before ("" for a new one)."""

    place: int | None
    name: str
    before: str


class Unfinished(NamedTuple):
    """The version as it stands, after the one called `after`: `base`, whose file is `before`; None and "" for a first version.
    `rubric` is None where it cannot be read, with every
    problem; `runs` is it too where only its own examples come out wrong. `aside` is what was set aside to read the rest;
    `is_yaml` says whether places can be found; `is_kept` that something was typed; `exists` that its file is there already;
    `taken_from` is the digest of the file that it may replace, "" for none."""

    after: str
    base: Rubric | None
    before: str
    name: str
    source: str
    aside: Aside | None
    rubric: Rubric | None
    runs: Rubric | None
    problems: tuple[Problem, ...]
    is_yaml: bool
    is_kept: bool
    exists: bool
    taken_from: str

    @property
    def reads(self) -> str:
        """The source to find places in."""
        return self.aside.source if self.aside else self.source

    def place(self, key: str) -> Path | None:
        """The path of a dimension; None where it is not to be found."""
        return _place(self.reads, key) if self.is_yaml else None

    def text(self, path: Path) -> str:
        return yaml_editing.text_at(self.reads, path) or ""

    def has(self, path: Path) -> bool:
        """Whether anything stands at `path`."""
        return self.is_yaml and path in yaml_places.tree_of(self.reads).lines

    def checks(self, key: str) -> list[CheckPlace]:
        """The checks of a dimension in their order, then those that are there no longer."""
        place = self.place(key)
        mine = [self._name(number, each) for number, each in enumerate(list_in(self.reads, place, "checks"))] if place else []
        was = _names(self.before, _place(self.before, key))
        renamed = {
            number: name for number, name in enumerate(was) if number < len(mine) and name not in mine and mine[number] not in was
        }
        found = [CheckPlace(number, name, name if name in was else renamed.get(number, "")) for number, name in enumerate(mine)]
        return found + [CheckPlace(None, name, name) for name in was if name not in {each.before for each in found}]

    def _name(self, number: int, value: Any) -> str:
        name = value.get("name") if isinstance(value, dict) else None
        if self.aside and value == self.aside.token:
            typed = re.search(r"^name: *(\S+)", self.aside.item, re.MULTILINE)
            name = typed[1] if typed else None
        return name if isinstance(name, str) and name else f"no. {number + 1}"

    def raw_check(self, key: str, check: CheckPlace) -> str:
        """A check as it is written, "" for one that is removed."""
        place = self.place(key)
        if check.place is None or place is None:
            return ""
        raw = yaml_editing.raw_item(self.reads, (*place, "checks", check.place))
        return raw.replace(f"{self.aside.token}\n", self.aside.item) if self.aside else raw

    def old_check(self, key: str, check: CheckPlace) -> str:
        """A check as it was written in the version before, "" for a new one."""
        place = _place(self.before, key)
        if not check.before or place is None:
            return ""
        return yaml_editing.raw_item(self.before, (*place, "checks", _names(self.before, place).index(check.before)))

    def raw_rest(self, key: str) -> str:
        """What a dimension holds besides its words, levels, rule of agreement and checks, as YAML."""
        place = self.place(key)
        raw = yaml_editing.raw_entries(self.reads, place, besides=REST) if place else ""
        return self.aside.put_back(raw) if self.aside else raw

    def old_rest(self, key: str) -> str:
        place = _place(self.before, key)
        return yaml_editing.raw_entries(self.before, place, besides=REST) if place else ""

    def changed_check(self, key: str, check: CheckPlace) -> tuple[ValueChange, ...]:
        """What of a check changed, once it can be read."""
        was, place = _place(self.before, key), self.place(key)
        if check.place is None or not check.before or was is None or place is None:
            return ()
        old = list_in(self.before, was, "checks")[_names(self.before, was).index(check.before)]
        new = list_in(self.reads, place, "checks")[check.place]
        return changes_of(old, new) if isinstance(new, dict) else ()

    def changed_rest(self, key: str) -> tuple[ValueChange, ...]:
        """What of the rest changed, once it can be read."""
        place, old = self.place(key), _place(self.before, key)
        if place is None or old is None or self.raw_rest(key) != yaml_editing.raw_entries(self.reads, place, besides=REST):
            return ()
        return changes_of(
            *(
                {name: value for name, value in yaml_places.tree_of(source).at(path).items() if name not in REST}
                for source, path in ((self.before, old), (self.reads, place))
            )
        )

    def problems_of(self, key: str, check: CheckPlace) -> list[Problem]:
        """The problems whose lines are those of a check, by the line of its box."""
        place = self.place(key)
        if check.place is None or place is None:
            return []
        path = (*place, "checks", check.place)
        if self.aside and yaml_places.tree_of(self.reads).at(path) != self.aside.token:
            return []
        return self._within(yaml_editing.lines_of_item(self.reads, path))

    def problems_of_rest(self, key: str) -> list[Problem]:
        """The problems whose lines are those of scoring and examples, by the line of their box."""
        place = self.place(key)
        return self._within(yaml_editing.lines_of_entries(self.reads, place, besides=REST)) if place else []

    def _within(self, lines: list[int]) -> list[Problem]:
        """The problems on these lines, by their places among them. What was set aside has more lines than its place in `reads`,
        and keeps the file from being read wherever reading broke off."""
        if self.aside:
            token = 1 + self.reads[: self.reads.index(self.aside.token)].count("\n")
            more = self.aside.lines.count("\n") - 1
            lines = [
                line + more * (line > token) + extra for line in lines for extra in (range(more + 1) if line == token else (0,))
            ]
            if token in lines:
                return [each._replace(line=_nearest(lines, each.line or 0)) for each in self.problems]
        return [each._replace(line=lines.index(each.line) + 1) for each in self.problems if each.line in lines]

    def problem_at(self, path: Path) -> str:
        """What is wrong with the one entry at `path`, "" for nothing."""
        if not self.is_yaml or self.aside:
            return ""
        tree = yaml_places.tree_of(self.source)
        if path not in tree.lines:
            return ""
        about, line = name_of(tree, path), tree.line(path)
        return next((each.reason for each in self.problems if each.line == line and each.reason.startswith(f"{about} ")), "")

    def tried(self, key: str, check: CheckPlace) -> TriedCheck | None:
        """A check tried on its texts: in the file, or alone while something else keeps the file from being run. None for one that
        is not to be found, and while the file is no YAML."""
        place = self.place(key)
        if place is None or check.place is None or self.aside:
            return None
        if self.runs is None:
            return tried_alone(yaml_places.tree_of(self.source), (*place, "checks", check.place))
        dimension = self.runs.dimension(key)
        if dimension is None or check.place >= len(dimension.checks):
            return None
        return TriedCheck(self.runs, tried(scorer_of(self.runs), dimension.checks[check.place]), [])

    def tried_examples(self, key: str) -> list[TriedExample] | None:
        """The examples of a dimension with the levels they get; None while the file cannot be run."""
        if self.runs is None:
            return None
        dimension = self.runs.dimension(key)
        return tried_examples(scorer_of(self.runs), dimension) if dimension else None


def _nearest(lines: list[int], line: int) -> int:
    """The place of a line among these, from 1, or of the last of them before it."""
    return max([place for place, each in enumerate(lines, 1) if each <= line], default=1)


def before_first(name: str) -> str:
    """What the first version of a new rubric comes after."""
    return f"{name}-v0"


def next_name(base: str) -> str:
    mine = named(base)
    return f"{mine.rubric}-v{mine.version + 1}"


@verb
def begun_after(person: Person, engine: sa.Engine, names: Sequence[str]) -> str:
    """Of these versions the last whose next one the person is writing; "" for none."""
    with reading(engine, person) as connection:
        written = stored.names_of_unfinished(connection, person.id)
    return next((each for each in reversed(names) if next_name(each) in written), "")


@verb
def unfinished(person: Person, engine: sa.Engine, base: str) -> Unfinished:
    """What the person has of the version after `base`: what they typed, else the file of `base` with its number counted on.
    Raises Refused for a first version, NAME-v0, of which nothing was begun."""
    with reading(engine, person) as connection:
        return unfinished_in(connection, person, base)


def unfinished_in(connection: sa.Connection, person: Person, base: str) -> Unfinished:
    """The same, within a transaction."""
    name = next_name(base)
    kept = stored.unfinished(connection, person.id, name)
    rubric, before = None, ""
    if named(base).version:
        rubric, source = rubrics.usable(connection, base)
        before = in_lines(source.decode("utf-8-sig"))
        text = kept.source if kept else yaml_editing.put_number(before, ("version",), rubric.version + 1)
    elif kept:
        text = kept.source
    else:
        raise Refused(f"you have no new rubric {named(base).rubric} in hand; begin it first")
    made, problems = rubrics.read_source(text.encode(), f"{name}.yml")
    runs, aside, is_yaml = made, None, True
    try:
        tree = yaml_places.tree_of(text)
        if made is None:
            shaped, _ = parse_rubric(text.encode(), f"{name}.yml")
            runs = shaped if shaped and not what_keeps_from_running(shaped, tree) else None
    except Unreadable:
        aside = yaml_set_aside.set_aside(text, BOXES)
        is_yaml = aside is not None
    return Unfinished(
        base,
        rubric,
        before,
        name,
        text,
        aside,
        made,
        runs,
        tuple(problems),
        is_yaml,
        kept is not None,
        rubrics.is_there(connection, name),
        (kept.taken_from or "") if kept else "",
    )


def in_lines(text: str) -> str:
    """A text with the line breaks that are kept."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _place(source: str, key: str) -> Path | None:
    if not source:
        return None
    dimensions = yaml_places.tree_of(source).at(("dimensions",))
    places = dimensions if isinstance(dimensions, tuple) else ()
    return next(
        (("dimensions", place) for place, each in enumerate(places) if isinstance(each, dict) and each.get("key") == key), None
    )


def list_in(source: str, place: Path, part: str) -> tuple[Any, ...]:
    """The list of that name in the mapping at `place`; () where there is none."""
    found = yaml_places.tree_of(source).at((*place, part))
    return found if isinstance(found, tuple) else ()


def _names(source: str, place: Path | None) -> list[str]:
    """The names of a dimension's checks in a file that is a rubric."""
    return [each["name"] for each in list_in(source, place, "checks")] if place else []


def check_in(found: Unfinished, key: str, check: CheckPlace) -> Path:
    """Where a check stands now: at its place, or where another window has moved it to."""
    return (*dimension_in(found, key), "checks", number_in(found, key, check))


def number_in(found: Unfinished, key: str, check: CheckPlace) -> int:
    """The place of a check in its dimension's list now."""
    numbers = [each.place for each in found.checks(key) if each.place is not None and each.name == check.name]
    if not numbers:
        raise Refused(
            f"{key} has no check {check.name} any more: another window removed it or renamed it, so nothing "
            "was saved; choose one from the list"
        )
    return check.place if check.place is not None and check.place in numbers else numbers[0]


def dimension_in(found: Unfinished, key: str) -> Path:
    """The path of a dimension. Raises Refused where it is not to be found."""
    place = found.place(key)
    if place is None:
        raise Refused(f"{found.name}.yml has no dimension {key} that can be found; edit the whole file instead")
    return place
