"""Connections, transactions that speak for one tenant, and named queries.

Belongs here: how SQL is run. Does not: what it says (queries/<stage>/<name>.sql) or why (workflows).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import cache
from importlib import resources
from typing import Any, LiteralString, Self, TypeVar, overload
from uuid import UUID

import psycopg
from psycopg.rows import class_row, dict_row, scalar_row
from psycopg.types.json import Jsonb, set_json_dumps, set_json_loads
from psycopg_pool import ConnectionPool, PoolTimeout
from pydantic_core import from_json, to_json

from outreach_pipeline.core.errors import ConfigurationError, NotAllowedError, TransientError

Row = TypeVar("Row")
_HAS_TRANSACTION_TIMEOUT = 170000
_BOUND, _BOUND_WHILE_IDLE = "transaction_timeout", "idle_in_transaction_session_timeout"
set_json_dumps(lambda value: to_json(value).decode())
set_json_loads(from_json)


class DatabaseUnavailableError(TransientError):
    """The database cannot be reached or went away in the middle."""


@cache
def named_query(name: str) -> LiteralString:
    """Return the text of ``queries/<name>.sql`` without its comments and indents; ``name`` is ``stage/query``.

    psycopg parses a statement of more than 4096 characters anew each time.

    Raises:
        FileNotFoundError: there is no such query.
    """
    path = resources.files(__package__) / "queries" / f"{name}.sql"
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("--"))


def _check(connection: psycopg.Connection[Any]) -> None:
    """Refuse a kept connection whose server has hung up; asks the socket, since a question to the server costs a round trip."""
    # The first read may bring no more than the server's last words; the second then finds the end.
    connection.pgconn.consume_input()
    connection.pgconn.consume_input()


def _cause_of_no_connection(url: str) -> str:
    """Say why there is no connection: the pool only knows that it waited."""
    try:
        psycopg.connect(url, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip().splitlines()[0]
    return "it took too long to get a connection"


class Transaction:
    """One open transaction. Parameters are named; lists and dicts become arrays and jsonb."""

    def __init__(self, connection: psycopg.Connection[Any], tenant_id: UUID | None) -> None:
        self._connection = connection
        self.tenant_id = tenant_id

    def all(self, query: str, into: type[Row], **parameters: Any) -> list[Row]:
        """Run a named query; each row becomes an instance of ``into``, built by column name."""
        with self._connection.cursor(row_factory=class_row(into)) as cursor:
            return cursor.execute(named_query(query), self._bind(parameters)).fetchall()

    def rows(self, query: str, **parameters: Any) -> list[dict[str, Any]]:
        """Run a named query; each row becomes a dict."""
        with self._connection.cursor(row_factory=dict_row) as cursor:
            return cursor.execute(named_query(query), self._bind(parameters)).fetchall()

    def one(self, query: str, into: type[Row], **parameters: Any) -> Row | None:
        """Run a named query; its only row becomes an instance of ``into``, no row becomes None."""
        with self._connection.cursor(row_factory=class_row(into)) as cursor:
            return cursor.execute(named_query(query), self._bind(parameters)).fetchone()

    def values(self, query: str, **parameters: Any) -> list[Any]:
        """Run a named query of one column and return that column."""
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(named_query(query), self._bind(parameters)).fetchall()

    def value(self, query: str, **parameters: Any) -> Any:
        """Run a named query of one column and return its first value, or None."""
        with self._connection.cursor(row_factory=scalar_row) as cursor:
            return cursor.execute(named_query(query), self._bind(parameters)).fetchone()

    @overload
    def ask(self, query: str, into: None = None, **parameters: Any) -> Callable[[], list[dict[str, Any]]]: ...
    @overload
    def ask(self, query: str, into: type[Row], **parameters: Any) -> Callable[[], list[Row]]: ...
    def ask(self, query: str, into: type[Any] | None = None, **parameters: Any) -> Callable[[], list[Any]]:
        """Run a named query and return what gives its rows: in a pipeline, only that waits for the server.

        Args:
            query: its name.
            into: what each row becomes; None: a dict.
            parameters: of the query.
        """
        cursor = self._connection.cursor(row_factory=dict_row if into is None else class_row(into))
        return cursor.execute(named_query(query), self._bind(parameters)).fetchall

    def run(self, query: str, **parameters: Any) -> int:
        """Run a named query for its effect and return how many rows it touched."""
        return self._connection.execute(named_query(query), self._bind(parameters)).rowcount

    def copy(self, table: str, columns: Sequence[str], rows: Iterator[Sequence[Any]]) -> None:
        """COPY rows into a temporary table (row-level security refuses COPY into the real ones)."""
        statement = psycopg.sql.SQL("copy {} ({}) from stdin").format(
            psycopg.sql.Identifier(table), psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, columns))
        )
        with self._connection.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Take back at the end whatever is written inside."""
        with self._connection.transaction(force_rollback=True):
            yield

    def _bind(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        bound = {name: Jsonb(value) if isinstance(value, dict) else value for name, value in parameters.items()}
        return {"tenant_id": self.tenant_id, **bound}


class Database:
    """A pool of connections of one role.

    ``tenant(id)`` opens a transaction that sees that tenant's rows; ``operator()`` one that sees no tenant's.
    """

    def __init__(self, url: str, *, max_size: int = 8, application_name: str = "outreach") -> None:
        self.url = url
        self._pool = ConnectionPool(
            url,
            min_size=0,
            max_size=max_size,
            open=False,
            timeout=20,
            max_idle=60,
            kwargs={"application_name": application_name, "autocommit": False, "connect_timeout": 10},
            check=_check,
        )

    def __enter__(self) -> Self:
        self._pool.open()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._pool.close()

    @contextmanager
    def tenant(
        self, tenant_id: UUID, *, in_pipeline: bool = False, most_seconds: float | None = None
    ) -> Iterator[Transaction]:
        """Open a transaction for one tenant; commits at the end, rolls back on an error.

        Args:
            tenant_id: whose rows it sees.
            in_pipeline: statements whose results nobody asks for wait for nothing; an error of theirs shows at the next
                result, or at the end.
            most_seconds: the server ends a transaction that is open for longer, or before PostgreSQL 17 one that this
                side leaves alone for so long: for locks that others wait for, which a stopped process would keep for
                good. None: no bound.

        Raises:
            DatabaseUnavailableError: no connection, or it was lost; nothing was committed.
        """
        with self._transaction(in_pipeline=in_pipeline) as connection:
            if most_seconds is None:
                connection.execute("select set_config('outreach.tenant_id', %s, true)", [str(tenant_id)])
            else:
                bound = _BOUND if connection.info.server_version >= _HAS_TRANSACTION_TIMEOUT else _BOUND_WHILE_IDLE
                connection.execute(
                    # Planning anew for each few rows costs more than finding them.
                    "select set_config('outreach.tenant_id', %s, true), set_config(%s, %s, true),"
                    " set_config('plan_cache_mode', 'force_generic_plan', true)",
                    [str(tenant_id), bound, f"{most_seconds * 1000:.0f}"],
                )
            yield Transaction(connection, tenant_id)

    @contextmanager
    def statement(self, tenant_id: UUID) -> Iterator[Transaction]:
        """Lend a connection on which each statement is a transaction of its own, in one way to the server and back.

        For queries whose function takes the tenant: another one sees no tenant's rows. It holds no lock between statements.

        Raises:
            DatabaseUnavailableError: no connection, or it was lost: a statement under way may have been committed.
        """
        with self._connection(autocommit=True) as connection:
            yield Transaction(connection, tenant_id)

    @contextmanager
    def operator(self) -> Iterator[Transaction]:
        """Open a transaction without a tenant: operator tables and counting functions only."""
        with self._transaction() as connection:
            yield Transaction(connection, None)

    @contextmanager
    def _transaction(self, *, in_pipeline: bool = False) -> Iterator[psycopg.Connection[Any]]:
        with (
            self._connection(autocommit=False) as connection,
            connection.pipeline() if in_pipeline else nullcontext(),
            connection.transaction(),
        ):
            yield connection

    @contextmanager
    def _connection(self, *, autocommit: bool) -> Iterator[psycopg.Connection[Any]]:
        self._pool.open()
        try:
            with self._pool.connection() as connection:
                connection.autocommit = autocommit
                yield connection
        except psycopg.errors.UndefinedObject as error:
            raise ConfigurationError(f"The database lacks something: {error.diag.message_primary}") from error
        except psycopg.errors.InsufficientPrivilege as error:
            raise NotAllowedError(f"The database refused it: {error.diag.message_primary}.") from error
        except (
            psycopg.OperationalError,
            psycopg.errors.TransactionTimeout,
            psycopg.errors.IdleInTransactionSessionTimeout,
            TimeoutError,
        ) as error:
            cause = _cause_of_no_connection(self.url) if isinstance(error, PoolTimeout) else str(error).strip()
            raise DatabaseUnavailableError(
                f"The database went away or cannot be reached ({cause}). An embedded server is started by `outreach db url`; "
                "for another one, look at OUTREACH_DATABASE_URL and at the server."
            ) from error
