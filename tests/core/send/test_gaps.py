"""What of a template goes out unfilled, and what is meant to render to nothing."""

from __future__ import annotations

import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.gaps import foreign_placeholder, unconditional_names
from outreach_pipeline.core.send.message import CompiledStep, StepTemplate

FIELDS = {
    "first_name": "Zoë", "company": "", "title": " \t", "reply_text": "", "sender_name": "", "postal_address": "Acme GmbH",
    "unsubscribe_url": "",
}  # fmt: skip
NAMES = frozenset({"first_name", "company", "job_title"})


def rendered(template: str) -> set[str]:
    """Render a template as subject, text and HTML, and return what became of it without the footer."""
    step = CompiledStep(StepTemplate(f"{template}|", f"{template}|", f"{template}|"))
    return {part.partition("|")[0] for part in parts_of(step)}


def parts_of(step: CompiledStep) -> tuple[str, str, str]:
    whole = step.render(FIELDS)
    return whole.subject, whole.text, whole.html or ""


@pytest.mark.parametrize(
    "template, said",
    [
        ("Hi {{ company }}", 'company is empty: fill it, or have the step do without, by {{ company or "…" }} or {% if company %}'),
        ("Hi {{ title }}", "title is empty"),
        ("Hi {{ company | title }}", "company is empty"),
        ("Hi {{ company.strip() }}", "company is empty"),
        ("Hi {{ company or title }}", "an expression on line 1 is empty"),
        ("Hi {{ company or '' }}", "an expression on line 1 is empty"),
        ("Hi {{ company if first_name else '' }}", "company is empty"),
        ("Hi {{ first_name[9:] }}", "an expression on line 1 is empty"),
        ("Hi {{ sender_name }}", "sender_name is empty: give the mailbox a display_name"),
        ("{% macro m(word) %}{{ word }}{% endmacro %}{{ m(company) }}", "word is empty"),
    ],
)  # fmt: skip
def test_an_expression_that_renders_to_nothing_is_a_gap_and_is_named(template, said):
    for step in (
        StepTemplate(template, "x", None),
        StepTemplate("x", template, None),
        StepTemplate("x", "x", template),
    ):
        with pytest.raises(ConfigurationError) as caught:
            CompiledStep(step).render(FIELDS)
        assert said in str(caught.value)


@pytest.mark.parametrize(
    "template, text",
    [
        ("Hi{% if company %} {{ company }}{% endif %}", "Hi"),
        ("Hi {{ company or 'there' }}", "Hi there"),
        ("Hi {{ company | default('there', true) }}", "Hi there"),
        ("Hi{{ ', ' ~ company if company else '' }}", "Hi"),
        ("Hi{{ ', you' if company }}", "Hi"),
        ("Hi{{ ' ' }}there{{ '' }}", "Hi there"),
        ("{% macro m() %}{% if company %}x{% endif %}{% endmacro %}Hi{{ m() }}", "Hi"),
        ("{% set comma = joiner(', ') %}{% for each in 'ab' %}{{ comma() }}{{ each }}{% endfor %}", "a, b"),
        ("Hi {{ 0 }}", "Hi 0"),
        ("Hi{{ reply_text }}", "Hi"),
        ("Hi{{ unsubscribe_url }}", "Hi"),
    ],
)
def test_what_is_left_out_on_purpose_is_none(template, text):
    assert rendered(template) == {text}


def test_names_without_a_condition_are_those_that_a_step_does_not_go_without():
    template = (
        "{{ a }}{% if b %}{{ b }}{{ c | title }}{% elif d %}{{ d }}{{ e }}{% else %}{{ b }}{% endif %}{{ f or 1 }}"
        "{{ g | default('x') }}{% for each in y %}{{ h.strip() }}{% endfor %}{{ i if i else 'x' }}"
    )
    assert unconditional_names(template) == {"a", "c", "e", "h"}
    assert unconditional_names("{{ a") == set()


@pytest.mark.parametrize(
    "template, found",
    [
        ("Hi [First Name],", "[First Name]"),
        ("at [COMPANY]", "[COMPANY]"),
        ("a [job-title]", "[job-title]"),
        ("Hi %FIRSTNAME%", "%FIRSTNAME%"),
        ("Hi *|FNAME|*", "*|FNAME|*"),
        ("{Hi|Hello} there", "{Hi|Hello}"),
        ("{{ company }} {Hi|Hello}", "{Hi|Hello}"),
        ("{Hi|{Hello|Hey}}", "{Hello|Hey}"),
        ("as in [1] and [the book], {x} or {x, y}", None),
        ("[company](https://acme.example)", None),
        ("<style>input[name] {color: red}</style>", None),
        ("up to 50% of company, 100% name", None),
        ("{{ company | upper }}{% if first_name | length %}x{% endif %}{# {a|b} #}", None),
        ("if (a || b) { return a || b; }", None),
        ("<!--[if gte mso 9]>x<![endif]-->", None),
    ],
)
def test_placeholders_of_other_systems_are_found_and_plain_words_are_none(template, found):
    assert foreign_placeholder(template, NAMES) == found
