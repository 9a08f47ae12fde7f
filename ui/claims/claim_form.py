"""Published figures on the Claims page: what is asked for, and what was found."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.claims.claim import CANNOT, CheckedClaim, CheckedFigure
from touchstone.claims.document.checked import COUNTED, IN_LIST, IN_TABLE, IN_TEXT, THE_LIST, TOGETHER, CheckedFile, FigureInFile
from touchstone.claims.verification import DOES_NOT
from touchstone.english import many
from ui.base import panels
from ui.data import uploads
from workflow.importing import label_sets
from workflow.rounds import rounds
from workflow.rounds.kinds import CALIBRATION

ALONE = ("", "")
PARTS = {
    "In tables and lists": (IN_TABLE, TOGETHER),
    "Tables of counts": (COUNTED,),
    "Listed disagreements": (THE_LIST, IN_LIST),
    "In the text": (IN_TEXT,),
}

KINDS = ["md", "txt", "csv", "tsv"]
LARGEST = 1  # MB, as much as is read
WHAT_A_FILE_HOLDS = (
    "A table with a column such as Agreement % or Cohen's kappa is checked row by row, and so are lists, tables of counts and "
    "figures in the text. "
    "The file is read, not stored."
)


def file() -> uploads.Upload | None:
    """The file of published figures that was chosen."""
    found = uploads.files("Published figures", KINDS, largest=LARGEST, several=False, help=WHAT_A_FILE_HOLDS)
    return found[0] if found else None


def figures() -> dict[str, object]:
    """What `touchstone.claims.typed_claim.check_claim` takes, from the fields of the page."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        n = st.number_input("n (units)", 1, 10**9, None, placeholder="30", width=130)
        percent = st.text_input("Percent agreement", placeholder="89.3", width=160)
        kappa = st.text_input("Kappa, unweighted", placeholder=".8567", width=160)
        levels = st.text_input("Levels", placeholder="4, or 0,1,2,3", width=160)
        disagreements = st.number_input("Disagreements", 0, 10**9, None, width=150)
    with st.expander("Means, counts by level, weighted kappas"):
        with st.container(horizontal=True):
            means = [st.text_input(f"Mean, {which} annotator", width=170) for which in ("first", "second")]
            linear = st.text_input("Kappa, linear", width=150)
            quadratic = st.text_input("Kappa, quadratic", width=150)
        with st.container(horizontal=True):
            counts = [
                st.text_input(f"Labels by level, {which} annotator", placeholder="7,8,9,6", width=260)
                for which in ("first", "second")
            ]
    return {
        "n": n,
        "percent": percent,
        "kappa": kappa,
        "levels": levels,
        "disagreements": disagreements,
        "linear": linear,
        "quadratic": quadratic,
        "means": [each for each in means if each.strip()],
        "counts": [each for each in counts if each.strip()],
    }


def any_figure(asked: dict[str, object]) -> bool:
    """Whether more than n and the levels is given."""
    return any(value not in (None, "", []) for name, value in asked.items() if name not in ("n", "levels"))


def against(engine: sa.Engine) -> dict[str, str]:
    """Which labels a file is held against, as the verb takes them; nothing for none."""
    kinds = [("set", each.name) for each in label_sets.all_label_sets(engine)]
    kinds += [("round", each.name) for each in rounds.all_rounds(engine) if not each.is_open and each.kind != CALIBRATION]
    asked = ("set", st.query_params["set"]) if "set" in st.query_params else ("round", st.query_params.get("round", ""))
    kind, name = st.selectbox(
        "Compared with",
        [ALONE, *kinds],
        index=kinds.index(asked) + 1 if asked in kinds else 0,
        width=340,
        format_func=lambda each: (
            f"{each[1]} ({'label set' if each[0] == 'set' else 'round'})" if each[1] else "no labels: is it possible?"
        ),
    )
    return {"label_set" if kind == "set" else "round_name": name} if name else {}


def show(checked: CheckedClaim) -> None:
    """One claim: each figure, then all together."""
    rows = [
        (each.figure, "" if each is checked.together else each.printed, each.status, sentence(each))
        for each in checked.everything
    ]
    caption = (
        f"Of n = {checked.n:,}, {checked.levels.in_words}. Any value that rounds to the digits printed counts. {checked.read_as}"
    )
    panels.table(
        ("Figure", "as printed", "status", "why"), rows, caption=caption.strip(), whole=(0, 2), marked=_marked(checked.everything)
    )


def show_file(made: CheckedFile) -> None:
    """Every figure of a file where it stands, then how it was read."""
    for title, parts in PARTS.items():
        mine = [each for each in made.entries if each.part in parts]
        if not mine:
            continue
        panels.section(title)
        held = f"compared with {made.labels}: its labels were made by {made.made_by}" if made.labels else "without labels"
        panels.table(
            ("Of", "line", "figure", "as printed", "status", "why"),
            [_row(each) for each in mine],
            numbers=(1,),
            whole=(2, 4) if any(len(each.about) > 40 for each in mine) else (0, 2, 4),
            caption=f"{many(len(mine), 'line')}, {held}. Marked: impossible, or does not follow",
            marked=_marked([each.finding for each in mine]),
        )
    if made.read:
        panels.section("How it was read")
        panels.table(("Table", "column", "read as"), made.read, caption="Columns left out are not checked")
    panels.notes((*made.notes, *(f"left out: {each}" for each in made.left_out)))


def sentence(finding: CheckedFigure) -> str:
    return panels.sentence_case(finding.because) + "."


def _row(entry: FigureInFile) -> Sequence[str]:
    found = entry.finding
    figure = "together" if entry.part == TOGETHER else found.figure
    printed = "" if entry.part == TOGETHER else found.printed
    return (entry.about or "the file", f"{entry.line:,}", figure, printed, found.status, sentence(found))


def _marked(found: Sequence[CheckedFigure]) -> list[int]:
    return [place for place, each in enumerate(found) if each.status in (CANNOT, DOES_NOT)]
