"""Train a judge on gold, and keep it: what it is made of, how it stands against the people it was trained on, in folds by task,
and what more gold would bring. It is off until somebody switches it on."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from typing import Any

import numpy as np
import sqlalchemy as sa

from db.engine import reading, within
from db.store.judging import trained as stored
from db.store.projects import project_in_hand
from touchstone.english import listed
from touchstone.errors import Refused
from touchstone.judging.controls import controls_of
from touchstone.judging.ordinal_head import FOLDS
from touchstone.judging.report import judge_report, verdict_in_words
from touchstone.judging.training.gold_head import passing_of, train_on_gold
from touchstone.judging.training.kept_head import head_bytes
from touchstone.judging.training.learning_curve import learning_curve, sizes_up_to
from touchstone.judging.training.readiness import missing_of
from workflow import clock
from workflow.events.recording import recorded
from workflow.judging.training.gold import Gold, gold_of
from workflow.judging.training.seen import READS, WORDS, passes_at, readings_of
from workflow.judging.training.trained_judges import TrainedJudge, trained_judges
from workflow.people.people import Person
from workflow.people.verbs import verb
from workflow.projects.settling import settle_rubric
from workflow.rubric import rubrics

Step = Callable[[float, str], None]
NAME = "a name is lower-case letters, digits, - and _, beginning with a letter, as in stars, or a version of it, stars-v2"
LONGEST = 60


@verb
def train_judge(
    person: Person,
    engine: sa.Engine,
    name: str,
    dimension: str,
    rounds: list[str],
    *,
    reads: str = WORDS,
    cut: str = "",
    tell: Step | None = None,
) -> TrainedJudge:
    """Train a judge of one dimension on people's labels of closed rounds, and keep it under `name`: as its next version, or as
    the version that is named. `reads`: words, or meaning (the extra `embed`); `cut`: the level from which on a draft passes, the
    usual one when left out. `tell` is told how far it is, and what it raises ends it, with nothing kept.

    Raises NotYourTurn for an open round; Refused as `gold_of` does, for a name that is taken, and where scikit-learn is not
    there."""
    if reads not in READS:
        raise Refused(f"a judge reads {listed(READS, 'or')}, not {reads or 'a blank'}", way=(f"reads {WORDS}",))
    with reading(engine, person) as connection:
        gold = gold_of(connection, rounds, dimension, cut, reads)
        inside = within(engine, project_in_hand(connection))
        called = _free_name(stored.names_taken(connection), name)
    values = _trained(gold, called, reads, tell or (lambda share, words: None))
    with recorded(person, inside, "train judge", judge=called) as connection:
        project = settle_rubric(person, connection, gold.rubric.name)
        if called in stored.names_taken(connection):
            raise Refused(f"{called} was made by somebody else meanwhile; train it again, as the next version")
        stored.add_trained_judge(
            connection,
            {
                **values,
                "project": project.id,
                "person": person.id,
                "rubric_version": rubrics.ready_to_use(connection, gold.rubric.name)[1],
                "trained_at": clock.now(),
            },
            [number for number, _ in gold.rounds],
            sorted({row.id for row in gold.rows}),
        )
    return next(each for each in trained_judges(person, inside) if each.name == called)


def _free_name(taken: set[str], name: str) -> str:
    """The name of the version: the next one, where `name` has no number."""
    wanted = name.strip()
    stem, dash, number = wanted.rpartition("-v")
    is_version = bool(dash) and number.isascii() and number.isdigit() and not number.startswith("0")
    stem = stem if is_version else wanted
    letters = all(each.isascii() and (each.isdigit() or each.islower() or each in "-_") for each in stem)
    if not stem or not letters or not stem[0].isalpha() or len(wanted) > LONGEST:
        raise Refused(f"{wanted[:LONGEST] or 'a blank'} is no name of a judge: {NAME}")
    if is_version and wanted in taken:
        raise Refused(f"there is a judge {wanted} already, and what was used never changes; name it {stem}, for the next version")
    free = (f"{stem}-v{each}" for each in range(1, len(taken) + 2))
    return wanted if is_version else next(each for each in free if each not in taken)


def _trained(gold: Gold, called: str, reads: str, tell: Step) -> dict[str, Any]:
    """All columns that training gives."""
    held, steps = gold.held, _Steps(gold, tell)
    steps.next("what is seen of the drafts")
    drafts = [(row.text, row.input, row.extra) for row in gold.rows]
    readings, names = readings_of(gold.rubric, drafts, reads, told=lambda share: tell(share / steps.of, "what the drafts mean"))
    counts = held.counts[:, gold.rising]
    made = train_on_gold(readings, names, counts, gold.fold, held.scale, steps.next)
    curve = learning_curve(held, readings, gold.rising, gold.fold, made.scores, steps.next)
    steps.next("the controls, and its figures beside people's")
    passing = passing_of(made.held_out, passes_at(gold.dimension, gold.cut)) if gold.cut is not None else None
    judged = replace(held, judge=gold.rising[made.held_out.levels], passing=passing)
    controls = controls_of(judged, dict(zip(held.units, readings.texts, strict=True)))
    report = judge_report(judged, controls, cut=gold.cut, rule=gold.dimension.agreement)
    kept = head_bytes(made.head)
    return {
        "name": called,
        "dimension": gold.dimension.key,
        "reads": reads,
        "cut": None if gold.cut is None else str(gold.cut),
        "digest": sha256(kept).hexdigest(),
        "labels_digest": gold.digest,
        "kept": kept,
        "figures": {
            "report": report.as_json(),
            "sentence": verdict_in_words(gold.dimension.title, called, report),
            "missing": [*missing_of(report, len(held.level))],
            "curve": curve.as_json(),
            "labels": len(held.level),
            "people": len(held.people),
            "drafts": len(held.units),
            "clusters": len(set(held.cluster.tolist())),
            "left_out": gold.left_out,
            "sample": gold.is_sample,
        },
    }


class _Steps:
    """How far a training is, by the number of heads to train, as told to `tell`."""

    def __init__(self, gold: Gold, tell: Step):
        most = len(gold.held.units) - int(np.bincount(gold.fold).max())
        self.of, self.done, self._tell = 3 + FOLDS * len(sizes_up_to(most)), 0, tell

    def next(self, words: str) -> None:
        self._tell(min(1.0, self.done / self.of), words)
        self.done += 1
