-- The dates on which each mailbox with a warm-up curve really sent, as far back as any curve looks.
select
    s.mailbox_id,
    array_agg(s.plan_date order by s.plan_date) as sent_on
from outreach.send_batches as s
inner join outreach.mailboxes as b on s.tenant_id = b.tenant_id and s.mailbox_id = b.id
where
    s.tenant_id = %(tenant_id)s and s.plan_date < %(plan_date)s
    and s.plan_date >= %(plan_date)s::date - 400
    and b.warmup_curve_id is not null
    and exists (
        select from outreach.messages as m
        where
            m.tenant_id = s.tenant_id and m.plan_date = s.plan_date and m.mailbox_id = s.mailbox_id
            and m.kind = 'campaign' and m.state in ('sent', 'presumed_sent')
    )
group by s.mailbox_id
