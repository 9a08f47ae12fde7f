"""Events and the salt are only ever added: triggers of the store refuse anything else."""

from collections.abc import Mapping

import sqlalchemy as sa

from db.chain.capture import body_of

KEPT = ("events", "salts")
_REFUSE = """
    CREATE OR REPLACE FUNCTION touchstone_only_added() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' are only ever added', ERRCODE = 'insufficient_privilege';
    END $$
"""


def triggers(dialect: str, table: str) -> Mapping[str, str]:
    """The triggers of a table whose rows are only added, by name: what stands after CREATE TRIGGER and the name."""
    if dialect == "sqlite":
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} are only ever added'); END"
        return {f"keep_{table}_{verb.lower()}": f"BEFORE {verb} ON {table} {refuse}" for verb in ("UPDATE", "DELETE")}
    return {
        f"keep_{table}_{verb.lower()}": f"BEFORE {verb} ON {table} FOR EACH STATEMENT EXECUTE FUNCTION touchstone_only_added()"
        for verb in ("UPDATE", "DELETE", "TRUNCATE")
    }


def bodies() -> dict[str, str]:
    """As `capture.bodies`."""
    return dict([body_of(_REFUSE)])


def make_functions(connection: sa.Connection) -> None:
    """As `capture.make_functions`."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_REFUSE)


def make_triggers(connection: sa.Connection) -> None:
    """Make them anew."""
    sqlite = connection.dialect.name == "sqlite"
    make_functions(connection)
    for table in KEPT:
        for name, how in triggers(connection.dialect.name, table).items():
            connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS {name}" + ("" if sqlite else f" ON {table}"))
            connection.exec_driver_sql(f"CREATE TRIGGER {name} {how}")
