"""Runs the gateway: ``python -m outreach_pipeline.gateway [--port PORT]``, on 127.0.0.1, until SIGTERM or SIGINT.

Belongs here: the process. Does not: the application (app.py).
"""

from __future__ import annotations

import argparse

import uvicorn

from outreach_pipeline.gateway.app import create_app
from outreach_pipeline.settings import load_settings
from outreach_pipeline.workflows.installation import check_master_key, open_installation

_HOST = "127.0.0.1"


def main() -> None:
    """Serve until told to stop."""
    settings = load_settings()
    parser = argparse.ArgumentParser(prog="python -m outreach_pipeline.gateway", description=main.__doc__)
    parser.add_argument("--port", type=int, default=settings.gateway_port, help="0 chooses a free one")
    port = parser.parse_args().port
    with open_installation(settings) as installation:
        check_master_key(installation)
        # The log of a request would hold the tokens of its links.
        uvicorn.run(
            create_app(installation), host=_HOST, port=port, access_log=False, log_level="info", server_header=False
        )


if __name__ == "__main__":
    main()
