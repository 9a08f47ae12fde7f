"""The export of gold labels with their history: what its files say.

The agreement report goes out with them, so this module reaches statsmodels; the home page does not reach it.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store import closed_rounds as stored_closed_rounds
from db.store.counts import StoredCounts
from db.store.record import events as stored_events
from touchstone.data.gold import ADJUDICATED, AGREED, SINGLE, Cell
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.files.writing.delimited import delimited
from touchstone.files.writing.zipped import zipped
from touchstone.rubric.model import Rubric
from workflow.agreement.counts_behind import stored_or_counted
from workflow.agreement.reports import agreement_of_rounds
from workflow.events.recording import note_event
from workflow.exporting.label_export import refuse_who_still_labels
from workflow.gold.cells import round_with_cells
from workflow.gold.export_folder import EXPORTED, write_export
from workflow.gold.gold import Gold, gold_in
from workflow.gold.tables import PLAIN, Form, table_files
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, refuse_all_held_back, row_of
from workflow.rubric.levels import declared, level_of

COLUMNS = (
    "task_id",
    "draft_id",
    "dimension",
    "value",
    "source",
    "round",
    "rubric",
    "rubric_digest",
    "label_ids",
    "adjudication_id",
)


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
    with reading(leaving(engine), person) as connection:
        # Before anything is counted: who may not see all its cells is refused whatever they hold.
        refuse_who_still_labels(connection, person, round_with_cells(connection, round_name), "an export")
        gold = gold_in(connection, round_name)
        refuse_all_held_back(gold.round)
        lone = gold.lone if with_single else ()
        if lone:
            gold = gold.with_lone
        if gold.waiting and not partial:
            raise Refused(
                f"{many(gold.waiting, 'cell')} of {gold.round.name} "
                f"{'is' if gold.waiting == 1 else 'are'} waiting for adjudication; decide "
                f"{'it' if gold.waiting == 1 else 'them'}, or export only what is settled",
                way=("partial",),
            )
        sources = (AGREED, ADJUDICATED, SINGLE) if with_single else (AGREED, ADJUDICATED)
        rows = [cell for cell in gold.cells if cell.state in sources]
        if not rows:
            raise Refused(f"nothing is settled in {gold.round.name} yet; there is no gold to export")
        history = _history(connection, gold.round, gold.rubric)
        counts = stored_or_counted(connection, gold.round, gold.rubric)
        table = [_table_row(gold, cell) for cell in rows]
        further, about = table_files(connection, gold, rows, table, form)
    files = {
        "gold.csv": delimited(COLUMNS, [list(row.values()) for row in table], bom=form.bom),
        "gold.jsonl": _jsonl(gold, rows, history),
        "agreement.json": _agreement(person, engine, gold.round.name),
    }
    files |= further
    manifest = _manifest(gold, rows, counts, files, partial, lone)
    files["manifest.json"] = _json({**manifest, "table": about} if about else manifest)
    return files


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
    files = files_of(person, engine, round_name, partial=partial, with_single=with_single, form=form)
    folder = write_export(to, _with_head(person, engine, files))
    _note(person, engine, files)
    return folder


@verb
def gold_archive(
    person: Person, engine: sa.Engine, round_name: str, *, partial: bool = False, with_single: bool = False, form: Form = PLAIN
) -> bytes:
    """The same files as the bytes of a ZIP, for whoever does not sit at the machine that would write them. Raises Refused as
    files_of does."""
    files = files_of(person, engine, round_name, partial=partial, with_single=with_single, form=form)
    made = zipped(_with_head(person, engine, files))
    _note(person, engine, files)
    return made


def _with_head(person: Person, engine: sa.Engine, files: dict[str, bytes]) -> dict[str, bytes]:
    """With the head of the record in the manifest: kept outside the store, it tells a record that is cut short later. How many
    events there were would tell whoever labels a draft again whether it was adjudicated."""
    with reading(engine, person) as connection:
        _, head = stored_events.head(connection)
    files["manifest.json"] = _json({**json.loads(files["manifest.json"]), "record": {"head": head}})
    return files


def _note(person: Person, engine: sa.Engine, files: Mapping[str, bytes]) -> None:
    manifest, digest = json.loads(files["manifest.json"]), hashlib.sha256(files["manifest.json"]).hexdigest()
    with reading(engine, person) as connection:
        number = row_of(connection, manifest["round"]).id
    subject = {"round": manifest["round"], "round_id": number, "rows": manifest["rows"], "manifest": digest}
    note_event(person, engine, EXPORTED, **subject)


def _history(connection: sa.Connection, found: Round, rubric: Rubric) -> Mapping[tuple[str, str], list[dict]]:
    history: dict[tuple[str, str], list[dict]] = {}
    for row in stored_closed_rounds.history_of_closed_round(connection, found.id):
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


def _row(gold: Gold, cell: Cell) -> dict[str, Any]:
    return {
        "task_id": cell.task_id,
        "draft_id": cell.draft_id,
        "dimension": cell.dimension,
        "value": cell.value,
        "source": cell.state,
        "round": gold.round.name,
        "rubric": gold.rubric.name,
        "rubric_digest": gold.rubric.digest,
        "label_ids": cell.sources,
        "adjudication_id": cell.decision.adjudication if cell.decision else None,
    }


def _table_row(gold: Gold, cell: Cell) -> dict[str, Any]:
    """As `_row`, every value one that a cell of a table holds."""
    row = _row(gold, cell)
    return {**row, "label_ids": " ".join(map(str, row["label_ids"]))}


def _jsonl(gold: Gold, cells: Sequence[Cell], history: Mapping[tuple[str, str], list[dict]]) -> bytes:
    lines = []
    for cell in cells:
        was = cell.decision
        lines.append(
            json.dumps(
                {
                    **_row(gold, cell),
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


def _manifest(
    gold: Gold,
    rows: Sequence[Cell],
    counts: Mapping[str, StoredCounts],
    files: Mapping[str, bytes],
    partial: bool,
    lone: Sequence[Cell],
) -> dict:
    kept = {(cell.draft_id, cell.dimension) for cell in rows}
    closed_at = gold.round.closed_at
    moments = [cell.decision.decided_at for cell in rows if cell.decision] + ([closed_at] if closed_at else [])
    return {
        "round": gold.round.name,
        "sample": gold.round.is_sample,
        "kind": gold.round.kind,
        "closed_at": closed_at and closed_at.isoformat(),
        "closed_early": gold.round.early_reason,
        "as_of": max(moments).isoformat(),
        "partial": partial,
        "annotators": list(gold.round.annotators),
        "rubric": gold.rubric.name,
        "rubric_digest": gold.rubric.digest,
        "rows": len(rows),
        "drafts": len({cell.draft_id for cell in rows}),
        "dimensions": {
            each.dimension: {
                "levels": list(declared(gold.rubric, each.dimension).values),
                "by_level": {
                    str(value): sum(cell.dimension == each.dimension and cell.value == value for cell in rows)
                    for value in each.by_value
                },
                "agreed": each.by_state.get(AGREED, 0),
                "adjudicated": each.by_state.get(ADJUDICATED, 0),
                "single": each.by_state.get(SINGLE, 0),
                "waiting": each.waiting,
                "adjudicated_share": each.adjudicated_share,
                "label_patterns": counts[each.dimension].patterns,
                "clusters": counts[each.dimension].clusters,
            }
            for each in gold.standings
        },
        "left_out": [
            {"draft_id": cell.draft_id, "dimension": cell.dimension, "because": cell.state}
            for cell in gold.cells
            if (cell.draft_id, cell.dimension) not in kept
        ],
        **({"sealed_drafts_left_out": gold.round.sealed} if gold.round.sealed else {}),
        **({"single_and_meant_for_more": [_meant_for_more(cell) for cell in lone]} if lone else {}),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
