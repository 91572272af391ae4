"""A register of N appeals, written straight into the tables: what lists and search are measured on.

The register grows as a real one does: so many letters a day, the youngest of today, answered after a while; a longer
register is an older one. Numbers, chains of history, terms and the search index are what the services would have made;
`tests/service/test_lists_register.py` holds that on a sample.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import support_house as support
from sqlalchemy import Table, text
from sqlalchemy.orm import Session
from support_town import Client, Town

from classifiers import searchwords
from registry import clock, events, staff
from registry.lifecycle import DONE, SETTLED_AFTER
from registry.models import Base, Person
from registry.search import index
from registry.types import canonical_json
from rules.facts import DueFacts
from rules.terms import due
from rules.topics import Topic
from rules.wire import Channel, LetterContent, Segment
from steps.house import House

PER_DAY: Final = 550
BATCH: Final = 4000
JOURNAL: Final = "incoming"
EXECUTORS: Final = 4  # people added to every queue
BLOB: Final = "0" * 64
# How far an open appeal has come, by the share of its way behind it.
WAY: Final = (
    (0.04, "registered"), (0.12, "in_verification"), (0.45, "routed"), (0.80, "in_progress"), (0.86, "waiting_client"),
    (0.93, "in_approval"), (0.98, "in_signature"), (1.01, "signed"),
)  # fmt: skip

Row = tuple[Any, ...]


@dataclass
class Sheet:
    """Rows of one table that wait to be written: named columns, the others at the models' defaults."""

    table: Table
    names: tuple[str, ...]
    rows: list[Row] = field(default_factory=list)

    @property
    def constants(self) -> dict[str, Any]:
        """Defaults of the columns that no row names."""
        rest = [column for column in self.table.columns if column.name not in self.names and column.default is not None]
        return {column.name: _plain(_default(column)) for column in rest}


COLUMNS: Final[dict[str, str]] = {
    "client": "id segment name account_number inn is_vip confirmed_emails confirmed_address",
    "client_key": "client_id kind value",
    "arrival": "id source external_id canonical digest name form channel received_at taken_at state",
    "part": "arrival_id ordinal verdict state subject message_id appeal_id",
    "appeal": "id reg_number journal reg_year reg_seq received_at registered_at channel state is_open queue reply_owner"
    " executor_id segment is_vip restricted kind topic_code topic_confidence topics needs_person subject text model due"
    " due_hard due_target due_provisional due_rule control_date due_soon_at overdue_at replied_at settle_at closed_at"
    " client_id merged_into keep_until",
    "party": "appeal_id role fields",
    "appeal_item": "appeal_id ordinal quote topics topic_code queue due due_hard due_target",
    "subtask": "appeal_id queue state due due_soon_at overdue_at",
    "number": "journal year seq text issued_at issued_by appeal_id",
    "event": "id stream seq appeal_id at actor kind data prev_digest digest",
    "feed": "position event_id",
    "reply": "id appeal_id kind state version executor_id signatory_id channel out_number created_at",
    "reply_version": "reply_id number content content_digest author created_at",
    "dispatch": "reply_id channel address state sent_at created_at",
    "search_slip": "slip word",
}


def fill(house: House, count: int, *, seed: int = 1, per_day: int = PER_DAY) -> None:
    """Write ``count`` appeals, their clients and staff into a house that has none; indexes are built at the end."""
    with house.db.session() as session:
        people = _staff(session, house)
        first = {"event": _next(session, "event"), "feed": _next(session, "feed")}
        session.execute(
            text("INSERT INTO blob (digest, size, refs, created_at) VALUES (:d, 0, 1, :at)"),
            {"d": BLOB, "at": clock.now()},
        )
    writer = _Writer(house)
    writer.begin()
    maker = _Maker(house, Town(house.book, seed), people, count, per_day, first)
    for start in range(0, count, BATCH):
        for number in range(start, min(start + BATCH, count)):
            maker.appeal(number)
        writer.write(maker.sheets.values(), maker.tokens)
        maker.tokens = []
    writer.write([maker.words()], [])
    writer.end(maker.counters)


class _Maker:
    """Makes rows, one appeal after another, the oldest first."""

    def __init__(
        self, house: House, town: Town, people: dict[str, list[int]], count: int, per_day: int, first: dict[str, int]
    ) -> None:
        self.house, self.town, self.people, self.count, self.per_day = house, town, people, count, per_day
        self.sheets = {name: Sheet(Base.metadata.tables[name], tuple(COLUMNS[name].split())) for name in COLUMNS}
        self.tokens: list[tuple[int, str]] = []
        self.clients: list[Client] = []
        self.counters: dict[int, int] = {}
        self.known: set[str] = set()
        self.dues: dict[tuple[dt.date, Channel, str], tuple[str, dt.date, dt.date, bool, str | None]] = {}
        self.now, self.today, self.soon = clock.now(), clock.today(), house.soon_until
        self.event, self.position, self.reply = first["event"], first["feed"], 0

    def appeal(self, number: int) -> None:
        """Add everything that hangs on the appeal of a number."""
        rng, key = self.town.rng, number + 1
        client_id, client = self._client(number)
        topic, subject, words = self.town.letter(client)
        registered = self.now - dt.timedelta(days=(self.count - number) / self.per_day)
        received, channel = registered - self.town.lag(), self.town.channel()
        days, age = self.town.days_to_answer(), (self.count - number) / self.per_day
        answered = registered + dt.timedelta(days=days) if age > days else None  # days are counted from the number
        state = self._state(age, days, answered)
        due_json, hard, target, provisional, rule = self._due(received, channel, client.segment)
        queue, owner = self._queues(topic, client, state)
        executor = rng.choice(self.people[queue]) if state not in {"registered", "in_verification", "routed"} else None
        year, restricted = clock.local_date(registered).year, rng.random() < 0.003
        self.counters[year] = sequence = self.counters.get(year, 0) + 1
        text_, is_open = f"ВХ-{year}-{sequence:06d}", state not in DONE
        replied = answered if state in {"replied", "closed"} else None
        closed = (
            None
            if is_open or answered is None or state == "replied"
            else answered + SETTLED_AFTER * (state == "closed")
        )
        settle = self._settle(replied) if state == "replied" else None
        confidence = round(rng.uniform(0.3, 1), 4)
        topics = canonical_json([{"code": topic.code, "confidence": confidence}])
        self._add(
            "appeal", key, text_, JOURNAL, year, sequence, _moment(received), _moment(registered), channel.value, state,
            int(is_open), None if state == "registered" else queue, None if state == "registered" else owner, executor,
            client.segment, int(client.is_vip), int(restricted), topic.kind.value, topic.code, confidence, topics, 0,
            subject, words, "topics-bench", due_json, hard.isoformat(), target.isoformat(), int(provisional), rule,
            hard.isoformat(), _moment(registered) if self._warned(hard) else None,
            _moment(registered) if is_open and hard < self.today - dt.timedelta(days=1) else None, _moment(replied),
            _moment(settle), _moment(closed), client_id, key - 1 if state == "merged" else None,
            _kept(closed or replied),
        )  # fmt: skip
        self._beside(key, channel, received, registered, subject, client)
        self._add(
            "appeal_item",
            key,
            1,
            words[:200],
            topics,
            topic.code,
            queue,
            due_json,
            hard.isoformat(),
            target.isoformat(),
        )
        self._add("number", JOURNAL, year, sequence, text_, _moment(registered), "system:register", key)
        asked = self._subtask(key, queue, hard, is_open=is_open)
        signatory, said = self._reply(key, topic, executor, channel, answered, state)
        self._history(key, text_, registered, queue, answered)
        placed = {queue, owner} if state != "registered" else set()
        self._index(
            key, client=client, number=text_, prose=[subject, words, *said], received=received, queues={asked, *placed},
            people={executor, signatory}, channel=channel.value, topic=topic.code, state=state, is_open=is_open,
        )  # fmt: skip

    def words(self) -> Sheet:
        """Every name that was used, under its slips of the pen."""
        sheet = self.sheets["search_slip"]
        sheet.rows = [(slip, word) for word in sorted(self.known) for slip in sorted(searchwords.slips(word))]
        return sheet

    def _add(self, name: str, *values: Any) -> None:
        self.sheets[name].rows.append(values)

    def _client(self, number: int) -> tuple[int, Client]:
        if self.clients and self.town.rng.random() < 0.6:
            place = self.town.rng.randrange(len(self.clients))
            return place + 1, self.clients[place]
        client, key = self.town.client(number), len(self.clients) + 1
        self.clients.append(client)
        who = client.sender
        mails = canonical_json(who["emails"])
        self._add(
            "client",
            key,
            client.segment,
            client.name,
            who["account_number"],
            who["inn"],
            int(client.is_vip),
            mails,
            who["address"],
        )
        self._add("client_key", key, "account", who["account_number"])
        self._add("client_key", key, "phone", who["phones"][0])
        return key, client

    def _state(self, age: float, days: float, answered: dt.datetime | None) -> str:
        if answered is None:
            return next(state for part, state in WAY if age / days < part)
        chance = self.town.rng.random()
        if chance < 0.04:
            return "merged" if chance < 0.01 and age < self.count / self.per_day else "closed_without_reply"
        unready = chance > 0.99 and age < 200
        return "replied" if unready or answered > self.now - SETTLED_AFTER else "closed"

    def _settle(self, replied: dt.datetime | None) -> dt.datetime | None:
        """When the watch next looks whether an answered appeal may be closed: what was not ready waits a day."""
        first = replied + SETTLED_AFTER if replied else None
        return first if first and first > self.now else self.now + dt.timedelta(hours=self.town.rng.randint(1, 23))

    def _due(
        self, received: dt.datetime, channel: Channel, segment: str
    ) -> tuple[str, dt.date, dt.date, bool, str | None]:
        day = clock.local_date(received)
        found = self.dues.get((day, channel, segment))
        if found is None:
            facts = DueFacts(received=clock.noon(day), registered=day, segment=Segment(segment), channel=channel)
            both = due(self.house.book, facts)
            dates = (both.hard.date, both.target.date, both.hard.provisional, both.hard.rule)
            found = self.dues[day, channel, segment] = (canonical_json(both.model_dump(mode="json")), *dates)
        return found

    def _queues(self, topic: Topic, client: Client, state: str) -> tuple[str, str]:
        if state == "in_verification":
            return "REG", "REG"
        queue = {"B2B": "B2B", "B2B2C": "PRIN"}.get(client.segment, "VIP" if client.is_vip else topic.queue)
        return queue, self.house.book.queues.by_id[queue].owner

    def _warned(self, hard: dt.date) -> bool:
        """All that came within the span of warning before today; today's are left to the watch."""
        return hard < self.soon

    def _beside(
        self, key: int, channel: Channel, received: dt.datetime, registered: dt.datetime, subject: str, client: Client
    ) -> None:
        name, at = f"{key}.eml", _moment(received)
        self._add(
            "arrival", key, "bench", name, BLOB, BLOB, name, "mail", channel.value, at, _moment(registered), "triaged"
        )
        self._add("part", key, 1, "new_appeal", "registered", subject, f"{key}@mail.example", key)
        self._add("party", key, "author", canonical_json(client.sender))

    def _subtask(self, key: int, queue: str, hard: dt.date, *, is_open: bool) -> str | None:
        if self.town.rng.random() > 0.05:
            return None
        asked = self.town.rng.choice([one for one in self.people if one != queue])
        due_ = hard - dt.timedelta(days=5)
        marked = _moment(self.now) if due_ < self.soon else None
        late = _moment(self.now) if due_ < self.today else None
        self._add("subtask", key, asked, "open" if is_open else "accepted", due_.isoformat(), marked, late)
        return asked

    def _reply(
        self, key: int, topic: Topic, executor: int | None, channel: Channel, answered: dt.datetime | None, state: str
    ) -> tuple[int | None, list[str]]:
        if answered is None or state not in {"replied", "closed"}:
            return None, []
        self.reply += 1
        signatory, said = self.town.rng.choice(self.people["signatory"]), self.town.answer(topic)
        content = LetterContent(topic=topic.name, preamble="В ответ на Ваше обращение", body=said).model_dump(
            mode="json"
        )
        out, at = f"ИСХ-{answered.year}-{self.reply:07d}", _moment(answered)
        way = "email" if channel is Channel.EMAIL else "post"
        self._add("reply", self.reply, key, "answer", "dispatched", 1, executor, signatory, way, out, at)
        self._add("reply_version", self.reply, 1, canonical_json(content), BLOB, "system:bench", at)
        self._add("dispatch", self.reply, way, f"{key}@mail.example", "sent", at, at)
        return signatory, [index._said(content), out]

    def _history(
        self, key: int, number: str, registered: dt.datetime, queue: str, answered: dt.datetime | None
    ) -> None:
        said: list[tuple[str, dict[str, Any], dt.datetime]] = [
            ("appeal.registered", {"number": number, "part": key, "journal": JOURNAL}, registered),
            (
                "appeal.routed",
                {"queue": queue, "reply_owner": queue, "subtasks": []},
                registered + dt.timedelta(minutes=5),
            ),
        ]
        if answered:
            said.append(("appeal.state", {"from": "sending", "to": "replied"}, answered))
        before, stream = events.GENESIS, f"appeal:{key}"
        for seq, (kind, data, at) in enumerate(said, start=1):
            body, actor = canonical_json(data), "system:bench"
            made = events.digest(stream, seq, at, actor, kind, body, before)
            self._add("event", self.event, stream, seq, key, _moment(at), actor, kind, body, before, made)
            self._add("feed", self.position, self.event)
            self.event, self.position, before = self.event + 1, self.position + 1, made

    def _index(
        self,
        key: int,
        *,
        client: Client,
        number: str,
        prose: list[str],
        received: dt.datetime,
        queues: set[str | None],
        people: set[int | None],
        **codes: Any,
    ) -> None:
        sender = client.sender
        fields = [sender, {"org_name": client.name, "account_number": sender["account_number"], "inn": sender["inn"]}]
        out = prose[3:]
        tokens, words = index.content(fields, [number, *out], prose[:3])
        tokens |= index.marks(
            received=clock.local_date(received), queues={one for one in queues if one},
            people={one for one in people if one}, segment=client.segment, is_vip=client.is_vip, **codes,
        )  # fmt: skip
        self.known |= words
        self.tokens.append((key, " ".join(sorted(tokens))))


class _Writer:
    """Writes rows as fast as each database can: no secondary indexes, no checks of references meanwhile."""

    def __init__(self, house: House) -> None:
        self.db = house.db
        self.later: list[str] = []
        self.raw: Any = self.db.engine.raw_connection()

    def begin(self) -> None:
        """Take the secondary indexes away."""
        cursor = self.raw.cursor()
        if self.db.is_sqlite:
            cursor.execute("PRAGMA synchronous=OFF")
            cursor.execute("PRAGMA foreign_keys=OFF")
            cursor.execute("PRAGMA cache_size=-1000000")
            found = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        else:
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("SET timezone = 'UTC'")
            cursor.execute("SET maintenance_work_mem = '1GB'")
            found = (
                "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' "
                "AND indexname NOT IN (SELECT conname FROM pg_constraint)"
            )
        for name, definition in cursor.execute(found).fetchall():
            cursor.execute(f"DROP INDEX {name}")
            self.later.append(definition)
        self.raw.commit()

    def write(self, sheets: Any, tokens: list[tuple[int, str]]) -> None:
        """Write and empty some sheets, and the tokens of the search."""
        cursor = self.raw.cursor()
        if self.db.is_sqlite:
            cursor.execute("BEGIN")
        for sheet in sheets:
            self._put(cursor, sheet.table.name, sheet.names, sheet.constants, sheet.rows)
            sheet.rows = []
        key = "rowid" if self.db.is_sqlite else "appeal_id"
        self._put(cursor, "search_text", (key, "tokens"), {}, tokens)
        self.raw.commit()

    def end(self, counters: dict[int, int]) -> None:
        """Put the indexes back, set the counters, and let the database learn how many rows there are."""
        cursor = self.raw.cursor()
        for year, last in counters.items():
            cursor.execute(f"INSERT INTO counter (journal, year, last) VALUES ('{JOURNAL}', {year}, {last})")
        for definition in self.later:
            cursor.execute(definition)
        self.raw.commit()
        if not self.db.is_sqlite:
            for table in Base.metadata.tables.values():
                if "id" in table.columns:
                    last = f"(SELECT coalesce(max(id), 1) FROM {table.name})"
                    cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), {last})")
            self.raw.commit()
            self.raw.driver_connection.autocommit = True
            cursor.execute("VACUUM ANALYZE")
            self.raw.driver_connection.autocommit = False
        else:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self.raw.invalidate()

    def _put(
        self, cursor: Any, table: str, names: Sequence[str], constants: dict[str, Any], rows: Sequence[Row]
    ) -> None:
        if not rows:
            return
        columns, rest = ", ".join([*names, *constants]), tuple(constants.values())
        if self.db.is_sqlite:
            marks = ", ".join("?" * (len(names) + len(rest)))
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", (row + rest for row in rows))
            return
        tail = "".join(f"\t{_escaped(value)}" for value in rest) + "\n"
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            copy.write("".join("\t".join(map(_escaped, row)) + tail for row in rows))


def _staff(session: Session, house: House) -> dict[str, list[int]]:
    """Add executors to every queue; return the people of each queue, and under «signatory» those who sign."""
    found: dict[str, list[int]] = {}
    for queue in house.book.queues.queues:
        for number in range(EXECUTORS):
            role = "registrar" if queue.id == "REG" else "clerk"
            person = Person(
                login=f"{queue.id.lower()}{number}", last_name=f"Исполнитель{number}", first_name="Анна",
                patronymic="Олеговна", position="Специалист", roles=[role], queues=[queue.id],
            )  # fmt: skip
            found.setdefault(queue.id, []).append(staff.save(support.SYSTEM, session, person).id)
    found["signatory"] = [person.id for person in staff.with_role(session, "signatory")]
    return found


def _next(session: Session, table: str) -> int:
    key = "position" if table == "feed" else "id"
    return (session.scalar(text(f"SELECT max({key}) FROM {table}")) or 0) + 1


def _moment(value: dt.datetime | None) -> str | None:
    return None if value is None else value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S.%f")


def _kept(done: dt.datetime | None) -> str | None:
    """Last day of keeping; of what was answered or closed today the watch has not counted it yet."""
    if done is None or clock.local_date(done) >= clock.today():
        return None
    return (clock.local_date(done) + dt.timedelta(days=1827)).isoformat()


def _default(column: Any) -> Any:
    return column.default.arg(None) if column.default.is_callable else column.default.arg


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else int(value) if isinstance(value, bool) else value


def _escaped(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, str) and ("\\" in value or "\n" in value or "\t" in value):
        return value.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t")
    return str(value)
