import datetime as dt
import random
from typing import get_args

import pytest
from support_letters import Set, letters, noisy

from classifiers.addressmend import mend_houses
from classifiers.blocks import without_foreign_blocks
from classifiers.fields import read_sender
from classifiers.fieldscore import found_of, labels_of, misses, scores
from classifiers.forwarding import find_cover
from classifiers.labels import field_of, within_one
from classifiers.numbers import find_dates, mend_dates, mend_digits
from classifiers.text import mend_words
from rules.wire import PartyGuess


def party(text: str, role: str) -> PartyGuess:
    (found,) = [one for one in read_sender(text).parties if one.role == role]
    return found


@pytest.mark.parametrize("which", get_args(Set))
def test_fields_of_letters_in_every_layout(which: Set) -> None:
    made = list(letters(which, seed=8, count=66))
    pairs, missed = [], []
    for letter in made:
        reading = read_sender(letter.text, channel_meta=letter.meta)
        labels, found = labels_of(letter.sender), found_of(reading.sender)
        pairs.append((labels, found))
        missed += misses(letter.layout, labels, found)
        for evidence in reading.evidence.values():
            assert evidence.start is None or letter.text[evidence.start : evidence.end]
    assert all(one.f1 >= 0.92 for one in scores(pairs)), missed


def test_every_party_of_invented_letters_is_found() -> None:
    expected = found = right = 0
    for letter in letters("seen", seed=9, count=66):
        seen = {(one.role, one.fields.last_name or one.fields.org_name) for one in read_sender(letter.text).parties}
        first = letter.sender["last_name"]
        true = {(one["role"], one.get("last_name") or one.get("org_name")) for one in letter.parties}
        true -= {("author", first)}
        expected, found, right = expected + len(true), found + len(seen), right + len(true & seen)
    assert right / expected >= 0.93
    assert right / found >= 0.93


def test_a_forwarded_letter_is_the_citizens_and_the_authority_a_party() -> None:
    text = (
        "Прокуратура Ленинского района г. Уфы\n№ 08-12/345 от 05.10.2026\n\nГенеральному директору ООО «ЕИРЦ РБ»\n\n"
        "Направляем для рассмотрения обращение Сафиной Розы Ильиничны. О результатах просим сообщить заявителю, "
        "копию ответа направить в наш адрес в срок до 25.10.2026.\n\nПрокурор района   Жуков П.П.\n\n"
        "Директору ООО «ЕИРЦ РБ»\nот Сафиной Розы Ильиничны\nлицевой счёт 1100445566\n\nПрошу пересчитать воду."
    )
    reading = read_sender(text)
    sender = reading.sender
    assert (sender.last_name, sender.account_number, sender.org_name) == ("Сафина", "1100445566", None)
    assert (sender.client_ref_number, sender.letter_date) == (None, None)
    body = party(text, "forwarding_body")
    assert body.fields.org_name == "Прокуратура Ленинского района г. Уфы"
    assert body.details == {"number": "08-12/345", "date": "2026-10-05", "term": "2026-10-25", "copy": "да"}
    place = body.evidence["term"]
    assert text[place.start : place.end] == "25.10.2026"


def test_a_covering_letter_alone_names_the_citizen() -> None:
    text = (
        "Администрация города Салавата\n№ 77 от 01.10.2026\nНаправляем обращение гражданки Ивановой Марии Петровны для "
        "ответа заявителю в установленный законом срок.\nГлава администрации   Котов И.И."
    )
    assert read_sender(text).sender.last_name == "Иванова"
    assert find_cover("Прошу направить моё обращение в прокуратуру. Иванов") is None


def test_a_representative_with_the_paper_and_for_whom() -> None:
    text = (
        "от Белова Игоря Львовича,\nдействующего в интересах Беловой Анны Ивановны\n"
        "по доверенности № 02 АА 1234567 от 01.02.2026, действительна до 01.02.2029\nПрошу справку. Счёт 1100445566"
    )
    assert read_sender(text).sender.first_name == "Игорь"
    acting = party(text, "representative")
    assert acting.details == {"document": "доверенность", "number": "02 АА 1234567", "valid_until": "2029-02-01"}
    holder = party(text, "account_holder")
    assert (holder.fields.first_name, holder.fields.account_number) == ("Анна", "1100445566")


def test_a_collective_letter_has_its_signers_and_the_contact_person() -> None:
    text = (
        "Коллективная жалоба жителей дома 5\nКонтактное лицо: Орлова Ирина Павловна, тел. 8 917 345-67-89\n\nПодписи:\n"
        "1. Гареев Азат Ильич, кв. 1 ____\n2. Орлова Ирина Павловна, кв. 2\n3. Ким Ольга Ивановна, кв. 3"
    )
    assert read_sender(text).sender.last_name == "Орлова"
    assert party(text, "contact").fields.phones == ["+79173456789"]
    signers = [one.fields.last_name for one in read_sender(text).parties if one.role == "author"]
    assert signers == ["Гареев", "Ким"]


def test_the_executor_at_the_foot_and_our_own_numbers_are_not_the_senders() -> None:
    text = "Ваш ответ № ИСХ-2026-000123 от 05.05.2026 получен.\nИсп. Петрова А.А.\nтел. 8 (347) 218-11-22\n"
    rest = without_foreign_blocks(text)
    assert len(rest) == len(text)
    assert rest.split() == ["получен."]


def test_march_is_not_may() -> None:
    found = [day for day, _, _ in find_dates("15 марта 2026 г., 15 мая 2026 г.")]
    assert found == [dt.date(2026, 3, 15), dt.date(2026, 5, 15)]


def test_look_alikes_are_mended_where_a_format_proves_it() -> None:
    assert mend_dates("от О2,03.2026 и 1,5 кг") == "от 02.03.2026 и 1,5 кг"
    assert mend_houses("д. З6а, кв. 1О") == "д. 36а, кв. 10"
    assert mend_houses("д. 36б, кв. 1") == "д. 36б, кв. 1"
    assert mend_digits("8-9l7-З45-67-8О") == "8-917-345-67-80"
    assert mend_words("0т И6рагимова, дом3, 50 лет") == "от Ибрагимова, дом3, 50 лет"
    assert read_sender("почта ivаn@exаmple,ru").sender.emails == ["ivan@example.ru"]  # the а of both words is Cyrillic


def test_a_label_may_be_misread_by_one_letter() -> None:
    assert field_of("Лицевои счёт") == "account_number"
    assert field_of("Ф.И.О.") == "full_name"
    assert field_of("Погода") is None
    assert within_one("адрес", "адрс")
    assert not within_one("адрес", "ардес")


def test_a_name_in_the_middle_of_a_sentence_is_not_the_writer() -> None:
    text = "Орлов Пётр Ильич, г. Уфа, ул. Мира, д. 5, кв. 7\nЗдравствуйте. Мастер участка Ким А.А. отказался приехать."
    assert read_sender(text).sender.last_name == "Орлов"


def test_look_alike_noise_costs_little() -> None:
    rng = random.Random(2)
    made = list(letters("seen", seed=8, count=44))
    pairs = [
        (labels_of(one.sender), found_of(read_sender(noisy(one.text, 0.03, rng, alike=True)).sender)) for one in made
    ]
    by_field = {one.field: one.f1 for one in scores(pairs)}
    assert by_field["account_number"] >= 0.95
    assert by_field["last_name"] >= 0.85
