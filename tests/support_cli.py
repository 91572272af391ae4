"""Calling `otvet` from outside, as people and other programs do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any


def otvet(
    *arguments: str | Path, stdin: str | bytes = b"", home: Path | None = None, **variables: str
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end in a folder of its own, so that no otvet.toml of this machine is read."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("OTVET_")}
    folder = home or Path("/")
    data = stdin.encode() if isinstance(stdin, str) else stdin
    done = subprocess.run(
        [sys.executable, "-m", "otvet", *map(str, arguments)],
        input=data,
        capture_output=True,
        timeout=120,
        cwd=folder,
        env={**kept, **({"OTVET_HOME": str(home)} if home else {}), **variables},
        check=False,
    )
    return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())


def rows(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects of stdout, one a line; anything else there fails."""
    return [json.loads(line) for line in done.stdout.splitlines()]
