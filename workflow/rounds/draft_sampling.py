"""Which drafts a round may have: drawn from those there are, those that other rounds used left out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from db.store import rounds as stored
from db.store import tasks as stored_tasks
from touchstone.data.assignment import sample
from touchstone.english import listed, many
from touchstone.errors import Refused
from touchstone.rubric.model import Rubric
from workflow.data.fields import MOST_VALUES, further_fields, value_of
from workflow.rounds.design import STRATA, RoundDesign
from workflow.rounds.kinds import DOUBLE
from workflow.rounds.rounds import row_of


class Drawn(NamedTuple):
    """The drafts that count and those for practice."""

    counted: list[sa.Row]
    practice: list[sa.Row]

    @property
    def ids(self) -> dict[str, int]:
        """The store's own id of each draft, by draft_id."""
        return {draft.draft_id: draft.id for draft in (*self.counted, *self.practice)}


def draw(connection: sa.Connection, design: RoundDesign, rubric: Rubric) -> tuple[Drawn, int | None]:
    """The drafts of a round of kind double, drawn by its seed, and the id of the round it continues. Raises Refused when there
    are too few."""
    used, before = _continued(connection, design.continues, rubric)
    if design.fresh_after:
        used += _not_fresh(connection, row_of(connection, design.fresh_after), design.rubric)
    there = stored_tasks.drafts_to_draw_from(
        connection,
        partition=design.partition,
        authors=design.authors,
        draft_ids=design.draft_ids,
        not_in_rounds=used,
        undiscussed=bool(design.fresh_after),
        with_fields=bool({*design.strata, *design.only} - set(STRATA)),
    )
    _refuse_unknown_fields(design, there)
    drawn = _draw(design, [row for row in there if all(_value(row, field) in values for field, values in design.only.items())])
    if design.draft_ids and (lost := sorted(set(design.draft_ids) - set(drawn.ids))) and design.drafts is None:
        raise Refused(f"{listed(lost[:5])} cannot be drawn: not in the store, or left out by another option")
    if design.overlap is not None and not round(design.overlap * len(drawn.counted)):
        raise Refused(
            f"an overlap of {design.overlap:g} of {many(len(drawn.counted), 'draft')} gives no draft labelled twice; "
            f"use at least {1 / len(drawn.counted):.2g}"
        )
    return drawn, before


def _value(row: sa.Row, field: str) -> str | None:
    return getattr(row, field) if field in STRATA else value_of(row, field)


def _refuse_unknown_fields(design: RoundDesign, there: Sequence[sa.Row]) -> None:
    """Raises Refused for a field, or a value of one, that no draft there has, with those that they have; and for one by which
    hardly two drafts are alike."""
    for field in (*design.strata, *design.only):
        values = {value for row in there if (value := _value(row, field)) is not None}
        verb = "stratified" if field in design.strata else "narrowed down"
        if field not in STRATA and not values:
            names = [*STRATA, *(further_fields(there) if there and "of_task" in there[0]._fields else ())]
            raise Refused(f"drafts cannot be {verb} by {field}; choose from {', '.join(names)}")
        if field not in STRATA and len(values) > MOST_VALUES:
            raise Refused(
                f"drafts cannot be {verb} by {field}, which has {many(len(values), 'different value')}; use a field with up to "
                f"{MOST_VALUES}"
            )
        if wrong := sorted(set(design.only.get(field, ())) - values):
            shown = ", ".join(sorted(values)[:12]) + (" …" if len(values) > 12 else "")
            raise Refused(f"no draft has {wrong[0]} as its {field}; it is {shown or 'not given for any'}")


def _continued(connection: sa.Connection, continues: str | None, rubric: Rubric) -> tuple[list[int], int | None]:
    """The rounds whose drafts are used up, and the one this continues."""
    if not continues:
        return [], None
    before = row_of(connection, continues)
    if before.kind != DOUBLE:
        raise Refused(
            f"{before.name} is a round of kind {before.kind}, which draws no drafts of its own; continue the round it is based on"
        )
    if before.rubric_digest != rubric.digest:
        raise Refused(
            f"{before.name} was labelled under {before.rubric} ({before.rubric_digest[:8]}); "
            "a round continues another only under the same rubric version"
        )
    return _used_by(connection, before), before.id


def _used_by(connection: sa.Connection, row: sa.Row) -> list[int]:
    """A round and those it continues, by id: the drafts of all of them are used up."""
    used = [row.id]
    while row.continues_round is not None and (row := stored.by_id(connection, row.continues_round)):
        used.append(row.id)
    return used


class Fresh(NamedTuple):
    """Drafts that a round under a new version can be measured on, and why the others of its kind cannot. `elsewhere`: how many of
    the fresh ones another round has, so that someone labelled them, or will, under other words."""

    drafts: int
    used: int
    discussed: int
    elsewhere: int


def _not_fresh(connection: sa.Connection, row: sa.Row, rubric: str) -> list[int]:
    """Rounds whose drafts cannot measure a version afresh: the one before, those it continues, those under the version."""
    return _used_by(connection, row) + [each.id for each in stored.all_rounds(connection) if each.rubric == rubric]


def fresh_drafts(connection: sa.Connection, row: sa.Row, rubric: str) -> Fresh:
    """What `open_round(fresh_after=...)` draws from; a draft used in a round counts as used, whatever was discussed."""
    used = _not_fresh(connection, row, rubric)
    every = [each.id for each in stored.all_rounds(connection)]
    narrower: tuple[dict[str, Any], ...] = (
        {},
        {"not_in_rounds": used},
        {"not_in_rounds": used, "undiscussed": True},
        {"not_in_rounds": every, "undiscussed": True},
    )
    there, unused, fresh, never = (len(stored_tasks.drafts_to_draw_from(connection, **less)) for less in narrower)
    return Fresh(fresh, there - unused, unused - fresh, fresh - never)


def _too_few(design: RoundDesign, there: int) -> Refused:
    asked = "every draft" if design.drafts is None else many(design.drafts, "draft")
    also = f" and {design.practice} for practice" if design.practice else ""
    return Refused(
        f"{asked}{also} asked for, and there {'is' if there == 1 else 'are'} {many(there, 'draft')} to draw "
        "from; " + ("ask for fewer" if there else "import drafts, or draw from another partition or author")
    )


def _draw(design: RoundDesign, there: Sequence[sa.Row]) -> Drawn:
    """The drafts that count and the practice drafts, drawn from the same strata."""
    practice, seed = design.practice, design.seed
    wanted = len(there) - practice if design.drafts is None else design.drafts
    if wanted < 1 or wanted + practice > len(there):
        raise _too_few(design, len(there))
    by_name = {row.draft_id: row for row in there}
    stratum = {row.draft_id: tuple(_value(row, each) for each in design.strata) for row in there}
    drawn = sample(stratum, wanted + practice, seed)
    trial = set(sample({name: stratum[name] for name in drawn}, practice, seed + 1)) if practice else set()
    return Drawn([by_name[name] for name in drawn if name not in trial], [by_name[name] for name in sorted(trial)])
