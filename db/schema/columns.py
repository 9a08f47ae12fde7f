"""What columns are made of: the names of constraints, moments in UTC, keys."""

from datetime import UTC, datetime

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UTCDateTime(sa.TypeDecorator):
    """A moment in UTC: aware going in, aware coming out, on databases that know zones and on those that do not."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect) -> datetime | None:
        if value is not None and value.tzinfo is None:
            raise ValueError(f"{value!r} names no time zone")
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def id_() -> sa.Column:
    """The number a row is known by."""
    return sa.Column("id", sa.Integer, primary_key=True)


def to(column: str, table: str | None = None, *, optional: bool = False, key: bool = False) -> sa.Column:
    """A foreign key: `column` is named for the table it refers to, unless `table` says which."""
    return sa.Column(column, sa.ForeignKey(f"{table or _plural(column)}.id"), nullable=optional, primary_key=key)


def _plural(column: str) -> str:
    return {"person": "people", "query": "queries"}.get(column, column + "s")


def one_of(column: str, *words: str) -> sa.CheckConstraint:
    """The column holds one of these words."""
    return sa.CheckConstraint(f"{column} IN ({', '.join(repr(word) for word in words)})", name=column)
