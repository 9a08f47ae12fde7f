"""How much of a round's gold is settled, dimension by dimension."""

from touchstone.data.gold import Standing
from touchstone.english import many
from touchstone.rubric.model import Rubric
from ui.base import navigation, panels
from ui.rubric.titles import title_of
from workflow.gold.gold import GoldCounts


def table(gold: GoldCounts) -> None:
    """A row a dimension: what is settled and how, what waits, and how often each level was given."""
    panels.table(
        (
            "Dimension",
            "settled",
            "agreed",
            "adjudicated",
            "adjudicated share",
            "waiting",
            *(["single-annotated"] if gold.single else []),
            "settled by level",
        ),
        [
            (
                title_of(gold.rubric, row.dimension),
                f"{row.settled}",
                f"{row.by_state.get('agreed', 0)}",
                f"{row.by_state.get('adjudicated', 0)}",
                "–" if row.adjudicated_share is None else f"{100 * row.adjudicated_share:.0f} %",
                _waiting(gold, row.dimension, row.waiting),
                *([f"{row.by_state.get('single', 0)}"] if gold.single else []),
                by_level(row, gold.rubric),
            )
            for row in gold.standings
        ],
        numbers=range(1, 7 if gold.single else 6),
        prose=(7 if gold.single else 6,),
        links=[_to(gold, row.dimension, "gold") for row in gold.standings],
        caption=f"Draft by draft, of {many(gold.round.told, 'draft')} under {gold.rubric.name} ({gold.rubric.digest[:12]}). A "
        "dimension leads to the drafts that are settled on it, a number that waits to those that are not.",
    )


def _to(gold: GoldCounts, dimension: str, state: str) -> str:
    return navigation.address("drafts", round=gold.round.name, state=state, dimension=dimension)


def _waiting(gold: GoldCounts, dimension: str, number: int) -> str:
    """How many cells wait, leading to their drafts."""
    return navigation.anchor(_to(gold, dimension, "undecided"), f"{number:,}") if number else "0"


def by_level(row: Standing, rubric: Rubric) -> str:
    """How often each level of a dimension's own scale was settled: "0 Open: 4; 1 In part: 7; 2 Settled: 30"."""
    dimension = rubric.dimension(row.dimension)
    titled = {level.value: level.in_words for level in dimension.levels} if dimension else {}
    return "; ".join(f"{titled.get(value, value)}: {number:,}" for value, number in row.by_value.items())
