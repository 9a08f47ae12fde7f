"""A version being written may be one that is a file already: the digest of the file that it was taken from, and may replace.

Revision: 0009, after 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.add_column("unfinished_versions", sa.Column("taken_from", sa.Text(), nullable=True))
