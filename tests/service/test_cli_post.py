"""The command line of the post office: lists from making to stamped scans, in the name of a person with his rights."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest
import support_house as support
from support_cli import otvet, rows
from support_post import signed
from test_post_office import number_of, scan

from intake.codes import list_text, notice_text
from outbox.pdf import pdf_text
from registry import clock, dispatches
from steps import post
from steps.house import House

pytestmark = pytest.mark.service

TODAY = clock.today().isoformat()


@pytest.fixture
def house(tmp_path: Path) -> House:
    """The register of an installation with two letters that wait for the post, one of them with a notice."""
    made = support.build(tmp_path, f"sqlite:///{tmp_path / 'otvet.db'}", trained=False)
    keys = [signed(made, place) for place in (1, 2)]
    post.choose_kind(support.actors_with(made, "registrar")[0], made, keys[1], "notified")
    return made


def numbers(house: House) -> list[str]:
    with house.db.session(write=False) as session:
        return [str(dispatches.get(session, key).reply.out_number) for key in (1, 2)]


@pytest.mark.full  # a dozen calls, each a process
def test_from_lists_to_stamped_scans(house: House, tmp_path: Path) -> None:
    with house.db.session(write=False) as session:
        actor = support.actors_with(house, "registrar")[0]
        login = session.get_one(support.Person, actor.person_id).login
    run = lambda *words: otvet("post", *words, "--as", login, home=tmp_path)  # noqa: E731
    assert run("show").stdout.strip() == "Ждут списка: 2"
    assert run("list", "--kind", "registered").stdout.strip() == "Составлены списки: 1"
    assert run("list").stdout.strip() == "Составлены списки: 2"
    again = run("list")
    assert (again.returncode, again.stderr.startswith("Ошибка: ")) == (2, True)
    assert [(one["id"], one["count"]) for one in rows(run("show", "--json"))] == [(2, 1), (1, 1)]

    printed = run("print", "2", tmp_path / "бланки")
    assert printed.returncode == 0, printed.stderr
    files = {path.suffix: path for path in map(Path, printed.stdout.splitlines())}
    assert all(path.is_file() for path in files.values())
    assert "ф. 103" in pdf_text(files[".pdf"].read_bytes()) or len(printed.stdout.splitlines()) >= 4
    sheet = openpyxl.load_workbook(io.BytesIO(files[".xlsx"].read_bytes())).active
    assert sheet is not None
    assert any(numbers(house)[1] in [str(cell.value) for cell in row] for row in sheet)

    table = tmp_path / "шпи.csv"
    table.write_text(f"Исх. №;ШПИ\n{numbers(house)[1]};{number_of(2)}\nИСХ-0;{number_of(3)}\n")
    told = run("tracking", table)
    assert (told.returncode, told.stdout.splitlines()[0]) == (1, "Записано ШПИ: 1")

    wrong = run("confirm", "1", "--day", TODAY, "--accepted", "5")
    assert (wrong.returncode, "почта приняла 5" in wrong.stderr) == (2, True)
    for key in ("1", "2"):
        assert run("confirm", key, "--day", TODAY, "--accepted", "1").stdout.endswith("отправлено писем 1\n")
    assert "уже подтверждён" in run("confirm", "1", "--day", TODAY, "--accepted", "1").stdout

    pile = tmp_path / "пачка.pdf"
    pile.write_bytes(scan(list_text(2), notice_text(2), notice_text(999)))
    back = run("scan", pile)
    assert back.returncode == 1
    assert back.stdout.splitlines()[:2] == [
        f"{pile}: список № 2",
        f"{pile}: уведомление к исх. № {numbers(house)[1]}",
    ]
    assert "сдан" in run("show").stdout


def test_rights_and_names_are_those_of_a_person(house: House, tmp_path: Path) -> None:
    stranger = otvet("post", "list", "--as", "никто", home=tmp_path)
    assert (stranger.returncode, "otvet user list" in stranger.stderr) == (2, True)
    clerk = otvet("post", "list", "--as", "iskhakova", home=tmp_path)
    assert clerk.returncode == 2
    assert clerk.stderr.startswith("Ошибка: ")
