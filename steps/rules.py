"""Rules: what a change of them would do to the appeals at work, and the editions that decisions were made by."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from registry import appeals, clock, editions, reminders, rights
from registry.actor import Actor
from registry.models import Appeal
from rules.book import FILES, RuleBook
from rules.editions import Editions
from rules.terms import due
from steps import due as due_step
from steps import route
from steps.house import House

CHUNK: Final = 500
TITLES: Final = {
    "ekto": "Темы обращений (ЕКТО)",
    "queues": "Очереди отделов",
    "routing": "Маршруты обращений",
    "deadlines": "Сроки ответа",
    "calendars": "Производственные календари",
    "escalation": "Напоминания и эскалация",
    "roles": "Роли и права",
    "journals": "Журналы и номера",
    "company": "Реквизиты организации",
    "signatories": "Подписанты",
    "retention": "Номенклатура дел и сроки хранения",
    "wordings": "Образцы формулировок",
    "acknowledgement": "Уведомление о регистрации",
    "post": "Почтовые отправления",
    "postforms": "Почтовые бланки",
    "clients": "Чьё письмо: веса признаков клиента",
    "autoanswer": "Автоматические ответы",
    "alarms": "Признаки тревог",
    "alarm_wordings": "Формулировки тревог",
    "kind_wordings": "Формулировки видов писем",
    "papers": "Виды документов",
    "reading": "Чтение письма: канал ответа, кто пишет, язык",
    "piles": "Партии сканера и даты поступления",
    "recognition": "Распознавание сканов",
    "mail": "Признаки электронных писем",
}
ZIP_TIME: Final = (2000, 1, 1, 0, 0, 0)  # the same files give the same bytes, whenever they are packed


@dataclass(frozen=True, slots=True)
class Effect:
    """What would change for one open appeal: the pairs are (by the present rules, by the proposed ones)."""

    number: str
    due_hard: tuple[dt.date, dt.date]
    due_target: tuple[dt.date, dt.date]
    queue: tuple[str, str]
    reply_owner: tuple[str, str]
    restricted: tuple[bool, bool]
    parts: tuple[tuple[str, ...], tuple[str, ...]]
    overdue: bool

    @property
    def changed(self) -> list[str]:
        """Names of the fields that differ."""
        pairs = ("due_hard", "due_target", "queue", "reply_owner", "restricted", "parts")
        return [name for name in pairs if getattr(self, name)[0] != getattr(self, name)[1]]


@dataclass(frozen=True, slots=True)
class Preview:
    """How a change of the rules would touch the open appeals.

    Attributes:
        looked: How many open appeals were computed by both books.
        counts: By field, how many would change; ``overdue``: how many would be overdue that are not now.
        effects: The appeals touched, the nearest new term first; at most as many as were asked for.
        touched: How many appeals are touched in all.
    """

    looked: int
    counts: dict[str, int]
    effects: list[Effect]
    touched: int


@dataclass(frozen=True, slots=True)
class FileInForce:
    """One rule file: what it governs, its edition, order (None: a draft) and first day of force."""

    name: str
    title: str
    version: int
    order_no: str | None
    valid_from: dt.date


@dataclass(frozen=True, slots=True)
class Coming:
    """A day on which other editions come into force, and of which files."""

    day: dt.date
    files: list[str]


@dataclass(frozen=True, slots=True)
class Overview:
    """The rules of this installation."""

    version: str
    files: list[FileInForce]
    coming: list[Coming]
    warnings: list[str]
    editions: list[Edition]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the rules that this register has worked by."""

    version: str
    seen_at: dt.datetime
    orders: Mapping[str, Mapping[str, str | None]]


def preview(actor: Actor, house: House, proposed: RuleBook, *, limit: int = 200) -> Preview:
    """Compute every open appeal by the rules in force and by proposed ones. Nothing is changed.

    Rules are compared with rules, not with what people decided since: an appeal that somebody moved by hand counts
    only when the rules would now send it elsewhere.
    """
    shadow = dataclasses.replace(house, rules=Editions(proposed))
    counts: Counter[str] = Counter()
    effects: list[Effect] = []
    looked = 0
    for appeal in _open(actor, house):
        looked += 1
        effect = _effect(house, shadow, appeal)
        counts.update(effect.changed)
        counts["overdue"] += effect.overdue
        if effect.changed:
            effects.append(effect)
    effects.sort(key=lambda one: (one.due_hard[1], one.number))
    told = {name: count for name, count in counts.items() if count}
    return Preview(looked, told, effects[:limit], len(effects))


def remember(actor: Actor, house: House) -> bool:
    """Keep the rule files in force, whole, if this edition was never seen; return whether it is new."""
    book = house.book
    with house.db.session(write=False) as session:
        rights.require(actor, session, "system.operate")
        if editions.known(session, book.version):
            return False
    files = house.rules.files(clock.today())
    if not files:
        return False
    orders = {
        name: {"order": part.order_no, "from": part.valid_from.isoformat()}
        for name, part in ((name, getattr(book, name)) for name in FILES)
    }
    with house.db.session() as session:
        reminders.look_again(session)
        return editions.keep(actor, session, book.version, orders, _pack(files))


def seen(actor: Actor, house: House) -> list[Edition]:
    """Return the editions that this register has worked by, the newest first."""
    with house.db.session(write=False) as session:
        rows = editions.listed(actor, session)
        return [Edition(row.version, row.seen_at, row.orders) for row in rows]


def overview(actor: Actor, house: House) -> Overview:
    """Return the rules in force, what comes, reminders, and the editions worked by. Needs ``rules.view``."""
    editions_seen = seen(actor, house)
    book, today = house.book, clock.today()
    files = [
        FileInForce(f"{name}.yaml", TITLES[name], part.version, part.order_no, part.valid_from)
        for name, part in ((name, getattr(book, name)) for name in FILES)
    ]
    coming: list[Coming] = []
    before = book
    for day in house.rules.after(today):
        then = house.rules.on(day)
        changed = [name for name in FILES if getattr(then, name) != getattr(before, name)]
        coming.append(Coming(day, [f"{TITLES[name]} ({name}.yaml)" for name in changed]))
        before = then
    return Overview(book.version, files, coming, house.rules.warnings(today), editions_seen)


def files_of(actor: Actor, house: House, version: str) -> dict[str, bytes]:
    """Return the files of an edition, by name. Raises NotFoundError when the register never worked by it."""
    with house.db.session(write=False) as session:
        packed = editions.files(actor, session, version)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _open(actor: Actor, house: House) -> Iterator[Appeal]:
    after = 0
    while True:
        with house.db.session(write=False) as session:
            rights.require(actor, session, "rules.view")
            rows = appeals.open_after(actor, session, after, CHUNK)
            yield from rows
        if not rows:
            return
        after = rows[-1].id


def _effect(house: House, shadow: House, appeal: Appeal) -> Effect:
    now = due(house.book, due_step.facts_of(house, appeal))
    then = due(shadow.book, due_step.facts_of(shadow, appeal))
    here, there = route.placement(house, appeal), route.placement(shadow, appeal)
    today = clock.today()
    return Effect(
        number=appeal.reg_number,
        due_hard=(now.hard.date, then.hard.date),
        due_target=(now.target.date, then.target.date),
        queue=(here.queue, there.queue),
        reply_owner=(here.reply_owner, there.reply_owner),
        restricted=(here.restricted, there.restricted),
        parts=(here.subtasks, there.subtasks),
        overdue=then.hard.date < today <= now.hard.date,
    )


def _pack(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in sorted(files.items()):
            archive.writestr(zipfile.ZipInfo(name, ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return packed.getvalue()
