"""The HTTP application: which path leads where, and what every answer carries.

Belongs here: routes, security headers, errors as answers. Does not: what a route does (its module beside this one).
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from outreach_pipeline.adapters.postgres.database import Database, DatabaseUnavailableError
from outreach_pipeline.gateway import opt_out, pages, watch, webhooks
from outreach_pipeline.workflows.installation import Installation

_HEADERS = {
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
}


class _SecurityHeaders:
    """Adds to every answer what keeps it out of caches, frames and search engines."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; the answer's own headers win."""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, send_with_headers)


async def _database_unavailable(_: Request, error: Exception) -> Response:
    return JSONResponse({"error": str(error)}, status_code=503, headers={"retry-after": "30"})


def create_app(installation: Installation) -> Starlette:
    """Return the gateway of an installation, as an ASGI application.

    ``/u/{token}`` opts out, ``/webhooks/{tenant}/{source}`` takes signed deliveries, ``/healthz`` and ``/metrics`` are for
    machines, ``/dbt-docs/`` and ``/`` for people. Links and webhooks may be public; a proxy before the gateway must hand
    the Host header on, and keep all other paths to the operator.
    """
    metrics_url = installation.settings.metrics_database_url
    counts = Database(metrics_url, max_size=2, application_name="outreach metrics") if metrics_url else None

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        if counts is not None:
            counts.close()

    app = Starlette(
        routes=[
            Route("/", pages.index, methods=["GET"]),
            Route("/u/{token}", opt_out.show, methods=["GET"]),
            Route("/u/{token}", opt_out.opt_out, methods=["POST"]),
            Route("/webhooks/{tenant}/{source}", webhooks.receive, methods=["POST"]),
            Route("/healthz", watch.healthz, methods=["GET"]),
            Route("/metrics", watch.metrics, methods=["GET"]),
            Mount("/dbt-docs", pages.dbt_docs(installation.settings.home), name="dbt-docs"),
        ],
        exception_handlers={DatabaseUnavailableError: _database_unavailable},
        lifespan=lifespan,
    )
    app.add_middleware(_SecurityHeaders)
    app.state.installation = installation
    app.state.counts = counts or installation.database
    app.state.health = watch.HealthProbe(app.state.counts, installation.settings)
    return app
