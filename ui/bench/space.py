"""The page of a parameter space, laid out: what is covered, corner by corner, and the form that makes its tasks."""

from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.bench.space.covering import Step
from touchstone.english import listed, many
from ui.base import choice_boxes, panels
from ui.base.session import messages, project_in_hand, tab
from ui.base.session.stopping import stoppable
from ui.data import uploads
from workflow.bench import spaces
from workflow.bench.space_view import CornerSeen, SeenSpace, weakest
from workflow.people.people import Person

STRENGTHS = {"1": "Single values", "2": "Pairs", "3": "Triples"}
METHODS = {
    "space": "of a space",
    "drafts": "from failed drafts",
    "synthesis": "by models",
    "adversarial": "against the scorer",
    "written": "written",
    "imported": "imported",
    "plain": "imported without an origin",
}
MOST_MISSING = 12  # listed on the page


def methods_in_words(counted: dict[str, int]) -> str:
    """ "19 of a space and 2 from failed drafts": how the project's tasks were made, as the store knows."""
    named = [f"{counted[method]:,} {words}" for method, words in METHODS.items() if counted.get(method)]
    return f"Tasks of the project by how they were made: {listed(named)}." if named else "The project has no task yet."


def make_form(person: Person, engine: sa.Engine) -> None:
    """The box for a space's file, what it would make, and the button."""
    panels.section("Make tasks of a space")
    panels.text("A file says what tasks vary by, what does not go together, and how a task is worded. Tasks that are there stay.")
    files = uploads.files(
        "A parameter space", ["yml", "yaml"], largest=1, several=False, key=f"space-file-{tab.counter('space-file')}"
    )
    if not files:
        return
    (file,) = files
    enumerated = messages.attempt(spaces.space_in, file.source, file.name)
    if enumerated is None:
        panels.wrong(*messages.refusal())
        return
    space = enumerated.space
    panels.text(
        f"{space.file.title or space.name}: {many(len(space.parameters), 'parameter')}, "
        f"{many(enumerated.valid_rows, 'valid row')} of {enumerated.rows:,}, {many(len(space.cases), 'own case')}."
    )
    if st.button("Make the tasks that are missing", type="primary"):
        with stoppable("Rows are being found", "stop-making", "Stopped; no task was made.") as tell:

            def heard(step: Step) -> None:
                tell(step.share, f"{many(step.rows, 'row')}, {step.share:.0%} covered")

            made = messages.attempt(spaces.make_tasks, person, engine, enumerated, file.source, tell=heard)
        if made is not None:
            project_in_hand.take_named(person, made.project)
            kept = f", {len(made.remade.kept):,} were there already" if made.remade.kept else ""
            messages.report(
                f"{many(len(made.remade.added), 'task')} made of {space.name}{kept}; {made.remade.covering.coverage.sentence}."
            )
            tab.count("space-file")
        st.rerun()


def strength(seen: str) -> int:
    return int(choice_boxes.one_of("Strength", STRENGTHS, "strength", asked=seen))


def coverage_table(seen: SeenSpace) -> None:
    """What of what is possible is covered, by tasks, by tasks with a draft, by tasks that were labelled."""
    drafted = sum(each.drafts > 0 for each in seen.tasks)
    labelled = sum(bool(each.labelled) for each in seen.tasks)
    rows = [
        ["Tasks", f"{len(seen.tasks):,}", *_share(seen.by_tasks.found, seen.by_tasks.possible)],
        ["Tasks with a draft", f"{drafted:,}", *_share(seen.by_drafts.found, seen.by_drafts.possible)],
        ["Tasks labelled in a closed round", f"{labelled:,}", *_share(seen.by_labels.found, seen.by_labels.possible)],
    ]
    kind = {1: "values", 2: "pairs of values", 3: "triples of values"}.get(seen.by_tasks.strength, "combinations")
    panels.table(
        ("Covered by", "tasks", "found", "possible", "share"),
        rows,
        numbers=(1, 2, 3, 4),
        caption=f"{panels.sentence_case(kind)} that some task has, of those that break no constraint.",
    )


def _share(found: int, possible: int) -> Sequence[str]:
    return f"{found:,}", f"{possible:,}", f"{found / possible:.0%}"


def missing(seen: SeenSpace) -> None:
    """What no task covers, the first of it."""
    open_ = seen.by_tasks.possible - seen.by_tasks.found
    if not open_:
        return
    panels.section("Not covered")
    shown = seen.by_tasks.missing[:MOST_MISSING]
    panels.notes(", ".join(f"{key} {value}" for key, value in each.items()) for each in shown)
    if open_ > len(shown):
        panels.text(f"and {open_ - len(shown):,} more; make the tasks that are missing.", quiet=True)


def corners_table(found: Sequence[CornerSeen], caption: str) -> None:
    """A row a value, or a pair of values, with what was done there."""
    names = [" and ".join(name for name, _ in each.values) for each in found]
    panels.table(
        ("Corner", "tasks", "drafts", "labelled", "people differ", "scorer fails"),
        [
            [
                f"{name}: {', '.join(value for _, value in each.values)}",
                f"{each.tasks:,}",
                f"{each.drafts:,}",
                f"{each.labelled:,}",
                _of(each.differing, each.labelled_twice),
                _of(each.failed, each.scored),
            ]
            for name, each in zip(names, found, strict=True)
        ],
        numbers=(1, 2, 3, 4, 5),
        cards=False,
        marked=[place for place, each in enumerate(found) if not each.tasks],
        caption=caption,
    )


def _of(part: int, whole: int) -> str:
    return f"{part:,} of {whole:,}" if whole else "–"


def corners(seen: SeenSpace) -> None:
    """Single values, or the pairs of two parameters."""
    space = seen.enumerated.space
    titles = {one.key: one.called for one in space.parameters}
    panels.section("Corner by corner")
    left, right = st.columns(2)
    with left:
        first = st.selectbox("Parameter", list(titles), format_func=titles.__getitem__, key="corner-of")
    others = ["", *(key for key in titles if key != first)]
    with right:
        second = st.selectbox("With", others, format_func=lambda key: titles.get(key, "nothing else"), key="corner-with")
    keys = [first, second] if second else [first]
    corners_table(
        seen.corners(keys),
        "Cells that two or more people labelled in closed rounds, and in how many they differ; settled cells that the scorer "
        "gave a level, and in how many it gave another. A row that stands out has no task.",
    )
    if worst := weakest(seen):
        panels.section("The hardest corners")
        corners_table(worst, "Pairs of values where people differ, or the scorer fails, in three cells or more; the worst first.")
