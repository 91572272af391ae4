"""Invented letters in many layouts, with the truth of every field of their senders and of their parties."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from support_people import DATIVE, GENITIVE, Human, make

from outbox.check.text import MONTHS

Set = Literal["seen", "held"]

STREETS = {
    "seen": [
        "Ленина",
        "Худайбердина",
        "Комсомольская",
        "Рихарда Зорге",
        "Цюрупы",
        "Мира",
        "Островского",
        "Первомайская",
        "Юрия Гагарина",
        "Заки Валиди",
        "Интернациональная",
        "Российская",
        "50 лет Октября",
        "Социалистическая",
        "Айская",
        "Менделеева",
    ],
    "held": [
        "Блюхера",
        "Караная Муратова",
        "Ибрагимова",
        "Кирова",
        "Аксакова",
        "Дуванский",
        "Строителей",
        "8 Марта",
        "Правды",
        "Софьи Перовской",
        "Бикбая",
        "Салавата Юлаева",
        "Чернышевского",
        "Нефтяников",
        "Пушкина",
        "Шафиева",
        "Степана Кувыкина",
        "Лесная",
    ],
}
TOWNS = {
    "seen": ["Уфа", "Стерлитамак", "Салават", "Нефтекамск", "Бирск", "Белебей", "Ишимбай"],
    "held": ["Туймазы", "Кумертау", "Сибай", "Мелеуз", "Октябрьский", "Белорецк", "Учалы", "Янаул"],
}
VILLAGES = {
    "seen": ["с. Иглино", "д. Улу-Теляк", "с. Аскино"],
    "held": ["с. Зилаир", "д. Новые Турбаслы", "п. Приютово", "с. Толбазы"],
}
FIRMS = {
    "seen": [
        "ООО «Ромашка»",
        "АО «Уфимский хлебозавод»",
        "МБОУ СОШ № 45",
        "ООО УК «Уютный дом»",
        "ТСЖ «Содружество»",
        "МУП «Горзеленхоз»",
        "ПАО «Башторг»",
        "ГБУЗ РБ Городская больница № 8",
    ],
    "held": [
        "ООО «Тепличный комбинат „Дёма“»",
        "ЖСК «Черниковец»",
        "МАДОУ Детский сад № 112",
        "ООО «Научно-производственная фирма «Вектор»",
        "АНО «Центр помощи»",
        "ТСН «Парковый»",
        "Общество с ограниченной ответственностью «Агидель-Сервис»",
        "ГКУ РБ «Управление дорог»",
    ],
}
POSITIONS = {
    "seen": [
        "Директор",
        "Генеральный директор",
        "Главный бухгалтер",
        "Председатель правления",
        "Заместитель директора",
    ],
    "held": [
        "Исполнительный директор",
        "Управляющий",
        "Председатель",
        "Главный инженер",
        "Начальник отдела снабжения",
        "Заведующая",
    ],
}
AUTHORITIES = {
    "seen": [
        "Государственный комитет Республики Башкортостан по жилищному и строительному надзору",
        "Прокуратура Ленинского района г. Уфы",
        "Администрация городского округа город Стерлитамак Республики Башкортостан",
    ],
    "held": [
        "Управление Роспотребнадзора по Республике Башкортостан",
        "Министерство жилищно-коммунального хозяйства Республики Башкортостан",
        "Администрация Октябрьского района городского округа город Уфа",
        "Прокуратура города Салавата",
    ],
}
BODIES = [
    "Прошу произвести перерасчёт платы за горячую воду за период отсутствия с {d1} по {d2}.",
    "В квитанции за {m} начислено {sum} руб., хотя счётчик исправен и показания переданы вовремя.",
    "Прошу разъяснить, по какому нормативу считается отопление в нашем доме, и прислать расчёт.",
    "Несколько раз звонили по телефону горячей линии 8-800-100-20-30, внятного ответа не получили.",
    "Прибор учёта № {meter} поверен {d1}, свидетельство прилагается.",
    "Сосед из квартиры {n} {other} может подтвердить, что в квартире никто не живёт.",
    "Контролёр {other} приходил {d1} и отказался записать показания {reading}.",
    "По ошибке оплатили {sum} руб. на чужой лицевой счёт {acc}.",
    "Ваш ответ № ИСХ-2026-000{n} от {d1} нас не устраивает.",
    "Согласно выписке из ЕГРН от {d1} собственником является дочь.",
    "Верните переплату {sum} руб. на банковскую карту, реквизиты приложены.",
    "Мастер вашей компании {other} грубил и не представился.",
    "Дом обслуживает ООО «Чистый двор», договор с ним расторгнут решением от {d1}.",
    "До {d2} прошу дать письменный ответ.",
    "Показания на {d1}: ХВС {reading}, ГВС {reading2}.",
    "Квартира принадлежит мне с 2011 года, долгов никогда не было.",
]
FIRM_BODIES = [
    "Просим направить акт сверки взаимных расчётов по состоянию на {d1}.",
    "Просим произвести корректировку начислений за {m} на сумму {sum} руб.",
    "Сообщаем, что прибор учёта № {meter} прошёл поверку {d1}.",
    "Дополнительное соглашение от {d1} подписано с нашей стороны и направляется в Ваш адрес.",
    "Просим допустить узел учёта в эксплуатацию до {d2}.",
    "Задолженность в сумме {sum} руб. погашена платёжным поручением № {n} от {d1}.",
]


@dataclass
class Letter:
    """A letter with the truth about it; ``sender`` holds every field of the wire, ``parties`` what other roles hold."""

    layout: str
    text: str
    sender: dict[str, Any]
    meta: dict[str, str] = field(default_factory=dict)
    parties: list[dict[str, Any]] = field(default_factory=list)
    document_class: str = "citizen"


class Maker:
    """Makes letters of one set with one source of chance."""

    def __init__(self, which: Set, seed: int) -> None:
        self.which = which
        self.rng = random.Random(seed)
        self.people = make(which, seed)

    def one(self, items: list[Any]) -> Any:
        return self.rng.choice(items)

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def human(self) -> Human:
        return next(self.people)

    def digits(self, count: int) -> str:
        return "".join(self.rng.choice("0123456789") for _ in range(count))

    def account(self) -> str:
        return self.one(["11", "30", "44", "55", "66", "72"]) + self.digits(8)

    def date(self) -> dt.date:
        return dt.date(2026, 1, 1) + dt.timedelta(days=self.rng.randrange(330))

    def dated(self, day: dt.date) -> str:
        return self.one(
            [
                f"{day:%d.%m.%Y}",
                f"{day:%d.%m.%Y} г.",
                f"«{day.day:02}» {MONTHS[day.month - 1]} {day.year} г.",
                f"{day.day} {MONTHS[day.month - 1]} {day.year} года",
                f"{day:%d.%m.%y}",
            ]
        )

    def phone(self) -> tuple[str, str]:
        code, rest = self.one(["917", "927", "987", "961"]), self.digits(7)
        written = self.one(
            [
                f"8 ({code}) {rest[:3]}-{rest[3:5]}-{rest[5:]}",
                f"+7{code}{rest}",
                f"8{code}{rest}",
                f"8-{code}-{rest[:3]}-{rest[3:5]}-{rest[5:]}",
                f"+7 {code} {rest[:3]} {rest[3:5]} {rest[5:]}",
            ]
        )
        return written, f"+7{code}{rest}"

    def address(self) -> str:
        town = self.one(TOWNS[self.which])
        street, house, flat = self.one(STREETS[self.which]), self.rng.randrange(1, 140), self.rng.randrange(1, 200)
        village = self.one(VILLAGES[self.which])
        index = f"45{self.digits(4)}"
        return self.one(
            [
                f"{index}, г. {town}, ул. {street}, д. {house}, кв. {flat}",
                f"г. {town}, ул. {street}, {house}-{flat}",
                f"{index}, Республика Башкортостан, г. {town}, улица {street}, дом {house}, корпус {house % 4 + 1}, квартира {flat}",
                f"{town}, {street} {house}-{flat}",
                f"г. {town}, ул. {street}, д. {house}/{flat % 5 + 1}, кв. {flat}",
                f"РБ, Иглинский район, {village}, ул. {street}, д. {house}",
                f"г. {town}, пр-т {street}, д. {house}{self.one('абв')}, кв. {flat}",
                f"г.{town}, ул.{street}, д.{house}, кв.{flat}",
                f"{village}, ул. {street}, {house}",
            ]
        )

    def inn(self, length: int) -> str:
        base = "02" + self.digits(length - (3 if length == 10 else 4))
        for weights in (
            [(2, 4, 10, 3, 5, 9, 4, 6, 8)]
            if length == 10
            else [(7, 2, 4, 10, 3, 5, 9, 4, 6, 8), (3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8)]
        ):
            base += str(sum(int(a) * b for a, b in zip(base, weights, strict=True)) % 11 % 10)
        return base

    def ogrn(self, length: int) -> str:
        base = ("1" if length == 13 else "3") + self.digits(length - 2)
        return base + str(int(base) % (length - 2) % 10)

    def contract(self) -> str:
        return self.one(
            [
                f"ТЭ-{self.digits(4)}/26",
                f"{self.digits(5)}-К",
                f"АГ-{self.digits(3)}",
                f"{self.digits(4)}/В",
                f"БЮД-{self.digits(4)}",
            ]
        )

    def email(self) -> str:
        return f"{self.one(['a', 'mail', 'info', 'ivan', 'r'])}{self.digits(3)}@{self.one(['example.ru', 'post.example.com', 'firma.example.ru'])}"

    def body(self, source: list[str], count: int) -> str:
        other = self.human()
        lines = self.rng.sample(source, count)
        return " ".join(
            line.format(
                d1=self.dated(self.date()).rstrip("."),
                d2=self.dated(self.date()).rstrip("."),
                m=self.one(["июнь", "июль", "август"]),
                sum=self.one(["1 250,50", "890", "12 400", "3 418"]),
                meter=self.digits(8),
                n=self.rng.randrange(100, 999),
                other=other.short(),
                reading=self.digits(5),
                reading2=self.digits(5),
                acc=self.account(),
            )
            for line in lines
        )

    def labels(self, one: Human | None = None, *, short: bool = False, **values: Any) -> dict[str, Any]:
        """Truth of all fields; what is not given is null."""
        from classifiers.fieldscore import FIELDS

        truth: dict[str, Any] = dict.fromkeys(FIELDS)
        truth |= {"phones": [], "emails": []}
        del truth["gender"]
        if one is not None:
            truth |= {
                "last_name": one.last.case(0),
                "first_name": one.initials[:2] if short else one.first.case(0),
                "patronymic": one.initials[2:] if short else one.patronymic.case(0),
            }
        return truth | values


Layout = Callable[[Maker], Letter]
US = [
    "Генеральному директору ООО «ЕИРЦ РБ»\n",
    "Директору ООО «ЕИРЦ РБ» Данилову Р.И.\n",
    "В ООО «ЕИРЦ РБ»\n",
    "Руководителю ЕИРЦ РБ\n",
]


def header_right(m: Maker) -> Letter:
    """The usual application: from whom in the genitive, below it address, telephone, account; date and short signature."""
    one, day = m.human(), m.date()
    address, (phone, number), account = m.address(), m.phone(), m.account()
    pad = m.one(["", "                              "])
    rows = [
        f"от {m.one(['', 'гр. ', 'гражданки ' if one.gender == 'female' else 'гражданина '])}{one.full(GENITIVE)}{m.one(['', ','])}",
        m.one(
            [
                f"проживающей по адресу: {address}" if one.gender == "female" else f"проживающего по адресу: {address}",
                f"адрес: {address}",
                f"проживающий(ая) по адресу {address}",
            ]
        ),
    ]
    rows += [m.one([f"тел. {phone}", f"Телефон: {phone}", f"т. {phone}", f"конт. тел.: {phone}"])]
    rows += [m.one([f"л/с {account}", f"лицевой счёт № {account}", f"л.с. {account}", f"Лицевой счет: {account}"])]
    head = "".join(f"{pad}{row}\n" for row in [m.one(US).strip(), *rows])
    title = m.one(["ЗАЯВЛЕНИЕ", "Заявление", "ЖАЛОБА", "Обращение"])
    foot = m.one(
        [
            f"{m.dated(day)}          {one.short()}",
            f"{m.dated(day)}\n\n________ / {one.short()} /",
            f"Дата: {day:%d.%m.%Y}   Подпись ______ {one.short()}",
        ]
    )
    return Letter(
        "header right",
        f"{head}\n\n{title}\n\n{m.body(BODIES, 3)}\n\n{foot}",
        m.labels(one, address=address, phones=[number], account_number=account, letter_date=day.isoformat()),
    )


def labelled(m: Maker) -> Letter:
    """Lines with labels, nominative."""
    one, day = m.human(), m.date()
    address, (phone, number), account = m.address(), m.phone(), m.account()
    who = m.one(["Заявитель", "Ф.И.О.", "ФИО заявителя", "От кого", "Клиент", "Потребитель"])
    email = m.email()
    rows = [
        f"{who}: {one.full()}",
        f"Адрес: {address}",
        f"Телефон: {phone}",
        f"Лицевой счёт: {account}",
        f"{m.one(['E-mail', 'Эл. почта', 'Электронная почта'])}: {email}",
    ]
    head = m.one(US) + "\n".join(rows)
    return Letter(
        "labelled",
        f"{head}\n\n{m.body(BODIES, 3)}\n\n{m.dated(day)}",
        m.labels(
            one, address=address, phones=[number], account_number=account, emails=[email], letter_date=day.isoformat()
        ),
    )


def signature_only(m: Maker) -> Letter:
    """One paragraph; who wrote stands at the end alone."""
    one = m.human()
    address, account = m.address(), m.account()
    foot = m.one(
        [
            f"{address}, {account}, {one.full()}",
            f"{address}. {one.full()}, счёт {account}.",
            f"С уважением, {one.full()}, {address}, л/с {account}",
        ]
    )
    return Letter(
        "signature only",
        f"{m.one(['Здравствуйте! ', '', 'Добрый день. '])}{m.body(BODIES, 2)} {foot}",
        m.labels(one, address=address, account_number=account),
    )


def short_signature(m: Maker) -> Letter:
    """As people write: an account and a surname with initials."""
    one, account = m.human(), m.account()
    text = f"{m.body(BODIES, 2)} {m.one(['л/с', 'лс', 'счёт', 'ЛС №', 'мой лицевой'])} {account}. {one.short()}"
    return Letter("short signature", text, m.labels(one, short=True, account_number=account))


def mail_signature(m: Maker) -> Letter:
    """E-mail with a signature block and what the channel knows."""
    one, email = m.human(), m.email()
    phone, number = m.phone()
    account = m.account()
    foot = m.one(
        [
            f"С уважением,\n{one.first.case(0)} {one.patronymic.case(0)} {one.last.case(0)}\nтел. {phone}",
            f"-- \n{one.full()}\n{phone}",
            f"С уважением, {one.full()}\nМоб.: {phone}\nОтправлено с iPhone",
        ]
    )
    quote = m.one(
        [
            "",
            "\n\n12.05.2026, 10:15, ЕИРЦ РБ <info@eirc.example.ru> пишет:\n> Уважаемый Пётр Иванович! Ваше обращение принято.\n> Лицевой счёт 1100000001",
        ]
    )
    return Letter(
        "mail signature",
        f"Добрый день!\n{m.body(BODIES, 2)}\nЛицевой счёт {account}.\n\n{foot}{quote}",
        m.labels(one, account_number=account, phones=[number], emails=[email]),
        {"from_email": email, "from_name": m.one([one.full(), one.first.case(0), "user"])},
    )


def _letterhead(m: Maker) -> tuple[str, dict[str, Any]]:
    firm, address, inn, ogrn = m.one(FIRMS[m.which]), m.address(), m.inn(10), m.ogrn(13)
    phone, number = f"8 (347) {m.digits(3)}-{m.digits(2)}-{m.digits(2)}", ""
    number = "+7" + "".join(char for char in phone if char.isdigit())[1:]
    email, day, ref, contract = (
        m.email(),
        m.date(),
        m.one([f"{m.digits(3)}", f"01-{m.digits(2)}/{m.digits(3)}", f"{m.digits(2)}/26-К"]),
        m.contract(),
    )
    ref_line = m.one(
        [
            f"Исх. № {ref} от {day:%d.%m.%Y}",
            f"исх. {ref} от {m.dated(day)}",
            f"№ {ref} от {day:%d.%m.%Y}",
            f"{day:%d.%m.%Y} № {ref}",
        ]
    )
    rows = [
        firm,
        m.one(
            [f"ИНН {inn}, КПП 027401001, ОГРН {ogrn}", f"ИНН/КПП {inn}/027401001 ОГРН {ogrn}", f"ОГРН {ogrn} ИНН {inn}"]
        ),
        m.one([address, f"Адрес: {address}", f"Юридический адрес: {address}"]),
        f"тел. {phone}, e-mail: {email}",
        "",
        ref_line,
    ]
    if m.chance(0.5):
        rows.append(f"На № ИСХ-2026-{m.digits(6)} от {m.date():%d.%m.%Y}")
    truth = {
        "org_name": firm,
        "address": address,
        "inn": inn,
        "ogrn": ogrn,
        "phones": [number],
        "emails": [email],
        "client_ref_number": ref,
        "client_ref_date": day.isoformat(),
        "contract_number": contract,
        "letter_date": day.isoformat(),
    }
    return "\n".join(rows), truth


def firm_letter(m: Maker) -> Letter:
    """A firm's letterhead, outgoing number, and an executor at the foot who is not the sender."""
    head, truth = _letterhead(m)
    one, executor, position = m.human(), m.human(), m.one(POSITIONS[m.which])
    sign = m.one(
        [
            f"{position}                         {one.short()}",
            f"{position} {truth['org_name']} ____________ {one.initials} {one.last.case(0)}",
            f"С уважением,\n{position}\n{one.full()}",
        ]
    )
    full = one.full() in sign
    foot = m.one(
        [
            f"Исп. {executor.short()}\nтел. 8 (347) {m.digits(3)}-{m.digits(2)}-{m.digits(2)}",
            f"Исполнитель: {executor.full()}",
            "",
        ]
    )
    return Letter(
        "firm letter",
        f"{head}\n\n{m.one(US)}\n{m.one(['Уважаемый Руслан Ильдарович!', 'О корректировке начислений', ''])}\n\n{m.body(FIRM_BODIES, 2)} Договор № {truth['contract_number']}.\n\n{sign}\n\n{foot}".rstrip(),
        m.labels(one, short=not full, **truth, position=position[:1].lower() + position[1:]),
        document_class="organisation",
    )


def sole_trader(m: Maker) -> Letter:
    """A sole trader with a twelve-digit INN."""
    one = m.human()
    inn, ogrn, contract = m.inn(12), m.ogrn(15), m.contract()
    phone, number = m.phone()
    head = m.one([f"ИП {one.full()}", f"Индивидуальный предприниматель {one.full()}"])
    text = f"{head}\nИНН {inn}\nОГРНИП {ogrn}\nтел. {phone}\n\n{m.one(US)}\n{m.body(FIRM_BODIES, 2)} Договор {contract}.\n\nИП {one.short()}"
    return Letter(
        "sole trader",
        text,
        m.labels(one, inn=inn, ogrn=ogrn, contract_number=contract, phones=[number], org_name=head),
        document_class="organisation",
    )


def collective(m: Maker) -> Letter:
    """Dwellers of a house: all sign, one is the contact."""
    humans = [m.human() for _ in range(m.rng.randrange(3, 7))]
    contact = humans[0]
    phone, number = m.phone()
    address = f"г. {m.one(TOWNS[m.which])}, ул. {m.one(STREETS[m.which])}, д. {m.rng.randrange(1, 99)}"
    signers = "\n".join(
        f"{place}. {one.full()}, кв. {m.rng.randrange(1, 99)} ________" for place, one in enumerate(humans, start=1)
    )
    text = (
        f"{m.one(US)}от жителей дома по адресу: {address}\n\nКОЛЛЕКТИВНАЯ ЖАЛОБА\n\nМы, нижеподписавшиеся, собственники квартир, просим разобраться. {m.body(BODIES[1:3], 1)}\n\n"
        f"Контактное лицо: {contact.full()}, тел. {phone}\n\nПодписи:\n{signers}"
    )
    parties = [{"role": "author", "last_name": one.last.case(0), "first_name": one.first.case(0)} for one in humans]
    parties.append({"role": "contact", "last_name": contact.last.case(0), "first_name": contact.first.case(0)})
    return Letter("collective", text, m.labels(contact, address=address, phones=[number]), parties=parties)


def representative(m: Maker) -> Letter:
    """A representative by power of attorney for an account holder."""
    one, holder = m.human(), m.human()
    day, power, account, address = m.date(), f"02 АА {m.digits(7)}", m.account(), m.address()
    acting = "действующей" if one.gender == "female" else "действующего"
    text = (
        f"{m.one(US)}от {one.full(GENITIVE)},\n{acting} в интересах {holder.full(GENITIVE)}\nпо доверенности № {power} от {day:%d.%m.%Y}\nадрес: {address}\n\nЗАЯВЛЕНИЕ\n\n"
        f"{m.body(BODIES[:4], 2)} Лицевой счёт {account}.\n\n{one.short()}"
    )
    parties = [
        {"role": "representative", "last_name": one.last.case(0), "first_name": one.first.case(0), "number": power},
        {"role": "account_holder", "last_name": holder.last.case(0), "first_name": holder.first.case(0)},
    ]
    return Letter("representative", text, m.labels(one, account_number=account, address=address), parties=parties)


def forwarded(m: Maker) -> Letter:
    """An authority forwards a citizen's letter, with its own number, a term, and a demand for a copy."""
    one, official, day, ref = (
        m.human(),
        m.human(),
        m.date(),
        m.one([f"08-{m.digits(2)}/{m.digits(4)}", f"Ж-{m.digits(4)}", m.digits(5)]),
    )
    body, account = m.one(AUTHORITIES[m.which]), m.account()
    address, term = m.address(), day + dt.timedelta(days=20)
    text = (
        f"{body}\n{m.one([f'№ {ref} от {day:%d.%m.%Y}', f'{day:%d.%m.%Y} № {ref}', f'Исх. № {ref} от {day:%d.%m.%Y}'])}\n\nГенеральному директору\nООО «ЕИРЦ РБ»\n\n"
        f"Направляем для рассмотрения по существу обращение {m.one(['', 'гражданки ' if one.gender == 'female' else 'гражданина '])}{one.full(GENITIVE)}, поступившее {m.date():%d.%m.%Y}.\n"
        f"О результатах рассмотрения просим сообщить заявителю{m.one([' и в наш адрес', ', копию ответа направить в наш адрес', '. Копию ответа просим направить нам'])} в срок до {term:%d.%m.%Y}.\n\n"
        f"{m.one(['Заместитель руководителя', 'Начальник отдела', 'Заместитель министра', 'Прокурор района'])}                {official.short()}\n\nИсп. {m.human().short()}, тел. 8 (347) 218-{m.digits(2)}-{m.digits(2)}\n\n"
        f"---------- Обращение ----------\n{m.one(US)}от {one.full(GENITIVE)},\nадрес: {address}\n\n{m.body(BODIES[:4], 2)} Лицевой счёт {account}.\n\n{one.short()}"
    )
    parties = [
        {
            "role": "forwarding_body",
            "org_name": body,
            "number": ref,
            "date": day.isoformat(),
            "term": term.isoformat(),
            "copy": True,
        }
    ]
    return Letter("forwarded", text, m.labels(one, address=address, account_number=account), parties=parties)


def reception_form(m: Maker) -> Letter:
    """A form of the virtual reception, a field a line."""
    one, address, account, email = m.human(), m.address(), m.account(), m.email()
    phone, number = m.phone()
    text = (
        f"Фамилия: {one.last.case(0)}\nИмя: {one.first.case(0)}\nОтчество: {one.patronymic.case(0)}\nАдрес: {address}\nЛицевой счет: {account}\nТелефон: {phone}\nE-mail: {email}\n"
        f"Способ получения ответа: по электронной почте\nТекст обращения: {m.body(BODIES, 2)}"
    )
    return Letter(
        "reception form", text, m.labels(one, address=address, account_number=account, phones=[number], emails=[email])
    )


def blank_form(m: Maker) -> Letter:
    """A printed blank filled in, with lines of underscores."""
    one, address, account, day = m.human(), m.address(), m.account(), m.date()
    phone, number = m.phone()
    text = (
        f"Бланк обращения клиента\nФ.И.О. (полностью) ___{one.full()}___\nАдрес регистрации: __{address}__\n№ лицевого счёта __{account}__\nКонтактный телефон __{phone}__\n"
        f"№ ____ от ________\nСуть обращения: {m.body(BODIES[:4], 2)}\nДата «{day.day:02}» {MONTHS[day.month - 1]} {day.year} г.   Подпись _________"
    )
    return Letter(
        "blank form",
        text,
        m.labels(one, address=address, account_number=account, phones=[number], letter_date=day.isoformat()),
    )


def top_line(m: Maker) -> Letter:
    """Everything about the writer in the first line."""
    one, address, account = m.human(), m.address(), m.account()
    phone, number = m.phone()
    text = f"{one.full()}, {address}, л/с {account}, {phone}\n\n{m.one(['Здравствуйте.', 'Добрый день!'])} {m.body(BODIES, 3)}"
    return Letter("top line", text, m.labels(one, address=address, account_number=account, phones=[number]))


def columns(m: Maker) -> Letter:
    """A header in two columns, as recognition gives it: the addressee and the writer share lines."""
    one, address, account, day = m.human(), m.address(), m.account(), m.date()
    text = (
        f"Генеральному директору              от {one.full(GENITIVE)}\nООО «ЕИРЦ РБ»                       {address}\nДанилову Р.И.                       л/с {account}\n\n"
        f"заявление.\n\n{m.body(BODIES, 2)}\n\n{m.dated(day)}                 {one.last.case(0)}"
    )
    return Letter("columns", text, m.labels(one, address=address, account_number=account, letter_date=day.isoformat()))


def firm_mail(m: Maker) -> Letter:
    """A firm's e-mail without letterhead: all in the signature."""
    one, firm, position = m.human(), m.one(FIRMS[m.which]), m.one(POSITIONS[m.which])
    email, contract, inn = m.email(), m.contract(), m.inn(10)
    phone, number = m.phone()
    text = f"Добрый день!\n\n{m.body(FIRM_BODIES, 2)} Договор № {contract}, ИНН {inn}.\n\nС уважением,\n{one.full()}\n{position}\n{firm}\n{phone}"
    return Letter(
        "firm mail",
        text,
        m.labels(
            one,
            org_name=firm,
            position=position[:1].lower() + position[1:],
            contract_number=contract,
            inn=inn,
            phones=[number],
            emails=[email],
        ),
        {"from_email": email, "from_name": one.full()},
        document_class="organisation",
    )


def claim(m: Maker) -> Letter:
    """A claim of a firm with its own sender block."""
    head, truth = _letterhead(m)
    one, position = m.human(), m.one(POSITIONS[m.which])
    text = (
        f"{head}\n\nКому: ООО «ЕИРЦ РБ»\n450000, г. Уфа, ул. Свободы, д. 1\n\nПРЕТЕНЗИЯ\nо возврате излишне уплаченных средств\n\nМежду сторонами заключён договор № {truth['contract_number']}. {m.body(FIRM_BODIES, 2)}\n"
        f"В случае неисполнения претензии в течение 30 дней обратимся в арбитражный суд.\n\n{position}          {one.initials} {one.last.case(0)}"
    )
    return Letter(
        "claim",
        text,
        m.labels(one, short=True, **truth, position=position[:1].lower() + position[1:]),
        document_class="claim",
    )


def dative_plea(m: Maker) -> Letter:
    """The writer names himself in the dative inside the text."""
    one, account, address = m.human(), m.account(), m.address()
    text = f"Прошу выдать мне, {one.full(DATIVE)}, справку об отсутствии задолженности. Проживаю: {address}. Лицевой счёт {account}. {m.body(BODIES[:3], 1)}"
    return Letter("dative plea", text, m.labels(one, account_number=account, address=address))


LAYOUTS: dict[Set, list[Layout]] = {
    "seen": [
        header_right,
        labelled,
        signature_only,
        short_signature,
        mail_signature,
        firm_letter,
        sole_trader,
        collective,
        representative,
        forwarded,
        reception_form,
    ],
    "held": [
        blank_form,
        top_line,
        columns,
        firm_mail,
        claim,
        dative_plea,
        header_right,
        labelled,
        firm_letter,
        forwarded,
        representative,
    ],
}


def letters(which: Set, seed: int, count: int) -> Iterator[Letter]:
    """Letters of a set, layouts in turn, the same for a seed. «held» has names, streets, firms and layouts of its own."""
    maker = Maker(which, seed)
    for place in range(count):
        yield LAYOUTS[which][place % len(LAYOUTS[which])](maker)


_LOOKALIKES = {
    "а": "a",
    "о": "o",
    "е": "e",
    "с": "c",
    "р": "p",
    "х": "x",
    "у": "y",
    "О": "0",
    "З": "3",
    "0": "О",
    "3": "З",
    "1": "l",
    "б": "6",
    "В": "B",
    "Н": "H",
    "К": "K",
    "Т": "T",
    "и": "н",
    "н": "п",
    "ш": "щ",
    ".": ",",
    ",": ".",
    "й": "и",
    "ё": "е",
    "6": "б",
    "М": "M",
    "А": "A",
}


def noisy(text: str, share: float, rng: random.Random, *, alike: bool) -> str:
    """Spoil a share of the characters: into look-alikes as recognition does, or (not ``alike``) into anything, or away."""
    out = []
    for char in text:
        if char.isspace() or rng.random() >= share:
            out.append(char)
        elif alike:
            out.append(_LOOKALIKES.get(char, char if rng.random() < 0.8 else char + " "))
        elif rng.random() < 0.7:
            out.append(rng.choice("абвгдежзиклмнопрстуфх0123456789.,"))
    return "".join(out)
