"""What of a template goes out unfilled, and what is meant to render to nothing."""

from __future__ import annotations

import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.gaps import full_name, unconditional_names
from outreach_pipeline.core.send.message import CompiledStep, StepTemplate

FIELDS = {
    "first_name": "Zoë", "company": "", "title": " \t", "reply_text": "", "sender_name": "", "postal_address": "Acme GmbH",
    "unsubscribe_url": "", "team": "NULL", "employees": "",
}  # fmt: skip


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
        ("Hi {{ 'at ' ~ company }}", "company is empty"),
        ("Hi {{ 'at %s' % company }}", "company is empty"),
        ("Hi {{ 'at %s' | format(company) }}", "company is empty"),
        ("Hi {{ 'at {}'.format(company) }}", "company is empty"),
        ("Hi {{ 'at {at}'.format(at=company) }}", "company is empty"),
        ("Hi {{ first_name | replace('Z', company) }}", "company is empty"),
        ("Hi {{ first_name.replace('Z', company) }}", "company is empty"),
        ("Hi {{ [first_name, company] | join(' ') }}", "company is empty"),
        ("Hi {{ first_name ~ (company or title) }}", "title is empty"),
        ("Hi {{ first_name ~ (company | default(title, true)) }}", "an expression on line 1 is empty"),
        ("Hi {{ first_name ~ company | title }}", "company is empty"),
        ("Hi {{ employees | int }}", "employees is empty"),
        ("Hi {% set at = ' at ' ~ company %}{{ at }}", "company is empty"),
        ("Hi {% set at = company %}{{ ' at ' ~ at }}", "at is empty"),
        ("Hi {% with at = ' at ' ~ company %}{{ at }}{% endwith %}", "company is empty"),
        ("Hi {% filter replace('there', company) %}there{% endfilter %}", "company is empty"),
        ("{% macro m(word) %}{{ word }}{% endmacro %}{{ m('at ' ~ company) }}", "company is empty"),
        ("{% macro m(word) %}{{ word }}{% endmacro %}{{ m(word='at ' ~ company) }}", "company is empty"),
        ("Hi {{ team }}", 'team holds NULL, which is no value: fill it, or have the step do without, by {{ team or "…" }}'),
        ("Hi {{ team | lower }}", "team holds NULL, which is no value"),
        ("Hi {{ 'at ' ~ team }}", "team holds NULL, which is no value"),
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
        ("Hi {{ first_name ~ (' at ' ~ company if company else '') }}", "Hi Zoë"),
        ("Hi {{ first_name ~ (company or '') }}", "Hi Zoë"),
        ("Hi {{ 'you at ' ~ (company | title or 'work') }}", "Hi you at work"),
        ("Hi {{ 'you at ' ~ (company | default('work', true)) }}", "Hi you at work"),
        ("Hi {{ company | title | default(title or 'there', true) }}", "Hi there"),
        ("Hi {{ [first_name, company] | select | join(' ') }}", "Hi Zoë"),
        ("Hi{% if company | trim %} {{ company }}{% endif %}{% if employees | int > 9 %} all{% endif %}", "Hi"),
        ("Hi{% set at = company | title %}{% if at %} {{ at }}{% endif %}", "Hi"),
        ("Hi {{ team or 'there' }}{% if team %} {{ team }}{% endif %}", "Hi there"),
        ("{% macro m(word) %}{% if word %}{{ word }}{% endif %}{% endmacro %}Hi{{ m(company) }}", "Hi"),
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
    compound = "{{ 'at ' ~ a }}{{ 'x' ~ (b or c) }}{{ 'x' | replace('x', d) }}{% if e %}{{ 'x' ~ e }}{% endif %}"
    assert unconditional_names(compound) == {"a", "d"}


@pytest.mark.parametrize(
    "value",
    ["NULL", "Null", "NONE", "NaN", "nan", "Undefined", "N/A", "n/a", "#N/A", "#REF!", "<NA>", "(null)", " 'NULL' ", '""', r"\N"],
)  # fmt: skip
def test_the_words_of_programs_are_gaps_in_any_case(value):
    step = CompiledStep(StepTemplate("Hi", "Hi {{ company }}", None))
    with pytest.raises(ConfigurationError, match=r"company (holds|is empty)"):
        step.render({**FIELDS, "company": value})
    fallback = CompiledStep(StepTemplate("Hi", "Hi {{ company or 'there' }}|", None))
    assert fallback.render({**FIELDS, "company": value}).text.startswith("Hi there|")


@pytest.mark.parametrize(
    "name, value",
    [("first_name", "Nan"), ("last_name", "Null"), ("sender_name", "Nan"), ("first_name", "Nil"), ("last_name", "NA"),
     ("company", "Null GmbH"), ("company", "Nano"), ("company", "#1 Tools"), ("reply_text", "None")],
)  # fmt: skip
def test_who_is_called_like_such_a_word_is_written_to(name, value):
    step = CompiledStep(StepTemplate("Hi", f"Hi {{{{ {name} }}}}, {{{{ {name} | upper }}}}|", None))
    assert step.render({**FIELDS, name: value}).text.startswith(f"Hi {value}, {value.upper()}|")


@pytest.mark.parametrize(
    "first, last, name",
    [
        ("Ada", "Novak", "Ada Novak"),
        (" Ada ", "", "Ada"),
        ("NULL", "Novak", "Novak"),
        ("Ada", None, "Ada"),
        ("Nan", "Null", "Nan Null"),
        ("n/a", "", ""),
    ],
)
def test_a_word_that_says_there_is_no_name_is_none(first, last, name):
    assert full_name({"first_name": first, "last_name": last, "company": "None"}) == name


def test_who_has_no_name_is_written_to_without():
    assert full_name({}) == ""
