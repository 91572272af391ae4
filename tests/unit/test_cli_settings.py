"""Settings as the command line reads them: one file, the environment over it, unknown keys refused by name."""

from __future__ import annotations

from pathlib import Path

from support_cli import otvet, rows

DUE = ["due", "--received", "2026-10-22", "--segment", "B2C", "--json"]


def test_an_unknown_key_of_the_file_is_named(tmp_path: Path) -> None:
    file = tmp_path / "otvet.toml"
    file.write_text('[desk]\nporrt = 1\n[smtp]\nhost = "x"\npasword = "тайна"\n', encoding="utf-8")
    done = otvet(*DUE, home=tmp_path)
    assert done.returncode == 2
    assert "desk.porrt" in done.stderr
    assert "такой настройки нет" in done.stderr
    assert "тайна" not in done.stderr + done.stdout


def test_an_unknown_variable_is_named(tmp_path: Path) -> None:
    done = otvet(*DUE, home=tmp_path, OTVET_DATABASE_ULR="sqlite://")
    assert done.returncode == 2
    assert "OTVET_DATABASE_ULR" in done.stderr


def test_a_missing_or_broken_file_is_told(tmp_path: Path) -> None:
    assert "не найден" in otvet("--config", tmp_path / "no.toml", *DUE).stderr
    broken = tmp_path / "broken.toml"
    broken.write_text("[desk\n", encoding="utf-8")
    done = otvet("--config", broken, *DUE)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


def test_the_environment_beats_the_file(tmp_path: Path) -> None:
    file = tmp_path / "own.toml"
    file.write_text(f'rules_dir = "{tmp_path / "none"}"\n', encoding="utf-8")
    assert otvet("--config", file, *DUE).returncode == 2
    from rules.source import __file__ as place

    folder = place.rsplit("/", 1)[0]
    assert rows(otvet("--config", file, *DUE, OTVET_RULES_DIR=folder))[0]["hard"]["date"] == "2026-11-23"


def test_run_without_sources_hints_at_the_demonstration(tmp_path: Path) -> None:
    done = otvet("run", home=tmp_path)
    assert done.returncode == 2
    assert "--demo" in done.stderr
