"""The export of gold labels with their history: what its files say.

The agreement report goes out with them, so this module reaches statsmodels; the home page does not reach it.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store import closed_rounds as stored_closed_rounds
from db.store.counts import StoredCounts
from db.store.record import events as stored_events
from touchstone.data.gold import ADJUDICATED, AGREED, SINGLE, Cell, Standing
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.files.writing.delimited import Value, write_delimited
from touchstone.files.writing.zipped import zipped_files
from touchstone.rubric.model import Rubric
from workflow.agreement.counts_behind import stored_or_counted
from workflow.agreement.reports import agreement_of_rounds
from workflow.events.recording import note_event
from workflow.exporting.label_export import refuse_who_still_labels
from workflow.gold.cells import cells_by_draft, counted_cells, round_with_cells
from workflow.gold.export_folder import EXPORTED, FILES, MANIFEST, write_export
from workflow.gold.tables import COLUMNS, PLAIN, Form, GoldInParts, SomeGold, table_files
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, refuse_all_held_back, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared, level_of


@verb
def files_of(
    person: Person, engine: sa.Engine, round_name: str, *, partial: bool = False, with_single: bool = False, form: Form = PLAIN
) -> dict[str, bytes]:
    """The files of an export, by name; the same store gives the same bytes. `form` adds files, and changes none but the manifest,
    which names them; with a byte order mark every CSV begins with one.

    Of what is sealed nothing is in it; the manifest says how many drafts that is.

    Raises Refused while cells wait, saying how many, unless `partial` leaves them out (the manifest names them).
    `with_single` lets out what was labelled once, as planned, marked as such; and lone cells (`Cell.is_lone`), which the manifest
    then names.
    """
    how = _How(partial, with_single, form)
    with TemporaryDirectory(prefix="touchstone-gold-") as folder:
        return {name: (Path(folder) / name).read_bytes() for name in _write(person, engine, round_name, Path(folder), how)}


@verb
def export_gold(
    person: Person,
    engine: sa.Engine,
    round_name: str,
    to: Path,
    *,
    partial: bool = False,
    with_single: bool = False,
    form: Form = PLAIN,
) -> Path:
    """Write an export into the folder `to`, whole or not at all; an earlier export of the same round is replaced. Its manifest
    has, beside what `files_of` gives, the head of the record as it is then.

    Raises Refused as files_of does, and when `to` holds anything else.
    """
    try:
        with TemporaryDirectory(prefix="touchstone-gold-") as made:
            files = _write(person, engine, round_name, Path(made), _How(partial, with_single, form))
            manifest = _with_head(person, engine, Path(made))
            folder = write_export(to, Path(made), files, manifest)
    except OSError as wrong:
        raise Refused(f"{to} cannot be written ({wrong.strerror}); name another folder") from None
    _note(person, engine, folder / MANIFEST)
    return folder


@verb
def gold_archive(
    person: Person, engine: sa.Engine, round_name: str, *, partial: bool = False, with_single: bool = False, form: Form = PLAIN
) -> bytes:
    """The same files as the bytes of a ZIP, for whoever does not sit at the machine that would write them. Raises Refused as
    files_of does."""
    with TemporaryDirectory(prefix="touchstone-gold-") as made:
        files = _write(person, engine, round_name, Path(made), _How(partial, with_single, form))
        _with_head(person, engine, Path(made))
        content = zipped_files({name: Path(made) / name for name in files})
        _note(person, engine, Path(made) / MANIFEST)
    return content


class _How(NamedTuple):
    """What an export is asked to be."""

    partial: bool
    with_single: bool
    form: Form

    @property
    def sources(self) -> tuple[str, ...]:
        return (AGREED, ADJUDICATED, SINGLE) if self.with_single else (AGREED, ADJUDICATED)


def _write(person: Person, engine: sa.Engine, round_name: str, folder: Path, how: _How) -> list[str]:
    """Write the files of an export into a folder, some drafts in hand at a time; their names in order."""
    with reading(leaving(engine), person) as connection:
        # Before anything is counted: who may not see all its cells is refused whatever they hold.
        found = round_with_cells(connection, round_name)
        refuse_who_still_labels(connection, person, found, "an export")
        rubric = rubrics.of_round(connection, found.id)
        counted = counted_cells(connection, found, rubric)
        refuse_all_held_back(found)
        waiting = sum(each.waiting for each in counted.standings) - (counted.lone if how.with_single else 0)
        if waiting and not how.partial:
            raise Refused(
                f"{many(waiting, 'cell')} of {found.name} "
                f"{'is' if waiting == 1 else 'are'} waiting for adjudication; decide "
                f"{'it' if waiting == 1 else 'them'}, or export only what is settled",
                way=("partial",),
            )
        lone = counted.lone if how.with_single else 0
        if not lone + sum(each.by_state.get(state, 0) for each in counted.standings for state in how.sources):
            raise Refused(f"nothing is settled in {found.name} yet; there is no gold to export")
        counts = stored_or_counted(connection, found, rubric)
        about = _About(found, rubric)
        with (folder / "gold.csv").open("wb") as table, (folder / "gold.jsonl").open("wb") as lines:
            write_delimited(table, COLUMNS, _rows(connection, about, how, lines), bom=how.form.bom)
        parts = GoldInParts(found, rubric, lambda: _parts(connection, found, rubric, how), lambda cell: _table_row(about, cell))
        further, of_table = table_files(connection, parts, how.form, folder)
    (folder / "agreement.json").write_bytes(_agreement(person, engine, found.name))
    names = [*FILES[:-1], *further]
    manifest = about.manifest(counts, {name: _digest(folder / name) for name in names}, how)
    (folder / MANIFEST).write_bytes(_json({**manifest, "table": of_table} if of_table else manifest))
    return [*names, MANIFEST]


def _rows(connection: sa.Connection, about: "_About", how: _How, lines: BinaryIO) -> Iterator[Sequence[Value]]:
    """The rows of gold.csv; each is written into `lines` as a record of gold.jsonl on its way."""
    for part in cells_by_draft(connection, about.found, about.rubric):
        history = _history(connection, about.found, about.rubric, part.ids)
        settled = about.take(part.cells, how)
        lines.write(_jsonl(about, settled, history))
        yield from (list(_table_row(about, cell).values()) for cell in settled)


def _parts(connection: sa.Connection, found: Round, rubric: Rubric, how: _How) -> Iterator[SomeGold]:
    """The cells for the tables that the form asks for."""
    for part in cells_by_draft(connection, found, rubric):
        cells = [cell.as_planned for cell in part.cells] if how.with_single else part.cells
        yield SomeGold(part.ids, cells, [cell for cell in cells if cell.state in how.sources])


def _with_head(person: Person, engine: sa.Engine, folder: Path) -> dict[str, Any]:
    """With the head of the record in the manifest: kept outside the store, it tells a record that is cut short later. How many
    events there were would tell whoever labels a draft again whether it was adjudicated."""
    with reading(engine, person) as connection:
        _, head = stored_events.head(connection)
    manifest = {**json.loads((folder / MANIFEST).read_bytes()), "record": {"head": head}}
    (folder / MANIFEST).write_bytes(_json(manifest))
    return manifest


def _note(person: Person, engine: sa.Engine, file: Path) -> None:
    content = file.read_bytes()
    manifest, digest = json.loads(content), hashlib.sha256(content).hexdigest()
    with reading(engine, person) as connection:
        number = row_of(connection, manifest["round"]).id
    subject = {"round": manifest["round"], "round_id": number, "rows": manifest["rows"], "manifest": digest}
    note_event(person, engine, EXPORTED, **subject)


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _history(connection: sa.Connection, found: Round, rubric: Rubric, ids: Sequence[int]) -> Mapping[tuple[str, str], list[dict]]:
    history: dict[tuple[str, str], list[dict]] = {}
    for row in stored_closed_rounds.history_of_closed_round(connection, found.id, ids):
        history.setdefault((row.draft_id, row.dimension), []).append(
            {
                "label_id": row.label,
                "annotator": row.annotator,
                "value": level_of(declared(rubric, row.dimension), row.value),
                "labelled_at": row.labelled_at.isoformat(),
                "supersedes": row.supersedes,
            }
        )
    return history


def _row(about: "_About", cell: Cell) -> dict[str, Any]:
    return {
        "task_id": cell.task_id,
        "draft_id": cell.draft_id,
        "dimension": cell.dimension,
        "value": cell.value,
        "source": cell.state,
        "round": about.found.name,
        "rubric": about.rubric.name,
        "rubric_digest": about.rubric.digest,
        "label_ids": cell.sources,
        "adjudication_id": cell.decision.adjudication if cell.decision else None,
    }


def _table_row(about: "_About", cell: Cell) -> dict[str, Any]:
    """As `_row`, every value one that a cell of a table holds."""
    row = _row(about, cell)
    return {**row, "label_ids": " ".join(map(str, row["label_ids"]))}


def _jsonl(about: "_About", cells: Sequence[Cell], history: Mapping[tuple[str, str], list[dict]]) -> bytes:
    lines = []
    for cell in cells:
        was = cell.decision
        lines.append(
            json.dumps(
                {
                    **_row(about, cell),
                    "labels": history.get((cell.draft_id, cell.dimension), []),
                    "adjudication": was
                    and {
                        "value": was.value,
                        "reason": was.reason,
                        "cause": was.cause,
                        "adjudicator": was.adjudicator,
                        "also_labelled": was.also_labelled,
                        "decided_at": was.decided_at.isoformat(),
                    },
                },
                ensure_ascii=False,
            )
        )
    return "".join(line + "\n" for line in lines).encode()


def _agreement(person: Person, engine: sa.Engine, round_name: str) -> bytes:
    """The agreement report with its second opinion. To nine decimals: the tenth differs between processors."""
    return _json(_to_nine(agreement_of_rounds(person, leaving(engine), [round_name]).as_json()))


def _to_nine(content: Any) -> Any:
    if isinstance(content, float):
        return round(content, 9)
    if isinstance(content, Mapping):
        # How far libraries are apart is all processor: the largest difference is left out.
        return {key: _to_nine(value) for key, value in content.items() if key != "largest_difference"}
    return [_to_nine(each) for each in content] if isinstance(content, list | tuple) else content


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _meant_for_more(cell: Cell) -> dict[str, Any]:
    return {"draft_id": cell.draft_id, "dimension": cell.dimension, "labels_owed": cell.owed}


class _About:
    """What the manifest says of an export, taken from its cells as they go by."""

    def __init__(self, found: Round, rubric: Rubric):
        self.found, self.rubric = found, rubric
        self.rows = self.drafts = 0
        self.moments = [found.closed_at] if found.closed_at else []
        self.states: dict[str, Counter[str]] = {key: Counter() for key in found.dimensions}
        self.levels: dict[str, Counter[Any]] = {key: Counter() for key in found.dimensions}
        self.left_out: list[dict[str, Any]] = []
        self.lone: list[dict[str, Any]] = []

    def take(self, cells: Sequence[Cell], how: _How) -> list[Cell]:
        """Those of the cells of some drafts that leave."""
        if how.with_single:
            self.lone += [_meant_for_more(cell) for cell in cells if cell.is_lone]
            cells = [cell.as_planned for cell in cells]
        settled = []
        for cell in cells:
            state = cell.state
            self.states[cell.dimension][state] += 1
            if state in how.sources:
                settled.append(cell)
                self.levels[cell.dimension][cell.value] += 1
            else:
                self.left_out.append({"draft_id": cell.draft_id, "dimension": cell.dimension, "because": state})
        self.rows += len(settled)
        self.drafts += len({cell.draft_id for cell in settled})
        self.moments = [max(self.moments + [cell.decision.decided_at for cell in settled if cell.decision])]
        return settled

    def manifest(self, counts: Mapping[str, StoredCounts], files: Mapping[str, str], how: _How) -> dict[str, Any]:
        """`files`: the digest of each by its name."""
        closed_at = self.found.closed_at
        return {
            "round": self.found.name,
            "sample": self.found.is_sample,
            "kind": self.found.kind,
            "closed_at": closed_at and closed_at.isoformat(),
            "closed_early": self.found.early_reason,
            "as_of": max(self.moments).isoformat(),
            "partial": how.partial,
            "annotators": list(self.found.annotators),
            "rubric": self.rubric.name,
            "rubric_digest": self.rubric.digest,
            "rows": self.rows,
            "drafts": self.drafts,
            "dimensions": {key: self._of_dimension(key, counts[key]) for key in self.found.dimensions},
            "left_out": self.left_out,
            **({"sealed_drafts_left_out": self.found.sealed} if self.found.sealed else {}),
            **({"single_and_meant_for_more": self.lone} if self.lone else {}),
            "files": dict(files),
        }

    def _of_dimension(self, key: str, counts: StoredCounts) -> dict[str, Any]:
        values, of_state = declared(self.rubric, key).values, self.states[key]
        stands = Standing(key, dict(of_state), {})
        return {
            "levels": list(values),
            "by_level": {str(value): self.levels[key][value] for value in values},
            "agreed": of_state[AGREED],
            "adjudicated": of_state[ADJUDICATED],
            "single": of_state[SINGLE],
            "waiting": stands.waiting,
            "adjudicated_share": stands.adjudicated_share,
            "label_patterns": counts.patterns,
            "clusters": counts.clusters,
        }
