-- A first note that tells of the end as well needs no second one.
update outreach.alerts
set
    notified_channels = case when %(is_first)s then %(taken_by)s::text [] else notified_channels end,
    notified_at = case when %(is_first)s and %(is_done)s then %(now)s else notified_at end,
    resolution_notified_channels
    = case when %(is_over)s then %(taken_by)s::text [] else resolution_notified_channels end,
    resolution_notified_at = case when %(is_over)s and %(is_done)s then %(now)s else resolution_notified_at end
where tenant_id = %(tenant_id)s and id = %(id)s
