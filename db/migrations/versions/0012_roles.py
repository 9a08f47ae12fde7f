"""Roles of team mode: who is annotator or lead of which project, who is admin, who was deactivated; and the record
of what was changed in an open round.

What a store holds already says who is what: whoever opened a round of a project, imported into it, adjudicated or closed in it
becomes its lead; whoever has a seat in one of its rounds its annotator. Nobody becomes admin.

Revision: 0012, after 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

LED = """
    SELECT opened_by AS person, project FROM rounds
    UNION SELECT closings.person, rounds.project FROM closings JOIN rounds ON rounds.id = closings.round
    UNION SELECT adjudications.person, rounds.project FROM adjudications JOIN rounds ON rounds.id = adjudications.round
    UNION SELECT person, project FROM imports
    UNION SELECT imported_by, project FROM label_sets
"""
SEATS = """
    SELECT DISTINCT round_annotators.person, rounds.project
    FROM round_annotators JOIN rounds ON rounds.id = round_annotators.round
"""


def upgrade() -> None:
    op.add_column("people", sa.Column("is_admin", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("people", sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "memberships",
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.CheckConstraint("role IN ('annotator', 'lead')", name=op.f("ck_memberships_role")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_memberships_person")),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_memberships_project")),
        sa.PrimaryKeyConstraint("person", "project", name=op.f("pk_memberships")),
    )
    op.create_index(op.f("ix_memberships_project"), "memberships", ["project"])
    op.create_table(
        "round_changes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("what", sa.JSON(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "kind IN ('drafts reassigned', 'annotator added', 'drafts added')", name=op.f("ck_round_changes_kind")
        ),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_round_changes_round")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_round_changes_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_changes")),
    )
    op.create_index(op.f("ix_round_changes_round"), "round_changes", ["round"])
    for role, did in (("lead", LED), ("annotator", SEATS)):
        op.execute(
            f"INSERT INTO memberships (person, project, role) SELECT did.person, did.project, '{role}' FROM ({did}) AS did "
            "JOIN people ON people.id = did.person WHERE people.kind = 'person' "
            "AND NOT EXISTS (SELECT 1 FROM memberships WHERE memberships.person = did.person "
            "AND memberships.project = did.project)"
        )
