"""The questions of a datasheet, and the answers to them."""

from collections.abc import Mapping

import streamlit as st

from touchstone.english import many
from touchstone.releasing.pages.questions import MOST_LETTERS, QUESTIONS, SECTIONS, open_questions
from ui.base import panels


def ask(answers: Mapping[str, str]) -> dict[str, str] | None:
    """A box a question; the answers when Keep is pressed, else None."""
    left = len(open_questions(answers))
    told = f"{many(left, 'question')} open" if left else "all answered"
    with st.expander(f"Questions that only people can answer: {told}"), st.form("datasheet", border=False):
        panels.text(
            "They stand in the datasheet and the metadata of every later release of this project; what is empty is marked open.",
            quiet=True,
        )
        given: dict[str, str] = {}
        for section in SECTIONS:
            for each in QUESTIONS:
                if each.section == section:
                    given[each.key] = st.text_area(
                        each.text, value=answers.get(each.key, ""), key=f"answer-{each.key}", max_chars=MOST_LETTERS, height=68
                    )
        return given if st.form_submit_button("Keep the answers") else None
