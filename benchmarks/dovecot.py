"""Dovecot alone, for many users: few processes that hold many connections each, without a pause at logins.

Belongs here: configuration, starting and stopping. Does not: what is measured (receive), mail that travels (tests/servers).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from outreach_pipeline.sandbox.https import make_tls

DOMAIN = "acme.example"
PASSWORD = "secret"  # noqa: S105  of a server that lives for a minute
# What stands beside INBOX, as providers have it.
FOLDERS = {"Junk": "\\Junk", "Sent": "\\Sent", "Archive": "\\Archive"}
_DEADLINE_SECONDS = 30.0
_CONF = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = outreach-many-users
log_path = {folder}/dovecot.log
ssl = yes
ssl_cert = <{folder}/tls/server.pem
ssl_key = <{folder}/tls/server.pem
disable_plaintext_auth = no
auth_mechanisms = plain
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 0
default_vsz_limit = 1G
default_client_limit = 4000
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
{mailboxes}
}}
service imap-login {{
  service_count = 0
  client_limit = 4000
  process_min_avail = 1
  process_limit = 2
  inet_listener imap {{
    port = {plain}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service imap {{
  service_count = 0
  client_limit = 200
  process_limit = 64
}}
service anvil {{
  client_limit = 10000
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  client_limit = 10000
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
"""
_MAILBOX = """  mailbox {name} {{
    auto = create
    special_use = {flag}
  }}
"""


@dataclass(frozen=True, slots=True)
class Dovecot:
    """The server, running: its ports on 127.0.0.1, without and with TLS, that where an MTA asks about logins, its certificate."""

    folder: Path
    plain: int
    tls: int
    sasl: int

    @property
    def ca_file(self) -> Path:
        """PEM of the authority."""
        return self.folder / "tls" / "ca.pem"

    def put(self, user: str, content: bytes, *, count: int = 1, folder: str = "INBOX") -> None:
        """Put copies of a mail into a user's folder, as a delivery does; each is a mail of its own."""
        maildir = self.folder / "mail" / user / "Maildir"
        new = (maildir if folder == "INBOX" else maildir / f".{folder}") / "new"
        for each in ("cur", "new", "tmp"):
            (new.parent / each).mkdir(mode=0o700, parents=True, exist_ok=True)
        for number in range(count):
            name = f"{time.time_ns()}.{number}.test"
            (new / name).write_bytes(b"X-Number: %d\r\n" % time.time_ns() + content)
        owner = pwd.getpwnam("nobody")
        for path in [maildir.parent, *maildir.parent.rglob("*")]:
            os.chown(path, owner.pw_uid, owner.pw_gid)


def what_is_missing() -> str | None:
    """Say why it cannot run here, or None if it can."""
    if not _program():
        return "Dovecot is not installed: run scripts/install-mail-servers as root"
    version = subprocess.run([_program(), "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    if not version.startswith("2.3."):
        return f"Dovecot 2.3 is not installed: this is {version.strip()}, which reads another configuration"
    return None if os.geteuid() == 0 else "Dovecot serves many users only when root starts it"


@contextlib.contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Run it for the time of a block, in a folder of its own that is then removed. Every user has ``PASSWORD``."""
    folder = Path(tempfile.mkdtemp(prefix="outreach-dovecot-")).resolve()
    process: subprocess.Popen[bytes] | None = None
    try:
        folder.chmod(0o755)
        for name in ("tls", "mail", "run", "state"):
            (folder / name).mkdir(mode=0o755)
        make_tls(folder / "tls", hosts=[])
        owner = pwd.getpwnam("nobody")
        os.chown(folder / "mail", owner.pw_uid, owner.pw_gid)
        server = Dovecot(folder, *free_ports(3))
        conf = folder / "dovecot.conf"
        conf.write_text(
            _CONF.format(
                folder=folder,
                password=PASSWORD,
                uid=owner.pw_uid,
                gid=owner.pw_gid,
                plain=server.plain,
                tls=server.tls,
                sasl=server.sasl,
                mailboxes="".join(_MAILBOX.format(name=name, flag=flag) for name, flag in FOLDERS.items()),
            ),
            encoding="utf-8",
        )
        process = subprocess.Popen(  # noqa: S603
            [_program(), "-F", "-c", str(conf)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for port in (server.plain, server.tls):
            wait_for(port, process, folder / "dovecot.log")
        yield server
    finally:
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(_DEADLINE_SECONDS)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _program() -> str:
    return shutil.which("dovecot", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


def free_ports(count: int) -> list[int]:
    """Return ports of 127.0.0.1 that nobody listens on."""
    with contextlib.ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a server listens.

    Raises:
        RuntimeError: it has ended, or does not in half a minute; says what its log says.
    """
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if process.poll() is not None or time.monotonic() > deadline:
            told = log.read_text(errors="replace")[-1500:] if log.exists() else ""
            raise RuntimeError(f"Nothing listens on port {port}: {told}")
        time.sleep(0.05)
