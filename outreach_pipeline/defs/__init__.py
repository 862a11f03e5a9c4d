"""The Dagster entrance: assets, checks, jobs, sensors and schedules; thin, without network or database at import."""
