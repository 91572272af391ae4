"""The writer's post, beside his name in the signature or where he names himself.

A post is a head («начальник», «инженер-теплотехник») with the words of its rank before it and what depends on it
behind. Known heads stand in data/posts.yaml; another noun for a person is believed where the signature of a firm has
its post.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Final

from classifiers.found import Found, found_at
from classifiers.lemmas import grammemes
from classifiers.mentions import Person
from classifiers.orgs import FORM
from classifiers.text import fold
from classifiers.wordlists import load

_BEFORE, _BEHIND = 200, 140
_LONGEST: Final = 9  # words behind a head
_NUMBERED: Final = re.compile(
    r"[ \t]*(?:№[ \t]?\d{1,3}(?![\d/-])|\d(?:-?(?:й|ой|го|ей))?[ \t]+(?:категории|разряда|класса|кат\.)"
    r"|(?:[IVX]{1,3})[ \t]+категории)"
)
_ABBREVIATION: Final = re.compile(r"[А-ЯЁ]{2,6}(?:-\d{1,3})?(?![А-Яа-яЁё-])")
_LOWER: Final = re.compile(r"[а-яё]+(?:-[а-яё]+)*(?![А-Яа-яЁё])")
_TOWN = r"[А-ЯЁ][а-яё-]+(?:ск|ский|цкий|ы|а|ого|ому)\b(?=[^\n]*\n)"
_AFTER_NAME: Final = re.compile(r"[ \t_/]*(?:[,(|/]|[-–—](?=\s))?[ \t]*\n?[ \t]*(?:[-–—•][ \t]+)?")
_BEFORE_NAME: Final = re.compile(
    r"^(?:[ \t]*\([^()\n]{3,40}\))?(?:[ \t]+(?:по[ \t]+доверенности)?[ \t]*№[ \t]?\S{1,12}"
    r"(?:[ \t]+от[ \t]+\S{6,12}(?:[ \t]?г\.)?)?)?"
    rf"(?:[ \t]+(?:город[а-я]*|г\.|район\w*|округ\w*|Респ\w*|Башкортостан|РБ|РФ|{_TOWN}))*[\s,:–—_/(|.)-]*"
    rf"(?:(?:{FORM}|ИП)(?!\w)[^\n]{{0,80}}|(?:[А-ЯЁ]{{2,6}}[ \t]+)?[«\"][^\n]{{1,50}}[»\"]|\(?подпись\)?"
    r"|[МM]\.\s?[ПP]\.)?[\s,:–—_/(|)-]*$"
)
_LINE_ABOVE: Final = re.compile(r"[ \t_/,:|–—-]*(?:\n[ \t_/]*)?$")
_BEGUN: Final = re.compile(r"[ \t]*(?P<post>[А-ЯЁ][а-яё.-]+(?:[ \t]+[а-яё.-]+){0,5})[ \t_/]+$")
_REST: Final = re.compile(
    r"[ \t_/.|]*\n(?:[ \t]*\n)?[ \t]*(?P<post>[а-яё-]+(?:[ \t]+(?:[а-яё-]+|[А-ЯЁ]{2,6})){0,6})[ \t.]*(?=\n|$)"
)
"""What the left column of a signature says on the line below, the name in the right one between."""
_TRADER: Final = re.compile(r"(?i:индивидуальн\w+\s+предпринимател\w+)")
"""What a person is, not a post he holds."""
_GAP: Final = 20
_WORD_GAP: Final = re.compile(r"[ \t]{1,2}(?:\n[ \t]*)?|[ \t]*\n[ \t]*")
_NOUN: Final = re.compile(r"(?:[А-ЯЁ]?[а-яё-]+(?:ый|ий|ой|ая|яя)[ \t]+)?(?P<head>[А-ЯЁ]?[а-яё]+(?:-[а-яё]+)*)(?![\w.])")


def find_position(text: str, person: Person, *, has_org: bool = True) -> Found | None:
    """The position written beside the sender's name: before it, with at most the firm between, or on the line below.

    Args:
        text: the letter.
        person: who signs.
        has_org: whether a firm writes; only then is a post believed whose head no list knows.
    """
    if person.start is None or person.end is None:
        return None
    if wrapped := _wrapped(text, person.start, person.end):
        return wrapped
    floor = max(person.start - _BEFORE, 0)
    heads = _pattern()
    text = _small(text, floor, person.end)
    before = list(heads.finditer(text, floor, person.start))
    for place, match in reversed(list(enumerate(before))):
        if _TRADER.search(text, max(match.start() - _GAP, 0), match.end()):
            continue
        end = _end(text, match.end(), person.start)
        if _BEFORE_NAME.match(text[end : person.start]) and not _is_no_post(match.group()):
            above = before[place - 1] if place and _serves(match.group()) else None
            reach = _end(text, above.end(), match.start()) if above else 0
            if above and not text[reach : match.start()].strip(" ,\n\t"):
                return _position(text, _first_rank(text, above.start(), floor), reach)
            joined = _joined(text, before[:place], match.start())
            first = match.start() if joined is None else joined
            return _position(text, _first_rank(text, first, floor), end)
    after = _AFTER_NAME.match(text, person.end)
    at = after.end() if after else person.end
    below = heads.match(text, at)
    if below:
        return _position(text, below.start(), _end(text, below.end(), min(len(text), at + _BEHIND)))
    return _unknown(text, person.start, person.end, at) if has_org else None


def _wrapped(text: str, start: int, end: int) -> Found | None:
    """A post over two lines round the name: «Главный  Р.А. Гайсин», below it «бухгалтер»."""
    begun = _BEGUN.match(text[text.rfind("\n", 0, start) + 1 : start])
    rest = _REST.match(text, end)
    if begun is None or rest is None:
        return None
    post = f"{begun['post']} {rest['post']}"
    head = _pattern().search(post)
    if head is None or _first_rank(post, head.start(), 0) or _end(post, head.end(), len(post)) < len(post):
        return None
    if _TRADER.search(post):
        return None
    said = _position(post, 0, len(post))
    return found_at(text, said.value, said.confidence, start - len(begun.group()), rest.end())


def _joined(text: str, before: list[re.Match[str]], at: int) -> int | None:
    """Where a post begins that is joined to the next by a dash: «Технический директор - главный инженер»."""
    dash = _DASH.search(text, max(at - _BEFORE, 0), at)
    if dash is None:
        return None
    for match in reversed(before):
        if match.end() <= dash.start():
            return match.start() if _end(text, match.end(), dash.start()) == dash.start() else None
    return None


_DASH: Final = re.compile(r"[ \t]+[-–—][ \t]+(?:[а-яё]+(?:ый|ий|ой|ая|яя)[ \t]+){0,3}\Z")


def _small(text: str, start: int, end: int) -> str:
    """The text in small letters where the signature is in capitals: «ДИРЕКТОР МАВЛЕТБЕРДИН Ш К»."""
    line = text[max(text.rfind("\n", start, end), start) : end]
    return text.lower() if line.isupper() else text


def _serves(head: str) -> bool:
    """Whether a head is a rank of service («подполковник внутренней службы»)."""
    return fold(head.rsplit(maxsplit=1)[-1]) in _set("service")


def _any(words: list[str]) -> str:
    forms = (
        (rf"[{word[0].upper()}{word[0]}]{word[1:]}" if word[0].isalpha() else word)
        .replace("е", "[её]")
        .replace(" ", r"\.?\s?")
        for word in words
    )
    return "(?:" + "|".join(sorted(forms, key=len, reverse=True)) + ")"


@cache
def _pattern() -> re.Pattern[str]:
    """A head with the words of rank before it; who stands in for somebody is followed by a genitive."""
    posts = load("posts")
    tail = r"(?:-[а-яё]+)?(?![А-Яа-яЁё-])"
    rank = rf"{_any(posts['ranks'])}\.?[ \t]+"
    deputy = (
        rf"(?:{_any(['первый', 'старший'])}[ \t]+)?{_any(posts['stands_in'])}\.?[ \t]*"
        rf"(?:[а-яё]+ого[ \t]+|[а-яё]{{2,4}}\.[ \t]*)?{_any(posts['heads_genitive'])}\.?(?![А-Яа-яЁё])"
        r"(?:[ \t]*[а-яё]+(?:ера|ора|ика|ача|еля)(?![а-яё]))?"
    )
    return re.compile(
        rf"(?<![\w-])(?:{deputy}|(?:{rank}){{0,3}}(?:[А-ЯЁ]?[а-яё]{{3,12}}-)?{_any(posts['heads'])}{tail})"
    )


def _first_rank(text: str, start: int, floor: int) -> int:
    """The beginning of a post with an adjective before it that no list has: «Планово-экономический директор»."""
    before = re.search(r"(?<![\w.])[А-ЯЁ]?[а-яё-]+(?:ый|ий|ой|ая|яя)[ \t]$", text[floor:start])
    if before is None or not any("ADJF" in one for one in grammemes(before.group().strip())):
        return start
    return floor + before.start() if fold(before.group().strip()) not in _set("stops") else start


def _end(text: str, at: int, stop: int) -> int:
    """Where what depends on a head ends: genitives, «по работе с населением», «№ 3», «2 категории», «ОМТС»."""
    end, words, open_link = at, 0, False
    while words < _LONGEST:
        numbered = _NUMBERED.match(text, end, stop)
        if numbered and not text.endswith("доверенности", 0, end):
            end = numbered.end()
            words += 1
            continue
        gap = _WORD_GAP.match(text, end, stop)
        if gap is None:
            break
        line = "\n" in gap.group()
        word = _ABBREVIATION.match(text, gap.end(), stop) or _LOWER.match(text, gap.end(), stop)
        if word is None or (line and fold(word.group()) not in _set("links") and not open_link):
            break
        plain = fold(word.group())
        if plain in _set("stops") or not _depends(word.group(), plain):
            break
        if word.group().isupper() and re.match(r"[ \t]*[«\"„]", text[word.end() : word.end() + 4]):
            break
        open_link = plain in _set("links")
        words += 1
        if not open_link:
            at = word.end()
        end = word.end()
    return end if not open_link else at


def _depends(word: str, plain: str) -> bool:
    """Whether a word may belong to a post: a small word, a mark in capitals, a noun or adjective in an oblique case."""
    if plain in _set("links"):
        return True
    if word.isupper():
        return not re.fullmatch(FORM, word)
    known = grammemes(plain)
    if not known:
        return True
    return any(
        {"NOUN", "ADJF", "PRTF", "NUMR"} & one and {"gent", "datv", "ablt", "loct", "accs", "gen2", "loc2"} & one
        for one in known
    )


def _unknown(text: str, start: int, end: int, at: int) -> Found | None:
    """A post whose head the list lacks: a noun for a person that alone fills the place of one."""
    line_start = text.rfind("\n", 0, start) + 1
    line = text[line_start:start]
    if not line.strip(" \t_/|:—–-"):
        above = text.rfind("\n", 0, max(line_start - 1, 0)) + 1
        line_start, line = above, text[above : max(line_start - 1, 0)]
    elif not re.search(r"[ \t]{3,}|_|/|[|:—–,]\s*$", line):
        return None
    found = _noun(text, line_start + len(line) - len(line.lstrip()), line_start + len(line.rstrip(" \t_/|:,—–-")))
    if found or at <= end:
        return found
    behind = text.find("\n", at)
    return _noun(text, at, len(text) if behind < 0 else behind)


def _noun(text: str, start: int, stop: int) -> Found | None:
    """A post that is all of ``start:stop``."""
    match = _NOUN.match(text, start, stop)
    if match is None or fold(match["head"]) in _set("no_posts") | _set("stops"):
        return None
    last = fold(match["head"].rpartition("-")[2])
    if not any(
        {"NOUN", "anim", "nomn", "sing"} <= one and not {"Name", "Surn", "Patr"} & one for one in grammemes(last)
    ):
        return None
    end = _end(text, match.end(), stop)
    return _position(text, start, end, 0.8) if not text[end:stop].strip(" \t_/|:,.—–-") else None


def _is_no_post(head: str) -> bool:
    return fold(head) in _set("no_posts")


@cache
def _set(name: str) -> frozenset[str]:
    return frozenset(map(fold, load("posts")[name]))


_AUTHORITY: Final = re.compile(r"(?<!едставитель) (?:по|на основании) доверенности\b.*")


def _position(text: str, start: int, end: int, confidence: float = 0.88) -> Found:
    value = _AUTHORITY.sub("", " ".join(text[start:end].split()))
    return found_at(text, value[:1].lower() + value[1:], confidence, start, end)
