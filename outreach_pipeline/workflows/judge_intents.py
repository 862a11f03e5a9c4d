"""Asks a model about replies whose intent the rules leave unsure. Off unless it is set up, and all works without it.

It comes after the pass over new mail: every effect has been carried out by then, and none waits for it. What it may change is the
intent that people see, and the alert of good news. Belongs here: budget, cache, patience. Does not: the question
(core.receive.intent_model), the request (adapters.llm).
"""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from outreach_pipeline.adapters.llm import Model, ModelUnavailableError, ask
from outreach_pipeline.core.addresses import registrable_domain
from outreach_pipeline.core.receive.intent_model import (
    MOST_OUTPUT_TOKENS,
    ModelAnswer,
    ModelAnswerError,
    answer_schema,
    cost_micros,
    most_tokens,
    parse_answer,
    question,
    question_sha256,
)
from outreach_pipeline.core.receive.model import Intent
from outreach_pipeline.core.receive.opt_outs import opt_out_of
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.installation import Installation, Tenant
from outreach_pipeline.workflows.notify import raise_alert

_log = structlog.get_logger(__name__)
# Older ones have been read by people.
_NEWS_FOR = timedelta(days=2)
_MOST_A_PASS = 100
_PASS_SECONDS = 60.0
_MOST_TRIES = 3
_FAILURES_IN_A_ROW = 3
# Budgets are kept in millionths of their currency.
_MICROS = 1_000_000
# Of its counts of tokens no more is believed, so that a sum stays a number.
_MOST_TOKENS = 10**9


@dataclass(frozen=True, slots=True)
class _Unsure:
    id: int
    text: str
    from_address: str
    mailbox_address: str
    to_address: str
    names: list[str | None]
    company: str


def model_of(settings: Settings) -> tuple[Model | None, str | None]:
    """Return the model that is set up, or why there is none; (None, None): none is wanted."""
    if settings.llm_url is None:
        return None, None
    if settings.llm_model is None:
        return None, "OUTREACH_LLM_MODEL is not set: name the model."
    if settings.llm_input_price is None or settings.llm_output_price is None:
        return None, (
            "OUTREACH_LLM_INPUT_PRICE or OUTREACH_LLM_OUTPUT_PRICE is not set: say what a million tokens cost; 0 for a model of "
            "your own."
        )
    model = Model(settings.llm_url, settings.llm_model, settings.llm_key)
    if not model.is_safe:
        return None, "OUTREACH_LLM_URL is neither https nor on this machine: replies must not travel in the clear."
    return model, None


def judge_intents(installation: Installation, tenant: Tenant, *, now: datetime) -> Counter[str]:
    """Ask about a tenant's unsure replies, within its budgets of the day and a minute a pass; returns what came of it.

    Args:
        installation: where.
        tenant: whose replies.
        now: business time; the day, in UTC, is the budget's.

    Returns:
        Counts of ``judged``, ``cached``, ``refused`` (no answer to the question), ``failed`` (no answer), ``out_of_budget``.
    """
    counts: Counter[str] = Counter()
    model, problem = model_of(installation.settings)
    if model is None:
        if problem:
            _log.warning("model_is_off", problem=problem)
        return counts
    with installation.database.tenant(tenant.id) as transaction:
        waiting = transaction.all(
            "inbox/unsure", _Unsure, since=now - _NEWS_FOR, most_tries=_MOST_TRIES, most=_MOST_A_PASS
        )
    ends = time.monotonic() + _PASS_SECONDS
    in_a_row = 0
    # Words that may be an opt-out are for people, and never for a model.
    for mail in (each for each in waiting if opt_out_of(text=each.text, subject="") is None):
        came = _judge(installation, tenant, model, mail, now=now)
        counts[came] += 1
        in_a_row = in_a_row + 1 if came == "failed" else 0
        if came == "out_of_budget" or in_a_row == _FAILURES_IN_A_ROW or time.monotonic() > ends:
            break
    if counts:
        _log.info("intents_judged", tenant=tenant.slug, **counts)
    return counts


def _domains_of(mail: _Unsure) -> set[str]:
    """The domains of the addresses concerned, and what they belong to."""
    hosts = {each.rpartition("@")[2] for each in (mail.from_address, mail.to_address, mail.mailbox_address)}
    return hosts | {registrable_domain(each) for each in hosts if each}


def _judge(installation: Installation, tenant: Tenant, model: Model, mail: _Unsure, *, now: datetime) -> str:
    messages = question(
        mail.text, names=[each for each in mail.names if each], company=mail.company, domains=_domains_of(mail)
    )
    digest = question_sha256(messages, model=model.name)
    with installation.database.tenant(tenant.id) as transaction:
        known = transaction.rows("inbox/model_answer", question_sha256=digest)
    if known:
        _take(installation, tenant, model, mail, ModelAnswer.model_validate(known[0]), now=now)
        return "cached"
    answer, came = _ask(installation, tenant, model, messages, now=now)
    with installation.database.tenant(tenant.id) as transaction:
        if answer is not None:
            transaction.run("inbox/keep_model_answer", question_sha256=digest, now=now, **answer.model_dump())
        elif came != "out_of_budget":
            transaction.run("inbox/note_model_try", id=mail.id)
    if answer is not None:
        _take(installation, tenant, model, mail, answer, now=now)
    return came


def _ask(
    installation: Installation, tenant: Tenant, model: Model, messages: list[dict[str, str]], *, now: datetime
) -> tuple[ModelAnswer | None, str]:
    settings = installation.settings
    prices = {"input_price": settings.llm_input_price or 0.0, "output_price": settings.llm_output_price or 0.0}
    # The most that it can cost is taken first: whoever dies in the middle has spent it.
    most = cost_micros(input_tokens=most_tokens(messages), output_tokens=MOST_OUTPUT_TOKENS, **prices)
    used_on = now.date()
    with installation.database.tenant(tenant.id) as transaction:
        is_reserved = transaction.value(
            "inbox/reserve_model",
            used_on=used_on,
            seconds=settings.llm_timeout_seconds,
            cost_micros=most,
            most_seconds=settings.llm_seconds_per_day,
            most_cost_micros=round(settings.llm_cost_per_day * _MICROS),
        )
    if is_reserved is None:
        return None, "out_of_budget"
    started = time.monotonic()
    answer, came, cost = None, "failed", most
    try:
        reply = ask(
            model,
            messages,
            schema=answer_schema(),
            most_tokens=MOST_OUTPUT_TOKENS,
            timeout_seconds=settings.llm_timeout_seconds,
        )
        if reply.input_tokens is not None and reply.output_tokens is not None:
            cost = cost_micros(
                input_tokens=min(reply.input_tokens, _MOST_TOKENS),
                output_tokens=min(reply.output_tokens, _MOST_TOKENS),
                **prices,
            )
        answer, came = parse_answer(reply.content), "judged"
    except ModelUnavailableError as error:
        _log.warning("model_unavailable", problem=str(error))
    except ModelAnswerError as error:
        came = "refused"
        _log.warning("model_answer_refused", problem=str(error))
    with installation.database.tenant(tenant.id) as transaction:
        transaction.run(
            "inbox/settle_model",
            used_on=used_on,
            more_seconds=time.monotonic() - started - settings.llm_timeout_seconds,
            more_cost_micros=cost - most,
            failures=int(came != "judged"),
        )
    return answer, came


def _take(
    installation: Installation, tenant: Tenant, model: Model, mail: _Unsure, answer: ModelAnswer, *, now: datetime
) -> None:
    with installation.database.tenant(tenant.id) as transaction:
        taken = transaction.run(
            "inbox/take_model_answer", id=mail.id, intent=answer.intent, is_sure=answer.is_sure, model=model.name
        )
        if taken and answer.intent in {Intent.INTERESTED, Intent.MEETING}:
            raise_alert(
                transaction,
                cause_key=f"reply/{mail.id}",
                severity="info",
                title=f"{mail.to_address} has answered {mail.mailbox_address} with interest, a model says",
                detail=f"`outreach thread {mail.id}` shows it, `outreach reclassify {mail.id}` corrects it.",
                now=now,
            )
