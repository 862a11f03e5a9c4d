select
    j.tenant_id,
    j.mailbox_id,
    j.recipient_site,
    j.send_date,
    {{ outcome_counts() }},
    bool_or(j.complaints_observed) as complaints_observed
from {{ ref('int_messages_judged') }} as j
group by j.tenant_id, j.mailbox_id, j.recipient_site, j.send_date
