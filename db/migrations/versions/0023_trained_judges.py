"""Judges trained on gold, and the log-probabilities of models' answers.

Revision: 0023, after 0022
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "trained_judges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("reads", sa.Text(), nullable=False),
        sa.Column("cut", sa.Text(), nullable=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("labels_digest", sa.Text(), nullable=False),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("trained_at", moment, nullable=False),
        sa.CheckConstraint("reads IN ('words', 'meaning')", name=op.f("ck_trained_judges_reads")),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_trained_judges_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_trained_judges_person")),
        sa.ForeignKeyConstraint(["rubric_version"], ["rubric_versions.id"], name=op.f("fk_trained_judges_rubric_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trained_judges")),
        sa.UniqueConstraint("name", "project", name=op.f("uq_trained_judges_name_project")),
    )
    for what in ("round", "draft"):
        table = f"trained_judge_{what}s"
        op.create_table(
            table,
            sa.Column("judge", sa.Integer(), nullable=False),
            sa.Column(what, sa.Integer(), nullable=False),
            sa.ForeignKeyConstraint(["judge"], ["trained_judges.id"], name=op.f(f"fk_{table}_judge")),
            sa.ForeignKeyConstraint([what], [f"{what}s.id"], name=op.f(f"fk_{table}_{what}")),
            sa.PrimaryKeyConstraint("judge", what, name=op.f(f"pk_{table}")),
        )
    op.create_index(op.f("ix_trained_judge_drafts_draft"), "trained_judge_drafts", ["draft"])
    op.create_table(
        "trained_judge_switches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("judge", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("switched_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["judge"], ["trained_judges.id"], name=op.f("fk_trained_judge_switches_judge")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_trained_judge_switches_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trained_judge_switches")),
    )
    op.create_index(op.f("ix_trained_judge_switches_judge"), "trained_judge_switches", ["judge"])
    op.create_table(
        "judge_chances",
        sa.Column("answer", sa.Integer(), nullable=False),
        sa.Column("chances", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["answer"], ["judge_answers.id"], name=op.f("fk_judge_chances_answer")),
        sa.PrimaryKeyConstraint("answer", name=op.f("pk_judge_chances")),
    )
