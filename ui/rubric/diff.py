"""Two rubric versions side by side, and the meeting between them, as a page draws them."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from touchstone.errors import Refused
from touchstone.rubric.changes import TextChange, ValueChange
from touchstone.rubric.diff import Revision
from touchstone.rubric.model import Rubric
from touchstone.rubric.word_diff import DELETED, INSERTED, Stretch
from ui.base import panels
from ui.base.markup import NOTHING, draw
from workflow.rubric import versions
from workflow.rubric.outdated_labels import named

LINE_BREAK = Markup("<br>")


def with_another(engine: sa.Engine, rubric: Rubric, others: Sequence[str]) -> None:
    """A version and, once another is chosen, what changed between the two; the other one stands on the side of its number."""
    if not others:
        return
    asked = st.query_params.get("beside", "")
    other = st.selectbox(
        "Compare with another version",
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
        panels.wrong(refusal.sentence, [str(each) for each in refusal.problems])
        return
    changes(found, is_stored=True)


def changes(found: Revision, *, is_stored: bool = False) -> None:
    """What changed, a row a text or value: before on the left, after on the right. `is_stored`: both have a file, so that a link
    says which drafts they score otherwise."""
    panels.section(f"{found.before.name} and {found.after.name}")
    panels.text(found.sentence)
    if is_stored:
        panels.link("effect", "Which drafts get another level", before=found.before.name, after=found.after.name)
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
    rows: list[tuple[str, str, str]] = [
        (text.what, words(text.stretches, INSERTED), words(text.stretches, DELETED)) for text in texts
    ]
    for value in values:
        before, after = (LINE_BREAK.join(words([line], "") for line in side) or "–" for side in value.sides)
        rows.append((value.what, before, after))
    row = Markup("<tr><th scope='row'>{}</th><td>{}</td><td>{}</td></tr>")
    whole = Markup(
        '<table class="ts-table ts-diff"><caption>{}</caption>'
        "<thead><tr><th></th><th scope='col'>{}</th><th scope='col'>{}</th></tr></thead><tbody>{}</tbody></table>"
    ).format(caption, *names, NOTHING.join(row.format(panels.sentence_case(what), *sides) for what, *sides in rows))
    draw(panels.scrolling(whole, caption))


def words(stretches: Sequence[Stretch], without: str) -> Markup:
    """One side of a word diff, what is only on the other side (`without`) left out."""
    marks = {DELETED: Markup("<del>{}</del>"), INSERTED: Markup("<ins>{}</ins>")}
    return NOTHING.join(
        marks.get(stretch.kind, Markup("{}")).format(stretch.text) for stretch in stretches if stretch.kind != without
    )
