"""A process that has the libraries of the command line loaded, and forks for each call: see `support_cli.otvet`."""

from __future__ import annotations

import json
import os
import socket
import sys
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
    """Turn this fork into the command that was asked for; it ends as an interpreter ends, with its code."""
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
    os.closerange(3, max(streams) + 1)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    sys.argv = ["otvet", *request["words"]]
    main()
    sys.exit()


if __name__ == "__main__":
    import otvet.wiring  # noqa: F401 - loaded for the forks
    import steps.views  # noqa: F401 - loaded for the forks
    from otvet.cli.main import main

    serve(socket.socket(fileno=int(sys.argv[1])))
