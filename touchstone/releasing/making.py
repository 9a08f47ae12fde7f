"""A release written into a folder: the drafts go by one after the other, each with all that is known of it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path
from typing import NamedTuple

from touchstone.english import many
from touchstone.errors import Refused
from touchstone.releasing.choosing import ChoiceTally
from touchstone.releasing.counting import Census, Tally
from touchstone.releasing.manifest import FILE, FileTerms, Manifest, Terms, as_bytes, as_json
from touchstone.releasing.pages.all_pages import level_of_rubric, pages
from touchstone.releasing.policy import DraftRows, gold_of_draft
from touchstone.releasing.table_files import Splits, TableWriter
from touchstone.releasing.tables import (
    ADDED,
    CHANGED,
    REMOVED,
    SHAPES,
    ChangeRow,
    CheckRow,
    DecisionRow,
    DraftRow,
    Level,
    PreferenceRow,
    ReleasedLabel,
    TaskRow,
)
from touchstone.rubric.model import Rubric

GoldLevels = dict[tuple[str, str], Level]  # by draft and dimension
Heard = Callable[[int], None]


class WholeDraft(NamedTuple):
    """A draft with its task, all labels it was given, the decisions on its cells, and those that were checked."""

    draft: DraftRow
    task: TaskRow
    labels: Sequence[ReleasedLabel]
    decisions: Sequence[DecisionRow]
    checks: Sequence[CheckRow] = ()


class Made(NamedTuple):
    """A release that was written: its manifest, that file's bytes, and the settled levels."""

    manifest: Manifest
    source: bytes
    levels: GoldLevels

    @property
    def digest(self) -> str:
        return sha256(self.source).hexdigest()


class _Tables:
    """The writers of all tables, and of what was there before."""

    def __init__(self, folder: Path, level: str) -> None:
        splits = Splits()
        self.of = {name: TableWriter(folder, shape, level, splits) for name, shape in SHAPES.items()}
        self._tasks: set[str] = set()

    def __enter__(self) -> "_Tables":
        return self

    def __exit__(self, *_: object) -> None:
        for table in self.of.values():
            table.let_go()

    def add(self, whole: WholeDraft, made: DraftRows) -> None:
        if whole.task.task_id not in self._tasks:
            self._tasks.add(whole.task.task_id)
            self.of["tasks"].add(whole.task)
        self.of["drafts"].add(whole.draft)
        for name, rows in (
            ("labels", whole.labels),
            ("adjudications", whole.decisions),
            ("spot_checked", whole.checks),
            *made._asdict().items(),
        ):
            for row in rows:
                self.of[name].add(row)


def write_release(
    folder: Path,
    terms: Terms,
    rubric: Rubric,
    rubric_source: bytes,
    drafts: Iterable[WholeDraft],
    before: Mapping[tuple[str, str], Level] | None = None,
    heard: Heard = lambda _: None,
    choices: Iterable[PreferenceRow] = (),
) -> Made:
    """Write a release into `folder`, which is there and empty. `before`: the settled levels of the release it takes the place of;
    `heard` is told how many drafts are written so far; `choices` are on tasks of these drafts, and read after them.

    Raises Refused while cells wait and the policy does not leave them out, and where nothing is settled.
    """
    tally, census, chosen = Tally(terms, rubric), Census(rubric, terms.keys(rubric)), ChoiceTally(terms)
    waiting, levels, old = 0, GoldLevels(), dict(before or {})
    with _Tables(folder, level_of_rubric(rubric)) as tables:
        for number, whole in enumerate(drafts, start=1):
            made = gold_of_draft(whole.draft, whole.labels, whole.decisions, whole.checks, terms.dimensions, terms.policy.policy)
            waiting += made.waiting
            census.add(made)
            tally.add(whole.draft, whole.task.cluster, whole.labels)
            tables.add(whole, made)
            levels.update({(row.draft_id, row.dimension): row.value for row in made.gold})
            if before is not None:
                _note_changes(tables.of["changes"], whole.draft, made, old)
            heard(number)
        for (draft_id, dimension), value in old.items():
            tables.of["changes"].add(ChangeRow(draft_id, None, None, dimension, REMOVED, value, None))
        _refuse_unfinished(terms, waiting, len(levels))
        for choice in choices:
            chosen.add(choice)
            tables.of["preferences"].add(choice)
        written = {name: terms_of for name, table in tables.of.items() if (terms_of := table.close())}
    agreement = {**tally.document(), **chosen.document()}
    (folder / "rubric.yml").write_bytes(rubric_source)
    (folder / "agreement.json").write_bytes(as_json(agreement))
    manifest = Manifest(
        terms=terms,
        counts=census.counts(),
        preferences=chosen.counts(),
        tables=written,  # type: ignore[arg-type]
        files=digests_in(folder),
    )
    for name, content in pages(manifest, rubric, agreement).items():
        (folder / name).write_bytes(content)
    manifest = manifest.model_copy(update={"files": digests_in(folder)})
    source = as_bytes(manifest)
    (folder / FILE).write_bytes(source)
    return Made(manifest, source, levels)


def _refuse_unfinished(terms: Terms, waiting: int, settled: int) -> None:
    if waiting and not terms.policy.partial:
        is_or_are, them = ("is", "it") if waiting == 1 else ("are", "them")
        raise Refused(
            f"{many(waiting, 'cell')} of {terms.name} {is_or_are} waiting for adjudication; decide {them}, or release only what "
            "is settled",
            way=("partial",),
        )
    if settled:
        return
    if set(terms.flagged) - set(terms.outdated):
        raise Refused(
            "nothing would leave: agreement on every dimension with settled cells is below its threshold; release these "
            "dimensions too, each cell marked",
            way=("flagged",),
        )
    raise Refused(f"nothing of {terms.name} is settled; there is no gold to release")


def _note_changes(changes: TableWriter, draft: DraftRow, made: DraftRows, old: GoldLevels) -> None:
    """Write what is other than before, and take what was compared out of `old`."""
    of_draft = (draft.draft_id, draft.task_id, draft.partition)
    for row in made.gold:
        was = old.pop((row.draft_id, row.dimension), None)
        if was is None or was != row.value:
            changes.add(ChangeRow(*of_draft, row.dimension, ADDED if was is None else CHANGED, was, row.value))
    for left in made.left_out:
        if (was := old.pop((left.draft_id, left.dimension), None)) is not None:
            changes.add(ChangeRow(*of_draft, left.dimension, REMOVED, was, None))


def digests_in(folder: Path) -> dict[str, FileTerms]:
    """Size and digest of every file in a folder, by name."""
    return {path.name: terms_of_file(path) for path in sorted(folder.iterdir())}


def terms_of_file(path: Path) -> FileTerms:
    with path.open("rb") as source:
        return FileTerms(bytes=path.stat().st_size, sha256=file_digest(source, "sha256").hexdigest())
