"""Debian's Postfix and Dovecot as plain processes on free loopback ports, with users, a private CA and answers by name.

Postfix takes submissions (STARTTLS, logins checked by Dovecot) and mail from outside, and hands both to Dovecot by LMTP;
nothing leaves the machine. ``ghost@`` is accepted and then bounced as RFC 3464, ``defer-451@`` and ``bounce-550@`` are
answered at RCPT. No file of the system's own servers is read or written, and only what was started here is stopped.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path

from imapclient import IMAPClient

from benchmarks.dovecot import free_ports
from benchmarks.postfix import BASE_CF, BASE_SERVICES
from outreach_pipeline.sandbox.https import make_tls

SENDERS, PEOPLE = "acme-mail.example", "people.example"
PASSWORD = "of-the-mail-servers"
USERS_A_DOMAIN = 40
# Names with which only the flags of RFC 6154 tell what the folders are for; one needs IMAP's own UTF-7.
JUNK, SENT, ARCHIVE = "Verdächtig", "Weg damit", "Keller"
_DEADLINE_SECONDS = 30.0
_ANSWERS = """
/^defer-451@/   451 4.2.0 try again later
/^bounce-550@/  550 5.1.1 user unknown
"""
_MAIN_CF = (
    BASE_CF
    + """
myhostname = mx.{people}
local_transport = error:no local mail
relay_domains =
default_transport = error:5.4.0 nothing leaves this machine
smtp_dns_support_level = disabled
biff = no
virtual_mailbox_domains = {senders} {people}
virtual_mailbox_maps = texthash:{folder}/recipients
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/answers
smtpd_tls_security_level = may
smtpd_tls_chain_files = {folder}/tls/server.pem
"""
)
_MASTER_CF = (
    """
127.0.0.1:{smtp} inet n - n - - smtpd
127.0.0.1:{submission} inet n - n - - smtpd
  -o syslog_name=postfix/submission
  -o smtpd_tls_security_level=encrypt
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
tlsmgr    unix  - - n 1000? 1 tlsmgr
lmtp      unix  - - n - - lmtp
"""
    + BASE_SERVICES
)
_DOVECOT_CONF = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
instance_name = outreach-tests
log_path = {folder}/dovecot.log
ssl = required
ssl_cert = <{folder}/tls/server.pem
ssl_key = <{folder}/tls/server.pem
auth_mechanisms = plain login
auth_verbose = yes
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
passdb {{
  driver = passwd-file
  args = scheme=PLAIN username_format=%Lu {folder}/users
}}
userdb {{
  driver = passwd-file
  args = username_format=%Lu {folder}/users
}}
namespace inbox {{
  inbox = yes
  mailbox "{junk}" {{
    auto = create
    special_use = \\Junk
  }}
  mailbox "{sent}" {{
    auto = create
    special_use = \\Sent
  }}
  mailbox "{archive}" {{
    auto = create
    special_use = \\Archive
  }}
  mailbox Entwürfe {{
    auto = create
    special_use = \\Drafts
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@{people}
}}
service imap-login {{
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
  }}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {sasl}
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
"""


def what_is_missing() -> str | None:
    """Say why the servers cannot run here, or None if they can."""
    for name, program in (("Postfix", "postfix"), ("Dovecot", "dovecot")):
        if not _program(program):
            return f"{name} is not installed: run scripts/install-mail-servers as root"
    version = subprocess.run([_program("dovecot"), "--version"], capture_output=True, text=True, check=True).stdout
    if not version.startswith("2.3."):
        return f"Dovecot 2.3 is not installed: this is {version.strip()}, which reads another configuration"
    if os.geteuid() != 0:
        return "Postfix is not startable by an ordinary user: run the tests as root"
    return None


@dataclass(frozen=True, slots=True)
class Ports:
    """Where the servers listen on 127.0.0.1; ``smtp`` takes mail from outside, without a login."""

    smtp: int
    submission: int
    imap: int
    imaps: int
    lmtp: int
    sasl: int


@dataclass(slots=True)
class MailServers:
    """Both servers, running. Users are ``box01`` … in SENDERS and ``person01`` … in PEOPLE, each with PASSWORD."""

    folder: Path
    ports: Ports
    _taken: dict[str, int] = field(default_factory=dict)

    @property
    def ca_file(self) -> Path:
        """PEM of the authority that both servers' certificate comes from."""
        return self.folder / "tls" / "ca.pem"

    def take(self, domain: str, count: int = 1) -> list[str]:
        """Return addresses of a domain that no other test has used, with empty mailboxes."""
        first = self._taken.get(domain, 0)
        self._taken[domain] = first + count
        assert self._taken[domain] <= USERS_A_DOMAIN, "the tests need more users: raise USERS_A_DOMAIN"
        return _addresses(domain)[first : first + count]

    @contextlib.contextmanager
    def mailbox(self, address: str) -> Iterator[IMAPClient]:
        """Give an IMAP connection of a user's own mail program."""
        context = ssl.create_default_context(cafile=str(self.ca_file))
        with IMAPClient("127.0.0.1", port=self.ports.imaps, ssl_context=context, timeout=_DEADLINE_SECONDS) as client:
            client.login(address, PASSWORD)
            yield client

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """Return the raw mails of a folder, oldest first, without changing a flag."""
        with self.mailbox(address) as client:
            client.select_folder(folder, readonly=True)
            fetched = client.fetch(client.search(), ["BODY.PEEK[]"])
            return [fetched[uid][b"BODY[]"] for uid in sorted(fetched)]

    def deliver(self, message: EmailMessage) -> None:
        """Bring a mail from outside, as any other server on the Internet would, and wait until it has arrived."""
        with smtplib.SMTP("127.0.0.1", self.ports.smtp, timeout=_DEADLINE_SECONDS) as client:
            client.send_message(message)
        self.settle()

    def settle(self) -> None:
        """Wait until Postfix has nothing left to do: all mail is delivered, all bounces too."""
        command = ["/usr/sbin/postqueue", "-c", str(self.folder / "postfix"), "-j"]
        _wait(lambda: subprocess.run(command, capture_output=True, check=True).stdout == b"", "an empty mail queue")

    def log_lines(self, program: str, *words: str) -> list[str]:
        """Return the lines of ``postfix.log`` or ``dovecot.log`` that hold all these words."""
        text = (self.folder / f"{program}.log").read_text(errors="replace")
        return [line for line in text.splitlines() if all(word in line for word in words)]

    def wait_for_log(self, program: str, *words: str) -> list[str]:
        """Wait until such a line is there, and return all."""
        _wait(lambda: self.log_lines(program, *words), f"{' '.join(words)!r} in {program}.log")
        return self.log_lines(program, *words)


@contextlib.contextmanager
def run_mail_servers() -> Iterator[MailServers]:
    """Run both servers for the time of a block, in a folder of their own that is then removed."""
    # Not below pytest's folder: the servers' unprivileged processes have to reach it.
    folder = Path(tempfile.mkdtemp(prefix="outreach-mail-")).resolve()
    started: list[subprocess.Popen[bytes]] = []
    try:
        servers = MailServers(folder, Ports(*free_ports(6)))
        _write(servers)
        started.append(_start([_program("dovecot"), "-F", "-c", f"{folder}/dovecot.conf"], log=folder / "dovecot.out"))
        started.append(_start([_program("postfix"), "-c", f"{folder}/postfix", "start-fg"], log=folder / "postfix.out"))
        for port in (servers.ports.imap, servers.ports.imaps, servers.ports.lmtp, servers.ports.sasl):
            _wait(lambda port=port: _answers(port), f"port {port}", _log_ends(folder, "dovecot"))
        for port in (servers.ports.smtp, servers.ports.submission):
            _wait(lambda port=port: _answers(port), f"port {port}", _log_ends(folder, "postfix"))
        yield servers
    finally:
        for process in reversed(started):
            _stop(process, pid_file=folder / "spool" / "pid" / "master.pid")
        shutil.rmtree(folder, ignore_errors=True)


def _write(servers: MailServers) -> None:
    folder, ports = servers.folder, servers.ports
    folder.chmod(0o755)
    for name in ("postfix", "spool", "data", "tls", "mail", "run", "state"):
        (folder / name).mkdir(mode=0o755)
    make_tls(folder / "tls", hosts=[])
    names = {
        "folder": folder, "senders": SENDERS, "people": PEOPLE, "junk": JUNK, "sent": SENT, "archive": ARCHIVE,
        **{name: getattr(ports, name) for name in Ports.__slots__},
    }  # fmt: skip
    users = _addresses(SENDERS) + _addresses(PEOPLE)
    owner = pwd.getpwnam("nobody")
    for name, text in (
        ("postfix/main.cf", _MAIN_CF.format(**names)),
        ("postfix/master.cf", _MASTER_CF.format(**names)),
        ("answers", _ANSWERS),
        # Postfix knows the ghost, Dovecot does not.
        ("recipients", "".join(f"{address} ok\n" for address in [*users, f"ghost@{PEOPLE}"])),
        ("dovecot.conf", _DOVECOT_CONF.format(**names)),
        (
            "users",
            "".join(
                f"{address}:{PASSWORD}:{owner.pw_uid}:{owner.pw_gid}::{folder}/mail/{address}::\n" for address in users
            ),
        ),
    ):
        (folder / name).write_text(text)
    os.chown(folder / "data", pwd.getpwnam("postfix").pw_uid, -1)
    os.chown(folder / "mail", owner.pw_uid, -1)


def _addresses(domain: str) -> list[str]:
    kind = {SENDERS: "box", PEOPLE: "person"}[domain]
    return [f"{kind}{number:02}@{domain}" for number in range(1, USERS_A_DOMAIN + 1)]


def _program(name: str) -> str:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin") or ""


def _start(command: list[str], *, log: Path) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True)


def _stop(process: subprocess.Popen[bytes], *, pid_file: Path) -> None:
    """Stop a server: Dovecot's master is our child, Postfix's the child of the script that was started."""
    master = process.pid
    if "postfix" in process.args[0]:
        with contextlib.suppress(OSError, ValueError):
            master = int(pid_file.read_text())
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(master, signal.SIGTERM)
    try:
        process.wait(_DEADLINE_SECONDS)
    except subprocess.TimeoutExpired:
        for group in {process.pid, master}:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(group, signal.SIGKILL)
        process.wait()


def _answers(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
        return True
    return False


def _log_ends(folder: Path, program: str):
    def read() -> str:
        logs = [folder / f"{program}.out", folder / f"{program}.log"]
        return "\n".join(log.read_text(errors="replace")[-1500:] for log in logs if log.exists())

    return read


def _wait(holds, what: str, explain=lambda: "") -> None:
    deadline = time.monotonic() + _DEADLINE_SECONDS
    while not holds():
        assert time.monotonic() < deadline, f"{what} was waited for in vain for {_DEADLINE_SECONDS:g} s. {explain()}"
        time.sleep(0.05)
