from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time


def _status(port, path):
    """The status of an answer, or None if nobody listens yet."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", path)
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_the_process_serves_on_loopback_and_ends_at_sigterm(settings, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "OUTREACH_HOME": str(tmp_path),
        "OUTREACH_SECRET_KEY": settings.secret_key,
        "OUTREACH_DATABASE_URL": settings.database_url,
        "OUTREACH_METRICS_DATABASE_URL": settings.metrics_database_url,
    }
    command = [sys.executable, "-m", "outreach_pipeline.gateway", "--port", str(port)]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 60
        while not (status := _status(port, "/u/secret-token")):
            assert process.poll() is None, process.stderr.read()
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert status == 404
        assert _status(port, "/healthz") == 200
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=20)
    assert process.returncode in (0, -signal.SIGTERM)
    assert "secret-token" not in log
