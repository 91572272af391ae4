"""An invented town that writes letters: seeded names, accounts, addresses and words, by the million."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from rules.book import RuleBook
from rules.topics import Topic
from rules.wire import Channel, Sender

NAMES = Path(__file__).parent.parent / "classifiers" / "data" / "first_names.tsv"
ENDINGS = (("ов", "ова"), ("енко", "енко"), ("ский", "ская"), ("чук", "чук"), ("ин", "ина"))
TOWNS = (
    "Уфа",
    "Стерлитамак",
    "Салават",
    "Нефтекамск",
    "Октябрьский",
    "Туймазы",
    "Белорецк",
    "Ишимбай",
    "Сибай",
    "Кумертау",
)
STREETS = (
    "Ленина", "Цюрупы", "Кирова", "Пушкина", "Революционная", "Достоевского", "Айская", "Менделеева", "Российская",
    "Комсомольская", "Первомайская", "Гагарина", "Худайбердина", "Мира", "Заки Валиди", "Степана Кувыкина",
    "Юрия Гагарина", "Рихарда Зорге", "Баязита Бикбая", "Салавата Юлаева", "Парковая", "Зелёная роща", "Кольцевая",
    "Ульяновых", "Софьи Перовской", "Лесотехникума", "Набережная реки Уфы", "Дуванский бульвар",
)  # fmt: skip
CHANNELS = (
    (Channel.EMAIL, 45),
    (Channel.POST, 25),
    (Channel.HAND_DELIVERED, 12),
    (Channel.LKK, 10),
    (Channel.GIS_ZHKH, 8),
)
OPENINGS = ("Здравствуйте!", "Добрый день.", "Уважаемые господа!", "В ЕИРЦ от жильца.")
MONTHS = (
    "январь",
    "февраль",
    "март",
    "апрель",
    "май",
    "июнь",
    "июль",
    "август",
    "сентябрь",
    "октябрь",
    "ноябрь",
    "декабрь",
)
ANSWERS = (
    "Ваше обращение рассмотрено. Сведения проверены по данным лицевого счёта и показаниям приборов учёта.",
    "Начисления выполнены по тарифам, утверждённым Государственным комитетом по тарифам, оснований для изменения нет.",
    "Выполнен перерасчёт, сумма учтена в платёжном документе за следующий месяц.",
    "Для рассмотрения по существу представьте копии документов, подтверждающих изложенное.",
)


@dataclass(frozen=True, slots=True)
class Client:
    """Who writes: a person of a flat, or an organisation with its INN."""

    sender: dict[str, Any]
    name: str
    segment: str
    is_vip: bool


class Town:
    """Draws clients and letters from a seed; the same seed gives the same town."""

    def __init__(self, book: RuleBook, seed: int) -> None:
        self.book = book
        self.rng = random.Random(seed)
        rows = [line.split("\t") for line in NAMES.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
        self.first = {sex: [name for name, kind, _ in rows if kind == sex] for sex in "mf"}
        self.weights = {sex: _cumulative(int(count) for _, kind, count in rows if kind == sex) for sex in "mf"}
        self.topics = _by_segment(book.ekto.topics)

    @cached_property
    def surnames(self) -> list[tuple[str, str]]:
        """Pairs of a man's and a woman's surname, the frequent ones first."""
        stems = [_stem(name) for name in self.first["m"] if len(name) > 3]
        self.rng.shuffle(stems)
        return [(stem + he, stem + she) for he, she in ENDINGS for stem in dict.fromkeys(stems)]

    @cached_property
    def surname_weights(self) -> list[float]:
        """Zipf's law: a few surnames are everywhere, most are rare."""
        return _cumulative(1 / (place + 20) for place in range(len(self.surnames)))

    def client(self, number: int) -> Client:
        """Draw the client of a number; accounts and INN are told apart by it."""
        if self.rng.random() < 0.08:
            return self._organisation(number)
        sex = "f" if self.rng.random() < 0.62 else "m"
        last = self.rng.choices(self.surnames, cum_weights=self.surname_weights)[0][sex == "f"]
        first = self.rng.choices(self.first[sex], cum_weights=self.weights[sex])[0]
        father = self.rng.choices(self.first["m"], cum_weights=self.weights["m"])[0]
        patronymic = _stem(father) + ("овна" if sex == "f" else "ович")
        fields = {
            "last_name": last, "first_name": first, "patronymic": patronymic,
            "gender": "female" if sex == "f" else "male", "account_number": f"{1_000_000_000 + number * 7}",
            "address": self._address(), "phones": [f"+79{170_000_000 + number % 29_999_999:09d}"],
            "emails": [f"client{number}@mail.example"],
        }  # fmt: skip
        return Client(_sender(fields), f"{last} {first} {patronymic}", "B2C", self.rng.random() < 0.002)

    def letter(self, client: Client) -> tuple[Topic, str, str]:
        """Draw what a client writes about: topic, subject, text."""
        topics, weights = self.topics[client.segment]
        topic = self.rng.choices(topics, cum_weights=weights)[0]
        said = self.rng.sample(topic.phrases, min(3, len(topic.phrases)))
        other = self.rng.choice(topics)
        who, month = client.sender, self.rng.choice(MONTHS)
        text = (
            f"{self.rng.choice(OPENINGS)} {said[0].capitalize()}. {'. '.join(said[1:])}. Прошу разобраться за {month} "
            f"{self.rng.randint(2019, 2026)} года, сумма {self.rng.randint(100, 99_999)} руб. {other.definition} "
            f"Лицевой счёт {who['account_number']}, {who['address']}.\n{client.name}, тел. {who['phones'][0]}"
        )
        return topic, said[0].capitalize(), text

    def channel(self) -> Channel:
        """Draw a channel."""
        return self.rng.choices([one for one, _ in CHANNELS], weights=[weight for _, weight in CHANNELS])[0]

    def answer(self, topic: Topic) -> list[str]:
        """Draw the paragraphs of a reply."""
        return [f"На вопрос «{topic.name}» сообщаем.", *self.rng.sample(ANSWERS, 2)]

    def days_to_answer(self) -> float:
        """Draw how long an answer takes: most within the term, a few late, fewer very late."""
        days = self.rng.lognormvariate(2.5, 0.55)
        return min(days, 29) if self.rng.random() < 0.97 else min(days * 3, 75)

    def lag(self) -> dt.timedelta:
        """Draw how long a letter waited for its number."""
        return dt.timedelta(minutes=self.rng.expovariate(1 / 400))

    def _organisation(self, number: int) -> Client:
        name = f"ООО «{self.rng.choice(self.surnames)[0]} и партнёры»"
        segment = "B2B" if self.rng.random() < 0.8 else "B2B2C"
        fields = {
            "org_name": name, "inn": f"02{70_000_000 + number:08d}", "account_number": f"{3_000_000_000 + number * 7}",
            "contract_number": f"{number}-ТКО", "address": self._address(),
            "phones": [f"+7347{number % 9_999_999:07d}"], "emails": [f"office{number}@firm.example"],
        }  # fmt: skip
        return Client(_sender(fields), name, segment, self.rng.random() < 0.05)

    def _address(self) -> str:
        house, flat = self.rng.randint(1, 190), self.rng.randint(1, 250)
        return f"г. {self.rng.choice(TOWNS)}, ул. {self.rng.choice(STREETS)}, д. {house}, кв. {flat}"


def _sender(fields: dict[str, Any]) -> dict[str, Any]:
    return Sender.model_validate(fields).model_dump(mode="json")


def _stem(name: str) -> str:
    return name.rstrip("аеёиоуыэюяйь").capitalize() or name


def _cumulative(weights: Any) -> list[float]:
    return list(itertools.accumulate(weights))


def _by_segment(topics: Sequence[Topic]) -> dict[str, tuple[list[Topic], list[float]]]:
    found = {}
    for segment in ("B2C", "B2B", "B2B2C"):
        mine = [topic for topic in topics if segment in topic.segments]
        found[segment] = (mine, _cumulative(1 / (place + 3) for place in range(len(mine))))
    return found
