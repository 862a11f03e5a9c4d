-- Rules for refusals of the sender's own account. 5.1.8 says in general that a sender's domain is not known, and 5.1.90 that a
-- day's recipients are used up: only the words tell that Microsoft has blocked an account for spam. A version that an operator has
-- put in force stays, and so does that a rule is turned off.
insert into outreach.shaping_rules (
    name, version, is_enabled, scope, match, least_matches, of_last, within_seconds, least_mailboxes, action, slow_ratio,
    duration_seconds, source, is_preset
)
select
    r.name, r.version + 1, r.is_enabled, r.scope, '{"enhanced_codes": ["5.1.8"], "text": "bad outbound sender"}',
    r.least_matches, r.of_last, r.within_seconds, r.least_mailboxes, r.action, r.slow_ratio, r.duration_seconds,
    'Microsoft Learn, non-delivery reports in Exchange Online: 550 5.1.8, bad outbound sender: blocked as a source of spam',
    true
from outreach.shaping_rules as r
where r.name = 'microsoft_365_bad_sender' and r.is_preset
and r.version = (select max(n.version) from outreach.shaping_rules as n where n.name = r.name);

insert into outreach.shaping_rules (
    name, scope, match, least_matches, of_last, within_seconds, least_mailboxes, action, slow_ratio, duration_seconds, source,
    is_preset
) values
(
    'microsoft_365_daily_quota', 'mailbox', '{"enhanced_codes": ["5.1.90", "5.7.232", "5.7.233"]}', 1, 1, 3600, 1, 'suspend',
    null, 86400,
    'Microsoft Learn, non-delivery reports in Exchange Online: the recipients of a day, of a mailbox or an organisation, are used up',
    true
),
(
    'microsoft_365_submission_quota', 'mailbox', '{"enhanced_codes": ["5.2.0", "5.2.2"], "text": "submission ?quota"}', 1, 1,
    3600, 1, 'suspend', null, 86400,
    'Exchange Online at the end of the data: SubmissionQuotaExceededException; Microsoft Learn counts recipients over 24 hours',
    true
),
(
    'microsoft_365_outbound_spam', 'mailbox', '{"enhanced_codes": ["5.2.0"], "text": "OutboundSpamException"}', 1, 1, 3600, 1,
    'suspend', null, 86400,
    'Exchange Online at the end of the data: a verdict on the account (Suspend, RefuseQuota, ShowTierUpgrade); the day is our own',
    true
),
(
    'zoho_sender_blocked', 'mailbox',
    '{"enhanced_codes": ["5.1.8", "5.4.6"], "text": "sender address blocked|unusual sending activity"}', 1, 1, 3600, 1,
    'suspend', null, 86400,
    'Zoho''s help and community: 550 5.4.6 unusual sending activity, 554 5.1.8 sender address blocked; the day is our own',
    true
);
