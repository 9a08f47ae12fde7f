"""Models as judges on the page: those that were run, one that is written and run, and an older one against a newer one.

A model is asked from the page in local mode alone: a judge's file says which address is asked, and which variable of the
environment has the key for it. On a team's server that is for who runs the server.
"""

from collections.abc import Callable, Sequence
from typing import ParamSpec, TypeVar

import sqlalchemy as sa
import streamlit as st

from touchstone.agreement.figure import in_words, signed
from touchstone.english import duration, listed, many
from touchstone.errors import Refused, in_short
from touchstone.judging.llm.judge_file import LLMJudge, next_version
from ui.base import navigation, panels
from ui.base.session import messages, store
from ui.data import uploads
from ui.data.asking import telling
from ui.judging.judged import title_of
from workflow.judging.llm.drafts_asked import AskAbout
from workflow.judging.llm.judges import JudgeRun, UsedJudge, judge_in, used_judges
from workflow.judging.llm.planning import planned_run
from workflow.judging.llm.running import StepOfJudging, run_judge
from workflow.judging.two_judges import ComparedDimension, ComparedJudges, compare_judges
from workflow.people.people import Person
from workflow.people.team_mode import is_team
from workflow.rounds.rounds import closed_names

Taken = ParamSpec("Taken")
Result = TypeVar("Result")
A_FILE = "a judge's file"
STOPS = (
    "It ends after the answers that are under way, as it does when the page is reloaded or left; what was answered is kept, and "
    "not asked for again."
)
AT_ONCE = 20  # drafts of a table


def section(person: Person, engine: sa.Engine, people: str) -> None:
    """The judges there are, and the form for one. `people`: whom the page holds judges against."""
    panels.section("Models as judges", place="models")
    used = used_judges(person, engine)
    if used:
        _table(used, people)
    if is_team():
        panels.text(
            "Models are asked on the server itself, which has their keys: judge run JUDGE ROUND. What they say stands here."
        )
        return
    panels.text(
        "A judge’s file says which model is asked, on which dimensions of which rubric version. The key stands in the "
        "environment: TOUCHSTONE_JUDGE_KEY, or the variable that the file names. Nothing of an open round is sent."
    )
    _form(person, engine, used, people)


def _table(used: Sequence[UsedJudge], people: str) -> None:
    rows, links = [], []
    for each in used:
        newest = each.runs[0] if each.runs else None
        ran = f"{newest.drafts}: {many(newest.levels, 'new level')}" if newest else "–"
        errors = f", {many(newest.errors, 'error')}" if newest and newest.errors else ""
        came_to = each.newest_set or _no_set(newest)
        rows.append((each.judge.name, each.judge.file.model, each.rubric, f"{ran}{errors}", came_to))
        against = {"judge": f"set:{each.newest_set}", "people": people} if people else {}
        links.append(navigation.address("judges", **against) if each.newest_set and people else "")
    panels.table(
        ("Judge", "model", "rubric", "last run", "label set"),
        rows,
        links=links,
        caption="Each name leads to the judge against people, with the labels of its last run.",
    )


def _no_set(newest: JudgeRun | None) -> str:
    """Why the last run of a judge came to no label set."""
    if newest is None:
        return "–"
    if newest.has_ended:
        return "no label set: no answer had a level"
    if newest.errors and not newest.levels:
        return "no label set: errors alone so far; it goes on, or broke off"
    return "no label set: it goes on, or broke off"


def _form(person: Person, engine: sa.Engine, used: Sequence[UsedJudge], people: str) -> None:
    rounds = closed_names(engine)
    if not rounds:
        panels.text("No round is closed yet, so there is no draft that a judge may be asked about.")
        return
    judge = _judge_given(used)
    kind, _, name = people.partition(":")
    place = rounds.index(name) if kind == "round" and name in rounds else 0
    asked = st.selectbox("The drafts of", rounds, index=place, key="judge-round")
    if judge is None:
        return
    about = AskAbout(round=asked)
    before = _or_wrong(planned_run, person, engine, judge, about)
    if before is None:
        return
    panels.text(f"{before.sentence}.")
    if st.button("Ask the model", type="primary"):
        with telling(f"{judge.file.model} is asked for the first of {many(before.calls, 'answer')}", STOPS) as tell:

            def told(step: StepOfJudging) -> None:
                errors = f", {many(step.errors, 'error')}" if step.errors else ""
                left = f", about {duration(step.seconds_left)} more" if step.seconds_left else ""
                tell(step.done / step.of if step.of else 1.0, f"{step.done:,} of {many(step.of, 'answer')}{errors}{left}")

            made = messages.attempt(run_judge, person, engine, judge, about, tell=told)
        if made is not None:
            messages.report(f"{made.sentence}.")
            if made.label_set:
                st.query_params["judge"] = f"set:{made.label_set}"
        st.rerun()
    st.download_button(f"Download {judge.name}.yml", judge.source, file_name=f"{judge.name}.yml", on_click="ignore")


def _judge_given(used: Sequence[UsedJudge]) -> LLMJudge | None:
    """The judge in a file, or written from one that was used, as its next version."""
    begun = {each.judge.name: each.judge for each in used}
    chosen = st.selectbox("Begin from", [A_FILE, *begun], key="judge-from") if begun else A_FILE
    if chosen == A_FILE:
        given = uploads.files("A judge", ["yml", "yaml"], largest=1, several=False, key="judge-file")
        source, name = (given[0].source, given[0].name) if given else (b"", "")
    else:
        words = st.text_area("The judge, as its next version", next_version(begun[chosen]), height=320, key=f"judge-{chosen}")
        source, name = words.encode("utf-8", "replace"), ""
    if not source.strip():
        return None
    return _or_wrong(judge_in, source, name)


def _or_wrong(verb: Callable[Taken, Result], *args: Taken.args, **kwargs: Taken.kwargs) -> Result | None:
    """What a verb returns; None where it refuses, with its sentence drawn here."""
    try:
        return verb(*args, **kwargs)
    except Refused as why:
        panels.wrong(why.sentence, in_short(why.problems))
        return None


def older(person: Person, engine: sa.Engine, judges: Sequence[str], judge: str, people: str) -> ComparedJudges | None:
    """The box for an older judge, and what the newer one changes; None where none is chosen."""
    others = [each for each in judges if each.startswith("set:") and each != judge]
    if not others or not judge.startswith("set:"):
        return None
    panels.section("Old judge against new", place="older")
    asked = st.query_params.get("older", "")
    place = others.index(asked) if asked in others else None
    chosen = st.selectbox("The older judge", others, index=place, placeholder="Choose one", format_func=title_of)
    if chosen is None:
        panels.text(
            "Choose an older judge: by how much this one agrees more with the same people on the same drafts is then said here."
        )
        return None
    st.query_params["older"] = chosen
    made = _or_wrong(compare_judges, person, engine, chosen, judge, people, store.kept_scores())
    if made is None:
        return None
    rows = []
    for each in made.dimensions:
        report = each.report
        if report is None:
            rows.append((each.title, "0", each.reason, *["–"] * 4))
            continue
        figures = in_words(report.old), in_words(report.new), signed(report.difference)
        rows.append((each.title, f"{report.n:,}", *figures, f"{report.mended:,}", f"{report.spoiled:,}"))
    panels.table(
        ("Dimension", "n", "before", "now", "difference", "nearer", "further off"),
        rows,
        numbers=(1, 2, 3, 4, 5, 6),
        caption="Kappa with the mode of the others, of the older and the newer judge, their difference with its paired 95 % "
        "interval by clusters, and how many drafts the newer one has nearer to the people, or further off.",
    )
    for each in made.dimensions:
        if each.report:
            panels.text(f"{each.sentence}.")
    return made


def changed(made: ComparedJudges | None, key: str, people_round: str) -> None:
    """The drafts of one dimension on which the two judges differ, those first that the newer has further off."""
    found: ComparedDimension | None = next((each for each in made.dimensions if each.declared.key == key), None) if made else None
    if found is None or not found.changed:
        return
    rows, links = [], []
    for each in found.changed[:AT_ONCE]:
        nearer = "further off" if each.nearer < 0 else "nearer" if each.nearer else "as far"
        given = listed([f"{who}: {level}" for who, level in each.people])
        rows.append((each.unit, str(each.old), str(each.new), given, nearer, each.because or "–"))
        links.append(navigation.address("drafts", round=people_round, draft=each.unit) if people_round else "")
    more = f" {AT_ONCE} of {many(len(found.changed), 'draft')} are shown." if len(found.changed) > AT_ONCE else ""
    panels.table(
        ("Draft", "before", "now", "people", "is now", "why, says the newer"),
        rows,
        links=links,
        prose=(5,),
        caption=f"Drafts on which the newer judge gives another level than the older, those further off first.{more}",
    )
