"""A wrong file is refused with every problem at its place."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from outreach_pipeline.core.configuration_file import (
    nameless_senders,
    probes_without_targets,
    read_configuration,
    unused_subjects,
)
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.plan.policy import CAMPAIGN_FIELDS, MAILBOX_FIELDS, TENANT_FIELDS, SendingPolicy

ACME = (Path(__file__).parents[1] / "data" / "acme.yaml").read_text(encoding="utf-8")


def problems(text: str, **environment: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read_configuration(text, environment=environment)
    return list(caught.value.problems)


def test_the_sample_is_read():
    tenant = read_configuration(ACME, environment={}).tenants[0]
    assert [mailbox.address.partition("@")[0] for mailbox in tenant.mailboxes] == ["ann", "bob", "box"]
    assert tenant.mailboxes[1].warmup_curve == "warmbly"


def test_norway_is_a_country_and_half_past_twelve_a_time():
    text = ACME.replace("[DE]", "[DE, NO]").replace('"05:00"', "12:30")
    tenant = read_configuration(text, environment={}).tenants[0]
    assert tenant.campaigns[0].accepted_jurisdictions == ["DE", "NO"]
    assert tenant.plan_at == time(12, 30)


@pytest.mark.parametrize(
    "old,new,complaint",
    [
        ("port: 2525", "port: 252500", "tenants[0].mailboxes[0].smtp.port: "),
        ("display_name", "displayname", "tenants[0].mailboxes[0].displayname: unknown key, did you mean display_name?"),
        ("Europe/Berlin", "Europe/Berln", "tenants[0].time_zone: there is no time zone 'Europe/Berln'"),
        ("warmup_curve: mine", "warmup_curve: mien", "tenants[0].mailboxes[0].warmup_curve: there is no curve 'mien'"),
        (
            "{minimum_gap_seconds: 1200}",
            "{minimum_gap_seconds: 1200, messages_per_day_per_company: 1}",
            "tenants[0].policies.careful.messages_per_day_per_company: is one for the whole tenant",
        ),
        (
            "{minimum_gap_seconds: 1200}",
            "{minimum_gap_seconds: 1200, window_starts: '10:00'}",
            "tenants[0].policies.careful.window_starts: is asked of campaigns, and only mailboxes have this policy",
        ),
        ("policy: careful", "policy: carful", "tenants[0].mailboxes[1].policy: there is no policy 'carful'"),
        (
            "provider_account: acme-google",
            "provider_account: acme",
            "tenants[0].mailboxes[0].provider_account: there is",
        ),
        ("bob@acme-mail", "ann@acme-mail", "tenants[0].mailboxes: ann@acme-mail.example stands 2 times"),
        ("bob@acme-mail", "bob@other", "tenants[0].mailboxes[1].address: other.example is none of the tenant's"),
        (
            "go.acme-mail.example",
            "go.acme.example",
            "tenants[0].sending_domains[0].link_host: go.acme.example is not under",
        ),
        ("dkim_selector: s1, ", "", "tenants[0].sending_domains[0].dkim_selector: is missing"),
        (
            "{{ first_name }}",
            "{{ frist_name }}",
            "tenants[0].campaigns[0].steps[0].subject: the template names frist_name",
        ),
        (
            "{{ first_name }}",
            "{{ job_title }}",
            "tenants[0].campaigns[0].steps[0].subject: the template names job_title",
        ),
        (
            "{{ first_name }}",
            "[First Name]",
            "tenants[0].campaigns[0].steps[0].subject: [First Name] would go out as it stands",
        ),
        (
            "{{ first_name }}",
            "$first_name",
            "tenants[0].campaigns[0].steps[0].subject: $first_name would go out as it stands",
        ),
        (
            "Hi again",
            "Hi <first_name>",
            "tenants[0].campaigns[0].steps[1].text: <first_name> would go out as it stands",
        ),
        ("Hi again", "Hi |FNAME|", "tenants[0].campaigns[0].steps[1].text: |FNAME| would go out as it stands"),
        ("Hi again", "{Hi|Hello} again", "tenants[0].campaigns[0].steps[1].text: {Hi|Hello} would go out as it stands"),
        (
            "Hi again",
            "Hi {first_name}",
            "tenants[0].campaigns[0].steps[1].text: {first_name} would go out as it stands",
        ),
        (
            "Hi again",
            "{{ ['Hi', 'Hello'] | random }} again",
            "tenants[0].campaigns[0].steps[1].text: random draws by lot, and a step says one thing: write one text, or a second variant",
        ),
        (
            'text: "Hi again"',
            """text: "Hi again", html: '<script>x</script>'""",
            "tenants[0].campaigns[0].steps[1]: the HTML holds <script>",
        ),
        ("{{ first_name }}", "{{ first_name", "tenants[0].campaigns[0].steps[0].subject: the template does not parse"),
        ('"Hello {{', '"Re: {{', "tenants[0].campaigns[0].steps[0]: the subject begins like an answer"),
        (
            '"Hi again"',
            '"Hi http://acme.example"',
            "tenants[0].campaigns[0].steps[1]: the link 'http://acme.example' does not begin",
        ),
        (
            'text: "Hi again"',
            """text: "Hi again", html: '<a href="javascript:x">y</a>'""",
            "tenants[0].campaigns[0].steps[1]: the link 'javascript:x' does not begin",
        ),
        (
            'text: "Hi again"',
            """text: "Hi again", html: '<a href="/{{ company }}">y</a>'""",
            "tenants[0].campaigns[0].steps[1]: the link '/{{…}}' does not begin",
        ),
        ("{step: 2", "{step: 3", "tenants[0].campaigns[0].steps: the steps are 1, 3"),
        ("step: 2, wait_days: 3", "step: 1, wait_days: 3", "tenants[0].campaigns[0].steps: 1 a stands 2 times"),
        (
            "  address: ann@",
            "  auth: xoauth2\n        address: ann@",
            "tenants[0].mailboxes[0]: a password is of no use with auth xoauth2",
        ),
        ("300/minute", "300 per minute", "rate_limits[0]: limit '300 per minute' is no rate"),
        ('key: "*"', 'key: "https://x"', "rate_limits[0].key: 'https://x' is no recipient site: write a domain"),
        ("[DE]", "[XX]", "tenants[0].campaigns[0].accepted_jurisdictions[0]: 'XX' is no country"),
        ("[consent]", "[because]", "tenants[0].campaigns[0].accepted_lawful_bases[0]: input should be"),
        (
            "messages_per_day_per_mailbox: 40",
            "window_starts: '18:00'",
            "tenants[0].policies.default: window_starts must",
        ),
        ("slug: spring", "slug: Spring!", "tenants[0].campaigns[0].slug: "),
        ("{secret: webhook-secret-of-acme}", "{}", "tenants[0].webhook_sources.generic: needs secret or secret_env."),
        ('"05:00"', "5", 'tenants[0].plan_at: write a time of day in quotes, like "05:00".'),
        ("name: Acme GmbH", 'name: "Acme\\nGmbH"', "tenants[0].name: string should match pattern"),
    ],
)
def test_a_mistake_is_named_with_its_place(old, new, complaint):
    assert [each for each in problems(ACME.replace(old, new)) if each.startswith(complaint)]


def test_a_campaign_may_declare_further_columns():
    text = ACME.replace("{{ first_name }}", "{{ job_title }}").replace(
        "name: Spring", "name: Spring\n        attributes: [job_title]"
    )
    assert read_configuration(text, environment={}).tenants[0].campaigns[0].attributes == ["job_title"]


def test_who_has_no_display_name_is_told_of_where_steps_name_the_sender():
    text = ACME.replace('text: "Hi"', 'text: "Hi, {{ sender_name }}"')
    assert list(nameless_senders(read_configuration(text, environment={}))) == []
    nameless = read_configuration(text.replace("display_name: Ann Example", 'display_name: " "'), environment={})
    (told,) = nameless_senders(nameless)
    assert told.startswith(
        "acme: steps of spring name sender_name and do not go out from ann@acme-mail.example, bob@acme-mail.example ("
    )
    nobody = ACME.replace("display_name: Ann Example", "display_name: ''")
    assert list(nameless_senders(read_configuration(nobody, environment={}))) == []


@pytest.mark.parametrize(
    "subject, steps", [("Hello {{ first_name }}", None), ("Re: Hello {{ first_name }}", None), ("Once more", "2")]
)
def test_a_follow_up_with_a_subject_of_its_own_is_told_of(subject, steps):
    document = read_configuration(ACME.replace("Once more", subject), environment={})
    told = [each.partition(": a follow-up")[0] for each in unused_subjects(document)]
    assert told == ([f"acme: nobody gets the subject of step {steps} of spring"] if steps else [])


def test_of_a_campaign_with_several_such_steps_it_is_told_once():
    last = '          - {step: 3, wait_days: 3, subject: "The last time", text: "Hi"}\n'
    (told,) = unused_subjects(read_configuration(ACME.rstrip("\n") + "\n" + last, environment={}))
    assert told.startswith("acme: nobody gets the subject of step 2, 3 of spring: a follow-up is a reply")


def test_probes_that_a_policy_asks_for_and_no_mailbox_takes_part_in_are_told_of():
    assert list(probes_without_targets(read_configuration(ACME, environment={}))) == []
    asked = ACME.replace("{minimum_gap_seconds: 1200}", "{minimum_gap_seconds: 1200, probes_per_day_per_mailbox: 1}")
    (told,) = probes_without_targets(read_configuration(asked, environment={}))
    assert told.startswith(
        "acme: policy careful asks for placement probes (probes_per_day_per_mailbox), and no mailbox of"
    )
    taken = asked.replace("display_name: Ann Example", "display_name: Ann Example\n        probe_target: true")
    assert list(probes_without_targets(read_configuration(taken, environment={}))) == []


def test_a_link_that_a_field_decides_is_left_to_the_gate():
    html = """<a href="{{ company }}">x</a> <a href="{% if company %}{{ company }}{% else %}https://a.example{% endif %}">y</a>"""
    text = ACME.replace('text: "Hi again"', f"text: 'Hi', html: '{html}'")
    assert read_configuration(text, environment={}).tenants[0].campaigns[0].steps[1].html == html


def test_all_mistakes_are_named_at_once():
    text = ACME.replace("port: 2525", "port: x").replace("policy: careful", "policy: none").replace("Berlin", "Born", 1)
    assert len(problems(text)) >= 3


def test_no_problem_repeats_a_secret():
    text = ACME.replace("password: password-of-ann", "password: [password-of-ann]")
    assert "password-of-ann" not in repr(problems(text))


@pytest.mark.parametrize(
    "text,complaint",
    [
        ("", "The file holds no keys"),
        ("- a", "The file holds no keys"),
        ("tenants: [", "line 1, column 11: "),
        ("tenants: []\ntenants: []", "line 2, column 1: the key 'tenants' stands twice"),
        ("tenants: !!python/object:os.system x", "line 1, column 10: could not determine a constructor"),
        ("1: 2", "line 1, column 1: the key 1 is no text"),
        ("tenants: 5", "tenants: input should be a valid list"),
        ("tenants: [{slug: a}]", "tenants[0].name: is missing."),
    ],
)
def test_what_is_no_configuration_is_refused(text, complaint):
    assert problems(text)[0].startswith(complaint)


def test_secrets_may_come_from_the_environment():
    text = ACME.replace("password: password-of-ann", "password_env: ANN")
    mailbox = read_configuration(text, environment={"ANN": "x"}).tenants[0].mailboxes[0]
    assert mailbox.password is not None
    assert mailbox.password.get_secret_value() == "x"
    assert problems(text)[0].startswith("tenants[0].mailboxes[0].password_env: the environment has no ANN")


def test_a_policy_of_campaigns_alone_names_no_field_of_a_mailbox():
    text = ACME.replace("policy: careful, ", "").replace("- slug: spring", "- policy: careful\n        slug: spring")
    assert text.count("policy: careful") == 1
    with pytest.raises(ConfigurationError, match=r"policies\.careful.minimum_gap_seconds: is asked of mailboxes"):
        read_configuration(text, environment={})
    both = ACME.replace("- slug: spring", "- policy: careful\n        slug: spring")
    assert read_configuration(both, environment={}).tenants[0].campaigns[0].policy == "careful"
    for_campaigns = text.replace("{minimum_gap_seconds: 1200}", "{window_starts: '10:00'}")
    assert read_configuration(for_campaigns, environment={}).tenants[0].mailboxes[1].policy is None


def test_each_field_of_a_policy_is_the_tenants_the_campaigns_or_the_mailboxs():
    assert not TENANT_FIELDS & CAMPAIGN_FIELDS
    assert set(SendingPolicy.model_fields) >= TENANT_FIELDS | CAMPAIGN_FIELDS
    assert sorted(MAILBOX_FIELDS) == [
        "counts_by", "first_retry_seconds", "give_up_after_attempts", "jitter_seconds", "longest_retry_seconds",
        "mature_after_seconds", "max_consecutive_errors", "messages_per_day_per_mailbox",
        "messages_per_minute_per_mailbox", "minimum_gap_seconds", "out_of_office_days", "probes_per_day_per_mailbox",
        "spread_seconds", "unknown_outcome_seconds",
    ]  # fmt: skip
