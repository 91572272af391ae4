"""Front-end assets: copy the two files that come from npm into `static/vendor`, or say what is missing.

``npm ci --ignore-scripts`` brings them; the lock file is written with ``npm install --omit-lockfile-registry-resolved``
so that it names versions and digests and no host.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

STATIC: Final = Path(__file__).parent / "static"
VENDOR: Final = STATIC / "vendor"
NODE_MODULES: Final = Path(__file__).parent.parent / "node_modules"

FILES: Final = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "pico.min.css": "@picocss/pico/css/pico.min.css",
}


class AssetsError(Exception):
    """A front-end file is missing; the message says which command brings it."""


def copy(node_modules: Path = NODE_MODULES, vendor: Path = VENDOR) -> list[Path]:
    """Copy the assets and return what was written. Raises AssetsError."""
    absent = [name for name in FILES.values() if not (node_modules / name).is_file()]
    if absent:
        raise AssetsError(f"Нет файлов {', '.join(absent)} в {node_modules}. Выполните: npm ci --ignore-scripts")
    vendor.mkdir(parents=True, exist_ok=True)
    return [Path(shutil.copyfile(node_modules / source, vendor / name)) for name, source in FILES.items()]


def require(vendor: Path = VENDOR) -> None:
    """Raise AssetsError unless every asset is in place."""
    absent = [name for name in FILES if not (vendor / name).is_file()]
    if absent:
        raise AssetsError(
            f"Нет файлов интерфейса: {', '.join(absent)}. "
            "Выполните: npm ci --ignore-scripts && .venv/bin/python -m desk.assets"
        )


def main() -> int:
    """Copy and report; exit code 2 when something is missing."""
    try:
        copied = copy()
    except AssetsError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(f"Файлы интерфейса на месте: {', '.join(path.name for path in copied)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
