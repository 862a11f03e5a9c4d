-- A mailbox that a person has moved meanwhile stays where they put it.
update outreach.mailboxes as b
set lifecycle = r.moved_to, lifecycle_since = %(now)s, lifecycle_evidence = r.evidence
from jsonb_to_recordset(%(rows)s::jsonb) as r (mailbox_id bigint, moved_from text, moved_to text, evidence jsonb)
where
    b.tenant_id = %(tenant_id)s and b.id = r.mailbox_id and b.lifecycle = r.moved_from
    and not b.lifecycle_evidence ? 'set_by'
returning b.id
