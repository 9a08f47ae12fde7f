"""What the page of judges draws: boxes, the verdicts, the tables, and the drafts on which judge and people differ."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.figure import in_words, signed
from touchstone.english import many
from touchstone.judging.alt_test import EPSILONS
from ui.agreement.disagreements import labels_given
from ui.base import charts, navigation, panels
from ui.base.markup import draw
from ui.base.panels import Table
from ui.base.session.stopping import stoppable
from ui.base.task_and_draft import task_and_draft
from ui.judging import pictures
from workflow.agreement.disagreements import draft_of
from workflow.comparison.source import in_plain_words
from workflow.judging import in_words as words
from workflow.judging.against import JudgedAgainst, JudgedDimension
from workflow.judging.judge_levels import BY_MEANING, TRAINED
from workflow.people.people import Person

STOPPED = "Stopped; nothing was said of that judge."
AT_ONCE = 20  # disagreements drawn on one page
ARE = {"expert": "experts", "skilled": "skilled people", "crowd": "a crowd"}


def title_of(name: str) -> str:
    """A judge or people for choosing: "the scorer of tenacious-v1", "all of the round march"."""
    kind, _, rest = name.partition(":")
    if name == TRAINED:
        return "a judge trained on these labels (words, in five folds)"
    if name == BY_MEANING:
        return "a judge trained on these labels (meaning, in five folds)"
    if kind == "head":
        return f"{rest}, by a head trained on these labels"
    if kind == "scorer":
        return f"the scorer of {rest}"
    return in_plain_words(name)


def chosen(label: str, names: Sequence[str], parameter: str, *, first: bool) -> str:
    """One of several, the one the address names, else the first or none yet; the address then says it."""
    asked = st.query_params.get(parameter, "")
    place = names.index(asked) if asked in names else 0 if first and names else None
    found = st.selectbox(label, names, index=place, placeholder="Choose one", format_func=title_of)
    if found is not None:
        st.query_params[parameter] = found
    return found or ""


@contextmanager
def telling() -> Iterator[Callable[[float, str], None]]:
    """What to call with how far a judge's figures are: the first call draws a bar with Stop, which goes back to no judge chosen.
    Where everything is known already nothing is drawn."""
    place, told = st.empty(), list[Callable[[float, str], None]]()
    with ExitStack() as drawn:

        def tell(share: float, words: str) -> None:
            if not told:
                drawn.enter_context(place.container())
                panels.heading("Judges", "The judge is being held against the people.")
                told.append(drawn.enter_context(stoppable("Labels are read", "stop-judging", STOPPED, _no_judge)))
            told[0](share, panels.sentence_case(words))

        yield tell
    place.empty()


def _no_judge() -> None:
    st.query_params.pop("judge", None)


def people_are() -> str:
    """What kind of people they are, for the alt-test."""
    asked = st.query_params.get("are", "")
    kinds = list(EPSILONS)
    place = kinds.index(asked) if asked in kinds else 0
    found = st.selectbox(
        "The people are",
        kinds,
        index=place,
        format_func=lambda each: f"{ARE[each]}, epsilon {EPSILONS[each]:g}",
        help="Epsilon is the share of drafts by which a judge may be behind a person and still pass the alt-test: 0.2 grants it "
        "20 in 100. The better the people, the more their labels cost, and the more is granted. The verdict goes by kappa.",
    )
    st.query_params["are"] = found
    return found


def verdicts(made: JudgedAgainst) -> None:
    """The verdict on each dimension, what must be read beside it, and all dimensions in a table."""
    for sentence in made.sentences:
        panels.text(sentence)
    panels.notes(made.notes)
    panels.table(*overview(made), numbers=(1, 3, 4, 5), links=links(made), caption=OVERVIEW)
    if any(each.report and each.report.difference.value is not None for each in made.dimensions):
        charts.show(
            pictures.differences(made.dimensions),
            key="judged-differences",
            alt="The judge's kappa less a person's on each dimension, against 0 and the margin; the table above has the numbers",
        )


OVERVIEW = (
    "Kappa with the mode of the others, of the judge and of a person, and their difference with its 95 % interval by clusters. "
    "The lower end of the difference decides, against the margin, and the best control must be beaten."
)


def overview(made: JudgedAgainst) -> Table:
    """Header and rows."""
    rows = []
    for each in made.dimensions:
        if (report := each.report) is None:
            rows.append((each.title, "0", each.reason, *["–"] * 5))
            continue
        best = f"{report.best_control.name} {words.short(report.best_control.value)}" if report.best_control else "–"
        passes = {True: "passed", False: "not passed", None: "undefined"}[report.alt_test.passes]
        figures = in_words(report.judge), in_words(report.person), signed(report.difference)
        rows.append((each.title, f"{report.n:,}", report.stand_in.verdict, *figures, best, passes))
    return ("Dimension", "n", "verdict", "judge", "a person", "difference", "best control", "alt-test"), rows


def links(made: JudgedAgainst) -> list[str]:
    """Where each row leads: its dimension on this page."""
    to = {"judge": made.judge, "people": made.people.name, "are": made.people_are, "to": "one-dimension"}
    return [navigation.address("judges", **to, dimension=each.key) if each.report else "" for each in made.dimensions]


def one_dimension(person: Person, engine: sa.Engine, made: JudgedAgainst, opened: JudgedDimension) -> None:
    """Every figure of one dimension, its pictures, and the drafts on which judge and people differ."""
    report = opened.report
    if report is None:
        panels.text(opened.reason)
        return
    _rows(f"{opened.title}: {report.stand_in.verdict}.", words.figures_of(report))
    if report.pass_fail:
        _rows(f"Pass at or over {report.pass_fail.cut}, fail under it.", words.pass_fail_of(report.pass_fail))
        if report.pass_fail.bins:
            _pass_pictures(opened)
    if opened.population:
        _rows("Of all units that the judge has levels of, with labels of people of some.", words.population_of(opened))
    panels.section("Where they disagree")
    _differs(person, engine, made, opened)


def _rows(caption: str, rows: Iterable[words.Row]) -> None:
    panels.table(("Figure", "value", "what it is"), list(rows), prose=(2,), caption=caption)


def _pass_pictures(opened: JudgedDimension) -> None:
    found = opened.report.pass_fail if opened.report else None
    if found is None:
        return
    left, right = st.columns(2)
    with left:
        panels.text("How far its probabilities hold: on the dotted line they are what passes.", quiet=True)
        alt = "The share that passes by the probability the judge gives: " + "; ".join(
            f"{each.probability:.2f}: {each.passes:.2f} of {each.units}" for each in found.bins
        )
        charts.show(pictures.reliability(found), key=f"reliability-{opened.key}", alt=alt)
    with right:
        panels.text("How often it is wrong, if only what it is surest of is left to it.", quiet=True)
        alt = "Wrong by coverage: " + "; ".join(f"{each.coverage:.0%}: {each.wrong:.1%}" for each in found.risk)
        charts.show(pictures.risk_coverage(found), key=f"risk-{opened.key}", alt=alt)


def _differs(person: Person, engine: sa.Engine, made: JudgedAgainst, opened: JudgedDimension) -> None:
    if not opened.differs:
        panels.text("On every unit the judge gave a level that most people gave, too.", quiet=True)
        return
    dimension = opened.declared
    for each in opened.differs[:AT_ONCE]:
        given = "; ".join(f"{who}: {level}" for who, level, _ in each.labels)
        with st.expander(f"**{panels.literal(each.unit)}** — judge: {panels.literal(str(each.judge))}; {panels.literal(given)}"):
            rows = [("judge", dimension.in_words(each.judge), each.because)]
            rows += [(who, dimension.in_words(level), note) for who, level, note in each.labels]
            draw(labels_given(rows))
            shown = draft_of(person, engine, each.unit, made.people.rubric)
            if shown.fields or shown.text is not None:
                with st.container(key=f"reading-{opened.key}-{each.unit}"):
                    task_and_draft(shown.fields, shown.text or "", of=each.unit)
            else:
                panels.text("No draft with this id is in the store, so there is no text to show.", quiet=True)
            if made.people.kind != "set":
                panels.link("drafts", "All that is known of this draft", round=made.people.origin, draft=each.unit)
    if len(opened.differs) > AT_ONCE:
        panels.text(f"The {AT_ONCE} that differ most are shown, of {many(len(opened.differs), 'unit')}.", quiet=True)
