-- What an intent model was asked and has cost: its budget is a tenant's and a day's.

create table outreach.model_days (
    tenant_id uuid not null references outreach.tenants (id),
    -- UTC.
    used_on date not null,
    calls integer not null default 0,
    failures integer not null default 0,
    seconds double precision not null default 0,
    -- Millionths of the currency of the prices that were set.
    cost_micros bigint not null default 0,
    primary key (tenant_id, used_on)
);
call outreach.protect_tenant_table('outreach.model_days', 'select, insert, update');

-- Its answers, by a hash of model and question, which is kept nowhere.
create table outreach.model_answers (
    tenant_id uuid not null references outreach.tenants (id),
    question_sha256 text not null,
    intent text not null,
    is_sure boolean not null,
    answered_at timestamptz not null,
    primary key (tenant_id, question_sha256)
);
call outreach.protect_tenant_table('outreach.model_answers', 'select, insert');
