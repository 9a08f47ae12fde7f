"""Home: what is yours to do now."""

from touchstone.english import many
from ui.base import panels
from ui.base.session import signed_in, store
from ui.people import to_do as drawing
from workflow.people.home import to_do

person, engine = signed_in.require_person(), store.engine()
todo = to_do(person, engine, store.flagged_in, store.tally_of)
step = todo.next
panels.heading(f"Hello, {person.name}", step.sentence)
panels.outcome()
if step.kind == "import":
    panels.text(
        "A round is then opened on the drafts. Each annotator labels alone, and agreement is reported once the round is closed.",
        quiet=True,
    )
if step.kind in drawing.NEXT:
    panels.links(drawing.NEXT[step.kind], **({"round": step.round} if step.round and step.kind != "exported" else {}))

for of_sample in (False, True):
    labelling = [each for each in todo.labelling if each.round.is_sample == of_sample]
    lead = [each for each in todo.lead if each.round.is_sample == of_sample]
    mark = " (sample)" if of_sample else ""
    if of_sample and (lead or todo.sample_drafts):
        panels.section("The sample workspace")
        if not todo.own_drafts and not person.is_sample:
            drawing.of_sample([each.round for each in lead if each.round.is_open])
    if labelling and not of_sample:
        panels.section("Yours to label")
    for each in labelling:
        drawing.to_label(each, mark)
    if lead and not of_sample:
        panels.section("Rounds")
    for each in lead:
        drawing.to_lead(each, mark)
    if todo.in_no_round and not of_sample and step.kind not in ("open", "exported"):
        panels.text(
            f"{many(todo.in_no_round, 'draft')} of your own {'is' if todo.in_no_round == 1 else 'are'} not in a round yet.",
            quiet=True,
        )
