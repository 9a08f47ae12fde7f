"""Asking two models for tasks, by a recipe's file: what that would take, how far it is, and a button that stops it.

In local mode alone: a recipe says which address is asked, and which variable of the environment has the key for it. On a team's
server that is for who runs the server.
"""

import sqlalchemy as sa
import streamlit as st

from touchstone.english import many
from ui.base import panels
from ui.base.session import messages
from ui.data import uploads
from ui.data.asking import telling
from workflow.bench import synthesis
from workflow.bench.synthesis import StepOfRun
from workflow.people.people import Person
from workflow.people.team_mode import is_team

SHOWN = 5  # answers that could not be used


STOPS = "It ends after the task that is under way; what was answered is kept."


def form(person: Person, engine: sa.Engine) -> None:
    """The box for a recipe, what it would ask, and the button."""
    panels.section("Tasks by two models")
    if is_team():
        panels.text("Models are asked on the server itself, which has their keys. What a judge lets pass waits here.")
        return
    panels.text(
        "A recipe says which model writes tasks, which one of another family lets them pass, and with which words. Keys stand in "
        "the environment: TOUCHSTONE_GENERATOR_KEY and TOUCHSTONE_JUDGE_KEY."
    )
    files = uploads.files("A recipe", ["yml", "yaml"], largest=1, several=False, key="recipe-file")
    if not files:
        return
    (file,) = files
    recipe = messages.attempt(synthesis.recipe_in, file.source, file.name)
    before = messages.attempt(synthesis.planned, person, engine, recipe) if recipe else None
    if recipe is None or before is None:
        panels.wrong(*messages.refusal())
        return
    panels.text(f"{recipe.recipe}: {before.sentence}.")
    if st.button("Ask the models", disabled=not before.generator_calls and not before.judge_calls):
        with telling(f"{recipe.generator.model} is asked for the first of {many(recipe.wanted, 'task')}", STOPS) as tell:

            def told(step: StepOfRun) -> None:
                tell(step.done / step.of, f"{step.done:,} of {many(step.of, 'task')}, {many(step.tokens, 'token')}")

            made = messages.attempt(synthesis.synthesise, person, engine, recipe, tell=told)
        if made is not None:
            unused = f" Could not be used: {'; '.join(made.failed[:SHOWN])}." if made.failed else ""
            messages.report(f"{made.sentence}.{unused}")
        st.rerun()
