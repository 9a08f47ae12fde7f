"""One check in boxes, for whom YAML is not at hand: its kind, what it looks for, its message, and texts to try it on."""

import re

import sqlalchemy as sa
import streamlit as st

from touchstone.files.yaml_tree import Path
from ui.base import choice_boxes, panels
from ui.base.session import messages, tab
from ui.rubric import check_editor
from ui.rubric import next_version as writing
from workflow.people.people import Person
from workflow.rubric import check_entries
from workflow.rubric.unfinished_version import CheckPlace, Unfinished, list_in, unfinished

EMPTY = " is empty;"
WAYS = {"boxes": "In boxes", "yaml": "As YAML"}
KINDS = {
    "phrase": "Phrase list: words with their plurals and other forms",
    "regex": "Regular expression",
    "length": "Length: fewest and most words",
    "fact": "Fact: a value in the draft held against the task's",
    "token": "Words of a fact, looked up in the draft",
}
LISTS = {
    "tokens": {
        "phrase": "Phrases, one a line",
        "regex": "Patterns, one a line",
        "fact": "Patterns, one a line, with {number}, or {value} for a word",
    },
    "exceptions": {"phrase": "Let through: phrases, one a line", "regex": "Let through: patterns, one a line"},
}
TEXTS = {"hit": "Must be found in, one text a line", "miss": "Must not be found in, one text a line"}


def in_boxes_or_yaml(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, ways: str) -> bool:
    """A check in boxes or as YAML, as one chooses: `ways` begins with the one that is shown at first. Whether it is in boxes, its
    texts tried beside them; one that was removed, or keeps the file from being read, is YAML."""
    if found.aside or check.place is None:
        check_editor.old_and_new(person, engine, found, key, check)
        return False
    titles = {way: WAYS[way] for way in ways.split()}
    if choice_boxes.one_of("Check as", titles, f"check-as-{ways.split()[0]}") == "yaml":
        check_editor.old_and_new(person, engine, found, key, check)
        return False
    of_check(person, engine, found, key, check)
    return True


def of_check(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace) -> None:
    """The boxes of a check; where one of its texts has several lines, that box is left to the YAML."""
    place = found.place(key)
    path: Path = (*(place or ()), "checks", check.place or 0)
    if place is None or check.place is None or not found.has((*path, "extends")):
        panels.text("This check cannot be shown in boxes: write it as YAML.")
        return
    kind = found.text((*path, "extends"))
    left, right = st.columns(2, gap="medium")
    with left:
        with st.container(horizontal=True):
            _text("Name", person, engine, found, key, check, path, "name", width=200)
            _kind(person, engine, found, key, check, kind)
        for entry, labels in LISTS.items():
            if kind in labels:
                _list(labels[kind], person, engine, found, key, check, path, entry)
        if kind == "length":
            with st.container(horizontal=True):
                for entry, label in (("min", "Fewest words"), ("max", "Most words")):
                    _count(label, person, engine, found, key, check, path, entry)
        if kind in ("fact", "token"):
            _fact(person, engine, found, key, check, path)
        _text("Message at the place that was found; %s is what was found", person, engine, found, key, check, path, "message")
    if found.runs is None:  # else its own texts tell
        panels.notes(
            panels.sentence_case(each.reason) + "." for each in found.problems_of(key, check) if EMPTY not in each.reason
        )
    with right:
        for entry, label in TEXTS.items():
            _list(label, person, engine, found, key, check, path, entry)
        check_editor.texts(found, key, check)


def _kind(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, kind: str) -> None:
    names = [*KINDS, *([kind] if kind not in KINDS else [])]
    box = f"kind-{found.name}-{key}-{check.place}-{len(names)}"
    tab.follow(box, kind)
    st.selectbox(
        "Kind",
        names,
        key=box,
        format_func=lambda name: KINDS.get(name, name or "–"),
        on_change=_keep_kind,
        args=(person, engine, found, key, check, box),
    )


def _keep_kind(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, box: str) -> None:
    messages.attempt(check_entries.keep_check_kind, person, engine, found.after, key, check, tab.value_of(box))


def _text(
    label: str, person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, path: Path, entry: str, **more
) -> None:
    writing.box(
        label, found.text((*path, entry)), _keep_words, person, engine, found.after, key, check, entry, height=None, **more
    )


def _keep_words(
    person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace, entry: str, words: str, *, was: str | None = None
) -> None:
    """Keep one line of a check, and stay at it where it is called otherwise now."""
    typed = " ".join(words.split())
    if entry == "name":
        typed = re.sub(r"[^a-z0-9_-]+", "-", typed.lower()).strip("-")
    check_entries.keep_check_entry(person, engine, base, key, check, entry, typed, was=was)
    if entry == "name":
        now = unfinished(person, engine, base).checks(key)
        st.query_params["check"] = next((check_editor.called(each) for each in now if each.place == check.place), "")


def _list(
    label: str, person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, path: Path, entry: str
) -> None:
    texts = [str(each) for each in list_in(found.reads, path, entry)]
    if any("\n" in each for each in texts):
        panels.text(f"{label.split(',')[0]}: one of them has several lines; change it as YAML.", quiet=True)
        return
    height = max(68, min(30 + 24 * (len(texts) + 1), 200))
    writing.box(label, "\n".join(texts), _keep_list, person, engine, found.after, key, check, entry, height=height)


def _keep_list(
    person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace, entry: str, words: str, *, was: str | None = None
) -> None:
    texts = [line.strip() for line in words.splitlines() if line.strip()]
    value = None if entry == "exceptions" and not texts else texts
    check_entries.keep_check_entry(person, engine, base, key, check, entry, value, was=was)


def _count(
    label: str, person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, path: Path, entry: str
) -> None:
    text = found.text((*path, entry))
    box = f"{entry}-{found.name}-{key}-{check.place}"
    tab.follow(box, int(text) if text.isdecimal() and len(text) < 6 else None)
    st.number_input(
        label, 0, 99_999, None, key=box, width=150, on_change=_keep_count, args=(person, engine, found, key, check, entry, box)
    )


def _keep_count(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, entry: str, box: str) -> None:
    value = tab.value_of(box)
    messages.attempt(
        check_entries.keep_check_entry, person, engine, found.after, key, check, entry, None if value is None else int(value)
    )


FACT_KINDS = ("name", "word", "number", "amount", "counts", "phrases")


def _fact(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, path: Path) -> None:
    """Which fact a check compares with, how it is read from a task, and the task its texts are tried with."""
    facts = [str(each["key"]) for each in list_in(found.reads, (), "facts") if isinstance(each, dict) and each.get("key")]
    now = found.text((*path, "fact"))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if facts:
            box = f"fact-{found.name}-{key}-{check.place}-{'-'.join(facts)}"
            tab.follow(box, now if now in facts else None)
            st.selectbox(
                "Fact",
                facts,
                index=None,
                key=box,
                width=200,
                on_change=_keep_fact_of_check,
                args=(person, engine, found, key, check, box),
            )
        st.button(
            "New fact",
            key="new-fact",
            on_click=messages.attempt,
            args=(check_entries.add_fact, person, engine, found.after, key, check),
        )
    if now not in facts:
        return
    at: Path = ("facts", facts.index(now))
    field = found.text((*at, "from"))
    with st.container(horizontal=True):
        writing.box("Field of the task", field, _keep_fact, person, engine, found.after, now, "from", height=None, width=200)
        kind = found.text((*at, "kind"))
        box = f"fact-kind-{found.name}-{now}"
        tab.follow(box, kind if kind in FACT_KINDS else None)
        st.selectbox(
            "Its value is a",
            FACT_KINDS,
            index=None,
            key=box,
            width=150,
            on_change=_keep_fact_kind,
            args=(person, engine, found, now, box),
        )
    patterns = "\n".join(str(each) for each in list_in(found.reads, at, "patterns"))
    writing.box(
        "How the task says it: patterns, one a line, as in open roles: {number}",
        patterns,
        _keep_patterns,
        person,
        engine,
        found.after,
        now,
        "patterns",
        height=80,
    )
    if field:
        writing.box(
            f"Example task: what its field {panels.literal(field)} says",
            found.text(("tasks", 0, "input", field)),
            _keep_task,
            person,
            engine,
            found.after,
            field,
            height=68,
        )


def _keep_fact_of_check(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace, box: str) -> None:
    messages.attempt(check_entries.keep_check_entry, person, engine, found.after, key, check, "fact", tab.value_of(box))


def _keep_fact_kind(person: Person, engine: sa.Engine, found: Unfinished, fact: str, box: str) -> None:
    messages.attempt(check_entries.keep_fact_entry, person, engine, found.after, fact, "kind", tab.value_of(box))


def _keep_fact(
    person: Person, engine: sa.Engine, base: str, fact: str, entry: str, words: str, *, was: str | None = None
) -> None:
    check_entries.keep_fact_entry(person, engine, base, fact, entry, words.strip(), was=was)


def _keep_patterns(
    person: Person, engine: sa.Engine, base: str, fact: str, entry: str, words: str, *, was: str | None = None
) -> None:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    check_entries.keep_fact_entry(person, engine, base, fact, entry, lines, was=was)


def _keep_task(person: Person, engine: sa.Engine, base: str, field: str, words: str, *, was: str | None = None) -> None:
    check_entries.keep_example_task(person, engine, base, field, words.strip(), was=was)
