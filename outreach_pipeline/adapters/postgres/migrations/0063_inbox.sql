-- The inbox for people: whose a reply is, until when it waits, what was answered, and what a person has corrected.

-- One spelling for all tags of an address: ann+news@example.com is ann@example.com. Who opts out under one is meant under all.
create function outreach.folded(p_address text) returns text
language sql immutable parallel safe
as $$
    select case
        when strpos(p_address, '+') > 1 then regexp_replace(p_address, '^([^+@]+)\+[^@]*@', '\1@') else p_address
    end
$$;

-- All tags of an address share its lock.
create or replace function outreach.suppression_lock(p_value text) returns bigint
language sql immutable parallel safe
as $$ select hashtextextended('outreach suppression ' || outreach.folded(lower(p_value)), 0) $$;

alter table outreach.suppressions add column folded text generated always as (outreach.folded(value)) stored;
create index suppressions_by_folded on outreach.suppressions (tenant_id, folded) where scope = 'address';
alter table outreach.operator_suppressions add column folded text generated always as (outreach.folded(value)) stored;
create index operator_suppressions_by_folded on outreach.operator_suppressions (folded) where scope = 'address';
create index contacts_by_folded_address on outreach.contacts (tenant_id, outreach.folded(address));

-- What ended a sequence, such as `mail 7`: so that a correction of that mail can tell what it had done.
alter table outreach.enrollments add column stop_origin text;

alter table outreach.inbound_messages
add column assignee text,
add column snoozed_until timestamptz,
add column done_at timestamptz,
add column done_by text,
add column correction_count integer not null default 0,
-- A mail in Sent that a person wrote: when it was asked whether it went to a contact.
add column own_mail_noted_at timestamptz;
create index inbound_messages_open on outreach.inbound_messages (tenant_id, received_at)
where direction = 'in' and kind = 'reply' and done_at is null;
create index inbound_messages_own_mail on outreach.inbound_messages (tenant_id, id)
where direction = 'out' and message_id is null and own_mail_noted_at is null;

-- What a person answers with: the text of a message of kind reply, and the ids of its thread.
create table outreach.replies (
    tenant_id uuid not null,
    message_id bigint not null,
    inbound_message_id bigint not null,
    author text not null,
    to_name text not null default '',
    subject text not null,
    text_body text not null,
    -- Message-IDs with their angle brackets, the oldest first; the last one is answered.
    thread_ids text [] not null default '{}',
    created_at timestamptz not null,
    primary key (tenant_id, message_id),
    foreign key (tenant_id, message_id) references outreach.messages (tenant_id, id),
    foreign key (tenant_id, inbound_message_id) references outreach.inbound_messages (tenant_id, id)
);
create index replies_by_inbound on outreach.replies (tenant_id, inbound_message_id);
call outreach.protect_tenant_table('outreach.replies', 'select, insert');
-- The same words to the same mail go out once; what was refused may be tried again.
create unique index messages_once_a_reply on outreach.messages (tenant_id, message_id)
where kind = 'reply' and state not in ('cancelled', 'failed');

-- events is append-only: what a wrong class had written counts no more once it stands here.
create table outreach.event_retractions (
    tenant_id uuid not null references outreach.tenants (id),
    -- No foreign key: events are kept for a while only.
    event_id bigint not null,
    retracted_at timestamptz not null,
    author text not null,
    primary key (tenant_id, event_id)
);
call outreach.protect_tenant_table('outreach.event_retractions', 'select, insert');

-- A hard bounce is no opt-out: a correction may lift it, and an opt-out that comes later takes its place, so that nothing
-- lifts that. The app may do neither but through these two.
create policy by_function on outreach.suppressions to outreach_overseer
using (tenant_id = (select outreach.current_tenant())) with check (tenant_id = (select outreach.current_tenant()));
grant update (reason, origin), delete on outreach.suppressions to outreach_overseer;

create function outreach.note_opt_out(p_scope text, p_value text, p_reason text, p_origin text) returns void
language sql security definer set search_path = outreach, pg_temp
as $$
    update suppressions as s set reason = p_reason, origin = p_origin
    where s.tenant_id = outreach.current_tenant() and s.scope = p_scope and s.value = p_value
        and s.reason = 'bounce' and p_reason <> 'bounce'
$$;

-- Lifts what one mail's bounce had suppressed, unless something else says that the address is dead.
create function outreach.lift_bounces(p_origin text) returns setof text
language sql security definer set search_path = outreach, pg_temp
as $$
    delete from suppressions as s
    where s.tenant_id = outreach.current_tenant() and s.scope = 'address' and s.reason = 'bounce' and s.origin = p_origin
        and not exists (
            select from events as v
            where v.tenant_id = s.tenant_id and v.kind = 'bounced' and v.bounce_class = 'hard' and v.recipient = s.value
                and not exists (
                    select from event_retractions as r where r.tenant_id = v.tenant_id and r.event_id = v.id
                )
        )
    returning s.value
$$;

do $own$
declare
    function_name regprocedure;
begin
    foreach function_name in array array[
        'outreach.note_opt_out(text, text, text, text)', 'outreach.lift_bounces(text)'
    ]::regprocedure[] loop
        execute format('revoke all on function %s from public', function_name);
        execute format('grant execute on function %s to outreach_app', function_name);
        execute format('alter function %s owner to outreach_overseer', function_name);
    end loop;
end
$own$;
