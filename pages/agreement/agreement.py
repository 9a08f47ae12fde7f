"""Agreement: how far annotators agree, how sure that is, and which dimensions are under their threshold."""

import streamlit as st

from touchstone.agreement.coefficient import PERCENT
from touchstone.agreement.figure import in_words
from ui.agreement import downloads, report_tables
from ui.base import charts, navigation, panels, session
from workflow.agreement import reports
from workflow.agreement.forest import forest_rows
from workflow.importing import label_sets
from workflow.rounds import rounds

person, engine = session.require_person(), session.engine()
closed = rounds.closed_names(engine)
sets = [each.name for each in label_sets.all_label_sets(engine)]

if not closed and not sets:
    panels.nothing(
        "No round is closed yet, so there is no agreement to read.",
        "Labels are read when their round is closed, so that everyone labels blind.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

options = [("round", name) for name in closed] + [("set", name) for name in sets]
asked = ("set", st.query_params["set"]) if "set" in st.query_params else ("round", st.query_params.get("round", ""))
if asked[1] and asked not in options:
    read = reports.agreement_of_rounds if asked[0] == "round" else reports.agreement_of_set
    session.attempt(read, person, engine, [asked[1]] if asked[0] == "round" else asked[1])  # says why it cannot be read
    panels.heading("Agreement", f"{asked[1]} cannot be read.")
    panels.outcome()
    for each in options[:8]:
        st.page_link(navigation.page("agreement"), label=f"Read {panels.literal(each[1])}", query_params={each[0]: each[1]})
    st.stop()
top = st.container()  # where things stand comes first, above the box that asks for another
kind, name = st.selectbox(
    "Round or label set",
    options,
    index=options.index(asked) if asked in options else 0,
    format_func=lambda each: each[1] + (" (label set)" if each[0] == "set" else ""),
)
names = report_tables.pool_of(engine, name) if kind == "round" else [name]
report = report_tables.of_rounds(person, engine, names) if kind == "round" else reports.agreement_of_set(person, engine, name)

with top:
    panels.heading(report.name, report.sentence, is_sample=report.is_sample, mark=report.mark)
    panels.outcome()
panels.text(report_tables.provenance(report), quiet=True)
panels.notes(report.notes)
shown = report_tables.one_of(report)
ordered = sorted(shown.dimensions.values(), key=lambda each: (not each.flagged, each.verdict is not None))
if any(each.judged and each.judged.value is not None for each in ordered):
    st.plotly_chart(
        charts.forest(forest_rows((report.rubric.dimension(each.dimension).title, each) for each in ordered), report.mark),
        config=charts.CONFIG,
        key="forest",
        theme=None,
        alt="Each dimension's statistic with its interval against its threshold; the table below has the numbers",
    )
panels.table(
    *report_tables.summary(shown, ordered),
    numbers=(1, 2, 3, 4, 5),
    marked=[place for place, each in enumerate(ordered) if each.flagged],
    caption=report_tables.how_to_read(shown, ordered),
)
report_tables.where_to_next(report, closed)
downloads.report(person, engine, report)

panels.section("One dimension")
titles = {each.dimension: report.rubric.dimension(each.dimension).title for each in ordered}
first = st.query_params.get("dimension")
key = st.segmented_control(
    "Dimension",
    list(titles),
    default=first if first in titles else next(iter(titles)),
    format_func=titles.get,
    required=True,
    label_visibility="collapsed",
    key=f"open-{kind}-{name}",
)
st.query_params.from_dict({kind: name, "with": names[1:], "dimension": key})  # a copied link shows this, a refresh too
opened = report.dimensions[key]
panels.notes(opened.warnings)
panels.text(" ".join(report.second_opinion[key].lines), quiet=True)
for pair in opened.pairs[:6]:
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.plotly_chart(
            charts.confusion(pair, report.mark),
            config=charts.CONFIG,
            theme=None,
            key=f"confusion-{key}-{pair.a}-{pair.b}",
            alt=f"Levels of {pair.a} against those of {pair.b}, counts in the cells and both marginals",
        )
    with right:
        panels.table(
            *report_tables.by_level(pair),
            numbers=(1, 2, 3),
            names=(1, 2),
            caption=report_tables.marked(
                report, f"Level by level: how often {pair.a} and {pair.b} gave it, and how far they agree on it"
            ),
        )
if len(opened.pairs) > 6:
    panels.text(f"The first 6 of {len(opened.pairs)} pairs are shown.", quiet=True)
if not opened.pairs:
    why = "" if opened.units_with_two else f": {in_words(opened.overall[PERCENT])}"
    panels.text(f"{report.no_pairs.removesuffix('.')}{why}.")

found = report_tables.differing(person, engine, report, shown, key)
panels.section(f"{report_tables.what_differs(report)}: {len(found)}")
report_tables.disagreements(person, engine, report, key, found)
