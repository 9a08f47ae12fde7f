"""A pasted text as the beginning of a rubric: Markdown tables of criteria and levels, headings and lists, as far as they go.

    | Criterion | 1 Poor | 2 Fair | 3 Good |     levels across: a dimension a row, its anchors in the cells
    | Criterion | Level | Description |           levels down: a dimension for all rows of one criterion, or of the heading above
    | Criterion | Question | Scale |              no levels: the scale it names or tells (1 = none; 2 = some), else pass or fail
    - Clarity (1-5): Is it easily read?            a list: a dimension an item, with what stands farther in as its levels
      - 1: Nothing is understood.

What is not read is handed back line by line; nothing is guessed that was not written, but for a scale where none is named.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from touchstone.english import many
from touchstone.errors import Problem
from touchstone.files.markdown import MOST_ROWS, MarkdownTable, blocks_of
from touchstone.files.yaml_tree import short
from touchstone.rubric.making.pasted_levels import (
    WORDS_ON_A_BUTTON,
    PastedLevel,
    cut,
    level_in,
    levels_named,
    levels_told,
    plain_words,
    weighed,
)
from touchstone.rubric.making.scales import SCALES
from touchstone.rubric.making.written_rubric import NewDimension, NewLevel, key_for

MOST_LETTERS = 60_000
MOST_DIMENSIONS = 40

_ITEM = re.compile(r"^(\s*)(?:([-*+•])|(\d{1,3})([.)]))\s+(.*)$")
_BOLD = re.compile(r"^\s{0,3}(\*\*|__)[^*_]+\1\s*:?\s*$")
_TITLED = re.compile(r"^([^:：]{1,80}?)(?:\s*+[:：]|\s++[–—-]\s)\s*+(.*)$")
_COLUMNS = {
    "criterion": {"criterion", "criteria", "dimension", "aspect", "category", "item", "name", "metric", "trait", "attribute"},
    "level": {"level", "score", "rating", "value", "grade", "label", "points"},
    "anchor": {"anchor", "description", "definition", "meaning", "descriptor", "explanation"},
    "question": {"question", "description", "definition", "what", "explanation", "meaning"},
    "guidance": {"guidance", "note", "notes", "comment", "comments", "remarks"},
    "scale": {"scale", "levels", "type", "range"},
}
_ELSEWHERE = {"weight", "weights", "threshold", "example", "examples", "statistic"}


class Pasted(NamedTuple):
    """What was read of a text, and the lines that were not, each with why. `title` is that of the whole, "" without one."""

    title: str
    dimensions: tuple[NewDimension, ...]
    unread: tuple[Problem, ...]


@dataclass
class _ReadDimension:
    """A dimension while its lines are read."""

    title: str
    question: str = ""
    scale: str = ""
    levels: list[PastedLevel] = field(default_factory=list)
    indent: int = -1
    line: int = 1
    across: bool = False


def read_pasted(text: str) -> Pasted:
    """The dimensions of a pasted text. Never raises: what cannot be read is told; time is linear in the text."""
    if len(text) > MOST_LETTERS:
        return Pasted("", (), (Problem(None, f"the text has {many(len(text), 'letter')}; paste {MOST_LETTERS:,} at most"),))
    reading = _Reading()
    lines = text.replace("\0", "").splitlines()
    blocks = blocks_of(lines)
    place = 0
    while place < len(lines):
        if place in blocks.tables:
            reading.table(blocks.tables[place])
        elif place in blocks.headings:
            reading.heading(place + 1, blocks.headings[place].level, plain_words(blocks.headings[place].text))
        elif place not in blocks.ends:
            reading.running_line(place + 1, lines[place])
        place = max(blocks.ends.get(place, 0), place + 1)
    return reading.result()


class _Reading:
    """What was read so far."""

    def __init__(self) -> None:
        self.title = ""
        self.found: list[_ReadDimension] = []
        self.unread: list[Problem] = []
        self.under: _ReadDimension | None = None  # the dimension whose lines may follow
        self.is_heading = False
        self.depth = 0  # of the heading last met

    def heading(self, line: int, level: int, words: str) -> None:
        self.close_heading()
        if level == 1 and not self.title and not self.found:
            self.title = words
        self.under, self.is_heading, self.depth = _titled(words, line), True, level

    def close_heading(self) -> None:
        """A heading without levels is a dimension only where a scale or a question stands with it; the title of all is none."""
        under = self.under
        if self.is_heading and under is not None:
            if under.title != self.title and (under.scale or under.question):
                self.found.append(under)
            elif under.question:
                self._leave(under.line + 1, under.question, "it belongs to no criterion")
            elif under.title != self.title:
                self._leave(under.line, under.title, "no level and no question stand under it")
        self.is_heading = False

    def running_line(self, line: int, text: str) -> None:
        item = _ITEM.match(text)
        words = plain_words(item[5] if item else text)
        if not words:
            return
        if not item and _BOLD.match(text):
            self.heading(line, 3, words.rstrip(":"))
            return
        indent = len(item[1].expandtabs(4)) if item else len(text) - len(text.lstrip())
        inside = self.under is not None and (self.is_heading or indent > self.under.indent)
        if inside and self._goes_on(line, words, item):
            return
        if item and (titled := _titled(words, line)):
            self.close_heading()
            titled.indent = indent
            self.found.append(titled)
            self.under = titled
            return
        self._leave(line, text, "it is neither a criterion nor a level that can be told")

    def _goes_on(self, line: int, words: str, item: re.Match[str] | None) -> bool:
        """Whether a line is a level of the dimension above it, or more of its question."""
        level = None
        if item and item[3] and (self.depth > 1 or not self.is_heading):
            level = level_in(f"{item[3]}: {words}", is_inner=True)
        level = level or level_in(words, is_inner=item is not None)
        if level is not None and not self._is_a_dimension(item is not None, words):
            self._add_level(line, level)
            return True
        if item or self.under is None or self.under.levels:
            return False
        self.under.question = f"{self.under.question} {words}".strip()
        return True

    def _is_a_dimension(self, is_item: bool, words: str) -> bool:
        """Under a heading, an item that names its own scale ("Clarity (1-5): …") is no level."""
        titled = _titled(words, 0)
        return self.is_heading and is_item and titled is not None and bool(titled.scale)

    def _add_level(self, line: int, level: PastedLevel) -> None:
        if self.is_heading and self.under is not None:
            self.found.append(self.under)
            if self.under.title == self.title:
                self.title = ""
            self.is_heading = False
        if self.under is not None:
            self.under.levels.append(level._replace(line=line))

    def table(self, table: MarkdownTable) -> None:
        (line, header), *rows = table.rows
        if table.number > MOST_ROWS:
            self._leave(line, "", f"a table of {many(table.number, 'row')} is not read; paste {MOST_ROWS:,} at most")
            return
        heads = [plain_words(cell) for cell in header]
        kinds = _kinds_of(heads)
        if "level" in kinds and "anchor" in kinds and not _levels_across(heads, kinds):
            self._levels_down(rows, kinds, line)
        elif across := _levels_across(heads, kinds):
            self._levels_across(rows, heads, kinds, across)
        else:
            self._without_levels(rows, kinds)
        self.close_heading()
        self.under = None
        for place, kind in enumerate(kinds):
            if kind == "" and place not in _levels_across(heads, kinds):
                self._leave(line, "", f"the column {short(heads[place]) or place + 1} is not read; {_where_to(heads[place])}")

    def _levels_down(self, rows: Sequence[tuple[int, tuple[str, ...]]], kinds: Sequence[str], line: int) -> None:
        by_title: dict[str, _ReadDimension] = {}
        title = ""
        for number, row in rows:
            cell = _cells(row, kinds)
            title = cell.get("criterion", "") or title
            if levels_told(cell["level"]) and title not in by_title:
                self._row(number, row, {**cell, "scale": cell["level"], "level": ""})
                continue
            level = level_in(cell["level"], is_inner=True) if cell["level"] else None
            if level is None:
                self._leave(number, " | ".join(row), "its level cannot be told")
                continue
            if title not in by_title:
                heading = self.under if self.is_heading and not title else None
                by_title[title] = heading or _ReadDimension(title or f"Dimension {len(self.found) + 1}", line=line)
                self.found.append(by_title[title])
                self.is_heading = self.is_heading and heading is None
            if not level.title and len(level.anchor.split()) <= WORDS_ON_A_BUTTON:
                level = level._replace(title=level.anchor)
            elif level.anchor and level.anchor != cell["anchor"]:
                self._leave(number, level.anchor, "the words of its own column are taken for the anchor")
            by_title[title].levels.append(level._replace(anchor=cell["anchor"], line=number))
            self._ask(by_title[title], number, cell.get("question", ""))
            if cell.get("scale"):
                self._leave(number, cell["scale"], "the levels of its rows are taken")

    def _levels_across(
        self, rows: Sequence[tuple[int, tuple[str, ...]]], heads: Sequence[str], kinds: Sequence[str], across: Sequence[int]
    ) -> None:
        named = {place: level_in(heads[place], is_inner=True) or PastedLevel(cut(heads[place]), heads[place]) for place in across}
        for number, row in rows:
            titled = self._row(number, row, _cells(row, kinds))
            if titled is None:
                continue
            titled.across = True
            for place, level in named.items():
                titled.levels.append(level._replace(anchor=plain_words(row[place]), line=number))

    def _without_levels(self, rows: Sequence[tuple[int, tuple[str, ...]]], kinds: Sequence[str]) -> None:
        for number, row in rows:
            self._row(number, row, _cells(row, kinds))

    def _row(self, number: int, row: Sequence[str], cell: Mapping[str, str]) -> _ReadDimension | None:
        """A criterion that has a row to itself, with the question and the scale of its columns before those beside its title."""
        titled = _titled(cell.get("criterion", ""), number)
        if titled is None:
            self._leave(number, " | ".join(row), "it has no criterion in its first column")
            return None
        beside, titled.question = titled.question, ""
        for words in (cell.get("question", ""), cell.get("anchor", ""), beside):
            self._ask(titled, number, words)
        if titled.scale and cell.get("scale"):
            self._leave(number, titled.scale, "the scale of its own column is taken")
        titled.scale = cell.get("scale", "") or cell.get("level", "") or titled.scale
        self.found.append(titled)
        return titled

    def _ask(self, under: _ReadDimension, number: int, words: str) -> None:
        """Take these words for a dimension's question, unless it has one."""
        if words and under.question and words != under.question:
            self._leave(number, words, "a dimension has one question")
        under.question = under.question or words

    def _leave(self, line: int, text: str, why: str) -> None:
        self.unread.append(Problem(line, f"“{short(text)}” is not read: {why}" if text.strip() else why, why))

    def result(self) -> Pasted:
        self.close_heading()
        if len(self.found) > MOST_DIMENSIONS:
            self._leave(self.found[MOST_DIMENSIONS].line, "", f"only the first {MOST_DIMENSIONS} criteria are read")
        dimensions: list[NewDimension] = []
        for each in self.found[:MOST_DIMENSIONS]:
            dimensions.append(self._made(each, [other.key for other in dimensions]))
        return Pasted(self.title, tuple(dimensions), tuple(sorted(self.unread, key=lambda problem: problem.line or 0)))

    def _made(self, found: _ReadDimension, taken: Sequence[str]) -> NewDimension:
        levels, left_out = weighed(found.levels)
        for level, why in left_out:
            self._leave(level.line, str(level.title or level.value), why)
        key = key_for(found.title, taken)
        named = levels_named(found.scale)
        if len(levels) < 2:
            if found.scale and not named:
                self._leave(found.line, found.scale, "this scale cannot be told, so pass or fail is taken")
            ready = named or tuple(NewLevel(value, words) for value, words in SCALES["pass-fail"].levels)
            anchors = {level.value: level.anchor for level in levels}
            levels = [each._replace(anchor=anchors.get(each.value, "") or each.anchor) for each in ready]
        elif found.scale and [each.value for each in named] != [each.value for each in levels]:
            self._leave(found.line, found.scale, f"its levels are taken from {'the columns' if found.across else 'below it'}")
        is_ordinal = isinstance(levels[0].value, int) or found.across and not _has_no_order(levels)
        weights = "unweighted" if not is_ordinal else "linear" if len(levels) < 4 else "quadratic"
        return NewDimension(key, found.title, tuple(levels), found.question, is_ordinal, weights)


def _has_no_order(levels: Iterable[NewLevel]) -> bool:
    return {each.value for each in levels} in [
        {value for value, _ in SCALES[name].levels[:number]}
        for name, number in (("pass-fail", 2), ("yes-no-na", 2), ("yes-no-na", 3))
    ]


def _titled(words: str, line: int) -> _ReadDimension | None:
    """A criterion by its title, with the question behind a colon and the scale in brackets; None without a title."""
    scale = ""
    if bracket := re.search(r"\(([^()]{2,60})\)|\[([^\[\]]{2,60})\]", words):
        inner = bracket[1] or bracket[2]
        if levels_named(inner):
            scale, words = inner, f"{words[: bracket.start()].rstrip()}{words[bracket.end() :]}"
    split = _TITLED.match(words)
    title, question = (split[1], split[2]) if split else (words, "")
    title = title.strip(" .:")
    if not split and len(title.split()) > 6:
        title, question = " ".join(title.split()[:4]), words
    return _ReadDimension(title, question.strip(), scale, line=line) if re.search(r"[^\W_]", title) else None


def _kinds_of(heads: Sequence[str]) -> list[str]:
    """What each column of a table holds; "" for one that is none of these. The first is the criterion unless it is a level."""
    kinds: list[str] = []
    words = [set(re.findall(r"[a-z]+", head.lower())) for head in heads]
    has_level = any(
        each & _COLUMNS["level"] and level_in(head, is_inner=False) is None for each, head in zip(words, heads, strict=True)
    )
    for place, each in enumerate(words):
        order: tuple[str, ...] = ("criterion", "question", "guidance", "scale", "anchor")
        if has_level:
            order = ("criterion", "level", "anchor", "question", "guidance", "scale")
        kind = next((name for name in order if each & _COLUMNS[name] and name not in kinds), "")
        if level_in(heads[place], is_inner=False) is not None or len(each) > 3:
            kind = ""
        kinds.append(kind or ("criterion" if place == 0 and not has_level else ""))
    return ["" if kind == "guidance" else kind for kind in kinds]


def _levels_across(heads: Sequence[str], kinds: Sequence[str]) -> list[int]:
    """The columns that are levels, where two or more are."""
    free = [place for place, kind in enumerate(kinds) if kind == "" and place]
    free = [
        place for place in free if heads[place] and not set(heads[place].lower().split()) & (_ELSEWHERE | _COLUMNS["guidance"])
    ]
    told = [place for place in free if level_in(heads[place], is_inner=False) is not None]
    found = told if len(told) > 1 else free
    return found if len(found) > 1 and "level" not in kinds else []


def _cells(row: Sequence[str], kinds: Sequence[str]) -> dict[str, str]:
    return {kind: plain_words(cell) for kind, cell in zip(kinds, row, strict=True) if kind}


def _where_to(head: str) -> str:
    known = set(head.lower().split()) & (_ELSEWHERE | _COLUMNS["guidance"])
    return "write it into its box" if known else "only criteria, questions, scales and levels are"
