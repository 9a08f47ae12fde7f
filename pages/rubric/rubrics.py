"""Rubrics: every version in rubric_versions/, its dimensions and anchors, and what is wrong with a file."""

import streamlit as st

from touchstone.english import many
from ui.base import navigation, panels, session
from ui.rubric import diff, publishing
from workflow.agreement.papers import codebook
from workflow.rubric import outdated_labels, rubrics

person, engine = session.require_person(), session.engine()
files = rubrics.rubric_files(engine)
published = sum(bool(each.published_digest) for each in files)
if not files:
    panels.nothing(
        "No rubric yet",
        "Put a file such as my-rubric-v1.yml into rubric_versions/; README.md there has the format.",
        [("home", "Home")],
    )
    st.stop()
there = sum(bool(each.rubric or each.problems) for each in files)
panels.heading("Rubrics", f"{many(there, 'rubric version')} in rubric_versions/, {published} published.")
if session.step() != "open_next_round":  # what that did stands at its button
    panels.outcome()

names = [each.name for each in files]
name = panels.pick("Version", names, "rubric")
file = files[names.index(name)]
if file.rubric is None and not file.problems:
    panels.refusal(
        f"{name}.yml, which is published, is gone from rubric_versions/. Rounds go on under it as it was published; "
        "put the file back to open another round under it, or to write its next version."
    )
    st.stop()
if file.is_changed:
    panels.refusal(
        f"{name}.yml has changed since it was published. Rounds go on under the version as published; to use the "
        "change, put the old file back and give the change a version of its own."
    )
if file.rubric is None:
    panels.refusal(
        f"{name}.yml is not a rubric yet: {many(len(file.problems), 'problem')}.", [str(each) for each in file.problems]
    )
    st.stop()

rubric = file.rubric
panels.section(f"{rubric.title}, version {rubric.version}")
panels.text(
    (
        "Published: labels depend on it, and the file must not change. "
        if file.published_digest
        else "Not published yet: publish it below, or open a round. "
    )
    + f"Digest {rubric.digest}.",
    quiet=True,
)
panels.notes(panels.sentence_case(each) + "." for each in outdated_labels.outdated_in(engine, rubric))
if not file.is_changed:
    st.page_link(navigation.page("next_version"), label="Write its next version", query_params={"rubric": name})
    publishing.publish(person, engine, rubric, is_published=bool(file.published_digest))
if file.published_digest and not file.is_changed:
    publishing.measure(person, engine, rubric)
if rubric.about:
    panels.text(rubric.about)
st.download_button(
    "Codebook for annotators (HTML)",
    lambda: codebook.html(rubric),
    file_name=f"codebook-{rubric.name}.html",
    mime="text/html",
    on_click="ignore",
    disabled=file.is_changed,
)
panels.table(
    ("Dimension", "key", "weight in the score", "agreement", "threshold", "also called"),
    [
        (
            each.title,
            each.key,
            f"{each.weight:.2f}",
            f"{each.agreement.statistic}, {each.agreement.weights}",
            f"{each.agreement.threshold:.2f}",
            ", ".join(each.aliases) or "–",
        )
        for each in rubric.dimensions
    ],
    numbers=(2, 4),
    caption="The threshold lies in the version, so it is fixed before labels exist",
)
diff.beside_another(engine, rubric, [each.name for each in files if each.rubric and each.name != name])
for each in rubric.dimensions:
    panels.section(each.title)
    panels.anchors_of(each)
