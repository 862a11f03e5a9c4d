-- A doubtful wish to stop: nobody writes to the address until a person says what was meant.
alter table outreach.suppressions drop constraint suppressions_reason_check;
alter table outreach.suppressions add constraint suppressions_reason_check check (
    reason in ('unsubscribe', 'stop', 'complaint', 'bounce', 'manual', 'import', 'unclear_stop')
);

-- The function is the overseer's, and its owner alone may replace it.
set local role outreach_overseer;

-- What a bounce had suppressed, or a doubtful wish holds, becomes an opt-out by one, and so final.
create or replace function outreach.note_opt_out(p_scope text, p_value text, p_reason text, p_origin text) returns void
language sql security definer set search_path = outreach, pg_temp
as $$
    update suppressions as s set reason = p_reason, origin = p_origin
    where s.tenant_id = outreach.current_tenant() and s.scope = p_scope and s.value = p_value
        and s.reason in ('bounce', 'unclear_stop') and p_reason not in ('bounce', 'unclear_stop')
$$;

reset role;

-- Lifts what only doubtful wishes hold of some addresses; where one of them is dead besides, it stays as that.
create function outreach.lift_unclear_stops(p_values text []) returns setof text
language sql security definer set search_path = outreach, pg_temp
as $$
    with held as (
        select
            s.tenant_id, s.id, s.value,
            (
                select max(case v.origin when 'imap' then 'mail' else v.origin end || ' ' || v.origin_id) from events as v
                where v.tenant_id = s.tenant_id and v.kind = 'bounced' and v.bounce_class = 'hard' and v.recipient = s.value
                    and not exists (
                        select from event_retractions as r where r.tenant_id = v.tenant_id and r.event_id = v.id
                    )
            ) as bounced_by
        from suppressions as s
        where s.tenant_id = outreach.current_tenant() and s.scope = 'address' and s.reason = 'unclear_stop'
            and s.value = any(p_values)
    ),
    dead as (
        update suppressions as s set reason = 'bounce', origin = h.bounced_by
        from held as h
        where s.tenant_id = h.tenant_id and s.id = h.id and h.bounced_by is not null
    )
    delete from suppressions as s
    using held as h
    where s.tenant_id = h.tenant_id and s.id = h.id and h.bounced_by is null
    returning s.value
$$;

revoke all on function outreach.lift_unclear_stops(text []) from public;
grant execute on function outreach.lift_unclear_stops(text []) to outreach_app;
alter function outreach.lift_unclear_stops(text []) owner to outreach_overseer;
