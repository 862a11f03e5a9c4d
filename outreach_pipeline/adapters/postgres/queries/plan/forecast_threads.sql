-- Sequences under way, by what they need next and from when on their contact may be written to, and what is planned
-- for later dates, its first mails by verification. Those that cannot go as things stand are left out, as the planner
-- leaves them out.
with threads as (
    select
        f.campaign_id,
        f.next_step as step_number,
        f.mailbox_id,
        f.due_on,
        f.out_until,
        f.is_planned,
        case
            when not f.is_planned or f.next_step > 1 then ''
            when
                f.verification in ('valid', 'catch_all')
                and f.verified_at < %(now)s - make_interval(hours => 24 * %(verification_days)s)
                then 'unverified'
            else f.verification
        end as verification
    from forecast_rows as f
    where (f.next_step > 1 or f.is_planned) and f.mailbox_id is not null and f.may_be_written_to
)

select
    t.campaign_id,
    t.step_number,
    t.mailbox_id,
    t.due_on,
    t.out_until,
    t.is_planned,
    t.verification,
    count(*)::integer as contacts
from threads as t
group by t.campaign_id, t.step_number, t.mailbox_id, t.due_on, t.out_until, t.is_planned, t.verification
order by t.campaign_id, t.step_number, t.mailbox_id, t.due_on, t.out_until, t.is_planned, t.verification
