"""Rows of a client table as people title and fill them, and what of them the register can keep.

A CRM's clients go through the same readers (`build`): one form of a value, one refusal, whichever way it came.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from classifiers.clientkeys import account_key, contract_key, email_key, inn_key, phone_key, plain
from registry import clock
from registry.clients.record import Record
from registry.errors import InputError
from rules.wire import Segment

# Field → title and synonyms; case, ё, punctuation and spaces do not count.
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("Клиент", "ФИО", "Наименование", "Имя", "Наименование клиента", "Плательщик", "name"),
    "external_id": ("Код CRM", "ID", "ID клиента", "Код клиента", "Идентификатор", "external_id"),
    "segment": ("Сегмент", "Категория", "Тип клиента", "segment"),
    "accounts": ("Лицевой счёт", "ЛС", "Лицевые счета", "Номер лицевого счёта", "account_number"),
    "contracts": ("Договор", "Номер договора", "Договоры", "contract_number"),
    "contract_curators": ("Кураторы договоров", "contract_curators"),
    "inn": ("ИНН", "inn"),
    "phones": ("Телефон", "Телефоны", "Контактный телефон", "phones"),
    "emails": ("Эл. почта", "E-mail", "Email", "Почта", "Электронная почта", "emails"),
    "confirmed_emails": ("Подтверждённая эл. почта", "Подтверждённый e-mail", "confirmed_emails"),
    "confirmed_phones": ("Подтверждённый телефон", "Подтверждённые телефоны", "confirmed_phones"),
    "confirmed_address": ("Адрес", "Адрес помещения", "Подтверждённый адрес", "Почтовый адрес", "confirmed_address"),
    "is_vip": ("VIP", "ВИП", "is_vip"),
    "manager_id": ("Персональный менеджер", "Менеджер", "manager"),
    "curator_id": ("Куратор", "curator"),
    "large_mail_on": ("Согласие на письма больше 5 МБ", "Согласие на большие письма", "large_mail_on"),
    "unzipped_reason": ("Вложения без архива, причина", "Без архива", "unzipped_reason"),
    "consents": ("Согласия", "Согласия клиента", "consents"),
}
_SEGMENTS: Final = {
    **{segment.value.lower(): segment for segment in Segment},
    "физическое лицо": Segment.B2C, "физлицо": Segment.B2C, "фл": Segment.B2C,
    "юридическое лицо": Segment.B2B, "юрлицо": Segment.B2B, "юл": Segment.B2B, "ип": Segment.B2B,
    "принципал": Segment.B2B2C, "ук": Segment.B2B2C, "рсо": Segment.B2B2C,
}  # fmt: skip
_YES: Final = frozenset({"да", "1", "vip", "вип", "yes", "true", "истина", "+"})
_NO: Final = frozenset({"", "нет", "0", "no", "false", "ложь", "-"})
_SEPARATORS: Final = re.compile(r"[;\n|]|,(?!\d)\s*|,(?=\s)")
_TITLES: Final = {plain(title): name for name, titles in COLUMNS.items() for title in titles}
MAX_NAME: Final = 300
MAX_ADDRESS: Final = 500
MAX_REASON: Final = 300
_DATED: Final = re.compile(r"(?P<value>.*?\S)\s*\(?(?:с\s*)?(?P<day>\d\d?\.\d\d?\.\d{4}|\d{4}-\d\d-\d\d)\)?")


Cell = str | Sequence[str]
"""A value as it stands in a cell, or several that a CRM gave one by one."""


@dataclass(frozen=True, slots=True)
class Known:
    """What cells name: people by log-in or «Фамилия И.О.» in lower case, consents by code or title (``plain``)."""

    people: Mapping[str, int]
    consents: Mapping[str, str]


def known(people: Mapping[str, int], consents: Mapping[str, str]) -> Known:
    """What cells may name.

    Args:
        people: Log-in or short name in lower case → key of the person.
        consents: Code → title, of the rules.
    """
    return Known(people, {plain(name): code for code, title in consents.items() for name in (code, title)})


@dataclass(frozen=True, slots=True)
class Header:
    """Which field stands in which column; ``ignored`` are titles that mean nothing to the register."""

    fields: tuple[str | None, ...]
    ignored: tuple[str, ...]


class RowError(Exception):
    """A row cannot be kept; the Russian message says why."""


def header(cells: Iterable[str]) -> Header:
    """Understand the titles. Raises InputError when the table cannot be a table of clients."""
    titles = list(cells)
    fields = tuple(_TITLES.get(plain(title)) for title in titles)
    known = [name for name in fields if name]
    if repeated := sorted({name for name in known if known.count(name) > 1}):
        names = ", ".join(f"«{COLUMNS[name][0]}»" for name in repeated)
        raise InputError(f"В таблице два столбца с одним смыслом: {names}. Оставьте один.")
    if "name" not in known or not {"external_id", "accounts", "contracts", "inn"} & set(known):
        raise InputError(
            "Первая строка должна называть столбцы: нужен «Клиент» и хотя бы один из «Код CRM», «Лицевой счёт», "
            "«Договор», «ИНН». Образец: otvet client import --help."
        )
    ignored = tuple(title for title, name in zip(titles, fields, strict=True) if name is None and title)
    return Header(fields, ignored)


def record(head: Header, cells: list[str], names: Known) -> Record:
    """A row as the register keeps it. Raises RowError: a value does not fit, or nothing identifies the client."""
    padded = [*cells, *[""] * (len(head.fields) - len(cells))]
    return build({name: cell for name, cell in zip(head.fields, padded, strict=False) if name is not None}, names)


def build(given: Mapping[str, Cell], names: Known) -> Record:
    """A client of named values, those of ``COLUMNS``. Raises RowError as `record` does."""
    values: dict[str, Any] = {name: _READERS[name](cell, names) for name, cell in given.items()}
    if not values.get("name"):
        raise RowError("не указан клиент")
    if not any(values.get(name) for name in ("external_id", "accounts", "contracts", "inn")):
        raise RowError("нет ни кода CRM, ни счёта, ни договора, ни ИНН: клиента не с чем сопоставить")
    if "segment" in values and values["segment"] is None:
        raise RowError("не указан сегмент: B2C, B2B или B2B2C")
    return Record(**values, given=frozenset(values))


def _pieces(cell: Cell) -> Iterator[str]:
    """Several values: what separates them in a cell may stand within one that a CRM gave by itself."""
    pieces = _SEPARATORS.split(cell) if isinstance(cell, str) else cell
    return filter(None, (piece.strip() for piece in pieces))


def _many(title: str, key: Callable[[str], str | None], *, as_written: bool = False) -> Callable[..., tuple[str, ...]]:
    def read(cell: Cell, _names: Known) -> tuple[str, ...]:
        found: dict[str, None] = {}
        for part in _pieces(cell):
            value = key(part)
            if value is None:
                raise RowError(f"{title}: значение записано не по форме")
            found[part if as_written else value] = None
        return tuple(found)

    return read


def _confirmed(title: str, key: Callable[[str], str | None]) -> Callable[..., dict[str, str]]:
    """Contacts, each with the day of its confirmation behind it where it is known: «a@b.ru 12.03.2026»."""

    def read(cell: Cell, _names: Known) -> dict[str, str]:
        found: dict[str, str] = {}
        for part in _pieces(cell):
            dated = _DATED.fullmatch(part)
            value = key(dated["value"] if dated else part)
            if value is None:
                raise RowError(f"{title}: значение записано не по форме")
            found[value] = _day(title, dated["day"]) if dated else ""
        return dict(sorted(found.items()))

    return read


def _day(title: str, text: str) -> str:
    """A day of the past as ISO."""
    for form in ("%d.%m.%Y", "%Y-%m-%d"):
        with contextlib.suppress(ValueError):
            day = dt.datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no zone
            if day > clock.today():
                raise RowError(f"{title}: дата {day:%d.%m.%Y} ещё не наступила")
            return day.isoformat()
    raise RowError(f"{title}: нужна дата, например 12.03.2026")


def _consent(cell: str, _names: Known) -> str | None:
    return _day("согласие на письма больше 5 МБ", cell) if cell.strip().lower() not in _NO else None


def _text(title: str, limit: int) -> Callable[..., str | None]:
    def read(cell: str, _names: Known) -> str | None:
        if len(cell) > limit:
            raise RowError(f"{title}: длиннее {limit} знаков")
        return " ".join(cell.replace("\x00", "").split()) or None

    return read


def _segment(cell: str, _names: Known) -> str | None:
    if not cell:
        return None
    found = _SEGMENTS.get(cell.strip().lower())
    if found is None:
        raise RowError("сегмент: нужен B2C, B2B или B2B2C")
    return found.value


def _inn(cell: str, _names: Known) -> str | None:
    if cell and inn_key(cell) is None:
        raise RowError("ИНН: контрольные цифры не сходятся")
    return inn_key(cell)


def _flag(cell: str, _names: Known) -> bool:
    word = cell.strip().lower()
    if word not in _YES | _NO:
        raise RowError("VIP: нужно «да» или «нет»")
    return word in _YES


def _person(title: str) -> Callable[..., int | None]:
    def read(cell: str, names: Known) -> int | None:
        if not cell:
            return None
        found = names.people.get(" ".join(cell.lower().split()))
        if found is None:
            raise RowError(f"{title}: среди сотрудников такого нет (нужно имя входа или «Фамилия И.О.»)")
        return found

    return read


def _curators(cell: Cell, names: Known) -> dict[str, int]:
    found = {}
    for part in _pieces(cell):
        number, _, who = part.rpartition(":")
        key = contract_key(number)
        if key is None:
            raise RowError("кураторы договоров: нужна запись «номер договора: имя входа»")
        person = _person("кураторы договоров")(who.strip(), names)
        if person is not None:
            found[key] = person
    return found


def _consents(cell: Cell, names: Known) -> dict[str, str]:
    """Consents with their days: «personal_data 12.03.2026», or by the title that the rules give them."""
    found: dict[str, str] = {}
    for part in _pieces(cell):
        dated = _DATED.fullmatch(part)
        code = names.consents.get(plain(dated["value"])) if dated else None
        if dated is None:
            raise RowError("согласия: за названием нужна дата, например 12.03.2026")
        if code is None:
            raise RowError("согласия: такого в rules/clients.yaml нет")
        found[code] = _day("согласия", dated["day"])
    return dict(sorted(found.items()))


_READERS: Final[Mapping[str, Callable[..., Any]]] = {
    "name": _text("клиент", MAX_NAME),
    "external_id": _text("код CRM", 80),
    "segment": _segment,
    "accounts": _many("лицевой счёт", account_key),
    "contracts": _many("договор", contract_key, as_written=True),
    "contract_curators": _curators,
    "inn": _inn,
    "phones": _many("телефон", phone_key),
    "emails": _many("эл. почта", email_key),
    "confirmed_emails": _confirmed("подтверждённая эл. почта", email_key),
    "confirmed_phones": _confirmed("подтверждённый телефон", phone_key),
    "confirmed_address": _text("адрес", MAX_ADDRESS),
    "is_vip": _flag,
    "manager_id": _person("персональный менеджер"),
    "curator_id": _person("куратор"),
    "large_mail_on": _consent,
    "unzipped_reason": _text("вложения без архива", MAX_REASON),
    "consents": _consents,
}
