select
    j.tenant_id,
    j.mailbox_id,
    j.recipient_site,
    coalesce(j.contact_list_id, 0) as contact_list_id,
    j.send_date,
    j.sending_domain_id,
    j.provider_account_id,
    count(*) filter (where j.outcome in ('delivered', 'presumed_delivered', 'complaint')) as passed_sends,
    coalesce(sum(j.block_share), 0)::double precision as block_bursts,
    count(*) filter (where j.is_complaint_trial) as complaint_trials,
    count(*) filter (where j.outcome = 'complaint') as complaints,
    bool_or(j.complaints_observed) as complaints_observed
from {{ ref('int_messages_judged') }} as j
where
    j.outcome in ('delivered', 'presumed_delivered', 'complaint', 'block')
    and j.begun_at > {{ as_of() }} - make_interval(days => {{ var('weight_window_days') }})
group by
    j.tenant_id, j.mailbox_id, j.recipient_site, coalesce(j.contact_list_id, 0), j.send_date,
    j.sending_domain_id, j.provider_account_id
