"""Enclosures: files beside a reply become counted sheets, a set to print and files of the archive that is mailed."""

from __future__ import annotations

import email
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pikepdf
import pytest
import support_house as support
from PIL import Image
from reportlab.pdfgen.canvas import Canvas
from test_way_of_a_letter import filled, running_sink, walk_in

from outbox.compose import letter_text
from outbox.pdf import page_count, pdf_text
from registry import reconcile, replies
from registry.errors import InputError, NotFoundError, StateError
from rules.wire import LetterContent, ReplyKind
from steps import draft, enclosures, sign, views, work
from steps.house import House

pytestmark = pytest.mark.service
Make = Callable[..., House]


def pdf(text: str, pages: int = 1) -> bytes:
    output = io.BytesIO()
    canvas = Canvas(output, invariant=1)
    for number in range(1, pages + 1):
        canvas.drawString(100, 700, f"{text} {number}")
        canvas.showPage()
    canvas.save()
    return output.getvalue()


def picture() -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (1200, 600), "navy").save(output, "PNG")
    return output.getvalue()


def words() -> bytes:
    document = docx.Document()
    document.add_paragraph("Расчёт платы за воду.")
    output = io.BytesIO()
    document.save(output)
    return output.getvalue()


def begun(house: House) -> tuple[str, int, support.Actor, LetterContent]:
    number = walk_in(house, support.message(1))
    clerk = next(one for one in support.actors_with(house, "clerk") if "BILL" in one.queues)
    if views.card(support.SYSTEM, house, number).row.queue != "BILL":
        draft.correct_topic(support.actors_with(house, "registrar")[0], house, number, "C02.01")
    draft.claim(clerk, house, number)
    reply_id = draft.begin(clerk, house, number, ReplyKind.ANSWER)
    return number, reply_id, clerk, filled(views.reply(clerk, house, reply_id)[1].content)


def now(house: House, reply_id: int) -> LetterContent:
    return views.reply(support.SYSTEM, house, reply_id)[1].content


def test_files_become_counted_sheets_and_leave_with_the_letter(make_house: Make, tmp_path: Path) -> None:
    with running_sink(tmp_path / "sink") as sink:
        house = make_house(smtp_port=sink.port)
        number, reply_id, clerk, content = begun(house)
        files = [("Фото счётчика.png", picture()), ("акт_сверки.pdf", pdf("Act", 2)), ("расчёт.docx", words())]
        enclosures.add(clerk, house, reply_id, content, files)
        enclosures.move(clerk, house, reply_id, now(house, reply_id), 2)
        kept = now(house, reply_id)
        assert [(title, one.sheets) for title, one in kept.enclosed if one] == [
            ("акт сверки", 2),
            ("Фото счётчика", 1),
            ("расчёт", 1),
        ]
        note = letter_text(draft.preview(clerk, house, reply_id, None, "docx")).replace("\xa0", " ")
        assert "1. акт сверки на 2 л. в 1 экз." in note
        signatory = support.actors_with(house, "signatory")[-1]
        assert signatory.person_id is not None
        report = sign.submit(clerk, house, reply_id, signatory.person_id)
        assert not [one for one in report.findings if one.rule.startswith("AP-")]
        head = next(one for one in support.actors_with(house, "queue_head") if "BILL" in one.queues)
        sign.approve(head, house, reply_id)
        out_number = sign.accept(signatory, house, reply_id)
        whole = enclosures.whole(clerk, house, reply_id).data
        sheets = [page_text(whole, place) for place in range(page_count(whole))]
        assert len(sheets) == 1 + 4
        assert f"Приложение № 1 к письму от {_today(house, reply_id)} № {out_number}" in sheets[1]
        assert "Act 1" in sheets[1]
        assert "Приложение" not in sheets[2]
        assert sheets[3].startswith("Приложение № 2")
        assert "Расчёт платы" in sheets[4]
        sign.complete(signatory, house, reply_id, "approval")
        assert work.run(support.SYSTEM, house, "send").done == 1
        mail = email.message_from_bytes(sink.stored[0])
    archive = next(part for part in mail.walk() if part.get_content_type() == "application/zip")
    with zipfile.ZipFile(io.BytesIO(archive.get_payload(decode=True))) as packed:
        assert packed.namelist() == [
            f"Ответ {out_number}.pdf",
            "Приложение 1. акт сверки.pdf",
            "Приложение 2. Фото счётчика.pdf",
            "Приложение 3. расчёт.pdf",
        ]
        assert packed.read("Приложение 1. акт сверки.pdf") == pdf("Act", 2), "what is sent is what was put in"
    assert views.card(support.SYSTEM, house, number).row.state == "replied"
    with house.db.session(write=False) as session:
        assert not [fault for fault in reconcile._blobs(session) if fault.count]


def page_text(data: bytes, place: int) -> str:
    with pikepdf.open(io.BytesIO(data)) as document:
        one = pikepdf.Pdf.new()
        one.pages.append(document.pages[place])
        output = io.BytesIO()
        one.save(output)
    return " ".join(pdf_text(output.getvalue()).replace("\xa0", " ").split())


def _today(house: House, reply_id: int) -> str:
    date = views.reply(support.SYSTEM, house, reply_id)[1].letter_date
    assert date is not None
    return f"{date:%d.%m.%Y}"


def test_what_cannot_be_enclosed_is_refused_with_what_to_do(make_house: Make) -> None:
    house = make_house()
    _, reply_id, clerk, content = begun(house)
    with pikepdf.open(io.BytesIO(pdf("x"))) as document:
        locked, scripted = io.BytesIO(), io.BytesIO()
        document.save(locked, encryption=pikepdf.Encryption(user="a", owner="b"))
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        document.save(scripted)
    for data, said in (
        (b"MZ\x00\x00program", "приложить нельзя"),
        (b"", "приложить нельзя"),
        (b"%PDF-1.7\n1 0 obj", "не открывается"),
        (b"\x89PNG\r\n\x1a\nbroken", "не открывается"),
        (locked.getvalue(), "паролем"),
        (scripted.getvalue(), "сценарии"),
        (pdf("x", 201), "листов"),
    ):
        with pytest.raises(InputError, match=said):
            enclosures.add(clerk, house, reply_id, content, [("акт.pdf", data)])
    with pytest.raises(InputError, match="Выберите файл"):
        enclosures.add(clerk, house, reply_id, content, [])
    assert now(house, reply_id).enclosures == []


def test_enclosures_too_large_for_a_mail_stop_before_signing(make_house: Make) -> None:
    house = make_house()
    _, reply_id, clerk, content = begun(house)
    noisy = Image.effect_noise((2400, 3400), 90)
    output = io.BytesIO()
    noisy.save(output, "PNG")
    enclosures.add(clerk, house, reply_id, content, [(f"скан{n}.png", output.getvalue()) for n in range(3)])
    signatory = support.actors_with(house, "signatory")[-1]
    assert signatory.person_id is not None
    with pytest.raises(InputError, match="5 МБ"):
        sign.submit(clerk, house, reply_id, signatory.person_id)
    enclosures.remove(clerk, house, reply_id, now(house, reply_id), 3)
    enclosures.remove(clerk, house, reply_id, now(house, reply_id), 2)
    bare = now(house, reply_id)
    draft.save(clerk, house, reply_id, bare.model_copy(update={"enclosures": [*bare.enclosures, "Справка"]}))
    with pytest.raises((InputError, StateError), match=r"№ 2|AP-3"):
        sign.submit(clerk, house, reply_id, signatory.person_id)


def test_only_the_letter_s_own_files_are_shown(make_house: Make) -> None:
    house = make_house()
    _, reply_id, clerk, content = begun(house)
    enclosures.add(clerk, house, reply_id, content, [("акт.pdf", pdf("Act"))])
    assert page_count(enclosures.file(clerk, house, reply_id, 1).data) == 1
    with pytest.raises(NotFoundError):
        enclosures.file(clerk, house, reply_id, 2)
    with house.db.session(write=False) as session:
        reply = replies.get(support.SYSTEM, session, reply_id)
        with pytest.raises(NotFoundError):
            replies.attached(session, reply, "0" * 64)
