"""From bytes of unknown or lying encoding to text.

Russian mail names its encoding wrongly often enough that the label is only a hint: valid UTF-8 wins over any 8-bit
label, and between the 8-bit encodings the frequency of Russian letters decides.
"""

from __future__ import annotations

import codecs
import math
import re

_ALIASES = {
    "ansi": "cp1251",
    "win": "cp1251",
    "win-1251": "cp1251",
    "windows1251": "cp1251",
    "windows-1251": "cp1251",
    "cp-1251": "cp1251",
    "x-cp1251": "cp1251",
    "x-windows-1251": "cp1251",
    "1251": "cp1251",
    "koi8": "koi8-r",
    "koi-8": "koi8-r",
    "koi8r": "koi8-r",
    "koi-8-r": "koi8-r",
    "x-koi8-r": "koi8-r",
    "dos-866": "cp866",
    "cp-866": "cp866",
    "x-cp866": "cp866",
    "866": "cp866",
    "utf8mb4": "utf-8",
    "utf8mb3": "utf-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-unicode-2-0-utf-8": "utf-8",
    "unicode-1-1-utf-7": "utf-7",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-gbk": "gbk",
    "x-sjis": "shift_jis",
    "us-ascii": "ascii",
    "ansi_x3.4-1968": "ascii",
}
_NO_TEXT = frozenset({"base64", "hex", "quopri", "uu", "zlib", "bz2", "rot13", "idna", "punycode", "undefined", "mbcs"})
_MULTIBYTE = re.compile(r"gb|big5|euc|shift|jis|johab|hz|utf-16|utf-32|cp9[345]")
_SEVEN_BIT = re.compile(r"utf-7|iso2022|hz")

_PERCENT = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъёіїєґ",
        (
            *(10.97, 8.45, 8.01, 7.35, 6.70, 6.26, 5.47, 4.73, 4.54, 4.40, 3.49, 3.21, 2.98, 2.81, 2.62, 2.01, 1.90),
            *(1.74, 1.70, 1.65, 1.59, 1.44, 1.21, 0.97, 0.94, 0.73, 0.64, 0.48, 0.36, 0.32, 0.26, 0.04, 0.04),
            *(0.02, 0.02, 0.02, 0.01),
        ),
        strict=True,
    )
)
_LETTER = {letter: math.log(percent) for letter, percent in _PERCENT.items()}
_PUNCTUATION = frozenset("«»—–№…„“”‘’°§©®·•\u00a0")
_GUESSES = ("cp1251", "koi8-r", "cp866", "iso8859-5", "latin-1")
_SAMPLE = 20_000
_BONUS_OF_LABEL = 0.35
_DAMAGE_FORGIVEN = 0.05


def known_charset(label: str | None) -> str | None:
    """Python's name for a charset label, junk around it and known misspellings forgiven; None when it names nothing."""
    if not label:
        return None
    name = label.strip().strip("\"'<>();,:= ").split("*")[0].strip().lower()
    name = _ALIASES.get(name, _ALIASES.get(name.replace("_", "-"), name))
    try:
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        return None
    return None if found in _NO_TEXT else found


def decode(data: bytes, label: str | None = None) -> str:
    """Text of ``data``; the label is only a hint. Never raises: what cannot be read becomes U+FFFD."""
    charset = known_charset(label)
    if data.isascii():
        stateful = charset is not None and _SEVEN_BIT.search(charset)
        return _lenient(data, charset) if charset and stateful else data.decode("ascii")
    if data[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return data.decode("utf-16", "replace")
    if charset and _MULTIBYTE.search(charset):
        return _multibyte(data, charset)
    text = _as_utf8(data, declared=charset == "utf-8")
    return _unscrambled(text) if text is not None else _best_guess(data, charset)


def _lenient(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset, "replace")
    except (UnicodeError, ValueError, LookupError):
        return data.decode("latin-1")


def _multibyte(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (UnicodeError, ValueError):
        text = _as_utf8(data, declared=False)
        return text if text is not None else _lenient(data, charset)


def _as_utf8(data: bytes, *, declared: bool) -> str | None:
    """Text of valid UTF-8, a cut last character forgiven, a few broken bytes too when the label says UTF-8."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        cut = error.start >= len(data) - 3 and error.reason == "unexpected end of data"
        if cut and error.start > 0 and not data[: error.start].isascii():
            return data[: error.start].decode("utf-8-sig")
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    foreign = sum(1 for char in text[:_SAMPLE] if char > "\x7f")
    return text if declared and foreign > 1 and lost <= max(1, foreign * _DAMAGE_FORGIVEN) else None


def _unscrambled(text: str) -> str:
    """Turn back UTF-8 that was once read as windows-1251 («РџСЂРёРІРµС‚»)."""
    if text.count("Р") + text.count("С") < len(text) // 5:
        return text
    try:
        mended = text.encode("cp1251").decode("utf-8")
    except UnicodeError:
        return text
    return mended if russian_score(mended) > russian_score(text) else text


def _best_guess(data: bytes, declared: str | None) -> str:
    sample = data[:_SAMPLE]
    first = (declared,) if declared and declared not in {"ascii", "utf-8"} else ()
    best, best_score = "latin-1", -math.inf
    for name in dict.fromkeys((*first, *_GUESSES)):
        score = russian_score(_lenient(sample, name)) + (_BONUS_OF_LABEL if name == declared else 0.0)
        if score > best_score:
            best, best_score = name, score
    return _lenient(data, best)


def russian_score(text: str) -> float:
    """How much the non-ASCII characters of a text look like Russian (or like accents in a Latin word).

    The mean over those characters of the logarithm of the letter's frequency in percent, less penalties for capitals
    inside a word, scripts mixed in a word, frames and control characters.
    """
    total, count, before = 0.0, 0, " "
    for char in text:
        if char > "\x7f":
            count += 1
            total += _weight(char, before)
        elif char.isalpha() and before > "\x7f" and before.lower() in _LETTER:
            total -= 2.0
        before = char
    return total / count if count else 0.0


def _weight(char: str, before: str) -> float:
    low = char.lower()
    if low in _LETTER:
        weight = _LETTER[low]
        if before.isalpha() and before < "\x80":
            weight -= 4.0
        if char != low:
            weight -= 3.0 if before.isalpha() and before == before.lower() else 0.25
        return weight
    if char in _PUNCTUATION:
        return 0.0
    if char.isalpha() and before.isascii() and before.isalpha():
        return 1.0
    return -2.0 if char.isalpha() else -4.0
