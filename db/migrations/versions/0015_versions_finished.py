"""Finished rubric versions are in the store: when a version was finished, by whom, and when other bytes took its place. What was
published stands as finished by who published it; its bytes are in the store since the first schema.

Revision: 0015, after 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"

STANDING = sa.text("finished_at IS NOT NULL AND superseded_at IS NULL")


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    with op.batch_alter_table("rubric_versions") as versions:
        versions.add_column(sa.Column("finished_at", moment, nullable=True))
        versions.add_column(sa.Column("finished_by", sa.Integer(), nullable=True))
        versions.add_column(sa.Column("superseded_at", moment, nullable=True))
        versions.create_foreign_key(op.f("fk_rubric_versions_finished_by"), "people", ["finished_by"], ["id"])
    op.execute("UPDATE rubric_versions SET finished_at = published_at, finished_by = published_by WHERE published_at IS NOT NULL")
    op.create_index(
        "uq_rubric_versions_standing", "rubric_versions", ["name"], unique=True, sqlite_where=STANDING, postgresql_where=STANDING
    )
