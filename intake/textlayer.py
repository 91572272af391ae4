"""Whether a page's text layer can be trusted, and why not: characters, bad characters, known words, share of picture.

Thresholds were measured on sound layers and on seven kinds of damage; only the share of known words catches shuffled
glyph maps and Latin look-alikes.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

MIN_CHARACTERS: Final = 50
MAX_BAD_SHARE: Final = 0.02
MIN_KNOWN_SHARE: Final = 0.6
PICTURE_SHARE: Final = 0.7
MIN_OVER_PICTURE: Final = 300

_WORD: Final = re.compile(r"[^\W_]{3,}")
_CYRILLIC: Final = re.compile(r"[А-ЯЁа-яё]+")
_LATIN: Final = re.compile(r"[A-Za-z]+")
_VOWEL: Final = re.compile(r"[aeiouy]", re.IGNORECASE)
_CID: Final = re.compile(r"\(cid:\d+\)")
_ENGLISH: Final = frozenset(
    {
        "the",
        "and",
        "for",
        "that",
        "this",
        "with",
        "you",
        "are",
        "not",
        "your",
        "from",
        "have",
        "our",
        "will",
        "was",
        "which",
        "any",
        "may",
        "been",
        "all",
        "has",
        "please",
        "were",
    }
)
_MIN_ENGLISH_SHARE: Final = 0.08
_MAX_WORDS: Final = 400


@dataclass(frozen=True, slots=True)
class LayerVerdict:
    """Judgement of one page's text layer.

    Attributes:
        trusted: The layer may be used instead of recognition.
        reason: Why not, in Russian; empty when trusted.
        characters: Characters other than space.
        bad_share: Share of characters that are no text.
        known_share: Share of words of three letters and more that are words of a language.
        over_picture: The layer is sound but short, over a picture of the page: recognise and keep both.
    """

    trusted: bool
    reason: str
    characters: int
    bad_share: float
    known_share: float
    over_picture: bool = False


@lru_cache(maxsize=1)
def _morphology() -> Any:
    import pymorphy3

    return pymorphy3.MorphAnalyzer()


def judge_layer(text: str, picture_share: float) -> LayerVerdict:
    """Judge the text layer of one page.

    Args:
        text: The layer's text.
        picture_share: Share of the page that pictures cover, 0..1.
    """
    characters = sum(not char.isspace() for char in text)
    if characters < MIN_CHARACTERS:
        sound = characters > 0 and _bad_share(text) < MAX_BAD_SHARE and known_share(text) >= MIN_KNOWN_SHARE
        why = "текстового слоя нет" if not characters else "в текстовом слое слишком мало символов"
        return LayerVerdict(
            trusted=False, reason=why, characters=characters, bad_share=0, known_share=0, over_picture=sound
        )
    bad = _bad_share(text)
    if bad >= MAX_BAD_SHARE:
        why = "символы текстового слоя испорчены"
        return LayerVerdict(trusted=False, reason=why, characters=characters, bad_share=bad, known_share=0)
    known = known_share(text)
    if known < MIN_KNOWN_SHARE:
        why = "текстовый слой не похож на текст (неизвестные слова)"
        return LayerVerdict(trusted=False, reason=why, characters=characters, bad_share=bad, known_share=known)
    if picture_share > PICTURE_SHARE and characters < MIN_OVER_PICTURE:
        why = "страница — изображение, текстовый слой покрывает лишь её часть"
        return LayerVerdict(
            trusted=False, reason=why, characters=characters, bad_share=bad, known_share=known, over_picture=True
        )
    return LayerVerdict(trusted=True, reason="", characters=characters, bad_share=bad, known_share=known)


def _bad_share(text: str) -> float:
    cids = _CID.findall(text)
    rest = _CID.sub("", text)
    visible = [char for char in rest if not char.isspace()]
    bad = len(cids) + sum(char == "\ufffd" or unicodedata.category(char) in {"Co", "Cc", "Cn"} for char in visible)
    return bad / max(1, len(visible) + len(cids))


def known_share(text: str) -> float:
    """Give the share of words (three letters and more, without digits) that Russian morphology or plain English knows.

    Latin words count in a Russian page (names, addresses); a page without Cyrillic must read as English, because an
    English engine makes Latin words out of Russian letters too.
    """
    words = [word for word in _WORD.findall(text) if not word.isdigit()][:_MAX_WORDS]
    if not words:
        return 0.0
    russian = [word for word in words if _CYRILLIC.fullmatch(word)]
    if len(russian) * 2 < len(words):
        english = sum(word.lower() in _ENGLISH for word in words)
        if english < len(words) * _MIN_ENGLISH_SHARE and len(russian) * 4 < len(words):
            return sum(map(_is_russian, russian)) / len(words)
    return sum(_is_russian(word) or _is_latin(word) for word in words) / len(words)


def _is_russian(word: str) -> bool:
    return bool(_CYRILLIC.fullmatch(word)) and bool(_morphology().word_is_known(word.lower()))


def _is_latin(word: str) -> bool:
    even = word.islower() or word.isupper() or word.istitle()
    return even and bool(_LATIN.fullmatch(word)) and bool(_VOWEL.search(word))
