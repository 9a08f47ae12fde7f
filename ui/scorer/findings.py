"""What the checks found, drawn in the draft's text and listed beside it, with the same numbers.

Spans may overlap: the text is cut wherever one begins or ends, and each piece says in how many it lies. Every piece is escaped.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st
from markupsafe import Markup, escape

from touchstone.english import many
from touchstone.rubric.model import Rubric
from touchstone.scorer.scoring import NO_LINES, DraftScore, Finding
from ui.base import navigation, panels, task_and_draft
from ui.base.markup import NOTHING, draw
from workflow.rounds.rounds import Round
from workflow.scorer.scoring import DraftFindings

LISTED = 500  # drafts to choose from: a list of all would be a page of megabytes
GRAVEST = ("error", "warning", "suggestion")  # the levels of a check, as in Vale


class Marked(NamedTuple):
    """One finding with its number in the text and in the list; `level` of its check, `keys` the dimensions it counts in."""

    number: int
    finding: Finding
    level: str
    keys: tuple[str, ...]


def numbered(score: DraftScore, rubric: Rubric, key: str = "") -> list[Marked]:
    """The findings (of one dimension, of all where `key` is "") by place, each once however many dimensions it counts in."""
    keys: dict[Finding, tuple[str, ...]] = {}
    for name, each in score.scores.items():
        for finding in each.findings if key in ("", name) else ():
            keys[finding] = (*keys.get(finding, ()), name)
    return in_order(keys, rubric)


def in_order(keys: Mapping[Finding, tuple[str, ...]], rubric: Rubric) -> list[Marked]:
    """Findings, each with the dimensions it counts in, numbered by place."""
    levels = {check.name: check.level for dimension in rubric.dimensions for check in dimension.checks}
    ordered = sorted(keys, key=lambda each: (each.start, -each.end, each.check))
    return [Marked(number, each, levels.get(each.check, "warning"), keys[each]) for number, each in enumerate(ordered, 1)]


def pieces(text: str, found: Sequence[Marked]) -> list[tuple[str, tuple[Marked, ...], tuple[Marked, ...]]]:
    """The text in pieces: each with the findings it lies in and those that end with it. Joined, they are the text."""
    cuts = sorted(
        {0, len(text), *(end for each in found for end in (each.finding.start, each.finding.end) if 0 <= end <= len(text))}
    )
    made = []
    for begins, ends in zip(cuts, cuts[1:], strict=False):
        inside = tuple(each for each in found if each.finding.start <= begins and ends <= each.finding.end)
        made.append((text[begins:ends], inside, tuple(each for each in inside if each.finding.end == ends)))
    return made


def words_of(each: Marked) -> str:
    """The level of a finding in words, and whether it says another value than the task."""
    return f"{each.level}, differs from the task" if each.finding.differs else each.level


def marked(text: str, found: Sequence[Marked], *, numbers: bool = True) -> Markup:
    """The text with the findings drawn in it; `numbers` where each ends, for a list beside it."""
    body = NOTHING
    for words, inside, ending in pieces(text, found):
        if inside:
            gravest = min(inside, key=lambda mark: GRAVEST.index(mark.level))
            body += Markup('<mark class="{}ts-{}" title="{}">{}</mark>').format(
                "ts-many " if len(inside) > 1 else "",
                gravest.level,
                "; ".join(f"{mark.number} {words_of(mark)}: {mark.finding.message}" for mark in inside),
                words,
            )
        else:
            body += escape(words)
        body += numbers_of(ending) if numbers else NOTHING
    return body


def numbers_of(ending: Sequence[Marked]) -> Markup:
    """The numbers of the findings that end here, raised."""
    return NOTHING.join(Markup("<sup>{}</sup>").format(mark.number) for mark in ending)


def left_out(listed_: Sequence[str], of: Round | None) -> None:
    """That the list of drafts has the first of them alone, of that round or of all closed ones; and where any other is opened."""
    number = len(listed_)
    if of:
        panels.of_a_part(
            f"The list has the first {number:,} of {many(of.drafts, 'draft')} of {of.name}",
            "find any other in Drafts",
            "drafts",
            round=of.name,
        )
    else:
        panels.of_a_part(
            f"The list has the first {many(number, 'draft')} of closed rounds", "find any other in Drafts of its round", "rounds"
        )


def draft(made: DraftFindings, found: Sequence[Marked]) -> None:
    """The task's input above the draft, the findings drawn in it; its numbers are those of the list."""
    draw(
        Markup(
            '<div class="ts-paper">{}<section class="ts-draft ts-marking" aria-label="The draft with what the checks found" '
            'tabindex="0"><div>{}</div></section></div>'
        ).format(task_and_draft.task(made.fields), marked(made.text, found) if made.text.strip() else task_and_draft.EMPTY)
    )


def listed(found: Sequence[Marked], titles: Mapping[str, str]) -> None:
    """The findings as a list: number, level in words and colour, check, message, and what they count in."""
    if not found:
        return
    item = Markup('<li><sup>{}</sup><div><b class="ts-{}">{}</b> {}<small>{} · {}</small></div></li>')
    items = NOTHING.join(
        item.format(
            mark.number,
            mark.level,
            words_of(mark),
            mark.finding.message,
            mark.finding.check,
            ", ".join(titles[key] for key in mark.keys),
        )
        for mark in found
    )
    draw(Markup('<ol class="ts-found">{}</ol>').format(items))


def levels(score: DraftScore, titles: Mapping[str, str], key: str = "", **to: str) -> None:
    """A level per dimension with the line that gave it, or why there is none; the dimension that is looked at stands out. Those
    the rubric does not score are named once. `to`: draft and version as an address has them; each leads to its
    findings."""
    scored = {name: each for name, each in score.scores.items() if each.reason != NO_LINES}
    rows = [
        (titles[name], "–" if each.value is None else str(each.value), each.because or f"not scorable: {each.reason}")
        for name, each in scored.items()
    ]
    panels.table(
        ("Dimension", "level", "because"),
        rows,
        numbers=(1,),
        caption="By the program, not by people: the first scoring line of the rubric that applies",
        marked=[place for place, name in enumerate(scored) if name == key],
        links=[navigation.address("findings", **to, dimension=name) for name in scored] if to else (),
    )
    if others := [titles[name] for name in score.scores if name not in scored]:
        panels.text(f"Not scored: {', '.join(others)}.", quiet=True)


def numbers(made: DraftFindings) -> None:
    """What the numbers of the draft were read as, where the rubric says; nothing where it does not."""
    rows = [
        (f"{number.text}, now {number.current}" if number.current else number.text, number.kind.replace("-", " "))
        for number in made.numbers
    ]
    if rows:
        with st.expander(f"{many(len(rows), 'number')} in this draft"):
            panels.table(("Number", "read as"), rows, caption="The kinds are the rubric’s own; other: none of them", prose=(1,))
