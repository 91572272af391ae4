#!/usr/bin/env bash
# Makes .venv with Python 3.11 and installs a hash-locked requirements file and the project itself.
# Usage: tools/venv.sh requirements/run.txt
set -euo pipefail

python=$(command -v python3.11 || command -v python3)
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))'; then
    echo "Нужен Python 3.11, найден $("$python" --version 2>&1). Установите пакет python3.11." >&2
    exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
# The lock is complete, so nothing is resolved here (--no-deps): what is installed is what was tested.
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r "$1"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
