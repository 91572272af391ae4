"""A second set of scanned letters, made after reading had been mended: other texts, faces, layouts and wear.

Nothing in `intake` was tuned on it before its first look; `tests/bench/bench_scans.py fresh` measures it. The texts are
of letters that were written to measure topics and had never been on paper.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import support_scans as scans
from PIL import Image, ImageDraw, ImageFilter
from support_scans import BOTTOM, DPI, INK, LEFT, PAGE, RIGHT, Group, Scanned, Sheet, as_pdf, noise, specks, turn

from otvet.demo.hand import write
from otvet.demo.ink import date_stamp, round_stamp, scribble

CONDITIONS: Final = (
    *("clean", "office", "rotated", "skewed", "fax", "dirty", "photocopy", "bleed", "stamp", "photo"),
    "jpeg150",
)
_FOLDER: Final = Path("/usr/share/fonts")
_FACES: Final = (
    ("opentype/urw-base35/NimbusRoman-Regular.otf", "opentype/urw-base35/NimbusRoman-Bold.otf"),
    ("truetype/dejavu/DejaVuSerif.ttf", "truetype/dejavu/DejaVuSerif-Bold.ttf"),
    ("opentype/urw-base35/NimbusSans-Regular.otf", "opentype/urw-base35/NimbusSans-Bold.otf"),
    ("opentype/urw-base35/C059-Roman.otf", "opentype/urw-base35/C059-Bold.otf"),
    ("truetype/dejavu/DejaVuSansCondensed.ttf", "truetype/dejavu/DejaVuSansCondensed-Bold.ttf"),
    ("truetype/liberation/LiberationMono-Regular.ttf", "truetype/liberation/LiberationMono-Bold.ttf"),
    ("opentype/urw-base35/P052-Roman.otf", "opentype/urw-base35/P052-Bold.otf"),
    ("truetype/paratype/PTN57F.ttf", "truetype/paratype/PTN77F.ttf"),
)
_PEOPLE: Final = (
    ("Гильмутдинова", "Разиля", "Фаритовна"),
    ("Костенко", "Вадим", "Аркадьевич"),
    ("Щербакова", "Нелли", "Юрьевна"),
    ("Янбухтин", "Ильдус", "Хамитович"),
    ("Ёлкина", "Жанна", "Эдуардовна"),
    ("Цветков", "Глеб", "Всеволодович"),
    ("Мухаметшина", "Гузель", "Ильшатовна"),
)
_FIRMS: Final = (
    "ТСН «Кедровый бор»",
    "ООО УК «Жилсервис-Центр»",
    "АО «Башсельхозпродукт»",
    "ИП Хасанов Р.Ш.",
    "МБОУ «Гимназия № 93»",
    "ГБУЗ «Поликлиника № 48»",
)
_STREETS: Final = ("Рихарда Зорге", "Жукова", "Шафиева", "Цюрупы", "Юрия Гагарина", "8 Марта")
_POSTS: Final = ("Председатель правления", "Главный бухгалтер", "И.о. директора", "Заместитель директора по АХЧ")
_MAILS: Final = (
    "tsn_kedr{n}@mail.example",
    "uk-{n}.office@ufa.example",
    "buh{n}@b-prod.example",
    "e.shch{n}@post.example",
)
_REFS: Final = ("01-12/{n}", "ПТО/{n}-26", "{n}-юр", "{n}/ОК", "УК-{n}/2026")
_SUMS: Final = (
    ("№", "Период", "Начислено, руб.", "Оплачено, руб.", "Долг"),
    ("1", "июль 2026", "4 385,16", "4 385,16", "0,00"),
    ("2", "август 2026", "5 107,93", "3 000,00", "2 107,93"),
    ("3", "сентябрь 2026", "6 240,58", "6 240,58", "0,00"),
    ("4", "октябрь 2026", "7 913,04", "—", "7 913,04"),
)
_METERS: Final = (
    ("Прибор учёта", "Заводской №", "Показание", "Дата"),
    ("ХВС, кухня", "18-346752", "00417,3", "24.10.2026"),
    ("ГВС, ванная", "21-098133", "00289,6", "24.10.2026"),
    ("Электроэнергия", "07791856", "13054", "25.10.2026"),
)
_CLOSING: Final = (
    (
        "Ответ прошу дать в письменном виде по указанному выше адресу. Копии документов прилагаются, подлинники готовы "
        "предъявить при личном приёме."
    ),
    (
        "Просим рассмотреть обращение в установленный законом срок и сообщить о принятом решении. В случае отказа "
        "просим указать его основания со ссылкой на нормы."
    ),
    "Надеюсь на понимание. Если нужны дополнительные сведения, звоните после 18:00, днём я на работе.",
    (
        "В противном случае будем вынуждены обратиться в Государственный комитет Республики Башкортостан по жилищному "
        "надзору и в суд."
    ),
)


@cache
def texts() -> list[str]:
    """Texts of letters, three or four short ones of a hand joined into one, enough for most of a page."""
    file = Path(__file__).parent / "data" / "letters_unseen.jsonl"
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if not line.startswith("#")]
    short = [" ".join(row["text"].split()) for row in rows if len(row["text"]) > 90]
    return ["\n".join(short[place : place + 4]) for place in range(0, len(short) - 3, 4)]


def sheet(number: int, *, stamped: bool = False) -> Sheet:
    """Type letter ``number``: four layouts, eight faces, tables on two letters of five, a list on every fourth."""
    regular, bold = (str(_FOLDER / name) for name in _FACES[number % len(_FACES)])
    page = _Page(regular, bold, (11, 12, 10.5, 13)[number // 2 % 4])
    (_corner, _statement, _letterhead, _plain)[number % 4](page, number)
    rows = texts()[number % len(texts())].split("\n")
    for place, text in enumerate(rows):
        page.paragraph(f"{place + 1}. {text}" if number % 4 == 3 else text)
    if number % 5 in {1, 3}:
        page.cells(_SUMS if number % 5 == 1 else _METERS, ruled=number % 3 != 0)
    page.paragraph(_CLOSING[number // 4 % len(_CLOSING)])
    _foot(page, number, stamped=stamped)
    return page.sheet


class _Page(scans.Typist):
    """A typist with a bold face."""

    def __init__(self, face: str, bold: str, points: float) -> None:
        super().__init__(face, points)
        self.regular, self.strong = face, bold

    def bold(self, rows: list[str], x: int, *, points: float | None = None, anchor: str = "la") -> None:
        self.face = self.strong
        self.one(rows, x, points=points, anchor=anchor)
        self.face = self.regular

    def cells(self, cells: tuple[tuple[str, ...], ...], *, ruled: bool) -> None:
        """A table with frames, or columns of figures that stand free."""
        face, wide = self.font(self.points - 1), (RIGHT - LEFT) // len(cells[0])
        height = round(face.size * 1.65)
        blocks: list[list[tuple[int, str]]] = [[] for _ in cells[0]]
        self.y += 24
        for row in cells:
            for column, cell in enumerate(row):
                x = LEFT + column * wide
                if ruled:
                    self.draw.rectangle((x, self.y, x + wide, self.y + height), outline=INK, width=2)
                self.draw.text((x + 16, self.y + round(face.size * 0.18)), cell, font=face, fill=INK)
                blocks[column].append((self.y, cell))
            self.y += height
        self.y += 34
        self.sheet.groups.append(Group(blocks))


def _facts(page: _Page, number: int) -> dict[str, str]:
    page.sheet.fields = {
        "inn": f"02{(number * 6151 + 41) % 10**8:08}",
        "account": f"45{(number * 15485863 + 7) % 10**8:08}",
        "phone": f"+7 (9{number % 9 + 1}7) {(number * 71) % 900 + 100}-{number * 13 % 90 + 10}-{number * 29 % 90 + 10}",
        "mail": _MAILS[number % 4].format(n=number * 7 % 97),
        "ref": _REFS[number % 5].format(n=number * 83 % 900 + 31),
        "date": f"{(number * 5) % 28 + 1:02}.{9 + number % 3:02}.2026",
    }
    return page.sheet.fields


def _addressee(number: int) -> list[str]:
    return [
        ["Генеральному директору", "ООО «ЕИРЦ РБ»", "Р.И. Ахмадуллину"],
        ["Руководителю Единого", "информационно-расчётного", "центра Республики", "Башкортостан"],
        ["В ООО «ЕИРЦ РБ»", "450000, Республика", "Башкортостан, г. Уфа"],
    ][number % 3]


def _corner(page: _Page, number: int) -> None:
    """A corner stamp of an office: small lines in the middle of the left half."""
    facts = _facts(page, number)
    firm = page.rows(_FIRMS[number % len(_FIRMS)].upper(), 820, 10)
    left = [
        *firm,
        f"450{number % 90 + 10:03}, г. Уфа,",
        f"ул. {_STREETS[number % 6]}, д. {number + 3}",
        f"тел. {facts['phone']}",
    ]
    left += [f"E-mail: {facts['mail']}", f"ИНН {facts['inn']}"]
    left += [f"№ {facts['ref']}", f"от {facts['date']}"]
    points, page.points = page.points, min(page.points, 11)
    page.side_by_side((left, LEFT), (_addressee(number), 1500))
    page.points = points
    page.y += 60
    page.one([f"О лицевом счёте {facts['account']}"], LEFT)
    page.y += 60
    page.bold(["Уважаемый Рустем Ильдарович!"], PAGE[0] // 2, anchor="ma")
    page.y += 30


def _statement(page: _Page, number: int) -> None:
    """A person's statement: who writes to whom on the right, the title in the middle."""
    facts = _facts(page, number)
    last, first, patronymic = _PEOPLE[number % len(_PEOPLE)]
    right = [
        *_addressee(number),
        f"от {last} {first}",
        patronymic,
        f"ул. {_STREETS[number % 6]}, {number + 2}-{number * 3 + 1}",
    ]
    right += [f"л/с {facts['account']}", f"тел.: {facts['phone']}", facts["mail"]]
    page.one(right, 1390)
    page.y += 70
    page.bold(["ЗАЯВЛЕНИЕ"], PAGE[0] // 2, points=page.points + 1, anchor="ma")
    page.y += 30
    page.one([f"Ваш исх. {facts['ref']} от {facts['date']}, ИНН {facts['inn']}"], LEFT)
    page.y += 20


def _letterhead(page: _Page, number: int) -> None:
    """A head across the page under a double rule."""
    facts = _facts(page, number)
    page.bold([_FIRMS[number % len(_FIRMS)]], PAGE[0] // 2, points=16, anchor="ma")
    page.one([f"ИНН {facts['inn']}   {facts['phone']}   {facts['mail']}"], PAGE[0] // 2, points=9.5, anchor="ma")
    for shift in (10, 20):
        page.draw.line((LEFT, page.y + shift, RIGHT, page.y + shift), fill=INK, width=4)
    page.y += 80
    page.side_by_side(([f"Исх. {facts['ref']}", facts["date"]], LEFT), (_addressee(number), 1450))
    page.y += 50
    page.bold(["ПРЕТЕНЗИЯ"], PAGE[0] // 2, anchor="ma")
    page.one([f"(лицевой счёт № {facts['account']})"], PAGE[0] // 2, anchor="ma")
    page.y += 40


def _plain(page: _Page, number: int) -> None:
    """All along the left edge."""
    facts = _facts(page, number)
    last, first, patronymic = _PEOPLE[number % len(_PEOPLE)]
    page.one([f"Кому: {' '.join(_addressee(number))}", f"От кого: {last} {first} {patronymic}"], LEFT)
    page.one([f"Контакты: {facts['phone']}, {facts['mail']}"], LEFT)
    page.one([f"ИНН {facts['inn']}, лицевой счёт {facts['account']}"], LEFT)
    page.one([f"{facts['date']}    рег. № {facts['ref']}"], LEFT)
    page.y += 40
    page.bold(["Тема: обращение по нескольким вопросам"], LEFT)
    page.y += 20


def _foot(page: _Page, number: int, *, stamped: bool) -> None:
    last, first, patronymic = _PEOPLE[number % len(_PEOPLE)]
    page.y += 30
    if number % 2:
        page.one(["Приложения:", f"— выписка из лицевого счёта, {number % 4 + 1} л.;", "— чек об оплате, 1 л."], LEFT)
    page.y += 90
    top = page.y
    if top < BOTTOM:
        page.side_by_side(([_POSTS[number % 4]], LEFT), ([f"{first[0]}. {patronymic[0]}. {last}"], 1750))
    if stamped or number % 3 == 0:
        rng = np.random.default_rng(number + 500)
        scribble(page.sheet.image, 1250, top + 40, 330, rng)
        round_stamp(
            page.sheet.image, 1090, top - (150 if stamped else 0), "АО «Кедровый бор»", "0277912345", radius=215
        )
        page.sheet.groups.append(Group([[(top, "")], [(top, "ИНН 0277912345")]]))
    if stamped:
        rng = np.random.default_rng(number + 900)
        scribble(page.sheet.image, LEFT + 200, 1500, 700, rng)
        date_stamp(page.sheet.image, 1750, 3060, ["ПОЛУЧЕНО", "Вх. № ______"])
        page.sheet.groups.append(
            Group([[(3060, "")], [(3060, "ПОЛУЧЕНО")], [(3060, "ПОЛУЧЕНО Вх. № ______")], [(3060, "ПОЛУЧЕНО Вх. №")]])
        )


def worn(one: Sheet, condition: str, seed: int) -> Scanned:
    """Scan a sheet under a condition, with the habits of other machines than `support_scans` has."""
    return _WEAR[condition](one.image, np.random.default_rng([seed, 77, *condition.encode()]))


def _clean(image: Image.Image, rng: np.random.Generator) -> Scanned:
    grey = image.convert("L").filter(ImageFilter.GaussianBlur(float(rng.uniform(0.3, 0.9))))
    if rng.random() < 0.5:
        return as_pdf(grey.resize((1654, 2339), Image.Resampling.BOX), 200, 88)
    return as_pdf(noise(grey, 1.0, rng), DPI, 80)


def _desk(image: Image.Image, rng: np.random.Generator) -> Image.Image:
    """What a feeder does: a little askew, darker to one end, a streak of dust along the page, holes of a binder."""
    turned = turn(image.convert("L"), float(rng.uniform(-1.3, 1.3))).filter(ImageFilter.GaussianBlur(0.7))
    draw = ImageDraw.Draw(turned)
    if rng.random() < 0.5:
        for y in (1500, 1980):
            draw.ellipse((110, y, 178, y + 68), fill=45)
    pixels = np.asarray(turned, dtype=np.float32)
    pixels = pixels * np.linspace(float(rng.uniform(0.9, 0.98)), 1.0, pixels.shape[0], dtype=np.float32)[:, None]
    streak = int(rng.integers(300, 2200))
    pixels[:, streak : streak + 2] *= 0.8
    pixels[: int(rng.integers(5, 25))] = 60
    return specks(noise(Image.fromarray(pixels.astype(np.uint8)), float(rng.uniform(3, 6)), rng), 60, rng)


def _office(image: Image.Image, rng: np.random.Generator) -> Scanned:
    page = _desk(image, rng)
    if rng.random() < 0.4:
        return as_pdf(page.resize((1654, 2339), Image.Resampling.BOX), 200, 60)
    return as_pdf(page, DPI, 58)


def _rotated(image: Image.Image, rng: np.random.Generator) -> Scanned:
    return as_pdf(_desk(image, rng).rotate(int(rng.choice([90, 180, 270])), expand=True), DPI, 62)


def _skewed(image: Image.Image, rng: np.random.Generator) -> Scanned:
    angle = float(rng.uniform(2.0, 3.2) * rng.choice([-1, 1]))
    return as_pdf(noise(turn(image.convert("L"), angle), 3, rng).filter(ImageFilter.GaussianBlur(0.5)), DPI, 70)


def _fax(image: Image.Image, rng: np.random.Generator) -> Scanned:
    dpi = (204, 196) if rng.random() < 0.5 else (204, 98)
    turned = turn(image.convert("L"), float(rng.uniform(-0.9, 0.9)))
    small = turned.resize((PAGE[0] * dpi[0] // DPI, PAGE[1] * dpi[1] // DPI), Image.Resampling.BILINEAR)
    level = float(rng.uniform(140, 175))
    pixels = np.array(noise(small, 7, rng)) > level
    for row in rng.integers(0, pixels.shape[0], int(rng.integers(1, 5))):
        pixels[row] = True  # a row that the line lost
    pixels ^= rng.random(pixels.shape) < 0.0006
    return _tiff(Image.fromarray((pixels * 255).astype(np.uint8)), dpi, "факс.tif")


def _tiff(page: Image.Image, dpi: tuple[int, int], name: str) -> Scanned:
    buffer = io.BytesIO()
    page.convert("1", dither=Image.Dither.NONE).save(buffer, "TIFF", compression="group4", dpi=dpi)
    return Scanned(buffer.getvalue(), name)


def _dirty(image: Image.Image, rng: np.random.Generator) -> Scanned:
    """The ring of a cup, smudges and crumbs."""
    page = specks(_desk(image, rng), 4000, rng)
    layer = Image.new("L", PAGE, 255)
    draw = ImageDraw.Draw(layer)
    x, y = int(rng.integers(300, 1800)), int(rng.integers(600, 2600))
    draw.ellipse((x, y, x + 620, y + 600), outline=170, width=26)
    for _ in range(6):
        x, y, wide = int(rng.integers(0, 2200)), int(rng.integers(0, 3200)), int(rng.integers(120, 420))
        draw.ellipse((x, y, x + wide, y + wide // 2), fill=int(rng.integers(185, 225)))
    stain = np.asarray(layer.filter(ImageFilter.GaussianBlur(9)), dtype=np.float32) / 255
    return as_pdf(Image.fromarray((np.asarray(page, dtype=np.float32) * stain).astype(np.uint8)), DPI, 60)


def _photocopy(image: Image.Image, rng: np.random.Generator) -> Scanned:
    """Black and white, thick or thin, dark edges, spots of toner, a streak of the drum."""
    grey = turn(image.convert("L"), float(rng.uniform(-1, 1)))
    filtered = grey.filter(ImageFilter.MinFilter(3)) if rng.random() < 0.5 else grey
    pixels = np.array(specks(noise(filtered.filter(ImageFilter.GaussianBlur(1.5)), 15, rng), 1800, rng))
    pixels[:, : int(rng.integers(20, 70))] = 20
    pixels[-int(rng.integers(20, 60)) :] = 20
    streak = int(rng.integers(400, 2000))
    pixels[:, streak : streak + 3][rng.random((pixels.shape[0], 3)) < 0.35] = 0
    page = Image.fromarray(pixels).point([255 * (value > 145) for value in range(256)])
    return _tiff(page, (DPI, DPI), "копия.tif")


def _bleed(image: Image.Image, rng: np.random.Generator) -> Scanned:
    """Pale print, the back of another letter shining through, two folds."""
    back = sheet(int(rng.integers(0, 40))).image.convert("L").transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    behind = np.asarray(back.filter(ImageFilter.GaussianBlur(2.5)), dtype=np.float32)
    pale = float(rng.uniform(95, 125))
    front = pale + np.asarray(image.convert("L"), dtype=np.float32) * ((228 - pale) / 255)
    mixed = np.minimum(front, 230 - (255 - behind) * float(rng.uniform(0.1, 0.18)))
    for y in (PAGE[1] // 3, PAGE[1] * 2 // 3):
        mixed[y - 2 : y + 3] *= 0.85
    return as_pdf(noise(turn(Image.fromarray(mixed.astype(np.uint8)), float(rng.uniform(-0.9, 0.9))), 5, rng), DPI, 60)


def _stamp(image: Image.Image, rng: np.random.Generator) -> Scanned:
    page = turn(image, float(rng.uniform(-0.9, 0.9)))
    if rng.random() < 0.5:
        page = page.resize((1654, 2339), Image.Resampling.BOX)
    return as_pdf(noise(page, 4, rng), 200 if page.width < PAGE[0] else DPI, 70)


def _photo(image: Image.Image, rng: np.random.Generator) -> Scanned:
    """A telephone over a table of light wood; the hand throws a round shadow; the sheet is a little bent."""
    wide, high = 2700, 3600
    sway = rng.uniform(0.03, 0.08, 8)
    corners = [
        (wide * sway[0], high * sway[1]),
        (wide * (1 - sway[2] * 0.6), high * sway[3]),
        (wide * (1 - sway[4]), high * (1 - sway[5] * 0.7)),
        (wide * sway[6], high * (1 - sway[7])),
    ]
    found = scans.perspective([(float(x), float(y)) for x, y in corners], image.size)
    bent = np.asarray(image)
    shift = (14 * np.sin(np.linspace(0, np.pi, PAGE[0]))).astype(int)
    bent = bent[np.clip(np.arange(PAGE[1])[:, None] + shift[None, :], 0, PAGE[1] - 1), np.arange(PAGE[0])[None, :]]
    paper = Image.fromarray(bent)
    grain = np.repeat(rng.uniform(0.9, 1.05, (high // 12, 1)).astype(np.float32), 12, axis=0)[:high]
    wood = np.clip(np.array([128, 98, 70], np.float32) * np.broadcast_to(grain, (high, wide))[:, :, None], 0, 255)
    table = Image.fromarray(wood.astype(np.uint8))
    drawn = paper.transform(table.size, Image.Transform.PERSPECTIVE, found, Image.Resampling.BICUBIC)
    mask = Image.new("L", image.size, 255).transform(table.size, Image.Transform.PERSPECTIVE, found)
    table.paste(drawn, (0, 0), mask)
    xs, ys = np.meshgrid(np.linspace(0, 1, wide, dtype=np.float32), np.linspace(0, 1, high, dtype=np.float32))
    x, y = float(rng.uniform(0.2, 0.8)), float(rng.uniform(0.7, 1.1))
    shadow = np.exp(-(((xs - x) / 0.35) ** 2 + ((ys - y) / 0.3) ** 2))
    lit = np.asarray(table, np.float32) * (1 - 0.4 * shadow)[:, :, None] * np.array([0.97, 0.98, 1.0], np.float32)
    shot = noise(Image.fromarray(lit.clip(0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.8)), 4, rng)
    buffer = io.BytesIO()
    shot.save(buffer, "JPEG", quality=80)
    return Scanned(buffer.getvalue(), "фото.jpg")


def _small(image: Image.Image, rng: np.random.Generator) -> Scanned:
    small = turn(image.convert("L"), float(rng.uniform(-1, 1))).resize((1241, 1754), Image.Resampling.BILINEAR)
    return as_pdf(noise(small, 2, rng), 150, int(rng.integers(25, 40)))


def ruined(one: Sheet, seed: int) -> Scanned:
    """From hard to read to hopeless: out of focus more and more, faint, or copied too often."""
    rng = np.random.default_rng(seed + 3000)
    grey = one.image.convert("L")
    if seed % 3 == 0:
        return as_pdf(noise(grey.filter(ImageFilter.GaussianBlur(3.5 + seed % 7)), 6, rng), DPI, 50)
    if seed % 3 == 1:
        small = grey.resize((620 + seed * 9, 877 + seed * 12), Image.Resampling.BILINEAR)
        return as_pdf(noise(small.resize((1241, 1754), Image.Resampling.BICUBIC), 20, rng), 150, 45)
    pixels = np.asarray(grey.filter(ImageFilter.GaussianBlur(2)), dtype=np.float32)
    worn_off = rng.random((PAGE[1] // 4, PAGE[0] // 4)) < 0.25 + seed % 5 * 0.08
    holes = np.kron(worn_off, np.ones((4, 4), dtype=bool))
    pixels[: holes.shape[0], : holes.shape[1]][holes] = 250
    return as_pdf(noise(Image.fromarray(pixels.astype(np.uint8)), 12, rng), DPI, 50)


def handwritten(seed: int) -> Scanned:
    """A page in an unsteady hand."""
    page = write(texts()[seed % len(texts())], np.random.default_rng(seed + 4000)).convert("L")
    return as_pdf(noise(page, 5, np.random.default_rng(seed)), 200, 65)


_WEAR: Final[dict[str, Callable[[Image.Image, np.random.Generator], Scanned]]] = {
    "clean": _clean,
    "office": _office,
    "rotated": _rotated,
    "skewed": _skewed,
    "fax": _fax,
    "dirty": _dirty,
    "photocopy": _photocopy,
    "bleed": _bleed,
    "stamp": _stamp,
    "photo": _photo,
    "jpeg150": _small,
}
