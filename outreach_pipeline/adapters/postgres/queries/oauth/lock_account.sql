select a.id from outreach.provider_accounts as a where a.id = %(account_id)s for no key update
