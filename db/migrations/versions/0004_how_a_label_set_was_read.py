"""A label set keeps how it was read: formats, what its words were said to mean, whether slots are people, what is suspicious
about it, and the tasks of its units. Sets from before have nothing there.

Revision: 0004, after 0003
"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    for name in ("read_as", "suspicions", "tasks"):
        op.add_column("label_sets", sa.Column(name, sa.JSON(), nullable=True))
    op.add_column("label_sets", sa.Column("slots_are_people", sa.Boolean(), nullable=True))
