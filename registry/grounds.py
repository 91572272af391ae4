"""Grounds on which an appeal is closed without a reply: who decides, what the client is told, what proves it, the law.

An appeal is closed by a dispatched final reply or on one of these. A ground is a decision of a named person; nothing
here ever happens by itself. Norms of 59-ФЗ are kept as courtesies (whether the law binds the company is disputed).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from registry.clock import today
from registry.errors import InputError


@dataclass(frozen=True, slots=True)
class Proof:
    """One thing that must be written down.

    ``number`` holds at least one digit; ``date`` is a day that has come; ``appeal`` is the number of another appeal of
    the register; ``notice`` is the outgoing number of a letter to this client that has left; ``letters`` are outgoing
    numbers of letters of the register that have left (`registry.proofs` looks them up).
    """

    name: str
    title: str
    kind: Literal["text", "number", "date", "appeal", "notice", "letters"] = "text"


@dataclass(frozen=True, slots=True)
class Ground:
    """One ground.

    Attributes:
        code: What the register keeps.
        title: How the screen calls it.
        roles: Roles of ``rules/roles.yaml`` that may decide, beside the right ``appeal.close``; empty: any that has it.
        decides: Who that is, in words for the screen.
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
    decides: str = "канцелярия или руководитель, у кого обращение"
    proofs: tuple[Proof, ...] = ()
    nameless: bool = False


HEADS: Final = frozenset({"manager", "queue_head", "records_head"})

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
        roles=HEADS,
        decides="руководитель",
        proofs=(Proof("searched", "Как искали автора"),),
        nameless=True,
    ),
    Ground(
        "redirected",
        "Переадресовано",
        basis="59-ФЗ, ст. 8 ч. 3 (применимость спорна): 7 дней с регистрации, с уведомлением клиента",
        sends="Уведомление о переадресации с названием органа. Когда такое письмо уйдёт, обращение закроется само.",
        proofs=(
            Proof("body", "Куда направлено"),
            Proof("number", "Исх. № сопроводительного письма", "number"),
            Proof("date", "Дата сопроводительного письма", "date"),
            Proof("notice", "Уведомление клиента: исх. №", "notice"),
        ),
    ),
    Ground(
        "correspondence_ended",
        "Прекращение переписки",
        basis="59-ФЗ, ст. 11 ч. 5 (применимость спорна): решение руководителя, новых доводов нет",
        sends="Уведомление о прекращении переписки по этому вопросу.",
        roles=frozenset({"manager"}),
        decides="руководитель",
        proofs=(
            Proof("decision", "Решение руководителя: №", "number"),
            Proof("date", "Дата решения", "date"),
            Proof("answers", "Ответы по этому вопросу: исх. № через запятую", "letters"),
            Proof("notice", "Уведомление клиента: исх. №", "notice"),
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
        InputError: One is missing, a date is no date or has not come yet, a number holds no digit.
    """
    kept = {proof.name: given.get(proof.name, "").strip() for proof in ground.proofs}
    missing = [proof.title for proof in ground.proofs if not kept[proof.name]]
    if missing:
        raise InputError(f"«{ground.title}»: заполните — {'; '.join(missing)}.")
    for proof in ground.proofs:
        if proof.kind == "date":
            _require_date(proof.title, kept[proof.name])
        if proof.kind == "number" and not any(sign.isdigit() for sign in kept[proof.name]):
            raise InputError(f"{proof.title}: в номере нет ни одной цифры. Впишите номер документа.")
    return kept


def _require_date(title: str, value: str) -> None:
    try:
        day = dt.date.fromisoformat(value)
    except ValueError as error:
        raise InputError(f"{title}: дата записана не по форме ДД.ММ.ГГГГ.") from error
    if day > today():
        raise InputError(f"{title}: этот день ещё не наступил.")
