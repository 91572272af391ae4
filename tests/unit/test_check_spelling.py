"""Words of offices and utilities are no mistakes, whatever the dictionaries lack; misspelt ones are still seen."""

from __future__ import annotations

import pytest

from outbox.check import load_rules
from outbox.check.spelling import misspelt

WORDING = load_rules().wording

RIGHT = (
    "бэк-офисе омниканальности цифровизации энергопринимающего влаговпитывающие внутридворовых правоустанавливающие",
    "автообзвон аудиосообщения лжеконтролёры самозанятым физлицам контррасчёт видеоредакторов инфографики клининга",
    "межпанельных теплоцентрали водогазопроводных электромонтёров двухставочный низконапорный высоковольтной",
    "соцподдержки медстраховка госпошлину техприсоединения спецтехники хозбытовые противопожарных",
    "рег. № 5, респ. Татарстан, микр. Южный",
)
WRONG = (
    "соотвествии", "начесления", "учота", "расмотрели", "согластно", "переданны", "внисены", "благодорим", "расчот",
    "пречина", "помагают", "подлиник", "целесообразнно", "диспечерской", "теплоснабжение-водаснабжение",
    "електроэнергии",
    "колличество", "опломбированна", "задолжность", "агенство", "компания-перевощик", "сдесь", "извеняемся", "будующем",
)  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_a_word_of_the_trade_is_no_mistake(text: str) -> None:
    assert misspelt(text, WORDING) == []


@pytest.mark.parametrize("word", WRONG)
def test_a_misspelt_word_is_seen(word: str) -> None:
    assert misspelt(f"Это слово {word} здесь.", WORDING) == [word]


@pytest.mark.parametrize("text", ["Оплата возможна здес. Приходите.", "Мастер придёт завтро.", "Всё это учтён."])
def test_a_short_word_that_ends_a_sentence_is_no_abbreviation(text: str) -> None:
    assert len(misspelt(text, WORDING)) == ("учтён" not in text)


def test_a_word_cut_short_inside_a_sentence_is_an_abbreviation() -> None:
    assert misspelt("Дом в микр. Южный, рег. № 5, кладб. и сквер.", WORDING) == []
