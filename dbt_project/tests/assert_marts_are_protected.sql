-- depends_on: {{ ref('dim_mailboxes') }}, {{ ref('dim_campaigns') }}, {{ ref('fct_mailbox_days') }}
-- depends_on: {{ ref('fct_mailbox_site_days') }}, {{ ref('fct_sending_domain_days') }}, {{ ref('fct_bounce_rates') }}
-- depends_on: {{ ref('fct_campaign_funnels') }}, {{ ref('fct_weight_inputs') }}
-- Every relation that a reader can reach is a table under forced row-level security that shows a tenant to its own
-- readers, and no view looks with its owner's eyes.
select c.oid::regclass::text as relation
from pg_class as c
where
    (
        c.relnamespace = 'outreach_marts'::regnamespace
        and c.relkind in ('r', 'p', 'v', 'm', 'f')
        and c.relname not like '%\_\_dbt\_%'
        and not (
            c.relkind = 'r'
            and c.relrowsecurity
            and c.relforcerowsecurity
            and exists (select from pg_policy as p where p.polrelid = c.oid and p.polname = 'of_the_tenant')
            and exists (select from pg_policy as p where p.polrelid = c.oid and p.polname = 'of_the_analyst')
        )
    )
    or (
        c.relnamespace = 'outreach_staging'::regnamespace
        and c.relkind = 'v'
        and not coalesce('security_invoker=true' = any(c.reloptions), false)
    )
