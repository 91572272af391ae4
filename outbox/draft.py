"""The first version of a reply: script, kind and facts put together; what only a person knows stays open."""

from __future__ import annotations

import datetime as dt

from pydantic import Field

from outbox import typography
from outbox.errors import ScriptError
from outbox.position import dative_position
from outbox.scripts import APOLOGY, FAULTS, VARIANT, Block, Frame, KindTexts, Script, ScriptBook, fill, unfilled
from rules.wire import ExecutorFacts, LetterContent, NameForms, ReplyKind, SignatoryFacts, Wire

NO_NAME = "Имя и отчество Клиента неизвестны или не разобраны: укажите обращение вручную."
NO_GENDER = "Пол Клиента не определён по имени и отчеству: выберите «Уважаемый» или «Уважаемая»."
NO_PERSON = "Не указано, кому в организации адресован ответ: если лицо известно, укажите должность, имя и обращение."
NO_HEAD = (
    "Запрос органа власти: ответ адресуют его руководителю. Укажите должность, фамилию и обращение, если известны."
)
COMPANY_SALUTATION = "Уважаемые господа!"
"""To an organisation that named nobody."""
COLLECTIVE = "Письмо коллективное: если все заявители из одного дома, напишите «Уважаемые жители дома № …!»."
COLLECTIVE_SALUTATION = "Уважаемые жители!"
"""To several people. 12.5.10 wants «Уважаемый» with a name, which a group has not; «заявители», «абоненты» and the like
are roles (12.3.13, rule SA-8). Which house they live in only the clerk knows."""
MORE_SUBJECTS = "других вопросах обращения"
NO_ADDRESSEE = "Адресат неизвестен: заполните поле «Кому»."
NO_DATIVE = "Должность адресата не удалось поставить в дательный падеж: проверьте поле «Кому»."


class TopicAnswer(Wire):
    """One question of the appeal and what the clerk decided about it.

    Attributes:
        script: Script of the question's topic.
        chosen: Identifiers of the conditional blocks that apply; None while nobody chose.
        fields: Values of the script's fields that are known, by field name.
    """

    script: Script
    chosen: list[str] | None = None
    fields: dict[str, str] = Field(default={})


class DraftFacts(Wire):
    """What the case knows for its reply. Unknown is None."""

    kind: ReplyKind = ReplyKind.ANSWER
    appeal_number: str | None = None
    appeal_date: dt.date | None = None
    sender: NameForms | None = None
    complaint: bool = Field(default=False, description="the clerk must say whose mistake it was")
    authority: bool = Field(default=False, description="a body that asks by right")
    plain: bool = Field(default=False, description="a client who needs simple words")
    collective: bool = Field(default=False, description="several people wrote; ``sender`` is their contact person")
    org_name: str | None = None
    position: str | None = Field(default=None, description="in the nominative")
    position_dative: str | None = Field(default=None, description="overrides the program's own inflection")
    address: str | None = Field(default=None, description="postal address under the name, for letters by post")
    client_ref_number: str | None = None
    client_ref_date: dt.date | None = None
    copy_to: str | None = None
    topics: list[TopicAnswer] = Field(default=[])
    signatory: SignatoryFacts | None = None
    executor: ExecutorFacts | None = None
    fields: dict[str, str] = Field(default={}, description="values for the fields of every text of the letter")


class Draft(Wire):
    """A drafted letter with what is still open.

    Attributes:
        content: The words; open fields stand in square brackets.
        unfilled: Names of the open fields; sending is refused while there are any.
        reasons: Russian: what the card must ask the clerk.
    """

    content: LetterContent
    unfilled: list[str] = Field(default=[])
    reasons: list[str] = Field(default=[])


def draft(book: ScriptBook, facts: DraftFacts) -> Draft:
    """Compose the first version of a reply.

    Raises:
        ScriptError: No topic was given, or a topic needs no reply at all (robots, advertisements).
    """
    silent = [answer.script.code for answer in facts.topics if answer.script.no_reply]
    if silent:
        raise ScriptError(f"По теме {', '.join(silent)} ответ не направляется. Закройте обращение без ответа.")
    if not facts.topics:
        raise ScriptError("Не выбрана тема обращения. Выберите тему, и черновик ответа будет составлен по её скрипту.")
    texts = book.kinds[facts.kind]
    above = head(facts)
    content = LetterContent(
        kind=facts.kind,
        addressee=above.addressee,
        copy_to=facts.copy_to,
        topic=_subject(facts.topics),
        salutation=above.salutation,
        preamble=fill(_preamble(facts, texts), facts.fields),
        body=[fill(text, facts.fields) for text in _body(facts, texts)],
        closing=fill(_closing(facts, texts), facts.fields),
        incoming_number=facts.appeal_number,
        incoming_date=facts.appeal_date,
        signatory=facts.signatory,
        executor=facts.executor,
        plain=facts.plain,
    )
    return Draft(content=content, unfilled=unfilled(content), reasons=above.reasons)


class Head(Wire):
    """Addressee and salutation alone, with what the card must ask the clerk about them."""

    addressee: list[str]
    salutation: str
    reasons: list[str]


def head(facts: DraftFacts) -> Head:
    """Compose what stands above the text: it needs neither topics nor scripts."""
    reasons: list[str] = []
    return Head(addressee=_addressee(facts, reasons), salutation=_salutation(facts, reasons), reasons=reasons)


def _addressee(facts: DraftFacts, reasons: list[str]) -> list[str]:
    lines = []
    if facts.org_name:
        position = facts.position_dative or (dative_position(facts.position) if facts.position else None)
        if facts.position and position is None:
            reasons.append(NO_DATIVE)
            position = f"[должность в дательном падеже: {facts.position}]"
        lines += [position] if position else []
        lines.append(typography.short_form(facts.org_name))
    if facts.sender and facts.sender.dative:
        lines.append(facts.sender.dative)
    if not lines:
        reasons.append(NO_ADDRESSEE)
    if facts.address and lines:
        lines.append(facts.address)
    return lines


def _salutation(facts: DraftFacts, reasons: list[str]) -> str:
    sender = facts.sender
    if facts.collective:
        reasons.append(COLLECTIVE)
        return COLLECTIVE_SALUTATION
    if sender and sender.salutation and sender.gender:
        return f"{sender.salutation.rstrip('!,. ')}!"
    if facts.org_name and not (sender and sender.last_name):
        reasons.append(NO_HEAD if facts.authority else NO_PERSON)
        return COMPANY_SALUTATION
    if sender and sender.first_name and sender.gender is None:
        reasons.append(NO_GENDER)
    else:
        reasons.append(NO_NAME)
    return ""


def _subject(topics: list[TopicAnswer]) -> str:
    first, *others = [answer.script for answer in topics]
    others = list({script.code: script for script in others if script.code != first.code}.values())
    if len(others) > 1:  # the field must stay two lines long; the sections name each question
        return f"{first.subject} и {MORE_SUBJECTS}"
    return "; ".join([first.subject, *(script.about for script in others)])


def _preamble(facts: DraftFacts, texts: KindTexts) -> str:
    own = facts.topics[0].script.preamble if len(facts.topics) == 1 and facts.kind is ReplyKind.ANSWER else None
    about = " и ".join(dict.fromkeys(answer.script.about for answer in facts.topics))
    if len(facts.topics) > 1:
        about = "по нескольким вопросам"
    frame = _frame(facts, texts)
    text = frame.preamble if frame else own or texts.preamble
    if not facts.appeal_number and texts.preamble_without_number:
        text = texts.preamble_without_number
    return text.replace("{appeal}", _reference(facts)).replace("{about}", about)


def _frame(facts: DraftFacts, texts: KindTexts) -> Frame | None:
    return (texts.authority if facts.authority else None) or (texts.plain if facts.plain else None)


def _reference(facts: DraftFacts) -> str:
    """The client's letter with its own number first, then ours (12.5.2, 12.5.11)."""
    text = "Ваш запрос" if facts.authority else "Ваше обращение"
    if facts.client_ref_number:
        date = f" от {typography.day(facts.client_ref_date)}" if facts.client_ref_date else ""
        text = f"{'Ваш запрос' if facts.authority else 'Ваше письмо'}{date} № {facts.client_ref_number}"
    if not facts.appeal_number:
        return text
    date = f" от {typography.day(facts.appeal_date)}" if facts.appeal_date else ""
    return f"{text} (вх. № {facts.appeal_number}{date})"


def _body(facts: DraftFacts, texts: KindTexts) -> list[str]:
    if texts.body:
        return list(texts.body)
    return [*_faults(facts, texts), *_answers(facts)]


def _faults(facts: DraftFacts, texts: KindTexts) -> list[str]:
    """Variants of a complaint's first paragraph, by whose mistake it was."""
    if not facts.complaint:
        return []
    sorry = any(APOLOGY in block.text.casefold() for answer in facts.topics for block in answer.script.blocks)
    return [
        f"[{VARIANT} {FAULTS[whose]}] {text}"
        for whose, text in texts.complaint.items()
        if not (sorry and whose == "company")  # the topic's own words say it already
    ]


def _answers(facts: DraftFacts) -> list[str]:
    if len(facts.topics) == 1:
        return _paragraphs(facts.topics[0])
    body = []
    for number, answer in enumerate(facts.topics, start=1):
        first, *others = _paragraphs(answer)
        body += [f"{number}. {answer.script.subject}. {first}", *others]
    return body


def _closing(facts: DraftFacts, texts: KindTexts) -> str:
    if frame := _frame(facts, texts):
        return frame.closing
    closings = [answer.script.closing for answer in facts.topics if answer.script.closing]
    return closings[0] if closings and facts.kind is ReplyKind.ANSWER and len(facts.topics) == 1 else texts.closing


def _paragraphs(answer: TopicAnswer) -> list[str]:
    return [
        fill(_marked(block, answer.chosen), answer.fields) for block in answer.script.blocks if _applies(block, answer)
    ]


def _applies(block: Block, answer: TopicAnswer) -> bool:
    return block.when is None or answer.chosen is None or block.id in answer.chosen


def _marked(block: Block, chosen: list[str] | None) -> str:
    """A variant that nobody chose keeps its condition in brackets, so that it cannot leave unseen."""
    return f"[{VARIANT} {block.when}] {block.text}" if block.when and chosen is None else block.text
