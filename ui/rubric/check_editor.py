"""The checks of the next version, one at a time: the old YAML beside the new, its own examples tried as it is typed, and texts of
disagreements taken into it."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from touchstone.english import many
from touchstone.errors import Problem
from touchstone.rubric.model import Rubric
from touchstone.scorer.proving.own_examples import Tried, TriedExample
from touchstone.scorer.scoring import Finding
from ui.base import panels
from ui.base.markup import NOTHING, draw
from ui.base.session import messages
from ui.rubric import diff
from ui.rubric import next_version as writing
from ui.rubric.titles import title_of
from ui.scorer import findings as marking
from workflow.people.people import Person
from workflow.rubric import example_texts, next_version
from workflow.rubric.example_texts import Differing
from workflow.rubric.unfinished_version import CheckPlace, Unfinished, unfinished

STEPS = ("add_check", "remove_check", "keep_check", "add_text", "add_example", "keep_rest")  # told where they are on the page
EMPTY_TEXT = Markup("<em>an empty text</em>")
_NOT_YET = "Its own examples are tried once the file is valid: {} above."
MOST_OFFERED = 60  # disagreements in the list
TAKEN = (
    "Taking a text from a disagreement marks its draft, and every draft of its task, as discussed: the new version is "
    "measured on others. An example also takes what the facts read from its task; a check tries all its texts with the task "
    "it names."
)


def pick(person: Person, engine: sa.Engine, found: Unfinished, key: str) -> CheckPlace | None:
    """Which check is being written, with what can be done to the list of them; None where the dimension has none."""
    checks = found.checks(key)
    names, asked = [called(each) for each in checks], st.query_params.get("check", "")
    # Another list is another box: one that stayed would show the name of the check that stood there before.
    drawn = sha256("\n".join(names).encode()).hexdigest()[:12]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        place = None
        if checks:
            start = names.index(asked) if asked in names else 0
            place = st.selectbox(
                "Check",
                range(len(checks)),
                index=start,
                key=f"check-{found.name}-{key}-{drawn}",
                format_func=names.__getitem__,
                width=420,
            )
        chosen = checks[place] if place is not None else None
        if chosen:
            verb, label, more = (
                (_add, "Put it back", chosen.name) if chosen.place is None else (_remove, "Remove this check", chosen)
            )
            st.button(label, on_click=verb, args=(person, engine, found, key, more), key="remove-check")
        st.button("Add a check", on_click=_add, args=(person, engine, found, key), key="add-check")
    if chosen:
        st.query_params["check"] = called(chosen)
    else:
        st.query_params.pop("check", None)
        panels.text("This dimension has no checks of its own; its scoring may name those of others.", quiet=True)
    return chosen


def called(check: CheckPlace) -> str:
    return f"{check.name} (removed)" if check.place is None else check.name if check.before else f"{check.name} (new)"


def outcome(*steps: str) -> None:
    """What the last button did or was refused, where those of these verbs are on the page."""
    if messages.last_verb() in steps:
        panels.outcome()


def _add(person: Person, engine: sa.Engine, found: Unfinished, key: str, again: str = "") -> None:
    messages.attempt(next_version.add_check, person, engine, found.after, key, again)
    now = [each for each in unfinished(person, engine, found.after).checks(key) if each.place is not None]
    if now:
        st.query_params["check"] = called(now[-1])


def _remove(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace) -> None:
    messages.attempt(next_version.remove_check, person, engine, found.after, key, check)
    st.query_params["check"] = f"{check.before} (removed)"


def keep_check(person: Person, engine: sa.Engine, base: str, key: str, check: CheckPlace, raw: str, *, was: str) -> None:
    """Keep the check, and stay at it where it is called otherwise now."""
    next_version.keep_check(person, engine, base, key, check, raw, was=was)
    now = unfinished(person, engine, base).checks(key)
    st.query_params["check"] = next((called(each) for each in now if each.place == check.place), "")


def old_and_new(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace) -> None:
    """The check as it was on the left, as it is to be on the right."""
    raw = found.raw_check(key, check).strip("\n")
    _old_and_new(
        f"Check {check.before or check.name}",
        found.old_check(key, check),
        raw,
        "The new check, as YAML" if check.place is not None else "",
        keep_check,
        person,
        engine,
        found.after,
        key,
        check,
    )
    if found.runs is None:  # else its own examples tell
        _wrong(found.problems_of(key, check))


def rest(person: Person, engine: sa.Engine, found: Unfinished, key: str) -> None:
    """What else the dimension holds: its scoring and its examples, the old beside the new."""
    _old_and_new(
        "Scoring and examples",
        found.old_rest(key),
        found.raw_rest(key).strip("\n"),
        "New scoring and examples, as YAML",
        next_version.keep_rest,
        person,
        engine,
        found.after,
        key,
    )
    if found.runs is None:
        _wrong(found.problems_of_rest(key))
    _changed(found, "What changes in scoring and examples", found.changed_rest(key))


def _old_and_new(title: str, before: str, raw: str, label: str, verb, *args) -> None:
    left, right = st.columns([5, 6], gap="medium")
    lines = max(sum(len(line) // 68 + 1 for line in words.split("\n")) for words in (before, raw))
    height = max(120, min(60 + 18 * lines, 380))
    with left:
        draw(
            Markup(
                '<div class="ts-before"><b>{name}</b><pre class="ts-yaml" tabindex="0" aria-label="{name}" '
                'style="max-height: {height}px">{yaml}</pre></div>'
            ).format(name=f"{title}, before", height=height - 24, yaml=before.strip() or "–")
        )
    with right, st.container(key=f"yaml-{verb.__name__}"):
        if label:
            writing.box(label, raw, verb, *args, height=height)
        else:
            panels.text("It is removed from the new version.")


def _wrong(problems: Iterable[Problem]) -> None:
    panels.notes(f"Line {each.line} of this box: {each.reason}" for each in problems)


def changed(found: Unfinished, key: str, check: CheckPlace) -> None:
    """What is written otherwise in the check, item by item."""
    _changed(found, f"What changes in {check.name}", found.changed_check(key, check))


def _changed(found: Unfinished, caption: str, values: Sequence) -> None:
    if values:
        diff.table(caption, (found.after, found.name), (), values)


def own_examples(found: Unfinished, key: str, check: CheckPlace | None) -> None:
    """The texts of the check beside the examples of the dimension, tried with the file as it stands."""
    left, right = st.columns([5, 6], gap="medium")
    if check:
        with left:
            texts(found, key, check)
    with right:
        examples(found, key)
    if not check and found.runs is None:
        panels.text(_NOT_YET.format(many(len(found.problems), "problem")), quiet=True)


def texts(found: Unfinished, key: str, check: CheckPlace) -> None:
    """The texts of a check, tried: with the file, or alone while something else in the file is wrong or not written yet."""
    tried = found.tried(key, check)
    if tried is None or tried.rubric is None:
        panels.notes(panels.sentence_case(each.reason) + "." for each in (tried.problems if tried else ()))
        panels.text(_NOT_YET.format(many(len(found.problems), "problem")), quiet=True)
        return
    with_task = tried.texts[0].task if tried.texts else ""
    task = f" It is tried with the facts of the file’s task “{with_task}”." if with_task else ""
    _tried(
        f"What {check.name} must and must not find",
        [(text.is_right, _found(text), text.text, text.findings) for text in tried.texts],
        tried.rubric,
        task,
    )


def examples(found: Unfinished, key: str) -> None:
    """The examples of a dimension that has any, or is scored, with the levels they get."""
    made = found.tried_examples(key)
    if made is not None and found.runs and (made or found.raw_rest(key).strip()):
        _tried(
            f"Examples of {title_of(found.runs, key)}",
            [(each.is_right, _gets(each), each.example.draft, each.score.findings) for each in made],
            found.runs,
        )


def _found(each: Tried) -> str:
    """Whether a text was found, and whether that is as it must be."""
    if each.is_right:
        return f"{each.kind}: {'found' if each.findings else 'not found'}"
    return f"Wrong: a {each.kind} must {'be found, but is not' if each.kind == 'hit' else 'not be found, but is'}"


def _gets(each: TriedExample) -> str:
    """Which level an example gets by which line, and whether it must."""
    made = f"gets {_level(each.score.value)}: {each.score.because or each.score.reason}"
    return made if each.is_right else f"Wrong: must get {_level(each.example.level)}, {made}"


def _level(value: int | str | None) -> str:
    return "not scorable" if value is None else str(value)


def _tried(title: str, rows: list[tuple[bool, str, str, Iterable[Finding]]], rubric: Rubric, more: str = "") -> None:
    wrong = sum(not right for right, *_ in rows)
    said = (
        f"{wrong} of {len(rows)} {'comes' if wrong == 1 else 'come'} out wrong."
        if wrong
        else f"{many(len(rows), 'text')}, as expected."
        if rows
        else "None yet."
    )
    tried = NOTHING
    for right, words, text, findings in sorted(rows, key=lambda row: row[0]):
        drawn = EMPTY_TEXT
        if text.strip():
            drawn = marking.marked(text, marking.in_order({finding: () for finding in findings}, rubric), numbers=False)
        tried += Markup('<li><b class="ts-{}">{}</b><div class="ts-marking">{}</div></li>').format(
            "right" if right else "wrong", words, drawn
        )
    draw(
        Markup(
            '<section class="ts-tried" aria-label="{title}"><b>{title}</b> <span class="ts-{kind}">{said}</span>'
            '<small>{more}</small><ol tabindex="0">{tried}</ol></section>'
        ).format(title=title, kind="wrong" if wrong else "right", said=said, more=more, tried=tried)
    )


def take(person: Person, engine: sa.Engine, found: Unfinished, key: str, check: CheckPlace | None) -> bool:
    """A text of a disagreement into the check, or among the examples of the dimension, by one press. Whether there is one."""
    dimension = found.base.dimension(key) if found.base else None
    offered = example_texts.differing(person, engine, found.after, key) if dimension else []
    if dimension is None or not offered:
        return False
    base, several = found.after, len({each.round for each in offered}) > 1
    levels = dimension.values
    with st.container(key="take", horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            "Take a text from a disagreement",
            offered[:MOST_OFFERED],
            width=520,
            key=f"taken-{found.name}-{key}",
            format_func=lambda each: _offered(each, several),
        )
        if check and check.place is not None:
            for kind, label in (("hit", "Must be found"), ("miss", "Must not be found")):
                st.button(
                    label,
                    key=f"take-{kind}",
                    on_click=_take,
                    help=f"Add to {kind} of the check",
                    args=(
                        f"{kind} of {check.name}",
                        chosen,
                        example_texts.add_text,
                        person,
                        engine,
                        base,
                        key,
                        check,
                        *chosen[:2],
                        kind,
                    ),
                )
        start = levels.index(chosen.adjudicated) if chosen.adjudicated in levels else None
        level = st.selectbox(
            "Level", levels, index=start, placeholder="–", width=120, key=f"level-{chosen.round}-{chosen.draft_id}-{key}"
        )
        st.button(
            "Add as an example",
            key="take-example",
            disabled=level is None,
            on_click=_take,
            help="Adds it to the examples of the dimension, to get that level",
            args=("the examples", chosen, example_texts.add_example, person, engine, base, key, *chosen[:2], level),
        )
    return True


def _take(where: str, chosen: Differing, verb, *args) -> None:
    before = messages.refusals()
    messages.attempt(verb, *args)
    if messages.refusals() == before:
        messages.report(f"The text of {chosen.draft_id} was added to {where}, and the draft is marked as discussed.")


def _offered(each: Differing, several: bool) -> str:
    return (
        f"{each.draft_id} · {each.labels}"
        + (f" · adjudicated {each.adjudicated}" if each.adjudicated is not None else "")
        + (f" · {each.round}" if several else "")
    )
