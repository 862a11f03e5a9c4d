-- The inputs as columns: one row of arrays, which is a fraction of the memory of as many rows.
select
    coalesce(array_agg(i.mailbox_id), '{}') as mailbox_id,
    coalesce(array_agg(i.recipient_site), '{}') as recipient_site,
    coalesce(array_agg(i.contact_list_id), '{}') as contact_list_id,
    coalesce(array_agg(i.send_date), '{}') as send_date,
    coalesce(array_agg(i.passed_sends), '{}') as passed_sends,
    coalesce(array_agg(i.block_bursts), '{}') as block_bursts,
    coalesce(array_agg(i.complaint_trials), '{}') as complaint_trials,
    coalesce(array_agg(i.complaints), '{}') as complaints,
    coalesce(array_agg(i.complaints_observed), '{}') as complaints_observed
from (
    select *
    from outreach_marts.fct_weight_inputs
    where tenant_id = %(tenant_id)s
    order by mailbox_id, recipient_site, contact_list_id, send_date
) as i
