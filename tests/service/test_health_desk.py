"""The administrator's page: what does not work stands on every page of his, the reconciliation is run on demand; and
the records office decides on held letters without downloading them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest
import support_desk
import support_house as support
from dovecot import running as dovecot_running
from pydantic import SecretStr
from smtpsink import running_sink
from support_desk import token, visitor

from intake.imap import ImapMailbox
from registry import troubles
from registry.models import Arrival
from steps import receive, views, work
from steps.house import House

pytestmark = pytest.mark.service

SHUT = "Почтовый сервер не принял имя или пароль"
SPAM = """From: Реклама <ad@promo.example>
Subject: Скидки <b>сегодня</b>
Message-ID: <ad@promo.example>
X-Spam-Flag: YES
Content-Type: text/plain; charset=utf-8

Только сегодня <script>alert(1)</script> светильники.
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    made = support_desk.build(tmp_path_factory.mktemp("health"))
    yield made
    made.close()


def test_a_shut_line_stands_on_every_page_of_the_administrator_and_of_nobody_else(url: str, house: House) -> None:
    with house.db.session() as session:
        troubles.note(session, troubles.SMTP, SHUT, is_settings=True)
    admin, clerk = visitor(url, "admin"), visitor(url, "registrar")
    for path in ("/", "/registry", "/health"):
        assert SHUT in admin.get(path).text, path
    assert SHUT not in clerk.get("/registry").text
    assert clerk.get("/health").status_code == HTTPStatus.FORBIDDEN
    answer = clerk.post("/health/reconcile", data={"csrf": token(clerk, "/registry")})
    assert answer.status_code == HTTPStatus.FORBIDDEN


def test_the_administrator_tries_the_mail_server_again(
    url: str, house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = visitor(url, "admin")
    with running_sink(tmp_path, "take", "--login") as sink:
        for password, said in (("старый", SHUT), ("secret", "Почтовый сервер принимает нас")):
            smtp = house.settings.smtp.model_copy(
                update={"port": sink.port, "security": "plain", "username": "otvet", "password": SecretStr(password)}
            )
            monkeypatch.setattr(house, "settings", house.settings.model_copy(update={"smtp": smtp}))
            assert said in admin.post("/health/smtp", data={"csrf": token(admin, "/health")}).text
    assert SHUT not in admin.get("/").text


def test_the_reconciliation_on_demand_names_letters_that_people_put_aside(url: str, house: House) -> None:
    admin = visitor(url, "admin")
    with dovecot_running() as server:
        for number in (1, 2):
            server.deliver("company", support.message(number))
            if number == 1:
                house.sources = [ImapMailbox(server.settings("company", name="imap:company"))]
                work.run(support.SYSTEM, house, "receive")
        server.doveadm("move", "-u", "company", "Обработано", "mailbox", "INBOX", "all")
        page = admin.post("/health/reconcile", data={"csrf": token(admin, "/health")}).text
        house.sources = []
    assert "Сверка проведена." in page
    assert "в папке принятых лежат письма, которых программа не принимала" in page
    assert "imap:company: 1" in page
    assert "верните их во входящие" in page


def test_a_held_letter_is_decided_on_by_what_it_says(url: str, house: House) -> None:
    receive.add(support.SYSTEM, house, "ad.eml", SPAM.encode())
    work.run(support.SYSTEM, house, "triage")
    records = visitor(url, "registrar")
    page = records.get("/registry").text
    assert "Скидки &lt;b&gt;сегодня&lt;/b&gt;" in page
    assert "Реклама &lt;ad@promo.example&gt;" in page
    assert "Только сегодня &lt;script&gt;alert(1)&lt;/script&gt; светильники." in page
    assert "пометил письмо как спам: поле x-spam-flag" in page
    late = "не просмотрено в течение рабочего дня"
    assert late not in page
    with house.db.session() as session:
        row = session.query(Arrival).filter(Arrival.name == "ad.eml").one()
        row.taken_at -= dt.timedelta(days=7)
        received = row.received_at
    assert late in records.get("/registry").text
    (one,) = views.held(support.SYSTEM, house)
    told = {"csrf": token(records, "/registry"), "decision": "register", "reason": "обращение клиента"}
    records.post(f"/registry/held/{one.part_id}", data=told)
    work.run(support.SYSTEM, house, "register")
    assert views.held(support.SYSTEM, house) == []
    with house.db.session(write=False) as session:
        (part,) = session.query(Arrival).filter(Arrival.name == "ad.eml").one().parts
        assert part.state == "registered"
        assert part.appeal is not None
        assert part.appeal.received_at == received, "the moment of receipt is the first one, not the decision's"
