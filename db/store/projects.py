"""Which project a connection sees, asked by every query that lists rows or finds them by a name; and projects themselves: found,
counted, chosen, renamed, archived, deleted."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from db.aliases import alias_of
from db.schema import (
    adjudicated_labels,
    adjudications,
    assignments,
    candidate_verdicts,
    candidates,
    cell_counts,
    changes,
    closings,
    compared_dimensions,
    compared_pairs,
    comparison_rounds,
    counts,
    dimension_choices,
    discussions,
    drafts,
    gate_decisions,
    gate_overrides,
    gate_policies,
    gate_switches,
    gate_tokens,
    gold_keys,
    half_counts,
    imports,
    invitations,
    judge_answers,
    judge_chances,
    judge_runs,
    judged_labels,
    judges,
    label_sets,
    labels,
    last_projects,
    leak_signatures,
    meeting_notes,
    memberships,
    pair_choices,
    pattern_counts,
    pending_choices,
    pending_notes,
    people,
    projects,
    publications,
    published_decisions,
    queries,
    release_answers,
    release_rounds,
    releases,
    round_annotators,
    round_changes,
    round_dimensions,
    round_drafts,
    rounds,
    saves,
    seal_openings,
    sealed_drafts,
    sealed_tasks,
    seals,
    set_labels,
    shown_pairs,
    slice_counts,
    spot_check_cells,
    spot_checks,
    synthesis_runs,
    task_spaces,
    tasks,
    trained_judge_drafts,
    trained_judge_rounds,
    trained_judge_switches,
    trained_judges,
    typed_tasks,
    undone_imports,
    waiting_cells,
)
from db.store import insert_into


def project_in_hand(connection: sa.Connection | sa.Engine) -> int | None:
    """The project (its id) that the connection sees alone; None when it sees all (`db.engine.within`)."""
    return connection.get_execution_options().get("project")


def enter(connection: sa.Connection, project: int) -> None:
    """From here on the connection sees this project alone."""
    connection.execution_options(project=project)


def in_project(connection: sa.Connection, column: sa.ColumnElement[int]) -> sa.ColumnElement[bool]:
    """Whether a row is the project's in hand: `column` holds the row's project."""
    project = project_in_hand(connection)
    return sa.true() if project is None else column == project


def _is_of(draft: sa.FromClause, project: int) -> sa.ColumnElement[bool]:
    held, theirs = alias_of(round_drafts, "held"), alias_of(rounds, "theirs")
    used = sa.exists().where(held.c.draft == draft.c.id, theirs.c.id == held.c.round, theirs.c.project == project)
    return sa.or_(draft.c.project == project, used.correlate(draft))


def drafts_in_project(connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Whether a draft is of the project in hand: it belongs to it, or one of its rounds holds it (docs/decisions/0014)."""
    project = project_in_hand(connection)
    return sa.true() if project is None else _is_of(drafts, project)


def tasks_in_project(connection: sa.Connection) -> sa.ColumnElement[bool]:
    """Whether a task is of the project in hand: it belongs to it, or one of its drafts is of the project."""
    project = project_in_hand(connection)
    if project is None:
        return sa.true()
    mine = alias_of(drafts, "written")
    written = sa.exists().where(mine.c.task == tasks.c.id, _is_of(mine, project))
    return sa.or_(tasks.c.project == project, written.correlate(tasks))


def add(
    connection: sa.Connection, *, name: str, folded: str, rubric: str | None, is_sample: bool, person: int, at: datetime
) -> sa.Row:
    made = connection.execute(
        sa.insert(projects)
        .values(name=name, folded=folded, rubric=rubric, is_sample=is_sample, created_by=person, created_at=at)
        .returning(projects.c.id)
    ).scalar_one()
    return by_id(connection, made)


def by_id(connection: sa.Connection, project: int) -> sa.Row:
    return connection.execute(sa.select(projects).where(projects.c.id == project)).one()


def by_folded(connection: sa.Connection, folded: str) -> sa.Row | None:
    return connection.execute(sa.select(projects).where(projects.c.folded == folded)).one_or_none()


def in_hand(connection: sa.Connection) -> sa.Row | None:
    """The project that the connection sees alone; None when it sees all, and once the project is gone."""
    project = project_in_hand(connection)
    return connection.execute(sa.select(projects).where(projects.c.id == project)).one_or_none()


def every(connection: sa.Connection) -> Sequence[sa.Row]:
    """Every project: the team's own by name, the sample after them, those archived last."""
    return connection.execute(
        sa.select(projects).order_by(projects.c.archived_at.is_not(None), projects.c.is_sample, projects.c.folded)
    ).all()


def hold_names(connection: sa.Connection, project: int) -> None:
    """Until this transaction ends nobody else gives a name in the project, so that a name looked up after this is still free when
    it is taken. SQLite lets one write at a time anyway; other writes go on."""
    connection.execute(sa.select(projects.c.id).where(projects.c.id == project).with_for_update(key_share=True))


def set_rubric(connection: sa.Connection, project: int, rubric: str) -> None:
    connection.execute(sa.update(projects).where(projects.c.id == project).values(rubric=rubric))


def counted(connection: sa.Connection) -> dict[str, dict[int, int]]:
    """How many `drafts`, `rounds` and `label_sets` belong to each project."""
    return {
        table.name: {
            row[0]: row[1] for row in connection.execute(sa.select(table.c.project, sa.func.count()).group_by(table.c.project))
        }
        for table in (drafts, rounds, label_sets)
    }


def last_activity(connection: sa.Connection) -> Mapping[int, datetime]:
    """By project: when something last came in, was opened, delivered or closed."""
    found: dict[int, datetime] = {}
    still_open = sa.select(rounds.c.id).where(rounds.c.closed_at.is_(None))
    of_open = (assignments.c.round == rounds.c.id) & assignments.c.round.in_(still_open)
    moments = (
        (imports.c.imported_at, imports.c.project, None),
        (label_sets.c.imported_at, label_sets.c.project, None),
        (rounds.c.opened_at, rounds.c.project, None),
        (rounds.c.closed_at, rounds.c.project, None),
        # Of a round that is closed nothing was delivered after that, and it may hold a million.
        (assignments.c.delivered_at, rounds.c.project, rounds.join(assignments, of_open)),
    )
    for moment, project, source in moments:
        last = sa.select(project, sa.func.max(moment, type_=moment.type).label("at")).group_by(project)
        for row in connection.execute(last if source is None else last.select_from(source)):
            if row.at is not None:
                found[row.project] = max(found.get(row.project, row.at), row.at)
    return found


def waiting_by_project(connection: sa.Connection, person: int) -> Mapping[int, int]:
    """By project: how many drafts wait for the person in its open rounds."""
    mine = (assignments.c.round == rounds.c.id, assignments.c.person == person, assignments.c.state == "waiting")
    waiting = sa.select(sa.func.count()).select_from(assignments).where(*mine).correlate(rounds).scalar_subquery()
    found: dict[int, int] = {}
    # Round by round: a join may begin with all that the person ever labelled.
    for project, many in connection.execute(sa.select(rounds.c.project, waiting).where(rounds.c.closed_at.is_(None))):
        if many:
            found[project] = found.get(project, 0) + many
    return found


def led_last(connection: sa.Connection, person: int) -> int | None:
    """The project (its id) in which the person opened a round last."""
    opened = sa.select(rounds.c.project).where(rounds.c.opened_by == person)
    return connection.scalar(opened.order_by(rounds.c.opened_at.desc(), rounds.c.id.desc()).limit(1))


def last_of(connection: sa.Connection, person: int) -> int | None:
    """The project (its id) the person had in hand last."""
    return connection.scalar(sa.select(last_projects.c.project).where(last_projects.c.person == person))


def keep_last(connection: sa.Connection, person: int, project: int) -> None:
    connection.execute(
        insert_into(connection, last_projects)
        .values(person=person, project=project)
        .on_conflict_do_update(index_elements=["person"], set_={"project": project})
    )


def add_change(
    connection: sa.Connection, *, person: int, project: int | None, verb: str, what: Mapping[str, str], at: datetime
) -> None:
    connection.execute(sa.insert(changes).values(person=person, project=project, verb=verb, what=dict(what), changed_at=at))


def changes_so_far(connection: sa.Connection) -> Sequence[sa.Row]:
    """What was renamed, archived, brought back or deleted, the latest first, with who did it (by)."""
    return connection.execute(
        sa.select(changes, people.c.name.label("by")).join(people, people.c.id == changes.c.person).order_by(changes.c.id.desc())
    ).all()


def rename(connection: sa.Connection, kind: str, row: int, *, name: str, folded: str) -> None:
    """Give a project, a person or a round (`kind` says which) another name."""
    table = {"project": projects, "person": people, "round": rounds}[kind]
    connection.execute(sa.update(table).where(table.c.id == row).values(name=name, folded=folded))


def set_archived(connection: sa.Connection, project: int, at: datetime | None) -> None:
    connection.execute(sa.update(projects).where(projects.c.id == project).values(archived_at=at))


def delete(connection: sa.Connection, project: int) -> int:
    """Delete a project with all that belongs to it; how many rows went. Rubric versions stay, and so do drafts that a round of
    another project holds: they and their tasks become that project's."""
    enter(connection, project)
    _hand_over(connection, project)
    mine = sa.select(rounds.c.id).where(rounds.c.project == project)
    sets = sa.select(label_sets.c.id).where(label_sets.c.project == project)
    desks = sa.select(assignments.c.id).where(assignments.c.round.in_(mine))
    decided = sa.select(adjudications.c.id).where(adjudications.c.round.in_(mine))
    said = sa.select(discussions.c.id).where(discussions.c.round.in_(mine))
    sealed = sa.select(seals.c.id).where(seals.c.project == project)
    tallied = sa.select(counts.c.id).where(counts.c.round.in_(mine) | counts.c.label_set.in_(sets))
    judging = sa.select(judges.c.id).where(judges.c.project == project)
    asked = sa.select(judge_runs.c.id).where(judge_runs.c.judge.in_(judging))
    trained = sa.select(trained_judges.c.id).where(trained_judges.c.project == project)
    for table in (publications, changes):
        column = table.c.round if table is publications else table.c.project
        of = mine if table is publications else [project]
        connection.execute(sa.update(table).where(column.in_(of)).values({column: None}))
    given_out = sa.select(releases.c.id).where(releases.c.project == project)
    compared = sa.select(comparison_rounds.c.id).where(comparison_rounds.c.project == project)
    pairs = sa.select(compared_pairs.c.id).where(compared_pairs.c.comparison.in_(compared))
    asked_of = compared_dimensions.c.comparison.in_(compared)
    seen = sa.select(shown_pairs.c.id).where(shown_pairs.c.pair.in_(pairs))
    checks = sa.select(spot_checks.c.id).where(spot_checks.c.round.in_(mine))
    mine_or_of_mine = gate_overrides.c.decision.in_(
        sa.select(gate_decisions.c.id).where(gate_decisions.c.project == project)
    ) | gate_overrides.c.draft.in_(sa.select(drafts.c.id).where(drafts.c.project == project))
    # Children before their parents.
    gone = (
        (gate_overrides, mine_or_of_mine),
        (gate_decisions, gate_decisions.c.project == project),
        (gate_switches, gate_switches.c.project == project),
        (gate_policies, gate_policies.c.project == project),
        (gate_tokens, gate_tokens.c.project == project),
        (dimension_choices, dimension_choices.c.dimension.in_(sa.select(compared_dimensions.c.id).where(asked_of))),
        (pair_choices, pair_choices.c.shown.in_(seen)),
        (shown_pairs, shown_pairs.c.pair.in_(pairs)),
        (compared_pairs, compared_pairs.c.id.in_(pairs)),
        (compared_dimensions, asked_of),
        (comparison_rounds, comparison_rounds.c.project == project),
        (spot_check_cells, spot_check_cells.c.spot_check.in_(checks)),
        (spot_checks, spot_checks.c.round.in_(mine)),
        (release_rounds, release_rounds.c.release.in_(given_out)),
        (releases, releases.c.project == project),
        (release_answers, release_answers.c.project == project),
        (published_decisions, published_decisions.c.discussion.in_(said)),
        (discussions, discussions.c.round.in_(mine)),
        (meeting_notes, meeting_notes.c.round.in_(mine)),
        (gold_keys, gold_keys.c.round.in_(mine)),
        (adjudicated_labels, adjudicated_labels.c.adjudication.in_(decided)),
        (adjudications, adjudications.c.round.in_(mine)),
        (labels, labels.c.assignment.in_(desks)),
        (saves, saves.c.assignment.in_(desks)),
        (queries, queries.c.assignment.in_(desks)),
        (pending_choices, pending_choices.c.assignment.in_(desks)),
        (pending_notes, pending_notes.c.assignment.in_(desks)),
        (assignments, assignments.c.round.in_(mine)),
        (trained_judge_switches, trained_judge_switches.c.judge.in_(trained)),
        (trained_judge_drafts, trained_judge_drafts.c.judge.in_(trained)),
        (trained_judge_rounds, trained_judge_rounds.c.judge.in_(trained)),
        (trained_judges, trained_judges.c.project == project),
        (judged_labels, judged_labels.c.run.in_(asked)),
        (judge_chances, judge_chances.c.answer.in_(sa.select(judge_answers.c.id).where(judge_answers.c.run.in_(asked)))),
        (judge_answers, judge_answers.c.run.in_(asked)),
        (judge_runs, judge_runs.c.judge.in_(judging)),
        (judges, judges.c.project == project),
        (pattern_counts, pattern_counts.c.counted.in_(tallied)),
        (waiting_cells, waiting_cells.c.round.in_(mine)),
        (cell_counts, cell_counts.c.round.in_(mine)),
        (slice_counts, slice_counts.c.round.in_(mine)),
        (half_counts, half_counts.c.round.in_(mine)),
        (counts, counts.c.round.in_(mine) | counts.c.label_set.in_(sets)),
        (set_labels, set_labels.c.label_set.in_(sets)),
        (label_sets, label_sets.c.project == project),
        (round_drafts, round_drafts.c.round.in_(mine)),
        (round_annotators, round_annotators.c.round.in_(mine)),
        (round_dimensions, round_dimensions.c.round.in_(mine)),
        (closings, closings.c.round.in_(mine)),
        (round_changes, round_changes.c.round.in_(mine)),
        (rounds, rounds.c.project == project),
        (leak_signatures, leak_signatures.c.held.in_(sa.select(tasks.c.id).where(tasks.c.project == project))),
        (sealed_drafts, sealed_drafts.c.seal.in_(sealed)),
        (sealed_tasks, sealed_tasks.c.seal.in_(sealed)),
        (seal_openings, seal_openings.c.seal.in_(sealed)),
        (seals, seals.c.project == project),
        (drafts, drafts.c.project == project),
        (typed_tasks, typed_tasks.c.task.in_(sa.select(tasks.c.id).where(tasks.c.project == project))),
        (tasks, tasks.c.project == project),
        (
            candidate_verdicts,
            candidate_verdicts.c.candidate.in_(sa.select(candidates.c.id).where(candidates.c.project == project)),
        ),
        (candidates, candidates.c.project == project),
        (synthesis_runs, synthesis_runs.c.project == project),
        (task_spaces, task_spaces.c.project == project),
        (undone_imports, undone_imports.c["import"].in_(sa.select(imports.c.id).where(imports.c.project == project))),
        (imports, imports.c.project == project),
        (invitations, invitations.c.project == project),
        (last_projects, last_projects.c.project == project),
        (memberships, memberships.c.project == project),
        (projects, projects.c.id == project),
    )
    return sum(connection.execute(sa.delete(table).where(which)).rowcount for table, which in gone)


def _hand_over(connection: sa.Connection, project: int) -> None:
    """What rounds of other projects use of this one becomes theirs: of the project whose round was opened first."""
    holds = (
        sa.select(rounds.c.project)
        .join(round_drafts, round_drafts.c.round == rounds.c.id)
        .where(round_drafts.c.draft == drafts.c.id, rounds.c.project != project)
        .order_by(rounds.c.opened_at, rounds.c.id)
        .limit(1)
        .correlate(drafts)
        .scalar_subquery()
    )
    connection.execute(sa.update(drafts).where(drafts.c.project == project, holds.is_not(None)).values(project=holds))
    for table, child, column in (
        (tasks, drafts, drafts.c.task),
        (imports, tasks, tasks.c["import"]),
        (imports, drafts, drafts.c["import"]),
    ):
        theirs = sa.select(sa.func.min(child.c.project)).where(column == table.c.id, child.c.project != project)
        heir = theirs.correlate(table).scalar_subquery()
        connection.execute(sa.update(table).where(table.c.project == project, heir.is_not(None)).values(project=heir))
