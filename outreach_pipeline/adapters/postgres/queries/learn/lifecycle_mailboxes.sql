select
    b.id,
    b.address,
    b.lifecycle,
    b.lifecycle_since,
    b.lifecycle_evidence,
    b.warmup_days_before,
    coalesce(cardinality(w.messages_per_day), 0) as curve_days
from outreach.mailboxes as b
left join outreach.warmup_curves as w on b.tenant_id = w.tenant_id and b.warmup_curve_id = w.id
where b.tenant_id = %(tenant_id)s and b.lifecycle <> 'retired' and not b.is_receive_only
order by b.id
