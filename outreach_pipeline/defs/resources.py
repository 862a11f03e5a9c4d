"""What the definitions work with: the installation, opened when an op, check or sensor runs, never at import."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg

from outreach_pipeline.settings import load_settings
from outreach_pipeline.workflows.installation import Installation, open_installation


class Platform(dg.ConfigurableResource):
    """Opens the installation that the environment describes."""

    @contextmanager
    def open(self) -> Iterator[Installation]:
        """Open it for the time of a block."""
        with open_installation(load_settings()) as installation:
            yield installation
