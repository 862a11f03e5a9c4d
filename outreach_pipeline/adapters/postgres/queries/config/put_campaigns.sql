insert into outreach.campaigns (
    tenant_id, slug, name, priority, share, policy_id, accepted_lawful_bases, accepted_jurisdictions,
    stops_company_on_reply
)
select
    %(tenant_id)s, r.name, r.title, r.priority, r.share, p.id,
    array(select jsonb_array_elements_text(r.accepted_lawful_bases)),
    array(select jsonb_array_elements_text(r.accepted_jurisdictions)), r.stops_company_on_reply
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    name text, title text, priority integer, share double precision, policy text, accepted_lawful_bases jsonb,
    accepted_jurisdictions jsonb, stops_company_on_reply boolean
)
left join outreach.sending_policies as p on p.tenant_id = %(tenant_id)s and r.policy = p.name
on conflict (tenant_id, slug) do update
    set name = excluded.name, priority = excluded.priority, share = excluded.share, policy_id = excluded.policy_id,
        accepted_lawful_bases = excluded.accepted_lawful_bases,
        accepted_jurisdictions = excluded.accepted_jurisdictions,
        stops_company_on_reply = excluded.stops_company_on_reply
