"""Dagster definitions of the stage receive."""
