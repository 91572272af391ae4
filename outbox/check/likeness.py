"""What a line of a letter looks like: a salutation, a position with a name, an addressee, a topic, a stamp."""

from __future__ import annotations

import re
from typing import Final

from classifiers.lemmas import analyzer
from outbox.check.persons import find_persons, find_signing
from outbox.check.reader.model import Align, Block
from outbox.check.text import clean, fold
from outbox.check.wording import Wording
from outbox.check.zones import Zone, marked_zone

SALUTATION: Final = re.compile(
    r"^\W*(уважаем(?!ому\b|ой\b)\w*|ув(?:аж)?\.\s?(?=[А-ЯЁа-яё])|здравствуй\w*|добр(?:ый|ое|ого)\s+(?:день|дня|утро|утра|вечера?|времени)|дорог(?:ой|ая|ие)\b|приветству\w*"
    r"|глубокоуважаем\w*|многоуважаем\w*|(?:[а-яё-]+\s+){1,3}[а-яё-]+,\s+(?:здравствуй|добрый\s))",
    re.IGNORECASE,
)
BARE_SALUTATION: Final = re.compile(r"^(господин|госпожа|господа)?\s*([А-ЯЁ][а-яё-]+\s+){1,3}[А-ЯЁ]?[а-яё-]*\s*[!,]$")
TEXT_AFTER: Final = re.compile(r"^.{0,60}[!,.]\s*\w+(?:\s+[\w(№.]+){6,}")
"""A salutation with a sentence behind it."""
NOTE: Final = re.compile(r"^приложени[ея]\s*:|^приложени[ея]\b.{0,60}\bна\s+\d+\s*л\.", re.IGNORECASE)
ENCLOSURE: Final = re.compile(r"^приложени[ея](?:\s*(?:№|N)?\s*\d{1,2})?(?:\s+к\s+.{1,80})?\s*[.:]?$", re.IGNORECASE)
MARK: Final = re.compile(r"^\W*исп(?:олнитель|олн?)?\b", re.IGNORECASE)
TOPIC: Final = re.compile(r"^об?о?\s+[а-яё«№]", re.IGNORECASE)
_LABELS: Final = (("копия", Zone.COPY), ("кому", Zone.ADDRESSEE), ("тема", Zone.TOPIC))
OWN_NUMBER: Final = re.compile(r"^на\s+№|^исх\b|^№", re.IGNORECASE)
LETTERHEAD: Final = re.compile(
    r"^на\s+№|^исх\b|\bинн\b|\bогрн|\bкпп\b|\bтел\b|тел\.|факс|@|www\.|https?:|^№|^от\s+[\d_«]|^\d{1,2}\.\d{1,2}\.\d{4}|^«?\d{1,2}»?\s+[а-я]+\s+\d{4}",
    re.IGNORECASE,
)
ACTING: Final = re.compile(
    r"^(?:и\.\s?о\.|врио|вр\.\s?и\.\s?о\.|исполняющему обязанности)\s+[а-яё]+(?:а|я|у|ю|ого|его)\b", re.IGNORECASE
)
"""Who stands in for another: «И.о. директора», «Врио начальника»."""
_DATIVE_ADJECTIVES: Final = re.compile(r"^(?:\w+(?:ому|ему)\s+)*")
ADDRESS: Final = re.compile(r"@|www\.|https?:|\bинн\b|\bогрн|\b\d{6}\b|\bул\.|\bг\.\s|\bпр\.|[«»]|факс", re.IGNORECASE)
"""What the footer of a letterhead holds and an executor mark does not."""
_PLACE: Final = re.compile(
    r"\b(?:ул|д|кв|г|пер|пр|просп|обл|р-н|пос|с|корп|оф|пл|б-р|наб|мкр|ш)\.\s?[А-ЯЁ\d]|\b\d{6}\b|,\s*(?:д\.?\s*)?\d+",
    re.IGNORECASE,
)
_OF_A_MATTER: Final = re.compile(r"[А-ЯЁ][а-яё]{3,}\s+(?:об?о?|по|на|за|к|от|для)\s")
"""A thing with what it is about: «Сведения о начислениях по адресу: ул. Лесная, 4»."""
FOOTER_LINES: Final = 3
SHORT: Final = 120
SENTENCE: Final = 60
PAGE_NUMBER: Final = 12
_LEADING: Final = re.compile(r"[А-Яа-яЁё-]+")
_ADJECTIVES: Final = 3
_NAMES: Final = frozenset({"Geox", "Surn", "Name", "Orgn", "Trad"})
RIGHT_HALF: Final = 60.0  # millimetres from the left margin


def labelled(text: str, wording: Wording) -> Zone | None:
    """The field that the label of a line names: «Кому:», «Тема письма: …»."""
    folded = fold(text)
    return next((zone for word, zone in _LABELS if wording.labels[word].match(folded)), None)


def regards(text: str, wording: Wording) -> bool:
    """Whether a line is the formula before a signature: «С уважением,», «Искренне Ваши»."""
    return wording.regards.match(fold(text)) is not None and len(text) < SHORT and not text.endswith(".")


def addresses(text: str, wording: Wording) -> bool:
    """Whether a line begins with an office in the dative: «Генеральному директору …», «И.о. директора»."""
    if ACTING.match(text):
        return True
    words = fold(text)
    adjectives = _DATIVE_ADJECTIVES.match(words)
    return any(wording.addressed.match(words, at) is not None for at in {0, adjectives.end() if adjectives else 0})


def _is_stamp(block: Block, wording: Wording) -> bool:
    """Whether a line is of the mark of an electronic signature, and no sentence that speaks of certificates."""
    text = clean(block.text)
    return len(text) < SHORT and not text.endswith((".", ";")) and wording.stamp.search(fold(text)) is not None


def stamped(blocks: list[Block], wording: Wording) -> set[int]:
    """Numbers of the blocks that make up the visible mark of an electronic signature: two lines of it tell a group."""
    found: set[int] = set()
    group: list[Block] = []

    def close() -> None:
        if sum(_is_stamp(one, wording) for one in group) > 1:
            found.update(one.number for one in group)

    for block in blocks:
        same = group and (
            (block.cell is not None and group[-1].cell == block.cell)
            or (block.box and group[-1].box == block.box)
            or (block.cell is None and not block.box and _is_stamp(block, wording))
        )
        if not same:
            close()
            group = []
        group.append(block)
    close()
    return found


def signs(text: str, wording: Wording) -> bool:
    """Whether a line may be a signature: short, ends with or consists of a name, is not a sentence."""
    text = clean(text)
    persons = find_signing(text, wording)
    if not persons or len(text) > 2 * SHORT:
        return False
    rest = re.sub(r"подпись|м\.\s?п\.", "", text[persons[-1].end :], flags=re.IGNORECASE).strip(" )(/_\\")
    return len(rest) <= 2 or bool(re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{2,4}\s*г?\.?", rest))  # noqa: PLR2004 - stray marks


def is_executor(block: Block, signed: Block, wording: Wording) -> bool:
    """Whether a name below a signature is the executor's: in full below initials, or in smaller type."""
    size, above = block.dominant_size(), signed.dominant_size()
    if size and above and above.value - size.value > 1:
        return True
    below, above_it = (find_signing(clean(one.text), wording) for one in (block, signed))
    return below[-1].full and not above_it[-1].full


def only_name(block: Block, wording: Wording) -> bool:
    """Whether a line holds a name and nothing else but a line for the hand."""
    text = clean(block.text)
    persons = find_signing(text, wording)
    return bool(persons) and not re.sub(r"[\W\d_]+", "", text.replace(persons[-1].text, ""))


def is_note(block: Block) -> bool:
    """Whether a line is the note about appendices."""
    marked = marked_zone(block)
    return (marked is not None and marked[0] is Zone.NOTE) or bool(NOTE.match(clean(block.text)))


def names_addressee(text: str, wording: Wording) -> bool:
    """Whether a line begins with somebody in the dative: «Директору …», «Студенту группы …», «Нгуену Ван Туану»."""
    if addresses(text, wording):
        return True
    for word in _LEADING.findall(text)[:_ADJECTIVES]:
        tags = [parse.tag for parse in analyzer().parse(word.lower())]
        if any("NOUN" in tag and "anim" in tag and "datv" in tag and "nomn" not in tag for tag in tags[:2]):
            return True
        if not any("ADJF" in tag and "datv" in tag for tag in tags):
            return False
    return False


def is_topic(text: str, wording: Wording) -> bool:
    """Whether a line names a matter without «О»: «Разъяснение требований к вывеске», «Благодарность за книги».

    It begins with a thing in the nominative that is no body, no place and no part of an address.
    """
    words = _LEADING.findall(text)
    if len(words) <= 1 or len(text) > 2 * SHORT or not words[0][:1].isupper() or find_persons(text, wording):
        return False
    head = (
        (ADDRESS.search(text) and not _OF_A_MATTER.match(text))
        or LETTERHEAD.search(text)
        or wording.address.match(fold(text))
    )
    return not head and not wording.organisation.search(fold(text)) and _names_thing(words)


def opens_topic(text: str, wording: Wording) -> bool:
    """Whether a line begins as a topic does: «О перерасчёте», «Относительно счётчика», «По вопросу льготы»."""
    text = text.lstrip('«"“ ')
    opens = TOPIC.match(text) is not None or wording.topics.match(fold(text)) is not None
    return opens and len(text) < 2 * SHORT


def may_be_topic(text: str, wording: Wording) -> bool:
    """Whether a line of the header could name a matter: it is no person, body, place, number, date or address."""
    words = _LEADING.findall(text)
    if len(words) <= 1 or not (text.lstrip('«"“([')[:1].isupper()) or len(text) > 2 * SHORT:
        return False
    if find_persons(text, wording) or names_addressee(text, wording) or labelled(text, wording):
        return False
    folded = fold(text)
    place = (
        (_PLACE.search(text) and not _OF_A_MATTER.match(text))
        or LETTERHEAD.search(text)
        or wording.address.match(folded)
    )
    return not place and not wording.organisation.search(folded)


def _names_thing(words: list[str]) -> bool:
    """Whether words begin with a thing in the nominative, adjectives before it: «Ваш отзыв», «Разъяснение»."""
    for word in words[:_ADJECTIVES]:
        parses = analyzer().parse(word.lower())[:2]
        if any(
            {"NOUN", "inan", "nomn"} <= one.tag.grammemes and not _NAMES & one.tag.grammemes and one.is_known
            for one in parses
        ):
            return True
        if not any("ADJF" in one.tag and "nomn" in one.tag for one in parses):
            return False
    return False


def stands_right(block: Block) -> bool:
    """Whether a line of the header stands where an addressee does: on the right half of the sheet."""
    cell = block.cell
    return (
        block.align.value is Align.RIGHT
        or block.left >= RIGHT_HALF
        or (cell is not None and cell.columns > 1 and cell.column == cell.columns - 1)
    )


def name_runs_on(text: str, following: Block | None, wording: Wording) -> bool:
    """Whether a name begins on this line and ends on the next: «Ветошкиной Анжелике», «Вениаминовне»."""
    if following is None or LETTERHEAD.search(text):
        return False
    people = find_persons(f"{text} {clean(following.text)}", wording)
    return bool(people) and people[0].full and people[0].start < len(text) < people[0].end


def header_zone(text: str, current: Zone, following: Block | None, wording: Wording) -> Zone:
    """The part of the header that a line belongs to, given the part before it."""
    if opens_topic(text, wording):
        return Zone.TOPIC
    if LETTERHEAD.search(text) and current is not Zone.ADDRESSEE:
        return Zone.LETTERHEAD
    if names_addressee(text, wording) or find_persons(text, wording) or name_runs_on(text, following, wording):
        return Zone.ADDRESSEE
    continues = current in {Zone.ADDRESSEE, Zone.COPY} and not OWN_NUMBER.match(text)
    return current if continues or (current is Zone.TOPIC and text[:1].islower()) else Zone.LETTERHEAD
