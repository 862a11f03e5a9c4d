-- The active data key of a tenant (NULL: the operator's), made at first use.
with made as (
    insert into outreach.data_keys (tenant_id, wrapped_key)
    select %(owner_id)s::uuid, %(fresh_key)s
    where not exists (
        select from outreach.data_keys
        where tenant_id is not distinct from %(owner_id)s::uuid and retired_at is null
    )
    on conflict do nothing
    returning id, wrapped_key
)

select id, wrapped_key from made
union all
select id, wrapped_key
from outreach.data_keys
where tenant_id is not distinct from %(owner_id)s::uuid and retired_at is null
limit 1
