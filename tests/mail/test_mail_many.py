"""A generated corpus of messages as Russian post has them and worse, with truth: nearly all are read rightly (99.5 %).

Each number gives one message out of independent choices: charset and its label, transfer encoding, form of subject,
sender and file names, structure, quotes, and damage on the way. What is not read rightly must be held with a reason,
and nothing may raise.
"""

from __future__ import annotations

import base64
import html
import quopri
import random
import time
from dataclasses import dataclass, field
from urllib.parse import quote

import pytest
import support_containers as made

from intake.mime import understand
from rules.wire import Triage

pytestmark = pytest.mark.mail

MANY = 1_500
SAMPLE = 400
RIGHT = 0.995

SENTENCES = (
    "Прошу сделать перерасчет платы за отопление за октябрь.",
    "В квитанции указана неверная сумма, проверьте начисления.",
    "Прибор учета поверен, акт прилагаю.",
    "С 1 по 20 июля мы отсутствовали, справка с места отдыха приложена.",
    "Просим направить акт сверки расчетов по договору.",
    "Объясните, откуда взялась задолженность 12 450 руб.",
    "Благодарю за внимательное отношение к моему вопросу!",
    "Переоформите лицевой счет на нового собственника.",
)
SUBJECTS = ("Перерасчет за отопление", "Вопрос по квитанции № 15", "Жалоба на начисления", "О договоре", "Справка")
NAMES = ("Иванов Иван Иванович", "Гарипова Алия", "ООО «Ромашка»", "Петров, Сергей", "Юлия Ф.")
FILES = ("Заявление о перерасчете.pdf", "скан 1.jpg", "Акт поверки (копия).pdf", "dogovor.pdf", "Справка№5.png")
BYTES = {"pdf": b"%PDF-1.4 " + bytes(range(256)), "jpg": b"\xff\xd8\xff\xe0" + bytes(200),
         "png": b"\x89PNG\r\n\x1a\n" + bytes(200)}  # fmt: skip
CODECS = ("utf-8", "cp1251", "koi8-r", "iso8859-5", "cp866")
LABELS = {"cp1251": "windows-1251", "iso8859-5": "iso-8859-5"}
QUOTES = (
    "12.11.2026 10:15, Иван Иванов пишет:\n> старое\n> письмо",
    "Среда, 12 ноября 2026, 10:15 +05:00 от ЕИРЦ <office@example.org>:\n> старое",
    "От: ЕИРЦ <a@b.ru>\nОтправлено: 12.11.2026 10:15\nКому: Иван\nТема: Ответ\n\nстарое",
    "-----Original Message-----\nстарое",
    "чт, 12 нояб. 2026 г. в 10:15, ЕИРЦ <office@example.org>:\n\n> старое",
)


@dataclass
class Built:
    """A message and what must be read in it."""

    raw: bytes = b""
    text: str = ""
    subject: str = ""
    name: str = ""
    files: list[str] = field(default_factory=list)


class Maker:
    def __init__(self, number: int) -> None:
        self.chance = random.Random(f"mail {number}")
        self.number = number

    def pick(self, *choices: object) -> object:
        return self.chance.choice(choices)

    def message(self) -> Built:
        built = Built(subject=self.chance.choice(SUBJECTS), name=self.chance.choice(NAMES))
        count = self.chance.randint(1, 6)
        built.text = "\n".join(self.chance.choice(SENTENCES) for _ in range(count)) + "\n\nС уважением, Иван"
        body = built.text
        if self.chance.random() < 0.3:
            body += "\n\n" + self.chance.choice(QUOTES) + "\n"
        entity = self.structure(built, body)
        head = [*self.trace(), b"From: " + self.sender(built.name), b"Subject: " + self.words(built.subject)]
        if self.chance.random() < 0.85:
            head.append(f"Message-ID: <{self.number}.{self.chance.randint(1, 9**9)}@mail.example>".encode())
        if self.chance.random() < 0.7:
            head.append(b"MIME-Version: 1.0")
        head.append(b"Date: Tue, 24 Nov 2026 10:00:00 +0500")
        if self.chance.random() < 0.5:
            self.chance.shuffle(head)
        built.raw = self.damage(b"\n".join(head) + b"\n" + entity)
        return built

    def trace(self) -> list[bytes]:
        lines = [b"Received: from a (b [1.2.3.4])\n\tby mx with ESMTP id 5; Tue, 24 Nov 2026 10:00:01 +0500"]
        return lines * self.chance.randint(0, 3) + [b"X-Mailer: \xcf\xee\xf7\xf2\xe0"] * self.chance.randint(0, 1)

    def codec(self) -> str:
        return self.chance.choices(CODECS, (50, 28, 12, 5, 5))[0]

    def words(self, text: str) -> bytes:
        codec = self.codec()
        label = LABELS.get(codec, codec)
        form = self.chance.choices(("b", "q", "raw", "split", "glued", "lang"), (40, 20, 15, 10, 10, 5))[0]
        data = text.encode(codec, "replace")
        if codec != "utf-8" and text.encode(codec, "replace").decode(codec) != text:
            codec = label = "utf-8"
            data = text.encode()
        if form == "raw":
            return data if codec in {"utf-8", "cp1251"} else text.encode()
        if form == "q":
            quoted = "".join("_" if one == 0x20 else f"={one:02X}" for one in data)
            return f"=?{label}?Q?{quoted}?=".encode()
        if form in {"split", "glued"}:
            middle = len(data) // 2  # perhaps inside a character
            gap = "\n " if form == "split" else " "
            return gap.join(
                f"=?{label}?B?{base64.b64encode(one).decode()}?=" for one in (data[:middle], data[middle:])
            ).encode()
        tag = "*ru" if form == "lang" else ""
        return f"=?{label}{tag}?b?{base64.b64encode(data).decode()}?=".encode()

    def sender(self, name: str) -> bytes:
        form = self.chance.choice(("word", "quoted word", "raw quoted"))
        if form == "raw quoted":
            return b'"' + name.encode() + b'" <ivan@example.org>'
        word = f"=?utf-8?B?{base64.b64encode(name.encode()).decode()}?="
        return (f'"{word}"' if form == "quoted word" else word).encode() + b" <ivan@example.org>"

    def structure(self, built: Built, body: str) -> bytes:
        kind = self.chance.choices(
            ("plain", "alternative", "html", "mixed", "related", "nested", "winmail", "archive"),
            (30, 15, 10, 22, 6, 6, 5, 6),
        )[0]
        simple = {
            "plain": lambda: self.leaf(body),
            "html": lambda: self.leaf(self.page(body), "html"),
            "alternative": lambda: self.both(body),
            "related": lambda: self.related(body),
        }
        if kind in simple:
            return simple[kind]()
        first = self.both(body) if self.chance.random() < 0.4 else self.leaf(body)
        return self.multi("mixed", first, *self.enclosed(built, kind))

    def both(self, body: str) -> bytes:
        return self.multi("alternative", self.leaf(body), self.leaf(self.page(body), "html"))

    def enclosed(self, built: Built, kind: str) -> list[bytes]:
        if kind == "nested":
            built.files = ["Исходное.eml", "dogovor.pdf"]
            subject = base64.b64encode("Исходное".encode()).decode()
            inner = f"Subject: =?utf-8?B?{subject}?=\nFrom: a@b.ru\n".encode()
            forwarded = inner + self.multi("mixed", self.leaf("старое письмо"), self.file("dogovor.pdf"))
            return [b"Content-Type: message/rfc822\n\n" + forwarded]
        if kind == "winmail":
            built.files = ["Справка.pdf"]
            data = made.tnef({"Справка.pdf": BYTES["pdf"]})
            return [self.file("winmail.dat", data, "application/ms-tnef")]
        if kind == "archive":
            name, pack = self.chance.choice((("a.7z", made.seven_zip), ("a.rar", made.rar)))
            built.files = [name, "Справка.pdf"]
            return [self.file(name, pack({"Справка.pdf": BYTES["pdf"]}))]
        built.files = [self.chance.choice(FILES) for _ in range(self.chance.randint(1, 4))]
        return [self.file(name) for name in built.files]

    def related(self, body: str) -> bytes:
        page = self.leaf(self.page(body).replace("</body>", '<img src="cid:logo@x"></body>'), "html")
        logo = b"Content-Type: image/png\nContent-ID: <logo@x>\nContent-Disposition: inline; filename=l.png\n\n\x89PNG"
        return self.multi("related", page, logo)

    def leaf(self, text: str, kind: str = "plain") -> bytes:
        codec = self.codec()
        if codec in {"iso8859-5", "cp866"} or text.encode(codec, "replace").decode(codec) != text:
            codec = "utf-8" if text.encode("koi8-r", "replace").decode("koi8-r") != text else codec
        try:
            data = text.encode(codec)
        except UnicodeError:
            codec, data = "utf-8", text.encode()
        label = LABELS.get(codec, codec)
        said = self.chance.choices((f"; charset={label}", f'; charset="{label}"', "", "; charset=us-ascii",
                                    "; charset=x-unknown", f"; Charset = {label.upper()}"),
                                   (45, 25, 8, 6, 4, 12))[0]  # fmt: skip
        how = self.chance.choice(("8bit", "base64", "quoted-printable", "BASE64 "))
        if how.strip().lower() == "base64":
            data = base64.encodebytes(data)
            if self.chance.random() < 0.1:
                data = data.rstrip(b"=\n") + b"\n"
        elif how == "quoted-printable":
            data = quopri.encodestring(data)
        return f"Content-Type: text/{kind}{said}\nContent-Transfer-Encoding: {how}\n\n".encode() + data

    def page(self, body: str) -> str:
        lines = "".join(f"<div>{html.escape(line) or '<br>'}</div>" for line in body.split("\n"))
        return f"<html><head><style>p {{color: red}}</style></head><body>{lines}</body></html>"

    def file(self, name: str, data: bytes | None = None, kind: str = "application/octet-stream") -> bytes:
        octets = name.encode()
        form = self.chance.choice(("2231", "word", "raw", "percent", "name", "both", "continued"))
        word = f"=?utf-8?B?{base64.b64encode(octets).decode()}?="
        start, rest = quote(octets[: len(octets) // 2]), quote(octets[len(octets) // 2 :])
        said = {
            "2231": f"attachment; filename*=utf-8''{quote(octets)}",
            "word": f'attachment; filename="{word}"',
            "raw": f'attachment; filename="{name}"',
            "percent": f'attachment; filename="{quote(octets)}"',
            "name": "attachment",
            "both": f"attachment; filename=\"x.bin\"; filename*=UTF-8''{quote(octets)}",
            "continued": f"attachment; filename*0*=utf-8''{start};\n\tfilename*1*={rest}",
        }[form]
        tail = f'; name="{word}"' if form == "name" else ""
        head = f"Content-Type: {kind}{tail}\nContent-Disposition: {said}\nContent-Transfer-Encoding: base64\n\n"
        content = BYTES[name.rpartition(".")[2]] if data is None else data
        return head.encode() + base64.encodebytes(content)

    def multi(self, kind: str, *parts: bytes) -> bytes:
        mark = f"--=_{self.chance.randint(1, 9**9)}"
        said = self.chance.choice((f'"{mark}"', f'"{mark}"; type="text/plain"'))
        out = f"Content-Type: multipart/{kind}; boundary={said}\n\n"
        out += self.chance.choice(("", "This is a multi-part message in MIME format.\n"))
        pieces = b"".join(
            b"--" + mark.encode() + b"\n" + one + (b"" if one.endswith(b"\n") else b"\n") for one in parts
        )
        return out.encode() + pieces + b"--" + mark.encode() + b"--\n"

    def damage(self, raw: bytes) -> bytes:
        form = self.chance.choices(("none", "crlf", "leading", "mbox", "cut", "tail"), (40, 35, 8, 7, 5, 5))[0]
        if form == "crlf":
            return raw.replace(b"\n", b"\r\n")
        if form == "leading":
            return b"\n\n" + raw
        if form == "mbox":
            return b"From ivan@example.org Tue Nov 24 10:00:00 2026\n" + raw
        if form == "cut" and raw.endswith(b"--\n"):
            return raw[: raw.rindex(b"--", 0, -3)]  # the closing boundary is lost
        return raw + b"\n\n" if form == "tail" else raw


def wrong(number: int) -> str | None:
    """What was read wrongly in a message, if anything was."""
    built = Maker(number).message()
    view = understand(built.raw).view
    if view.triage is Triage.UNREADABLE:
        assert view.reasons, f"{number}: held without a reason"
        return "held"
    squeezed = [line for line in view.text.split("\n") if line.strip()]
    checks = {
        "text": squeezed == [line for line in built.text.split("\n") if line.strip()],
        "subject": view.subject == built.subject,
        "sender": (view.from_name, view.from_email) == (built.name, "ivan@example.org"),
        "files": [one.name for one in view.attachments] == built.files,
    }
    return next((name for name, right in checks.items() if not right), None)


def rate(numbers: range) -> tuple[float, dict[int, str]]:
    bad = {number: what for number in numbers if (what := wrong(number)) is not None}
    return 1 - len(bad) / len(numbers), bad


def test_a_sample_is_read_rightly() -> None:
    share, bad = rate(range(SAMPLE))
    assert share >= RIGHT, bad


@pytest.mark.full
def test_nearly_all_of_many_are_read_rightly(capsys: pytest.CaptureFixture[str]) -> None:
    began = time.perf_counter()
    share, bad = rate(range(MANY))
    assert share >= RIGHT, bad
    with capsys.disabled():
        print(f"\n{MANY} messages, {share:.2%} right, {bad}, {time.perf_counter() - began:.0f} s")  # noqa: T201 - figures
