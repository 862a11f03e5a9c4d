"""Dagster definitions of the stage send."""
