"""`otvet run` as a whole: letters reach their queues, Ctrl-C ends every process, a second start goes on."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest
import support_house
from support_cli import otvet, rows

pytestmark = [pytest.mark.service, pytest.mark.timeout(600)]

LETTERS = 3
START_SECONDS = 180
ROUTE_SECONDS = 180


def test_letters_are_routed_and_nothing_is_left_or_done_twice(tmp_path: Path) -> None:
    settings = _settings(tmp_path, LETTERS)
    with _running(tmp_path, settings) as process:
        status = _when_routed(tmp_path, settings)
        children = psutil.Process(process.pid).children(recursive=True)
        assert len(children) >= 3
        assert _ended(process, signal.SIGINT) == 0
    assert _left(children) == []
    assert (status["received"], status["registered"], status["read"]) == (LETTERS, LETTERS, LETTERS)

    with _running(tmp_path, settings) as process:
        again = _when_routed(tmp_path, settings)
        children = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        assert _left(children) == []
    assert again == status


def test_a_taken_port_is_told(tmp_path: Path) -> None:
    settings = _settings(tmp_path, 1)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = otvet("--config", settings, "run", home=tmp_path, OTVET_DESK__PORT=str(port))
    assert done.returncode == 2
    assert str(port) in done.stderr
    assert "OTVET_DESK__PORT" in done.stderr


def _settings(home: Path, letters: int) -> Path:
    mails = home / "письма"
    mails.mkdir()
    for number in range(1, letters + 1):
        (mails / f"{number}.eml").write_bytes(support_house.message(number))
    desk, prefect = _free_port(), _free_port()
    path = home / "otvet.toml"
    path.write_text(
        f'[desk]\nport = {desk}\n[prefect]\nport = {prefect}\npassword = "proba"\n'
        f'[[mail_folders]]\npath = "{mails}"\nsettle_seconds = 0\n'
        f'[smtp]\nhost = "127.0.0.1"\nport = {_free_port()}\nsecurity = "plain"\n',
        encoding="utf-8",
    )
    return path


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def _running(home: Path, settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTVET_")}
    log = home / "run.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "otvet", "--config", str(settings), "run"],
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=home,
            env={**kept, "OTVET_HOME": str(home), "OTVET_CONFIG": str(settings)},
        )
        try:
            until = time.monotonic() + START_SECONDS
            while "Остановить: Ctrl-C" not in log.read_text(encoding="utf-8"):
                assert process.poll() is None, log.read_text(encoding="utf-8")
                assert time.monotonic() < until, log.read_text(encoding="utf-8")
                time.sleep(0.5)
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()


def _when_routed(home: Path, settings: Path) -> dict[str, object]:
    until = time.monotonic() + ROUTE_SECONDS
    while True:
        (status,) = rows(otvet("--config", settings, "status", "--json", home=home))
        if status["registered"] == LETTERS and status["waiting"] == 0:
            return status
        assert time.monotonic() < until, status
        time.sleep(1)


def _ended(process: subprocess.Popen[bytes], number: signal.Signals) -> int:
    process.send_signal(number)
    return process.wait(60)


def _left(children: list[psutil.Process]) -> list[int]:
    _, alive = psutil.wait_procs(children, timeout=40)
    return [one.pid for one in alive]
