"""An import keeps which column of its table was what; an import that was undone stays in the list, with when and by whom.

Revision: 0008, after 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.add_column("imports", sa.Column("mapping", sa.JSON(), nullable=True))
    op.create_table(
        "undone_imports",
        sa.Column("import", sa.Integer(), nullable=False),
        sa.Column("person", sa.Integer(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["import"], ["imports.id"], name=op.f("fk_undone_imports_import")),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=op.f("fk_undone_imports_person")),
        sa.PrimaryKeyConstraint("import", name=op.f("pk_undone_imports")),
    )
