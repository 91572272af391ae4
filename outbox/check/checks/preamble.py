"""The preamble: number, date and purpose of the letter (12.5.11, 12.5.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.facts import Letter
from outbox.check.phrasing import acts, first_person, says_what_is_done
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import alike, clean, dates, fold, references, sentences, squeeze
from outbox.check.zones import Zone
from rules.wire import IncomingFacts

WHERE: Final = "преамбула"
_OTHER_DOCUMENT: Final = re.compile(
    r"(договор|акт|счет|лицев|постановлен|приказ|правил|закон|л/с|квитанц|платежн|пункт|дом|кв\.?|квартир"
    r"|прибор\w* учета)"
    r"[^.;]{0,30}$"
)
_INCOMING: Final = re.compile(
    r"\b(вх|обращени|письм|заявлени|жалоб|претензи|запрос|благодарност|предложени|заявк)\w*", re.IGNORECASE
)
_ABOUT: Final = re.compile(r"\b(?:об?о?|по вопрос\w*|по поводу|по факту|касающ\w*|относительно|за)\s+[а-я«]")
_WE_DID: Final = re.compile(r"\bмы\s+(?:\w+\s+)?[а-я]+ли\b")
_WITHOUT_NUMBER: Final = re.compile(r"^\s*б/?н\b", re.IGNORECASE)
_HEADER_REFERENCE: Final = re.compile(r"на\s+(?:ваш\w*\s+)?(?:вх\.?\s*)?(?:№|N)\s*(?P<rest>.{1,80})", re.IGNORECASE)


def _incoming(letter: Letter) -> IncomingFacts | None:
    if not letter.known("incoming"):
        raise NotCheckedError("в деле не указано, на какое обращение это ответ")
    return letter.case.incoming


def _own_references(text: str) -> list[str]:
    """Numbers in the text that can be the incoming one: not of contracts, accounts, laws."""
    return [one.number for one in references(text) if not _OTHER_DOCUMENT.search(one.before)]


def _contains_number(text: str, number: str) -> bool:
    pattern = r"[\W_]*".join(map(re.escape, squeeze(number)))
    return re.search(rf"(?<![^\W_]){pattern}(?![^\W_])", clean(text).lower().replace("ё", "е")) is not None


@rule("PR-1")
def incoming_number(letter: Letter) -> Iterator[Hit]:
    """The incoming number stands in the first paragraph."""
    incoming = _incoming(letter)
    if incoming is None:
        return
    if not incoming.number:
        raise NotCheckedError("в деле не указан номер обращения")
    if not _contains_number(letter.preamble, incoming.number) and not _own_references(letter.preamble):
        yield Hit(WHERE, {"expected": incoming.number})


@rule("PR-2")
def incoming_date(letter: Letter) -> Iterator[Hit]:
    """The incoming date stands in the first paragraph."""
    incoming = _incoming(letter)
    if incoming is None:
        return
    if not incoming.date:
        raise NotCheckedError("в деле не указана дата обращения")
    if not dates(letter.preamble):
        yield Hit(WHERE, {"expected": f"{incoming.date:%d.%m.%Y}"})


@rule("PR-3")
def incoming_equals(letter: Letter) -> Iterator[Hit]:
    """Number and date are those registered."""
    incoming = _incoming(letter)
    if incoming is None:
        return
    if incoming.number and not _contains_number(letter.preamble, incoming.number):
        written = _own_references(letter.preamble)
        if written:
            yield Hit(WHERE, {"found": f"№ {written[0]}", "expected": f"№ {incoming.number}"})
    found = [one.date for one in dates(letter.preamble)]
    if incoming.date and found and incoming.date not in found:
        yield Hit(WHERE, {"found": f"{found[0]:%d.%m.%Y}", "expected": f"{incoming.date:%d.%m.%Y}"})
    if not (incoming.number and incoming.date):
        raise NotCheckedError("в деле нет номера или даты обращения")


@rule("PR-4")
def header_reference(letter: Letter) -> Iterator[Hit]:
    """«На № … от …» of the letterhead equals the case."""
    match = _HEADER_REFERENCE.search(letter.zones.rows(Zone.LETTERHEAD, Zone.ADDRESSEE, Zone.TOPIC))
    if match is None or not re.search(r"\d", match["rest"]):
        return
    if not letter.known("incoming"):
        yield from _at_odds(letter, match)
    incoming = _incoming(letter)
    if incoming is None:
        yield Hit("бланк", {"found": match.group()[:60]}, variant="invented")
        return
    written = re.split(r"\s+от\s", match["rest"])[0]
    if not _WITHOUT_NUMBER.search(written) and not _told(letter, written, incoming.number):
        values = {"found": match.group()[:60], "expected": incoming.number or "без номера"}
        yield Hit("бланк", values, doubt=_own_number(letter, match["rest"], written))
        return
    if _WITHOUT_NUMBER.search(written) and incoming.date:
        return  # the client's letter has a date of its own and no number: nothing to compare
    found = [one.date for one in dates(match["rest"])]
    told = {incoming.date, *(one.date for one in dates(letter.preamble))}
    if incoming.date and found and not told & set(found):
        yield Hit("бланк", {"found": f"{found[0]:%d.%m.%Y}", "expected": f"{incoming.date:%d.%m.%Y}"})


def _own_number(letter: Letter, rest: str, written: str) -> str:
    """Why the number may be the client's own: it is no slip of another number here, and its date is an earlier one."""
    incoming = letter.case.incoming
    days = [one.date for one in dates(rest)]
    if incoming is None or incoming.date is None or not days or days[0] >= incoming.date:
        return ""
    known = (incoming.number or "", *_own_references(letter.preamble))
    return (
        ""
        if any(alike(squeeze(written), squeeze(one)) for one in known)
        else "это может быть собственный номер письма клиента"
    )


def _at_odds(letter: Letter, match: re.Match[str]) -> Iterator[Hit]:
    """The letterhead and the preamble give one date and two numbers that a slip of the hand tells apart."""
    written = re.split(r"\s+от\s", match["rest"])[0].strip()
    days = {one.date for one in dates(match["rest"])} & {one.date for one in dates(letter.preamble)}
    own = _own_references(letter.preamble)
    like = [one for one in own if alike(squeeze(written), squeeze(one))]
    if days and like and not _contains_number(letter.preamble, written):
        yield Hit("бланк", {"found": match.group()[:60], "expected": f"в первом абзаце № {like[0]}"})


def _told(letter: Letter, written: str, registered: str | None) -> bool:
    """Whether a number of the letterhead is the registered one, or the client's own that the preamble repeats."""
    if registered and _contains_number(written, registered):
        return True
    return bool(squeeze(written)) and _contains_number(letter.preamble, squeeze(written))


@rule("PR-5")
def purpose(letter: Letter) -> Iterator[Hit]:
    """A verb that says what the letter is for: of the list, or any by which the office speaks of itself."""
    if letter.preamble and not letter.search("purpose", letter.preamble) and not _speaks(letter.preamble):
        yield Hit(WHERE, doubt="цель могут называть другие слова" if says_what_is_done(letter.preamble) else "")


def _speaks(text: str) -> bool:
    """Whether the office says what it does or did: «отвечаем», «мы проверили», «администрация изучила»."""
    return bool(first_person(text)) or _WE_DID.search(fold(text)) is not None or acts(fold(text))


@rule("PR-9")
def no_invented_number(letter: Letter) -> Iterator[Hit]:
    """A letter of our own accord refers to no incoming one."""
    if _incoming(letter) is not None:
        return
    for one in references(letter.preamble):
        if _INCOMING.search(one.before) and not _OTHER_DOCUMENT.search(one.before):
            yield Hit(WHERE, {"found": one.number})
            return


@rule("PR-6")
def reason(letter: Letter) -> Iterator[Hit]:
    """What the incoming letter was about is named: «о перерасчёте платы»."""
    if letter.preamble and not _ABOUT.search(fold(letter.preamble)):
        yield Hit(WHERE)


@rule("PR-7")
def short(letter: Letter) -> Iterator[Hit]:
    """One paragraph that is understood alone."""
    text, limits = letter.preamble, letter.rulebook.limits
    if len(sentences(text)) > limits.preamble_sentences or len(text) > limits.preamble_chars:
        yield Hit(WHERE, {"count": str(len(text))})


@rule("PR-8")
def dates_in_order(letter: Letter) -> Iterator[Hit]:
    """The appeal is not younger than the answer."""
    incoming, written = _incoming(letter), letter.case.letter.date
    if incoming is None or incoming.date is None or written is None:
        return
    if incoming.date > written:
        yield Hit("дата письма", {"found": f"{incoming.date:%d.%m.%Y}", "date": f"{written:%d.%m.%Y}"})


@rule("PR-10")
def registered(letter: Letter) -> Iterator[Hit]:
    """What is answered was registered: the case has its number and date (7.16)."""
    incoming = _incoming(letter)
    if incoming is None:
        return
    told = {"number": incoming.number, "date": incoming.date}
    if any(not value for name, value in told.items() if name in incoming.model_fields_set):
        yield Hit("сведения о деле")
    elif not told.keys() <= incoming.model_fields_set:
        raise NotCheckedError("в деле нет номера или даты обращения")
