import json
from pathlib import Path

import pytest

from desk import assets
from desk.assets import AssetsError

ROOT = Path(__file__).parents[2]


def test_missing_files_are_named_with_the_command_that_brings_them(tmp_path: Path) -> None:
    with pytest.raises(AssetsError, match=r"htmx.+npm ci"):
        assets.copy(tmp_path / "node_modules", tmp_path / "vendor")
    with pytest.raises(AssetsError, match=r"pico.+desk\.assets"):
        assets.require(tmp_path / "vendor")


def test_files_are_copied_and_then_found(tmp_path: Path) -> None:
    for name in assets.FILES.values():
        file = tmp_path / "node_modules" / name
        file.parent.mkdir(parents=True)
        file.write_text(name)
    copied = assets.copy(tmp_path / "node_modules", tmp_path / "vendor")
    assets.require(tmp_path / "vendor")
    assert {path.name for path in copied} == set(assets.FILES)


def test_the_lock_pins_versions_and_digests_and_names_no_host() -> None:
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    wanted = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["dependencies"]
    packages = json.loads(lock)["packages"]
    assert "://" not in lock
    for name, version in wanted.items():
        assert packages[f"node_modules/{name}"]["version"] == version
        assert packages[f"node_modules/{name}"]["integrity"].startswith("sha512-")
