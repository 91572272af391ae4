"""What the answer says (6.3, 9.2.1, 12.3.12, 12.5.2-12.5.7): questions, solutions, reasons, quotations, brevity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from outbox.check.answers import unanswered
from outbox.check.facts import Letter
from outbox.check.rule import Hit, NotCheckedError, rule
from outbox.check.text import LAW, clean, dates, excerpt, fold, sentences
from outbox.check.zones import Zone
from rules.wire import ReplyKind

_MANY: Final = 2  # questions from which on they must be told apart
_NUMBERED: Final = re.compile(r"^(?:\d{1,2}\s?[.)]|вопрос\s+\d|по\s+(?:\w+\s+)?вопросу|[а-я]\))", re.IGNORECASE)
_CLIENT_SAID: Final = re.compile(
    r"вы\s+(?:пишете|указываете|сообщаете|утверждаете|отмечаете)[^«»]{0,40}«(?P<quote>[^«»]{8,})»"
)
_QUOTE_HEAD: Final = re.compile(
    r"^\s*(?:>|(?:от|отправлено|from|sent):\s|-{3,}\s*(?:исходное сообщение|пересылаемое сообщение|original message)"
    r"|текст\s+(?:вашего\s+)?(?:обращения|заявления|жалобы|письма)\s*:|вы\s+(?:писали|написали)\s*:\s*«"
    r"|\d{1,2}\.\d{1,2}\.\d{2,4}\b.{0,80}\b(?:пишет|писали?|написала?)\s*:)",
    re.IGNORECASE,
)
_FORM: Final = re.compile(
    r"\b(?:письм|электронн\w+ почт|e-mail|звонк|телефон|личн\w+ кабинет|смс|лично|почт)\w*", re.IGNORECASE
)
_FINAL: Final = re.compile(
    r"\b(?:окончательн|итогов|полн|подробн|развернут)\w+\s+(?:\w+\s+){0,2}(?:ответ|решени|результат|информаци|письм)\w*"
)
_HEARS: Final = re.compile(
    r"\bответ|\bрезультат|\bрешени|\bитог|\b(?:сообщ|напиш|направ|вышл|высл|уведом|извест|проинформир|свяж|расскаж|отправ)\w*"
)
_MAY_OFFER: Final = re.compile(
    r"\b(?:просим|прошу)\s+(?:\w+\s+)?(?:прислать|сообщить|подать|принести|передать|направить)\b|\bзаявк\w+\s+принима\w+"
    r"|\bмастер\s+может\b|\bесли\s+(?:у\s+вас|вы|сохранил\w+|появ\w+)\b"
)
"""Words by which an office may show another way."""
_TELLS: Final = re.compile(r"\b(?:напиш|направ|вышл|высл|уведом|сообщ|почт|портал|звон|свяж)\w*")
_TERM: Final = re.compile(r"в течение\s+\S+|в срок до|не позднее")
_IMPERATIVE: Final = re.compile(r"\b(?:просим|прошу|необходимо|требуется|следует)\b[^.]*?(?:до|не позднее)\s+\d")
_BECAUSE: Final = re.compile(
    r"\b(?:не\s+(?:может|можем|могу|могут|вправе|получится|удастся)|нельзя|невозможн\w+)\b[^.:;]{0,80}:\s*[а-я]"
)
"""A refusal whose colon gives the reason: «вернуть деньги клиника не может: протез изготовлен по слепкам»."""
_OF_A_DOCUMENT: Final = re.compile(r"\s*(?:г\.|года)?\s*№")
_SUM: Final = re.compile(r"\d[\d\s]{0,14}(?:[.,]\d+)?\s*(?:руб|₽)", re.IGNORECASE)


@rule("BO-2")
def has_solution(letter: Letter) -> Iterator[Hit]:
    """The main text asks for an action, offers a solution or tells what was done."""
    text = letter.zones.text(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING)
    if letter.zones.blocks(Zone.BODY) and not any(
        letter.search(words, text) for words in ("promise", "done", "solution")
    ):
        yield Hit("основной текст")


@rule("BO-7")
def brevity(letter: Letter) -> Iterator[Hit]:
    """Sentences of up to forty words, paragraphs of up to 900 characters, no filler; law in quotes may be longer."""
    for block, text in letter.texts(Zone.PREAMBLE, Zone.BODY):
        plain = re.sub(r"«[^»]{60,}»", "«…»", text)
        longest = max((len(one.split()) for part in plain.split(";") for one in sentences(part)), default=0)
        filler = letter.search("filler", plain)
        if letter.zones.zone_of(block) is Zone.PREAMBLE:
            longest, plain = 0, ""  # another rule tells of its length
        if longest > letter.rulebook.limits.sentence_words:
            yield Hit(letter.where(block), {"count": str(longest)}, variant="sentence")
        elif len(plain) > letter.rulebook.limits.paragraph_chars:
            yield Hit(letter.where(block), {"count": str(len(plain))})
        elif filler:
            yield Hit(letter.where(block), {"found": filler.group()}, variant="filler")


def _questions(letter: Letter) -> list[str]:
    incoming = letter.case.incoming
    if incoming is None:
        return []
    if "questions" not in incoming.model_fields_set:
        raise NotCheckedError("в деле не указаны вопросы обращения")
    return [question for question in incoming.questions if clean(question)]


@rule("BO-8")
def questions_apart(letter: Letter) -> Iterator[Hit]:
    """Several questions: numbered answers, or at least a paragraph for each."""
    questions = _questions(letter)
    if len(questions) < _MANY:
        return
    blocks = [block for block in letter.zones.blocks(Zone.BODY) if clean(block.text)]
    numbered = sum(bool(_NUMBERED.match(clean(block.text))) or block.list_item for block in blocks)
    if numbered < _MANY and len(blocks) < len(questions):
        yield Hit("основной текст", {"count": str(len(questions))})


@rule("BO-9")
def every_question(letter: Letter) -> Iterator[Hit]:
    """Each question of the appeal has its paragraph or numbered section."""
    questions = _questions(letter)
    for number, section in unanswered(questions, letter):
        values = {"number": str(number), "found": excerpt(clean(questions[number - 1]), 0, 60, 0)}
        yield Hit(letter.where(section) if section else "основной текст", values)


@rule("BO-13")
def interim_promise(letter: Letter) -> Iterator[Hit]:
    """An interim answer says when and in what form the final one comes (6.3)."""
    text = _of_the_final_answer(letter.zones.text(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING))
    missing = [
        what
        for what, there in (
            ("срок", bool(_TERM.search(fold(text))) or bool(_later(letter, text))),
            ("форма", bool(_FORM.search(text))),
        )
        if not there
    ]
    if missing:
        whole = letter.zones.text(Zone.BODY, Zone.CLOSING)
        when, how = (
            (_TERM.search(fold(whole)) or _later(letter, whole)),
            _FORM.search(whole) or _TELLS.search(fold(whole)),
        )
        elsewhere = not text and ("срок" not in missing or when) and ("форма" not in missing or how)
        doubt = "срок и форма могут быть названы в другом предложении" if elsewhere else ""
        yield Hit("основной текст", {"missing": " и ".join(missing)}, doubt=doubt)


def _of_the_final_answer(text: str) -> str:
    """Sentences of what the client will hear: those that name the final answer, each with the next one, if any do."""
    told = [one for line in text.split("\n") for one in sentences(line)]
    final = [at for at, one in enumerate(told) if _FINAL.search(fold(one))]
    if final:
        return "\n".join("\n".join(told[at : at + 2]) for at in final)
    return "\n".join(one for one in told if _HEARS.search(fold(one)))


def _later(letter: Letter, text: str) -> bool:
    written = letter.written
    return any(written is None or one.date >= written for one in dates(text))


@rule("BO-14")
def refusal_reasoned(letter: Letter) -> Iterator[Hit]:
    """A refusal has reasons and says what can be done instead (12.3.12)."""
    text = letter.zones.text(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING)
    if letter.kind is not ReplyKind.REFUSAL and not letter.search("refusal", text):
        return
    told = {
        "причины": bool(letter.search("reason", text) or LAW.search(text) or _BECAUSE.search(fold(text))),
        "варианты": letter.search("offer", text),
    }
    missing = [what for what, there in told.items() if not there]
    if missing:
        may = missing == ["варианты"] and _MAY_OFFER.search(fold(text))
        doubt = f"другим выходом могут быть слова «{may.group()}»" if may else ""
        yield Hit("основной текст", {"missing": " и ".join(missing)}, doubt=doubt)


@rule("BO-15")
def quoted_words(letter: Letter) -> Iterator[Hit]:
    """Words quoted as the client's stand in the appeal."""
    incoming = letter.case.incoming
    quotes = [
        (block, match["quote"])
        for block, text in letter.texts(Zone.PREAMBLE, Zone.BODY)
        for match in _CLIENT_SAID.finditer(clean(text).replace("Вы", "вы"))
    ]
    if not quotes:
        return
    if incoming is None or not incoming.text:
        raise NotCheckedError("в деле нет текста обращения")
    said = re.sub(r"[\W_]+", " ", fold(incoming.text))
    for block, quote in quotes:
        if re.sub(r"[\W_]+", " ", fold(quote)).strip() not in said:
            yield Hit(letter.where(block), {"found": excerpt(quote, 0, 60, 0)})


@rule("BO-16")
def answer_first(letter: Letter) -> Iterator[Hit]:
    """With the appeal quoted in full, the answer stands before the quotation (12.5.7)."""
    blocks = letter.zones.blocks(Zone.PREAMBLE, Zone.BODY, Zone.CLOSING)
    quoted = [at for at, block in enumerate(blocks) if _QUOTE_HEAD.match(clean(block.text))]
    if quoted and quoted[0] <= 1 < len(blocks) - len(quoted):
        yield Hit(letter.where(blocks[quoted[0]]))


@rule("CO-2")
def nothing_new(letter: Letter) -> Iterator[Hit]:
    """The conclusion brings no date, sum or demand that the text did not have."""
    closing = letter.zones.text(Zone.CLOSING)
    before = letter.zones.text(Zone.PREAMBLE, Zone.BODY)
    told = {one.date for one in dates(before)}
    fresh = [
        closing[one.start : one.end]
        for one in dates(closing)
        if one.date not in told and not _OF_A_DOCUMENT.match(closing, one.end)
    ]
    fresh += [match.group() for match in _SUM.finditer(closing) if match.group() not in before]
    demand = _IMPERATIVE.search(fold(closing))
    if before and (fresh or (demand and demand.group() not in fold(before))):
        yield Hit("заключение", {"found": fresh[0] if fresh else clean(demand.group()) if demand else ""})
