"""A process that has the libraries of the command line loaded, and forks for each call: see `support_cli.otvet`."""

from __future__ import annotations

import atexit
import json
import os
import socket
import sys
import threading
from typing import Any, NoReturn


def serve(asked: socket.socket) -> None:
    """Answer requests until the other end is closed: length, three streams, then the words, folder and environment."""
    while True:
        head, streams, _, _ = socket.recv_fds(asked, 4, 3)
        if not head:
            return
        request = b""
        while len(request) < int.from_bytes(head, "big"):
            request += asked.recv(1 << 16)
        child = os.fork()
        if not child:
            asked.close()
            _become(json.loads(request), streams)
        for stream in streams:
            os.close(stream)
        _, status = os.waitpid(child, 0)
        asked.sendall(os.waitstatus_to_exitcode(status).to_bytes(4, "big", signed=True))


def _become(request: dict[str, Any], streams: list[int]) -> NoReturn:
    """Turn this fork into the command that was asked for.

    It ends with its code as an interpreter ends: threads waited for, exit handlers run, streams written out; only what
    the interpreter would then take apart object by object is left to the system, which is quicker.
    """
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, max(streams) + 1)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["otvet", *request["words"]]
    code = 0
    try:
        main()
    except SystemExit as ended:
        code = int(ended.code or 0)
    threading._shutdown()  # type: ignore[attr-defined] # what an interpreter does first at its end
    atexit._run_exitfuncs()
    for written in (sys.stdout, sys.stderr):
        written.flush()
    os._exit(code)


if __name__ == "__main__":
    import otvet.wiring  # noqa: F401 - loaded for the forks
    import steps.views  # noqa: F401 - loaded for the forks
    from otvet.cli.main import main
    from outbox.check.rulebook import load_rules
    from rules.editions import load_editions

    load_editions()  # what has not changed is parsed once: the forks read the files and know them
    load_rules()
    serve(socket.socket(fileno=int(sys.argv[1])))
