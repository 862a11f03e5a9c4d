select
    scope,
    key,
    ahead_seconds,
    interval_seconds,
    burst,
    in_flight,
    holders
from outreach.limits_now(
    array(select jsonb_array_elements_text(%(cells)s::jsonb -> 'scopes')),
    array(select jsonb_array_elements_text(%(cells)s::jsonb -> 'keys'))
)
