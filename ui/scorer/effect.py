"""What a version would change, laid out for reading: a row a dimension, the matrix of levels, and the drafts that move."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import streamlit as st

from touchstone.agreement.coefficient import KAPPA
from touchstone.agreement.figure import in_words
from touchstone.english import listed, many
from touchstone.scorer.effect.effect import FindingsChange
from ui.base import choice_boxes, confusion_map, navigation, panels
from ui.base.panels import Table
from ui.scorer import scored_so_far
from workflow.scorer.drafts_to_score import ALL, ScorableDrafts
from workflow.scorer.effect_report import DimensionChanged, EffectReport, MovedDraft, WithGold

AT_ONCE = 40  # drafts of a move listed on one page
MOST_NAMED = 12  # checks in a line
NO_GOLD = "nothing to compare: no draft has gold and a level under both"


class Counts(NamedTuple):
    """As much of a PairReport as the confusion map draws."""

    levels: Sequence[int | str]
    table: Sequence[Sequence[int]]
    a: str
    b: str


def one_of(label: str, names: Sequence[str], parameter: str, usual: str, titles: Mapping[str, str] | None = None) -> str:
    """One of several: the one the address names, else the usual one."""
    asked = st.query_params.get(parameter, usual)
    asked = asked if asked in names else usual
    return st.selectbox(
        label,
        names,
        index=names.index(asked) if asked in names else 0,
        key=f"{parameter}-{'-'.join(names)}",
        format_func=lambda each: (titles or {}).get(each, each),
    )


def how_many(sizes: Mapping[str, str]) -> int:
    """How many drafts of a sample, where there are `sizes` to choose from; 0 for all."""
    if not sizes:
        return 0
    asked = one_of("Drafts scored", list(sizes), "drafts", next(iter(sizes)), sizes)
    st.query_params.update(drafts=asked)
    return 0 if asked == ALL else int(asked)


@contextmanager
def telling(held: ScorableDrafts) -> Iterator[Callable[[int], None]]:
    """How far it is, while many drafts are scored; nothing where that is quick. Gives what to call with how many are done."""
    total, near = len(held.drafts), len(held.corpus.drafts)
    if held.corpus.knows_any and total == near:
        yield lambda done: None
        return
    with scored_so_far.telling("What a version would change", _why_it_takes_long(held), total) as tell:
        if not held.corpus.knows_any:
            tell(0)
        yield tell


def _why_it_takes_long(held: ScorableDrafts) -> str:
    """What is being scored, in a sentence."""
    near = len(held.corpus.drafts)
    if held.corpus.knows_any:
        return f"The drafts beyond the first {near:,} in which a changed check is met are being scored again."
    if near < len(held.drafts):
        return f"Every draft is being scored for the first time; later, those beyond the first {near:,} where a change is met."
    return "Every draft is being scored for the first time; later changes are shown at once."


def provenance(made: EffectReport) -> str:
    """What was scored by what, in a line; the page Rubrics lists every check that differs."""
    changed = list(made.changed)
    if len(changed) > MOST_NAMED:
        changed = [*changed[: MOST_NAMED - 1], f"{len(changed) - MOST_NAMED + 1} more"]
    return (
        f"{made.drafts_in_words}{',' if made.held.is_part else ''} scored under {made.before.name} "
        f"({made.before.digest[:12]}) and {made.after.name} ({made.after.digest[:12]}); "
        f"checks that differ: {listed(changed) or 'none'}."
    )


def table(made: EffectReport) -> Table:
    """Header and rows: what moves in each dimension, and both versions held against the gold of drafts not discussed, then of
    those discussed."""
    rows: list[Sequence[str]] = []
    for each in made.dimensions:
        places = {value: place for place, value in enumerate(each.declared.values)}
        steps = [
            places[one.moved.after] - places[one.moved.before]
            for one in each.moved
            if one.moved.after in places and one.moved.before in places
        ]
        up, down = sum(step > 0 for step in steps), sum(step < 0 for step in steps)
        moved = [f"{len(each.moved):,}", f"{up:,}", f"{down:,}"]
        if made.gold is None:
            rows.append((each.title, *moved))
        elif each.reason:
            rows.append((f"{each.title}: {each.reason}", *moved, "–", "–", "–", "–"))
        else:
            rows.append((each.title, *moved, *_with_gold(each.not_discussed), _discussed(each.discussed)))
    header = ("Dimension", "drafts that change level", "up", "down")
    with_gold = ("kappa with gold, unweighted", "difference", "improved, worsened", "of those discussed")
    return (*header, *(with_gold if made.gold else ())), rows


def links(made: EffectReport) -> list[str]:
    """Where each row of the table leads: the drafts that change level on its dimension, below it; nowhere where none does."""
    sides = {"before": made.before.name, "after": made.after.name, "gold": made.gold.name if made.gold else ""}
    return [
        navigation.address("effect", **sides, dimension=each.key, to="drafts-that-move") if each.moved else ""
        for each in made.dimensions
    ]


def got_worse(made: EffectReport) -> list[int]:
    """The rows of the table in which more drafts moved away from the gold than towards it."""
    sides = [each.not_discussed for each in made.dimensions]
    return [place for place, side in enumerate(sides) if side and side.worsened > side.improved]


def _with_gold(side: WithGold | None) -> tuple[str, str, str]:
    if side is None:
        return "–", "–", "–"
    if not side.n:
        return NO_GOLD, "–", "–"
    kappa = side.changes[KAPPA]
    before, after = in_words(kappa.before), in_words(kappa.after)
    if before == after and kappa.before.value is None:
        return before, "–", _improved(side)
    return f"{before} → {after}", side.in_words, _improved(side)


def _improved(side: WithGold) -> str:
    return f"{side.improved:,}, {side.worsened:,} of {side.n:,}"


def _discussed(side: WithGold | None) -> str:
    return "none" if side is None or not side.n else f"{_improved(side)}; {side.in_words}"


def caption(made: EffectReport) -> str:
    """What the figures of the table are figures of."""
    if made.gold is None:
        return "Up and down follow the order of the levels. Choose a round above to compare both versions with its gold."
    return (
        f"Kappa, unweighted, of the scorer with the gold of {made.gold.name}: before → after, and their difference with its "
        "95 % interval on the same drafts. Improved: closer to the gold after. Drafts discussed in a meeting are apart: the "
        "new wording was written with them in view."
    )


def matrix(made: EffectReport, opened: DimensionChanged, chosen: tuple[int, int] | None) -> None:
    """How many drafts at each level before are at each level after; the chosen cell framed."""
    levels = ["not scorable" if each is None else each for each in opened.rows]
    confusion_map.show(
        Counts(levels, opened.matrix, made.before.name, made.after.name),
        key=f"effect-{made.before.digest}-{made.after.digest}-{opened.key}",
        dimension=made.after.dimension(opened.key),
        chosen=chosen,
    )


def moves(opened: DimensionChanged) -> dict[str, tuple[int, int]]:
    """The cells off the diagonal that hold drafts, the fullest first, by how an address writes them: "2-1"."""
    cells = {(i, j): number for i, row in enumerate(opened.matrix) for j, number in enumerate(row) if number and i != j}
    ordered = sorted(cells, key=lambda place: (-cells[place], place))
    return {f"{opened.rows[i]}-{opened.rows[j]}": (i, j) for i, j in ordered}


def move_in_words(opened: DimensionChanged, place: tuple[int, int]) -> str:
    """ "2 → 1: 8 drafts"."""
    one, two = ("not scorable" if opened.rows[each] is None else opened.rows[each] for each in place)
    return f"{one} → {two}: {many(opened.matrix[place[0]][place[1]], 'draft')}"


def of_move(opened: DimensionChanged, place: tuple[int, int]) -> list[MovedDraft]:
    """The drafts of one cell, those that may be opened first."""
    levels = opened.rows[place[0]], opened.rows[place[1]]
    found = [each for each in opened.moved if (each.moved.before, each.moved.after) == levels]
    return sorted(found, key=lambda each: not each.is_labelled)


def drafts(made: EffectReport, found: Sequence[MovedDraft]) -> list[MovedDraft]:
    """The drafts of a move that may be opened, a row each with the check that changed it; hands back those that are shown."""
    shown = [each for each in found if each.is_labelled][:AT_ONCE]
    unseen = sum(not each.is_labelled for each in found)
    rows = []
    for each in shown:
        said = made.said(each)
        rows.append(
            (
                each.draft.draft_id,
                each.moved.because_before or "–",
                each.moved.because_after or "–",
                _checks(said),
                "–" if each.gold is None else str(each.gold),
                "yes" if each.discussed else "no",
            )
        )
    if rows:
        labelled = len(found) - unseen
        panels.table(
            ("Draft", made.before.name, made.after.name, "checks that moved it", "gold", "discussed"),
            rows,
            whole=(0,),
            names=(1, 2),
            links=[navigation.address("findings", draft=each.draft.draft_id, rubric=made.after.name) for each in shown],
            caption="Each draft leads to its findings under the version after. − no longer counts, + counts now, with how "
            "often it matched." + (f" The first {AT_ONCE} of {labelled:,} are shown." if labelled > AT_ONCE else ""),
        )
    if unseen:
        panels.text(
            f"{many(unseen, 'draft')} with this change {'was' if unseen == 1 else 'were'} never in a closed round: "
            f"{'it is' if unseen == 1 else 'they are'} counted but not shown here, so that whoever labels "
            f"{'it' if unseen == 1 else 'them'} stays blind.",
            quiet=True,
        )
    return shown


def _checks(said: FindingsChange) -> str:
    told = []
    for sign, these in (("−", said.gone), ("+", said.new)):
        names = list(dict.fromkeys(each.check for each in these))
        told += [
            f"{sign}{name}" + (f" ×{number}" if (number := sum(each.check == name for each in these)) > 1 else "")
            for name in names
        ]
    return ", ".join(told) or "none: different scoring lines"


def refuse(name: str) -> None:
    """A version that cannot be shown, and what can be done instead."""
    panels.heading("Effect", f"{name} cannot be shown here.")
    panels.wrong(
        f"{name} is not a version that can score; choose two below, or add checks and scoring lines "
        "to it, and restore a published file that was changed."
    )


def pick_dimension(made: EffectReport, key: str) -> str:
    """One of the dimensions in which drafts move: the one the address names, else the one with the most. The page ends here
    where none moves."""
    moved = {each.key: len(each.moved) for each in made.dimensions if each.moved}
    if not moved:
        st.stop()
    panels.section("Drafts that change level", place="drafts-that-move")
    titles = {each.key: f"{each.title} ({len(each.moved):,})" for each in made.dimensions if each.moved}
    asked = st.query_params.get("dimension", "")
    most = max(moved, key=moved.__getitem__)
    return choice_boxes.one_of("Dimension", titles, key, asked=asked if asked in moved else most)


def pick_move(opened: DimensionChanged, cells: Mapping[str, tuple[int, int]]) -> str:
    """From which level to which, as an address writes it: the fullest cell to begin with."""
    titles = {move: move_in_words(opened, place) for move, place in cells.items()}
    return one_of("Change", list(cells), "move", next(iter(cells)), titles)
