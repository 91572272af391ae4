"""What must hold before an appeal may move: each guard says in Russian what is missing, or nothing when all is well."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from registry.grounds import GROUNDS
from registry.models import Appeal, ClientRequest, Dispatch, Number, Outcome, Reply, Subtask
from rules.wire import Kind, ReplyKind

# Only these answer an appeal; partial and interim replies never do (decision 0004).
FINAL_KINDS: Final = frozenset({ReplyKind.ANSWER, ReplyKind.REFUSAL, ReplyKind.THANKS, ReplyKind.FORWARDING})
# Final kinds that judge a complaint: thanks and a notice of forwarding do not.
JUDGING_KINDS: Final = frozenset({ReplyKind.ANSWER, ReplyKind.REFUSAL})
LIVE_PARTS: Final = ("open", "answered", "returned")

Data = Mapping[str, Any]
Guard = Callable[[Session, Appeal, Data], str | None]


def number_stands(session: Session, appeal: Appeal, _data: Data) -> str | None:
    """The number was not cancelled: what was joined to another letter sheet by sheet has nothing left to work on."""
    cancelled = session.scalar(select(Number.status).where(Number.appeal_id == appeal.id)) == "cancelled"
    return "Номер аннулирован: листы этого письма присоединены к другому." if cancelled else None


def submitted(session: Session, appeal: Appeal, data: Data) -> str | None:
    """The reply that moves the appeal was handed over for approval."""
    return _reply_is(session, appeal, data, "in_approval", "Передайте письмо на согласование.")


def approved(session: Session, appeal: Appeal, data: Data) -> str | None:
    """The approval holds for the words that the reply has now."""
    reply = _reply(session, appeal, data)
    if reply is None or reply.state != "in_signature" or reply.approved_digest != reply.versions[-1].content_digest:
        return "Письмо не согласовано в нынешнем виде."
    return None


def signed(session: Session, appeal: Appeal, data: Data) -> str | None:
    """The reply has a number and the signed bytes are kept."""
    reply = _reply(session, appeal, data)
    if reply is None or reply.state != "signed" or not reply.out_number or not reply.signed_digest:
        return "Письмо не подписано."
    return None


def queued(session: Session, appeal: Appeal, data: Data) -> str | None:
    """A signed reply stands in the queue of sending."""
    reply = _reply(session, appeal, data)
    if reply is None or not reply.signed_digest or not any(row.state == "new" for row in reply.dispatches):
        return "Нет подписанного письма, переданного на отправку."
    return None


def answered(session: Session, appeal: Appeal, data: Data) -> str | None:
    """The reply that moves the appeal is final, and every sending of it has its proof."""
    reply = _reply(session, appeal, data)
    if reply is None or ReplyKind(reply.kind) not in FINAL_KINDS:
        return "Промежуточный или частичный ответ не завершает обращение."
    return None if _proved(reply) else "Не у каждой отправки ответа есть подтверждение."


def gives_back(session: Session, appeal: Appeal, data: Data) -> str | None:
    """The reply was taken back before it left, or has left and answers nothing yet."""
    reply = _reply(session, appeal, data)
    stopped = reply is not None and reply.state in {"draft", "cancelled"}
    if reply is not None and stopped and all(row.state == "cancelled" for row in reply.dispatches):
        return None
    return not_final(session, appeal, data)


def by_script(session: Session, appeal: Appeal, data: Data) -> str | None:
    """The reply is an automatic answer by words that a signatory approved."""
    reply = _reply(session, appeal, data)
    return None if reply is not None and reply.is_by_script else "Без исполнителя отвечает только утверждённый скрипт."


def not_final(session: Session, appeal: Appeal, data: Data) -> str | None:
    """A reply has left that answers nothing yet: the appeal goes back to its executor."""
    reply = _reply(session, appeal, data)
    if reply is None or ReplyKind(reply.kind) in FINAL_KINDS or not _proved(reply):
        return "Письмо ещё не ушло, или это окончательный ответ."
    return None


def not_delivered(session: Session, appeal: Appeal, data: Data) -> str | None:
    """A sending of this appeal has failed or came back."""
    row = session.get(Dispatch, data["dispatch"]) if "dispatch" in data else None
    if row is None or row.reply.appeal_id != appeal.id or row.state != "failed":
        return "Нет отправки, которая не состоялась или вернулась."
    return None


def asked_client(session: Session, appeal: Appeal, _data: Data) -> str | None:
    """Something was asked of the client and has not come yet."""
    query = select(ClientRequest.id).where(ClientRequest.appeal_id == appeal.id, ClientRequest.received_at.is_(None))
    return None if session.scalar(query.limit(1)) else "Сначала запишите, какие сведения запрошены у клиента."


def on_a_ground(_session: Session, appeal: Appeal, _data: Data) -> str | None:
    """Closing without a reply has one of the enumerated grounds."""
    return None if appeal.close_ground in GROUNDS else "Выберите основание закрытия из списка."


def has_main(session: Session, appeal: Appeal, _data: Data) -> str | None:
    """The main appeal is another one, is no duplicate itself, and was not closed without a reply."""
    main = session.get(Appeal, appeal.merged_into) if appeal.merged_into else None
    if main is None or main.id == appeal.id or main.state in {"merged", "closed_without_reply"}:
        return "Выберите основное обращение: открытое или отвеченное."
    return None


def parts_collected(session: Session, appeal: Appeal, data: Data) -> str | None:
    """Nobody owes the reply owner a part of a final answer any more (standard 6.3)."""
    reply = _reply(session, appeal, data)
    if reply is not None and ReplyKind(reply.kind) not in FINAL_KINDS:
        return None
    query = select(Subtask.queue).where(
        Subtask.appeal_id == appeal.id, Subtask.kind == "part", Subtask.state.in_(LIVE_PARTS)
    )
    queues = sorted(set(session.scalars(query)))
    if not queues:
        return None
    return f"Не собраны части ответа ({', '.join(queues)}). Примите их или снимите поручение с причиной."


def outcome_known(session: Session, appeal: Appeal, data: Data) -> str | None:
    """A complaint that is answered on substance has its outcome (standard, «Правомерная жалоба»; 16.9)."""
    reply = _reply(session, appeal, data) or _newest_answer(appeal)
    if appeal.kind != Kind.COMPLAINT.value or reply is None or ReplyKind(reply.kind) not in JUDGING_KINDS:
        return None
    if session.get(Outcome, appeal.id) is not None:
        return None
    return "Это жалоба: сначала укажите её исход, причину и меру. Если это не жалоба, исправьте вид обращения."


def answer_proved(_session: Session, appeal: Appeal, _data: Data) -> str | None:
    """The newest reply is final and everything that was to go has gone with proof."""
    reply = _newest_answer(appeal)
    if reply is None or not _proved(reply):
        return "Закрыть можно после отправки окончательного ответа: не у каждой отправки есть подтверждение."
    answers = [one for one in appeal.replies if not one.is_automatic]
    if any(row.state in {"new", "sending", "unclear"} for one in answers for row in one.dispatches):
        return "Есть письма, исход отправки которых ещё не известен."
    return None


def _reply(session: Session, appeal: Appeal, data: Data) -> Reply | None:
    reply = session.get(Reply, data["reply"]) if "reply" in data else None
    return reply if reply is not None and reply.appeal_id == appeal.id else None


def _reply_is(session: Session, appeal: Appeal, data: Data, state: str, otherwise: str) -> str | None:
    reply = _reply(session, appeal, data)
    return None if reply is not None and reply.state == state else otherwise


def _newest_answer(appeal: Appeal) -> Reply | None:
    """The last reply that was not given up, if it is a final one."""
    alive = [reply for reply in appeal.replies if reply.state != "cancelled" and not reply.is_automatic]
    return alive[-1] if alive and ReplyKind(alive[-1].kind) in FINAL_KINDS else None


def _proved(reply: Reply) -> bool:
    states = {row.state for row in reply.dispatches} - {"cancelled"}
    return reply.state == "dispatched" and states == {"sent"}
