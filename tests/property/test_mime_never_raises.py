"""understand() never raises: on rubbish, and on real messages with pieces cut, doubled and overwritten."""

from __future__ import annotations

from email.message import EmailMessage

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mime import understand
from rules.wire import MailView


def _sample() -> bytes:
    message = EmailMessage()
    message["From"] = "Иван Иванов <ivan@example.org>"
    message["Subject"] = "О перерасчёте платы за отопление"
    message["Message-ID"] = "<1@example.org>"
    message.set_content("Добрый день!\n\n12.11.2026 10:15, ЕИРЦ пишет:\n> старое\n")
    message.add_alternative("<p>Добрый <b>день</b></p>", subtype="html")
    message.add_attachment(b"%PDF-1.4", maintype="application", subtype="pdf", filename="Заявление о перерасчёте.pdf")
    outer = EmailMessage()
    outer["From"] = "x@example.org"
    outer.set_content("Пересылаю")
    outer.add_attachment(message)
    return outer.as_bytes()


SAMPLE = _sample()


@settings(max_examples=150)
@given(st.binary(max_size=3_000))
def test_rubbish(raw: bytes) -> None:
    MailView.model_validate(understand(raw).view.model_dump())


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE)), st.integers(0, 200), st.binary(max_size=40)), max_size=6))
def test_mutated_message(changes: list[tuple[int, int, bytes]]) -> None:
    raw = SAMPLE
    for start, length, piece in changes:
        raw = raw[:start] + piece + raw[start + length :]
    MailView.model_validate(understand(raw).view.model_dump())


headers = st.sampled_from(
    ["Subject", "From", "To", "Content-Type", "Content-Disposition", "Date", "Received", "References"]
)
bodies = st.text("=?utf-8BQkoi-r*'\"<>@();:,\\% \tабвЯ\x00\x1b0123456789/", max_size=200)


@settings(max_examples=200)
@given(st.lists(st.tuples(headers, bodies), max_size=6))
def test_odd_headers(fields: list[tuple[str, str]]) -> None:
    raw = "".join(f"{name}: {body}\n" for name, body in fields).encode() + b"\ntext"
    MailView.model_validate(understand(raw).view.model_dump())
