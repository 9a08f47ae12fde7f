"""How often a round's agreement is to be looked at, and up to how many drafts, is kept with the round.

Revision: 0006, after 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    for name in ("planned_looks", "planned_drafts"):
        op.add_column("rounds", sa.Column(name, sa.Integer(), nullable=True))
