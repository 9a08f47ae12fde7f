"""Comparison rounds: which of two drafts of a task is better.

Revision: 0021, after 0020
"""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "comparison_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("per_task", sa.Integer(), nullable=True),
        sa.Column("repeats", sa.Float(), nullable=False),
        sa.Column("opened_at", moment, nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("early_reason", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_comparison_rounds_project")),
        sa.ForeignKeyConstraint(["opened_by"], ["people.id"], name=op.f("fk_comparison_rounds_opened_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["people.id"], name=op.f("fk_comparison_rounds_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_comparison_rounds")),
        sa.UniqueConstraint("project", "folded", name=op.f("uq_comparison_rounds_project_folded")),
    )
    op.create_table(
        "compared_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comparison", sa.Integer(), nullable=False),
        sa.Column("task", sa.Integer(), nullable=False),
        sa.Column("draft_a", sa.Integer(), nullable=False),
        sa.Column("draft_b", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["comparison"], ["comparison_rounds.id"], name=op.f("fk_compared_pairs_comparison")),
        sa.ForeignKeyConstraint(["task"], ["tasks.id"], name=op.f("fk_compared_pairs_task")),
        sa.ForeignKeyConstraint(["draft_a"], ["drafts.id"], name=op.f("fk_compared_pairs_draft_a")),
        sa.ForeignKeyConstraint(["draft_b"], ["drafts.id"], name=op.f("fk_compared_pairs_draft_b")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compared_pairs")),
        sa.UniqueConstraint("comparison", "draft_a", "draft_b", name=op.f("uq_compared_pairs_comparison_draft_a_draft_b")),
    )
    op.create_index(op.f("ix_compared_pairs_draft_a"), "compared_pairs", ["draft_a"])
    op.create_index(op.f("ix_compared_pairs_draft_b"), "compared_pairs", ["draft_b"])
    op.create_table(
        "shown_pairs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("pair", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("is_swapped", sa.Boolean(), nullable=False),
        sa.Column("is_repeat", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["pair"], ["compared_pairs.id"], name=op.f("fk_shown_pairs_pair")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_shown_pairs_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shown_pairs")),
        sa.UniqueConstraint("pair", "person", "is_repeat", name=op.f("uq_shown_pairs_pair_person_is_repeat")),
    )
    op.create_index(op.f("ix_shown_pairs_person_pair"), "shown_pairs", ["person", "pair"])
    op.create_table(
        "pair_choices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.Column("chosen_at", moment, nullable=False),
        sa.CheckConstraint("taken IN ('left', 'tie', 'right')", name=op.f("ck_pair_choices_taken")),
        sa.ForeignKeyConstraint(["shown"], ["shown_pairs.id"], name=op.f("fk_pair_choices_shown")),
        sa.ForeignKeyConstraint(["supersedes"], ["pair_choices.id"], name=op.f("fk_pair_choices_supersedes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pair_choices")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_pair_choices_supersedes")),
    )
    op.create_index(op.f("ix_pair_choices_shown"), "pair_choices", ["shown"])
