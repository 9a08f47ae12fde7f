"""Whether the tables, columns, indexes, rules and triggers of the store are those of the present schema."""

import re
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
    found = [f"the table {name} was put in {EXTRA}" for name in sorted(names - metadata.tables.keys() - {"alembic_version"})]
    found += [f"the view {name} was put in {EXTRA}" for name in sorted(there.get_view_names())]
    rules = _Rules(there)
    for table in metadata.sorted_tables:
        if table.name in names:
            found += _named(table.name, "the index", _indexes(table), rules.indexes(table.name))
    changing = _that_change_rows(connection, rules, names)
    gone = [each for each in changing if each.startswith("the table")]
    return [*gone, *found, *(each for each in changing if each not in gone)]


def that_change_rows(connection: sa.Connection) -> list[str]:
    """Those of `differences` by which the database itself could write other rows than it was told to: tables and columns that are
    not the schema's, their defaults and rules, triggers, and the functions these call."""
    there: Inspector = sa.inspect(connection)
    return _that_change_rows(connection, _Rules(there), set(there.get_table_names()))


def put_in_before(connection: sa.Connection) -> list[str]:
    """Of a store of an earlier schema: triggers that no schema had, and what rewrites statements."""
    sqlite = connection.dialect.name == "sqlite"
    now = _sqlite_triggers(connection) if sqlite else _postgresql_triggers(connection)
    asked = _asked_triggers(connection)
    strange = [(table, name) for (table, name), how in now.items() if (table, name) not in asked or how == "off"]
    found = [f"the trigger {name} of {table} was put in {EXTRA}" for table, name in sorted(strange)]
    return found + ([] if sqlite else list(_postgresql_rest(connection)))


def _that_change_rows(connection: sa.Connection, rules: "_Rules", names: set[str]) -> list[str]:
    found = [f"the table {name} is gone" for name in sorted(metadata.tables.keys() - names)]
    for table in metadata.sorted_tables:
        if table.name in names:
            found += _columns(rules, table)
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
        self.is_sqlite = there.dialect.name == "sqlite"

    @staticmethod
    def _of(kept: Mapping[Any, Any], table: str) -> Any:
        return next((value for (_, name), value in kept.items() if name == table), None) or []

    def columns(self, table: str) -> dict[str, tuple[str, bool, str]]:
        return {
            each["name"]: (kind_of(each["type"]), bool(each["nullable"]), _default(each))
            for each in self._of(self._columns, table)
        }

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
            f"foreign key ({', '.join(each['constrained_columns'])}) to {each['referred_table']}": _options(each)
            for each in self._of(self._foreign, table)
        }
        return made | {f"check {each['name']}": _as_checked(each) for each in self._of(self._checks, table)}


def _default(column: Mapping[str, Any]) -> str:
    """What a row has there of itself, in one form for both databases; "" for nothing, and for the next number of a key."""
    said = str(column.get("default") or "").removesuffix("::text")
    made = column.get("computed") or column.get("identity")
    return f"made by the database: {made}" if made else "" if said.startswith("nextval(") else said


def _options(key: Mapping[str, Any]) -> str:
    """Of a foreign key to which columns, where not to the id, and what is done when its parent changes."""
    columns = [*key.get("referred_columns", ())]
    return ", ".join([*(columns if columns != ["id"] else ()), *(f"{name} {how}" for name, how in key["options"].items())])


def _as_checked(check: Mapping[str, Any]) -> str:
    """What a check asks, as the schema has it. PostgreSQL writes `x IN ('a', 'b')` in its own way."""
    text = re.sub(r"^(\w+) = ANY \(ARRAY\[(.*)\]\)$", r"\1 IN (\2)", " ".join(str(check["sqltext"]).split()))
    options = check.get("dialect_options") or {}
    return text.replace("'::text", "'") + ("" if not options else f" {sorted(options)}")


def _where(options: Mapping[str, Any]) -> bool:
    return any(name.endswith("_where") and value is not None for name, value in options.items())


def _as_index(columns: list[str], is_unique: bool, is_partial: bool) -> str:
    return f"{'unique ' if is_unique else ''}({', '.join(columns)}){' where' if is_partial else ''}"


def _columns(rules: _Rules, table: sa.Table) -> Iterator[str]:
    now = rules.columns(table.name)
    asked = {
        each.name: (kind_of(each.type), bool(each.nullable), _asked_default(each, rules.is_sqlite)) for each in table.columns
    }
    for name in sorted(asked.keys() - now.keys()):
        yield f"the column {table.name}.{name} is gone"
    for name in sorted(now.keys() - asked.keys()):
        yield f"the column {table.name}.{name} was put in {EXTRA}"
    for name in sorted(asked.keys() & now.keys()):
        if asked[name] != now[name]:
            yield f"the column {table.name}.{name} is not as the schema has it"


def _asked_default(column: sa.Column[Any], is_sqlite: bool) -> str:
    default = column.server_default
    if not isinstance(default, sa.DefaultClause):
        return ""
    if isinstance(default.arg, str):
        return f"'{default.arg}'"
    return {"false": "0", "true": "1"}.get(str(default.arg), str(default.arg)) if is_sqlite else str(default.arg)


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
            to = [element.column.name for element in each.elements]
            made[f"foreign key ({columns}) to {each.referred_table.name}"] = ", ".join(to if to != ["id"] else ())
        elif isinstance(each, sa.CheckConstraint):
            made[f"check {each.name}"] = str(each.sqltext)
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


def _asked_triggers(connection: sa.Connection) -> dict[tuple[str, str], str]:
    asked: dict[tuple[str, str], str] = {}
    for table in append_only.KEPT:
        for name, how in append_only.triggers(connection.dialect.name, table).items():
            asked[table, name] = how
    if connection.dialect.name != "sqlite":
        asked |= {(each.name, name): how for each in covered().values() for name, how in capture.note_triggers(each).items()}
    return asked


def _triggers(connection: sa.Connection, names: set[str]) -> Iterator[str]:
    sqlite = connection.dialect.name == "sqlite"
    now = _sqlite_triggers(connection) if sqlite else _postgresql_triggers(connection)
    asked = _asked_triggers(connection)
    for table, name in sorted(asked.keys() - now.keys()):
        if table in names:
            yield f"the trigger {name} of {table} is gone"
    for table, name in sorted(now.keys() - asked.keys()):
        yield f"the trigger {name} of {table} was put in {EXTRA}"
    for table, name in sorted(asked.keys() & now.keys()):
        if now[table, name] != asked[table, name].replace('"', ""):
            yield f"the trigger {name} of {table} is not as the schema has it"
    if not sqlite:
        yield from _postgresql_rest(connection)


def _sqlite_triggers(connection: sa.Connection) -> dict[tuple[str, str], str]:
    query = "SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'"
    found = connection.exec_driver_sql(query).all()
    return {(row.tbl_name, row.name): row.sql.removeprefix(f"CREATE TRIGGER {row.name} ") for row in found}


def _postgresql_triggers(connection: sa.Connection) -> dict[tuple[str, str], str]:
    """How each trigger was made, or that it is off, or calls what is none of this program's functions as it was made."""
    query = """
        SELECT relname AS tbl, tgname AS name, tgenabled = 'O' AS is_on, pg_get_triggerdef(pg_trigger.oid) AS how, nspname,
            md5(prosrc) AS body, proname, prosecdef OR proconfig IS NOT NULL OR lanname <> 'plpgsql' AS is_other
        FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid JOIN pg_language ON pg_language.oid = prolang
            JOIN pg_class ON pg_class.oid = tgrelid JOIN pg_namespace ON pg_namespace.oid = relnamespace
        WHERE NOT tgisinternal AND relpersistence = 'p'
    """
    bodies = capture.bodies() | append_only.bodies()
    found = {}
    for row in connection.exec_driver_sql(query):
        is_ours = row.is_on and bodies.get(row.proname) == row.body and not row.is_other
        how = row.how.removeprefix(f"CREATE TRIGGER {row.name} ").replace(f" ON {row.nspname}.", " ON ").replace('"', "")
        found[row.tbl, row.name] = how if is_ours else "off"
    return found


def _postgresql_rest(connection: sa.Connection) -> Iterator[str]:
    """What else can write other rows than it was told to: rules that rewrite a statement, and triggers that are passed by."""
    query = """
        SELECT rulename AS name, relname AS tbl FROM pg_rewrite JOIN pg_class ON pg_class.oid = ev_class
        WHERE relkind IN ('r', 'p') AND relpersistence = 'p' AND pg_rewrite.oid >= 16384 ORDER BY 2, 1
    """
    for row in connection.exec_driver_sql(query):
        yield f"the rewriting rule {row.name} of {row.tbl} was put in {EXTRA}"
    if connection.scalar(sa.text("SELECT current_setting('session_replication_role')")) != "origin":
        yield f"session_replication_role was set {EXTRA}, so that triggers are passed by"
