"""imaplib2 with guards: verified TLS, time limits on everything, safe arguments, no command that hangs, no thread left.

imaplib2 3.6 as it comes does not check the server's certificate and never its name, has no time limit on connecting and
on the TLS handshake, hangs for ever after a command in a wrong state or with a non-ASCII argument, lets line breaks in
an argument start another command, and may print commands, the password among them, to standard error.
"""

from __future__ import annotations

import contextlib
import select
import socket
import ssl
import threading
from collections.abc import Callable
from typing import Any

import imaplib2
from imaplib2.imaplib2 import LOGOUT, Commands

ImapError: type[Exception] = imaplib2.IMAP4.error
ImapAbort: type[Exception] = imaplib2.IMAP4.abort
ImapReadOnly: type[Exception] = imaplib2.IMAP4.readonly

_LOOK_AGAIN = 0.5
_FORBIDDEN = frozenset(b"\r\n\x00")


class UnsafeArgumentError(ValueError):
    """An argument of an IMAP command holds a line break or a zero byte; nothing was sent."""


class _BoundedEvent(threading.Event):
    """An event whose waiting always ends: the library waits without a limit for what may never come."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self._seconds = seconds

    def wait(self, timeout: float | None = None) -> bool:
        if not super().wait(self._seconds if timeout is None else timeout) and timeout is None:
            raise TimeoutError("no answer to an IMAP command")
        return True


class GuardedImap(imaplib2.IMAP4):  # type: ignore[misc]  # the library has no types
    """One connection.

    Args:
        host: Server's name; the certificate must be for it.
        port: Server's port.
        context: TLS from the first byte when given; for STARTTLS leave it out and call ``start_tls``.
        timeout: Seconds for connecting, the handshake, each wait for the server.
        command_seconds: Seconds for one command as a whole.
    """

    def __init__(
        self, host: str, port: int, *, context: ssl.SSLContext | None, timeout: float, command_seconds: float
    ) -> None:
        self._context = context
        self._implicit_tls = context is not None
        self._seconds = timeout
        self._command_seconds = command_seconds
        self._traffic = threading.Lock()
        super().__init__(host, port, debug=0, timeout=timeout)
        self.state_change_free = _BoundedEvent(command_seconds)

    def open(self, host: str | None = None, port: int | None = None) -> None:
        """Connect within the time limit, verified TLS when a context was given."""
        self.host, self.port = host, port
        connection = socket.create_connection((host, port), timeout=self._seconds)
        if self._context is not None:
            connection = self._secured(connection)
        self.sock = connection
        self.read_fd = connection.fileno()

    def _secured(self, connection: socket.socket) -> ssl.SSLSocket:
        assert self._context is not None
        try:
            return self._context.wrap_socket(connection, server_hostname=self.host)
        except (OSError, ValueError):
            connection.close()
            raise

    def start_tls(self, context: ssl.SSLContext) -> None:
        """Go over to TLS; raises when the server does not offer it, so that nothing goes on in the clear."""
        self._context = context
        self.starttls()

    def ssl_wrap_socket(self) -> None:
        """Called by the library for STARTTLS: with our verified context instead of its unverified one."""
        self.sock = self._secured(self.sock)
        self.read_fd = self.sock.fileno()

    def read(self, size: int) -> bytes:
        """Read from the server; reader and writer threads never enter the TLS object together.

        The reader must not wait inside: after the handshake TLS 1.3 sends tickets that are no answer, and a reader that
        waited for more would keep the writer from sending the very command that brings it.
        """
        while not self.is_broken:
            with self._traffic:
                self.sock.settimeout(0)
                try:
                    data: bytes = self.sock.recv(size)
                except (ssl.SSLWantReadError, ssl.SSLWantWriteError, BlockingIOError):
                    pass
                else:
                    return data
                finally:
                    self.sock.settimeout(self._seconds)
            select.select([self.sock], [], [], _LOOK_AGAIN)
        return b""

    def send(self, data: bytes) -> None:
        """Send to the server; see ``read``."""
        with self._traffic:
            self.sock.sendall(data)

    def shutdown(self) -> None:
        """Close the socket, whatever state it is in."""
        with contextlib.suppress(OSError, ValueError):
            self.sock.shutdown(socket.SHUT_RDWR)
        self.sock.close()

    def log_in(self, user: str, password: str) -> None:
        """Log in by AUTHENTICATE PLAIN where offered (any character may occur), else by LOGIN with both quoted."""
        if "AUTH=PLAIN" in self.capabilities:
            answer = b"\0" + user.encode() + b"\0" + password.encode()
            self.authenticate("PLAIN", _answering(answer))
        else:
            try:
                kind, data = self._simple_command("LOGIN", quoted(user), quoted(password))
            finally:
                self._release_state_change()
            if kind != "OK":
                raise self.error(data[-1])
            self.state = "AUTH"
        self._get_capabilities()

    def log_in_by_token(self, user: str, token: str) -> None:
        """Log in by XOAUTH2. A refusal comes as a challenge with the reason, which wants an empty answer."""
        answers = iter([f"user={user}\1auth=Bearer {token}\1\1".encode()])
        self.authenticate("XOAUTH2", lambda _challenge: next(answers, b""))
        self._get_capabilities()

    @property
    def is_broken(self) -> bool:
        """Whether the connection has ended: every further command would fail."""
        return bool(getattr(self, "Terminate", False))

    def close_connection(self, *, gently: bool = True) -> None:
        """Log out when the line is sound, then close socket and all three threads."""
        self._release_state_change()  # a failed command may have left the lock taken; logging out would wait for it
        if gently and not self.is_broken:
            with contextlib.suppress(ImapError, OSError, ValueError):
                self.logout()
                return
        self.state = LOGOUT
        self.Terminate = True
        with contextlib.suppress(ImapError, OSError, ValueError):
            self._close_threads()

    def _command(self, name: str, *args: str | bytes | None, **kw: Any) -> Any:
        """Refuse before any lock is taken what the library would hang on."""
        if self.state not in Commands[name][0]:
            raise self.error(f"command {name} illegal in state {self.state}")
        return super()._command(name, *(_wire(one) for one in args if one is not None), **kw)

    def _request_push(self, tag: str | None = None, name: str | None = None, **kw: Any) -> Any:
        request = super()._request_push(tag, name, **kw)
        request.ready = _BoundedEvent(self._command_seconds)
        return request

    def _print_log(self) -> None:
        """The library would print its last commands to standard error."""

    def _mesg(self, *_anything: object) -> None:
        """Same."""


def _answering(answer: bytes) -> Callable[[bytes], bytes]:
    return lambda _challenge: answer


def _wire(argument: str | bytes) -> bytes:
    data = argument.encode() if isinstance(argument, str) else bytes(argument)
    if _FORBIDDEN.intersection(data):
        raise UnsafeArgumentError("line break or zero byte in an argument of an IMAP command")
    return data


def quoted(text: str) -> str:
    """IMAP quoted string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
