"""Which text layers are trusted: sound ones, and every kind of damage seen in the wild."""

from __future__ import annotations

import random

import pytest
from support_intake import LETTER

from intake.textlayer import judge_layer, known_share

ENGLISH = (
    "We would like to inform you that the invoice for the services has not been paid and that your account is blocked"
)
LOOK_ALIKES = str.maketrans("аеорсухАВЕКМНОРСТХ", "aeopcyxABEKMHOPCTX")


def _shuffled(text: str) -> str:
    letters = list("абвгдежзийклмнопрстуфхцчшщъыьэюя")
    random.Random(7).shuffle(letters)
    return text.lower().translate(str.maketrans("абвгдежзийклмнопрстуфхцчшщъыьэюя", "".join(letters)))


@pytest.mark.parametrize("text", [LETTER, ENGLISH, LETTER + "\nООО Gazprom Energo, office@example.ru"])
def test_sound_layer_is_trusted(text: str) -> None:
    assert judge_layer(text, 0.0).trusted


@pytest.mark.parametrize(
    "text",
    [
        LETTER.encode("cp1251", "replace").decode("latin-1"),
        LETTER.translate(LOOK_ALIKES),
        _shuffled(LETTER),
        "".join(chr(0xE000 + ord(char) % 256) if char.isalpha() else char for char in LETTER),
        "".join(f"(cid:{ord(char) % 90})" for char in LETTER),
        "".join(chr(ord(char) % 30 + 1) if char.isalpha() else char for char in LETTER),
        "O6uyecTBo c orpaHmueHHoW oTBeTCTBeHHOCTbIO YBaxKaeMbIM MBaH MBaHOBMY npocuM Bac HanpaBMTb aKT cBepKM",
        "OBLUECTBO C OFPAHNYEHHOM OTBETCTBEHHOCTBIO YBAXKAEMBI MBAH NPOCUM BAC HANPAVIT AKT CVERKI RASCHETOV",
    ],
    ids=["cp1251", "lookalikes", "shuffled", "private", "cid", "controls", "english-engine", "english-capitals"],
)
def test_damaged_layer_is_not_trusted(text: str) -> None:
    verdict = judge_layer(text, 0.0)
    assert not verdict.trusted
    assert verdict.reason


def test_few_characters_are_not_trusted() -> None:
    assert judge_layer("", 0.0).reason == "текстового слоя нет"
    assert not judge_layer("Стр. 1 из 2", 0.0).trusted


def test_short_layer_over_a_picture_is_kept_beside_recognition() -> None:
    stamp = "Документ подписан электронной подписью. Сертификат выдан удостоверяющим центром"
    verdict = judge_layer(stamp, 0.95)
    assert not verdict.trusted
    assert verdict.over_picture
    assert judge_layer(stamp, 0.1).trusted


def test_full_layer_over_a_picture_is_trusted() -> None:
    assert judge_layer(LETTER, 1.0).trusted


def test_known_share_separates_text_from_shuffled_letters() -> None:
    assert known_share(LETTER) > 0.85
    assert known_share(_shuffled(LETTER)) < 0.3
