"""Whether the tables, columns, indexes, rules and triggers of the store are those of the present schema."""

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.reflection import Inspector

from db.chain import append_only, capture
from db.chain.covered import covered, kind_of
from db.schema import metadata

EXTRA = "by another hand"


def differences(connection: sa.Connection) -> list[str]:
    """What is missing, changed or put in, a sentence each; the triggers of the record among them."""
    there: Inspector = sa.inspect(connection)
    names = set(there.get_table_names())
    found = [f"the table {name} is gone" for name in sorted(metadata.tables.keys() - names)]
    found += [f"the table {name} was put in {EXTRA}" for name in sorted(names - metadata.tables.keys() - {"alembic_version"})]
    found += [f"the view {name} was put in {EXTRA}" for name in sorted(there.get_view_names())]
    rules = _Rules(there)
    for table in metadata.sorted_tables:
        if table.name in names:
            found += _columns(rules, table)
            found += _named(table.name, "the index", _indexes(table), rules.indexes(table.name))
            found += _named(table.name, "the rule", _constraints(table), rules.constraints(table.name))
    return found + list(_triggers(connection, names))


class _Rules:
    """What the database says of each table, asked once for all of them."""

    def __init__(self, there: Inspector) -> None:
        self._columns = there.get_multi_columns()
        self._keys = there.get_multi_pk_constraint()
        self._unique = there.get_multi_unique_constraints()
        self._foreign = there.get_multi_foreign_keys()
        self._checks = there.get_multi_check_constraints()
        self._indexes = there.get_multi_indexes()

    @staticmethod
    def _of(kept: Mapping[Any, Any], table: str) -> Any:
        return next((value for (_, name), value in kept.items() if name == table), None) or []

    def columns(self, table: str) -> dict[str, tuple[str, bool]]:
        return {each["name"]: (kind_of(each["type"]), bool(each["nullable"])) for each in self._of(self._columns, table)}

    def indexes(self, table: str) -> dict[str, str]:
        return {
            each["name"]: _as_index(each["column_names"], bool(each["unique"]), _where(each.get("dialect_options", {})))
            for each in self._of(self._indexes, table)
            if not each.get("duplicates_constraint")
        }

    def constraints(self, table: str) -> dict[str, str]:
        key = self._of(self._keys, table) or {"constrained_columns": []}
        made = {f"primary key ({', '.join(key['constrained_columns'])})": ""}
        made |= {f"unique ({', '.join(each['column_names'])})": "" for each in self._of(self._unique, table)}
        made |= {
            f"foreign key ({', '.join(each['constrained_columns'])}) to {each['referred_table']}": ""
            for each in self._of(self._foreign, table)
        }
        return made | {f"check {each['name']}": "" for each in self._of(self._checks, table)}


def _where(options: Mapping[str, Any]) -> bool:
    return any(name.endswith("_where") and value is not None for name, value in options.items())


def _as_index(columns: list[str], is_unique: bool, is_partial: bool) -> str:
    return f"{'unique ' if is_unique else ''}({', '.join(columns)}){' where' if is_partial else ''}"


def _columns(rules: _Rules, table: sa.Table) -> Iterator[str]:
    now = rules.columns(table.name)
    asked = {each.name: (kind_of(each.type), bool(each.nullable)) for each in table.columns}
    for name in sorted(asked.keys() - now.keys()):
        yield f"the column {table.name}.{name} is gone"
    for name in sorted(now.keys() - asked.keys()):
        yield f"the column {table.name}.{name} was put in {EXTRA}"
    for name in sorted(asked.keys() & now.keys()):
        if asked[name] != now[name]:
            yield f"the column {table.name}.{name} is not as the schema has it"


def _indexes(table: sa.Table) -> dict[str, str]:
    return {
        str(each.name): _as_index([column.name for column in each.columns], bool(each.unique), _where(dict(each.dialect_kwargs)))
        for each in table.indexes
    }


def _constraints(table: sa.Table) -> dict[str, str]:
    made = {}
    for each in table.constraints:
        columns = ", ".join(column.name for column in getattr(each, "columns", ()))
        if isinstance(each, sa.PrimaryKeyConstraint):
            made[f"primary key ({columns})"] = ""
        elif isinstance(each, sa.UniqueConstraint):
            made[f"unique ({columns})"] = ""
        elif isinstance(each, sa.ForeignKeyConstraint):
            made[f"foreign key ({columns}) to {each.referred_table.name}"] = ""
        elif isinstance(each, sa.CheckConstraint):
            made[f"check {each.name}"] = ""
    return made


def _named(table: str, kind: str, asked: Mapping[str, str], now: Mapping[str, str]) -> Iterator[str]:
    for name in sorted(asked.keys() - now.keys()):
        yield f"{kind} {name} of {table} is gone"
    for name in sorted(now.keys() - asked.keys()):
        yield f"{kind} {name} of {table} was put in {EXTRA}"
    for name in sorted(asked.keys() & now.keys()):
        if asked[name] != now[name]:
            yield f"{kind} {name} of {table} is not as the schema has it"


# Triggers


def _triggers(connection: sa.Connection, names: set[str]) -> Iterator[str]:
    sqlite = connection.dialect.name == "sqlite"
    now = _sqlite_triggers(connection) if sqlite else _postgresql_triggers(connection)
    asked: dict[tuple[str, str], str] = {}
    for table in append_only.KEPT:
        for name, how in append_only.triggers(connection.dialect.name, table).items():
            asked[table, name] = how
    if not sqlite:
        asked |= {(each.name, name): how for each in covered().values() for name, how in capture.note_triggers(each).items()}
    for table, name in sorted(asked.keys() - now.keys()):
        if table in names:
            yield f"the trigger {name} of {table} is gone"
    for table, name in sorted(now.keys() - asked.keys()):
        yield f"the trigger {name} of {table} was put in {EXTRA}"
    for table, name in sorted(asked.keys() & now.keys()):
        if now[table, name] not in (asked[table, name], "on"):
            yield f"the trigger {name} of {table} is not as the schema has it"


def _sqlite_triggers(connection: sa.Connection) -> dict[tuple[str, str], str]:
    query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    found = connection.exec_driver_sql(query).all()
    return {(row.tbl_name, row.name): row.sql.removeprefix(f"CREATE TRIGGER {row.name} ") for row in found}


def _postgresql_triggers(connection: sa.Connection) -> dict[tuple[str, str], str]:
    """Of each trigger whether it is on, and calls one of this program's functions as it was made."""
    query = """
        SELECT tgrelid::regclass::text AS tbl, tgname AS name, tgenabled = 'O' AS is_on, md5(prosrc) AS body, proname
        FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
        WHERE NOT tgisinternal AND tgrelid::regclass::text NOT LIKE 'pg_%'
    """
    found = connection.exec_driver_sql(query.replace("%", "%%")).all()
    bodies = capture.bodies() | append_only.bodies()
    return {(row.tbl, row.name): "on" if row.is_on and bodies.get(row.proname) == row.body else "off" for row in found}
