"""The cells of a closed round that wait, and all of them counted, are kept: a page of them is read without reading every label.

Rounds that were closed before have no row here. What is asked of them is counted anew as before, until `manage.py migrate` has
kept theirs too (workflow/rounds/closing.py).

Revision: 0024, after 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

BY_DELIVERY = ["round", "person", "delivered_at", "position"]


def upgrade() -> None:
    op.create_index(op.f("ix_assignments_round_person_delivered_at_position"), "assignments", BY_DELIVERY)
    op.create_table(
        "waiting_cells",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("spread", sa.Integer(), nullable=False),
        sa.Column("levels", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("state IN ('disagreement', 'skipped', 'missing', 'lone')", name=op.f("ck_waiting_cells_state")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_waiting_cells_round")),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_waiting_cells_draft")),
        sa.PrimaryKeyConstraint("round", "draft", "dimension", name=op.f("pk_waiting_cells")),
        sa.UniqueConstraint("round", "place", name=op.f("uq_waiting_cells_round_place")),
    )
    op.create_index(op.f("ix_waiting_cells_round_dimension_place"), "waiting_cells", ["round", "dimension", "place"])
    op.create_index(
        op.f("ix_waiting_cells_round_dimension_levels_place"), "waiting_cells", ["round", "dimension", "levels", "place"]
    )
    op.create_table(
        "cell_counts",
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('agreed', 'single', 'disagreement', 'skipped', 'missing', 'lone')", name=op.f("ck_cell_counts_state")
        ),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_cell_counts_round")),
        sa.PrimaryKeyConstraint("round", "dimension", "state", "value", name=op.f("pk_cell_counts")),
    )
