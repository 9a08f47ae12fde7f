"""Comparison rounds ask of several dimensions at once. What was asked and chosen before stands as asked overall.

Revision: 0022, after 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "compared_dimensions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("comparison", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column("rubric_version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["comparison"], ["comparison_rounds.id"], name=op.f("fk_compared_dimensions_comparison")),
        sa.ForeignKeyConstraint(["rubric_version"], ["rubric_versions.id"], name=op.f("fk_compared_dimensions_rubric_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compared_dimensions")),
        sa.UniqueConstraint("comparison", "dimension", name=op.f("uq_compared_dimensions_comparison_dimension")),
    )
    op.create_table(
        "dimension_choices",
        sa.Column("choice", sa.Integer(), nullable=False),
        sa.Column("dimension", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Text(), nullable=False),
        sa.CheckConstraint("taken IN ('left', 'tie', 'right')", name=op.f("ck_dimension_choices_taken")),
        sa.ForeignKeyConstraint(["choice"], ["pair_choices.id"], name=op.f("fk_dimension_choices_choice")),
        sa.ForeignKeyConstraint(["dimension"], ["compared_dimensions.id"], name=op.f("fk_dimension_choices_dimension")),
        sa.PrimaryKeyConstraint("choice", "dimension", name=op.f("pk_dimension_choices")),
    )
    op.create_index(op.f("ix_dimension_choices_dimension"), "dimension_choices", ["dimension"])
    op.execute(
        "INSERT INTO compared_dimensions (comparison, place, dimension, title, question) "
        "SELECT id, 1, 'overall', 'Overall', question FROM comparison_rounds ORDER BY id"
    )
    op.execute(
        "INSERT INTO dimension_choices (choice, dimension, taken) "
        "SELECT pair_choices.id, compared_dimensions.id, pair_choices.taken FROM pair_choices "
        "JOIN shown_pairs ON shown_pairs.id = pair_choices.shown JOIN compared_pairs ON compared_pairs.id = shown_pairs.pair "
        "JOIN compared_dimensions ON compared_dimensions.comparison = compared_pairs.comparison"
    )
    with op.batch_alter_table("comparison_rounds") as rounds:
        rounds.drop_column("question")
    with op.batch_alter_table("pair_choices") as choices:
        if op.get_bind().dialect.name == "sqlite":
            choices.drop_constraint(op.f("ck_pair_choices_taken"), type_="check")
        choices.drop_column("taken")
