"""Tone (12.3.13-12.3.16, 12.4.3): forbidden words, outside quotations of law."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Final

from outbox.check.facts import TEXT_ZONES, Letter
from outbox.check.manner import Manner, Span
from outbox.check.phrasing import first_person, is_diminutive
from outbox.check.reader.model import Block
from outbox.check.rule import Hit, rule
from outbox.check.text import CACHED, LAW, excerpt, fold, quotations, quoted_law, sentence_around
from outbox.check.zones import Zone
from rules.wire import Severity

_ADDRESS: Final = re.compile(
    r"\bвы\s*,?\s*(?:как|являетесь|-|—)|\bвас\s*,?\s*как\b|\bвам\s*,?\s*как\b|\bуважаем\w+\s+$|\bвами\s*,?\s*как\b|\bваш\w*\s+как\b"
)
_ABBREVIATION: Final = re.compile(r"(?<![\w№./-])(?<!\bсерии )(?<!\bсерия )[А-ЯЁ]{2,6}(?![\w/-]|\.\w|\s№)")
_EXPLAINED: Final = re.compile(r"[а-яё»]\s*\((?:далее\s*[-–—]\s*)?(?P<short>[А-ЯЁ]{2,6})\)")
_TO_THE_CLIENT: Final = re.compile(r"\b(?:вы|вас|вам|вами|ваш\w*)\b")
_CLIENT_WROTE: Final = re.compile(
    r"\b(?:пишете|указываете|сообщаете|утверждаете|отмечаете|считаете|написали|указали)\b[^«»]{0,40}$"
)
_DIMINUTIVE: Final = re.compile(
    r"(?<![\w«-])[А-ЯЁа-яё][а-яё]{1,}(?:[оеёи]ч(?:к[аиеуоы]\w{0,2}|ек)|ик(?:а|у|ом|е|и|ов|ам|ами|ах)?|[уюи]шк[аиеуо]\w{0,2}"
    r"|ышк[аоуе]\w{0,2}|ец[оауеы]\w{0,2}|[оеё]ньк\w{1,3})(?![\w-])"
)
"""Words that may be diminutives by their end."""
_TO_SEVERAL: Final = re.compile(r"\W*[а-я]+(?:ые|ие)\b")
_SMALL_YOU: Final = re.compile(r"(?<![\w-])(?:вы|вас|вам|вами|ваш(?:а|е|и|у|ей|ею|его|ему|им|ими|их|ем)?)(?![\w-])")


_REGRET: Final = re.compile(r"\b(?:жаль|жалеем|сожал|вин[аыуе]\b|виноват|прост[ия]|извин)\w*")
"""Words by which somebody may be sorry."""
_CONDITION: Final = re.compile(r"\b(?:если|когда|чтобы|бы|ли|либо|вдруг|хотя)\b[^.;]{0,60}$")
_SORRY: Final = "сказано с сожалением"
_SPARED: Final = "сказано с условием или отрицанием"
_BIDS: Final = re.compile(
    r"\b(?:необходимо|нужно|надо|надлежит|следует|обязан\w*|должн\w*|просим|прошу|требу\w+|извольте|явитесь|предъявите)\b"
)
_STRONGER: Final = (
    ("TN-2", "categorical"),
    ("TN-6", "blame"),
    ("TN-12", "remarks"),
    ("TN-3", "harsh"),
    ("TN-11", "belittling"),
    ("TN-15", "internal"),
    ("TN-10", "slang"),
)
"""Lists whose phrases may overlap: the same words are told of once, by the first of these."""
_BY_ROLES: Final[dict[str, Callable[[Manner, str], Iterator[Span]]]] = {
    "TN-6": Manner.blames,
    "TN-11": Manner.belittles,
    "TN-12": Manner.remarks,
    "TN-15": Manner.tales,
}
"""What shows them without the words of a list."""


@lru_cache(maxsize=CACHED)
def _spans(pattern: re.Pattern[str], text: str) -> tuple[tuple[int, int], ...]:
    return tuple(match.span() for match in pattern.finditer(text))


def _hit(letter: Letter, block: Block, text: str, match: re.Match[str]) -> Hit:
    """A finding that shows the words with what stands around them."""
    return Hit(letter.where(block), {"found": excerpt(text, match.start(), match.end(), 20)})


def _told_already(letter: Letter, rule_id: str, text: str) -> list[tuple[int, int]]:
    """Places of which a stronger rule tells, by its words or by the roles in a sentence."""
    folded = fold(text)
    found: list[tuple[int, int]] = []
    for stronger, words in _STRONGER:
        if stronger == rule_id:
            return found
        excused = stronger == "TN-2" and letter.context is not None and letter.context.client_legal_breach
        if not excused and letter.rulebook.by_id[stronger].enabled:
            found += _spans(letter.rulebook.words(words), folded)
            if stronger in _BY_ROLES:
                found += _BY_ROLES[stronger](letter.rulebook.manner, text)
    return []


def _clients_words(text: str, start: int) -> bool:
    """Whether the place lies in a quotation of what the client wrote."""
    return any(left <= start < right and _CLIENT_WROTE.search(fold(text[:left])) for left, right in quotations(text))


def _matches(letter: Letter, rule_id: str, words: str) -> Iterator[tuple[Block, str, re.Match[str]]]:
    """The first match of a word list in each paragraph that no exception phrase covers and no quoted law holds."""
    excepted = letter.rulebook.pattern(letter.rulebook.by_id[rule_id].exceptions)
    for block, text in letter.texts():
        folded = fold(text)
        spared = [*_spans(excepted, folded), *_told_already(letter, rule_id, text)]
        for match in letter.rulebook.words(words).finditer(folded):
            covered = any(left <= match.start() < right or left < match.end() <= right for left, right in spared)
            if (
                not covered
                and not _clients_words(text, match.start())
                and not quoted_law(text, match.start(), letter.lead_in(block))
            ):
                yield block, text, match
                break  # one finding a paragraph


def _manners(letter: Letter, rule_id: str) -> Iterator[Hit]:
    """What no list says but the roles in a sentence do: a warning, one a paragraph, where no list has spoken."""
    excepted = letter.rulebook.pattern(letter.rulebook.by_id[rule_id].exceptions)
    own = letter.rulebook.words(dict(_STRONGER)[rule_id])
    for block, text in letter.texts():
        folded = fold(text)
        spared = [*_spans(excepted, folded), *quotations(text), *_spans(own, folded)]
        spared += _told_already(letter, rule_id, text)
        for left, right in _BY_ROLES[rule_id](letter.rulebook.manner, text):
            if not any(a < right and left < b for a, b in spared):
                found = excerpt(text, left, right, 10)
                yield Hit(letter.where(block), {"found": found}, severity=Severity.WARNING)
                break


@rule("TN-1")
def client_words(letter: Letter) -> Iterator[Hit]:
    """The client is not «абонент», «потребитель», «покупатель»; explaining the law may use the words."""
    for block, text, match in _matches(letter, "TN-1", "client_words"):
        sentence = sentence_around(text, match.start())
        before = fold(text[max(0, match.start() - 25) : match.start()])
        addressed = bool(_ADDRESS.search(before))
        if not addressed and LAW.search(sentence):
            continue
        values = {"found": excerpt(text, match.start(), match.end(), 20)}
        yield Hit(letter.where(block), values, severity=None if addressed else Severity.WARNING)


@rule("TN-2")
def categorical(letter: Letter) -> Iterator[Hit]:
    """No «Вы обязаны», «явиться», «предъявить», unless the client broke a duty set by law."""
    if letter.context is not None and letter.context.client_legal_breach:
        return
    for block, text, match in _matches(letter, "TN-2", "categorical"):
        said = sentence_around(text, match.start())
        negated = re.search(r"\bне\s", match.group()) is not None and "обяз" in match.group()
        hit = _hit(letter, block, text, match)
        bidden = fold(said).startswith(match.group()) or _BIDS.search(fold(said)) is not None
        aimed = bidden or _TO_THE_CLIENT.search(fold(said)) is not None or first_person(said)
        doubt = _SPARED if negated else "" if aimed else "сказано, может быть, не клиенту"
        yield dataclasses.replace(hit, doubt=doubt)


@rule("TN-3")
def harsh(letter: Letter) -> Iterator[Hit]:
    """Words of the house list."""
    for block, text, match in _matches(letter, "TN-3", "harsh"):
        sentence = sentence_around(text, match.start())
        ours = _TO_THE_CLIENT.search(fold(sentence)) or first_person(match.group())
        if LAW.search(sentence) and not ours:
            continue  # what the law says of others: «банк незамедлительно исполняет постановление»
        yield _hit(letter, block, text, match)


@rule("TN-6")
def blame(letter: Letter) -> Iterator[Hit]:
    """The client is not blamed."""
    for block, text, match in _matches(letter, "TN-6", "blame"):
        conditional = _CONDITION.search(fold(text)[: match.start()])
        sorry = _REGRET.search(fold(sentence_around(text, match.start()))) and not conditional
        doubt = _SPARED if conditional else _SORRY if sorry else ""
        yield dataclasses.replace(_hit(letter, block, text, match), doubt=doubt)
    yield from _manners(letter, "TN-6")


@rule("TN-13")
def capital_you(letter: Letter) -> Iterator[Hit]:
    """«Вы» and «Ваш» with a capital letter to one person; a letter to several people may use small ones."""
    if _TO_SEVERAL.match(fold(letter.salutation)):
        return
    for block, text in letter.texts():
        quoted = quotations(text)
        for match in _SMALL_YOU.finditer(text):
            if not any(left <= match.start() < right for left, right in quoted):
                yield Hit(letter.where(block), {"found": excerpt(text, match.start(), match.end(), 15)})
                return


@rule("TN-4")
def apology(letter: Letter) -> Iterator[Hit]:
    """The company or its partner erred: the letter apologises (12.3.15)."""
    text = letter.zones.text(*TEXT_ZONES)
    if letter.case.company_at_fault and not letter.search("apology", text):
        regret = _REGRET.search(fold(text))
        yield Hit("текст письма", doubt=f"извинением могут быть слова «{regret.group()}»" if regret else "")


@rule("TN-5")
def admitted(letter: Letter) -> Iterator[Hit]:
    """The text admits an error, but the case does not say so and nobody apologises."""
    if letter.context is not None and letter.context.company_at_fault:
        return
    if letter.search("apology", letter.zones.text(*TEXT_ZONES)):
        return
    for block, text in letter.texts():
        match = letter.search("admission", text)
        if match and not quoted_law(text, match.start(), letter.lead_in(block)):
            yield _hit(letter, block, text, match)
            return


@rule("TN-7")
def right_procedure(letter: Letter) -> Iterator[Hit]:
    """The client erred: the letter says what to do, without blame (12.3.16)."""
    if letter.case.client_at_fault and not letter.search("offer", letter.zones.text(*TEXT_ZONES)):
        yield Hit("основной текст")


@rule("TN-9")
def abbreviations(letter: Letter) -> Iterator[Hit]:
    """Abbreviations are known to everybody or explained where they are met first (12.3.8)."""
    known = {word.upper() for word in letter.rulebook.lists["known_abbreviations"]}
    known |= set(_ABBREVIATION.findall(letter.zones.text(Zone.LETTERHEAD, Zone.ADDRESSEE, Zone.SIGNATURE)))
    for block, text in letter.texts():
        known |= {match["short"] for match in _EXPLAINED.finditer(text)}
        quoted = quotations(text)
        for match in _ABBREVIATION.finditer(text):
            if match.group() not in known and not any(left <= match.start() < right for left, right in quoted):
                known.add(match.group())
                yield Hit(letter.where(block), {"found": match.group()})


@rule("TN-8")
def sympathy_and_plan(letter: Letter) -> Iterator[Hit]:
    """A complaint is met with sympathy and a plan of action (14.3)."""
    text = letter.zones.text(*TEXT_ZONES)
    if not letter.case.complaint:
        return
    told = (("сочувствия", ("sympathy", "apology")), ("плана действий", ("promise", "done", "offer")))
    missing = [what for what, lists in told if not any(letter.search(words, text) for words in lists)]
    if missing:
        yield Hit("текст письма", {"missing": " и ".join(missing)})


@rule("TN-17")
def no_insult_repeated(letter: Letter) -> Iterator[Hit]:
    """Insulting words of the client are not said again, in quotes or without (14.3)."""
    for block, text in letter.texts():
        match = letter.search("insults", text)
        if match:
            yield _hit(letter, block, text, match)


def _listed(rule_id: str, words: str) -> None:
    """Make a rule of a word list and of what the roles in a sentence show."""

    @rule(rule_id)
    def listed(letter: Letter) -> Iterator[Hit]:
        for block, text, match in _matches(letter, rule_id, words):
            yield _hit(letter, block, text, match)
        yield from _manners(letter, rule_id)


@rule("TN-10")
def plain_speech(letter: Letter) -> Iterator[Hit]:
    """No slang, no diminutives: by the word list, and words that end as diminutives of a word of the dictionary."""
    told = set()
    for block, text, match in _matches(letter, "TN-10", "slang"):
        told.add(block.number)
        yield _hit(letter, block, text, match)
    usual = frozenset(fold(one) for one in letter.rulebook.lists["no_diminutives"])
    for block, text in letter.texts():
        for match in _DIMINUTIVE.finditer(text):
            if block.number not in told and is_diminutive(fold(match.group()), usual):
                yield _hit(letter, block, text, match)
                break


_listed("TN-11", "belittling")
_listed("TN-12", "remarks")
_listed("TN-15", "internal")
