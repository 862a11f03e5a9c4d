-- Every begun message is in each day mart exactly once: a join that fans out or loses rows shows here.
with judged as (
    select
        tenant_id,
        count(*) filter (where is_submitted) as sends,
        count(*) filter (where is_matured) as matured_sends
    from {{ ref('int_messages_judged') }}
    group by tenant_id
),

counted as (
    {% for mart in ['fct_mailbox_days', 'fct_mailbox_site_days', 'fct_sending_domain_days', 'fct_campaign_funnels'] %}
        select
            '{{ mart }}' as mart,
            tenant_id,
            sum(sends) as sends,
            sum(matured_sends) as matured_sends
        from {{ ref(mart) }}
        group by tenant_id
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select
    c.mart,
    c.tenant_id,
    c.sends,
    j.sends as sends_judged
from counted as c
left join judged as j on c.tenant_id = j.tenant_id
where c.sends <> coalesce(j.sends, 0) or c.matured_sends <> coalesce(j.matured_sends, 0)
