select
    j.tenant_id,
    j.sending_domain_id,
    j.send_date,
    {{ outcome_counts() }},
    count(distinct j.mailbox_id) as mailboxes_used
from {{ ref('int_messages_judged') }} as j
group by j.tenant_id, j.sending_domain_id, j.send_date
