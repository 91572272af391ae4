"""The covering letter with which an authority forwards a citizen's letter: where it stands, whose it is, what it wants.

The covering letter stands above the citizen's one; its signature stands there too, or at the foot of a letter that
quotes the citizen in its middle. The body names itself in the letterhead, in the signature, or as the sender of the
message.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from classifiers.blocks import blank
from classifiers.contacts import find_emails, find_phones
from classifiers.found import Found, found_at
from classifiers.lemmas import headed_in_nominative
from classifiers.numbers import find_dates, find_reference
from classifiers.orgs import find_org
from classifiers.wordlists import any_of, load
from rules.wire import PartyGuess, Sender

_FORWARDS: Final = re.compile(
    r"(?i)(?:направля\w+|перенаправля\w+|препровожда\w+|пересыла\w+|пересла\w+|направил\w*|перенаправил\w*|поступил\w+"
    r"|(?:ко\s+мне|к\s+нам|в\s+(?:наш\s+|мой\s+)?адрес|в\s+[а-яё]*(?:комитет|прокуратуру|администраци\w+|при[её]мную))"
    r"\s+обрати\w+|прос\w+\s+(?:\w+\s+){0,2}рассмотреть)"
    r"(?:[^.]|(?<=\b[гдсп])\.|(?<=\b(?:ул|кв|пр|гр|им))\.|(?<=\b[А-ЯЁ])\.){0,160}?\b(?:обращени\w+|жалоб\w+|заявлени\w+|письм\w+)"
)
_LETTER_BEGINS: Final = re.compile(
    r"(?im)^[ \t]*(?:(?P<label>[-–—=_*]{3,}[^\n]*|(?:текст\s+)?(?:обращени[ея]|заявлени[ея]|жалоб[аы])[ \t]*:?[ \t]*)$"
    r"|(?:генеральному\s+директору|директору|руководителю|начальнику|в)\s+[^\n]{0,40}\bЕИРЦ\b[^\n]*|[^\n]{0,40}\bот\s+[А-ЯЁ][а-яё]+(?:ой|а|ого|ей|ы|и)\s+[А-ЯЁ][^\n]*)"
)
_HEAD: Final = 400
_COVER_LEAST: Final = 30
_MAX_LINES_ABOVE: Final = 3
_SIGNED: Final = re.compile(
    r"[А-ЯЁ]\.[ \t]?(?:[А-ЯЁ]\.[ \t]?)?[А-ЯЁ][а-яё]{2,}|[А-ЯЁ][а-яё]{2,}[ \t]+[А-ЯЁ]\.[ \t]?[А-ЯЁ]\."
)
_SIGNATURE_CHARS: Final = 260
_ABOUT_CHARS: Final = 500
_HOW_TO_ANSWER: Final = re.compile(
    r"\n[ \t]*\n|\b(?:О\s+(?:результатах|принятых)|Ответ|Копию|Информацию|Прошу|Просим)\b"
)
_NAME_OF_BODY: Final = re.compile(
    r"[ \t]*(?P<name>[^\n№]{4,140}?)(?=\s*(?:\n|№|(?i:исх|от \d|\d\d\.\d\d|направля|перенаправля|препровожда"
    r"|пересыла|просит)|$))"
)
_NAME_IN_SIGNATURE: Final = re.compile(r"(?P<name>[^\n\d,;]{4,140}?)(?=[ \t]{2,}|[ \t]+[А-ЯЁ]\.|[\n\d,;]|$)")
_TERM: Final = re.compile(r"(?i)\b(?:в\s+срок\s+до|не\s+позднее|до|срок\w*\s*[:—–-]?\s*(?:до)?)\s*$")
_COPY: Final = re.compile(
    r"(?i)\bкопи\w+\s+(?:ответа|письма)|\bи\s+(?:в\s+наш\s+адрес|нам\b|нас\b|мне\b)|\bи\s+(?:в\s+)?(?:министерств\w+"
    r"|прокуратур\w+|комитет\w*|госкомитет\w*|администраци\w+|управлени\w+|инспекци\w+|аппарат\w*)"
    r"|\b(?:сообщить|информировать|проинформировать|уведомить)\s+(?:нам|нас|мне|меня)\b"
    r"|\bо\s+результатах[^.]{0,80}\b(?:в\s+наш\s+адрес|нам\b|прокуратуру|комитет|министерство|(?:в\s+)?адрес\s+[А-Я])"
)


@cache
def _authority() -> re.Pattern[str]:
    """A body of power by the beginning of its name (data/bodies.yaml)."""
    return any_of([rf"\b(?:{'|'.join(load('bodies')['forwards'])})"])


@cache
def _officer() -> re.Pattern[str]:
    """The line of a signature that begins with an officer's post (data/bodies.yaml)."""
    return re.compile(rf"(?im)^[ \t]*(?:{'|'.join(load('bodies')['officers'])})\b[^\n]*")


@cache
def _power() -> re.Pattern[str]:
    """A post that tells a body of power by itself (data/bodies.yaml)."""
    return any_of(load("bodies")["powers"])


@dataclass(frozen=True, slots=True)
class Cover:
    """A covering letter of an authority.

    The citizen's letter lies from ``end`` to ``foot``; both are the text's length when only the covering letter came.
    ``named_at`` is where the body's name begins, None when only the channel tells it.
    """

    end: int
    foot: int
    forwards_at: int
    named_at: int | None = None

    def about(self, text: str) -> str:
        """What the covering letter says of the citizen where it forwards his letter; offsets stay.

        What follows, how and where to answer, speaks of the body.
        """
        end = min(self.end, self.forwards_at + _ABOUT_CHARS)
        asks = _HOW_TO_ANSWER.search(text, self.forwards_at, end)
        return blank(text, [(0, self.forwards_at), (asks.start() if asks else end, len(text))])

    @property
    def encloses(self) -> bool:
        """Whether the citizen's own letter came with it."""
        return self.end < self.foot

    def citizens(self, text: str) -> str:
        """The citizen's letter alone; the covering letter around it is blanked, so that offsets stay."""
        return blank(text, [(0, self.end), (self.foot, len(text))])

    def bodys(self, text: str) -> str:
        """The covering letter alone; offsets stay."""
        return blank(text, [(self.end, self.foot)])


def find_cover(text: str, sent_by: str | None = None) -> Cover | None:
    """The covering letter with which an authority forwards somebody's letter; None when there is none.

    ``sent_by`` is the name that the channel gives the sender.
    """
    forwards = _FORWARDS.search(text)
    if forwards is None:
        return None
    head = _in_head(text)
    signed = _signature(text, forwards.end())
    by_channel = sent_by is not None and _authority().match(sent_by.strip(" «\"'")) is not None
    at_foot = _authority().search(text, *signed) if signed else None
    by_post = signed is not None and _power().match(text[slice(*signed)].lstrip()) is not None
    if head is None and not (by_channel or at_foot or by_post):
        return None
    named_at = at_foot.start() if head is None and at_foot and not by_channel else head
    begins = _LETTER_BEGINS.search(text, forwards.end() + _COVER_LEAST)
    if begins is None:
        return Cover(len(text), len(text), forwards.start(), named_at)
    starts = begins.end() if begins["label"] else begins.start()
    foot = signed[0] if signed is not None and signed[0] > starts else len(text)
    return Cover(starts, foot, forwards.start(), named_at)


def _in_head(text: str) -> int | None:
    """Where the line begins that names a body of power at the top; None when the letter is written *to* it."""
    org = _authority().search(text[:_HEAD])
    if org is None or text[: org.start()].count("\n") > _MAX_LINES_ABOVE:
        return None
    if re.search(r"(?i)\b(?:в|от|директору|прокурору)\s*$", text[max(org.start() - 14, 0) : org.start()]):
        return None
    return text.rfind("\n", 0, org.start()) + 1


def _signature(text: str, since: int) -> tuple[int, int] | None:
    """Where the officer who forwards has signed: the first such line with a name in it or close below."""
    for line in _officer().finditer(text, since):
        end = min(line.start() + _SIGNATURE_CHARS, len(text))
        if _SIGNED.search(text, line.start(), end):
            return line.start(), end
    return None


def forwarding_body(
    text: str, cover: Cover, sent_by: Found | None = None, sent_from: Found | None = None
) -> PartyGuess:
    """The forwarding body with its number, date, term, and whether it wants a copy of the answer.

    ``sent_by`` and ``sent_from`` are the name and the address that the channel gives the sender: the body's.
    """
    cover_text = cover.bodys(text)
    org = _body_name(text, cover, sent_by)
    number, date = find_reference(cover_text)
    details = {}
    evidence = {}
    for name, item in (("number", number), ("date", date)):
        if item is not None:
            details[name] = item.value
            evidence[name] = item.evidence()
    for day, start, end in find_dates(cover_text):
        if start > cover.forwards_at and _TERM.search(cover_text[max(start - 30, 0) : start]):
            details["term"] = day.isoformat()
            evidence["term"] = found_at(text, "", 0.85, start, end).evidence()
            break
    if _COPY.search(cover_text[cover.forwards_at :]):
        details["copy"] = "да"
    if org is not None:
        evidence["org_name"] = org.evidence()
    emails = [one.value.lower() for one in (sent_from, *find_emails(cover_text)) if one and "@" in one.value]
    who = Sender(
        org_name=org.value if org else None,
        phones=[one.value for one in find_phones(cover_text)],
        emails=list(dict.fromkeys(emails)),
    )
    return PartyGuess(role="forwarding_body", fields=who, details=details, evidence=evidence)


def _body_name(text: str, cover: Cover, sent_by: Found | None) -> Found | None:
    """The body's name as its letter gives it, else as the channel does."""
    if cover.named_at is None:
        return sent_by
    if cover.named_at < cover.forwards_at:
        return find_org(text[: cover.end]) or _named(text, cover.named_at, _NAME_OF_BODY)
    found = _named(text, cover.named_at, _NAME_IN_SIGNATURE)
    return replace(found, value=headed_in_nominative(found.value)) if found else None


def _named(text: str, start: int, pattern: re.Pattern[str]) -> Found | None:
    """The body's name where it is no usual letterhead («Депутат … направляет»), or in its officer's signature."""
    match = pattern.match(text, start)
    if match is None:
        return None
    return found_at(text, " ".join(match["name"].split()), 0.7, *match.span("name"))
