-- The message of an opt-out link, if the link was opened at a link host of its own tenant.
select
    m.id,
    m.to_address,
    t.name as tenant_name,
    exists (
        select from outreach.suppressions as s
        where s.tenant_id = m.tenant_id and s.scope = 'address' and s.value = m.to_address
    ) as is_suppressed
from outreach.messages as m
join outreach.tenants as t on t.id = m.tenant_id
where
    m.tenant_id = %(tenant_id)s
    and m.id = %(message_row_id)s
    and exists (
        select from outreach.sending_domains as d
        where d.tenant_id = m.tenant_id and d.link_host = %(link_host)s
    )
