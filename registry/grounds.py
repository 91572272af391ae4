"""Grounds on which an appeal is closed without a reply: who decides, what the client is told, what proves it, the law.

An appeal is closed by a dispatched final reply or on one of these. A ground is a decision of a named person; nothing
here ever happens by itself. Norms of 59-ФЗ are kept as courtesies (whether the law binds the company is disputed).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from registry.errors import InputError


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that must be written down. ``appeal`` is the number of another appeal of the register."""

    name: str
    title: str
    kind: Literal["text", "date", "appeal"] = "text"


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground.

    Attributes:
        code: What the register keeps.
        title: How the screen calls it.
        roles: Roles of ``rules/roles.yaml`` that may decide, beside the right ``appeal.close``; empty: any that has it.
        sends: What the client is sent, in words for the person who decides.
        proofs: What must be written down.
        basis: Clause or article.
        nameless: Only a letter whose author named neither himself nor an address.
    """

    code: str
    title: str
    basis: str
    sends: str
    roles: frozenset[str] = frozenset()
    proofs: tuple[Proof, ...] = ()
    nameless: bool = False


_ALL: Final = (
    Ground(
        "withdrawn",
        "Отозвано клиентом",
        basis="воля клиента; его письмо об отзыве хранится при обращении",
        sends="Ничего: клиент сам отозвал обращение.",
        proofs=(Proof("letter", "Письмо клиента об отзыве: номер или откуда"), Proof("date", "Дата письма", "date")),
    ),
    Ground(
        "anonymous",
        "Анонимное",
        basis="59-ФЗ, ст. 11 ч. 1 (применимость спорна, решает человек)",
        sends="Ничего: автор не назвал ни себя, ни адрес. О преступлении сообщают компетентному органу.",
        proofs=(Proof("searched", "Как искали автора"),),
        nameless=True,
    ),
    Ground(
        "redirected",
        "Переадресовано",
        basis="59-ФЗ, ст. 8 ч. 3 (применимость спорна): 7 дней с регистрации, с уведомлением клиента",
        sends="Уведомление о переадресации с названием органа.",
        proofs=(
            Proof("body", "Куда направлено"),
            Proof("number", "Исходящий №"),
            Proof("date", "Дата", "date"),
            Proof("notice", "Как уведомлён клиент: № и дата уведомления"),
        ),
    ),
    Ground(
        "correspondence_ended",
        "Прекращение переписки",
        basis="59-ФЗ, ст. 11 ч. 5 (применимость спорна): решение руководителя, новых доводов нет",
        sends="Уведомление о прекращении переписки по этому вопросу.",
        roles=frozenset({"manager"}),
        proofs=(
            Proof("decision", "Решение руководителя: №"),
            Proof("date", "Дата решения", "date"),
            Proof("answers", "Ответы по этому вопросу: №№"),
            Proof("notice", "Как уведомлён клиент: № и дата уведомления"),
        ),
    ),
    Ground(
        "duplicate",
        "Дубликат",
        basis="п. 6.8 Стандарта: одно письмо по двум каналам — один ответ",
        sends="Ничего сверх ответа по основному обращению.",
        proofs=(Proof("main", "Номер основного обращения", "appeal"),),
    ),
    Ground(
        "not_an_appeal",
        "Не обращение",
        basis="Термины Стандарта, «Обращение»: ни одного из пяти видов",
        sends="Ничего.",
    ),
)
GROUNDS: Final[dict[str, Ground]] = {ground.code: ground for ground in _ALL}


def checked(ground: Ground, given: Mapping[str, str]) -> dict[str, str]:
    """Return the proofs as they are kept.

    Raises:
        InputError: One is missing, or a date is no date.
    """
    kept = {proof.name: given.get(proof.name, "").strip() for proof in ground.proofs}
    missing = [proof.title for proof in ground.proofs if not kept[proof.name]]
    if missing:
        raise InputError(f"«{ground.title}»: заполните — {'; '.join(missing)}.")
    for proof in ground.proofs:
        if proof.kind == "date":
            _require_date(proof.title, kept[proof.name])
    return kept


def _require_date(title: str, value: str) -> None:
    try:
        dt.date.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"{title}: дата записана не по форме ДД.ММ.ГГГГ.") from error
