"""`otvet due --recompute` as an administrator runs it: new rules in a folder, a look first, then the change."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
import support_cli
import support_house

import rules
from rules.book import FILES

pytestmark = pytest.mark.service


def test_new_rules_are_looked_at_first_and_then_applied(tmp_path: Path) -> None:
    home, folder = tmp_path / "home", tmp_path / "rules"
    shutil.copytree(Path(rules.__file__).parent, folder, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    assert (folder / f"{FILES[0]}.yaml").is_file()
    home.mkdir()
    letter = tmp_path / "письмо.eml"
    letter.write_bytes(support_house.message(1))

    def run(*arguments: str | Path) -> support_cli.subprocess.CompletedProcess[str]:
        return support_cli.otvet(*arguments, home=home, OTVET_RULES_DIR=str(folder))

    assert run("add", letter, "--channel", "email").returncode == 0
    for step in ("triage", "register"):
        assert run("work", "--once", step).returncode == 0, step
    first = run("due", "--recompute")
    assert (first.returncode, first.stdout.splitlines()[-1][-2:]) == (0, "0."), first.stderr
    deadlines = folder / "deadlines.yaml"
    text = deadlines.read_text(encoding="utf-8")
    deadlines.write_text(text.replace("    quantity: 30\n", "    quantity: 3\n", 1), encoding="utf-8")
    looked = run("due", "--recompute", "--json")
    assert looked.returncode == 1, looked.stderr
    row = support_cli.rows(looked)[0]
    assert row["applied"] is False
    assert row["hard"][1] < row["hard"][0]
    done = run("due", "--recompute", "--apply", "--reason", "приказ № 5")
    assert done.returncode == 0, done.stderr
    assert "→" in done.stdout
    assert "пересчитано: 1" in done.stdout
    assert "Просмотрено по прежней редакции правил: 0" in run("due", "--recompute").stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--apply"], "только вместе с --recompute"),
        (["--recompute", "--segment", "B2C"], "уберите остальные"),
        (["--segment", "B2C"], "Укажите --received"),
        (["--received", "9999-12-30", "--segment", "B2C"], "Проверьте год"),
        (["--received", "2026-10-22", "--segment", "B2C", "--registered", "2026-10-20"], "раньше даты получения"),
    ],
)
def test_bad_input_is_told_in_russian(arguments: list[str], words: str) -> None:
    done = support_cli.otvet("due", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert words in done.stderr
