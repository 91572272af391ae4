"""Checks across the files: everything that one file names, another has; nothing contradicts itself."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from rules.deadlines import DeadlineRule
from rules.errors import RuleError
from rules.escalation import EXECUTOR
from rules.examples import FILE as EXAMPLES_FILE
from rules.papers import check_papers
from rules.phrases import check_phrases
from rules.reading import check_reading
from rules.retention import check_cases
from rules.route_examples import check_routes
from rules.routing_table import ChoiceRule, Restriction, When, unreachable
from rules.source import Place, Source
from rules.wire import Channel, ReplyKind, Segment

if TYPE_CHECKING:
    from rules.book import RuleBook

Sources = Mapping[str, Source]


def check(book: RuleBook, sources: Sources) -> None:
    """Raise RuleError at the first thing that does not fit together."""
    _repeated(sources)
    _check_topics(book, sources["ekto"])
    _check_queues(book, sources["queues"])
    _check_escalation(book, sources["escalation"])
    _check_deadlines(book, sources["deadlines"])
    _check_routing(book, sources["routing"])
    _check_signatories(book, sources["signatories"])
    check_cases(book.retention, book.ekto, sources["retention"])
    _check_examples(book)
    _check_wordings(book, sources["wordings"])
    _check_post(book, sources["post"])
    _check_piles(book, sources["piles"])
    _check_autoanswer(book, sources["autoanswer"])
    check_routes(book, sources["routing"])
    _check_alarms(book, sources)
    _check_alarm_wordings(book, sources["alarm_wordings"])


def _repeated(sources: Sources) -> None:
    places: tuple[tuple[str, Place, str], ...] = (
        ("ekto", ("topics",), "code"),
        ("ekto", ("groups",), "code"),
        ("queues", ("queues",), "id"),
        ("deadlines", ("rules",), "id"),
        ("calendars", ("sets",), "id"),
        ("calendars", ("calendars",), "id"),
        ("journals", ("journals",), "id"),
        ("signatories", ("signatories",), "id"),
        ("routing", ("restrictions",), "id"),
        ("routing", ("queue",), "id"),
        ("routing", ("reply_owner",), "id"),
    )
    for name, place, key in places:
        source = sources[name]
        seen: set[str] = set()
        for index, item in enumerate(source.data[str(place[0])]):
            if item[key] in seen:
                source.fail(
                    (*place, index, key), f"код {item[key]} уже есть выше", "дайте другой код или удалите запись"
                )
            seen.add(item[key])


def _known(source: Source, place: Place, name: str, known: Iterable[str], what: str) -> None:
    if name not in known:
        source.fail(place, f"{what} «{name}» не существует", "исправьте код или добавьте запись")


def _check_topics(book: RuleBook, source: Source) -> None:
    groups = {group.code for group in book.ekto.groups}
    phrases: dict[str, str] = {}
    for index, topic in enumerate(book.ekto.topics):
        place = ("topics", index)
        _known(source, (*place, "group"), topic.group, groups, "группа")
        _known(source, (*place, "queue"), topic.queue, book.queues.by_id, "очередь")
        _known(source, (*place, "deadline_rule"), topic.deadline_rule, book.deadlines.by_id, "правило срока")
        for kind in ("required_fields", "optional_fields"):
            for number, field in enumerate(getattr(topic, kind)):
                _known(source, (*place, kind, number), field, book.ekto.fields, "поле")
        if not topic.segments <= book.queues.by_id[topic.queue].segments:
            mend = "выберите другую очередь или добавьте ей сегмент в queues.yaml"
            source.fail((*place, "queue"), f"очередь {topic.queue} не обслуживает сегмент темы {topic.code}", mend)
        rule = book.deadlines.by_id[topic.deadline_rule]
        if not rule.enabled or not topic.segments & rule.scope.segments:
            mend = "назначьте теме действующее правило её сегмента"
            source.fail((*place, "deadline_rule"), f"правило {rule.id} выключено или не для сегмента темы", mend)
        for number, phrase in enumerate(topic.phrases):
            other = phrases.setdefault(phrase.casefold(), topic.code)
            if other != topic.code:
                mend = "оставьте её одной теме, иначе темы не различить"
                source.fail((*place, "phrases", number), f"фраза «{phrase}» уже у темы {other}", mend)


def _check_queues(book: RuleBook, source: Source) -> None:
    for index, queue in enumerate(book.queues.queues):
        place = ("queues", index)
        _known(source, (*place, "reply_owner"), queue.owner, book.queues.by_id, "очередь")
        _known(source, (*place, "calendar"), queue.calendar, book.calendars.by_id, "календарь")
        _known(source, (*place, "escalation"), queue.escalation, book.escalation.ladders, "лестница")
    if "REG" not in book.queues.by_id:
        source.fail(("queues",), "нет очереди REG (канцелярия)", "верните её: туда идёт всё неопределённое")


def _check_escalation(book: RuleBook, source: Source) -> None:
    for name, steps in book.escalation.ladders.items():
        for index, step in enumerate(steps):
            for number, who in enumerate(step.to):
                place = ("ladders", name, index, "to", number)
                _known(source, place, who, book.escalation.recipients, "получатель")
    for who, recipient in book.escalation.recipients.items():
        if recipient.role != EXECUTOR:
            _known(source, ("recipients", who, "role"), recipient.role, book.roles.roles, "роль")


def _check_deadlines(book: RuleBook, source: Source) -> None:
    data = book.deadlines
    if book.calendars.by_id.get(data.counting.calendar) is not book.calendars.for_terms:
        mend = "назовите календарь, у которого terms: true"
        source.fail(("counting", "calendar"), f"календарь «{data.counting.calendar}» не для сроков", mend)
    for index, rule in enumerate(data.rules):
        _known(source, ("rules", index, "start"), rule.start, data.starts, "начало срока")
        if rule.replaces is not None:
            _known(source, ("rules", index, "replaces"), rule.replaces, data.by_id, "правило срока")
            if rule.force != "hard" or rule.quantity is None:
                mend = "поставьте force: hard и количество: обращение не может остаться без предельного срока"
                source.fail(("rules", index, "replaces"), f"{rule.id} заменяет правило, но не предельное", mend)
    _check_complete(book, source)


def _check_complete(book: RuleBook, source: Source) -> None:
    data = book.deadlines
    if not any(_binds_everyone(rule) for rule in data.rules):
        mend = "верните STD_30C: applies: always, force: hard, все сегменты, без периода действия (п. 9.2.1)"
        source.fail(("rules",), "нет предельного срока, который действует всегда и для всех", mend)
    for channel in Channel:
        for name in ("receipt_moment", "channel_targets"):
            if channel not in getattr(data, name):
                source.fail((name,), f"нет канала {channel.value}", "добавьте строку для него")
    for name in ("registration", "registration_limit", "acknowledgement"):
        _known(source, ("stages",), name, data.stages, "этап")
    for index, example in enumerate(data.examples):
        _known(source, ("examples", index, "rule"), example.rule, data.by_id, "правило срока")


def _binds_everyone(rule: DeadlineRule) -> bool:
    everyone = rule.scope.segments == set(Segment) and rule.scope.vip == "any" and not rule.scope.simple_only
    always = rule.enabled and rule.applies == "always" and not (rule.valid_from or rule.valid_to)
    return everyone and always and rule.force == "hard" and rule.quantity is not None


def _check_routing(book: RuleBook, source: Source) -> None:
    table, queues = book.routing, book.queues.by_id
    for index, rule in enumerate(table.restrictions):
        place = ("restrictions", index)
        _check_when(book, source, (*place, "when"), rule.when)
        for name in ("subtask", "inform"):
            for number, queue in enumerate(getattr(rule.then, name)):
                _known(source, (*place, "then", name, number), queue, queues, "очередь")
        for number, who in enumerate(rule.then.exclude):
            _known(source, (*place, "then", "exclude", number), who, table.exclusions, "исключение")
        if rule.when.queue is not None:
            source.fail((*place, "when", "queue"), "ограничения проверяются до выбора очереди", "уберите условие queue")
        if rule.then == Restriction():
            source.fail(
                (*place, "then"), f"правило {rule.id} ничего не делает", "впишите результат или уберите правило"
            )
        twin = next((other for other in table.restrictions[:index] if other.when == rule.when), None)
        if twin is not None:
            mend = "соедините их в одно: ограничения накапливаются"
            source.fail((*place, "when"), f"у {rule.id} и {twin.id} условия одни и те же", mend)
    _check_choices(book, source, "queue", table.queue, "topic")
    _check_choices(book, source, "reply_owner", table.reply_owner, "queue")


def _check_choices(book: RuleBook, source: Source, name: str, rules: tuple[ChoiceRule, ...], word: str) -> None:
    for index, rule in enumerate(rules):
        place = (name, index)
        _check_when(book, source, (*place, "when"), rule.when)
        if rule.then != word:
            _known(source, (*place, "then"), rule.then, book.queues.by_id, "очередь")
        if name == "queue" and rule.when.queue is not None:
            source.fail((*place, "when", "queue"), "очередь ещё не выбрана", "уберите условие queue")
        if rule.auto_reply and (rule.when.all_topics is None or rule.when.alarms is None):
            mend = "добавьте условия all_topics: auto_reply и alarms: none (п. 15.3)"
            source.fail((*place, "auto_reply"), "автоответ разрешён не только простым вопросам", mend)
    dead = unreachable(rules, book.queues.by_id)
    if dead is not None:
        later, takers = rules[dead[0]], [rules[index] for index in dead[1]]
        twin = next((rule for rule in takers if rule.when == later.when and rule.then != later.then), None)
        above = ", ".join(rule.id for rule in takers)
        problem = f"до {later.id} очередь не дойдёт: всё забирает стоящее выше ({above})"
        if twin is not None:
            problem = f"{later.id} противоречит {twin.id}: условия одни и те же"
        source.fail((name, dead[0]), problem, "уберите лишнее правило, измените условия или порядок")
    if rules[-1].when != When():
        mend = "добавьте последним правило с when: {}"
        source.fail((name, len(rules) - 1), "нет правила для всего остального", mend)


def _check_when(book: RuleBook, source: Source, place: Place, when: When) -> None:
    known: tuple[tuple[str, Iterable[str], str], ...] = (
        ("alarm", book.routing.alarms, "признак"),
        ("topic", book.ekto.by_code, "тема"),
        ("queue", book.queues.by_id, "очередь"),
    )
    for name, names, what in known:
        for item in sorted(getattr(when, name) or ()):
            _known(source, (*place, name), item, names, what)
    if when.alarm and when.alarms:
        source.fail(place, "условия alarm и alarms: none исключают друг друга", "оставьте одно")
    for code in sorted(when.topic or ()):
        if when.segment and not when.segment & book.ekto.by_code[code].segments:
            source.fail((*place, "topic"), f"тема {code} не бывает у этого сегмента", "уберите тему или сегмент")
    for code in sorted(when.queue or ()):
        if when.segment and not when.segment & book.queues.by_id[code].segments:
            source.fail((*place, "queue"), f"очередь {code} не обслуживает этот сегмент", "уберите очередь или сегмент")


def _check_signatories(book: RuleBook, source: Source) -> None:
    data = book.signatories
    for index, person in enumerate(data.signatories):
        for queue in sorted(person.queues - {"all"}):
            _known(source, ("signatories", index, "queues"), queue, book.queues.by_id, "очередь")
        if person.acting:
            place = ("signatories", index, "acting")
            _known(source, place, person.acting.for_signatory, data.by_id, "подписант")
    _complete(source, "ways", data.ways, [kind.value for kind in ReplyKind], str)
    _complete(source, "min_rank", data.min_rank, ["person", "organisation", "authority", "vip"], str)


def _check_examples(book: RuleBook) -> None:
    for number, letter in enumerate(book.examples, 1):
        for code in letter.topics:
            topic = book.ekto.by_code.get(code)
            if topic is None or letter.segment not in topic.segments:
                problem = f"темы {code} нет или она не для сегмента {letter.segment}"
                raise RuleError(EXAMPLES_FILE, number, problem, "исправьте тему или сегмент письма")


def _check_alarm_wordings(book: RuleBook, source: Source) -> None:
    known = book.alarms.marks
    for index, group in enumerate(book.alarm_wordings.wordings):
        for name in ("alarms", "may"):
            for code in getattr(group, name):
                _known(source, ("wordings", index, name), code, known, "признак")
    for code in book.alarm_wordings.thresholds:
        _known(source, ("thresholds",), code, known, "признак")
    for code in book.alarm_wordings.not_quiet:
        _known(source, ("not_quiet",), code, book.ekto.by_code, "тема")


def _check_wordings(book: RuleBook, source: Source) -> None:
    for index, group in enumerate(book.wordings.wordings):
        for code in group.topics:
            _known(source, ("wordings", index, "topics"), code, book.ekto.by_code, "тема")


def _complete(
    source: Source, place: str, given: Iterable[object], wanted: Iterable[str], name: Callable[[object], str]
) -> None:
    have = {name(item) for item in given}
    for item in wanted:
        if item not in have:
            source.fail((place,), f"нет строки {item}", "добавьте её")


def _check_post(book: RuleBook, source: Source) -> None:
    for index, kind in enumerate(book.post.kinds):
        _known(source, ("kinds", index, "list"), kind.list, book.postforms.sheet, "макет списка")
        for place, form in enumerate(kind.forms):
            known = {**book.postforms.sheet, **book.postforms.blank}
            _known(source, ("kinds", index, "forms", place), form, known, "макет бланка")
    for index, envelope in enumerate(book.post.envelopes):
        _known(source, ("envelopes", index, "layout"), envelope.layout, book.postforms.blank, "макет конверта")
    for index, default in enumerate(book.post.defaults):
        for place, code in enumerate(default.topics):
            _known(source, ("defaults", index, "topics", place), code, book.ekto.by_code, "тема")


def _check_alarms(book: RuleBook, sources: Sources) -> None:
    """What an alarm is seen by, and what follows from it, stand in two files under the same codes."""
    phrases: dict[Place, tuple[str, ...]] = {}
    for code, mark in book.alarms.marks.items():
        phrases |= {("marks", code, "when"): mark.when, ("marks", code, "unless"): mark.unless}
    check_phrases(book.alarms.words, phrases, sources["alarms"])
    check_papers(book.papers, sources["papers"], book.alarms.words, frozenset(one.id for one in book.journals.classes))
    check_reading(book.reading, sources["reading"])
    for code in book.alarms.marks:
        if code not in book.routing.alarms:
            mend = "назовите признак в routing.yaml (alarms) или уберите его отсюда"
            sources["alarms"].fail(("marks", code), f"признака {code} нет в routing.yaml", mend)
    for code in book.routing.alarms:
        if code not in book.alarms.marks:
            mend = "опишите его в alarms.yaml или уберите отсюда"
            sources["routing"].fail(("alarms", code), f"в alarms.yaml не сказано, как узнать признак {code}", mend)


def _check_piles(book: RuleBook, source: Source) -> None:
    for index, role in enumerate(book.piles.drafts.tell):
        _known(source, ("drafts", "tell", index), role, book.roles.roles, "роль")
    queue, place = book.piles.envelopes.sealed_queue, ("envelopes", "sealed_queue")
    _known(source, place, queue, book.queues.by_id, "очередь")
    if not book.queues.by_id[queue].restricted:
        source.fail(place, f"обращения очереди {queue} видят все", "назовите очередь с restricted: true")


def _check_autoanswer(book: RuleBook, source: Source) -> None:
    for index, one in enumerate(book.autoanswer.answers):
        place: Place = ("answers", index, "topic")
        _known(source, place, one.topic, book.ekto.by_code, "тема")
        if not book.ekto.by_code[one.topic].auto_reply:
            source.fail(place, f"теме {one.topic} автоответ не разрешён", "разрешите его в ekto.yaml или уберите тему")
