"""Partitions and their seals; the form that seals one, its files to take away, the form that opens one."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
import streamlit as st

from touchstone.bench.sealing.sealed_file import POLICY
from touchstone.english import day, listed
from ui.base import panels
from ui.base.session import messages, tab
from workflow.bench.sealing import Partition, SealDesign, open_partition, seal_partition
from workflow.people.people import Person

FILES = "sealed-files"


def sentence(there: Sequence[Partition]) -> str:
    sealed = [each.name for each in there if each.seal and not each.seal.is_open]
    if not sealed:
        return "No partition is sealed. What is sealed is told only to who labels or adjudicates it, until its keeper opens it."
    return f"{listed(sealed)} {'is' if len(sealed) == 1 else 'are'} sealed: told to nobody but who labels or adjudicates it."


def table(there: Sequence[Partition]) -> None:
    rows = [[each.name, f"{each.tasks:,}", f"{each.drafts:,}", *_of_seal(each)] for each in there]
    panels.table(
        ("Partition", "Tasks", "Drafts", "Seal", "Keeper", "Until", "Canary"),
        rows,
        caption="The partitions. A canary stands in every line of a sealed file: search for it where models are trained.",
        numbers=(1, 2),
        prose=(3,),
    )


def _of_seal(one: Partition) -> list[str]:
    seal = one.seal
    if seal is None:
        return ["not sealed", "–", "–", "–"]
    opened = f"opened on {day(seal.opened_at)} by {seal.opened_by}: {seal.reason}" if seal.opened_at else ""
    return [opened or f"sealed on {day(seal.sealed_at)}", seal.keeper, day(seal.until) if seal.until else "–", seal.canary]


def new_files() -> None:
    """The two files of the seal that this tab made last: they are made once."""
    made = tab.state().get(FILES)
    if made is None:
        return
    panels.text(f"Root {made.seal.root}. Take both files now: the manifest is for everybody, the sealed file for its keeper.")
    with st.container(horizontal=True):
        name = made.seal.partition
        st.download_button(f"Download {name}.age", made.age, file_name=f"{name}.age", on_click="ignore")
        st.download_button(f"Download {name}.manifest.json", made.manifest, file_name=f"{name}.manifest.json", on_click="ignore")


def seal(person: Person, engine: sa.Engine, there: Sequence[Partition], people: Sequence[str]) -> None:
    free = [each.name for each in there if each.seal is None]
    if not free:
        return

    def make() -> None:
        until = tab.value_of("seal-until")
        design = SealDesign(
            tab.value_of("seal-partition") or "",
            tab.value_of("seal-keeper") or "",
            tab.value_of("seal-recipient") or "",
            until if isinstance(until, date) else None,
        )
        made = messages.attempt(seal_partition, person, engine, design)
        if made is not None:
            tab.state()[FILES] = made
            messages.report(f"{made.seal.sentence}.")

    panels.section("Seal a partition")
    panels.text(f"{POLICY} Whoever has the store's own file can read what is in it: the seal binds the program and who uses it.")
    with st.form("seal", border=False):
        places = st.columns(3)
        places[0].selectbox("Partition", free, index=None, key="seal-partition", placeholder="Choose one")
        places[1].selectbox("Keeper", people, index=None, key="seal-keeper", placeholder="Who alone may open it")
        places[2].date_input("Until", value=None, key="seal-until")
        st.text_input(
            "Public key of the keeper (age)", key="seal-recipient", placeholder="age1…", help="age-keygen makes a pair of keys"
        )
        st.form_submit_button("Seal", on_click=make)


def open_one(person: Person, engine: sa.Engine, there: Sequence[Partition]) -> None:
    mine = [each.name for each in there if each.seal and not each.seal.is_open and each.seal.keeper == person.name]
    if not mine:
        return

    def do() -> None:
        opened = messages.attempt(
            open_partition, person, engine, tab.value_of("open-partition") or "", tab.value_of("open-reason") or ""
        )
        if opened is not None:
            tab.state().pop(FILES, None)
            messages.report(f"{opened.sentence}.")

    panels.section("Open a seal")
    panels.text("You keep it. Once it is open, everyone is told what is in it; that cannot be undone.")
    with st.form("open-seal", border=False):
        st.selectbox("Sealed partition", mine, key="open-partition")
        st.text_input("Reason", key="open-reason", placeholder="It is on record")
        st.form_submit_button("Open", on_click=do)
