"""What of the client's letter is quoted below an answer, and to whom: his new words, to where he wrote from."""

from __future__ import annotations

import dataclasses
import email
from collections.abc import Callable
from email.message import EmailMessage
from typing import Any

import pytest
from support_post import signed

from registry import dispatches
from steps import send
from steps.house import House

pytestmark = pytest.mark.service

ASKED = "Прошу сделать перерасчёт платы за воду за время временного отсутствия с 1 по 20 октября 2026 года."
OLD = "Старое письмо, которое он цитирует"


def letter() -> bytes:
    mail = EmailMessage()
    mail["From"] = "Ильясова Зухра Маратовна <client1@mail.example>"
    mail["To"] = "info@eirc-rb.example"
    mail["Subject"] = "Перерасчёт"
    mail["Message-ID"] = "<client1.1@mail.example>"
    where = "Лицевой счёт 1002003001, г. Уфа, ул. Ленина, д. 1, кв. 12.\nИльясова Зухра Маратовна"
    mail.set_content(f"{ASKED}\n{where}\n\n1 ноября 2026 г. в 10:00 ЕИРЦ <info@eirc-rb.example> пишет:\n> {OLD}\n")
    mail.add_attachment(b"%PDF-1.4 secret", maintype="application", subtype="pdf", filename="справка.pdf")
    return mail.as_bytes()


def texts(mail: Any) -> dict[str, str]:
    kinds = ("text/plain", "text/html")
    return {
        part.get_content_type(): part.get_payload(decode=True).decode()
        for part in mail.walk()
        if part.get_content_type() in kinds
    }


@pytest.fixture
def sending(make_house: Callable[..., House]) -> tuple[House, int]:
    """A house that quotes, and the sending by e-mail of a signed answer."""
    house = make_house(quote_client=True, trained=False)
    key = signed(house, 1, incoming=letter())
    with house.db.session() as session:
        row = dispatches.get(session, key, lock=True)
        row.channel, row.address, row.message_id = "email", "client1@mail.example", "1.1@eirc-rb.example"
    return house, key


def quoted(house: House, key: int, **meta: Any) -> str:
    """What would be quoted to a sending, were the incoming letter other."""
    with house.db.session() as session:
        row = dispatches.get(session, key)
        part = row.reply.appeal.parts[0]
        part.meta = part.meta | meta
        session.flush()
        said = send._quoted(session, house, row)
        session.rollback()
    return said


def test_his_new_words_stand_below_the_answer_and_nothing_else_of_his(sending: tuple[House, int]) -> None:
    house, key = sending
    with house.db.session(write=False) as session:
        raw = send._mail(session, house, dispatches.get(session, key))
    mail = email.message_from_bytes(raw)
    assert (mail["To"], mail["Cc"]) == ("client1@mail.example", None)
    assert set(texts(mail)) == {"text/plain", "text/html"}
    for text in texts(mail).values():
        plain = text.replace("\xa0", " ")
        assert 0 <= plain.index("Направляем ответ на Ваше обращение") < plain.index("С уважением") < plain.index(ASKED)
        assert OLD not in plain
    names = [part.get_filename() for part in mail.walk() if part.get_filename()]
    assert len(names) == 1, "only our archive: what he attached he has himself"
    assert b"secret" not in raw


def test_only_to_the_very_address_that_wrote_never_to_a_changed_one_or_a_copy(sending: tuple[House, int]) -> None:
    house, key = sending
    for meta in ({}, {"from_email": "Client1@Mail.example"}, {"reply_to": "client1@mail.example"}):
        assert quoted(house, key, **meta).startswith(ASKED), meta
    other = "other@mail.example"
    for meta in ({"from_email": other}, {"reply_to": other}, {"from_email": None}, {"form": "site"}):
        assert quoted(house, key, **meta) == "", meta

    off = dataclasses.replace(house, settings=house.settings.model_copy(update={"quote_client": False}))
    assert quoted(off, key) == ""
    with house.db.session() as session:
        row = dispatches.get(session, key)
        row.address = "new@mail.example"  # as a person changed it
        assert send._quoted(session, house, row) == ""
        row.address = "client1@mail.example"
        assert send._quoted(session, house, row) != ""
        version = row.reply.versions[-1]
        copy = {"channel": "email", "address": "client1@mail.example", "name": "УК «Дом»"}
        version.content = version.content | {"copies": [copy]}
        assert send._quoted(session, house, row) == "", (
            "a copy is not quoted to, even where the client reads it himself"
        )
        session.rollback()

    with house.db.session() as session:
        row = dispatches.get(session, key)
        body = next(one for one in row.reply.appeal.parts[0].documents if one.role == "letter")
        body.digest = send.blobs.put(session, ("строка письма\n" * 2000).encode())
        said = send._quoted(session, house, row)
        session.rollback()
    assert len(said) <= send.QUOTED + 10
    assert said.endswith("строка письма\n[…]")
