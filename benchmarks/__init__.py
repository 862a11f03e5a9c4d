"""What the platform costs, measured: one module a stage, each prints its measurements as JSON lines."""
