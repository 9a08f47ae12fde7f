"""The levels of a judge that was taught by pairs, as a label set made by a model, which is then held against people as any other.

The judge gives a text a number: how likely it is to it after its prompt. What level that is only people's labels say: an ordinal
head on the number alone (`touchstone.judging.ordinal_head`) is trained on the drafts of the partition dev where it has enough of
them, and gives the others theirs; else in five folds by task. So no draft's level was cut by labels of its own task.

Left out: drafts it was taught with, by their task, group or text; those that an open round holds; those of a sealed partition.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from json import dumps
from typing import Any, NamedTuple

import numpy as np
import sqlalchemy as sa

from db.engine import reading
from db.store import tasks as stored_tasks
from db.store.closing import first_reading
from touchstone.agreement.estimation.intervals import Array
from touchstone.data.label import LabelRow, Level
from touchstone.english import many
from touchstone.errors import Refused
from touchstone.judging.held import HeldLabels, hold
from touchstone.judging.ordinal_head import FOLDS, LEAST_UNITS, HeadGives, folds, out_of_fold, train
from touchstone.judging.shifts.score_shifts import ShiftBesidePeople, beside_people
from touchstone.judging.simpo.adapter import TaughtJudge
from touchstone.judging.simpo.language_model import PromptedText
from touchstone.preferences.training_pairs import text_digest
from touchstone.rubric.model import Dimension
from workflow.events.recording import recorded
from workflow.importing.label_sets import keep_set
from workflow.judging.llm.labels_made import free_name
from workflow.judging.people_labels import PeopleLabels, people_labels
from workflow.names import LONGEST_NAME, fit_name
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.preferences.pairs_export import prompt_of
from workflow.projects.settling import settle_rubric
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.scorer.scorers import scorer_of

MOST = 4_000  # drafts that are read while someone waits
DEV = "dev"
JUDGE_AND_BASE = "judge − base model, per piece (the seed's Delta B)"
JUDGE_AND_SCORER = "judge − scorer, of the scale (the seed's Delta A)"


@dataclass(frozen=True)
class AdapterLevels:
    """`label_set`: its name, `is_new` where it was not there before; `labels` in it, on `drafts`; `shifts` by dimension: the
    judge beside its base model and beside the scorer, each with the order that people see the drafts in."""

    label_set: str
    is_new: bool
    labels: int
    drafts: int
    people: str
    shifts: Mapping[str, tuple[ShiftBesidePeople, ...]]
    notes: tuple[str, ...]

    @property
    def sentence(self) -> str:
        made = "are" if self.is_new else "were already"
        return f"{many(self.labels, 'label')} of {many(self.drafts, 'draft')} {made} the label set {self.label_set}"

    def as_json(self) -> dict[str, Any]:
        """The document of `judge adapter-set --json`."""
        shifts = {key: [each.as_json() for each in own] for key, own in self.shifts.items()}
        return {**vars(self), "shifts": shifts, "notes": list(self.notes)}


class _Read(NamedTuple):
    """The people, and the drafts of theirs that are read, by unit; `left_out`: sentences on the others."""

    people: PeopleLabels
    rows: Mapping[str, sa.Row]
    left_out: tuple[str, ...]


class _Numbers(NamedTuple):
    """(n,) what the judge and its base model give each draft, in the order of the rows."""

    judge: Array
    base: Array


class _Cut(NamedTuple):
    """The head's levels and probabilities of some of the people's units. `counts` (n, q) of theirs, `rising`: which column is
    which level, low to high; `by_dev`: whether the partition dev decided."""

    units: tuple[str, ...]
    given: HeadGives
    counts: Array
    rising: tuple[Level, ...]
    clusters: tuple[str, ...]
    by_dev: bool


@verb
def adapter_levels(
    person: Person,
    engine: sa.Engine,
    judge: TaughtJudge,
    people: str,
    *,
    name: str = "",
    told: Callable[[float], None] = lambda share: None,
) -> AdapterLevels:
    """Judge the drafts that people labelled, and keep the levels as a label set, named `name` or for the judge and the people.

    Raises NotYourTurn for an open round; Refused where no draft is left, and where there are too few to cut by."""
    read = _read(person, engine, judge, people)
    texts = [PromptedText(prompt_of(row.input, read.people.rubric), row.text) for row in read.rows.values()]
    taught = judge.model.scores(texts, judge.longest, lambda share: told(share / 2))
    with judge.without_adapter():
        numbers = _Numbers(taught.scores, judge.model.scores(texts, judge.longest, lambda share: told(0.5 + share / 2)).scores)
    place = {unit: at for at, unit in enumerate(read.rows)}
    cuts = {key: cut for key in read.people.by_dimension if (cut := _cut(read, key, numbers, place)) is not None}
    if not cuts:
        raise Refused(
            f"{read.people.name} has too few labelled drafts that the judge may be asked about to say what its numbers mean: it "
            f"takes {LEAST_UNITS} of the partition {DEV} and others beside them, or {2 * LEAST_UNITS} of {FOLDS} tasks or more; "
            "label more"
        )
    rows = [
        LabelRow(unit, judge.called, key, cut.rising[level])
        for key, cut in cuts.items()
        for unit, level in zip(cut.units, cut.given.levels.tolist(), strict=True)
    ]
    shifts = {key: tuple(_shifts(read, key, cut, numbers, place)) for key, cut in cuts.items()}
    how = _notes(judge, cuts, taught.cut)
    kept, is_new = _kept(person, engine, read, judge, rows, name, how)
    notes = (*read.left_out, *how)
    return AdapterLevels(kept, is_new, len(rows), len({row.unit for row in rows}), read.people.name, shifts, notes)


def _read(person: Person, engine: sa.Engine, judge: TaughtJudge, people: str) -> _Read:
    with reading(engine, person) as connection:
        found = people_labels(connection, people)
        units = list(found.side.labels)
        if len(units) > MOST:
            raise Refused(
                f"{found.name} has {many(len(units), 'draft')}, more than are read while you wait ({MOST:,}); name fewer"
            )
        rows = stored_tasks.drafts_of_units(connection, units)
        being = stored_tasks.drafts_in_open_rounds(connection)
        held = [unit for unit, row in rows.items() if row.id in being]
        known = [unit for unit, row in rows.items() if _was_learned(judge, row)]
        left = {unit: row for unit, row in rows.items() if unit not in {*held, *known}}
        if left:
            first_reading.note_draft_read(connection)
    told = [
        (len(units) - len(rows), "sealed, or with no text here"),
        (len(held), "which an open round holds"),
        (len(set(known) - set(held)), "whose task, group or text the judge was taught with"),
    ]
    left_out = tuple(f"{many(number, 'draft')} left out, {why}" for number, why in told if number)
    if not left:
        raise Refused(
            f"no draft of {found.name} is left to judge: {'; '.join(left_out) or 'nobody labelled one'}; name other people"
        )
    return _Read(found, dict(sorted(left.items())), left_out)


def _was_learned(judge: TaughtJudge, row: sa.Row) -> bool:
    return (
        row.task_id in judge.learned_tasks or row.cluster in judge.learned_tasks or text_digest(row.text) in judge.learned_texts
    )


def _cut(read: _Read, key: str, numbers: _Numbers, place: Mapping[str, int]) -> _Cut | None:
    """None where there are too few labels of the dimension, or its levels have no order."""
    dimension = declared(read.people.rubric, key)
    if dimension.scale != "ordinal":
        return None
    given = read.people.by_dimension[key]
    labelled = sorted({unit for own in given.values() for unit in own if unit in place})
    held = hold(dict.fromkeys(labelled, dimension.values[0]), given, dimension.values, cluster_of=read.people.cluster_of)
    rising = np.argsort(held.values, kind="stable")
    dev = np.array([(read.rows[unit].partition or "").casefold() == DEV for unit in held.units], dtype=bool)
    scores, counts = numbers.judge[[place[unit] for unit in held.units]][:, None], held.counts[:, rising]
    by_dev = LEAST_UNITS <= dev.sum() < len(dev)
    if by_dev:
        made, kept = train(scores[dev], counts[dev]).gives(scores[~dev]), ~dev
    elif len(held.units) >= 2 * LEAST_UNITS and held.cluster.max() + 1 >= FOLDS:
        made, kept = out_of_fold(scores, counts, folds(held.cluster)), np.ones(len(dev), dtype=bool)
    else:
        return None
    units = tuple(unit for unit, is_kept in zip(held.units, kept, strict=True) if is_kept)
    values = tuple(dimension.values[at] for at in rising)
    return _Cut(units, made, counts[kept], values, _clusters(held, kept), bool(by_dev))


def _clusters(held: HeldLabels, kept: Any) -> tuple[str, ...]:
    return tuple(str(each) for each in held.cluster[kept].tolist())


def _shifts(read: _Read, key: str, cut: _Cut, numbers: _Numbers, place: Mapping[str, int]) -> list[ShiftBesidePeople]:
    at = [place[unit] for unit in cut.units]
    steps = np.arange(len(cut.rising)) / (len(cut.rising) - 1)
    people = cut.counts @ steps / cut.counts.sum(axis=1)
    found = [beside_people(JUDGE_AND_BASE, numbers.judge[at], numbers.base[at], cut.clusters, people)]
    scored = _scored(read, key, cut)
    if own := [unit for unit in range(len(at)) if scored[unit] is not None]:
        expected = (cut.given.probabilities @ steps)[own]
        theirs = [scored[each] for each in own]
        beside = [cut.clusters[each] for each in own]
        found.append(beside_people(JUDGE_AND_SCORER, expected, np.array(theirs, dtype=float), beside, people[own], 1.0))
    return found


def _scored(read: _Read, key: str, cut: _Cut) -> list[float | None]:
    """Where the scorer's level of each unit stands, from 0 to 1; None where it gives none."""
    dimension: Dimension = declared(read.people.rubric, key)
    if not dimension.checks:
        return [None] * len(cut.units)
    scorer, last = scorer_of(read.people.rubric), len(cut.rising) - 1
    found: list[float | None] = []
    for unit in cut.units:
        row = read.rows[unit]
        value = scorer.score(row.text, row.input, row.extra).scores[key].value
        found.append(None if value is None else cut.rising.index(value) / last)
    return found


def _notes(judge: TaughtJudge, cuts: Mapping[str, _Cut], cut_texts: int) -> list[str]:
    by_dev = sorted(key for key, cut in cuts.items() if cut.by_dev)
    by_folds = sorted(set(cuts) - set(by_dev))
    base = judge.card["base"]["name"]
    told = [f"numbers of a judge taught by pairs on {base} (card {judge.digest[:12]}), made levels by an ordinal head"]
    if by_dev:
        told.append(f"cut on people's labels of the partition {DEV}, whose drafts are left out: {', '.join(by_dev)}")
    if by_folds:
        told.append(f"cut on people's labels in {FOLDS} folds by task, as there are too few of {DEV}: {', '.join(by_folds)}")
    if cut_texts:
        told.append(f"{many(cut_texts, 'draft')} longer than what the judge reads of a text, {judge.longest} pieces")
    return told


def _kept(
    person: Person, engine: sa.Engine, read: _Read, judge: TaughtJudge, rows: list[LabelRow], name: str, remarks: list[str]
) -> tuple[str, bool]:
    rubric = read.people.rubric
    wanted = fit_name(name.strip() or f"{judge.called} on {read.people.origin}"[:LONGEST_NAME].strip(), "label set")
    with recorded(person, engine, "judge by adapter", judge=judge.digest) as connection:
        project = settle_rubric(person, connection, rubric.name)
        being = stored_tasks.drafts_in_open_rounds(connection)  # by now: a round may have been opened meanwhile
        kept = [row for row in rows if read.rows[row.unit].id not in being]
        if not kept:
            raise Refused("an open round holds every draft by now, so no level was kept; run this again when it is closed")
        digest = sha256(dumps([*map(list, kept)]).encode()).hexdigest()
        files = [{"name": "judge.json", "digest": digest, "annotator": ""}]
        shown, before = free_name(connection, wanted, files)
        if before is None:
            values = {
                "project": project.id,
                "name": shown,
                "rubric_version": rubrics.ready_to_use(connection, rubric.name)[1],
                "made_by": "model",
                "files": files,
                "annotators": [judge.called],
                "left_out": {},
                "imported_by": person.id,
                "read_as": {"formats": {"judge.json": "a judge taught by pairs"}, "remarks": remarks},
                "suspicions": [],
                "tasks": {row.unit: read.rows[row.unit].task_id for row in kept},
                "slots_are_people": None,
            }
            keep_set(connection, rubric, kept, values)
        return shown, before is None
