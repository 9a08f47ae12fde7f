"""Gold: what is settled and what waits, and the export with its history."""

import csv
import glob
import hashlib
import io
import json
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.engine import ROOT, reading
from db.store import adjudications as stored_adjudications
from db.store import assignments as stored_assignments
from db.store import closed_rounds as stored_closed_rounds
from db.store import counts as stored_counts
from touchstone.data.gold import ADJUDICATED, AGREED, SINGLE, Cell, Standing, standing
from touchstone.english import many
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.model import Rubric
from workflow import clock
from workflow.gold.adjudication import cells_of, round_with_cells
from workflow.people.people import Person
from workflow.rounds.rounds import Round
from workflow.rubric import rubrics

EXPORTS = ROOT / "exports"
IN_HAND = 600  # seconds in which a folder beside an export may be another export's in the making
FILES = ("gold.csv", "gold.jsonl", "agreement.json", "manifest.json")
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


@dataclass(frozen=True)
class Gold:
    """A closed round's cells, counted: what would leave, and what waits."""

    round: Round
    rubric: Rubric
    cells: tuple[Cell, ...]
    standings: tuple[Standing, ...]
    held_back: int = 0  # drafts the reader labels in an open round: how often each level was given could sway them

    @property
    def waiting(self) -> int:
        return sum(each.waiting for each in self.standings)

    @property
    def settled(self) -> int:
        return sum(each.settled for each in self.standings)

    @property
    def single(self) -> int:
        return sum(each.by_state.get(SINGLE, 0) for each in self.standings)


def gold_of_round(person: Person, engine: sa.Engine, round_name: str) -> Gold:
    """What is settled in a closed round and what waits. Refuses an open round."""
    with reading(engine) as connection:
        gold = _gold(connection, round_name)
        mine = stored_assignments.in_open_rounds(connection, person.id)
    return replace(gold, held_back=len(mine.keys() & {cell.draft_id for cell in gold.cells}))


def _gold(connection: sa.Connection, round_name: str) -> Gold:
    found = round_with_cells(connection, round_name)
    rubric = rubrics.of_round(connection, found.id)
    cells = tuple(cells_of(connection, found, rubric))
    return Gold(found, rubric, cells, tuple(standing(key, rubric.dimension(key).values, cells) for key in found.dimensions))


def folder_of(found: Round) -> Path:
    """Where the round's export goes unless told otherwise: exports/ and the name in plain letters; with a few digits
    of its own where that folder holds another round's export."""
    plain = "".join(
        letter if letter.isalnum() else "-"
        for letter in unicodedata.normalize("NFKD", found.name).encode("ascii", "ignore").decode().lower()
    )
    slug = "-".join(part for part in plain.split("-") if part)
    own = hashlib.sha256(f"{found.name} {found.closed_at}".encode()).hexdigest()[:8]
    before = _holds(EXPORTS / slug) if slug else None
    ours = (found.name, found.closed_at.isoformat(), found.rubric_digest, list(found.annotators))
    return EXPORTS / (slug if slug and (before is None or _whose(before) == ours) else f"{slug or 'round'}-{own}")


def files_of(
    person: Person, engine: sa.Engine, round_name: str, *, partial: bool = False, with_single: bool = False
) -> dict[str, bytes]:
    """The files of an export, by name; the same store gives the same bytes.

    Raises Refused while cells wait, saying how many, unless `partial` leaves them out (the manifest names them).
    `with_single` lets out what was labelled once, as planned, marked as such.
    """
    with reading(engine) as connection:
        gold = _gold(connection, round_name)
        if gold.waiting and not partial:
            raise Refused(
                f"{many(gold.waiting, 'cell')} of {gold.round.name} "
                f"{'waits' if gold.waiting == 1 else 'wait'} for adjudication; decide "
                f"{'it' if gold.waiting == 1 else 'them'}, or export what is settled with --partial"
            )
        sources = (AGREED, ADJUDICATED, SINGLE) if with_single else (AGREED, ADJUDICATED)
        rows = [cell for cell in gold.cells if cell.state in sources]
        if mine := stored_assignments.in_open_rounds(connection, person.id).keys() & {cell.draft_id for cell in rows}:
            raise NotYourTurn(
                f"you label {many(len(mine), 'draft')} of {gold.round.name} in an open round, and an export would "
                "show their labels; close that round first, or let someone export who does not label in it"
            )
        if not rows:
            raise Refused(f"nothing is settled in {gold.round.name} yet; there is no gold to export")
        history = _history(connection, gold.round, gold.rubric)
        counts = stored_counts.counts_of(connection, round_=gold.round.id)
    files = {
        "gold.csv": _csv(gold, rows),
        "gold.jsonl": _jsonl(gold, rows, history),
        "agreement.json": _agreement(person, engine, gold.round.name),
    }
    files["manifest.json"] = _json(_manifest(gold, rows, counts, files, partial))
    return files


def export_gold(
    person: Person, engine: sa.Engine, round_name: str, to: Path, *, partial: bool = False, with_single: bool = False
) -> Path:
    """Write an export into the folder `to`, whole or not at all; an earlier export of the same round is replaced.

    Raises Refused as files_of does, and when `to` holds anything else.
    """
    files = files_of(person, engine, round_name, partial=partial, with_single=with_single)
    to = to.resolve()
    if to == Path.cwd():
        raise Refused("an export replaces its folder whole, so it cannot be the one you stand in; name a folder in it")
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        _sweep(to)
        _refuse_foreign(to, json.loads(files["manifest.json"]))
        with TemporaryDirectory(prefix=f".{to.name}.", dir=to.parent) as beside:
            new, old = Path(beside) / "new", Path(beside) / "old"
            new.mkdir()
            for name, content in files.items():
                (new / name).write_bytes(content)
            if to.exists():
                to.rename(old)
            try:
                new.rename(to)
            except OSError:
                if old.exists():
                    old.rename(to)
                raise
    except OSError as wrong:
        raise Refused(f"{to} cannot be written ({wrong.strerror}); name another folder") from None
    return to


def _sweep(to: Path) -> None:
    """What an export that was killed left beside `to`: removed; the release it had set aside is put back where there is none."""
    for left in sorted(to.parent.glob(f".{glob.escape(to.name)}.*")):
        if (left / "old" / "manifest.json").exists() and not to.exists():
            (left / "old").rename(to)
        if {each.name for each in left.iterdir()} <= {"new", "old"} and clock.now().timestamp() - left.stat().st_mtime > IN_HAND:
            shutil.rmtree(left)


def _whose(manifest: Mapping) -> tuple:
    return tuple(manifest.get(key) for key in ("round", "closed_at", "rubric_digest", "annotators"))


def _holds(to: Path) -> Mapping | None:
    """The manifest of the export in a folder; None where there is none to read."""
    try:
        found = json.loads((to / "manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _refuse_foreign(to: Path, manifest: Mapping) -> None:
    if to.exists() and not to.is_dir():
        raise Refused(f"{to} is a file; name a folder")
    inside = sorted(each.name for each in to.iterdir()) if to.exists() else []
    if not inside:
        return
    if foreign := [name for name in inside if name not in FILES]:
        raise Refused(f"{to} holds {foreign[0]}, which is no part of an export; name an empty or new folder")
    before = _holds(to)
    if before is None or _whose(before) != _whose(manifest):
        what = (
            "something else"
            if before is None
            else (f"another round called {before['round']}" if before.get("round") == manifest["round"] else before.get("round"))
        )
        raise Refused(f"{to} holds an export of {what}; name another folder for {manifest['round']}")


def _history(connection: sa.Connection, found: Round, rubric: Rubric) -> Mapping[tuple[str, str], list[dict]]:
    history: dict[tuple[str, str], list[dict]] = {}
    for row in stored_closed_rounds.history_of_closed_round(connection, found.id):
        history.setdefault((row.draft_id, row.dimension), []).append(
            {
                "label_id": row.label,
                "annotator": row.annotator,
                "value": rubric.dimension(row.dimension).parse(row.value),
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


def _csv(gold: Gold, cells: Sequence[Cell]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for cell in cells:
        row = _row(gold, cell)
        writer.writerow({**row, "label_ids": " ".join(map(str, row["label_ids"]))})
    return out.getvalue().encode()


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
    from workflow.agreement.reports import (
        agreement_of_rounds,  # brings statsmodels: not for the home page, which asks for gold too
    )

    return _json(_to_nine(agreement_of_rounds(person, engine, [round_name]).as_json()))


def _to_nine(content: Any) -> Any:
    if isinstance(content, float):
        return round(content, 9)
    if isinstance(content, Mapping):
        # How far libraries are apart is all processor: the largest difference is left out.
        return {key: _to_nine(value) for key, value in content.items() if key != "largest_difference"}
    return [_to_nine(each) for each in content] if isinstance(content, list | tuple) else content


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _manifest(gold: Gold, rows: Sequence[Cell], counts: Mapping, files: Mapping[str, bytes], partial: bool) -> dict:
    kept = {(cell.draft_id, cell.dimension) for cell in rows}
    moments = [cell.decision.decided_at for cell in rows if cell.decision] + [gold.round.closed_at]
    return {
        "round": gold.round.name,
        "sample": gold.round.is_sample,
        "kind": gold.round.kind,
        "closed_at": gold.round.closed_at.isoformat(),
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
                "levels": list(gold.rubric.dimension(each.dimension).values),
                "by_level": {
                    str(value): sum(cell.dimension == each.dimension and cell.value == value for cell in rows)
                    for value in each.by_value
                },
                "agreed": each.by_state.get(AGREED, 0),
                "adjudicated": each.by_state.get(ADJUDICATED, 0),
                "single": each.by_state.get(SINGLE, 0),
                "waiting": each.waiting,
                "adjudicated_share": each.adjudicated_share,
                "label_patterns": counts[each.dimension][1],
                "clusters": counts[each.dimension][0].clusters,
            }
            for each in gold.standings
        },
        "left_out": [
            {"draft_id": cell.draft_id, "dimension": cell.dimension, "because": cell.state}
            for cell in gold.cells
            if (cell.draft_id, cell.dimension) not in kept
        ],
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }


class Tally(NamedTuple):
    """Cells of a closed round: how many wait, how many are settled."""

    waiting: int
    settled: int


def tally_of_round(person: Person, engine: sa.Engine, found: Round) -> Tally:
    """How many cells of a closed round wait and are settled; counted again only after another adjudication."""
    if not found.has_gold:
        return Tally(0, 0)
    with reading(engine) as connection:
        return _tally(engine, found.name, found.closed_at, stored_adjudications.last_adjudication(connection, found.id))


@lru_cache(maxsize=512)
def _tally(engine: sa.Engine, round_name: str, closed_at: datetime, last_adjudication: int | None) -> Tally:
    with reading(engine) as connection:
        gold = _gold(connection, round_name)
    return Tally(gold.waiting, gold.settled)
