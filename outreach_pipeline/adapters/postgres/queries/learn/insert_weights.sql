insert into outreach.rotation_weights (
    tenant_id, mailbox_id, recipient_site, computed_at, weight_ratio, health_ratio, matured_sends, evidence
)
select
    %(tenant_id)s,
    r.mailbox_id,
    r.recipient_site,
    %(now)s,
    r.weight_ratio,
    r.health_ratio,
    r.matured_sends,
    r.evidence
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    mailbox_id bigint,
    recipient_site text,
    weight_ratio double precision,
    health_ratio double precision,
    matured_sends double precision,
    evidence jsonb
)
on conflict do nothing
