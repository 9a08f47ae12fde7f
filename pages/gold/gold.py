"""Gold: what is settled, what waits, and the export with its history."""

import streamlit as st

from touchstone.english import many
from ui.base import navigation, panels, session
from workflow.gold import export, export_folder, gold
from workflow.rounds import rounds
from workflow.rubric import outdated_labels

person, engine = session.require_person(), session.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.nothing(
        "No gold yet",
        "No round is closed. When one is, a label is gold if everyone who gave it agrees, or once "
        "its disagreement is adjudicated.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = panels.pick("Round", closed, besides="repeats another round, ")
found = gold.gold_of_round(person, engine, name)
waits = f"{many(found.waiting, 'cell')} {'waits' if found.waiting == 1 else 'wait'} for adjudication"
panels.heading(
    f"Gold of {name}",
    f"{many(found.settled, 'label')} settled; "
    + (f"{waits}." if found.waiting else "nothing waits: the gold can leave." if found.settled else "nothing is settled yet."),
    is_sample=found.round.is_sample,
)
panels.outcome()
panels.notes(
    panels.sentence_case(each) + "." for each in outdated_labels.outdated_in(engine, found.rubric, found.round.dimensions)
)

levels = [] if found.held_back else list(dict.fromkeys(value for each in found.standings for value in each.by_value))
panels.table(
    (
        "Dimension",
        "settled",
        "agreed",
        "adjudicated",
        "adjudicated share",
        "waiting",
        *(["labelled once"] if found.single else []),
        *(f"level {value}" for value in levels),
    ),
    [
        (
            found.rubric.dimension(each.dimension).title,
            f"{each.settled}",
            f"{each.by_state.get('agreed', 0)}",
            f"{each.by_state.get('adjudicated', 0)}",
            "–" if each.adjudicated_share is None else f"{100 * each.adjudicated_share:.0f} %",
            f"{each.waiting}",
            *([f"{each.by_state.get('single', 0)}"] if found.single else []),
            *(f"{each.by_value.get(value, '–')}" for value in levels),
        )
        for each in found.standings
    ],
    numbers=range(1, 7 + len(levels)),
    caption=f"Draft by draft, of {many(found.round.drafts, 'draft')} under {found.rubric.name} ({found.rubric.digest[:12]})",
)
if found.held_back:
    panels.text(
        f"How often each level was given is held back: you label {many(found.held_back, 'draft')} of this round in an open one.",
        quiet=True,
    )

if found.waiting:
    st.page_link(
        navigation.page("adjudicate"), label=f"Adjudicate the {many(found.waiting, 'cell')}", query_params={"round": name}
    )

panels.section("Export")
partial = bool(found.waiting) and st.checkbox(f"Leave out the {many(found.waiting, 'cell')} that wait; the manifest names them")
with_single = bool(found.single) and st.checkbox(
    f"Also let out the {many(found.single, 'label')} given once, as planned, marked “single”"
)
folder = export_folder.folder_of(found.round)
if st.button(
    "Export gold",
    type="primary",
    disabled=bool(found.waiting) and not partial,
    help=f"Writes {', '.join(export_folder.FILES)} into exports/{folder.name}",
):
    written = session.attempt(export.export_gold, person, engine, name, folder, partial=partial, with_single=with_single)
    if written:
        session.tell(f"Written to exports/{written.name}: {', '.join(export_folder.FILES)}.")
    panels.outcome()
    files = export.files_of(person, engine, name, partial=partial, with_single=with_single) if written else {}
    with st.container(horizontal=True):
        for file, content in files.items():
            st.download_button(f"Download {file}", content, file_name=file, on_click="ignore")
if found.waiting and not partial:
    panels.text("The export is whole or says what it leaves out: adjudicate first, or tick the box.", quiet=True)
