insert into outreach.provider_accounts (name, provider, licences, messages_per_day)
select r.name, r.provider, r.licences, r.messages_per_day
from jsonb_to_recordset(%(rows)s::jsonb) as r (name text, provider text, licences integer, messages_per_day integer)
on conflict (name) do update
    set provider = excluded.provider, licences = excluded.licences, messages_per_day = excluded.messages_per_day
returning id, name
