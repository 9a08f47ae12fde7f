"""Gold: what is settled, what waits, and the export with its history."""

import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages, signed_in, store
from ui.gold import export_form, gold_table
from ui.rounds import shown_round
from workflow.gold import export, export_folder, gold
from workflow.people.team_mode import is_team
from workflow.rounds import rounds
from workflow.rubric import outdated_labels

person, engine = signed_in.require_person(), store.engine()
closed = [each.name for each in rounds.all_rounds(engine) if not each.is_open and each.has_gold]
if not closed:
    panels.empty(
        "No gold yet",
        "No round is closed. When one is, a label becomes gold if all its annotators agree, or once "
        "its disagreement is adjudicated.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

name = shown_round.of_page("gold", closed)
found = gold.gold_counted(person, engine, name)
waits = f"{many(found.waiting, 'cell')} {'is' if found.waiting == 1 else 'are'} waiting for adjudication"
panels.heading(
    f"Gold of {name}",
    f"{many(found.settled, 'cell')} settled; "
    + (
        f"{waits}."
        if found.waiting
        else ("nothing is waiting." if found.round.held_back else "nothing is waiting: ready to export.")
        if found.settled
        else "nothing is settled yet."
    ),
    is_sample=found.round.is_sample,
)
panels.notes(
    panels.sentence_case(each) + "." for each in outdated_labels.outdated_in(engine, found.rubric, found.round.dimensions)
)

gold_table.table(found)
if found.round.left_out:
    panels.text(f"{found.round.left_out}.", quiet=True)

if found.waiting:
    panels.link("adjudicate", f"Adjudicate the {many(found.waiting, 'cell')}", round=name)

if found.round.left_out:
    panels.text(
        "Its gold can be exported by someone who labels none of its drafts again, or once that round is closed.", quiet=True
    )
    st.stop()

panels.section("Export")
with_single = export_form.with_single(found)
waiting = found.waiting - (found.lone if with_single else 0)
partial = bool(waiting) and st.checkbox(f"Leave out the {many(waiting, 'cell')} still waiting; the manifest lists them")
form = export_form.choose()
files = (*export_folder.FILES, *form.files)
folder = export_folder.folder_of(found.round)
how, is_early = {"partial": partial, "with_single": with_single, "form": form}, bool(waiting) and not partial
pressed = False
with st.container(horizontal=True):
    if not is_team():  # its people do not sit at the server
        tells = f"Writes {', '.join(files)} into exports/{folder.name}"
        pressed = st.button("Export gold", type="primary", disabled=is_early, help=tells)
    export_form.archive(person, engine, name, how, primary=is_team(), disabled=is_early)
written = messages.attempt(export.export_gold, person, engine, name, folder, **how) if pressed else None
if written:
    messages.report(export_form.told_of(written, files))
panels.outcome()
if written:
    export_form.downloads(written, files)
if is_early:
    panels.text("An export is complete or says what it leaves out: adjudicate first, or tick the box.", quiet=True)
