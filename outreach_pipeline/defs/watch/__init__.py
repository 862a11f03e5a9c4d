"""Dagster definitions of the stage watch."""
