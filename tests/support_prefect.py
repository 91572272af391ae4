"""A real Prefect server for tests, and workers of ours beside it; run as a program it forks such workers."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil

from flows.server import PrefectSettings, client_environment, server_command, server_environment, wait_healthy

ROOT = Path(__file__).parents[1]
AT_ONCE = {"PREFECT_WORKER_QUERY_SECONDS": "0.5"}  # ten seconds from one look into the pool to the next, as it comes


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.contextmanager
def server(settings: PrefectSettings, home: Path) -> Iterator[None]:
    """Run a server; this process talks to it meanwhile."""
    from prefect.settings import (
        PREFECT_API_AUTH_STRING,
        PREFECT_API_URL,
        PREFECT_LOGGING_TO_API_ENABLED,
        temporary_settings,
    )

    home.mkdir(exist_ok=True)
    process = subprocess.Popen(
        server_command(),
        env={**os.environ, **server_environment(settings, home)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_healthy(settings, timeout=240)
        with temporary_settings(
            {
                PREFECT_API_URL: settings.api_url,
                PREFECT_API_AUTH_STRING: settings.auth,
                PREFECT_LOGGING_TO_API_ENABLED: False,
            }
        ):
            yield
    finally:
        process.terminate()
        process.wait(60)


@contextlib.contextmanager
def workers(
    config: Path, names: list[str], settings: PrefectSettings, *, fresh: bool
) -> Iterator[dict[str, psutil.Process]]:
    """Run `otvet worker` by these names, and end those that still live; none may have ended by itself.

    ``fresh`` ones start from nothing, others are forked from a process that has the libraries loaded.
    """
    environment = {**os.environ, **client_environment(settings, config.parent / "var"), **AT_ONCE}
    if fresh:
        command = [sys.executable, "-m", "otvet", "--config", str(config), "worker", "--name"]
        parents = [subprocess.Popen([*command, name], cwd=ROOT, env=environment) for name in names]
        running = {name: psutil.Process(one.pid) for name, one in zip(names, parents, strict=True)}
    else:
        command = [sys.executable, __file__, str(config), *names]
        parents = [subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE)]
        assert parents[0].stdout is not None
        running = {name: psutil.Process(int(parents[0].stdout.readline())) for name in names}
    try:
        yield running
    finally:
        for one in running.values():
            with contextlib.suppress(psutil.NoSuchProcess):
                one.send_signal(signal.SIGTERM)
        codes = [one.wait(60) for one in parents]
    assert set(codes) <= {0, -signal.SIGKILL}, "a worker ended by itself"


def _fork(config: str, names: list[str]) -> int:
    """Fork a worker for each name, say their process ids, wait for all; 0 when each was killed or ended well."""
    import flows.worker  # noqa: F401 - loaded for the forks
    import otvet.wiring  # noqa: F401 - loaded for the forks
    from otvet.cli.main import main
    from outbox.check.rulebook import load_rules
    from rules.editions import load_editions

    load_editions()  # what has not changed is parsed once
    load_rules()
    children = []
    for name in names:
        child = os.fork()
        if not child:
            sys.argv = ["otvet", "--config", config, "worker", "--name", name]
            main()
            return 0
        children.append(child)
        sys.stdout.write(f"{child}\n")
    sys.stdout.flush()
    ended = {os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children}
    return 0 if ended <= {0, -signal.SIGKILL} else 1


if __name__ == "__main__":
    sys.exit(_fork(sys.argv[1], sys.argv[2:]))
