-- Which fields a named policy sets itself: all others are those of the tenant's default policy, and follow it. NULL: not
-- known, all of them; so of policies that were applied before.
alter table outreach.sending_policies add column own_fields text [];
