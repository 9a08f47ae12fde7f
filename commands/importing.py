"""Commands on labels from elsewhere."""

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from commands import As, Files, document, read, store, verb, who
from terminal.label_tables import show_label_guesses
from terminal.waiting.progress import so_far
from touchstone.cli.printing import say
from touchstone.cli.verbs import Json
from touchstone.english import listed, many
from touchstone.errors import Refused, option, with_options
from touchstone.importing.formats import FORMATS
from touchstone.importing.mapped.label_mapping import LabelColumn, LabelMapping
from touchstone.importing.mapped.mapped_labels import AS_SAID
from touchstone.importing.vocabulary import Answers
from workflow.importing import label_preview, label_sets, label_tables
from workflow.importing.label_files import File, FileAsRead, FileOnDisk, LabelFile
from workflow.importing.large_files import LARGE
from workflow.importing.origins import MADE_BY

MEANS = "missing, or a level"


class Told(TypedDict):
    """What a preview and an import are told alike."""

    rubric: str
    made_by: str
    annotators: list[str]
    said: Answers
    format: str
    strict: bool
    origins: dict[str, str]


@verb("import-labels")
def import_labels(
    files: Files,
    set_: Annotated[str, typer.Option("--set", help="the name of the label set", metavar="NAME")],
    made_by: Annotated[str, typer.Option(help=f"who made the labels: {', '.join(MADE_BY)}")],
    rubric: Annotated[str, typer.Option(help="the rubric version whose dimensions and levels they use")],
    format: Annotated[str, typer.Option(help=f"{', '.join(FORMATS)}; auto finds it in the file")] = "auto",
    annotator: Annotated[list[str] | None, typer.Option(help="one per file; the file's stem when left out")] = None,
    blank: Annotated[str, typer.Option(help=f"what an empty cell means: {MEANS}")] = "",
    na: Annotated[str, typer.Option(help=f"what N/A means: {MEANS}")] = "",
    unsure: Annotated[str, typer.Option(help=f"what ? means: {MEANS}")] = "",
    false: Annotated[str, typer.Option("--false", help=f"what false and no mean: {MEANS}", metavar="LEVEL")] = "",
    true: Annotated[str, typer.Option("--true", help=f"what true and yes mean: {MEANS}", metavar="LEVEL")] = "",
    reverse: Annotated[bool, typer.Option("--reverse", help="the scale is reversed in the files: reverse the levels")] = False,
    slots_are_people: Annotated[
        str, typer.Option(help="whether raters named by a slot (rater 1) are one person each: yes or no", metavar="yes|no")
    ] = "",
    dimension: Annotated[str, typer.Option(help="the dimension of labels that name none", metavar="KEY")] = "",
    unit: Annotated[str, typer.Option(help="the column or field that names the unit, where it is not found by itself")] = "",
    dimension_field: Annotated[
        str, typer.Option(help="the column or field that names the dimension, where it is not found by itself", metavar="FIELD")
    ] = "",
    annotator_field: Annotated[
        str, typer.Option(help="the column, or path of a record (meta.rater), that names the annotator", metavar="FIELD")
    ] = "",
    value_field: Annotated[
        list[str] | None,
        typer.Option(
            help="a column or path (scores[].value) of labels; of which dimension, and by whom, where no column says it",
            metavar="FIELD[=KEY][ by NAME]",
        ),
    ] = None,
    called: Annotated[
        list[str] | None, typer.Option(help="what the file calls a dimension; a blank key leaves it out", metavar="NAME=KEY")
    ] = None,
    means: Annotated[list[str] | None, typer.Option(help="what a word of the file means", metavar="WORD=LEVEL|missing")] = None,
    raters: Annotated[str, typer.Option(help="the columns that hold one rater's labels each", metavar="COL,COL")] = "",
    sheets: Annotated[str, typer.Option(help="what several sheets of a workbook are", metavar="annotators|parts|first")] = "",
    scores: Annotated[
        str, typer.Option(help="what a judge's scores from 0 to 1 are, on a scale with other levels", metavar="level|share")
    ] = "",
    same_ids: Annotated[
        str, typer.Option(help="whether ids that differ only in form (T-7 and t-7, 007 and 7) are the same", metavar="yes|no")
    ] = "",
    same_annotators: Annotated[
        str, typer.Option(help="whether annotators that differ only in form (Ana and ana) are one", metavar="yes|no")
    ] = "",
    unstated: Annotated[str, typer.Option(help="what responses without a status in the export are: submitted")] = "",
    origin: Annotated[
        list[str] | None, typer.Option(help="who made one annotator's labels, where it differs", metavar="NAME=KIND")
    ] = None,
    strict: Annotated[bool, typer.Option("--strict", help="refuse columns that are not dimensions")] = False,
    preview: Annotated[
        bool, typer.Option("--preview", "--dry-run", help="show how the files are read, and store nothing")
    ] = False,
    as_json: Json = False,
    as_: As = "",
) -> None:
    """Import labels from other tools as a label set: CSV, XLSX, Label Studio, doccano, Argilla, Potato, Prodigy, scores.

    Any other table, JSON or Parquet: say what its columns are: --unit, --annotator-field, --dimension-field, --value-field.

    Example: python manage.py import-labels round1.csv round2.csv --set seed --made-by program --rubric tenacious-v1
    """
    engine = store()
    words = {"blank": blank, "na": na, "unsure": unsure, "false": false, "true": true}
    said = Answers(
        {kind: meant for kind, meant in words.items() if meant},
        reverse,
        _yes_or_no("slots are people or not", "--slots-are-people", slots_are_people),
        dimension,
        unstated,
        unit,
        dimension_field,
        tuple(name for each in raters.split(",") if (name := each.strip())),
        sheets,
        scores,
        _yes_or_no("ids are the same or not", "--same-ids", same_ids),
        _yes_or_no("annotators are the same or not", "--same-annotators", same_annotators),
    )
    columns = (annotator_field, value_field or [], called or [], means or [])
    if any(columns):
        said = replace(said, mappings=dict.fromkeys([path.name for path in files], _mapping(said, *columns)))
    person, given = who(engine, as_), [_file(path) for path in files]
    told: Told = {
        "rubric": rubric,
        "made_by": made_by,
        "annotators": annotator or [],
        "said": said,
        "format": format,
        "strict": strict,
        "origins": _origins(origin or []),
    }
    if preview:
        with so_far("rows read") as tell:
            shown = label_preview.preview_labels(person, engine, given, **told, tell=tell)
        document(shown.as_json()) if as_json else _show_preview(shown)
        for file, read_as in zip(given, shown.files, strict=True):
            if not as_json and not read_as.is_known and (offered := label_tables.offered_columns(person, engine, file, rubric)):
                show_label_guesses(file.name, offered.guesses)
        if shown.problems or shown.questions:
            raise Refused(
                f"as it stands this would be refused: {many(len(shown.problems), 'problem')} to fix, "
                f"{many(len(shown.questions), 'question')} to answer",
                shown.problems,
            )
        return
    with so_far("rows read") as tell:
        made = label_sets.import_labels(person, engine, given, name=set_, **told, tell=tell)
    if as_json:
        return document(made.as_json())
    say(made.sentence)
    say(f"  made by {made.made_by_in_words}; {made.joined.sentence}")
    for each in made.read:
        _show_rest(each)
    for sentence in made.told:
        say(f"  ! {sentence}")
    for sentence in made.suspicions:
        say(f"  ! suspicious: {sentence}")


def _file(path: Path) -> LabelFile:
    """A file; one that is large is read where it lies. Raises Refused where it cannot be read."""
    is_large = path.is_file() and os.access(path, os.R_OK) and path.stat().st_size > LARGE
    return FileOnDisk(path) if is_large else File(path.name, read(path))


def _mapping(said: Answers, annotator: str, values: Sequence[str], called: Sequence[str], means: Sequence[str]) -> LabelMapping:
    """What options say of the columns."""
    if not said.unit:
        raise Refused("no column is said to name the unit; say which holds the id of what was labelled: --unit and its name")
    labels = [_label_column(each) for each in values] or [LabelColumn(name, "", name) for name in said.raters]
    return LabelMapping(
        said.unit,
        annotator,
        said.dimension_field,
        tuple(labels),
        _pairs("--called", "NAME=KEY, or NAME= to leave it out", called),
        _pairs("--means", "WORD=LEVEL, as in --means good=3, or WORD=missing", means),
    )


def _label_column(given: str) -> LabelColumn:
    """ "FIELD", "FIELD=KEY", "FIELD=KEY by NAME", "FIELD= by NAME"; a field with = in its name ends in = where no key follows."""
    column, _, said = given.rpartition("=") if "=" in given else (given, "", "")
    key, _, who = f" {said} ".partition(" by ")
    return LabelColumn(column.strip(), key.strip(), who.strip())


def _pairs(option: str, form: str, given: Sequence[str]) -> dict[str, str]:
    parts = [each.rpartition("=") for each in given]
    if wrong := [each for each, (name, _, _) in zip(given, parts, strict=True) if not name.strip()]:
        raise Refused(f"“{wrong[0]}” says nothing: {option} takes {form}")
    return {name.strip(): meant.strip() for name, _, meant in parts}


def _origins(given: list[str]) -> dict[str, str]:
    parts = [each.rpartition("=") for each in given]
    if wrong := [each for each, (who, _, _) in zip(given, parts, strict=True) if not who.strip()]:
        raise Refused(f"{wrong[0] or 'a blank'} names no annotator; --origin takes NAME=KIND, as in --origin scorer=program")
    return {who.strip(): kind.strip() for who, _, kind in parts}


def _yes_or_no(what: str, option: str, given: str) -> bool | None:
    if given not in ("", "yes", "no"):
        raise Refused(f"{what}: {option} takes yes or no, not {given}")
    return {"yes": True, "no": False}.get(given)


def _show_rest(each: FileAsRead) -> None:
    """What of a file does not stand among the labels."""
    if each.left_out:
        say(f"  left out of {each.name}: {', '.join(each.left_out)}")
    if each.does_not_count:
        say(f"  not counted in {each.name}: {each.does_not_count}")
    for remark in each.remarks:
        say(f"  ! {each.name}: {remark}")
    if each.ways:
        say(f"    {with_options('said by options', each.ways)}")


def _show_preview(made: label_preview.Preview) -> None:
    say(f"nothing was stored; this would be {made.sentence}")
    for each in made.files:
        say(f"\n{each.name}: {each.format}, {many(each.labels, 'label')} by {listed(each.annotators) or 'nobody'}")
        for field in each.fields:
            say(f"  {field.name}: {field.role}")
        for row in each.first if each.format.startswith(AS_SAID) else ():
            say(f"  > {row.unit}, {row.annotator}: {row.dimension} {row.value}")
        _show_rest(each)
    say(f"\n{made.joined.sentence}")
    if made.scale:
        say(f"the scale is {made.scale}" + ("" if made.scale.startswith("turned") else "; if not, say --reverse"))
    for sentence in made.told:
        say(f"! {sentence}")
    for sentence in made.suspicions:
        say(f"! suspicious: {sentence}")
    for question in made.questions:
        or_field = f", or {option('dimension_field')} {' or '.join(question.fields)}" if question.fields else ""
        say(f"? {question.sentence} Say {option(question.key)} {' or '.join(question.choices)}{or_field}")
