"""The routing table's own tests: every example goes where its owner says, every rule has an example."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rules.routing import Route, RouteFacts, RouteTopic, route
from rules.routing_table import Given, RouteExample
from rules.source import Source

if TYPE_CHECKING:
    from rules.book import RuleBook

_TITLES = {
    "queue": "очередь",
    "reply_owner": "владелец ответа",
    "restricted": "закрытое",
    "subtasks": "части ответа",
    "inform": "для сведения",
    "notify": "уведомить",
    "exclude": "отстранить",
    "auto_reply": "автоответ",
}


def check_routes(book: RuleBook, source: Source) -> None:
    """Run every example through the table.

    Raises:
        RuleError: An example names what does not exist, goes elsewhere, or a rule has none; with line and mend.
    """
    acted: set[str] = set()
    for index, example in enumerate(book.routing.examples):
        place = ("examples", index)
        _check_names(book, source, index, example)
        found = route(book, facts_of(example.given))
        for name, (wanted, got) in _differences(example, found).items():
            mend = "исправьте правило, если оно ошибочно, или пример, если таблица изменена намеренно"
            problem = f"пример «{example.name}»: {_TITLES[name]} должно быть {_said(wanted)}, а выходит {_said(got)}"
            source.fail((*place, "expect", name), f"{problem} (правила {', '.join(found.acted)})", mend)
        for number, rule in enumerate(example.rules):
            if rule not in found.acted:
                mend = "исправьте условия правила, его место в списке или пример"
                problem = f"пример «{example.name}»: правило {rule} не сработало (сработали {', '.join(found.acted)})"
                source.fail((*place, "rules", number), problem, mend)
        acted.update(found.acted)
    for name in ("restrictions", "queue", "reply_owner"):
        for index, rule in enumerate(getattr(book.routing, name)):
            if rule.id not in acted:
                mend = "добавьте в examples письмо, на котором оно срабатывает"
                source.fail((name, index), f"ни один пример не проверяет правило {rule.id}", mend)


def facts_of(given: Given) -> RouteFacts:
    """Return an example's situation as routing takes it."""
    return RouteFacts(
        topics=[
            RouteTopic(code, 1.0, confirmed=True) if sure == "confirmed" else RouteTopic(code, float(sure))
            for code, sure in given.topics.items()
        ],
        segment=given.segment,
        is_vip=given.vip,
        has_curator=given.curator,
        channel_address=given.address,
        alarms=given.alarms,
        needs_person=given.needs_person,
        kind=given.kind,
    )


def _check_names(book: RuleBook, source: Source, index: int, example: RouteExample) -> None:
    given = ("examples", index, "given")
    for code in example.given.topics:
        if code not in book.ekto.by_code:
            source.fail((*given, "topics", code), f"тема «{code}» не существует", "исправьте код темы")
    for number, code in enumerate(example.given.alarms):
        if code not in book.routing.alarms:
            source.fail((*given, "alarms", number), f"признак «{code}» не существует", "исправьте код признака")
    for number, code in enumerate(example.rules):
        if code not in book.routing.ids:
            place = ("examples", index, "rules", number)
            source.fail(place, f"правило «{code}» не существует", "исправьте код правила")


def _differences(example: RouteExample, found: Route) -> dict[str, tuple[Any, Any]]:
    wanted = example.expect
    pairs: dict[str, tuple[Any, Any]] = {
        "queue": (wanted.queue, found.queue),
        "reply_owner": (wanted.reply_owner, found.reply_owner),
        "restricted": (wanted.restricted, found.restricted),
        "subtasks": (wanted.subtasks, found.subtasks),
        "inform": (wanted.inform, found.informed),
        "notify": (wanted.notify, found.notify),
        "exclude": (wanted.exclude, found.excluded),
        "auto_reply": (wanted.auto_reply, found.auto_reply),
    }
    return {name: pair for name, pair in pairs.items() if pair[0] is not None and pair[0] != pair[1]}


def _said(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return f"[{', '.join(value)}]"
    return str(value)
