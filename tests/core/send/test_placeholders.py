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
        ("Hi $first_name,", "$first_name"),
        ("Hi $FNAME.", "$FNAME"),
        ("Hi $company's", "$company"),
        ("Hi $!{lead.first_name}", "{lead.first_name}"),
        ("Hi $lead.company", "$lead.company"),
        ("Hi $some_thing else", "$some_thing"),
        ("https://acme.example/?who=$first_name", "$first_name"),
        ("Hi <first_name>,", "<first_name>"),
        ("<p>Hi <first_name>,</p>", "<first_name>"),
        ("<p>Hi <FirstName/></p>", "<FirstName/>"),
        ("<p>Hi&lt;first_name&gt;</p>", "<first_name>"),
        ("Hi <First Name | there>", "<First Name | there>"),
        ("at <Your Company>", "<Your Company>"),
        ("at <lead.company>", "<lead.company>"),
        ("Hi |FNAME|,", "|FNAME|"),
        ("Hi |First Name|,", "|First Name|"),
        ("|company|", "|company|"),
        ("$5, $5.50, $5_000, $5k, 5$, $ 5, US$5, A$AP_Rocky, US$name, $HOME, $x, _$amount_, $$", None),
        ("from $10/month to $1,000 a company", None),
        ("see <acme.company>, <https://acme.example/name>, Ann <ann@acme.name>, a < company > b", None),
        ("1 < name and company > 2", None),
        ("<address>A street</address><title>Acme</title><a name>x</a><p>name</p><br/>", None),
        ("<st1:City>Berlin</st1:City><o:p></o:p><!--name-->", None),
        ("| Name | Company |\n|---|---|\n|Name|Company|", None),
        ("Ann | CEO | Acme, Tel|Email|Website, a || name || b", None),
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
