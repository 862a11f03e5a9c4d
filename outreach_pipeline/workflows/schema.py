"""Whether the database has the schema that this version of the platform works with.

Belongs here: the question and its cure. Does not: applying migrations (adapters.postgres.migrate).
"""

from __future__ import annotations

from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.adapters.postgres.migrate import migrations
from outreach_pipeline.core.errors import ConfigurationError


def schema_version(database: Database) -> int | None:
    """Return the number of the newest migration applied, or None without a schema."""
    with database.operator() as transaction:
        if not transaction.value("config/schema_exists"):
            return None
        version: int = transaction.value("config/schema_version")
        return version


def check_schema(database: Database) -> None:
    """Refuse to work on another schema than this version's.

    Raises:
        ConfigurationError: the database has no schema, an older or a newer one; says the cure.
    """
    found, wanted = schema_version(database), migrations()[-1].version
    if found is None:
        raise ConfigurationError("The database has no schema of this platform yet: run `outreach db migrate`.")
    if found < wanted:
        raise ConfigurationError(
            f"The database is at migration {found:04d}, this version needs {wanted:04d}: run `outreach db migrate`."
        )
    if found > wanted:
        raise ConfigurationError(
            f"The database is at migration {found:04d}, this version knows only {wanted:04d}: install a newer version."
        )
