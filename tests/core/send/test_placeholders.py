"""What other systems would have filled in or drawn by lot."""

from __future__ import annotations

import pytest

from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.message import CompiledStep, StepTemplate
from outreach_pipeline.core.send.placeholders import chance_in, foreign_placeholder

NAMES = frozenset({"first_name", "company", "job_title"})


@pytest.mark.parametrize(
    "template, found",
    [
        ("Hi [First Name],", "[First Name]"),
        ("at [COMPANY]", "[COMPANY]"),
        ("a [job-title]", "[job-title]"),
        ("Hi %FIRSTNAME%", "%FIRSTNAME%"),
        ("Hi *|FNAME|*", "*|FNAME|*"),
        ("Hi {first_name}", "{first_name}"),
        ("Hi { FIRST_NAME }", "{ FIRST_NAME }"),
        ("Hi ${first_name}", "${first_name}"),
        ("Hi #{lead.first_name}", "#{lead.first_name}"),
        ("Hi {!Contact.FirstName}", "{!Contact.FirstName}"),
        ("Hi <<First Name>>", "<<First Name>>"),
        ("Hi &lt;&lt;First Name&gt;&gt;", "<<First Name>>"),
        ("Hi «First Name»", "«First Name»"),
        ("Hi ##first_name##", "##first_name##"),
        ("Hi <%= first_name %>", "<%= first_name %>"),
        ("Hi %recipient.first_name%", "%recipient.first_name%"),
        ("Hi %%FirstName%%", "%FirstName%"),
        ("Hi [First Name | there]", "[First Name | there]"),
        ("at [Your Company]", "[Your Company]"),
        ("Guten Tag [Vorname]", "[Vorname]"),
        ("Enough? [unsubscribe]", "[unsubscribe]"),
        ("{Hi|Hello} there", "{Hi|Hello}"),
        ("{{ company }} {Hi|Hello}", "{Hi|Hello}"),
        ("{Hi|{Hello|Hey}}", "{Hello|Hey}"),
        ("as in [1] and [the book], {x} or {x, y}", None),
        ("[company](https://acme.example)", None),
        ("100 %, ${amount} dollars, {sic}, [sic], «Nous», <<EOF>>, C:\\%TEMP%\\x, ## Company ##", None),
        ("https://acme.example/?q=%20name%20x", None),
        ("<style>.name {color: red} a{top: 0}</style>", None),
        ("<style>input[name] {color: red}</style>", None),
        ("up to 50% of company, 100% name", None),
        ("{{ company | upper }}{% if first_name | length %}x{% endif %}{# {a|b} #}", None),
        ("if (a || b) { return a || b; }", None),
        ("<!--[if gte mso 9]>x<![endif]-->", None),
    ],
)
def test_placeholders_of_other_systems_are_found_and_plain_words_are_none(template, found):
    assert foreign_placeholder(template, NAMES) == found


@pytest.mark.parametrize(
    "template, found",
    [
        ("{{ ['Hi', 'Hello'] | random }}", "random"),
        ("{% if company %}{{ ['Hi', 'Hello'] | random }}{% endif %}", "random"),
        ("{{ [['Hi', 'Hello']] | map('random') | join }}", "random"),
        ("{% filter random %}Hi{% endfilter %}", "random"),
        ("{{ lipsum(1) }}", "lipsum"),
    ],
)
def test_what_draws_by_lot_is_found_and_renders_nowhere(template, found):
    assert chance_in(template) == found
    with pytest.raises(ConfigurationError):
        CompiledStep(StepTemplate("Hi", template, None)).render({"company": "Acme"})


def test_words_about_chance_are_none():
    assert chance_in("at random: lipsum {{ 'random' }}{{ company | upper }}") is None
    assert chance_in("{{ company") is None
