"""The history of an appeal in words for people."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Final

from registry import clock, events, lifecycle
from registry.database import Session
from registry.models import Event
from steps import report
from steps.house import House
from steps.views import decisions

HISTORY: Final = {
    "appeal.registered": "Зарегистрировано",
    "appeal.journal_unknown": "Журнал на листе-разделителе не опознан: взят журнал канала",
    "appeal.read": "Прочитано системой",
    "appeal.due_set": "Рассчитан срок",
    "appeal.routed": "Направлено в очередь",
    "appeal.state": "Изменено состояние",
    "appeal.verified": "Проверено канцелярией",
    "appeal.corrected": "Исправлена тема",
    "appeal.sender": "Исправлены сведения об отправителе",
    "appeal.client_linked": "Указан клиент",
    "appeal.client_unlinked": "Связь с клиентом снята",
    "appeal.crm_asked": "О клиенте спрошена CRM",
    "appeal.client_changed": "Изменились сведения о клиенте",
    "appeal.identity": "Решение о личности клиента",
    "appeal.dates": "Указаны даты для срока",
    "appeal.stamped": "Указана дата поступления по штампу",
    "appeal.enclosures": "Сверены приложения",
    "appeal.act_made": "Составлен акт об отсутствии вложений",
    "appeal.given_back": "Подлинник возвращён клиенту",
    "appeal.sealed": "Зарегистрировано по конверту, не вскрыто",
    "appeal.handed": "Конверт передан адресату под подпись",
    "appeal.opened": "Конверт вскрыт адресатом, письмо отсканировано",
    "appeal.page_kind": "Страница отмечена как конверт или лист письма",
    "appeal.tracking": "Записан ШПИ входящего письма",
    "appeal.due_rule": "Выбрано правило срока",
    "appeal.extended": "Ответ продлён решением руководителя",
    "appeal.extension_told": "Клиент уведомлён о продлении",
    "client.asked": "Запрошены сведения у клиента",
    "client.answered": "Клиент прислал сведения",
    "appeal.closing": "Закрытие без ответа",
    "appeal.linked": "Приложено входящее письмо",
    "appeal.kind": "Исправлен вид обращения",
    "appeal.reading": "Исправлены язык, признаки или класс письма",
    "appeal.items": "Изменены вопросы письма",
    "appeal.party": "Изменены участники",
    "appeal.reopened": "Возвращено в работу решением",
    "appeal.text": "Исправлен текст страницы",
    "appeal.pages_arranged": "Страницы повёрнуты или переставлены, письмо прочитано заново",
    "appeal.pages_split": "Часть страниц отделена в новое письмо",
    "appeal.pages_joined": "Присоединены листы другого письма",
    "appeal.absorbed": "Листы присоединены к другому письму, номер аннулирован",
    "appeal.paper": "Исправлены сведения о бумагах",
    "appeal.merged": "Присоединено к основному обращению",
    "appeal.joined": "Присоединён дубликат",
    "appeal.related": "Связь с другим обращением",
    "appeal.proposed": "Найдено похожее обращение",
    "appeal.proposal_decided": "Решено о похожем обращении",
    "part.asked": "Запрошена часть ответа",
    "part.answered": "Отдел дал часть ответа",
    "part.accepted": "Часть ответа принята",
    "part.returned": "Часть ответа возвращена",
    "part.cancelled": "Поручение снято",
    "part.due_soon": "Скоро внутренний срок части",
    "part.overdue": "Часть ответа просрочена",
    "control.made": "Обещание поставлено на контроль",
    "control.settled": "Обещание снято с контроля",
    "control.handed_over": "Обещание передано другому",
    "control.due_soon": "Скоро срок обещания",
    "control.overdue": "Обещание просрочено",
    "complaint.settled": "Установлен исход жалобы",
    "dispatch.returned": "Письмо вернула почта",
    "dispatch.again": "Повторная отправка",
    "appeal.due_soon": "Скоро срок",
    "appeal.overdue": "Просрочено",
    "appeal.notified": "Уведомлены в день поступления",
    "appeal.reminded": "Напоминание о сроке",
    "appeal.assigned": "Назначен исполнитель",
    "conflict.declared": "Конфликт интересов: работник отстранён",
    "conflict.nobody": "Решено, что отстранять некого",
    "conflict.lifted": "Отстранение снято",
    "reply.started": "Начат ответ",
    "reply.version": "Сохранён текст ответа",
    "reply.attached": "К ответу приложен файл",
    "reply.approved": "Ответ согласован",
    "reply.returned": "Ответ возвращён на доработку",
    "reply.numbered": "Ответу присвоен номер",
    "reply.signed": "Ответ подписан",
    "reply.cancelled": "Черновик отменён",
    "reply.taken_back": "Письмо возвращено до отправки",
    "dispatch.taken_back": "Отправка отменена: письмо возвращено",
    "auto.answered": "Автоматический ответ по утверждённому скрипту",
    "auto.left": "Автоматический ответ не подошёл: отвечает человек",
    "acknowledgement.skipped": "Уведомление о регистрации не отправлено",
    "finding.overridden": "Замечание проверки снято",
    "appeal.keep_until": "Изменён срок хранения",
    "appeal.held": "Наложен запрет на уничтожение",
    "appeal.released": "Снят запрет на уничтожение",
    "appeal.erased": "Содержание уничтожено",
    "person.exported": "Сведения выданы по запросу человека",
    "case.filed": "Подшито в дело",
    "case.given": "Документ выдан",
    "case.returned": "Документ возвращён в дело",
    "dispatch.created": "Ответ передан на отправку",
    "dispatch.sending": "Отправка начата",
    "dispatch.sent": "Ответ отправлен",
    "dispatch.retry": "Отправка отложена",
    "dispatch.failed": "Ответ не доставлен",
    "dispatch.unclear": "Исход отправки неясен",
    "dispatch.settled": "Решение об исходе отправки",
    "dispatch.listed": "Внесено в список почтовых отправлений",
    "dispatch.left_out": "Почта не приняла: письмо ждёт следующего списка",
    "dispatch.kind": "Выбран вид почтового отправления",
    "dispatch.tracking": "Записан ШПИ",
    "dispatch.list_scanned": "Отсканирован список со штемпелем почты",
    "dispatch.receipt": "Отсканировано уведомление или второй экземпляр",
    "dispatch.delivered": "Вручено адресату",
    "dispatch.interrupted": "Связь прервалась, исход выясняется",
    "dispatch.not_in_journal": "В журнале отправленных писем нет: отправка повторяется",
}


WORDS: Final = frozenset({"reason", "why", "note", "remark", "measure"})
"""Values of events that are words of the person who decided."""
DATES: Final = {"postmark": "штемпель", "event": "событие", "stated": "срок в документе"}


@dataclass(frozen=True, slots=True)
class HistoryLine:
    """One line of the history; ``at`` is local time, ``said`` the words of whoever decided."""

    at: dt.datetime
    who: str
    title: str
    details: str
    said: str = ""


def lines(session: Session, house: House, stream: str, *, words: bool = False) -> list[HistoryLine]:
    """Return the lines of a stream's history, oldest first; with the words of people where a look is logged."""
    said = events.words(session, stream, WORDS) if words else {}
    return [_line(session, house, event, "; ".join(said.get(event.id, []))) for event in events.of(session, stream)]


def _line(session: Session, house: House, event: Event, said: str) -> HistoryLine:
    from steps.views.reply import who

    return HistoryLine(
        at=event.at.astimezone(clock.LOCAL),
        who=who(session, event.actor),
        title=_title(event),
        details=_details(session, house, event),
        said=said,
    )


def _title(event: Event) -> str:
    """The title of an event; a topic that a person left as the machine had guessed it was confirmed, not corrected."""
    if event.kind == "appeal.corrected" and event.data["before"].get("topic") == event.data["topic"]:
        return "Подтверждена тема"
    return HISTORY.get(event.kind, event.kind)


def _details(session: Session, house: House, event: Event) -> str:
    data: dict[str, Any] = event.data
    match event.kind:
        case "appeal.state":
            text = f"{lifecycle.TITLES[data['from']]} → {lifecycle.TITLES[data['to']]}"
            reason = lifecycle.GROUND_TITLES.get(data.get("reason", ""), data.get("reason"))
            text += f" ({reason})" if reason else ""
        case "appeal.routed":
            owner = report.queue_title(house, data["reply_owner"])
            text = f"{report.queue_title(house, data['queue'])}, отвечает {owner}"
        case "appeal.due_set":
            text = f"предельный срок {_moved(data['hard'])}, внутренний {_moved(data['target'])}"
        case "appeal.dates":
            text = ", ".join(f"{title} {_moved(data[name])}" for name, title in DATES.items() if name in data)
        case "appeal.due_rule":
            text = data["rule"] or "по темам обращения"
        case "appeal.extended":
            text = f"до {_date(data['until'])}, предельный срок {_date(data['due_hard'])} остаётся"
        case "appeal.corrected":
            text = f"{data['topic']} {report.topic_name(house, data['topic'])}"
        case "appeal.registered" | "reply.numbered":
            text = f"№ {data['number']}"
        case "finding.overridden":
            text = f"правило {data['rule']}"
        case _:
            text = decisions.told(session, house, event.kind, data)
    return text


def _moved(pair: Any) -> str:
    """A date of a pair before and after, with what it was when it has moved; a single date as it is."""
    if not isinstance(pair, dict):
        return _date(pair) if pair else "нет"
    before, after = (_date(pair[name]) if pair[name] else "нет" for name in ("before", "after"))
    return after if before in {after, "нет"} else f"{after} (было {before})"


def _date(text: str) -> str:
    return f"{dt.date.fromisoformat(text):%d.%m.%Y}"
