"""Commands that read files and the register, called from outside on real files."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path

import pytest
import support_house
from support_cli import otvet, rows

from otvet.demo.bad import bad_inputs
from otvet.demo.letters import load_letters
from otvet.demo.post import scan_file
from rules.book import HERE

pytestmark = pytest.mark.service

READ_KEYS = {"text", "pages", "channel", "triage", "kind", "segment", "language", "sender", "items", "topics", "alarms"}
READ_KEYS |= {"reply_channel", "queue", "reply_owner", "due", "needs_person", "reasons"}
READ_KEYS |= {"topic_evidence", "document_class", "asked_dates", "accessibility"}
READ_KEYS |= {"readings", "sums", "periods", "parties"}


@pytest.fixture
def mail(tmp_path: Path) -> Path:
    path = tmp_path / "письмо.eml"
    path.write_bytes(support_house.message())
    return path


@pytest.fixture
def scan(tmp_path: Path) -> Path:
    letter = next(one for one in load_letters() if not one.is_mail and one.form == "scan-pdf")
    name, data = scan_file(letter, dt.date(2026, 11, 20))
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("command", ["ocr", "read"])
def test_a_page_is_believed_by_the_rules_of_the_company(scan: Path, tmp_path: Path, command: str) -> None:
    rules = shutil.copytree(HERE, tmp_path / "rules")
    own = rules / "recognition.yaml"
    own.write_text(re.sub(r"(?m)^  few_words: .*", "  few_words: 9000", own.read_text(encoding="utf-8")), "utf-8")
    done = otvet(command, scan, home=tmp_path, OTVET_RULES_DIR=str(rules))
    assert done.returncode == 0, done.stderr
    assert "мало слов" in done.stdout + done.stderr


def test_read_shows_a_mail_and_registers_nothing(mail: Path, tmp_path: Path) -> None:
    done = otvet("read", mail, "--json", home=tmp_path)
    (found,) = rows(done)
    assert done.returncode == 0, done.stderr
    assert set(found) == READ_KEYS
    assert found["channel"] == "email"
    assert found["sender"]["last_name"] == "Ильясова"
    assert found["due"]["hard"]["date"]
    assert found["queue"]
    assert not (tmp_path / "otvet.db").exists()


LETTER = """В ЕИРЦ РБ
от Сафина Рустама Ильдаровича, г.Салават, ул.Ленина,12-45, л/с 2200456712
Мама плохо видит, пишите крупным шрифтом.
1) Почему в октябре 2026 г. начислили 4 512,30 руб. за отопление? Показания ГВС 152.
2) Прошу выслать справку об отсутствии долга до 15.12.2026.
На лестнице пахнет газом, соседи звонят в газовую.
"""


def test_read_tells_people_all_that_it_sees(tmp_path: Path) -> None:
    path = tmp_path / "письмо.txt"
    path.write_text(LETTER, encoding="utf-8")
    done = otvet("read", path, "--channel", "email", home=tmp_path)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert {
        "  – Фамилия: Сафин",
        "  – Пол: мужской",
        "  – Лицевой счёт: 2200456712",
        "  – Адрес: г. Салават, ул. Ленина, 12-45",
        "  – сумма: 4 512,30 руб.",
        "  – показание, горячая вода: 152",
        "  – период: 01.10.2026 – 31.10.2026",
    } <= set(lines)
    assert "Документ: обращение" in lines
    assert "Канал: эл. почта; ответ: эл. почта" in lines
    assert any(re.match(r"  – C01\.05 Отопление: .*\(\d+\u00a0%\): «Почему в октябре", line) for line in lines)
    assert any(line.startswith("  – авария, опасность для жизни") and "пахнет газом" in line for line in lines)
    assert any(line.startswith("  – плохо видит") for line in lines)


@pytest.mark.ocr
def test_read_and_ocr_see_a_scan(scan: Path, tmp_path: Path) -> None:
    (found,) = rows(otvet("read", scan, "--json", home=tmp_path))
    assert set(found) == READ_KEYS
    assert set(found["pages"][0]) == {"confidence", "rotated", "source"}
    assert found["pages"][0]["source"] == "ocr"
    copy = tmp_path / "копия.pdf"
    done = otvet("ocr", scan, "--json", "--pdf", copy, home=tmp_path)
    (seen,) = rows(done)
    assert set(seen) == {"file", "pages"}
    assert set(seen["pages"][0]) == {"text", "confidence", "source", "rotated", "needs_person"}
    assert copy.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("name", sorted(bad_inputs()))
def test_bad_files_get_a_reason_and_never_a_trace(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(bad_inputs()[name])
    done = otvet("read", path, "--json", home=tmp_path)
    assert done.returncode in {0, 2}, done.stderr
    assert "Traceback" not in done.stderr
    assert "Внутренняя" not in done.stderr
    if done.returncode == 2:
        assert done.stderr.startswith("Ошибка: ")
        assert done.stdout == ""


def test_mail_tells_names_of_the_wire(mail: Path, tmp_path: Path) -> None:
    done = otvet("mail", mail, tmp_path / "нет.eml", "--json")
    (found,) = rows(done)
    assert done.returncode == 2
    assert {"file", "triage", "subject", "from", "text", "attachments", "message_id", "in_reply_to"} <= set(found)
    assert {"references", "auto", "bounce"} <= set(found)
    assert found["from"] == "client1@mail.example"
    assert "не найден" in done.stderr


def test_a_letter_walks_by_hand_to_its_queue(mail: Path, tmp_path: Path) -> None:
    assert rows(otvet("add", mail, "--json", home=tmp_path))[0]["outcome"] == "new"
    assert rows(otvet("add", mail, "--json", home=tmp_path))[0]["outcome"] == "known"
    done = otvet("work", "--once", "all", "--json", home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert {row["step"]: row["done"] for row in rows(done)}["route"] == 1
    (status,) = rows(otvet("status", "--json", home=tmp_path))
    assert (status["received"], status["registered"], status["read"], status["waiting"]) == (1, 1, 1, 0)
    assert sum(one["open"] for one in status["queues"]) == 1
    done = otvet("reconcile", "--json", home=tmp_path)
    assert done.returncode == 0
    assert rows(done)[0]["balanced"] is True
    told = otvet("reconcile", home=tmp_path).stdout
    assert "Всего: получено 1 = зарегистрировано 1 + " in told
    assert "✓ Реестр в целом: номера без пропусков" in told
    shown = otvet("search", "перерасчет", home=tmp_path).stdout
    assert "\x1b" not in shown, "no marks of a terminal in a file"
    (number,) = (word for word in shown.split() if word.startswith("ВХ-"))
    assert f"Зарегистрировано: № {number}" in otvet("history", number, home=tmp_path).stdout
    checks = rows(otvet("doctor", "--json", home=tmp_path))
    assert {"check", "ok", "message"} == set(checks[0])
    chains = next(one for one in checks if one["check"] == "История обращений")
    assert chains["ok"] is True
    assert "цепочек" in chains["message"]


def test_letter_check_in_three_formats(tmp_path: Path) -> None:
    from outbox.compose import compose
    from rules.wire import LetterContent, SignatoryFacts
    from steps.house import TEMPLATES

    path = tmp_path / "ответ.docx"
    company = support_house.book().company.model_dump(mode="json")
    signatory = SignatoryFacts(last_name="Гареева", first_name="Лилия", position="Начальник отдела")
    content = LetterContent(
        addressee=["Иванову И.И."], topic="О перерасчёте", body=["Один абзац."], signatory=signatory
    )
    path.write_bytes(compose(content, company, TEMPLATES))
    done = otvet("letter", "check", path, "--no-layout", "--json")
    (report,) = rows(done)
    assert done.returncode == 1
    assert set(report) == {"file", "findings", "unchecked", "human"}
    assert set(report["findings"][0]) == {"rule", "clause", "severity", "gate", "message", "where", "suggestion", "key"}
    assert report["unchecked"]
    assert "Проверка письма" in otvet("letter", "check", path, "--no-layout").stdout
    sarif = json.loads(otvet("letter", "check", path, "--no-layout", "--format", "sarif").stdout)
    assert sarif["version"] == "2.1.0"
    damaged = tmp_path / "не письмо.docx"
    damaged.write_bytes(b"PK\x03\x04")
    assert otvet("letter", "check", damaged, "--no-layout").returncode == 2
    context = tmp_path / "дело.json"
    context.write_text('{"stage": "draft", "nosuch": 1}', encoding="utf-8")
    assert otvet("letter", "check", path, "--context", context).returncode == 2


def test_staff_are_added_and_listed(tmp_path: Path) -> None:
    secret = tmp_path / "пароль"
    secret.write_text("длинный-пароль\n", encoding="utf-8")
    add = ["user", "add", "petrova", "--name", "Петрова Анна Ивановна", "--position", "Специалист", "--role", "clerk"]
    done = otvet(*add, "--password-file", secret, home=tmp_path)
    assert done.returncode == 0, done.stderr
    assert otvet(*add, "--password-file", secret, home=tmp_path).returncode == 2
    assert otvet(*add[:-1], "nosuch", "--password-file", secret, home=tmp_path).returncode == 2
    (person,) = rows(otvet("user", "list", "--json", home=tmp_path))
    assert person["login"] == "petrova"
    assert "пароль" not in json.dumps(person, ensure_ascii=False)
