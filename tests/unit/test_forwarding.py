"""A citizen's letter that an authority forwards: whose letter it is, what the body wants, what is no forwarding."""

from __future__ import annotations

import pytest

from classifiers.fields import read_sender
from classifiers.forwarding import find_cover
from classifiers.reader import Classifier
from classifiers.topics import TopicCard, TopicModel
from rules.wire import PartyGuess, Segment

QUOTED = (
    "Директору ООО «ЕИРЦ РБ»\n\nНаправляем обращение Валиевой Гульнары Фаритовны, проживающей по адресу: г. Уфа, "
    "ул. Рихарда Зорге, д. 44, кв. 17, для рассмотрения по существу.\nО результатах просим сообщить заявителю "
    "и в адрес Комитета в срок до 21.12.2026.\n\nТекст обращения:\nПрошу разобраться, почему по счёту 10440017 "
    "начислено отопление, хотя батареи были холодные.\n\nЗаместитель председателя{body}      И. Р. Сафин\n"
    "Исх. № 08-14421 от 27.11.2026"
)
"""The citizen is quoted in the middle of the body's letter; its signature stands below."""

BODY = "Госкомитет РБ по жилищному надзору"
CHANNEL = {"from_name": BODY, "from_email": "Priemnaya@gkzhn.example"}


def body_of(text: str, meta: dict[str, str] | None = None) -> PartyGuess:
    (found,) = [one for one in read_sender(text, channel_meta=meta).parties if one.role == "forwarding_body"]
    return found


@pytest.mark.parametrize(
    ("text", "meta"),
    [
        pytest.param(QUOTED.format(body=" Госкомитета РБ по жилищному надзору"), None, id="in the signature"),
        pytest.param(QUOTED.format(body=""), CHANNEL, id="as the sender of the message"),
        pytest.param(f"{BODY}\n450101, г. Уфа, ул. Пушкина, 106\n\n{QUOTED.format(body='')}", None, id="at the top"),
    ],
)
def test_the_body_is_found_wherever_it_names_itself(text: str, meta: dict[str, str] | None) -> None:
    reading = read_sender(text, channel_meta=meta)
    sender = reading.sender
    assert (sender.last_name, sender.first_name, sender.patronymic) == ("Валиева", "Гульнара", "Фаритовна")
    assert (sender.address, sender.account_number) == ("г. Уфа, ул. Рихарда Зорге, д. 44, кв. 17", "10440017")
    assert (sender.position, sender.client_ref_number, sender.emails) == (None, None, [])
    body = body_of(text, meta)
    assert body.fields.org_name == BODY
    assert body.fields.emails == ([CHANNEL["from_email"].lower()] if meta else [])
    assert body.details == {"number": "08-14421", "date": "2026-11-27", "term": "2026-12-21", "copy": "да"}
    for name in ("number", "date", "term"):
        place = body.evidence[name]
        assert text[place.start : place.end].strip()


def test_a_deputy_tells_in_his_own_words_whose_appeal_it_is() -> None:
    text = (
        "Ко мне обратилась жительница г. Салавата Хабирова Н. М. (ул. Уфимская, д. 5, кв. 8) с жалобой на расчёт "
        "платы. Прошу рассмотреть, ответ направить заявителю и мне.\n\n"
        "Депутат Государственного Собрания Республики Башкортостан     А. В. Тарасов"
    )
    sender = read_sender(text).sender
    assert (sender.last_name, sender.first_name) == ("Хабирова", "Н.")
    body = body_of(text)
    assert body.fields.org_name == "Депутат Государственного Собрания Республики Башкортостан"
    assert body.details == {"copy": "да"}


@pytest.mark.parametrize(
    "text",
    [
        "Прошу направить моё обращение в прокуратуру. Иванов",
        "Направляю вам заявление о перерасчёте.\n\nПредседатель ТСЖ «Мир»   Ким О. И.",
        "Я уже направлял обращение в Госкомитет по жилищному надзору, ответа нет.\n\nПенсионер  Сафин И. Р.",
        "В Прокуратуру района\nкопия: ЕИРЦ\n\nНаправляю жалобу на начисления.\n\nИванова А. П.",
    ],
)
def test_what_is_no_covering_letter(text: str) -> None:
    assert find_cover(text, "Иван Сафин") is None


def test_the_topic_and_the_segment_are_those_of_the_citizens_question() -> None:
    both, firm = (Segment.B2C,), (Segment.B2B,)
    cards = (
        TopicCard("C01", "Отопление", both, "", ("батареи холодные", "начислено отопление")),
        TopicCard("C02", "Пени", both, "", ("начислили пени, уберите пеню",)),
        TopicCard("B12", "Запрос органа", firm, "", ("направляем обращение для рассмотрения по существу",)),
        TopicCard("B01", "Расчёт", firm, "", ("разъясните расчёт объёма по зданию",)),
    )
    reader = Classifier(TopicModel.train(cards, ()))
    text = QUOTED.format(body=" Госкомитета РБ по жилищному надзору")
    seen = reader.understand(text)
    assert (seen.segment, seen.topics[0].code) == (Segment.B2C, "C01")
    assert [one.code for one in seen.alarms] == ["authority_request"]
    assert seen.asked_dates == []  # the term is the body's, not the citizen's
    assert all("Сафин" not in item.text and "Комитета" not in item.text for item in seen.items)
    place = seen.topic_evidence["C01"].sentence
    assert place is not None
    assert reader.understand(text, segment=Segment.B2B).topics[0].code == "B12"
