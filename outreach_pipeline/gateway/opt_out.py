"""The opt-out link: a page for people (GET) and the one click of RFC 8058 (POST).

Belongs here: requests and answers. Does not: what opting out means (workflows.unsubscribe).
"""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from outreach_pipeline.core.send.links import LinkError
from outreach_pipeline.gateway.bodies import BodyTooLargeError, form_fields, read_body
from outreach_pipeline.gateway.pages import page
from outreach_pipeline.workflows.unsubscribe import look_at_link, unsubscribe

_BODY_LIMIT_BYTES = 16 * 1024


async def show(request: Request) -> Response:
    """Ask for confirmation; changes nothing, since scanners and previews open links too."""
    try:
        target = await run_in_threadpool(
            look_at_link,
            request.app.state.installation,
            token=request.path_params["token"],
            link_host=_host(request),
            now=datetime.now(UTC),
        )
    except LinkError as error:
        return page("problem.html", status_code=404, problem=str(error))
    return page("opt_out.html", target=target)


async def opt_out(request: Request) -> Response:
    """Opt out at once: 200, also the second time; no login, no cookie, no redirect."""
    try:
        body = await read_body(request, limit_bytes=_BODY_LIMIT_BYTES)
    except BodyTooLargeError:
        return page("problem.html", status_code=413, problem="The request is too large for an opt-out.")
    try:
        fields = form_fields(body, content_type=request.headers.get("content-type", ""))
    except ValueError:
        fields = {}
    if fields.get("List-Unsubscribe") != "One-Click":
        return page(
            "problem.html", status_code=400, problem="An opt-out is a POST of the form List-Unsubscribe=One-Click."
        )
    try:
        target = await run_in_threadpool(
            unsubscribe,
            request.app.state.installation,
            token=request.path_params["token"],
            link_host=_host(request),
            now=datetime.now(UTC),
        )
    except LinkError as error:
        return page("problem.html", status_code=404, problem=str(error))
    return page("opted_out.html", target=target)


def _host(request: Request) -> str:
    return (request.url.hostname or "").lower()
