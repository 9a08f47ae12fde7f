"""Labels from elsewhere on their page: what is asked about the files, and how they would be read."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath
from typing import Any, NamedTuple

import sqlalchemy as sa
import streamlit as st

from touchstone.english import listed, many
from touchstone.errors import Refused, in_short
from touchstone.importing.contract import FileField
from touchstone.importing.mapped.mapped_labels import AS_SAID
from touchstone.importing.vocabulary import Answers, Question
from touchstone.importing.words import MISSING
from ui.base import navigation, panels
from ui.base.session import tab
from ui.data import uploads
from ui.importing import label_table_form
from workflow.importing import label_preview
from workflow.importing.label_files import File, FileAsRead
from workflow.importing.label_preview import Preview
from workflow.importing.origins import MADE_BY, made_by_in_words
from workflow.people.people import Person
from workflow.rounds.rounds import version_in_use
from workflow.rubric import rubrics

KINDS = ["csv", "tsv", "txt", "md", "xlsx", "json", "jsonl", "ndjson", "parquet"]
ASKED_ONCE = ("slots_are_people", "same_ids", "same_annotators", "dimension", "unstated", "sheets", "scores")
FIELDS = 40  # shown of one file


class Asked(NamedTuple):
    """What was answered about some files; `preview` None where they cannot be read at all. `open`: questions left."""

    preview: Preview | None
    more: dict[str, Any]
    open: int


def files() -> list[File]:
    """The files chosen; none after an import."""
    given = uploads.files(
        "Files with labels",
        KINDS,
        key=_key("files"),
        help="CSV, XLSX, Markdown, Label Studio, doccano, Argilla, Potato, Prodigy, promptfoo, or scores: the format is "
        "detected; of any other table you say what its columns are",
    )
    if not given:
        label_table_form.forget()
    return [File(*each) for each in given]


def _key(name: str) -> str:
    return f"set-{name}-{tab.counter('set')}"


def about(engine: sa.Engine, given: Sequence[File]) -> dict[str, Any]:
    """Name, rubric version and who made the labels, side by side."""
    name, rubric, made_by = st.columns(3)
    names = [each.name for each in rubrics.rubric_files(engine) if each.rubric]
    return {
        "name": name.text_input("Name of the set", placeholder="march-elsewhere", key=_key("name")),
        "rubric": rubric.selectbox(
            "Rubric version",
            names,
            index=version_in_use(engine, names),
            key=_key("rubric"),
            help="Whose dimensions and levels the labels use",
        ),
        "made_by": made_by.selectbox(
            "Who made the labels?",
            list(MADE_BY),
            index=None,
            format_func=MADE_BY.__getitem__,
            placeholder="Choose",
            key=_key("made-by"),
            help="Shown with every figure computed from them; it cannot be removed",
        ),
    }


def ask(person: Person, engine: sa.Engine, given: Sequence[File], rubric: str) -> Asked:
    """Whose the files are that name nobody, then everything that they do not say, each as a question."""
    made = _read(person, engine, given, rubric=rubric)
    if made is None:
        return Asked(None, {}, 0)
    are_parts = tab.value_of(_key("ask-sheets")) == "parts"  # asked below, as of any workbook
    told = label_table_form.ask(person, engine, given, made, rubric, sheets_are_parts=are_parts)
    said = Answers(mappings=told.mappings)
    made = _read(person, engine, given, rubric=rubric, said=said) if told.mappings else made
    if made is None or told.is_unfinished:
        return Asked(None, {}, 0)
    whose = _whose(given, made, [name for name, each in told.mappings.items() if each.names_annotators])
    more: dict[str, Any] = {"rubric": rubric, "annotators": whose, "said": said}
    known: set[str] = set()
    with st.container(horizontal=True, key="set-questions"):
        while (made := _read(person, engine, given, **more)) and (new := [q for q in made.questions if q.key not in known]):
            for question in new:
                known.add(question.key)
                more["said"] = _answered(more["said"], question)
        if made and made.rater_columns:
            columns = st.multiselect(
                "Which columns hold one annotator’s labels each?",
                made.rater_columns,
                default=made.rater_columns,
                key=_key("raters"),
            )
            more["said"] = replace(more["said"], raters=tuple(columns) if set(columns) != set(made.rater_columns) else ())
            made = _read(person, engine, given, **more)
        if made and made.places:
            people = st.selectbox(
                panels.literal(f"Is each of {listed(made.places[:6])} one person throughout?"),
                [True, False],
                key=_key("places"),
                format_func=lambda yes: "yes, as the file says" if yes else "no: slots filled by several people",
            )
            more["said"] = replace(more["said"], slots_are_people=people)
            made = _read(person, engine, given, **more)
    open_ = told.open + (len(made.questions) if made else 0)
    if made and (scale := made.scale):
        turned = st.selectbox(
            "Is the scale reversed in these files?",
            [False, True],
            index=None,
            placeholder="Choose",
            key=_key("way"),
            format_func=lambda yes: "yes: reverse the levels" if yes else f"no, {scale}",
        )
        more["said"] = replace(more["said"], reverse=bool(turned))
        made, open_ = _read(person, engine, given, **more) if turned else made, open_ + (turned is None)
    if made:
        more["origins"], unsaid = _origins(made)
        open_ += unsaid
        if told.open:  # what has no label, or is no level, may be so for want of an answer above
            made = replace(made, problems=())
    return Asked(made, more, open_)


def _origins(made: Preview) -> tuple[dict[str, str], int]:
    """Who made the labels of annotators that the files call no people, and of any other that somebody names; how many of the
    first have no answer."""
    others: list[str] = []
    if len(made.annotators) > 1:
        others = st.multiselect(
            "Annotators of another origin than the rest",
            [who for who in made.annotators if who not in made.machines],
            placeholder="None",
            key=_key("others"),
            help="A scorer’s or a model’s labels beside those of people",
        )
    origins: dict[str, str] = {}
    machines = [who for who in made.machines if who in made.annotators]
    for who in [*machines, *others]:
        kind = st.selectbox(
            f"Who made the labels of {panels.literal(who)}?",
            list(MADE_BY),
            index=None,
            placeholder="Choose",
            format_func=MADE_BY.__getitem__,
            key=_key(f"origin-{who}"),
        )
        origins |= {who: kind} if kind else {}
    return origins, len(machines) + len(others) - len(origins)


def _read(person: Person, engine: sa.Engine, given: Sequence[File], **more: Any) -> Preview | None:
    """The files as they would be read; where they cannot be, why, on the page."""
    try:
        return label_preview.preview_labels(person, engine, given, **more)
    except Refused as refusal:
        panels.wrong(refusal.sentence, in_short(refusal.problems))
        return None


def _whose(given: Sequence[File], made: Preview, naming: Sequence[str]) -> list[str]:
    """Who each file's labels are by; asked where the file itself names nobody, as those of `naming` do."""
    whose = [PurePath(file.name).stem for file in given]
    with st.container(horizontal=True, key="set-annotators"):
        return [
            st.text_input(
                f"Whose labels are in {panels.literal(file.name)}?", value=stem, key=_key(f"who-{place}-{file.name}")
            ).strip()
            or stem
            if each.annotators in ((stem,), ()) and file.name not in naming
            else stem
            for place, (file, stem, each) in enumerate(zip(given, whose, made.files, strict=True))
        ]


def _answered(said: Answers, question: Question) -> Answers:
    called = {
        MISSING: "no label",
        "yes": "yes: one person each",
        "no": "no: slots filled by several people",
        "submitted": "yes: all were submitted",
        "annotators": "each sheet is one annotator’s",
        "parts": "the sheets are one table in parts",
        "level": "each is the level itself",
        "share": "shares of the scale: 0 its lowest level, 1 its highest",
        "first": "read only the first of them",
    }
    if question.key in ("same_ids", "same_annotators"):
        called |= {"yes": "yes: they are the same", "no": "no: they differ"}
    chosen = st.selectbox(
        panels.literal(question.sentence),
        [*question.choices, *question.fields],
        index=None,
        placeholder="Choose",
        format_func=lambda each: called.get(each, each),
        key=_key(f"ask-{question.key}"),
    )
    if chosen is None:
        return said
    told: dict[str, Any] = {question.key: chosen}
    if question.key in ("slots_are_people", "same_ids", "same_annotators"):
        told = {question.key: chosen == "yes"}
    elif question.key == "dimension" and chosen in question.fields:
        told = {"dimension_field": chosen}
    if question.key in ASKED_ONCE:
        return replace(said, **told)
    return replace(said, words={**said.words, question.key: chosen})


def show(made: Preview) -> None:
    """How the files would be read, field by field, with what must be looked at first."""
    panels.section("How they are read")
    if made.problems:
        panels.wrong(
            f"{many(len(made.problems), 'problem')} in the files: fix them and choose the files again.", in_short(made.problems)
        )
    if made.labels:
        panels.text(f"{made.sentence}; {made.joined.sentence}.")
    panels.notes(
        [f"Look at this: {each}." for each in made.told]
        + [f"Suspicious: {each}." for each in made.suspicions]
        + [f"{file.name}: {remark}." for file in made.files for remark in file.remarks]
        + [f"Not counted in {file.name}: {file.does_not_count}." for file in made.files if file.does_not_count]
    )
    for place, each in enumerate(file for file in made.files if file.fields):
        by = listed(each.annotators[:6]) or "nobody"
        with st.expander(panels.literal(f"{each.name}: {each.format}, {many(each.labels, 'label')} by {by}"), expanded=place < 2):
            if each.format.startswith(AS_SAID) and each.first:
                panels.table(
                    ("Unit", "annotator", "dimension", "level"),
                    [(row.unit, row.annotator, row.dimension, str(row.value)) for row in each.first],
                    caption="The first labels, as they would be read",
                )
            _fields(each)


def _fields(file: FileAsRead) -> None:
    """Every column or field of a file with what it is read as."""
    there = {name for field in file.fields for name in (field.name, field.name.rpartition(" = ")[2])}
    rows = [*file.fields, *(FileField(name, "left out") for name in file.left_out if name not in there)]
    panels.table(
        ("Column or field", "read as"),
        [tuple(row) for row in rows[:FIELDS]],
        caption=(
            "What is left out was said to be so, or is no dimension of the rubric"
            if file.format.startswith(AS_SAID)
            else "What is left out is neither a dimension of the rubric nor an alias of one"
        )
        + (f"; the first {FIELDS} of {len(rows)}" if len(rows) > FIELDS else ""),
    )


def sets(found: Sequence[sa.Row], suspicions: Sequence[tuple[str, str]]) -> None:
    """Every label set with who made it, each leading to its report."""
    panels.section("In the store")
    panels.table(
        ("Name", "made by", "annotators", "rubric", "read as", "imported (UTC)"),
        [
            (
                row.name,
                made_by_in_words(row),
                _people(row),
                row.rubric,
                listed(list(dict.fromkeys(((row.read_as or {}).get("formats") or {"": "CSV"}).values()))),
                f"{row.imported_at:%d %b %Y %H:%M}",
            )
            for row in found
        ],
        links=[navigation.address("agreement", set=row.name) for row in found],
        caption="Newest first; each name links to its report",
    )
    panels.notes([f"{name}, suspicious: {sentence}." for name, sentence in suspicions])


def _people(row: sa.Row) -> str:
    return (
        listed(row.annotators[:6])
        + (" …" if len(row.annotators) > 6 else "")
        + (" (slots, not people)" if row.slots_are_people is False else "")
    )
