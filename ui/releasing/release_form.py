"""What is asked for when a release is made, and the release that was made."""

import sqlalchemy as sa
import streamlit as st

from touchstone import papers
from touchstone.data.gold import AGREED
from touchstone.english import many
from touchstone.releasing.policy import Policy
from touchstone.releasing.tables import MAJORITY
from ui.base import panels
from ui.base.session import messages
from ui.base.session.stopping import stoppable
from workflow.gold.gold import GoldCounts
from workflow.people.people import Person
from workflow.people.team_mode import is_team
from workflow.releasing import releases
from workflow.releasing.asked import Asked
from workflow.releasing.releases import Released

AT_ONCE = 200  # drafts, after which it is told how far it is
RULES = {AGREED: "all labels agree", MAJORITY: "more than half of three or more"}


def asked(found: GoldCounts, name: str) -> Asked:
    """What the form says. A box that would change nothing is not there."""
    single = found.single + found.lone
    with st.container(horizontal=True, vertical_alignment="top"):
        title = st.text_input(
            "Name of the release", value=name, max_chars=80, width=420, help="A later one of the same name takes its place"
        )
        rule = st.segmented_control(
            "Gold without a decision where", list(RULES), format_func=RULES.__getitem__, default=AGREED, required=True, key="rule"
        )
    partial = bool(found.waiting) and st.checkbox(
        f"Leave out the {many(found.waiting, 'cell')} still waiting; the release names each",
        help="By majority fewer wait: cells of three or more labels of which more than half are equal",
    )
    with_single = bool(single) and st.checkbox(f"Include the {many(single, 'cell')} that one annotator labelled, marked “single”")
    flagged = st.checkbox("Include dimensions whose agreement is below their threshold, each row marked “flagged”")
    names = st.checkbox("Name people; they are codes (A, B, C …) otherwise", help="In labels, decisions, figures and notes")
    return Asked((found.round.name,), title, Policy(rule or AGREED, with_single, partial, flagged), names)


def make(person: Person, engine: sa.Engine, asked: Asked) -> tuple[Released | None, bytes | None]:
    """Make the release, telling how many drafts are written; Stop ends it, and nothing is left of it. A team's people do not sit
    at the server: theirs is a file, whose bytes are given back too. None for what is refused."""
    with stoppable("Drafts are being read", "stop-release", "Stopped; nothing was released, and nothing was written.") as tell:

        def heard(done: int, of: int) -> None:
            if done == of:
                tell(1.0, f"{many(of, 'draft')} written; figures and pages are being made")
            elif done % AT_ONCE == 0:
                tell(done / of, f"{done:,} of {many(of, 'draft')} written")

        if is_team():
            return messages.attempt(releases.release_archive, person, engine, asked, heard=heard) or (None, None)
        return messages.attempt(releases.release_gold, person, engine, asked, heard=heard), None


def told_of(made: Released) -> str:
    """What was released, and what was left out of it."""
    return (
        f"{made.title}: {many(made.rows, 'gold label')} of {many(made.drafts, 'draft')}"
        + (f" in exports/{made.folder.name}" if made.folder and made.folder.parent.name == "exports" else "")
        + (f"; {many(made.left_out, 'cell')} left out, each with the reason" if made.left_out else "; no cell is left out")
        + (f"; {many(made.sealed, 'sealed draft')} left out" if made.sealed else "")
        + (f"; {many(made.choices, 'choice')} between two drafts" if made.choices else "")
        + (f"; {many(made.changes, 'cell')} changed since release {made.number - 1}" if made.changes is not None else "")
        + "."
    )


def taken_away(made: Released, archive: bytes | None) -> None:
    """The digest to be kept elsewhere, and the file where the release is one."""
    panels.text("Keep this digest elsewhere, outside the folder: with it nobody can put another release in its place unseen.")
    st.code(made.digest, language=None)
    if archive is not None:
        name = f"{papers.file_stem(made.name)}-release-{made.number}.zip"
        kind = "application/zip"
        st.download_button("Download the release (ZIP)", archive, name, kind, type="primary", on_click="ignore")
    panels.text("touchstone verify FOLDER checks it anywhere, without this store; it also takes the digest you kept.", quiet=True)
