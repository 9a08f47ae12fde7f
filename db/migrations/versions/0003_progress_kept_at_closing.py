"""What each annotator had delivered when a round was closed is kept with the round, and no longer counted at every reading.

Revision: 0003, after 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

KEPT = {
    "saved": "coalesce(sum(CASE WHEN NOT is_practice AND state = 'saved' THEN 1 ELSE 0 END), 0)",
    "skipped": "coalesce(sum(CASE WHEN NOT is_practice AND state = 'skipped' THEN 1 ELSE 0 END), 0)",
    "waiting": "coalesce(sum(CASE WHEN NOT is_practice AND state = 'waiting' THEN 1 ELSE 0 END), 0)",
    "practice": "coalesce(sum(CASE WHEN is_practice AND state = 'waiting' THEN 1 ELSE 0 END), 0)",
    "seconds": "coalesce(sum(seconds), 0.0)",
}


def upgrade() -> None:
    for name in KEPT:
        op.add_column("round_annotators", sa.Column(name, sa.Float() if name == "seconds" else sa.Integer(), nullable=True))
    for name, counted in KEPT.items():
        op.execute(
            f"UPDATE round_annotators SET {name} = (SELECT {counted} FROM assignments WHERE assignments.round = "
            "round_annotators.round AND assignments.person = round_annotators.person) "
            "WHERE round IN (SELECT id FROM rounds WHERE closed_at IS NOT NULL)"
        )
