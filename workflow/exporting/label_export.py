"""Export the raw labels of a closed round as one file, and say beside it what it holds and what it left out."""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from hashlib import file_digest, sha256
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, NamedTuple

import sqlalchemy as sa

from db.engine import leaving, reading
from db.store import assignments as stored_assignments
from touchstone.english import listed, many
from touchstone.errors import NotYourTurn, Refused
from touchstone.files.writing.delimited import CountedRows, Value, write_delimited, write_lines
from touchstone.files.writing.workbook import workbook
from touchstone.files.writing.zipped import zipped
from workflow.events.recording import note_event
from workflow.exporting.raw_labels import MISSING, SKIPPED, SUPERSEDED, RawTable, long_table, wide_table
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.rounds.rounds import Round, closed_round, refuse_all_held_back

FORMS = ("csv", "tsv", "xlsx", "jsonl")
BESIDE = ".about.json"


class Exported(NamedTuple):
    """What an export holds: `rows` of it, of labels that count on `drafts`; what is in it and does not count, what
    is not in it, and what was changed for the sake of the form, in sentences."""

    rows: int
    labels: int
    drafts: int
    annotators: tuple[str, ...]
    does_not_count: tuple[str, ...]
    left_out: tuple[str, ...]
    changed: tuple[str, ...]
    about: Mapping[str, Any]


def form_of(name: str, *, bom: bool = False) -> str:
    """The form that a file's ending asks for. Raises Refused for any other."""
    form = PurePath(name).suffix.lower().removeprefix(".")
    if form not in FORMS:
        raise Refused(f"{PurePath(name).name} says no form by its ending; name a file that ends in .csv, .tsv, .xlsx or .jsonl")
    if bom and form not in ("csv", "tsv"):
        raise Refused(f"a byte order mark is for CSV and TSV, not for {form.upper()}; leave it out", way=("bom",))
    return form


@verb
def export_labels(
    person: Person, engine: sa.Engine, round_name: str, to: Path, *, wide: bool = False, codes: bool = False, bom: bool = False
) -> Exported:
    """Write the raw labels of a closed round into the file `to`, in the form of its ending, and what it holds and left out beside
    it (`to` and .about.json), both or neither. An earlier export there is replaced.

    Raises Refused for another ending and when `to` holds anything else, NotYourTurn as `refuse_who_still_labels` does.
    """
    form, to = form_of(to.name, bom=bom), to.resolve()
    beside = to.with_name(to.name + BESIDE)
    try:
        _refuse_foreign(to, beside)
        with TemporaryDirectory(prefix=f".{to.name[:40]}.", dir=to.parent) as folder:
            new, told = Path(folder) / "new", Path(folder) / "about"
            with new.open("wb") as out:
                made = _write(person, engine, round_name, out, form, wide=wide, codes=codes, bom=bom)
            about = {"file": to.name, "sha256": _digest(new), **made.about}
            _refuse_another_round(to, beside, about)
            told.write_bytes(_json(about))
            beside.unlink(missing_ok=True)  # of the file before: never beside another
            new.replace(to)
            told.replace(beside)
    except OSError as wrong:
        raise Refused(f"{to} cannot be written ({wrong.strerror}); name another file") from None
    note_event(person, engine, "export labels", round=round_name, file=to.name, rows=made.rows)
    return made._replace(about=about)


@verb
def labels_workbook(person: Person, engine: sa.Engine, round_name: str, *, wide: bool = False, codes: bool = False) -> bytes:
    """As `export_labels`, as the bytes of a workbook: its sheet About says what is left out."""
    out = io.BytesIO()
    made = _write(person, engine, round_name, out, "xlsx", wide=wide, codes=codes)
    note_event(person, engine, "export labels", round=round_name, rows=made.rows)
    return out.getvalue()


@verb
def labels_archive(
    person: Person, engine: sa.Engine, round_name: str, name: str, *, wide: bool = False, codes: bool = False
) -> bytes:
    """As `export_labels`, as the bytes of a ZIP of the CSV called `name` and of what it left out."""
    table = io.BytesIO()
    made = _write(person, engine, round_name, table, "csv", wide=wide, codes=codes)
    content = table.getvalue()
    about = {"file": name, "sha256": sha256(content).hexdigest(), **made.about}
    note_event(person, engine, "export labels", round=round_name, file=name, rows=made.rows)
    return zipped({name: content, name + BESIDE: _json(about)})


@verb
def held_back(person: Person, engine: sa.Engine, round_name: str) -> str:
    """Why a closed round's labels are not for this person now, in a sentence; "" where they are."""
    try:
        with reading(engine, person) as connection:
            refuse_who_still_labels(connection, person, closed_round(connection, round_name))
    except NotYourTurn as wrong:
        return wrong.sentence
    return ""


def refuse_who_still_labels(connection: sa.Connection, person: Person, found: Round, what: str = "its raw labels") -> None:
    """Raises NotYourTurn for someone who labels drafts of the round in an open one: others' labels could sway them. A file that
    left them out would pass for the round's."""
    if mine := stored_assignments.drafts_in_open_rounds(connection, person.id, found.id):
        raise NotYourTurn(
            f"you are labelling {many(mine, 'draft')} of {found.name} in an open round, and {what} would show how others "
            "labelled them; close that round first, or let someone export who is not labelling in it"
        )


def _write(
    person: Person, engine: sa.Engine, round_name: str, out: BinaryIO, form: str, *, wide: bool, codes: bool, bom: bool = False
) -> Exported:
    with reading(leaving(engine), person) as connection:
        found = closed_round(connection, round_name)
        refuse_who_still_labels(connection, person, found)
        refuse_all_held_back(found)
        table = (wide_table if wide else long_table)(connection, found, codes=codes)
        if form == "xlsx":
            return _write_workbook(out, table, wide)
        rows = CountedRows(table.rows)
        told: list[str] = []
        if form == "jsonl":
            write_lines(out, table.columns, rows)
        else:
            guards = write_delimited(out, table.columns, rows, separator="\t" if form == "tsv" else ",", bom=bom)
            if guards:
                told.append(f"cells with an apostrophe before them, so that no spreadsheet runs them: {guards:,}")
    return _exported(table, rows.number, wide, told)


def _write_workbook(out: BinaryIO, table: RawTable, wide: bool) -> Exported:
    rows = CountedRows(table.rows)
    assert table.found.closed_at, "an open round is refused"
    with workbook(out, table.found.closed_at) as book:
        done = book.add("Labels", table.columns, rows, wide=("note", "skip", "query"))
        made = _exported(table, rows.number, wide, done.sentences)
        book.add("About", ("about", "this file"), about_rows(made.about), wide=("this file",))
    return made


def _exported(table: RawTable, rows: int, wide: bool, told: Sequence[str]) -> Exported:
    found, seen = table.found, table.seen
    words = {
        SUPERSEDED: many(seen[SUPERSEDED], "superseded label"),
        "practice": f"{seen['practice']:,} of practice drafts",
        SKIPPED: f"{seen[SKIPPED]:,} skipped",
        MISSING: f"{seen[MISSING]:,} never handed in",
    }
    gone = {key: said for key, said in words.items() if seen[key]}
    hidden = [gone[key] for key in (SUPERSEDED, "practice") if wide and key in gone]
    left_out = (
        *([f"{many(found.sealed, 'sealed draft')}, with all labels"] if found.sealed else []),
        *([f"{listed(hidden)}: the long form has them"] if hidden else []),
        *(
            ["the ids of labels, by which a gold export with names would tell who is who"]
            if table.codes.by_name and not wide
            else []
        ),
        "the drafts' texts and their tasks' fields: a gold export with texts has those of gold",
        "choices that were never saved: they are no labels",
    )
    about = {
        "what": "raw labels, a row a draft" if wide else "raw labels, a row a label",
        "project": table.codes.within(found.project),
        "round": table.codes.within(found.name),
        "kind": found.kind,
        "sample": found.is_sample,
        "closed_at": found.closed_at and found.closed_at.isoformat(),
        "closed_early": found.early_reason and table.codes.within(found.early_reason),
        "rubric": table.rubric.name,
        "rubric_digest": table.rubric.digest,
        "dimensions": {key: _levels(table, key) for key in found.dimensions},
        "annotators": list(table.annotators),
        "names": "codes" if table.codes.by_name else "as in the round",
        "rows": rows,
        "labels_that_count": seen["current"],
        "drafts": len(table.drafts),
        "in_it_and_not_counted": [] if wide else list(gone.values()),
        "left_out": list(left_out),
        "changed_for_the_form": list(told),
        "columns": dict(table.meanings),
    }
    return Exported(
        rows,
        seen["current"],
        len(table.drafts),
        table.annotators,
        () if wide else tuple(gone.values()),
        left_out,
        tuple(told),
        about,
    )


def _levels(table: RawTable, key: str) -> list[int | str]:
    dimension = table.rubric.dimension(key)
    return list(dimension.values) if dimension else []


def about_rows(about: Mapping[str, Any]) -> Iterator[tuple[str, Value]]:
    """What an export says of itself as rows of two cells: a list or a mapping takes a row a member."""
    for name, value in about.items():
        words = name.replace("_", " ")
        if isinstance(value, Mapping):
            for key, each in value.items():
                yield f"{words}: {key}", ", ".join(map(str, each)) if isinstance(each, list | tuple) else each
        elif isinstance(value, list | tuple):
            yield from ((words, each) for each in value or ["nothing"])
        elif isinstance(value, bool):
            yield words, "yes" if value else "no"
        else:
            yield words, value


def _json(content: Any) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _digest(file: Path) -> str:
    with file.open("rb") as source:
        return file_digest(source, "sha256").hexdigest()


def _refuse_foreign(to: Path, beside: Path) -> None:
    """Raises Refused where the file, or the one beside it, is no earlier export as it was written."""
    if to.is_dir():
        raise Refused(f"{to} is a folder; name a file in it")
    if not to.parent.is_dir():
        raise Refused(f"there is no folder {to.parent}; make it, or name another")
    for path in (to, beside):
        if path.exists() and not path.is_file():
            raise Refused(f"{path} is no ordinary file; name another")
    said = _said_of_itself(beside)
    if said is None or to.exists() and to.stat().st_size and said != _digest(to):
        raise Refused(f"{to} holds something other than an export as it was written, and it would be lost; name another file")


def _refuse_another_round(to: Path, beside: Path, about: Mapping[str, Any]) -> None:
    """Raises Refused where the file there has the labels of another round, or of another project's round of the same name."""
    before = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    for key in ("project", "round", "closed_at"):
        if key in before and before[key] != about[key]:
            raise Refused(f"{to} has the labels of another round ({before.get('round')}); name another file for {about['round']}")


def _said_of_itself(beside: Path) -> str | None:
    """The digest in an .about.json; "" where there is none, None where it is something else."""
    if not beside.exists():
        return ""
    try:
        found = json.loads(beside.read_text("utf-8"))
    except ValueError:
        return None
    return str(found["sha256"]) if isinstance(found, dict) and "sha256" in found else None
