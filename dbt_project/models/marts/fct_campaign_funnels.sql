select
    j.tenant_id,
    j.campaign_id,
    j.step_number,
    coalesce(j.variant, '') as variant,
    {{ outcome_counts() }},
    count(*) filter (where j.is_matured and j.was_replied)::double precision
    / nullif(count(*) filter (where j.outcome in ('delivered', 'presumed_delivered', 'complaint')), 0) as reply_ratio
from {{ ref('int_messages_judged') }} as j
group by j.tenant_id, j.campaign_id, j.step_number, coalesce(j.variant, '')
