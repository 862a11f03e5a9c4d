-- What people note of mails: whose they are, until when they wait, that they are done.
update outreach.inbound_messages as i
set
    assignee = case when %(sets_assignee)s then %(assignee)s else i.assignee end,
    snoozed_until = case when %(sets_snooze)s then %(snoozed_until)s else i.snoozed_until end,
    done_at = case when %(sets_done)s then %(done_at)s else i.done_at end,
    done_by = case when %(sets_done)s then %(done_by)s else i.done_by end
where i.tenant_id = %(tenant_id)s and i.id = %(id)s
