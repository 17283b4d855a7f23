"""Statements that every letter needs, compiled once for each database and run by its driver.

SQLAlchemy builds and compiles them, so one text serves SQLite and PostgreSQL. Run through it,
each costs 25 µs besides the database's own work, through the driver 2 µs; a letter needs seven
(measured 2026-11 with SQLAlchemy 2.0, docs/decisions/0065).
"""

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.engine import Dialect
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import Select


class Prepared:
    """One statement with named parameters.

    Attributes:
        statement: every value that changes is a bindparam(); none is "expanding".
    """

    def __init__(self, statement: UpdateBase | Select[Any]) -> None:
        self.statement = statement
        self._compiled: dict[str, tuple[str, dict[str, Any]]] = {}

    def rows(self, connection: Connection, **values: Any) -> list[tuple[Any, ...]]:
        """Run it within the connection's transaction and give the rows it returns.

        Raises:
            Exception: the driver's own errors; Ledger.transact() names them.
        """
        found: list[tuple[Any, ...]] = self._run(connection, values).fetchall()
        return found

    def changed(self, connection: Connection, **values: Any) -> int:
        """Run it within the connection's transaction and give the number of rows it changed."""
        count: int = self._run(connection, values).rowcount
        return count

    def _run(self, connection: Connection, values: dict[str, Any]) -> Any:
        text, constants = self._compiled.get(connection.dialect.name) or self._compile(
            connection.dialect
        )
        return connection.connection.dbapi_connection.execute(text, constants | values)  # type: ignore[union-attr]  # both drivers' connections have it

    def _compile(self, dialect: Dialect) -> tuple[str, dict[str, Any]]:
        # sqlite3 counts its parameters unless told that they have names.
        style = "named" if dialect.name == "sqlite" else "pyformat"
        named: Dialect = type(dialect)(paramstyle=style)  # type: ignore[call-arg]  # every dialect takes it
        compiled = self.statement.compile(dialect=named)
        found = str(compiled), dict(compiled.params)
        self._compiled[dialect.name] = found
        return found
