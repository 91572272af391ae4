"""Papers enclosed in a letter as a person confirmed them, acts of what was lacking, originals until they are back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from registry import blobs, clock, events, locks, rights
from registry.actor import Actor
from registry.appeals import stream
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, PaperAct, PaperEnclosure
from registry.terms import require_open

MOST: Final = 100
HOW: Final = {
    "hand": "на руки под подпись",
    "registered": "заказным письмом",
    "with_reply": "вместе с ответом",
    "courier": "с курьером",
}
"""How an original went back."""


@dataclass(frozen=True, slots=True)
class Named:
    """A paper as a person lists it; see `registry.models.PaperEnclosure`."""

    name: str
    sheets: int | None = None
    original: bool = False
    lacking: bool = False
    give_back: bool = False


def of(session: Session, appeal: Appeal) -> Sequence[PaperEnclosure]:
    """Return the papers enclosed in a letter, in their order."""
    query = select(PaperEnclosure).where(PaperEnclosure.appeal_id == appeal.id).order_by(PaperEnclosure.ordinal)
    return session.scalars(query).all()


def confirm(actor: Actor, session: Session, appeal: Appeal, named: Sequence[Named], give_back_by: dt.date) -> None:
    """Keep what a person found in the envelope and what he did not, in the place of the list that stood.

    Args:
        actor: Who compared them.
        session: A writing transaction.
        appeal: Locked.
        named: The papers in their order.
        give_back_by: Day by which originals are to be given back.

    Raises:
        InputError: A paper without a name, or one that cannot be.
        StateError: The appeal is closed, or an original was given back already.
    """
    rights.require(actor, session, "appeal.verify", appeal)
    require_open(appeal)
    if len(named) > MOST:
        raise InputError(f"Приложений больше {MOST}: опишите их одной описью.")
    for one in named:
        _check(one)
    before = of(session, appeal)
    if any(one.given_back_on for one in before):
        raise StateError("Подлинник уже возвращён: список приложений больше не меняется.")
    for row in before:
        session.delete(row)
    session.flush()
    session.add_all(
        PaperEnclosure(
            appeal_id=appeal.id,
            ordinal=ordinal,
            name=" ".join(one.name.split()),
            sheets=one.sheets,
            original=one.original,
            lacking=one.lacking,
            give_back=one.give_back,
            give_back_by=give_back_by if one.give_back else None,
        )
        for ordinal, one in enumerate(named, 1)
    )
    appeal.version += 1
    lacking, back = sum(one.lacking for one in named), sum(one.give_back for one in named)
    data = {"count": len(named), "lacking": lacking, "give_back": back}
    said = {"papers": ([one.name for one in before], [one.name for one in named])}
    events.append(actor, session, stream(appeal), "appeal.enclosures", data, said)


def _check(one: Named) -> None:
    if not one.name.strip():
        raise InputError("Назовите приложение или уберите строку.")
    if one.sheets is not None and not 1 <= one.sheets <= 9999:  # noqa: PLR2004 - a trolley of paper
        raise InputError(f"«{one.name}»: число листов от 1 до 9999.")
    if one.give_back and not one.original:
        raise InputError(f"«{one.name}»: возвращают подлинник. Отметьте «подлинник» или снимите «вернуть».")
    if one.give_back and one.lacking:
        raise InputError(f"«{one.name}»: этого приложения нет, возвращать нечего.")


def act_of(session: Session, appeal: Appeal, rows: Sequence[dict[str, object]]) -> PaperAct | None:
    """Return the act that tells of just these papers of a letter, None when there is none."""
    query = select(PaperAct).where(PaperAct.appeal_id == appeal.id).order_by(PaperAct.id)
    return next((one for one in session.scalars(query) if list(one.rows) == list(rows)), None)


def acts(session: Session, appeal: Appeal) -> Sequence[PaperAct]:
    """Return the acts about a letter, oldest first."""
    return session.scalars(select(PaperAct).where(PaperAct.appeal_id == appeal.id).order_by(PaperAct.id)).all()


def number_act(actor: Actor, session: Session, appeal: Appeal, rows: Sequence[dict[str, object]]) -> PaperAct:
    """Give an act the next number of its year; its file follows in a transaction of its own."""
    rights.require(actor, session, "appeal.verify", appeal)
    require_open(appeal)
    locks.serialise(session, "paper-act")
    day = clock.today()
    last = session.scalar(select(func.max(PaperAct.seq)).where(PaperAct.year == day.year)) or 0
    made = {"made_on": day, "made_by": actor.id, "made_at": clock.now()}
    act = PaperAct(appeal_id=appeal.id, year=day.year, seq=last + 1, rows=list(rows), **made)
    session.add(act)
    session.flush()
    data = {"act": act.id, "label": label(act), "lacking": len(rows)}
    events.append(actor, session, stream(appeal), "appeal.act_made", data)
    return act


def keep_act(session: Session, act_id: int, docx: bytes, pdf: bytes) -> None:
    """Keep the file of an act that has its number."""
    act = session.get_one(PaperAct, act_id, with_for_update=True)
    act.docx_digest = blobs.replace(session, act.docx_digest, docx)
    act.pdf_digest = blobs.replace(session, act.pdf_digest, pdf)


def get_act(session: Session, act_id: int) -> PaperAct:
    """Return an act. Raises NotFoundError; whoever calls asks whether the actor sees its appeal."""
    act = session.get(PaperAct, act_id)
    if act is None:
        raise NotFoundError("Такого акта нет.")
    return act


def label(act: PaperAct) -> str:
    """Number of an act with its year: «3/2026»."""
    return f"{act.seq}/{act.year}"


def get(actor: Actor, session: Session, enclosure_id: int, *, lock: bool = False) -> tuple[PaperEnclosure, Appeal]:
    """Return an enclosed paper with its appeal. Raises NotFoundError, also when the actor may not see it."""
    row = session.get(PaperEnclosure, enclosure_id, with_for_update=lock)
    appeal = session.get(Appeal, row.appeal_id) if row else None
    if row is None or appeal is None or not rights.sees(actor, session, appeal):
        raise NotFoundError("Такого приложения нет, или письмо недоступно Вам.")
    return row, appeal


def give_back(
    actor: Actor, session: Session, row: PaperEnclosure, appeal: Appeal, on: dt.date, how: str, to: str
) -> None:
    """An original has gone back to the client.

    Args:
        actor: Who gave it back.
        session: A writing transaction.
        row: The paper, locked.
        appeal: Its appeal; it may be closed.
        on: When.
        how: Code of `HOW`.
        to: Whom it was given to, or the number of the postal item.

    Raises:
        InputError: The day cannot be, or it is not said how and to whom.
        StateError: It is not owed, or was given back already.
    """
    rights.require(actor, session, "dispatch.confirm", appeal)
    if not row.give_back:
        raise StateError("Этот документ не отмечен к возврату.")
    if row.given_back_on is not None:
        raise StateError(f"Подлинник уже возвращён {row.given_back_on:%d.%m.%Y}.")
    if how not in HOW:
        raise InputError("Выберите, как возвращён подлинник.")
    if not to.strip():
        raise InputError("Укажите, кому возвращён подлинник, или номер почтового отправления.")
    if not clock.local_date(appeal.received_at) <= on <= clock.today():
        raise InputError("Дата возврата не может быть раньше поступления письма или в будущем.")
    row.given_back_on, row.given_back_how = on, how
    row.given_back_to, row.given_back_by = to.strip(), actor.id
    appeal.version += 1
    data = {"enclosure": row.id, "on": on, "how": how}
    events.append(actor, session, stream(appeal), "appeal.given_back", data, {"to": (None, to.strip())})


def owed(actor: Actor, session: Session, limit: int = 500) -> list[tuple[PaperEnclosure, Appeal]]:
    """Return the originals that are to be given back, those owed longest first, of appeals that the actor sees."""
    rights.require(actor, session, "dispatch.confirm")
    query = (
        select(PaperEnclosure, Appeal)
        .join(Appeal, Appeal.id == PaperEnclosure.appeal_id)
        .where(PaperEnclosure.give_back.is_(True), PaperEnclosure.given_back_on.is_(None))
        .where(rights.visible(actor, session))
        .order_by(PaperEnclosure.give_back_by, PaperEnclosure.id)
        .limit(limit)
    )
    return [(row, appeal) for row, appeal in session.execute(query)]
