"""A configuration is applied once, whole or not at all, and never shows a secret."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from outreach_pipeline.core.configuration_file import read_configuration
from outreach_pipeline.core.errors import ConfigurationError, UsageError
from outreach_pipeline.workflows.apply import apply_configuration

ACME = (Path(__file__).parents[1] / "data" / "acme.yaml").read_text(encoding="utf-8")
SECRETS = ("webhook-secret-of-acme", "ZGtpbS1rZXktb2YtYWNtZS13aXRoLTMyLWJ5dGVzISE=", "password-of-ann")


def document(text: str = ACME, **environment: str):
    return read_configuration(text, environment=environment)


def everything(admin) -> dict[str, list[str]]:
    """Every row of every table as text."""
    tables = admin.execute(
        "select format('%I.%I', n.nspname, c.relname) from pg_class c join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname = 'outreach' and c.relkind = 'r'"
    ).fetchall()
    return {table: sorted(row for (row,) in admin.execute(f"select t::text from {table} t")) for (table,) in tables}


def test_the_first_apply_makes_what_the_file_says(installation, admin):
    changes = apply_configuration(installation, document())
    assert {(each.kind, each.action) for each in changes} == {
        ("tenant", "create"), ("provider_account", "create"), ("rate_limit", "update"), ("sending_policy", "create"),
        ("warmup_curve", "create"), ("webhook_source", "create"), ("sending_domain", "create"), ("mailbox", "create"),
        ("campaign", "create"),
    }  # fmt: skip
    rows = admin.execute(
        "select address, p.name, w.name, lifecycle, lane, a.name from outreach.mailboxes b"
        " left join outreach.sending_policies p on p.id = b.policy_id"
        " left join outreach.warmup_curves w on w.id = b.warmup_curve_id"
        " left join outreach.provider_accounts a on a.id = b.provider_account_id order by 1"
    ).fetchall()
    assert rows == [
        ("ann@acme-mail.example", None, "mine", "warming", 0, "acme-google"),
        ("bob@acme-mail.example", "careful", "warmbly", "active", 0, "acme-google"),
        ("box@acme-mail.example", None, "mine", "warming", 0, "acme-google"),
    ]
    steps = admin.execute("select step_number, wait_days, subject from outreach.campaign_steps order by 1").fetchall()
    assert steps == [(1, 0, "Hello {{ first_name }}"), (2, 3, "Once more")]
    pool = admin.execute(
        "select b.address from outreach.campaign_mailboxes m join outreach.mailboxes b on b.id = m.mailbox_id order by 1"
    ).fetchall()
    assert [address for (address,) in pool] == ["ann@acme-mail.example", "bob@acme-mail.example"]


def test_a_broken_dkim_key_is_named_with_its_place(installation, admin):
    before = everything(admin)
    with pytest.raises(
        ConfigurationError, match=r"tenants\[0\].sending_domains\[0\].dkim_key: the DKIM key does not open"
    ) as told:
        apply_configuration(installation, document(ACME.replace(SECRETS[1], "bm8ga2V5")))
    assert "bm8ga2V5" not in str(told.value)
    assert everything(admin) == before


def test_hosts_and_source_addresses_are_set_once(installation, admin):
    hosts = (
        "provider_hosts: [{host: 'SMTP.acme-mail.example:587', messages_per_connection: 50, uses_chunking: false}]\n"
    )
    text = hosts + ACME.replace("slug: acme\n", "slug: acme\n    source_address: 2001:DB8:0::7\n")
    assert text.count("source_address") == 1
    changes = apply_configuration(installation, document(text))
    assert ("provider_host", "smtp.acme-mail.example:587", "create") in {
        (each.kind, each.name, each.action) for each in changes
    }
    assert admin.execute("select * from outreach.provider_hosts").fetchall() == [
        ("smtp.acme-mail.example:587", 50, 30, True, False)
    ]
    assert admin.execute("select host(source_address) from outreach.tenants").fetchone() == ("2001:db8::7",)
    assert not [each for each in apply_configuration(installation, document(text)) if each.writes]
    with pytest.raises(ConfigurationError, match=r"tenants\[0\].source_address: "):
        document(text.replace("2001:DB8:0::7", "nowhere"))


def test_a_domain_without_a_selector_keeps_no_dkim_key(installation, admin):
    apply_configuration(installation, document())
    kept = "select dkim_selector, dkim_key_ciphertext is not null from outreach.sending_domains"
    assert admin.execute(kept).fetchall() == [("s1", True)]
    apply_configuration(installation, document(ACME.replace(f", dkim_selector: s1, dkim_key: {SECRETS[1]}", "")))
    assert admin.execute(kept).fetchall() == [(None, False)]


def test_a_mailbox_goes_no_faster_than_its_policy_allows(installation, admin):
    apply_configuration(installation, document())
    gaps = admin.execute(
        "select b.address, l.message_count, l.per_seconds, l.burst from outreach.rate_limits l"
        " join outreach.mailboxes b on b.id::text = l.key where l.scope = 'mailbox' order by 1"
    ).fetchall()
    assert gaps == [
        ("ann@acme-mail.example", 1, 600.0, 1),
        ("bob@acme-mail.example", 1, 1200.0, 1),
        ("box@acme-mail.example", 1, 600.0, 1),
    ]


def test_a_named_policy_is_the_default_one_but_for_what_it_names(installation, admin):
    default, careful = "{messages_per_day_per_mailbox: 40}", "{minimum_gap_seconds: 1200}"
    asked = (
        "select policy -> 'minimum_gap_seconds', policy -> 'messages_per_day_per_mailbox', policy ->> 'window_ends'"
        " from outreach.sending_policies where name = 'careful'"
    )
    text = ACME.replace(default, "{messages_per_day_per_mailbox: 7, window_ends: '18:00'}")
    apply_configuration(installation, document(text))
    assert admin.execute(asked).fetchall() == [(1200, 7, "18:00:00")]
    # The default one alone is applied: what the other does not name follows it.
    alone = text.replace("mailbox: 7", "mailbox: 9, minimum_gap_seconds: 300").replace(f", careful: {careful}", "")
    alone = alone.replace("policy: careful, ", "")
    changes = apply_configuration(installation, document(alone))
    assert ("careful", {"messages_per_day_per_mailbox": (7, 9)}) in [(each.name, each.fields) for each in changes]
    assert admin.execute(asked).fetchall() == [(1200, 9, "18:00:00")]
    # A named one alone is applied: it starts from the default one that is there.
    later = ACME.replace(f"default: {default}, careful: {careful}", "careful: {window_starts: '10:00'}")
    later = later.replace("- slug: spring", "- policy: careful\n        slug: spring")
    apply_configuration(installation, document(later))
    assert admin.execute(asked).fetchall() == [(300, 9, "18:00:00")]
    assert not [each for each in apply_configuration(installation, document(later)) if each.writes]
    before = everything(admin)
    with pytest.raises(
        ConfigurationError, match=r"policies\.careful, with what it takes from default: .* before window"
    ):
        apply_configuration(
            installation,
            document(
                later.replace("careful: {", "default: {window_ends: '16:30'}, careful: {").replace("10:00", "16:59")
            ),
        )
    assert everything(admin) == before


@pytest.mark.parametrize(
    "policy, rate",
    [
        # The default is 30 a minute: a shorter gap does not come to more.
        ("{minimum_gap_seconds: 1}", (1, 2.0, 1)),
        ("{minimum_gap_seconds: 0}", (30, 60.0, 1)),
        # At most 300 in any minute: five at once, and 296 more a minute, the first of which comes a fifth of a second later.
        ("{minimum_gap_seconds: 0, messages_per_minute_per_mailbox: 300}", (296, 60.0, 5)),
    ],
)
def test_a_limit_a_minute_is_held_with_and_without_a_gap(installation, admin, policy, rate):
    apply_configuration(installation, document(ACME.replace("{messages_per_day_per_mailbox: 40}", policy)))
    rates = admin.execute(
        "select distinct l.message_count, l.per_seconds, l.burst from outreach.rate_limits l"
        " join outreach.mailboxes b on b.id::text = l.key where l.scope = 'mailbox' and b.address like 'ann@%'"
    ).fetchall()
    assert rates == [rate]


def test_applying_the_same_file_again_changes_nothing(installation, admin):
    apply_configuration(installation, document())
    before = everything(admin)
    assert apply_configuration(installation, document()) == [
        each for each in apply_configuration(installation, document()) if not each.writes
    ]
    assert everything(admin) == before


def test_a_dry_run_shows_the_same_changes_and_writes_nothing(installation, admin):
    before = everything(admin)
    foreseen = apply_configuration(installation, document(), dry_run=True)
    assert everything(admin) == before
    assert apply_configuration(installation, document()) == foreseen


def test_no_table_and_no_change_holds_a_secret_in_plain_text(installation, admin):
    changes = apply_configuration(installation, document())
    later = apply_configuration(installation, document(ACME.replace("password-of-ann", "password-of-ann-2")))
    text = repr(everything(admin)) + repr(changes + later)
    assert not [secret for secret in SECRETS if secret in text or secret.encode().hex() in text]
    assert [dict(each.fields) for each in later if each.writes] == ([{"password": ("(secret)", "(secret)")}] * 3)


def test_a_secret_is_written_again_only_if_it_changed(installation, admin):
    query = "select address, secret_ciphertext from outreach.mailboxes order by 1"
    apply_configuration(installation, document())
    first = admin.execute(query).fetchall()
    apply_configuration(installation, document(ACME.replace("display_name: Ann Example", "display_name: Ann")))
    apply_configuration(installation, document(ACME.replace("        password: password-of-ann\n", "")))
    assert admin.execute(query).fetchall() == first
    apply_configuration(installation, document(ACME.replace("password: password-of-ann", "password: another")))
    assert not set(admin.execute(query).fetchall()) & set(first)
    key = admin.execute("select wrapped_key from outreach.data_keys where tenant_id is not null").fetchone()[0]
    owner = str(installation.tenants("acme")[0].id)
    for address, sealed in admin.execute(query).fetchall():
        purpose = f"mailbox {address}"
        assert installation.vault.decrypt(sealed, wrapped_key=key, owner=owner, purpose=purpose) == "another"


def test_what_the_file_does_not_name_is_kept_and_said(installation, admin):
    apply_configuration(installation, document())
    tenant, _, rest = ACME.partition("      - {<<: *ann, address: bob")
    changes = apply_configuration(installation, document(tenant + rest[rest.index("    campaigns:") :]))
    kept = {(each.kind, each.name) for each in changes if each.action == "keep"}
    assert {("mailbox", "bob@acme-mail.example"), ("mailbox", "box@acme-mail.example")} <= kept
    assert not [each for each in changes if each.writes]
    assert admin.execute("select count(*) from outreach.mailboxes").fetchone() == (3,)


def test_a_domain_has_one_tenant_and_nothing_is_half_done(installation, admin):
    apply_configuration(installation, document())
    before = everything(admin)
    other = ACME.replace("slug: acme", "slug: beta").replace("300/minute", "200/minute")
    with pytest.raises(
        ConfigurationError, match=r"tenants\[0\].sending_domains\[0\].domain: acme-mail.example belongs"
    ):
        apply_configuration(installation, document(other))
    assert everything(admin) == before


def test_a_new_mailbox_needs_a_password(installation):
    with pytest.raises(ConfigurationError, match=r"tenants\[0\].mailboxes\[0\].password: is missing"):
        apply_configuration(installation, document(ACME.replace("        password: password-of-ann\n", "")))
    with pytest.raises(UsageError):
        installation.tenants("acme")


def test_small_tenants_share_a_lane(installation, admin):
    apply_configuration(installation, document())
    apply_configuration(installation, document(ACME.replace("acme", "beta")))
    lanes = admin.execute("select distinct lane from outreach.mailboxes").fetchall()
    assert lanes == [(0,)]


def test_a_changed_default_limit_reaches_the_rows_made_from_it(installation, admin):
    admin.execute(
        "insert into outreach.rate_limits (scope, key, message_count, per_seconds, burst, in_flight)"
        " select scope, 'gmail', message_count, per_seconds, burst, in_flight from outreach.rate_limits"
        " where scope = 'recipient_site' and key = '*'"
    )
    apply_configuration(installation, document())
    query = "select key, message_count from outreach.rate_limits where scope = 'recipient_site' order by 1"
    assert admin.execute(query).fetchall() == [("*", 300), ("gmail", 300)]


def test_two_at_once_make_everything_once(installation, admin):
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _: apply_configuration(installation, document()), range(2)))
    assert [each.kind for each in outcomes[0] + outcomes[1] if each.action == "create"].count("mailbox") == 3
    assert admin.execute("select count(*), count(distinct lane) from outreach.mailboxes").fetchone() == (3, 1)
    assert not [each for each in apply_configuration(installation, document()) if each.writes]


def test_a_large_fleet_is_applied_in_lanes(installation, admin):
    head, _, rest = ACME.partition("      - {<<: *ann, address: bob")
    many = "".join(f"      - {{<<: *ann, address: m{number}@acme-mail.example}}\n" for number in range(400))
    apply_configuration(installation, document(head + many + rest[rest.index("    campaigns:") :]))
    lanes = admin.execute("select lane, count(*) from outreach.mailboxes group by lane order by lane").fetchall()
    assert lanes == [(0, 300), (1, 101)]


def test_every_change_is_logged_with_its_author(installation, admin):
    apply_configuration(installation, document(), author="ann")
    assert admin.execute(
        "select author, action from outreach.audit_log where subject = 'mailbox bob@acme-mail.example'"
    ).fetchall() == [("ann", "apply create")]
    assert admin.execute("select subject from outreach.operator_audit_log order by 1").fetchall() == [
        ("provider_account acme-google",), ("rate_limit recipient_site *",), ("tenant acme",),
    ]  # fmt: skip
