-- For this transaction: a plan sorts and joins what four megabytes do not hold.
select set_config('work_mem', '48MB', true)
