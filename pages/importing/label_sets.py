"""Label sets: labels from elsewhere, brought in with who made them, and reported with that for ever."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, signed_in, store, tab
from ui.importing import label_set_form
from workflow.importing import label_sets

person, engine = signed_in.require_person(), store.engine()
found = label_sets.all_label_sets(engine)
panels.heading(
    "Label sets",
    f"{many(len(found), 'label set')} imported."
    if found
    else "No labels have been imported yet. Choose the files that contain them; you are asked what the files do "
    "not say, and nothing is stored until you press Import.",
)
panels.outcome()

files = label_set_form.files()
if files:
    about = label_set_form.about(engine, files)
    asked = label_set_form.ask(person, engine, files, about["rubric"])
    told = {"a name": about["name"].strip(), "who made the labels": about["made_by"]}
    missing = [what for what, given in told.items() if not given]
    missing += [many(asked.open, "answer")] if asked.open else []
    ready = asked.preview is not None and not asked.preview.problems and not missing
    if asked.preview is not None and missing and not asked.preview.problems:
        panels.text(f"Still needed: {', '.join(missing)}.", quiet=True)
    if st.button("Import", type="primary", disabled=not ready):
        made = messages.attempt(
            label_sets.import_labels, person, engine, files, name=about["name"], made_by=about["made_by"], **asked.more
        )
        if made is not None:
            messages.report(f"{made.sentence}; {made.joined.sentence}; labels made by {made.made_by_in_words}.")
            tab.count("set")
        st.rerun()
    if asked.preview is not None:
        label_set_form.show(asked.preview)

if found:
    label_set_form.sets(found, label_sets.suspicions_told(person, engine))
    with st.container(horizontal=True):
        panels.link("two_sources", "Compare two sources of labels")
elif not files:
    panels.section("What a file can contain")
    panels.table(
        ("Kind", "contents"),
        [
            (
                "CSV, TSV or XLSX",
                "one file per rater with a column per dimension; or a column per rater; or one label per row: "
                "task_id, annotator, dimension, value; a sheet per rater",
            ),
            (
                "Label Studio, doccano, Argilla, Potato, Prodigy, promptfoo",
                "the tool’s own export; for doccano, one file per user",
            ),
            ("Scores and other records", '{"task_id": "t1", "labels": {"dimension": 2}}, the output of score, a judge’s results'),
            ("TXT, Markdown or JSON", "one label per line; a table; an object of labels by task"),
        ],
        caption="The format is detected; columns are matched by a dimension’s key or alias",
    )
