"""Dagster definitions of the stage learn."""
