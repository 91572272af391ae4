"""Entry point of `otvet` and of `python -m otvet`."""

from __future__ import annotations

from otvet.cli.main import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
