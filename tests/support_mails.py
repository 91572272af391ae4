"""E-mails of several offices that carry a letter, each correct, and ways to spoil each by the rules of § 12.5.17."""

# ruff: noqa: E501 - e-mails as offices write them, a line a text

from __future__ import annotations

import dataclasses
import gzip
import io
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from support_check import context
from support_mailbreaks import DOMAIN, INCOMING, MAIL_BUILDS, PETROV, Words, locked, stored, zipped

from rules.book import load
from rules.wire import LetterContext

_PDF: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
_EXE: Final = b"MZ\x90\x00\x03\x00\x00\x00PE\x00\x00"
_COMPANY: Final = load().company.model_dump(mode="json")
_MEGABYTE: Final = 2**20


@dataclass(frozen=True)
class Mail:
    """A correct e-mail of one program, and what is planted in it: rules, words changed, facts of the case changed."""

    name: str
    build: str
    words: Words
    case: dict[str, Any] = field(default_factory=dict)
    plants: tuple[tuple[str, dict[str, Any], dict[str, Any]], ...] = ()

    def facts(self, more: dict[str, Any] | None = None) -> LetterContext:
        """The facts of the case with changes."""
        known: dict[str, Any] = {"client": PETROV, "company": _COMPANY, "incoming": INCOMING, **self.case}
        for name, value in (more or {}).items():
            known[name] = {**known[name], **value} if isinstance(value, dict) and known.get(name) else value
        return context(**known)

    def raw(self) -> bytes:
        """The e-mail as its program writes it."""
        return MAIL_BUILDS[self.build](self.words)

    def spoilt(self) -> Iterator[tuple[tuple[str, ...], bytes, LetterContext]]:
        """Each plant: rules one of which must find it, the e-mail, the facts of its case."""
        for rules, change, facts in self.plants:
            words = dataclasses.replace(self.words, **change)
            yield tuple(rules.split("|")), MAIL_BUILDS[self.build](words), self.facts(facts)


def _tar(**files: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


_RAR: Final = b"Rar!\x1a\x07\x01\x00" + bytes(60)
_FIRM: Final = {
    "last_name": "Гайнуллина", "first_name": "Лейла", "patronymic": "Маратовна", "email": "office@vektor.example",
    "segment": "B2B", "position": "Главный бухгалтер", "org_name": "ООО «Вектор»",
}  # fmt: skip

MAILS: Final[tuple[Mail, ...]] = (
    Mail(
        "plain, two files in one archive",
        "modern",
        Words(
            subject="Ответ на обращение № ВХ-2026-000123 от 05.11.2026",
            text="Уважаемый Андрей Павлович!\n\nНаправляем Вам ответ и расчёт. Оба файла находятся в архиве "
            "«Ответ_и_расчёт.zip» в приложении к этому письму.\n\nС уважением,\nотдел по работе с обращениями ЕИРЦ РБ",
            files={"Ответ_и_расчёт.zip": zipped(**{"Ответ.pdf": _PDF, "Расчёт.pdf": _PDF})},
        ),
        plants=(
            ("EM-1", {"to": "petrov@other.example"}, {}),
            (
                "EM-4",
                {"files": {"Ответ_и_расчёт.zip": zipped(**{"Ответ.pdf": _PDF, "Расчёт.pdf.cmd": b"@echo off"})}},
                {},
            ),
            ("EM-5", {"files": {"Ответ.pdf": _PDF, "Расчёт.pdf": _PDF}}, {}),
            ("EM-6", {"files": {"Ответ_и_расчёт.zip": stored(**{"Ответ.pdf": _PDF + bytes(6 * _MEGABYTE)})}}, {}),
            (
                "BO-5",
                {
                    "text": "Уважаемый Андрей Павлович!\n\nОтвет – в архиве «Ответ_и_расчёт.zip», протокол – в файле "
                    "«Протокол_поверки.pdf» во вложении.\n\nС уважением,\nЕИРЦ РБ"
                },
                {},
            ),
            ("CH-1", {}, {"incoming": {"reply_channel": "post"}}),
        ),
    ),
    Mail(
        "a firm, copy to its director, RAR",
        "outlook",
        Words(
            to="Гайнуллина Лейла Маратовна <office@vektor.example>",
            cc="director@vektor.example",
            subject="ООО Вектор: акт сверки за III квартал 2026 года",
            text="Уважаемая Лейла Маратовна!\r\n\r\nВо вложении - архив с актом сверки и сопроводительным письмом "
            f"№ 14-09/118. Подписанный экземпляр просим вернуть на info@{DOMAIN}.\r\n\r\nС уважением,\r\nАхмерова "
            "Динара Ильгизовна\r\nспециалист отдела расчётов\r\n8 (347) 200-10-44",
            files={"Акт.rar": _RAR},
        ),
        {"client": _FIRM, "copy_to": "director@vektor.example", "letter": {"topic": "Акт сверки расчётов"}},
        (
            ("EM-2", {"cc": "director@vektor.example, friend@mail.example"}, {}),
            ("EM-3", {"subject": ""}, {}),
            ("EM-3", {"subject": "RE:"}, {}),
            ("EM-9", {"text": "Во вложении - архив с актом сверки."}, {}),
            ("EM-4", {"files": {"Акт.rar": _RAR, "Просмотр.scr": _EXE}}, {}),
            ("CH-2", {"sender": "Ахмерова Динара <dinara.ahm@gmail.example>"}, {}),
        ),
    ),
    Mail(
        "HTML beside the text, a small attachment, a long name",
        "webmail",
        Words(
            subject="О замене прибора учёта по адресу: г. Уфа, ул. Лесная, д. 4",
            text="Здравствуйте, уважаемый Андрей Павлович!\n\nПрикрепляем ответ на Ваше обращение в архиве.\n\n"
            "С уважением, контактный центр ЕИРЦ РБ",
            html="<html><body><p>Здравствуйте, уважаемый Андрей Павлович!</p><p>Прикрепляем ответ на Ваше обращение "
            f"в архиве.</p><p>С уважением, <a href='https://www.{DOMAIN}/'>контактный центр ЕИРЦ РБ</a></p></body></html>",
            files={
                "Ответ № ВХ-2026-000123 о замене прибора учёта (подписан).zip": zipped(**{"Ответ (подписан).pdf": _PDF})
            },
        ),
        {"letter": {"topic": "Замена прибора учёта", "kind": "answer"}},
        plants=(
            (
                "EM-7",
                {
                    "html": "<html><body><p>Прикрепляем ответ в архиве.</p><p><a href='http://lucky-prize.example/'>"
                    "Вам подарок</a></p></body></html>"
                },
                {},
            ),
            ("EM-7", {"files": {"Ответ.zip": locked()}}, {}),
            ("EM-7", {"files": {"Ответ.zip": zipped(**{"Ответ.docm": b"PK\x03\x04"})}}, {}),
            (
                "EM-8",
                {
                    "text": "Уважаемый Андрей Павлович!\n\nРады сообщить, что вопрос решён.\n\nС уважением,\nЕИРЦ РБ",
                    "html": None,
                },
                {},
            ),
            ("EM-10", {"raw": b"X-Note: a\x00b\x07\r\n"}, {}),
            ("EM-1", {"to": ""}, {}),
        ),
    ),
    Mail(
        "the client agreed to much, a signature without a formula",
        "modern",
        Words(
            subject="Копии документов по запросу вх. № ВХ-2026-000123",
            text="Уважаемый Андрей Павлович,\n\nнаправляем копии документов, которые Вы запросили. Файл большой, как мы и "
            "договорились по телефону; он приложен: Копии.zip.\n\nБудем признательны за подтверждение получения.\n--\n"
            "Галеев Ринат\nООО «ЕИРЦ РБ»",
            files={"Копии.zip": stored(**{"Копии.pdf": _PDF + bytes(6 * _MEGABYTE)})},
        ),
        {"client": {**PETROV, "agreed_large": True}},
        (
            ("EM-6", {}, {"client": {"agreed_large": False}}),
            (
                "EM-4",
                {"files": {"Копии.tar.gz": gzip.compress(_tar(**{"Ответ.pdf": _PDF, "install.bat": b"del *"}))}},
                {},
            ),
            ("EM-4", {"files": {"Копии.zip": zipped(**{"Ответ.pdf": _EXE})}}, {}),
            ("EM-2", {"cc": "boss@mail.example"}, {}),
        ),
    ),
    Mail(
        "reply to a reply, client's words below",
        "modern",
        Words(
            to='"Петров А.П." <PETROV@mail.example>',
            subject="Re: О перерасчёте платы (вх. № ВХ-2026-000123)",
            text="Уважаемый Андрей Павлович!\n\nДополнительно высылаем справку о расчётах, она в прилагаемом архиве.\n\n"
            "С уважением,\nЕИРЦ РБ\n\n> 06.11.2026 Вы писали:\n> Пришлите, пожалуйста, и справку.\n",
            files={"Справка.zip": zipped(**{"Справка.pdf": _PDF})},
        ),
        plants=(
            ("EM-3", {"subject": "Fwd: FW:"}, {}),
            ("EM-4", {"files": {"Справка.zip": zipped(**{"вложенный.zip": zipped(**{"a.pif": _EXE})})}}, {}),
            ("EM-5", {"files": {"Справка.docx": b"PK\x03\x04"}}, {}),
            ("CH-1", {}, {"incoming": {"reply_channel": "hand_delivered"}}),
            ("AP-5", {}, {"enclosures": ["Справка", "Акт"]}),
        ),
    ),
)
