"""The HTTP entrance: opt-out links, signed webhooks, health, metrics and the dbt docs."""
