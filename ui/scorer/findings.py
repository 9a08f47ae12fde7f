"""What the checks found, drawn in the draft's text and listed beside it, with the same numbers.

Spans may overlap: the text is cut wherever one begins or ends, and each piece says in how many it lies. Every piece is escaped.
"""

import html
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import streamlit as st

from touchstone.rubric.model import Rubric
from touchstone.scorer.scoring import DraftScore, Finding
from ui.base import panels
from ui.base.panels import lines_of
from workflow.scorer.scoring import DraftFindings

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


def marked(text: str, found: Sequence[Marked], *, numbers: bool = True) -> str:
    """The text as HTML with the findings drawn in it; `numbers` where each ends, for a list beside it."""
    body = ""
    for words, inside, ending in pieces(text, found):
        piece = html.escape(words)
        if inside:
            gravest = min(inside, key=lambda each: GRAVEST.index(each.level))
            said = "; ".join(f"{each.number} {words_of(each)}: {each.finding.message}" for each in inside)
            deep = '<mark class="ts-many ' if len(inside) > 1 else '<mark class="'
            piece = f'{deep}ts-{html.escape(gravest.level)}" title="{html.escape(said)}">{piece}</mark>'
        body += piece + "".join(f"<sup>{html.escape(str(each.number))}</sup>" for each in ending if numbers)
    return body


def draft(made: DraftFindings, found: Sequence[Marked]) -> None:
    """The task's input above the draft, the findings drawn in it; its numbers are those of the list."""
    shown = "".join(f"<h3>{html.escape(title)}</h3>{lines_of(words)}" for title, words in made.fields)
    task = f'<section class="ts-task" aria-label="The task" tabindex="0">{shown}</section>' if shown else ""
    body = marked(made.text, found)
    body = body if made.text.strip() else '<em class="ts-quiet">This draft is empty.</em>'
    st.html(
        f'<div class="ts-paper">{task}<section class="ts-draft ts-marking" aria-label="The draft with what the checks found" '
        f'tabindex="0"><div>{body}</div></section></div>'
    )


def listed(found: Sequence[Marked], titles: Mapping[str, str]) -> None:
    """The findings as a list: number, level in words and colour, check, message, and what they count in."""
    body = ""
    for each in found:
        level = html.escape(each.level)
        counts = html.escape(", ".join(titles[key] for key in each.keys))
        body += (
            f'<li><sup>{html.escape(str(each.number))}</sup><div><b class="ts-{level}">{html.escape(words_of(each))}</b> '
            f"{html.escape(each.finding.message)}<small>{html.escape(each.finding.check)} · {counts}</small></div></li>"
        )
    if body:
        st.html(f'<ol class="ts-found">{body}</ol>')


def levels(score: DraftScore, titles: Mapping[str, str], key: str = "") -> None:
    """A level per dimension with the line that gave it, or why there is none; the dimension that is looked at stands out."""
    rows = [
        (titles[name], "–" if each.value is None else str(each.value), each.because or f"not scorable: {each.reason}")
        for name, each in score.scores.items()
    ]
    panels.table(
        ("Dimension", "level", "because"),
        rows,
        numbers=(1,),
        caption="By the program, not by people: the first line of the rubric's scoring that holds",
        marked=[place for place, name in enumerate(score.scores) if name == key],
    )
