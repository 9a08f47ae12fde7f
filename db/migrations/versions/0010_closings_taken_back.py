"""A closing can be taken back until somebody reads what the round kept back: closings are on record, and the first reading after.

Rounds that were closed before count as read: whether anybody had read their labels was not kept.

Revision: 0010, after 0009
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("rounds", sa.Column("first_read_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE rounds SET first_read_at = closed_at WHERE closed_at IS NOT NULL")
    op.create_table(
        "closings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("early_reason", sa.Text(), nullable=True),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_closings_round")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_closings_person")),
        sa.ForeignKeyConstraint(["reopened_by"], ["people.id"], name=op.f("fk_closings_reopened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closings")),
    )
    op.create_index(
        "uq_closings_standing",
        "closings",
        ["round"],
        unique=True,
        sqlite_where=sa.text("reopened_at IS NULL"),
        postgresql_where=sa.text("reopened_at IS NULL"),
    )
    op.execute(
        "INSERT INTO closings (round, person, closed_at, early_reason) "
        "SELECT id, coalesce(closed_by, opened_by), closed_at, early_reason FROM rounds WHERE closed_at IS NOT NULL "
        "ORDER BY closed_at, id"
    )
