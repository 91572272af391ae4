"""Scanned letters with their truth: sheets typed from invented letters, worn in ten ways, and the marks they get.

A sheet knows what stands on it block by block, so that a reading is held against every order in which a person may
read it: columns one after the other or line by line, a table by rows or by columns.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from otvet.demo.ink import font_path, round_stamp, scribble
from otvet.demo.letters import Letter, fill, load_letters

DPI: Final = 300
PAGE: Final = (2481, 3508)
LEFT, RIGHT, TOP, BOTTOM = 354, 2304, 230, 3230
RECEIVED: Final = dt.date(2026, 11, 16)
FACES: Final = (
    font_path("serif"),
    font_path("sans"),
    "/usr/share/fonts/truetype/liberation/LiberationSerif-Regular.ttf",
    "/usr/share/fonts/truetype/liberation/LiberationSans-Regular.ttf",
    "/usr/share/fonts/truetype/crosextra/Carlito-Regular.ttf",
)
CONDITIONS: Final = (
    *("clean", "office", "rotated", "skewed", "fax", "dirty", "photocopy", "bleed", "stamp", "photo"),
    "jpeg150",
)
INK: Final = (28, 28, 30)
CHARGES: Final = (
    ("Услуга", "Объём", "Тариф", "Начислено"),
    ("Отопление", "1,248 Гкал", "2 418,07", "3 017,75"),
    ("Холодная вода", "7,00 куб. м", "41,15", "288,05"),
    ("Горячая вода", "4,00 куб. м", "205,36", "821,44"),
    ("Водоотведение", "11,00 куб. м", "33,92", "373,12"),
    ("Содержание жилья", "54,30 кв. м", "31,44", "1 707,19"),
    ("Обращение с ТКО", "2 чел.", "112,60", "225,20"),
)


@dataclass
class Group:
    """Blocks of lines side by side (one block: plain text); ``rows`` are the lines of each with their height."""

    blocks: list[list[tuple[int, str]]]

    def orders(self) -> list[str]:
        """Every legal reading."""
        columns = ["\n".join(text for _, text in block) for block in self.blocks]
        if columns[0] == "":
            return columns
        if len(columns) == 1:
            return columns
        every = sorted((y, number, text) for number, block in enumerate(self.blocks) for y, text in block)
        found = ["\n".join(columns), "\n".join(text for _, _, text in every)]
        return found if len(columns) > 2 else [*found, "\n".join(reversed(columns))]


@dataclass
class Sheet:
    """A typed sheet of A4 at 300 dpi: its picture, what stands on it, what a clerk looks for on it."""

    image: Image.Image
    groups: list[Group] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)

    def readings(self) -> list[str]:
        """All legal texts of the sheet, whitespace-normalised."""
        return [normal("\n".join(order)) for order in itertools.product(*(group.orders() for group in self.groups))]


@dataclass(frozen=True)
class Scanned:
    """What a scanner, a fax or a telephone made of a sheet."""

    data: bytes
    name: str


def letters() -> list[Letter]:
    """The invented letters that come on paper, each long enough for a page."""
    return [one for one in load_letters() if one.extras.paper and len(one.text) > 300]


def sheet(number: int, *, stamped: bool = False) -> Sheet:
    """Type letter ``number`` on a sheet; faces, sizes and heads go round, every fifth has a table of charges."""
    every = letters()
    letter = every[number % len(every)]
    page = Typist(FACES[number % len(FACES)], 11 + number % 3)
    _head(page, letter, number)
    text = re.sub(r"\s*\n\s*", "\n", fill(letter.text, RECEIVED)).split("\n")
    for part in text[:9]:
        page.paragraph(part)
    if number % 5 == 2:
        page.table(CHARGES)
    _foot(page, letter, number, stamped=stamped)
    return page.sheet


class Typist:
    def __init__(self, face: object, points: float) -> None:
        self.face, self.points = str(face), points
        self.sheet = Sheet(Image.new("RGB", PAGE, (252, 252, 250)))
        self.draw = ImageDraw.Draw(self.sheet.image)
        self.y = TOP

    def font(self, points: float | None = None) -> ImageFont.FreeTypeFont:
        return ImageFont.truetype(self.face, round((points or self.points) * DPI / 72))

    def rows(self, text: str, width: int, points: float | None = None, indent: int = 0) -> list[str]:
        face, rows, room = self.font(points), [""], width - indent
        for word in text.split():
            longer = f"{rows[-1]} {word}".strip()
            if face.getlength(longer) > room and rows[-1]:
                rows.append(word)
                room = width
            else:
                rows[-1] = longer
        return rows

    def put(self, rows: list[str], x: int, *, points: float | None = None, anchor: str = "la") -> list[tuple[int, str]]:
        face = self.font(points)
        block: list[tuple[int, str]] = []
        for row in rows:
            if self.y > BOTTOM:
                break
            self.draw.text((x, self.y), row, font=face, fill=INK, anchor=anchor)
            block.append((self.y, row))
            self.y += round(face.size * 1.36)
        return block

    def side_by_side(self, *columns: tuple[list[str], int]) -> None:
        top, low, blocks = self.y, self.y, []
        for rows, x in columns:
            self.y = top
            blocks.append(self.put(rows, x))
            low = max(low, self.y)
        self.y = low
        self.sheet.groups.append(Group(blocks))

    def one(self, rows: list[str], x: int, *, points: float | None = None, anchor: str = "la") -> None:
        self.sheet.groups.append(Group([self.put(rows, x, points=points, anchor=anchor)]))

    def paragraph(self, text: str) -> None:
        face, indent = self.font(), 130
        rows = self.rows(text, RIGHT - LEFT, indent=indent)
        block: list[tuple[int, str]] = []
        for number, row in enumerate(rows):
            if self.y > BOTTOM - 700:
                break
            words, x = row.split(), float(LEFT + (indent if number == 0 else 0))
            free = RIGHT - x - sum(face.getlength(word) for word in words)
            last = number == len(rows) - 1 or len(words) == 1
            gap = face.getlength(" ") if last else free / (len(words) - 1)
            for word in words:
                self.draw.text((x, self.y), word, font=face, fill=INK)
                x += face.getlength(word) + gap
            block.append((self.y, row))
            self.y += round(face.size * 1.42)
        if block:
            self.sheet.groups.append(Group([block]))

    def table(self, cells: tuple[tuple[str, ...], ...]) -> None:
        face, edges = self.font(), (LEFT, LEFT + 760, LEFT + 1180, LEFT + 1560, RIGHT)
        height = round(face.size * 1.7)
        self.y += 20
        blocks: list[list[tuple[int, str]]] = [[] for _ in cells[0]]
        for row in cells:
            self.draw.rectangle((LEFT, self.y, RIGHT, self.y + height), outline=INK, width=3)
            for column, cell in enumerate(row):
                self.draw.line((edges[column], self.y, edges[column], self.y + height), fill=INK, width=3)
                self.draw.text((edges[column] + 18, self.y + round(face.size * 0.2)), cell, font=face, fill=INK)
                blocks[column].append((self.y, cell))
            self.y += height
        self.y += 30
        self.sheet.groups.append(Group(blocks))


def _head(page: Typist, letter: Letter, number: int) -> None:
    sender = letter.sender
    name = sender.org_name or " ".join(filter(None, (sender.last_name, sender.first_name, sender.patronymic)))
    inn, account = f"02{number:02}0{(number * 7919) % 100000:05}", f"11{(number * 104729) % 10**8:08}"
    phone = f"8 (347) 2{number % 90 + 10:02}-{(number * 37) % 90 + 10:02}-{(number * 53) % 90 + 10:02}"
    mail, ref = f"pochta{number}@dom-{number % 7}.example", f"{number + 17}/1{number % 10}-П"
    date = f"{number % 27 + 1:02}.10.2026"
    addressee = ["Генеральному директору", "ООО «ЕИРЦ РБ»", "450000, г. Уфа,", "ул. Демонстрационная, д. 1"]
    page.sheet.fields = {"inn": inn, "account": account, "phone": phone, "mail": mail, "ref": ref, "date": date}
    if number % 3 == 0:
        page.one(page.rows(name, RIGHT - LEFT, 15), PAGE[0] // 2, points=15, anchor="ma")
        page.one([f"ИНН {inn}, тел. {phone}", f"e-mail: {mail}"], PAGE[0] // 2, points=10, anchor="ma")
        page.draw.line((LEFT, page.y + 8, RIGHT, page.y + 8), fill=INK, width=6)
        page.y += 70
        page.side_by_side(([f"№ {ref} от {date}", f"Лицевой счёт {account}"], LEFT), (addressee, 1390))
    elif number % 3 == 1:
        left = [*page.rows(name, 860), f"ИНН {inn}", f"тел. {phone}", mail, f"{date} № {ref}"]
        page.side_by_side((left, LEFT), (addressee, 1390))
        page.y += 40
        page.one([f"Лицевой счёт № {account}"], LEFT)
    else:
        right = [*addressee[:2], *page.rows(f"от {name}", 900), f"ИНН {inn}", f"тел. {phone}", mail]
        page.one(right, 1390)
        page.y += 60
        page.one([f"Исх. № {ref} от {date}, лицевой счёт {account}"], LEFT)
    page.y += 70
    page.one([letter.subject], LEFT)
    page.y += 50


def _foot(page: Typist, letter: Letter, number: int, *, stamped: bool) -> None:
    page.y += 40
    page.one(["Приложение:", "1. Копия квитанции на 1 л.", "2. Акт осмотра на 2 л. в 1 экз."], LEFT)
    page.y += 110
    sender = letter.sender
    name = f"{(sender.first_name or 'А')[0]}.{(sender.patronymic or 'А')[0]}. {sender.last_name or 'Сидоров'}"
    top = page.y
    page.side_by_side((["Директор по работе", "с потребителями"], LEFT), ([name], 1800))
    if stamped or number % 2:
        rng = np.random.default_rng(number)
        scribble(page.sheet.image, 1180, top + 40, 360, rng)
        round_stamp(page.sheet.image, 1130, top - (120 if stamped else 0), "ООО «Уютный дом»", "0274900000", radius=235)
        # The stamp's inner line may be read or not: both are right.
        page.sheet.groups.append(Group([[(top, "")], [(top, "ИНН 0274900000")]]))
        if stamped:
            scribble(page.sheet.image, LEFT + 300, top - 190, 420, rng)
    page.y = max(page.y, 3260)
    face = page.font(9)
    note = f"Исполнитель: Ахметова Л.Р., тел. {page.sheet.fields['phone']}"
    page.draw.text((LEFT, 3300), note, font=face, fill=INK)
    page.sheet.groups.append(Group([[(3300, note)]]))


def worn(one: Sheet, condition: str, seed: int) -> Scanned:
    """Scan a sheet under a condition; see `CONDITIONS`."""
    return _WEAR[condition](one.image, seed, np.random.default_rng([seed, *condition.encode()]))


def _clean(image: Image.Image, _seed: int, rng: np.random.Generator) -> Scanned:
    return as_pdf(noise(image.convert("L").filter(ImageFilter.GaussianBlur(0.6)), 1.5, rng), DPI, 85)


def _rotated(image: Image.Image, seed: int, rng: np.random.Generator) -> Scanned:
    return as_pdf(_office(image, rng).rotate((90, 180, 270)[seed % 3], expand=True), DPI, 65)


def _skewed(image: Image.Image, seed: int, rng: np.random.Generator) -> Scanned:
    turned = turn(image.convert("L"), float(rng.uniform(2.0, 3.2)) * (-1) ** seed)
    return as_pdf(noise(turned.filter(ImageFilter.GaussianBlur(0.7)), 4, rng), DPI, 65)


def _small(image: Image.Image, _seed: int, rng: np.random.Generator) -> Scanned:
    return as_pdf(noise(image.convert("L").resize((1241, 1754), Image.Resampling.BOX), 3, rng), 150, 28)


def _coloured(image: Image.Image, _seed: int, rng: np.random.Generator) -> Scanned:
    return as_pdf(noise(turn(image, float(rng.uniform(-0.8, 0.8))), 3, rng), DPI, 75)


def ruined(one: Sheet, seed: int) -> Scanned:
    """A page that nobody's engine reads: out of focus, or a fax of a photocopy of a fax."""
    rng = np.random.default_rng(seed)
    grey = one.image.convert("L")
    if seed % 2:
        return as_pdf(noise(grey.filter(ImageFilter.GaussianBlur(7 + seed % 3)), 6, rng), DPI, 50)
    small = grey.resize((700, 990), Image.Resampling.BILINEAR).resize((1241, 1754), Image.Resampling.NEAREST)
    return as_pdf(specks(noise(small, 40, rng), 9000, rng), 150, 40)


def turn(image: Image.Image, degrees: float) -> Image.Image:
    white = (250, 250, 250) if image.mode == "RGB" else 250
    return image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=white)


def noise(image: Image.Image, sigma: float, rng: np.random.Generator) -> Image.Image:
    pixels = np.asarray(image, dtype=np.float32)
    grain = rng.standard_normal(pixels.shape[:2], dtype=np.float32) * sigma
    noisy = pixels + (grain[:, :, None] if pixels.ndim == 3 else grain)
    return Image.fromarray(noisy.clip(0, 255).astype(np.uint8))


def _office(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    turned = turn(image.convert("L"), float(rng.uniform(-1.3, 1.3))).filter(ImageFilter.GaussianBlur(0.8))
    pixels = np.asarray(turned, dtype=np.float32)
    shade = np.linspace(1.0, float(rng.uniform(0.9, 0.97)), pixels.shape[1], dtype=np.float32)
    pixels = pixels * shade[None, :]
    pixels[:, : int(rng.integers(8, 30))] = 90  # the edge of the scanner's glass
    return specks(noise(Image.fromarray(pixels.astype(np.uint8)), 5, rng), 80, rng)


def specks(image: Image.Image, count: int, rng: np.random.Generator) -> Image.Image:
    pixels = np.array(image)
    ys, xs = rng.integers(2, pixels.shape[0] - 6, count), rng.integers(2, pixels.shape[1] - 6, count)
    for y, x, high, wide in zip(ys, xs, rng.integers(1, 5, count), rng.integers(1, 5, count), strict=True):
        pixels[y : y + high, x : x + wide] = 70
    return Image.fromarray(pixels)


def _fax(image: Image.Image, seed: int, rng: np.random.Generator) -> Scanned:
    dpi = (204, 196) if seed % 2 == 0 else (204, 98)
    turned = turn(image.convert("L"), float(rng.uniform(-0.7, 0.7)))
    small = turned.resize((PAGE[0] * dpi[0] // DPI, PAGE[1] * dpi[1] // DPI), Image.Resampling.BOX)
    page = noise(small, 9, rng).point([255 * (value > 158) for value in range(256)]).convert("1")
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", compression="group4", dpi=dpi)
    return Scanned(buffer.getvalue(), "факс.tif")


def _photocopy(image: Image.Image, _seed: int, rng: np.random.Generator) -> Scanned:
    grey = image.convert("L")
    thick = grey.filter(ImageFilter.MinFilter(3)) if rng.random() < 0.5 else grey
    soft = noise(turn(thick, float(rng.uniform(-1, 1))).filter(ImageFilter.GaussianBlur(1.4)), 16, rng)
    page = specks(soft, 2200, rng).point([255 * (value > 150) for value in range(256)]).convert("1")
    buffer = io.BytesIO()
    page.save(buffer, "TIFF", compression="group4", dpi=(DPI, DPI))
    return Scanned(buffer.getvalue(), "копия.tif")


def _bleed(image: Image.Image, _seed: int, rng: np.random.Generator) -> Scanned:
    grey = image.convert("L")
    back = np.asarray(grey.transpose(Image.Transpose.FLIP_LEFT_RIGHT).filter(ImageFilter.GaussianBlur(3)), np.float32)
    front = np.asarray(grey, dtype=np.float32)
    pale = 105 + front * (125 / 255)  # weak toner on grey paper
    mixed = np.minimum(pale, 232 - (255 - np.roll(back, 37, axis=0)) * 0.16)
    mixed[PAGE[1] // 2 - 3 : PAGE[1] // 2 + 3] *= 0.86  # the fold
    small = Image.fromarray(mixed.astype(np.uint8)).resize((1654, 2339), Image.Resampling.BOX)
    return as_pdf(noise(turn(small, float(rng.uniform(-0.8, 0.8))), 4, rng), 200, 55)


def _photo(image: Image.Image, _seed: int, rng: np.random.Generator) -> Scanned:
    """A telephone over a dark desk: perspective, a shadow across, warm light."""
    wide, high = 2400, 3200
    shift = [float(value) for value in rng.uniform(0.02, 0.07, 8)]
    corners = [
        (wide * shift[0], high * shift[1]),
        (wide * (1 - shift[2]), high * shift[3] * 0.6),
        (wide * (1 - shift[4] * 0.5), high * (1 - shift[5])),
        (wide * shift[6] * 0.5, high * (1 - shift[7] * 0.6)),
    ]
    desk = Image.new("RGB", (wide, high), (74, 60, 50))
    coefficients = perspective(corners, image.size)
    page = image.transform(desk.size, Image.Transform.PERSPECTIVE, coefficients, Image.Resampling.BICUBIC)
    mask = Image.new("L", image.size, 255).transform(desk.size, Image.Transform.PERSPECTIVE, coefficients)
    desk.paste(page, (0, 0), mask)
    pixels = np.asarray(desk, dtype=np.float32)
    xs, ys = np.meshgrid(np.linspace(0, 1, wide, dtype=np.float32), np.linspace(0, 1, high, dtype=np.float32))
    edge = 1 / (1 + np.exp(-(xs + 0.6 * ys - float(rng.uniform(0.5, 0.9))) * 14))
    light = (1.0 - 0.42 * edge) * (0.98 - 0.12 * ys)
    lit = pixels * light[:, :, None] * np.array([1.0, 0.97, 0.90], dtype=np.float32)
    shot = noise(Image.fromarray(lit.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.7)), 4, rng)
    buffer = io.BytesIO()
    shot.save(buffer, "JPEG", quality=82)
    return Scanned(buffer.getvalue(), "фото.jpg")


def perspective(corners: list[tuple[float, float]], size: tuple[int, int]) -> tuple[float, ...]:
    """Coefficients that take a point of the shot to the sheet; corners go clockwise from the upper left."""
    wide, high = size
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, ((0, 0), (wide, 0), (wide, high), (0, high)), strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        right += [u, v]
    return tuple(float(value) for value in np.linalg.solve(np.array(rows), np.array(right)))


def as_pdf(image: Image.Image, dpi: int, quality: int) -> Scanned:
    buffer = io.BytesIO()
    image.copy().save(buffer, "PDF", resolution=dpi, quality=quality)
    return Scanned(buffer.getvalue(), "скан.pdf")


_WEAR: Final = {
    "clean": _clean,
    "office": lambda image, _, rng: as_pdf(_office(image, rng), DPI, 65),
    "rotated": _rotated,
    "skewed": _skewed,
    "fax": _fax,
    "dirty": lambda image, _, rng: as_pdf(specks(_office(image, rng), 5000, rng), DPI, 60),
    "photocopy": _photocopy,
    "bleed": _bleed,
    "stamp": _coloured,
    "photo": _photo,
    "jpeg150": _small,
}


def normal(text: str) -> str:
    """Whitespace-normalised text."""
    return " ".join(text.split())


def distance(one: str, other: str) -> int:
    """Edit distance, by the bit-parallel method of Myers on whole numbers of any length."""
    if not one or not other:
        return max(len(one), len(other))
    where: dict[str, int] = {}
    for place, char in enumerate(one):
        where[char] = where.get(char, 0) | 1 << place
    full, top = (1 << len(one)) - 1, 1 << (len(one) - 1)
    plus, minus, score = full, 0, len(one)
    for char in other:
        match = where.get(char, 0)
        vertical = match | minus
        match |= ((match & plus) + plus) ^ plus
        up = minus | (~(match | plus) & full)
        down = plus & match
        score += (up & top != 0) - (down & top != 0)
        up = (up << 1 | 1) & full
        plus = (down << 1 & full) | (~(vertical | up) & full)
        minus = up & vertical
    return score


def cer(text: str, one: Sheet) -> float:
    """Character error of a reading against the legal order that suits it best."""
    read = normal(text)
    return min(distance(truth, read) / len(truth) for truth in one.readings())


_ALIKE: Final = str.maketrans("АВЕКМНОРСТУХаеорсухЗОо", "ABEKMHOPCTYXaeopcyx300")


def folded(text: str) -> str:
    """Fields are compared with look-alikes folded and without punctuation."""
    return re.sub(r"[\W_]", "", text.translate(_ALIKE)).translate(str.maketrans("Oo", "00")).lower()


def fields_found(text: str, one: Sheet) -> tuple[int, int]:
    """How many of the sheet's fields stand in a text, and of how many."""
    read = folded(text)
    return sum(folded(value) in read for value in one.fields.values()), len(one.fields)


def lost_lines(text: str, one: Sheet) -> list[str]:
    """Lines of the sheet of which less than half was read, letter triples compared with look-alikes folded."""
    read = folded(text)
    lost = []
    for group in one.groups:
        if any(row == "" for block in group.blocks for _, row in block):
            continue
        for block in group.blocks:
            for _, line in block:
                bare = folded(line)
                triples = [bare[place : place + 3] for place in range(len(bare) - 2)]
                if len(bare) > 5 and sum(triple in read for triple in triples) * 2 < len(triples):
                    lost.append(line)
    return lost


def handwritten(seed: int) -> Scanned:
    """A page in an unsteady hand."""
    from otvet.demo.hand import write

    text = fill(letters()[seed % len(letters())].text, RECEIVED)
    page = write("\n".join(text.split("\n\n")), np.random.default_rng(seed)).convert("L")
    return as_pdf(noise(page, 4, np.random.default_rng(seed)), 200, 60)
