insert into outreach.contacts (
    tenant_id, address, mail_domain, company_domain, is_free_mail, first_name, last_name, company, attributes, source,
    jurisdiction, lawful_basis, time_zone, time_zone_source, country, region, language, verification, contact_list_id,
    created_at
)
select
    %(tenant_id)s, i.address, i.mail_domain, i.company_domain, i.is_free_mail, i.first_name, i.last_name, i.company,
    i.attributes::jsonb, i.source, i.jurisdiction, i.lawful_basis, i.time_zone, i.time_zone_source, i.country,
    i.region, i.language, i.verification, %(contact_list_id)s, %(now)s
from incoming_contacts as i
order by i.line
on conflict (tenant_id, address) do nothing
