-- For this transaction: a plan sorts and joins what four megabytes do not hold, and asks hardly any key twice, so that
-- remembering answers costs more than asking.
select
    set_config('work_mem', '48MB', true),
    set_config('hash_mem_multiplier', '4', true),
    set_config('enable_memoize', 'off', true)
