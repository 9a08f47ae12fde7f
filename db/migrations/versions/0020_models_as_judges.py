"""Models as judges: their files as used, runs, answers, and which answers a run's labels are made of.

Revision: 0020, after 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "judges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("used_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_judges_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_judges_person")),
        sa.ForeignKeyConstraint(["rubric_version"], ["rubric_versions.id"], name=op.f("fk_judges_rubric_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judges")),
        sa.UniqueConstraint("name", "project", name=op.f("uq_judges_name_project")),
    )
    op.create_table(
        "judge_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judge", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("label_set", sa.Integer(), nullable=True),
        sa.Column("drafts", sa.Text(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("ended_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["judge"], ["judges.id"], name=op.f("fk_judge_runs_judge")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_judge_runs_person")),
        sa.ForeignKeyConstraint(["label_set"], ["label_sets.id"], name=op.f("fk_judge_runs_label_set")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_runs")),
    )
    op.create_index(op.f("ix_judge_runs_judge"), "judge_runs", ["judge"])
    op.create_table(
        "judge_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("repeat", sa.Integer(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("level", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("ms", sa.Integer(), nullable=False),
        sa.Column("tokens_in", sa.Integer(), nullable=False),
        sa.Column("tokens_out", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.CheckConstraint("(level IS NULL) <> (error IS NULL)", name=op.f("ck_judge_answers_level_or_error")),
        sa.ForeignKeyConstraint(["run"], ["judge_runs.id"], name=op.f("fk_judge_answers_run")),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_judge_answers_draft")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judge_answers")),
    )
    for column in ("key", "run", "draft"):
        op.create_index(op.f(f"ix_judge_answers_{column}"), "judge_answers", [column])
    op.create_table(
        "judged_labels",
        sa.Column("run", sa.Integer(), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["judge_runs.id"], name=op.f("fk_judged_labels_run")),
        sa.ForeignKeyConstraint(["answer"], ["judge_answers.id"], name=op.f("fk_judged_labels_answer")),
        sa.PrimaryKeyConstraint("run", "answer", name=op.f("pk_judged_labels")),
    )
