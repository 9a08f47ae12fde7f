"""The revision meeting: what its page draws, and what its boxes do."""

from collections.abc import Sequence
from hashlib import sha256

import sqlalchemy as sa
import streamlit as st
from markupsafe import Markup

from touchstone.data.gold import DISAGREEMENT
from touchstone.english import day, many
from touchstone.rubric.model import Dimension
from touchstone.scorer.scoring import Score
from ui.agreement.disagreements import labels_given
from ui.base import navigation, next_focus, panels
from ui.base.markup import NOTHING
from ui.base.session import messages, tab
from ui.rubric.anchors import anchors_and_said
from workflow.people.people import Person
from workflow.rounds.rounds import Round
from workflow.rubric import meetings, versions
from workflow.rubric.meetings import Meeting, Point, Said
from workflow.scorer import scoring
from workflow.scorer.scoring import ScorerSays

MOST_ROWS = 60  # disagreements in the overview
LISTED = 200  # of those to choose from: a list of all would be a page of megabytes
NO_CHECK = Markup("<li>no check matched</li>")
MOST_FINDINGS = 8  # of one draft, beside its labels: the Findings page has them all


def pick_dimension(order: Sequence[tuple[str, bool]], found: Round, titles: dict[str, str]) -> str:
    """Which dimension the meeting is about: the one the address names, else the worst. `order`: all, the worst first, each with
    whether it is flagged."""
    flagged = {key for key, is_flagged in order if is_flagged}
    keys, asked = [key for key, _ in order], st.query_params.get("dimension")
    key = st.segmented_control(
        "Dimension",
        keys,
        default=asked if asked in keys else keys[0],
        required=True,
        label_visibility="collapsed",
        key=f"meeting-{found.id}",
        format_func=lambda key: panels.literal(titles[key]) + (" (flagged)" if key in flagged else ""),
    )
    st.query_params.update(dimension=key)
    return key


def names_of(made: Meeting) -> dict[str, str]:
    """The disagreements in the list, by draft: the levels, and the place among those. What stands of it is not among the words: a
    choice whose words change is lost, and the next decision would be written on another draft."""
    return {
        point.draft_id: f"{group.title} · {place:,} of {group.many:,} · {point.draft_id}"
        for group in made.groups
        for place, point in enumerate(group.points, start=group.before + 1)
    }


def left_out(made: Meeting) -> None:
    """Where the list has some of each group alone: how many of how many, that it goes on, and where the others are."""
    if made.many > len(made.points):
        panels.of_a_part(
            f"The list has {len(made.points):,} of {made.many:,} and moves on",
            "find any other in Drafts",
            "drafts",
            round=made.round.name,
            state=DISAGREEMENT,
            dimension=made.dimension.key,
        )


def state(point: Point) -> str:
    return (
        "decided"
        if point.is_decided
        else "discussed, not decided"
        if point.is_discussed
        else "of a discussed task, not decided"
        if point.of_discussed_task
        else "not decided yet"
    )


def token(made: Meeting, point: Point | None) -> str:
    """Part of the keys of a disagreement's widgets, or the note's: other ones once something else stands there."""
    stands = made.note if point is None else point.said
    which = sha256(f"{made.dimension.key} / {point.draft_id if point else ''}".encode()).hexdigest()[:12]
    return f"{made.round.id}-{which}-{stands.id if stands else 'new'}"


def keep(person: Person, engine: sa.Engine, made: Meeting, point: Point | None) -> bool:
    """Keep what stands in the box of a disagreement, or of the note; whether that was done."""
    typed, stands = tab.value_of(f"words-{token(made, point)}"), made.note if point is None else point.said
    if typed is None or typed.strip() == (stands.words if stands else ""):
        return True
    before, revising = messages.refusals(), stands.id if stands else None
    if point is None:
        messages.attempt(meetings.keep_note, person, engine, made.round.name, made.dimension.key, typed, revising=revising)
    else:
        messages.attempt(
            meetings.decide, person, engine, made.round.name, point.draft_id, made.dimension.key, typed, revising=revising
        )
    return messages.refusals() == before


def _keep_box(person: Person, engine: sa.Engine, made: Meeting, point: Point | None) -> None:
    keep(person, engine, made, point)


def keep_and_next(person: Person, engine: sa.Engine, made: Meeting, point: Point) -> None:
    """Keep the decision, if there is one, and lay the next disagreement on the table."""
    if keep(person, engine, made, point):
        points = made.points
        comes = points[(points.index(point) + 1) % len(points)]
        tab.put(f"point-{made.round.id}-{made.dimension.key}", comes.draft_id)
        has_words = bool((tab.value_of(f"words-{token(made, point)}") or "").strip())
        kept = f"The decision on {point.draft_id} is kept." if has_words else f"{point.draft_id} is left without a decision."
        said = f"{kept} Next: {names_of(made)[comes.draft_id]}, {state(comes)}."
        next_focus.lead_to(".st-key-case-form textarea", said, from_the_top=True)


def mark(person: Person, engine: sa.Engine, made: Meeting, point: Point) -> None:
    """The box "Discussed" was ticked, or its tick taken out."""
    verb = meetings.mark_discussed if tab.value_of(f"discussed-{token(made, point)}") else meetings.take_mark_back
    messages.attempt(
        verb, person, engine, made.round.name, point.draft_id, made.dimension.key, revising=point.said.id if point.said else None
    )


def scorer(engine: sa.Engine, made: Meeting, point: Point) -> ScorerSays:
    """What the scorer says of the disagreement on the table, and of those of the overview."""
    drafts = dict.fromkeys((point.draft_id, *(each.draft_id for each in made.points[:MOST_ROWS])))
    return scoring.scorer_says(engine, made.round, made.dimension.key, list(drafts))


def voices(dimension: Dimension, point: Point, says: ScorerSays) -> None:
    """The anchors, and all that was said of a draft on this dimension, side by side: labels with their notes, the adjudication,
    the scorer with what it found, or why it says nothing."""
    said = [(label.annotator, dimension.in_words(label.value), label.note) for label in point.labels]
    if was := point.adjudication:
        reason = f"{was.cause}: {was.reason} ({was.adjudicator})"
        said.append(("Adjudicated", dimension.in_words(was.value), reason))
    score = says.scores.get(point.draft_id) or Score(None, None, says.note)
    level = level_of(score) if score.value is None else dimension.in_words(score.value)
    given = labels_given(
        said,
        Markup('<div class="ts-scorer"><b>Scorer: {}</b> <span>{}</span><ul>{}</ul></div>').format(
            level, score.because or score.reason or "", _findings_of(score)
        ),
    )
    anchors_and_said(dimension, given, "The anchors and what was said")
    if says.rubric and says.note:
        panels.text(panels.sentence_case(says.note) + ".", quiet=True)


def _findings_of(score: Score) -> Markup:
    if not score.findings:
        return NO_CHECK if score.value is not None else NOTHING
    listed = NOTHING
    for finding in score.findings[:MOST_FINDINGS]:
        text = _short(finding.text)
        quoted = NOTHING if text in finding.message else Markup("<q>{}</q> ").format(text)
        listed += Markup("<li>{} {}<small>{}</small></li>").format(finding.message, quoted, finding.check)
    if (more := len(score.findings) - MOST_FINDINGS) > 0:
        listed += Markup("<li>and {} more</li>").format(more)
    return listed


def to_findings(made: Meeting, point: Point, says: ScorerSays) -> None:
    """The draft with every finding marked in it, where that may be shown."""
    score = says.scores.get(point.draft_id)
    if score and score.reason != scoring.HELD:
        panels.link(
            "findings", "Findings in the draft", draft=point.draft_id, rubric=made.round.rubric, dimension=made.dimension.key
        )


def level_of(score: Score) -> str:
    return "no level" if score.value is None else str(score.value)


def _short(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= 80 else f"{words[:77]}..."


def who(stands: Said | None, noun: str) -> None:
    """Who wrote what stands there, and when."""
    if stands and stands.words:
        panels.text(f"{noun} by {stands.by}, {day(stands.at)}. Earlier wordings are kept.", quiet=True)


def decision(person: Person, engine: sa.Engine, made: Meeting, point: Point, says: ScorerSays) -> None:
    """The box for what the meeting decides on a draft, with what can be done to it; and who decided what stands there."""
    of_point = token(made, point)
    tab.start_with(f"words-{of_point}", point.said.words if point.said else None)
    st.text_area(
        "Decision: what the rubric should say, so that this draft has one level",
        key=f"words-{of_point}",
        height=90,
        on_change=_keep_box,
        args=(person, engine, made, point),
        placeholder="Which wording changes, and how. Saved when you leave the box.",
    )
    with st.container(key="decide", horizontal=True, vertical_alignment="center"):
        st.button(
            "Keep and next",
            type="primary",
            shortcut="Ctrl+Enter",
            key=f"next-{of_point}",
            on_click=keep_and_next,
            args=(person, engine, made, point),
        )
        st.checkbox(
            "Discussed",
            value=point.is_discussed,
            disabled=point.is_decided,
            key=f"discussed-{of_point}",
            on_change=mark,
            args=(person, engine, made, point),
        )
        to_findings(made, point, says)
    who(point.said, "Decided")


def note(person: Person, engine: sa.Engine, made: Meeting) -> None:
    """The box for what the meeting says of the dimension as a whole, and who wrote what stands there."""
    panels.section("Note of the meeting")
    of_note = token(made, None)
    tab.start_with(f"words-{of_note}", made.note.words if made.note else None)
    st.text_area(
        f"Note on {panels.literal(made.dimension.title)}",
        key=f"words-{of_note}",
        height=90,
        label_visibility="collapsed",
        on_change=_keep_box,
        args=(person, engine, made, None),
        placeholder=f"What the meeting concluded about {made.dimension.title} as a whole. Saved when you leave the box.",
    )
    who(made.note, "Written")


def what_next(engine: sa.Engine, made: Meeting) -> None:
    """From the meeting to the next version: those that wait to be published, and those that are."""
    panels.section("The next version")
    waiting, published = (versions.successors(engine, made.round.rubric, is_published=each) for each in (False, True))
    if not waiting and not published:
        panels.text(f"There is none yet. It starts from {made.round.rubric}, and is measured on other drafts.", quiet=True)
    with st.container(horizontal=True):
        if not waiting and not published:
            panels.link("next_version", "Write the next version", rubric=made.round.rubric, dimension=made.dimension.key)
        for name in waiting:
            panels.link(
                "rubrics", f"Publish {name} after this meeting", rubric=name, beside=made.round.rubric, meeting=made.round.name
            )
        for name in published:
            panels.link(
                "rubrics", f"Measure {name}, which is published", rubric=name, beside=made.round.rubric, meeting=made.round.name
            )


def overview(made: Meeting, says: ScorerSays, on_the_table: Point) -> None:
    """Every disagreement a row, by the levels that stand against each other: to prepare the meeting, and to look back. The one on
    the table stands out."""
    rows = [
        (
            group.title,
            navigation.anchor(_to(made, point), point.draft_id),
            *_given(point),
            _scored(says, point),
            ("on the table: " if point == on_the_table else "")
            + (point.said.words if point.said and point.is_decided else state(point)),
        )
        for group in made.groups
        for point in group.points
    ]
    panels.table(
        ("Levels", "draft", "notes", "adjudicated", "scorer", "decision"),
        rows[:MOST_ROWS],
        whole=(0, 1),
        marked=[place for place, point in enumerate(made.points[:MOST_ROWS]) if point == on_the_table],
        caption="; ".join(f"{group.title}: {many(group.many, 'draft')}" for group in made.groups)
        + ("." if has_all(made) else f". {min(len(rows), MOST_ROWS)} of {made.many:,} are shown."),
    )


def has_all(made: Meeting) -> bool:
    """Whether the table of disagreements has every one."""
    return made.many <= min(len(made.points), MOST_ROWS)


def _to(made: Meeting, point: Point) -> str:
    return navigation.address("revision", round=made.round.name, dimension=made.dimension.key, draft=point.draft_id)


def _given(point: Point) -> Sequence[str]:
    notes = "; ".join(
        f"{label.annotator}: {label.value}" + (f" (“{label.note}”)" if label.note else "") for label in point.labels
    )
    was = point.adjudication
    return notes, f"{was.value}, {was.cause}: {was.reason}" if was else "–"


def _scored(says: ScorerSays, point: Point) -> str:
    score = says.scores.get(point.draft_id)
    if score is None:
        return "–"
    return f"{level_of(score)}: {score.because or score.reason}"


def marked(made: Meeting) -> str:
    """How many drafts are marked as discussed, and what follows from it."""
    if not made.discussed:
        return (
            "A decision, or a tick at “Discussed”, marks the draft and every draft of its task: a new rubric is then "
            "measured on others."
        )
    more = made.with_them - made.discussed
    return (
        f"{many(made.discussed, 'draft')} of {made.round.name} {'is' if made.discussed == 1 else 'are'} marked as discussed"
        + (
            f", and with {'it' if made.discussed == 1 else 'them'} {many(more, 'other draft')} of the same "
            f"{'task' if made.discussed == 1 else 'tasks'}"
            if more > 0
            else ""
        )
        + ": a new rubric is measured on drafts of other tasks."
    )
