"""The generic signed webhook, as HTTP.

Belongs here: requests and answers. Does not: signatures and payloads (core.receive.webhook), effects
(workflows.webhook_ingest).
"""

from __future__ import annotations

from datetime import UTC, datetime

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from outreach_pipeline.core.receive.webhook import WebhookContentError, WebhookSignatureError
from outreach_pipeline.gateway.bodies import BodyTooLargeError, read_body
from outreach_pipeline.workflows.webhook_ingest import UnknownSourceError, accept_delivery

BODY_LIMIT_BYTES = 256 * 1024


async def receive(request: Request) -> Response:
    """Keep a signed delivery: 200 (also the second time), 400 content, 401 signature, 404 path, 413 size."""
    try:
        body = await read_body(request, limit_bytes=BODY_LIMIT_BYTES)
        is_new = await run_in_threadpool(
            accept_delivery,
            request.app.state.installation,
            tenant_slug=request.path_params["tenant"],
            source=request.path_params["source"],
            timestamp=request.headers.get("x-outreach-timestamp", ""),
            signature=request.headers.get("x-outreach-signature", ""),
            body=body,
            now=datetime.now(UTC),
        )
    except BodyTooLargeError:
        return _refusal(413, f"A delivery has at most {BODY_LIMIT_BYTES} bytes.")
    except UnknownSourceError as error:
        return _refusal(404, str(error))
    except WebhookSignatureError as error:
        return _refusal(401, str(error))
    except WebhookContentError as error:
        return _refusal(400, str(error))
    return JSONResponse({"status": "accepted" if is_new else "known"})


def _refusal(status_code: int, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status_code=status_code)
