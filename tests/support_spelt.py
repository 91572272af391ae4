"""Addresses, posts, contracts and telephones put together from parts, in any spelling people use, inside letters.

Every part is drawn by itself, so that a reader is measured on combinations nobody has written down. A letter has the
form of a row of ``tests/data/reader/fields_5.yaml``; what it does not say, a reader must not find.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from support_people import GENITIVE, Human, make

_TOWNS = [
    "Уфа",
    "Стерлитамак",
    "Салават",
    "Нефтекамск",
    "Белебей",
    "Бирск",
    "Туймазы",
    "Сибай",
    "Учалы",
    "Ишимбай",
    "Белорецк",
    "Мелеуз",
    "Кумертау",
]
_VILLAGES = [
    ("Иглинский", "Улу-Теляк"), ("Уфимский", "Михайловка"), ("Уфимский", "Нижегородка"), ("Чишминский", "Кара-Якупово"),
    ("Кармаскалинский", "Сахаево"), ("Абзелиловский", "Ташбулатово"), ("Гафурийский", "Белое Озеро"), ("Бирский", "Старые Тукмаклы"),
    ("Туймазинский", "Верхний Бишинды"), ("Мелеузовский", "Нордовка"), ("Кушнаренковский", "Бахтыбаево"), ("Альшеевский", "Шафраново"),
]  # fmt: skip
_STREETS = [
    "Ленина", "Дагестанская", "Натальи Ковшовой", "Трудовой Славы", "Мустая Карима", "Шота Руставели", "Баязита Бикбая", "Рихарда Зорге",
    "Габдуллы Амантая", "Братьев Кадомцевых", "Сун-Ят-Сена", "Первой Маёвки", "Ферина", "Парковая", "Кольцевая", "Сельская Богородская",
    "40 лет Победы", "8 Марта", "1 Мая", "50 лет СССР", "Академика Королёва", "Юрия Гагарина", "Заки Валиди", "Карла Маркса", "Бикбулатова",
    "Султанова", "Ветошникова", "Мингажева", "Энтузиастов", "Соловьиная", "Сиреневая", "Озёрная", "Хадии Давлетшиной", "Мажита Гафури",
    "Джалиля Киекбаева", "Чудинова", "Худайбердина", "Элеваторная", "Малая Трамвайная", "Победы", "Садовая", "Тукая", "Вишнёвая",
    "Дуванский бульвар", "Зелёная Роща", "Октябрьской Революции", "Бородинская", "Гвардейская", "Адмирала Макарова", "Ишимбайская",
]  # fmt: skip
_KINDS = [
    "ул. ",
    "ул.",
    "улица ",
    "ул ",
    "пр. ",
    "пр-т ",
    "проспект ",
    "пер. ",
    "переулок ",
    "б-р ",
    "бульвар ",
    "ш. ",
    "наб. ",
    "проезд ",
    "пр-д ",
]
_BEHIND = [" ул.", " улица", " ул", " пр-т", " проспект", " переулок", " бульвар", " проезд", " шоссе", " тракт"]


@dataclass(frozen=True)
class Spelt:
    """What is written, and what it means."""

    text: str
    value: str


class Speller:
    """One source of chance for all parts."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.people = make("fresh", seed, hard_share=0.1)

    def one(self, items: Any) -> Any:
        return self.rng.choice(items)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def digits(self, count: int) -> str:
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    # -- addresses -----------------------------------------------------------------------------------------------------
    def house(self) -> tuple[str, str]:
        number, kind = str(self.rng.randrange(1, 140)), self.rng.random()
        if kind < 0.6:
            return number, number
        if kind < 0.75:
            part = self.rng.randrange(1, 9)
            return f"{number}/{part}", f"{number}/{part}"
        if kind < 0.85:
            letter = self.one("абвг")
            return self.one(
                [f"{number}{letter}", f"{number}{letter.upper()}", f"{number} «{letter}»", f"{number} {letter.upper()}"]
            ), f"{number}{letter}"
        block = self.rng.randrange(1, 6)
        return self.one(
            [
                f"{number} корп. {block}",
                f"{number}, корпус {block}",
                f"{number}, к. {block}",
                f"{number}к{block}",
                f"{number} корп {block}",
            ]
        ), f"{number}к{block}"

    def street(self) -> tuple[str, str, bool]:
        """As written with its kind, canonical, whether the kind is written."""
        if self.chance(0.08):
            number = self.rng.randrange(1, 46)
            return (
                self.one(
                    [
                        f"{number} мкр",
                        f"{number} мкр.",
                        f"мкр. {number}",
                        f"{number}-й микрорайон",
                        f"микрорайон {number}",
                        f"{number} микрорайон",
                    ]
                ),
                f"мкр {number}",
                True,
            )
        name = self.one(_STREETS)
        kind = self.rng.random()
        if "бульвар" in name:
            return name, name, True
        if kind < 0.62:
            return f"{self.one(_KINDS[:4] if self.chance(0.6) else _KINDS)}{name}", name, True
        if kind < 0.72:
            return f"{name}{self.one(_BEHIND)}", name, True
        return name, name, False

    def place(self) -> tuple[str, str]:
        """Town or village with what stands before it, and what may stand after it in the turned order."""
        if self.chance(0.7):
            town = self.one(_TOWNS)
            written = self.one(
                [f"г. {town}", f"г.{town}", f"г {town}", f"город {town}", f"гор. {town}", town, town, f"{town} г"]
            )
            if self.chance(0.1):
                written = f"ГО г. {town}, {written}"
            return written, town
        district, village = self.one(_VILLAGES)
        kind = self.one(["с. ", "с.", "село ", "д. ", "дер. ", "деревня ", "п. ", "пос. ", "с ", "д "])
        where = self.one(
            [
                f"{district} район, ",
                f"{district} р-н, ",
                f"{district} р-он ",
                "",
                f"{district} р-н, Сельсоветский с/с, ",
            ]
        )
        return f"{where}{kind}{village}", village

    def address(self, *, flat: bool | None = None) -> Spelt:
        """Any order and spelling; the value is one plain spelling of the same place."""
        comma = self.one([", ", ", ", ", ", " ", ","])
        street, plain, typed = self.street()
        house, number = self.house()
        place, _ = self.place()
        has_flat = self.chance(0.8) if flat is None else flat
        room = str(self.rng.randrange(1, 300))
        value = f"ул. {plain}, д. {number}" if not plain.startswith("мкр") else f"{plain}, д. {number}"
        value += f", кв. {room}" if has_flat else ""
        region = self.one(
            [
                "",
                "",
                "",
                "РБ, ",
                "Республика Башкортостан, ",
                "Респ. Башкортостан, ",
                "Россия, РБ, ",
                "Респ Башкортостан, ",
                "Башкортостан, ",
                "РФ, Республика Башкортостан, ",
            ]
        )
        index = self.one(["", "", f"45{self.digits(4)}, ", f"45{self.digits(4)} "])
        label = self.one(["д. ", "д.", "дом ", "дом № ", "д ", "", "", "", "дом №"])
        door = self.one(["кв. ", "кв.", "кв ", "квартира ", "кв. № ", "кв № ", "квартира №"])
        order = self.rng.random()
        if order < 0.1 and has_flat and label.strip():
            on = self.one([" по ул. ", " по улице ", ", ул. ", " на ул. "])
            lead = self.one(
                [f"{door}{room}, {label}{house}", f"{label}{house} {door}{room}", f"{label}{house}, {door}{room}"]
            )
            tail = self.one(["", f", {place}", f" {place}"])
            name = plain if not plain.startswith("мкр") else "Ленина"
            value = f"ул. {name}, д. {number}, кв. {room}"
            return Spelt(f"{lead}{on}{name}{tail}", value)
        if not has_flat:
            end = ""
        elif label.strip() or self.chance(0.6):
            end = f"{self.one([comma, ' ', ', '])}{door}{room}"
        else:
            end = (
                self.one([f"-{room}", f" - {room}", f" – {room}", f"-{room}"])
                if number.isdigit() or "/" in number or number[-1] in "абвг"
                else f", кв. {room}"
            )
        home = f"{street}{comma if label.strip() else self.one([comma, ' ', ', '])}{label}{house}{end}"
        if order < 0.2:
            last = f", {region[:-2]}" if region else ""
            return Spelt(f"{home}, {place}{last}{', ' + index.strip(' ,') if index else ''}", value)
        if order < 0.35 and (typed or has_flat):
            return Spelt(home, value)
        town_comma = ", " if not typed and comma == " " else comma
        return Spelt(f"{index}{region}{place}{town_comma}{home}", value)

    # -- others --------------------------------------------------------------------------------------------------------
    def phone(self) -> Spelt:
        code, rest = self.one(["917", "927", "987", "961", "347", "937"]), self.digits(7)
        a, b, c = rest[:3], rest[3:5], rest[5:]
        written = self.one([
            f"8 ({code}) {a}-{b}-{c}", f"+7{code}{rest}", f"8{code}{rest}", f"8-{code}-{a}-{b}-{c}", f"+7 {code} {a} {b} {c}", f"8({code}){rest}",
            f"+7({code}){a}-{b}-{c}", f"8 {code} {a} {b} {c}", f"+7-{code}-{a}-{rest[3:]}", f"8.{code}.{a}.{b}.{c}", f"7 {code} {a}-{b}-{c}", f"8-{code}-{rest}",
            f"8 {code} {rest}", f"+7 ({code}) {a} {b} {c}", f"8 {code} {a}-{b}-{c}", f"+7 {code} {rest[:2]} {rest[2:4]} {rest[4:]}",
        ])  # fmt: skip
        return Spelt(written, f"+7{code}{rest}")

    def contract(self) -> Spelt:
        number = self.one([
            f"ТЭ-{self.digits(4)}/26", f"{self.digits(5)}-К", f"АГ-{self.digits(3)}", f"{self.digits(4)}/В", f"1{self.digits(5)}", f"02-{self.digits(3)}/25-ТКО",
            f"{self.digits(3)}/2024", f"ЭС{self.digits(6)}", f"03013{self.digits(14)}", f"УФ-{self.digits(2)}-{self.digits(4)}", f"2{self.digits(9)}", f"ОДПУ/{self.digits(3)}-26",
        ])  # fmt: skip
        kind = self.one(
            [
                "",
                "",
                "",
                " теплоснабжения",
                " энергоснабжения",
                " на оказание услуг",
                " на вывоз ТКО",
                " ресурсоснабжения",
                " холодного водоснабжения",
            ]
        )
        word = self.one(
            [
                "договор",
                "договору",
                "договора",
                "Договор",
                "договором",
                "контракту",
                "муниципального контракта",
                "соглашению",
                "дог.",
                "дог-р",
                "госконтракта",
            ]
        )
        when = self.one(["", "", " от 12.03.2024", " от 01.01.2025 г."])
        kind = "" if word.startswith("дог.") or word == "дог-р" else kind
        return Spelt(
            self.one(
                [
                    f"{word}{kind} № {number}{when}",
                    f"{word}{kind} №{number}",
                    f"{word}{kind}{when} № {number}",
                    f"{word}{kind} N {number}",
                ]
            ),
            number,
        )

    def post(self, *, woman: bool) -> str:
        man: str = self.one([
            "Директор", "Генеральный директор", "Главный инженер", "Заместитель директора по общим вопросам", "Начальник планово-экономического отдела",
            "Начальник отдела по работе с населением", "И.о. начальника управления", "Ведущий специалист отдела жилищных субсидий", "Специалист 1 категории",
            "Инженер-теплотехник", "Мастер участка № 3", "Старший помощник прокурора", "Судебный пристав-исполнитель", "Управляющий партнёр",
            "Председатель совета дома", "Председатель правления", "Руководитель группы взыскания", "Помощник депутата", "Директор по развитию",
            "Зам. гл. бухгалтера", "Специалист по закупкам", "Начальник ОМТС", "Заместитель главы администрации", "Технический директор", "Врио директора",
            "Управляющий делами", "Главный энергетик", "Бухгалтер-экономист", "Юрисконсульт", "Начальник ЖЭУ-12", "Экономист 2 категории", "Контрактный управляющий",
            "Первый заместитель генерального директора", "Директор филиала", "Начальник участка", "Менеджер по работе с клиентами", "Бизнес-партнёр", "Агроном",
            "Исполняющий обязанности директора", "Начальник службы эксплуатации", "Заместитель начальника отдела", "Ведущий инженер ПТО", "Администратор", "Заместитель председателя правления по финансам",
        ])  # fmt: skip
        return (
            self.one(["Заведующая", "Заведующая хозяйством", "Управляющая", "Заведующая складом", man, man, man, man])
            if woman
            else man
        )

    def human(self) -> Human:
        return next(self.people)


_BODY = [
    "Прошу произвести перерасчёт платы за отопление.", "В квитанции за октябрь начислено 4 512,30 руб., хотя счётчик исправен.", "Прошу разъяснить порядок начислений.",
    "Просим направить акт сверки по состоянию на 01.11.2026.", "Третий месяц не могу передать показания.", "С 5 ноября нет горячей воды.",
    "Площадь квартиры 54,3 кв. м, прописано 3 человека.", "Дом сдан в 2019 году, 9 этажей, лифт не работает.", "Показания: ХВС 112, ГВС 87.",
]  # fmt: skip
_AFTER = [
    "",
    "",
    "\n",
    ".",
    ". Прошу ответить письменно.",
    ", прописано 2 человека",
    "\nЗАЯВЛЕНИЕ",
    ". 2 человека прописаны",
    "; л/с 4500112233",
    ", лс 4500112233",
    "\nПаспорт 80 05 123456",
    ". 5 ноября приходил мастер",
    ", собственник",
    ", 1 подъезд",
    " (2 этаж)",
    ", площадь 54,3 кв. м.",
]
_HEADS = [
    "",
    "",
    "Генеральному директору\nООО «ЕИРЦ РБ»\n",
    "В ЕИРЦ\n",
    "Директору ООО «ЕИРЦ РБ»\nДанилову Р.И.\n450000, г. Уфа, ул. Свободы, д. 1\n",
]


def _citizen(m: Speller) -> dict[str, Any]:
    one, address, phone = m.human(), m.address(), m.phone()
    at, after = address.text, m.one(_AFTER)
    woman = one.gender == "female"
    lives = m.one(
        [
            "проживающей" if woman else "проживающего",
            "прож.",
            "зарегистрированной" if woman else "зарегистрированного",
            "адрес:",
            "прож. по адресу",
            "проживающ. по адресу:",
            "",
        ]
    )
    by = m.one([" по адресу:", " по адресу", ":"]) if lives.startswith(("проживающей", "проживающего", "зарег")) else ""
    tel = m.one(["тел. ", "тел.: ", "Телефон: ", "т. ", "сот. ", "моб. "])
    text = m.one([
        f"{m.one(_HEADS)}от {one.full(GENITIVE)},\n{lives}{by} {at}\n{tel}{phone.text}\n\nЗаявление\n\n{m.one(_BODY)}",
        f"ФИО: {one.full()}\n{m.one(['Адрес', 'Адрес проживания', 'Почтовый адрес', 'Адрес помещения', 'Место жительства', 'Адрес для ответа', 'Адрес объекта', 'Домашний адрес'])}: {at}\nТелефон: {phone.text}\nСуть: {m.one(_BODY)}",
        f"Здравствуйте! Я, {one.full()}, проживаю по адресу {at}{after}\n{m.one(_BODY)}\n{tel}{phone.text}",
        f"{m.one(_BODY)} {m.one(_BODY)}\n\nС уважением, {one.full()}\n{at}\n{tel}{phone.text}",
        f"{m.one(_BODY)} {one.full()}, {at}, {tel}{phone.text}",
        f"{one.full()}, {at}{after}\n{m.one(_BODY)} {tel}{phone.text}",
        f"Добрый день. {m.one(['Мой адрес', 'Наш адрес', 'Живу', 'Проживаем', 'Адрес', 'Ответ прошу направить по адресу', 'Прописана' if woman else 'Прописан'])}: {at}. {m.one(_BODY)}\n{one.full()}\n{phone.text}",
        f"{m.one(_BODY)} Собственник жилья по адресу: {at}{after}\n\n{one.full()} {tel}{phone.text}",
    ])  # fmt: skip
    if m.chance(0.08):
        text = text.lower() if m.chance(0.5) else text.upper()
    return {"text": text, "address": address.value, "phones": [phone.value]} | _name(one)


def _firm(m: Speller) -> dict[str, Any]:
    one, address, phone, contract, post = m.human(), m.address(), m.phone(), m.contract(), ""
    post = m.post(woman=one.gender == "female")
    firm = m.one(
        [
            "ООО «Капелла»",
            "АО «Полиэф-Сервис»",
            "ТСЖ «Дубрава»",
            "МБОУ СОШ № 61",
            "ТСН «Ягодное»",
            "ГБУЗ РБ ГКБ № 5",
            "ООО УК «Акварель»",
        ]
    )
    short = m.chance(0.5)
    name = (
        (m.one([one.short(), f"{one.initials} {one.last.case(0)}", f"{one.initials}{one.last.case(0)}"]))
        if short
        else m.one([one.full(), f"{one.first.case(0)} {one.patronymic.case(0)} {one.last.case(0)}"])
    )
    head = m.one(
        [
            f"{firm}\n{address.text}\n{m.one(['тел. ', 'тел./факс ', 'Телефон: '])}{phone.text}\n\n",
            f"{firm}\n{m.one(['Адрес', 'Юр. адрес', 'Юридический адрес', 'Почтовый адрес', 'Место нахождения'])}: {address.text}\nтел.: {phone.text}\n\n",
        ]
    )
    said = m.one(
        [
            f"Просим направить акт сверки по {contract.text}.",
            f"Сообщаем, что по {contract.text} оплата произведена 12.11.2026.",
            f"{m.one(_BODY)} Основание: {contract.text}.",
        ]
    )
    sign = m.one([
        f"{post}            {name}", f"{post} ____________ {name}", f"{post} {firm}      {name}", f"С уважением,\n{name}\n{post}", f"С уважением,\n{post}\n{name}",
        f"{post}\n{firm}\n____________ /{name}/", f"{name}, {post[:1].lower() + post[1:]}", f"{post}: {name}", f"{name} | {post}\n{firm}", f"{post}\n{firm}            {name}", f"{name}\n{post}\n{firm}",
        f"{name} — {post[:1].lower() + post[1:]}",
    ])  # fmt: skip
    return {
        "text": f"{head}{said}\n\n{sign}",
        "address": address.value,
        "phones": [phone.value],
        "contract_number": contract.value,
        "position": post,
        "org_name": firm,
    } | _name(one, short=short)


def _name(one: Human, *, short: bool = False) -> dict[str, Any]:
    given = {"last_name": one.last.case(0)}
    return given if short else given | {"first_name": one.first.case(0), "patronymic": one.patronymic.case(0)}


def spelt_letters(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Letters of citizens and firms in turn, the same for a seed; fields that they do not label are not judged."""
    maker = Speller(seed)
    for place in range(count):
        row = _firm(maker) if place % 3 == 2 else _citizen(maker)
        judged = {"text", *row}
        yield row | {"skip": [name for name in _ALL if name not in judged]}


_ALL = (
    "last_name", "first_name", "patronymic", "org_name", "position", "inn", "ogrn", "account_number", "emails", "client_ref_number", "client_ref_date",
    "letter_date", "contract_number",
)  # fmt: skip
