"""The letters of the demonstration post: their typed model, their loader, and the dates inside their texts."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from importlib import resources
from typing import Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from rules.wire import Channel, Kind, Segment, Sender, Triage

Form = Literal[
    "mail-plain",
    "mail-html",
    "mail-koi8",
    "mail-cp1251",
    "mail-pdf",
    "mail-docx",
    "mail-photo",
    "mail-thread",
    "mail-auto",
    "mail-bounce",
    "mail-empty",
    "mail-exe",
    "scan-pdf",
    "scan-tiff-g4",
    "scan-tiff-lzw",
    "scan-jpeg",
    "scan-hand",
    "scan-batch",
]
ChannelAddress = Literal["company", "curator", "personal_manager"]
Wear = Literal[
    "office", "colour", "skew", "rotate90", "rotate180", "noise", "jpeg", "fax", "bilevel", "low_contrast", "dpi150"
]

_MONTHS = {
    case: names.split()
    for case, names in {
        "m": "январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь",
        "mg": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "mp": "январе феврале марте апреле мае июне июле августе сентябре октябре ноябре декабре",
    }.items()
}
_TOKEN = re.compile(r"\{(d|mg|mp|m|y)([+-]\d+)?\}")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Expectation(_Strict):
    """What a reader should make of a letter; the first topic is the main one, the others are fitting too."""

    topics: list[str] = Field(min_length=1)
    segment: Segment
    kind: Kind
    triage: Triage = Triage.NEW_APPEAL
    needs_person: bool = False
    is_vip: bool = False
    is_collective: bool = False
    forwarded: bool = False
    language: str = "ru"
    items: int = 1
    alarms: list[str] = []
    authority_term_days: int | None = None


class Paper(_Strict):
    """How a letter is typed. ``dated`` is how many days before its receipt the letter was written."""

    style: Literal["citizen", "org", "authority", "bare"]
    font: Literal["serif", "sans"] = "serif"
    title: str | None = None
    dated: int | None = None
    stamp: bool = False
    position: str | None = None
    executor: str | None = None
    enclosures: list[str] = []


class Forwarding(_Strict):
    """The covering letter of a body that forwards a citizen's letter."""

    org_name: str
    address: str
    ref_number: str
    dated: int
    position: str
    name: str
    text: str


class Photo(_Strict):
    """What a photographed water meter shows."""

    reading: str
    serial: str


class Extras(_Strict):
    """What only some forms need."""

    wear: list[Wear] = []
    wear_last: list[Wear] = []
    paper: Paper | None = None
    batch: str | None = None
    signers: list[str] = []
    forwarding: Forwarding | None = None
    photo: Photo | None = None
    attachment: str | None = None
    file_name: str | None = None
    dated: int = 1
    in_reply_to: str | None = None
    quoted: str | None = None
    recipient: str | None = None
    message_id: str | None = None


class Letter(_Strict):
    """One invented letter: what it says, how it comes, when, and what to expect of its reading."""

    id: str = Field(pattern=r"^[SM]\d\d$")
    form: Form
    days_ago: int = Field(ge=0, le=40)
    at: dt.time = dt.time(10, 0)
    channel: Channel
    channel_address: ChannelAddress = "company"
    subject: str
    text: str
    sender: Sender
    expect: Expectation
    repeat_of: str | None = None
    extras: Extras = Extras()

    @model_validator(mode="after")
    def _form_has_its_extras(self) -> Self:
        needs = {
            "mail-photo": self.extras.photo,
            "mail-pdf": self.extras.attachment,
            "mail-docx": self.extras.attachment,
            "mail-exe": self.extras.file_name,
            "mail-thread": self.extras.in_reply_to,
            "mail-bounce": self.extras.message_id,
            "scan-batch": self.extras.batch,
        }
        if self.form in needs and not needs[self.form]:
            raise ValueError(f"Письмо {self.id}: для вида {self.form} не хватает данных в extras.")
        if self.form.startswith("scan-") and self.form != "scan-hand" and self.extras.paper is None:
            raise ValueError(f"Письмо {self.id}: для бумажного письма укажите extras.paper.")
        return self

    @property
    def is_mail(self) -> bool:
        """Whether it comes by e-mail (else it is scanned paper)."""
        return self.form.startswith("mail-")

    def received(self, today: dt.date) -> dt.date:
        """Date of receipt when the demonstration is laid out on ``today``."""
        return today - dt.timedelta(days=self.days_ago)


class _Letters(_Strict):
    version: int
    letters: list[Letter]


@cache
def load_letters() -> tuple[Letter, ...]:
    """All letters of the demonstration post, in the order of the file.

    Raises:
        pydantic.ValidationError: The file does not fit the model.
        ValueError: Two letters have one id.
    """
    raw = resources.files("otvet.demo").joinpath("letters.yaml").read_text(encoding="utf-8")
    letters = _Letters.model_validate(yaml.safe_load(raw)).letters
    ids = [letter.id for letter in letters]
    if len(ids) != len(set(ids)):
        raise ValueError("В letters.yaml повторяется id письма.")
    return tuple(letters)


def long_date(day: dt.date) -> str:
    """A date as letters write it: «7 ноября 2026 г.»."""
    return f"{day.day} {_MONTHS['mg'][day.month - 1]} {day.year} г."


def fill(text: str, received: dt.date) -> str:
    """Put dates into a text of ours, counted from the receipt.

    ``{d-3}`` is a day as 07.11.2026, ``{m-1}``, ``{mg-1}`` and ``{mp-1}`` a month in the nominative, genitive and
    prepositional, ``{y-1}`` the year of that month.
    """

    def value(match: re.Match[str]) -> str:
        what, shift = match[1], int(match[2] or 0)
        if what == "d":
            return (received + dt.timedelta(days=shift)).strftime("%d.%m.%Y")
        year, month = divmod(received.year * 12 + received.month - 1 + shift, 12)
        return str(year) if what == "y" else _MONTHS[what][month]

    return _TOKEN.sub(value, text)
