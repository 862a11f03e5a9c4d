"""One question to an OpenAI-compatible endpoint (``POST …/chat/completions``).

Belongs here: the request and what stands in its answer. Does not: what is asked and believed (core.receive.intent_model), budgets
(workflows.judge_intents).
"""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from outreach_pipeline.core.errors import TransientError

_MOST_BYTES = 2**16
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Model:
    """Whom to ask: the URL up to ``/v1``, the model's name, the key if it needs one."""

    url: str
    name: str
    key: str | None = field(default=None, repr=False)

    @property
    def is_safe(self) -> bool:
        """Whether what is asked goes over TLS or stays on this machine."""
        parts = urlsplit(self.url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)
        )


@dataclass(frozen=True, slots=True)
class ModelReply:
    """What was said, and the tokens that the endpoint counts for it; None where it counts none."""

    content: str
    input_tokens: int | None
    output_tokens: int | None


class ModelUnavailableError(TransientError):
    """The endpoint gave no answer of its kind in time."""


def ask(
    model: Model, messages: list[dict[str, str]], *, schema: dict[str, Any], most_tokens: int, timeout_seconds: float
) -> ModelReply:
    """Ask once. Follows no redirect and reads at most 64 KiB.

    Args:
        model: whom.
        messages: role and content of each.
        schema: the JSON schema of the answer.
        most_tokens: of the answer.
        timeout_seconds: for all of it.

    Raises:
        ModelUnavailableError: no answer in time, or none of its kind.
    """
    body = {
        "model": model.name,
        "messages": messages,
        "max_tokens": most_tokens,
        "temperature": 0,
        "response_format": {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}},
    }
    status, answer = asyncio.run(_post(model, body, timeout_seconds))
    try:
        content = answer["choices"][0]["message"]["content"]
    except (LookupError, TypeError):
        content = None
    if status != 200 or not isinstance(content, str):
        raise ModelUnavailableError(f"The model's endpoint answered {status} and nothing of a chat's kind.")
    usage = answer.get("usage")
    return ModelReply(content, _tokens(usage, "prompt_tokens"), _tokens(usage, "completion_tokens"))


async def _post(model: Model, body: dict[str, Any], timeout_seconds: float) -> tuple[int, dict[str, Any]]:
    headers = {"Authorization": f"Bearer {model.key}"} if model.key else {}
    try:
        async with (
            aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=timeout_seconds)) as session,
            session.post(
                f"{model.url.rstrip('/')}/chat/completions", json=body, headers=headers, allow_redirects=False
            ) as response,
        ):
            read = bytearray()
            async for piece in response.content.iter_any():
                read += piece
                if len(read) > _MOST_BYTES:
                    break
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        cause = "no answer in time" if isinstance(error, TimeoutError) else type(error).__name__
        raise ModelUnavailableError(f"The model's endpoint cannot be asked ({cause}).") from None
    try:
        answer = json.loads(read)
    except (ValueError, RecursionError):
        answer = None
    return response.status, answer if isinstance(answer, dict) else {}


def _tokens(usage: object, name: str) -> int | None:
    count = usage.get(name) if isinstance(usage, dict) else None
    return count if isinstance(count, int) and not isinstance(count, bool) and count >= 0 else None
