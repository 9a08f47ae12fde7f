"""Rounds labelled at random, as people label: some drafts are skipped, some left, some corrected."""

from collections.abc import Iterable
from random import Random
from uuid import uuid4

import sqlalchemy as sa

from tests.support.small_stores import CTA, TONE
from workflow.labelling.labelling import save_labels, skip
from workflow.labelling.next_draft import next_assignment
from workflow.people.people import Person

DESIGNS = ({}, {"per_draft": 2}, {"overlap": 0.5}, {"practice": 1})


def label_some(engine: sa.Engine, rng: Random, those: Iterable[Person], share: float, name: str = "pilot") -> None:
    """Every annotator of a round saves, skips or leaves what comes next, and corrects a draft now and then."""
    for person in those:
        while (desk := next_assignment(person, engine, name)) and (rng.random() < share or desk.is_practice):
            if rng.random() < 0.2 and not desk.is_practice:
                skip(person, engine, desk.assignment, "why", desk.revision)
                continue
            revision = desk.revision
            for _ in range(1 + (rng.random() < 0.2)):
                levels = {TONE: rng.choice((0, 1, 1, 3)), CTA: rng.choice((1, 1, 2))}
                save_labels(person, engine, desk.assignment, levels, "", revision, uuid4().hex)
                revision += 1
