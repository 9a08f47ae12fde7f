"""Agreement: how far annotators agree, how sure that is, and which dimensions are under their threshold."""

import streamlit as st

from ui.agreement import chosen_report, disagreements, downloads, one_dimension, report_tables
from ui.base import charts, choice_boxes, navigation, panels
from ui.base.session import address, signed_in, store
from ui.rubric.titles import title_of
from workflow.agreement import reports
from workflow.agreement.forest import forest_rows
from workflow.importing import label_sets
from workflow.rounds import rounds

person, engine = signed_in.require_person(), store.engine()
closed = rounds.closed_names(engine)
sets = label_sets.names_of_sets(engine)

if not closed and not sets:
    panels.empty(
        "No round is closed yet, so there is no agreement report.",
        "Labels stay hidden until their round is closed, so that everyone labels blind.",
        [("rounds", "See the rounds"), ("home", "Home")],
    )
    st.stop()

kind, name = chosen_report.asked(person, engine, closed, sets)
top = st.container()  # where things stand comes first, above the box that asks for more
names = chosen_report.pool_of(engine, name) if kind == "round" else [name]
report = chosen_report.of_rounds(person, engine, names) if kind == "round" else reports.agreement_of_set(person, engine, name)

with top:
    panels.heading(f"Agreement of {report.name}", report.sentence, is_sample=report.is_sample, mark=report.mark)
    panels.outcome()
panels.text(report_tables.provenance(report), quiet=True)
panels.notes(report.notes)
shown = chosen_report.one_of(report)
here = {kind: name, "with": names[1:]}
ordered = sorted(shown.dimensions.values(), key=lambda each: (not each.flagged, each.verdict is not None))
if any(each.judged and each.judged.value is not None for each in ordered):
    charts.show(
        charts.forest(forest_rows((title_of(report.rubric, each.dimension), each) for each in ordered), report.mark),
        key="forest",
        alt="Each dimension's statistic with its interval against its threshold; the table below has the numbers",
    )
panels.table(
    *report_tables.summary(shown, ordered),
    numbers=(1, 2, 4, 5),
    whole=(3,),
    prose=(6,),
    marked=[place for place, each in enumerate(ordered) if each.flagged],
    links=[navigation.address("agreement", **{**here, "dimension": each.dimension, "to": "one-dimension"}) for each in ordered],
    caption=report_tables.how_to_read(shown, ordered),
)
chosen_report.where_to_next(report, closed)
downloads.report(person, engine, report)

panels.section("One dimension", place="one-dimension")
titles = {each.dimension: title_of(report.rubric, each.dimension) for each in ordered}
key = choice_boxes.one_of("Dimension", titles, f"open-{kind}-{name}", asked=st.query_params.get("dimension", ""))
address.only(
    **({"set": name} if kind == "set" else {"with": names[1:]}), dimension=key
)  # a copied link shows this, a refresh too
opened = report.dimensions[key]
panels.notes(opened.warnings)
panels.text(" ".join(report.second_opinion[key].lines), quiet=True)
one_dimension.pairs(person, engine, report, opened)
one_dimension.intraclass(report, opened)

found = disagreements.differing(person, engine, report, shown, key)
panels.section(f"{disagreements.what_differs(report)}: {found.many:,}")
disagreements.show(person, engine, report, key, found)
