"""Making tasks: typed tasks, spaces, runs of models, candidates and what was said of them.

Revision: 0016, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0013"

METHODS = "('written', 'space', 'drafts', 'synthesis', 'adversarial', 'imported')"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "typed_tasks",
        sa.Column("task", sa.Integer(), nullable=False),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.CheckConstraint(f"method IN {METHODS}", name=op.f("ck_typed_tasks_method")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_typed_tasks_task")),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_typed_tasks")),
    )
    op.create_table(
        "task_spaces",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("added_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_task_spaces_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_task_spaces_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_task_spaces")),
        sa.UniqueConstraint("digest", "project", name=op.f("uq_task_spaces_digest_project")),
    )
    op.create_table(
        "synthesis_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("settings", sa.JSON(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_synthesis_runs_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_synthesis_runs_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synthesis_runs")),
        sa.UniqueConstraint("name", "project", name=op.f("uq_synthesis_runs_name_project")),
    )
    op.create_table(
        "candidates",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("task_id", sa.Text(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.Column("draft", sa.Text(), nullable=True),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("proposed_at", moment, nullable=False),
        sa.CheckConstraint("method IN ('drafts', 'synthesis', 'adversarial')", name=op.f("ck_candidates_method")),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_candidates_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_candidates_person")),
        sa.ForeignKeyConstraint(["run"], ["synthesis_runs.id"], name=op.f("fk_candidates_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidates")),
        sa.UniqueConstraint("task_id", "project", name=op.f("uq_candidates_task_id_project")),
    )
    op.create_index(op.f("ix_candidates_run"), "candidates", ["run"])
    op.create_table(
        "candidate_verdicts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=True),
        sa.Column("judge", sa.Text(), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("about", sa.JSON(), nullable=False),
        sa.Column("given_at", moment, nullable=False),
        sa.CheckConstraint("verdict IN ('accepted', 'rejected')", name=op.f("ck_candidate_verdicts_verdict")),
        sa.ForeignKeyConstraint(["candidate"], ["candidates.id"], name=op.f("fk_candidate_verdicts_candidate")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_candidate_verdicts_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_candidate_verdicts")),
    )
    op.create_index(op.f("ix_candidate_verdicts_candidate"), "candidate_verdicts", ["candidate"])
