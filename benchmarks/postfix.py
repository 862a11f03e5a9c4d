"""Debian's Postfix as the submission server of many mailboxes: it takes every login that Dovecot knows, and forgets the mail.

What it takes it queues on disk as any MTA does; its delivery agent is ``discard``. Belongs here: configuration, starting and
stopping. Does not: what is measured (send), mail that arrives somewhere (tests/servers).
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.dovecot import free_ports, wait_for

_DEADLINE_SECONDS = 60.0
# What any Postfix of ours needs: nothing of the system's own one, loopback alone, logins that Dovecot checks.
BASE_CF = """
compatibility_level = 3.6
queue_directory = {folder}/spool
data_directory = {folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
meta_directory = /etc/postfix
mail_owner = postfix
setgid_group = postdrop
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
smtpd_peername_lookup = no
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl}
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
smtpd_error_sleep_time = 0
enable_long_queue_ids = yes
"""
BASE_SERVICES = """
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
flush     unix  n - n 1000? 0 flush
proxymap  unix  - - n - - proxymap
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
anvil     unix  - - n - 1 anvil
postlog   unix-dgram n - n - 1 postlogd
"""
_MAIN_CF = (
    BASE_CF
    + """
myhostname = mx.acme.example
default_transport = discard:
smtpd_relay_restrictions = permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = yes
"""
)
_MASTER_CF = (
    """
127.0.0.1:{port} inet n - n - 200 smtpd
discard   unix  - - n - - discard
"""
    + BASE_SERVICES
)


@dataclass(frozen=True, slots=True)
class Postfix:
    """The server, running: its port on 127.0.0.1, without TLS."""

    folder: Path
    port: int

    def settle(self) -> None:
        """Wait until its queue is empty, so that what it does with earlier mail is in nobody's time.

        Raises:
            RuntimeError: it is not within a minute.
        """
        command = ["/usr/sbin/postqueue", "-c", str(self.folder / "postfix"), "-j"]
        deadline = time.monotonic() + _DEADLINE_SECONDS
        while subprocess.run(command, capture_output=True, check=True).stdout:  # noqa: S603
            if time.monotonic() > deadline:
                raise RuntimeError("Postfix's queue does not become empty.")
            time.sleep(0.2)

    def taken(self) -> int:
        """Return how many messages it has taken and given to its delivery agent since it started."""
        return (self.folder / "postfix.log").read_text(errors="replace").count("status=sent")


def what_is_missing() -> str | None:
    """Say why it cannot run here, or None if it can."""
    if not _program():
        return "Postfix is not installed: run scripts/install-mail-servers as root"
    return None if os.geteuid() == 0 else "Postfix starts only for root"


@contextlib.contextmanager
def postfix(*, sasl: int) -> Iterator[Postfix]:
    """Run it for the time of a block, in a folder of its own that is then removed; Dovecot's port ``sasl`` checks logins."""
    folder = Path(tempfile.mkdtemp(prefix="outreach-postfix-")).resolve()
    process: subprocess.Popen[bytes] | None = None
    try:
        folder.chmod(0o755)
        for name in ("postfix", "spool", "data"):
            (folder / name).mkdir(mode=0o755)
        os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
        server = Postfix(folder, *free_ports(1))
        (folder / "postfix" / "main.cf").write_text(_MAIN_CF.format(folder=folder, sasl=sasl), encoding="utf-8")
        (folder / "postfix" / "master.cf").write_text(_MASTER_CF.format(port=server.port), encoding="utf-8")
        process = subprocess.Popen(  # noqa: S603
            [_program(), "-c", str(folder / "postfix"), "start-fg"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        wait_for(server.port, process, folder / "postfix.log")
        yield server
    finally:
        if process is not None:
            _stop(process, folder)
        shutil.rmtree(folder, ignore_errors=True)


def _stop(process: subprocess.Popen[bytes], folder: Path) -> None:
    """Stop the master, which is a child of the script that was started."""
    with contextlib.suppress(OSError, ValueError):
        os.kill(int((folder / "spool" / "pid" / "master.pid").read_text()), signal.SIGTERM)
    try:
        process.wait(_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _program() -> str:
    return shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""
