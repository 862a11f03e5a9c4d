-- What is claimed comes as one document: many long arrays cost more to write down and to read.
select
    message_id,
    token
from outreach.claim_messages(
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'ids')::bigint),
    %(lease_seconds)s,
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'scopes')),
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'keys')),
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'counts')::integer),
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'holders')::bigint),
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'held_scopes')),
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'held_keys')),
    array(select jsonb_array_elements_text(%(claimed)s::jsonb -> 'tried_hosts'))
)
