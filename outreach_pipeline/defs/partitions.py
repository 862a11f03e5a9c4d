"""The partitions of a plan: a date x a tenant. Dates are each tenant's local ones."""

import dagster as dg

TENANT = "tenant"
DATE = "date"

# end_offset=2: tomorrow can be planned today, also where tomorrow begins earlier than in UTC.
dates = dg.DailyPartitionsDefinition(start_date="2026-01-01", timezone="UTC", end_offset=2)
tenants = dg.DynamicPartitionsDefinition(name=TENANT)
plan_partitions = dg.MultiPartitionsDefinition({DATE: dates, TENANT: tenants})
