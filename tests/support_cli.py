"""Calling `otvet` from outside, as people and other programs do."""

from __future__ import annotations

import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

#: One call may take this many seconds.
LIMIT = 120


def otvet(
    *arguments: str | Path, stdin: str | bytes = b"", home: Path | None = None, fresh: bool = False, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder of its own, so that no otvet.toml of this machine is read.

    Each call is a process of its own with its own streams, folder and environment. It is forked from one that has the
    libraries loaded already, which spares each call seconds of importing; a ``fresh`` one starts from nothing.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTVET_")}
    environment = {**kept, **({"OTVET_HOME": str(home)} if home else {}), **variables}
    words = [*map(str, arguments)]
    data = stdin.encode() if isinstance(stdin, str) else stdin
    run = _fresh if fresh else _forked
    code, out, err = run(words, data, home or Path("/"), environment)
    return subprocess.CompletedProcess(["otvet", *words], code, out.decode(), err.decode())


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects of stdout, one a line; anything else there fails."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def _fresh(words: list[str], data: bytes, folder: Path, environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    command = [sys.executable, "-m", "otvet", *words]
    done = subprocess.run(
        command, input=data, capture_output=True, timeout=LIMIT, cwd=folder, env=environment, check=False
    )
    return done.returncode, done.stdout, done.stderr


def _forked(words: list[str], data: bytes, folder: Path, environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        source.write(data)
        source.seek(0)
        request = json.dumps({"words": words, "folder": str(folder), "environment": environment}).encode()
        loaded = _loaded()
        socket.send_fds(loaded, [len(request).to_bytes(4, "big")], [one.fileno() for one in (source, out, err)])
        loaded.sendall(request)
        code = int.from_bytes(loaded.recv(4), "big", signed=True)
        for one in (out, err):
            one.seek(0)
        return code, out.read(), err.read()


@cache
def _loaded() -> socket.socket:
    """Start the process with the libraries loaded; it ends with this one."""
    ours, theirs = socket.socketpair()
    ours.settimeout(LIMIT)
    program = Path(__file__).with_name("support_fork.py")
    child = subprocess.Popen(
        [sys.executable, str(program), str(theirs.fileno())], pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL
    )
    theirs.close()

    def end() -> None:
        ours.close()
        child.wait(LIMIT)

    atexit.register(end)
    return ours
