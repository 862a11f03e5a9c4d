select t.id
from outreach.tenants_with_past_firings(%(now)s) as t (id)
