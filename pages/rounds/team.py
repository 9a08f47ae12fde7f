"""Team: who owes what in the round in hand, how fast it goes, and who labels what from here on."""

from ui.base import panels
from ui.base.session import signed_in, store
from ui.rounds import shown_round
from ui.rounds import team as drawing
from workflow.rounds import rounds
from workflow.rounds.team import pace, reassigning

person, engine = signed_in.require_person(), store.engine()
found = rounds.all_rounds(engine)
name = shown_round.of_page("team", [each.name for each in found])
here = next(each for each in found if each.name == name)
lines = pace.pace_of_round(person, engine, name)

panels.heading(f"Team of {name}", drawing.in_a_sentence(here, lines), is_sample=here.is_sample)
panels.outcome()
drawing.table(here, lines)
drawing.record(reassigning.changes_in(engine, name))
if here.is_open and here.has_gold:
    drawing.changing(person, engine, here, lines)
elif here.is_open:
    panels.text(f"{name} is a {here.purpose}: whose drafts these are does not change.", quiet=True)
