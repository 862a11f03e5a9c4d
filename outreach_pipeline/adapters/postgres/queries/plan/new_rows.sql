create temporary table planned_rows (
    enrollment_id bigint not null,
    step_number integer not null,
    mailbox_id bigint not null,
    variant text not null,
    recipient_site text not null,
    is_random boolean not null,
    scheduled_ms bigint not null,
    window_ends_ms bigint not null,
    message_id text not null
) on commit drop
