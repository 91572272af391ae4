"""A private Dovecot for tests: its own folder, ports, certificate; any user logs in with one password."""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import os
import pwd
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped,unused-ignore]  # typed stubs are not among our tools

from intake.imapsettings import ImapSettings

PASSWORD = "secret"

_CONFIG = """
base_dir = {base}/run
state_dir = {base}/state
log_path = {base}/dovecot.log
protocols = imap lmtp
listen = 127.0.0.1
instance_name = otvet-tests
default_internal_user = {owner}
default_internal_group = {group}
default_login_user = {owner}
first_valid_uid = {uid}
mail_uid = {owner}
mail_gid = {group}
ssl = yes
ssl_cert = <{base}/tls/cert.pem
ssl_key = <{base}/tls/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login xoauth2
mail_location = maildir:{base}/mail/%u/Maildir
mail_home = {base}/mail/%u
mail_max_userip_connections = 100
passdb {{
  driver = static
  args = password={password}
  mechanisms = plain login
}}
passdb {{
  driver = oauth2
  mechanisms = xoauth2
  args = {base}/oauth2.conf
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={base}/mail/%u allow_all_users=yes
}}
namespace inbox {{
  inbox = yes
  separator = /
}}
service anvil {{
  chroot =
  # no growing delay after a wrong password: all tests come from one address
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps}
    ssl = yes
  }}
}}
service lmtp {{
  user = {owner}
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
}}
"""

_OAUTH2 = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={base}/keys/
username_attribute = sub
"""
_KEY = b"a key of the tests alone, long enough for HS256"


def free_port() -> int:
    """A port of loopback that nobody listens on now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Dovecot:
    """A running server; ``start`` after ``kill`` brings it back on the same ports with the same mail."""

    base: Path
    imap_port: int
    imaps_port: int
    lmtp_port: int
    process: subprocess.Popen[bytes] | None = None

    def settings(self, user: str, **changes: object) -> ImapSettings:
        """How a mailbox of this server is reached."""
        given: dict[str, object] = {
            "name": "imap:test",
            "host": "localhost",
            "port": self.imaps_port,
            "user": user,
            "password": PASSWORD,
            "ca_file": self.ca_file,
            "timeout": 5,
        }
        return ImapSettings.model_validate(given | changes)

    @classmethod
    def create(cls, more: str = "") -> Dovecot:
        """Lay out folder, certificate and configuration, with ``more`` lines of it."""
        base = Path(tempfile.mkdtemp(prefix="dc", dir="/tmp"))  # unix sockets end at 107 characters
        server = cls(base, free_port(), free_port(), free_port())
        owner = pwd.getpwnam("dovecot") if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
        for name in ("run", "state", "mail", "tls"):
            (base / name).mkdir()
        server.certificate(base / "tls", "DNS:localhost,IP:127.0.0.1")
        text = _CONFIG.format(
            base=base,
            owner=owner.pw_name,
            group=_group_name(owner.pw_gid),
            uid=owner.pw_uid,
            gid=owner.pw_gid,
            password=PASSWORD,
            imap=server.imap_port,
            imaps=server.imaps_port,
            lmtp=server.lmtp_port,
        )
        (base / "dovecot.conf").write_text(text + more)
        (base / "oauth2.conf").write_text(_OAUTH2.format(base=base))
        keys = base / "keys" / "default" / "HS256"
        keys.mkdir(parents=True)
        (keys / "default").write_bytes(base64.b64encode(_KEY))
        if os.geteuid() == 0:
            base.chmod(0o755)
            for path in (base / "mail", base / "run", base / "state"):
                shutil.chown(path, owner.pw_uid, owner.pw_gid)
        return server

    @staticmethod
    def certificate(folder: Path, names: str) -> None:
        """Make a self-signed certificate for ``names`` (subjectAltName)."""
        subprocess.run(
            [
                *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
                *("-days", "2", "-subj", "/CN=otvet-tests", "-addext", f"subjectAltName={names}"),
                *("-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")),
            ],
            check=True,
            capture_output=True,
        )

    @property
    def ca_file(self) -> Path:
        """The certificate to trust."""
        return self.base / "tls" / "cert.pem"

    def start(self) -> None:
        """Start and wait for the greeting."""
        self._wait_for_ports()
        (self.base / "run" / "master.pid").unlink(missing_ok=True)
        self.process = subprocess.Popen(
            ["dovecot", "-F", "-c", str(self.base / "dovecot.conf")],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.imap_port), 2) as line:
                if line.recv(100).startswith(b"* OK"):
                    return
            time.sleep(0.02)
        log = self.base / "dovecot.log"
        raise RuntimeError(f"Dovecot did not start: {log.read_text()[-2000:] if log.exists() else 'no log'}")

    def _wait_for_ports(self) -> None:
        deadline = time.monotonic() + 20
        for port in (self.imap_port, self.imaps_port, self.lmtp_port):
            while time.monotonic() < deadline:
                with contextlib.suppress(OSError), socket.socket() as one:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                    one.bind(("127.0.0.1", port))
                    break
                time.sleep(0.05)

    def kill(self) -> None:
        """Take the master and all its children away at once, as a power cut would."""
        process, self.process = self.process, None
        if process is None:
            return
        with contextlib.suppress(psutil.NoSuchProcess):
            master = psutil.Process(process.pid)
            family = [master, *master.children(recursive=True)]
            for one in family:
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGKILL)
            psutil.wait_procs(family, timeout=5)
        process.wait(timeout=5)

    def suspend(self, *, back: bool = False) -> None:
        """Let the server hold its connections and say nothing, or go on."""
        assert self.process
        with contextlib.suppress(psutil.NoSuchProcess):
            for one in psutil.Process(self.process.pid).children(recursive=True):
                with contextlib.suppress(psutil.NoSuchProcess):
                    one.send_signal(signal.SIGCONT if back else signal.SIGSTOP)

    def remove(self) -> None:
        """Stop for good and delete everything."""
        self.kill()
        shutil.rmtree(self.base, ignore_errors=True)

    def inboxes_of(self, user: str) -> Path:
        """The Maildir of a user, for looking at what really lies there."""
        return self.base / "mail" / user / "Maildir"

    def deliver(self, user: str, message: bytes) -> None:
        """Deliver over LMTP, as a mail server would: Return-Path, Delivered-To and Received are added."""
        with smtplib.LMTP("127.0.0.1", self.lmtp_port) as lmtp:
            lmtp.sendmail("sender@example.org", [user], message)

    def doveadm(self, *arguments: str) -> None:
        """Do something to mailboxes from the side, as a person or an administrator would."""
        subprocess.run(
            ["doveadm", "-c", str(self.base / "dovecot.conf"), *arguments], check=True, capture_output=True, timeout=30
        )

    def change_uidvalidity(self, user: str, value: int) -> None:
        """What a rebuilt mailbox does to its UIDs."""
        self.doveadm("mailbox", "update", "-u", user, "--uid-validity", str(value), "INBOX")

    def rebuild(self, user: str, validity: int) -> None:
        """Bring the mailbox back from a copy that knows no numbers: UIDs are counted again, the validity stays."""
        self.kill()
        for pattern in ("dovecot-uid*", "dovecot.index*"):
            for path in self.inboxes_of(user).glob(pattern):
                path.unlink()
        self.start()
        self.change_uidvalidity(user, validity)

    def token(self, user: str, *, valid: int = 600) -> str:
        """An access token for XOAUTH2 that is good for so many seconds."""
        now = int(time.time())
        head, body = ({"alg": "HS256", "typ": "JWT"}, {"sub": user, "iat": now - 120, "exp": now + valid})
        signed = b".".join(_base64(json.dumps(one).encode()) for one in (head, body))
        return (signed + b"." + _base64(hmac.digest(_KEY, signed, "sha256"))).decode()


def _base64(data: bytes) -> bytes:
    return base64.urlsafe_b64encode(data).rstrip(b"=")


def _group_name(gid: int) -> str:
    import grp

    return grp.getgrgid(gid).gr_name


@contextlib.contextmanager
def running() -> Iterator[Dovecot]:
    """A server that has started; it goes afterwards with all that it holds."""
    server = Dovecot.create()
    try:
        server.start()
        yield server
    finally:
        server.remove()
