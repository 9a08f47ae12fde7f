"""Publishing a policy, switching the gate, tokens, overrides and the round that is made of them."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.english import day, many
from touchstone.gate.policy import MODES, STRICTEST_LAST
from ui.base import panels
from ui.base.session import messages, tab
from workflow.gate import overrides, policies, tokens
from workflow.gate.policies import ProjectGate
from workflow.gate.tokens import GateToken
from workflow.people.people import Person
from workflow.rounds import rounds
from workflow.rubric import rubrics

TOKEN = "gate-token-made"


def publish(person: Person, engine: sa.Engine, *, first: bool) -> None:
    """The form for a policy: pasted or typed, with one to begin from."""

    def make() -> None:
        made = messages.attempt(policies.publish_policy, person, engine, (tab.value_of("gate-policy") or "").encode())
        if made is not None:
            messages.report(f"{made.name} is published, for {made.rubric}.")
            tab.put("gate-policy", "")

    box = st.container() if first else st.expander("Publish a policy")
    begun = _to_begin_with(engine) if first else ""
    if first:
        tab.start_with("gate-policy", begun or None)
        panels.text(
            "This one blocks drafts that the scorer gives the lowest level of one dimension; change it as you like."
            if begun
            else "No rubric version scores a dimension yet: a gate needs one with checks and scoring lines.",
            quiet=True,
        )
    with box, st.form("publish-policy", border=False):
        st.text_area(
            "Policy (YAML)",
            key="gate-policy",
            height=220,
            placeholder="gate: NAME\nversion: 1\nrubric: NAME-v1\nmode: shadow\nblock: [{dimension: KEY, below: 1}]",
        )
        st.form_submit_button("Publish", type="primary" if first else "secondary", on_click=make)


def _to_begin_with(engine: sa.Engine) -> str:
    """A policy on the first ordinal dimension that a rubric version scores, the one used last before others; "" for none."""
    found = {each.name: each.rubric for each in rubrics.rubric_files(engine) if each.rubric and not each.is_changed}
    names = list(found)
    last = names[rounds.version_in_use(engine, names)] if names else ""
    for name in sorted(names, key=lambda each: each != last):
        scored = [each for each in found[name].dimensions if each.scoring and each.scale == "ordinal"]
        if scored:
            condition = f"{{dimension: {scored[0].key}, below: {scored[0].rising[1]}}}"
            return f"gate: first\nversion: 1\nrubric: {name}\nmode: shadow\nblock:\n  - {condition}\n"
    return ""


def switch(person: Person, engine: sa.Engine, found: ProjectGate) -> None:
    """The form that switches the gate; off is one of its modes, and the way to turn it off at once."""
    now = found.now
    if now is None:
        return

    def do() -> None:
        mode, policy = tab.value_of(mode_key) or "", tab.value_of(policy_key) or ""
        why = tab.value_of("gate-why") or ""
        made = messages.attempt(policies.switch_gate, person, engine, mode, why, policy, now.number)
        if made is not None:
            messages.report(f"{made.policy} is {made.mode} from the next draft on.")
            tab.put("gate-why", "")

    names = [each.name for each in found.policies]
    mode_key, policy_key = f"gate-mode-{now.number}", f"gate-switch-policy-{now.number}"  # another switch, another choice
    panels.section("Switch it")
    panels.text("It holds from the next draft on, in every process. Off lets every draft pass, and scores none.", quiet=True)
    with st.form("switch-gate", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.segmented_control("Mode", MODES, default=now.mode, required=True, key=mode_key)
        st.selectbox("Policy", names, index=names.index(now.policy), key=policy_key)
        st.text_input("Why", key="gate-why", placeholder="It is on record")
        st.form_submit_button("Switch", type="primary", on_click=do)


def token_list(person: Person, engine: sa.Engine, there: Sequence[GateToken]) -> None:
    """The tokens, making one and ending one."""

    def make() -> None:
        made = messages.attempt(tokens.make_token, person, engine, tab.value_of("gate-token-name") or "")
        if made is not None:
            said = "This token is shown only now: hand it over in private. A program sends it as Authorization: Bearer."
            messages.report(said)
            tab.put("gate-token-name", "")
            tab.state()[TOKEN] = (said, made)

    def end() -> None:
        name = tab.value_of("gate-token-ended") or ""
        messages.attempt(tokens.end_token, person, engine, name)
        if not messages.refusal()[0]:
            messages.report(f"The token {name} has ended.")

    panels.section("Tokens")
    if there:
        panels.table(
            ("For", "Made", "By", "Ended"),
            [(each.name, day(each.made_at), each.person, day(each.ended_at) if each.ended_at else "–") for each in there],
            caption="Programs that may ask the gate of this project",
        )
    with st.form("make-token", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("For which program", key="gate-token-name", placeholder="mailer")
        st.form_submit_button("Make a token", on_click=make)
    _token_just_made()
    if standing := [each.name for each in there if each.ended_at is None]:
        with st.form("end-token", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
            st.selectbox("Token to end", standing, key="gate-token-ended")
            st.form_submit_button("End it", on_click=end)


def _token_just_made() -> None:
    """A token is shown once, where it was made."""
    said, token = tab.state().get(TOKEN, ("", ""))
    if said and said == messages.reported():
        panels.text(said)
        st.code(token, language=None, wrap_lines=True)


def override(person: Person, engine: sa.Engine) -> None:
    """The form with which somebody says that a decision is wrong."""

    def do() -> None:
        asked = [tab.value_of(f"gate-override-{each}") or "" for each in ("text", "given", "reason", "task")]
        made = messages.attempt(overrides.override, person, engine, int(tab.value_of("gate-override-number") or 0), *asked)
        if made is not None:
            messages.report(f"Kept, with the draft {made}.")
            for each in ("text", "reason", "task"):
                tab.put(f"gate-override-{each}", "")

    panels.section("A decision was wrong")
    panels.text("The gate keeps no text, so the draft comes with what you say; then it can be labelled.", quiet=True)
    with st.form("override", border=False):
        places = st.columns(3)
        places[0].number_input("Number of the decision", min_value=1, value=None, step=1, key="gate-override-number")
        places[1].selectbox("Right is", STRICTEST_LAST, index=None, key="gate-override-given", placeholder="Choose one")
        places[2].text_input("Its task, if it is of this project", key="gate-override-task", placeholder="task id")
        st.text_area("The draft, every character as it was", key="gate-override-text", height=120)
        st.text_input("Why it was wrong", key="gate-override-reason", placeholder="It is on record")
        st.form_submit_button("Keep it", on_click=do)


def next_round(person: Person, engine: sa.Engine, waiting: Sequence[str], everyone: Sequence[str]) -> None:
    """One button: the drafts that people overrode the gate on become a blind round."""
    if not waiting:
        return

    def do() -> None:
        name, chosen = tab.value_of("gate-round-name") or "", tab.value_of("gate-round-annotators") or []
        made = messages.attempt(overrides.open_round_of_overrides, person, engine, name, chosen)
        if made is not None:
            messages.report(f"{made.name} is open: {many(made.drafts, 'draft')} under {made.rubric}.")

    panels.section("The next round")
    drafts = (
        "draft that people overrode the gate on waits" if len(waiting) == 1 else "drafts that people overrode the gate on wait"
    )
    panels.text(f"{len(waiting):,} {drafts} to be labelled. Annotators see neither the gate's decision nor what was said of it.")
    with st.form("gate-round", border=False), st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input("Name of the round", value="after the gate", key="gate-round-name")
        st.multiselect("Annotators", everyone, key="gate-round-annotators", placeholder="Two or more")
        st.form_submit_button("Open the round", type="primary", on_click=do)
