-- Row-level security refuses COPY into messages: the rows go through a table of the transaction.
create temporary table planned_rows (
    enrollment_id bigint not null,
    mailbox_id bigint not null,
    variant text not null,
    is_random boolean not null,
    scheduled_ms bigint not null,
    window_ends_ms bigint not null,
    message_id text not null
) on commit drop
