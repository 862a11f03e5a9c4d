-- Sequences under way, by what they need next and from when on their contact may be written to, and what is planned for
-- later dates. Those that cannot go as things stand are left out, as the planner leaves them out.
select
    f.campaign_id,
    f.next_step as step_number,
    f.mailbox_id,
    f.due_on,
    f.out_until,
    f.is_planned,
    count(*)::integer as contacts
from forecast_rows as f
where (f.next_step > 1 or f.is_planned) and f.mailbox_id is not null and f.may_be_written_to
group by f.campaign_id, f.next_step, f.mailbox_id, f.due_on, f.out_until, f.is_planned
order by f.campaign_id, f.next_step, f.mailbox_id, f.due_on, f.out_until, f.is_planned
