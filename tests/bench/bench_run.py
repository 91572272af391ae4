"""Start times of `otvet run --demo` and the memory of each process: `python tests/bench/bench_run.py`.

Starts a demonstration in a temporary folder on free ports, waits until its letters stand in their queues, stops it with
Ctrl-C, and starts it again. Prints seconds and megabytes; writes nothing.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

READY = "Остановить: Ctrl-C"
SORTED = "Демонстрационная почта разобрана"
PATIENCE = 300.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(words: str, log: Path, since: float) -> float:
    """Seconds from a moment until the words stand in the log."""
    while time.monotonic() - since < PATIENCE:
        if words in log.read_text(encoding="utf-8"):
            return time.monotonic() - since
        time.sleep(0.1)
    raise SystemExit(f"«{words}» did not come in {PATIENCE:.0f} s")


def memory(process: subprocess.Popen[bytes]) -> None:
    parent = psutil.Process(process.pid)
    for one in [parent, *parent.children(recursive=True)]:
        words = " ".join(one.cmdline()[1:5])
        print(f"  {one.memory_info().rss / 2**20:6.0f} MB  {words}")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="otvet-bench-") as folder:
        ports = {name: str(free_port()) for name in ("OTVET_DESK__PORT", "OTVET_PREFECT__PORT", "OTVET_SINK_PORT")}
        environment = {**os.environ, **ports, "OTVET_HOME": folder + "/home"}
        for name in ("first", "second"):
            log = Path(folder, f"{name}.log")
            with log.open("wb") as output:
                started = time.monotonic()
                process = subprocess.Popen(
                    [sys.executable, "-m", "otvet", "run", "--demo"], env=environment, stdout=output, stderr=output
                )
                print(f"{name} start: {wait_for(READY, log, started):.1f} s until the addresses are printed")
                if name == "first":
                    print(f"  letters in their queues after {wait_for(SORTED, log, started):.1f} s")
                    memory(process)
                process.send_signal(signal.SIGINT)
                stopping = time.monotonic()
                process.wait(60)
                print(f"  stopped in {time.monotonic() - stopping:.1f} s")


if __name__ == "__main__":
    main()
