"""A corpus of varied and nasty messages with truth: each is understood rightly or held with a reason."""

from __future__ import annotations

import base64
import io
import quopri
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from intake.mime import understand, understand_files
from rules.wire import Triage

TEXT = "Прошу сделать перерасчёт платы за отопление за октябрь.\n\nС уважением, Иванов Иван Иванович"
PLAIN = TEXT.replace("ё", "е")
SUBJECT = "О перерасчёте платы за отопление"
OURS = "77.reply@eirc.example.org"
B64 = base64.b64encode


@dataclass
class Case:
    name: str
    raw: bytes
    triage: Triage = Triage.NEW_APPEAL
    subject: str | None = None
    text: str | None = None
    sender: str | None = "ivan@example.org"
    sender_name: str | None = None
    files: list[tuple[str, str]] | None = None
    bounce: tuple[str | None, str | None, bool, str | None] | None = None
    reason: str = ""


CASES: list[Case] = []


def mail(body: bytes, *fields: bytes | str, sender: bytes = b"From: ivan@example.org") -> bytes:
    lines = [sender, *(one.encode() if isinstance(one, str) else one for one in fields)]
    return b"\n".join(one for one in lines if one) + b"\n\n" + body


def typed(charset: str, encoding: str = "8bit", kind: str = "plain") -> list[str]:
    return [f"Content-Type: text/{kind}; charset={charset}", f"Content-Transfer-Encoding: {encoding}"]


def add(name: str, raw: bytes, **truth: object) -> None:
    CASES.append(Case(name, raw, **truth))  # type: ignore[arg-type]


def multipart(kind: str, *parts: bytes, boundary: str = "b1") -> bytes:
    pieces = b"".join(b"--" + boundary.encode() + b"\n" + part + b"\n" for part in parts)
    return b'Content-Type: multipart/%s; boundary="%s"\n\n%s--%s--\n' % (
        *(kind.encode(), boundary.encode(), pieces, boundary.encode()),
    )


def part(data: bytes, *fields: bytes | str) -> bytes:
    return b"\n".join(one.encode() if isinstance(one, str) else one for one in fields) + b"\n\n" + data


def top(content: bytes, *fields: bytes | str) -> bytes:
    head = [b"From: ivan@example.org", *(one.encode() if isinstance(one, str) else one for one in fields)]
    return b"\n".join(head) + b"\n" + content


TEXT_PART = part(TEXT.encode(), "Content-Type: text/plain; charset=utf-8")


def encodings() -> None:
    for codec in ("utf-8", "cp1251", "koi8-r", "cp866", "iso8859-5"):
        source = TEXT if codec == "utf-8" else PLAIN
        data = source.encode(codec)
        for label in (codec, "", "us-ascii", "iso-8859-1", "koi8-r", "windows-1251", "utf-8", "x-unknown"):
            fields = typed(label) if label else []
            add(f"{codec} as {label or 'nothing'}", mail(data, *fields), text=source)
        add(f"{codec} quoted", mail(quopri.encodestring(data), *typed(codec, "quoted-printable ")), text=source)
        add(f"{codec} base64", mail(B64(data), *typed(codec, "BASE64 \t")), text=source)
    add("alias", mail(PLAIN.encode("cp1251"), *typed('"cp-1251"')), text=PLAIN)
    add("alias with junk", mail(PLAIN.encode("cp1251"), *typed("win-1251;;")), text=PLAIN)
    twice = "Прошу сделать перерасчет платы"
    add("read twice", mail(twice.encode().decode("cp1251").encode(), *typed("utf-8")), text=twice)
    add("utf-8 cut in a character", mail(("а" + TEXT).encode()[:-1], *typed("utf-8")), text="а" + TEXT[:-1])
    add("base64 with a footer", mail(B64(TEXT.encode()) + b"\n-- \nlist footer!", *typed("utf-8", "base64")), text=TEXT)
    add("base64 unpadded", mail(B64(TEXT.encode()).rstrip(b"="), *typed("utf-8", "base64")), text=TEXT)
    add(
        "crlf",
        mail(TEXT.encode().replace(b"\n", b"\r\n"), *typed("utf-8")).replace(b"\n", b"\r\n").replace(b"\r\r", b"\r"),
        text=TEXT,
    )
    add("lone cr", mail(TEXT.encode(), *typed("utf-8")).replace(b"\n", b"\r"), text=TEXT)


def subjects() -> None:
    octets = SUBJECT.encode()
    halves = (octets[:21], octets[21:])
    words = " ".join(f"=?utf-8?B?{B64(one).decode()}?=" for one in halves)
    koi = "О перерасчете".encode("koi8-r")
    add("split character in words", mail(b"x", f"Subject: {words}"), subject=SUBJECT)
    add("words without a blank", mail(b"x", f"Subject: {words.replace(' ', '')}"), subject=SUBJECT)
    add("folded words", mail(b"x", f"Subject: {words}".replace(" =?", "\n =?").replace(":\n", ":")), subject=SUBJECT)
    add(
        "q with blanks",
        mail(b"x", f"Subject: =?utf-8?Q?{quote(SUBJECT, safe=' ').replace('%', '=')}?="),
        subject=SUBJECT,
    )
    add("no padding", mail(b"x", f"Subject: =?utf-8?B?{B64(octets).decode().rstrip('=')}?="), subject=SUBJECT)
    add("word cut off", mail(b"x", f"Subject: =?utf-8?B?{B64(octets[:30]).decode()}"), subject=octets[:30].decode())
    add("language tag", mail(b"x", f"Subject: =?utf-8*ru?B?{B64(octets).decode()}?="), subject=SUBJECT)
    add(
        "wrong label in a word", mail(b"x", f"Subject: =?windows-1251?B?{B64(koi).decode()}?="), subject="О перерасчете"
    )
    for codec in ("utf-8", "cp1251", "koi8-r"):
        add(f"raw {codec}", mail(b"x", b"Subject: " + "О перерасчете".encode(codec)), subject="О перерасчете")
    add(
        "subject broken without indent",
        mail(b"x", "Subject: one", "two three", "To: a@example.org"),
        subject="one two three",
    )


def senders() -> None:
    name = "Иванов, Иван"
    word = f"=?utf-8?B?{B64(name.encode()).decode()}?="
    q = "=?utf-8?Q?" + "".join(f"={octet:02X}" for octet in "Иванов".encode()) + ",_" + "=D0=98?="
    for title, value, expected in (
        ("word", f"{word} <ivan@example.org>", name),
        ("word in quotes", f'"{word}" <ivan@example.org>', name),
        ("comma in q word", f"{q} <ivan@example.org>", "Иванов, И"),
        ("raw", f"{name.split(',', maxsplit=1)[0]} <ivan@example.org>", "Иванов"),
        ("comment", "ivan@example.org (Иван)", "Иван"),
        ("bare", "ivan@EXAMPLE.org", None),
        ("twice in brackets", "<<ivan@example.org>>", None),
    ):
        add(f"from: {title}", mail(b"x", sender=f"From: {value}".encode()), sender_name=expected)
    add("no sender", mail(TEXT.encode(), sender=b"Subject: x"), sender=None, text=TEXT, reason="Отправитель не указан")
    add("only blank lines in the body", mail(b"\n \n", "Subject: x"), text="", reason="нет текста")
    add("no body, no blank line", b"From: ivan@example.org\nSubject: x", text="", reason="нет текста")


def files() -> None:
    name = "Заявление на перерасчёт.pdf"
    octets = name.encode()
    cut = (quote(octets[:11]), quote(octets[11:]))
    forms = {
        "rfc2231": f"attachment; filename*=utf-8''{quote(octets)}",
        "rfc2231 continued inside a character": f"attachment; filename*0*=utf-8''{cut[0]};\n filename*1*={cut[1]}",
        "both forms": f"attachment; filename=x.pdf; filename*=UTF-8''{quote(octets)}",
        "word in quotes": f'attachment; filename="=?utf-8?B?{B64(octets).decode()}?="',
        "word bare": f"attachment; filename==?utf-8?B?{B64(octets).decode()}?=",
        "percent in quotes": f'attachment; filename="{quote(octets)}"',
        "raw": f'attachment; filename="{name}"',
        "blanks bare": f"attachment; filename={name}",
        "path": f'attachment; filename="C:\\\\docs\\\\{name}"',
        "direction override": f'attachment; filename="\u202e{name}"',
    }
    for title, disposition in forms.items():
        attached = part(
            B64(b"%PDF-1.4"),
            "Content-Type: application/pdf",
            f"Content-Disposition: {disposition}",
            "Content-Transfer-Encoding: base64",
        )
        add(f"file name: {title}", top(multipart("mixed", TEXT_PART, attached)), text=TEXT, files=[(name, "none")])
    cp = b'Content-Disposition: attachment; filename="' + "Акт.pdf".encode("cp1251") + b'"'
    add(
        "file name: raw cp1251",
        top(multipart("mixed", TEXT_PART, part(b"x", "Content-Type: application/pdf", cp))),
        files=[("Акт.pdf", "none")],
    )
    named = part(b"x", 'Content-Type: application/octet-stream; name="a.bin"')
    add("name of the type", top(multipart("mixed", TEXT_PART, named)), files=[("a.bin", "none")])
    for title, filename, data, risk in (
        ("exe", "a.exe", b"MZ", "refused"),
        ("double extension", "счёт.pdf.scr", b"x", "refused"),
        ("program called pdf", "a.pdf", b"MZ\x90", "refused"),
        ("exe in zip", "a.zip", zipped("x/setup.exe"), "refused"),
        ("bomb", "a.zip", zipped("zeros.txt", b"\0" * 5_000_000), "suspicious"),
        ("path in zip", "a.zip", zipped("../../etc/passwd"), "suspicious"),
        ("broken zip", "a.zip", zipped("letter.txt")[:40], "suspicious"),
        ("locked zip", "a.zip", locked(zipped("letter.txt")), "encrypted"),
    ):
        attached = part(
            B64(data),
            "Content-Type: application/octet-stream",
            "Content-Transfer-Encoding: base64",
            f'Content-Disposition: attachment; filename="{filename}"',
        )
        add(f"risk: {title}", top(multipart("mixed", TEXT_PART, attached)), text=TEXT, files=[(filename, risk)])


def zipped(name: str, data: bytes = b"text") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


def locked(data: bytes) -> bytes:
    """Set the flag of encryption in both headers."""
    central = data.index(b"PK\x01\x02")
    changed = bytearray(data)
    changed[6] |= 1
    changed[central + 8] |= 1
    return bytes(changed)


def structures() -> None:
    html = "<html><body><style>p{}</style><p>Прошу сделать <b>пере</b>расчёт.</p><script>x</script></body></html>"
    html_part = part(html.encode(), "Content-Type: text/html; charset=utf-8")
    logo = part(
        b"\x89PNG", "Content-Type: image/png", "Content-ID: <logo@x>", "Content-Disposition: inline; filename=l.png"
    )
    with_logo = part(
        html.replace("</p>", '<img src="cid:logo@x"></p>').encode(), "Content-Type: text/html; charset=utf-8"
    )
    pdf = part(b"%PDF", "Content-Type: application/pdf", "Content-Disposition: inline; filename=a.pdf")
    done = "Прошу сделать перерасчёт."
    add("html only", top(html_part), text=done)
    add(
        "html of 20000 divs",
        top(part(b"<div>" * 20_000 + html.encode(), "Content-Type: text/html; charset=utf-8")),
        text=done,
    )
    add("alternative", top(multipart("alternative", TEXT_PART, html_part)), text=TEXT)
    add(
        "alternative with empty plain",
        top(multipart("alternative", part(b" \n", "Content-Type: text/plain"), html_part)),
        text=done,
    )
    add("logo is no document", top(multipart("related", with_logo, logo)), text=done, files=[])
    add("inline pdf is a document", top(multipart("mixed", TEXT_PART, pdf)), text=TEXT, files=[("a.pdf", "none")])
    add(
        "apple mail",
        top(
            multipart("mixed", part(b"one", "Content-Type: text/plain"), pdf, part(b"two", "Content-Type: text/plain"))
        ),
        text="one\ntwo",
        files=[("a.pdf", "none")],
    )
    add("no closing boundary", top(multipart("mixed", TEXT_PART, pdf)[:-8]), text=TEXT, files=[("a.pdf", "none")])
    add(
        "boundary not named",
        top(b"Content-Type: multipart/mixed\n\n--bound\n" + TEXT_PART + b"\n--bound\n" + pdf + b"\n--bound--\n"),
        text=TEXT,
        files=[("a.pdf", "none")],
    )
    inner = top(multipart("mixed", TEXT_PART, pdf, boundary="b2"), "Subject: inner")
    nested = part(inner, "Content-Type: message/rfc822")
    nested64 = part(B64(inner), "Content-Type: message/rfc822", "Content-Transfer-Encoding: base64")
    for title, one in (("plain", nested), ("base64", nested64)):
        add(
            f"nested {title}",
            top(multipart("mixed", part(b"see below", "Content-Type: text/plain"), one)),
            text="see below",
            files=[("inner.eml", "none"), ("a.pdf", "none")],
        )
    add(
        "nested alone",
        top(multipart("mixed", nested)),
        text=TEXT,
        files=[("inner.eml", "none"), ("a.pdf", "none")],
        reason="вложенного",
    )
    signature = part(
        b"0",
        "Content-Type: application/pkcs7-signature; name=smime.p7s",
        "Content-Disposition: attachment; filename=smime.p7s",
    )
    add("signed", top(multipart("signed", TEXT_PART, signature)), text=TEXT, files=[])


def replies() -> None:
    new = "Спасибо, но вопрос не решён.\n\nС уважением, Иван"
    quotes = {
        "mail.ru": "12.11.2026 10:15, Иван Иванов пишет:\n> старое\n> письмо",
        "mail.ru html text": "Среда, 12 ноября 2026, 10:15 +05:00 от ЕИРЦ <office@example.org>:\n> старое",
        "yandex": '12.11.2026, 10:15, "ЕИРЦ" <office@example.org>:\n> старое',
        "outlook ru": "От: ЕИРЦ <a@b.ru>\nОтправлено: 12.11.2026 10:15\nКому: Иван\nТема: Ответ\n\nстарое",
        "outlook en": "From: EIRC <a@b.ru>\nSent: November 12, 2026 10:15 AM\nTo: Ivan\nSubject: Re\n\nold",
        "outlook express": "-----Исходное сообщение-----\nFrom: EIRC\nстарое",
        "original message": "-----Original Message-----\nold",
        "gmail": "чт, 12 нояб. 2026 г. в 10:15, ЕИРЦ <office@example.org>:\n\n> старое",
        "gmail en two lines": "On Thu, Nov 12, 2026 at 10:15 AM EIRC\n<office@example.org> wrote:\n> old",
        "thunderbird": "12.11.2026 10:15, ЕИРЦ пишет:\n\n> старое",
        "apple": "Отправлено с iPhone\n\n> 12 нояб. 2026 г., в 10:15, ЕИРЦ <a@example.org> написал(а):\n> \n> старое",
    }
    for title, quoted_text in quotes.items():
        add(
            f"reply: {title}",
            mail(f"{new}\n\n{quoted_text}\n".encode(), f"In-Reply-To: <{OURS}>", "Subject: Re: x"),
            triage=Triage.THREAD_REPLY,
            text=new,
        )
    add(
        "reply under the quote",
        mail(b"12.11.2026 10:15, X x@example.org wrote:\n> old\n\nnew", f"References: <a@b> <{OURS}>"),
        triage=Triage.THREAD_REPLY,
        text="new",
    )
    add("reply to a stranger's letter", mail(TEXT.encode(), "In-Reply-To: <1@other.example>"), text=TEXT)
    forward = "См. ниже\n\n-------- Пересылаемое сообщение --------\n12.11.2026, 10:15, Пётр: \nПрошу пересчитать"
    add("forward is content", mail(forward.encode(), "Subject: Fwd: x"), text=forward.replace(": \n", ":\n"))
    add("only a quote", mail("> старое".encode()), text="> старое", reason="только цитата")
    add(
        "words that look like a mark",
        mail("Сотрудник сказал следующее:\nплатить не надо".encode()),
        text="Сотрудник сказал следующее:\nплатить не надо",
    )


def robots() -> None:
    report = (
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b1\n\n--b1\n\nfailed\n--b1\n"
        b"Content-Type: message/delivery-status\n\nReporting-MTA: dns; mx\n\n"
        b"Final-Recipient: rfc822; petr@example.org\n"
        b"Action: %s\nStatus: %s\nDiagnostic-Code: smtp; 550 5.1.1 no such user\n--b1\n"
        b"Content-Type: %s\n\nMessage-ID: <" + OURS.encode() + b">\nSubject: x\n\n--b1--\n"
    )
    daemon = b"From: MAILER-DAEMON@example.org\n"
    for title, action, status, kind, truth in (
        ("failed", b"failed", b"5.1.1", b"message/rfc822", ("5.1.1", True)),
        ("headers only", b"failed", b"5.1.1", b"text/rfc822-headers", ("5.1.1", True)),
        ("vague status", b"failed", b"5.0.0", b"message/rfc822", ("5.1.1", True)),
        ("delayed", b"delayed", b"4.4.1", b"message/rfc822", ("4.4.1", False)),
    ):
        add(
            f"bounce: {title}",
            daemon + report % (action, status, kind),
            triage=Triage.BOUNCE,
            sender="MAILER-DAEMON@example.org",
            bounce=("petr@example.org", *truth, OURS),
        )
    mixed = (report % (b"failed", b"5.0.0", b"message/rfc822")).replace(
        b"multipart/report; report-type=delivery-status", b"multipart/mixed"
    )
    add(
        "bounce: no report",
        daemon + mixed,
        triage=Triage.BOUNCE,
        sender="MAILER-DAEMON@example.org",
        bounce=("petr@example.org", "5.1.1", True, OURS),
    )
    qmail = "Hi. This is the qmail-send program at x.\n<petr@example.org>:\nno such user 5.1.1\n\n--- Below\n"
    qmail += f"Message-ID: <{OURS}>\n"
    add(
        "bounce: qmail",
        b"Return-Path: <>\n" + mail(qmail.encode(), "Subject: failure notice"),
        triage=Triage.BOUNCE,
        bounce=("petr@example.org", "5.1.1", True, OURS),
    )
    russian = "Ваше письмо не может быть доставлено. Ящик petr@example.org переполнен."
    add(
        "bounce: russian",
        mail(
            russian.encode(), "Subject: Письмо не доставлено", sender=b"From: Mailer-Daemon <mailer-daemon@example.org>"
        ),
        triage=Triage.BOUNCE,
        sender="mailer-daemon@example.org",
        bounce=("petr@example.org", None, True, None),
    )
    add(
        "bounce: exim",
        mail(b"failed", "X-Failed-Recipients: petr@example.org"),
        triage=Triage.BOUNCE,
        bounce=("petr@example.org", None, True, None),
    )
    add(
        "postmaster writes himself",
        mail(TEXT.encode(), sender=b"From: postmaster@example.org"),
        sender="postmaster@example.org",
        text=TEXT,
    )
    for title, one in (
        ("rfc 3834", "Auto-Submitted: auto-replied (vacation)"),
        ("x-autoreply", "X-Autoreply: yes"),
        ("precedence", "Precedence: auto_reply"),
        ("russian subject", "Subject: Автоответ: нет на месте"),
        ("outlook", "Subject: Автоматический ответ: О перерасчёте"),
        ("own letter", "X-Otvet-Id: 1"),
        ("own domain", "Message-ID: <otvet.5a.0b1c@eirc.example.org>"),
    ):
        add(f"robot: {title}", mail(b"away", one), triage=Triage.AUTO_REPLY)
    add(
        "robot without a header",
        mail("Меня нет на месте до 1 декабря".encode(), f"In-Reply-To: <{OURS}>"),
        triage=Triage.AUTO_REPLY,
    )
    add(
        "the same words in a first letter",
        mail("Контролёра никогда нет на месте".encode()),
        text="Контролёра никогда нет на месте",
    )
    add("auto-submitted no", mail(TEXT.encode(), "Auto-Submitted: no"), text=TEXT)
    add("site form", mail(TEXT.encode(), "Auto-Submitted: auto-generated", "Reply-To: petr@example.org"), text=TEXT)
    for one in ("List-Unsubscribe: <mailto:x>", "Precedence: bulk", "X-Spam-Flag: YES"):
        add(f"bulk: {one}", mail(TEXT.encode(), one), triage=Triage.SPAM_SUSPECT, text=TEXT)
    add("read receipt", mail(b"x", "Content-Type: message/disposition-notification"), triage=Triage.AUTO_REPLY)


def poison() -> None:
    held = {"triage": Triage.UNREADABLE}
    add("0 bytes", b"", sender=None, reason="Пустое письмо", **held)
    add("rubbish", bytes(range(256)) * 50, sender=None, reason="двоичные", **held)
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (n, n) for n in range(2_000))
    add("2000 nested multiparts", top(deep), reason="вложенность", **held)
    add("1000 nested messages", top(b"Content-Type: message/rfc822\n\n" * 1_000), reason="вложенность", **held)
    add(
        "5000 parts",
        top(multipart("mixed", *[part(b"x", "Content-Type: text/plain")] * 5_000)),
        reason="частей",
        **held,
    )
    add("huge header", mail(TEXT.encode(), "Subject: " + "x" * 300_000), reason="заголовок", **held)
    short = ", ".join(f"u{n}@example.org" for n in range(10_000))
    add("10000 addresses", mail(TEXT.encode(), f"To: {short}"), text=TEXT)
    long = ", ".join(f"Очень длинное имя {n} <user{n}@example.org>" for n in range(10_000))
    add("10000 long addresses", mail(TEXT.encode(), f"To: {long}"), reason="заголовок", **held)
    add("200 KB subject of words", mail(b"x", "Subject: " + "=?utf-8?q?a?= " * 14_000), subject="a" * 14_000)
    add("200 KB of unfinished words", mail(TEXT.encode(), "Subject: " + "=?utf-8?q?" * 20_000), text=TEXT)
    add(
        "3000 parameters",
        mail(TEXT.encode(), "Content-Type: text/plain; " + "; ".join(f"a{n}=b" for n in range(3_000))),
        text=TEXT,
    )
    add("2000 brackets", mail(TEXT.encode(), "To: " + "(" * 2_000 + ")" * 2_000 + " a@example.org"), text=TEXT)
    add("no header at all", TEXT.encode(), sender=None, text=TEXT)


for make in (encodings, subjects, senders, files, structures, replies, robots, poison):
    make()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_understood_or_held(case: Case) -> None:
    began = time.process_time()
    message = understand(case.raw, is_ours=lambda one: one == OURS, own_domains=["eirc.example.org"])
    view = message.view
    assert time.process_time() - began < 2
    assert view.triage is case.triage, view.reasons
    assert view.from_email == case.sender
    assert case.sender_name is None or view.from_name == case.sender_name
    assert case.subject is None or view.subject == case.subject
    assert case.text is None or view.text == case.text
    assert case.reason in " ".join(view.reasons)
    assert case.files is None or [(one.name, one.risk) for one in view.attachments] == case.files
    assert (case.bounce is None) == (view.bounce is None)
    if case.bounce and view.bounce:
        found = view.bounce
        assert (found.recipient, found.status, found.permanent, found.message_id) == case.bounce
    if view.triage in {Triage.AUTO_REPLY, Triage.BOUNCE}:
        assert view.auto


def test_files_of_the_command_line(tmp_path: Path) -> None:
    good = tmp_path / "a.eml"
    good.write_bytes(mail(TEXT.encode(), "Subject: x"))
    views = understand_files([good, tmp_path / "absent.eml", tmp_path])
    assert [one.triage for one in views] == [Triage.NEW_APPEAL, Triage.UNREADABLE, Triage.UNREADABLE]
    assert views[0].file == str(good)
    assert "такого файла нет" in views[1].reasons[0]
    assert "это папка" in views[2].reasons[0]
    assert views[0].model_dump(by_alias=True)["from"] == "ivan@example.org"


def test_a_failure_inside_is_held_with_what_the_header_says(monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(_message_id: str) -> bool:
        raise RuntimeError("database is away")

    message = understand(mail(TEXT.encode(), "Subject: x", f"In-Reply-To: <{OURS}>"), is_ours=breaks)
    assert message.view.triage is Triage.UNREADABLE
    assert (message.view.subject, message.view.from_email) == ("x", "ivan@example.org")
    assert "внутренней ошибки" in message.view.reasons[0]


def test_headers_that_later_steps_need() -> None:
    raw = mail(
        b"x",
        "Received: from a by b; Tue, 24 Nov 2026 10:00:00 +0500",
        "Received: from c by a; Mon, 23 Nov 2026 10:00:00 +0500",
        "Date: Sun, 22 Nov 2026 10:00:00 +0500",
        "Reply-To: petr@example.org",
        "To: a@example.org, group: b@example.org, c@example.org;",
    )
    headers = understand(raw).headers
    assert headers.received_at
    assert headers.received_at.isoformat() == "2026-11-24T10:00:00+05:00"
    assert headers.date
    assert headers.date.day == 22
    assert [one.email for one in headers.to] == ["a@example.org", "b@example.org", "c@example.org"]
    assert headers.reply_to[0].email == "petr@example.org"
