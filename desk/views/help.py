"""Help: keys, how things are done, and what every state means in plain words."""

from __future__ import annotations

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from desk.auth import Who
from desk.render import Here, page
from steps import views

router = APIRouter(include_in_schema=False)

MEANINGS: Final = {
    "registered": "Письму присвоен номер. Программа читает его; делать ничего не нужно.",
    "in_verification": "Программа не уверена: страница плохо распознана, тема сомнительна, нет отправителя. "
    "Канцелярия сверяет карточку с письмом и передаёт обращение в очередь. Почему оно здесь, написано на карточке.",
    "routed": "Обращение ждёт в очереди отдела. Его может взять любой сотрудник этой очереди.",
    "in_progress": "У обращения есть исполнитель: он готовит ответ.",
    "waiting_client": "У клиента запрошены сведения. Срок ответа при этом не останавливается.",
    "in_approval": "Ответ готов и прошёл проверку. Владелец ответа или руководитель читает его.",
    "in_signature": "Текст согласован. Подписант принимает письмо, оно получает исходящий номер и подписывается. "
    "Сканы подписанных писем загружают пачкой на вкладке «На подписи»: каждое найдётся по метке.",
    "signed": "Письмо подписано и вот-вот уйдёт.",
    "sending": "Письмо отправляется: по почте — когда реестр сдан, по электронной почте — само, с повторами.",
    "replied": "Ответ ушёл, доказательство отправки — на карточке.",
    "undelivered": "Ответ вернулся или не принят. Обращение снова в работе, срок прежний.",
    "closed": "Работа закончена.",
    "closed_without_reply": "Закрыто решением человека на основании из перечня; основание — в истории.",
    "merged": "То же письмо пришло ещё раз: ответ один, на основном обращении.",
}
KEYS: Final = (
    ("j / k", "следующая и предыдущая строка списка"),
    ("Enter", "открыть выбранную строку"),
    ("/", "поиск по номеру"),
    ("g, затем q", "к списку"),
    ("c", "взять обращение в работу"),
    ("t", "выбрать тему"),
    ("n", "новый вопрос из выделенных слов письма (на странице вопросов)"),
    ("Ctrl + S", "сохранить черновик ответа"),
    ("?", "эта подсказка"),
)


@router.get("/help")
def show(request: Request, desk: Here, _who: Who) -> Response:
    """Show keys, ways and states."""
    states = views.reference(desk.house).states
    rows = [(title, MEANINGS.get(code, "")) for code, title in states]
    return page(request, "help.html", {"keys": KEYS, "states": rows})
