update outreach.operator_alerts as a
set resolved_at = %(now)s
where
    a.resolved_at is null and a.cause_key like 'host/%%'
    and not exists (select from outreach.breakers as k where 'host/' || k.host = a.cause_key and k.state <> 'closed')
