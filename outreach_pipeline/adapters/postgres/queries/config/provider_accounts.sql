select name, provider, licences, messages_per_day
from outreach.provider_accounts
order by name
