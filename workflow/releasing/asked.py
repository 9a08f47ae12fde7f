"""What is asked for when a release is made, and the terms that follow from it and from the store."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa

from db.store.record import events as stored_events
from db.store.releasing import adjudications as stored_adjudications
from db.store.releasing import drafts as stored_drafts
from db.store.releasing import releases as stored
from db.store.releasing import spot_checks as stored_spot_checks
from db.store.rounds import rubric_source
from touchstone import papers
from touchstone.agreement.report import dimension_report
from touchstone.data.counts import pool
from touchstone.english import listed
from touchstone.errors import Refused
from touchstone.releasing.manifest import EarlierTerms, PlanTerms, PolicyTerms, RoundTerms, RubricTerms, SpotCheckTerms, Terms
from touchstone.releasing.policy import RULES, Policy
from touchstone.rubric.diff import revise
from touchstone.rubric.model import Rubric
from workflow import clock
from workflow.agreement.counts_behind import counts_of_round
from workflow.agreement.pseudonyms import Pseudonyms, pseudonyms_for
from workflow.agreement.reports import rounds_to_pool
from workflow.agreement.verdict_basis import plan_over
from workflow.exporting.label_export import refuse_who_still_labels
from workflow.names import fit_name, fold
from workflow.people.people import Person
from workflow.projects.settling import settle
from workflow.releasing.choices import ReleasedComparison, comparisons_of
from workflow.rounds.rounds import Round, refuse_without_gold, row_of
from workflow.rubric import rubrics
from workflow.rubric.levels import declared
from workflow.rubric.outdated_labels import newest_after


@dataclass(frozen=True)
class Asked:
    """Closed rounds by name, what the release is called (the rounds' names where nothing is said), the policy, whether people
    are named."""

    rounds: tuple[str, ...]
    name: str = ""
    policy: Policy = Policy()
    names: bool = False


class Ready(NamedTuple):
    """All that is settled before the first draft is read."""

    rounds: Sequence[Round]
    rubric: Rubric
    rubric_source: bytes
    codes: Pseudonyms
    terms: Terms
    project: int
    before: sa.Row | None
    drafts: int
    comparisons: Sequence[ReleasedComparison]

    @property
    def folded(self) -> str:
        return fold(self.terms.name)


def ready(connection: sa.Connection, person: Person, asked: Asked) -> Ready:
    """The terms of what is asked. Raises Refused for rounds that cannot be released together, and NotYourTurn for whoever still
    labels or compares drafts of theirs."""
    if not asked.rounds:
        raise Refused("name a closed round to release")
    if asked.policy.rule not in RULES:
        raise Refused(f"the rule is {listed(RULES, 'or')}, not {asked.policy.rule}")
    rounds = sorted(rounds_to_pool(connection, asked.rounds), key=lambda each: (str(each.closed_at), each.id))
    for each in rounds:
        refuse_without_gold(each)
        refuse_who_still_labels(connection, person, each, "a release")
    rubric = rubrics.of_round(connection, rounds[0].id)
    project = settle(connection, rubric.name)
    if project is None:
        raise Refused("there is no project to release from")
    name = fit_name(asked.name or " + ".join(each.name for each in rounds), "release")
    before = stored.latest(connection, project.id, fold(name))
    adjudicators = [who for each in rounds for who in stored_adjudications.adjudicators_of(connection, each.id)]
    checkers = [who for each in rounds for who in stored_spot_checks.checkers_of(connection, each.id)]
    comparisons = comparisons_of(connection, rounds)
    compared = [who for each in comparisons for who in each.annotators]
    labelled = [who for each in rounds for who in each.annotators]
    codes = pseudonyms_for([*labelled, *adjudicators, *checkers, *compared], not asked.names)
    plan = plan_over(connection, rounds)
    left_out = [codes.within(each) for each in plan.names if each not in {found.name for found in rounds}] if plan else []
    _, head = stored_events.head(connection)
    source = rubric_source(connection, row_of(connection, rounds[0].name).rubric_version).source
    terms = Terms(
        program=papers.MADE_BY,
        name=codes.within(name),
        number=before.number + 1 if before else 1,
        made_on=f"{clock.now():%Y-%m-%d}",
        project=codes.within(project.name),
        sample=any(each.is_sample for each in rounds),
        people="names" if asked.names else "codes",
        policy=PolicyTerms.model_validate(vars(asked.policy)),
        rubric=RubricTerms(name=rubric.name, digest=rubric.digest),
        rounds=tuple(_round_terms(each, codes) for each in rounds),
        plan=PlanTerms(looks=plan.plan.looks, drafts=plan.plan.drafts, left_out=tuple(left_out)) if plan else None,
        sealed_drafts=sum(each.sealed for each in rounds),
        flagged=_flagged(connection, rounds, rubric),
        outdated=_outdated(connection, rubric, {key for each in rounds for key in each.dimensions}),
        spot_checks=tuple(terms for each in rounds for terms in _spot_checks(connection, each, codes)),
        comparisons=tuple(each.terms(codes) for each in comparisons),
        answers=stored.answers_of(connection, project.id),
        supersedes=EarlierTerms(name=before.name, number=before.number, digest=before.digest) if before else None,
        record_head=head or "",
    )
    drafts = sum(stored_drafts.number_of_drafts(connection, each.id) for each in rounds)
    return Ready(rounds, rubric, source, codes, terms, project.id, before, drafts, comparisons)


def _round_terms(found: Round, codes: Pseudonyms) -> RoundTerms:
    return RoundTerms(
        name=codes.within(found.name),
        closed_at=found.closed_at.isoformat() if found.closed_at else "",
        closed_early=codes.within(found.early_reason) if found.early_reason else None,
        annotators=tuple(map(codes.of, found.annotators)),
        dimensions=tuple(found.dimensions),
    )


def _spot_checks(connection: sa.Connection, found: Round, codes: Pseudonyms) -> list[SpotCheckTerms]:
    return [
        SpotCheckTerms(
            number=row.id,
            round=codes.within(found.name),
            seed=row.seed,
            cells=row.cells,
            drawn=row.drawn,
            checked=row.checked,
            wrong=row.wrong,
        )
        for row in stored_spot_checks.spot_checks_of(connection, found.id)
    ]


def _flagged(connection: sa.Connection, rounds: Sequence[Round], rubric: Rubric) -> tuple[str, ...]:
    """The dimensions whose agreement over all the rounds is below their threshold, counted without the drafts that are held back:
    of what leaves, as whoever verifies counts it."""
    of_each = [counts_of_round(connection, each, rubric) for each in rounds]
    found = []
    for key in rubric.keys:
        counts = [each[key] for each in of_each if key in each]
        if counts and dimension_report(pool(counts), declared(rubric, key).agreement).flagged:
            found.append(key)
    return tuple(found)


def _outdated(connection: sa.Connection, rubric: Rubric, keys: set[str]) -> dict[str, str]:
    """By dimension the later published version whose wording or levels differ, or which has it no more."""
    row = newest_after(connection, rubric.name)
    if row is None:
        return {}
    revision = revise(rubric, rubrics.rubric_of(connection, row.id))
    return {
        key: row.name
        for key, each in revision.dimensions.items()
        if key in keys and (each.changes_labels or each.where == "before")
    }
