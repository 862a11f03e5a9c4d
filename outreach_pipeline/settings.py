"""The installation's settings: environment variables that start with OUTREACH_, and what follows from them.

Belongs here: names, defaults and their checks. Does not: connections, files, or anything that has a state.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from outreach_pipeline.core.errors import ConfigurationError

Role = Literal["owner", "app", "transform", "metrics", "dagster"]


class Settings(BaseSettings):
    """Read from the environment once, by an entrance; never at import.

    A database URL that is not set means the embedded server under ``home``.
    """

    model_config = SettingsConfigDict(env_prefix="OUTREACH_", extra="ignore", frozen=True, hide_input_in_errors=True)

    home: Path = Path(".outreach")
    database_url: str | None = Field(default=None, repr=False)
    owner_database_url: str | None = Field(default=None, repr=False)
    transform_database_url: str | None = Field(default=None, repr=False)
    metrics_database_url: str | None = Field(default=None, repr=False)
    dagster_database_url: str | None = Field(default=None, repr=False)
    pg_bin: Path | None = None
    secret_key: str | None = Field(default=None, repr=False)
    blob_url: str | None = Field(default=None, repr=False)
    public_url: str | None = None
    dns_resolver: str | None = None
    gateway_port: int = Field(default=8025, ge=0, le=65535)
    webserver_port: int = Field(default=3000, ge=0, le=65535)
    log_format: Literal["json", "text"] = "text"
    lane_size: int = Field(default=300, ge=1)
    sync_every_seconds: float = Field(default=300, gt=0)
    sync_window_minutes: float = Field(default=60, ge=0, le=100)
    sync_threads: int = Field(default=8, ge=1, le=64)
    first_sync_days: int = Field(default=14, ge=1, le=3650)
    window_minutes: float = Field(default=5, gt=0)
    notify_webhook_url: str | None = Field(default=None, repr=False)
    notify_mail_url: str | None = Field(default=None, repr=False)
    llm_url: str | None = None
    llm_key: str | None = Field(default=None, repr=False)
    llm_model: str | None = None
    llm_input_price: float | None = Field(default=None, ge=0)
    llm_output_price: float | None = Field(default=None, ge=0)
    llm_cost_per_day: float = Field(default=1, ge=0)
    llm_seconds_per_day: float = Field(default=600, ge=0)
    llm_timeout_seconds: float = Field(default=10, gt=0, le=60)

    @field_validator(
        "database_url", "owner_database_url", "transform_database_url", "metrics_database_url", "dagster_database_url"
    )
    @classmethod
    def _is_a_postgres_url(cls, url: str | None) -> str | None:
        if url is None:
            return None
        parts = urlsplit(url)
        if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/") or parts.port == 0:
            message = "it must look like postgresql://user:password@host:5432/database"
            raise ValueError(message)
        return url

    @property
    def gateway_url(self) -> str:
        """The gateway as others reach it; unless that is set, as it is reached from this machine."""
        return self.public_url or f"http://127.0.0.1:{self.gateway_port}"

    @property
    def blobs(self) -> str:
        """Where raw mail is kept: a URL that fsspec understands."""
        return self.blob_url or (self.home.expanduser().resolve() / "blobs").as_uri()

    def url_of(self, role: Role) -> str | None:
        """Return the configured database URL of a role, or None if the embedded server serves it."""
        name = "database_url" if role == "app" else f"{role}_database_url"
        url: str | None = getattr(self, name)
        return url


def load_settings(**overrides: object) -> Settings:
    """Read the environment.

    Raises:
        ConfigurationError: a variable holds what it cannot hold; names it.
    """
    try:
        return Settings(**overrides)  # type: ignore[arg-type]
    except ValidationError as error:
        problems = [
            f"OUTREACH_{str(each['loc'][0]).upper()} cannot be "
            f"{repr(each['input']) if Settings.model_fields[str(each['loc'][0])].repr else 'what it is'}: {each['msg']}."
            for each in error.errors()
        ]
        # The cause would carry the values with it, into logs and Dagster's events.
        raise ConfigurationError(*problems) from None
