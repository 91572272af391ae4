"""Triage of a mail by its headers and structure: a chain of small, ordered, named filters.

The first filter that speaks decides; each says why, in Russian, for the person who may overrule it. A filter that is
not sure keeps silent: a letter registered in vain costs a minute, a letter taken for a robot costs a client.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass

from intake.mailbounce import OWN_ID, find_bounce, is_from_nobody
from intake.mailform import FormMail
from intake.mailheaders import Headers
from intake.mailparts import Part
from rules.mailrules import MailRules, folded
from rules.wire import BounceView, Triage

IsOurs = Callable[[str], bool]

_TOLD_TO_BE_QUIET = re.compile(r"\b(?:all|autoreply)\b")  # X-Auto-Response-Suppress of what a program sent


@dataclass(frozen=True, slots=True)
class MailFacts:
    """What the filters look at.

    Attributes:
        root: The tree of parts with the headers.
        subject: Decoded subject.
        text: New text.
        is_ours: Tells a Message-ID of a letter that we sent.
        own_domains: Domains under which our Message-IDs are made.
        rules: Signs of mail (rules/mail.yaml).
        form: What a form of a site said, when it sent this.
    """

    root: Part
    subject: str
    text: str
    is_ours: IsOurs
    own_domains: Collection[str]
    rules: MailRules
    form: FormMail | None = None

    @property
    def headers(self) -> Headers:
        """Headers of the message itself."""
        return self.root.headers

    def answers_ours(self) -> bool:
        """Whether In-Reply-To or References name a letter of ours."""
        return any(self.is_ours(one) for one in (*self.headers.ids("in-reply-to"), *self.headers.ids("references")))


@dataclass(frozen=True, slots=True)
class Verdict:
    """Outcome of triage.

    Attributes:
        triage: What the mail is.
        auto: Made by a program: never answered automatically, whatever the triage.
        reasons: Why, in Russian.
        bounce: Facts of a delivery failure.
        filter: Name of the filter that decided.
    """

    triage: Triage
    auto: bool = False
    reasons: tuple[str, ...] = ()
    bounce: BounceView | None = None
    filter: str = ""


def triage(facts: MailFacts) -> Verdict:
    """Let the filters speak in order; the first that does decides. New appeal when all keep silent."""
    for one in FILTERS:
        verdict = one(facts)
        if verdict is not None:
            return verdict
    return _new_appeal(facts)


def own_loop(facts: MailFacts) -> Verdict | None:
    """Our own letter has come back to us."""
    own_id = next((one for one in facts.headers.ids("message-id") if _is_own(one, facts)), None)
    if facts.headers.has("x-otvet-id") or own_id is not None:
        return Verdict(
            Triage.AUTO_REPLY, auto=True, reasons=("Вернулось наше собственное письмо (петля)",), filter="own_loop"
        )
    return None


def _is_own(message_id: str, facts: MailFacts) -> bool:
    """Whether we made this id: mail of colleagues and of the site comes from our domain too, and is no loop."""
    made = OWN_ID.fullmatch(message_id)
    domains = {own.lower() for own in facts.own_domains}
    return facts.is_ours(message_id) or (made is not None and made[0].rpartition("@")[2].lower() in domains)


def reception_form(facts: MailFacts) -> Verdict | None:
    """A form of a site sent it in the client's stead: an appeal, whatever a program wrote into the header."""
    if facts.form is None:
        return None
    reasons = [f"Письмо формы «{facts.form.title}»: отправитель взят из её полей"]
    if "email" not in facts.form.fields:
        reasons.append("Адреса электронной почты в форме нет: ответить по ней нельзя")
    elif not facts.form.proved:
        reasons.append("Адрес клиента в форме никем не подтверждён")
    return Verdict(Triage.NEW_APPEAL, reasons=tuple(reasons), filter="reception_form")


def delivery_report(facts: MailFacts) -> Verdict | None:
    """A report that a letter was not delivered (RFC 3464) or one of its wild kin."""
    found = find_bounce(facts.root, facts.subject, facts.text, facts.rules.bounces)
    if found is None:
        return None
    return Verdict(Triage.BOUNCE, auto=True, reasons=(found.reason,), bounce=found.view, filter="delivery_report")


def receipt_notice(facts: MailFacts) -> Verdict | None:
    """A read receipt or an abuse report: a program's notice that is no delivery failure."""
    kind = facts.root.parameters.get("report-type", "").lower()
    types = {part.media_type for part in facts.root.walk()}
    if kind == "disposition-notification" or "message/disposition-notification" in types:
        reason = "Уведомление о прочтении"
    elif kind == "feedback-report" or "message/feedback-report" in types:
        reason = "Жалоба почтовой службы на наше письмо (feedback-report)"
    else:
        return None
    return Verdict(Triage.AUTO_REPLY, auto=True, reasons=(reason,), filter="receipt_notice")


def automatic_reply(facts: MailFacts) -> Verdict | None:
    """A reply that a program sent (RFC 3834 and the custom before it)."""
    robots = facts.rules.robots
    about_a_matter = bool(robots.of_a_person.search(folded(facts.text[: robots.longest])))
    reason = _robot_mark(facts)
    if reason is None and not about_a_matter:
        if robots.subject.match(folded(facts.subject)):
            reason = "Автоответ: так начинается тема письма"
        elif sign := _note(facts):
            reason = f"Автоответ по словам текста, {sign}"
    if reason is None:
        return None
    return Verdict(Triage.AUTO_REPLY, auto=True, reasons=(reason,), filter="automatic_reply")


def _note(facts: MailFacts) -> str:
    """What makes the words of a note believed, if they are there: alone none of it says that a program wrote."""
    robots, words = facts.rules.robots, folded(facts.text)
    if len(words) > robots.longest:
        return ""
    if robots.note_perhaps.search(words):
        if robots.away_subject.match(folded(facts.subject)):
            return "с темой об отсутствии"
        if _TOLD_TO_BE_QUIET.search(facts.headers.text("x-auto-response-suppress").casefold()):
            return "с просьбой не отвечать автоматически"
        if is_from_nobody(facts.headers):
            return "без адреса возврата"
    return "в ответ на наше письмо" if facts.answers_ours() and robots.note.search(words) else ""


def _robot_mark(facts: MailFacts) -> str | None:
    headers, robots = facts.headers, facts.rules.robots
    submitted = headers.word("auto-submitted")
    if submitted not in {"", "no"} and not _is_form(facts, submitted):
        return f"Автоответ: заголовок Auto-Submitted: {submitted[:40]}"
    present = (name for name in headers.names() if robots.header.fullmatch(name))
    named = next((name for name in present if headers.word(name) not in {"no", "false", "0"}), None)
    if named is not None:
        return f"Автоответ: заголовок {named}"
    if headers.word("precedence") in robots.precedence:
        return f"Автоответ: заголовок Precedence: {headers.word('precedence')}"
    return None


def _is_form(facts: MailFacts, submitted: str) -> bool:
    """A site's form sends «auto-generated» with the client's address in Reply-To: an appeal, not a robot's word."""
    sender = {one.email for one in facts.headers.addresses("from")}
    answer_to = {one.email for one in facts.headers.addresses("reply-to")} - {""}
    return submitted == "auto-generated" and bool(answer_to) and not answer_to & sender


def bulk_mail(facts: MailFacts) -> Verdict | None:
    """A mailing list or what a spam filter on the way has marked: looked through by a person, never lost."""
    headers = facts.headers
    listed = next((name for name in facts.rules.bulk.headers if headers.has(name)), None)
    spam = _spam_mark(facts)
    if spam is not None:
        reason = f"Почтовый сервер пометил письмо как спам: {spam}"
    elif headers.word("precedence") in facts.rules.bulk.precedence:
        reason = f"Массовая рассылка: заголовок Precedence: {headers.word('precedence')}"
    elif listed is not None and not facts.answers_ours():
        reason = f"Массовая рассылка: заголовок {listed}"
    else:
        return None
    return Verdict(Triage.SPAM_SUSPECT, auto=spam is None, reasons=(reason,), filter="bulk_mail")


def _spam_mark(facts: MailFacts) -> str | None:
    """The field, or the subject, in which a filter on the way has marked the letter."""
    marks = facts.rules.bulk.marked
    for name, value in marks:
        if facts.headers.has(name) and value.match(facts.headers.text(name).strip().casefold()):
            return f"поле {name}"
    return "тема письма" if facts.rules.bulk.subject.match(facts.subject.strip()) else None


def thread_reply(facts: MailFacts) -> Verdict | None:
    """An answer to a letter of ours."""
    if not facts.answers_ours():
        return None
    return Verdict(Triage.THREAD_REPLY, reasons=("Ответ на наше письмо",), filter="thread_reply")


FILTERS = (own_loop, reception_form, delivery_report, receipt_notice, automatic_reply, bulk_mail, thread_reply)
"""The chain, in order: what must never be answered comes first."""


def _new_appeal(facts: MailFacts) -> Verdict:
    reasons = []
    if not any(one.email for one in facts.headers.addresses("from")):
        reasons.append("Отправитель не указан: ответить по электронной почте нельзя")
    if not facts.text:
        reasons.append("В письме нет текста")
    submitted = facts.headers.word("auto-submitted")
    auto = submitted not in {"", "no"}
    return Verdict(Triage.NEW_APPEAL, auto=auto, reasons=tuple(reasons), filter="new_appeal")
