"""Partitions held apart: seals, what they keep of tasks and drafts, who opened them and why; lists that somebody signed.

Revision: 0017, after 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "seals",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("keeper", sa.Integer(), nullable=False),
        sa.Column("partition", sa.Text(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("tasks", sa.Integer(), nullable=False),
        sa.Column("drafts", sa.Integer(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False),
        sa.Column("canary", sa.Text(), nullable=False),
        sa.Column("recipient", sa.Text(), nullable=False),
        sa.Column("sealed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_seals_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_seals_person")),
        sa.ForeignKeyConstraint(["keeper"], ["people.id"], name=op.f("fk_seals_keeper")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seals")),
        sa.UniqueConstraint("partition", "project", name=op.f("uq_seals_partition_project")),
    )
    op.create_table(
        "seal_openings",
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["seal"], ["seals.id"], name=op.f("fk_seal_openings_seal")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_seal_openings_person")),
        sa.PrimaryKeyConstraint("seal", name=op.f("pk_seal_openings")),
    )
    op.create_table(
        "sealed_tasks",
        sa.Column("task", sa.Integer(), nullable=False),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("salt", sa.Text(), nullable=False),
        sa.Column("commitment", sa.Text(), nullable=False),
        sa.Column("input", sa.JSON(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_sealed_tasks_task")),
        sa.ForeignKeyConstraint(["seal"], ["seals.id"], name=op.f("fk_sealed_tasks_seal")),
        sa.PrimaryKeyConstraint("task", name=op.f("pk_sealed_tasks")),
    )
    op.create_index(op.f("ix_sealed_tasks_seal"), "sealed_tasks", ["seal"])
    op.create_table(
        "sealed_drafts",
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("seal", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("content", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_sealed_drafts_draft")),
        sa.ForeignKeyConstraint(["seal"], ["seals.id"], name=op.f("fk_sealed_drafts_seal")),
        sa.PrimaryKeyConstraint("draft", name=op.f("pk_sealed_drafts")),
    )
    op.create_index(op.f("ix_sealed_drafts_seal"), "sealed_drafts", ["seal"])
    op.create_table(
        "leak_signatures",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("listed", sa.JSON(), nullable=False),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", moment, nullable=False),
        sa.CheckConstraint("verdict IN ('leak', 'no leak')", name=op.f("ck_leak_signatures_verdict")),
        sa.ForeignKeyConstraint(["held"], ["tasks.id"], name=op.f("fk_leak_signatures_held")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_leak_signatures_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_leak_signatures")),
    )
    op.create_index(op.f("ix_leak_signatures_held"), "leak_signatures", ["held"])
