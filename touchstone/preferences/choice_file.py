"""Choices read from CSV: `pair_id,task_id,annotator,left,right,choice`, one choice a row.

`choice` is left, tie or right, or the draft that was taken as `left` or `right` names it. It may be a or b where that can mean
one thing only: with columns `draft_a,draft_b`, or where no pair is shown with its sides swapped (a is then left). A pair that an
annotator has a second time, with its sides swapped, is a repeat. Optional: `left_author,right_author` (who is ranked; the drafts
themselves without them), `left_length,right_length` (characters) or `left_text,right_text`; `dimension`, where more is asked than
which is better overall.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from touchstone.english import many
from touchstone.errors import Problem, Refused
from touchstone.files.csv_rows import rows_by_header
from touchstone.preferences.choices import LEFT, OVERALL, RIGHT, SIDES, A, B, PairOfDrafts, Preferences, SideChoice

NEEDED = ("pair_id", "task_id", "annotator", "left", "right", "choice")


class _ChoiceRow(NamedTuple):
    """A row that is whole. `authors` and `lengths` are of left and right."""

    line: int
    pair: str
    task: str
    annotator: str
    left: str
    right: str
    choice: str
    dimension: str
    draft_a: str
    authors: tuple[str, str]
    lengths: tuple[int | None, int | None]

    @property
    def drafts(self) -> frozenset[str]:
        return frozenset((self.left, self.right))


def read_choices(source: bytes, file_name: str) -> dict[str, Preferences]:
    """The choices of a file by dimension, in the order they stand there; "overall" where none is named. Raises Refused with every
    problem and its line; a file without a row is refused too."""
    problems: list[Problem] = []
    given = list(rows_by_header(source, problems))
    if given and (lacking := [name for name in NEEDED if name not in given[0][1]]):
        problems.append(Problem(1, f"there is no column {lacking[0]}; the header has {', '.join(given[0][1])}"))
        given = []
    elif not given and not problems:
        problems.append(Problem(None, f"the file has no choices; its header is {','.join(NEEDED)}"))
    rows = [row for line, cells in given if (row := _row(line, cells, problems)) is not None]
    pairs = _pairs(rows, problems)
    choices = _choices(rows, pairs, problems)
    if problems:
        raise Refused(f"{file_name} is refused: {many(len(problems), 'problem')}", problems)
    made = {key: tuple(each for of, each in choices if of == key) for key in dict.fromkeys(of for of, _ in choices)}
    return {key: Preferences({each.pair: pairs[each.pair] for each in own}, own) for key, own in made.items()}


def _row(line: int, cells: Mapping[str, str], problems: list[Problem]) -> _ChoiceRow | None:
    own = {name: cell.strip() for name, cell in cells.items() if not name.endswith("_text")}
    if blank := next((name for name in NEEDED if not own[name]), None):
        problems.append(Problem(line, f"the {blank} is blank; fill it in, or leave the row out where nobody chose"))
        return None
    if own["left"] == own["right"]:
        problems.append(Problem(line, f"left and right are both {own['left']}; a pair has two drafts"))
        return None
    draft_a = own.get("draft_a", "")
    if draft_a and {draft_a, own.get("draft_b", "")} != {own["left"], own["right"]}:
        problems.append(Problem(line, f"draft_a and draft_b are not the drafts {own['left']} and {own['right']} that were shown"))
        return None
    lengths = tuple(_length(line, cells, side, problems) for side in (LEFT, RIGHT))
    authors = own.get("left_author", ""), own.get("right_author", "")
    pair, task, annotator, left, right, choice = (own[name] for name in NEEDED)
    dimension = own.get("dimension") or OVERALL
    return _ChoiceRow(line, pair, task, annotator, left, right, choice, dimension, draft_a, authors, (lengths[0], lengths[1]))


def _length(line: int, cells: Mapping[str, str], side: str, problems: list[Problem]) -> int | None:
    if text := cells.get(f"{side}_text", ""):
        return len(text)
    told = cells.get(f"{side}_length", "").strip()
    if not told:
        return None
    if not (told.isascii() and told.isdigit() and len(told) <= 9):
        problems.append(Problem(line, f"{side}_length is a whole number of characters, not {told[:20]}"))
        return None
    return int(told)


def _pairs(rows: Sequence[_ChoiceRow], problems: list[Problem]) -> dict[str, PairOfDrafts]:
    """Each pair; its first draft is that of `draft_a`, else the one more often left (of as many, the one that sorts first)."""
    by_pair: dict[str, list[_ChoiceRow]] = defaultdict(list)
    for row in rows:
        first = by_pair[row.pair][0] if by_pair[row.pair] else row
        if (row.drafts, row.task) != (first.drafts, first.task):
            told = f"pair {row.pair} has other drafts or another task than in line {first.line}; a pair is two drafts of one task"
            problems.append(Problem(row.line, told, "a pair has other drafts or another task than before"))
        elif row.draft_a != first.draft_a:
            problems.append(Problem(row.line, f"pair {row.pair} has another draft_a than in line {first.line}"))
        else:
            by_pair[row.pair].append(row)
    return {pair: _pair(own) for pair, own in by_pair.items()}


def _pair(rows: Sequence[_ChoiceRow]) -> PairOfDrafts:
    first = rows[0]
    times = Counter(row.left for row in rows)
    a = first.draft_a or min(first.drafts, key=lambda draft: (-times[draft], draft))
    (b,) = first.drafts - {a}
    authors: dict[str, str] = {}
    lengths: dict[str, int | None] = {}
    for row in rows:
        for draft, author, length in zip((row.left, row.right), row.authors, row.lengths, strict=True):
            authors[draft] = authors.get(draft) or author
            lengths[draft] = length if lengths.get(draft) is None else lengths[draft]
    return PairOfDrafts(first.pair, first.task, a, b, authors[a], authors[b], lengths[a], lengths[b])


def _choices(
    rows: Sequence[_ChoiceRow], pairs: Mapping[str, PairOfDrafts], problems: list[Problem]
) -> list[tuple[str, SideChoice]]:
    """Each with its dimension."""
    before: dict[tuple[str, str, str], list[_ChoiceRow]] = defaultdict(list)
    is_one_way = all(row.left == pairs[row.pair].a for row in rows if row.pair in pairs)
    made = []
    for row in rows:
        earlier = before[row.pair, row.annotator, row.dimension]
        earlier.append(row)
        if len(earlier) > 2 or (len(earlier) == 2 and earlier[0].left == row.left):
            told = f"{row.annotator} has pair {row.pair} in line {earlier[0].line} too; keep one, and a repeat with sides swapped"
            problems.append(Problem(row.line, told, "an annotator has a pair twice"))
        elif (taken := _taken(row, bool(row.draft_a) or is_one_way)) is None:
            problems.append(Problem(row.line, _no_choice(row), "a choice is none"))
        else:
            made.append((row.dimension, SideChoice(row.pair, row.annotator, row.left, taken, len(earlier) == 2)))
    return made


def _taken(row: _ChoiceRow, is_clear: bool) -> str | None:
    """left, tie or right; None for what is no choice, or may mean two things."""
    said = row.choice.casefold()
    if row.choice in (row.left, row.right):
        return LEFT if row.choice == row.left else RIGHT
    if said in SIDES:
        return said
    if said in (A, B) and is_clear:
        return LEFT if (said == A) == ((row.draft_a or row.left) == row.left) else RIGHT
    return None


def _no_choice(row: _ChoiceRow) -> str:
    if row.choice.casefold() in (A, B):
        return (
            f"{row.choice} may mean the left draft or the pair's first, since some pairs are shown with their sides swapped; "
            "write left or right, or add the columns draft_a and draft_b"
        )
    return f"a choice is {', '.join(SIDES)}, or one of the two drafts, not {row.choice[:40]}"
