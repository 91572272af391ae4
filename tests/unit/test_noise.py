"""Words that were spoilt in any way are mended in a letter that shows it, and nowhere else."""

import pytest

from classifiers.fields import read_sender
from classifiers.noise import is_spoilt, mend_noise

SPOILT = "зявление. Проиу проверит4 начислние за октябрь, мой лцевой счет 1100338205, пр5шу отвтить письмом."
CLEAN = "Заявление. Прошу проверить начисление за октябрь, мой лицевой счёт 1100338205, прошу ответить письмом."


def test_a_letter_shows_by_its_common_words_that_it_was_spoilt() -> None:
    assert is_spoilt(SPOILT)
    assert not is_spoilt(CLEAN)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Маратвна", "Маратовна"),
        ("Влад4слав", "Владислав"),
        ("3инфира", "Зинфира"),
        ("директоб", "директор"),
        ("ИНН", "ИНН"),
        ("ОГРН", "ОГРН"),
        ("г.Уфа", "г.Уфа"),
        ("дом3", "дом3"),
        ("ivan.petrov@mail.ru", "ivan.petrov@mail.ru"),
    ],
)
def test_a_word_is_mended_where_one_known_word_alone_is_near(written: str, meant: str) -> None:
    assert mend_noise(f"от {written}, тел.").text == f"от {meant}, тел."


def test_places_are_those_of_the_letter_as_written() -> None:
    text = f"{SPOILT}\nС уважением, Сафина Альбина Маратвна\nтел. 8 917 400-11-22"
    reading = read_sender(text)
    assert reading.sender.phones == ["+79174001122"]
    place = reading.evidence["phones"]
    assert text[place.start : place.end] == "8 917 400-11-22"
    assert reading.sender.patronymic == "Маратовна"


@pytest.mark.parametrize("surname", ["Шагалин", "Вострецов", "Исянчурин"])
def test_a_rare_surname_of_a_clean_letter_stays(surname: str) -> None:
    assert read_sender(f"{CLEAN}\n{surname} Павел Ильич").sender.last_name == surname
