"""One letter's whole way through the steps, on both databases, with a real SMTP server and LibreOffice."""

from __future__ import annotations

import datetime as dt
import email
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import support_house as support
from PIL import Image
from smtpsink import running_sink
from support_signed import pile, printed

from outbox.pdf import pdf_text
from registry import chains, clock, lists
from registry.errors import ForbiddenError, InputError, StateError
from rules.wire import Channel, LetterContent, ReplyKind
from steps import draft, post, receive, sign, signscan, triage, views, work
from steps.house import House

pytestmark = pytest.mark.service

Make = Callable[..., House]


def walk_in(house: House, data: bytes, *, channel: Channel = Channel.EMAIL, name: str = "письмо.eml") -> str:
    receive.add(support.SYSTEM, house, name, data, channel=channel)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    return views.queue(support.SYSTEM, house, lists.Filter()).rows[-1].number


def filled(content: LetterContent) -> LetterContent:
    """A draft with everything said that only a clerk knows."""
    return content.model_copy(
        update={
            "salutation": content.salutation or "Уважаемая Зухра Маратовна!",
            "addressee": content.addressee or ["Ильясовой Зухре Маратовне"],
            "body": [
                "Мы проверили начисления по Вашему лицевому счёту за октябрь 2026 года.",
                (
                    "Перерасчёт платы за воду за период с 1 по 20 октября 2026 года выполнен 23.11.2026 и войдёт "
                    "в платёжный документ за ноябрь 2026 года. "
                    f"Платёжный документ направим до {clock.today() + dt.timedelta(days=14):%d.%m.%Y}."
                ),
            ],
        }
    )


def prepare(house: House, number: str) -> tuple[int, support.Actor]:
    """Claim, write and submit; returns the reply and its signatory."""
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    card = views.card(support.SYSTEM, house, number)
    if card.row.queue != "BILL":
        records = support.actors_with(house, "registrar")[0]
        draft.correct_topic(records, house, number, "C02.01")
    draft.claim(clerk, house, number)
    reply_id = draft.begin(clerk, house, number, ReplyKind.ANSWER)
    content = filled(views.reply(clerk, house, reply_id)[1].content)
    draft.save(clerk, house, reply_id, content)
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    report = sign.submit(clerk, house, reply_id, signatory.person_id)
    assert report.blocking == []
    return reply_id, signatory


def test_from_mail_to_proved_reply(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        number = walk_in(house, support.message(1))
        reply_id, signatory = prepare(house, number)
        head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
        sign.approve(head, house, reply_id)
        out_number = sign.accept(signatory, house, reply_id)
        assert sign.accept(signatory, house, reply_id) == out_number, "accepting twice gives no second number"
        sign.complete(signatory, house, reply_id, "approval")
        assert work.run(support.SYSTEM, house, "send").done == 1
        assert work.run(support.SYSTEM, house, "send").done == 0
        assert len(sink.stored) == 1, "a reply leaves once (P6)"
        mail = email.message_from_bytes(sink.stored[0])
    assert mail["In-Reply-To"] == "<client1.1@mail.example>"
    archive = next(part for part in mail.walk() if part.get_content_type() == "application/zip")
    with zipfile.ZipFile(io.BytesIO(archive.get_payload(decode=True))) as files:
        words = pdf_text(files.read(files.namelist()[0]))
    assert out_number in words.replace("‑", "-")
    assert "Зухра Маратовна" in words.replace("\xa0", " ")
    card = views.card(support.SYSTEM, house, number)
    assert card.row.state == "replied"
    assert card.replies[0].dispatches[0].state == "sent"
    (promise,) = card.case.controls
    assert (promise.state, promise.letter, promise.due) == ("open", out_number, clock.today() + dt.timedelta(days=14))
    with house.db.session(write=False) as session:
        assert chains.verify(session, f"appeal:{card.row.id}") == len(card.history)


def test_a_letter_on_paper_gets_onto_a_dispatch_list(make_house: Make) -> None:
    house = make_house()
    plain = (
        "Прошу сделать перерасчёт платы за воду за время временного отсутствия с 1 по 20 октября 2026 года.\n"
        "Лицевой счёт 1002003002. Адрес: г. Уфа, ул. Ленина, д. 2, кв. 12.\nИльясова Зухра Маратовна"
    )
    number = walk_in(house, plain.encode(), channel=Channel.POST, name="письмо.txt")
    records = support.actors_with(house, "registrar")[0]
    draft.correct_sender(records, house, number, {"address": "450000, г. Уфа, ул. Ленина, д. 2, кв. 12"})
    reply_id, signatory = prepare(house, number)
    head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
    sign.approve(head, house, reply_id)
    sign.accept(signatory, house, reply_id)
    sign.complete(signatory, house, reply_id, "approval")
    (list_id,) = post.make_lists(records, house)
    with pytest.raises(InputError):
        post.make_lists(records, house)
    assert "ул. Ленина" in pdf_text(views.post_list_file(records, house, list_id).data).replace("\xa0", " ")
    with pytest.raises(InputError):
        post.confirm_list(records, house, list_id, clock.today() + dt.timedelta(days=1))
    assert views.card(support.SYSTEM, house, number).row.state == "sending"
    assert post.confirm_list(records, house, list_id, clock.today()) == 1
    assert post.confirm_list(records, house, list_id, clock.today()) == 0
    assert views.card(support.SYSTEM, house, number).row.state == "replied"


def test_an_edit_after_approval_is_refused_and_rework_cancels_the_number(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(3))
    reply_id, signatory = prepare(house, number)
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
    content = views.reply(clerk, house, reply_id)[1].content
    with pytest.raises(StateError):
        draft.save(clerk, house, reply_id, content)
    sign.approve(head, house, reply_id)
    with pytest.raises(ForbiddenError):
        sign.accept(clerk, house, reply_id)
    cancelled = sign.accept(signatory, house, reply_id)
    sign.send_back(signatory, house, reply_id, "Уточните дату")
    draft.save(clerk, house, reply_id, content.model_copy(update={"closing": content.closing + " Благодарим Вас."}))
    assert signatory.person_id is not None
    sign.submit(clerk, house, reply_id, signatory.person_id)
    sign.approve(head, house, reply_id)
    given = sign.accept(signatory, house, reply_id)
    assert given != cancelled
    with pytest.raises(InputError):
        sign.complete(signatory, house, reply_id, "ink", b"not a scan", "scan.pdf")
    with pytest.raises(InputError, match="не прочитана метка"):
        sign.complete(signatory, house, reply_id, "ink", pile(Image.new("L", (1654, 2339), 255)), "скан.pdf")
    scan = pile(*printed(house, reply_id, signatory))
    assert signscan.take(signatory, house, scan, "пачка.pdf").signed == [given], "found by its mark"
    assert views.reply_file(signatory, house, reply_id, "signed").data == scan
    assert "не ждёт подписи" in signscan.take(signatory, house, scan, "ещё раз.pdf").strange[0]


def test_a_blocking_finding_stops_until_a_named_person_sets_it_aside(make_house: Make) -> None:
    house = make_house()
    number = walk_in(house, support.message(4))
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
    if views.card(support.SYSTEM, house, number).row.queue != "BILL":
        draft.correct_topic(support.actors_with(house, "registrar")[0], house, number, "C02.01")
    draft.claim(clerk, house, number)
    reply_id = draft.begin(clerk, house, number)
    content = filled(views.reply(clerk, house, reply_id)[1].content)
    rude = content.model_copy(update={"body": [*content.body, "Вы обязаны явиться в офис до 01.12.2026."]})
    draft.save(clerk, house, reply_id, rude)
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    with pytest.raises(StateError, match="TN-2"):
        sign.submit(clerk, house, reply_id, signatory.person_id)
    with pytest.raises(ForbiddenError):
        sign.override(clerk, house, reply_id, "TN-2", "так надо")
    sign.override(head, house, reply_id, "TN-2", "Клиент нарушил обязанность по ПП 354")
    sign.submit(clerk, house, reply_id, signatory.person_id)
    shown = views.reply(head, house, reply_id)[1]
    assert [one.rule for one in shown.overrides] == ["TN-2"]


def test_a_refused_address_reopens_the_appeal(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink", "550") as sink:
        house = make_house(smtp_port=sink.port)
        number = walk_in(house, support.message(5))
        reply_id, signatory = prepare(house, number)
        head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
        sign.approve(head, house, reply_id)
        sign.accept(signatory, house, reply_id)
        sign.complete(signatory, house, reply_id, "approval")
        work.run(support.SYSTEM, house, "send")
    card = views.card(support.SYSTEM, house, number)
    assert (card.row.state, card.replies[0].dispatches[0].state) == ("undelivered", "failed")


def test_a_bounce_of_our_reply_reopens_the_appeal_and_gets_no_number(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        number = walk_in(house, support.message(6))
        reply_id, signatory = prepare(house, number)
        head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
        sign.approve(head, house, reply_id)
        sign.accept(signatory, house, reply_id)
        sign.complete(signatory, house, reply_id, "approval")
        work.run(support.SYSTEM, house, "send")
        sent = email.message_from_bytes(sink.stored[0])
    receive.add(support.SYSTEM, house, "bounce.eml", _bounce(sent["Message-ID"]), channel=Channel.EMAIL)
    for step in ("triage", "register"):
        work.run(support.SYSTEM, house, step)
    listed = views.queue(support.SYSTEM, house, lists.Filter(open_only=False))
    assert listed.total == 1
    assert listed.rows[0].state == "undelivered"
    assert listed.rows[0].number == number
    (sending,) = views.card(support.SYSTEM, house, number).replies[0].dispatches
    assert (sending.address, sending.proof[-1]["bounce"]) == (
        "client6@mail.example",
        "пришёл отчёт о недоставке: такого адреса нет (5.1.1)",
    )
    (shown,) = views.post(support.actors_with(house, "registrar")[0], house).unclear
    assert shown.address == "client6@mail.example"
    assert shown.evidence[-1].endswith("пришёл отчёт о недоставке: такого адреса нет (5.1.1)")


def test_what_cannot_be_read_waits_for_a_person_and_can_be_registered(make_house: Make) -> None:
    house = make_house()
    for name, data in (("пустой.pdf", b""), ("обрыв.pdf", b"%PDF-1.7\n1 0 obj"), ("мусор.pdf", bytes(range(256)) * 9)):
        receive.add(support.SYSTEM, house, name, data, channel=Channel.POST)
    for step in ("triage", "register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    records = support.actors_with(house, "registrar")[0]
    held = views.held(records, house)
    assert len(views.refused(records, house)) == 1
    assert len(held) == 2
    assert all(one.reasons and one.reasons[0] for one in held)
    triage.decide(records, house, held[0].part_id, register=True, reason="Клиент приходил лично")
    for step in ("register", "read", "route"):
        assert work.run(support.SYSTEM, house, step).failed == 0
    row = views.queue(records, house, lists.Filter()).rows[0]
    assert (row.state, row.queue) == ("in_verification", "REG")
    assert views.card(records, house, row.number).reasons


def _bounce(message_id: str) -> bytes:
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery System <mailer-daemon@mail.example>\r\nTo: info@eirc-rb.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nundeliverable\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n"
        "Final-Recipient: rfc822; client6@mail.example\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\nSubject: x\r\n\r\n--b--\r\n"
    ).encode()
