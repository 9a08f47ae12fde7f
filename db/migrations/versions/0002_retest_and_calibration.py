"""Rounds of kind retest and calibration: whether one was forced, when feedback comes, and the key.

Revision: 0002, after 0001
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("rounds", sa.Column("forced", sa.Boolean(), nullable=True))
    # In one statement both databases know: SQLite adds a constraint only together with its column.
    op.execute("ALTER TABLE rounds ADD COLUMN feedback TEXT CONSTRAINT ck_rounds_feedback CHECK (feedback IN ('each', 'end'))")
    op.create_table(
        "gold_keys",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("adjudication", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_gold_keys_round")),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_gold_keys_draft")),
        sa.ForeignKeyConstraint(["adjudication"], ["adjudications.id"], name=op.f("fk_gold_keys_adjudication")),
        sa.PrimaryKeyConstraint("round", "draft", "dimension", name=op.f("pk_gold_keys")),
    )
