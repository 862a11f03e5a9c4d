"""The two ways in which a note leaves: a webhook that takes Slack's format, and e-mail.

Belongs here: delivery of one note. Does not: which notes are due (workflows.notify).
"""

from __future__ import annotations

import asyncio

import aiohttp

from outreach_pipeline.core.errors import ConfigurationError, TransientError

_TIMEOUT_SECONDS = 10.0


class NotifyError(TransientError):
    """A channel did not take a note."""


def post_to_webhook(url: str, text: str) -> None:
    """POST ``{"text": …}`` as Slack, Mattermost and many others take it.

    Raises:
        NotifyError: no answer within 10 s, or none that means yes.
    """
    asyncio.run(_post(url, text))


async def _post(url: str, text: str) -> None:
    timeout = aiohttp.ClientTimeout(total=_TIMEOUT_SECONDS)
    # Slack reads these three as markup.
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(url, json={"text": escaped}, allow_redirects=False) as response,
        ):
            if not 200 <= response.status < 300:
                raise NotifyError(
                    f"The webhook for notes answered {response.status}: set OUTREACH_NOTIFY_WEBHOOK_URL right."
                )
    except (aiohttp.ClientError, TimeoutError) as error:
        # The URL is a secret of its own: it stays out of the sentence.
        raise NotifyError(f"The webhook for notes cannot be reached ({type(error).__name__}).") from error
    except ValueError as error:
        raise ConfigurationError("OUTREACH_NOTIFY_WEBHOOK_URL is no http or https URL: mend it.") from error


def send_mail(url: str, *, subject: str, body: str) -> None:
    """Send a note through a URL of the library apprise, such as ``mailtos://user:password@smtp.example.com?to=ops@…``.

    Raises:
        ConfigurationError: the URL means nothing to it.
        NotifyError: the server did not take the mail.
    """
    import apprise  # noqa: PLC0415  every run would pay for it, and few send mail

    channel = apprise.Apprise()
    if not channel.add(url):
        raise ConfigurationError(
            "OUTREACH_NOTIFY_MAIL_URL is no mail URL such as mailtos://user:password@host?to=ops@host."
        )
    if not channel.notify(body=body, title=subject, body_format=apprise.NotifyFormat.TEXT):
        raise NotifyError("The server of OUTREACH_NOTIFY_MAIL_URL did not take the note: its log says why.")
