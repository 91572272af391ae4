"""A town of clients and letters from them, whose author is known: for measuring how clients are found.

Letters are told as the reader would give their authors, with what happens to them on paper: slips, look-alikes of the
recognition, wrong digits, other spellings of an address, changed telephones. Some authors are no clients: relatives of
the account's holder, new owners, strangers, namesakes, neighbours who quote another's account.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from support_town import ENDINGS, STREETS, TOWNS, Town

from classifiers.clientscore import Seen
from registry.clients import matching, table
from registry.clients.record import EVERYTHING, Record
from rules.book import RuleBook
from rules.wire import Sender
from steps.house import House

LOOKALIKES: Final = {"о": "0", "з": "3", "и": "н", "н": "и", "ш": "щ", "е": "с", "а": "д", "б": "6", "в": "н"}
LETTERS: Final = "абвгдежзийклмнопрстуфхцчшщыэюя"
# Situation of the author → how many letters of a hundred.
SITUATIONS: Final = {
    "plain": 58, "moved": 6, "new_phone": 6, "relative": 8, "new_owner": 5, "stranger": 5, "namesake": 4,
    "neighbour": 3, "wrong_account": 3, "colleague": 2,
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """A client of the town: his card, and the parts of his name and address."""

    record: Record
    name: tuple[str, str, str]
    sex: str
    place: tuple[str, str, int, int]


@dataclass(frozen=True)
class Letter:
    """What was read of an author; ``client`` is his code in CRM, None when he is no client himself."""

    situation: str
    sender: Sender
    client: str | None
    readings: dict[str, float] = field(default_factory=dict)
    others_data: bool = False


@dataclass(frozen=True)
class Judged:
    """What the matching said of one letter: of the first candidate, and whether it would link him.

    ``seen`` is what was weighed of each candidate, and whether he is the author.
    """

    letter: Letter
    confidence: float
    right: bool
    linked: bool
    seen: tuple[tuple[Seen, bool], ...] = ()


class Letters:
    """Draws clients and letters of a seed."""

    def __init__(self, book: RuleBook, seed: int, clients: int) -> None:
        self.town = Town(book, seed)
        self.rng = random.Random(seed * 7 + 1)
        self.people: list[Person] = []
        self.firms: list[Record] = []
        self._draw(clients)

    @property
    def records(self) -> list[Record]:
        """Every card of the town."""
        return [one.record for one in self.people] + self.firms

    def letters(self, count: int) -> Iterable[Letter]:
        """Draw letters of all situations, one in ten from a firm."""
        names, weights = list(SITUATIONS), list(SITUATIONS.values())
        for _ in range(count):
            if self.rng.random() < 0.1:
                yield self._firm_letter()
                continue
            situation = self.rng.choices(names, weights)[0]
            yield getattr(self, f"_{situation}")(self.rng.choice(self.people))

    # the town

    def _draw(self, count: int) -> None:
        for number in range(count):
            if self.rng.random() < 0.07:
                self.firms.append(self._firm(number))
                continue
            near = self.people[-1] if self.people else None
            if near and self.rng.random() < 0.12:  # a second client of the flat: spouse, grown-up child, namesake's son
                self.people.append(self._person(number, near.place, self._relative_name(near), near))
            elif near and self.rng.random() < 0.02:  # a namesake elsewhere
                other = self.rng.choice(self.people)
                self.people.append(self._person(number, self._place(), (other.name, other.sex), None))
            else:
                self.people.append(self._person(number, self._place(), self._name(), None))

    def _name(self) -> tuple[tuple[str, str, str], str]:
        drawn = self.town.client(0)
        while drawn.segment != "B2C":
            drawn = self.town.client(0)
        sender = drawn.sender
        return (sender["last_name"], sender["first_name"], sender["patronymic"]), sender["gender"][0]

    def _relative_name(self, near: Person) -> tuple[tuple[str, str, str], str]:
        (_, first, patronymic), sex = self._name()
        stem = near.name[0]
        for he, she in ENDINGS:
            if stem.endswith(he if near.sex == "m" else she):
                stem = stem.removesuffix(he if near.sex == "m" else she) + (he if sex == "m" else she)
                break
        return (stem, first, patronymic), sex

    def _place(self) -> tuple[str, str, int, int]:
        return self.rng.choice(TOWNS), self.rng.choice(STREETS), self.rng.randint(1, 60), self.rng.randint(1, 120)

    def _person(
        self,
        number: int,
        place: tuple[str, str, int, int],
        named: tuple[tuple[str, str, str], str],
        near: Person | None,
    ) -> Person:
        name, sex = named
        phone = f"+7917{self.rng.randint(0, 9_999_999):07d}"
        if near and near.record.phones and self.rng.random() < 0.3:
            phone = near.record.phones[0]
        record = Record(
            name=" ".join(name),
            external_id=f"p{number}",
            accounts=(self._account(),),
            phones=(phone,) if self.rng.random() < 0.75 else (),
            emails=(f"client{number}@mail.example",) if self.rng.random() < 0.5 else (),
            confirmed_address=f"г. {place[0]}, ул. {place[1]}, д. {place[2]}, кв. {place[3]}",
            given=EVERYTHING,
        )
        return Person(record, name, sex, place)

    def _account(self) -> str:
        return f"{self.rng.randint(1, 9)}00{self.rng.randint(0, 999_999):06d}"

    def _firm(self, number: int) -> Record:
        name = f"ООО «{self.rng.choice(self.town.surnames)[0]} {self.rng.choice(('Сервис', 'Торг', 'Строй', 'Плюс'))}»"
        base = f"02{self.rng.randint(0, 9_999_999):07d}"
        check = sum(int(one) * by for one, by in zip(base, (2, 4, 10, 3, 5, 9, 4, 6, 8), strict=True)) % 11 % 10
        return Record(
            name=name, segment="B2B", external_id=f"f{number}", inn=f"{base}{check}",
            contracts=(f"ЭН-{self.rng.randint(1000, 99999)}/{self.rng.randint(15, 26)}",),
            emails=(f"office{number}@firm.example",) if self.rng.random() < 0.7 else (),
            phones=(f"+7347{self.rng.randint(0, 9_999_999):07d}",) if self.rng.random() < 0.7 else (),
            given=EVERYTHING,
        )  # fmt: skip

    # authors

    def _plain(self, who: Person) -> Letter:
        return self._letter("plain", who.name, who, who.record.external_id)

    def _moved(self, who: Person) -> Letter:
        """He writes from where he lives now: now and then another client's flat."""
        there = self.rng.choice(self.people).place if self.rng.random() < 0.3 else self._place()
        return self._letter("moved", who.name, who, who.record.external_id, place=there)

    def _new_phone(self, who: Person) -> Letter:
        """His new telephone: CRM knows it not, or as another's who had it before."""
        others = self.rng.choice(self.people).record.phones if self.rng.random() < 0.3 else ()
        phone = others[0] if others else f"+7927{self.rng.randint(0, 9_999_999):07d}"
        return self._letter("new_phone", who.name, who, who.record.external_id, phone=phone)

    def _relative(self, who: Person) -> Letter:
        """One of the family writes about the holder's account; he is no client under this name."""
        name, _ = self._relative_name(who)
        return self._letter("relative", name, who, None)

    def _new_owner(self, who: Person) -> Letter:
        """He bought the flat; CRM still knows the old owner."""
        name, _ = self._name()
        return self._letter("new_owner", name, who, None, phone="", email="")

    def _stranger(self, who: Person) -> Letter:
        name, _ = self._name()
        place = (*who.place[:3], self.rng.randint(121, 300))
        return self._letter("stranger", name, who, None, place=place, phone="", email="", account=self._account())

    def _namesake(self, who: Person) -> Letter:
        """A man of the same name who is no client."""
        account = self._account() if self.rng.random() < 0.5 else ""
        return self._letter("namesake", who.name, who, None, place=self._place(), phone="", email="", account=account)

    def _neighbour(self, who: Person) -> Letter:
        """A client who quotes another's account: «у соседа по счёту … начислено меньше»."""
        other = self.rng.choice(self.people)
        letter = self._letter("neighbour", who.name, who, who.record.external_id, account=other.record.accounts[0])
        return Letter("neighbour", letter.sender, letter.client, {"account_number": 0.4}, others_data=True)

    def _wrong_account(self, who: Person) -> Letter:
        """A wrong digit that makes another client's account; the rest is his own."""
        other = self.rng.choice(self.people)
        return self._letter("wrong_account", who.name, who, who.record.external_id, account=other.record.accounts[0])

    def _colleague(self, who: Person) -> Letter:
        """A realtor or lawyer without a power of attorney, with the client's numbers and his own name and telephone."""
        name, _ = self._name()
        return self._letter("colleague", name, who, None, phone=f"+7937{self.rng.randint(0, 9_999_999):07d}", email="")

    def _firm_letter(self) -> Letter:
        firm = self.rng.choice(self.firms)
        known = self.rng.random() < 0.85
        name = firm.name if known else f"ООО «{self.rng.choice(self.town.surnames)[1]} Групп»"
        written = name.replace("ООО ", "Общество с ограниченной ответственностью ") if self._in(0.2) else name
        inn = firm.inn if self._in(0.7) and known else None
        sender = Sender(
            org_name=self._noisy(written, 0.15),
            inn=self._digits(inn, 0.05) if inn else None,
            contract_number=firm.contracts[0] if self._in(0.6) and (known or self._in(0.3)) else None,
            phones=list(firm.phones) if known and self._in(0.5) else [],
            emails=list(firm.emails) if known and self._in(0.5) else [],
        )
        return Letter("firm" if known else "other_firm", sender, firm.external_id if known else None)

    # what stands in a letter

    def _letter(
        self,
        situation: str,
        name: tuple[str, str, str],
        who: Person,
        client: str | None,
        **other: Any,
    ) -> Letter:
        """The author's fields: each stands in the letter or not, with its errors; ``other`` replaces the client's."""
        phone = other.get("phone", next(iter(who.record.phones), ""))
        email = other.get("email", next(iter(who.record.emails), ""))
        account = other.get("account", who.record.accounts[0])
        place = other.get("place", who.place)
        last, first, patronymic = (self._noisy(part, 0.07) for part in name)
        if self._in(0.18):
            first, patronymic = f"{first[0]}.", f"{patronymic[0]}." if self._in(0.9) else ""
        elif self._in(0.08):
            patronymic = ""
        sender = Sender(
            last_name=last or None,
            first_name=first or None,
            patronymic=patronymic or None,
            account_number=self._digits(account, 0.03) if account and self._in(0.65) else None,
            address=self._address(place) if self._in(0.8) else None,
            phones=[self._digits(phone, 0.03)] if phone and self._in(0.5) else [],
            emails=[email] if email and self._in(0.6) else [],
        )
        return Letter(situation, sender, client)

    def _address(self, place: tuple[str, str, int, int]) -> str:
        town, street, house, flat = place
        street = self._noisy(street, 0.05)
        forms: Sequence[Callable[[], str]] = (
            lambda: f"г. {town}, ул. {street}, д. {house}, кв. {flat}",
            lambda: f"{town}, {street} {house}-{flat}",
            lambda: f"ул. {street}, дом {house}, квартира {flat}",
            lambda: f"450000, Республика Башкортостан, г. {town}, {street}, {house}, кв.{flat}",
        )
        return self.rng.choice(forms)()

    def _in(self, share: float) -> bool:
        return self.rng.random() < share

    def _noisy(self, word: str, share: float) -> str:
        """One slip of the pen or of the recognition, in so many words of a hundred."""
        if len(word) < 4 or not self._in(share):
            return word
        at = self.rng.randrange(1, len(word) - 1)
        match self.rng.randrange(4):
            case 0:
                return word[:at] + self.rng.choice(LETTERS) + word[at + 1 :]
            case 1:
                return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            case 2:
                return word[:at] + word[at + 1 :]
            case _:
                return word[:at] + LOOKALIKES.get(word[at].lower(), word[at]) + word[at + 1 :]

    def _digits(self, number: str, share: float) -> str:
        if not self._in(share):
            return number
        at = self.rng.randrange(2, len(number))
        return number[:at] + str((int(number[at]) + self.rng.randint(1, 9)) % 10) + number[at + 1 :]


def settle(actor: Any, house: House, records: Sequence[Record]) -> None:
    """Put the town's cards into the register."""
    for at in range(0, len(records), 500):
        with house.db.session() as session:
            table.apply(actor, session, table.plan(actor, session, records[at : at + 500]))


def judge(house: House, letters: Iterable[Letter]) -> list[Judged]:
    """Ask the matching about every letter."""
    found, rules = [], house.book.clients.matching
    with house.db.session(write=False) as session:
        for letter in letters:
            asked = matching.find(
                session, letter.sender, rules, readings=letter.readings, others_data=letter.others_data
            )
            first = asked.candidates[0] if asked.candidates else None
            right = first is not None and first.client.external_id == letter.client
            seen = tuple((one.seen, one.client.external_id == letter.client) for one in asked.candidates)
            found.append(Judged(letter, first.confidence if first else 0.0, right, asked.sure is not None, seen))
    return found


@dataclass(frozen=True)
class Bin:
    """Letters whose first candidate got a confidence of this range: how many, the mean of it, how many were right."""

    low: float
    count: int
    confidence: float
    right: float


def precision(judged: Sequence[Judged]) -> tuple[float, int]:
    """Share of right ones among what is linked, and how many were linked."""
    linked = [one for one in judged if one.linked]
    return (sum(one.right for one in linked) / len(linked) if linked else 1.0), len(linked)


def recall(judged: Sequence[Judged]) -> float:
    """Share of the clients' own letters that are linked to them without a person."""
    own = [one for one in judged if one.letter.client is not None]
    return sum(one.linked and one.right for one in own) / len(own)


def calibration(judged: Sequence[Judged], width: float = 0.1) -> tuple[list[Bin], float]:
    """Bins of confidence against truth, and the expected calibration error: the mean distance, weighed by count."""
    bins = []
    proposed = [one for one in judged if one.confidence > 0]
    steps = round(1 / width)
    for step in range(steps):
        low = step * width
        own = [one for one in proposed if min(int(one.confidence / width + 1e-9), steps - 1) == step]
        if own:
            mean = sum(one.confidence for one in own) / len(own)
            bins.append(Bin(low, len(own), mean, sum(one.right for one in own) / len(own)))
    error = sum(one.count * abs(one.confidence - one.right) for one in bins) / max(1, len(proposed))
    return bins, error
