"""Commands that need neither database nor server, called from outside."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest
from support_cli import otvet, rows

NAME_KEYS = {
    "last_name",
    "first_name",
    "patronymic",
    "gender",
    "gender_confidence",
    "genitive",
    "dative",
    "dative_short",
    "salutation",
}


def test_name_gives_the_forms_of_the_design() -> None:
    done = otvet("name", "Иванов Иван Иванович", "--json")
    assert done.returncode == 0, done.stderr
    (found,) = rows(done)
    assert set(found) == NAME_KEYS
    assert found["dative"] == "Иванову Ивану Ивановичу"
    assert found["dative_short"] == "Иванову И.И."
    assert found["salutation"] == "Уважаемый Иван Иванович"


def test_bad_lines_get_an_error_and_stop_nothing() -> None:
    lines = '{"id": 1, "name": "Иванова Мария Петровна"}\nне JSON\n{"id": 3}\n[1]\n\n{"id": 5, "name": "Ким"}\n'
    done = otvet("name", "--jsonl", stdin=lines.encode() + b"\xff\xfe\n")
    found = rows(done)
    assert done.returncode == 2
    assert [one.get("id") for one in found] == [1, None, 3, None, 5, None]
    assert [("error" in one) for one in found] == [False, True, True, True, False, True]
    assert set(found[0]) == NAME_KEYS | {"id"}
    assert "name" in found[2]["error"]


def test_answers_stream_line_by_line() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "otvet", "name", "--jsonl"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in (1, 2):
            process.stdin.write(json.dumps({"id": number, "name": "Ким Ольга"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(10) == 0


def test_classify_keeps_to_the_segment_given() -> None:
    text = "Прошу сделать перерасчёт платы за воду за время отсутствия."
    lines = "\n".join(
        json.dumps(row)
        for row in (
            {"id": "a", "text": text, "segment": "B2C"},
            {"id": "b", "text": text, "segment": "нет такой"},
            {"id": "c", "text": ""},
        )
    )
    done = otvet("classify", "--jsonl", stdin=lines)
    first, second, third = rows(done)
    assert done.returncode == 2
    assert set(first) == {"id", "topics", "kind", "alarms", "needs_person", "reasons"}
    assert first["topics"][0]["code"].startswith("C")
    assert "B2B2C" in second["error"]
    assert third["needs_person"] is True
    assert third["reasons"]


def test_fields_finds_the_author() -> None:
    row = {"id": 7, "text": "Прошу пояснить начисления.\nИванов Иван Иванович, тел. 8 917 123-45-67"}
    done = otvet("fields", "--jsonl", stdin=json.dumps(row))
    (found,) = rows(done)
    assert done.returncode == 0
    assert set(found) == {"id", "sender"}
    assert found["sender"]["last_name"] == "Иванов"
    assert found["sender"]["phones"] == ["+79171234567"]


def test_due_explains_both_terms() -> None:
    done = otvet("due", "--received", "2026-10-22", "--segment", "B2C", "--json")
    (found,) = rows(done)
    assert done.returncode == 0
    assert set(found) == {"hard", "target"}
    assert {"date", "rule", "basis", "certainty", "explanation"} <= set(found["hard"])
    assert found["hard"]["date"] == "2026-11-23"
    assert found["hard"]["explanation"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["due", "--received", "вчера", "--segment", "B2C"],
        ["due", "--received", "2026-10-22", "--segment", "X"],
        ["due", "--received", "2026-10-22"],
        ["due", "--received", "2026-10-22", "--segment", "B2C", "--rule", "NO_SUCH"],
        ["name"],
        ["classify"],
        ["no-such-command"],
        ["name", "--no-such-option"],
        ["read", "/no/such/file.pdf"],
        ["letter", "check", "/no/such/file.docx"],
        ["ocr", "/tmp"],
        [],
    ],
)
def test_bad_usage_is_told_in_russian(arguments: list[str]) -> None:
    done = otvet(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert any("а" <= letter.casefold() <= "я" for letter in done.stderr)
    assert not [word for word in ENGLISH if word in done.stderr]


ENGLISH = ["Usage", "Options", "Commands", "Error", "Try", "Missing", "Invalid", "Show this", "TEXT", "INTEGER", "PATH"]
ENGLISH += ["Traceback", "No such", "[OPTIONS]", "COMMAND", "required", "default:"]
COMMANDS = ["run", "add", "receive", "work", "read", "ocr", "mail", "classify", "fields", "name", "due", "letter"]
COMMANDS += ["letter check", "letter make", "letter rules", "status", "reconcile", "doctor", "user", "user add"]
COMMANDS += ["user list", "version", ""]


@pytest.mark.parametrize("command", COMMANDS)
def test_help_is_wholly_russian(command: str) -> None:
    done = otvet(*command.split(), "--help", fresh=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Использование:")
    assert not [word for word in ENGLISH if word in done.stdout]


def test_the_light_start_is_light() -> None:
    def seconds(*arguments: str) -> float:
        best = 60.0
        for _ in range(3):
            began = time.monotonic()
            assert otvet(*arguments, fresh=True).returncode == 0
            best = min(best, time.monotonic() - began)
        return best

    # A ratio, because test machines differ: the names of a person must not cost a database or a server.
    assert seconds("name", "Иванов Иван Иванович") < 4 * seconds("version") + 0.5


@pytest.mark.parametrize(
    "arguments", [["name", "Ким"], ["due", "--received", "2026-10-22", "--segment", "B2C"], ["letter", "rules"]]
)
def test_light_commands_load_no_heavy_library(arguments: list[str]) -> None:
    code = (
        "import sys; from otvet.cli.main import _code; _code(sys.argv[1:]);"
        "print(sorted({'prefect', 'fastapi', 'sqlalchemy', 'uvicorn'} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
