"""The tables, as SQLAlchemy Core. The words are those of docs/glossary.md.

A column named for another table (`round`, `draft`, `person`) is the foreign key to its `id`; `task_id` and `draft_id`
are the names a task and a draft have in the files they came from. Times are UTC. Nothing cascades: labels, saves and
adjudications are only ever added, a correction names the row it supersedes.
"""

from db.schema.accounts import identities, invitations, passwords, sign_in_attempts, throttles
from db.schema.bench import candidate_verdicts, candidates, synthesis_runs, task_spaces, typed_tasks
from db.schema.columns import UTCDateTime, metadata
from db.schema.events import events, salts
from db.schema.figures import (
    cell_counts,
    counts,
    half_counts,
    label_sets,
    pattern_counts,
    set_labels,
    slice_counts,
    waiting_cells,
)
from db.schema.judging.gate import gate_decisions, gate_overrides, gate_policies, gate_switches, gate_tokens
from db.schema.judging.judges import judge_answers, judge_chances, judge_runs, judged_labels, judges
from db.schema.judging.preferences import (
    compared_dimensions,
    compared_pairs,
    comparison_rounds,
    dimension_choices,
    pair_choices,
    shown_pairs,
)
from db.schema.judging.trained import trained_judge_drafts, trained_judge_rounds, trained_judge_switches, trained_judges
from db.schema.labels import adjudicated_labels, adjudications, gold_keys, labels, pending_choices, pending_notes, queries, saves
from db.schema.projects import changes, last_projects, memberships, projects
from db.schema.releases import release_answers, release_rounds, releases, spot_check_cells, spot_checks
from db.schema.revisions import discussions, meeting_notes, publications, published_decisions, unfinished_versions
from db.schema.rounds import (
    assignments,
    closings,
    round_annotators,
    round_changes,
    round_dimensions,
    round_drafts,
    rounds,
    rubric_versions,
)
from db.schema.seals import leak_signatures, seal_openings, sealed_drafts, sealed_tasks, seals
from db.schema.texts import drafts, imports, people, sign_ins, tasks, undone_imports

__all__ = [
    "UTCDateTime",
    "adjudicated_labels",
    "adjudications",
    "assignments",
    "candidate_verdicts",
    "candidates",
    "cell_counts",
    "changes",
    "closings",
    "compared_dimensions",
    "compared_pairs",
    "comparison_rounds",
    "counts",
    "dimension_choices",
    "discussions",
    "drafts",
    "events",
    "gate_decisions",
    "gate_overrides",
    "gate_policies",
    "gate_switches",
    "gate_tokens",
    "gold_keys",
    "half_counts",
    "identities",
    "imports",
    "invitations",
    "judge_answers",
    "judge_chances",
    "judge_runs",
    "judged_labels",
    "judges",
    "label_sets",
    "labels",
    "last_projects",
    "leak_signatures",
    "meeting_notes",
    "memberships",
    "metadata",
    "pair_choices",
    "passwords",
    "pattern_counts",
    "pending_choices",
    "pending_notes",
    "people",
    "projects",
    "publications",
    "published_decisions",
    "queries",
    "release_answers",
    "release_rounds",
    "releases",
    "round_annotators",
    "round_changes",
    "round_dimensions",
    "round_drafts",
    "rounds",
    "rubric_versions",
    "salts",
    "saves",
    "seal_openings",
    "sealed_drafts",
    "sealed_tasks",
    "seals",
    "set_labels",
    "shown_pairs",
    "sign_in_attempts",
    "spot_check_cells",
    "spot_checks",
    "sign_ins",
    "slice_counts",
    "synthesis_runs",
    "task_spaces",
    "tasks",
    "throttles",
    "trained_judge_drafts",
    "trained_judge_rounds",
    "trained_judge_switches",
    "trained_judges",
    "typed_tasks",
    "undone_imports",
    "waiting_cells",
    "unfinished_versions",
]
