"""The agreement report and its disagreements, laid out for reading."""

import html
from collections.abc import Sequence

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.coefficient import KAPPA, NOMINAL_ALPHA, ORDINAL_ALPHA, PERCENT, QUADRATIC_KAPPA, on_level
from touchstone.agreement.figure import Figure, PairReport, in_words
from touchstone.agreement.report import DimensionReport
from touchstone.agreement.verdict import judgement_in_words, thresholds_in_words
from touchstone.comparison import two_rounds
from touchstone.english import day, listed, many
from touchstone.planning.plan import MOST
from ui.base import navigation, panels, session
from workflow.agreement import reports
from workflow.agreement.reports import Disagreement, Report
from workflow.comparison.two_rounds import ComparedRounds
from workflow.comparison.two_sources import ComparedSources
from workflow.people.people import Person
from workflow.planning.plan import CHANCES, LIKELY, Plan
from workflow.rounds import rounds

AT_ONCE = 20  # disagreements drawn on one page

SIZES_CAPTION = {
    True: "Drafts of a new round, with two labels or more each. Each range is the quartiles over the pilot's plausible values; "
    f"“if exact” takes the pilot's proportions as they are, at {LIKELY}. At or under the threshold a value never shows it.",
    False: "Drafts of a new round, labelled by two people each.",
}


def sizes(plan: Plan, question: str) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Header and rows of a plan's table, for one of its questions."""
    by_threshold, hours = question == "threshold", plan.seconds is not None
    chances = [f"{chance:.0%} chance" for chance in CHANCES]
    rows = []
    for key, each in plan.dimensions.items():
        answer = getattr(each, question)
        row = [plan.titles[key], f"{each.point.n}" if plan.pilot else "none", each.point_in_words if plan.pilot else "assumed"]
        if answer is None:  # only a pilot leaves a dimension undefined
            rows.append((*row, *["–"] * (3 + by_threshold + hours)))
            continue
        row += [answer.in_words(chance) for chance in CHANCES]
        if plan.pilot:
            exact = answer.as_it_stands[CHANCES[-1]]
            row.append("never" if answer.never else f"over {MOST:,}" if exact is None else f"{exact:,}")
            row += [f"{answer.share_under:.0%}"] if by_threshold else []
            row += [plan.hours_in_words(each, answer.work) or "–"] if hours else []
        rows.append(tuple(row))
    pilot = ["if exact", *(["at or under it"] if by_threshold else []), *(["hours a person"] if hours else [])]
    return ("Dimension", "pilot", "statistic", *chances, *(pilot if plan.pilot else [])), rows


def provenance(report: Report) -> str:
    """Where the labels came from, in a line."""
    when = f"closed {day(report.closed_at)}, " if report.closed_at else ""
    return (
        f"{when}rubric {report.rubric.name} ({report.rubric.digest[:12]}), {listed(report.annotators)}, "
        f"{many(report.units, 'draft')}; labels made by {report.made_by}"
    )


def one_of(report: Report) -> Report:
    """The report to read: of a calibration with several annotators, that of the one chosen here against the gold."""
    if len(report.by_annotator) < 2:
        return next(iter(report.by_annotator.values()), report)
    return report.by_annotator[
        st.segmented_control(
            "Annotator against the gold",
            list(report.by_annotator),
            default=next(iter(report.by_annotator)),
            required=True,
            format_func=panels.literal,
            key=f"against-{report.name}",
        )
    ]


def pool_of(engine: sa.Engine, name: str) -> list[str]:
    """The round and those it is pooled with here; a box only where there are others under the same rubric file."""
    others = rounds.poolable_with(engine, name)
    asked = [each for each in st.query_params.get_all("with") if each in others]
    return [name] + (
        st.multiselect(
            "Pooled with", others, default=asked, key=f"pool-{name}", placeholder="Other closed rounds under the same rubric file"
        )
        if others
        else []
    )


def of_rounds(person: Person, engine: sa.Engine, names: Sequence[str]) -> Report:
    """The report of a round, or of a pool; where a pool is refused, why, and the first round alone."""
    if len(names) == 1:
        return panels.read(names[0], reports.agreement_of_rounds, person, engine, names)
    return session.attempt(reports.agreement_of_rounds, person, engine, names) or reports.agreement_of_rounds(
        person, engine, names[:1]
    )


def differing(person: Person, engine: sa.Engine, report: Report, shown: Report, key: str) -> list[Disagreement]:
    """The drafts whose labels differ on a dimension, of all rounds of the report; of a calibration, of the annotator shown."""
    if report.label_set:
        return reports.disagreements(person, engine, key, label_set=report.label_set)
    found = [
        each
        for name in report.rounds
        for each in reports.disagreements(
            person, engine, key, round_name=name, among=shown.annotators if report.by_annotator else ()
        )
    ]
    return sorted(found, key=lambda each: (-each.spread, each.unit))


def what_differs(report: Report) -> str:
    """The heading over drafts whose labels differ."""
    return {"retest": "Labelled otherwise the second time", "calibration": "Other than the gold"}.get(
        report.kind, "Disagreements"
    )


def where_to_next(report: Report, closed: Sequence[str]) -> None:
    """Links to what is done with a closed round; a round that repeats another has no gold of its own. `closed`: all closed
    rounds, the newest first."""
    if len(report.rounds) == 1 and report.kind == "double":
        with st.container(horizontal=True):
            for page, label in (
                ("adjudicate", "Adjudicate its disagreements"),
                ("revision", "Revise the rubric on them"),
                ("gold", "Its gold"),
                ("slices", "Its slices, drift and annotators"),
                ("scorer", "The scorer beside it"),
                ("plan", "Plan the next round from it"),
            ):
                st.page_link(navigation.page(page), label=label, query_params={"round": report.name})
            if earlier := closed[closed.index(report.name) + 1 :]:
                st.page_link(
                    navigation.page("compare"),
                    label="Compare it with another round",
                    query_params={"before": earlier[0], "after": report.name},
                )
    elif report.label_set:
        with st.container(horizontal=True):
            st.page_link(navigation.page("plan"), label="Plan a round from it", query_params={"set": report.label_set})
            st.page_link(
                navigation.page("two_sources"), label="Set it beside other labels", query_params={"a": f"set:{report.label_set}"}
            )


def summary(report: Report, ordered: Sequence[DimensionReport]) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Header and rows of the table of dimensions: kappas for two annotators, alphas for more."""
    two = len(report.annotators) == 2 and report.are_people
    names = (KAPPA, QUADRATIC_KAPPA) if two else (NOMINAL_ALPHA, ORDINAL_ALPHA)
    rows = []
    for each in ordered:
        figures = each.pairs[0].figures if two and each.pairs else each.overall
        judged = [in_words(figures[name], each.only_level) if name in figures else "–" for name in names]
        rows.append(
            (
                report.rubric.dimension(each.dimension).title,
                str(each.units_with_two),
                in_words(each.overall[PERCENT]),
                *judged,
                f"{each.threshold:.2f}" if each.threshold is not None else "–",
                judgement_in_words(each.judgement),
            )
        )
    return ("Dimension", "n", "agreement", *(name.heading for name in names), "threshold", "verdict"), rows


def judged_on(ordered: Sequence[DimensionReport]) -> str:
    """Which statistic the thresholds are held against, in words."""
    return listed(thresholds_in_words([each.judgement for each in ordered])) or "nothing"


def how_to_read(report: Report, ordered: Sequence[DimensionReport]) -> str:
    """The caption of the table of dimensions, with the second opinion on all figures."""
    said = [marked(report, f"Point and 95 % interval, judged on {judged_on(ordered)}.")]
    if any(each.threshold is not None for each in ordered):
        said.append(
            "A dimension is flagged when its point is under the threshold; the verdict asks whether the whole interval "
            "is on one side of it."
        )
    return " ".join([*said, report.opinion_in_words])


def source_title(name: str) -> str:
    """A source for choosing: "ana, of the round pilot", "gold of pilot", "ana, of the label set march"."""
    kind, _, rest = name.partition(":")
    origin, _, who = rest.rpartition("/")
    if kind == "gold":
        return f"gold of {rest}"
    whole = {"round": "the round", "set": "the label set"}[kind]
    return f"{who}, of {whole} {origin}" if origin else f"{whole} {rest}"


def sources(made: ComparedSources) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Header and rows of the table of two sources."""
    names = (PERCENT, KAPPA, QUADRATIC_KAPPA)
    rows = [
        (
            each.title,
            str(each.n),
            *([in_words(each.pair.figures[name]) for name in names] if each.pair else [each.reason or "", "–", "–"]),
        )
        for each in made.dimensions
    ]
    return ("Dimension", "n", "agreement", KAPPA.heading, QUADRATIC_KAPPA.heading), rows


def marked(report: Report, words: str) -> str:
    """Words at a figure, after who made the labels where that must not be missed."""
    return f"{report.mark.capitalize()}. {words}" if report.mark else words


def by_level(pair: PairReport) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Header and rows: both marginals and the agreement on each level."""
    rows = [
        (
            str(level),
            str(sum(pair.table[place])),
            str(sum(row[place] for row in pair.table)),
            in_words(pair.figures[on_level(place)]),
        )
        for place, level in enumerate(pair.levels)
    ]
    return ("Level", pair.a, pair.b, "agreement on it"), rows


def compared_on(made: ComparedRounds) -> str:
    """Which rounds, under which rubric, and what they have in common, in a line."""
    sides = "; ".join(
        f"{when}: {each.name}, rubric {each.rubric.name} ({each.rubric.digest[:12]}), {listed(each.annotators)}, "
        f"{many(each.units, 'draft')}"
        for when, each in (("Before", made.before), ("after", made.after))
    )
    return (
        f"{sides}. In both: {many(made.drafts_in_common, 'draft')}, {many(made.tasks_in_common, 'task')}, "
        f"{'the same people' if made.same_annotators else 'not the same people'}."
    )


def differences(made: ComparedRounds) -> tuple[Sequence[str], list[Sequence[str]]]:
    """Header and rows of the table of two rounds; a dimension of one round alone has its own figure and no difference."""
    rows = []
    for each in made.dimensions:
        sides = (each.before, each.after)
        n = " → ".join("–" if side is None else str(side.units_with_two) for side in sides)
        if each.compared is None:
            shown = ["–" if side is None else in_words(side.judged, side.only_level) for side in sides]
            percent = ["–" if side is None else _percent(side.overall[PERCENT]) for side in sides]
            rows.append(
                (
                    each.title,
                    n,
                    " → ".join(percent),
                    judged_on([side for side in sides if side]),
                    *shown,
                    "–",
                    f"only {each.where}",
                )
            )
            continue
        judged, percent = each.compared.judged, each.compared.percent
        shown = [in_words(figure, side.only_level) for figure, side in zip((judged.before, judged.after), sides, strict=True)]
        method = each.compared.method or "–"
        if method in ("paired", "partly paired"):
            method += f", {many(judged.difference.n, 'draft')} in both"
        rows.append(
            (
                each.title,
                n,
                f"{_percent(percent.before)} → {_percent(percent.after)}",
                judged.coefficient.kind_first,
                *shown,
                two_rounds.difference_in_words(judged),
                method,
            )
        )
    return ("Dimension", "n", "agreement", "statistic", "before", "after", "difference", "method"), rows


def _percent(figure: Figure) -> str:
    return "–" if figure.value is None else f"{100 * figure.value:.0f} %"


def disagreements(person: Person, engine: sa.Engine, report: Report, key: str, found: Sequence[Disagreement]) -> None:
    """Each with both labels, both notes and the draft; the widest apart first."""
    if not found:
        panels.text(
            {
                "retest": "Every draft labelled twice was given the same level both times.",
                "calibration": "Every draft with gold was given the gold's level.",
            }.get(report.kind, "Everyone who labelled the same draft gave it the same level."),
            quiet=True,
        )
    if back := sum(each.held_back for each in found):  # which drafts they are would tell that the others were labelled alike
        panels.text(f"{back} of them are held back: you label the drafts in an open round.", quiet=True)
    found = [each for each in found if not each.held_back]
    for each in found[:AT_ONCE]:
        labels = " · ".join(f"{label.annotator} {label.value}" for label in each.labels)
        with st.expander(panels.literal(f"{each.unit}   {labels}")):
            given([(label.annotator, label.value, label.note) for label in each.labels])
            shown = reports.draft_of(person, engine, each.unit, report.rubric)
            if shown.text is None:
                panels.text("No draft of this id is in the store, so there is no text to show.", quiet=True)
            if shown.fields or shown.text is not None:
                with st.container(key=f"reading-{key}-{each.unit}"):
                    panels.task_and_draft(shown.fields, shown.text or "")
    if len(found) > AT_ONCE:
        panels.text(
            f"The {AT_ONCE} widest apart of {len(found)} are shown"
            + ("; those of a round all stand under Adjudicate." if report.rounds and report.kind == "double" else "."),
            quiet=True,
        )


def given(labels: Sequence[tuple[str, int | str, str]], beside: str = "") -> None:
    """Who gave which level, and the note with it; `beside` is HTML of our own for one more box."""
    st.html(
        '<div class="ts-given">'
        + "".join(
            f"<div><b>{html.escape(who)}: {html.escape(str(value))}</b>"
            + (f"<q>{html.escape(note)}</q>" if note else "")
            + "</div>"
            for who, value, note in labels
        )
        + beside
        + "</div>"
    )
