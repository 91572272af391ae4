"""Report: what managers may see in Prefect. Numbers, codes and dates only; restricted appeals not at all (P7)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from registry import appeals, clock, feed, lifecycle, lists, notices
from registry.actor import system
from registry.lists import QueueFigures
from registry.models import Appeal
from steps import remind
from steps.house import House

REPORTER: Final = system("report")
FEED_CHUNK: Final = 500

CHANNELS: Final[dict[str, str]] = {
    "post": "почта",
    "hand_delivered": "подано в офис",
    "complaint_book": "книга отзывов",
    "email": "эл. почта",
    "virtual_reception": "виртуальная приёмная",
    "lkk": "личный кабинет",
    "messenger": "мессенджер",
    "social": "соцсеть",
    "gis_zhkh": "ГИС ЖКХ",
    "edo": "ЭДО",
}


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One appeal in a managers' table."""

    number: str
    topic_code: str | None
    topic_name: str
    queue: str
    queue_title: str
    segment: str
    channel: str
    due_hard: dt.date
    days_late: int
    state_title: str
    desk_url: str


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One reminder of today in a managers' table: the appeal, the rung, whom it reached and what is asked."""

    appeal: ReportRow
    rung: str
    to: list[str]
    action: str


@dataclass(frozen=True, slots=True)
class MirrorCard:
    """One appeal as its mirror run in Prefect should be.

    Attributes:
        key: Idempotency key: the appeal, and its term, since a run's expected start cannot be changed later.
        name: «ВХ-2026-000123 · C02.03 Перерасчёт · BILL · до 19.12.2026».
        state: Type and Russian name of the Prefect state.
        tags: Queue, topic group, segment, channel and the marks.
        removed: The appeal must not be seen in Prefect (restricted): take its mirror away.
    """

    appeal_id: int
    number: str
    key: str
    name: str
    state: tuple[str, str]
    tags: list[str]
    due_hard: dt.date
    desk_url: str
    removed: bool = False


@dataclass(frozen=True, slots=True)
class MirrorBatch:
    """Mirrors to be set, and the feed's position after them."""

    cards: list[MirrorCard]
    position: int


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One queue's month: registered, answered, answered late, still open."""

    queue: str
    queue_title: str
    registered: int
    replied: int
    replied_late: int
    open: int


def overdue(house: House, limit: int = 500) -> list[ReportRow]:
    """Return open appeals past their hard term, the latest first."""
    with house.db.session(write=False) as session:
        return [_row(house, appeal) for appeal in lists.late(REPORTER, session, limit)]


def due_soon(house: House, limit: int = 500) -> list[ReportRow]:
    """Return open appeals due within the next days, the nearest first."""
    with house.db.session(write=False) as session:
        return [_row(house, appeal) for appeal in lists.near(REPORTER, session, house.soon_until, limit)]


def queues(house: House) -> list[QueueFigures]:
    """Return open work by queue."""
    with house.db.session(write=False) as session:
        return lists.figures(REPORTER, session, soon=house.soon_until)


def reminders(house: House, limit: int = 500) -> list[ReminderRow]:
    """Return today's reminders of open appeals, the newest first."""
    with house.db.session(write=False) as session:
        return [
            ReminderRow(
                appeal=_row(house, appeal),
                rung=remind.words(event.data["rung"]),
                to=remind.titles(house, event.data["to"]),
                action=event.data["action"],
            )
            for event, appeal in notices.reminded(REPORTER, session, limit)
        ]


def month(house: House, first: dt.date | None = None) -> list[MonthRow]:
    """Return the figures of a calendar month by queue; this month when none is given."""
    start = (first or clock.today()).replace(day=1)
    end = (start + dt.timedelta(days=32)).replace(day=1)
    moments = [clock.midnight(day) for day in (start, end)]
    with house.db.session(write=False) as session:
        rows = lists.month(REPORTER, session, *moments)
    return [MonthRow(row.queue, queue_title(house, row.queue), *row.counts) for row in rows]


def mirror_batch(house: House, after: int, limit: int = FEED_CHUNK) -> MirrorBatch:
    """Return the mirrors of the appeals that events after a position speak of."""
    with house.db.session() as session:
        feed.number_new(session)
        entries = feed.read(session, after, limit)
        keys = dict.fromkeys(entry.event.appeal_id for entry in entries if entry.event.appeal_id)
        cards = [_card(house, appeal) for key in keys if (appeal := session.get(Appeal, key))]
        return MirrorBatch(cards, entries[-1].position if entries else after)


def mirror_all(house: House) -> Iterator[MirrorCard]:
    """Return every appeal's mirror, to compare, repair or rebuild from nothing."""
    after = 0
    while True:
        with house.db.session(write=False) as session:
            rows = appeals.after(session, after, FEED_CHUNK)
            cards = [_card(house, appeal) for appeal in rows]
        if not rows:
            return
        yield from cards
        after = rows[-1].id


def cursor(house: House, name: str) -> int:
    """Return how far a reader of the feed has come."""
    with house.db.session(write=False) as session:
        return feed.cursor(session, name)


def advance(house: House, name: str, position: int) -> None:
    """Remember how far a reader of the feed has come."""
    with house.db.session() as session:
        feed.advance(session, name, position)


def queue_title(house: House, queue: str | None) -> str:
    """Russian name of a queue; an appeal without one is with the records office."""
    return house.book.queues.by_id[queue or "REG"].name


def topic_name(house: House, code: str | None) -> str:
    """Name of a topic, or that nobody has named it yet."""
    topic = house.book.ekto.by_code.get(code or "")
    return topic.name if topic else "тема не определена"


def _row(house: House, appeal: Appeal) -> ReportRow:
    return ReportRow(
        number=appeal.reg_number,
        topic_code=appeal.topic_code,
        topic_name=topic_name(house, appeal.topic_code),
        queue=appeal.queue or "REG",
        queue_title=queue_title(house, appeal.queue),
        segment=appeal.segment,
        channel=appeal.channel,
        due_hard=appeal.due_hard,
        days_late=max(0, (clock.today() - appeal.due_hard).days),
        state_title=lifecycle.TITLES[appeal.state],
        desk_url=_url(house, appeal),
    )


def _card(house: House, appeal: Appeal) -> MirrorCard:
    topic = f"{appeal.topic_code} {topic_name(house, appeal.topic_code)}" if appeal.topic_code else "тема не определена"
    due = f"до {appeal.due_hard:%d.%m.%Y}"
    return MirrorCard(
        appeal_id=appeal.id,
        number=appeal.reg_number,
        key=f"{appeal.id}:{appeal.due_hard.isoformat()}",
        name=f"{appeal.reg_number} · {topic} · {appeal.queue or 'REG'} · {due}",
        state=_state(appeal),
        tags=_tags(house, appeal),
        due_hard=appeal.due_hard,
        desk_url=_url(house, appeal),
        removed=appeal.restricted,
    )


def _state(appeal: Appeal) -> tuple[str, str]:
    """Overdue is FAILED, the dashboard's first, red tab; see the design's part on Prefect."""
    if appeal.state in {"replied", "closed"}:
        late = appeal.replied_at is not None and clock.local_date(appeal.replied_at) > appeal.due_hard
        return "COMPLETED", "Отвечено с опозданием" if late else "Отвечено"
    if appeal.state in {"closed_without_reply", "merged"}:
        return "CANCELLED", lifecycle.TITLES[appeal.state]
    if appeal.due_hard < clock.today():
        return "FAILED", "Просрочено"
    return "RUNNING", lifecycle.TITLES[appeal.state]


def _tags(house: House, appeal: Appeal) -> list[str]:
    tags = ["обращение", appeal.queue or "REG", appeal.segment, CHANNELS[appeal.channel]]
    topic = house.book.ekto.by_code.get(appeal.topic_code or "")
    if topic:
        tags.append(f"группа {topic.group}")
    if appeal.is_open and appeal.due_hard < clock.today():
        tags.append("просрочено")
    elif appeal.is_open and appeal.due_hard <= house.soon_until:
        tags.append(f"срок-{house.settings.due_soon_days}-дня")
    if appeal.is_vip:
        tags.append("vip")
    return tags


def _url(house: House, appeal: Appeal) -> str:
    return f"{house.settings.desk_url}/appeals/{appeal.reg_number}"
