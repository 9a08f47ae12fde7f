"""Does the gold follow? Every draft goes by once with its labels and decisions; what they settle is held against the gold.

The tables have their drafts in one order, so one row of each is looked at, whatever the size of the release.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Generic, NamedTuple, TypeVar

from touchstone.releasing.counting import Census, Tally
from touchstone.releasing.manifest import Manifest
from touchstone.releasing.pages.all_pages import level_of_rubric
from touchstone.releasing.policy import DraftRows, gold_of_draft
from touchstone.releasing.tables import (
    INTEGER,
    LEVEL,
    REMOVED,
    SHAPES,
    SUPERSEDED,
    ChangeRow,
    CheckRow,
    DecisionRow,
    DraftRow,
    GoldRow,
    LeftOutRow,
    Level,
    ReleasedLabel,
    Row,
    Shape,
    TaskRow,
    as_row,
)
from touchstone.releasing.verifying.findings import Faults
from touchstone.releasing.verifying.table_rows import rows_of_lines
from touchstone.rubric.model import Rubric

OfADraft = TypeVar("OfADraft", ReleasedLabel, DecisionRow, CheckRow, GoldRow, LeftOutRow)


class Counted(NamedTuple):
    """What was counted while the drafts went by."""

    census: Census
    tally: Tally


class _InTurn(Generic[OfADraft]):
    """The rows of a table that belong to one draft after the other."""

    def __init__(self, rows: Iterator[OfADraft]) -> None:
        self._rows: Iterator[OfADraft] = rows
        self.next: OfADraft | None = next(rows, None)
        self.number = 1

    def of(self, draft_id: str) -> list[OfADraft]:
        found: list[OfADraft] = []
        while self.next is not None and self.next.draft_id == draft_id:
            found.append(self.next)
            self.next = next(self._rows, None)
            self.number += 1
        return found


class Following:
    """One walk through a release. `walk` finds what does not follow."""

    def __init__(self, folder: Path, manifest: Manifest, rubric: Rubric, findings: Faults) -> None:
        self._folder, self._manifest, self._rubric, self._findings = folder, manifest, rubric, findings
        self._level = level_of_rubric(rubric)
        self._terms = manifest.terms
        self._values: Mapping[str, Sequence[Level]] = {each.key: each.values for each in rubric.dimensions}
        self._annotators = {each.name: each.annotators for each in self._terms.rounds}
        self._label_ids: set[int] = set()
        self._checked, self._wrong = Counter[int](), Counter[int]()

    def _rows(self, name: str) -> Iterator[tuple[object, ...]]:
        terms = self._manifest.tables.get(name)  # type: ignore[call-overload]
        rows = rows_of_lines(self._folder, SHAPES[name], terms, self._level, self._findings)
        places = [place for place, column in enumerate(SHAPES[name].columns) if column.kind == LEVEL]
        if self._level == INTEGER or not places:
            return rows
        return (self._with_levels(SHAPES[name], row, places) for row in rows)

    def _with_levels(self, shape: Shape, row: Row, places: Sequence[int]) -> Row:
        """The row with levels as the rubric declares them, which the tables have as texts."""
        dimension = self._rubric.dimension(str(row[shape.names.index("dimension")]))
        cells = list[object](row)
        for place in places:
            level = dimension.parse(str(cells[place])) if dimension else None
            cells[place] = cells[place] if level is None else level
        return as_row(shape, cells)

    def walk(self) -> Counted:
        counted = Counted(Census(self._rubric, self._terms.keys(self._rubric)), Tally(self._terms, self._rubric))
        tasks = self._tasks()
        labels = _InTurn[ReleasedLabel](self._rows("labels"))  # type: ignore[arg-type]
        decisions = _InTurn[DecisionRow](self._rows("adjudications"))  # type: ignore[arg-type]
        checks = _InTurn[CheckRow](self._rows("spot_checked"))  # type: ignore[arg-type]
        gold = _InTurn[GoldRow](self._rows("gold"))  # type: ignore[arg-type]
        left_out = _InTurn[LeftOutRow](self._rows("left_out"))  # type: ignore[arg-type]
        seen: set[str] = set()
        levels: dict[tuple[str, str], Level] = {}
        has_changes = "changes" in self._manifest.tables
        draft: DraftRow
        for draft in self._rows("drafts"):  # type: ignore[assignment]
            own = DraftRows(gold.of(draft.draft_id), left_out.of(draft.draft_id))
            given, decided = labels.of(draft.draft_id), decisions.of(draft.draft_id)
            checked = checks.of(draft.draft_id)
            task = tasks.get(draft.task_id)
            if self._is_wrong_draft(draft, task, seen) or task is None or self._is_wrong_label(draft, given, decided, checked):
                continue
            due = gold_of_draft(draft, given, decided, checked, self._terms.dimensions, self._terms.policy.policy)
            self._hold(due, own)
            self._count_checks(checked, decided)
            counted.census.add(own)
            counted.tally.add(draft, task.cluster, given)
            if due.waiting and not self._terms.policy.partial:
                self._findings.add("left_out.jsonl", "its cells wait, and the policy leaves none out", draft.draft_id)
            if has_changes:
                levels.update({(row.draft_id, row.dimension): row.value for row in own.gold})
        left: Sequence[
            tuple[str, _InTurn[ReleasedLabel] | _InTurn[DecisionRow] | _InTurn[CheckRow] | _InTurn[GoldRow] | _InTurn[LeftOutRow]]
        ] = (("labels", labels), ("adjudications", decisions), ("spot_checked", checks), ("gold", gold), ("left_out", left_out))
        for name, table in left:
            if table.next is not None:
                what = f"is of {table.next.draft_id}, which is no draft here, or not in the order of the drafts"
                self._findings.add(f"{name}.jsonl", what, f"line {table.number}")
        self._changes(levels)
        self._hold_checks()
        return counted

    def _tasks(self) -> dict[str, TaskRow]:
        found: dict[str, TaskRow] = {}
        task: TaskRow
        for task in self._rows("tasks"):  # type: ignore[assignment]
            if task.task_id in found:
                self._findings.add("tasks.jsonl", "is there twice", task.task_id)
            found[task.task_id] = task._replace(input="")
        return found

    def _is_wrong_draft(self, draft: DraftRow, task: TaskRow | None, seen: set[str]) -> bool:
        what = ""
        if draft.draft_id in seen:
            what = "is there twice"
        elif draft.round not in self._annotators:
            what = f"is of the round {draft.round}, which is not in the manifest"
        elif task is None:
            what = f"is of the task {draft.task_id}, which is not in tasks.jsonl"
        elif task.partition != draft.partition:
            what = f"is of another partition than its task {task.task_id}"
        seen.add(draft.draft_id)
        if what:
            self._findings.add("drafts.jsonl", what, draft.draft_id)
        return bool(what)

    def _is_wrong_label(
        self, draft: DraftRow, labels: Sequence[ReleasedLabel], decisions: Sequence[DecisionRow], checks: Sequence[CheckRow]
    ) -> bool:
        """Whether something is wrong with a label of the draft, a decision on it or a check of it, by itself."""
        replaced = [each.supersedes for each in labels if each.supersedes is not None]
        who = self._annotators[draft.round]
        before, own = len(self._label_ids), {each.label_id for each in labels}
        current: set[tuple[str, str]] = set()
        wrong: list[tuple[str, str, str]] = []
        for each in labels:
            what = self._out_of_place(draft, each)
            if each.annotator not in who:
                what = f"{each.annotator} is no annotator of {draft.round}"
            elif (each.label_id in replaced) != (each.state == SUPERSEDED) or each.label_id in self._label_ids:
                what = f"label {each.label_id} is not {each.state}, or there twice"
            elif each.state != SUPERSEDED and (each.annotator, each.dimension) in current:
                what = f"{each.annotator} has two current labels"
            if each.state != SUPERSEDED:
                current.add((each.annotator, each.dimension))
            self._label_ids.add(each.label_id)
            wrong += [("labels.jsonl", what, each.dimension)] if what else []
        if len(own) != len(labels) or len(self._label_ids) != before + len(own) or not own.issuperset(replaced):
            wrong.append(("labels.jsonl", "a label is there twice, or takes the place of one that is not there", "all labels"))
        if max(len({each.annotator for each in labels}), draft.skips) > draft.labels_owed:
            wrong.append(("drafts.jsonl", "more annotators labelled or skipped it than were to", "labels_owed"))
        for one in decisions:
            if what := self._out_of_place(draft, one):
                wrong.append(("adjudications.jsonl", what, one.dimension))
        for check in checks:
            if what := self._out_of_place(draft, check):
                wrong.append(("spot_checked.jsonl", what, check.dimension))
        if len({each.dimension for each in decisions}) != len(decisions):
            wrong.append(("adjudications.jsonl", "a cell has two decisions in force", "all decisions"))
        for file, what, cell in wrong:
            self._findings.add(file, what, f"{draft.draft_id} / {cell}")
        return bool(wrong)

    def _out_of_place(self, draft: DraftRow, row: ReleasedLabel | DecisionRow | CheckRow) -> str:
        if (row.task_id, row.partition, row.round) != (draft.task_id, draft.partition, draft.round):
            return "its task, partition or round is not that of its draft"
        if row.dimension not in self._terms.dimensions.of_round[draft.round]:
            return f"{draft.round} has no dimension {row.dimension}"
        if row.value not in self._values.get(row.dimension, ()):
            return f"the rubric has no level {row.value} of it"
        return ""

    def _hold(self, due: DraftRows, own: DraftRows) -> None:
        """Hold the gold of a draft, and what is left out of it, against what follows."""
        if due == own:
            return
        should = _by_dimension(due)
        is_there = _by_dimension(own)
        for key in dict.fromkeys([*should, *is_there]):
            follows, found = should.get(key), is_there.get(key)
            if follows == found:
                continue
            file = "gold.jsonl" if isinstance(found, GoldRow) or found is None else "left_out.jsonl"
            named = found or follows
            cell = f"{named.draft_id if named else ''} / {key}"
            self._findings.add(file, f"has {_told(found)}; its labels and decisions give {_told(follows)}", cell)
        if len(should) == len(due.gold) + len(due.left_out) and len(is_there) != len(own.gold) + len(own.left_out):
            self._findings.add("gold.jsonl", "a cell is there twice", own.gold[0].draft_id if own.gold else "")

    def _count_checks(self, checks: Sequence[CheckRow], decisions: Sequence[DecisionRow]) -> None:
        decided = {each.dimension: each.value for each in decisions}
        for each in checks:
            self._checked[each.spot_check] += 1
            self._wrong[each.spot_check] += each.value != each.agreed and decided.get(each.dimension) != each.agreed

    def _hold_checks(self) -> None:
        """Hold what the manifest says of spot checks against the cells that were checked."""
        told = {each.number: (each.checked, each.wrong) for each in self._terms.spot_checks if each.checked}
        found = {number: (checked, self._wrong[number]) for number, checked in self._checked.items()}
        if told != found:
            self._findings.add("manifest.json", "what it says of spot checks is not what spot_checked.jsonl has")
        for each in self._terms.spot_checks:
            if not each.wrong <= each.checked <= each.drawn <= each.cells:
                self._findings.add(
                    "manifest.json", f"spot check {each.number} has more cells checked than drawn, or than there are"
                )

    def _changes(self, levels: Mapping[tuple[str, str], Level]) -> None:
        if self._terms.supersedes is None and "changes" in self._manifest.tables:
            self._findings.add("changes.jsonl", "lists changes, and this release takes the place of none")
        row: ChangeRow
        for row in self._rows("changes"):  # type: ignore[assignment]
            here = levels.get((row.draft_id, row.dimension))
            if here != row.after or (row.after is None) != (row.change == REMOVED):
                cell = f"{row.draft_id} / {row.dimension}"
                self._findings.add("changes.jsonl", f"says {row.after} now, and the gold has {here}", cell)


def _by_dimension(of_draft: DraftRows) -> dict[str, GoldRow | LeftOutRow]:
    found: dict[str, GoldRow | LeftOutRow] = {row.dimension: row for row in of_draft.gold}
    found.update({row.dimension: row for row in of_draft.left_out})
    return found


def _told(row: GoldRow | LeftOutRow | None) -> str:
    if row is None:
        return "nothing"
    if isinstance(row, LeftOutRow):
        return f"no gold ({row.because})"
    if row.source == "adjudicated":
        return f"{row.value} (adjudicated, decision {row.adjudication_id}, labels {row.label_ids})"
    return f"{row.value} ({row.source}, labels {row.label_ids}{', flagged' if row.flagged else ''})"
