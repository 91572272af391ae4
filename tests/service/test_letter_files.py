"""Letters of any office in files: old formats through a converted copy, folders by one LibreOffice, clear refusals."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path

import pytest
import support_cli
from support_check import BUILDERS, Text, context

from intake.limits import ReadSettings
from outbox.check import load_rules
from outbox.soffice import OFFICE
from steps.lettercheck import Named, files

pytestmark = [pytest.mark.service]
RULES = load_rules()
DOCX = BUILDERS["styled"](Text())
FILTERS = {"odt": "odt", "doc": "doc:MS Word 97", "rtf": "rtf:Rich Text Format"}


@pytest.fixture(scope="module")
def other_formats() -> dict[str, bytes]:
    """The correct letter saved by LibreOffice in the formats that clerks still have."""
    found = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "letter.docx").write_bytes(DOCX)
        for kind, filter_ in FILTERS.items():
            OFFICE.convert([folder / "letter.docx"], filter_, folder, 60)
            found[kind] = (folder / f"letter.{kind}").read_bytes()
    return found


@pytest.mark.parametrize("kind", FILTERS)
def test_an_old_format_is_checked_in_a_copy_and_says_so(other_formats: dict[str, bytes], kind: str) -> None:
    named = [Named(f"письмо.{kind}", other_formats[kind])]
    checked = next(files(named, context(), RULES, ReadSettings(), layout=True))
    assert checked.refused is None
    assert checked.report is not None
    assert f"из .{kind}" in checked.report.notes[0]
    # .doc and .rtf lose the place of a text box, which is exactly what the rules of geometry are for
    rules = {one.rule for one in checked.report.findings}
    assert rules <= {"EX-3", "EX-4", "EX-5"}


def test_an_error_survives_the_copy(other_formats: dict[str, bytes]) -> None:
    broken = Named("письмо.odt", other_formats["odt"])
    facts = context(client={"last_name": "Денисов", "first_name": "Андрей", "patronymic": "Павлович"})
    checked = next(files([broken], facts, RULES, ReadSettings(), layout=False))
    assert checked.report is not None
    assert "TO-2" in {one.rule for one in checked.report.findings}


def test_a_folder_goes_through_one_libreoffice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[bool] = []
    popen = subprocess.Popen

    def counted(*arguments: object, **options: object) -> object:
        started.append("--convert-to" in str(arguments))
        return popen(*arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(subprocess, "Popen", counted)
    letters = [Named(f"{number}.docx", DOCX) for number in range(6)]
    found = list(files(letters, context(), RULES, ReadSettings(), layout=True))
    assert [one.name for one in found] == [one.name for one in letters]
    assert all(one.report and one.report.findings == [] and not one.report.unchecked for one in found)
    assert started.count(True) == 1


def test_a_broken_file_costs_only_itself(other_formats: dict[str, bytes]) -> None:
    letters = [
        Named("1.docx", DOCX),
        Named("2.docx", DOCX[:2000]),
        Named("3.txt", "просто текст".encode()),
        Named("4.docx", b""),
        Named("5.odt", other_formats["odt"][:500]),
        Named("6.docx", DOCX),
    ]
    found = {one.name: one for one in files(letters, context(), RULES, ReadSettings(), layout=True)}
    assert {name for name, one in found.items() if one.report} == {"1.docx", "6.docx"}
    assert all(one.refused and one.refused.endswith(".") for name, one in found.items() if not one.report)


def test_the_command_takes_folders_and_mails(tmp_path: Path) -> None:
    folder = tmp_path / "письма"
    folder.mkdir()
    for name in ("а.docx", "б.docx"):
        (folder / name).write_bytes(DOCX)
    (folder / "~$а.docx").write_bytes(b"lock")
    (tmp_path / "case.json").write_text(context().model_dump_json(), encoding="utf-8")
    mail = tmp_path / "ответ.eml"
    mail.write_text("From: a@x.example\nTo: b@x.example\nSubject: \n\nТекст\n", encoding="utf-8")
    arguments = ("--context", tmp_path / "case.json", "--mail", mail, "--json", "--no-layout")
    done = support_cli.otvet("letter", "check", folder, *arguments, home=tmp_path)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    assert [Path(row["file"]).name for row in rows] == ["а.docx", "б.docx", "ответ.eml"]
    assert {one["rule"] for one in rows[2]["findings"]} >= {"EM-3", "EM-9"}
    assert done.returncode == 1
    (tmp_path / "пусто").mkdir()
    done = support_cli.otvet("letter", "check", tmp_path / "пусто", home=tmp_path)
    assert done.returncode == 2
    assert "нет писем" in done.stderr
