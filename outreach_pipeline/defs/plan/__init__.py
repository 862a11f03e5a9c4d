"""Dagster definitions of the stage plan."""
