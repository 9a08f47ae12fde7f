"""How a new rubric begins: its name, and a template, another rubric, a pasted text or nothing to start from."""

import sqlalchemy as sa
import streamlit as st

from touchstone.english import listed, many
from touchstone.errors import in_short
from touchstone.rubric.making.pasted import read_pasted
from touchstone.rubric.making.scales import scale_named_by
from touchstone.rubric.making.templates import templates
from touchstone.rubric.making.written_rubric import NewDimension
from touchstone.rubric.model import Dimension
from ui.base import choice_boxes, panels
from ui.base.session import messages, tab
from ui.rubric import next_version as writing
from workflow.names import rubric_name
from workflow.people.people import Person
from workflow.projects.projects import Project
from workflow.rubric import new_rubric, rubrics
from workflow.rubric.rubrics import RubricFile

WAYS = {"template": "A template", "rubric": "Another rubric", "text": "A pasted text", "empty": "Nothing"}
PASTE = """\
| Criterion | 1 Poor | 2 Fair | 3 Good |
|---|---|---|---|
| Clarity | Cannot be followed | One part cannot be followed | Every part can be followed |"""


def form(person: Person, engine: sa.Engine) -> None:
    """What is asked before there is anything to write on."""
    st.text_input(
        "Name",
        key="new-name",
        width=420,
        placeholder="support-replies",
        help="The file is called by it: Support replies becomes support-replies-v1.yml",
    )
    way = choice_boxes.one_of("Start from", WAYS, "new-way", asked=st.query_params.get("from", ""))
    if way == "template":
        names = list(templates())
        chosen = st.selectbox("Template", names, key="new-template", format_func=lambda name: templates()[name].title, width=420)
        st.button("Begin from this template", type="primary", on_click=_begin, args=(person, engine, way), key="begin")
        _overview(templates()[chosen].dimensions, "Its dimensions; every level has an example draft, for the codebook alone")
    elif way == "rubric":
        there = [each.name for each in rubrics.rubric_files(engine, every=True) if each.rubric and not each.is_changed]
        if not there:
            panels.text("There is no rubric to start from yet.")
            return
        st.selectbox("Rubric", there[::-1], key="new-rubric", width=420)
        st.button("Begin from this rubric", type="primary", on_click=_begin, args=(person, engine, way), key="begin")
        panels.text("A copy with its checks and examples, as version 1; labels stay with the old rubric.", quiet=True)
    elif way == "text":
        _pasted(person, engine)
    else:
        st.button("Begin with one dimension", type="primary", on_click=_begin, args=(person, engine, way), key="begin")
        panels.text("It passes or fails; its scale is changed with one choice, and further dimensions are added.", quiet=True)


def _pasted(person: Person, engine: sa.Engine) -> None:
    text = st.text_area(
        "Table or list of criteria and levels",
        key="new-text",
        height=220,
        placeholder=PASTE,
        help="A Markdown table with the levels across or down, or a list with a criterion an item",
    )
    found = read_pasted(text or "")
    with st.container():
        if found.unread and (text or "").strip():
            panels.text("Not read:")
            panels.notes(in_short(found.unread, most=12))
    st.button(
        "Begin from this text",
        type="primary",
        on_click=_begin,
        args=(person, engine, "text"),
        key="begin",
        disabled=not found.dimensions,
    )
    if not (text or "").strip():
        return
    unwritten = sum(not each.anchor for dimension in found.dimensions for each in dimension.levels)
    if found.dimensions:
        panels.text(
            f"Read: {many(len(found.dimensions), 'dimension')}"
            + (f"; {many(unwritten, 'level')} without an anchor, to be written next." if unwritten else ".")
        )
        _overview(found.dimensions, "As it is read")


def _overview(dimensions: tuple[Dimension, ...] | tuple[NewDimension, ...], caption: str) -> None:
    panels.table(
        ("Dimension", "question", "levels"), [(each.title, each.question or "–", levels_of(each)) for each in dimensions],
        caption=caption, prose=(1,),
    )  # fmt: skip


def levels_of(dimension: Dimension | NewDimension) -> str:
    """The levels of a dimension in a few words."""
    titles = [level.title for level in dimension.levels]
    values = [level.value for level in dimension.levels]
    if len(titles) < 4 or not all(isinstance(value, int) for value in values):
        return listed(titles)
    is_ordinal = dimension.is_ordinal if isinstance(dimension, NewDimension) else dimension.scale == "ordinal"
    known = scale_named_by(values, is_ordinal=is_ordinal)
    return f"{values[0]} {titles[0]} to {values[-1]} {titles[-1]}" if known else listed(titles)


def _begin(person: Person, engine: sa.Engine, way: str) -> None:
    typed = (tab.value_of("new-name") or "").strip()
    name = new_rubric.near_name(typed) or typed
    verbs = {
        "template": (new_rubric.begin_from_template, "new-template"),
        "rubric": (new_rubric.begin_from_rubric, "new-rubric"),
        "text": (new_rubric.begin_from_text, "new-text"),
    }
    if way in verbs:
        verb, box = verbs[way]
        made = messages.attempt(verb, person, engine, name, tab.value_of(box) or "")
    else:
        made = messages.attempt(new_rubric.begin_empty, person, engine, name)
    if made:
        st.query_params.clear()
        st.query_params["rubric"] = made
        if made != typed:
            messages.report(f"“{typed}” is called {made}, as its file is: a name has lower-case letters, digits, - and _.")


def saved(engine: sa.Engine, name: str) -> RubricFile | None:
    """The first version of a rubric of that name that is a file already, whichever project it is of."""
    files = rubrics.rubric_files(engine, every=True)
    return next((each for each in files if each.name == f"{name}-v1" and not each.is_discarded), None)


def where_it_stands(file: RubricFile | None, here: Project | None) -> tuple[str, str]:
    """The page's name and its first sentence, once a rubric is saved, or before one is begun."""
    if file is None:
        return "New rubric", "Give it a name and choose what it begins from. It becomes a file when you save it."
    if here is not None and _is_of_another(file, here):
        said = f"A project has one rubric, and that of {here.name} is {here.rubric}: this one needs a project of its own."
    elif file.published_digest:
        said = "It is published: a change is its next version."
    else:
        said = "Publish it with a reason, or open a round under it, which publishes it too. Until then you can go on writing it."
    return f"{file.name} is saved", said


def _is_of_another(file: RubricFile, here: Project | None) -> bool:
    """Whether the project in hand has another rubric than this one."""
    return here is not None and here.rubric not in ("", rubric_name(file.name))


def onward(person: Person, engine: sa.Engine, file: RubricFile | None, begun: list[str], here: Project | None) -> None:
    """Where a saved rubric leads to, with the project in hand `here`; and those that are not finished."""
    if file is not None:
        with st.container(horizontal=True, key="saved", vertical_alignment="center"):
            if _is_of_another(file, here):
                panels.link("projects", "Make a project for it", rubric=rubric_name(file.name))
            else:
                panels.link("rubrics", "See it" if file.published_digest else "See and publish it", rubric=file.name)
                panels.link("rounds", "Open a round")
            writing.take_back(person, engine, file)
            panels.link("new_rubric", "Another new rubric")
    with st.container(key="begun"):
        for name in begun:
            panels.link("new_rubric", f"Go on with {name}", rubric=name)
