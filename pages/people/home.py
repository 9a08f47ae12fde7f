"""Home: what is yours to do now, in the project in hand."""

from functools import partial

from touchstone.english import many
from ui.base import panels
from ui.base.session import signed_in, store
from ui.people import to_do as drawing
from workflow.people.home import to_do

person, engine = signed_in.require_person(), store.engine()
todo = to_do(person, engine, partial(store.flagged_in, person), partial(store.tally_of, person))
step = todo.next
panels.heading(f"Hello, {person.name}", step.sentence)
panels.outcome()
drawing.next_step(step)
drawing.elsewhere(todo.elsewhere)
if todo.leads and not todo.lead:
    drawing.first_steps(todo)
if todo.leads and todo.is_sample and not person.is_sample:
    drawing.of_sample([each.round for each in todo.lead if each.round.is_open])

if todo.labelling:
    panels.section("Yours to label")
for each in todo.labelling:
    drawing.to_label(each)
if todo.comparing:
    panels.section("Yours to compare")
for name, left in todo.comparing:
    drawing.to_compare(name, left)
if todo.lead:
    panels.section("Rounds")
for each in todo.lead:
    drawing.to_lead(each, todo.held_back(each))
if todo.lead and todo.in_no_round and step.kind != "exported":
    panels.text(f"{many(todo.in_no_round, 'draft')} {'is' if todo.in_no_round == 1 else 'are'} not in a round yet.", quiet=True)
