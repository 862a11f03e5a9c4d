"""The database URL of each role, and of a tenant's analyst.

Belongs here: which URL a role connects with. Does not: starting servers (installation) or making roles (apply).
"""

from __future__ import annotations

import base64
from urllib.parse import quote, urlsplit, urlunsplit

from outreach_pipeline.adapters.postgres.database import Database
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.settings import Role
from outreach_pipeline.workflows.installation import Installation, Tenant, database_url, embedded, uses_embedded


def role_url(installation: Installation, role: Role) -> str:
    """Return the URL of a role.

    Raises:
        ConfigurationError: that role's URL is not set, or the embedded server is not up.
    """
    settings = installation.settings
    if not uses_embedded(settings):
        return database_url(settings, role, None)
    server = embedded(settings).running()
    if server is None:
        raise ConfigurationError("The embedded database is not up: `outreach db url` starts it.")
    return database_url(settings, role, server)


def analyst_login(slug: str) -> str:
    """Return the login of a tenant's analyst."""
    return f"outreach_analyst_{slug.replace('-', '_')}"


def analyst_password(installation: Installation, slug: str) -> str:
    """Return the password of a tenant's analyst: derived from the master key, so that it is kept nowhere."""
    return base64.urlsafe_b64encode(installation.vault.signing_key(f"analyst {slug}")).decode().rstrip("=")


def analyst_url(installation: Installation, tenant: Tenant) -> str:
    """Return the URL with which a tenant's analyst reads the marts, its password set to what it is derived as.

    Raises:
        ConfigurationError: the owner's URL is not set.
    """
    login, password = analyst_login(tenant.slug), analyst_password(installation, tenant.slug)
    owner_url = role_url(installation, "owner")
    with Database(owner_url, max_size=1) as database, database.operator() as transaction:
        # A database restored from a dump has the tenant and not the login, which belongs to the server.
        transaction.rows("config/make_analyst", login=login, password=password, analyst_tenant_id=tenant.id)
        transaction.rows("config/set_analyst_password", login=login, password=password)
    parts = urlsplit(owner_url)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{quote(login)}:{quote(password)}@{host}"))
