-- Matured sends of each mailbox since a date, or since it came back from a rest.
select
    d.mailbox_id,
    sum(d.delivered + d.block_bursts)::double precision as block_trials,
    sum(d.block_bursts)::double precision as blocks,
    sum(d.complaint_trials)::double precision as complaint_trials,
    sum(d.complaints)::double precision as complaints
from outreach_marts.fct_mailbox_days as d
inner join outreach.mailboxes as b on d.tenant_id = b.tenant_id and d.mailbox_id = b.id
where
    d.tenant_id = %(tenant_id)s and d.send_date > %(since)s
    and d.send_date >= coalesce((b.lifecycle_evidence ->> 'counts_from')::date, '-infinity')
group by d.mailbox_id
order by d.mailbox_id
