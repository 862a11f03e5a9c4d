"""Pages for people, and the dbt docs as files.

Belongs here: templates and static files. Does not: what they tell of.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

# Nothing is loaded from anywhere, no script runs, and forms go home.
_CONTENT_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("outreach_pipeline.gateway"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )


def page(template: str, *, status_code: int = 200, **values: Any) -> Response:
    """Render a template of this package; everything is escaped."""
    return HTMLResponse(
        _environment().get_template(template).render(values),
        status_code=status_code,
        headers={"content-security-policy": _CONTENT_POLICY},
    )


async def index(request: Request) -> Response:
    """Say where everything is."""
    settings = request.app.state.installation.settings
    return page("index.html", webserver_url=f"http://127.0.0.1:{settings.webserver_port}")


class _DbtDocs(StaticFiles):
    """The dbt docs site of a home; a page that tells how to build it as long as there is none."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory=directory, html=True, check_dir=False)
        self._root = directory

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file, or the hint."""
        if not (self._root / "index.html").is_file():
            await page("no_dbt_docs.html", status_code=404)(scope, receive, send)
            return
        await super().__call__(scope, receive, send)

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Serve a file of the site; what it does not have is a page that says so."""
        try:
            return await super().get_response(path, scope)
        except HTTPException as error:
            return page("problem.html", status_code=error.status_code, problem="The dbt docs have no such page.")


def dbt_docs(home: Path) -> StaticFiles:
    """Return the application that serves ``dbt-docs`` of a home."""
    return _DbtDocs(home.expanduser().resolve() / "dbt-docs")
