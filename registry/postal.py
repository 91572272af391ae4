"""Paper: letters that wait for the post office, the lists they go on, and what comes back from it.

«Sent» is the day of hand-over that a person confirmed against the stamped list. Every deed locks the rows it changes,
so that two clerks at once, or one who presses twice, do a thing once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from typing import Final

from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from registry import blobs, dispatches, rights
from registry.actor import Actor
from registry.clock import local_date, noon, now, today
from registry.errors import InputError, NotFoundError, StateError
from registry.models import Appeal, Dispatch, DispatchList, Reply

PAPER: Final = ("post", "hand")
SCANNING: Final = ("dispatch.confirm", "system.operate")  # a person, or the folder where the scanner puts its files
HANDED_TO: Final = {
    "client": "клиенту лично, по документу",
    "representative": "представителю, по доверенности",
    "organisation": "в организацию, под отметку на втором экземпляре",
}
"""To whom a letter may be handed over against a signature, and what proves him."""


def waiting(actor: Actor, session: Session, *, kind: str | None = None, lock: bool = False) -> Sequence[Dispatch]:
    """Return the letters by post that stand on no list yet, but for those in conflict with the actor (14.9).

    Letters of restricted appeals are among them: they must leave. What they say is shown to those alone who may see.
    """
    rights.require_everywhere(actor, session, "dispatch.confirm")
    open_ = (Dispatch.channel == "post", Dispatch.state == "new", Dispatch.list_id.is_(None))
    query = select(Dispatch).join(Reply).join(Appeal).where(*open_, rights.clear(actor)).order_by(Dispatch.id)
    if kind is not None:
        query = query.where(Dispatch.post_kind == kind)
    if lock:
        query = query.with_for_update(of=Dispatch).execution_options(populate_existing=True)
    return session.scalars(query).all()


def at_counter(actor: Actor, session: Session) -> Sequence[Dispatch]:
    """Return the letters that somebody is to fetch, among those that the actor may hand over."""
    rights.require(actor, session, "dispatch.confirm")
    open_ = (Dispatch.channel == "hand", Dispatch.state == "new")
    query = select(Dispatch).join(Reply).join(Appeal).where(*open_, rights.reached(actor, session, "dispatch.confirm"))
    return session.scalars(query.order_by(Dispatch.id)).all()


def undated(actor: Actor, session: Session) -> Sequence[Dispatch]:
    """Return the letters whose notice of delivery was scanned and whose day of delivery nobody has read from it yet."""
    rights.require(actor, session, "dispatch.confirm")
    open_ = (Dispatch.channel == "post", Dispatch.state == "sent", Dispatch.delivered_on.is_(None))
    query = select(Dispatch).join(Reply).join(Appeal).where(*open_, Dispatch.receipt_digest.is_not(None))
    query = query.where(rights.reached(actor, session, "dispatch.confirm"))
    return session.scalars(query.order_by(Dispatch.id)).all()


def sought(actor: Actor, session: Session, number: str) -> Sequence[Dispatch]:
    """Return the sendings on paper with this outgoing or postal number that the actor may confirm or take back."""
    rights.require(actor, session, "dispatch.confirm")
    query = select(Dispatch).join(Reply).join(Appeal).where(Dispatch.channel.in_(PAPER))
    query = query.where(or_(Reply.out_number == number, Dispatch.tracking == number.replace(" ", "")))
    return session.scalars(query.where(rights.reached(actor, session, "dispatch.confirm")).order_by(Dispatch.id)).all()


def made_lists(session: Session, limit: int = 50) -> Sequence[DispatchList]:
    """Return the newest lists."""
    return session.scalars(select(DispatchList).order_by(DispatchList.id.desc()).limit(limit)).all()


def untracked(session: Session, lists: Collection[int]) -> dict[int, int]:
    """How many letters of each of these lists have no postal number yet."""
    query = select(Dispatch.list_id, func.count()).where(Dispatch.list_id.in_(lists), Dispatch.tracking.is_(None))
    return {key: count for key, count in session.execute(query.group_by(Dispatch.list_id)).tuples() if key is not None}


def get_list(actor: Actor, session: Session, list_id: int, *, lock: bool = False) -> DispatchList:
    """Return a list. Raises NotFoundError."""
    rights.require_everywhere(actor, session, "dispatch.confirm")
    made = session.get(DispatchList, list_id, with_for_update=lock, populate_existing=True)
    if made is None:
        raise NotFoundError(f"Список отправлений № {list_id} не найден.")
    return made


def items(session: Session, list_id: int, *, lock: bool = False) -> Sequence[Dispatch]:
    """Return the letters of a list in their order."""
    query = select(Dispatch).where(Dispatch.list_id == list_id).order_by(Dispatch.id)
    if lock:
        query = query.with_for_update().execution_options(populate_existing=True)
    return session.scalars(query).all()


def make_list(actor: Actor, session: Session, kind: str, rows: Sequence[Dispatch]) -> DispatchList:
    """Put letters by post, locked by the caller, on a list that goes to the post office with them."""
    rights.require_everywhere(actor, session, "dispatch.confirm")
    made = DispatchList(made_at=now(), made_by=actor.id, post_kind=kind, count=len(rows))
    session.add(made)
    session.flush()
    for row in rows:
        row.list_id = made.id
        dispatches.log(actor, session, row, "dispatch.listed", {"list": made.id})
    return made


def confirm(
    actor: Actor,
    session: Session,
    list_id: int,
    handed_over: dt.date,
    *,
    left_out: Collection[int] = (),
    accepted: int | None = None,
) -> int:
    """A person confirms the hand-over against the stamped list: that day its letters are sent.

    Args:
        actor: The clerk.
        session: The transaction.
        list_id: The list.
        handed_over: The day on the stamp.
        left_out: Keys of sendings that the post did not take: they wait for the next list.
        accepted: How many items the stamp says, None when nobody counted.

    Returns:
        How many letters are sent by this; 0 when the list was confirmed before.

    Raises:
        InputError: The day or the count cannot be right.
        StateError: The list was taken apart.
    """
    made = get_list(actor, session, list_id, lock=True)
    if made.handed_over is not None:
        return 0
    _require_standing(made)
    if not local_date(made.made_at) <= handed_over <= today():
        raise InputError("Дата сдачи на почту не может быть раньше составления списка или в будущем.")
    rows = items(session, list_id, lock=True)
    taken = [row for row in rows if row.id not in left_out]
    _require_count(rows, taken, left_out, accepted)
    made.handed_over, made.confirmed_by, made.accepted = handed_over, actor.id, len(taken)
    moment = min(now(), max(noon(handed_over), made.made_at))
    for row in rows:
        if row.state != "new":
            continue
        if row.id in left_out:
            _take_off(actor, session, row)
        else:
            dispatches.sent(actor, session, row, {"list": list_id, "handed_over": handed_over}, at=moment)
    return len(taken)


def disband(actor: Actor, session: Session, list_id: int) -> int:
    """Take a list that was not handed over apart: its letters wait for another one. Returns how many."""
    made = get_list(actor, session, list_id, lock=True)
    if made.handed_over is not None:
        raise StateError(
            f"Список № {list_id} уже сдан на почту {made.handed_over:%d.%m.%Y}: расформировать его нельзя."
        )
    _require_standing(made)
    rows = items(session, list_id, lock=True)
    for row in rows:
        _take_off(actor, session, row)
    made.cancelled_at, made.accepted = now(), 0
    return len(rows)


def keep_stamped(actor: Actor, session: Session, list_id: int, scan: bytes) -> DispatchList:
    """Keep the scan of a stamped list beside it; a later scan takes the place of an earlier one."""
    rights.require_any(actor, session, SCANNING)
    made = session.get(DispatchList, list_id, with_for_update=True, populate_existing=True)
    if made is None:
        raise NotFoundError(f"Список отправлений № {list_id} не найден.")
    made.scan_digest = blobs.replace(session, made.scan_digest, scan)
    made.scanned_at = now()
    for row in items(session, list_id):
        dispatches.log(actor, session, row, "dispatch.list_scanned", {"list": list_id, "digest": made.scan_digest})
    return made


def set_kind(actor: Actor, session: Session, row: Dispatch, kind: str) -> None:
    """Choose the kind of item for a letter that stands on no list; the caller knows that there is such a kind."""
    rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
    if row.channel != "post" or row.state != "new" or row.list_id is not None:
        raise StateError("Вид отправления меняют, пока письмо не включено в список.")
    if row.post_kind == kind:
        return
    data = {"before": row.post_kind, "after": kind}
    row.post_kind = kind
    dispatches.log(actor, session, row, "dispatch.kind", data)


def track(actor: Actor, session: Session, row: Dispatch, number: str) -> None:
    """Keep the number that the post gave a letter; the caller has proved its check digit.

    Raises:
        InputError: Another letter has it.
    """
    rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
    if row.channel != "post":
        raise StateError("ШПИ бывает только у письма, отправленного почтой.")
    if row.tracking == number:
        return
    taken = session.scalar(select(Dispatch).where(Dispatch.tracking == number))
    if taken is not None:
        raise InputError(f"ШПИ {number} уже у письма исх. № {taken.reply.out_number}. Проверьте номер на квитанции.")
    data = {"before": row.tracking, "after": number}
    try:
        with session.begin_nested():
            row.tracking = number
            session.flush()
    except IntegrityError as error:  # somebody else gave it away in the same moment
        raise InputError(f"ШПИ {number} уже у другого письма. Проверьте номер на квитанции.") from error
    dispatches.log(actor, session, row, "dispatch.tracking", data)


def keep_receipt(actor: Actor, session: Session, row: Dispatch, scan: bytes) -> None:
    """Keep the scan of a notice of delivery, or of the copy that the recipient signed."""
    if not rights.may(actor, session, "system.operate"):
        rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
    row.receipt_digest = blobs.replace(session, row.receipt_digest, scan)
    dispatches.log(actor, session, row, "dispatch.receipt", {"digest": row.receipt_digest})


def delivered(actor: Actor, session: Session, row: Dispatch, day: dt.date) -> bool:
    """A person reads the day of delivery from the returned notice; False when it was known before.

    Raises:
        InputError: The day lies before the sending or in the future.
        StateError: The letter was not sent by post.
    """
    rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
    if row.channel != "post" or row.state != "sent" or row.sent_at is None:
        raise StateError("Вручение отмечают у письма, сданного на почту.")
    if not local_date(row.sent_at) <= day <= today():
        raise InputError("Дата вручения не может быть раньше сдачи на почту или в будущем.")
    if row.delivered_on == day:
        return False
    data = {"before": row.delivered_on, "day": day}
    row.delivered_on = day
    row.proof = [*row.proof, {"at": now(), "delivered": day}]
    dispatches.log(actor, session, row, "dispatch.delivered", data)
    return True


def handed(actor: Actor, session: Session, row: Dispatch, day: dt.date, to: str, scan: bytes | None) -> None:
    """A letter on paper was handed over against a signature: that day it is sent and delivered.

    Args:
        actor: Who handed it over.
        session: The transaction.
        row: The sending, locked by the caller.
        day: When.
        to: Code of `HANDED_TO`.
        scan: The copy that the recipient signed.
    """
    rights.require(actor, session, "dispatch.confirm", row.reply.appeal)
    if to not in HANDED_TO:
        raise InputError("Выберите, кому вручено письмо.")
    if row.channel not in PAPER or row.state != "new":
        raise StateError("Вручить можно бумажное письмо, которое ещё не отправлено.")
    if row.list_id is not None:
        raise StateError(
            f"Письмо стоит в списке № {row.list_id}. Сначала расформируйте список или отметьте непринятым."
        )
    if not local_date(row.created_at) <= day <= today():
        raise InputError("Дата вручения не может быть раньше подписания или в будущем.")
    if scan is not None:
        row.receipt_digest = blobs.replace(session, row.receipt_digest, scan)
    row.channel, row.delivered_on = "hand", day
    moment = min(now(), max(noon(day), row.created_at))
    dispatches.sent(actor, session, row, {"handed_over": day, "handed_to": to}, at=moment)


def _take_off(actor: Actor, session: Session, row: Dispatch) -> None:
    dispatches.log(actor, session, row, "dispatch.left_out", {"list": row.list_id})
    row.list_id = None


def _require_standing(made: DispatchList) -> None:
    if made.cancelled_at is not None:
        raise StateError(f"Список № {made.id} расформирован. Его письма ждут нового списка.")


def _require_count(
    rows: Sequence[Dispatch], taken: Sequence[Dispatch], left_out: Collection[int], accepted: int | None
) -> None:
    if strange := set(left_out) - {row.id for row in rows}:
        raise InputError(f"В списке нет отмеченных писем: {len(strange)}. Обновите страницу.")
    if not taken:
        raise InputError("Почта не приняла ни одного письма: расформируйте список.")
    if accepted is not None and accepted != len(taken):
        raise InputError(
            f"Количество не сходится: почта приняла {accepted}, отмечено принятыми {len(taken)} из {len(rows)}. "
            "Отметьте письма, которых почта не приняла."
        )
