"""The slices of a large closed round, and its halves, are kept: its figures are made without reading a label.

Rounds that were closed before have no row here. They are counted at each reading as before, until `manage.py migrate` has kept
theirs too (workflow/subgroups/large.py).

Revision: 0025, after 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    op.create_table(
        "slice_counts",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("cut_by", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("drafts", sa.Integer(), nullable=False),
        sa.Column("kinds", sa.JSON()),
        sa.Column("histograms", sa.JSON()),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_slice_counts_round")),
        sa.PrimaryKeyConstraint("round", "cut_by", "value", name=op.f("pk_slice_counts")),
    )
    op.create_table(
        "half_counts",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=False),
        sa.Column("first", sa.JSON(), nullable=False),
        sa.Column("second", sa.JSON(), nullable=False),
        sa.Column("median", sa.Float()),
        sa.Column("timed", sa.Integer(), nullable=False),
        sa.Column("fast", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_half_counts_round")),
        sa.PrimaryKeyConstraint("round", "seat", name=op.f("pk_half_counts")),
    )
