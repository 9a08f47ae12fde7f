"""One table seen twice in a query."""

from functools import cache

import sqlalchemy as sa
from sqlalchemy.sql.selectable import NamedFromClause


@cache
def alias_of(table: sa.Table, name: str) -> NamedFromClause:
    """The table under another name, made once: to make the columns of an alias takes longer than many a query."""
    return table.alias(name)
