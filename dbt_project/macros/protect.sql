{#
    dbt builds a new table and renames it over the old one, so row-level security and its policies have to be made anew
    by every build, in the transaction of the rename: there is no moment in which a reader sees two tenants.
#}

{# A view sees what its reader may see, not what its owner may. #}
{% macro protect_view() %}
    alter view {{ this }} set (security_invoker = true)
{% endmacro %}

{# For tables that only dbt itself reads. #}
{% macro protect_table() %}
    alter table {{ this }} enable row level security;
    alter table {{ this }} force row level security;
    create policy transformed on {{ this }} to outreach_transform using (true) with check (true);
    analyze {{ this }};
{% endmacro %}

{# For marts: the app reads its transaction's tenant, an analyst the tenant of their own login. #}
{% macro protect_mart() %}
    {{ protect_table() }}
    create policy of_the_tenant on {{ this }} for select to outreach_app
    using (tenant_id = (select outreach.current_tenant()));
    create policy of_the_analyst on {{ this }} for select to outreach_analyst
    using (tenant_id = (select a.tenant_id from outreach.analyst_logins as a where a.login = current_user));
    create policy overseen on {{ this }} for select to outreach_overseer using (true);
    grant select on {{ this }} to outreach_app, outreach_analyst, outreach_overseer;
{% endmacro %}
