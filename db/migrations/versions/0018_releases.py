"""Releases, the answers in their datasheets, spot checks of agreed cells.

Revision: 0018, after 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "releases",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("left_out", sa.Integer(), nullable=False),
        sa.Column("levels", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("supersedes", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_releases_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_releases_person")),
        sa.ForeignKeyConstraint(["supersedes"], ["releases.id"], name=op.f("fk_releases_supersedes")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
        sa.UniqueConstraint("project", "folded", "number", name=op.f("uq_releases_project_folded_number")),
        sa.UniqueConstraint("supersedes", name=op.f("uq_releases_supersedes")),
    )
    op.create_table(
        "release_rounds",
        sa.Column("release", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["release"], ["releases.id"], name=op.f("fk_release_rounds_release")),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_release_rounds_round")),
        sa.PrimaryKeyConstraint("release", "round", name=op.f("pk_release_rounds")),
    )
    op.create_table(
        "release_answers",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("project", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["project"], ["projects.id"], name=op.f("fk_release_answers_project")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_release_answers_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release_answers")),
    )
    op.create_index(op.f("ix_release_answers_project_question"), "release_answers", ["project", "question"])
    op.create_table(
        "spot_checks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("seed", sa.BigInteger(), nullable=False),
        sa.Column("cells", sa.Integer(), nullable=False),
        sa.Column("drawn_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["round"], ["rounds.id"], name=op.f("fk_spot_checks_round")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_spot_checks_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_spot_checks")),
    )
    op.create_index(op.f("ix_spot_checks_round"), "spot_checks", ["round"])
    op.create_table(
        "spot_check_cells",
        sa.Column("spot_check", sa.Integer(), nullable=False),
        sa.Column("draft", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("checked_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["spot_check"], ["spot_checks.id"], name=op.f("fk_spot_check_cells_spot_check")),
        sa.ForeignKeyConstraint(["draft"], ["drafts.id"], name=op.f("fk_spot_check_cells_draft")),
        sa.PrimaryKeyConstraint("spot_check", "draft", "dimension", name=op.f("pk_spot_check_cells")),
    )
    op.create_index(op.f("ix_spot_check_cells_draft"), "spot_check_cells", ["draft"])
