"""Effect: what a rubric version would change before anyone adopts it, on every draft that no open round holds."""

import streamlit as st

from ui.base import panels
from ui.base.session import round_in_hand, signed_in, store
from ui.scorer import effect as changing
from ui.scorer import opened_draft
from workflow.scorer import comparable_versions, drafts_to_score, effect

person, engine = signed_in.require_person(), store.engine()
names = comparable_versions.versions_to_compare(person, engine)
if len(names) < 2:
    panels.empty(
        "There are not two rubric versions that can score yet." if names else "No rubric version can score yet.",
        "Write the next version of a rubric, with its checks: the drafts it would score differently are then listed here, "
        "before anyone labels by it.",
        [("next_version", "Write the next version"), ("rubrics", "See the rubrics")],
    )
    st.stop()
state = drafts_to_score.state_of(engine)
if not state.many:
    held = store.held_drafts(state.digest, 0)
    panels.empty(
        "There is no draft to score yet." if not held.left_out else "Every draft is in an open round.",
        "Import tasks and drafts: those that another rubric version would give another level are then listed here."
        if not held.left_out
        else "What the checks find is shown once those rounds are closed, so that everyone labels blind.",
        [("rounds", "See the rounds")] if held.left_out else [("import_tasks", "Import")],
    )
    st.stop()

top = st.container()  # where things stand comes first, above the boxes that ask for something else
asked = [each for each in (st.query_params.get("before", ""), st.query_params.get("after", "")) if each and each not in names]
if asked:
    with top:
        changing.refuse(asked[0])
here = round_in_hand.current()
labelled = here.round.rubric if here.round else ""
sizes = drafts_to_score.samples_of(state.many)
left, middle, right, *_ = boxes = st.columns(4 if sizes else 3)
with middle:
    after = changing.one_of("After", names, "after", names[-1])
with left:
    before = changing.one_of("Before", names, "before", comparable_versions.usually_before(after, names, labelled))
rounds = ["", *comparable_versions.rounds_with_gold(engine, before)]
with right:
    usual = here.round.name if here.round and here.round.name in rounds else rounds[min(1, len(rounds) - 1)]
    gold = changing.one_of("Gold of the round", rounds, "gold", usual, {"": "none"})
with boxes[-1]:
    held = store.held_drafts(state.digest, changing.how_many(sizes))
st.query_params.update(before=before, after=after, gold=gold)
if asked:
    panels.link("effect", f"Show {before} and {after}", before=before, after=after, gold=gold)
    st.stop()
with top, changing.telling(held) as tell:
    old, new = (panels.read("Effect", comparable_versions.version_called, person, engine, name) for name in (before, after))
    made = panels.read("Effect", effect.what_it_would_change, person, engine, held, old, new, gold, tell)
with top:
    panels.heading(f"What {after} would change", made.sentence, is_sample=made.is_sample)
panels.text(changing.provenance(made), quiet=True)
panels.notes(f"{panels.sentence_case(note)}." for note in made.notes)
header, rows = changing.table(made)
worse, links = changing.got_worse(made), changing.links(made)
panels.table(header, rows, numbers=(1, 2, 3), marked=worse, links=links, caption=changing.caption(made))

key = changing.pick_dimension(made, f"of-{before}-{after}")
opened = next(each for each in made.dimensions if each.key == key)
cells = changing.moves(opened)
left, right = st.columns([2, 3], gap="large")
with right:
    move = changing.pick_move(opened, cells)
    shown = changing.drafts(made, changing.of_move(opened, cells[move]))
with left:
    changing.matrix(made, opened, cells[move])
st.query_params.update(dimension=key, move=move)
if shown:
    draft = st.selectbox("One draft", [each.draft.draft_id for each in shown], key=f"draft-{before}-{after}-{key}-{move}")
    opened_draft.show(made, next(each for each in shown if each.draft.draft_id == draft))
