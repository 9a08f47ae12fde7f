"""Open a round, follow it, close it."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import reading, writing
from db.store import labels as stored_labels
from db.store import reports as stored_reports
from db.store import rounds as stored
from db.store import tasks as stored_intake
from touchstone.data.assignment import assign, sample
from touchstone.data.counts import count_labels, pattern_text
from touchstone.data.label import LabelRow
from touchstone.english import day, listed, many, there_are
from touchstone.errors import NotYourTurn, Refused
from touchstone.rubric.reading import Rubric
from workflow import clock, text
from workflow.agreement.compared_annotators import DOUBLE, KINDS, labels_of, seats_of
from workflow.people.people import Person, person_named
from workflow.rubric import rubrics

STRATA = ("dimension", "source_mode", "difficulty", "partition", "author")
LONGEST_NAME = 80
SEED = 7


class Progress(NamedTuple):
    """How far one annotator is: counted drafts saved, skipped and waiting; practice drafts waiting; seconds spent."""

    person: int
    name: str
    saved: int
    skipped: int
    waiting: int
    practice: int
    seconds: float

    @property
    def total(self) -> int:
        return self.saved + self.skipped + self.waiting


@dataclass(frozen=True)
class Round:
    """A round as lists and headings show it: nothing in it tells how a draft was labelled."""

    id: int
    name: str
    kind: str
    rubric: str
    rubric_digest: str
    dimensions: tuple[str, ...]
    drafts: int
    progress: tuple[Progress, ...]
    is_sample: bool
    opened_at: datetime
    closed_at: datetime | None
    early_reason: str | None
    of_round: str | None = None  # the round a retest repeats, or a calibration has its key from
    forced: bool = False  # a retest opened before the gap had passed
    feedback: str | None = None  # of a calibration: "each" or "end"

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    @property
    def annotators(self) -> tuple[str, ...]:
        return tuple(each.name for each in self.progress)

    @property
    def seats(self) -> tuple[str, ...]:
        """Whose labels its report sets against each other."""
        return seats_of(self.kind, self.annotators)

    @property
    def has_gold(self) -> bool:
        """Whether its cells are adjudicated and become gold: those of the other kinds repeat what is settled elsewhere."""
        return self.kind == DOUBLE

    @property
    def purpose(self) -> str:
        """What kind of round it is, in words; "" for the ordinary one."""
        return (
            ""
            if self.has_gold
            else {"retest": "retest of ", "calibration": "calibration on the gold of "}[self.kind] + str(self.of_round)
        )


def fold(name: str) -> str:
    """A round's or label set's name as it is compared: case, width and runs of spaces aside."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def fit_name(name: str, of: str) -> str:
    """The name as it will be shown. Raises Refused for one that is empty, too long, or holds what cannot be seen."""
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if not shown:
        raise Refused(f"a {of} needs a name; it is empty")
    if len(shown) > LONGEST_NAME:
        raise Refused(f"the {of}'s name has {len(shown)} characters; use at most {LONGEST_NAME}")
    if any(unicodedata.category(character)[0] == "C" for character in shown):
        raise Refused(f"the {of}'s name holds an invisible character; take it out")
    return shown


def open_round(
    person: Person,
    engine: sa.Engine,
    name: str,
    *,
    rubric: str,
    annotators: Sequence[str],
    per_draft: int | None = None,
    overlap: float | None = None,
    drafts: int | None = None,
    strata: Sequence[str] = (),
    dimensions: Sequence[str] = (),
    seed: int = SEED,
    practice: int = 0,
    kind: str = DOUBLE,
    continues: str | None = None,
    fresh_after: str | None = None,
    partition: str | None = None,
    authors: Sequence[str] = (),
    draft_ids: Sequence[str] = (),
    is_sample: bool | None = None,
) -> Round:
    """Open a round: pin the rubric's digest (this publishes it), draw the drafts, give everyone their own order.

    By default every draft of the team's own (of the sample's, while there are no others) goes to every annotator;
    `draft_ids`, `partition` and `authors` narrow what is drawn from; `fresh_after` leaves out what that round (and those it
    continues) used, what a round under this version uses already, and every draft of a task that was discussed in a meeting.
    Raises Refused, with the numbers, when what is asked for cannot be made.
    """
    shown = fit_name(name, "round")
    if kind != DOUBLE:
        raise Refused(
            f"a round of kind {kind} goes back to another: name it with --of, or on the page"
            if kind in KINDS
            else f"there is no kind of round “{kind}”; use {', '.join(KINDS)}"
        )
    people = _annotators(engine, annotators)
    _check_shape(len(people), per_draft, overlap, practice, strata, seed, drafts)
    with writing(engine) as connection:
        if stored.by_folded(connection, fold(shown)):
            raise Refused(f"there is a round named “{shown}” already; give the new one another name")
        read, version = rubrics.ready_to_use(connection, rubric)
        keys = _dimensions(read, dimensions)
        used, before = _continued(connection, continues, read)
        used += _not_fresh(connection, row_of(connection, fresh_after), rubric) if fresh_after else []
        chosen, trial = _draw(
            seed,
            drafts,
            practice,
            strata,
            stored_intake.drafts_to_draw_from(
                connection,
                is_sample=_is_sample(connection, is_sample),
                partition=partition,
                authors=authors,
                draft_ids=draft_ids,
                not_in_rounds=used,
                undiscussed=fresh_after is not None,
            ),
        )
        by_name = {draft.draft_id: draft.id for draft in (*chosen, *trial)}
        if draft_ids and (lost := sorted(set(draft_ids) - set(by_name))) and drafts is None:
            raise Refused(f"{listed(lost[:5])} cannot be drawn: not in the store, or left out by another option")
        if overlap is not None and not round(overlap * len(chosen)):
            raise Refused(
                f"an overlap of {overlap:g} of {many(len(chosen), 'draft')} is no draft labelled twice; "
                f"use at least {1 / len(chosen):.2g}"
            )
        ids = {each.name: each.id for each in people}
        try:
            shares = assign(
                [draft.draft_id for draft in chosen],
                list(ids),
                seed,
                per_draft=per_draft,
                overlap=overlap,
                practice=[draft.draft_id for draft in trial],
            )
        except ValueError as wrong:
            raise Refused(str(wrong)) from None
        stored.add_round(
            connection,
            {
                "name": shown,
                "folded": fold(shown),
                "kind": kind,
                "rubric_version": version,
                "seed": seed,
                "per_draft": None if overlap is not None else per_draft or len(people),
                "overlap": overlap,
                "strata": list(strata),
                "is_sample": _is_sample(connection, is_sample),
                "opened_at": clock.now(),
                "opened_by": person.id,
                "continues_round": before,
            },
            dimensions=keys,
            annotators=[each.id for each in people],
            drafts=[draft.id for draft in chosen],
            practice=[draft.id for draft in trial],
            assigned=[
                {
                    "draft": by_name[share.draft],
                    "person": ids[share.annotator],
                    "position": share.position,
                    "is_practice": share.is_practice,
                }
                for share in shares
            ],
        )
        if not stored.published(connection, read.name):
            stored.publish(connection, version, person=person.id, at=clock.now())
        return _round(connection, stored.by_folded(connection, fold(shown)))


def _annotators(engine: sa.Engine, names: Sequence[str]) -> list[Person]:
    people = {each.id: each for each in (person_named(engine, name) for name in names if name.strip())}
    if len(people) < 2:
        raise Refused(
            f"a round of kind double needs two or more annotators; {many(len(people), 'person', 'people')} "
            f"named{': ' + next(iter(people.values())).name if people else ''}"
        )
    return list(people.values())


def _check_shape(
    pool: int, per_draft: int | None, overlap: float | None, practice: int, strata: Sequence[str], seed: int, drafts: int | None
) -> None:
    if per_draft is not None and overlap is not None:
        raise Refused("a round has either a number of annotators per draft or an overlap, not both")
    if per_draft is not None and not 2 <= per_draft <= pool:
        raise Refused(f"{per_draft} annotators per draft are asked for; with {pool} named it takes 2 to {pool}, or an overlap")
    if overlap is not None and not 0 < overlap <= 1:
        raise Refused(f"the overlap is the share of drafts labelled twice, above 0 and up to 1, not {overlap:g}")
    if not -(2**63) <= seed < 2**63:
        raise Refused("the seed is larger than a store holds; use a number of up to 18 digits")
    if drafts is not None and drafts < 1:
        raise Refused(f"the number of drafts is 1 or more, not {drafts}")
    if practice < 0:
        raise Refused(f"the number of practice drafts cannot be {practice}")
    if unknown := [each for each in strata if each not in STRATA]:
        raise Refused(f"drafts cannot be stratified by {unknown[0]}; choose from {', '.join(STRATA)}")


def _dimensions(rubric: Rubric, wanted: Sequence[str]) -> list[str]:
    if not wanted:
        return list(rubric.keys)
    found = []
    for name in wanted:
        dimension = rubric.dimension(name)
        if dimension is None:
            raise Refused(f"{rubric.name} has no dimension {name}; it has {', '.join(rubric.keys)}")
        found.append(dimension.key)
    return [key for key in rubric.keys if key in found]


def _continued(connection: sa.Connection, continues: str | None, rubric: Rubric) -> tuple[list[int], int | None]:
    """The rounds whose drafts are used up, and the one this continues."""
    if not continues:
        return [], None
    before = row_of(connection, continues)
    if before.kind != DOUBLE:
        raise Refused(
            f"{before.name} is a round of kind {before.kind}, which draws no drafts of its own; "
            "continue the round it goes back to"
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
    narrower = (
        {},
        {"not_in_rounds": used},
        {"not_in_rounds": used, "undiscussed": True},
        {"not_in_rounds": every, "undiscussed": True},
    )
    there, unused, fresh, never = (
        len(stored_intake.drafts_to_draw_from(connection, is_sample=row.is_sample, **less)) for less in narrower
    )
    return Fresh(fresh, there - unused, unused - fresh, fresh - never)


def _is_sample(connection: sa.Connection, wanted: bool | None) -> bool:
    if wanted is not None:
        return wanted
    return not stored_intake.totals(connection, is_sample=False)[1]


def _draw(
    seed: int, drafts: int | None, practice: int, strata: Sequence[str], there: Sequence[sa.Row]
) -> tuple[list[sa.Row], list[sa.Row]]:
    """The drafts that count and the practice drafts, drawn from the same strata."""
    wanted = len(there) - practice if drafts is None else drafts
    if wanted < 1 or wanted + practice > len(there):
        asked = (many(wanted, "draft") if drafts is not None else "every draft") + (
            f" and {practice} for practice" if practice else ""
        )
        raise Refused(
            f"{asked} asked for, and there {'is' if len(there) == 1 else 'are'} {many(len(there), 'draft')} to draw "
            "from; " + ("ask for fewer" if there else "import drafts, or draw from another partition or author")
        )
    by_name = {row.draft_id: row for row in there}
    stratum = {row.draft_id: tuple(getattr(row, each) for each in strata) for row in there}
    drawn = sample(stratum, wanted + practice, seed)
    trial = set(sample({name: stratum[name] for name in drawn}, practice, seed + 1)) if practice else set()
    return ([by_name[name] for name in drawn if name not in trial], [by_name[name] for name in sorted(trial)])


def close_round(person: Person, engine: sa.Engine, name: str, *, early: str | None = None) -> Round:
    """Close a round and count its labels. Refuses while someone owes labels, naming who and how many, unless `early`
    gives a reason, which the report then says. A skip counts as delivered."""
    early = text.fit(early or "", "reason") or None
    with writing(engine) as connection:
        row = row_of(connection, name, lock=True)
        if row.closed_at is not None:
            raise Refused(f"{row.name} was closed on {day(row.closed_at)}; a closed round stays closed")
        progress = _progress(connection, row.id)
        owed = [f"{each.name} owes {many(each.waiting, 'draft')}" for each in progress if each.waiting]
        if owed and not early:
            raise Refused(f"{row.name} cannot be closed yet: {listed(owed)}. Wait for them, or close it early with a reason")
        stored.close(connection, row.id, person=person.id, at=clock.now(), early_reason=early if owed else None)
        # The counts behind every later figure, made once, while the labels are in hand.
        for key, made in count(connection, row, rubrics.rubric_of(connection, row.rubric_version)).items():
            stored_reports.add_counts(connection, round_=row.id, dimension=key, at=clock.now(), **made._asdict())
        return _round(connection, stored.by_folded(connection, fold(name)))


class Counted(NamedTuple):
    """The counts of one dimension as the store keeps them."""

    clusters: int
    skipped: int
    missing: int
    patterns: dict[str, int]


def count(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> dict[str, Counted]:
    """The counts of a closed round by dimension, from its labels. Raises ValueError for a label no level has."""
    if row.kind == DOUBLE:
        return _counted_by_the_database(connection, row, rubric)
    rows = labels_of(connection, row)
    cells = stored_labels.cells_of_round(connection, row.id)
    names = seats_of(row.kind, [each.name for each in stored.annotators_of(connection, row.id)])
    clusters = {each.draft_id: each.cluster for each in cells}
    table = [
        LabelRow(each.draft_id, each.seat, each.dimension, rubric.dimension(each.dimension).parse(each.value)) for each in rows
    ]
    skipped, missing = (sum(cell.state == state for cell in cells) for state in ("skipped", "waiting"))
    made = {key: count_labels(table, rubric.dimension(key), names, clusters) for key in stored.dimensions_of(connection, row.id)}
    return {
        key: Counted(each.clusters, skipped, missing, {pattern_text(pattern): units for pattern, units in each.patterns.items()})
        for key, each in made.items()
    }


def _counted_by_the_database(connection: sa.Connection, row: sa.Row, rubric: Rubric) -> dict[str, Counted]:
    """`count` without fetching the labels: the audit (agreement/recount.py) fetches them all, and must come to the same."""
    seats = [each.id for each in stored.annotators_of(connection, row.id)]
    clusters, states = (
        stored_labels.clusters_in_closed_round(connection, row.id),
        stored_labels.states_in_round(connection, row.id),
    )
    made = {
        key: Counted(clusters.get(key, 0), states.get("skipped", 0), states.get("waiting", 0), {})
        for key in stored.dimensions_of(connection, row.id)
    }
    for each in stored_labels.patterns_of_closed_round(connection, row.id, seats):
        dimension = rubric.dimension(each.dimension)
        values = [None if value is None else dimension.parse(value) for value in each.values]
        if wrong := [value for value, read in zip(each.values, values, strict=True) if value is not None and read is None]:
            raise ValueError(f"{each.dimension} takes {', '.join(map(str, dimension.values))}, not {wrong[0]!r}")
        pattern = pattern_text(tuple(None if value is None else dimension.values.index(value) for value in values))
        made[each.dimension].patterns[pattern] = made[each.dimension].patterns.get(pattern, 0) + each.units
    return made


def row_of(connection: sa.Connection, name: str, *, lock: bool = False) -> sa.Row:
    """The round's own row, cheap whatever its size. Raises Refused when there is none, naming those there are."""
    row = stored.by_folded(connection, fold(name), lock=lock)
    if row is None:
        known = [each.name for each in stored.all_rounds(connection)]
        raise Refused(f"there is no round “{name.strip()}”; " + there_are(known, "there is none yet: open one under Rounds"))
    return row


def found_round(connection: sa.Connection, name: str) -> Round:
    """The round of that name. Raises Refused when there is none, naming those there are."""
    return _round(connection, row_of(connection, name))


def closed_round(connection: sa.Connection, name: str) -> Round:
    """The round of that name, closed. Raises NotYourTurn for an open one."""
    found = found_round(connection, name)
    if found.is_open:
        raise NotYourTurn(f"{found.name} is open: its labels are read when it is closed, so that everyone labels blind")
    return found


def refuse_without_gold(found: Round) -> None:
    """Raises Refused for a round whose cells are not adjudicated and never gold."""
    if not found.has_gold:
        raise Refused(
            f"{found.name} is a {found.purpose}: its labels are never gold and there is nothing in it to "
            f"adjudicate; use {found.of_round}"
        )


def _progress(connection: sa.Connection, round_: int) -> tuple[Progress, ...]:
    return tuple(Progress(*row[1:]) for row in stored.delivered(connection, round_))


def _round(connection: sa.Connection, row: sa.Row) -> Round:
    return Round(
        row.id,
        row.name,
        row.kind,
        row.rubric,
        row.rubric_digest,
        tuple(stored.dimensions_of(connection, row.id)),
        stored.drafts_in(connection, row.id),
        _progress(connection, row.id),
        row.is_sample,
        row.opened_at,
        row.closed_at,
        row.early_reason,
        None if row.of_round is None else stored.by_id(connection, row.of_round).name,
        bool(row.forced),
        row.feedback,
    )


def all_rounds(engine: sa.Engine) -> list[Round]:
    """Every round, the newest first."""
    with reading(engine) as connection:
        return [_round(connection, row) for row in stored.all_rounds(connection)]


def closed_names(engine: sa.Engine) -> list[str]:
    """The names of closed rounds, the newest first: for choosing one, without counting anything in them."""
    with reading(engine) as connection:
        return [row.name for row in stored.all_rounds(connection) if row.closed_at is not None]


def poolable_with(engine: sa.Engine, name: str) -> list[str]:
    """Names of the other closed rounds, the newest first, that may be reported together with this one: people labelled in
    them under the same rubric file. That they share no draft is looked at when they are pooled."""
    with reading(engine) as connection:
        mine = row_of(connection, name)
        return [
            row.name
            for row in stored.all_rounds(connection)
            if row.closed_at is not None
            and row.kind == mine.kind == DOUBLE
            and row.id != mine.id
            and row.rubric_digest == mine.rubric_digest
            and row.is_sample == mine.is_sample
        ]


def waiting_for(person: Person, engine: sa.Engine) -> list[str]:
    """Names of the open rounds in which the person has drafts left to label, the oldest first."""
    with reading(engine) as connection:
        return stored.waiting_for(connection, person.id)


class Queried(NamedTuple):
    """An annotator's request that someone look at a draft."""

    draft_id: str
    annotator: str
    note: str
    asked_at: datetime


def queries_of(person: Person, engine: sa.Engine, name: str) -> list[Queried]:
    """The round's queries, those left out on drafts the person labels in an open round: a note could sway them."""
    with reading(engine) as connection:
        found = row_of(connection, name)
        held = stored_labels.in_open_rounds(connection, person.id)
        return [Queried(*row) for row in stored.queries_of(connection, found.id) if row.draft_id not in held]
