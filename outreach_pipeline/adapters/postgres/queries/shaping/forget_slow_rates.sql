-- Rates that were made only to be slowed.
delete from outreach.rate_limits
where was_made_to_slow and slow_ratio = 1
