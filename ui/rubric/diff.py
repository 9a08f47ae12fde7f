"""Two rubric versions side by side, and the meeting between them, as a page draws them."""

import html
from collections.abc import Iterable, Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.errors import Refused
from touchstone.rubric.changes import TextChange, ValueChange
from touchstone.rubric.diff import Revision
from touchstone.rubric.model import Rubric
from touchstone.rubric.word_diff import DELETED, INSERTED, Stretch
from ui.base import navigation, panels
from workflow.rubric import versions
from workflow.rubric.outdated_labels import named


def beside_another(engine: sa.Engine, rubric: Rubric, others: Sequence[str]) -> None:
    """A version and, once another is chosen, what changed between the two; the other one stands on the side of its number."""
    if not others:
        return
    asked = st.query_params.get("beside", "")
    other = st.selectbox(
        "Beside another version",
        others,
        index=others.index(asked) if asked in others else None,
        placeholder="Choose one to see what changed",
        key=f"beside-{rubric.name}",
    )
    if other is None:
        st.query_params.pop("beside", None)
        return
    st.query_params.update(rubric=rubric.name, beside=other)
    between(engine, *sorted((rubric.name, other), key=lambda name: named(name).version))


def between(engine: sa.Engine, before: str, after: str) -> None:
    """What changed from one version to another, or why that cannot be told."""
    try:
        found = versions.compare_versions(engine, before, after)
    except Refused as refusal:
        panels.refusal(refusal.sentence, [str(each) for each in refusal.problems])
        return
    changes(found, is_stored=True)


def changes(found: Revision, *, is_stored: bool = False) -> None:
    """What changed, a row a text or value: before on the left, after on the right. `is_stored`: both have a file, so that a link
    says which drafts they score otherwise."""
    panels.section(f"{found.before.name} and {found.after.name}")
    panels.text(found.sentence)
    if is_stored:
        st.page_link(
            navigation.page("effect"),
            label="Which drafts get another level",
            query_params={"before": found.before.name, "after": found.after.name},
        )
    if found.texts or found.values:
        _rows("All dimensions", "", found, found.texts, found.values)
    for each in found.changed:
        checks = [
            ValueChange(
                f"check {name}",
                *(
                    ("", f"added: {found.check(each.key, name)}")
                    if kind == "added"
                    else (f"removed: {found.check(each.key, name)}", "")
                ),
            )
            for kind, names in (("added", each.checks.added), ("removed", each.checks.removed))
            for name in names
        ]
        checks += [one._replace(what=f"check {check.name}: {one.what}") for check in each.checks.changed for one in check.values]
        _rows(each.title, each.in_words, found, each.texts, [*each.values, *checks])


def _rows(title: str, what: str, found: Revision, texts: Iterable[TextChange], values: Iterable[ValueChange]) -> None:
    table(f"{title}: {what}" if what else title, (found.before.name, found.after.name), texts, values)


def table(caption: str, names: tuple[str, str], texts: Iterable[TextChange], values: Iterable[ValueChange]) -> None:
    """Texts as a word diff, values and lists side by side: what was on the left, what is on the right."""
    rows = "".join(
        f"<tr><th scope='row'>{html.escape(panels.sentence_case(each.what))}</th>"
        f"<td>{words(each.stretches, INSERTED)}</td><td>{words(each.stretches, DELETED)}</td></tr>"
        for each in texts
    )
    for each in values:
        before, after = ("<br>".join(words([line], "") for line in side) or "–" for side in each.sides)
        rows += f"<tr><th scope='row'>{html.escape(panels.sentence_case(each.what))}</th><td>{before}</td><td>{after}</td></tr>"
    st.html(
        f'<div class="ts-wide"><table class="ts-table ts-diff"><caption>{html.escape(caption)}</caption>'
        f"<thead><tr><th></th><th scope='col'>{html.escape(names[0])}</th>"
        f"<th scope='col'>{html.escape(names[1])}</th></tr></thead><tbody>{rows}</tbody></table></div>"
    )


def words(stretches: Sequence[Stretch], without: str) -> str:
    """One side of a word diff as HTML, what is only on the other side (`without`) left out."""
    made = ""
    for each in stretches:
        if each.kind == without:
            continue
        text = html.escape(each.text)
        made += f"<del>{text}</del>" if each.kind == DELETED else f"<ins>{text}</ins>" if each.kind == INSERTED else text
    return made
