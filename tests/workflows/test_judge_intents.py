"""A model behind a real HTTP server on loopback that answers, lies, hangs and overspends; and all works without it."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from outreach_pipeline.core.receive.intent_model import MOST_OUTPUT_TOKENS, most_tokens
from outreach_pipeline.settings import Settings
from outreach_pipeline.workflows.bounce_process import process_inbound
from outreach_pipeline.workflows.judge_intents import model_of

pytestmark = pytest.mark.xdist_group("judge_intents")
UNSURE = "Hm, let me see. Zoë Kim, Harbor, +49 30 1234567, zoe@private.example, https://harbor.example/zoe"


class StandIn:
    """An endpoint that says what a test tells it to, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.says: Callable[[], tuple[int, bytes]] = lambda: answer("interested", is_sure=True)
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                owner.headers.append(dict(self.headers))
                owner.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                status, body = owner.says()
                self.send_response(status)
                if status == 302:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/v1"


def answer(intent: str, *, is_sure: bool = False, usage: Any = None, **more: Any) -> tuple[int, bytes]:
    return chat(json.dumps({"intent": intent, "is_sure": is_sure, **more}), usage=usage)


def chat(content: Any, *, usage: Any = None) -> tuple[int, bytes]:
    document = {"choices": [{"message": {"role": "assistant", "content": content}}]}
    return 200, json.dumps({**document, "usage": usage or {"prompt_tokens": 100, "completion_tokens": 10}}).encode()


@contextmanager
def listening() -> Iterator[StandIn]:
    stand_in = StandIn()
    thread = threading.Thread(target=stand_in.server.serve_forever, daemon=True)
    thread.start()
    try:
        yield stand_in
    finally:
        stand_in.server.shutdown()
        stand_in.server.server_close()
        thread.join()


@pytest.fixture
def model() -> Iterator[StandIn]:
    with listening() as stand_in:
        yield stand_in


def set_up(day, model: StandIn, **more: Any) -> None:
    """Turn the model on for an installation."""
    values = {
        "llm_url": model.url, "llm_model": "small", "llm_key": "of-the-tests", "llm_input_price": 1.0,
        "llm_output_price": 2.0, "llm_timeout_seconds": 2.0, **more,
    }  # fmt: skip
    day.installation = type(day.installation)(
        day.installation.settings.model_copy(update=values),
        day.installation.database,
        day.installation.vault,
        day.installation.blobs,
    )


def unsure(day, model: StandIn, *texts: str, **settings: Any):
    """People who have answered so that rules are unsure, all read with the model on; what came of asking it."""
    people = [day.world.person() for _ in texts]
    day.ready(*people, boxes=1)
    day.send()
    for person, text in zip(people, texts, strict=True):
        day.answer(person, text)
    set_up(day, model, **settings)
    return day.read()[1]


def again(day):
    return process_inbound(day.installation, now=day.now)


def judged(day) -> list[tuple[str, bool, str | None]]:
    return day.admin.execute(
        "select intent, intent_is_sure, classified ->> 'model' from outreach.inbound_messages where direction = 'in' order by id"
    ).fetchall()


def spent(day) -> tuple[int, int, int, float]:
    return day.admin.execute(
        "select calls, failures, cost_micros, seconds from outreach.model_days where tenant_id = %s", [day.tenant.id]
    ).fetchone()


def test_what_rules_leave_unsure_is_judged_without_the_person_in_it(day, model):
    outcome = unsure(day, model, UNSURE)
    assert (outcome.by_intent, outcome.unsure, outcome.model) == ({"other": 1}, 1, {"judged": 1})
    assert judged(day) == [("interested", True, "small")]
    assert day.count("alerts", "title like '%with interest, a model says'") == 1
    (asked,), (headers,) = model.asked, model.headers
    assert headers["Authorization"] == "Bearer of-the-tests"
    assert json.loads(asked["messages"][1]["content"]) == {
        "reply": "Hm, let me see. [name] [name], [company], [number], [address], [link]"
    }
    assert "stop" not in asked["response_format"]["json_schema"]["schema"]["properties"]["intent"]["enum"]
    assert spent(day)[:3] == (1, 0, 120)
    # Judged is judged: nothing is asked twice.
    assert (again(day).model, len(model.asked)) == ({}, 1)


def test_the_same_words_cost_once(day, model):
    outcome = unsure(day, model, "Hm, let me see.", "Hm, let me see.")
    assert (outcome.model, len(model.asked)) == ({"judged": 1, "cached": 1}, 1)
    assert judged(day) == [("interested", True, "small")] * 2


def test_nothing_is_asked_about_an_opt_out_or_what_rules_are_sure_of(day, model):
    outcome = unsure(day, model, "Please remove me from your list.", "Sounds interesting, tell me more.")
    assert (outcome.model, model.asked) == ({}, [])
    assert len(day.suppressed()) == 1


LIES = {
    "an opt-out": lambda: answer("stop", is_sure=True),
    "an unknown intent": lambda: answer("rich"),
    "a field too many": lambda: answer("interested", note="x"),
    "truth as text": lambda: chat('{"intent": "interested", "is_sure": "yes"}'),
    "prose": lambda: chat("I think they are interested."),
    "nothing": lambda: chat(""),
}
BREAKDOWNS = {
    "no chat": lambda: (200, b'{"choices": []}'),
    "no text": lambda: chat(None),
    "no JSON": lambda: (200, b"<html>"),
    "nested without end": lambda: (200, b"[" * 60_000),
    "too long": lambda: (200, b'{"choices": [' + b" " * 2**20),
    "an error": lambda: (500, b"{}"),
    "a redirect": lambda: (302, b""),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_lie_changes_nothing(day, model, lie):
    model.says = LIES[lie]
    outcome = unsure(day, model, "Hm, let me see.")
    assert outcome.model == {"refused": 1}
    assert judged(day) == [("other", False, None)]
    assert (day.suppressed(), day.count("alerts"), day.count("model_answers")) == ({}, 0, 0)
    # It is tried three times, then left to people.
    assert [again(day).model for _ in range(3)] == [{"refused": 1}, {"refused": 1}, {}]
    assert spent(day)[:2] == (3, 3)


@pytest.mark.parametrize("breakdown", BREAKDOWNS)
def test_what_is_no_answer_changes_nothing(day, model, breakdown):
    model.says = BREAKDOWNS[breakdown]
    outcome = unsure(day, model, "Hm, let me see.")
    assert (outcome.processed, outcome.model) == (1, {"failed": 1})
    assert judged(day) == [("other", False, None)]
    assert len(model.asked) == 1


def test_a_hanging_endpoint_costs_its_time_and_is_left_alone_after_three(day, model):
    model.says = lambda: time.sleep(1) or answer("interested")
    outcome = unsure(day, model, *(f"Hm, let me see {word}." for word in "abcde"), llm_timeout_seconds=0.2)
    assert (outcome.processed, outcome.model, len(model.asked)) == (5, {"failed": 3}, 3)
    calls, failures, _, seconds = spent(day)
    assert (calls, failures) == (3, 3)
    assert seconds > 0.5
    assert {row[:2] for row in judged(day)} == {("other", False)}


def test_an_endpoint_that_is_not_there_hinders_nothing(day, model):
    outcome = unsure(day, model, "Hm, let me see.", llm_url="http://127.0.0.1:9/v1")
    assert (outcome.processed, outcome.model) == (1, {"failed": 1})


def test_the_day_s_money_is_not_passed_and_overspending_ends_it(day, model):
    # It says that it took ten times what was reserved.
    model.says = lambda: answer("later", usage={"prompt_tokens": 500_000, "completion_tokens": 0})
    outcome = unsure(day, model, "Hm, let me see.", "Hm, let me think.", llm_cost_per_day=0.01)
    assert (outcome.model, len(model.asked)) == ({"judged": 1, "out_of_budget": 1}, 1)
    assert spent(day)[2] == 500_000
    assert sorted(row[2] or "" for row in judged(day)) == ["", "small"]
    # Another day has another budget.
    assert process_inbound(day.installation, now=day.now + timedelta(days=1)).model == {"judged": 1}


@pytest.mark.parametrize(
    "usage",
    [
        {"prompt_tokens": -5, "completion_tokens": 1},
        {"prompt_tokens": "none"},
        {"x": 1},
        {"prompt_tokens": True, "completion_tokens": 1},
    ],
)
def test_who_tells_no_cost_has_cost_the_most(day, model, usage):
    model.says = lambda: answer("later", usage=usage)
    unsure(day, model, "Hm, let me see.")
    # Every byte of the question could have been a token, and all that it might say was said.
    assert spent(day)[2] == most_tokens(model.asked[0]["messages"]) + 2 * MOST_OUTPUT_TOKENS


def test_the_day_s_time_is_not_passed(day, model):
    outcome = unsure(day, model, "Hm, let me see.", llm_seconds_per_day=1.0)
    assert (outcome.model, model.asked) == ({"out_of_budget": 1}, [])
    assert spent(day) is None


def test_without_money_nothing_is_asked(day, model):
    outcome = unsure(day, model, "Hm, let me see.", llm_cost_per_day=0.0)
    assert (outcome.model, model.asked) == ({"out_of_budget": 1}, [])


@pytest.mark.parametrize(
    "changed,problem",
    [
        ({"llm_url": None}, None),
        ({"llm_model": None}, "OUTREACH_LLM_MODEL is not set"),
        ({"llm_output_price": None}, "OUTREACH_LLM_OUTPUT_PRICE is not set"),
        ({"llm_url": "http://elsewhere.example/v1"}, "must not travel in the clear"),
        ({"llm_url": "file:///etc/passwd"}, "must not travel in the clear"),
    ],
)
def test_it_is_off_unless_it_is_set_up(day, model, changed, problem):
    outcome = unsure(day, model, "Hm, let me see.", **changed)
    assert (outcome.processed, outcome.model, model.asked) == (1, {}, [])
    found = model_of(day.installation.settings)
    assert found[0] is None
    assert problem in found[1] if problem else found[1] is None


def test_a_key_is_not_shown():
    settings = Settings.model_construct(
        llm_url="https://m.example/v1", llm_key="geheim", llm_model="m", llm_input_price=0.0, llm_output_price=0.0
    )
    assert "geheim" not in repr(model_of(settings)) + repr(settings)


@pytest.mark.parametrize(
    "words",
    [
        "Can I opt out of the annual plan and pay monthly? Then I'm in.",
        "No emails please. Sounds good, though.",
        "I don't need your newsletter, but this looks interesting.",
        "Bitte keine Mails mehr am Wochenende, klingt gut.",
    ],
)
def test_words_that_may_be_an_opt_out_are_never_asked_about(day, model, words):
    unsure(day, model, words)
    ((intent, is_sure, by_model),) = judged(day)
    assert (intent, is_sure, by_model, model.asked) == ("interested", False, None, [])
    assert day.suppressed() == {}
