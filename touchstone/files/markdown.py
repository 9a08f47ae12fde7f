"""Where the tables, headings and fenced blocks of a Markdown text stand, by the lines they take.

Read by markdown-it-py, by its rules of blocks alone. Three things differ from what GitHub would show, since people write reports
for readers and not for a parser: a line without a pipe ends a table also where no blank line stands between, lists and indented
blocks are taken for running text, so that a table within them is one, and HTML is text too.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import table as table_rule
from markdown_it.token import Token

MOST_ROWS = 1000


class MarkdownTable(NamedTuple):
    """A table with its rows, the header first: the line of each, from 1, and its cells, as many as the header has. `number`: how
    many rows stand under the header; of more than MOST_ROWS only the header is read."""

    rows: tuple[tuple[int, tuple[str, ...]], ...]
    number: int


class Heading(NamedTuple):
    """`level` from 1."""

    level: int
    text: str


class Blocks(NamedTuple):
    """What stands in a text. `tables` and `headings` by the place of their first line, from 0; `ends` the place after each of
    these and of each fenced block, by the same."""

    tables: dict[int, MarkdownTable]
    headings: dict[int, Heading]
    ends: dict[int, int]


def blocks_of(lines: Sequence[str]) -> Blocks:
    """The blocks of a text given line by line. Takes time linear in its length. A block quote is looked into; headings are those
    that stand in none. After a table of more than MOST_ROWS rows the text is read no further."""
    blocks = Blocks({}, {}, {})
    tokens = _PARSER.parse("\n".join(line.rstrip("\r").replace("\r", " ") for line in lines))
    for place, token in enumerate(tokens):
        if token.map is None:
            continue
        start, end = token.map
        if token.type == "table_open":
            rows = tuple(_rows(tokens[place:]))
            blocks.tables[start] = MarkdownTable(rows, token.meta.get("rows", len(rows) - 1))
        elif token.type == "heading_open" and not token.level:
            blocks.headings[start] = Heading(int(token.tag[1:]), tokens[place + 1].content)
        elif token.type != "fence":
            continue
        blocks.ends[start] = end
    return blocks


def _rows(tokens: Sequence[Token]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """The rows of the table that the tokens begin with."""
    line, cells = 0, list[str]()
    for token in tokens:
        if token.type == "tr_open" and token.map:
            line, cells = token.map[0] + 1, []
        elif token.type == "inline":
            cells.append(token.content)
        elif token.type == "tr_close":
            yield line, tuple(cells)
        elif token.type == "table_close":
            return


def _table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """A table up to the first line without a pipe."""
    if silent or not table_rule(state, start, end, True):
        return table_rule(state, start, end, silent)
    last = _end_of_pipes(state, start + 2, min(end, start + 2 + MOST_ROWS + 1))
    if last - start - 2 <= MOST_ROWS:
        return table_rule(state, start, last, False)
    opening = len(state.tokens)
    table_rule(state, start, start + 2, False)
    state.tokens[opening].meta["rows"] = _end_of_pipes(state, last, end) - start - 2
    state.line = end
    return True


def _end_of_pipes(state: StateBlock, place: int, end: int) -> int:
    while place < end and state.src.find("|", state.bMarks[place], state.eMarks[place]) >= 0:
        place += 1
    return place


def _parser() -> MarkdownIt:
    parser = MarkdownIt("zero").enable(["table", "fence", "heading", "blockquote"]).disable("inline")
    parser.block.ruler.at("table", _table, {"alt": ["paragraph", "reference"]})
    return parser


_PARSER = _parser()
