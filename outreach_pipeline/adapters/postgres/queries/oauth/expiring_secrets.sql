select a.name, a.oauth_kind as kind, a.secret_expires_at, a.secret_expires_at <= %(soon)s as is_soon
from outreach.provider_accounts as a
where a.secret_expires_at is not null
order by a.name
