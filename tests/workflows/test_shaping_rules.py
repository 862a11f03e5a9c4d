"""Rules as data: the presets are whole, and a file adds rules, puts versions in force and turns rules off."""

from __future__ import annotations

import pytest

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.errors import ConfigurationError
from outreach_pipeline.core.send.shaping import Reply, matches, rule_of
from outreach_pipeline.workflows.apply import apply_configuration

RULE = """
  - name: our_relay_is_full
    scope: mailbox
    match: {codes: [452], text: "queue is full"}
    least_matches: 2
    of_last: 5
    action: slow_down
    slow_ratio: 0.5
    duration_seconds: 1800
"""


def apply(installation, rules: str, **more):
    document = read_configuration(f"shaping_rules:{rules}", environment={})
    return [(change.action, change.name) for change in apply_configuration(installation, document, **more)]


def in_force(installation):
    with installation.database.operator() as transaction:
        return {row["name"]: rule_of(row) for row in transaction.rows("shaping/rules") if row["is_enabled"]}


def test_every_preset_can_be_used_and_names_its_source(installation, admin):
    rules = in_force(installation)
    assert len(rules) >= 10
    assert {name for name, rule in rules.items() if rule.version != 1} == {"microsoft_365_bad_sender"}
    sources = dict(admin.execute("select name, source from outreach.shaping_rules where is_preset").fetchall())
    assert sources.keys() == rules.keys()
    assert all(len(source) > 20 for source in sources.values())
    # A text may name somebody, and a site is everybody's.
    assert [rule.name for rule in rules.values() if rule.scope == "site" and rule.match.text] == []
    # What counts at once names the sender's own account; all else takes several.
    at_once = {name for name, rule in rules.items() if rule.least_matches == 1}
    assert all(rules[name].match.enhanced_codes and rules[name].scope == "mailbox" for name in at_once)


@pytest.mark.parametrize(
    "name, code, enhanced_code, text",
    [
        ("google_daily_quota", 550, "5.4.5", "Daily user sending quota exceeded."),
        ("google_unusual_rate", 421, "4.7.28", "Our system has detected an unusual rate of unsolicited mail"),
        ("microsoft_365_bad_sender", 550, "5.1.8", "Access denied, bad outbound sender AS(42004)"),
        (
            "microsoft_365_daily_quota",
            550,
            "5.1.90",
            "Your message can't be sent because you've reached your daily limit",
        ),
        (
            "microsoft_365_outbound_spam",
            554,
            "5.2.0",
            "STOREDRV.Submission.Exception:OutboundSpamException; Failed to process message due to a permanent exception with message WASCL UserAction verdict is Suspend.",
        ),
        (
            "microsoft_365_submission_quota",
            554,
            "5.2.0",
            "STOREDRV.Submission.Exception:SubmissionQuotaExceededException; Failed",
        ),
        ("zoho_sender_blocked", 550, "5.4.6", "Unusual sending activity detected. Please try after sometime"),
        ("microsoft_365_submission_rate", 432, "4.3.2", "STOREDRV.ClientSubmit; sender thread limit exceeded"),
        ("microsoft_authentication", 550, "5.7.515", "Access denied, sending domain does not meet the required level"),
        ("yahoo_deferred", 421, "4.7.0", "421 4.7.0 [TSS04] Messages from 192.0.2.1 temporarily deferred"),
    ],
)
def test_a_preset_knows_its_provider_s_words(installation, name, code, enhanced_code, text):
    reply = Reply(1, 1, "x", "rcpt", code, enhanced_code, "undefined", text)
    assert matches(in_force(installation)[name].match, reply)


def test_a_domain_that_a_site_does_not_know_quarantines_no_mailbox(installation):
    rules = in_force(installation)
    reply = Reply(1, 1, "x", "rcpt", 550, "5.1.8", "rejected", "Sender address rejected: Domain not found")
    assert [name for name, rule in rules.items() if rule.least_matches == 1 and matches(rule.match, reply)] == []


def test_a_file_adds_a_rule_once_and_a_change_is_a_new_version(installation):
    assert apply(installation, RULE, dry_run=True) == [("create", "our_relay_is_full")]
    assert "our_relay_is_full" not in in_force(installation)
    assert apply(installation, RULE) == [("create", "our_relay_is_full")]
    rule = in_force(installation)["our_relay_is_full"]
    assert (rule.version, rule.slow_ratio, rule.match.codes) == (1, 0.5, {452})
    assert apply(installation, RULE) == []

    assert apply(installation, RULE.replace("0.5", "0.25")) == [("update", "our_relay_is_full")]
    rule = in_force(installation)["our_relay_is_full"]
    assert (rule.version, rule.slow_ratio) == (2, 0.25)


def test_a_preset_is_turned_off_and_on_and_replaced(installation):
    off = "\n  - {name: yahoo_deferred, is_enabled: false}"
    assert apply(installation, off) == [("update", "yahoo_deferred")]
    assert "yahoo_deferred" not in in_force(installation)
    assert apply(installation, off) == []
    apply(installation, off.replace("false", "true"))
    assert in_force(installation)["yahoo_deferred"].version == 1
    apply(installation, RULE.replace("our_relay_is_full", "yahoo_deferred"))
    assert in_force(installation)["yahoo_deferred"].match.codes == {452}


@pytest.mark.parametrize(
    "rule, said",
    [
        ("{name: nobody_knows, is_enabled: false}", "no rule 'nobody_knows'"),
        ("{name: half, scope: mailbox}", "a rule needs match"),
        ("{name: odd, scope: site, match: {text: spam}, action: suspend, duration_seconds: 60}", "not shared"),
        (
            "{name: odd, scope: tenant, match: {codes: [550]}, action: quarantine, duration_seconds: 60}",
            "only a mailbox",
        ),
        ("{name: odd, scope: mailbox, match: {codes: [550]}, action: slow_down, duration_seconds: 60}", "slow_ratio"),
        ("{name: odd, scope: mailbox, match: {codes: [200]}, action: suspend, duration_seconds: 60}", "400 to 599"),
        (
            "{name: odd, scope: mailbox, match: {codes: [550]}, action: suspend, duration_seconds: 60, least_matches: 3}",
            "can never be",
        ),
    ],
)
def test_a_rule_that_cannot_be_meant_is_refused(installation, rule, said):
    with pytest.raises(ConfigurationError, match=said):
        apply(installation, f"\n  - {rule}")
