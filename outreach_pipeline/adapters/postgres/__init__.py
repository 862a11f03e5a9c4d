"""Postgres: the only place that knows SQL. Migrations and named queries are files beside this one."""
