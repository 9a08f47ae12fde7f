"""Do the choices follow? Each is held against its comparison round, its pair, its task, and the draft it was made on."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from touchstone.preferences.choices import A, B
from touchstone.releasing.choosing import ChoiceTally, preferred
from touchstone.releasing.manifest import Manifest
from touchstone.releasing.tables import SHAPES, DraftRow, PreferenceRow, TaskRow
from touchstone.releasing.verifying.findings import Faults
from touchstone.releasing.verifying.table_rows import rows_of_lines

FILE = "preferences.jsonl"


class _ComparedDraft(NamedTuple):
    """What a row says of one of its drafts; the text as its digest."""

    task_id: str
    author: str | None
    text: bytes


class _Choosing:
    """What was seen of the choices so far."""

    def __init__(self, manifest: Manifest, partitions: Mapping[str, str | None]) -> None:
        self._annotators = {each.name: each.annotators for each in manifest.terms.comparisons}
        self._partitions = partitions
        self._pairs: dict[int, tuple[str, str, str, str]] = {}
        self._dimensions = {each.name: {asked.key for asked in each.dimensions} for each in manifest.terms.comparisons}
        self._first: dict[tuple[int, str, str], str] = {}
        self._repeated: set[tuple[int, str, str]] = set()
        self._choices: dict[int, tuple[str, int, str, bool]] = {}
        self._cells: set[tuple[int, str]] = set()
        self.drafts: dict[str, _ComparedDraft] = {}

    def wrong_in(self, row: PreferenceRow) -> str:
        """What is wrong with a choice; "" for nothing."""
        if (row.choice_id, row.dimension) in self._cells:
            return f"is there twice on {row.dimension}"
        self._cells.add((row.choice_id, row.dimension))
        of = (row.comparison, row.pair, row.annotator, row.repeat)
        if self._choices.setdefault(row.choice_id, of) != of:
            return "is of another pair or annotator on another dimension"
        if row.comparison not in self._annotators:
            return f"is of the comparison round {row.comparison}, which is not in the manifest"
        if row.annotator not in self._annotators[row.comparison]:
            return f"{row.annotator} has no seat in {row.comparison}"
        if row.dimension not in self._dimensions[row.comparison]:
            return f"is on {row.dimension}, which {row.comparison} does not ask about"
        if row.task_id not in self._partitions or self._partitions[row.task_id] != row.partition:
            return f"its task {row.task_id} is not in tasks.jsonl, or of another partition there"
        if row.draft_a == row.draft_b:
            return f"compares {row.draft_a} with itself"
        pair = (row.comparison, row.task_id, row.draft_a, row.draft_b)
        if self._pairs.setdefault(row.pair, pair) != pair:
            return f"pair {row.pair} is of other drafts elsewhere"
        if row.preferred != (due := preferred(row.shown_left, row.taken)):
            return f"says that {row.preferred} is preferred; {row.taken} with {row.shown_left} on the left gives {due}"
        for named, author, text in ((row.draft_a, row.author_a, row.text_a), (row.draft_b, row.author_b, row.text_b)):
            seen = compared(row.task_id, author, text)
            if self.drafts.setdefault(named, seen) != seen:
                return f"its draft {named} has another task, author or text elsewhere"
        return self._out_of_turn(row)

    def _out_of_turn(self, row: PreferenceRow) -> str:
        """An annotator chooses once a pair and dimension, and then perhaps once more with the sides swapped."""
        own = (row.pair, row.annotator, row.dimension)
        if not row.repeat:
            if own in self._first:
                return f"{row.annotator} chose twice in pair {row.pair}"
            self._first[own] = row.shown_left
            return ""
        swapped = {A: B, B: A}[row.shown_left]
        if self._first.get(own) != swapped or own in self._repeated:
            return f"{row.annotator} did not have pair {row.pair} once before, with its sides swapped"
        self._repeated.add(own)
        return ""


def compared(task_id: str, author: str | None, text: str) -> _ComparedDraft:
    return _ComparedDraft(task_id, author, sha256(text.encode()).digest())


def choices_of(folder: Path, manifest: Manifest, level: str, findings: Faults) -> ChoiceTally:
    """The choices of a release, counted; what is wrong with one of them, or with the counts, is a finding."""
    tally = ChoiceTally(manifest.terms)
    if "preferences" in manifest.tables:
        tasks: Iterator[TaskRow] = _rows(folder, manifest, "tasks", level, findings)  # type: ignore[assignment]
        choosing = _Choosing(manifest, {each.task_id: each.partition for each in tasks})
        row: PreferenceRow
        for row in _rows(folder, manifest, "preferences", level, findings):  # type: ignore[assignment]
            if what := choosing.wrong_in(row):
                findings.add(FILE, what, f"choice {row.choice_id}")
            else:
                tally.add(row)
        _hold_drafts(folder, manifest, level, choosing.drafts, findings)
    counts = tally.counts()
    if manifest.preferences != counts or any(not each.choices for of in counts.values() for each in of.values()):
        findings.add("manifest.json", f"what it counts of choices is not what {FILE} has")
    return tally


def _hold_drafts(folder: Path, manifest: Manifest, level: str, drafts: Mapping[str, _ComparedDraft], findings: Faults) -> None:
    """A draft that was labelled as well says the same in both tables."""
    draft: DraftRow
    for draft in _rows(folder, manifest, "drafts", level, findings):  # type: ignore[assignment]
        there = drafts.get(draft.draft_id)
        if there is not None and there != compared(draft.task_id, draft.author, draft.text):
            findings.add(FILE, "its task, author or text is not what drafts.jsonl has", draft.draft_id)


def _rows(folder: Path, manifest: Manifest, name: str, level: str, findings: Faults) -> Iterator[object]:
    return rows_of_lines(folder, SHAPES[name], manifest.tables.get(name), level, findings)  # type: ignore[call-overload]
