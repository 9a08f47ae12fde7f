"""Rounds that go back to a closed one: the same person again after a gap, and annotators against its gold."""

from collections.abc import Sequence
from datetime import timedelta
from math import ceil
from statistics import median
from typing import NamedTuple

import sqlalchemy as sa

from db.engine import writing
from db.store import assignments as stored_assignments
from db.store import repeats as stored
from db.store import rounds as stored_rounds
from touchstone.data.assignment import another_order, assign, sample
from touchstone.data.gold import ADJUDICATED, AGREED
from touchstone.english import listed, many
from touchstone.errors import Refused
from workflow import clock
from workflow.agreement.compared_annotators import CALIBRATION, RETEST
from workflow.gold.adjudication import cells_of
from workflow.names import fit_name, fold
from workflow.people.people import Person, person_named
from workflow.rounds.rounds import SEED, Round, found_round, refuse_without_gold, row_of
from workflow.rubric import rubrics

GAP = timedelta(hours=24)  # between the last save of a draft and the moment its retest opens
FEEDBACK = ("each", "end")


def open_retest(
    person: Person,
    engine: sa.Engine,
    name: str,
    *,
    of: str,
    annotators: Sequence[str],
    drafts: int | None = None,
    seed: int = SEED,
    force: bool = False,
    rubric: str = "",
) -> Round:
    """Open a retest: one annotator labels drafts they labelled in the closed round `of` again, in another order, under
    the same rubric version and dimensions.

    Drafts they label in another open round are left out. Raises Refused when a draft was last saved by them less than GAP
    ago (in whichever round), saying how long to wait, unless `force`: the report then says so.
    """
    shown = fit_name(name, "round")
    _check(drafts, seed)
    people = _people(engine, annotators)
    if len(people) != 1:
        raise Refused(
            f"a retest repeats the labels of one person, and {many(len(people), 'person', 'people')} "
            f"{'is' if len(people) == 1 else 'are'} named; open a retest for each"
        )
    (again,) = people
    with writing(engine) as connection:
        before = _gone_back_to(connection, shown, of, RETEST, rubric)
        labelled = stored.saved_by(connection, before.id, again.id)
        if not labelled:
            raise Refused(
                f"{again.name} has labelled no draft in {before.name}, so there is nothing to label again; "
                f"its annotators are {listed(before.annotators)}"
            )
        order = [row.draft_id for row in labelled]
        chosen = set(_drawn(connection, people, before, order, drafts, seed, f"that {again.name} labelled"))
        by_name = {row.draft_id: row.id for row in labelled if row.draft_id in chosen}
        too_early = _refuse_early(connection, again, by_name, force)
        placed = another_order([each for each in order if each in chosen], seed)
        _add(
            connection,
            person,
            shown,
            before,
            RETEST,
            seed,
            people,
            by_name,
            [
                {"draft": by_name[each], "person": again.id, "position": place, "is_practice": False}
                for place, each in enumerate(placed, start=1)
            ],
            forced=too_early,
        )
        return found_round(connection, shown)


def open_calibration(
    person: Person,
    engine: sa.Engine,
    name: str,
    *,
    of: str,
    annotators: Sequence[str],
    drafts: int | None = None,
    seed: int = SEED,
    feedback: str = "each",
    rubric: str = "",
) -> Round:
    """Open a calibration: each annotator labels drafts of the closed round `of` and is held against its gold.

    The key is every settled cell (agreed or adjudicated) of the drafts drawn, as it is now: a later decision does not
    change it. A draft with no settled cell is not drawn, nor one that an annotator labels in another open round.
    `feedback`: "each", the key is shown after each Save, which then stays; "end", under My labels once the round is
    closed.
    """
    shown = fit_name(name, "round")
    _check(drafts, seed)
    if feedback not in FEEDBACK:
        raise Refused(
            f"feedback comes after {' draft or at the '.join(FEEDBACK)}, not “{feedback}”: use --feedback each or --feedback end"
        )
    people = _people(engine, annotators)
    if not people:
        raise Refused("a calibration needs an annotator; name one or more")
    with writing(engine) as connection:
        before = _gone_back_to(connection, shown, of, CALIBRATION, rubric)
        read = rubrics.of_round(connection, before.id)
        settled = [cell for cell in cells_of(connection, before, read) if cell.state in (AGREED, ADJUDICATED)]
        if not settled:
            raise Refused(f"no cell of {before.name} is settled yet, so there is no gold to calibrate on; adjudicate first")
        chosen = set(_drawn(connection, people, before, sorted({cell.draft_id for cell in settled}), drafts, seed, "with gold"))
        by_name = {
            row.draft_id: row.draft for row in stored_assignments.cells_of_round(connection, before.id) if row.draft_id in chosen
        }
        ids = {each.name: each.id for each in people}
        made = _add(
            connection,
            person,
            shown,
            before,
            CALIBRATION,
            seed,
            people,
            by_name,
            [
                {"draft": by_name[share.draft], "person": ids[share.annotator], "position": share.position, "is_practice": False}
                for share in assign(sorted(chosen), list(ids), seed)
            ],
            feedback=feedback,
        )
        stored.add_key(
            connection,
            made,
            [
                {
                    "draft": by_name[cell.draft_id],
                    "dimension": cell.dimension,
                    "value": str(cell.value),
                    "adjudication": cell.decision.adjudication if cell.decision else None,
                }
                for cell in settled
                if cell.draft_id in chosen
            ],
        )
        return found_round(connection, shown)


def _check(drafts: int | None, seed: int) -> None:
    if drafts is not None and drafts < 1:
        raise Refused(f"the number of drafts is 1 or more, not {drafts}")
    if not -(2**63) <= seed < 2**63:
        raise Refused("the seed is larger than a store holds; use a number of up to 18 digits")


def _people(engine: sa.Engine, names: Sequence[str]) -> list[Person]:
    return list({each.id: each for each in (person_named(engine, name) for name in names if name.strip())}.values())


def _gone_back_to(connection: sa.Connection, shown: str, of: str, kind: str, rubric: str) -> Round:
    """The round `of`, closed and of kind double, labelled under `rubric` where one is named; refused otherwise."""
    if stored_rounds.by_folded(connection, fold(shown)):
        raise Refused(f"there is a round named “{shown}” already; give the new one another name")
    if not of.strip():
        raise Refused(f"a round of kind {kind} goes back to a closed round: name it with --of, or on the page")
    row_of(connection, of, lock=True)
    before = found_round(connection, of)
    refuse_without_gold(before)
    if before.is_open:
        raise Refused(f"{before.name} is still open; close it before a {kind} goes back to it")
    if rubric and rubric != before.rubric:
        raise Refused(f"{before.name} was labelled under {before.rubric}, and a {kind} keeps that: leave {rubric} out")
    return before


def _drawn(
    connection: sa.Connection,
    people: Sequence[Person],
    before: Round,
    there: Sequence[str],
    drafts: int | None,
    seed: int,
    which: str,
) -> list[str]:
    """`drafts` of those `there` (all when None), those left out that one of the people labels in an open round."""
    busy = {draft_id for each in people for draft_id in stored_assignments.in_open_rounds(connection, each.id)}
    free = [each for each in there if each not in busy]
    wanted = len(free) if drafts is None else drafts
    if not free or wanted > len(free):
        asked = "every draft" if drafts is None else many(wanted, "draft")
        raise Refused(
            f"{asked} asked for, and {before.name} has {many(len(free), 'draft')} {which} to draw from"
            + (f", {len(there) - len(free)} left out that are being labelled in an open round" if len(free) < len(there) else "")
            + ("; ask for fewer" if free else "; close that round first" if there else "")
        )
    return sample(dict.fromkeys(free), wanted, seed)


def _refuse_early(connection: sa.Connection, again: Person, by_name: dict[str, int], force: bool) -> bool:
    """Whether some draft was saved less than GAP ago; refused then unless forced."""
    now = clock.now()
    saved = stored.last_saved(connection, again.id, list(by_name.values()))
    early = {draft_id: at for draft_id, (at, _) in saved.items() if now - at < GAP}
    if early and not force:
        latest = max(sorted(early), key=early.get)
        left = ceil((GAP - (now - early[latest])) / timedelta(hours=1))
        raise Refused(
            f"{again.name} saved {many(len(early), 'draft')} of the {len(by_name)} less than {_hours(GAP)} ago ({latest} in "
            f"{saved[latest][1]}, the last): a retest waits that long. Open it in {many(left, 'hour')}, or force it: the "
            "report will say so"
        )
    return bool(early)


def _hours(span: timedelta) -> str:
    return f"{span / timedelta(hours=1):.3g} hours"


def _add(
    connection: sa.Connection,
    person: Person,
    shown: str,
    before: Round,
    kind: str,
    seed: int,
    people: Sequence[Person],
    by_name: dict[str, int],
    assigned: list[dict],
    **more,
) -> int:
    return stored_rounds.add_round(
        connection,
        {
            "name": shown,
            "folded": fold(shown),
            "kind": kind,
            "seed": seed,
            "strata": [],
            "is_sample": before.is_sample,
            "rubric_version": stored_rounds.by_id(connection, before.id).rubric_version,
            "per_draft": len(people),
            "overlap": None,
            "opened_at": clock.now(),
            "opened_by": person.id,
            "of_round": before.id,
            **more,
        },
        dimensions=before.dimensions,
        annotators=[each.id for each in people],
        drafts=list(by_name.values()),
        practice=[],
        assigned=assigned,
    )


class Gap(NamedTuple):
    """Hours between the last save of a draft in the first round and its first save in the retest."""

    shortest: float
    median: float
    drafts: int


def gap_of(connection: sa.Connection, round_: int, of_round: int) -> Gap | None:
    """The gap of a retest; None while no draft was labelled again."""
    hours = [(row.again - row.before) / timedelta(hours=1) for row in stored.times_of_retest(connection, round_, of_round)]
    return Gap(min(hours), median(hours), len(hours)) if hours else None


def notes_on(connection: sa.Connection, row: sa.Row) -> list[str]:
    """What must stand beside the figures of a retest or a calibration; nothing for a round of kind double."""
    if row.of_round is None:
        return []
    before = stored_rounds.by_id(connection, row.of_round)
    if row.kind == RETEST:
        return _notes_on_retest(connection, row, before)
    notes = [
        f"each annotator is held against the settled gold of {before.name} as it was when this round opened, not "
        "against each other; a draft whose gold was not settled on a dimension counts as missing there"
    ]
    if row.feedback == "each":
        notes.append(
            "the gold of each draft was shown after its Save: later drafts were labelled by people who had learnt "
            "from earlier ones"
        )
    for each in stored_rounds.annotators_of(connection, row.id):
        labelled, decided = stored.knew_before(connection, row.id, before.id, each.id)
        did = [
            words
            for number, words in (
                (labelled, f"labelled {many(labelled, 'draft')}"),
                (decided, f"adjudicated {many(decided, 'draft')}"),
            )
            if number
        ]
        if did:
            notes.append(
                f"{each.name} labelled these drafts before: in {before.name} they {listed(did)} of these, so the "
                "gold is partly their own and agreement with it flatters"
                if labelled
                else f"{each.name} {listed(did)} of these in {before.name}, so the gold is partly their own and "
                "agreement with it flatters"
            )
    return notes


def _notes_on_retest(connection: sa.Connection, row: sa.Row, before: sa.Row) -> list[str]:
    notes = [
        "one person twice: this is intra-rater agreement (test-retest), not agreement between people. The rubric's "
        "threshold is for agreement between people, so there is no verdict"
    ]
    (again,) = stored_rounds.annotators_of(connection, row.id)
    decided = stored.knew_before(connection, row.id, before.id, again.id)[1]
    if decided:
        notes.append(
            f"{again.name} adjudicated {many(decided, 'draft')} of these in {before.name}, and saw all their labels then"
        )
    gap = gap_of(connection, row.id, before.id)
    if gap:
        notes.append(
            f"gap between the last save in {before.name} and the first here, over {many(gap.drafts, 'draft')}: "
            f"shortest {gap.shortest:.1f} hours, median {gap.median:.1f} hours"
        )
    if row.forced:
        notes.append(
            f"opened before {_hours(GAP)} had passed (forced): labels remembered from the first time raise the agreement"
        )
    return notes
