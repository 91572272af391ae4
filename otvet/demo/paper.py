"""Typed letters as sheets of paper: letterheads, justified text, signatures and stamps, page after page.

Sheets are A4 at 200 dpi in colour; what scanning does to them is in `wear`.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from otvet.demo.attachments import spoken_phone
from otvet.demo.ink import date_stamp, font, round_stamp, scribble
from otvet.demo.letters import Forwarding, Letter, Paper, fill, long_date

DPI = 200
PAGE = (1654, 2339)
LEFT, RIGHT, TOP, BOTTOM = 236, 1536, 150, 2190
COMPANY = ["Генеральному директору", "ООО «ЕИРЦ РБ»"]
ADDRESSEE = [*COMPANY, "450000, г. Уфа,", "ул. Демонстрационная, д. 1"]


def points(size: float) -> int:
    """Pixels of a size in points at the sheets' resolution."""
    return round(size * DPI / 72)


class Typist:
    """Types on sheets from the top, and takes a new sheet when one is full."""

    def __init__(self, family: str = "serif", size: float = 12.5) -> None:
        """Start with an empty sheet.

        Args:
            family: ``serif`` or ``sans``.
            size: Size of the text in points.
        """
        self.family, self.size = family, points(size)
        self.pages: list[Image.Image] = []
        self.new_page()

    def new_page(self) -> None:
        """Take the next sheet; from the second on it is numbered."""
        self.pages.append(Image.new("RGB", PAGE, (252, 252, 250)))
        self.y = TOP
        if len(self.pages) > 1:
            self._draw().text((PAGE[0] // 2, 100), str(len(self.pages)), font=self.face(), fill="black", anchor="mm")

    def _draw(self) -> ImageDraw.ImageDraw:
        return ImageDraw.Draw(self.pages[-1])

    def face(self, *, bold: bool = False, size: int | None = None) -> ImageFont.FreeTypeFont:
        """The typist's face."""
        return font(f"{self.family}-bold" if bold else self.family, size or self.size)

    def room(self, height: int) -> None:
        """Take a new sheet unless ``height`` pixels are left on this one."""
        if self.y + height > BOTTOM:
            self.new_page()

    def skip(self, lines: float) -> None:
        """Leave blank lines."""
        self.y += round(lines * self.size * 1.4)

    def lines(self, lines: list[str], *, x: int = LEFT, anchor: str = "la", bold: bool = False, size: int = 0) -> None:
        """Type lines as they are, each from (or about, or up to) ``x``."""
        face = self.face(bold=bold, size=size or self.size)
        for line in lines:
            self.room(int(face.size * 1.35))
            self._draw().text((x, self.y), line, font=face, fill=(25, 25, 25), anchor=anchor)
            self.y += round(face.size * 1.35)

    def block(self, lines: list[str], *, x: int, width: int) -> None:
        """Type lines at ``x``, wrapped to ``width`` pixels."""
        for line in lines:
            self.lines([" ".join(row) for row in self._wrap(line.split(), width, 0)], x=x)

    def paragraph(self, text: str, *, indent: int = 88) -> None:
        """Type a justified paragraph with its first line indented."""
        face = self.face()
        rows = self._wrap(text.split(), RIGHT - LEFT, indent)
        for number, row in enumerate(rows):
            self.room(self.size * 2)
            left = LEFT + (indent if number == 0 else 0)
            free = RIGHT - left - sum(face.getlength(word) for word in row)
            last = number == len(rows) - 1 or len(row) == 1
            gap = face.getlength(" ") if last else free / (len(row) - 1)
            x = float(left)
            for word in row:
                self._draw().text((x, self.y), word, font=face, fill=(25, 25, 25))
                x += face.getlength(word) + gap
            self.y += round(self.size * 1.42)

    def text(self, text: str) -> None:
        """Type paragraphs parted by blank lines; a line that begins with «N)» or «N.» stands by itself."""
        for part in text.strip().split("\n\n"):
            for line in part.split("\n"):
                self.paragraph(line)
            self.y += round(self.size * 0.3)

    def rule(self, thickness: int = 3) -> None:
        """Draw a line across."""
        self._draw().line((LEFT, self.y, RIGHT, self.y), fill=(40, 40, 40), width=thickness)
        self.y += thickness + 5

    def _wrap(self, words: list[str], width: int, indent: int) -> list[list[str]]:
        face, room = self.face(), float(width - indent)
        rows: list[list[str]] = [[]]
        space = face.getlength(" ")
        for word in words:
            need = face.getlength(word) + (space if rows[-1] else 0)
            if need > room and rows[-1]:
                rows.append([])
                room, need = float(width), face.getlength(word)
            rows[-1].append(word)
            room -= need
        return rows


def initials(name: str) -> str:
    """«Сафиуллин Рамиль Фанисович» → «Р. Ф. Сафиуллин»."""
    last, *given = name.split()
    return " ".join([*(f"{part[0]}." for part in given[:2]), last])


def full_name(letter: Letter) -> str:
    """The sender's name as the letter has it, surname first."""
    sender = letter.sender
    return " ".join(filter(None, [sender.last_name, sender.first_name, sender.patronymic]))


def type_letter(letter: Letter, received: dt.date, *, seed: int = 1) -> list[Image.Image]:
    """The sheets of a typed letter, with a forwarding body's covering letter before it where there is one.

    Args:
        letter: A letter with ``extras.paper``.
        received: Date of receipt; dates in the letter follow it.
        seed: Seed of the pen's strokes.

    Returns:
        RGB pages of A4 at 200 dpi.
    """
    paper = letter.extras.paper
    if paper is None:
        raise ValueError(f"Письмо {letter.id}: не сказано, как его отпечатать.")
    rng = np.random.default_rng([seed, *letter.id.encode()])
    pages = _covering(letter.extras.forwarding, received, rng) if letter.extras.forwarding else []
    typist = Typist(paper.font)
    written = received - dt.timedelta(days=paper.dated or 0)
    styles = {"citizen": _citizen, "org": _org, "authority": _authority, "bare": _bare}
    styles[paper.style](typist, letter, paper, received, written)
    if paper.style in {"org", "authority"}:
        _sign_office(typist, letter, paper, rng)
        date_stamp(typist.pages[0], 1060, 2190, ["ООО «ЕИРЦ РБ»", f"ПОЛУЧЕНО {received:%d.%m.%Y}"])
    elif paper.style == "citizen":
        _sign_citizen(typist, full_name(letter), long_date(written), rng)
    if letter.extras.signers:
        _signers(typist, letter.extras.signers, rng)
    return pages + typist.pages


def _citizen(typist: Typist, letter: Letter, paper: Paper, received: dt.date, _written: dt.date) -> None:
    sender = letter.sender
    contact = [
        f"Тел. 8 {spoken_phone(sender.phones[0])}" if sender.phones else "",
        f"E-mail: {sender.emails[0]}" if sender.emails else "",
        f"Лицевой счёт № {sender.account_number}" if sender.account_number else "",
    ]
    lines = [*COMPANY, f"Заявитель: {full_name(letter)}", f"Адрес: {sender.address}", *filter(None, contact)]
    typist.block(lines, x=850, width=RIGHT - 850)
    typist.skip(2)
    typist.lines([paper.title or ""], x=PAGE[0] // 2, anchor="ma", bold=True)
    typist.skip(1)
    typist.text(fill(letter.text, received))


def _bare(typist: Typist, letter: Letter, _paper: Paper, received: dt.date, _written: dt.date) -> None:
    typist.skip(2)
    typist.text(fill(letter.text, received))


def _org(typist: Typist, letter: Letter, paper: Paper, received: dt.date, written: dt.date) -> None:
    sender, middle = letter.sender, PAGE[0] // 2
    typist.lines([sender.org_name or ""], x=middle, anchor="ma", bold=True, size=points(15))
    requisites = " ".join(filter(None, [sender.inn and f"ИНН {sender.inn}", sender.ogrn and f"ОГРН {sender.ogrn}"]))
    phone = f"тел. {spoken_phone(sender.phones[0])}" if sender.phones else ""
    mail = f"e-mail: {sender.emails[0]}" if sender.emails else ""
    small = [sender.address or "", requisites, ", ".join(filter(None, [phone, mail]))]
    typist.lines([line for line in small if line], x=middle, anchor="ma", size=points(10.5))
    typist.skip(0.3)
    typist.rule(5)
    typist.rule(2)
    typist.skip(0.7)
    top = typist.y
    typist.lines([f"№ {sender.client_ref_number} от {written:%d.%m.%Y}"])
    below, typist.y = typist.y, top
    typist.block(ADDRESSEE, x=930, width=RIGHT - 930)
    typist.y = max(below, typist.y)
    _subject_and_text(typist, letter, received, salutation="Уважаемый Ильдар Маратович!")
    _enclosures(typist, paper)


def _authority(typist: Typist, letter: Letter, paper: Paper, received: dt.date, written: dt.date) -> None:
    sender = letter.sender
    top = typist.y
    name = (sender.org_name or "").upper()
    typist.block([name], x=LEFT, width=560)
    typist.skip(0.2)
    typist.block([sender.address or "", f"тел. {spoken_phone(sender.phones[0])}"], x=LEFT, width=560)
    typist.skip(0.5)
    typist.lines([f"{written:%d.%m.%Y} № {sender.client_ref_number}"])
    below, typist.y = typist.y, top
    typist.block(ADDRESSEE, x=930, width=RIGHT - 930)
    typist.y = max(below, typist.y)
    _subject_and_text(typist, letter, received)
    _enclosures(typist, paper)


def _subject_and_text(typist: Typist, letter: Letter, received: dt.date, salutation: str = "") -> None:
    typist.skip(1.2)
    typist.block([letter.subject], x=LEFT, width=620)
    typist.skip(1.2)
    if salutation:
        typist.lines([salutation], x=PAGE[0] // 2, anchor="ma")
        typist.skip(0.6)
    typist.text(fill(letter.text, received))


def _enclosures(typist: Typist, paper: Paper) -> None:
    if paper.enclosures:
        typist.skip(0.6)
        typist.lines(["Приложение:", *(f"{n}. {line}" for n, line in enumerate(paper.enclosures, 1))])


def _sign_office(typist: Typist, letter: Letter, paper: Paper, rng: np.random.Generator) -> None:
    sender = letter.sender
    typist.room(420)
    typist.skip(2.6)
    page, y = typist.pages[-1], typist.y
    scribble(page, 800, y + 24, 240, rng)
    if paper.stamp:
        round_stamp(page, 890, y + 70, sender.org_name or "", sender.inn)
    typist.lines([initials(full_name(letter))], x=RIGHT, anchor="ra")
    typist.y = y
    typist.block([paper.position or sender.position or ""], x=LEFT, width=520)
    if paper.executor:
        small = typist.face(size=points(9))
        ImageDraw.Draw(page).text((LEFT, BOTTOM + 30), paper.executor, font=small, fill=(25, 25, 25))


def _sign_citizen(typist: Typist, name: str, written: str, rng: np.random.Generator) -> None:
    typist.room(200)
    typist.skip(2)
    y = typist.y
    typist.lines([written])
    typist.y = y
    scribble(typist.pages[-1], 900, y + 24, 210, rng)
    typist.lines([initials(name)], x=RIGHT, anchor="ra")


def _signers(typist: Typist, names: list[str], rng: np.random.Generator) -> None:
    typist.new_page()
    typist.lines(["ПОДПИСИ ЖИТЕЛЕЙ"], x=PAGE[0] // 2, anchor="ma", bold=True)
    typist.skip(1)
    for number, name in enumerate(names, 1):
        y = typist.y
        typist.lines([f"{number}. {name}"])
        typist.y = y
        scribble(typist.pages[-1], 820, y + 26, 170, rng)
        typist.lines([f"кв. {3 + number * 5}"], x=1200)
        typist.skip(0.8)


def _covering(forwarding: Forwarding, received: dt.date, rng: np.random.Generator) -> list[Image.Image]:
    typist = Typist("serif", 13)
    written = received - dt.timedelta(days=forwarding.dated)
    top = typist.y
    typist.block([forwarding.org_name.upper(), forwarding.address], x=LEFT, width=560)
    typist.skip(0.5)
    typist.lines([f"{written:%d.%m.%Y} № {forwarding.ref_number}"])
    below, typist.y = typist.y, top
    typist.block(ADDRESSEE, x=930, width=RIGHT - 930)
    typist.y = max(below, typist.y)
    typist.skip(2.5)
    typist.text(fill(forwarding.text, received))
    typist.skip(1)
    typist.lines(["Приложение: обращение на 1 л."])
    typist.skip(3)
    y = typist.y
    typist.block([forwarding.position], x=LEFT, width=520)
    typist.y = y
    scribble(typist.pages[-1], 850, y + 24, 240, rng)
    typist.lines([forwarding.name], x=RIGHT, anchor="ra")
    return typist.pages
